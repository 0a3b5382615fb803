//! What is read of the reviews, each as an option that overrides the preset.

use clap::Args;
use recurrent_classifier::Masking;
use recurrent_classifier::limits::{BUCKET, LENGTH, WORDS};
use recurrent_data::reviews::{Encoding, LabelsAs, Side, Tokens};
use recurrent_program::flags::{named, values};

/// The columns of a table of reviews.
#[derive(Args, Clone, Debug, Default, PartialEq)]
#[command(next_help_heading = "Data")]
pub struct ColumnFlags {
    /// Column of the texts in a table [default: the one that can be it]
    #[arg(long, value_name = "NAME", value_parser = values::name)]
    pub text_column: Option<String>,

    /// Column of the labels [default: the one that can be it]
    #[arg(long, value_name = "NAME", value_parser = values::name)]
    pub label_column: Option<String>,

    /// Encoding of the reviews, such as windows-1252 [default: utf-8]
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<Encoding>,
}

/// What labels and words are.
#[derive(Args, Clone, Debug, Default, PartialEq)]
#[command(next_help_heading = "Data")]
pub struct MeaningFlags {
    /// Labels that are praise, such as 4,5; all others are blame
    #[arg(long, value_name = "LIST", value_delimiter = ',', conflicts_with_all = ["resume", "labels"])]
    pub positive: Option<Vec<String>>,

    /// What labels are: classes, one a review; stars, which the archive has in its names; or several a review, listed in a cell or
    /// in columns of 0 and 1 [default: what they can only be]
    #[arg(long, value_name = "KIND", value_parser = named::<LabelsAs>(&["classes", "stars", "several"]))]
    #[arg(hide_possible_values = true, conflicts_with = "resume")]
    pub labels: Option<LabelsAs>,

    /// What is read of a review: its words, as its language parts them, or its characters [default: words]
    #[arg(long, value_name = "words|characters", value_parser = named::<Tokens>(&["words", "characters"]))]
    #[arg(hide_possible_values = true, conflicts_with = "resume")]
    pub tokens: Option<Tokens>,
}

/// What overrides the preset. What is absent is taken from it.
#[derive(Args, Clone, Debug, Default, PartialEq)]
#[command(next_help_heading = "Data")]
pub struct DataFlags {
    /// Know the most frequent words, of indices below N
    #[arg(long, value_name = "N", value_parser = values::whole(WORDS), conflicts_with = "resume")]
    pub num_words: Option<usize>,

    /// Leave out the most frequent words, of indices below N
    #[arg(long, value_name = "N", value_parser = values::whole(0..=1_000_000), conflicts_with = "resume")]
    pub skip_top: Option<usize>,

    /// Most indices read of a review
    #[arg(long, value_name = "N", value_parser = values::whole(LENGTH), conflicts_with = "resume")]
    pub length: Option<usize>,

    /// Fill short reviews up at the front or at the back
    #[arg(long, value_name = "pre|post", value_parser = named::<Side>(&["pre", "post"]))]
    #[arg(hide_possible_values = true, conflicts_with = "resume")]
    pub padding: Option<Side>,

    /// Cut long reviews at the front or at the back
    #[arg(long, value_name = "pre|post", value_parser = named::<Side>(&["pre", "post"]))]
    #[arg(hide_possible_values = true, conflicts_with = "resume")]
    pub truncating: Option<Side>,

    /// Pass padding over, or read it as a word
    #[arg(long, value_name = "padding|none", value_parser = named::<Masking>(&["padding", "none"]))]
    #[arg(hide_possible_values = true, conflicts_with = "resume")]
    pub masking: Option<Masking>,

    /// Sort the reviews of N batches by length, so that less is padded; 1: do not
    #[arg(long, value_name = "N", value_parser = values::whole(BUCKET), conflicts_with = "resume")]
    pub bucket: Option<usize>,

    /// Share of the training reviews held out to choose the best epoch by; 0: the test reviews choose
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    pub validation_fraction: Option<f64>,

    /// Share of a table's reviews held out to judge on
    #[arg(long, value_name = "X", value_parser = values::between, conflicts_with = "resume")]
    pub test_fraction: Option<f64>,
}

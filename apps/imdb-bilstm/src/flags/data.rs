//! What is read of the reviews, each as an option that overrides the preset.

use clap::{Args, ValueEnum};
use recurrent_data::reviews::Side;
use recurrent_program::flags::values;

use crate::settings::{BUCKET, LENGTH, Masking, WORDS};

/// The columns of a table of reviews.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub struct ColumnFlags {
    /// Name of the column of the texts.
    #[arg(long, value_name = "NAME", value_parser = values::name, help_heading = "Data")]
    #[arg(help = "Column of the texts in a CSV, Parquet or JSON-lines file [default: text]")]
    pub text_column: Option<String>,

    /// Name of the column of the labels.
    #[arg(long, value_name = "NAME", value_parser = values::name, help_heading = "Data")]
    #[arg(help = "Column of the labels: 0 or 1, or neg or pos [default: label]")]
    pub label_column: Option<String>,
}

/// What overrides the preset. What is absent is taken from it.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub struct DataFlags {
    /// Number of word indices.
    #[arg(long, value_name = "N", value_parser = values::whole(WORDS), conflicts_with = "resume")]
    #[arg(help = "Know the most frequent words, of indices below N", help_heading = "Data")]
    pub num_words: Option<usize>,

    /// First index that a word keeps.
    #[arg(long, value_name = "N", value_parser = values::whole(0..=1_000_000), conflicts_with = "resume")]
    #[arg(help = "Leave out the most frequent words, of indices below N", help_heading = "Data")]
    pub skip_top: Option<usize>,

    /// Words read of a review.
    #[arg(long, value_name = "N", value_parser = values::whole(LENGTH), conflicts_with = "resume")]
    #[arg(help = "Most indices read of a review", help_heading = "Data")]
    pub length: Option<usize>,

    /// Where short reviews are filled up.
    #[arg(long, value_name = "pre|post", value_parser = side, conflicts_with = "resume")]
    #[arg(help = "Fill short reviews up at the front or at the back", help_heading = "Data")]
    pub padding: Option<Side>,

    /// Where long reviews are cut.
    #[arg(long, value_name = "pre|post", value_parser = side, conflicts_with = "resume")]
    #[arg(help = "Cut long reviews at the front or at the back", help_heading = "Data")]
    pub truncating: Option<Side>,

    /// What the network makes of padding.
    #[arg(long, value_name = "padding|none", value_enum, hide_possible_values = true)]
    #[arg(
        help = "Pass padding over, or read it as a word",
        conflicts_with = "resume",
        help_heading = "Data"
    )]
    pub masking: Option<Masking>,

    /// Batches whose reviews are sorted by length together.
    #[arg(long, value_name = "N", value_parser = values::whole(BUCKET), conflicts_with = "resume")]
    #[arg(help = "Sort the reviews of N batches by length, so that less is padded; 1: do not")]
    #[arg(help_heading = "Data")]
    pub bucket: Option<usize>,

    /// Share of the training reviews that chooses the best epoch.
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    #[arg(
        help = "Share of the training reviews held out to choose the best epoch by; 0: the test reviews choose"
    )]
    #[arg(help_heading = "Data")]
    pub validation_fraction: Option<f64>,

    /// Share of a table that the model is judged on.
    #[arg(long, value_name = "X", value_parser = values::between, conflicts_with = "resume")]
    #[arg(help = "Share of a table's reviews held out to judge on", help_heading = "Data")]
    pub test_fraction: Option<f64>,
}

fn side(text: &str) -> Result<Side, String> {
    match text {
        "pre" => Ok(Side::Pre),
        "post" => Ok(Side::Post),
        _ => Err("expected pre or post".to_owned()),
    }
}

impl ValueEnum for Masking {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Padding, Self::None]
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(match self {
            Self::Padding => "padding",
            Self::None => "none",
        }))
    }
}

//! The network and what it learns before it sees a label, each as an option that overrides the preset.

use clap::Args;
use recurrent_classifier::limits::{
    BATCH_SIZE, EMBEDDING, HIDDEN, LAYERS, MEMBERS, PRETRAIN_EPOCHS, TEACHER_EPOCHS,
};
use recurrent_classifier::{CellKind, Directions, Partner, Pool};
use recurrent_program::flags::{named, values};

/// What overrides the preset's network. What is absent is taken from it.
#[derive(Args, Clone, Debug, Default, PartialEq)]
#[command(next_help_heading = "Model")]
pub struct ModelFlags {
    /// Features of a word
    #[arg(long, value_name = "N", value_parser = values::whole(EMBEDDING), conflicts_with = "resume")]
    pub embedding: Option<usize>,

    /// Units of each direction of each layer
    #[arg(long, value_name = "N", value_parser = values::whole(HIDDEN), conflicts_with = "resume")]
    pub hidden: Option<usize>,

    /// Cell of the recurrent layers
    #[arg(long, value_name = "lstm|gru", value_parser = named::<CellKind>(&["lstm", "gru"]))]
    #[arg(hide_possible_values = true, conflicts_with = "resume")]
    pub cell: Option<CellKind>,

    /// Directions that they read in: both or forward
    #[arg(long, value_name = "NAME", value_parser = named::<Directions>(&["both", "forward"]))]
    #[arg(hide_possible_values = true, conflicts_with = "resume")]
    pub directions: Option<Directions>,

    /// Recurrent layers
    #[arg(long, value_name = "N", value_parser = values::whole(LAYERS), conflicts_with = "resume")]
    pub layers: Option<usize>,

    /// What is made of the outputs over time, side by side: of last,max,mean
    #[arg(long, value_name = "LIST", value_parser = named::<Pool>(&["last", "max", "mean"]))]
    #[arg(value_delimiter = ',', hide_possible_values = true, conflicts_with = "resume")]
    pub pooling: Option<Vec<Pool>>,

    /// Share of words dropped while training
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    pub word_dropout: Option<f64>,

    /// Share of the features of words dropped while training, anew at each word
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    pub embedding_dropout: Option<f64>,

    /// Share of the layers' inputs dropped while training, the same at all words of a review
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    pub input_dropout: Option<f64>,

    /// Share of the state dropped from the recurrent product while training
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    pub recurrent_dropout: Option<f64>,

    /// Share of the recurrent weights dropped while training (Merity et al. 2017)
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    pub weight_dropout: Option<f64>,

    /// Share of the outputs dropped while training, between layers and before the dense layer
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    pub dropout: Option<f64>,

    /// Networks of an ensemble, which learn side by side and score together
    #[arg(long, value_name = "N", value_parser = values::whole(MEMBERS), conflicts_with = "resume")]
    pub members: Option<usize>,

    /// Train a teacher first, for N epochs on the labelled reviews, and learn from the labels that it gives to the others, too;
    /// 0: do not
    #[arg(long, value_name = "N", value_parser = values::whole(TEACHER_EPOCHS), conflicts_with = "resume")]
    pub teacher_epochs: Option<usize>,

    /// Score by the network alone, or together with NB-SVM, a linear classifier on word n-grams, weighed on the reviews held
    /// out (Wolpert 1992)
    #[arg(long, value_name = "none|nb-svm", value_parser = named::<Partner>(&["none", "nb-svm"]))]
    #[arg(hide_possible_values = true, conflicts_with = "resume")]
    pub stacking: Option<Partner>,

    /// Move the words of a review by this part of their norm to where the network errs most, while training (Miyato et al.
    /// 2017)
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    pub adversarial: Option<f64>,
}

/// What overrides the preset's pre-training. What is absent is taken from it.
#[derive(Args, Clone, Debug, Default, PartialEq)]
#[command(next_help_heading = "Pre-training")]
pub struct PretrainingFlags {
    /// Train the first layer as a language model first, for N epochs over the reviews; 0: do not. Nothing is dropped then,
    /// and the options of training have no part in it
    #[arg(long, value_name = "N", value_parser = values::whole(PRETRAIN_EPOCHS), conflicts_with = "resume")]
    pub pretrain_epochs: Option<usize>,

    /// Train the language model on the reviews without a label too; `best` has more units then
    #[arg(long, conflicts_with = "resume")]
    pub unlabelled: bool,

    /// Reviews in a batch of the language model's
    #[arg(long, value_name = "N", value_parser = values::whole(BATCH_SIZE), conflicts_with = "resume")]
    pub pretrain_batch_size: Option<usize>,

    /// Adam's learning rate for the language model, which falls along a cosine
    #[arg(long, value_name = "X", value_parser = values::positive, conflicts_with = "resume")]
    pub pretrain_learning_rate: Option<f64>,
}

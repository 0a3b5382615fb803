//! The hyperparameters of the network, each as an option that overrides the preset.

use clap::Args;
use recurrent_program::flags::values;

use crate::pooling::Pool;
use crate::settings::{EMBEDDING, HIDDEN, LAYERS, MEMBERS, Partner, TEACHER_EPOCHS};

/// What overrides the preset. What is absent is taken from it.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub struct ModelFlags {
    /// Features of a word.
    #[arg(long, value_name = "N", value_parser = values::whole(EMBEDDING), conflicts_with = "resume")]
    #[arg(help = "Features of a word", help_heading = "Model")]
    pub embedding: Option<usize>,

    /// Units of each direction of each layer.
    #[arg(long, value_name = "N", value_parser = values::whole(HIDDEN), conflicts_with = "resume")]
    #[arg(help = "Units of each direction of each layer", help_heading = "Model")]
    pub hidden: Option<usize>,

    /// Number of layers.
    #[arg(long, value_name = "N", value_parser = values::whole(LAYERS), conflicts_with = "resume")]
    #[arg(help = "Bidirectional LSTM layers", help_heading = "Model")]
    pub layers: Option<usize>,

    /// How the outputs of all steps become one.
    #[arg(long, value_name = "LIST", value_enum, value_delimiter = ',', hide_possible_values = true)]
    #[arg(help = "What is made of the outputs over time, side by side: of last,max,mean")]
    #[arg(conflicts_with = "resume", help_heading = "Model")]
    pub pooling: Option<Vec<Pool>>,

    /// Share of whole words that is dropped while training.
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    #[arg(help = "Share of words dropped while training", help_heading = "Model")]
    pub word_dropout: Option<f64>,

    /// Share of the features of words that is dropped while training.
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    #[arg(help = "Share of the features of words dropped while training, anew at each word")]
    #[arg(help_heading = "Model")]
    pub embedding_dropout: Option<f64>,

    /// Share of the layers' input features that is dropped while training.
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    #[arg(help = "Share of the layers' inputs dropped while training, the same at all words of a review")]
    #[arg(help_heading = "Model")]
    pub input_dropout: Option<f64>,

    /// Share of the state that is dropped from the recurrent product while training.
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    #[arg(help = "Share of the state dropped from the recurrent product while training")]
    #[arg(help_heading = "Model")]
    pub recurrent_dropout: Option<f64>,

    /// Share of the recurrent weights that is dropped while training.
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    #[arg(help = "Share of the recurrent weights dropped while training (Merity et al. 2017)")]
    #[arg(help_heading = "Model")]
    pub weight_dropout: Option<f64>,

    /// Share of the outputs that is dropped while training.
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    #[arg(help = "Share of the outputs dropped while training, between layers and before the dense layer")]
    #[arg(help_heading = "Model")]
    pub dropout: Option<f64>,

    /// Networks that learn side by side.
    #[arg(long, value_name = "N", value_parser = values::whole(MEMBERS), conflicts_with = "resume")]
    #[arg(
        help = "Networks of an ensemble, which learn side by side and score together",
        help_heading = "Model"
    )]
    pub members: Option<usize>,

    /// Epochs of a teacher.
    #[arg(long, value_name = "N", value_parser = values::whole(TEACHER_EPOCHS), conflicts_with = "resume")]
    #[arg(
        help = "Train a teacher first, for N epochs on the labelled reviews, and learn from the labels that it gives to the \
                  others, too; 0: do not",
        help_heading = "Model"
    )]
    pub teacher_epochs: Option<usize>,

    /// What the network is stacked with.
    #[arg(long, value_name = "none|nb-svm", value_enum, hide_possible_values = true)]
    #[arg(
        help = "Score by the network alone, or together with NB-SVM, a linear classifier on word n-grams, weighed on the \
                  reviews held out (Wolpert 1992)"
    )]
    #[arg(conflicts_with = "resume", help_heading = "Model")]
    pub stacking: Option<Partner>,

    /// How far words are moved to where the network errs most.
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    #[arg(
        help = "Move the words of a review by this part of their norm to where the network errs most, while training \
                  (Miyato et al. 2017)"
    )]
    #[arg(help_heading = "Model")]
    pub adversarial: Option<f64>,
}

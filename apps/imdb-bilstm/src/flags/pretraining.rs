//! What the network learns before it sees a label, each as an option that overrides the preset.

use clap::Args;
use recurrent_program::flags::{BATCH_SIZE, values};

use crate::settings::PRETRAIN_EPOCHS;

/// What overrides the preset. What is absent is taken from it.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub struct PretrainingFlags {
    /// Epochs of learning to predict words.
    #[arg(long, value_name = "N", value_parser = values::whole(PRETRAIN_EPOCHS), conflicts_with = "resume")]
    #[arg(
        help = "Train the first layer as a language model first, for N epochs over the reviews; 0: do not. Nothing is \
                dropped then, and the options of training have no part in it"
    )]
    #[arg(help_heading = "Pre-training")]
    pub pretrain_epochs: Option<usize>,

    /// Whether the reviews without a label are learnt from too.
    #[arg(long, conflicts_with = "resume", help_heading = "Pre-training")]
    #[arg(help = "Train the language model on the reviews without a label too; `best` has more units then")]
    pub unlabelled: bool,

    /// Number of reviews in a batch.
    #[arg(long, value_name = "N", value_parser = values::whole(BATCH_SIZE), conflicts_with = "resume")]
    #[arg(help = "Reviews in a batch of the language model's", help_heading = "Pre-training")]
    pub pretrain_batch_size: Option<usize>,

    /// Size of Adam's updates.
    #[arg(long, value_name = "X", value_parser = values::positive, conflicts_with = "resume")]
    #[arg(help = "Adam's learning rate for the language model, which falls along a cosine")]
    #[arg(help_heading = "Pre-training")]
    pub pretrain_learning_rate: Option<f64>,
}

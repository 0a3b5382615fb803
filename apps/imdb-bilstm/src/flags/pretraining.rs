//! What the network learns before it sees a label, each as an option that overrides the preset.

use clap::Args;
use recurrent_program::flags::values;

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
    #[arg(help = "Train the language model on the reviews without a label too")]
    pub unlabelled: bool,
}

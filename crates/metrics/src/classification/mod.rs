//! How good the scores of a classifier are: of two classes, unless several are spoken of.
//!
//! A score is a logit: `ln(p / (1 - p))` of the probability `p` that it gives to the positive class, so that one above 0 means
//! that the sample is taken for positive. Scores that are no logits, such as those of a support vector machine, have a
//! confusion, a ROC curve and a test; their probabilities mean nothing. A label is `true` for a positive sample.

mod binary;
mod calibration;
mod confusion;
mod mcnemar;
mod multilabel;
mod probability;
mod roc;
mod said;
mod several;

pub use binary::BinaryMetrics;
pub use calibration::{Bin, Calibration};
pub use confusion::Confusion;
pub use mcnemar::{McNemar, mcnemar, mcnemar_of};
pub use multilabel::{LabelAnswers, best_threshold};
pub use probability::{brier_score, log_loss, logistic};
pub use roc::{Roc, roc};
pub use said::{ConfusionMatrix, median};
pub use several::{ClassMetrics, MulticlassMetrics, likeliest, softmax};

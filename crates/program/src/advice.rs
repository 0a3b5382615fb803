//! What a library's error means for the options: libraries say what is wrong, a program which option mends it.

use std::error::Error;

use recurrent_backend::OpenError;
use recurrent_train::{Error as TrainError, FolderProblem};

/// An error with the options that help against it, where the program that knows them is not one for all.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub struct Advised {
    reason: crate::Failure,
    options: String,
}

impl Advised {
    /// Adds the options, as an end of a sentence that begins with `try`.
    pub fn new(reason: impl Into<crate::Failure>, options: String) -> Self {
        Self { reason: reason.into(), options }
    }
}

/// The options that help against an error or one of its causes, as an end of a sentence that begins with `try`.
pub(crate) fn advice(error: &(dyn Error + 'static)) -> Option<String> {
    let mut link = Some(error);
    while let Some(error) = link {
        if let Some(Advised { options, .. }) = error.downcast_ref() {
            return Some(options.clone());
        }
        if let Some(advice) = of_link(error).map(str::to_owned) {
            return Some(advice);
        }
        link = error.source();
    }
    None
}

fn of_link(error: &(dyn Error + 'static)) -> Option<&'static str> {
    if let Some(TrainError::Folder { problem, .. }) = error.downcast_ref() {
        return match problem {
            FolderProblem::HoldsRun => {
                Some("`--resume DIR` to continue it, or `--run DIR` for another folder")
            }
            FolderProblem::IsFile | FolderProblem::NotEmpty(_) | FolderProblem::Busy => {
                Some("`--run DIR` for another folder")
            }
            FolderProblem::NoWeights => Some("`--resume DIR` to continue it"),
            _ => None,
        };
    }
    match error.downcast_ref()? {
        OpenError::NotBuiltIn(..) | OpenError::NoDevice { .. } => Some("`--backend flex`"),
    }
}

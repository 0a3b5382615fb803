//! What a library's error means for the options: libraries say what is wrong, a program which option mends it.

use std::borrow::Cow;
use std::error::Error;

use recurrent_backend::OpenError;
use recurrent_train::{Error as TrainError, FolderProblem};

/// An error with the options that help against it, of a library whose errors this crate does not know.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct Advised {
    #[source]
    error: crate::Failure,
    options: String,
}

impl Advised {
    /// Says of an error which options help against it, as an end of a sentence that begins with `try`.
    pub fn new(error: impl Into<crate::Failure>, options: impl Into<String>) -> Self {
        Self { error: error.into(), options: options.into() }
    }
}

/// The options that help against an error or one of its causes, as an end of a sentence that begins with `try`.
pub(crate) fn advice<'a>(error: &'a (dyn Error + 'static)) -> Option<Cow<'a, str>> {
    let mut link = Some(error);
    while let Some(error) = link {
        if let Some(Advised { options, .. }) = error.downcast_ref() {
            return Some(options.into());
        }
        if let Some(advice) = of_link(error) {
            return Some(advice.into());
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

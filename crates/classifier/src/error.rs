//! The one error type of the crate.

use std::path::PathBuf;

use recurrent_backend::OpenError;
use recurrent_data::reviews::{BatchFault, MAX_REVIEW_BYTES};
use recurrent_linear::FitError;
use recurrent_train::OutOfRange;

use crate::foreign::ForeignFault;
use crate::parts::PartsFault;

/// What can go wrong while a classifier learns, is loaded or classifies.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file is missing, damaged or of something else, or cannot be written; or the loss of a training diverged.
    #[error("{0}")]
    Train(#[from] recurrent_train::Error),
    /// A setting is out of its range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// The backend cannot be opened.
    #[error("{0}")]
    Open(#[from] OpenError),
    /// The reviews cannot be parted.
    #[error(transparent)]
    Parts(#[from] PartsFault),
    /// The reviews cannot be cut into batches.
    #[error(transparent)]
    Batches(#[from] BatchFault),
    /// The network cannot be weighed against its partner.
    #[error("the network cannot be stacked: {0}")]
    Stacking(#[from] FitError),
    /// A file of another framework does not begin a classifier.
    #[error("{}: {fault}", file.display())]
    Foreign {
        /// The file.
        file: PathBuf,
        /// Why not.
        fault: ForeignFault,
    },
    /// Another framework does not have what the network is.
    #[error(transparent)]
    Exchange(#[from] recurrent_exchange::Error),
    /// A text cannot be classified.
    #[error("{} {fault}", number.map_or_else(|| "the text".to_owned(), |number| format!("text {number}")))]
    Text {
        /// Which one, from 1; none where it was given alone.
        number: Option<usize>,
        /// What is wrong with it.
        fault: TextFault,
    },
}

/// Why a text cannot be classified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextFault {
    /// It has nothing but white space in it.
    #[error("is empty; there is nothing to classify")]
    Empty,
    /// It is too long.
    #[error("holds {0} bytes, more than the {MAX_REVIEW_BYTES} of any review; cut it")]
    TooLong(usize),
}

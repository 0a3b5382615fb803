//! Why a model cannot be loaded, kept or used.

use std::path::PathBuf;

use recurrent_backend::OpenError;
use recurrent_data::text::UnknownCharacter;
use recurrent_train::OutOfRange;

use crate::foreign::ForeignFault;
use crate::sampling::SamplingFault;

/// Why a model cannot be loaded, kept or used. What other crates found is the error's source, too.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file cannot be read or written, is damaged, or holds another model; the message names it.
    #[error("{0}")]
    File(#[from] recurrent_train::Error),
    /// A setting in a file is out of its range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// The backend cannot be opened.
    #[error("{0}")]
    Backend(#[from] OpenError),
    /// A text has a character that the model does not know; the message names it and its place.
    #[error(transparent)]
    Unknown(#[from] UnknownCharacter),
    /// A text is too short to be scored.
    #[error("the text has {0} characters, of which none is predicted; use one of 2 or more")]
    TooShort(usize),
    /// Another framework does not have what the model is.
    #[error(transparent)]
    Exchange(#[from] recurrent_exchange::Error),
    /// A file of another framework does not become a language model.
    #[error("{}: {fault}", file.display())]
    Foreign {
        /// The file.
        file: PathBuf,
        /// Why not.
        fault: ForeignFault,
    },
    /// A choice cannot be made as asked for.
    #[error(transparent)]
    Sampling(#[from] SamplingFault),
}

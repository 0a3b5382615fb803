//! Standard input as data.

use std::io::{self, Read};

/// Why standard input cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// The system refuses to read it.
    #[error("standard input: cannot be read: {0}")]
    Io(#[source] io::Error),
    /// It is too large.
    #[error("standard input: holds more than the {0} bytes that are read; use it in parts")]
    TooLarge(u64),
}

/// The bytes of standard input, of which there may be `most`.
///
/// # Errors
/// It cannot be read, or is larger.
pub fn standard_input(most: u64) -> Result<Vec<u8>, InputError> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(InputError::Io)?;
    if bytes.len() as u64 > most { Err(InputError::TooLarge(most)) } else { Ok(bytes) }
}

//! Text by character: reading it, a vocabulary, windows and streams of token indices. Nothing here ever builds a
//! one-hot matrix, and windows are borrowed from the text.
//!
//! ```
//! use recurrent_data::text::{Streams, Vocabulary, Windows};
//!
//! let text = "abcabcabc";
//! let vocabulary = Vocabulary::of(text)?;
//! let ids = vocabulary.encode(text)?;
//! let windows = Windows::new(&ids, 4)?;
//! assert_eq!((windows.len(), windows.input(1), windows.target(1)), (2, &[1, 2, 0, 1][..], &[2, 0, 1, 2][..]));
//! let streams = Streams::new(&ids, 2, 3)?;
//! assert_eq!((streams.steps(), streams.input(1, 0)), (1, &[1, 2, 0][..]));
//! # Ok::<(), recurrent_data::text::TextError>(())
//! ```

mod clean;
mod error;
mod read;
mod streams;
mod vocabulary;
mod windows;

pub use clean::{Case, Edition};
pub use error::{TextError, UnknownCharacter};
pub use read::{MAX_TEXT_BYTES, Text, read};
pub use streams::Streams;
pub use vocabulary::{Id, Vocabulary};
pub use windows::Windows;

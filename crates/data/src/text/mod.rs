//! Text by character: reading it, its vocabulary, and the windows and streams to learn from.
//!
//! [`read`] or [`demo`](demo()) makes a [`Corpus`], the characters; [`Text`] is its ids with the vocabulary; [`Windows`]
//! and [`Streams`] lend stretches of them. Nothing is copied for that, and a one-hot matrix is never built.
//!
//! ```
//! use recurrent_data::text::{Corpus, Streams, Text, Windows};
//!
//! let text = Text::new(Corpus::from_string("letters", "abcabcabc".to_owned())?)?;
//! let windows = Windows::new(text.ids(), 4)?;
//! assert_eq!((windows.len(), windows.input(1), windows.target(1)), (2, &[1, 2, 0, 1][..], &[2, 0, 1, 2][..]));
//! let streams = Streams::new(text.ids(), 2, 2)?;
//! assert_eq!((streams.steps(), streams.input(1, 1)), (2, &[0, 1][..]));
//! # Ok::<(), recurrent_data::text::TextError>(())
//! ```

mod case;
mod characters;
mod corpus;
mod decode;
mod demo;
mod encoded;
mod error;
mod files;
mod gutenberg;
mod mark;
mod merges;
mod note;
mod pieces;
mod read;
mod segments;
mod split;
mod streams;
mod tokens;
mod vocabulary;
mod windows;

pub use crate::encoding::Encoding;
pub use case::Case;
pub use corpus::Corpus;
pub use demo::{DEMO_CHARACTERS, DemoFault, MAX_DEMO_CHARACTERS, demo, demo_entropy, demo_surprise};
pub use encoded::Text;
pub use error::{CutFault, FileFault, TextError, UnknownCharacter, VocabularyFault};
pub use gutenberg::Edition;
pub use mark::Mark;
pub use note::Note;
pub use read::{MAX_TEXT_BYTES, ReadSpec, read, read_from};
pub use split::{TextFractions, TextSplit};
pub use streams::Streams;
pub use tokens::Tokens;
pub use vocabulary::{Id, MAX_VOCABULARY, Vocabulary};
pub use windows::Windows;

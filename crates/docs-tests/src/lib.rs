//! Keeps true what the pages of `docs/` say: their Rust is run as documentation tests of this crate, and their commands by
//! `tests/commands.rs`, which compares what is printed.

#[cfg(doctest)]
#[doc = include_str!("../../../docs/chapter.md")]
pub struct Chapter;

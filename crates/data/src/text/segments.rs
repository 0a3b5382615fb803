//! The stretches of a text that no token crosses: a word or a mark, with the space in front of it.

use std::iter::Peekable;

use unicode_segmentation::{UWordBounds, UnicodeSegmentation};

/// The most characters of a stretch. Unicode takes a million letters without a blank, such as those of a genome, for one word.
const LONGEST: usize = 64;

/// What becomes of words that nothing parts, as each Chinese sign is one to Unicode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Neighbours {
    /// Each is a stretch.
    Apart,
    /// They are one stretch.
    Joined,
}

/// The stretches of a text, in order and without a gap.
pub(super) struct Segments<'a> {
    /// What is left of the text.
    rest: &'a str,
    /// Bytes at its beginning that are a stretch, or several where they are too many characters for one.
    open: usize,
    bounds: Peekable<UWordBounds<'a>>,
    neighbours: Neighbours,
}

impl<'a> Segments<'a> {
    pub(super) fn new(text: &'a str, neighbours: Neighbours) -> Self {
        Self { rest: text, open: 0, bounds: text.split_word_bounds().peekable(), neighbours }
    }

    /// The length of the next stretch in bytes, whatever its characters.
    fn measure(&mut self) -> Option<usize> {
        let mut last = self.bounds.next()?;
        let mut length = last.len();
        if last == " "
            && let Some(word) = self.bounds.next_if(|next| !next.starts_with(char::is_whitespace))
        {
            length += word.len();
            last = word;
        }
        while self.neighbours == Neighbours::Joined
            && last.starts_with(char::is_alphanumeric)
            && length < LONGEST
        {
            let Some(word) = self.bounds.next_if(|next| next.starts_with(char::is_alphanumeric)) else {
                break;
            };
            length += word.len();
            last = word;
        }
        Some(length)
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.open == 0 {
            self.open = self.measure()?;
        }
        let open = &self.rest[..self.open];
        let end = open.char_indices().nth(LONGEST).map_or(self.open, |(end, _)| end);
        let (segment, rest) = self.rest.split_at(end);
        self.rest = rest;
        self.open -= end;
        Some(segment)
    }
}

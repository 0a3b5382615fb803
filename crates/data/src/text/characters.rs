//! The ids of characters, and which characters a text has.

use super::Id;

/// What stands for no id.
pub(super) const UNKNOWN: Id = Id::MAX;

/// Ids by code point, in pages of 256 that are made where a script needs them: two loads a character, where a search among
/// sorted characters takes a dozen steps for Chinese.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ids {
    /// For each page of code points, its place in `pages`; place 0 is a page without ids.
    places: Vec<u16>,
    pages: Vec<[Id; 256]>,
}

impl Ids {
    pub(super) fn new() -> Self {
        Self { places: vec![0; (char::MAX as usize >> 8) + 1], pages: vec![[UNKNOWN; 256]] }
    }

    pub(super) fn get(&self, character: char) -> Option<Id> {
        let page = &self.pages[usize::from(self.places[character as usize >> 8])];
        let id = page[character as usize & 255];
        (id != UNKNOWN).then_some(id)
    }

    pub(super) fn set(&mut self, character: char, id: Id) {
        let place = &mut self.places[character as usize >> 8];
        if *place == 0 {
            // There are 4,352 pages in all.
            *place = self.pages.len() as u16;
            self.pages.push([UNKNOWN; 256]);
        }
        self.pages[usize::from(*place)][character as usize & 255] = id;
    }
}

/// The distinct characters of a text, sorted by code point.
pub(super) fn distinct(text: &str) -> Vec<char> {
    // A bit for each code point: 136 KiB, whatever the text.
    let mut seen = vec![0u64; (char::MAX as usize + 1) / 64];
    for character in text.chars() {
        seen[character as usize / 64] |= 1 << (character as usize % 64);
    }
    ('\0'..=char::MAX)
        .filter(|&character| seen[character as usize / 64] >> (character as usize % 64) & 1 == 1)
        .collect()
}

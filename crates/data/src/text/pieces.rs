//! Tokens of more than one character: which of them a text makes worth having, and how a text is read in them.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::characters::Ids;
use super::merges::{Stretch, merge};
use super::segments::{Neighbours, Segments};
use super::{Id, Tokens, VocabularyFault};

/// All tokens of a vocabulary that has some of more than one character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pieces {
    tokens: Tokens,
    /// Each token, by its id.
    texts: Vec<Box<str>>,
    /// The characters of each.
    lengths: Vec<usize>,
    /// The ids of those of more than one character.
    ids: FxHashMap<Box<str>, Id>,
}

impl Pieces {
    /// The tokens of these texts; `characters` has the ids of those of one character.
    pub(super) fn new(
        tokens: Tokens,
        texts: Vec<Box<str>>,
        characters: &Ids,
    ) -> Result<Self, VocabularyFault> {
        let mut ids = FxHashMap::default();
        for (text, id) in texts.iter().zip(0..) {
            if text.chars().nth(1).is_none() {
                continue;
            }
            if let Some(strange) = text.chars().find(|character| characters.get(*character).is_none()) {
                return Err(VocabularyFault::Unspelt { token: text.clone(), character: strange });
            }
            if ids.insert(text.clone(), id).is_some() {
                return Err(VocabularyFault::RepeatedToken(text.clone()));
            }
        }
        let lengths = texts.iter().map(|text| text.chars().count()).collect();
        Ok(Self { tokens, texts, lengths, ids })
    }

    /// The tokens that a text makes worth having, at most `size`: first its own `characters`.
    pub(super) fn learn(
        tokens: Tokens,
        text: &str,
        characters: &[char],
        ids: &Ids,
        size: usize,
    ) -> Vec<Box<str>> {
        let mut texts: Vec<Box<str>> =
            characters.iter().map(|character| character.to_string().into()).collect();
        let counts = counted(text, neighbours(tokens));
        if tokens == Tokens::Subwords {
            let stretches = counts.into_iter().map(|(segment, count)| {
                let pieces =
                    segment.chars().map(|character| ids.get(character).expect("a character of the text"));
                Stretch { pieces: pieces.collect(), count }
            });
            merge(stretches.collect(), &mut texts, size);
            return texts;
        }
        let often =
            counts.into_iter().filter(|(segment, count)| *count > 1 && segment.chars().nth(1).is_some());
        texts.extend(often.map(|(segment, _)| segment.into()).take(size.saturating_sub(characters.len())));
        texts
    }

    pub(super) fn tokens(&self) -> Tokens {
        self.tokens
    }

    pub(super) fn texts(&self) -> &[Box<str>] {
        &self.texts
    }

    /// The number of characters of a token.
    pub(super) fn length(&self, id: Id) -> usize {
        self.lengths[usize::from(id)]
    }

    /// The end of a text that may be part of a longer stretch where more follows: its last one, or where a letter or a digit would join
    /// what stands before, as behind the apostrophe of `can't` or the point of `3.14`.
    pub(super) fn open_end<'a>(&self, text: &'a str) -> &'a str {
        let begin = |text: &str| {
            let last = Segments::new(text, neighbours(self.tokens)).last().map_or(0, str::len);
            text.len() - last
        };
        let longer = ["", "a", "0"].map(|more| begin(&format!("{text}{more}")));
        &text[longer.into_iter().min().unwrap_or_default().min(text.len())..]
    }

    /// Adds the tokens of a text whose characters are all known.
    pub(super) fn encode(&self, text: &str, characters: &Ids, into: &mut Vec<Id>) {
        // Most stretches occur again and again.
        let mut known: FxHashMap<&str, Range<usize>> = FxHashMap::default();
        for segment in Segments::new(text, neighbours(self.tokens)) {
            if let Some(before) = known.get(segment) {
                into.extend_from_within(before.clone());
                continue;
            }
            let start = into.len();
            match self.ids.get(segment) {
                Some(id) => into.push(*id),
                None if self.tokens == Tokens::Words => into.extend(spelt(segment, characters)),
                None => self.piece_together(segment, characters, into),
            }
            known.insert(segment, start..into.len());
        }
    }

    /// Adds the pieces of a stretch as byte-pair encoding makes them: of two neighbours that are a piece together, those that are the
    /// one which was found first become it, until no two are.
    fn piece_together(&self, segment: &str, characters: &Ids, into: &mut Vec<Id>) {
        let mut ends: Vec<usize> = segment.char_indices().map(|(place, _)| place).skip(1).collect();
        ends.push(segment.len());
        loop {
            let start = |place: usize| if place == 0 { 0 } else { ends[place - 1] };
            let pairs = (0..ends.len() - 1)
                .filter_map(|place| Some((*self.ids.get(&segment[start(place)..ends[place + 1]])?, place)));
            let Some((_, place)) = pairs.min() else { break };
            ends.remove(place);
        }
        let mut start = 0;
        for end in ends {
            let piece = &segment[start..end];
            into.extend(self.ids.get(piece).copied().or_else(|| spelt(piece, characters).next()));
            start = end;
        }
    }
}

fn spelt<'a>(segment: &'a str, characters: &'a Ids) -> impl Iterator<Item = Id> + 'a {
    segment.chars().map(|character| characters.get(character).expect("a known character"))
}

fn neighbours(tokens: Tokens) -> Neighbours {
    if tokens == Tokens::Subwords { Neighbours::Joined } else { Neighbours::Apart }
}

/// The distinct stretches of a text and how often each occurs, the most frequent first; of equals, the first by its characters.
fn counted(text: &str, neighbours: Neighbours) -> Vec<(&str, u64)> {
    let mut counts: FxHashMap<&str, u64> = FxHashMap::default();
    for segment in Segments::new(text, neighbours) {
        *counts.entry(segment).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_unstable_by(|(a, often), (b, than)| than.cmp(often).then_with(|| a.cmp(b)));
    counts
}

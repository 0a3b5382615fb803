//! Counts the words of many texts on all cores, and gives each word its rank. Each text is tokenised once.

use std::collections::HashMap;

use rayon::prelude::*;

use super::{Rank, Sequences, Tokens, Vocabulary, VocabularyFault};

/// Texts that one task takes: enough that a word met again costs a look-up and no more, few enough that all cores have work.
const CHUNK: usize = 1000;

/// The words of some texts, numbered as they were met. Words of different chunks have different numbers.
pub(super) struct Counted {
    chunks: Vec<Chunk>,
}

struct Chunk {
    words: Vec<String>,
    counts: Vec<u64>,
    /// For each text, the numbers of its words.
    numbers: Sequences,
}

impl Counted {
    pub(super) fn of(texts: &[String], tokens: Tokens) -> Self {
        Self { chunks: texts.par_chunks(CHUNK).map(|texts| Chunk::of(texts, tokens)).collect() }
    }

    /// The places of the texts of one word.
    pub(super) fn of_one_word(&self) -> impl Iterator<Item = usize> {
        let words = self.chunks.iter().flat_map(|chunk| chunk.numbers.iter());
        words.enumerate().filter(|(_, words)| words.len() == 1).map(|(place, _)| place)
    }

    /// The vocabulary of several groups of texts.
    pub(super) fn vocabulary(groups: &[&Self], tokens: Tokens) -> Result<Vocabulary, VocabularyFault> {
        let mut counts: HashMap<&str, u64> = HashMap::new();
        for chunk in groups.iter().flat_map(|group| &group.chunks) {
            for (word, count) in chunk.words.iter().zip(&chunk.counts) {
                *counts.entry(word).or_insert(0) += count;
            }
        }
        Vocabulary::ranked(tokens, counts.into_iter().map(|(word, count)| (word.to_owned(), count)).collect())
    }

    /// The ranks of each text's words.
    pub(super) fn ranked(self, vocabulary: &Vocabulary) -> Sequences {
        let chunks: Vec<Sequences> =
            self.chunks.into_par_iter().map(|chunk| chunk.ranked(vocabulary)).collect();
        let mut all = Sequences::default();
        for chunk in &chunks {
            all.append(chunk);
        }
        all
    }
}

impl Chunk {
    fn of(texts: &[String], tokens: Tokens) -> Self {
        let mut chunk = Self { words: Vec::new(), counts: Vec::new(), numbers: Sequences::default() };
        let mut known: HashMap<String, u32> = HashMap::new();
        let (mut lower, mut numbers) = (String::new(), Vec::new());
        for text in texts {
            numbers.clear();
            tokens.each(text, &mut lower, |word| {
                let number = match known.get(word) {
                    Some(number) => *number,
                    None => {
                        let number = chunk.words.len() as u32;
                        known.insert(word.to_owned(), number);
                        chunk.words.push(word.to_owned());
                        chunk.counts.push(0);
                        number
                    }
                };
                chunk.counts[number as usize] += 1;
                numbers.push(number);
            });
            chunk.numbers.push(numbers.iter().copied());
        }
        chunk
    }

    fn ranked(self, vocabulary: &Vocabulary) -> Sequences {
        let ranks: Vec<Rank> = self.words.iter().map(|word| vocabulary.rank(word)).collect();
        self.numbers.map(|number| ranks[number as usize])
    }
}

//! A few words that stand for all others, so that predicting a word does not take a score for every word there is.
//!
//! The logarithm of the sum over all words is estimated by importance sampling (Bengio and Senécal 2003): the words of a sample
//! are counted once for each chance that they had to be in it.

use rand::distr::{Distribution, weighted::WeightedIndex};
use recurrent_backend::Seed;
use recurrent_data::reviews::Sequences;

/// Rare words are drawn more often than they occur (Mikolov et al. 2013).
const POWER: f64 = 0.75;

/// How often each word occurs, and how likely it is to be drawn.
#[derive(Clone, Debug)]
pub struct Frequencies {
    counts: Vec<u64>,
    chances: Vec<f64>,
    drawing: WeightedIndex<f64>,
}

/// Some distinct words, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidates {
    /// Their indices.
    pub words: Vec<u32>,
    /// For every word there is, how much it counts for: 1 over its chance to be among the candidates; 0 for one that is not.
    pub weights: Vec<f32>,
}

impl Frequencies {
    /// Counts the words of texts, whose indices are all below `words`.
    ///
    /// # Panics
    /// An index is not.
    pub fn new(texts: &Sequences, words: u32) -> Self {
        let mut counts = vec![0u64; words as usize];
        for index in texts.iter().flatten() {
            counts[*index as usize] += 1;
        }
        // One more each, so that there is a chance for all.
        let powers: Vec<f64> = counts.iter().map(|count| ((count + 1) as f64).powf(POWER)).collect();
        let sum: f64 = powers.iter().sum();
        let drawing = WeightedIndex::new(&powers).expect("powers of counts are above 0 and finite");
        Self { counts, chances: powers.iter().map(|power| power / sum).collect(), drawing }
    }

    /// The unigram log-probability of each word, as if each had occurred once more.
    pub fn log_shares(&self) -> Vec<f32> {
        let all: u64 = self.counts.iter().map(|count| count + 1).sum();
        self.counts.iter().map(|count| ((count + 1) as f64 / all as f64).ln() as f32).collect()
    }

    /// Draws with replacement, `draws` times, and keeps each word once.
    pub fn draw(&self, draws: usize, seed: Seed) -> Candidates {
        let mut stream = seed.stream(&[]);
        let mut words: Vec<u32> = (0..draws).map(|_| self.drawing.sample(&mut stream) as u32).collect();
        words.sort_unstable();
        words.dedup();
        let mut weights = vec![0.0; self.counts.len()];
        for word in &words {
            let missed = (1.0 - self.chances[*word as usize]).powf(draws as f64);
            weights[*word as usize] = (1.0 / (1.0 - missed)) as f32;
        }
        Candidates { words, weights }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frequencies() -> Frequencies {
        let text: Vec<u32> = (0..50u32).flat_map(|word| vec![word; (2000 / (word + 1)) as usize]).collect();
        Frequencies::new(&[text].into_iter().collect(), 60)
    }

    #[test]
    fn a_sample_stands_for_all_words_on_average() {
        let frequencies = frequencies();
        // Any figure of each word will do.
        let figure = |word: usize| (word as f64 * 0.7).sin() + 1.5;
        let all: f64 = (0..60).map(figure).sum();
        let samples = 4000;
        let sum: f64 = (0..samples)
            .map(|sample| {
                let weights = frequencies.draw(20, Seed(sample)).weights;
                weights
                    .iter()
                    .enumerate()
                    .map(|(word, weight)| f64::from(*weight) * figure(word))
                    .sum::<f64>()
            })
            .sum();
        let mean = sum / samples as f64;
        assert!((mean / all - 1.0).abs() < 0.02, "{mean} for {all}");
    }

    #[test]
    fn candidates_are_distinct_and_those_with_a_weight() {
        let candidates = frequencies().draw(30, Seed(5));
        assert!(candidates.words.is_sorted_by(|before, after| before < after));
        let weighted = (0..60u32).filter(|word| candidates.weights[*word as usize] > 0.0);
        assert!(weighted.eq(candidates.words.iter().copied()));
    }

    #[test]
    fn shares_sum_to_one() {
        let sum: f32 = frequencies().log_shares().iter().map(|share| share.exp()).sum();
        assert!((sum - 1.0).abs() < 1e-4);
    }
}

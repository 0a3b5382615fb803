//! Word n-grams as numbers: those of up to three words fit into 64 bits, so that none has to be written out.

/// Bits of a word in the number of an n-gram, whose last word has the lowest.
pub const RANK_BITS: u32 = 21;

/// The last rank that is part of an n-gram. A word past it is as rare as one that was never seen.
pub const LAST_RANK: u32 = (1 << RANK_BITS) - 1;

/// The most words of an n-gram.
pub const MOST_WORDS: usize = 3;

/// The n-grams of one up to `most` words that occur in a text, each once, in the order of their numbers. A word is its rank, from
/// 1 on, such as its place by frequency; none reaches over a word without a rank, which is 0.
///
/// ```
/// use recurrent_linear::ngrams;
///
/// assert_eq!(ngrams(&[7, 7, 0, 9], 1), [7, 9]);
/// assert_eq!(ngrams(&[7, 7, 0, 9], 3), [7, 9, 7 << 21 | 7]);
/// ```
///
/// # Panics
/// `most` is above [`MOST_WORDS`].
pub fn ngrams(ranks: &[u32], most: usize) -> Vec<u64> {
    assert!(most <= MOST_WORDS, "n-grams of {most} words do not fit into 64 bits");
    let mut keys = Vec::with_capacity(most * ranks.len());
    for start in 0..ranks.len() {
        let mut key = 0;
        for rank in ranks[start..].iter().take(most) {
            if *rank == 0 || *rank > LAST_RANK {
                break;
            }
            // No word is 0, so n-grams of different lengths have different numbers.
            key = key << RANK_BITS | u64::from(*rank);
            keys.push(key);
        }
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_n_gram_has_a_number_of_its_own() {
        let words = [1, 2, 3, LAST_RANK];
        let mut all = Vec::new();
        for a in words {
            all.extend(ngrams(&[a], 3));
            for b in words {
                all.extend(ngrams(&[a, b], 3).into_iter().filter(|key| *key > u64::from(LAST_RANK)));
                for c in words {
                    all.extend(ngrams(&[a, b, c], 3).into_iter().max());
                }
            }
        }
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 4 + 16 + 64);
    }

    #[test]
    fn words_too_rare_to_be_numbered_part_n_grams() {
        assert_eq!(ngrams(&[1, LAST_RANK + 1, 2], 3), [1, 2]);
        assert!(ngrams(&[], 3).is_empty() && ngrams(&[5], 0).is_empty());
    }
}

//! The vocabulary, the index convention and padding, for any texts and numbers.
#![cfg(feature = "reviews")]

use proptest::prelude::*;
use recurrent_data::reviews::{
    Coding, INDEX_FROM, PADDING, PadSpec, START, Sequences, Side, UNKNOWN, Vocabulary, Width, pad_sequences,
    tokenise,
};

#[test]
fn ties_rank_alphabetically() {
    let vocabulary = Vocabulary::of(["b c a", "c é z", "é"]).unwrap();
    assert_eq!(vocabulary.words().collect::<Vec<_>>(), ["c", "é", "a", "b", "z"]);
    assert_eq!((vocabulary.word(0), vocabulary.word(5), vocabulary.word(6)), (None, Some("z"), None));
    assert_eq!((vocabulary.count(0), vocabulary.count(2)), (None, Some(2)));
}

#[test]
fn the_most_frequent_words_keep_their_ranks() {
    let vocabulary = Vocabulary::of(["a a a b b c"]).unwrap();
    let fewer = vocabulary.most_frequent(2).unwrap();
    assert_eq!(fewer.ranks("c b a"), [0, 2, 1]);
    assert_eq!(vocabulary.most_frequent(9).unwrap(), vocabulary);
}

#[test]
fn the_chapters_coding_keeps_indices_from_10_to_4999() {
    let coding = Coding::default();
    assert_eq!(coding, Coding::new(5000, 10).unwrap());
    let kept: Vec<u32> = (0..10_000).filter(|rank| coding.index(*rank) != UNKNOWN).collect();
    assert_eq!((kept[0], kept[kept.len() - 1], kept.len()), (7, 4996, 4990));
    assert_eq!(coding.index(u32::MAX), UNKNOWN);
    assert_eq!(coding.encode(&[]), [START]);
}

#[test]
fn a_coding_is_saved_with_its_limits() {
    let saved = serde_json::to_string(&Coding::default()).unwrap();
    assert_eq!(saved, r#"{"num_words":5000,"skip_top":10}"#);
    assert_eq!(serde_json::from_str::<Coding>(&saved).unwrap(), Coding::default());
}

#[test]
fn no_sequence_makes_no_row() {
    let padded = pad_sequences([], &PadSpec::default());
    assert_eq!((padded.numbers.len(), padded.lengths.len(), padded.time), (0, 0, 200));
    assert_eq!(pad_sequences([], &PadSpec { length: None, ..PadSpec::default() }).time, 0);
}

fn sides() -> impl Strategy<Value = Side> {
    prop_oneof![Just(Side::Pre), Just(Side::Post)]
}

fn specs() -> impl Strategy<Value = PadSpec> {
    let widths = prop_oneof![Just(Width::Full), Just(Width::Longest)];
    (proptest::option::of(0_usize..30), widths, sides(), sides())
        .prop_map(|(length, width, padding, truncating)| PadSpec { length, width, padding, truncating })
}

proptest! {
    #[test]
    fn a_vocabulary_is_read_back_as_it_was_saved(texts in proptest::collection::vec("[a-dÄΣ' ]{0,30}", 1..6)) {
        let Ok(vocabulary) = Vocabulary::of(&texts) else { return Ok(()) };
        let saved = serde_json::to_string(&vocabulary).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Vocabulary>(&saved).unwrap(), &vocabulary);

        let words: Vec<String> = texts.iter().flat_map(|text| tokenise(text)).collect();
        let total: u64 = (1..=vocabulary.len() as u32).filter_map(|rank| vocabulary.count(rank)).sum();
        prop_assert_eq!(total, words.len() as u64);
        for word in &words {
            prop_assert_eq!(vocabulary.word(vocabulary.rank(word)), Some(&word[..]));
        }
        for text in &texts {
            let back: Vec<_> = vocabulary.ranks(text).into_iter().map(|rank| vocabulary.word(rank).unwrap()).collect();
            prop_assert_eq!(back, tokenise(text));
        }
    }

    #[test]
    fn an_index_is_kept_or_unknown(
        num_words in 5_u32..200, skip_top in 0_u32..200, ranks in proptest::collection::vec(0_u32..300, 0..50),
    ) {
        let Ok(coding) = Coding::new(num_words, skip_top) else {
            prop_assert!(num_words <= skip_top);
            return Ok(());
        };
        let indices = coding.encode(&ranks);
        prop_assert_eq!((indices.len(), indices[0]), (ranks.len() + 1, START));
        for (&index, &rank) in indices[1..].iter().zip(&ranks) {
            let own = rank + INDEX_FROM;
            let kept = rank > 0 && skip_top <= own && own < num_words;
            prop_assert_eq!(index, if kept { own } else { UNKNOWN });
            prop_assert_eq!(coding.rank(index), kept.then_some(rank));
        }
        let all: Sequences = [&ranks[..], &[], &ranks].into_iter().collect();
        let coded = coding.encode_all(&all);
        prop_assert_eq!((coded.get(0), coded.get(1), coded.get(2)), (&indices[..], &[START][..], &indices[..]));
    }

    #[test]
    fn padding_keeps_one_end_and_fills_the_other(
        rows in proptest::collection::vec(proptest::collection::vec(1_u32..50, 0..40), 0..12), spec in specs(),
    ) {
        let padded = pad_sequences(rows.iter().map(|row| &row[..]), &spec);
        prop_assert_eq!(padded.numbers.len(), rows.len() * padded.time);
        let longest = rows.iter().map(|row| spec.kept(row.len())).max().unwrap_or(0);
        let full = spec.length.filter(|_| spec.width == Width::Full);
        prop_assert_eq!(padded.time, full.unwrap_or(longest));
        for (i, row) in rows.iter().enumerate() {
            let length = padded.lengths[i];
            prop_assert_eq!(length, spec.kept(row.len()));
            let cut = match spec.truncating {
                Side::Pre => &row[row.len() - length..],
                Side::Post => &row[..length],
            };
            let (filled, found) = &padded.numbers[i * padded.time..][..padded.time].split_at(padded.time - length);
            match spec.padding {
                Side::Pre => prop_assert_eq!((*found, filled.iter().all(|n| *n == PADDING)), (cut, true)),
                Side::Post => {
                    let (found, filled) = &padded.numbers[i * padded.time..][..padded.time].split_at(length);
                    prop_assert_eq!((*found, filled.iter().all(|n| *n == PADDING)), (cut, true));
                }
            }
        }
    }
}

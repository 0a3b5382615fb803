//! What Keras computes: `pad_sequences` with all its options, and the cutting of words.
#![cfg(feature = "reviews")]

use recurrent_data::reviews::{PadSpec, Sequences, Side, Width, pad_sequences, tokenise};
use serde::Deserialize;

#[derive(Deserialize)]
struct Goldens {
    origin: String,
    pad_sequences: Vec<PadCase>,
    text_to_word_sequence: Vec<WordCase>,
}

#[derive(Deserialize)]
struct PadCase {
    sequences: Vec<Vec<u32>>,
    maxlen: Option<usize>,
    padding: Side,
    truncating: Side,
    padded: Vec<Vec<u32>>,
}

#[derive(Deserialize)]
struct WordCase {
    text: String,
    words: Vec<String>,
}

fn goldens() -> Goldens {
    let goldens: Goldens = serde_json::from_str(include_str!("goldens/keras_reviews.json")).unwrap();
    assert!(goldens.origin.contains("Keras 3.15"), "{}", goldens.origin);
    goldens
}

#[test]
fn sequences_are_padded_and_cut_as_keras_does() {
    let cases = goldens().pad_sequences;
    assert_eq!(cases.len(), 20);
    for case in cases {
        let PadCase { maxlen: length, padding, truncating, .. } = case;
        let spec = PadSpec { length, width: Width::Full, padding, truncating };
        let sequences: Sequences = case.sequences.iter().collect();
        let padded = pad_sequences(sequences.iter(), &spec);
        let rows: Vec<_> = padded.numbers.chunks(padded.time).map(<[u32]>::to_vec).collect();
        assert_eq!(rows, case.padded, "{spec:?} of {:?}", case.sequences);
    }
}

#[test]
fn words_are_cut_as_keras_does() {
    let cases = goldens().text_to_word_sequence;
    assert_eq!(cases.len(), 6);
    for case in cases {
        assert_eq!(tokenise(&case.text), case.words, "{:?}", case.text);
    }
}

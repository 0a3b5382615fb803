//! The figures of War and Peace, on a file that is not part of the project: run with
//! `RECURRENT_TEXT=warpeace_input.txt cargo test -p recurrent-data -- --ignored`.
#![allow(clippy::print_stdout)] // the figures are shown where they are asked for
#![cfg(feature = "text")]

use std::time::Instant;

use recurrent_data::text::{Case, Note, ReadSpec, Text, TextFractions, TextSplit, Windows, read};

#[test]
#[ignore = "needs War and Peace; name its file in RECURRENT_TEXT"]
fn war_and_peace_has_its_known_figures() {
    let path = std::env::var_os("RECURRENT_TEXT").expect("RECURRENT_TEXT should name the file of the text");
    let start = Instant::now();
    let corpus = read(&[path], ReadSpec { case: Case::Lower, ..ReadSpec::default() }).unwrap();
    let text = Text::new(corpus).unwrap();
    let seconds = start.elapsed().as_secs_f64();
    println!("read and encoded in {seconds:.3} s, SHA-256 {}, notes {:?}", text.sha256(), text.notes());

    let vocabulary = text.vocabulary();
    assert_eq!((text.len(), vocabulary.len()), (3_196_213, 57));
    assert_eq!(vocabulary.characters().last(), Some(&'\u{feff}'), "the byte-order mark is one of them");
    assert_eq!(vocabulary.decode(&text.ids()[..16]), "\u{feff}\"well, prince, ");
    assert_eq!(text.notes(), [Note::Trimmed { characters: 2 }]);
    assert_eq!(Windows::new(text.ids(), 100).unwrap().len(), 31_962);
    assert_eq!(Windows::new(text.ids(), 160).unwrap().len(), 19_976);
    let split = TextSplit::by_position(text.ids(), TextFractions::default()).unwrap();
    assert_eq!((split.train.len(), split.validation.len(), split.test.len()), (2_556_971, 319_621, 319_621));
    assert!(seconds < 1.0, "reading and encoding took {seconds} s");
}

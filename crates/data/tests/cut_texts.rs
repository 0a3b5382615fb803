//! Vocabularies, windows, streams and splits: what holds for every text.
#![cfg(feature = "text")]

use proptest::prelude::*;
use recurrent_data::text::{Corpus, Id, Streams, Text, TextFractions, TextSplit, Vocabulary, Windows};

#[test]
fn windows_worked_out_by_hand() {
    let ids: [Id; 9] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
    let windows = Windows::new(&ids, 3).unwrap();
    assert_eq!((windows.len(), windows.window(), windows.dropped()), (2, 3, 3));
    assert_eq!((windows.input(0), windows.target(0)), (&[0, 1, 2][..], &[1, 2, 3][..]));
    assert_eq!((windows.input(1), windows.target(1)), (&[3, 4, 5][..], &[4, 5, 6][..]));
    assert_eq!(Windows::new(&ids, 4).unwrap().target(1), [5, 6, 7, 8]);
    assert_eq!(windows.input(1).as_ptr(), &ids[3], "a window is lent, not copied");
}

#[test]
#[should_panic(expected = "window 2 of 2")]
fn a_window_without_its_last_target_is_none() {
    let _ = Windows::new(&[0; 9], 3).unwrap().input(2);
}

#[test]
fn streams_worked_out_by_hand() {
    let ids: Vec<Id> = (0..14).collect();
    let streams = Streams::new(&ids, 2, 3).unwrap();
    assert_eq!((streams.batch(), streams.time(), streams.steps(), streams.dropped()), (2, 3, 2, 2));
    assert_eq!(streams.inputs(0).collect::<Vec<_>>(), [[0, 1, 2], [6, 7, 8]]);
    assert_eq!(streams.inputs(1).collect::<Vec<_>>(), [[3, 4, 5], [9, 10, 11]]);
    assert_eq!(streams.targets(1).collect::<Vec<_>>(), [[4, 5, 6], [10, 11, 12]]);
}

#[test]
#[should_panic(expected = "step 2 of 2")]
fn a_step_after_the_last_is_none() {
    let ids: Vec<Id> = (0..14).collect();
    let _ = Streams::new(&ids, 2, 3).unwrap().input(0, 2);
}

#[test]
fn an_extended_vocabulary_keeps_its_ids_and_survives_json() {
    let vocabulary = Vocabulary::of("bca").unwrap();
    let extended = vocabulary.extended("Ab\u{1f600}\u{feff}\"").unwrap();
    assert_eq!(extended.characters(), ['a', 'b', 'c', '"', 'A', '\u{feff}', '\u{1f600}']);
    let json = serde_json::to_string(&extended).unwrap();
    assert_eq!(serde_json::from_str::<Vocabulary>(&json).unwrap(), extended);
    assert_eq!(vocabulary.extended("abc").unwrap(), vocabulary);
    assert_eq!(extended.decode(&[4]), "A");
    assert_eq!(vocabulary.encode_replacing("a-b", 'c').unwrap(), [0, 2, 1]);
}

/// A text of several scripts with at least two distinct characters.
fn text() -> impl Strategy<Value = String> {
    let of = "[a-f \nàéЖд中文\u{1f600}-\u{1f604}]{0,80}";
    of.prop_map(|text| text + "xy")
}

fn fraction() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), 0.0..1.0_f64]
}

proptest! {
    #[test]
    fn a_text_comes_back_from_its_ids(characters in text()) {
        let text = Text::new(Corpus::from_string("random", characters.clone()).unwrap()).unwrap();
        prop_assert_eq!(text.len(), characters.chars().count());
        prop_assert_eq!(text.vocabulary().decode(text.ids()), characters);
    }

    #[test]
    fn a_vocabulary_is_sorted_and_without_repetition(characters in text()) {
        let vocabulary = Vocabulary::of(&characters).unwrap();
        prop_assert!(vocabulary.characters().windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(characters.chars().all(|character| vocabulary.characters().contains(&character)));
        for (id, &character) in vocabulary.characters().iter().enumerate() {
            prop_assert!(characters.contains(character));
            prop_assert_eq!(vocabulary.id(character), Some(id as Id));
            prop_assert_eq!(vocabulary.decode(&[id as Id]), character.to_string());
        }
    }

    #[test]
    fn extending_keeps_every_id(old in text(), new in text()) {
        let vocabulary = Vocabulary::of(&old).unwrap();
        let extended = vocabulary.extended(&new).unwrap();
        prop_assert_eq!(&extended.characters()[..vocabulary.len()], vocabulary.characters());
        prop_assert_eq!(vocabulary.encode(&old).unwrap(), extended.encode(&old).unwrap());
        prop_assert_eq!(extended.decode(&extended.encode(&new).unwrap()), new);
    }

    #[test]
    fn an_unknown_character_is_named_with_its_place(before in "[a-c\n]{0,30}", after in "[a-z]{0,9}") {
        let vocabulary = Vocabulary::of("abc\n").unwrap();
        let error = vocabulary.encode(&format!("{before}é{after}")).unwrap_err();
        prop_assert_eq!((error.character, error.offset), ('é', before.len()));
        prop_assert_eq!(error.line, before.split('\n').count());
    }

    #[test]
    fn windows_cover_the_text_once_and_predict_the_next(len in 2usize..300, window in 1usize..40) {
        prop_assume!(len > window);
        let ids: Vec<Id> = (0..len as Id).collect();
        let windows = Windows::new(&ids, window).unwrap();
        prop_assert_eq!(windows.len(), (len - 1) / window);
        let read: Vec<Id> = (0..windows.len()).flat_map(|i| windows.input(i).to_vec()).collect();
        prop_assert_eq!(&read[..], &ids[..len - windows.dropped()]);
        prop_assert!((1..=window).contains(&windows.dropped()));
        let targets: Vec<Id> = (0..windows.len()).flat_map(|i| windows.target(i).to_vec()).collect();
        prop_assert_eq!(&targets[..], &ids[1..=read.len()]);
    }

    #[test]
    fn every_stream_goes_on_where_it_ended(len in 2usize..400, batch in 1usize..6, time in 1usize..9) {
        prop_assume!(len > batch * time);
        let ids: Vec<Id> = (0..len as Id).collect();
        let streams = Streams::new(&ids, batch, time).unwrap();
        let (mut read, mut predicted): (Vec<Id>, Vec<Id>) = (Vec::new(), Vec::new());
        for row in 0..batch {
            for step in 0..streams.steps() {
                read.extend(streams.input(row, step));
                predicted.extend(streams.target(row, step));
                prop_assert_eq!(streams.inputs(step).nth(row), Some(streams.input(row, step)));
                prop_assert_eq!(streams.targets(step).nth(row), Some(streams.target(row, step)));
            }
        }
        // Row after row, step after step, this is the text itself.
        prop_assert_eq!(&read[..], &ids[..len - streams.dropped()]);
        prop_assert_eq!(&predicted[..], &ids[1..=read.len()]);
        prop_assert!((1..=batch * time).contains(&streams.dropped()));
    }

    #[test]
    fn the_parts_are_the_text_in_order(len in 0usize..3000, validation in fraction(), test in fraction()) {
        let ids: Vec<Id> = (0..len as Id).collect();
        if let Ok(split) = TextSplit::by_position(&ids, TextFractions { validation, test }) {
            prop_assert_eq!(&[split.train, split.validation, split.test].concat(), &ids);
            prop_assert!(!split.train.is_empty());
            prop_assert_eq!(split.validation.is_empty(), validation == 0.0);
            prop_assert_eq!(split.test.is_empty(), test == 0.0);
            prop_assert!((split.validation.len() as f64 - validation * len as f64).abs() < 1.0 + 1e-6);
            prop_assert!((split.test.len() as f64 - test * len as f64).abs() < 1.0 + 1e-6);
        } else {
            let learnt = (1.0 - validation - test) * len as f64;
            prop_assert!(learnt < 2.0 || [validation, test].iter().any(|part| *part > 0.0 && part * (len as f64) < 1.0));
        }
    }
}

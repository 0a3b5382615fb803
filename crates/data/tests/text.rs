//! Texts: what is read of them, vocabularies, windows and streams.

use std::fs;
use std::path::PathBuf;

use insta::assert_snapshot;
use proptest::prelude::*;
use recurrent_data::text::{Case, Edition, Streams, Text, TextError, Vocabulary, Windows, read};

fn read_one(path: PathBuf) -> Result<Text, TextError> {
    read(&[path], Case::Keep, Edition::Detect)
}

#[test]
fn a_folder_is_read_in_order_without_hidden_files() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("b.txt", "Two\r\n");
    write("a.txt", "ONE\r");
    write(".hidden", "three");
    fs::create_dir(folder.path().join("c")).unwrap();
    write("c/d.txt", "Four");
    let text = read(&[folder.path().to_owned()], Case::Lower, Edition::Detect).unwrap();
    assert_eq!(text.characters, "one\ntwo\nfour");
    assert_eq!(text.files.len(), 3);
    assert_eq!(text.sha256.len(), 64);
}

#[test]
fn what_is_no_text_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let complaint = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        read_one(path).unwrap_err().to_string().replace(&*folder.path().to_string_lossy(), "<dir>")
    };
    assert_snapshot!(complaint("empty.txt", b""), @"`<dir>/empty.txt`: the file is empty; name one with text in it");
    assert_snapshot!(complaint("binary", b"ab\ncd\0ef"), @"`<dir>/binary`, line 2: byte 5 is 0x00, so this is no text but a binary file; name one with text in it");
    assert_snapshot!(complaint("latin.txt", b"caf\n\xe9 noir"), @"`<dir>/latin.txt`, line 2: byte 4 is 0xe9, which is not UTF-8; convert the file, as with `iconv -t UTF-8`");
    let missing = read_one(folder.path().join("missing.txt")).unwrap_err().to_string();
    assert_snapshot!(missing.replace(&*folder.path().to_string_lossy(), "<dir>"), @"`<dir>/missing.txt`: no such file; check the path");
    fs::create_dir(folder.path().join("none")).unwrap();
    let none = read_one(folder.path().join("none")).unwrap_err().to_string();
    assert_snapshot!(none.replace(&*folder.path().to_string_lossy(), "<dir>"), @"`<dir>/none`: the folder holds no file; name one with text in it");
}

#[test]
fn what_cannot_be_learnt_from_is_told() {
    assert_snapshot!(Vocabulary::of("").unwrap_err(), @"the text has 0 distinct characters, and at least 2 are needed; use another text");
    assert_snapshot!(Vocabulary::of("aaa").unwrap_err(), @"the text has 1 distinct characters, and at least 2 are needed; use another text");
    let vocabulary = Vocabulary::of("abc\n").unwrap();
    assert_snapshot!(vocabulary.encode("ab\nc\u{e9}").unwrap_err(), @"the vocabulary lacks `é` (U+00E9) (line 2, character 4 of the text); use a text of known characters, or have it replaced");
    assert_snapshot!(vocabulary.encode("a\tb").unwrap_err(), @"the vocabulary lacks U+0009 (line 1, character 1 of the text); use a text of known characters, or have it replaced");
    assert_snapshot!(Windows::new(&[0, 1], 2).unwrap_err(), @"2 characters are too few for a window of 2, which needs at least 3; use a longer text or a shorter window");
    assert_snapshot!(Windows::new(&[0, 1], 0).unwrap_err(), @"a window of 0 cannot be; at least 1 is needed");
    assert_snapshot!(Streams::new(&[0, 1, 2], 2, 2).unwrap_err(), @"3 characters are too few for 2 streams of 2, which needs at least 5; use a longer text or a shorter window");
    assert_snapshot!(Streams::new(&[0, 1, 2], 0, 2).unwrap_err(), @"a batch of 0 cannot be; at least 1 is needed");
}

#[test]
fn an_extended_vocabulary_keeps_its_ids_and_survives_json() {
    let vocabulary = Vocabulary::of("bca").unwrap();
    assert_eq!(vocabulary.characters(), ['a', 'b', 'c']);
    let extended = vocabulary.extended("Ab\u{1f600}");
    assert_eq!(extended.characters(), ['a', 'b', 'c', 'A', '\u{1f600}']);
    let json = serde_json::to_string(&extended).unwrap();
    assert_eq!(serde_json::from_str::<Vocabulary>(&json).unwrap(), extended);
    assert!(serde_json::from_str::<Vocabulary>("\"aba\"").is_err(), "a character twice");
    assert_eq!(vocabulary.encode_replacing("a-b", 'c').unwrap(), [0, 2, 1]);
}

proptest! {
    #[test]
    fn a_text_comes_back_from_its_ids(text in "[a-z\u{e0}-\u{ff}\u{4e00}-\u{4e20} ]{2,80}") {
        prop_assume!(text.chars().any(|character| Some(character) != text.chars().next()));
        let vocabulary = Vocabulary::of(&text).unwrap();
        prop_assert!(vocabulary.characters().windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert_eq!(vocabulary.decode(&vocabulary.encode(&text).unwrap()), text);
    }

    #[test]
    fn windows_cover_the_text_once_and_predict_the_next(len in 2usize..200, length in 1usize..40) {
        let ids: Vec<u32> = (0..len as u32).collect();
        prop_assume!(len > length);
        let windows = Windows::new(&ids, length).unwrap();
        prop_assert_eq!(windows.len(), (len - 1) / length);
        let read: Vec<u32> = (0..windows.len()).flat_map(|i| windows.input(i).to_vec()).collect();
        prop_assert_eq!(&read[..], &ids[..windows.len() * length]);
        for i in 0..windows.len() {
            prop_assert!(windows.input(i).iter().zip(windows.target(i)).all(|(now, next)| now + 1 == *next));
        }
    }

    #[test]
    fn every_stream_goes_on_where_it_ended(len in 2usize..300, batch in 1usize..6, time in 1usize..9) {
        let ids: Vec<u32> = (0..len as u32).collect();
        prop_assume!(len > batch * time);
        let streams = Streams::new(&ids, batch, time).unwrap();
        for row in 0..batch {
            for step in 0..streams.steps() {
                prop_assert!(streams.input(row, step).iter().zip(streams.target(row, step)).all(|(a, b)| a + 1 == *b));
                if step > 0 {
                    prop_assert_eq!(streams.input(row, step)[0], streams.target(row, step - 1)[time - 1]);
                }
            }
        }
        prop_assert!(streams.dropped() >= 1 && streams.dropped() <= batch * time + batch);
    }

    #[test]
    fn line_ends_do_not_change_what_is_read(lines in prop::collection::vec("[a-z]{0,6}", 1..6), end in 0usize..3) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("text.txt");
        let text = lines.join(["\n", "\r\n", "\r"][end]) + "x";
        fs::write(&path, text).unwrap();
        let expected = lines.join("\n") + "x";
        prop_assert_eq!(read_one(path).unwrap().characters, expected.trim_start());
    }
}

#[test]
#[ignore = "needs the real text: RECURRENT_TEXT names warpeace_input.txt"]
fn war_and_peace_has_the_figures_of_the_chapter() {
    let path = std::env::var_os("RECURRENT_TEXT").expect("RECURRENT_TEXT names the file");
    let text = read(&[path.into()], Case::Lower, Edition::Detect).unwrap();
    let vocabulary = Vocabulary::of(&text.characters).unwrap();
    let ids = vocabulary.encode(&text.characters).unwrap();
    assert_eq!((ids.len(), vocabulary.len()), (3_196_213, 57));
    assert_eq!(vocabulary.characters().last(), Some(&'\u{feff}'), "the byte-order mark is one of them");
    assert_eq!(Windows::new(&ids, 100).unwrap().len(), 31_962);
    assert_eq!(Windows::new(&ids, 160).unwrap().len(), 19_976);
}

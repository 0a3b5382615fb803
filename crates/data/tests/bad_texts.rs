//! Every text that cannot be used, with the message that its user sees.
#![cfg(feature = "text")]

use std::{fs, fs::File, path::Path};

use recurrent_data::text::{
    Case, Corpus, MAX_TEXT_BYTES, MAX_VOCABULARY, ReadSpec, Streams, Text, TextError, TextFractions,
    TextSplit, Vocabulary, Windows, demo_surprise, read,
};

fn message<T: std::fmt::Debug>(result: Result<T, TextError>, folder: &Path) -> String {
    let error = result.expect_err("the text should be refused");
    error.to_string().replace(&folder.display().to_string(), "<dir>")
}

/// The message of reading a file with this content.
fn refused(content: impl AsRef<[u8]>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("text.txt");
    fs::write(&path, content).unwrap();
    message(read(&[path], ReadSpec::default()), folder.path())
}

fn corpus(characters: &str) -> Corpus {
    Corpus::from_string("a text", characters.to_owned()).unwrap()
}

#[test]
fn a_missing_file() {
    let folder = tempfile::tempdir().unwrap();
    let result = read(&[folder.path().join("text.txt")], ReadSpec::default());
    insta::assert_snapshot!(message(result, folder.path()), @"`<dir>/text.txt`: no such file or folder; check the path");
    let none: [&str; 0] = [];
    insta::assert_snapshot!(read(&none, ReadSpec::default()).unwrap_err(), @"no file to read a text from; name at least one file or folder");
}

#[test]
fn a_folder_without_text() {
    let folder = tempfile::tempdir().unwrap();
    let refused = || message(read(&[folder.path()], ReadSpec::default()), folder.path());
    insta::assert_snapshot!(refused(), @"`<dir>`: the folder holds no file with text in it (hidden ones, links, binary files and what builds leave are left out); name one that does");
    fs::write(folder.path().join(".hidden"), "words").unwrap();
    fs::write(folder.path().join("empty"), "").unwrap();
    fs::create_dir(folder.path().join("none")).unwrap();
    insta::assert_snapshot!(refused(), @"`<dir>`: the folder holds no file with text in it (hidden ones, links, binary files and what builds leave are left out); name one that does");
}

#[test]
fn a_folder_of_binary_files() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("c.png"), b"\x89PNG\r\n\x1a\n\0\0").unwrap();
    insta::assert_snapshot!(message(read(&[folder.path()], ReadSpec::default()), folder.path()), @"`<dir>`: the folder holds no file with text in it (hidden ones, links, binary files and what builds leave are left out); name one that does");
}

#[test]
fn a_glob_that_is_none() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.txt"), "words").unwrap();
    let spec = ReadSpec { include: vec!["{a".to_owned()], ..ReadSpec::default() };
    insta::assert_snapshot!(message(read(&[folder.path()], spec), folder.path()), @"`<dir>`: `{a` is not a valid glob: error parsing glob '{a': unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?); write one as for a `.gitignore`, such as `*.txt`");
}

#[test]
fn globs_that_meet_nothing_to_choose_from() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.txt"), "words").unwrap();
    let said = |path: &Path, glob: &str| {
        let spec = ReadSpec { include: vec![glob.to_owned()], ..ReadSpec::default() };
        message(read(&[path], spec), folder.path())
    };
    insta::assert_snapshot!(said(folder.path(), "*.py"), @"`<dir>`: the folder holds no file with text in it that fits `*.py`; check the glob");
    insta::assert_snapshot!(said(folder.path(), "!*.py"), @"`<dir>`: `!*.py` is not a valid glob: it begins with a mark that has another meaning there; write one as for a `.gitignore`, such as `*.txt`");
    insta::assert_snapshot!(said(&folder.path().join("a.txt"), "*.txt"), @"`<dir>/a.txt`: globs choose among the files of a folder, and this is none; leave them out");
}

#[test]
fn utf_16_without_a_mark_and_damaged() {
    let wide: Vec<u8> = "a line\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    insta::assert_snapshot!(refused(&wide), @"`<dir>/text.txt`: a binary file, not text: byte offset 1 (line 1) is 0x00; or the file is UTF-16LE");
    let big: Vec<u8> = "a line\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
    insta::assert_snapshot!(refused(&big), @"`<dir>/text.txt`: a binary file, not text: byte offset 0 (line 1) is 0x00; or the file is UTF-16BE");
    let damaged = [&[0xff, 0xfe][..], &wide, &wide, &[0x00, 0xd8, b'x', 0]].concat();
    insta::assert_snapshot!(refused(&damaged), @"`<dir>/text.txt`: line 3: the bytes are not UTF-16LE");
}

#[test]
fn a_latin_text_that_ends_with_its_only_accent() {
    insta::assert_snapshot!(refused(b"we went to a caf\xe9"), @"`<dir>/text.txt`: byte offset 16 (line 1) is 0xe9, which is not UTF-8 there; the file is likely to be windows-1252");
}

#[test]
fn an_empty_file() {
    insta::assert_snapshot!(refused(""), @"`<dir>/text.txt`: holds nothing; name one with text in it");
}

#[test]
fn a_file_of_white_space() {
    insta::assert_snapshot!(refused(" \r\n\t\n"), @"`text.txt` holds no character but white space; use a text with words in it");
    insta::assert_snapshot!(refused("*** START OF THE PROJECT GUTENBERG EBOOK X ***\n\n*** END OF THE PROJECT GUTENBERG EBOOK X ***\n"), @"`text.txt` holds no character but white space; use a text with words in it");
}

#[test]
#[cfg(unix)]
fn a_device() {
    insta::assert_snapshot!(message(read(&["/dev/null"], ReadSpec::default()), Path::new("/none")), @"`/dev/null`: not a regular file; write its content to a file and name that");
}

#[test]
#[cfg(unix)]
fn a_path_below_a_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("text.txt"), "words").unwrap();
    let below = folder.path().join("text.txt").join("chapter.txt");
    insta::assert_snapshot!(message(read(&[below], ReadSpec::default()), folder.path()), @"`<dir>/text.txt/chapter.txt`: cannot be read: Not a directory (os error 20); check the path and its permissions");
}

#[test]
fn files_too_large_to_read() {
    let folder = tempfile::tempdir().unwrap();
    let paths = ["a.txt", "b.txt"].map(|name| folder.path().join(name));
    // No block of them is written: their lengths alone must be enough to refuse them.
    for path in &paths {
        File::create(path).unwrap().set_len(MAX_TEXT_BYTES / 2 + 1).unwrap();
    }
    insta::assert_snapshot!(message(read(&paths, ReadSpec::default()), folder.path()), @"the files hold 4294967298 bytes together, more than the 4294967296 that are read; use a part of them");
}

#[test]
fn a_binary_file() {
    insta::assert_snapshot!(refused(b"ab\ncd\0ef\xff"), @"`<dir>/text.txt`: a binary file, not text: byte offset 5 (line 2) is 0x00; name a text file");
    insta::assert_snapshot!(refused(b"\x1f\x8b\x08\0\0\0\0\0"), @"`<dir>/text.txt`: is packed by gzip and cannot be unpacked: unexpected end of file; get the whole file again");
}

#[test]
fn other_encodings() {
    insta::assert_snapshot!(refused(b"one\rtwo\r\nthree\ncaf\xe9 noir"), @"`<dir>/text.txt`: byte offset 18 (line 4) is 0xe9, which is not UTF-8 there; the file is likely to be windows-1252");
    insta::assert_snapshot!(refused(b"it\x92s a long walk, isn\x92t it"), @"`<dir>/text.txt`: byte offset 2 (line 1) is 0x92, which is not UTF-8 there; the file is likely to be windows-1252");
    insta::assert_snapshot!(refused("one\ncafé".as_bytes().split_last().unwrap().1), @"`<dir>/text.txt`: the character at byte offset 7 (line 2) is cut short by the file's end; get the whole file again");
    // Surrogates, as old Java programs write them, are not UTF-8 either.
    insta::assert_snapshot!(refused(b"a\xed\xa0\x80b"), @"`<dir>/text.txt`: byte offset 1 (line 1) is 0xed, which is not UTF-8 there; the file is likely to be windows-1250");
}

#[test]
fn too_few_distinct_characters() {
    let message = |characters| Text::new(corpus(characters)).unwrap_err().to_string();
    insta::assert_snapshot!(message("aaaa"), @"`a text`: `a` (U+0061) is the only character, so there is nothing to predict; a vocabulary needs at least 2 distinct ones");
    insta::assert_snapshot!(Vocabulary::of("").unwrap_err(), @"there is no character; a vocabulary needs at least 2 distinct ones");
    insta::assert_snapshot!(Vocabulary::of("\n\n").unwrap_err(), @"U+000A (line end) is the only character, so there is nothing to predict; a vocabulary needs at least 2 distinct ones");
    insta::assert_snapshot!(Corpus::from_string("typed", String::new()).unwrap_err(), @"`typed` holds no character but white space; use a text with words in it");
}

#[test]
fn too_many_distinct_characters() {
    let all: String = ('\u{1}'..='\u{20000}').collect();
    insta::assert_snapshot!(Text::new(corpus(&all)).unwrap_err(), @"`a text`: 129024 distinct characters are more than the 65535 that a vocabulary holds; use a text of fewer");
    let most: Vec<char> = all.chars().take(MAX_VOCABULARY).collect();
    let vocabulary = Vocabulary::new(most).unwrap();
    assert_eq!(vocabulary.id('\u{1}'), Some(0));
    insta::assert_snapshot!(vocabulary.extended("\u{20000}").unwrap_err(), @"65536 distinct characters are more than the 65535 that a vocabulary holds; use a text of fewer");
}

#[test]
fn a_saved_vocabulary_that_was_changed() {
    let message = |json| serde_json::from_str::<Vocabulary>(json).unwrap_err().to_string();
    insta::assert_snapshot!(message("\"aba\""), @"`a` (U+0061) is listed twice; list each character once");
    insta::assert_snapshot!(message("\"a\""), @"`a` (U+0061) is the only character, so there is nothing to predict; a vocabulary needs at least 2 distinct ones");
    insta::assert_snapshot!(message("\"\""), @"there is no character; a vocabulary needs at least 2 distinct ones");
    insta::assert_snapshot!(message("[1]"), @"expected a string of characters, or `tokens` with their `texts`");
}

#[test]
fn characters_that_the_vocabulary_lacks() {
    let vocabulary = Vocabulary::of("abc\n").unwrap();
    let message = |text: &str| vocabulary.encode(text).unwrap_err().to_string();
    insta::assert_snapshot!(message("ab\nc\u{e9}"), @"the vocabulary of 4 characters lacks `é` (U+00E9), at character offset 4, line 2; leave it out");
    insta::assert_snapshot!(message("abC"), @"the vocabulary of 4 characters lacks `C` (U+0043), at character offset 2, line 1; it has `c` (U+0063): turn the text to lower case");
    insta::assert_snapshot!(message("a\tb"), @"the vocabulary of 4 characters lacks U+0009 (tab), at character offset 1, line 1; leave it out");
    insta::assert_snapshot!(message("a b"), @"the vocabulary of 4 characters lacks U+0020 (space), at character offset 1, line 1; leave it out");
    insta::assert_snapshot!(message("\u{feff}a"), @"the vocabulary of 4 characters lacks U+FEFF (byte-order mark), at character offset 0, line 1; leave it out");
    insta::assert_snapshot!(message("a\u{301}"), @"the vocabulary of 4 characters lacks U+0301, at character offset 1, line 1; leave it out");
    insta::assert_snapshot!(message("a'"), @"the vocabulary of 4 characters lacks `'` (U+0027), at character offset 1, line 1; leave it out");
    insta::assert_snapshot!(message("\u{1f600}"), @"the vocabulary of 4 characters lacks `😀` (U+1F600), at character offset 0, line 1; leave it out");
    insta::assert_snapshot!(vocabulary.encode_replacing("a-b", '?').unwrap_err(), @"the replacement `?` (U+003F) is not in the vocabulary; choose a character that is");
    insta::assert_snapshot!(Text::with_vocabulary(corpus("a-b"), &vocabulary).unwrap_err(), @"`a text`: the vocabulary of 4 characters lacks `-` (U+002D), at character offset 1, line 1; leave it out");
    insta::assert_snapshot!(Text::replacing(corpus("a-b"), &vocabulary, '?').unwrap_err(), @"`a text`: the replacement `?` (U+003F) is not in the vocabulary; choose a character that is");
}

#[test]
fn a_text_shorter_than_a_window() {
    insta::assert_snapshot!(Windows::new(&[0; 100], 100).unwrap_err(), @"100 characters are too few for a window of 100, which needs at least 101; choose a shorter window or a longer text");
    insta::assert_snapshot!(Windows::new(&[], 1).unwrap_err(), @"0 characters are too few for a window of 1, which needs at least 2; choose a shorter window or a longer text");
    insta::assert_snapshot!(Windows::new(&[0, 1], 0).unwrap_err(), @"a window of 0 characters cannot be used; choose 1 or more, such as 100");
    Windows::new(&[0; 100], usize::MAX).unwrap_err();
    assert_eq!(Windows::new(&[0; 101], 100).unwrap().len(), 1);
}

#[test]
fn a_text_too_short_for_its_streams() {
    insta::assert_snapshot!(Streams::new(&[0; 100], 10, 10).unwrap_err(), @"100 characters are too few for 10 rows of 10, which need at least 101; choose fewer rows, shorter steps or a longer text");
    insta::assert_snapshot!(Streams::new(&[0; 100], 0, 10).unwrap_err(), @"a batch of 0 rows cannot be used; choose 1 or more, such as 100");
    insta::assert_snapshot!(Streams::new(&[0; 100], 10, 0).unwrap_err(), @"a window of 0 characters cannot be used; choose 1 or more, such as 100");
    Streams::new(&[0; 100], usize::MAX, usize::MAX).unwrap_err();
    assert_eq!(Streams::new(&[0; 101], 10, 10).unwrap().steps(), 1);
}

#[test]
fn fractions_that_leave_a_part_empty() {
    let message = |characters, validation, test| {
        let ids = vec![0; characters];
        TextSplit::by_position(&ids, TextFractions { validation, test }).unwrap_err().to_string()
    };
    insta::assert_snapshot!(message(100, -0.1, 0.1), @"a validation fraction of -0.1 cannot be used; choose one from 0 to below 1, such as 0.1");
    insta::assert_snapshot!(message(100, 0.1, 1.0), @"a test fraction of 1 cannot be used; choose one from 0 to below 1, such as 0.1");
    insta::assert_snapshot!(message(100, f64::NAN, 0.1), @"a validation fraction of NaN cannot be used; choose one from 0 to below 1, such as 0.1");
    insta::assert_snapshot!(message(100, 0.5, 0.5), @"a validation fraction of 0.5 and a test fraction of 0.5 leave none of the 100 characters for the training part; use a longer text or other fractions");
    insta::assert_snapshot!(message(100, 0.9, 0.9), @"a validation fraction of 0.9 and a test fraction of 0.9 leave none of the 100 characters for the training part; use a longer text or other fractions");
    insta::assert_snapshot!(message(9, 0.1, 0.2), @"a validation fraction of 0.1 and a test fraction of 0.2 leave none of the 9 characters for the validation part; use a longer text or other fractions");
    insta::assert_snapshot!(message(9, 0.2, 0.1), @"a validation fraction of 0.2 and a test fraction of 0.1 leave none of the 9 characters for the test part; use a longer text or other fractions");
    insta::assert_snapshot!(message(0, 0.0, 0.0), @"a validation fraction of 0 and a test fraction of 0 leave none of the 0 characters for the training part; use a longer text or other fractions");
}

#[test]
fn text_that_the_demo_grammar_cannot_make() {
    let message = |text| demo_surprise(text).unwrap_err().to_string();
    insta::assert_snapshot!(message("the dog run.\n"), @r#"this is no demo text: '.' at character offset 11 cannot come there, but one of "s"; score whole sentences that `demo` made"#);
    insta::assert_snapshot!(message("the dog (the hens \"the owl sings) eat\" runs.\n"), @r#"this is no demo text: ')' at character offset 32 cannot come there, but one of " \""; score whole sentences that `demo` made"#);
    insta::assert_snapshot!(message("Well, Prince"), @r#"this is no demo text: 'W' at character offset 0 cannot come there, but one of "t"; score whole sentences that `demo` made"#);
    insta::assert_snapshot!(message("thé dog"), @r#"this is no demo text: 'é' at character offset 2 cannot come there, but one of "e"; score whole sentences that `demo` made"#);
}

#[test]
fn unknown_fields_of_a_configuration_are_refused() {
    let spec: ReadSpec = serde_json::from_str(r#"{"case": "lower"}"#).unwrap();
    assert_eq!(spec, ReadSpec { case: Case::Lower, ..ReadSpec::default() });
    assert!(serde_json::from_str::<ReadSpec>(r#"{"lower": true}"#).is_err());
    assert!(serde_json::from_str::<TextFractions>(r#"{"train": 0.8}"#).is_err());
}

//! Every data set of reviews that cannot be used, with the message that its user sees.
#![cfg(feature = "reviews")]

mod sources;

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
};

use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;
use recurrent_data::reviews::{
    BatchSpec, Batches, ClassNames, Coding, Columns, Corpus, Dataset, Holdout, Label, LabelsAs,
    MAX_REVIEW_BYTES, MAX_SOURCE_BYTES, Order, PadSpec, ReadSpec, ReviewError, Sequences, Vocabulary,
    WordsOf, demo, read,
};
use tar::{Builder, EntryType};

fn message<T: std::fmt::Debug>(result: Result<T, ReviewError>, folder: &Path) -> String {
    let error = result.expect_err("the reviews should be refused");
    error.to_string().replace(&folder.display().to_string(), "<dir>")
}

/// The message of reading a file with this name and content.
fn refused(name: &str, content: impl AsRef<[u8]>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    message(read(path, &ReadSpec::default()), folder.path())
}

/// The message of reading an archive of these entries after the usual ones.
fn refused_archive(name: &str, kind: EntryType, content: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.tgz");
    let mut tar = Builder::new(GzEncoder::new(File::create(&path).unwrap(), Compression::fast()));
    for (name, content) in sources::ENTRIES {
        sources::append(&mut tar, name, EntryType::Regular, content);
    }
    sources::append(&mut tar, name, kind, content);
    tar.into_inner().unwrap().finish().unwrap();
    message(read(path, &ReadSpec::default()), folder.path())
}

/// The bytes of a good archive.
fn archive() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    fs::read(sources::archive(folder.path(), sources::ENTRIES)).unwrap()
}

#[test]
fn no_data_set_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("aclImdb_v1.tar.gz");
    insta::assert_snapshot!(message(read(missing, &ReadSpec::default()), folder.path()), @"`<dir>/aclImdb_v1.tar.gz`: no such file or folder; check the path");
    insta::assert_snapshot!(message(read(folder.path(), &ReadSpec::default()), folder.path()), @"`<dir>`: holds no review; expected files such as `aclImdb/train/pos/0_9.txt`, in the folders `pos` and `neg` of `train` and `test`");
    insta::assert_snapshot!(refused("reviews.txt", "good"), @"`<dir>/reviews.txt`: has one column and no more, `good`; expected one of texts and one of labels, parted by commas, tabs or semicolons");
    insta::assert_snapshot!(refused("reviews.csv", ""), @"`<dir>/reviews.csv`: the file is empty; name one with reviews in it");
    insta::assert_snapshot!(message(read("/dev/null", &ReadSpec::default()), Path::new("/none")), @"`/dev/null`: this is no regular file; write its content to a file and name that");
}

#[test]
fn files_too_large_to_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    // No block of it is written: its length alone must be enough to refuse it.
    File::create(&path).unwrap().set_len(MAX_SOURCE_BYTES + 1).unwrap();
    insta::assert_snapshot!(message(read(&path, &ReadSpec::default()), folder.path()), @"`<dir>/a.csv`: holds 4294967297 bytes, more than the 4294967296 that are read; use a part of it");
}

#[test]
fn an_archive_cut_short() {
    let whole = archive();
    insta::assert_snapshot!(refused("a.tar.gz", &whole[..whole.len() / 2]), @"`<dir>/a.tar.gz`: the archive is cut short; get the whole file again");
    // Without the checksum at its end, all reviews are there, but nobody knows whether they are right.
    insta::assert_snapshot!(refused("a.tar.gz", &whole[..whole.len() - 4]), @"`<dir>/a.tar.gz`: the archive is cut short; get the whole file again");
    for length in (1..whole.len()).step_by(7) {
        let message = refused("a.tar.gz", &whole[..length]);
        assert!(message.contains("cut short"), "{length} of {} bytes: {message}", whole.len());
    }
}

#[test]
fn an_archive_whose_unpacked_part_is_cut_short() {
    let mut tar = Builder::new(Vec::new());
    for (name, content) in sources::ENTRIES {
        sources::append(&mut tar, name, EntryType::Regular, content);
    }
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    // Within the content of the first review.
    gz.write_all(&tar.into_inner().unwrap()[..520]).unwrap();
    insta::assert_snapshot!(refused("a.tar.gz", gz.finish().unwrap()), @"`<dir>/a.tar.gz`: the archive is cut short; get the whole file again");
}

#[test]
fn what_is_no_archive() {
    insta::assert_snapshot!(refused("a.tar.gz", "<html>404 Not Found</html>"), @"`<dir>/a.tar.gz`: cannot be read as a gzipped tar archive: invalid gzip header; get the file again");
    let mut page = GzEncoder::new(Vec::new(), Compression::fast());
    page.write_all(&b"<html>not found</html>".repeat(100)).unwrap();
    insta::assert_snapshot!(refused("a.tar.gz", page.finish().unwrap()), @"`<dir>/a.tar.gz`: cannot be read as a gzipped tar archive: numeric field was not a number: /html><h when getting cksum for <html>not found</html><html>not found</html><html>not found</html><html>not found</html><html>not fo; get the file again");
    let mut wrong = archive();
    let checksum = wrong.len() - 6;
    wrong[checksum] ^= 1;
    insta::assert_snapshot!(refused("a.tar.gz", wrong), @"`<dir>/a.tar.gz`: cannot be read as a gzipped tar archive: corrupt gzip stream does not have a matching checksum; get the file again");
    let folder = tempfile::tempdir().unwrap();
    let other = sources::archive(folder.path(), [("photographs/1.png", b"\x89PNG")]);
    insta::assert_snapshot!(message(read(other, &ReadSpec::default()), folder.path()), @"`<dir>/aclImdb_v1.tar.gz`: holds no review; expected files such as `aclImdb/train/pos/0_9.txt`, in the folders `pos` and `neg` of `train` and `test`");
}

#[test]
fn paths_that_leave_the_folder() {
    insta::assert_snapshot!(refused_archive("aclImdb/train/pos/../../../../etc/1_9.txt", EntryType::Regular, b"good"), @"`<dir>/a.tgz`: `aclImdb/train/pos/../../../../etc/1_9.txt` leaves the archive's folder, as no path of a right archive does; get the archive from its home");
    insta::assert_snapshot!(refused_archive("/aclImdb/train/pos/1_9.txt", EntryType::Regular, b"good"), @"`<dir>/a.tgz`: `/aclImdb/train/pos/1_9.txt` leaves the archive's folder, as no path of a right archive does; get the archive from its home");
    insta::assert_snapshot!(refused_archive("../README", EntryType::Regular, b"good"), @"`<dir>/a.tgz`: `../README` leaves the archive's folder, as no path of a right archive does; get the archive from its home");
}

#[test]
fn entries_that_are_no_reviews() {
    insta::assert_snapshot!(refused_archive("aclImdb/train/pos/first.txt", EntryType::Regular, b"good"), @"`<dir>/a.tgz`: `aclImdb/train/pos/first.txt` is not named as a review is; expected a number and a rating, such as `0_9.txt`");
    insta::assert_snapshot!(refused_archive("aclImdb/train/pos/1_9.txt", EntryType::Symlink, b""), @"`<dir>/a.tgz`: `aclImdb/train/pos/1_9.txt` is no regular file; expected a review");
    insta::assert_snapshot!(refused_archive("aclImdb/train/pos/9_7.txt", EntryType::Regular, b"good"), @"`<dir>/a.tgz`: `train/pos/9_7.txt` is there twice; keep one of the two");
    let long = vec![b'a'; MAX_REVIEW_BYTES as usize + 1];
    insta::assert_snapshot!(refused_archive("aclImdb/train/pos/1_9.txt", EntryType::Regular, &long), @"`<dir>/a.tgz`: `aclImdb/train/pos/1_9.txt` holds 1048577 bytes, more than the 1048576 of any review; take it out");
}

#[test]
fn a_review_that_is_not_utf_8() {
    insta::assert_snapshot!(refused_archive("aclImdb/test/pos/7_9.txt", EntryType::Regular, b"caf\xe9 noir"), @"`<dir>/a.tgz`: `aclImdb/test/pos/7_9.txt` is no text: line 1: byte 0xe9 is not UTF-8; the text is likely to be windows-1252");
    let folder = tempfile::tempdir().unwrap();
    let latin = [("aclImdb/train/neg/7_1.txt", &b"tr\xe8s mal"[..])];
    sources::folder(folder.path(), sources::ENTRIES.into_iter().chain(latin));
    insta::assert_snapshot!(message(read(folder.path(), &ReadSpec::default()), folder.path()), @"`<dir>`: `train/neg/7_1.txt` is no text: line 1: byte 0xe8 is not UTF-8; the text is likely to be windows-1252");
}

#[test]
fn empty_reviews_alone() {
    let empty = [("aclImdb/train/pos/1_9.txt", ""), ("aclImdb/train/neg/1_1.txt", " \n")];
    let folder = tempfile::tempdir().unwrap();
    insta::assert_snapshot!(message(read(sources::archive(folder.path(), empty), &ReadSpec::default()), folder.path()), @"`<dir>/aclImdb_v1.tar.gz` holds no training review with a label; use a data set that does");
    insta::assert_snapshot!(refused("a.csv", "text,label\n,1\n,0\n"), @"`<dir>/a.csv` holds no training review with a label; use a data set that does");
    insta::assert_snapshot!(refused("a.csv", "text,label\n"), @"`<dir>/a.csv` holds no training review with a label; use a data set that does");
}

#[test]
fn one_class_only() {
    let positive = || sources::ENTRIES.into_iter().filter(|(name, _)| !name.starts_with("aclImdb/train/neg"));
    let folder = tempfile::tempdir().unwrap();
    insta::assert_snapshot!(message(read(sources::archive(folder.path(), positive()), &ReadSpec::default()), folder.path()), @"`<dir>/aclImdb_v1.tar.gz`: every training review is positive (2 in all), and nothing is learnt from one class alone; add reviews that are negative");
    sources::folder(folder.path(), positive());
    insta::assert_snapshot!(message(read(folder.path(), &ReadSpec::default()), folder.path()), @"`<dir>`: every training review is positive (2 in all), and nothing is learnt from one class alone; add reviews that are negative");
    insta::assert_snapshot!(refused("a.jsonl", "{\"text\":\"bad\",\"label\":0}\n"), @"`<dir>/a.jsonl`: every training review is negative (1 in all), and nothing is learnt from one class alone; add reviews that are positive");
    let no_train = sources::ENTRIES.into_iter().filter(|(name, _)| !name.starts_with("aclImdb/train"));
    insta::assert_snapshot!(message(read(sources::archive(folder.path(), no_train), &ReadSpec::default()), folder.path()), @"`<dir>/aclImdb_v1.tar.gz` holds no training review with a label; use a data set that does");
}

#[test]
fn a_table_without_the_columns() {
    insta::assert_snapshot!(refused("a.csv", "review,sentiment\ngood,1\n"), @"`<dir>/a.csv`: every training review is positive (1 in all), and nothing is learnt from one class alone; add reviews that are negative");
    insta::assert_snapshot!(refused("a.csv", "text\tlabel\ngood\t1\n"), @"`<dir>/a.csv`: every training review is positive (1 in all), and nothing is learnt from one class alone; add reviews that are negative");
    insta::assert_snapshot!(refused("a.csv", "text;label\ngood;1\n"), @"`<dir>/a.csv`: every training review is positive (1 in all), and nothing is learnt from one class alone; add reviews that are negative");
    insta::assert_snapshot!(refused("a.jsonl", "{\"text\":\"good\"}\n"), @"`<dir>/a.jsonl`: has one column and no more, `text`; expected one of texts and one of labels, parted by commas, tabs or semicolons");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    fs::write(&path, "Text,TEXT,label\ngood,fine,1\n").unwrap();
    insta::assert_snapshot!(message(read(&path, &ReadSpec::default()), folder.path()), @"`<dir>/a.csv`: cannot tell which column holds the texts; its columns are `Text`, `TEXT`, `label`; name the text column");
    let columns = Columns { text: Some("TEXT".to_owned()), label: Some("stars".to_owned()) };
    let result = read(&path, &ReadSpec { columns, ..ReadSpec::default() });
    insta::assert_snapshot!(message(result, folder.path()), @"`<dir>/a.csv`: no column `stars`; its columns are `Text`, `TEXT`, `label`; name the label column");
}

#[test]
fn labels_that_could_be_read_in_two_ways_or_in_none() {
    insta::assert_snapshot!(refused("a.csv", "text,stars\ngood,4\nbad,1\nso so,2\nfine,5\n"), @"`<dir>/a.csv`: the labels are 1, 2, 4 and 5, which may be stars or the numbers of classes; say which of them are positive, such as 4 and 5, or that each is a class");
    insta::assert_snapshot!(refused("a.csv", "text,label\ngood,1.5\nbad,3\nso so,2\n"), @"`<dir>/a.csv`: the labels are 1.5, 2 and 3, which may be stars or the numbers of classes; say which of them are positive, such as 3, or that each is a class");
    insta::assert_snapshot!(refused("a.csv", "text,label\ngood,1\nso so,\n"), @"`<dir>/a.csv`, row 2: the label is missing; write one, or take the row out");
    insta::assert_snapshot!(refused("a.jsonl", "{\"text\":\"good\",\"label\":null}\n"), @"`<dir>/a.jsonl`, line 1: the label is missing; write one, or take the row out");
    insta::assert_snapshot!(refused("a.jsonl", "{\"text\":\"good\",\"label\":[[\"war\"],\"love\"]}\n"), @r#"`<dir>/a.jsonl`, line 1: the label is [["war"],"love"]; expected a word, a number, true or false, or a list of these"#);
    let ids: String = (0..40).map(|i| format!("film {i},number {i}\n")).collect();
    insta::assert_snapshot!(refused("a.csv", format!("text,label\n{ids}")), @"`<dir>/a.csv`: the column `label` has 40 different labels for 40 reviews, such as `number 0`; a label must occur more often, and there may be 1000 at most; name the label column");
    let refused_as = |labels| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        fs::write(&path, "text,label\ngood,5\nbad,1\nso so,3\nodd,none\n").unwrap();
        message(read(path, &ReadSpec { labels, ..ReadSpec::default() }), folder.path())
    };
    insta::assert_snapshot!(refused_as(LabelsAs::Positive(vec!["4".to_owned(), "5".to_owned()])), @"`<dir>/a.csv`: no review has the label 4, which is to be positive; the labels are 1, 3, 5 and none");
    // Of one number nothing is learnt, whatever it is taken for.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    fs::write(&path, "text,stars\ngood,5\nfine,5\n").unwrap();
    let stars = ReadSpec { labels: LabelsAs::Stars, ..ReadSpec::default() };
    insta::assert_snapshot!(message(read(path, &stars), folder.path()), @"`<dir>/a.csv`: every training review is 5 (2 in all), and nothing is learnt from one class alone; add reviews that are of another class");
    insta::assert_snapshot!(refused_as(LabelsAs::Stars), @"`<dir>/a.csv`: the labels are 1, 3, 5 and none, and stars are numbers; leave out that they are stars");
    insta::assert_snapshot!(refused_as(LabelsAs::Known(ClassNames::new(["1", "3"]))), @"`<dir>/a.csv`, row 1: the label is `5`; the model's classes are 1 and 3; take the row out, or train with such rows too");
}

#[test]
fn a_packed_table_that_swells_or_is_cut_short() {
    let packed = |bytes: &[u8]| {
        let mut gz = GzEncoder::new(Vec::new(), Compression::best());
        gz.write_all(bytes).unwrap();
        gz.finish().unwrap()
    };
    insta::assert_snapshot!(refused("a.csv.gz", packed(&vec![b'a'; 32 << 20])), @"`<dir>/a.csv.gz`: has 32636 bytes and unpacks to more than 16777216, as no right table does; get it again");
    let whole = packed(b"text,label\ngood,1\nbad,0\n");
    insta::assert_snapshot!(refused("a.csv.gz", &whole[..whole.len() - 9]), @"`<dir>/a.csv.gz`: cannot be unpacked: incomplete deflate stream; get the file again");
    insta::assert_snapshot!(refused("a.csv", "<!DOCTYPE html><html>not found</html>"), @"`<dir>/a.csv`: this is a web page and no table; get the file itself, as a browser's link to the raw file does");
}

#[test]
fn tables_that_are_none() {
    insta::assert_snapshot!(refused("a.csv", b"text,label\ncaf\xe9,1\n"), @"`<dir>/a.csv`: line 2: byte 0xe9 is not UTF-8; the text is likely to be windows-1252");
    insta::assert_snapshot!(refused("a.csv", "text,label\n\"good,1\nbad,0\n"), @"`<dir>/a.csv`: cannot be read as a CSV table: row 1: a quote is not closed");
    insta::assert_snapshot!(refused("a.csv", "text,label\ngood,1\n\"the \"best\" of all\",1\n"), @"`<dir>/a.csv`: cannot be read as a CSV table: row 2: a quote stands within quotes; write it twice");
    insta::assert_snapshot!(refused("a.csv", "\n\n"), @"`<dir>/a.csv`: cannot be read as a CSV table: it holds nothing but blank lines");
    insta::assert_snapshot!(refused("a.csv", "text,label\ngood, very good,1\n"), @"`<dir>/a.csv`, row 1: has 3 fields, but the header 2; put texts that hold commas in quotes");
    insta::assert_snapshot!(refused("a.csv", "a,text,label\n1,\"so\n, so\",1\n2,good, very good,1\n"), @"`<dir>/a.csv`, row 2: has 4 fields, but the header 3; put texts that hold commas in quotes");
    insta::assert_snapshot!(refused("a.jsonl", "[{\"text\":\"good\",\"label\":1}]"), @"`<dir>/a.jsonl`: every training review is positive (1 in all), and nothing is learnt from one class alone; add reviews that are negative");
    insta::assert_snapshot!(refused("a.jsonl", "{\"text\":\"good\",\"label\":1}\n{\"text\":\"bad\""), @"`<dir>/a.jsonl`, line 2: no JSON object: EOF while parsing an object at column 13; expected one review a line");
    insta::assert_snapshot!(refused("a.jsonl", "{\"text\":[\"good\"],\"label\":1}\n"), @r#"`<dir>/a.jsonl`, line 1: the text is ["good"]; expected a string"#);
    insta::assert_snapshot!(refused("a.jsonl", b"{\"text\":\"caf\xe9\",\"label\":1}\n"), @"`<dir>/a.jsonl`: line 1: byte 0xe9 is not UTF-8; the text is likely to be windows-1252");
    insta::assert_snapshot!(refused("a.parquet", "text,label\ngood,1\n"), @"`<dir>/a.parquet`: cannot be read as a Parquet table: Invalid Parquet file. Corrupt footer");
    let long = "a".repeat(MAX_REVIEW_BYTES as usize + 1);
    insta::assert_snapshot!(refused("a.csv", format!("text,label\n{long},1\n")), @"`<dir>/a.csv`, row 1: the text holds 1048577 bytes, more than the 1048576 of any review; take it out");
}

fn parquet(name: &str) -> Vec<u8> {
    fs::read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/parquet")).join(name)).unwrap()
}

#[test]
fn parquet_of_other_types_and_compressions() {
    insta::assert_snapshot!(refused("a.parquet", parquet("booleans.parquet")), @"`<dir>/a.parquet`: every training review is positive (1 in all), and nothing is learnt from one class alone; add reviews that are negative");
    insta::assert_snapshot!(refused("a.parquet", parquet("brotli.parquet")), @"`<dir>/a.parquet`: cannot be read as a Parquet table: Disabled feature at compile time: brotli; write it again with Snappy or Zstandard compression");
    let whole = parquet("snappy.parquet");
    insta::assert_snapshot!(refused("a.parquet", &whole[..whole.len() / 2]), @"`<dir>/a.parquet`: cannot be read as a Parquet table: Invalid Parquet file. Corrupt footer");
}

#[test]
fn a_vocabulary_without_words() {
    insta::assert_snapshot!(Vocabulary::of([" :-) ", "<br />"]).unwrap_err(), @"there is no word; a vocabulary needs at least 1");
    let wordless: Corpus = {
        let mut corpus = demo(1, 10);
        corpus.train = [("...", Label::POSITIVE), ("!", Label::NEGATIVE)]
            .map(|(text, label)| (text.to_owned(), label))
            .into_iter()
            .collect();
        corpus
    };
    insta::assert_snapshot!(Dataset::new(wordless, WordsOf::Train).unwrap_err(), @"`demo`: there is no word; a vocabulary needs at least 1");
    insta::assert_snapshot!(Vocabulary::of(["a word"]).unwrap().most_frequent(0).unwrap_err(), @"there is no word; a vocabulary needs at least 1");
}

#[test]
fn a_saved_vocabulary_that_was_changed() {
    let message = |json| serde_json::from_str::<Vocabulary>(json).unwrap_err().to_string();
    insta::assert_snapshot!(message("[]"), @"there is no word; a vocabulary needs at least 1");
    insta::assert_snapshot!(message(r#"[["a",3],["b",2],["a",1]]"#), @"`a` is listed twice; list each word once");
    insta::assert_snapshot!(message(r#"[["a",3],["a",3]]"#), @"`a` is listed twice; list each word once");
    insta::assert_snapshot!(message(r#"[["b",2],["a",3]]"#), @"`a` is out of order; list frequent words first, and equally frequent ones alphabetically");
    insta::assert_snapshot!(message(r#"[["b",2],["a",2]]"#), @"`a` is out of order; list frequent words first, and equally frequent ones alphabetically");
    insta::assert_snapshot!(message(r#"[["Film",2]]"#), @r#""Film" is no word; list words in lower case, without white space and punctuation"#);
    insta::assert_snapshot!(message(r#"[["a film",2]]"#), @r#""a film" is no word; list words in lower case, without white space and punctuation"#);
    insta::assert_snapshot!(message(r#"[["",2]]"#), @r#""" is no word; list words in lower case, without white space and punctuation"#);
    insta::assert_snapshot!(message(r#"[["a",-1]]"#), @"expected words, each with how often it occurred");
}

#[test]
fn a_coding_that_leaves_no_word() {
    insta::assert_snapshot!(Coding::new(10, 5000).unwrap_err(), @"num_words is 10 and skip_top 5000, so that no word is left; choose num_words above skip_top, such as 5000 and 10");
    insta::assert_snapshot!(Coding::new(10, 10).unwrap_err(), @"num_words is 10 and skip_top 10, so that no word is left; choose num_words above skip_top, such as 5000 and 10");
    insta::assert_snapshot!(Coding::new(4, 0).unwrap_err(), @"num_words is 4, but the first word has index 4; choose at least 5");
    insta::assert_snapshot!(serde_json::from_str::<Coding>(r#"{"num_words":5,"skip_top":6}"#).unwrap_err(), @"num_words is 5 and skip_top 6, so that no word is left; choose num_words above skip_top, such as 5000 and 10");
    assert_eq!(Coding::new(5, 0).unwrap().index(1), 4);
}

#[test]
fn parts_that_cannot_be_held_out() {
    let labels = [[Label::NEGATIVE; 9], [Label::POSITIVE; 9]].concat();
    let message =
        |labels: &[Label], fraction| Holdout::stratified(labels, fraction, 1).unwrap_err().to_string();
    insta::assert_snapshot!(message(&labels, 0.0), @"a validation fraction of 0 cannot be used; choose one above 0 and below 1, such as 0.1");
    insta::assert_snapshot!(message(&labels, 1.0), @"a validation fraction of 1 cannot be used; choose one above 0 and below 1, such as 0.1");
    insta::assert_snapshot!(message(&labels, f64::NAN), @"a validation fraction of NaN cannot be used; choose one above 0 and below 1, such as 0.1");
    insta::assert_snapshot!(message(&labels, 0.1), @"a validation fraction of 0.1 leaves none of the 9 reviews of class 0 on one side; use more reviews or another fraction");
    insta::assert_snapshot!(message(&[], 0.5), @"there is no review to hold out; use a data set with some");
}

#[test]
fn batches_that_hold_nothing() {
    let indices: Sequences = [&[1][..]].into_iter().collect();
    let message = |samples, spec| Batches::new(&indices, &[], samples, spec).unwrap_err().to_string();
    let spec = BatchSpec::default();
    insta::assert_snapshot!(message(vec![0], BatchSpec { batch: 0, ..spec }), @"a batch of 0 reviews cannot be used; choose 1 or more, such as 32");
    insta::assert_snapshot!(message(vec![0], BatchSpec { order: Order::Bucketed(0), ..spec }), @"a pool of 0 batches cannot be sorted; choose 1 or more, such as 50");
    insta::assert_snapshot!(message(vec![0], BatchSpec { pad: PadSpec { length: Some(0), ..PadSpec::default() }, ..spec }), @"a length of 0 keeps nothing of a review; choose 1 or more, such as 200");
    insta::assert_snapshot!(message(vec![], spec), @"there is no review to make a batch of; choose at least 1");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    /// A damaged file is read, or refused with a message: it never makes a panic.
    #[test]
    fn no_file_does_worse_than_an_error(
        kind in 0_usize..5, at in any::<prop::sample::Index>(), bytes in proptest::collection::vec(any::<u8>(), 0..6),
        cut in any::<bool>(),
    ) {
        let (name, content) = match kind {
            0 => ("a.tar.gz", archive()),
            1 => ("a.csv", b"text,label\n\"go,od\n\",1\nbad,0\n\"a \"\"b\"\"\",1\n".to_vec()),
            2 => ("a.jsonl", b"{\"text\":\"good\",\"label\":1}\n{\"text\":\"bad\",\"label\":\"0\"}\n".to_vec()),
            3 => ("a.parquet", parquet("snappy.parquet")),
            _ => ("a.parquet", parquet("polars.parquet")),
        };
        let at = at.index(content.len());
        let rest = if cut { &[][..] } else { &content[(at + bytes.len()).min(content.len())..] };
        let content = [&content[..at], &bytes, rest].concat();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        if let Ok(corpus) = read(&path, &ReadSpec::default()) {
            prop_assert_eq!(corpus.train.texts().len(), corpus.train.labels().len());
        }
    }
}

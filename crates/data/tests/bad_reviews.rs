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
    BatchSpec, Batches, Coding, Columns, Corpus, Dataset, Holdout, Label, MAX_REVIEW_BYTES, MAX_SOURCE_BYTES,
    Order, PadSpec, ReadSpec, ReviewError, Sequences, Vocabulary, WordsOf, demo, read,
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
    insta::assert_snapshot!(refused("reviews.txt", "good"), @"`<dir>/reviews.txt`: cannot tell from its name what this is; expected a folder, or a name that ends with `.tar.gz` or `.tgz` (an archive), `.csv`, `.parquet`, or `.jsonl` or `.ndjson` (JSON, one review a line)");
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
    insta::assert_snapshot!(refused_archive("aclImdb/test/pos/7_9.txt", EntryType::Regular, b"caf\xe9 noir"), @"`<dir>/a.tgz`: `aclImdb/test/pos/7_9.txt` is not UTF-8: byte offset 3 is 0xe9; convert it, as with `iconv -f LATIN1 -t UTF-8`");
    let folder = tempfile::tempdir().unwrap();
    let latin = [("aclImdb/train/neg/7_1.txt", &b"tr\xe8s mal"[..])];
    sources::folder(folder.path(), sources::ENTRIES.into_iter().chain(latin));
    insta::assert_snapshot!(message(read(folder.path(), &ReadSpec::default()), folder.path()), @"`<dir>`: `train/neg/7_1.txt` is not UTF-8: byte offset 2 is 0xe8; convert it, as with `iconv -f LATIN1 -t UTF-8`");
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
    insta::assert_snapshot!(refused("a.csv", "review,sentiment\ngood,1\n"), @"`<dir>/a.csv`: no column `text`; its columns are `review`, `sentiment`; name the text column");
    insta::assert_snapshot!(refused("a.csv", "text\tlabel\ngood\t1\n"), @r"`<dir>/a.csv`: no column `text`; its columns are `text\tlabel`; separate the columns by commas");
    insta::assert_snapshot!(refused("a.csv", "text;label\ngood;1\n"), @"`<dir>/a.csv`: no column `text`; its columns are `text;label`; separate the columns by commas");
    insta::assert_snapshot!(refused("a.jsonl", "{\"text\":\"good\"}\n"), @"`<dir>/a.jsonl`, line 1: no field `label`; its fields are `text`; name the label field");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    fs::write(&path, "Text,TEXT,label\ngood,fine,1\n").unwrap();
    insta::assert_snapshot!(message(read(&path, &ReadSpec::default()), folder.path()), @"`<dir>/a.csv`: no column `text`; its columns are `Text`, `TEXT`, `label`; name the text column");
    let columns = Columns { text: "TEXT".to_owned(), label: "stars".to_owned() };
    let result = read(&path, &ReadSpec { columns, ..ReadSpec::default() });
    insta::assert_snapshot!(message(result, folder.path()), @"`<dir>/a.csv`: no column `stars`; its columns are `Text`, `TEXT`, `label`; name the label column");
}

#[test]
fn labels_other_than_0_and_1() {
    insta::assert_snapshot!(refused("a.csv", "text,label\ngood,1\nso so,2\n"), @"`<dir>/a.csv`, row 2: the label is `2`; expected 0 or 1, or neg or pos");
    insta::assert_snapshot!(refused("a.csv", "text,label\ngood,1\nso so,\n"), @"`<dir>/a.csv`, row 2: the label is missing; expected 0 or 1, or neg or pos");
    insta::assert_snapshot!(refused("a.csv", "text,label\ngood,1\n\"a\nb\",unsup\n"), @"`<dir>/a.csv`, row 2: the label is `unsup`; expected 0 or 1, or neg or pos");
    insta::assert_snapshot!(refused("a.jsonl", "{\"text\":\"good\",\"label\":1}\n\n{\"text\":\"bad\",\"label\":-1}\n"), @"`<dir>/a.jsonl`, line 3: the label is `-1`; expected 0 or 1, or neg or pos");
    insta::assert_snapshot!(refused("a.jsonl", "{\"text\":\"good\",\"label\":null}\n"), @"`<dir>/a.jsonl`, line 1: the label is missing; expected 0 or 1, or neg or pos");
    insta::assert_snapshot!(refused("a.jsonl", "{\"text\":\"good\",\"label\":true}\n"), @"`<dir>/a.jsonl`, line 1: the label is `true`; expected 0 or 1, or neg or pos");
}

#[test]
fn tables_that_are_none() {
    insta::assert_snapshot!(refused("a.csv", b"text,label\ncaf\xe9,1\n"), @"`<dir>/a.csv`: cannot be read as a CSV table: byte offset 14 is 0xe9, which is not UTF-8");
    insta::assert_snapshot!(refused("a.csv", "text,label\n\"good,1\nbad,0\n"), @"`<dir>/a.csv`: cannot be read as a CSV table: row 1: a quote is not closed");
    insta::assert_snapshot!(refused("a.csv", "text,label\ngood,1\n\"the \"best\" of all\",1\n"), @"`<dir>/a.csv`: cannot be read as a CSV table: row 2: a quote stands within quotes; write it twice");
    insta::assert_snapshot!(refused("a.csv", "\n\n"), @"`<dir>/a.csv`: cannot be read as a CSV table: it holds nothing but blank lines");
    insta::assert_snapshot!(refused("a.csv", "text,label\ngood, very good,1\n"), @"`<dir>/a.csv`, row 1: has 3 fields, but the header 2; put texts that hold commas in quotes");
    insta::assert_snapshot!(refused("a.csv", "a,text,label\n1,\"so\n, so\",1\n2,good, very good,1\n"), @"`<dir>/a.csv`, row 2: has 4 fields, but the header 3; put texts that hold commas in quotes");
    insta::assert_snapshot!(refused("a.jsonl", "[{\"text\":\"good\",\"label\":1}]"), @"`<dir>/a.jsonl`, line 1: no JSON object: invalid type: sequence, expected a map at column 0; expected one review a line");
    insta::assert_snapshot!(refused("a.jsonl", "{\"text\":\"good\",\"label\":1}\n{\"text\":\"bad\""), @"`<dir>/a.jsonl`, line 2: no JSON object: EOF while parsing an object at column 13; expected one review a line");
    insta::assert_snapshot!(refused("a.jsonl", "{\"text\":[\"good\"],\"label\":1}\n"), @r#"`<dir>/a.jsonl`, line 1: the text is ["good"]; expected a string"#);
    insta::assert_snapshot!(refused("a.jsonl", b"{\"text\":\"caf\xe9\",\"label\":1}\n"), @"`<dir>/a.jsonl`, line 1: byte 13 of the line is not UTF-8; save the file in UTF-8");
    insta::assert_snapshot!(refused("a.parquet", "text,label\ngood,1\n"), @"`<dir>/a.parquet`: cannot be read as a Parquet table: Invalid Parquet file. Corrupt footer");
    let long = "a".repeat(MAX_REVIEW_BYTES as usize + 1);
    insta::assert_snapshot!(refused("a.csv", format!("text,label\n{long},1\n")), @"`<dir>/a.csv`, row 1: the text holds 1048577 bytes, more than the 1048576 of any review; take it out");
}

fn parquet(name: &str) -> Vec<u8> {
    fs::read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/parquet")).join(name)).unwrap()
}

#[test]
fn parquet_of_other_types_and_compressions() {
    insta::assert_snapshot!(refused("a.parquet", parquet("booleans.parquet")), @"`<dir>/a.parquet`: the label column `label` holds true or false; expected numbers or strings");
    insta::assert_snapshot!(refused("a.parquet", parquet("brotli.parquet")), @"`<dir>/a.parquet`: cannot be read as a Parquet table: Disabled feature at compile time: brotli; write it again with Snappy or Zstandard compression");
    let whole = parquet("snappy.parquet");
    insta::assert_snapshot!(refused("a.parquet", &whole[..whole.len() / 2]), @"`<dir>/a.parquet`: cannot be read as a Parquet table: Invalid Parquet file. Corrupt footer");
}

#[test]
fn a_vocabulary_without_words() {
    insta::assert_snapshot!(Vocabulary::of([" :-) ", "<br />"]).unwrap_err(), @"there is no word; a vocabulary needs at least 1");
    let wordless: Corpus = {
        let mut corpus = demo(1, 10);
        corpus.train = [("...", Label::Positive), ("!", Label::Negative)]
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
    insta::assert_snapshot!(message(r#"[["a",-1]]"#), @"invalid value: integer `-1`, expected u64 at line 1 column 8");
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
    let labels = [[Label::Negative; 9], [Label::Positive; 9]].concat();
    let message =
        |labels: &[Label], fraction| Holdout::stratified(labels, fraction, 1).unwrap_err().to_string();
    insta::assert_snapshot!(message(&labels, 0.0), @"a validation fraction of 0 cannot be used; choose one above 0 and below 1, such as 0.1");
    insta::assert_snapshot!(message(&labels, 1.0), @"a validation fraction of 1 cannot be used; choose one above 0 and below 1, such as 0.1");
    insta::assert_snapshot!(message(&labels, f64::NAN), @"a validation fraction of NaN cannot be used; choose one above 0 and below 1, such as 0.1");
    insta::assert_snapshot!(message(&labels, 0.1), @"a validation fraction of 0.1 leaves none of the 9 negative reviews on one side; use more reviews or another fraction");
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

//! Reading reviews from each kind of data set.
#![cfg(feature = "reviews")]

mod sources;

use std::{fs, path::Path};

use recurrent_data::reviews::{
    Classes, Columns, Corpus, Dataset, Label, Note, Part, ReadSpec, Unlabelled, Vocabulary, WordsOf, demo,
    read,
};

const POSITIVE: Label = Label::POSITIVE;
const NEGATIVE: Label = Label::NEGATIVE;

fn all() -> ReadSpec {
    ReadSpec { unlabelled: Unlabelled::Read, ..ReadSpec::default() }
}

/// The reviews of a table with this name and content.
fn table(name: &str, content: impl AsRef<[u8]>, columns: Columns) -> Corpus {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    read(path, &ReadSpec { columns, ..ReadSpec::default() }).unwrap()
}

fn pairs(corpus: &Corpus) -> Vec<(&str, Label)> {
    let texts = corpus.train.texts().iter().map(String::as_str);
    texts.zip(corpus.train.labels().iter().copied()).collect()
}

fn check_parts(corpus: &Corpus) {
    let train = [
        ("A bad film", NEGATIVE),
        ("A good plot, the ninth", POSITIVE),
        ("The tenth: a good film.", POSITIVE),
    ];
    assert_eq!(pairs(corpus), train);
    assert_eq!(corpus.test.texts(), ["A very bad plot", "unheard", "Good, good!<br />The plot"]);
    assert_eq!(corpus.test.labels(), [NEGATIVE, NEGATIVE, POSITIVE]);
    assert_eq!(corpus.unlabelled, ["Nobody knows"]);
    assert_eq!(corpus.notes, []);
}

#[test]
fn an_archive_and_its_folder_hold_the_same_in_one_order() {
    let place = tempfile::tempdir().unwrap();
    let archive = sources::archive(place.path(), sources::ENTRIES);
    let from_archive = read(&archive, &all()).unwrap();
    check_parts(&from_archive);
    let reversed = tempfile::tempdir().unwrap();
    let reversed =
        read(sources::archive(reversed.path(), sources::ENTRIES.into_iter().rev()), &all()).unwrap();
    assert_eq!((&reversed.train, &reversed.test), (&from_archive.train, &from_archive.test));
    assert_ne!(reversed.sha256, from_archive.sha256);

    let place = tempfile::tempdir().unwrap();
    sources::folder(place.path(), sources::ENTRIES);
    let above = read(place.path(), &all()).unwrap();
    check_parts(&above);
    let root = read(place.path().join("aclImdb"), &all()).unwrap();
    assert_eq!((&root.train, &root.sha256, &root.name[..]), (&above.train, &above.sha256, "aclImdb"));
}

#[test]
fn reviews_without_a_label_are_read_only_where_asked_for() {
    let place = tempfile::tempdir().unwrap();
    let archive = sources::archive(place.path(), sources::ENTRIES);
    assert!(read(&archive, &ReadSpec::default()).unwrap().unlabelled.is_empty());
    sources::folder(place.path(), sources::ENTRIES);
    assert!(read(place.path(), &ReadSpec::default()).unwrap().unlabelled.is_empty());
}

#[test]
fn an_archive_without_an_outer_folder_is_read_too() {
    let place = tempfile::tempdir().unwrap();
    let entries = [("./train/pos/1_9.txt", "good"), ("./train/neg/1_2.txt", "bad")];
    let corpus = read(sources::archive(place.path(), entries), &ReadSpec::default()).unwrap();
    assert_eq!(pairs(&corpus), [("bad", NEGATIVE), ("good", POSITIVE)]);
    assert!(corpus.test.is_empty());
}

#[test]
fn an_archives_checksum_is_that_of_its_file() {
    let place = tempfile::tempdir().unwrap();
    let archive = sources::archive(place.path(), sources::ENTRIES);
    // Bytes after the archive's end, as some mirrors add, are part of the file.
    fs::OpenOptions::new()
        .append(true)
        .open(&archive)
        .and_then(|mut file| std::io::Write::write_all(&mut file, &[0; 1000]))
        .unwrap();
    let bytes = fs::read(&archive).unwrap();
    assert_eq!(read(&archive, &all()).unwrap().sha256, sha256(&bytes));
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn blank_reviews_are_left_out_and_told_of() {
    let place = tempfile::tempdir().unwrap();
    let blank = [("aclImdb/train/pos/7_9.txt", &b" \n"[..]), ("aclImdb/test/neg/7_1.txt", b"")];
    let archive = sources::archive(place.path(), sources::ENTRIES.into_iter().chain(blank));
    let corpus = read(&archive, &ReadSpec::default()).unwrap();
    assert_eq!((corpus.train.len(), corpus.test.len()), (3, 3));
    let message = corpus.notes.iter().map(Note::to_string).collect::<Vec<_>>().join("; ");
    insta::assert_snapshot!(message, @"2 reviews without text were left out; the first is aclImdb/train/pos/7_9.txt");

    let corpus = table("a.csv", "text,label\ngood,1\n  ,0\nbad,0\n:-),1\n", Columns::default());
    assert_eq!(pairs(&corpus), [("good", POSITIVE), ("bad", NEGATIVE), (":-)", POSITIVE)]);
    insta::assert_snapshot!(corpus.notes[0], @"1 review without text was left out: row 2");
}

#[test]
fn csv_with_quotes_line_ends_and_a_byte_order_mark() {
    let csv = "\u{feff}id,text,label\r\n1,\"Good, \"\"very\"\" good.\nReally\",1\r\n2,bad,0\r\n3,été,pos\r\n4,dull, Negative \r\n";
    let corpus = table("reviews.CSV", csv, Columns::default());
    let expected = [
        ("Good, \"very\" good.\nReally", POSITIVE),
        ("bad", NEGATIVE),
        ("été", POSITIVE),
        ("dull", NEGATIVE),
    ];
    assert_eq!(pairs(&corpus), expected);
    assert_eq!(corpus.sha256, sha256(csv.as_bytes()));
    assert!(corpus.test.is_empty());
}

#[test]
fn a_long_csv_keeps_its_order() {
    let rows = 3000;
    let text = |i: usize| format!("review {i}, {}", "with words\nand lines ".repeat(i % 7));
    let csv: String = (0..rows).map(|i| format!("\"{}\",{}\n", text(i), i % 2)).collect();
    let corpus = table("a.csv", format!("text,label\n{csv}"), Columns::default());
    assert_eq!(corpus.train.len(), rows);
    for (i, (found, label)) in pairs(&corpus).into_iter().enumerate() {
        assert_eq!((found, label.class()), (&text(i)[..], i % 2), "row {i}");
    }
}

#[test]
fn columns_are_named() {
    let columns = Columns { text: Some("review".to_owned()), label: Some("SENTIMENT".to_owned()) };
    let corpus =
        table("a.csv", "sentiment,text,review\npositive,no,good\nnegative,no,bad\n", columns.clone());
    assert_eq!(pairs(&corpus), [("good", POSITIVE), ("bad", NEGATIVE)]);
    let json =
        "{\"review\":\"good\",\"sentiment\":\"positive\"}\n{\"sentiment\":\"negative\",\"review\":\"bad\"}\n";
    assert_eq!(pairs(&table("a.jsonl", json, columns)), [("good", POSITIVE), ("bad", NEGATIVE)]);
}

#[test]
fn json_lines() {
    let json =
        "{\"text\":\"Good\\nfilm\",\"label\":1,\"id\":[1]}\r\n\n{\"label\":\"neg\",\"text\":\"b\\u00e4d\"}";
    for name in ["a.jsonl", "a.ndjson"] {
        assert_eq!(
            pairs(&table(name, json, Columns::default())),
            [("Good\nfilm", POSITIVE), ("bäd", NEGATIVE)]
        );
    }
}

#[test]
fn parquet_as_pyarrow_and_polars_write_it() {
    // Each has the rows, written by the script beside them, ("good film", 1), ("bad", 0), (null, 1), ("ünd so", 1).
    for name in ["snappy", "zstd", "lz4", "gzip", "none", "version_2", "polars"] {
        let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/parquet"))
            .join(format!("{name}.parquet"));
        let corpus = read(&path, &ReadSpec::default()).unwrap();
        assert_eq!(
            pairs(&corpus),
            [("good film", POSITIVE), ("bad", NEGATIVE), ("ünd so", POSITIVE)],
            "{name}"
        );
        assert_eq!(corpus.notes[0].to_string(), "1 review without text was left out: row 3", "{name}");
    }
}

#[test]
fn one_class_is_enough_where_nothing_is_learnt() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("a.csv");
    fs::write(&path, "text,label\ngood,1\n").unwrap();
    read(&path, &ReadSpec::default()).unwrap_err();
    let spec = ReadSpec { classes: Classes::Any, ..ReadSpec::default() };
    assert_eq!(read(&path, &spec).unwrap().train.len(), 1);
    let only_test = sources::archive(place.path(), [("test/pos/1_9.txt", "good")]);
    assert_eq!(read(only_test, &spec).unwrap().test.len(), 1);
}

#[test]
fn words_are_ranked_by_the_training_part() {
    let place = tempfile::tempdir().unwrap();
    let corpus = read(sources::archive(place.path(), sources::ENTRIES), &all()).unwrap();
    let data = Dataset::new(corpus.clone(), WordsOf::Train).unwrap();
    let words: Vec<_> = data.vocabulary.words().collect();
    assert_eq!(words, ["a", "film", "good", "the", "bad", "ninth", "plot", "tenth"]);
    assert_eq!(
        data.train.ranks().iter().collect::<Vec<_>>(),
        [&[1, 5, 2][..], &[1, 3, 7, 4, 6], &[4, 8, 1, 3, 2]]
    );
    assert_eq!(data.test.ranks().iter().collect::<Vec<_>>(), [&[1, 0, 5, 7][..], &[0], &[3, 3, 4, 7]]);
    assert_eq!(data.unlabelled.get(0), [0, 0]);
    assert_eq!([Part::Train, Part::Test, Part::Unlabelled].map(|part| data.words(part)), [13, 9, 2]);

    let more = Dataset::new(corpus.clone(), WordsOf::TrainAndUnlabelled).unwrap();
    assert_eq!(more.vocabulary.len(), 10);
    assert!(more.unlabelled.get(0).iter().all(|rank| *rank > 0));

    let trained = Vocabulary::of(["good good film"]).unwrap();
    let judged = Dataset::with_vocabulary(corpus, &trained);
    assert_eq!(judged.train.ranks().get(2), [0, 0, 0, 1, 2]);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let encoded = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| Dataset::new(demo(1, 4000), WordsOf::Train).unwrap())
    };
    assert_eq!(encoded(1), encoded(3));
}

//! Labelled texts as people have them: each form is read to the same reviews, without a question where it has one meaning.
#![cfg(feature = "reviews")]

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;
use recurrent_data::reviews::{
    ClassNames, Columns, Corpus, Dataset, Encoding, LabelsAs, ReadSpec, ReviewError, Tokens, WordsOf, read,
    texts,
};

fn fixture(name: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/labelled")).join(name)
}

fn notes(corpus: &Corpus) -> Vec<String> {
    corpus.notes.iter().map(ToString::to_string).collect()
}

/// Reads a file of this name and content.
fn read_as(name: &str, content: impl AsRef<[u8]>, spec: &ReadSpec) -> Result<Corpus, ReviewError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    read(path, spec)
}

fn found(name: &str, content: impl AsRef<[u8]>) -> Corpus {
    read_as(name, content, &ReadSpec::default()).unwrap()
}

/// The texts with the names of their classes.
fn named(corpus: &Corpus) -> Vec<(&str, &str)> {
    let labels = corpus.train.labels().iter().map(|label| corpus.classes.name(*label));
    corpus.train.texts().iter().map(String::as_str).zip(labels).collect()
}

#[test]
fn the_files_of_two_classes_are_read_alike() {
    let of = |name: &str| read(fixture(name), &ReadSpec::default()).unwrap();
    let plain = of("float-labels.csv");
    assert_eq!((plain.train.len(), notes(&plain)), (120, vec![]));
    for (name, told) in [
        ("array.json", vec![]),
        ("packed.csv.gz", vec![]),
        ("booleans.jsonl", vec!["labels: false is negative, true is positive"]),
        ("review-sentiment.csv", vec!["texts are read from the column `review`, labels from `sentiment`"]),
        (
            "tabs.tsv",
            vec![
                "the fields are parted by tabs",
                "texts are read from the column `review`, labels from `sentiment`",
            ],
        ),
    ] {
        let corpus = of(name);
        assert_eq!(named(&corpus), named(&plain), "{name}");
        assert_eq!(notes(&corpus), told, "{name}");
    }
}

#[test]
fn three_words_are_three_classes() {
    let corpus = read(fixture("three-classes.csv"), &ReadSpec::default()).unwrap();
    assert_eq!(corpus.classes, ClassNames::new(["negative", "neutral", "positive"]));
    assert_eq!(notes(&corpus), ["3 classes: negative, neutral and positive"]);
    let first = |class: usize| corpus.train.labels().iter().filter(|label| label.class() == class).count();
    assert_eq!([first(0), first(1), first(2)].iter().sum::<usize>(), corpus.train.len());
}

#[test]
fn stars_are_asked_about() {
    let of = |labels| read(fixture("stars.csv"), &ReadSpec { labels, ..ReadSpec::default() });
    let message = of(LabelsAs::Found).unwrap_err().to_string();
    assert!(
        message.contains("the labels are 1, 2, 4 and 5") && message.contains("such as 4 and 5"),
        "{message}"
    );
    let two = of(LabelsAs::Positive(vec!["4".to_owned(), "5.0".to_owned()])).unwrap();
    assert_eq!(
        (&two.classes, notes(&two).pop().unwrap().as_str()),
        (&ClassNames::binary(), "labels: 1, 2 is negative, 4, 5 is positive")
    );
    let steps = of(LabelsAs::Stars).unwrap();
    assert_eq!(steps.classes.numbers(), Some(vec![1.0, 2.0, 4.0, 5.0]));
    assert_eq!(of(LabelsAs::Classes).unwrap().classes.numbers(), None);
}

#[test]
fn texts_without_blanks_have_words_all_the_same() {
    let corpus = read(fixture("chinese.csv"), &ReadSpec::default()).unwrap();
    let reviews = corpus.train.len();
    let whole = Dataset::in_tokens(corpus.clone(), WordsOf::Train, Tokens::Words).unwrap_err().to_string();
    assert!(whole.contains("reviews are one word each") || whole.contains("one word"), "{whole}");
    let data = Dataset::new(corpus, WordsOf::Train).unwrap();
    assert_eq!(data.vocabulary.tokens(), Tokens::Segments);
    assert!(
        data.vocabulary.words().take(20).all(|word| word.chars().count() == 1),
        "{:?}",
        data.vocabulary.word(1)
    );
    assert!(data.words(recurrent_data::reviews::Part::Train) > 8 * reviews);
}

#[test]
fn what_is_to_be_classified() {
    let lines = texts(&fixture("last-line-blank.txt"), &ReadSpec::default()).unwrap();
    assert_eq!((lines.texts.len(), lines.notes.len()), (5, 1));
    assert_eq!(lines.notes[0].to_string(), "1 review without text was left out: line 6");
    let table = texts(&fixture("to-classify.csv"), &ReadSpec::default()).unwrap();
    assert_eq!((table.texts.len(), table.notes.len()), (6, 0));
    assert!(table.texts.iter().zip(&lines.texts).all(|(row, line)| row == line));
}

#[test]
fn columns_are_found_by_kind() {
    let rows = |row: fn(usize) -> String| (0..30).map(row).collect::<String>();
    // As the collection of messages has them, with columns that hold next to nothing.
    let spam = "v1,v2,,,\n".to_owned()
        + &rows(|i| format!("{},number {i} of some longer messages,,,\n", ["ham", "spam"][i % 2]));
    let corpus = found("spam.csv", spam);
    assert_eq!(corpus.classes, ClassNames::new(["ham", "spam"]));
    assert_eq!(notes(&corpus)[0], "texts are read from the column `v2`, labels from `v1`");
    // As the tweets have them: no header, four columns besides.
    let tweets = rows(|i| {
        let label = [0, 4][i / 15];
        format!(
            "\"{label}\",\"14678{i}\",\"Mon Apr 06 22:19:{i}\",\"NO_QUERY\",\"user{i}\",\"tweet number {i} says rather more than that\"\n"
        )
    });
    let corpus = found("tweets.csv", tweets);
    assert_eq!((corpus.train.len(), &corpus.classes), (30, &ClassNames::binary()));
    assert_eq!(
        notes(&corpus),
        [
            "the first row is no header, so that the columns are called 1 to 6",
            "texts are read from the column `6`, labels from `1`",
            "labels: 0 is negative, 4 is positive"
        ]
    );
    let airline = "tweet_id,airline_sentiment,airline_sentiment_confidence,airline,name,text\n".to_owned()
        + &rows(|i| {
            format!("{i},{},0.{i},United,me,tweet {i}\n", ["neutral", "positive", "negative"][i % 3])
        });
    assert_eq!(found("airline.csv", airline).classes.len(), 3);
    let topics = rows(|i| {
        format!("{}\tA headline of number {i}, with a comma\n", ["sport", "world", "trade", "tech"][i % 4])
    });
    let corpus = found("topics.txt", &topics);
    assert_eq!((corpus.classes.len(), corpus.train.len()), (4, 30), "{:?}", corpus.notes);
    // A name that is asked for counts for more.
    let columns = Columns { text: Some("2".to_owned()), label: None };
    let spec = ReadSpec { columns, ..ReadSpec::default() };
    assert_eq!(read_as("topics.tsv", &topics, &spec).unwrap().train, corpus.train);
}

#[test]
fn the_encoding_is_named() {
    let latin: Vec<u8> =
        [&b"text,label\n\"un tr\xe8s beau film, \xe0 revoir\",1\n"[..], b"\"il n\x92est pas beau\",0\n"]
            .concat();
    match read_as("a.csv", &latin, &ReadSpec::default()).unwrap_err() {
        ReviewError::File { fault, .. } => assert_eq!(fault.likely_encoding(), Encoding::of("windows-1252")),
        other => panic!("{other}"),
    }
    let spec = ReadSpec { encoding: Encoding::of("latin1"), ..ReadSpec::default() };
    let corpus = read_as("a.csv", &latin, &spec).unwrap();
    assert_eq!(corpus.train.texts(), ["un très beau film, à revoir", "il n’est pas beau"]);
    assert_eq!(notes(&corpus), ["the text is read as windows-1252"]);
}

/// How a table is written.
#[derive(Clone, Copy, Debug)]
enum Form {
    Delimited { delimiter: char, quoting: Quoting, header: bool, end: &'static str },
    Array,
    Lines,
}

#[derive(Clone, Copy, Debug)]
enum Quoting {
    Always,
    Needed,
    Backslash,
}

fn forms() -> impl Strategy<Value = Form> {
    let quoting = prop_oneof![Just(Quoting::Always), Just(Quoting::Needed), Just(Quoting::Backslash)];
    let delimited = (
        prop::sample::select(vec![',', '\t', ';', '|']),
        quoting,
        any::<bool>(),
        prop::sample::select(vec!["\n", "\r\n"]),
    );
    prop_oneof![
        4 => delimited.prop_map(|(delimiter, quoting, header, end)| Form::Delimited { delimiter, quoting, header, end }),
        1 => Just(Form::Array),
        1 => Just(Form::Lines),
    ]
}

fn quoted(field: &str, delimiter: char, quoting: Quoting) -> String {
    match quoting {
        Quoting::Needed if !field.contains(['"', '\n', delimiter]) => field.to_owned(),
        Quoting::Backslash => format!("\"{}\"", field.replace('"', "\\\"")),
        _ => format!("\"{}\"", field.replace('"', "\"\"")),
    }
}

fn written(reviews: &[(String, bool)], form: Form, labels: [&str; 2]) -> (String, &'static str) {
    let label = |positive: bool| labels[usize::from(positive)];
    match form {
        Form::Delimited { delimiter, quoting, header, end } => {
            let row = |text: &str, label: &str| {
                format!(
                    "{}{delimiter}{}{end}",
                    quoted(text, delimiter, quoting),
                    quoted(label, delimiter, quoting)
                )
            };
            let header = if header { row("text", "label") } else { String::new() };
            let rows = reviews.iter().map(|(text, positive)| row(text, label(*positive)));
            (header + &rows.collect::<String>(), if delimiter == '\t' { "a.tsv" } else { "a.csv" })
        }
        Form::Array | Form::Lines => {
            let objects: Vec<String> = reviews
                .iter()
                .map(|(text, positive)| {
                    serde_json::json!({"text": text, "label": label(*positive)}).to_string()
                })
                .collect();
            match form {
                Form::Array => (format!("[{}]", objects.join(",\n ")), "a.json"),
                _ => (objects.join("\n"), "a.jsonl"),
            }
        }
    }
}

/// The bytes of a text in an encoding of one byte a character, or in UTF-16 with its mark.
fn encoded(text: &str, encoding: &str) -> Vec<u8> {
    match encoding {
        "utf-16le" => format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "windows-1252" => {
            text.chars().map(|c| if c == '’' { 0x92 } else { u8::try_from(c).unwrap() }).collect()
        }
        _ => text.into(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_form_reads_to_the_same_reviews(
        texts in prop::collection::vec("[a-z]{2,8} [a-zé’,;|\" ]{0,30}[a-z]{6,9}", 6..14),
        form in forms(),
        labels in prop::sample::select(vec![["0", "1"], ["neg", "pos"], ["Negative", "Positive"], ["false", "true"], ["0.0", "1.0"], ["-1", "1"], ["0", "4"], ["no", "yes"]]),
        packed in any::<bool>(),
        encoding in prop::sample::select(vec!["utf-8", "windows-1252", "utf-16le"]),
    ) {
        // Texts of their own, so that they can be told from labels where no header tells.
        let numbered = texts.iter().enumerate().map(|(i, text)| (format!("{text} number{i}"), i % 2 == 0));
        let reviews: Vec<(String, bool)> = numbered.collect();
        let (text, name) = written(&reviews, form, labels);
        let mut bytes = encoded(&text, encoding);
        if packed {
            let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
            gz.write_all(&bytes).unwrap();
            bytes = gz.finish().unwrap();
        }
        let name = if packed { format!("{name}.gz") } else { name.to_owned() };
        let spec = ReadSpec { encoding: Encoding::of(encoding), ..ReadSpec::default() };
        let corpus = read_as(&name, bytes, &spec).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
        prop_assert_eq!(&corpus.classes, &ClassNames::binary());
        let found: Vec<(String, bool)> =
            corpus.train.texts().iter().cloned().zip(corpus.train.labels().iter().map(|label| label.class() == 1)).collect();
        prop_assert_eq!(found, reviews, "{}", text);
    }
}

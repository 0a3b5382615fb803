//! Tables whose texts have any number of labels: each way to write them is read to the same sets.
#![cfg(feature = "reviews")]

use std::fs;

use proptest::prelude::*;
use recurrent_data::reviews::{
    ClassNames, Corpus, Dataset, Holdout, LabelsAs, LoadSpec, ReadSpec, ReviewError, Sequences, WordsOf,
    load, read,
};

const NAMES: [&str; 3] = ["comedy", "drama", "war"];

/// The labels of each of some films; the fifth has none.
const SETS: [&[usize]; 8] = [&[0, 1], &[1], &[0], &[1, 2], &[], &[0, 1, 2], &[2], &[1]];

fn read_as(name: &str, content: &str, labels: LabelsAs) -> Result<Corpus, ReviewError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    read(path, &ReadSpec { labels, ..ReadSpec::default() })
}

fn found(name: &str, content: &str) -> Corpus {
    read_as(name, content, LabelsAs::Found).unwrap()
}

fn refused(name: &str, content: &str, labels: LabelsAs) -> String {
    let message = read_as(name, content, labels).unwrap_err().to_string();
    let (_, after) = message.split_once(name).unwrap();
    after.to_owned()
}

/// A table of the films with cells made of the names of their labels.
fn table(header: &str, cell: impl Fn(&[&str]) -> String) -> String {
    let row = |(place, set): (usize, &&[usize])| {
        let names: Vec<&str> = set.iter().map(|label| NAMES[*label]).collect();
        format!("film number {place} of them all,\"{}\"\n", cell(&names).replace('"', "\"\""))
    };
    std::iter::once(format!("{header}\n")).chain(SETS.iter().enumerate().map(row)).collect()
}

fn notes(corpus: &Corpus) -> String {
    corpus.notes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn assert_read(corpus: &Corpus, form: &str) {
    assert_eq!(corpus.classes, ClassNames::labels(NAMES), "{form}");
    let sets: Vec<Vec<usize>> =
        corpus.train.sets().iter().map(|set| set.iter().map(|label| *label as usize).collect()).collect();
    assert_eq!(sets, SETS, "{form}");
    assert_eq!((corpus.train.len(), corpus.train.labels().len()), (8, 0), "{form}");
    assert!(corpus.train.texts()[3].contains("number 3"), "{form}");
}

#[test]
fn every_form_is_read_to_the_same_sets() {
    for (form, parted) in [("|", "`|`"), (";", "`;`"), (", ", "`,`")] {
        let corpus = found("films.csv", &table("text,label", |names| names.join(form)));
        assert_read(&corpus, form);
        assert_eq!(
            notes(&corpus),
            format!(
                "a review has any number of 3 labels, parted by {parted}: comedy, drama and war\n1 review has no label: row 5"
            )
        );
    }
    let listed = "texts are read from the column `plot`, labels from `genre`\na review has any number of 3 labels, listed in brackets: \
                  comedy, drama and war";
    let json = table("plot,genre", |names| serde_json::to_string(names).unwrap());
    let python = table("plot,genre", |names| {
        format!("[{}]", names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", "))
    });
    for content in [json, python] {
        let corpus = found("films.csv", &content);
        assert_read(&corpus, &content);
        assert_eq!(notes(&corpus), listed);
    }
    let lines: String = SETS
        .iter()
        .enumerate()
        .map(|(place, set)| {
            let names: Vec<&str> = set.iter().map(|label| NAMES[*label]).collect();
            serde_json::json!({"text": format!("film number {place} of them all"), "label": names})
                .to_string()
                + "\n"
        })
        .collect();
    let corpus = found("films.jsonl", &lines);
    assert_read(&corpus, "JSON lines");
    assert_eq!(
        notes(&corpus),
        "a review has any number of 3 labels, listed in brackets: comedy, drama and war"
    );
}

/// As the table of toxic comments has it: an identity, a text, and columns of 0 and 1.
fn flags(one: &str, zero: &str) -> String {
    let row = |(place, set): (usize, &&[usize])| {
        let flags = (0..3).map(|label| if set.contains(&label) { one } else { zero });
        format!("{place}a7f,\"film number {place}, of them all\",{}\n", flags.collect::<Vec<_>>().join(","))
    };
    std::iter::once("id,comment_text,comedy,drama,war\n".to_owned())
        .chain(SETS.iter().enumerate().map(row))
        .collect()
}

#[test]
fn a_column_for_each_label_is_read_too() {
    for (one, zero) in [("1", "0"), ("1.0", "0.0"), ("True", "False")] {
        let corpus = found("films.csv", &flags(one, zero));
        assert_read(&corpus, one);
        assert_eq!(
            notes(&corpus),
            "texts are read from the column `comment_text`\na review has any number of 3 labels, a column of 0 and 1 for each: comedy, \
             drama and war"
        );
    }
    // An empty field is a 0.
    assert_read(&found("films.csv", &flags("1", "")), "empty");
    let lines: String = SETS
        .iter()
        .enumerate()
        .map(|(place, set)| {
            let text = format!("film number {place} of them all");
            let flag = |label: usize| u8::from(set.contains(&label));
            serde_json::json!({"text": text, "comedy": flag(0), "drama": flag(1), "war": flag(2)}).to_string()
                + "\n"
        })
        .collect();
    assert_read(&found("films.jsonl", &lines), "JSON lines");
}

#[test]
fn what_holds_neither_0_nor_1_names_the_column() {
    // More rows than are looked at, so that the last is met when all are read.
    let rows = (0..1200).map(|i| format!("text number {i} of many,{},{}\n", i % 2, i % 3 / 2));
    let content: String =
        ["text,a,b\n".to_owned()].into_iter().chain(rows).chain(["the last,1,-1\n".to_owned()]).collect();
    insta::assert_snapshot!(refused("films.csv", &content, LabelsAs::Found), @"`, row 1201: the column `b` holds -1, and a column for a label holds 0 or 1; write one of these, take the row out, or name the label column");
}

#[test]
fn what_is_asked_for_is_read_so() {
    let content = table("text,label", |names| if names.is_empty() { "none".into() } else { names.join("|") });
    let corpus = read_as("films.csv", &content, LabelsAs::Classes).unwrap();
    assert!(!corpus.classes.are_labels() && corpus.classes.names().contains(&"comedy|drama".to_owned()));
    // Nothing is combined twice, so that it could be one name, and is not found to be two.
    let single = "text,label\nso good it was,\"a, b\"\nso bad it was,\"c, d\"\n";
    assert!(!found("films.csv", single).classes.are_labels());
    let corpus = read_as("films.csv", single, LabelsAs::Several).unwrap();
    assert_eq!(corpus.classes, ClassNames::labels(["a", "b", "c", "d"]));
    // A column of labels beside columns of 0 and 1.
    let both = "text,topic,a,b\nso good it was,x,0,1\nso bad it was,y,1,1\nno word of it,x,1,0\n";
    assert_eq!(found("films.csv", both).classes, ClassNames::new(["x", "y"]));
    // One that has no usual name could be the labels as well.
    let other = "text,user_level,a,b\nso good it was,x,0,1\nso bad it was,y,1,1\nno word of it,x,1,0\nnor here at all,y,0,0\n";
    assert!(
        refused("films.csv", other, LabelsAs::Found).contains("cannot tell which column holds the labels")
    );
    assert_eq!(
        read_as("films.csv", other, LabelsAs::Several).unwrap().classes,
        ClassNames::labels(["a", "b"])
    );
}

#[test]
fn the_labels_of_a_model_are_asked_for_by_name() {
    let known = || LabelsAs::Known(ClassNames::labels(["war", "drama", "comedy"]));
    for content in [table("text,label", |names| names.join("|")), flags("1", "0")] {
        let corpus = read_as("films.csv", &content, known()).unwrap();
        assert_eq!(corpus.train.sets().get(0), [1, 2], "{content}");
        assert_eq!(corpus.train.sets().get(6), [0], "{content}");
    }
    let one = "text,label\na film of it,drama\nanother,war\n";
    assert_eq!(read_as("films.csv", one, known()).unwrap().train.sets().get(0), [1]);
    let other = "text,label\na film of it,drama|horror\n";
    insta::assert_snapshot!(refused("films.csv", other, known()), @"`, row 1: the label is `horror`; the model's classes are war, drama and comedy; take the row out, or train with such rows too");
}

#[test]
fn one_label_each_is_still_one_label_each() {
    let missing = "text,label\nso good it was,spam\nso bad it was,\nno word of it,ham\n";
    insta::assert_snapshot!(refused("films.csv", missing, LabelsAs::Found), @"`, row 2: the label is missing; write one, or take the row out");
    let listed = table("text,label", |names| serde_json::to_string(names).unwrap());
    insta::assert_snapshot!(refused("films.csv", &listed, LabelsAs::Classes), @r#"`, row 1: the label is ["comedy","drama"]; expected one word or number"#);
    let folder = tempfile::tempdir().unwrap();
    for (place, name) in ["train/pos", "train/neg", "test/pos", "test/neg"].into_iter().enumerate() {
        let folder = folder.path().join(name);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("{place}_7.txt")), "a film").unwrap();
    }
    let spec = ReadSpec { labels: LabelsAs::Several, ..ReadSpec::default() };
    let message = read(folder.path(), &spec).unwrap_err().to_string();
    assert!(
        message.ends_with(
            "its reviews have one label each, that of their folder; leave out that they have several"
        ),
        "{message}"
    );
    let tags: String =
        (0..40).map(|i| format!("text number {i} of many,\"tag{i}|tag{}\"\n", i + 40)).collect();
    insta::assert_snapshot!(refused("films.csv", &format!("text,label\n{tags}"), LabelsAs::Several), @"`: the cells list 80 different labels for 40 reviews, such as `tag0`; a label must occur more often, and there may be 1000 at most; name the label column");
}

#[test]
fn sets_are_kept_encoded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("films.csv");
    fs::write(&path, flags("1", "0")).unwrap();
    let spec = LoadSpec { words_of: WordsOf::Train, ..LoadSpec::default() };
    let (first, _) = load(&path, &spec, folder.path()).unwrap();
    let (again, taken) = load(&path, &spec, folder.path()).unwrap();
    assert!(taken.to_string().contains("taken from"), "{taken}");
    assert_eq!((&again.train, &again.classes, &again.notes), (&first.train, &first.classes, &first.notes));
    let plain = Dataset::new(read(&path, &ReadSpec::default()).unwrap(), WordsOf::Train).unwrap();
    assert_eq!(again.train.sets(), plain.train.sets());
    assert_eq!((again.train.sets().len(), again.train.len()), (8, 8));
}

proptest! {
    /// Each review is on one side, as many as the fraction says, and of each label a share that is as good as rounding allows.
    #[test]
    fn sets_are_parted_by_their_rarest_label(
        sets in proptest::collection::vec(proptest::collection::btree_set(0..6u32, 0..4), 10..120),
        fraction in 0.1..0.5f64,
        seed in any::<u64>(),
    ) {
        let sets: Sequences = sets.into_iter().map(|set| set.into_iter().collect::<Vec<u32>>()).collect();
        let holdout = Holdout::of_sets(&sets, fraction, seed).unwrap();
        let mut all = [&holdout.train[..], &holdout.validation].concat();
        all.sort_unstable();
        prop_assert!(all.into_iter().eq(0..sets.len()));
        let expected = sets.len() as f64 * fraction;
        prop_assert!((holdout.validation.len() as f64 - expected).abs() <= 1.0, "{} of {}", holdout.validation.len(), sets.len());
        prop_assert_eq!(Holdout::of_sets(&sets, fraction, seed).unwrap(), holdout);
    }
}

#[test]
fn a_column_that_never_changes_makes_no_labels_of_two_classes() {
    let rows = (0..40).map(|i| format!("text number {i} of many,{},FALSE\n", i % 2));
    let content: String = ["text,sarcastic,truncated\n".to_owned()].into_iter().chain(rows).collect();
    let corpus = found("tweets.csv", &content);
    assert_eq!(corpus.classes, ClassNames::binary());
}

#[test]
fn columns_of_flags_are_meant_before_a_usual_name_where_several_are_asked_for() {
    let rows = (0..40).map(|i| format!("text number {i} of many,{},{},{}\n", i % 5, i % 2, i % 3 / 2));
    let content: String = ["text,score,toxic,insult\n".to_owned()].into_iter().chain(rows).collect();
    let corpus = read_as("comments.csv", &content, LabelsAs::Several).unwrap();
    assert_eq!(corpus.classes, ClassNames::labels(["toxic", "insult"]));
}

#[test]
fn what_parts_names_may_stand_at_an_end_or_twice() {
    let cells = ["war|love", "love", "war", "war|love|", "love|love"];
    let rows = (0..40).map(|i| format!("text number {i} of many,{}\n", cells[i % 5]));
    let content: String = ["text,label\n".to_owned()].into_iter().chain(rows).collect();
    assert_eq!(found("films.csv", &content).classes, ClassNames::labels(["love", "war"]));
}

#[test]
fn classes_of_a_forged_file_are_refused() {
    for json in [
        r#"{"names":["a"],"ordered":false}"#,
        r#"{"names":[],"ordered":false,"independent":true}"#,
        r#"{"names":["a","b"],"ordered":true}"#,
    ] {
        assert!(serde_json::from_str::<ClassNames>(json).is_err(), "{json}");
    }
    let classes = ClassNames::steps(["1", "2"]);
    let json = serde_json::to_string(&classes).unwrap();
    assert_eq!(serde_json::from_str::<ClassNames>(&json).unwrap(), classes);
}

//! Tables with a column of 0 and 1 for each label: what their columns are called, how many combinations there are, and what a model's
//! labels are found in.
#![cfg(feature = "reviews")]

use std::{fmt::Write, fs};

use recurrent_data::reviews::{ClassNames, Classes, Columns, Corpus, LabelsAs, ReadSpec, ReviewError, read};

fn read_by(name: &str, content: &str, spec: &ReadSpec) -> Result<Corpus, ReviewError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    read(path, spec)
}

fn read_as(name: &str, content: &str, labels: LabelsAs) -> Result<Corpus, ReviewError> {
    read_by(name, content, &ReadSpec { labels, ..ReadSpec::default() })
}

fn found(content: &str) -> Corpus {
    read_as("films.csv", content, LabelsAs::Found).unwrap()
}

/// What a model of these labels reads of other texts.
fn known(content: &str, names: &[&str]) -> Result<Corpus, String> {
    let labels = LabelsAs::Known(ClassNames::labels(names.iter().copied()));
    let spec = ReadSpec { labels, classes: Classes::Any, ..ReadSpec::default() };
    read_by("films.csv", content, &spec).map_err(|error| after(&error, "films.csv"))
}

fn refused(name: &str, content: &str, labels: LabelsAs) -> String {
    after(&read_as(name, content, labels).unwrap_err(), name)
}

fn after(error: &ReviewError, name: &str) -> String {
    error.to_string().split_once(name).unwrap().1.to_owned()
}

fn notes(corpus: &Corpus) -> Vec<String> {
    corpus.notes.iter().map(ToString::to_string).collect()
}

/// The names of the labels of each text.
fn named(corpus: &Corpus) -> Vec<String> {
    let of = |set: &[u32]| {
        set.iter().map(|label| corpus.classes.names()[*label as usize].as_str()).collect::<Vec<_>>().join("+")
    };
    corpus.train.sets().iter().map(of).collect()
}

/// The labels of the twelve texts: the first, the second, both and none, over and over.
const SETS: [[bool; 2]; 4] = [[true, false], [false, true], [true, true], [false, false]];

/// A table of twelve texts under a header, with two columns of 0 and 1 at its end.
fn table(header: &str, first: &str) -> String {
    let row = |i: usize| {
        let [one, two] = SETS[i % 4].map(u8::from);
        format!("{first}a film of number {i} and no other,{one},{two}\n")
    };
    format!("{header}\n") + &(0..12).map(row).collect::<String>()
}

fn assert_labels(corpus: &Corpus, names: [&str; 2]) {
    assert_eq!(corpus.classes, ClassNames::labels(names));
    let [one, two] = names;
    let expected = [one.to_owned(), two.to_owned(), format!("{one}+{two}"), String::new()];
    assert_eq!(named(corpus), [&expected[..]; 3].concat(), "{names:?}");
}

#[test]
fn columns_may_be_called_by_numbers() {
    for names in [["2020", "2021"], ["2020.0", "007"], ["1", "2"], ["1e3", "-5"], ["0", "1"]] {
        let [one, two] = names;
        for text in ["text", "plot_text", "plot"] {
            let corpus = found(&table(&format!("{text},{one},{two}"), ""));
            assert_labels(&corpus, names);
        }
        let corpus = found(&table(&format!("id,plot,{one},{two}"), "a7f,"));
        assert_labels(&corpus, names);
        let row = |i: usize| {
            let [first, second] = SETS[i % 4];
            serde_json::json!({"text": format!("a film of number {i}"), one: first, two: u8::from(second)})
                .to_string()
                + "\n"
        };
        let lines: String = (0..12).map(row).collect();
        let corpus = read_as("films.jsonl", &lines, LabelsAs::Found).unwrap();
        let set = |i: usize| named(&corpus)[i].split('+').filter(|name| !name.is_empty()).count();
        assert_eq!([set(0), set(1), set(2), set(3)], [1, 1, 2, 0], "{names:?}");
    }
}

/// Rows that look like a header by one of their numbers alone are none.
#[test]
fn a_table_without_a_header_keeps_its_first_row() {
    let rows = |first: &str| {
        let row = |i: usize| format!("a film of number {i} and no other,{},{}\n", i % 2, i % 3 / 2);
        format!("{first}\n") + &(0..12).map(row).collect::<String>()
    };
    for first in ["a film that comes first,0,1", "a film that comes first,1,1"] {
        let corpus = found(&rows(first));
        assert_eq!((corpus.train.len(), &corpus.classes), (13, &ClassNames::labels(["2", "3"])), "{first}");
        assert_eq!(notes(&corpus)[0], "the first row is no header, so that the columns are called 1 to 3");
    }
    // Three classes, of which one comes once, in the first row.
    let corpus = found("a film that comes first,2\na film,0\nanother,1\nthe last film,0\n");
    assert_eq!(corpus.train.len(), 4);
}

#[test]
fn a_name_that_two_labels_have_is_told() {
    insta::assert_snapshot!(refused("films.csv", &table("text,war,war", ""), LabelsAs::Found), @"`: the columns 2 and 3 are called `war` alike, and labels are told apart by the names of their columns; give each its own");
    insta::assert_snapshot!(refused("films.csv", &table("text,War,war ", ""), LabelsAs::Several), @"`: the columns 2 and 3 are called `War` alike, and labels are told apart by the names of their columns; give each its own");
    // The third column has no name, and is called by its number, as the second is.
    insta::assert_snapshot!(refused("films.csv", &table("text,3,", ""), LabelsAs::Found), @"`: the column 3 holds 0 and 1, as a label does, and has no name; name it, or take it out");
    insta::assert_snapshot!(known(&table("text,war,war", ""), &["war"]).unwrap_err(), @"`: the columns 2 and 3 are called `war` alike, and labels are told apart by the names of their columns; give each its own");
    // The other names do not matter.
    assert_labels(&found(&table("a,a,text,war,love", "x,y,")), ["war", "love"]);
}

#[test]
fn a_label_without_a_name_is_told() {
    insta::assert_snapshot!(refused("films.csv", &table("text,war,", ""), LabelsAs::Found), @"`: the column 3 holds 0 and 1, as a label does, and has no name; name it, or take it out");
    insta::assert_snapshot!(refused("films.csv", &table("text, ,", ""), LabelsAs::Several), @"`: the column 2 holds 0 and 1, as a label does, and has no name; name it, or take it out");
    let lines = "{\"text\":\"a film\",\"\":1,\"war\":0}\n{\"text\":\"another\",\"\":0,\"war\":1}\n";
    insta::assert_snapshot!(refused("films.jsonl", lines, LabelsAs::Found), @"`: the column 1 holds 0 and 1, as a label does, and has no name; name it, or take it out");
    // What the message says helps.
    assert_labels(&found(&table("text,war,love", "")), ["war", "love"]);
}

/// As many columns as words of a language have, which are none.
#[test]
fn more_columns_than_there_may_be_labels_are_told() {
    let header: String = (0..1001).map(|i| format!(",word{i}")).collect();
    let row = |i: usize| {
        (0..1001).map(|word| if (i + word).is_multiple_of(3) { ",1" } else { ",0" }).collect::<String>()
    };
    let rows: String = (0..6).map(|i| format!("a film of number {i}{}\n", row(i))).collect();
    insta::assert_snapshot!(refused("films.csv", &format!("text{header}\n{rows}"), LabelsAs::Several), @"`: 1001 columns hold 0 and 1, such as `word0`, and there may be 1000 labels at most; take out what are no labels, or name the label column");
}

/// A topic may be called as columns of texts are.
#[test]
fn a_label_may_have_a_name_of_texts() {
    let corpus = found(&table("plot,news,sport", ""));
    assert_labels(&corpus, ["news", "sport"]);
    assert_labels(&known(&table("plot,news,sport", ""), &["news", "sport"]).unwrap(), ["news", "sport"]);
}

/// More texts than cells that are looked at as labels.
const TEXTS: usize = 100_500;

/// Texts each with another combination of seventeen labels.
fn combinations(cell: impl Fn(usize) -> String) -> String {
    let mut content = String::new();
    for i in 0..TEXTS {
        writeln!(content, "a film {i},{}", cell(i)).unwrap();
    }
    content
}

#[test]
fn more_combinations_than_there_may_be_classes() {
    let has = |set: usize, label: usize| set >> label & 1 == 1;
    let expected = |set: usize| (0..17).filter(move |label| has(set, *label)).map(|label| label as u32);
    let names = ClassNames::labels((0..17).map(|label| format!("l{label:02}")));
    let header: String = (0..17).map(|label| format!(",l{label:02}")).collect();
    let flags =
        combinations(|i| (0..17).map(|l| if has(i, l) { "1" } else { "0" }).collect::<Vec<_>>().join(","));
    let lists =
        combinations(|i| expected(i).map(|label| format!("l{label:02}")).collect::<Vec<_>>().join("|"));
    for (content, labels) in [
        (format!("text{header}\n{flags}"), LabelsAs::Found),
        (format!("text,label\n{lists}"), LabelsAs::Found),
        (format!("text,label\n{lists}"), LabelsAs::Several),
        (format!("text,label\n{lists}"), LabelsAs::Known(names.clone())),
    ] {
        let corpus = read_as("films.csv", &content, labels.clone())
            .unwrap_or_else(|error| panic!("{labels:?}: {error}"));
        assert_eq!(corpus.classes, names, "{labels:?}");
        assert_eq!(corpus.train.len(), TEXTS);
        let right = |(set, found): (usize, &[u32])| expected(set).eq(found.iter().copied());
        assert!(corpus.train.sets().iter().enumerate().all(right), "{labels:?}");
    }
}

/// Cells that never come again are no labels, and are not all kept.
#[test]
fn a_column_of_other_things_is_still_refused() {
    let rows: String = (0..150_000).map(|i| format!("a film {i},{i}7f|{i}8a\n")).collect();
    let content = format!("text,label\n{rows}");
    let message = refused("films.csv", &content, LabelsAs::Known(ClassNames::labels(["a"])));
    assert!(message.starts_with("`, row 1: the label is `07f`; the model's classes are a;"), "{message}");
    for labels in [LabelsAs::Found, LabelsAs::Classes] {
        let message = refused("films.csv", &content, labels.clone());
        assert!(message.contains("100001 different labels for 100001 reviews"), "{labels:?}: {message}");
    }
    let message = refused("films.csv", &content, LabelsAs::Several);
    assert!(message.contains("the cells list 200002 different labels for 100001 reviews"), "{message}");
}

#[test]
fn the_columns_of_a_models_labels_may_stand_anywhere() {
    for header in ["text,war,love", "text,WAR,Love"] {
        let corpus = known(&table(header, ""), &["love", "war"]).unwrap();
        assert_eq!(named(&corpus)[..4], ["war", "love", "love+war", ""], "{header}");
    }
    // A column of a usual name that holds no labels, beside them.
    let corpus = known(&table("score,text,war,love", "7,"), &["love", "war"]).unwrap();
    assert_eq!(named(&corpus)[..4], ["war", "love", "love+war", ""]);
    // A column more, which the model knows nothing of.
    let corpus = known(&table("horror,text,war,love", "1,"), &["love", "war"]).unwrap();
    assert_eq!(named(&corpus)[..4], ["war", "love", "love+war", ""]);
}

#[test]
fn the_labels_of_a_model_that_a_table_lacks_are_named() {
    let names = ["comedy", "love", "war", "western"];
    insta::assert_snapshot!(known(&table("text,war,love", ""), &names).unwrap_err(), @"`: has no column for comedy and western, of the model's labels; its columns are `text`, `war`, `love`; add one of 0 and 1 for each, or list all labels in one column");
    insta::assert_snapshot!(known(&table("text,sad,happy", ""), &["war", "love"]).unwrap_err(), @"`: has no column for war and love, of the model's labels; its columns are `text`, `sad`, `happy`; add one of 0 and 1 for each, or list all labels in one column");
    // With the columns that the message asks for it is read.
    let whole = table("comedy,western,text,war,love", "0,0,");
    assert_eq!(named(&known(&whole, &names).unwrap())[..4], ["war", "love", "love+war", ""]);
    // One column that lists labels beside a column of one of them.
    let lists = "text,genre,war\na film of it,war|love,1\nanother film,comedy,0\n";
    assert_eq!(named(&known(lists, &names).unwrap()), ["love+war", "comedy"]);
    insta::assert_snapshot!(known("text,genre\na film of it,war|horror\n", &names).unwrap_err(), @"`, row 1: the label is `horror`; the model's classes are comedy, love, war and western; take the row out, or train with such rows too");
}

#[test]
fn the_labels_of_a_model_tell_what_parts_them() {
    let names = ["Sci, Fi", "Drama", "War; Peace"];
    for cells in [
        ["Sci, Fi|Drama", "Drama", "War; Peace|Drama"],
        ["Sci, Fi;Drama", "Drama", "Drama"],
        ["[\"Sci, Fi\", \"Drama\"]", "[\"Drama\"]", "[\"War; Peace\"]"],
        ["['Sci, Fi', 'Drama']", "['Drama']", "[]"],
        // Each cell is one label.
        ["Sci, Fi", "Drama", "War; Peace"],
    ] {
        let row = |cell: &&str| format!("a film of it,\"{}\"\n", cell.replace('"', "\"\""));
        let content = "text,label\n".to_owned() + &cells.iter().map(row).collect::<String>();
        let corpus = known(&content, &names).unwrap_or_else(|error| panic!("{cells:?}: {error}"));
        assert!(named(&corpus)[0].contains("Sci, Fi"), "{cells:?}");
        assert!(named(&corpus)[1].contains("Drama") && !named(&corpus)[1].contains('+'), "{cells:?}");
    }
    let commas = known("text,label\na film,\"war,love\"\nanother,love\n", &["love", "war"]).unwrap();
    assert_eq!(named(&commas), ["love+war", "love"]);
    // Numbers as another program writes them.
    let numbers = known("text,label\na film,2020.0|2021\nanother,2021.0\n", &["2020", "2021"]).unwrap();
    assert_eq!(named(&numbers), ["2020+2021", "2021"]);
    let numbers = known("text,label\na film,7|2021\nanother,007\n", &["007", "2021"]).unwrap();
    assert_eq!(named(&numbers), ["007+2021", "007"]);
}

#[test]
fn labels_that_never_vary_are_told() {
    let row = |i: usize| format!("a film of number {i},1,0,{},{}\n", i % 2, i % 3 / 2);
    let content = "text,film,song,war,love\n".to_owned() + &(0..12).map(row).collect::<String>();
    let corpus = read_as("films.csv", &content, LabelsAs::Several).unwrap();
    assert_eq!(corpus.classes.len(), 4);
    insta::assert_snapshot!(notes(&corpus).join("\n"), @r"
    a review has any number of 4 labels, a column of 0 and 1 for each: film, song, war and love
    labels that tell no review from another: every review has film, none has song
    ");
    let lists = |i: usize| format!("a film of number {i},film|{}\n", ["war", "love", "war|love"][i % 3]);
    let content = "text,label\n".to_owned() + &(0..12).map(lists).collect::<String>();
    insta::assert_snapshot!(notes(&found(&content)).join("\n"), @r"
    a review has any number of 3 labels, parted by `|`: film, love and war
    labels that tell no review from another: every review has film
    ");
    // Of a table to judge by, too.
    let corpus = known(&content, &["film", "war", "love", "song"]).unwrap();
    insta::assert_snapshot!(notes(&corpus).join("\n"), @"labels that tell no review from another: every review has film, none has song");
    // Nothing is learnt where none varies.
    let same: String = (0..12).map(|i| format!("a film of number {i},1,0\n")).collect();
    insta::assert_snapshot!(refused("films.csv", &format!("text,film,song\n{same}"), LabelsAs::Several), @"`: every training review has the label film (12 in all), and nothing is learnt from labels that never vary; add reviews with other labels");
    let none: String = (0..12).map(|i| format!("a film of number {i},0,0\n")).collect();
    insta::assert_snapshot!(refused("films.csv", &format!("text,film,song\n{none}"), LabelsAs::Several), @"`: every training review has no label (12 in all), and nothing is learnt from labels that never vary; add reviews with other labels");
    known(&format!("text,film,song\n{same}"), &["film", "song"]).unwrap();
}

#[test]
fn a_column_that_is_named_wins() {
    let columns = Columns { label: Some("war".to_owned()), ..Columns::default() };
    let spec = ReadSpec { columns, ..ReadSpec::default() };
    let corpus = read_by("films.csv", &table("text,war,war2", ""), &spec).unwrap();
    assert_eq!(corpus.classes, ClassNames::binary());
}

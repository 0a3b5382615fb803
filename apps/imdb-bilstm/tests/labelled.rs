//! Labelled texts as people have them, from the file to what is said of it.

mod program;

use program::place;
use program_tests::{Place, Said};

const SMALL: &str = "--embedding 8 --hidden 8 --epochs 1 --pretrain-epochs 0 --members 1";

/// A folder with a copy of one of the files, and the program in it.
fn with(name: &str) -> Place {
    let place = place();
    let files = concat!(env!("CARGO_MANIFEST_DIR"), "/../../crates/data/tests/fixtures/labelled");
    place.write(name, std::fs::read(std::path::Path::new(files).join(name)).unwrap());
    place
}

fn trained(place: &Place, name: &str, options: &str) -> Said {
    place.succeed(&format!("train --data {name} --run run {SMALL} {options}"))
}

fn notes(said: &Said) -> Vec<&str> {
    said.err.lines().filter_map(|line| line.strip_prefix("note: ")).collect()
}

#[test]
fn two_classes_need_no_option() {
    for (name, told) in [
        ("review-sentiment.csv", &["texts are read from the column `review`, labels from `sentiment`"][..]),
        ("array.json", &[]),
        ("booleans.jsonl", &["labels: false is negative, true is positive"]),
        ("float-labels.csv", &[]),
        ("packed.csv.gz", &[]),
        ("chinese.csv", &["the language puts no blanks between words; each of its signs is one"]),
    ] {
        let place = with(name);
        let said = trained(&place, name, "");
        assert_eq!(notes(&said), told, "{name}");
        assert_eq!(place.json("run/summary.json")["data"]["test"], 24, "{name}");
    }
    let said = trained(&with("tabs.tsv"), "tabs.tsv", "");
    assert!(notes(&said).contains(&"the fields are parted by tabs"), "{}", said.err);
}

#[test]
fn stars_are_asked_about_and_read_as_told() {
    let place = with("stars.csv");
    insta::assert_snapshot!(place.complaint("train --data stars.csv --quiet"), @r#"
    error: `<dir>/stars.csv`: the labels are 1, 2, 4 and 5, which may be stars or the numbers of classes; say which of them are positive, such as 4 and 5, or that each is a class
      try `--positive "4,5"` for two classes, `--labels stars` or `--labels classes` for one each
    "#);
    trained(&place, "stars.csv", "--positive 4,5 --quiet");
    assert!(place.json("run/summary.json")["metrics"]["confusion"]["true_positive"].is_number());
    let judged = place.printed("evaluate --run run --format json --quiet");
    assert_eq!(judged["metrics"], place.json("run/summary.json")["metrics"]);

    let place = with("stars.csv");
    trained(&place, "stars.csv", "--labels stars --quiet");
    let summary = place.json("run/summary.json");
    let several = &summary["metrics"]["several"];
    assert!(several["mean_absolute_error"].is_number(), "{several}");
    assert_eq!(several["classes"].as_array().unwrap().len(), 4);
    for pointer in [
        "/metrics/several/median",
        "/network",
        "/baselines/nb_svm",
        "/baselines/steps/thresholds",
        "/baselines/steps/ridge",
        "/baselines/steps/median",
    ] {
        for figure in ["accuracy", "macro_f1", "mean_absolute_error"] {
            assert!(summary.pointer(pointer).unwrap()[figure].is_number(), "{pointer}/{figure} in {summary}");
        }
    }
    let verdict = summary["verdict"].as_str().unwrap();
    assert!(verdict.contains("together") && verdict.contains("in steps of the scale"), "{verdict}");
}

#[test]
fn three_classes_work_from_end_to_end() {
    let place = with("three-classes.csv");
    let said = place.succeed(&format!("--data three-classes.csv --run run {SMALL}"));
    assert_eq!(notes(&said), ["3 classes: negative, neutral and positive"]);
    assert!(said.out.contains("macro F1") && said.out.contains("one class against the rest"), "{}", said.out);
    assert!(std::fs::read_to_string(place.path("run/report.html")).unwrap().contains("said neutral"));
    let summary = place.json("run/summary.json");
    assert_eq!(place.printed("evaluate --run run --format json --quiet")["metrics"], summary["metrics"]);
    for run in ["run", "run/model.safetensors"] {
        let verdict = place.printed(&format!("classify --run {run} --format json dull"));
        let probabilities = verdict["probabilities"].as_object().unwrap();
        let sum: f64 = probabilities.values().map(|it| it.as_f64().unwrap()).sum();
        assert!((sum - 1.0).abs() < 1e-9 && probabilities.len() == 3, "{verdict}");
        assert_eq!(verdict["probability"], probabilities[verdict["label"].as_str().unwrap()]);
    }
}

#[test]
fn several_classes_are_stacked_too() {
    let place = with("three-classes.csv");
    let line = format!("--data three-classes.csv --run run {SMALL} --validation-fraction 0.3");
    let said = place.succeed(&line);
    assert!(said.out.contains("network alone: accuracy") && said.out.contains("together"), "{}", said.out);
    assert!(std::fs::read_to_string(place.path("run/report.html")).unwrap().contains("network alone"));
    let summary = place.json("run/summary.json");
    assert!(
        summary["network"]["macro_f1"].is_number() && summary["mcnemar"]["p_value"].is_number(),
        "{summary}"
    );
    let alone = place.printed(&format!(
        "train {} --stacking none --format json --quiet",
        line.replace("run run", "run alone")
    ));
    assert_eq!(summary["network"]["accuracy"], alone["metrics"]["accuracy"], "the same network");
    assert!(alone.get("network").is_none());
    let of_run = place.printed("classify --run run --format json dull");
    assert_eq!(place.printed("classify --run run/model.safetensors --format json dull"), of_run);
    std::fs::write(place.path("run/stacking.safetensors"), "cut off").unwrap();
    let complaint = place.complaint("classify --run run dull");
    assert!(complaint.contains("stacking.safetensors") && complaint.contains("train again"), "{complaint}");
}

#[test]
fn several_labels_a_text_work_from_end_to_end() {
    let place = with("genres.csv");
    let line = format!("--data genres.csv --run run {SMALL} --validation-fraction 0.3");
    let said = place.succeed(&line);
    assert_eq!(
        notes(&said),
        [
            "texts are read from the column `plot`, labels from `genre`",
            "a review has any number of 4 labels, parted by `|`: comedy, drama, romance and war",
            "11 reviews have no label; the first is row 6",
        ]
    );
    for words in
        ["micro F1", "macro F1", "all labels right", "said above", "one for each label", "randomisation test"]
    {
        assert!(said.out.contains(words), "no `{words}` in {}", said.out);
    }
    let summary = place.json("run/summary.json");
    let labels = summary["metrics"]["labels"]["labels"].as_array().unwrap();
    let names: Vec<&str> = labels.iter().map(|label| label["label"].as_str().unwrap()).collect();
    assert_eq!(names, ["comedy", "drama", "romance", "war"]);
    for figure in ["precision", "recall", "f1", "threshold", "calibration_error"] {
        assert!(labels.iter().all(|label| label[figure].is_number()), "{figure} in {summary}");
    }
    // Single words tell the labels, which NB-SVM finds at once, and the network with it.
    assert!(summary["baselines"]["nb_svm"]["micro_f1"].as_f64().unwrap() > 0.95, "{summary}");
    assert!(summary["metrics"]["labels"]["micro_f1"].as_f64().unwrap() > 0.9, "{summary}");
    assert!(
        summary["network"]["micro_f1"].is_number() && summary["randomisation_p"].is_number(),
        "{summary}"
    );
    assert!(summary["verdict"].as_str().unwrap().contains("take that instead"), "{summary}");
    let page = std::fs::read_to_string(place.path("run/report.html")).unwrap();
    for words in ["The labels; macro F1", "said above", "all labels right", "NB-SVM, one for each label"] {
        assert!(page.contains(words), "no `{words}` in the page");
    }
    assert_eq!(place.printed("evaluate --run run --format json --quiet")["metrics"], summary["metrics"]);

    place.write("one.txt", "One summer, they kiss in the rain, and a bomb falls on the village.\n");
    for run in ["run", "run/model.safetensors"] {
        let verdict = place.printed(&format!("classify --run {run} --format json --explain --file one.txt"));
        assert_eq!(verdict["labels"], serde_json::json!(["romance", "war"]), "{verdict}");
        assert_eq!(verdict["probabilities"].as_object().unwrap().len(), 4);
        let explained = verdict["explanations"].as_object().unwrap();
        let kiss = |label: &str| {
            let words = explained[label].as_array().unwrap();
            words.iter().find(|word| word["word"] == "kiss").unwrap()["effect"].as_f64().unwrap()
        };
        assert!(kiss("romance") > 0.5 && kiss("war") < 0.5, "{verdict}");
        assert!(verdict.get("label").is_none() && verdict.get("explanation").is_none(), "{verdict}");
    }
    let shown = place.succeed("classify --run run --quiet kiss").out;
    assert!(
        shown.contains("; 1 of 1 words known\n    comedy 0.") && shown.contains("\n    war 0."),
        "{shown}"
    );
    let explained = place.succeed("classify --run run --quiet --explain --file one.txt").out;
    assert!(explained.starts_with("romance 0.") && explained.contains("for war: "), "{explained}");
    place.write("some.txt", "they kiss in the rain\nnothing much happens and the credits roll\n");
    let lines = place.succeed("classify --run run --quiet --file some.txt").out;
    let lines: Vec<&str> = lines.lines().collect();
    assert!(lines[0].starts_with("romance 0.") && lines[1].starts_with("no label  nothing"), "{lines:?}");
}

#[test]
fn columns_of_0_and_1_are_labels_too() {
    let place = with("genre-columns.csv");
    let line = format!("train --data genre-columns.csv --run run {SMALL} --stacking none");
    let said = place.succeed(&line);
    assert_eq!(
        notes(&said),
        [
            "texts are read from the column `plot_text`",
            "a review has any number of 4 labels, a column of 0 and 1 for each: comedy, drama, war and romance",
        ]
    );
    let summary = place.json("run/summary.json");
    assert!(
        summary.get("network").is_none() && summary["metrics"]["labels"]["macro_f1"].is_number(),
        "{summary}"
    );
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../crates/data/tests/fixtures/labelled");
    let others = std::fs::read(std::path::Path::new(folder).join("genres.jsonl")).unwrap();
    place.write("genres.jsonl", others);
    let judged = place.printed("evaluate --run run --data genres.jsonl --format json --quiet");
    assert_eq!((&judged["data"]["part"], &judged["metrics"]["reviews"]), (&"whole".into(), &160.into()));
    std::fs::write(place.path("run/thresholds.json"), "[0.5]").unwrap();
    insta::assert_snapshot!(place.complaint("classify --run run a"), @"error: run/thresholds.json: does not hold 4 numbers, one a label; take a whole copy, or train again");

    let place = with("genres.jsonl");
    insta::assert_snapshot!(place.complaint("train --data genres.jsonl --labels classes --quiet"), @r#"
    error: `<dir>/genres.jsonl`, line 1: the label is ["war","romance"]; expected one word or number
      try `--labels several`
    "#);
    place.succeed(&format!(
        "train --data genres.jsonl --run run --labels several {SMALL} --max-steps 2 --quiet"
    ));
    place.succeed("train --resume run --max-steps 4 --quiet");
    assert_eq!(place.json("run/summary.json")["epochs_run"], 1);
}

#[test]
fn the_option_for_the_encoding_is_named() {
    let place = place();
    place.write(
        "latin.csv",
        &b"text,label\n\"un tr\xe8s beau film, \xe0 revoir\",1\n\"il n\x92est pas beau\",0\n"[..],
    );
    insta::assert_snapshot!(place.complaint("train --data latin.csv --quiet"), @r"
    error: `<dir>/latin.csv`: line 2: byte 0xe8 is not UTF-8; the text is likely to be windows-1252
      try `--encoding windows-1252`
    ");
}

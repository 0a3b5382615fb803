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

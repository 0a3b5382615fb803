//! Run folders in every state that people leave them in, side by side.

use std::fs;
use std::path::{Path, PathBuf};

use recurrent_runs::{Better, Comparison, State};
use recurrent_train::{RunFolder, Stopped};
use serde_json::{Value, json};
use tempfile::TempDir;

const PROGRAM: &str = "my-program";

struct Runs(TempDir);

impl Runs {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A run with these settings and so many epochs, each of 10 steps and 2 seconds.
    fn begun(&self, name: &str, settings: &Value, epochs: u32) -> PathBuf {
        let path = self.path(name);
        let run = RunFolder::create(&path, PROGRAM, settings).unwrap();
        let line = |epoch: u32| {
            let loss = 1.0 / f64::from(epoch);
            let line = json!({
                "kind": "epoch", "epoch": epoch, "step": 10 * epoch, "train_loss": loss, "validation_loss": loss + 0.5,
                "metrics": { "accuracy": 0.5 }, "learning_rate": 0.1, "best": true, "seconds": 2.0,
            });
            format!("{line}\n")
        };
        fs::write(run.metrics_file(), (1..=epochs).map(line).collect::<String>()).unwrap();
        path
    }

    /// One that has a summary, too.
    fn ended(&self, name: &str, settings: &Value, metrics: &Value) -> PathBuf {
        let path = self.begun(name, settings, 3);
        let summary = json!({
            "program": PROGRAM, "parameters": 1234, "epochs_run": 3, "best_epoch": 2, "stopped": "early",
            "peak_memory_bytes": 3 << 20, "data": { "test": 40 }, "metrics": metrics,
        });
        fs::write(path.join("summary.json"), summary.to_string()).unwrap();
        path
    }
}

fn settings(rate: f64) -> Value {
    json!({ "origin": { "sha256": "abc" }, "train": { "learning_rate": rate, "seed": 42 }, "words": "a b" })
}

fn compare(runs: &[&Path]) -> Comparison {
    let runs: Vec<_> = runs.iter().map(|run| run.to_path_buf()).collect();
    Comparison::read(PROGRAM, &runs, &["words"]).unwrap()
}

#[test]
fn what_differs_is_told_and_the_best_is_marked() {
    let runs = Runs::new();
    let slow =
        runs.ended("slow", &settings(0.01), &json!({ "accuracy": 0.75, "log_loss": 0.5, "reviews": 40 }));
    let fast =
        runs.ended("fast", &settings(0.1), &json!({ "accuracy": 0.875, "log_loss": 0.625, "reviews": 40 }));
    let comparison = compare(&[&slow, &fast]);
    assert!(comparison.notes().is_empty(), "{:?}", comparison.notes());
    assert!(comparison.judged_alike);
    assert_eq!(comparison.runs[0].state, State::Ended(Stopped::Early));
    let figures: Vec<_> =
        comparison.figures.iter().map(|figure| (figure.name.as_str(), figure.better)).collect();
    assert_eq!(
        figures,
        [("metrics.accuracy", Some(Better::Higher)), ("metrics.log_loss", Some(Better::Lower))]
    );
    insta::assert_snapshot!(comparison.text(), @r"
    The runs
    run   state          seed  parameters  epochs  best epoch  lowest loss   time  an epoch  memory
    slow  stopped early    42       1,234       3           2       0.8333  6.0 s     2.0 s   3 MiB
    fast  stopped early    42       1,234       3           2       0.8333  6.0 s     2.0 s   3 MiB

    Settings that differ
    run   train.learning_rate
    slow  0.01
    fast  0.1

    metrics
    run   accuracy  log_loss
    slow   0.7500    0.5000*
    fast   0.8750*   0.6250

    2 settings the same in all: origin.sha256 abc, train.seed 42.
    ");
    let page = comparison.page().html().unwrap();
    for expected in [
        "<title>my-program: 2 runs compared</title>",
        "2 of 2 ended; one setting differs.",
        "<th scope=\"row\">fast</th><td class=\"number best\">0.8750<span class=\"spoken\"> (best)</span></td><td class=\"number\">0.6250</td>",
        "Validation: accuracy",
        "Validation loss by time",
    ] {
        assert!(page.contains(expected), "{expected} is not in\n{page}");
    }
    let json = serde_json::to_value(&comparison).unwrap();
    assert_eq!(json["differences"][0], json!({ "name": "train.learning_rate", "values": [0.01, 0.1] }));
    assert_eq!(json["runs"][1]["state"], json!({ "ended": "early" }));
}

#[test]
fn a_run_of_any_state_has_its_row() {
    let runs = Runs::new();
    let begun = runs.begun("begun", &settings(0.1), 2);
    let empty = runs.begun("empty", &settings(0.1), 0);
    let gone_on = runs.ended("gone-on", &settings(0.1), &json!({ "accuracy": 0.5 }));
    let more = fs::read_to_string(gone_on.join("metrics.jsonl")).unwrap();
    let fourth = more.lines().last().unwrap().replace("\"epoch\":3", "\"epoch\":4");
    fs::write(gone_on.join("metrics.jsonl"), format!("{more}{fourth}\n")).unwrap();
    let held = runs.begun("held", &settings(0.1), 1);
    let _trains = RunFolder::resume::<Value>(&held, PROGRAM).unwrap();

    let comparison = compare(&[&begun, &empty, &gone_on, &held]);
    let states: Vec<_> = comparison.runs.iter().map(|run| run.state).collect();
    assert_eq!(states, [State::Unfinished, State::Unfinished, State::Unfinished, State::BeingTrained]);
    assert_eq!(
        comparison.notes(),
        ["gone-on: its figures are left out: its summary is of 3 epochs, and it has 4 by now; finish it"]
    );
    assert!(comparison.figures.is_empty() && comparison.differences.is_empty());
    let page = comparison.page().html().unwrap();
    assert!(
        page.contains("No run has figures yet") && page.contains("0 of 4 ended; no setting differs."),
        "{page}"
    );
}

#[test]
fn damage_is_told_and_the_rest_is_shown() {
    let runs = Runs::new();
    let whole = runs.ended("whole", &settings(0.1), &json!({ "accuracy": 0.5 }));
    let torn = runs.ended("torn", &settings(0.2), &json!({ "accuracy": 0.5 }));
    fs::write(torn.join("metrics.jsonl"), "not json\n").unwrap();
    fs::write(torn.join("summary.json"), "{\"epochs_run\": \"three\"}").unwrap();
    let other = runs.path("other");
    RunFolder::create(&other, "another-program", &1).unwrap();
    let broken = runs.ended("broken", &settings(0.1), &json!({}));
    fs::write(broken.join("config.json"), "{").unwrap();
    let (missing, no_run) = (runs.path("missing"), runs.0.path().to_owned());

    let comparison = compare(&[&whole, &torn, &other, &broken, &missing, &no_run, &whole.join(".")]);
    let names: Vec<_> = comparison.runs.iter().map(|run| run.name.as_str()).collect();
    assert_eq!(names, ["whole", "torn"]);
    let place = runs.0.path().display().to_string();
    let notes = comparison.notes().join("\n").replace(&place, "RUNS");
    insta::assert_snapshot!(notes, @r#"
    left out: RUNS/other: is a run of `another-program`, expected one of `my-program`; open it with the program that made it
    left out: RUNS/broken/config.json: does not hold a run's settings: EOF while parsing an object at line 1 column 1; start a new run
    left out: RUNS/missing: is no folder, expected that of a run; check the path
    left out: RUNS: holds no config.json, so it is no run's folder; check the path
    left out: RUNS/whole/.: is named twice
    torn: its curves are left out: RUNS/torn/metrics.jsonl: line 1, column 2: expected a record of a step or an epoch: expected ident; remove that line to go on without it
    torn: its figures are left out: RUNS/torn/summary.json: is no summary of a run: invalid type: string "three", expected usize; continue the run, which writes it anew
    "#);
    let page = comparison.page().html().unwrap();
    assert!(page.contains("role=\"note\""), "{page}");
}

#[test]
fn nothing_to_compare_is_an_error_with_the_first_reason() {
    let runs = Runs::new();
    let error = Comparison::read(PROGRAM, &[runs.path("a"), runs.path("b")], &[]).unwrap_err().to_string();
    assert!(error.ends_with("a: is no folder, expected that of a run; check the path"), "{error}");
}

/// Paths are bytes on Unix, and JSON is Unicode.
#[cfg(unix)]
#[test]
fn a_path_that_is_no_unicode_is_shown_as_far_as_it_is() {
    use std::os::unix::ffi::OsStrExt;
    let runs = Runs::new();
    let path = runs.0.path().join(std::ffi::OsStr::from_bytes(b"r\xffn"));
    RunFolder::create(&path, PROGRAM, &settings(0.1)).unwrap();
    let comparison = compare(&[&path]);
    assert_eq!(comparison.runs[0].name, "r\u{fffd}n");
    let json = serde_json::to_value(&comparison).unwrap();
    assert!(json["runs"][0]["path"].as_str().unwrap().ends_with("r\u{fffd}n"), "{json}");
}

#[test]
fn figures_on_other_data_are_not_marked() {
    let runs = Runs::new();
    let first = runs.ended("first", &settings(0.1), &json!({ "accuracy": 0.5 }));
    let mut other = settings(0.1);
    other["origin"]["sha256"] = json!("def");
    let second = runs.ended("second", &other, &json!({ "accuracy": 0.75 }));
    let comparison = compare(&[&first, &second]);
    assert!(!comparison.judged_alike);
    assert_eq!(comparison.notes().len(), 1, "{:?}", comparison.notes());
    assert!(!comparison.page().html().unwrap().contains("(best)"));
}

#[test]
fn of_many_runs_the_best_are_drawn_and_all_are_listed() {
    let runs = Runs::new();
    let paths: Vec<_> =
        (1..=15).map(|epochs| runs.begun(&format!("run-{epochs}"), &settings(0.1), epochs)).collect();
    let comparison = compare(&paths.iter().map(PathBuf::as_path).collect::<Vec<_>>());
    let page = comparison.page().html().unwrap();
    assert!(page.contains("Of 15 runs the 12 with the lowest losses are drawn"), "{page}");
    // The longer a run, the lower its loss.
    let drawings = page.split("<svg").nth(1).unwrap();
    let has = |name| drawings.lines().any(|line| line == name);
    assert!(!has("run-3") && has("run-4"), "{drawings}");
    assert!(page.contains("<th scope=\"row\">run-3</th>"));
}

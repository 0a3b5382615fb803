//! The one file that a model ships as: what it is enough for, and what it is not.

mod program;

use std::fs;

use insta::assert_snapshot;
use program::{Place, csv, place, small, without_hashes};

/// A finished run on prices of its own.
fn finished() -> Place {
    let place = place();
    place.write("prices.csv", csv(400));
    place.succeed(&format!("train {}", small("--preset best --run run --data prices.csv --quiet")));
    place
}

#[test]
fn the_file_is_enough_to_judge_and_to_forecast() {
    let place = finished();
    fs::copy(place.path("run/model.safetensors"), place.path("dow.safetensors")).unwrap();
    fs::rename(place.path("run"), place.path("elsewhere")).unwrap();
    // The risk has a file of its own.
    fs::remove_dir_all(place.path("elsewhere/risk")).unwrap();
    for word in ["evaluate", "forecast --days 7"] {
        let line = |run: &str| format!("{word} --run {run} --data prices.csv --format json --quiet");
        assert_eq!(place.printed(&line("dow.safetensors")), place.printed(&line("elsewhere")), "{word}");
        let complaint = place.complaint(&format!("{word} --run dow.safetensors"));
        let expected = "error: a model file does not say where its data is; name it with `--data`\n";
        assert_eq!(complaint, expected, "{word}");
    }
    let bytes = fs::read(place.path("dow.safetensors")).unwrap();
    let folder = place.path("").to_string_lossy().into_owned();
    for word in [folder.trim_end_matches('/'), "prices.csv"] {
        assert!(!bytes.windows(word.len()).any(|window| window == word.as_bytes()), "{word} in the file");
    }
}

#[test]
fn plots_need_the_folder() {
    let place = finished();
    let said = place.wrong_usage("plot --run run/model.safetensors --data prices.csv");
    assert_snapshot!(said, @"error: run/model.safetensors: is a model file, which knows nothing of its training; name the folder of its run with `--run`");
    place.succeed("plot --run run");
}

#[test]
fn the_file_follows_the_run() {
    let place = finished();
    let model = |run: &str| fs::read(place.path(run).join("model.safetensors")).unwrap();
    let before = model("run");
    place.succeed("train --resume run --epochs 5 --quiet");
    assert!(model("run") != before, "the weights of more epochs");
    let line = small("--preset best --run long --data prices.csv --epochs 5 --quiet");
    place.succeed(&format!("train {line}"));
    assert!(
        model("run") == model("long"),
        "a resumed run's model is that of the unbroken one, to the last bit"
    );
}

#[test]
fn a_file_that_was_changed_is_told() {
    let place = finished();
    let path = place.path("run/model.safetensors");
    let mut bytes = fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&path, bytes).unwrap();
    let said = place.complaint("evaluate --run run/model.safetensors --data prices.csv");
    assert_snapshot!(without_hashes(&said), @"error: run/model.safetensors: was changed after it was written: its SHA-256 is <hash>…, expected <hash>…; take a whole copy of the file, or train again");
    place.succeed("evaluate --run run --quiet");
    let complaint = place.complaint("evaluate --run prices.csv --data prices.csv");
    assert!(complaint.starts_with("error: prices.csv: "), "{complaint}");
    let (weights, _) = place.weights("run");
    let complaint = place.complaint(&format!("evaluate --run run/checkpoints/{weights} --data prices.csv"));
    assert!(complaint.contains("weights alone do not say what they are of"), "{complaint}");
}

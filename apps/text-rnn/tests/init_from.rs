//! `--init-from` with files of other frameworks, as a user runs it.

mod program;

use std::fs;

use program::{small, with_text};
use program_tests::Place;
use serde_json::Value;

/// A folder with `text.txt`, a run on it, and `model.safetensors`, which was exported from that.
fn exported() -> Place {
    let place = with_text();
    place.succeed(&format!("train --run run --quiet {}", small("")));
    place.succeed("export --run run --to model.safetensors --quiet");
    place
}

/// Options of a small run without those that the file settles.
fn others(others: &str) -> String {
    small(others).replace("--hidden 16 ", "")
}

#[test]
fn training_goes_on_from_another_frameworks_file() {
    let place = exported();
    let said =
        place.succeed(&format!("train --run on --init-from model.safetensors {}", others("--max-steps 1")));
    insta::assert_snapshot!(said.err.lines().next().unwrap(), @"model.safetensors: `rnn.l0: LSTM, 23 features to 16 units`; reads characters as ones among zeros; `head` scores 23");
    let settings = place.json("on/config.json");
    let settings = &settings["settings"];
    assert_eq!(settings["model"]["hidden"], Value::from(16));
    assert_eq!(settings["vocabulary"], place.json("run/config.json")["settings"]["vocabulary"]);
    // What it begins with is what was learnt: a step later it is far better than a network that begins anew.
    let loss = |run: &str| place.figures(run)["metrics"]["bits_per_character"].as_f64().unwrap();
    place.succeed(&format!("train --run anew --quiet {}", small("--max-steps 1")));
    assert!(loss("on") < loss("anew") - 1.0, "{} and {}", loss("on"), loss("anew"));
}

#[test]
fn its_characters_are_named_beside_it_or_asked_for() {
    let place = exported();
    let train = |more: &str| {
        format!("train --quiet --run on --init-from model.onnx {more} {}", others("--max-steps 1"))
    };
    // A model of ONNX without a word about its characters.
    place.succeed("export --run run --to model.onnx --quiet");
    let tokens = place.json("run/config.json")["settings"]["vocabulary"].clone();
    let bytes = fs::read(place.path("model.onnx")).unwrap();
    let mut silent = bytes.clone();
    // The last, as the graph before the metadata has an input of the same name.
    let at = bytes.windows(7).rposition(|part| part == b"tokens\x12").unwrap();
    silent[at..at + 6].copy_from_slice(b"nothin");
    place.write("model.onnx", &silent);
    insta::assert_snapshot!(place.complaint(&train("")), @r#"
    error: model.onnx: does not say which characters its scores are of; give its vocabulary as JSON, such as ["a", "b"], or put that beside it as vocabulary.json
      try `--init-vocabulary FILE`
    "#);
    place.write("few.json", r#"["a", "b"]"#);
    insta::assert_snapshot!(place.complaint(&train("--init-vocabulary few.json")), @r"
    error: model.onnx: has a linear layer for 23 outputs, but the vocabulary has 2 characters; give the one that it was trained with
      try `--init-vocabulary FILE`
    ");
    place.write("vocabulary.json", tokens.to_string());
    place.succeed(&train(""));
    insta::assert_snapshot!(
        place.wrong_usage(&format!("train --run x --init-from run --init-vocabulary few.json {}", others(""))), @"error: `--init-vocabulary` has no meaning here: the model of `--init-from` has its own"
    );
}

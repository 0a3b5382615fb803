//! `export`, as a user runs it: what is written, what is refused, and that ONNX Runtime, PyTorch and Keras compute with it what the
//! program computes.

mod program;

use std::fs;

use program::{small, with_text};
use program_tests::peers::{Peer, array, case, frameworks};
use program_tests::{Place, Said};
use recurrent_cells::Pass;
use recurrent_language_model::{LanguageModel, Sampling, Seed, Writing};
use serde_json::Value;

/// A model of two layers, of a few steps.
fn trained(others: &str) -> Place {
    let place = with_text();
    place.succeed(&format!(
        "train --run run --quiet {}",
        small(&format!("--layers 2 --max-steps 30 {others}"))
    ));
    place
}

fn exported(place: &Place, options: &str) -> String {
    let Said { out, err, .. } = place.succeed(&format!("export --run run {options}"));
    assert!(err.contains("in Python:"), "{err}");
    out
}

/// A hundred stretches of random tokens, and their logits.
fn cases(model: &LanguageModel) -> Vec<Value> {
    let vocabulary = model.vocabulary().len();
    let case = |[batch, time]: [usize; 2]| {
        let drawn = Seed(batch as u64).uniform(0.5, batch * time);
        let ids: Vec<i64> =
            drawn.iter().map(|draw| ((draw + 0.5) * vocabulary as f32) as i64 % vocabulary as i64).collect();
        let read = model.network().place(ids.clone(), [batch, time]);
        let (logits, _) = model.network().forward(read, None, &Pass::evaluation(), None);
        let logits: Vec<f32> = logits.into_data().try_into_vec().unwrap();
        case(
            [("tokens", array("int64", &[batch, time], ids))],
            [("logits", array("float32", &[batch, time, vocabulary], logits))],
        )
    };
    [[1, 1], [9, 40], [40, 7], [50, 12]].map(case).to_vec()
}

/// The greedy text of 500 tokens behind the characters of a text.
fn greedy(model: &LanguageModel, text: &str) -> String {
    let characters: Vec<_> =
        text.chars().map(|character| model.vocabulary().id(character).unwrap()).collect();
    let writing = Writing::new(model.network(), &characters, 1, Sampling::greedy(), Seed(1));
    let ids: Vec<_> = writing.take(500).flatten().collect();
    text.to_owned() + &model.vocabulary().decode(&ids)
}

/// The options of each kind of model that the presets and options make, and whom it can be written for.
const KINDS: [(&str, [bool; 3]); 6] = [
    ("--preset chapter-vanilla", [true, true, true]),
    ("--preset chapter-lstm", [true, true, true]),
    ("--preset best", [true, true, true]),
    ("--preset best --tokens subwords", [true, true, true]),
    ("--tokens words --cell vanilla --activation tanh", [true, true, true]),
    ("--cell gru --reset before", [true, false, true]),
];

/// Exports a run for each framework that its model can be written for, and compares there.
fn assert_same_elsewhere(place: &Place, run: &str, written: [bool; 3], peers: &[Option<Peer>; 3]) {
    let files = ["--to model.onnx", "--to pytorch.safetensors", "--to keras.safetensors --names keras"];
    let model = LanguageModel::load(place.path(run)).unwrap();
    let cases = cases(&model);
    for ((file, is_written), peer) in files.into_iter().zip(written).zip(peers) {
        let line = format!("export --run {run} {file}");
        if !is_written {
            let said = place.complaint(&line);
            assert!(said.contains("resets after the product") && said.contains("--names keras"), "{said}");
            continue;
        }
        let example = place.succeed(&line).out;
        let Some(peer) = peer else { continue };
        peer.compare(place, &example, &cases);
        // Keras's layers hand no states on: its example says the next token alone.
        if !file.contains("keras") {
            let written = peer.run(place, &example.replace("range(200)", "range(500)"));
            let text = if model.vocabulary().encode("The ").is_ok() { "The " } else { "the " };
            let expected = greedy(&model, text);
            assert_eq!(written.trim_end_matches('\n'), expected.trim_end_matches('\n'), "{run} {file}");
        }
    }
}

#[test]
fn each_kind_of_model_computes_the_same_elsewhere() {
    let peers = frameworks();
    for (options, written) in KINDS {
        assert_same_elsewhere(&trained(options), "run", written, &peers);
    }
}

/// A run of any size that `RECURRENT_RUN` names.
#[test]
fn a_run_that_is_named_computes_the_same_elsewhere() {
    let Ok(run) = std::env::var("RECURRENT_RUN") else { return };
    assert_same_elsewhere(&program::place(), &run, [true; 3], &frameworks());
}

#[test]
fn the_example_writes_what_generate_writes() {
    let Some(peer) = Peer::with(&["numpy", "onnxruntime"]) else { return };
    let place = trained("");
    let written = peer.run(&place, &exported(&place, "--to model.onnx"));
    let mut generate = place.command("generate --run run --length 200 --strategy greedy --quiet --prime");
    let output = generate.arg("The ").output().unwrap();
    assert_eq!(written, String::from_utf8(output.stdout).unwrap());
}

#[test]
fn a_file_is_written_over_but_none_of_the_run() {
    let place = trained("");
    place.write("model.onnx", "something else");
    let said = place.succeed("export --run run --to model.onnx");
    assert!(
        said.err.starts_with("model.onnx: ") && said.err.contains(" KiB for ONNX; in Python:"),
        "{}",
        said.err
    );
    assert!(said.out.contains("InferenceSession(\"model.onnx\")"), "{}", said.out);
    let first = fs::read(place.path("model.onnx")).unwrap();
    // The one file that the model ships as does, too, and gives the same.
    place.succeed("export --run run/model.safetensors --to model.onnx");
    assert!(fs::read(place.path("model.onnx")).unwrap() == first);

    let model = fs::read(place.path("run/model.safetensors")).unwrap();
    for line in
        ["--run run --to run/model.safetensors", "--run run/model.safetensors --to run/model.safetensors"]
    {
        insta::allow_duplicates! {
            insta::assert_snapshot!(place.complaint(&format!("export {line}")), @"error: run/model.safetensors: is a file of the run itself; choose another name with `--to FILE`");
        }
    }
    assert!(fs::read(place.path("run/model.safetensors")).unwrap() == model);
    assert!(!place.path("model.safetensors").exists());
}

#[test]
fn wrong_names_of_files_and_runs_are_told() {
    let place = trained("");
    insta::assert_snapshot!(place.wrong_usage("export --run run --to model.pt"), @"error: invalid value 'model.pt' for '--to <FILE>': expected a name that ends with .onnx, .safetensors or .html");
    insta::assert_snapshot!(place.wrong_usage("export --run nowhere --to model.onnx"), @"error: invalid value 'nowhere' for '--run <RUN>': there is no such folder or file; a run is the folder that training wrote, such as runs/NAME, or the model.safetensors in it");
    insta::assert_snapshot!(place.wrong_usage("export --run run --to model.onnx --names keras"), @"error: `--names` has no meaning here: a graph of ONNX has no names of a framework; write to a file that ends with .safetensors");
    insta::assert_snapshot!(place.complaint("export --run run --to nowhere/model.onnx"), @r"
    error: cannot write nowhere/model.onnx
      because No such file or directory (os error 2)
    ");
    insta::assert_snapshot!(place.wrong_usage("export --run run"), @"error: the following required arguments were not provided:");
}

#[test]
fn what_no_framework_has_is_refused_with_the_option_that_leaves_it_out() {
    let place = trained("--normalization layer");
    insta::assert_snapshot!(place.complaint("export --run run --to model.onnx"), @r"
    error: `rnn` cannot be written: the recurrent nodes of ONNX have no layer normalisation
      try a new run with `--normalization none`
    ");
    assert!(!place.path("model.onnx").exists());
    let place = trained("--zoneout 0.1");
    insta::assert_snapshot!(place.complaint("export --run run --to model.safetensors"), @r"
    error: `rnn` cannot be written: PyTorch has no layer with zoneout, which computes also in evaluation
      try a new run without `--zoneout` and `--zoneout-memory`
    ");
}

#[test]
fn json_has_the_file_and_the_example() {
    let place = trained("");
    let said = place.printed("export --run run --to model.safetensors --format json --quiet");
    assert_eq!(
        (&said["file"], &said["format"]),
        (&Value::from("model.safetensors"), &Value::from("PyTorch"))
    );
    assert_eq!(said["bytes"].as_u64().unwrap(), fs::metadata(place.path("model.safetensors")).unwrap().len());
    assert!(said["example"].as_str().unwrap().contains("load_state_dict"));
}

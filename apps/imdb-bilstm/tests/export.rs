//! `export`: that ONNX Runtime, PyTorch and Keras say of a text what the program says.

mod program;

use program::{place, small, with_reviews};
use program_tests::Place;
use program_tests::peers::{Peer, array, case, frameworks};
use recurrent_classifier::{Classifier, Masking};
use recurrent_data::reviews::{PadSpec, Side, Width, pad_sequences};
use recurrent_linear::Seed;
use serde_json::Value;

/// A trained model, of reviews that are beside it.
fn trained(options: &str) -> Place {
    let place = if options.contains("stars.csv") { with_stars() } else { with_reviews() };
    place.succeed(&format!("train --run run --quiet {}", small(options)));
    place
}

/// Texts of four stars or tags.
fn with_stars() -> Place {
    let place = place();
    let row = |i: usize| {
        let word = ["dull", "fair", "good", "moving"][i % 4];
        format!("\"A {word} film, number {}. It was {word} indeed.\",{}\n", i % 9, i % 4 + 1)
    };
    place.write(
        "stars.csv",
        std::iter::once("text,label\n".to_owned()).chain((0..240).map(row)).collect::<String>(),
    );
    place
}

/// A hundred texts of random words, some longer than what is read of one.
fn texts(model: &Classifier) -> Vec<Vec<u32>> {
    let words = model.settings().coding.num_words();
    let text = |place: usize| {
        let drawn = Seed(place as u64).uniform(0.5, 1 + place * 7 % 40);
        let words = drawn.iter().map(|draw| 2 + ((draw + 0.5) * (words - 2) as f32) as u32 % (words - 2));
        std::iter::once(1).chain(words).collect()
    };
    (0..100).map(text).collect()
}

fn row_of(texts: &[Vec<u32>]) -> impl Iterator<Item = &[u32]> {
    texts.iter().map(Vec::as_slice)
}

/// Whole texts for ONNX, and what the program says of them.
fn whole(model: &Classifier, texts: &[Vec<u32>]) -> Value {
    let rows: Vec<&[u32]> = row_of(texts).collect();
    let (scores, outputs) = (model.scorer().scores(&rows), model.scorer().outputs());
    let probabilities: Vec<f64> =
        scores.chunks(outputs.width()).flat_map(|scores| outputs.probabilities(scores)).collect();
    let spec = PadSpec { length: None, width: Width::Longest, padding: Side::Post, truncating: Side::Post };
    let padded = pad_sequences(row_of(texts), &spec);
    let count = texts.len();
    case(
        [("tokens", array("int64", &[count, padded.time], padded.numbers))],
        [
            ("logits", array("float32", &[count, outputs.width()], scores)),
            ("probabilities", array("float32", &[count, model.settings().classes.len()], probabilities)),
        ],
    )
}

/// Texts as the networks read them, and what these say.
fn cut(model: &Classifier, texts: &[Vec<u32>]) -> Value {
    let reading = model.network().reading();
    let mut spec = reading.pad();
    if reading.masking == Masking::Padding {
        spec.padding = Side::Post;
    }
    let padded = pad_sequences(row_of(texts), &spec);
    let shape = [texts.len(), padded.time];
    let rows: Vec<&[u32]> = row_of(texts).collect();
    let logits = model.network().scores(&rows);
    case(
        [("tokens", array("int64", &shape, padded.numbers))],
        [("logits", array("float32", &[texts.len(), model.network().outputs().width()], logits))],
    )
}

/// The options of each kind of model. Beside NB-SVM some epochs are learnt, at a rate at which something is: a network that says nearly nothing
/// is multiplied by hundreds when it is weighed, and so are its last digits.
const KINDS: [&str; 8] = [
    "--preset chapter --layers 2",
    "--preset best --members 2 --pooling last,max,mean --stacking nb-svm",
    "--preset best --members 1 --layers 2 --stacking none --pooling max --skip-top 6",
    "--preset best --data stars.csv --labels stars --members 2 --stacking nb-svm --epochs 12 --learning-rate 0.02",
    "--preset best --data stars.csv --labels several --stacking nb-svm --padding pre --epochs 12 --learning-rate 0.02",
    "--preset chapter --data stars.csv --labels classes --truncating post --padding post",
    "--preset best --cell gru --members 2 --layers 2 --pooling last,max,mean --stacking none",
    "--preset chapter --cell gru --directions forward --layers 2",
];

/// Exports a run for each framework, and compares there.
fn assert_same_elsewhere(place: &Place, run: &str, peers: &[Option<Peer>; 3]) {
    let files = ["--to model.onnx", "--to pytorch.safetensors", "--to keras.safetensors --names keras"];
    let model = Classifier::load(place.path(run)).unwrap();
    let texts = texts(&model);
    for (file, peer) in files.into_iter().zip(peers) {
        let said = place.succeed(&format!("export --run {run} {file}"));
        let is_whole = file.contains("onnx") || model.scorer().stacking.is_none();
        let whose = if is_whole { "The probability is the program's" } else { "that of the network alone" };
        assert!(said.err.contains(whose), "{run} {file}: {}", said.err);
        let Some(peer) = peer else { continue };
        let cases = if file.contains("onnx") { [whole(&model, &texts)] } else { [cut(&model, &texts)] };
        peer.compare(place, &said.out, &cases);
        peer.run(place, &said.out);
    }
}

#[test]
fn each_kind_of_model_says_the_same_elsewhere() {
    let peers = frameworks();
    for options in KINDS {
        assert_same_elsewhere(&trained(options), "run", &peers);
    }
}

/// A run of any size that `RECURRENT_RUN` names.
#[test]
fn a_run_that_is_named_says_the_same_elsewhere() {
    let Ok(run) = std::env::var("RECURRENT_RUN") else { return };
    assert_same_elsewhere(&place(), &run, &frameworks());
}

/// The example reads a text as the program does.
#[test]
fn the_example_says_what_classify_says() {
    let Some(peer) = Peer::with(&["numpy", "onnxruntime"]) else { return };
    let place = trained("--preset best --stacking nb-svm");
    let example = place.succeed("export --run run --to model.onnx").out;
    let text = "A <br />GOOD, \u{c9}t\u{e9}-fine film!\tNumber 3: it's moving\u{a0}(on and on).";
    let begin = example.find("words = \"").unwrap() + "words = ".len();
    let end = begin + example[begin..].find(".replace").unwrap();
    let printed = peer.run(&place, &example.replace(&example[begin..end], &Value::from(text).to_string()));
    let positive: f64 =
        printed.split("'positive': ").nth(1).unwrap().trim_end().trim_end_matches('}').parse().unwrap();
    let said = Classifier::load(place.path("run")).unwrap().classify(text).unwrap();
    assert!(said.known > 6 && (said.positive() - positive).abs() < 1e-5, "{said:?}, not {positive}");
}

#[test]
fn files_of_the_run_and_wrong_names_are_refused() {
    let place = trained("--preset chapter");
    insta::assert_snapshot!(place.complaint("export --run run --to run/model.safetensors"), @"error: run/model.safetensors: is a file of the run itself; choose another name with `--to FILE`");
    insta::assert_snapshot!(place.wrong_usage("export --run run --to model.h5"), @"error: invalid value 'model.h5' for '--to <FILE>': expected a name that ends with .onnx, .safetensors or .html");
}

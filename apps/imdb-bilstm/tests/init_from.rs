//! `--init-from` with files of other frameworks, as a user runs it.

mod program;

use program::{small, with_reviews};
use program_tests::Place;
use program_tests::peers::Peer;
use recurrent_classifier::Classifier;

/// A folder with `reviews.csv` and `model.onnx`, which was exported from a run on them.
fn exported() -> Place {
    let place = with_reviews();
    place.succeed(&format!(
        "train --run run --quiet {}",
        small("--preset chapter --epochs 6 --learning-rate 0.02")
    ));
    place.succeed("export --run run --to model.onnx --quiet");
    place
}

/// The options of a small run without what the file says.
fn others(others: &str) -> String {
    small(&format!("--preset chapter --epochs 1 --learning-rate 0.000001 {others}"))
        .replace("--embedding 8 ", "")
        .replace("--hidden 8 ", "")
}

#[test]
fn training_goes_on_from_another_frameworks_file() {
    let place = exported();
    let said = place.succeed(&format!("train --run on --init-from model.onnx {}", others("")));
    insta::assert_snapshot!(said.err.lines().next().unwrap(), @"<dir>/model.onnx: embedding of 60 words and 8 features, `/member_0/rnn/LSTM: LSTM, 8 features to 8 units, both directions`");
    let accuracy = |run: &str| place.figures(run)["metrics"]["accuracy"].as_f64().unwrap();
    // At this rate nothing is learnt: it is as right as what it began with.
    assert_eq!(accuracy("on"), accuracy("run"));
    assert!(accuracy("on") > 0.9, "{}", accuracy("on"));
}

#[test]
fn what_does_not_fit_is_told_with_the_option_that_helps() {
    let place = exported();
    let train =
        |file: &str, more: &str| format!("train --quiet --run on --init-from {file} {}", others(more));
    insta::assert_snapshot!(place.complaint(&train("model.onnx", "--pooling max,mean")), @r"
    error: <dir>/model.onnx: has `/member_0/head/MatMul` from 16 features to 1, but a network here gives 32 features to 1
      try `--pooling last`, as Keras's layers give the last output
    ");
    place.write("words.json", "[1]");
    insta::assert_snapshot!(place.complaint(&train("model.onnx", "--init-vocabulary words.json")), @r"
    error: <dir>/words.json: holds no index of words: invalid type: sequence, expected a map at line 1 column 0; expected a JSON object of words and their places, such as Keras's imdb_word_index.json
      try `--init-vocabulary FILE`
    ");
    place.write("text.pt", "no model");
    let said = place.complaint(&train("text.pt", ""));
    assert!(said.starts_with("error: <dir>/text.pt: is a text that begins with `no model`"), "{said}");
    let said = place.wrong_usage(&train("model.onnx", "--hidden 3"));
    assert!(said.contains("--init-from <FILE>") && said.contains("cannot be used with"), "{said}");
}

/// What Keras makes and saves itself.
const KERAS: &str = r#"
import json, keras
words = [f"word{place}" for place in range(40)] + ["good", "bad", "dull", "fine", "moving", "silly", "film", "it", "was"]
open("imdb_word_index.json", "w").write(json.dumps({word: place + 1 for place, word in enumerate(words)}))
def model(layer):
    return keras.Sequential([
        keras.Input((None,), dtype="int32"), keras.layers.Embedding(len(words) + 4, 6),
        layer, keras.layers.Dense(1, activation="sigmoid"),
    ])
model(keras.layers.Bidirectional(keras.layers.LSTM(5))).save("imdb.keras")
model(keras.layers.LSTM(5)).save("one_way.keras")
model(keras.layers.GRU(5)).save("gru.keras")
model(keras.layers.GRU(5, go_backwards=True)).save("backwards.keras")
"#;

#[test]
fn a_model_of_keras_begins_a_run() {
    let Some(peer) = Peer::with(&["keras"]) else { return };
    let place = exported();
    peer.run(&place, KERAS);
    let train = |file: &str, more: &str| format!("train --run on --init-from {file} {more} {}", others(""));
    let said = place.succeed(&train("imdb.keras", "--init-vocabulary imdb_word_index.json"));
    insta::assert_snapshot!(said.err.lines().next().unwrap(), @"<dir>/imdb.keras: embedding of 53 words and 6 features, `bidirectional: LSTM, 6 features to 5 units, both directions`");
    insta::assert_snapshot!(place.complaint(&train("imdb.keras", "--quiet").replace("run on", "run x")), @r#"
    error: <dir>/imdb.keras: does not say which rows of its embedding are of which words; give its index of words as JSON, such as {"the": 1, "and": 2}
      try `--init-vocabulary FILE`
    "#);
    for (file, run, words) in [("one_way", "lstm", "LSTM of 5 units"), ("gru", "gru", "GRU of 5 units")] {
        let line = train(&format!("{file}.keras"), "--quiet --init-vocabulary imdb_word_index.json");
        place.succeed(&line.replace("run on", &format!("run {run}")));
        let model = Classifier::load(place.path(run)).unwrap();
        assert_eq!(model.settings().model.words(), format!("embedding of 6, 1 x {words}"));
    }
    let line =
        train("backwards.keras", "--quiet --init-vocabulary imdb_word_index.json").replace("run on", "run y");
    let said = place.complaint(&line);
    assert!(said.contains(", in reverse`, but the classifier is of LSTM layers, or of GRU layers"), "{said}");
}

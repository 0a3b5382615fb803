//! Models that PyTorch and ONNX's exporters wrote, as ones of this crate: they compute what they computed there.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::{Tensor, TensorData};
use common::{device, shape};
use recurrent_cells::{Pass, State};
use recurrent_exchange::{Embedding, Form, Layers, Linear, StateDict};
use recurrent_language_model::{CellKind, Foreign, LanguageModel, Network, Reading, Seed, Settings};
use serde_json::Value;

fn files() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../exchange/tests/files")
}

/// Five characters, as the models have them.
const VOCABULARY: &str = r#"{"a": 0, "b": 1, "c": 2, "d": 3, "\n": 4}"#;

fn read(file: &Path, vocabulary: &str) -> Result<Foreign, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("characters.json");
    fs::write(&path, vocabulary).unwrap();
    let said = |error: recurrent_language_model::Error| error.to_string();
    Foreign::read(file, Some(&path), &device()).map_err(said)
}

/// Numbers of a sheet by their name.
fn numbers(list: &Value, name: &str) -> (Vec<usize>, Vec<f32>) {
    let array = list.as_array().unwrap().iter().find(|array| array["name"] == name).unwrap();
    let shape = array["shape"].as_array().unwrap().iter().map(|length| length.as_u64().unwrap() as usize);
    let data = array["data"].as_array().unwrap().iter().map(|number| number.as_f64().unwrap() as f32);
    (shape.collect(), data.collect())
}

/// The states of each layer.
fn states(inputs: &Value) -> Vec<State> {
    let ([(shape, outputs), (_, memories)], device) =
        (["h_0", "c_0"].map(|name| numbers(inputs, name)), device());
    let size = shape[1] * shape[2];
    let of =
        |numbers: &[f32]| Tensor::from_data(TensorData::new(numbers.to_vec(), [shape[1], shape[2]]), &device);
    outputs
        .chunks(size)
        .zip(memories.chunks(size))
        .map(|(output, memory)| State { output: of(output), memory: Some(of(memory)) })
        .collect()
}

#[test]
fn a_model_computes_what_it_computed_there() {
    let kinds = [
        ("pytorch/char_model.old.pt", "pytorch/char_model.json", Reading::OneHot),
        ("pytorch/char_model_tied.pt", "pytorch/char_model_tied.json", Reading::Tied),
        ("pytorch/char_model_tied.safetensors", "pytorch/char_model_tied.json", Reading::Tied),
        ("onnx/char_model.classic.onnx", "onnx/char_model.classic.json", Reading::OneHot),
        ("onnx/char_model.dynamo.onnx", "onnx/char_model.dynamo.json", Reading::OneHot),
    ];
    for (file, sheet, reading) in kinds {
        assert!(Foreign::is_at(&files().join(file)), "{file}");
        let foreign = read(&files().join(file), VOCABULARY).unwrap();
        let model = &foreign.model;
        assert_eq!(model.settings().network.reading, reading, "{file}: {}", foreign.found);
        assert_eq!(model.vocabulary().characters(), ['a', 'b', 'c', 'd', '\n']);
        let sheet: Value = serde_json::from_slice(&fs::read(files().join(sheet)).unwrap()).unwrap();
        for case in sheet["cases"].as_array().unwrap() {
            let (shape, tokens) = numbers(&case["inputs"], "tokens");
            let ids =
                model.network().place(tokens.iter().map(|id| *id as i64).collect(), [shape[0], shape[1]]);
            let states = states(&case["inputs"]);
            let (logits, _) = model.network().forward(ids, Some(states), &Pass::evaluation(), None);
            let logits: Vec<f32> = logits.into_data().try_into_vec().unwrap();
            for (found, expected) in logits.iter().zip(numbers(&case["outputs"], "logits").1) {
                assert!((found - expected).abs() < 1e-5, "{file}: {found}, not {expected}");
            }
        }
    }
}

#[test]
fn what_was_exported_comes_back_with_its_characters() {
    let (folder, device) = (tempfile::tempdir().unwrap(), device());
    let vocabulary = common::text(9).vocabulary().clone();
    for kind in [shape(CellKind::Gru, 6, 2), shape(CellKind::Lstm, 5, 1)] {
        let network = Network::new(&kind, vocabulary.len(), Seed(3), &device);
        let model = LanguageModel::new(Settings::new(kind, vocabulary.clone()), network);
        for (form, file) in
            [(Form::Onnx, "a.onnx"), (Form::PyTorch, "a.safetensors"), (Form::Keras, "k.safetensors")]
        {
            let path = folder.path().join(file);
            model.export(form).unwrap().write(&path).unwrap();
            let again = Foreign::read(&path, None, &device).unwrap().model;
            assert_eq!(again.vocabulary(), model.vocabulary(), "{file}");
            let weights = |model: &LanguageModel| {
                Layers::from(&model.network().layers)
                    .layers
                    .iter()
                    .map(|layer| layer.weights[0].to_pytorch())
                    .collect::<Vec<_>>()
            };
            assert_eq!(weights(&again), weights(&model), "{file}");
        }
    }
    // The one file of a model is no other framework's.
    let kind = shape(CellKind::Lstm, 3, 1);
    let network = Network::new(&kind, vocabulary.len(), Seed(1), &device);
    let path = folder.path().join("model.safetensors");
    LanguageModel::new(Settings::new(kind, vocabulary), network).save(&path).unwrap();
    assert!(!Foreign::is_at(&path) && !Foreign::is_at(folder.path()));
}

#[test]
fn what_does_not_fit_is_told_in_words() {
    let model = files().join("pytorch/char_model.old.pt");
    let said = |file: &Path, vocabulary: &str| {
        read(file, vocabulary).unwrap_err().split_once(": ").unwrap().1.to_owned()
    };
    insta::assert_snapshot!(said(&model, r#"["a", "b"]"#), @"has a linear layer for 5 outputs, but the vocabulary has 2 characters; give the one that it was trained with");
    insta::assert_snapshot!(said(&model, "{}"), @"holds no vocabulary: there is no character; a vocabulary needs at least 2 distinct ones; expected JSON: a list of characters, or an object of characters and their places");
    insta::assert_snapshot!(said(&files().join("pytorch/lstm_bidirectional.safetensors"), VOCABULARY), @"has `lstm.l0: LSTM, 2 features to 3 units, both directions`, but a text is written in one direction, forward");
    insta::assert_snapshot!(said(&files().join("pytorch/lstm.safetensors"), VOCABULARY), @"has no linear layer that reads the 3 outputs of its last recurrent layer, to score characters");
    let without = Foreign::read(&model, None, &device()).unwrap_err().to_string();
    insta::assert_snapshot!(without.split_once(": ").unwrap().1, @r#"does not say which characters its scores are of; give its vocabulary as JSON, such as ["a", "b"], or put that beside it as vocabulary.json"#);

    // Vectors of four features before a layer that reads three.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wide.safetensors");
    let network = Network::new(&shape(CellKind::Lstm, 2, 1), 3, Seed(1), &device());
    let mut weights = StateDict::pytorch();
    weights.embedding("embedding", &Embedding::new(5, vec![0.5; 20]));
    weights.layers("rnn", &Layers::from(&network.layers)).unwrap();
    weights.linear("head", &Linear::new(2, vec![0.1; 10], vec![0.0; 5]));
    weights.write(&path).unwrap();
    insta::assert_snapshot!(said(&path, VOCABULARY), @"has a first layer that reads 3 features, and neither an embedding of 5 rows and 3 columns, one for each character, nor 5 features, one for each character");
}

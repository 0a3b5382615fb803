//! What is exported is read back as it was, by the reader of `recurrent-exchange`.

mod common;

use common::{shape, text};
use recurrent_cells::Activation;
use recurrent_exchange::{ForeignFile, Form, Layers, Told};
use recurrent_language_model::{CellKind, LanguageModel, Network, NetworkSettings, Reading, Seed, Settings};

fn model(network: NetworkSettings) -> LanguageModel {
    let vocabulary = text(20).vocabulary().clone();
    let made = Network::new(&network, vocabulary.len(), Seed(4), &common::device());
    LanguageModel::new(Settings::new(network, vocabulary), made)
}

#[test]
fn weights_and_words_are_read_back_as_they_were() {
    let kinds = [
        shape(CellKind::Lstm, 5, 2),
        shape(CellKind::Gru, 4, 1),
        shape(CellKind::Vanilla, 6, 1),
        NetworkSettings { reading: Reading::Tied, ..shape(CellKind::Lstm, 7, 2) },
    ];
    let folder = tempfile::tempdir().unwrap();
    let told = Told::default().with_activation(Activation::Relu);
    for kind in kinds {
        let model = model(kind);
        let tokens: Vec<String> = model.vocabulary().texts().collect();
        let keras: Vec<_> = (0..kind.layers).map(|place| format!("rnn_{place}")).collect();
        for (form, file, rnn) in [
            (Form::Onnx, "model.onnx", "rnn"),
            (Form::PyTorch, "model.safetensors", "rnn"),
            (Form::Keras, "keras.safetensors", &keras.join(",")),
        ] {
            let path = folder.path().join(file);
            model.export(form).unwrap().write(&path).unwrap();
            let read = ForeignFile::open(&path).unwrap();
            let (layers, ours) = (read.layers(rnn, &told).unwrap(), Layers::from(&model.network().layers));
            for (layer, ours) in layers.layers.iter().zip(&ours.layers) {
                assert_eq!(layer.config.cell, ours.config.cell, "{file}");
                assert_eq!(layer.weights[0].to_pytorch(), ours.weights[0].to_pytorch(), "{file}");
            }
            let head = read.linear("head").unwrap();
            let [kernel, bias] =
                [model.network().kernel.val().into_data(), model.network().bias.val().into_data()];
            assert_eq!(
                (head.weight, head.bias),
                (kernel.try_into_vec().unwrap(), bias.try_into_vec().unwrap())
            );
            let said: Vec<String> = serde_json::from_str(&read.metadata()["tokens"]).unwrap();
            assert_eq!(said, tokens, "{file}");
            assert!(read.metadata()["settings"].contains("\"hidden\""), "{file}");
            assert!(read.metadata()["reads"].contains("letters as they are"), "{file}");
        }
    }
}

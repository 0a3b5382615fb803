//! What is exported is read back as it was, by the reader of `recurrent-exchange`.

use std::collections::BTreeMap;
use std::path::Path;

use recurrent_classifier::Classifier;
use recurrent_data::reviews::{INDEX_FROM, UNKNOWN};
use recurrent_exchange::{ForeignFile, Form, Told};

#[test]
fn weights_and_words_are_read_back_as_they_were() {
    let run = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/runs/demo");
    let (model, folder) = (Classifier::load(run).unwrap(), tempfile::tempdir().unwrap());
    let member = &model.network().members[0];
    let embedding: Vec<f32> = member.embedding.val().into_data().try_into_vec().unwrap();
    let kernel: Vec<f32> = member.kernel.val().into_data().try_into_vec().unwrap();
    for (form, file, scope, rnn) in [
        (Form::Onnx, "model.onnx", "member_0.", "rnn"),
        (Form::PyTorch, "model.safetensors", "members.0.", "rnn"),
        (Form::Keras, "keras.safetensors", "member_0_", "rnn_0"),
    ] {
        let path = folder.path().join(file);
        model.export(form).unwrap().write(&path).unwrap();
        let read = ForeignFile::open(&path).unwrap();
        let name = |part: &str| format!("{scope}{part}");
        assert_eq!(read.embedding(&name("embedding")).unwrap().vectors, embedding, "{file}");
        assert_eq!(read.linear(&name("head")).unwrap().weight, kernel, "{file}");
        let layers = read.layers(&name(rnn), &Told::default()).unwrap().layers;
        let ours = member.layers.layers[0].directions();
        assert_eq!((layers.len(), layers[0].weights.len()), (1, 2), "{file}");
        for (weights, ours) in layers[0].weights.iter().zip(ours) {
            assert_eq!(weights.to_pytorch(), ours.weights().to_pytorch(), "{file}");
        }

        let index: BTreeMap<String, u32> = serde_json::from_str(&read.metadata()["index"]).unwrap();
        let (vocabulary, coding) = (model.vocabulary(), model.settings().coding);
        for word in vocabulary.words() {
            let expected = Some(coding.index(vocabulary.rank(word))).filter(|index| *index != UNKNOWN);
            assert_eq!(index.get(word).copied(), expected, "{word}");
        }
        assert!(index.len() > 50 && index.values().all(|index| *index > INDEX_FROM), "{index:?}");
        assert_eq!(read.metadata()["classes"], r#"["negative","positive"]"#);
    }
}

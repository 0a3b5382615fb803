//! What is exported is read back as it was, by the reader of `recurrent-exchange`.

mod support;

use recurrent_cells::{Cell, Reset};
use recurrent_exchange::{ForeignFile, Form, Told};

#[test]
fn weights_and_columns_are_read_back_as_they_were() {
    let (model, folder) = (support::trained(), tempfile::tempdir().unwrap());
    let mut read = [
        // Each by its own name, as what is between prices and the first of them is no layer.
        (Form::Onnx, "model.onnx", &["/rnn/GRU", "/rnn/GRU_1"][..]),
        (Form::PyTorch, "model.safetensors", &["rnn"]),
        (Form::Keras, "keras.safetensors", &["rnn_0,rnn_1"]),
    ]
    .map(|(form, file, rnn)| {
        let path = folder.path().join(file);
        model.export(form).unwrap().write(&path).unwrap();
        let file = ForeignFile::open(&path).unwrap();
        assert_eq!((&*file.metadata()["columns"], &*file.metadata()["window"]), (r#"["Close"]"#, "8"));
        let layers: Vec<_> =
            rnn.iter().flat_map(|name| file.layers(name, &Told::default()).unwrap().layers).collect();
        assert!(layers.iter().all(|layer| layer.config.cell == Cell::Gru(Reset::After)));
        let weights: Vec<_> = layers.iter().map(|layer| layer.weights[0].to_pytorch()).collect();
        (weights, file.linear("head").unwrap().weight)
    })
    .into_iter();
    let first = read.next().unwrap();
    assert_eq!((first.0.len(), first.1.len()), (2, 5));
    read.for_each(|other| assert!(other == first));
}

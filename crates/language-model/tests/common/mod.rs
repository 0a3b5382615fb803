//! A small text, and models of it.
#![allow(dead_code)] // each test file uses its part

use burn::tensor::Device;
use recurrent_backend::BackendKind;
use recurrent_cells::Activation;
use recurrent_data::text::{Corpus, Text};
use recurrent_language_model::{BatchSettings, CellKind, Feed, Network, NetworkSettings, Seed, TextBatches};
use recurrent_train::{Optimiser, TrainConfig, Training};

/// The backend's device.
pub(crate) fn device() -> Device {
    BackendKind::Flex.open().unwrap()
}

/// A text of so many lines that differ a little.
pub(crate) fn text(lines: usize) -> Text {
    let verbs = ["sees", "hears", "seeks", "finds"];
    let text = (0..lines).map(|i| format!("The {} dog {} {}.\n", i % 7, verbs[i % 4], i % 5)).collect();
    Text::new(Corpus::from_string("text", text).unwrap()).unwrap()
}

/// Layers of so many units, with ReLU where they are vanilla.
pub(crate) fn shape(cell: CellKind, hidden: usize, layers: usize) -> NetworkSettings {
    NetworkSettings { activation: Activation::Relu, ..NetworkSettings::new(cell, hidden, layers) }
}

/// A network of that shape that has learnt the text from windows of so many characters.
pub(crate) fn trained(shape: &NetworkSettings, text: &Text, window: usize, epochs: usize) -> Network {
    let network = Network::new(shape, text.vocabulary().len(), Seed(3), &device().autodiff());
    let batches = BatchSettings { feed: Feed::Windows, window, batch_size: 8, restarts: 0.0 };
    let batches = TextBatches::new(text.ids(), text.vocabulary(), batches, Seed(0)).unwrap();
    let config = TrainConfig::new(epochs, Optimiser::adam(), 0.01);
    Training::new(&config, &batches).run(network).unwrap().model
}

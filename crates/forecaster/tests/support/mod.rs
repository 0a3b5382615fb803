//! A small model, trained on generated prices for a moment.
#![allow(dead_code)] // each test file uses its part

use std::path::Path;

use recurrent_backend::BackendKind;
use recurrent_data::prices::{PriceTable, WindowSpec, demo};
use recurrent_forecaster::{
    Forecaster, ModelSettings, Network, Output, Prices, Reset, Seed, Settings, ShuffledWindows,
};
use recurrent_train::{Batches, Optimiser, RunFolder, TrainConfig, Training};
use serde_json::json;

pub(crate) const SEED: Seed = Seed(5);

pub(crate) fn table() -> PriceTable {
    demo(1, 400)
}

pub(crate) fn settings() -> Settings {
    let model = ModelSettings {
        hidden: 5,
        layers: 2,
        reset: Reset::After,
        dropout: 0.1,
        output: Output::Growth,
        ahead: 1,
    };
    let sha256 = Some(table().sha256().to_owned());
    Settings::new(WindowSpec { window: 8, ..WindowSpec::default() }, model)
        .with_seed(SEED)
        .with_data_sha256(sha256)
}

/// A model of two epochs.
pub(crate) fn trained() -> Forecaster {
    Forecaster::new(settings(), train(None))
}

/// The same model in a run's folder, whose settings have what a program adds to those of the model.
pub(crate) fn run(path: &Path) -> RunFolder {
    let Settings { windows, fractions, model, seed, data_sha256, .. } = settings();
    let config = json!({
        "preset": "best",
        "origin": { "backend": "flex", "source": "demo", "sha256": data_sha256 },
        "windows": windows,
        "fractions": fractions,
        "model": model,
        "batch_size": 50,
        "train": { "epochs": 2, "seed": seed },
    });
    let run = RunFolder::create(path, "a-program", &config).unwrap();
    train(Some(&run));
    run
}

fn train(run: Option<&RunFolder>) -> Network {
    let settings = settings();
    let prices = Prices::new(&table(), &settings.windows, settings.fractions).unwrap();
    let batches = ShuffledWindows::new(&prices.windows, prices.split.train.clone(), 50, SEED);
    let device = BackendKind::default().open().unwrap().autodiff();
    let network = Network::new(&settings.model, settings.features(), SEED, &device);
    let config = TrainConfig::new(2, Optimiser::adam(), 0.01).with_seed(SEED);
    let training = Training::new(&config, &batches);
    assert_eq!(batches.steps_per_epoch(), 6);
    match run {
        Some(run) => training.in_folder(run, "a small network").run(network).unwrap().model,
        None => training.run(network).unwrap().model,
    }
}

//! Learns a generated text, keeps the model in one file, loads it and lets it write on several threads at once:
//! `cargo run -p recurrent-language-model --example write`.
#![allow(clippy::print_stdout)] // an example shows its result

use std::thread;

use recurrent_backend::BackendKind;
use recurrent_data::text::{Text, TextFractions, demo, demo_entropy};
use recurrent_language_model::{
    BatchSettings, CellKind, Feed, LanguageModel, Network, NetworkSettings, Sampling, Seed, Settings,
    TextBatches, mean_surprise, parts,
};
use recurrent_train::{Figures, Optimiser, TrainConfig, Training};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let text = Text::new(demo(1, 60_000).split(TextFractions::default())?)?;
    let parts = parts(&text)?;
    let batches = BatchSettings { feed: Feed::Streams, window: 50, batch_size: 16, restarts: 0.02 };
    let batches = TextBatches::new(parts.train, text.vocabulary(), batches, Seed(1))?;
    let shape = NetworkSettings { dropout: 0.1, ..NetworkSettings::new(CellKind::Lstm, 64, 1) };
    let device = BackendKind::Flex.open()?.autodiff();
    let network = Network::new(&shape, text.vocabulary().len(), Seed(1), &device);
    let config = TrainConfig::new(5, Optimiser::adam(), 0.01);
    let outcome = Training::new(&config, &batches)
        .with_validation(|network| {
            let loss = mean_surprise(network, text.vocabulary(), parts.validation);
            Ok(Figures::from(loss.unwrap_or(f64::NAN)))
        })
        .run(network)?;
    for epoch in &outcome.history {
        println!("epoch {}: {:.3} nats a character", epoch.epoch, epoch.validation_loss.unwrap_or(f64::NAN));
    }
    println!("the best possible model: {:.3}\n", demo_entropy());

    let file = std::env::temp_dir().join(format!("write-{}.safetensors", std::process::id()));
    LanguageModel::new(Settings::new(shape, text.vocabulary().clone()), outcome.model).save(&file)?;
    let model = LanguageModel::load(&file)?;
    std::fs::remove_file(&file)?;

    let writers: Vec<_> = [0.3, 0.7, 1.0]
        .map(|temperature| {
            let model = model.clone();
            thread::spawn(move || {
                let text = model.generate("", &Sampling::default().temperature(temperature), 7)?;
                let text: String = text.take(120).collect();
                Ok::<_, recurrent_language_model::Error>(format!("temperature {temperature}:\n{text}\n"))
            })
        })
        .into();
    for writer in writers {
        println!("{}", writer.join().expect("no panic")?);
    }
    Ok(())
}

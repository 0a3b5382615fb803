//! Trains a classifier on the demo reviews in some seconds, judges it beside NB-SVM, and saves it as one file.
//!
//! `cargo run -p recurrent-classifier --example train -- model.safetensors`
#![allow(clippy::print_stdout)] // an example shows what it found

use std::error::Error;

use recurrent_backend::{BackendKind, Seed, in_pool};
use recurrent_classifier::{
    Classifier, Lesson, ModelSettings, Parting, Plan, Reading, Reviews, Scorer, Settings, Watcher, judge,
    learn, report::judgement_text,
};
use recurrent_data::reviews::{Coding, Dataset, WordsOf, demo};
use recurrent_train::{Batches, Interval, Model, Progress, ProgressBar, RunFolder, TrainConfig, Training};
use recurrent_train::{Optimiser, Watch, Watched};

/// Shows notes and a line for each epoch.
#[derive(Default)]
struct Told(Option<ProgressBar>);

impl Watcher for Told {
    fn note(&mut self, text: &str) {
        println!("{text}");
    }

    fn watch<'a, M, B>(&'a mut self, _: &RunFolder, training: Training<'a, M, B>) -> Training<'a, M, B>
    where
        M: Model,
        B: Batches<Batch = M::Batch>,
    {
        let lines = Progress::Lines { epochs: Interval::every(1), writer: Box::new(std::io::stdout()) };
        training.with_observer(self.0.insert(ProgressBar::new(lines)))
    }
}

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    in_pool(train)
}

fn train() -> Result<(), Box<dyn Error + Send + Sync>> {
    let data = Dataset::new(demo(1, 2000), WordsOf::Train)?;
    let reading = Reading::masked(100);
    let mut settings = Settings::new(Coding::new(150, 0)?, reading, ModelSettings::new(16, 16));
    settings.data_sha256 = Some(data.sha256.clone());
    let parting = Parting { test_fraction: 0.2, validation_fraction: 0.1, seed: 42 };
    let reviews = Reviews::new(data, settings.coding, parting)?;

    let mut train = TrainConfig::new(6, Optimiser::adam(), 0.01);
    train.seed = Seed(42);
    train.watch = Some(Watch::new(Watched::ValidationLoss));
    let mut plan = Plan::new(train);
    plan.bucket = 10;

    let folder = tempfile::tempdir()?;
    let run = RunFolder::create(&folder.path().join("run"), "example", &settings)?;
    let lesson = Lesson::new(&settings, &plan, &reviews, &run);
    let mut told = Told::default();
    let learnt = learn(&lesson, &BackendKind::Flex.open()?, &mut told)?;
    let scorer = Scorer::fit(learnt.outcome.model, &settings, &reviews)?;
    let judged = judge(&reviews, &scorer, &mut told);
    println!("{}", judgement_text(&judged.judgement));
    if let Some(path) = std::env::args().nth(1) {
        Classifier::new(settings, &reviews.data.vocabulary, scorer).save(&path)?;
        println!("saved as {path}");
    }
    Ok(())
}

//! Finds names in sentences: a bidirectional LSTM gives each word its tag (many to many, synchronised).
//! `cargo run -p recurrent-train --example tagger [-- TRAIN.conll [TEST.conll]]` learns from a file, or else from generated
//! sentences whose best score is known, judges, and tags the lines of standard input. Scores are in percent.
#![allow(clippy::print_stdout)] // an example shows its result

use std::{error::Error, io, path::PathBuf};

use recurrent_backend::{BackendKind, Seed};
use recurrent_train::{Clip, Optimiser, TrainConfig, Training, Watch, Watched, mean_loss};

pub mod conll;
pub mod demo;
pub mod network;

use conll::{Sentence, names, score};
use network::{Shuffled, Tagger};

fn main() -> Result<(), Box<dyn Error>> {
    let files: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [train, validation, test] = parts(&files)?;
    let [learnt, chosen, judged] = [&train, &validation, &test].map(Vec::len);
    println!("{learnt} sentences to learn from, {chosen} to choose the epoch by, {judged} to judge on");
    let tagger = learn(&train, &validation)?;
    let tell = |who: &str, [accuracy, precision, recall, f1]: [f64; 4]| {
        println!("{who}: accuracy {accuracy:.2}, precision {precision:.2}, recall {recall:.2}, F1 {f1:.2}");
    };
    tell("the network", score(&test, tagger.tag(&test)));
    if files.is_empty() {
        tell("the best that is possible", score(&test, test.iter().map(|it| demo::truth(&it.words))));
        println!("DEMO DATA (generated): {}% of the tags are wrong on purpose", 100.0 * demo::NOISE);
        println!("{}", shown(&tagger, "ask the old Jordan alone reach Jordan Paris again ."));
    }
    println!("sentences to tag, one a line:");
    for line in io::stdin().lines() {
        println!("{}", shown(&tagger, &line?));
    }
    Ok(())
}

/// The sentences to learn from, those to choose the epoch by, and those to judge on: of a file and of another one to judge on,
/// or of one alone, or generated ones. An error names the file.
pub fn parts(files: &[PathBuf]) -> Result<[Vec<Sentence>; 3], String> {
    let mut train =
        files.first().map_or_else(|| Ok(demo::sentences(Seed(1), 2000)), |file| conll::read(file))?;
    let tenth = train.len().div_ceil(10);
    let test = match files.get(1) {
        Some(file) => conll::read(file)?,
        None => train.split_off(train.len() - tenth),
    };
    let validation = train.split_off(train.len() - tenth);
    Ok([train, validation, test])
}

/// Trains a tagger, and keeps the epoch that is best for the second sentences.
pub fn learn(train: &[Sentence], validation: &[Sentence]) -> Result<Tagger, Box<dyn Error>> {
    let device = BackendKind::Flex.open()?.autodiff();
    let mut config = TrainConfig::new(10, Optimiser::adam(), 0.005);
    config.clip = Clip::GlobalNorm(5.0);
    config.watch = Some(Watch::new(Watched::ValidationLoss).with_patience(2));
    let batches = Shuffled(train, config.seed);
    let outcome = Training::new(&config, &batches)
        .with_validation(|tagger| {
            let loss = mean_loss(tagger, validation.chunks(network::BATCH).map(<[_]>::to_vec));
            Ok(loss.unwrap_or(f64::NAN).into())
        })
        .with_sampler(|_, epoch| {
            let validation = epoch.validation_loss.unwrap_or(f64::NAN);
            println!("epoch {}: loss {:.4}, validation {validation:.4}", epoch.epoch, epoch.train_loss);
            Ok(())
        })
        .run(Tagger::new(train, config.seed, &device))?;
    Ok(outcome.model)
}

/// A line of words with its names in brackets.
pub fn shown(tagger: &Tagger, line: &str) -> String {
    let mut words: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
    let sentence = Sentence { words: words.clone(), tags: Vec::new() };
    for (kind, place) in tagger.tag(&[sentence]).iter().flat_map(|tags| names(tags)) {
        words[place.start].insert_str(0, &format!("[{kind} "));
        words[place.end - 1].push(']');
    }
    words.join(" ")
}

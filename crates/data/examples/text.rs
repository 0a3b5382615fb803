//! Reads a text, splits it, and cuts windows and streams of it. Without an argument it takes the demo text:
//! `cargo run -p recurrent-data --example text -- war_and_peace.txt`; it may be several files, or folders.
#![allow(clippy::print_stdout)] // an example shows its result

use std::time::Instant;

use recurrent_data::text::{
    Case, DEMO_CHARACTERS, ReadSpec, Streams, Text, TextFractions, TextSplit, Windows, demo, demo_entropy,
    demo_surprise, read,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let paths: Vec<_> = std::env::args_os().skip(1).collect();
    let start = Instant::now();
    let corpus = if paths.is_empty() {
        demo(42, DEMO_CHARACTERS)
    } else {
        read(&paths, ReadSpec { case: Case::Lower, ..ReadSpec::default() })?
    };
    if paths.is_empty() {
        let surprise = demo_surprise(corpus.characters())?;
        let mean = surprise.iter().sum::<f64>() / surprise.len() as f64;
        let entropy = demo_entropy();
        println!("the demo grammar's entropy is {entropy:.5} nats per character; this text's, {mean:.5}");
    }
    let text = Text::new(corpus)?;
    println!("{}: {:.3} s, SHA-256 {}", text.name(), start.elapsed().as_secs_f64(), text.sha256());
    for note in text.notes() {
        println!("note: {note}");
    }
    let vocabulary = text.vocabulary();
    println!("{} characters, {} distinct: {:?}", text.len(), vocabulary.len(), vocabulary.characters());
    println!("the first of them: {}", vocabulary.decode(&text.ids()[..text.len().min(240)]));

    let windows = Windows::new(text.ids(), 100)?;
    println!("{} windows of 100 of the whole text, {} characters dropped", windows.len(), windows.dropped());
    let split = TextSplit::by_position(text.ids(), TextFractions::default())?;
    println!(
        "{} characters to learn from, {} to choose by, {} to judge by",
        split.train.len(),
        split.validation.len(),
        split.test.len()
    );
    let streams = Streams::new(split.train, 50, 64)?;
    println!("{} steps of 50 rows of 64, {} characters dropped", streams.steps(), streams.dropped());
    Ok(())
}

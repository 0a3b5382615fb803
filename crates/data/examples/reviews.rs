//! Reads reviews, encodes them, holds a part out and cuts batches. Without an argument it takes the demo reviews:
//! `cargo run -p recurrent-data --example reviews -- aclImdb_v1.tar.gz`; what is encoded is then kept in the
//! system's folder for temporary files.
#![allow(clippy::print_stdout)] // an example shows its result

use std::{collections::HashSet, time::Instant};

use recurrent_data::reviews::{
    BatchSpec, Batches, Coding, DEMO_REVIEWS, Dataset, Holdout, LoadSpec, Order, PadSpec, Part, Width,
    WordsOf, demo, demo_label, load,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args_os().nth(1);
    let start = Instant::now();
    let data = match &path {
        None => Dataset::new(demo(42, DEMO_REVIEWS), WordsOf::Train)?,
        Some(path) => {
            let cache = std::env::temp_dir().join("recurrent");
            let (data, used) = load(path, &LoadSpec::default(), cache)?;
            println!("{used}");
            data
        }
    };
    println!("{}: {:.3} s, SHA-256 {}", data.name, start.elapsed().as_secs_f64(), data.sha256);
    for note in &data.notes {
        println!("note: {note}");
    }
    for (part, reviews) in [(Part::Train, data.train.len()), (Part::Test, data.test.len())] {
        println!("{part} part: {reviews} reviews of {} words", data.words(part));
    }
    let top = (1..=5)
        .filter_map(|rank| Some(format!("{} {}", data.vocabulary.word(rank)?, data.vocabulary.count(rank)?)));
    println!("{} distinct words, most of all {}", data.vocabulary.len(), top.collect::<Vec<_>>().join(", "));

    let first: Vec<&str> =
        data.train.ranks().get(0).iter().filter_map(|rank| data.vocabulary.word(*rank)).collect();
    println!("the first review is {}: {}", data.classes.name(data.train.labels()[0]), first.join(" "));
    if path.is_none() {
        println!("the rule that made it says so too: {:?}", demo_label(&first));
    }

    // The demo reviews are made of few words, of which none may be cut.
    let coding = if path.is_none() { Coding::new(5000, 0)? } else { Coding::default() };
    let indices = coding.encode_all(data.train.ranks());
    let used: HashSet<u32> = indices.iter().flatten().copied().collect();
    let long = indices.iter().filter(|review| review.len() > 200).count();
    println!(
        "{} of {} indices are in use; {long} reviews are longer than 200",
        used.len(),
        coding.num_words()
    );

    let labels = data.train.labels();
    let holdout = Holdout::stratified(labels, 0.1, 42)?;
    println!("{} reviews to learn from, {} to choose by", holdout.train.len(), holdout.validation.len());
    for (order, width) in [(Order::Shuffled, Width::Full), (Order::Bucketed(50), Width::Longest)] {
        let spec = BatchSpec {
            order,
            pad: PadSpec { width, ..PadSpec::default() },
            seed: 42,
            ..BatchSpec::default()
        };
        let batches = Batches::new(&indices, labels, holdout.train.clone(), spec)?;
        let start = Instant::now();
        let steps: usize = batches.epoch(0).map(|batch| batch.indices.time).sum();
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "{order:?}: {} batches, {steps} time steps in an epoch, cut in {seconds:.3} s",
            batches.steps_per_epoch()
        );
    }
    Ok(())
}

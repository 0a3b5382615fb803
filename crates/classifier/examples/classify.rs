//! Classifies texts with a trained model, and says which words moved the score.
//!
//! `cargo run -p recurrent-classifier --example classify -- runs/best "Not the worst of his films."`; without words it takes the
//! small model of the crate's tests, which knows the demo reviews.
#![allow(clippy::print_stdout)] // an example shows what it found

use std::error::Error;

use recurrent_classifier::{Classifier, strongest_text};

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/runs/demo").to_owned();
    let reader = Classifier::load(words.next().unwrap_or(own))?;
    let mut texts: Vec<String> = words.collect();
    if texts.is_empty() {
        texts.push(
            "At first the cast was truly, to my mind, good. In the end the film was not funny.".to_owned(),
        );
    }
    for text in &texts {
        let said = reader.classify(text)?;
        println!("{} ({:.4}): {text}", said.label, said.probability);
        println!("{}\n", strongest_text(&reader.explain(text)?, "positive"));
    }
    Ok(())
}

//! Uses three trained models: `outside REVIEWS TEXT PRICES PRICES.csv`. Each of the first three is the folder of a run of
//! `imdb-bilstm`, `text-rnn` or `stock-gru`, or the file `model.safetensors` of one, which is all that has to be shipped.

use std::{env, error::Error};

use recurrent_classifier::Classifier;
use recurrent_forecaster::Forecaster;
use recurrent_language_model::{LanguageModel, Sampling};

fn main() -> Result<(), Box<dyn Error>> {
    let paths: Vec<String> = env::args().skip(1).collect();
    let [reviews, text, prices, csv] = paths.as_slice() else {
        return Err(
            "expected four paths: of a review model, a text model, a price model and a price file".into()
        );
    };
    classify(reviews)?;
    write(text)?;
    forecast(prices, csv)
}

fn classify(run: &str) -> Result<(), Box<dyn Error>> {
    let reader = Classifier::load(run)?;
    let said = reader.classify("Not the worst of his films.")?;
    println!("{} with probability {:.4}", said.label, said.probability);
    for word in reader.explain("Not the worst of his films.")? {
        println!("  {}: {:+.4}", word.word, word.effect);
    }
    Ok(())
}

fn write(run: &str) -> Result<(), Box<dyn Error>> {
    let writer = LanguageModel::load(run)?;
    let sampling = Sampling::default().temperature(0.7).top_p(0.9);
    let text: String = writer.generate("The ", &sampling, 7)?.take(500).collect();
    println!("{text:?}");
    let score = writer.score("Well, Prince.")?;
    println!("{:.4} nats a character", score.nats_per_character);
    for character in score.characters {
        println!("  {:?}: {:.4}", character.character, character.nats);
    }
    Ok(())
}

fn forecast(run: &str, csv: &str) -> Result<(), Box<dyn Error>> {
    let forecaster = Forecaster::load(run)?;
    let prices = recurrent_data::prices::read_csv(csv, &forecaster.columns())?;
    for day in forecaster.forecast(&prices, 5, 0.9)? {
        println!("{}: {:.2}, from {:.2} to {:.2}", day.date, day.value, day.low, day.high);
    }
    Ok(())
}

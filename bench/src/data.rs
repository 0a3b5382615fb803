//! `cargo xtask bench data`: how fast texts, prices and reviews are read and made ready for training. The limit for prices is
//! Polars reading the same two columns of the same file, without anything that makes a price table of them.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use clap::Args;
use polars::prelude::{CsvReadOptions, SerReader};
use recurrent_data::{
    prices::{self, WindowSpec},
    reviews::{self, Dataset, WordsOf},
    text::{self, ReadSpec, Text},
};
use serde::Serialize;

use crate::output::{Format, print};

/// Readings of each kind, of which the fastest counts: what else the machine does only makes them slower.
const READINGS: usize = 5;

#[derive(Args)]
pub(crate) struct Flags {
    /// Folder of fetched data; what it lacks is generated.
    #[arg(long, default_value = "datasets")]
    from: PathBuf,
    /// How the record is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Serialize)]
struct Record {
    threads: usize,
    text: String,
    characters: usize,
    characters_per_s: f64,
    prices: String,
    rows: usize,
    rows_per_s: f64,
    /// Polars alone, of the same columns.
    polars_rows_per_s: f64,
    fraction_of_polars: f64,
    reviews: String,
    reviews_read: usize,
    reviews_per_s: f64,
}

/// Measures and prints.
pub(crate) fn run(flags: &Flags) -> Result<(), Box<dyn std::error::Error>> {
    let made = tempfile::tempdir()?;
    let (text_path, text_name) =
        source(&flags.from, "warpeace_input.txt", "demo.txt", made.path(), |path| {
            Ok(fs::write(path, text::demo(1, 3_000_000).characters())?)
        })?;
    let (characters, text_s) = fastest(|| {
        let text = Text::new(text::read(&[&text_path], ReadSpec::default())?)?;
        Ok(text.len())
    })?;
    // The real series is too short to time.
    let prices_path = made.path().join("prices.csv");
    prices::write_csv(&prices::demo(1, 100_000), &prices_path)?;
    let (rows, prices_s) = fastest(|| {
        let spec = WindowSpec::default();
        let table = prices::read_csv(&prices_path, &spec.columns())?;
        prices::Windows::new(&table, &spec)?;
        Ok(table.len())
    })?;
    let (_, polars_s) = fastest(|| {
        let options = CsvReadOptions::default().with_columns(Some(["Date".into(), "Close".into()].into()));
        let file = options.try_into_reader_with_file_path(Some(prices_path.clone()))?;
        Ok(file.finish()?.height())
    })?;
    let (reviews_path, reviews_name) =
        source(&flags.from, "aclImdb_v1.tar.gz", "demo.jsonl", made.path(), write_demo_reviews)?;
    let (count, reviews_s) = fastest(|| {
        let corpus = reviews::read(&reviews_path, &reviews::ReadSpec::default())?;
        let set = Dataset::new(corpus, WordsOf::Train)?;
        Ok(set.train.ranks().len() + set.test.ranks().len())
    })?;
    let record = Record {
        threads: rayon::current_num_threads(),
        text: text_name,
        characters,
        characters_per_s: characters as f64 / text_s,
        prices: "generated".to_owned(),
        rows,
        rows_per_s: rows as f64 / prices_s,
        polars_rows_per_s: rows as f64 / polars_s,
        fraction_of_polars: polars_s / prices_s,
        reviews: reviews_name,
        reviews_read: count,
        reviews_per_s: count as f64 / reviews_s,
    };
    print(&record, flags.format)
}

type Failure = Box<dyn std::error::Error>;

/// A fetched file, or else one that is made; and its name.
fn source(
    from: &Path,
    fetched: &str,
    made: &str,
    folder: &Path,
    make: impl FnOnce(&Path) -> Result<(), Failure>,
) -> Result<(PathBuf, String), Failure> {
    let path = from.join(fetched);
    if path.is_file() {
        return Ok((path, fetched.to_owned()));
    }
    let path = folder.join(made);
    make(&path)?;
    Ok((path, "generated".to_owned()))
}

fn write_demo_reviews(path: &Path) -> Result<(), Failure> {
    let corpus = reviews::demo(1, 50_000);
    let labelled = corpus.train;
    let lines = labelled.texts().iter().zip(labelled.labels());
    let lines = lines
        .map(|(text, label)| serde_json::json!({ "text": text, "label": label.class() }).to_string() + "\n");
    Ok(fs::write(path, lines.collect::<String>())?)
}

/// What a reading found, and the seconds of the fastest.
fn fastest(mut read: impl FnMut() -> Result<usize, Failure>) -> Result<(usize, f64), Failure> {
    let mut best = (0, f64::INFINITY);
    for _ in 0..READINGS {
        let start = Instant::now();
        let found = read()?;
        best = (found, best.1.min(start.elapsed().as_secs_f64()));
    }
    Ok(best)
}

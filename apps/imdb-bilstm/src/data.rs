//! Where the reviews come from.

use std::path::Path;

use recurrent_data::reviews::{Classes, Corpus, DEMO_REVIEWS, Dataset, ReadSpec, WordsOf, demo, load, read};
use recurrent_program::{Failure, Screen, Source, cache_folder, flags::DataSource};
use recurrent_report::thousands;

use crate::advice::advised;
use crate::settings::Settings;

/// The demo reviews are the same in every run.
const DEMO_SEED: u64 = 1;

/// What the command line asks for: see [`Source::choose`].
///
/// # Errors
/// The current folder is gone.
pub fn choose(asked: &[DataSource]) -> std::io::Result<Source> {
    Source::choose(asked, &Path::new("datasets").join("aclImdb_v1.tar.gz"))
}

/// The reviews of a source, encoded; from where an earlier run kept them so, where it did.
///
/// # Errors
/// They cannot be read, lie in several places, or only one class is there.
pub fn encoded(source: &Source, settings: &Settings, screen: &Screen) -> Result<Dataset, Failure> {
    let Some(path) = source.only_path()? else {
        let tokens = settings.tokens.unwrap_or_default();
        return Dataset::in_tokens(demo_corpus(), WordsOf::Train, tokens).map_err(advised);
    };
    let (data, cache) = load(path, &settings.load(), cache_folder(path)).map_err(advised)?;
    screen.note(&cache.to_string());
    Ok(data)
}

/// The texts of a source, of any classes: for judging a model that is there already.
///
/// # Errors
/// They cannot be read, or lie in several places.
pub fn corpus(source: &Source, spec: ReadSpec) -> Result<Corpus, Failure> {
    let Some(path) = source.only_path()? else { return Ok(demo_corpus()) };
    read(path, &ReadSpec { classes: Classes::Any, ..spec }).map_err(advised)
}

fn demo_corpus() -> Corpus {
    demo(DEMO_SEED, DEMO_REVIEWS)
}

/// Says loudly which reviews are used, and what reading changed.
pub fn tell(source: &Source, data: &Dataset, screen: &Screen) {
    let count = |reviews: usize| thousands(reviews as u64);
    let counts = match (data.train.len(), data.test.len()) {
        (all, 0) => format!("{} reviews", count(all)),
        (train, test) => format!("{} training and {} test reviews", count(train), count(test)),
    };
    let real = "fetch real reviews with `cargo xtask fetch-data --only reviews`";
    screen.tell_data(source, &counts, real, &data.notes);
}

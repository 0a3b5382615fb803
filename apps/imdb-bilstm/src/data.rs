//! Where the reviews come from.

use std::path::{Path, PathBuf};

use recurrent_data::reviews::{
    Classes, Columns, Corpus, DEMO_REVIEWS, Dataset, LoadSpec, ReadSpec, ReviewError, Unlabelled, WordsOf,
    demo, load, read,
};
use recurrent_program::{Screen, Source, flags::DataSource};
use recurrent_report::thousands;

/// The demo reviews are the same in every run.
const DEMO_SEED: u64 = 1;

/// What the command line asks for: see [`Source::choose`].
///
/// # Errors
/// The current folder is gone.
pub fn choose(asked: Option<&DataSource>) -> std::io::Result<Source> {
    Source::choose(asked, &Path::new("datasets").join("aclImdb_v1.tar.gz"))
}

/// The reviews of a source, encoded; from where an earlier run kept them so, in `datasets/cache`, where it did.
///
/// # Errors
/// They cannot be read, or only one class is there.
pub fn encoded(
    source: &Source,
    columns: &Columns,
    unlabelled: Unlabelled,
    screen: &Screen,
) -> Result<Dataset, ReviewError> {
    let Source::Path(path) = source else { return Dataset::new(demo_corpus(), WordsOf::Train) };
    let spec = LoadSpec {
        read: ReadSpec { columns: columns.clone(), unlabelled, ..ReadSpec::default() },
        words_of: WordsOf::Train,
    };
    let (data, cache) = load(path, &spec, PathBuf::from("datasets").join("cache"))?;
    screen.note(&cache.to_string());
    Ok(data)
}

/// The texts of a source, of any classes: for judging a model that is there already.
///
/// # Errors
/// They cannot be read.
pub fn corpus(source: &Source, columns: &Columns, unlabelled: Unlabelled) -> Result<Corpus, ReviewError> {
    let Source::Path(path) = source else { return Ok(demo_corpus()) };
    read(path, &ReadSpec { columns: columns.clone(), unlabelled, classes: Classes::Any })
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
    screen.note(&match source {
        Source::Demo => {
            format!(
                "DEMO DATA: {counts}, generated; fetch real reviews with `cargo xtask fetch-data --only reviews`"
            )
        }
        Source::Path(path) => format!("{}: {counts}", path.display()),
    });
    data.notes.iter().for_each(|note| screen.note(&format!("note: {note}")));
}

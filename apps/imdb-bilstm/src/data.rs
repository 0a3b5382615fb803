//! Where the reviews come from, and their parts: to learn from, to choose by, to judge on.

use std::path::{Path, PathBuf};

use recurrent_data::reviews::{
    Classes, Columns, Corpus, DEMO_REVIEWS, Dataset, Holdout, HoldoutFault, Label, LoadSpec, ReadSpec,
    ReviewError, Sequences, Unlabelled, WordsOf, demo, load, read,
};
use recurrent_program::{Screen, Source, flags::DataSource};
use recurrent_train::thousands;

use crate::settings::Settings;

/// The demo reviews are the same in every run.
const DEMO_SEED: u64 = 1;
/// A table's test reviews are the same in every run, whatever its seed, so that runs can be compared.
const TEST_SEED: u64 = 1;

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

/// A sentence that says loudly which reviews are used.
pub fn sentence(source: &Source, data: &Dataset) -> String {
    let count = |reviews: usize| thousands(reviews as u64);
    let counts = match (data.train.len(), data.test.len()) {
        (all, 0) => format!("{} reviews", count(all)),
        (train, test) => format!("{} training and {} test reviews", count(train), count(test)),
    };
    match source {
        Source::Demo => {
            format!(
                "DEMO DATA: {counts}, generated; fetch real reviews with `cargo xtask fetch-data --only reviews`"
            )
        }
        Source::Path(path) => format!("{}: {counts}", path.display()),
    }
}

/// The reviews of a data set as indices, and which of them are for what.
pub struct Reviews {
    /// The data set.
    pub data: Dataset,
    train: Sequences,
    test: Sequences,
    learn: Vec<usize>,
    choose: Vec<usize>,
    judge: TestPart,
}

/// The reviews that a model is judged on.
enum TestPart {
    /// A part of the data set for this.
    Test(Vec<usize>),
    /// Some of the training part.
    HeldOut(Vec<usize>),
}

/// Some reviews of a data set.
#[derive(Clone, Copy)]
pub struct Part<'a> {
    /// The ranks of all reviews.
    pub ranks: &'a Sequences,
    /// The indices of all reviews.
    pub indices: &'a Sequences,
    /// The labels of all reviews.
    pub all_labels: &'a [Label],
    /// The positions of those of the part.
    pub samples: &'a [usize],
}

impl Reviews {
    /// Parts a data set as the settings ask. A table's test reviews are taken from its training part.
    ///
    /// # Errors
    /// A class would have none on one side.
    pub fn new(data: Dataset, settings: &Settings) -> Result<Self, PartsFault> {
        let labels = data.train.labels();
        let (rest, judge) = if data.test.is_empty() {
            let cut =
                Holdout::stratified(labels, settings.test_fraction, TEST_SEED).map_err(PartsFault::test)?;
            (cut.train, TestPart::HeldOut(cut.validation))
        } else {
            ((0..data.train.len()).collect(), TestPart::Test((0..data.test.len()).collect()))
        };
        let (learn, choose) = if settings.validation_fraction == 0.0 {
            (rest, Vec::new())
        } else {
            let of_rest: Vec<Label> = rest.iter().map(|sample| labels[*sample]).collect();
            let seed = settings.train.seed.0;
            let cut = Holdout::stratified(&of_rest, settings.validation_fraction, seed)?;
            let at = |places: Vec<usize>| places.into_iter().map(|place| rest[place]).collect();
            (at(cut.train), at(cut.validation))
        };
        let (train, test) =
            (settings.coding.encode_all(data.train.ranks()), settings.coding.encode_all(data.test.ranks()));
        Ok(Self { data, train, test, learn, choose, judge })
    }

    /// A sentence that says what the reviews are for.
    pub fn sentence(&self) -> String {
        let count = |count: usize| thousands(count as u64);
        let choose = match self.choose.len() {
            0 => "the TEST reviews to choose the epoch by".to_owned(),
            reviews => format!("{} to choose the epoch by", count(reviews)),
        };
        format!(
            "{} to learn from, {choose}, {} to judge on; {} distinct words",
            count(self.learn.len()),
            count(self.judge().len()),
            count(self.data.vocabulary.len())
        )
    }

    /// The reviews to learn from.
    pub fn learn(&self) -> Part<'_> {
        self.of_train(&self.learn)
    }

    /// The reviews to choose the best epoch by; empty where the test reviews do that.
    pub fn choose(&self) -> Part<'_> {
        self.of_train(&self.choose)
    }

    /// The reviews to judge on.
    pub fn judge(&self) -> Part<'_> {
        match &self.judge {
            TestPart::HeldOut(samples) => self.of_train(samples),
            TestPart::Test(samples) => Part {
                ranks: self.data.test.ranks(),
                indices: &self.test,
                all_labels: self.data.test.labels(),
                samples,
            },
        }
    }

    /// The reviews that the best epoch is chosen by, whichever they are.
    pub fn watched(&self) -> Part<'_> {
        if self.choose.is_empty() { self.judge() } else { self.choose() }
    }

    fn of_train<'a>(&'a self, samples: &'a [usize]) -> Part<'a> {
        Part {
            ranks: self.data.train.ranks(),
            indices: &self.train,
            all_labels: self.data.train.labels(),
            samples,
        }
    }
}

impl<'a> Part<'a> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.samples.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    /// The indices of each review.
    pub fn reviews(&self) -> Vec<&'a [u32]> {
        let indices = self.indices;
        self.samples.iter().map(|sample| indices.get(*sample)).collect()
    }

    /// The ranks of each review's words.
    pub fn words(&self) -> Vec<&'a [u32]> {
        let ranks = self.ranks;
        self.samples.iter().map(|sample| ranks.get(*sample)).collect()
    }

    /// The label of each review.
    pub fn labels(&self) -> Vec<Label> {
        self.samples.iter().map(|sample| self.all_labels[*sample]).collect()
    }
}

/// Why reviews cannot be parted.
#[derive(Debug, thiserror::Error)]
pub enum PartsFault {
    /// No reviews can be held out to choose by.
    #[error(transparent)]
    Validation(#[from] HoldoutFault),
    /// No reviews of a table can be held out to judge on.
    #[error(
        "a test fraction of {fraction} leaves none of the {reviews} {label} reviews on one side; use more reviews or another \
         fraction"
    )]
    Test {
        /// The class of which there are too few.
        label: Label,
        /// Its reviews.
        reviews: usize,
        /// The fraction asked for.
        fraction: f64,
    },
}

impl PartsFault {
    /// Says of the test part what the hold-out says of a validation part.
    fn test(fault: HoldoutFault) -> Self {
        match fault {
            HoldoutFault::EmptySide { label, reviews, fraction } => Self::Test { label, reviews, fraction },
            other => Self::Validation(other),
        }
    }
}

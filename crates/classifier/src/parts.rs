//! The parts of a data set: reviews to learn from, to choose by, to judge on.

use recurrent_data::reviews::{
    ClassNames, Coding, Dataset, Encoded, Holdout, HoldoutFault, Label, Sequences,
};
use recurrent_report::thousands;
use serde::{Deserialize, Serialize};

use crate::truth::{LabelTable, Truth};

/// A table's test reviews are the same in every run, whatever its seed, so that runs can be compared.
const TEST_SEED: u64 = 1;

/// How a data set is parted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parting {
    /// The share of the reviews that are judged on, above 0 and below 1, of a data set that has no test part of its own.
    pub test_fraction: f64,
    /// The share of the other reviews that chooses the best epoch, below 1; 0 where the test reviews do.
    pub validation_fraction: f64,
    /// What the choice of those depends on.
    pub seed: u64,
}

/// The reviews of a data set as indices, and which of them are for what.
#[derive(Clone, Debug)]
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
#[derive(Clone, Debug)]
enum TestPart {
    /// A part of the data set for this.
    Test(Vec<usize>),
    /// Some of the training part.
    HeldOut(Vec<usize>),
}

/// How many reviews of a data set are for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Counts {
    /// Distinct words of the training reviews.
    pub words: usize,
    /// Reviews learnt from.
    pub train: usize,
    /// Reviews chosen by, where they are not the test reviews.
    pub validation: usize,
    /// Reviews judged on.
    pub test: usize,
}

/// What the kept epoch is chosen by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Chosen {
    /// The loss of training reviews that were held out.
    Validation,
    /// The loss of the test reviews, as in the textbook chapter: their figures are then too good.
    Test,
}

/// Some reviews of a data set.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// All reviews.
    all: &'a Encoded,
    /// The indices of all reviews.
    indices: &'a Sequences,
    /// What their labels stand for.
    names: &'a ClassNames,
    /// The positions of those of the part.
    samples: &'a [usize],
}

impl Reviews {
    /// Parts a data set. The test reviews of one that has no test part, such as a table, are taken from its training part.
    ///
    /// # Errors
    /// A class would have none on one side, or a fraction is none.
    pub fn new(data: Dataset, coding: Coding, parting: Parting) -> Result<Self, PartsFault> {
        let all: Vec<usize> = (0..data.train.len()).collect();
        let (rest, judge) = if data.test.is_empty() {
            let cut = held_out(&data, &all, parting.test_fraction, TEST_SEED)
                .map_err(|fault| PartsFault::test(fault, &data.classes))?;
            (cut.train, TestPart::HeldOut(cut.validation))
        } else {
            (all, TestPart::Test((0..data.test.len()).collect()))
        };
        let (learn, choose) = if parting.validation_fraction == 0.0 {
            (rest, Vec::new())
        } else {
            let cut = held_out(&data, &rest, parting.validation_fraction, parting.seed)
                .map_err(|fault| PartsFault::validation(fault, &data.classes))?;
            let at = |places: Vec<usize>| places.into_iter().map(|place| rest[place]).collect();
            (at(cut.train), at(cut.validation))
        };
        let (train, test) = (coding.encode_all(data.train.ranks()), coding.encode_all(data.test.ranks()));
        Ok(Self { data, train, test, learn, choose, judge })
    }

    /// A sentence that says what the reviews are for.
    pub fn sentence(&self) -> String {
        let Counts { words, train, validation, test } = self.counts();
        let [words, train, validation, test] =
            [words, train, validation, test].map(|count| thousands(count as u64));
        let choose = match self.chosen_by() {
            Chosen::Validation => format!("{validation} to choose the epoch by"),
            Chosen::Test => "the TEST reviews to choose the epoch by".to_owned(),
        };
        format!("{train} to learn from, {choose}, {test} to judge on; {words} distinct words")
    }

    /// How many are for what.
    pub fn counts(&self) -> Counts {
        Counts {
            words: self.data.vocabulary.len(),
            train: self.learn.len(),
            validation: self.choose.len(),
            test: self.judge().len(),
        }
    }

    /// What the kept epoch is chosen by.
    pub fn chosen_by(&self) -> Chosen {
        if self.choose.is_empty() { Chosen::Test } else { Chosen::Validation }
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
            TestPart::Test(samples) => {
                Part { all: &self.data.test, indices: &self.test, names: &self.data.classes, samples }
            }
        }
    }

    /// The reviews that the best epoch is chosen by, whichever they are.
    pub fn watched(&self) -> Part<'_> {
        if self.choose.is_empty() { self.judge() } else { self.choose() }
    }

    fn of_train<'a>(&'a self, samples: &'a [usize]) -> Part<'a> {
        Part { all: &self.data.train, indices: &self.train, names: &self.data.classes, samples }
    }
}

impl Chosen {
    /// A sentence on it, with what it means for the figures on the test reviews; `kept` is the epoch.
    pub fn sentence(self, kept: Option<usize>) -> &'static str {
        match (kept, self) {
            (None, _) => "no epoch was finished, so that none was chosen",
            (_, Self::Validation) => {
                "the best epoch on held-out training reviews was kept; the test reviews were touched once"
            }
            (_, Self::Test) => {
                "the best epoch on the TEST reviews was kept, as in the chapter: their figures are too good"
            }
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

    /// The indices of each review, the start's before them.
    pub fn reviews(&self) -> Vec<&'a [u32]> {
        let indices = self.indices;
        self.samples.iter().map(|sample| indices.get(*sample)).collect()
    }

    /// The ranks of each review's words.
    pub fn words(&self) -> Vec<&'a [u32]> {
        let ranks = self.all.ranks();
        self.samples.iter().map(|sample| ranks.get(*sample)).collect()
    }

    /// The class of each review, or which labels it has.
    pub fn truth(&self) -> Truth {
        Truth::of(self.all.labels(), self.all.sets(), self.samples, self.names)
    }

    /// Which labels each review has.
    ///
    /// # Panics
    /// Each review is of one class.
    pub fn label_table(&self) -> LabelTable {
        match self.truth() {
            Truth::Labels(table) => table,
            Truth::Class(_) => panic!("each review is of one class"),
        }
    }

    /// The class of each review; none where reviews have any number of labels.
    pub fn labels(&self) -> Vec<Label> {
        self.truth().classes().to_vec()
    }

    /// Whether each review is of the second of two classes.
    pub fn positive(&self) -> Vec<bool> {
        crate::outputs::positive(&self.labels())
    }
}

/// Holds a fraction of some training reviews out, so that each class, or each label as far as can be, is on both sides.
fn held_out(data: &Dataset, samples: &[usize], fraction: f64, seed: u64) -> Result<Holdout, HoldoutFault> {
    let (labels, sets) = (data.train.labels(), data.train.sets());
    if data.classes.are_labels() {
        let sets: Sequences = samples.iter().map(|sample| sets.get(*sample)).collect();
        return Holdout::of_sets(&sets, fraction, seed);
    }
    let labels: Vec<Label> = samples.iter().map(|sample| labels[*sample]).collect();
    Holdout::stratified(&labels, fraction, seed)
}

/// Why reviews cannot be parted.
#[derive(Debug, thiserror::Error)]
pub enum PartsFault {
    /// Nothing can be held out of the reviews at all.
    #[error(transparent)]
    Holdout(#[from] HoldoutFault),
    /// No reviews can be held out to choose by.
    #[error(
        "a validation fraction of {fraction} leaves none of the {reviews} {class} reviews on one side; use more reviews or \
         another fraction"
    )]
    Validation {
        /// The class of which there are too few.
        class: String,
        /// Its reviews.
        reviews: usize,
        /// The fraction asked for.
        fraction: f64,
    },
    /// No reviews of a table can be held out to judge on.
    #[error(
        "a test fraction of {fraction} leaves none of the {reviews} {class} reviews on one side; use more reviews or another \
         fraction"
    )]
    Test {
        /// The class of which there are too few.
        class: String,
        /// Its reviews.
        reviews: usize,
        /// The fraction asked for.
        fraction: f64,
    },
}

impl PartsFault {
    /// Says of the test part what the hold-out says, with the name of the class.
    fn test(fault: HoldoutFault, classes: &ClassNames) -> Self {
        match fault {
            HoldoutFault::EmptySide { label, reviews, fraction } => {
                Self::Test { class: classes.name(label).to_owned(), reviews, fraction }
            }
            other => Self::Holdout(other),
        }
    }

    /// The same of the validation part.
    fn validation(fault: HoldoutFault, classes: &ClassNames) -> Self {
        match Self::test(fault, classes) {
            Self::Test { class, reviews, fraction } => Self::Validation { class, reviews, fraction },
            other => other,
        }
    }
}

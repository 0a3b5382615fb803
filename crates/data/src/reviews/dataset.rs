//! A data set as ranks of words, with the vocabulary that gives them their meaning.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Corpus, Label, Note, Part, ReviewError, Sequences, Vocabulary, count::Counted};

/// Reviews as the ranks of their words. Labels are as many as reviews.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encoded {
    pub(super) ranks: Sequences,
    pub(super) labels: Vec<Label>,
}

impl Encoded {
    /// The number of reviews.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no review.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The ranks of each review's words; 0 for a word that the vocabulary lacks.
    pub fn ranks(&self) -> &Sequences {
        &self.ranks
    }

    /// The label of each review.
    pub fn labels(&self) -> &[Label] {
        &self.labels
    }
}

/// Which reviews the words of the vocabulary are counted in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WordsOf {
    /// The training part.
    #[default]
    Train,
    /// The training part and the reviews without a label, which know more words.
    TrainAndUnlabelled,
}

/// A data set as ranks of words. All words are kept: [`Coding`](super::Coding) chooses among them afterwards, so that
/// another choice needs no reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dataset {
    /// A name for people: that of the file or folder.
    pub name: String,
    /// The file or folder; `None` for reviews made in memory.
    pub path: Option<PathBuf>,
    /// What identifies the content, as 64 hexadecimal digits: see [`read`](super::read).
    pub sha256: String,
    /// The words that the ranks stand for.
    pub vocabulary: Vocabulary,
    /// The reviews to learn from.
    pub train: Encoded,
    /// The reviews to judge by; empty for a table.
    pub test: Encoded,
    /// The ranks of the reviews without a label; empty where they were not asked for.
    pub unlabelled: Sequences,
    /// What reading changed.
    pub notes: Vec<Note>,
}

impl Dataset {
    /// Tokenises reviews on all cores, and ranks their words.
    ///
    /// ```
    /// use recurrent_data::reviews::{Dataset, WordsOf, demo};
    ///
    /// let data = Dataset::new(demo(7, 100), WordsOf::Train)?;
    /// assert_eq!((data.train.len(), data.test.len()), (80, 20));
    /// let first = data.train.ranks().get(0);
    /// assert!(first.iter().all(|&rank| data.vocabulary.word(rank).is_some()));
    /// # Ok::<(), recurrent_data::reviews::ReviewError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When there is no word.
    pub fn new(corpus: Corpus, words_of: WordsOf) -> Result<Self, ReviewError> {
        let counted = Counts::new(&corpus);
        let sources = match words_of {
            WordsOf::Train => vec![&counted.train],
            WordsOf::TrainAndUnlabelled => vec![&counted.train, &counted.unlabelled],
        };
        let vocabulary = Counted::vocabulary(&sources)
            .map_err(|fault| ReviewError::Vocabulary { name: corpus.name.clone(), fault })?;
        Ok(counted.ranked(corpus, vocabulary))
    }

    /// Tokenises reviews on all cores, with the words of a vocabulary that there is already, such as a trained model's.
    pub fn with_vocabulary(corpus: Corpus, vocabulary: &Vocabulary) -> Self {
        Counts::new(&corpus).ranked(corpus, vocabulary.clone())
    }

    /// How many words the reviews of a part have together.
    pub fn words(&self, part: Part) -> usize {
        match part {
            Part::Train => self.train.ranks.numbers(),
            Part::Test => self.test.ranks.numbers(),
            Part::Unlabelled => self.unlabelled.numbers(),
        }
    }
}

/// The words of all parts, before they have ranks.
struct Counts {
    train: Counted,
    test: Counted,
    unlabelled: Counted,
}

impl Counts {
    fn new(corpus: &Corpus) -> Self {
        let [train, test] = [&corpus.train, &corpus.test].map(|part| Counted::of(part.texts()));
        Self { train, test, unlabelled: Counted::of(&corpus.unlabelled) }
    }

    fn ranked(self, corpus: Corpus, vocabulary: Vocabulary) -> Dataset {
        let part = |counted: Counted, labels: &[Label]| Encoded {
            ranks: counted.ranked(&vocabulary),
            labels: labels.to_vec(),
        };
        Dataset {
            train: part(self.train, corpus.train.labels()),
            test: part(self.test, corpus.test.labels()),
            unlabelled: self.unlabelled.ranked(&vocabulary),
            name: corpus.name,
            path: corpus.path,
            sha256: corpus.sha256,
            notes: corpus.notes,
            vocabulary,
        }
    }
}

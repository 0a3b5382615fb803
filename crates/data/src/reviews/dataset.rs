//! A data set as ranks of words, with the vocabulary that gives them their meaning.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{
    ClassNames, Corpus, Label, Labelled, Note, Part, ReviewError, Sequences, Tokens, Vocabulary,
    VocabularyFault, count::Counted,
};

/// Reviews as the ranks of their words. There are as many labels, or sets of them, as reviews.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encoded {
    pub(super) ranks: Sequences,
    pub(super) labels: Vec<Label>,
    pub(super) sets: Sequences,
}

impl Encoded {
    /// The number of reviews.
    pub fn len(&self) -> usize {
        self.ranks.len()
    }

    /// Whether there is no review.
    pub fn is_empty(&self) -> bool {
        self.ranks.is_empty()
    }

    /// The ranks of each review's words; 0 for a word that the vocabulary lacks.
    pub fn ranks(&self) -> &Sequences {
        &self.ranks
    }

    /// The label of each review; empty where reviews have any number of labels.
    pub fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// The classes that each review is of, sorted, where reviews have any number of labels; else empty.
    pub fn sets(&self) -> &Sequences {
        &self.sets
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
    /// The classes that labels stand for.
    pub classes: ClassNames,
    /// The ranks of the reviews without a label; empty where they were not asked for.
    pub unlabelled: Sequences,
    /// What reading changed.
    pub notes: Vec<Note>,
}

impl Dataset {
    /// Tokenises reviews on all cores, as [`Tokens::of`] chooses, and ranks their words.
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
    /// When there is no word, or most reviews are one word.
    pub fn new(corpus: Corpus, words_of: WordsOf) -> Result<Self, ReviewError> {
        let tokens = Tokens::of(corpus.train.texts());
        Self::in_tokens(corpus, words_of, tokens)
    }

    /// The same with words as `tokens` makes them.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn in_tokens(corpus: Corpus, words_of: WordsOf, tokens: Tokens) -> Result<Self, ReviewError> {
        let counted = Counts::new(&corpus, tokens);
        let of_corpus = |fault| ReviewError::Vocabulary { name: corpus.name.clone(), fault };
        let sources = match words_of {
            WordsOf::Train => vec![&counted.train],
            WordsOf::TrainAndUnlabelled => vec![&counted.train, &counted.unlabelled],
        };
        let vocabulary = Counted::vocabulary(&sources, tokens).map_err(of_corpus)?;
        if let Some(fault) = whole_reviews(&corpus, &counted.train, tokens) {
            return Err(of_corpus(fault));
        }
        let mut data = counted.ranked(corpus, vocabulary);
        data.notes.extend((tokens != Tokens::Words).then_some(Note::Tokens(tokens)));
        Ok(data)
    }

    /// Tokenises reviews on all cores, with the words of a vocabulary that there is already, such as a trained model's.
    pub fn with_vocabulary(corpus: Corpus, vocabulary: &Vocabulary) -> Self {
        Counts::new(&corpus, vocabulary.tokens()).ranked(corpus, vocabulary.clone())
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

/// What is wrong where most training reviews are one word, and nearly each another one.
fn whole_reviews(corpus: &Corpus, counted: &Counted, tokens: Tokens) -> Option<VocabularyFault> {
    let reviews = corpus.train.len();
    let whole: Vec<usize> = counted.of_one_word().collect();
    // Single words that come again and again, such as names, are words all the same.
    let mut different: Vec<&String> = whole.iter().map(|place| &corpus.train.texts()[*place]).collect();
    different.sort_unstable();
    different.dedup();
    let mostly =
        tokens != Tokens::Characters && 2 * whole.len() > reviews && 4 * different.len() > 3 * whole.len();
    let first = *whole.first().filter(|_| mostly && reviews > 2)?;
    let example = corpus.train.texts()[first].chars().take(40).collect();
    Some(VocabularyFault::WholeReviews { whole: whole.len(), reviews, example })
}

/// The words of all parts, before they have ranks.
struct Counts {
    train: Counted,
    test: Counted,
    unlabelled: Counted,
}

impl Counts {
    fn new(corpus: &Corpus, tokens: Tokens) -> Self {
        let [train, test] = [&corpus.train, &corpus.test].map(|part| Counted::of(part.texts(), tokens));
        Self { train, test, unlabelled: Counted::of(&corpus.unlabelled, tokens) }
    }

    fn ranked(self, corpus: Corpus, vocabulary: Vocabulary) -> Dataset {
        let part = |counted: Counted, part: &Labelled| Encoded {
            ranks: counted.ranked(&vocabulary),
            labels: part.labels().to_vec(),
            sets: part.sets().clone(),
        };
        Dataset {
            train: part(self.train, &corpus.train),
            test: part(self.test, &corpus.test),
            unlabelled: self.unlabelled.ranked(&vocabulary),
            name: corpus.name,
            path: corpus.path,
            sha256: corpus.sha256,
            classes: corpus.classes,
            notes: corpus.notes,
            vocabulary,
        }
    }
}

//! Reviews as they were read: their texts and labels, by part, where they are from, and what reading changed.

use std::path::{Path, PathBuf};

use super::{ClassNames, Classes, Label, Note, Part, ReviewError, Sequences, label::listed};

/// Texts with a label each, or with any number of labels each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labelled {
    texts: Vec<String>,
    labels: Vec<Label>,
    sets: Sequences,
}

impl Labelled {
    /// The number of reviews.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there is no review.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// The texts.
    pub fn texts(&self) -> &[String] {
        &self.texts
    }

    /// The label of each text; empty where texts have any number of labels.
    pub fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// The classes that each text is of, sorted, where texts have any number of labels; else empty.
    pub fn sets(&self) -> &Sequences {
        &self.sets
    }

    /// Adds a review at the end.
    pub fn push(&mut self, text: String, label: Label) {
        self.texts.push(text);
        self.labels.push(label);
    }

    /// Adds a review that is of several classes, or of none. All reviews of a data set are added so, or none.
    pub fn push_set(&mut self, text: String, mut classes: Vec<u32>) {
        classes.sort_unstable();
        classes.dedup();
        self.texts.push(text);
        self.sets.push(classes);
    }

    /// The labels that every review has, where all have the same.
    fn only_set(&self) -> Option<&[u32]> {
        let first = self.sets.iter().next()?;
        self.sets.iter().all(|set| set == first).then_some(first)
    }

    /// The class that every review has, where there is only one.
    fn only_class(&self) -> Option<Label> {
        let first = *self.labels.first()?;
        self.labels.iter().all(|label| *label == first).then_some(first)
    }
}

impl Extend<(String, Label)> for Labelled {
    fn extend<I: IntoIterator<Item = (String, Label)>>(&mut self, reviews: I) {
        reviews.into_iter().for_each(|(text, label)| self.push(text, label));
    }
}

impl FromIterator<(String, Label)> for Labelled {
    fn from_iter<I: IntoIterator<Item = (String, Label)>>(reviews: I) -> Self {
        let (texts, labels) = reviews.into_iter().unzip();
        Self { texts, labels, sets: Sequences::default() }
    }
}

/// The reviews of a data set, by part, in an order that does not depend on how they were stored.
///
/// An archive or folder has a training and a test part, each with the negative reviews before the positive ones, and by
/// number within those. A table's reviews are one part, the training part, in the order of their rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corpus {
    /// A name for people: that of the file or folder.
    pub name: String,
    /// The file or folder; `None` for reviews made in memory.
    pub path: Option<PathBuf>,
    /// What identifies the content, as 64 hexadecimal digits: see [`read`](super::read).
    pub sha256: String,
    /// The reviews to learn from.
    pub train: Labelled,
    /// The reviews to judge by; empty for a table.
    pub test: Labelled,
    /// The classes that labels stand for.
    pub classes: ClassNames,
    /// The reviews without a label; empty where they were not asked for.
    pub unlabelled: Vec<String>,
    /// What reading changed.
    pub notes: Vec<Note>,
}

impl Corpus {
    /// Refuses reviews from which nothing can be learnt.
    pub(super) fn check(&self, classes: Classes) -> Result<(), ReviewError> {
        let lacks = |part| ReviewError::NoReviews { path: self.place(), part };
        let test = (Part::Test, &self.test);
        let needed = match classes {
            Classes::Any if self.train.is_empty() && self.test.is_empty() => return Err(lacks(Part::Train)),
            Classes::Any => return Ok(()),
            Classes::Both if self.train.is_empty() => return Err(lacks(Part::Train)),
            Classes::Both => [(Part::Train, &self.train), test],
        };
        if let Some(set) = self.train.only_set() {
            let names: Vec<String> = set
                .iter()
                .map(|label| format!("the label {}", self.classes.names()[*label as usize]))
                .collect();
            let labels = if names.is_empty() { "no label".to_owned() } else { listed(&names) };
            return Err(ReviewError::SameLabels { path: self.place(), labels, reviews: self.train.len() });
        }
        for (part, reviews) in needed {
            if let Some(label) = reviews.only_class() {
                let class = self.classes.name(label).to_owned();
                let others = self.classes.names().iter().filter(|name| **name != class).cloned();
                let others = listed(&others.collect::<Vec<_>>());
                return Err(ReviewError::OneClass {
                    path: self.place(),
                    part,
                    class,
                    others,
                    reviews: reviews.len(),
                });
            }
        }
        Ok(())
    }

    /// The data set in a message.
    pub(super) fn place(&self) -> PathBuf {
        self.path.clone().unwrap_or_else(|| Path::new(&self.name).to_owned())
    }
}

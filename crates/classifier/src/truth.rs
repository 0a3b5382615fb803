//! What is true of some texts: the class of each, or which labels each has.

use recurrent_data::reviews::{ClassNames, Label, Sequences};

/// What is true of some texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Truth {
    /// Each is of one class.
    Class(Vec<Label>),
    /// Each has any number of labels.
    Labels(LabelTable),
}

/// Which labels each of some texts has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelTable {
    /// Whether each text has each label, `[texts, labels]`.
    pub has: Vec<bool>,
    /// The number of labels.
    pub labels: usize,
}

impl Truth {
    /// What is true of the texts at some places, of the labels or the sets that all have.
    pub(crate) fn of(labels: &[Label], sets: &Sequences, places: &[usize], names: &ClassNames) -> Self {
        if !names.are_labels() {
            return Self::Class(places.iter().map(|place| labels[*place]).collect());
        }
        let mut has = vec![false; places.len() * names.len()];
        for (row, place) in has.chunks_mut(names.len()).zip(places) {
            sets.get(*place).iter().for_each(|label| row[*label as usize] = true);
        }
        Self::Labels(LabelTable { has, labels: names.len() })
    }

    /// The class of each text; none where each has any number of labels.
    pub fn classes(&self) -> &[Label] {
        match self {
            Self::Class(labels) => labels,
            Self::Labels(_) => &[],
        }
    }

    /// The number of texts.
    pub fn len(&self) -> usize {
        match self {
            Self::Class(labels) => labels.len(),
            Self::Labels(table) => table.has.len() / table.labels,
        }
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl LabelTable {
    /// Whether each text has a label.
    pub fn column(&self, label: usize) -> Vec<bool> {
        self.has.iter().skip(label).step_by(self.labels).copied().collect()
    }

    /// The same of each label in turn.
    pub fn columns(&self) -> impl Iterator<Item = Vec<bool>> {
        (0..self.labels).map(|label| self.column(label))
    }
}

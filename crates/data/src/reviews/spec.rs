//! What is read of a data set.

use serde::{Deserialize, Serialize};

use super::{ClassNames, Columns, Encoding};

/// What is read of a data set, and under which names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReadSpec {
    /// The columns of a table.
    pub columns: Columns,
    /// Whether the reviews without a label are read; only an archive or folder has some.
    pub unlabelled: Unlabelled,
    /// Whether several classes are needed.
    pub classes: Classes,
    /// What labels stand for.
    pub labels: LabelsAs,
    /// What the bytes of texts stand for; `None` is UTF-8, or what a byte order mark says.
    pub encoding: Option<Encoding>,
}

/// Whether reviews without a label are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unlabelled {
    /// They are left where they are.
    #[default]
    Skip,
    /// They are read too.
    Read,
}

/// Whether a data set must hold reviews of several classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Classes {
    /// The training part must, and a test part too: nothing is learnt from one class alone.
    #[default]
    Both,
    /// It need not: for judging a model that is there already.
    Any,
}

/// What labels stand for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LabelsAs {
    /// Two classes where the labels are words or numbers for no and yes; any number of labels a text where cells list several, or where
    /// there are several columns of 0 and 1; else a class for each label. Numbers that could be either, as stars can, are an error.
    /// The folders of an archive are its two classes.
    #[default]
    Found,
    /// A class for each label, of which none is nearer to another than to a third.
    Classes,
    /// A class for each number of stars, in their order; an archive has them in the names of its files.
    Stars,
    /// Any number of labels a text: those that its cell lists, or the columns that hold a 1.
    Several,
    /// Two classes: the labels that are listed are positive, all others negative.
    Positive(Vec<String>),
    /// The classes of a model that is there already.
    Known(ClassNames),
}

impl LabelsAs {
    /// Whether each label may have a column, also where another column is called as those of labels are.
    pub(super) fn may_have_columns(&self) -> bool {
        match self {
            Self::Several => true,
            Self::Known(classes) => classes.are_labels(),
            Self::Found | Self::Classes | Self::Stars | Self::Positive(_) => false,
        }
    }
}

/// How a cell lists several labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LabelsParted {
    /// A character stands between them.
    By(char),
    /// They stand in brackets, as an array of JSON or a list of Python.
    Array,
}

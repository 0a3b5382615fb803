//! What is read of a data set.

use serde::{Deserialize, Serialize};

use super::Columns;

/// What is read of a data set, and under which names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReadSpec {
    /// The columns of a table.
    pub columns: Columns,
    /// Whether the reviews without a label are read; only an archive or folder has some.
    pub unlabelled: Unlabelled,
    /// Whether both classes are needed.
    pub classes: Classes,
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

/// Whether a data set must hold reviews of both classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Classes {
    /// The training part must, and a test part too: nothing is learnt from one class alone.
    #[default]
    Both,
    /// It need not: for judging a model that is there already.
    Any,
}

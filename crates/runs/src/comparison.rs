//! Some runs read, and put beside each other.

use std::collections::BTreeMap;
use std::path::PathBuf;

use recurrent_train::{Error, Setting};
use serde::Serialize;

use crate::differences::{Difference, compare};
use crate::figures::Figure;
use crate::names::distinct;
use crate::run::{Run, State, shown};

/// Some runs of one program beside each other.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Comparison {
    /// The program.
    pub program: String,
    /// The runs that could be read, in the order in which they were named.
    pub runs: Vec<Run>,
    /// Folders that were named and are not compared.
    pub left_out: Vec<LeftOut>,
    /// The settings that are not the same in all runs, by name.
    pub differences: Vec<Difference>,
    /// The settings that are the same in all runs, by name.
    pub same: BTreeMap<String, Setting>,
    /// The figures of the summaries.
    pub figures: Vec<Figure>,
    /// Whether all runs with figures were judged on the same data, so that these can be compared.
    pub judged_alike: bool,
}

/// A folder that is not compared.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LeftOut {
    /// The folder, as it was named.
    #[serde(serialize_with = "shown")]
    pub path: PathBuf,
    /// Why, with the name of the folder or of a file in it.
    pub reason: String,
}

impl Comparison {
    /// Reads the runs of a program. `learnt` are the paths of settings that a run takes from its data rather than
    /// from its user, such as a vocabulary: they are not compared.
    ///
    /// Folders that are no runs, or of another program, are [left out](Self::left_out), and so is what is named twice.
    ///
    /// # Errors
    /// None of the folders could be read: the reason of the first.
    pub fn read(program: &str, folders: &[PathBuf], learnt: &[&str]) -> Result<Self, Error> {
        let (mut runs, mut left_out, mut first) = (Vec::<Run>::new(), Vec::new(), None);
        for path in folders {
            let reason = match Run::read(path, program) {
                Ok(run) => match runs.iter().any(|other| other.path == run.path) {
                    false => {
                        runs.push(run);
                        continue;
                    }
                    true => format!("{}: is named twice", path.display()),
                },
                Err(error) => {
                    let reason = with_source(&error);
                    first.get_or_insert(error);
                    reason
                }
            };
            left_out.push(LeftOut { path: path.clone(), reason });
        }
        match first {
            Some(error) if runs.is_empty() => Err(error),
            _ => Ok(Self::of(program, runs, left_out, learnt)),
        }
    }

    fn of(program: &str, mut runs: Vec<Run>, left_out: Vec<LeftOut>, learnt: &[&str]) -> Self {
        let paths: Vec<_> = runs.iter().map(|run| run.path.clone()).collect();
        for (run, name) in runs.iter_mut().zip(distinct(&paths)) {
            run.name = name;
        }
        let settings: Vec<_> = runs.iter().map(|run| &run.settings).collect();
        let (differences, same) = compare(&settings, learnt);
        let figures: Vec<_> = runs.iter().map(|run| run.figures.clone()).collect();
        let judged: Vec<_> = runs.iter().filter_map(|run| run.judged_on.as_ref()).collect();
        Self {
            program: program.to_owned(),
            left_out,
            differences,
            same,
            figures: Figure::beside(&figures),
            judged_alike: judged.windows(2).all(|pair| pair[0] == pair[1]),
            runs,
        }
    }

    /// What is good to know before the figures are believed, in sentences: what was left out, and what could not be
    /// read or compared.
    pub fn notes(&self) -> Vec<String> {
        let left_out = self.left_out.iter().map(|left_out| format!("left out: {}", left_out.reason));
        let doubts =
            self.runs.iter().flat_map(|run| run.doubts.iter().map(|doubt| format!("{}: {doubt}", run.name)));
        let unlike = (!self.judged_alike).then(|| {
            "the runs were not all judged on the same data, so that their figures cannot be compared; none is marked".to_owned()
        });
        left_out.chain(doubts).chain(unlike).collect()
    }

    /// How many runs have ended.
    pub(crate) fn ended(&self) -> usize {
        self.runs.iter().filter(|run| matches!(run.state, State::Ended(_))).count()
    }
}

/// An error with the operating system's reason.
fn with_source(error: &Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

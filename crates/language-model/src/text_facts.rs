//! Which text a model was trained on, for a summary and a report.

use std::path::{Path, PathBuf};

use recurrent_data::text::{Text, TextSplit};
use recurrent_report::thousands;
use serde::{Deserialize, Serialize};

/// Which text a model was trained on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TextFacts {
    /// The text's name for people.
    pub name: String,
    /// The file or folder; absent for generated text.
    pub path: Option<PathBuf>,
    /// The SHA-256 of the bytes read, or of what was generated.
    pub sha256: String,
    /// Characters.
    pub characters: usize,
    /// Distinct characters that the model knows.
    pub vocabulary: usize,
    /// Windows, or steps of all streams together, of an epoch: what stands for itself in a batch.
    pub windows: usize,
    /// Characters learnt from.
    pub train: usize,
    /// Characters chosen by.
    pub validation: usize,
    /// Characters judged on.
    pub test: usize,
}

impl TextFacts {
    /// The facts of a text of that name and place, its parts, and the stretches that it is learnt in.
    pub fn new(
        name: String,
        path: Option<&Path>,
        text: &Text,
        parts: &TextSplit<'_>,
        stretches: usize,
    ) -> Self {
        Self {
            name,
            path: path.map(Path::to_owned),
            sha256: text.sha256().to_owned(),
            characters: text.len(),
            vocabulary: text.vocabulary().len(),
            windows: stretches,
            train: parts.train.len(),
            validation: parts.validation.len(),
            test: parts.test.len(),
        }
    }

    /// The same by name, for a report.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let counts = [self.train, self.validation, self.test].map(|part| thousands(part as u64));
        let [train, validation, test] = counts;
        let parts =
            format!("{train} characters to learn from, {validation} to choose by, {test} to judge on");
        let place = self.path.as_ref().map_or_else(|| self.name.clone(), |path| path.display().to_string());
        vec![
            ("data", place),
            ("data, SHA-256", self.sha256.clone()),
            ("characters", format!("{}, {} distinct", thousands(self.characters as u64), self.vocabulary)),
            ("parts", parts),
        ]
    }
}

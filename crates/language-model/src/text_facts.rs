//! Which text a model was trained on, for a summary and a report.

use std::path::{Path, PathBuf};

use recurrent_data::text::{Text, Tokens};
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
    /// Tokens that the model knows: distinct characters, where it reads these.
    pub vocabulary: usize,
    /// What else is to be said of tokens that are not characters. Runs of older versions have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<TokenFacts>,
    /// Windows, or steps of all streams together, of an epoch: what stands for itself in a batch.
    pub windows: usize,
    /// Characters learnt from.
    pub train: usize,
    /// Characters chosen by.
    pub validation: usize,
    /// Characters judged on.
    pub test: usize,
}

/// What the tokens of a text are, where they are not its characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TokenFacts {
    /// Words or subwords.
    pub kind: Tokens,
    /// How many the text has.
    pub count: usize,
}

impl TokenFacts {
    fn of(text: &Text) -> Option<Self> {
        let kind = text.vocabulary().tokens();
        (kind != Tokens::Characters).then(|| Self { kind, count: text.ids().len() })
    }

    /// What follows the number of characters.
    fn words(self, vocabulary: usize) -> String {
        let Self { kind, count } = self;
        format!(
            ", read as {} {} of {} distinct ones",
            thousands(count as u64),
            kind.name(),
            thousands(vocabulary as u64)
        )
    }
}

/// How much text it is, and in what it is read, in words.
pub fn told(text: &Text) -> String {
    let (characters, distinct) =
        (thousands(text.len() as u64), thousands(text.vocabulary().characters().len() as u64));
    let tokens =
        TokenFacts::of(text).map_or_else(String::new, |tokens| tokens.words(text.vocabulary().len()));
    format!("{characters} characters, {distinct} distinct{tokens}")
}

impl TextFacts {
    /// The facts of a text of that name and place, and the stretches that it is learnt in.
    pub fn new(name: String, path: Option<&Path>, text: &Text, stretches: usize) -> Self {
        let (parts, vocabulary) = (text.parts(), text.vocabulary());
        Self {
            name,
            path: path.map(Path::to_owned),
            sha256: text.sha256().to_owned(),
            characters: text.len(),
            vocabulary: vocabulary.len(),
            tokens: TokenFacts::of(text),
            windows: stretches,
            train: vocabulary.length_of(parts.train),
            validation: vocabulary.length_of(parts.validation),
            test: vocabulary.length_of(parts.test),
        }
    }

    /// The same by name, for a report.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let counts = [self.train, self.validation, self.test].map(|part| thousands(part as u64));
        let [train, validation, test] = counts;
        let parts =
            format!("{train} characters to learn from, {validation} to choose by, {test} to judge on");
        let what = match self.tokens {
            None => format!(", {} distinct", self.vocabulary),
            Some(tokens) => tokens.words(self.vocabulary),
        };
        let place = self.path.as_ref().map_or_else(|| self.name.clone(), |path| path.display().to_string());
        vec![
            ("data", place),
            ("data, SHA-256", self.sha256.clone()),
            ("characters", format!("{}{what}", thousands(self.characters as u64))),
            ("parts", parts),
        ]
    }
}

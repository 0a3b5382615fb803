//! Where the text comes from, and its parts.

use std::path::PathBuf;

use recurrent_data::text::{
    Corpus, CutFault, DEMO_CHARACTERS, ReadSpec, Text, TextFractions, TextSplit, demo, demo_surprise, read,
};
use recurrent_program::{Source, flags::DataSource};
use recurrent_train::thousands;

/// The demo text is the same in every run.
const DEMO_SEED: u64 = 1;

/// What the command line asks for: see [`Source::choose`].
///
/// # Errors
/// The current folder is gone.
pub fn choose(asked: Option<&DataSource>) -> std::io::Result<Source> {
    Source::choose(asked, &PathBuf::from("datasets").join("warpeace_input.txt"))
}

/// Reads the text of a source.
///
/// # Errors
/// The file or folder cannot be read, or holds no text in UTF-8.
pub fn corpus(source: &Source, spec: ReadSpec) -> Result<Corpus, recurrent_data::text::TextError> {
    match source {
        Source::Demo => Ok(demo(DEMO_SEED, DEMO_CHARACTERS)),
        Source::Path(path) => read(&[path], spec),
    }
}

/// A sentence that says loudly which text is used.
pub fn sentence(source: &Source, text: &Text) -> String {
    let counts = format!("{} characters, {} distinct", thousands(text.len() as u64), text.vocabulary().len());
    match source {
        Source::Demo => {
            format!(
                "DEMO DATA: {counts}, generated; fetch a real text with `cargo xtask fetch-data --only text`"
            )
        }
        Source::Path(path) => format!("{}: {counts}", path.display()),
    }
}

/// A text cannot be used with the settings.
#[derive(Debug, thiserror::Error)]
#[error("{data}: {reason}")]
pub struct Unusable {
    data: Source,
    reason: CutFault,
}

impl Unusable {
    /// Says of which text the reason is true.
    pub fn because(data: &Source, reason: CutFault) -> Self {
        Self { data: data.clone(), reason }
    }
}

/// The parts of a text.
///
/// # Errors
/// It is too short for them.
pub fn split<'a>(
    source: &Source,
    text: &'a Text,
    fractions: TextFractions,
) -> Result<TextSplit<'a>, Unusable> {
    TextSplit::by_position(text.ids(), fractions).map_err(|reason| Unusable::because(source, reason))
}

/// The mean surprise of the last `count` characters but `after` of the demo text under the grammar that made it, in nats a
/// character: no model can be expected to do better. `None` for other texts.
pub fn floor(source: &Source, text: &Text, after: usize, count: usize) -> Option<f64> {
    if *source != Source::Demo || count == 0 {
        return None;
    }
    let characters = text.vocabulary().decode(text.ids());
    let surprise = demo_surprise(&characters).ok()?;
    let end = surprise.len().checked_sub(after)?;
    let part = &surprise[end.checked_sub(count)?..end];
    Some(part.iter().sum::<f64>() / count as f64)
}

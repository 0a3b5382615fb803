//! Where the text comes from.

use std::path::PathBuf;

use recurrent_data::text::{Corpus, DEMO_CHARACTERS, ReadSpec, Text, TextError, demo, read};
use recurrent_language_model::{Judged, told};
use recurrent_program::{Screen, Source, flags::DataSource};

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
pub fn corpus(source: &Source, spec: ReadSpec) -> Result<Corpus, TextError> {
    match source {
        Source::Demo => Ok(demo(DEMO_SEED, DEMO_CHARACTERS)),
        Source::Path(path) => read(&[path], spec),
    }
}

/// Says loudly which text is used, and what reading changed.
pub fn tell(source: &Source, text: &Text, screen: &Screen) {
    let counts = told(text);
    screen.note(&match source {
        Source::Demo => {
            format!(
                "DEMO DATA: {counts}, generated; fetch a real text with `cargo xtask fetch-data --only text`"
            )
        }
        Source::Path(path) => format!("{}: {counts}", path.display()),
    });
    text.notes().iter().for_each(|note| screen.note(&format!("note: {note}")));
}

/// What the best possible model is expected to reach on a part of a text; known for the demo text alone.
pub fn floor(judged: &Judged<'_>, source: &Source, text: &Text) -> Option<f64> {
    if *source == Source::Demo { judged.demo_floor(text) } else { None }
}

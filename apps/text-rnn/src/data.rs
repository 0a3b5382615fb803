//! Where the text comes from.

use recurrent_data::text::{Corpus, DEMO_CHARACTERS, ReadSpec, Text, demo, read, read_from};
use recurrent_language_model::{Judged, told};
use recurrent_program::{Failure, Screen, Source};

use crate::advice::advised;

/// The demo text is the same in every run.
const DEMO_SEED: u64 = 1;

/// Where a fetched text is, from the folder that the program is started in.
pub const FETCHED: &str = "datasets/warpeace_input.txt";

/// Reads the text of a source.
///
/// # Errors
/// The file or folder cannot be read, or holds no text in its encoding.
pub fn corpus(source: &Source, spec: ReadSpec) -> Result<Corpus, Failure> {
    match source {
        Source::Demo => Ok(demo(DEMO_SEED, DEMO_CHARACTERS)),
        Source::Stdin => read_from(std::io::stdin().lock(), &source.name(), spec).map_err(advised),
        Source::Path(_) | Source::Paths(_) => read(source.paths(), spec).map_err(advised),
    }
}

/// Says loudly which text is used, and what reading changed.
pub fn tell(source: &Source, text: &Text, screen: &Screen) {
    let real = "fetch a real text with `cargo xtask fetch-data --only text`";
    screen.tell_data(source, &told(text), real, text.notes());
}

/// What the best possible model is expected to reach on a part of a text; known for the demo text alone.
pub fn floor(judged: &Judged<'_>, source: &Source, text: &Text) -> Option<f64> {
    if *source == Source::Demo { judged.demo_floor(text) } else { None }
}

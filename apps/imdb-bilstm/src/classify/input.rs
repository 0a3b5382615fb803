//! The reviews that are to be classified: an argument, or those of a file or of standard input.

use std::path::Path;

use recurrent_classifier::Passage;
use recurrent_data::reviews::{Columns, MAX_SOURCE_BYTES, ReadSpec, texts, texts_of};
use recurrent_program::{Screen, standard_input};

use crate::advice::advised;
use crate::flags::ClassifyFlags;

/// There is nothing to classify.
#[derive(Debug, thiserror::Error)]
#[error("TEXT: the review is empty; write one, or `-` to read standard input")]
struct EmptyText;

/// Reads all reviews that the command line names, and tells what was left out or found.
pub(super) fn read(flags: &ClassifyFlags, screen: &Screen) -> Result<Vec<Passage>, crate::Failure> {
    let columns = Columns { text: flags.text_column.clone(), label: None };
    let spec = ReadSpec { columns, encoding: flags.encoding, ..ReadSpec::default() };
    let found = match (&flags.file, flags.text.as_deref()) {
        (Some(path), _) => texts(path, &spec),
        (None, Some("-") | None) => {
            texts_of(&standard_input(MAX_SOURCE_BYTES)?, Path::new("standard input"), &spec)
        }
        (None, Some(text)) if text.trim().is_empty() => return Err(EmptyText.into()),
        (None, Some(text)) => return Ok(vec![Passage { place: None, text: text.to_owned() }]),
    };
    let found = found.map_err(advised)?;
    found.notes.iter().for_each(|note| screen.note(&format!("note: {note}")));
    let review = |(place, text)| Passage { place: Some((found.unit, place)), text };
    Ok(found.texts.into_iter().map(review).collect())
}

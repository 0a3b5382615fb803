//! Which options mend what is wrong with a text: the library that reads it knows none.

use recurrent_data::text::{FileFault, TextError};
use recurrent_program::{Advised, Failure};

use crate::settings::Settings;

/// The error with the options that help against it.
pub(crate) fn advised(error: TextError) -> Failure {
    let likely = match &error {
        TextError::Vocabulary { fault, .. } if fault.is_of_size() => {
            return Advised::new(error, "`--vocabulary-size N`").into();
        }
        TextError::File { fault: FileFault::NotUtf8 { likely, .. }, .. } => *likely,
        TextError::File { fault: FileFault::NotText(fault), .. } => fault.likely,
        _ => return error.into(),
    };
    let name = likely.map_or_else(|| "NAME".to_owned(), |likely| likely.name().to_lowercase());
    Advised::new(error, format!("`--encoding {name}`")).into()
}

/// The error with all options that a text of so few tokens, or characters, needs to be other than they are.
pub(crate) fn too_short(error: impl Into<Failure>, length: usize, settings: &Settings) -> Failure {
    let (asked, batches) = (settings.fractions, settings.batches());
    let Some((fractions, fitting)) = batches.fitting(length, asked) else { return error.into() };
    let options = [
        (fractions.validation != asked.validation).then(|| "--validation-fraction 0".to_owned()),
        (fractions.test != asked.test).then(|| "--test-fraction 0".to_owned()),
        (fitting.batch_size != batches.batch_size).then(|| format!("--batch-size {}", fitting.batch_size)),
        (fitting.window != batches.window).then(|| format!("--window {}", fitting.window)),
    ];
    let options: Vec<_> = options.into_iter().flatten().collect();
    Advised::new(error, format!("`{}`", options.join(" "))).into()
}

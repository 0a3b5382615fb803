//! Which options mend what is wrong with a text: the library that reads it knows none.

use recurrent_data::text::{FileFault, TextError, TextFractions};
use recurrent_program::{Advised, Failure, Unusable};

use crate::settings::Settings;

/// The error with the options that help against it.
pub(crate) fn advised(error: TextError) -> Failure {
    let likely = match &error {
        TextError::Vocabulary { fault, .. } if fault.is_of_size() => {
            return Advised::new(error, "`--vocabulary-size N`").into();
        }
        TextError::File { fault: FileFault::NotUtf8 { likely, .. }, .. }
        | TextError::File { fault: FileFault::Binary { likely, .. }, .. } => *likely,
        TextError::File { fault: FileFault::NotText(fault), .. } => fault.likely,
        _ => None,
    };
    let Some(likely) = likely else { return error.into() };
    Advised::new(error, format!("`--encoding {}`", likely.name().to_lowercase())).into()
}

/// The error with all options that a text needs to be other than they are: the parts that are held out, and what as many tokens to learn
/// from, where that is known, have room for.
pub(crate) fn too_short(error: Unusable, settings: &Settings, room: (TextFractions, usize)) -> Failure {
    let ((fractions, learnt), asked, batches) = (room, settings.fractions, settings.batches());
    let fitting = batches.fitting(learnt);
    let options = [
        (fractions.validation != asked.validation).then(|| "--validation-fraction 0".to_owned()),
        (fractions.test != asked.test).then(|| "--test-fraction 0".to_owned()),
        (fitting.batch_size != batches.batch_size).then(|| format!("--batch-size {}", fitting.batch_size)),
        (fitting.window != batches.window).then(|| format!("--window {}", fitting.window)),
    ];
    match options.into_iter().flatten().collect::<Vec<_>>() {
        options if options.is_empty() => error.into(),
        options => Advised::new(error, format!("`{}`", options.join(" "))).into(),
    }
}

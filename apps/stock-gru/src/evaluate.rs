//! `evaluate`: judges a model on any price file.

use recurrent_forecaster::{Judgement, report};
use recurrent_program::Screen;
use serde::Serialize;

use crate::flags::ReadFlags;
use crate::saved::Saved;
use crate::summary::DataFacts;
use crate::{Failure, PROGRAM};

#[derive(Serialize)]
struct Evaluation {
    program: &'static str,
    data: DataFacts,
    #[serde(flatten)]
    judgement: Judgement,
}

/// Judges and prints.
///
/// # Errors
/// The model or the prices cannot be read, or the prices are too few.
pub fn evaluate(flags: &ReadFlags, screen: &Screen) -> Result<(), Failure> {
    let saved = Saved::read(&flags.source, &flags.reading, &flags.common, screen)?;
    saved.keep_own_data(&flags.source)?;
    let judgement = saved.forecaster.judge(&saved.table)?;
    let data = saved.facts();
    let text = format!("{}\n\n{}", data.words(), report::text(&judgement));
    screen.result(&Evaluation { program: PROGRAM, data, judgement }, &text)
}

//! `evaluate`: judges a run's model on any price file.

use recurrent_program::Screen;
use serde::Serialize;

use crate::flags::EvaluateFlags;
use crate::judge::Judgement;
use crate::report::judgement_text;
use crate::saved::Saved;
use crate::summary::{DataFacts, PROGRAM};
use crate::train::judge;

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
/// The run or the prices cannot be read, or the prices are too few.
pub fn evaluate(flags: &EvaluateFlags, screen: &Screen) -> Result<(), crate::Failure> {
    let mut saved = Saved::read(&flags.source, &flags.common, screen)?;
    saved.keep_own_data(&flags.source)?;
    let judgement = judge(&saved.prices, &saved.model)?.judgement;
    let data = DataFacts::new(&saved.settings.origin.source, &saved.prices);
    let text = format!("{}\n\n{}", data.words(), judgement_text(&judgement));
    screen.result(&Evaluation { program: PROGRAM, data, judgement }, &text)
}

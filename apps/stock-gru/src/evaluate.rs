//! `evaluate`: judges a model on any price file.

use recurrent_forecaster::risk::IntervalKind;
use recurrent_forecaster::{Judgement, report};
use recurrent_program::Screen;
use serde::Serialize;

use crate::flags::EvaluateFlags;
use crate::risk;
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
pub fn evaluate(
    EvaluateFlags { read: flags, intervals }: &EvaluateFlags,
    screen: &Screen,
) -> Result<(), Failure> {
    if risk::is_of_risk(&flags.source.run) {
        return risk::evaluate::evaluate(flags, intervals.kind, screen);
    }
    let saved = Saved::read(&flags.source, &flags.reading, &flags.common, screen)?;
    saved.keep_own_data(&flags.source)?;
    let judgement = saved.forecaster.judge(&saved.table)?;
    let data = saved.facts();
    let mut text = format!("{}\n\n{}", data.words(), report::text(&judgement));
    let mut value = serde_json::to_value(Evaluation { program: PROGRAM, data, judgement })?;
    if let Some(judged) = risk::evaluate::beside(&saved, flags, intervals.kind, screen)? {
        text += &format!("\n{}", recurrent_forecaster::risk::report::text(&judged));
        value = judged.beside(value)?;
    } else if intervals.kind != IntervalKind::Model {
        return Err(risk::no_model("--intervals").into());
    }
    screen.result(&value, &text)
}

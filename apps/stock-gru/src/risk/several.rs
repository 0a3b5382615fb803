//! Several prices at once: one network that learns from all of them, judged and used on each.

use std::collections::BTreeMap;

use recurrent_data::prices::{NamedPrices, checksum};
use recurrent_forecaster::risk::{
    Cut, Fan, IntervalSpec, RiskForecaster, RiskModel, RiskPrices, RiskTraining, SeveralJudgement, report,
};
use recurrent_program::{Crew, DataRecord, RunRecord, Screen, Source, Unusable, write_summary};
use recurrent_train::{RunFolder, Stopped};
use serde::Serialize;

use super::settings::RiskRun;
use super::train::lower_loss;
use crate::flags::{ForecastFlags, TrainFlags};
use crate::report::LEVEL;
use crate::settings::Preset;
use crate::{Failure, PROGRAM};

#[derive(Serialize)]
struct Summary {
    #[serde(flatten)]
    run: RunRecord<Preset>,
    data: Facts,
    #[serde(flatten)]
    judgement: SeveralJudgement,
}

#[derive(Serialize)]
struct Facts {
    #[serde(flatten)]
    read: DataRecord,
    names: usize,
    /// Those that were not learnt from.
    left_out: Vec<String>,
}

#[derive(Serialize)]
struct Evaluation {
    program: &'static str,
    data: DataRecord,
    #[serde(flatten)]
    judgement: SeveralJudgement,
}

#[derive(Serialize)]
struct Forecasts {
    program: &'static str,
    #[serde(flatten)]
    intervals: IntervalSpec,
    model: RiskModel,
    prices: BTreeMap<String, Fan>,
}

/// Trains one network on several prices, all up to one date, and judges it on what comes after. Returns how the training ended.
///
/// # Errors
/// No price has enough days, a setting or a checkpoint is wrong, the loss diverges, or a file cannot be written.
pub fn train(
    mut settings: RiskRun,
    run: Option<RunFolder>,
    flags: &TrainFlags,
    all: Vec<NamedPrices>,
    crew: &Crew,
    screen: &Screen,
) -> Result<Stopped, Failure> {
    let source = settings.origin.source.clone();
    let sha256 = checksum(&all);
    settings.origin.keep_data(&sha256)?;
    let names = all.len();
    screen.note(&format!("{}: {names} prices", source.place()));
    let prices = RiskPrices::named(&all, &settings.windows.target)?;
    drop(all);
    let Cut { prices: learnt, left_out } = Cut::at(prices, settings.fractions.train, &settings.ensemble);
    for name in &left_out {
        screen.note(&format!(
            "note: {name} has too few days to learn from, or none to judge on, and is left out"
        ));
    }
    if learnt.is_empty() {
        let reason = "no price has enough days before the date that all are learnt from up to";
        return Err(Unusable::because(&source, reason).into());
    }
    let unusable = |reason| Unusable::because(&source, reason);
    let training = RiskTraining::new(settings.forecaster(), &learnt).map_err(unusable)?;
    let (run, outcome, parameters) =
        lower_loss(&mut settings, run, &flags.training, &training, crew, screen)?;
    let forecaster = training.finish(outcome.model)?;
    forecaster.save(run.model_file())?;
    let prices: Vec<_> = learnt.into_iter().map(|of| (of.name, of.prices)).collect();
    let judgement = forecaster.judge_all(&prices, IntervalSpec::of_model(LEVEL));
    let RiskRun { preset, origin, train, .. } = &settings;
    let mut record =
        RunRecord::new(PROGRAM, *preset, origin, train, parameters, &outcome.history, &outcome.end);
    record.note_ranks(crew);
    let data = Facts { read: source.record(&sha256), names, left_out };
    let text = format!("{}: {}\n\n{}", source.name(), record.done(), report::several_text(&judgement));
    let summary = Summary { run: record, data, judgement };
    write_summary(&run, outcome.end.steps_run, &summary)?;
    screen.tell_end(&outcome.end, &run);
    screen.result(&summary, &text)?;
    Ok(outcome.end.stopped)
}

/// Judges a model of several prices on each of those that are given, with the intervals that are wanted.
///
/// # Errors
/// A table lacks the column, or standard output cannot be written.
pub fn evaluate(
    forecaster: &RiskForecaster,
    source: &Source,
    all: Vec<NamedPrices>,
    intervals: IntervalSpec,
    screen: &Screen,
) -> Result<(), Failure> {
    let data = source.record(&checksum(&all));
    let prices = RiskPrices::named(&all, &forecaster.settings().column)?;
    let judgement = forecaster.judge_all(&prices, intervals);
    let text = format!("{}\n\n{}", source.name(), report::several_text(&judgement));
    screen.result(&Evaluation { program: PROGRAM, data, judgement }, &text)
}

/// Forecasts how far each of several prices may move from its last.
///
/// # Errors
/// The model learnt nothing of any price, or a forecast fails.
pub fn forecast(
    forecaster: &RiskForecaster,
    all: Vec<NamedPrices>,
    flags: &ForecastFlags,
    screen: &Screen,
) -> Result<(), Failure> {
    let (model, intervals) = (flags.model.unwrap_or(RiskModel::Network), flags.interval());
    let prices = forecaster.fans(&all, model, flags.days, intervals)?;
    for NamedPrices { name, .. } in all.iter().filter(|of| !prices.contains_key(&of.name)) {
        screen.note(&format!("note: the model learnt nothing of {name}, which is left out"));
    }
    let text = report::fans_text(&prices);
    screen.result(&Forecasts { program: PROGRAM, intervals, model, prices }, &text)
}

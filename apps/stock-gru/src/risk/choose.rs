//! `choose`: which settings forecast risk best, by the years before the test part alone.

use std::sync::atomic::{AtomicUsize, Ordering};

use recurrent_forecaster::risk::{
    Folds, Grid, RiskNetwork, RiskPrices, TrainingPrices, Trials, Tried, reached,
};
use recurrent_program::{Origin, Screen, Unusable, refuse_meaningless};
use recurrent_train::Seed;
use serde::Serialize;

use super::settings::RiskRun;
use crate::data::{choose as choose_source, read_with_ranges, tell};
use crate::flags::ChooseFlags;
use crate::{Failure, PROGRAM};

/// Days of trading in a year: the length of a fold.
const YEAR: usize = 252;
/// Years that are learnt from before the first fold.
const BEFORE: usize = 4;

#[derive(Serialize)]
struct Choice {
    program: &'static str,
    /// The last day that was looked at.
    until: String,
    /// The best first.
    tried: Trials,
}

/// Tries every combination of the settings that are asked for, and prints them, the best first.
///
/// # Errors
/// The prices cannot be read or are too few, or a training fails.
pub fn choose(flags: &ChooseFlags, screen: &Screen) -> Result<(), Failure> {
    let reason = "settings are chosen by what the prices themselves say";
    refuse_meaningless([("--events", flags.reading.events.is_some(), reason)])?;
    let source = choose_source(&flags.data)?;
    let mut run = RiskRun::new(Origin::new(flags.common.backend, source.clone()));
    run.reading = flags.reading.reading();
    let (table, ranges) = read_with_ranges(&source, &run.windows, &run.reading)?;
    tell(&source, &table, &run.windows.known.events, screen);
    let unusable = |reason| Unusable::because(&source, reason);
    let prices = RiskPrices::new(&table, &run.windows.target, ranges.as_ref())?;
    let of = TrainingPrices::split(source.name(), prices, &run.windows, run.fractions).map_err(unusable)?;
    let measured = of.prices.measure(of.training).map_err(|reason| unusable(reason.into()))?;

    let candidates = grid(flags).candidates(&network(flags, &run)?);
    let folds = Folds { first: BEFORE * YEAR, every: YEAR };
    let done = AtomicUsize::new(0);
    let tell = |_| {
        let count = done.fetch_add(1, Ordering::Relaxed) + 1;
        screen.note(&format!("{count} of {} tried", candidates.len()));
    };
    let reached = reached(&candidates, measured.days().until(of.training), folds, tell).map_err(unusable)?;
    let tried = candidates.iter().zip(reached).map(|(candidate, reached)| Tried::new(candidate, reached));
    let tried = Trials::new(tried.collect());
    let until = of.prices.dates()[of.training].to_string();
    let text = format!(
        "folds of a year until {until}, each forecast from all days before it; QLIKE, and over that of the ridge regression\n\n{tried}"
    );
    screen.result(&Choice { program: PROGRAM, until, tried }, &text)
}

fn network(flags: &ChooseFlags, run: &RiskRun) -> Result<RiskNetwork, Failure> {
    let mut network = run.network(run.origin.backend.open()?);
    network.train.seed = Seed(flags.seed);
    Ok(network)
}

fn grid(flags: &ChooseFlags) -> Grid {
    Grid {
        window: flags.window.clone(),
        hidden: flags.hidden.clone(),
        members: flags.members.clone(),
        epochs: flags.epochs.clone(),
        learning_rate: flags.learning_rate.clone(),
        weight_decay: flags.weight_decay.clone(),
    }
}

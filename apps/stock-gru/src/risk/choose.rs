//! `choose`: which settings forecast risk best, by the years before the test part alone.

use std::sync::atomic::{AtomicUsize, Ordering};

use recurrent_forecaster::risk::{Folds, Reached, RiskNetwork, RiskPrices, TrainingPrices, reached};
use recurrent_program::{Origin, Screen, Unusable};
use recurrent_train::{Optimiser, Seed};
use serde::Serialize;

use super::settings::RiskRun;
use crate::data::{choose as choose_source, read_with_ranges, tell};
use crate::flags::ChooseFlags;
use crate::{Failure, PROGRAM};

/// Days of trading in a year: the length of a fold.
const YEAR: usize = 252;
/// Years that are learnt from before the first fold.
const BEFORE: usize = 4;

/// Settings that were tried, with what they reach.
#[derive(Serialize)]
struct Tried {
    window: usize,
    hidden: usize,
    members: usize,
    epochs: usize,
    learning_rate: f64,
    weight_decay: f64,
    seed: u64,
    #[serde(flatten)]
    reached: Reached,
}

#[derive(Serialize)]
struct Choice {
    program: &'static str,
    /// The last day that was looked at.
    until: String,
    /// The best first.
    tried: Vec<Tried>,
}

/// Tries every combination of the settings that are asked for, and prints them, the best first.
///
/// # Errors
/// The prices cannot be read or are too few, or a training fails.
pub fn choose(flags: &ChooseFlags, screen: &Screen) -> Result<(), Failure> {
    let source = choose_source(flags.data.as_ref())?;
    let mut run = RiskRun::new(Origin::new(flags.common.backend, source.clone()));
    run.reading = flags.reading.reading();
    let (table, ranges) = read_with_ranges(&source, &run.windows, &run.reading)?;
    tell(&source, &table, screen);
    let unusable = |reason| Unusable::because(&source, reason);
    let prices = RiskPrices::new(&table, &run.windows.target, ranges.as_ref())?;
    let of = TrainingPrices::split(source.name(), prices, &run.windows, run.fractions).map_err(unusable)?;
    let measured = of.prices.measure(of.training).map_err(|reason| unusable(reason.into()))?;

    let candidates = candidates(flags, &run)?;
    let folds = Folds { first: BEFORE * YEAR, every: YEAR };
    let done = AtomicUsize::new(0);
    let tell = |_| {
        let count = done.fetch_add(1, Ordering::Relaxed) + 1;
        screen.note(&format!("{count} of {} tried", candidates.len()));
    };
    let reached = reached(&candidates, measured.days().until(of.training), folds, tell).map_err(unusable)?;
    let mut tried: Vec<Tried> =
        candidates.iter().zip(reached).map(|(candidate, reached)| Tried::new(candidate, reached)).collect();
    tried.sort_by(|one, other| one.reached.ratio.total_cmp(&other.reached.ratio));
    let until = of.prices.dates()[of.training].to_string();
    let text = text(&tried, &until);
    screen.result(&Choice { program: PROGRAM, until, tried }, &text)
}

fn candidates(flags: &ChooseFlags, run: &RiskRun) -> Result<Vec<RiskNetwork>, Failure> {
    let device = run.origin.backend.open()?;
    let mut candidates = Vec::new();
    for &window in &flags.window {
        for &hidden in &flags.hidden {
            for &members in &flags.members {
                for &epochs in &flags.epochs {
                    for &learning_rate in &flags.learning_rate {
                        for &weight_decay in &flags.weight_decay {
                            let mut candidate = run.network(device.clone());
                            candidate.ensemble.window = window;
                            candidate.ensemble.hidden = hidden;
                            candidate.ensemble.members = members;
                            candidate.train.epochs = epochs;
                            candidate.train.learning_rate = learning_rate;
                            candidate.train.optimiser = Optimiser::adam_w(weight_decay);
                            candidate.train.seed = Seed(flags.seed);
                            candidates.push(candidate);
                        }
                    }
                }
            }
        }
    }
    Ok(candidates)
}

impl Tried {
    fn new(candidate: &RiskNetwork, reached: Reached) -> Self {
        let RiskNetwork { ensemble, train, .. } = candidate;
        let weight_decay = match train.optimiser {
            Optimiser::AdamW { weight_decay, .. } => weight_decay,
            _ => 0.0,
        };
        Self {
            window: ensemble.window,
            hidden: ensemble.hidden,
            members: ensemble.members,
            epochs: train.epochs,
            learning_rate: train.learning_rate,
            weight_decay,
            seed: train.seed.0,
            reached,
        }
    }
}

fn text(tried: &[Tried], until: &str) -> String {
    let mut text = format!(
        "folds of a year until {until}, each forecast from all days before it; QLIKE, and over that of the ridge regression\n\n\
         {:>6} {:>6} {:>7} {:>6} {:>8} {:>6} {:>8} {:>8} {:>8} {:>7} {:>7}\n",
        "window", "units", "members", "epochs", "rate", "decay", "1 day", "5", "22", "ratio", "worst"
    );
    for Tried { window, hidden, members, epochs, learning_rate, weight_decay, reached, .. } in tried {
        let [day, week, month] = reached.qlike;
        text += &format!(
            "{window:>6} {hidden:>6} {members:>7} {epochs:>6} {learning_rate:>8} {weight_decay:>6} {day:>8.4} {week:>8.4} \
             {month:>8.4} {:>7.4} {:>7.4}\n",
            reached.ratio, reached.worst
        );
    }
    if let Some(Tried { reached: Reached { ridge: [day, week, month], .. }, .. }) = tried.first() {
        text += &format!(
            "{:>44} {day:>8.4} {week:>8.4} {month:>8.4} {:>7.4} {:>7.4}\n",
            "ridge regression", 1.0, 1.0
        );
    }
    text
}

//! `evaluate` and `plot` of a risk run.

use recurrent_data::prices::checksum;
use recurrent_forecaster::risk::{IntervalKind, IntervalSpec, RiskJudgement, RiskPlots, RiskPrices, report};
use recurrent_program::{Screen, Unusable, write_charts};
use serde::Serialize;

use super::saved::{SavedRisk, load};
use super::summary::RiskFacts;
use super::{folder, is_of_risk, several};
use crate::data::read_with_ranges;
use crate::flags::ReadFlags;
use crate::saved::Saved;
use crate::{Failure, PROGRAM};

/// The probability of the intervals whose coverage is told.
const LEVEL: f64 = 0.9;

#[derive(Serialize)]
struct Evaluation {
    program: &'static str,
    data: RiskFacts,
    #[serde(flatten)]
    judgement: RiskJudgement,
}

/// Judges and prints, with intervals of a kind.
///
/// # Errors
/// The model or the prices cannot be read, no day is left to judge, or there are too few for the intervals.
pub fn evaluate(flags: &ReadFlags, kind: IntervalKind, screen: &Screen) -> Result<(), Failure> {
    let intervals = IntervalSpec { kind, level: LEVEL };
    let saved = SavedRisk::read(&flags.source, &flags.reading, &flags.common, screen)?;
    saved.trained.keep_own_data(&flags.source.data, &checksum(&saved.all))?;
    if saved.forecaster.prices().len() > 1 {
        return several::evaluate(&saved.forecaster, &saved.source, saved.all, intervals, screen);
    }
    let saved = saved.single(screen)?;
    let judged = saved.judge()?.with_intervals(intervals);
    let judgement = judged.map_err(|reason| Unusable::because(&saved.source, reason))?.judgement;
    let data = saved.facts(judgement.risk.days);
    let text = format!("{}\n\n{}", data.read.name, report::text(&judgement));
    screen.result(&Evaluation { program: PROGRAM, data, judgement }, &text)
}

/// The judgement of the risk run in the folder of a run that forecasts the price; none where there is no such run, or it cannot
/// say anything of these prices, which is noted.
///
/// # Errors
/// The prices cannot be read again, or the model is damaged.
pub fn beside(
    saved: &Saved,
    flags: &ReadFlags,
    kind: IntervalKind,
    screen: &Screen,
) -> Result<Option<RiskJudgement>, Failure> {
    let run = folder(&flags.source.run);
    if !is_of_risk(&run) {
        return Ok(None);
    }
    let forecaster = load(&run, flags.reading.events.as_deref(), &flags.common)?;
    let spec = &saved.forecaster.settings().windows;
    let (table, ranges) = read_with_ranges(&saved.source, spec, &saved.reading)?;
    let prices = RiskPrices::new(&table, &spec.target, ranges.as_ref())?;
    let judged = forecaster.judge(0, &prices);
    match judged.and_then(|judged| judged.with_intervals(IntervalSpec { kind, level: LEVEL })) {
        Ok(judged) => Ok(Some(judged.judgement)),
        Err(reason) => {
            screen.note(&format!("note: the risk of these prices cannot be judged: {reason}"));
            Ok(None)
        }
    }
}

/// Draws the plots of a risk run again, and prints where: into the run's `plots`, or for other prices than the run's into a
/// folder beside it.
///
/// # Errors
/// The run or the prices cannot be read, or a file cannot be written.
pub fn plot(flags: &ReadFlags, screen: &Screen) -> Result<(), Failure> {
    let saved = SavedRisk::read(&flags.source, &flags.reading, &flags.common, screen)?.single(screen)?;
    saved.trained.keep_own_data(&flags.source.data, saved.table.sha256())?;
    let name = saved.source.name();
    let plots = RiskPlots::new(&saved.prices, &name, &saved.judge()?)?;
    let own = saved.trained.began_with(saved.table.sha256());
    let folder = flags.source.run.join(if own { "plots".to_owned() } else { format!("plots-{name}") });
    write_charts(&folder, &plots.named())?;
    let record = serde_json::json!({ "program": PROGRAM, "plots": folder.to_string_lossy() });
    screen.result(&record, &format!("plots: {}", folder.display()))
}

//! The result of a risk run in words: for the terminal, and as its `report.html`.

use recurrent_data::prices::PriceTable;
use recurrent_forecaster::risk::{Ensemble, Held, IntervalSpec, RiskModel, RiskPath, RiskPlots, report};
use recurrent_forecaster::{Error, Forecaster, Prices};
use recurrent_program::update_facts;
use recurrent_report::{Report, Section, capitalised, counted, loss_curves, thousands};

use super::summary::RiskSummary;
use super::train::Trained;
use crate::report::{DAYS, LEVEL};

/// The result for the terminal.
pub fn text(summary: &RiskSummary) -> String {
    let name = if summary.data.read.is_demo() { crate::summary::DEMO } else { &summary.data.read.name };
    format!("{name}: {}\n\n{}", summary.run.done(), report::text(&summary.judgement))
}

/// The report of a run.
pub fn page(trained: &Trained, table: &PriceTable, name: &str, plots: &RiskPlots) -> Report {
    let (judgement, prices) = (&trained.summary.judgement, &trained.prices);
    let path = trained.forecaster.path(0, prices, RiskModel::Network, DAYS);
    let days = path.and_then(|path| trained.forecaster.fan(&path, table, prices, LEVEL));
    Report::new(format!("{}: how far {name} will move", trained.summary.run.program))
        .lead(capitalised(&judgement.risk.verdict))
        .section(report::judged(judgement, plots, None))
        .section(report::ahead(prices, name, days, LEVEL))
        .section(training(trained))
}

/// What the report of a run that forecasts the price shows of the risk.
pub struct Beside<'a> {
    /// The risk run.
    pub trained: &'a Trained,
    /// Its charts.
    pub plots: RiskPlots,
    /// The risk of the days to come.
    pub path: RiskPath,
    /// How often intervals around the forecast prices held.
    pub held: Option<Held>,
}

impl<'a> Beside<'a> {
    /// Puts it together for the prices of that name and a forecaster of them.
    ///
    /// # Errors
    /// A forecast fails.
    pub fn new(
        trained: &'a Trained,
        name: &str,
        forecaster: &Forecaster,
        prices: &Prices,
    ) -> Result<Self, Error> {
        let Trained { prices: measured, judged, forecaster: risk, .. } = trained;
        let plots = RiskPlots::new(measured, name, judged)?;
        let path = risk.path(0, measured, RiskModel::Network, DAYS)?;
        let forecasts = forecaster.one_step_by_moment(prices);
        let held =
            judged.tried(measured, RiskModel::Network, &forecasts, IntervalSpec::of_model(LEVEL))?.held;
        Ok(Self { trained, plots, path, held })
    }

    /// The section on risk.
    pub fn section(&self) -> Section {
        report::judged(&self.trained.summary.judgement, &self.plots, self.held)
    }
}

/// How the network was trained.
pub fn training(trained: &Trained) -> Section {
    let Trained { summary, settings, history, .. } = trained;
    let mut facts = summary.run.facts();
    facts.extend(summary.data.read.facts());
    facts.extend([
        ("rows", thousands(summary.data.rows as u64)),
        ("judged", counted(summary.data.test, trained.prices.unit())),
        ("window", counted(settings.ensemble.window, trained.prices.unit())),
        ("networks", settings.ensemble.members.to_string()),
        ("batch", settings.batch_size.to_string()),
    ]);
    facts.extend(settings.windows.known.fact());
    facts.extend(update_facts(&settings.train));
    facts.extend(summary.run.course());
    let losses: Vec<f64> = history.iter().map(|epoch| epoch.train_loss).collect();
    Section::new("Training for risk")
        .chart(&loss_curves(&losses, &[], None, "QLIKE"), "The loss of the training days, by epoch.")
        .preformatted("The model", Ensemble::summary(&settings.ensemble).to_string())
        .facts("The run", facts)
}

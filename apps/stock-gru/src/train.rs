//! The main job: train, judge, and, for a run without a word, plot and report.

use recurrent_data::prices::PriceTable;
use recurrent_forecaster::{
    self as forecaster, EARLY_EPOCH, Forecaster, Forecasts, Learnt, Network, Plots, Prices, ShuffledWindows,
    in_order, read_early, save_early, with_all_days,
};
use recurrent_program::{
    Crew, Extent, Screen, Unusable, Watching, begin_run, resume_run, write_page, write_plots, write_summary,
};
use recurrent_train::{
    Batches, EpochRecord, Figures, Interval, Outcome, RunFolder, Stopped, Training, mean_loss,
};

use crate::data::{choose, read_with_ranges, tell};
use crate::flags::TrainFlags;
use crate::report::{self, DAYS, LEVEL};
use crate::risk::{self, report::Beside};
use crate::settings::{Preset, Settings};
use crate::summary::{DataFacts, Summary};
use crate::{Failure, PROGRAM};

/// Trains a new run, or goes on with one. Returns how the training ended.
///
/// # Errors
/// The data, a setting or a checkpoint is wrong, the loss diverges, or a file cannot be written.
pub fn train(flags: &TrainFlags, extent: Extent, crew: &Crew, screen: &Screen) -> Result<Stopped, Failure> {
    if crew.group.first_says(is_of_risk(flags))? {
        return risk::train::train(flags, extent, crew, screen);
    }
    let (mut settings, run) = begin(flags, crew)?;
    let source = settings.origin.source.clone();
    let (table, ranges) = read_with_ranges(&source, &settings.windows, &settings.reading)?;
    settings.origin.keep_data(table.sha256())?;
    tell(&source, &table, &settings.windows.known.events, screen);
    let prices = Prices::new(&table, &settings.windows, settings.fractions)
        .map_err(|reason| Unusable::because(&source, reason))?;
    settings.learnt = Some(Learnt::of(&prices)?);
    let device = settings.origin.backend.open()?;

    let features = prices.windows.features();
    let layers = Network::summary(&settings.model, features);
    screen.note(&layers.to_string());
    let (windows, train) = (&prices.windows, prices.split.train.clone());
    let ahead =
        prices.days_ahead(settings.model.ahead).map_err(|reason| Unusable::because(&source, reason))?;
    let batches = ShuffledWindows::of_days(windows, train, ahead, settings.batch_size, settings.train.seed);
    let run = begin_run(PROGRAM, run, &mut settings, &flags.training, batches.steps_per_epoch(), crew)?;
    let network = Network::new(&settings.model, features, settings.train.seed, &device.autodiff());
    let watching = Watching::new(&run, screen, Interval::every(25))
        .with_graph(&layers)
        .with_histograms(flags.training.histograms);
    let outcome = fit(&settings, &prices, &batches, &run, network, crew, watching)?;
    if !crew.part()? {
        return Ok(outcome.end.stopped);
    }
    let parameters = layers.parameters();
    let (settings, run, prices, table, ranges) = (&settings, &run, &prices, &table, ranges.as_ref());
    Trained { settings, run, table, ranges, prices, parameters, outcome }
        .conclude(flags, extent, crew, screen)
}

/// A trained network, and what it is judged by.
struct Trained<'a> {
    settings: &'a Settings,
    run: &'a RunFolder,
    table: &'a PriceTable,
    /// Opening, highest and lowest prices, where the table has them.
    ranges: Option<&'a PriceTable>,
    prices: &'a Prices,
    parameters: u64,
    outcome: Outcome<Network>,
}

impl Trained<'_> {
    /// Judges what was learnt, and leaves behind the model, the risk beside it, the figures, and the report where one is wanted.
    fn conclude(
        &self,
        flags: &TrainFlags,
        extent: Extent,
        crew: &Crew,
        screen: &Screen,
    ) -> Result<Stopped, Failure> {
        let Self { settings, run, table, prices, parameters, outcome, .. } = self;
        let Outcome { model, history, end, .. } = outcome;
        let forecaster =
            Forecaster::new(settings.forecaster(), model.clone()).with_better_way(table, prices)?;
        let way = forecaster.settings().way;
        if way != settings.way {
            run.write_settings(&Settings { way, ..Settings::clone(settings) })?;
        }
        let forecasts = forecaster.forecasts(prices);
        let judgement = forecaster.judgement(table, prices, &forecasts.test)?;
        let data = DataFacts::new(&settings.origin.source, table, prices);
        let mut summary = Summary::new(settings, *parameters, history, end, data, judgement);
        summary.run.note_ranks(crew);
        forecaster.save(run.model_file())?;
        let risk = self.risk(flags, crew, screen)?;
        let mut text = report::text(&summary);
        let mut value = serde_json::to_value(&summary)?;
        if let Some(risk) = &risk {
            text += &format!("\n{}", forecaster::risk::report::text(&risk.summary.judgement));
            value = risk.summary.judgement.beside(value)?;
        }
        write_summary(run, end.steps_run, &value)?;
        if extent == Extent::Report {
            self.report(&forecaster, &forecasts, &summary, risk.as_ref())?;
        }
        screen.tell_end(end, run);
        screen.tell_report(extent, run);
        screen.result(&value, &text)?;
        Ok(risk.map_or(end.stopped, |risk| risk.stopped()))
    }

    /// The risk of the same prices, where the preset has it. Prices that say too little of it leave the forecast of the price as it
    /// is; what is wrong with files is an error.
    fn risk(
        &self,
        flags: &TrainFlags,
        crew: &Crew,
        screen: &Screen,
    ) -> Result<Option<risk::train::Trained>, Failure> {
        let Self { settings, run, table, ranges, outcome, .. } = self;
        if settings.preset != Preset::Best || outcome.end.stopped == Stopped::Interrupted {
            return Ok(None);
        }
        let tables = (*table, *ranges);
        match risk::train::beside(settings, run, &flags.training, tables, &crew.alone(), screen) {
            Ok(risk) => Ok(Some(risk)),
            Err(error) if error.is::<Unusable>() => {
                screen.note(&format!("note: the risk is not forecast: {error}"));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Draws the charts and writes the page.
    fn report(
        &self,
        forecaster: &Forecaster,
        forecasts: &Forecasts,
        summary: &Summary,
        risk: Option<&risk::train::Trained>,
    ) -> Result<(), Failure> {
        let Self { settings, run, table, prices, outcome, .. } = self;
        let (name, early) = (settings.origin.source.name(), read_early(run, prices)?);
        let plots = Plots::new(prices, &name, &outcome.history, forecasts, early);
        let beside = risk.map(|risk| Beside::new(risk, &name, forecaster, prices)).transpose()?;
        let mut charts = plots.named();
        charts.extend(beside.iter().flat_map(|beside| beside.plots.named()));
        write_plots(run, outcome.end.steps_run, &charts)?;
        let days = match &beside {
            Some(beside) => forecaster.forecast_within(table, &beside.path, LEVEL),
            None => forecaster.forecast(table, DAYS, LEVEL),
        };
        write_page(
            &run.report_file(),
            &report::page(settings, prices, summary, &plots, days, beside.as_ref()),
        )
    }
}

/// Whether the run is one of the preset `risk`.
fn is_of_risk(flags: &TrainFlags) -> bool {
    match &flags.training.resume {
        Some(run) => risk::is_of_risk(run),
        None => flags.preset == Preset::Risk,
    }
}

/// The settings of the run, and its folder where it exists already.
fn begin(flags: &TrainFlags, crew: &Crew) -> Result<(Settings, Option<RunFolder>), Failure> {
    let Some(folder) = &flags.training.resume else {
        let mut settings = flags.settings(choose(&flags.training.data)?)?;
        settings.windows.known = flags.data.known.read(&flags.reading)?;
        return Ok((settings, None));
    };
    flags.keep_events()?;
    let (run, settings) = resume_run(PROGRAM, folder, &flags.training, flags.common.backend, crew)?;
    Ok((settings, Some(run)))
}

/// Lowers the loss, epoch by epoch.
fn fit(
    settings: &Settings,
    prices: &Prices,
    batches: &ShuffledWindows<'_>,
    run: &RunFolder,
    network: Network,
    crew: &Crew,
    mut watching: Watching,
) -> Result<Outcome<Network>, Failure> {
    let training = Training::new(&settings.train, batches)
        .with_validation(|network| {
            let ahead = settings.model.ahead;
            let watched = in_order(&prices.windows, with_all_days(prices.watched(), ahead), ahead);
            Ok(Figures::from(mean_loss(network, watched).unwrap_or(f64::NAN)))
        })
        .with_sampler(|network: &Network, epoch: &EpochRecord| match epoch.epoch {
            EARLY_EPOCH => save_early(run, &Forecasts::new(network, prices)),
            _ => Ok(()),
        })
        .in_folder(run, serde_json::to_string(&settings.model)?)
        .with_interrupt(crew.interrupt.clone())
        .with_group(crew.group.clone());
    Ok(watching.add(training).run(network)?)
}

//! The main job: train, judge, and, for a run without a word, plot and report.

use recurrent_program::{Extent, Screen, begin_run, resume_run};
use recurrent_train::{
    Batches, EpochRecord, Figures, Interrupt, Interval, MetricsFile, Outcome, ProgressBar, RunFolder,
    Stopped, TensorBoard, Training, files::write_whole, mean_loss,
};

use crate::batches::{ShuffledWindows, forecast, in_order};
use crate::data::{Prices, choose, read, sentence};
use crate::early::{read_early, save_early};
use crate::flags::TrainFlags;
use crate::judge::{Baselines, Judgement};
use crate::model::Forecaster;
use crate::plots::{Forecasts, Plots};
use crate::report;
use crate::settings::{EARLY_EPOCH, Settings};
use crate::summary::{PROGRAM, Summary};

/// Trains a new run, or goes on with one. Returns how the training ended.
///
/// # Errors
/// The data, a setting or a checkpoint is wrong, the loss diverges, or a file cannot be written.
pub fn train(
    flags: &TrainFlags,
    extent: Extent,
    interrupt: Interrupt,
    screen: &Screen,
) -> Result<Stopped, crate::Failure> {
    let (mut settings, run) = begin(flags)?;
    let table = read(&settings.origin.source, &settings.windows)?;
    settings.origin.keep_data(table.sha256())?;
    screen.note(&sentence(&settings.origin.source, &table));
    table.notes().iter().for_each(|note| screen.note(&format!("note: {note}")));
    let prices = Prices::new(&settings.origin.source, table, &settings.windows, settings.fractions)?;
    let device = settings.origin.backend.open()?;

    let features = prices.windows.features();
    let summary = Forecaster::summary(&settings.model, features);
    screen.note(&summary.to_string());
    let train = prices.split.train.clone();
    let batches = ShuffledWindows::new(&prices.windows, train, settings.batch_size, settings.train.seed);
    let run = begin_run(PROGRAM, run, &mut settings, &flags.training, batches.steps_per_epoch())?;
    let model = Forecaster::new(&settings.model, features, settings.train.seed, &device.autodiff());
    let outcome = fit(&settings, &prices, &batches, &run, model, interrupt, screen)?;

    let judged = judge(&prices, &outcome.model)?;
    let figures = Summary::new(
        &settings,
        &prices,
        summary.parameters(),
        &outcome.history,
        &outcome.end,
        judged.judgement,
    );
    let line = serde_json::to_string_pretty(&figures)? + "\n";
    write_whole(&run.summary_file(), line.as_bytes())?;
    if extent == Extent::Report {
        draw_and_report(&settings, &prices, &run, &outcome.history, judged.forecasts, &figures)?;
    }
    screen.tell_end(&outcome.end, &run);
    screen.tell_report(extent, &run);
    screen.result(&figures, &report::text(&figures))?;
    Ok(outcome.end.stopped)
}

/// The settings of the run, and its folder where it exists already.
fn begin(flags: &TrainFlags) -> Result<(Settings, Option<RunFolder>), crate::Failure> {
    let Some(folder) = &flags.training.resume else {
        return Ok((Settings::new(flags, choose(flags.training.data.as_ref())?)?, None));
    };
    let (run, settings) = resume_run(PROGRAM, folder, &flags.training, flags.common.backend)?;
    Ok((settings, Some(run)))
}

fn fit(
    settings: &Settings,
    prices: &Prices,
    batches: &ShuffledWindows<'_>,
    run: &RunFolder,
    model: Forecaster,
    interrupt: Interrupt,
    screen: &Screen,
) -> Result<Outcome<Forecaster>, crate::Failure> {
    let mut bar = ProgressBar::new(screen.progress(Interval::every(25)));
    let mut metrics = MetricsFile::new(run.metrics_file(), Interval::NEVER);
    let mut board = TensorBoard::new(run.tensorboard(), Interval::every(10));
    let architecture = serde_json::to_string(&settings.model)?;
    let outcome = Training::new(&settings.train, batches)
        .with_validation(|model| {
            let watched = in_order(&prices.windows, prices.watched());
            Ok(Figures::from(mean_loss(model, watched).unwrap_or(f64::NAN)))
        })
        .with_sampler(|model: &Forecaster, epoch: &EpochRecord| {
            if epoch.epoch == EARLY_EPOCH { save_early(run, &all_forecasts(model, prices)) } else { Ok(()) }
        })
        .with_observer(&mut bar)
        .with_observer(&mut metrics)
        .with_observer(&mut board)
        .in_folder(run, architecture)
        .with_interrupt(interrupt)
        .run(model)?;
    Ok(outcome)
}

/// What a model forecasts, and how good that is.
pub struct Judged {
    /// All forecasts.
    pub forecasts: Forecasts,
    /// Those of the test windows, judged.
    pub judgement: Judgement,
}

/// Judges a model on the test windows, beside the baselines fitted to all windows before them.
///
/// # Errors
/// There is no window, or a forecast is no finite number.
pub fn judge(prices: &Prices, model: &Forecaster) -> Result<Judged, crate::Failure> {
    let forecasts = all_forecasts(model, prices);
    let (before, test) = (prices.raw(prices.before_test()), prices.raw(prices.split.test.clone()));
    let baselines = Baselines::fit(&before.windows()?);
    let judgement = Judgement::new(&baselines, &test.windows()?, &forecasts.test)?;
    Ok(Judged { forecasts, judgement })
}

fn all_forecasts(model: &Forecaster, prices: &Prices) -> Forecasts {
    Forecasts {
        before: forecast(model, &prices.windows, prices.before_test()),
        test: forecast(model, &prices.windows, prices.split.test.clone()),
    }
}

/// Draws the plots and writes the report.
///
/// # Errors
/// A file cannot be written.
pub fn draw_and_report(
    settings: &Settings,
    prices: &Prices,
    run: &RunFolder,
    history: &[EpochRecord],
    forecasts: Forecasts,
    figures: &Summary,
) -> Result<(), crate::Failure> {
    let early = read_early(run, prices)?.map(|early| (EARLY_EPOCH, early));
    let plots = Plots::new(prices, &settings.origin.source.name(), history, &forecasts, early);
    plots.write(&run.plots())?;
    report::write(settings, prices, run, figures, &plots)?;
    Ok(())
}

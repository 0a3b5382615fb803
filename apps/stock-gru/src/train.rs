//! The main job: train, judge, and, for a run without a word, plot and report.

use recurrent_forecaster::{
    EARLY_EPOCH, Forecaster, Forecasts, Judgement, Learnt, Network, Plots, Prices, ShuffledWindows, in_order,
    read_early, save_early,
};
use recurrent_program::{
    Crew, Extent, Screen, Unusable, Watching, begin_run, resume_run, write_charts, write_json, write_page,
};
use recurrent_train::{
    Batches, EpochRecord, Figures, Interval, Outcome, RunFolder, Stopped, Training, mean_loss,
};

use crate::data::{choose, read, tell};
use crate::flags::TrainFlags;
use crate::report::{self, DAYS, LEVEL};
use crate::settings::Settings;
use crate::summary::{DataFacts, Summary};
use crate::{Failure, PROGRAM};

/// Trains a new run, or goes on with one. Returns how the training ended.
///
/// # Errors
/// The data, a setting or a checkpoint is wrong, the loss diverges, or a file cannot be written.
pub fn train(flags: &TrainFlags, extent: Extent, crew: &Crew, screen: &Screen) -> Result<Stopped, Failure> {
    let (mut settings, run) = begin(flags, crew)?;
    let source = settings.origin.source.clone();
    let table = read(&source, &settings.windows, &settings.reading)?;
    settings.origin.keep_data(table.sha256())?;
    tell(&source, &table, screen);
    let prices = Prices::new(&table, &settings.windows, settings.fractions)
        .map_err(|reason| Unusable::because(&source, reason))?;
    settings.learnt = Some(Learnt::of(&prices)?);
    let device = settings.origin.backend.open()?;

    let features = prices.windows.features();
    let layers = Network::summary(&settings.model, features);
    screen.note(&layers.to_string());
    let (windows, train) = (&prices.windows, prices.split.train.clone());
    let batches = ShuffledWindows::new(windows, train, settings.batch_size, settings.train.seed);
    let run = begin_run(PROGRAM, run, &mut settings, &flags.training, batches.steps_per_epoch(), crew)?;
    let network = Network::new(&settings.model, features, settings.train.seed, &device.autodiff());
    let Outcome { model, history, end, .. } = fit(&settings, &prices, &batches, &run, network, crew, screen)?;
    if !crew.part()? {
        return Ok(end.stopped);
    }

    let forecaster = Forecaster::new(settings.forecaster(), model);
    let forecasts = forecaster.forecasts(&prices);
    let judgement = Judgement::of(&prices, &forecasts.test)?;
    let data = DataFacts::new(&source, &table, &prices);
    let mut summary = Summary::new(&settings, layers.parameters(), &history, &end, data, judgement);
    summary.run.note_ranks(crew);
    forecaster.save(run.model_file())?;
    write_json(&run.summary_file(), &summary)?;
    if extent == Extent::Report {
        let early = read_early(&run, &prices)?;
        let plots = Plots::new(&prices, &source.name(), &history, &forecasts, early);
        write_charts(&run.plots(), &plots.named())?;
        let days = forecaster.forecast(&table, DAYS, LEVEL);
        write_page(&run.report_file(), &report::page(&settings, &prices, &summary, &plots, days))?;
    }
    screen.tell_end(&end, &run);
    screen.tell_report(extent, &run);
    screen.result(&summary, &report::text(&summary))?;
    Ok(end.stopped)
}

/// The settings of the run, and its folder where it exists already.
fn begin(flags: &TrainFlags, crew: &Crew) -> Result<(Settings, Option<RunFolder>), Failure> {
    let Some(folder) = &flags.training.resume else {
        return Ok((flags.settings(choose(flags.training.data.as_ref())?)?, None));
    };
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
    screen: &Screen,
) -> Result<Outcome<Network>, Failure> {
    let mut watching = Watching::new(run, screen, Interval::every(25));
    let training = Training::new(&settings.train, batches)
        .with_validation(|network| {
            let watched = in_order(&prices.windows, prices.watched());
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

//! Trains a network for risk and judges it: a run of its own, or one beside that of the price.

use recurrent_data::prices::{NamedPrices, PriceTable};
use recurrent_forecaster::risk::{
    Ensemble, RiskForecaster, RiskJudged, RiskPlots, RiskPrices, RiskTraining, TrainingPrices, doubts,
};
use recurrent_program::flags::TrainingFlags;
use recurrent_program::{
    Crew, Extent, RunRecord, Screen, Unusable, Watching, begin_run, resume_run, write_page, write_plots,
    write_summary,
};
use recurrent_train::{Batches, End, EpochRecord, Interval, Outcome, RunFolder, Stopped, Training};

use super::settings::RiskRun;
use super::summary::{RiskFacts, RiskSummary};
use super::{folder, report, several};
use crate::data::{choose, read_several, tell};
use crate::flags::TrainFlags;
use crate::settings::Settings;
use crate::{Failure, PROGRAM};

/// A trained run.
pub struct Trained {
    /// Its folder.
    pub run: RunFolder,
    /// Its settings.
    pub settings: RiskRun,
    /// Its figures.
    pub summary: RiskSummary,
    /// Its model.
    pub forecaster: RiskForecaster,
    /// The prices.
    pub prices: RiskPrices,
    /// What was judged.
    pub judged: RiskJudged,
    /// Its epochs.
    pub history: Vec<EpochRecord>,
    end: End,
}

impl Trained {
    /// How the training ended.
    pub fn stopped(&self) -> Stopped {
        self.end.stopped
    }
}

/// Trains a new run of the preset `risk`, or goes on with one. Returns how the training ended.
///
/// # Errors
/// The data, a setting or a checkpoint is wrong, the loss diverges, or a file cannot be written.
pub fn train(flags: &TrainFlags, extent: Extent, crew: &Crew, screen: &Screen) -> Result<Stopped, Failure> {
    let (mut settings, run) = match &flags.training.resume {
        None => {
            let mut settings = flags.risk_settings(choose(&flags.training.data)?)?;
            settings.set_known(flags.data.known.read(&flags.reading)?);
            (settings, None)
        }
        Some(folder) => {
            flags.keep_events()?;
            let (run, settings) = resume_run(PROGRAM, folder, &flags.training, flags.common.backend, crew)?;
            (settings, Some(run))
        }
    };
    let source = settings.origin.source.clone();
    let mut all = read_several(&source, &settings.windows, &settings.reading)?;
    if all.len() > 1 {
        return several::train(settings, run, flags, all, crew, screen);
    }
    let NamedPrices { table, further: ranges, .. } = all.remove(0);
    settings.origin.keep_data(table.sha256())?;
    tell(&source, &table, &settings.windows.known.events, screen);
    let trained = learn(settings, run, &flags.training, (&table, ranges.as_ref()), crew, screen)?;

    let Trained { run, summary, end, .. } = &trained;
    if extent == Extent::Report {
        let name = source.name();
        let plots = RiskPlots::new(&trained.prices, &name, &trained.judged)?;
        write_plots(run, end.steps_run, &plots.named())?;
        write_page(&run.report_file(), &report::page(&trained, &table, &name, &plots))?;
    }
    screen.tell_end(end, run);
    screen.tell_report(extent, run);
    screen.result(summary, &report::text(summary))?;
    Ok(end.stopped)
}

/// Trains the risk run in the folder of a run that forecasts the price, or goes on with it.
///
/// # Errors
/// As [`train`].
pub fn beside(
    price: &Settings,
    price_run: &RunFolder,
    flags: &TrainingFlags,
    (table, ranges): (&PriceTable, Option<&PriceTable>),
    crew: &Crew,
    screen: &Screen,
) -> Result<Trained, Failure> {
    let folder = folder(price_run.path());
    // How long the price is learnt says nothing of the risk.
    let flags = TrainingFlags {
        run: Some(folder.clone()),
        resume: None,
        data: Vec::new(),
        epochs: None,
        max_steps: None,
        ..flags.clone()
    };
    let (settings, run) = if folder.join("config.json").exists() {
        let (run, mut settings) = RunFolder::resume::<RiskRun>(&folder, PROGRAM)?;
        settings.origin = price.origin.clone();
        (settings, Some(run))
    } else {
        (RiskRun::beside(price), None)
    };
    learn(settings, run, &flags, (table, ranges), crew, screen)
}

/// Lowers the loss, judges, and writes the model and the summary.
fn learn(
    mut settings: RiskRun,
    run: Option<RunFolder>,
    flags: &TrainingFlags,
    (table, ranges): (&PriceTable, Option<&PriceTable>),
    crew: &Crew,
    screen: &Screen,
) -> Result<Trained, Failure> {
    let source = settings.origin.source.clone();
    let unusable = |reason| Unusable::because(&source, reason);
    let prices = RiskPrices::new(table, &settings.windows.target, ranges)?;
    let of = TrainingPrices::split(source.name(), prices.clone(), &settings.windows, settings.fractions)
        .map_err(unusable)?;
    let training = RiskTraining::new(settings.forecaster(), std::slice::from_ref(&of)).map_err(unusable)?;
    for doubt in training.measured().iter().flat_map(doubts) {
        screen.note(&format!("note: {doubt}"));
    }
    let (run, outcome, parameters) = lower_loss(&mut settings, run, flags, &training, crew, screen)?;
    let Outcome { model, history, end, .. } = outcome;
    let forecaster = training.finish(model)?;
    let judged = forecaster.judge(0, &prices)?;
    let facts = RiskFacts::new(&source, table, judged.judgement.risk.days);
    let RiskRun { preset, origin, train, .. } = &settings;
    let mut record = RunRecord::new(PROGRAM, *preset, origin, train, parameters, &history, &end);
    record.note_ranks(crew);
    let summary = RiskSummary { run: record, data: facts, judgement: judged.judgement.clone() };
    forecaster.save(run.model_file())?;
    write_summary(&run, end.steps_run, &summary)?;
    Ok(Trained { run, settings, summary, forecaster, prices, judged, history, end })
}

/// Trains the network of a run. Returns its folder, what came of it, and the number of weights.
///
/// # Errors
/// A setting or a checkpoint is wrong, the loss diverges, or a file cannot be written.
pub fn lower_loss(
    settings: &mut RiskRun,
    run: Option<RunFolder>,
    flags: &TrainingFlags,
    training: &RiskTraining<'_>,
    crew: &Crew,
    screen: &Screen,
) -> Result<(RunFolder, Outcome<Ensemble>, u64), Failure> {
    let layers = Ensemble::summary(&settings.ensemble);
    screen.note(&layers.to_string());
    let device = settings.origin.backend.open()?;
    let batches = training.batches(settings.batch_size, settings.most_steps, settings.train.seed);
    let run = begin_run(PROGRAM, run, settings, flags, batches.steps_per_epoch(), crew)?;
    let network = Ensemble::new(&settings.ensemble, settings.train.seed, &device.autodiff());
    let mut watching = Watching::new(&run, screen, Interval::every(10))
        .with_graph(&layers)
        .with_histograms(flags.histograms);
    let lesson = Training::new(&settings.train, &batches)
        .in_folder(&run, serde_json::to_string(&settings.ensemble)?)
        .with_interrupt(crew.interrupt.clone())
        .with_group(crew.group.clone());
    let outcome = watching.add(lesson).run(network)?;
    Ok((run, outcome, layers.parameters()))
}

//! The main job: train, judge, and, for a run without a word, report.

use recurrent_data::text::{Text, TextSplit};
use recurrent_program::{Extent, Screen, Unusable, begin_run, resume_run};
use recurrent_train::{
    Batches, EpochRecord, Figures, Interrupt, Interval, MetricsFile, Outcome, ProgressBar, RunFolder,
    StepRecord, Stopped, TensorBoard, Training, files::write_whole,
};

use crate::PROGRAM;
use crate::batches::TextBatches;
use crate::data::{Judged, choose, corpus, sentence, split};
use crate::flags::TrainFlags;
use crate::model::Writer;
use crate::samples::{self, Moment};
use crate::saved::Saved;
use crate::score::mean_score;
use crate::settings::Settings;
use crate::summary::{DataFacts, Prediction, Summary};
use crate::{plots, report};

/// Trains a new run, or goes on with one. Returns how the training ended.
///
/// # Errors
/// The text, a setting or a checkpoint is wrong, the loss diverges, or a file cannot be written.
pub fn train(
    flags: &TrainFlags,
    extent: Extent,
    interrupt: Interrupt,
    screen: &Screen,
) -> Result<Stopped, crate::Failure> {
    let Begun { mut settings, run, first } = Begun::new(flags)?;
    let text = read(&mut settings, first.as_ref(), screen)?;
    let parts = split(&settings.origin.source, &text, settings.fractions)?;
    let unusable = |reason| Unusable::because(&settings.origin.source, reason);
    let batches = TextBatches::new(parts.train, &settings).map_err(unusable)?;
    let device = settings.origin.backend.open()?.autodiff();

    let vocabulary = text.vocabulary().len();
    let layers = Writer::summary(&settings.model, vocabulary);
    screen.note(&layers.to_string());
    let model = Writer::new(&settings.model, vocabulary, settings.train.seed, &device);
    let model = match first {
        Some(first) => model.beginning_as(&first.model),
        None => model,
    };
    let run = begin_run(PROGRAM, run, &mut settings, &flags.training, batches.steps_per_epoch())?;
    let outcome = fit(&settings, &text, &parts, &batches, &run, model, interrupt, screen)?;

    screen.tell_end(&outcome.end, &run);
    let judged = Judged::of_own(&parts);
    // Whoever stops a run has waited enough.
    let judged = if outcome.end.stopped == Stopped::Interrupted { judged.in_short() } else { judged };
    let nats = mean_score(&outcome.model, judged.ids).unwrap_or(f64::NAN);
    let floor = judged.floor(&settings.origin.source, &text);
    let metrics = Prediction::new(judged.part, judged.ids.len() - 1, nats, floor);
    let data = DataFacts::new(&settings.origin.source, &text, &parts, batches.samples());
    let figures = Summary::new(&settings, data, layers.parameters(), &outcome.history, &outcome.end, metrics);
    let line = serde_json::to_string_pretty(&figures)? + "\n";
    write_whole(&run.summary_file(), line.as_bytes())?;
    if extent == Extent::Report {
        let loss = plots::loss(&outcome.history, figures.metrics.floor);
        plots::write(&run, &loss)?;
        let moments = due(&settings, &outcome.history, outcome.end.steps_run);
        let samples = samples::read(&run, &moments)?;
        report::write(&settings, &run, &figures, &layers, &loss, &samples)?;
    }
    screen.tell_report(extent, &run);
    screen.result(&figures, &report::text(&figures))?;
    Ok(outcome.end.stopped)
}

/// A run before its text has been read.
struct Begun {
    settings: Settings,
    /// Its folder, where it exists already.
    run: Option<RunFolder>,
    /// The run whose weights it begins with.
    first: Option<Saved>,
}

impl Begun {
    fn new(flags: &TrainFlags) -> Result<Self, crate::Failure> {
        if let Some(folder) = &flags.training.resume {
            let (run, settings) =
                resume_run::<Settings>(PROGRAM, folder, &flags.training, flags.common.backend)?;
            let first = match &settings.init_from {
                // Broken off before its first checkpoint: its first weights are still those of the other run.
                Some(first) if !run.has_checkpoint() => Some(Saved::read(first, flags.common.backend)?),
                _ => None,
            };
            return Ok(Self { settings, run: Some(run), first });
        }
        let mut settings = Settings::new(flags, choose(flags.training.data.as_ref())?)?;
        let Some(folder) = &flags.init_from else { return Ok(Self { settings, run: None, first: None }) };
        let first = Saved::read(folder, flags.common.backend)?;
        settings.take_shape_of(&first.settings.model, &flags.model)?;
        if flags.model.case.is_none() {
            settings.read = first.settings.read;
        }
        settings.init_from = Some(std::path::absolute(folder)?);
        Ok(Self { settings, run: None, first: Some(first) })
    }
}

/// Reads the text with the vocabulary that the run has, or makes it one.
fn read(settings: &mut Settings, first: Option<&Saved>, screen: &Screen) -> Result<Text, crate::Failure> {
    let corpus = corpus(&settings.origin.source, settings.read)?;
    settings.origin.keep_data(corpus.sha256())?;
    let text = match (&settings.vocabulary, first) {
        (Some(vocabulary), _) => Text::with_vocabulary(corpus, vocabulary)?,
        (None, Some(first)) => Text::extending(corpus, &first.vocabulary)?,
        (None, None) => Text::new(corpus)?,
    };
    settings.vocabulary = Some(text.vocabulary().clone());
    screen.note(&sentence(&settings.origin.source, &text));
    text.notes().iter().for_each(|note| screen.note(&format!("note: {note}")));
    Ok(text)
}

#[allow(clippy::too_many_arguments)] // all that a training is made of, handed on once
fn fit(
    settings: &Settings,
    text: &Text,
    parts: &TextSplit<'_>,
    batches: &TextBatches<'_>,
    run: &RunFolder,
    model: Writer,
    interrupt: Interrupt,
    screen: &Screen,
) -> Result<Outcome<Writer>, crate::Failure> {
    let mut bar = ProgressBar::new(screen.progress(Interval::every(1)));
    let lines = bar.screen();
    let mut metrics = MetricsFile::new(run.metrics_file(), Interval::NEVER);
    let mut board = TensorBoard::new(run.tensorboard(), Interval::every(10));
    let samples = settings.samples;
    let sample = |model: &Writer, moment: Moment| {
        let seed = settings.train.seed;
        let written = samples::keep(model, text.vocabulary(), samples, seed, moment, run)?;
        lines.with(|| screen.note(&format!("--- {} ---\n{written}\n---", moment.words())));
        Ok(())
    };
    let mut training = Training::new(&settings.train, batches);
    if !parts.validation.is_empty() {
        training = training.with_validation(|model| {
            Ok(Figures::from(mean_score(model, parts.validation).unwrap_or(f64::NAN)))
        });
    }
    let outcome = training
        .with_sampler(|model: &Writer, epoch: &EpochRecord| {
            let due = samples.every_epochs > 0 && epoch.epoch.is_multiple_of(samples.every_epochs);
            if due { sample(model, Moment::Epoch(epoch.epoch)) } else { Ok(()) }
        })
        .with_step_sampler(Interval::every(samples.every_steps), |model: &Writer, step: &StepRecord| {
            sample(model, Moment::Step(step.step))
        })
        .with_observer(&mut bar)
        .with_observer(&mut metrics)
        .with_observer(&mut board)
        .in_folder(run, settings.model.words())
        .with_interrupt(interrupt)
        .run(model)?;
    Ok(outcome)
}

/// The last few moments at which a sample was due.
fn due(settings: &Settings, history: &[EpochRecord], steps: u64) -> Vec<Moment> {
    const SHOWN: usize = 5;
    let every = settings.samples.every_epochs;
    let epochs = history.iter().map(|record| record.epoch);
    let epochs = epochs.filter(|epoch| every > 0 && epoch.is_multiple_of(every)).map(Moment::Epoch);
    let every = settings.samples.every_steps;
    let step = |back: u64| (steps / every).checked_sub(back).filter(|times| *times > 0);
    let by_step = (0..SHOWN as u64).rev().filter_map(|back| if every > 0 { step(back) } else { None });
    let epochs: Vec<_> = epochs.collect();
    let last = epochs.len().saturating_sub(SHOWN);
    by_step.map(|times| Moment::Step(times * every)).chain(epochs[last..].iter().copied()).collect()
}

impl TextBatches<'_> {
    /// What stands for itself in a batch: windows, or the stretches that rows read in a step.
    fn samples(&self) -> usize {
        match self {
            Self::Windows { windows, .. } => windows.len(),
            Self::Streams(streams) => streams.steps() * streams.batch(),
        }
    }
}

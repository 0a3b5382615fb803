//! The main job: train, judge, and, for a run without a word, report.

use recurrent_data::text::Text;
use recurrent_language_model::{
    Judged, LanguageModel, Moment, Network, Prediction, Reading, TextBatches, TextFacts, loss_chart,
    mean_surprise, parts,
};
use recurrent_program::{
    Crew, Extent, RunRecord, Screen, Source, Unusable, Watching, begin_run, resume_run, write_page,
    write_plots, write_summary,
};
use recurrent_report::ModelSummary;
use recurrent_train::{
    Batches, EpochRecord, Figures, Interval, Outcome, RunFolder, StepRecord, Stopped, Training,
};

use crate::advice::{advised, too_short};
use crate::data::{FETCHED, corpus, floor, tell};
use crate::flags::TrainFlags;
use crate::report::Summary;
use crate::settings::Settings;
use crate::{Failure, PROGRAM, report, saved};

/// Trains a new run, or goes on with one. Returns how the training ended.
///
/// # Errors
/// The text, a setting or a checkpoint is wrong, the loss diverges, or a file cannot be written.
pub fn train(flags: &TrainFlags, extent: Extent, crew: &Crew, screen: &Screen) -> Result<Stopped, Failure> {
    let Begun { mut settings, run, first } = Begun::new(flags, crew, screen)?;
    let text = read(&mut settings, first.as_ref(), screen)?;
    let source = settings.origin.source.clone();
    let short = |fault: Failure, room| too_short(Unusable::because(&source, fault), &settings, room);
    let parts = parts(&text)
        .map_err(|fault| short(fault.into(), settings.fractions.fitting(text.len(), settings.tokens)))?;
    let batches = TextBatches::new(parts.train, text.vocabulary(), settings.batches(), settings.train.seed)
        .map_err(|fault| short(fault.into(), (settings.fractions, parts.train.len())))?;
    let device = settings.origin.backend.open()?.autodiff();

    let vocabulary = text.vocabulary().len();
    let layers = settings.model.summary(vocabulary);
    screen.note(&layers.to_string());
    let mut network = Network::new(&settings.model, vocabulary, settings.train.seed, &device);
    if let Some(first) = first {
        network = network.beginning_as(first.network());
    }
    let run = begin_run(PROGRAM, run, &mut settings, &flags.training, batches.steps_per_epoch(), crew)?;
    let job = Job { settings: &settings, text: &text, batches, layers, run: &run, screen };
    let outcome = job.fit(network, flags.training.histograms, crew)?;
    if !crew.part()? {
        return Ok(outcome.end.stopped);
    }
    screen.tell_end(&outcome.end, &run);
    let stopped = outcome.end.stopped;
    let summary = job.conclude(outcome, extent, crew)?;
    screen.tell_report(extent, &run);
    screen.result(&summary, &report::text(&summary))?;
    Ok(stopped)
}

/// A run before its text has been read.
struct Begun {
    settings: Settings,
    /// Its folder, where it exists already.
    run: Option<RunFolder>,
    /// The model whose weights it begins with.
    first: Option<LanguageModel>,
}

impl Begun {
    fn new(flags: &TrainFlags, crew: &Crew, screen: &Screen) -> Result<Self, Failure> {
        let backend = flags.common.backend;
        if let Some(folder) = &flags.training.resume {
            let (run, settings) = resume_run::<Settings>(PROGRAM, folder, &flags.training, backend, crew)?;
            flags.reading.refuse("the run reads its text as it did")?;
            // Broken off before its first checkpoint: its first weights are still those of the other run.
            let goes_on = crew.group.first_says(run.has_checkpoint())?;
            let first = settings.init_from.as_ref().filter(|_| !goes_on);
            let vocabulary = settings.init_vocabulary.as_deref();
            let first = first.map(|path| saved::load_first(path, vocabulary, backend, screen)).transpose()?;
            return Ok(Self { settings, run: Some(run), first });
        }
        let vocabulary = flags.init_vocabulary.as_deref();
        let first = flags.init_from.as_ref().map(|path| saved::load_first(path, vocabulary, backend, screen));
        let first = first.transpose()?;
        let tokens =
            first.as_ref().map_or(flags.text.tokens.unwrap_or_default(), |first| first.vocabulary().tokens());
        let mut settings = flags.settings(Source::choose(&flags.training.data, FETCHED.as_ref())?, tokens)?;
        if let (Some(path), Some(first)) = (&flags.init_from, &first) {
            settings.model = settings.model.with_shape_of(&first.settings().network);
            flags.model.check(settings.model.cell)?;
            if flags.text.case.is_none() {
                settings.read = first.settings().read.clone().for_others();
                flags.reading.apply(&mut settings.read, &settings.origin.source)?;
            }
            settings.init_from = Some(std::path::absolute(path)?);
            settings.init_vocabulary = flags.init_vocabulary.as_ref().map(std::path::absolute).transpose()?;
        }
        Ok(Self { settings, run: None, first })
    }
}

/// Reads the text with the vocabulary that the run has, or makes it one.
fn read(settings: &mut Settings, first: Option<&LanguageModel>, screen: &Screen) -> Result<Text, Failure> {
    let corpus = corpus(&settings.origin.source, settings.read.clone())?;
    settings.origin.keep_data(corpus.sha256())?;
    let room = settings.fractions.fitting(corpus.characters().chars().count(), settings.tokens);
    let corpus = corpus
        .split(settings.fractions)
        .map_err(|fault| too_short(Unusable::because(&settings.origin.source, fault), settings, room))?;
    let text = match (&settings.vocabulary, first) {
        (Some(vocabulary), _) => Text::with_vocabulary(corpus, vocabulary)?,
        (None, Some(first)) => Text::extending(corpus, first.vocabulary())?,
        (None, None) => {
            settings.model.reading = Reading::of(settings.tokens);
            Text::learning(corpus, settings.tokens, settings.vocabulary_size).map_err(advised)?
        }
    };
    settings.vocabulary = Some(text.vocabulary().clone());
    tell(&settings.origin.source, &text, screen);
    Ok(text)
}

/// All that a training is made of but its network.
struct Job<'a> {
    settings: &'a Settings,
    text: &'a Text,
    batches: TextBatches<'a>,
    layers: ModelSummary,
    run: &'a RunFolder,
    screen: &'a Screen,
}

impl Job<'_> {
    /// Lowers the loss, with histograms every so many steps.
    fn fit(
        &self,
        network: Network,
        histograms: Option<u64>,
        crew: &Crew,
    ) -> Result<Outcome<Network>, Failure> {
        let Self { settings, text, batches, layers, run, screen } = self;
        let mut watching =
            Watching::new(run, screen, Interval::every(1)).with_graph(layers).with_histograms(histograms);
        let (lines, board, samples) = (watching.lines(), watching.board(), settings.samples);
        let sample = |network: &Network, moment: Moment, step: u64| {
            let written = samples.keep(network, text.vocabulary(), settings.train.seed, moment, run)?;
            board.text(moment.tag(), step, &written)?;
            lines.with(|| screen.note(&format!("--- {} ---\n{written}\n---", moment.words())));
            Ok(())
        };
        let mut training = watching.add(Training::new(&settings.train, batches));
        let held_out = text.parts().validation;
        if !held_out.is_empty() {
            let loss =
                |network: &Network| mean_surprise(network, text.vocabulary(), held_out).unwrap_or(f64::NAN);
            training = training.with_validation(move |network| Ok(Figures::from(loss(network))));
        }
        let outcome = training
            .with_sampler(|network: &Network, epoch: &EpochRecord| match samples.is_due(epoch.epoch) {
                true => sample(network, Moment::Epoch(epoch.epoch), epoch.step),
                false => Ok(()),
            })
            .with_step_sampler(
                Interval::every(samples.every_steps),
                |network: &Network, step: &StepRecord| sample(network, Moment::Step(step.step), step.step),
            )
            .in_folder(run, settings.model.words())
            .with_interrupt(crew.interrupt.clone())
            .with_group(crew.group.clone())
            .run(network)?;
        Ok(outcome)
    }

    /// Judges what was learnt, and leaves behind the model in one file, the figures, and the report where one is wanted.
    fn conclude(&self, outcome: Outcome<Network>, extent: Extent, crew: &Crew) -> Result<Summary, Failure> {
        let Self { settings, text, batches, layers, run, .. } = self;
        let Outcome { model, history, end, .. } = outcome;
        let model = LanguageModel::new(settings.of_model(text.vocabulary()), model);
        model.save(run.model_file())?;
        let judged = Judged::of_own(text);
        // Whoever stops a run has waited enough.
        let judged = if end.stopped == Stopped::Interrupted { judged.in_short() } else { judged };
        let nats = mean_surprise(model.network(), text.vocabulary(), judged.ids).unwrap_or(f64::NAN);
        let (origin, train) = (&settings.origin, &settings.train);
        let floor = floor(&judged, &origin.source, text);
        let (preset, parameters) = (settings.preset, layers.parameters());
        let (name, path) = (origin.source.name(), origin.source.recorded_path());
        let mut summary = Summary {
            run: RunRecord::new(PROGRAM, preset, origin, train, parameters, &history, &end),
            data: TextFacts::new(name, path.as_deref(), text, batches.stretches()),
            init_from: settings.init_from.clone(),
            metrics: Prediction::new(judged.part, judged.predicted(), nats, floor),
        };
        summary.run.note_ranks(crew);
        write_summary(run, end.steps_run, &summary)?;
        if extent == Extent::Report {
            let RunRecord { train_loss, validation_loss, .. } = &summary.run;
            let loss = loss_chart(train_loss, validation_loss, end.best_epoch, floor);
            write_plots(run, end.steps_run, &[("loss", &loss)])?;
            let samples = settings.samples.last(&history, end.steps_run, run)?;
            write_page(&run.report_file(), &report::page(settings, &summary, layers, &loss, &samples))?;
        }
        Ok(summary)
    }
}

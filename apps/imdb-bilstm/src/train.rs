//! The main job: train, judge beside the baseline, and, for a run without a word, report.

use recurrent_classifier::report::{Charts, examples};
use recurrent_classifier::{Classifier, Ensemble, Lesson, Reviews, Scorer, Words, judge, learn};
use recurrent_data::reviews::Unlabelled;
use recurrent_program::{
    Crew, Extent, Screen, Unusable, begin_run, refuse_meaningless, resume_run, write_page, write_plots,
    write_summary,
};
use recurrent_train::{Outcome, RunFolder, Stopped};

use crate::PROGRAM;
use crate::data::{choose, encoded, tell};
use crate::first;
use crate::flags::TrainFlags;
use crate::report;
use crate::settings::Settings;
use crate::summary::Summary;
use crate::watching::OnScreen;

/// Trains a new run, or goes on with one. Returns how the training ended.
///
/// # Errors
/// The reviews, a setting or a checkpoint is wrong, the loss diverges, or a file cannot be written.
pub fn train(
    flags: &TrainFlags,
    extent: Extent,
    crew: &Crew,
    screen: &Screen,
) -> Result<Stopped, crate::Failure> {
    let (mut settings, run) = begin(flags, crew)?;
    let goes_on = crew.group.first_says(run.as_ref().is_some_and(RunFolder::has_checkpoint))?;
    let foreign = if goes_on { None } else { first::read(&mut settings, screen)? };
    let reviews = read(&mut settings, flags, screen)?;
    let words = Words::of(&reviews.data.vocabulary, settings.coding);
    settings.vocabulary = Some(words.sha256().to_owned());
    let layers = Ensemble::summary(&settings.classifier());
    screen.note(&layers.to_string());
    let steps = settings.plan(reviews.learn().len()).steps_per_epoch(&reviews);
    let run = begin_run(PROGRAM, run, &mut settings, &flags.training, steps, crew)?;
    words.write(&run)?;

    let (of_classifier, plan) = (settings.classifier(), settings.plan(reviews.learn().len()));
    let histograms = flags.training.histograms;
    let mut watcher = OnScreen { screen, layers: &layers, run: run.path(), histograms, stage: None };
    let first = first::networks(foreign.as_ref(), &settings, &reviews)?;
    let lesson = Lesson::new(&of_classifier, &plan, &reviews, &run)
        .with_interrupt(crew.interrupt.clone())
        .with_group(crew.group.clone())
        .with_first(first);
    let learnt = learn(&lesson, &settings.origin.backend.open()?, &mut watcher)?;
    if !crew.part()? {
        return Ok(learnt.outcome.end.stopped);
    }
    screen.tell_end(&learnt.outcome.end, &run);
    if learnt.outcome.end.stopped == Stopped::Interrupted {
        screen.note("judging what there is; another Ctrl-C leaves at once");
    }
    let model = keep(&lesson, &learnt.outcome)?;

    let judged = judge(&reviews, model.scorer(), &mut watcher);
    let mut figures =
        Summary::new(&settings, &reviews, layers.parameters(), &learnt, judged.judgement.clone());
    figures.run.note_ranks(crew);
    let step = learnt.outcome.history.last().map_or(0, |epoch| epoch.step);
    write_summary(&run, step, &figures)?;
    if extent == Extent::Report {
        let charts = Charts::new(&learnt.outcome.history, &judged);
        let examples = examples(model.scorer(), &reviews, &judged);
        write_plots(&run, step, &charts.named())?;
        let page = report::page(&settings, &figures, &layers, &charts, &examples);
        write_page(&run.report_file(), &page)?;
    }
    screen.tell_report(extent, &run);
    screen.result(&figures, &report::text(&figures))?;
    Ok(learnt.outcome.end.stopped)
}

/// The settings of the run, and its folder where it exists already.
fn begin(flags: &TrainFlags, crew: &Crew) -> Result<(Settings, Option<RunFolder>), crate::Failure> {
    let Some(folder) = &flags.training.resume else {
        return Ok((flags.settings(choose(&flags.training.data)?)?, None));
    };
    flags.refuse_columns()?;
    let (run, settings) = resume_run(PROGRAM, folder, &flags.training, flags.common.backend, crew)?;
    Ok((settings, Some(run)))
}

/// Reads the reviews and parts them.
fn read(settings: &mut Settings, flags: &TrainFlags, screen: &Screen) -> Result<Reviews, crate::Failure> {
    let source = settings.origin.source.clone();
    let data = encoded(&source, settings, screen)?;
    settings.origin.keep_data(&data.sha256)?;
    if settings.unlabelled() == Unlabelled::Read && data.unlabelled.is_empty() {
        let problem = "there is no review without a label in it; leave out `--unlabelled` and `--teacher-epochs`, or name the data \
                       set's archive or folder, as `cargo xtask fetch-data --only reviews` leaves it";
        return Err(Unusable::because(&source, problem).into());
    }
    let has_test = !data.test.is_empty();
    settings.classes = data.classes.clone();
    tell(&source, &data, screen);
    let reviews = Reviews::new(data, settings.coding, settings.parting())
        .map_err(|reason| Unusable::because(&source, reason))?;
    screen.note(&reviews.sentence());
    let reason = "the reviews have a test part of their own".to_owned();
    refuse_meaningless([("--test-fraction", flags.data.test_fraction.is_some() && has_test, reason)])?;
    Ok(reviews)
}

/// The classifier, with its partner where it is to have one; the run keeps both, and the one file that it ships as.
fn keep(lesson: &Lesson<'_>, outcome: &Outcome<Ensemble>) -> Result<Classifier, crate::Failure> {
    let Lesson { settings, reviews, run, .. } = lesson;
    let network = outcome.model.clone();
    let of = |scorer| Classifier::new((*settings).clone(), &reviews.data.vocabulary, scorer);
    // A network that has not learnt anything is not worth keeping, and adds nothing to a partner.
    if outcome.weights.is_none() {
        return Ok(of(Scorer::alone(network)));
    }
    let model = of(Scorer::fit(network, settings, reviews)?);
    model.scorer().write(run)?;
    model.save(run.model_file())?;
    Ok(model)
}

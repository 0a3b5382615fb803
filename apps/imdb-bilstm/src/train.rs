//! The main job: train, judge beside the baseline, and, for a run without a word, report.

use std::time::Instant;

use recurrent_data::reviews::Unlabelled;
use recurrent_program::{Extent, Screen, Unusable, begin_run, refuse_meaningless, resume_run};
use recurrent_train::{Interrupt, Outcome, RunFolder, Stopped, duration, files::write_whole};

use crate::PROGRAM;
use crate::baseline::{NbSvm, NbSvmSpec};
use crate::data::{Reviews, choose, encoded, sentence};
use crate::flags::TrainFlags;
use crate::judge::{Confusion, Metrics, Standing, paired, roc};
use crate::learn::{Lesson, reviews_of_training};
use crate::model::Classifier;
use crate::plots::Plots;
use crate::predict::{Scorer, scores};
use crate::report;
use crate::saved::Words;
use crate::settings::Settings;
use crate::summary::{Alone, Baseline, Baselines, DataFacts, Judgement, Summary};

/// Trains a new run, or goes on with one. Returns how the training ended.
///
/// # Errors
/// The reviews, a setting or a checkpoint is wrong, the loss diverges, or a file cannot be written.
pub fn train(
    flags: &TrainFlags,
    extent: Extent,
    interrupt: Interrupt,
    screen: &Screen,
) -> Result<Stopped, crate::Failure> {
    let (mut settings, run) = begin(flags)?;
    let reviews = read(&mut settings, screen)?;
    let has_test = !reviews.data.test.is_empty();
    let reason = "the reviews have a test part of their own".to_owned();
    refuse_meaningless([("--test-fraction", flags.data.test_fraction.is_some() && has_test, reason)])?;
    let words = Words::of(&reviews.data.vocabulary, settings.coding)?;
    settings.vocabulary = Some(words.sha256.clone());
    let source = settings.origin.source.clone();

    let steps = settings.steps_per_epoch(reviews_of_training(&settings, &reviews));
    let layers = Classifier::summary(&settings.model, settings.coding);
    screen.note(&layers.to_string());
    let run = begin_run(PROGRAM, run, &mut settings, &flags.training, steps)?;
    words.write(&run)?;
    let lesson = Lesson { settings: &settings, reviews: &reviews, run: &run, interrupt, screen };
    let learnt = lesson.learn()?;
    let outcome = &learnt.outcome;

    screen.tell_end(&outcome.end, &run);
    if outcome.end.stopped == Stopped::Interrupted {
        screen.note("judging what there is; another Ctrl-C leaves at once");
    }
    let scorer = stack(&settings, &reviews, &run, outcome)?;
    let judged = judge(&reviews, &scorer, screen);
    let data = DataFacts::new(&source, &reviews);
    let figures = Summary::new(&settings, data, layers.parameters(), &learnt, judged.judgement.clone());
    let line = serde_json::to_string_pretty(&figures)? + "\n";
    write_whole(&run.summary_file(), line.as_bytes())?;
    if extent == Extent::Report {
        let plots = Plots::new(&outcome.history, &judged, &reviews.judge().labels());
        plots.write(&run)?;
        let examples = report::examples(&scorer, &settings, &reviews, &judged.scores);
        report::write(&settings, &run, &figures, &layers, &plots, &examples)?;
    }
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

/// Reads the reviews and parts them.
fn read(settings: &mut Settings, screen: &Screen) -> Result<Reviews, crate::Failure> {
    let source = settings.origin.source.clone();
    let data = encoded(&source, &settings.columns, settings.unlabelled(), screen)?;
    settings.origin.keep_data(&data.sha256)?;
    if settings.unlabelled() == Unlabelled::Read && data.unlabelled.is_empty() {
        let problem = "there is no review without a label in it; leave out `--unlabelled` and `--teacher-epochs`, or name the data \
                       set's archive or folder, as `cargo xtask fetch-data --only reviews` leaves it";
        return Err(Unusable::because(&source, problem).into());
    }
    screen.note(&sentence(&source, &data));
    data.notes.iter().for_each(|note| screen.note(&format!("note: {note}")));
    let reviews = Reviews::new(data, settings).map_err(|reason| Unusable::because(&source, reason))?;
    screen.note(&reviews.sentence());
    Ok(reviews)
}

/// The network with its partner, where it is to have one, which is written into the run.
fn stack(
    settings: &Settings,
    reviews: &Reviews,
    run: &RunFolder,
    outcome: &Outcome<Classifier>,
) -> Result<Scorer, crate::Failure> {
    let network = outcome.model.clone();
    // A network that has not learnt anything adds nothing.
    if outcome.weights.is_none() {
        return Ok(Scorer { network, stacking: None });
    }
    let scorer = Scorer::of(network, settings, reviews);
    if let Some(stacking) = &scorer.stacking {
        stacking.write(run, &scorer.network.device())?;
    }
    Ok(scorer)
}

/// What a model makes of the test reviews, and how good that is.
pub struct Judged {
    /// The model's score of each.
    pub scores: Vec<f32>,
    /// The baseline's score of each.
    pub baseline: Vec<f32>,
    /// How good they are.
    pub judgement: Judgement,
}

/// Judges a model on the test reviews, beside a baseline fitted to all training reviews: those learnt from and those
/// chosen by.
fn judge(reviews: &Reviews, scorer: &Scorer, screen: &Screen) -> Judged {
    let start = Instant::now();
    let (learn, choose, test) = (reviews.learn(), reviews.choose(), reviews.judge());
    let known = [learn.words(), choose.words()].concat();
    let labels = [learn.labels(), choose.labels()].concat();
    let nb_svm = NbSvm::fit(&known, &labels, NbSvmSpec::default());
    let baseline = nb_svm.scores(&test.words());
    screen.note(&format!("NB-SVM, the baseline: fitted in {}", duration(start.elapsed().as_secs_f64())));

    let labels = test.labels();
    let of_network = scores(&scorer.network, &test.reviews());
    let network = scorer.stacking.is_some().then(|| Alone {
        accuracy: Confusion::of(&of_network, &labels).accuracy(),
        auc: roc(&of_network, &labels).map(|roc| roc.auc),
    });
    let scores = scorer.stacked(of_network, &test.reviews());
    let metrics = Metrics::of(&scores, &labels);
    let mcnemar = paired(&scores, &baseline, &labels);
    let nb_svm = Baseline {
        accuracy: Confusion::of(&baseline, &labels).accuracy(),
        auc: roc(&baseline, &labels).map(|roc| roc.auc),
        features: nb_svm.features(),
        reviews: known.len(),
    };
    let standing = Standing::of(metrics.accuracy, nb_svm.accuracy, &mcnemar);
    let verdict = match network {
        None => standing.sentence(metrics.accuracy, nb_svm.accuracy, &mcnemar),
        Some(Alone { accuracy, .. }) => {
            standing.sentence_of_both(metrics.accuracy, nb_svm.accuracy, &mcnemar, accuracy)
        }
    };
    let judgement =
        Judgement { metrics, network, baselines: Baselines { nb_svm }, mcnemar, standing, verdict };
    Judged { scores, baseline, judgement }
}

//! A classifier from first weights to a judgement, as a program of one's own trains it.

use recurrent_backend::{BackendKind, Seed};
use recurrent_classifier::{
    Classifier, Learnt, Lesson, ModelSettings, Parting, Partner, Plan, Reading, Reviews, Scope, Scorer,
    Settings, Standing, Watcher, judge, learn, report,
};
use recurrent_data::reviews::{Coding, Dataset, WordsOf, demo};
use recurrent_train::{Optimiser, RunFolder, Stopped, TrainConfig, Watch, Watched};

fn settings() -> Settings {
    let reading = Reading::masked(100);
    Settings::new(Coding::new(150, 0).unwrap(), reading, ModelSettings::new(8, 8))
}

fn plan() -> Plan {
    let mut train = TrainConfig::new(3, Optimiser::adam(), 0.02);
    train.seed = Seed(42);
    train.watch = Some(Watch::new(Watched::ValidationLoss));
    let mut plan = Plan::new(train);
    plan.bucket = 10;
    plan
}

fn reviews(coding: Coding) -> Reviews {
    let data = Dataset::new(demo(1, 1500), WordsOf::Train).unwrap();
    let parting = Parting { test_fraction: 0.2, validation_fraction: 0.2, seed: 42 };
    Reviews::new(data, coding, parting).unwrap()
}

/// Keeps what is said.
#[derive(Default)]
struct Notes(Vec<String>);

impl Watcher for Notes {
    fn note(&mut self, text: &str) {
        self.0.push(text.to_owned());
    }
}

fn learnt(settings: &Settings, plan: &Plan, reviews: &Reviews, watcher: &mut impl Watcher) -> Learnt {
    let folder = tempfile::tempdir().unwrap();
    let run = RunFolder::create(&folder.path().join("run"), "a-test", settings).unwrap();
    let lesson = Lesson::new(settings, plan, reviews, &run);
    learn(&lesson, &BackendKind::Flex.open().unwrap(), watcher).unwrap()
}

#[test]
fn what_is_learnt_is_saved_judged_and_told() {
    let mut settings = settings();
    settings.stacking = Partner::NbSvm;
    let reviews = reviews(settings.coding);
    settings.data_sha256 = Some(reviews.data.sha256.clone());
    let mut plan = plan();
    plan.pretraining.epochs = 1;
    plan.train.epochs = 6;
    let mut notes = Notes::default();
    let learnt = learnt(&settings, &plan, &reviews, &mut notes);
    assert_eq!(learnt.before.pretraining.as_ref().map(|facts| facts.train_loss.len()), Some(1));
    assert_eq!(learnt.outcome.end.stopped, Stopped::Epochs);

    let scorer = Scorer::fit(learnt.outcome.model.clone(), &settings, &reviews).unwrap();
    let model = Classifier::new(settings, &reviews.data.vocabulary, scorer);
    let judged = judge(&reviews, model.scorer(), &mut notes);
    assert!(judged.judgement.metrics.accuracy > 0.95, "{}", judged.judgement.verdict);
    assert_eq!(judged.judgement.standing, Standing::Ahead, "{}", judged.judgement.verdict);
    assert!(judged.judgement.network.is_some(), "it is stacked");
    let said = notes.0.join("\n");
    for words in
        ["pre-training: 1 epoch of predicting", "learning the labels: 6 epochs", "NB-SVM, the baseline"]
    {
        assert!(said.contains(words), "no `{words}` in {said}");
    }

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    model.save(&path).unwrap();
    let again = Classifier::load(&path).unwrap();
    assert_eq!(again.settings().stacking, Partner::NbSvm);
    let texts = reviews.judge().reviews();
    assert_eq!(again.scorer().scores(&texts), judged.scores, "the file has the stacking too");
    let evaluation = again.evaluate(reviews.data.clone()).unwrap();
    assert_eq!((evaluation.scope, &evaluation.metrics), (Scope::Test, &judged.judgement.metrics));

    let charts = report::Charts::new(&learnt.outcome.history, &judged);
    assert!(charts.named().iter().all(|(_, chart)| chart.svg(recurrent_report::Size::Wide).is_ok()));
    let examples = report::examples(model.scorer(), &reviews, &judged);
    assert!(
        (2..=3).contains(&examples.len()),
        "the surest of each class, and the surest error if there is one"
    );
    let text = report::judgement_text(&judged.judgement);
    assert!(text.contains("network alone: accuracy") && text.contains("Verdict: "), "{text}");
}

#[test]
fn its_own_table_is_judged_by_what_was_held_out_and_another_as_a_whole() {
    let mut settings = settings();
    let table = |seed| {
        let mut corpus = demo(seed, 400);
        corpus.test = recurrent_data::reviews::Labelled::default();
        corpus
    };
    let data = Dataset::new(table(1), WordsOf::Train).unwrap();
    settings.data_sha256 = Some(data.sha256.clone());
    settings.test_fraction = 0.25;
    let network = recurrent_classifier::Ensemble::new(&settings, Seed(1), &BackendKind::Flex.open().unwrap());
    let model = Classifier::new(settings, &data.vocabulary, Scorer::alone(network));
    let judged = |seed| {
        let data = Dataset::with_vocabulary(table(seed), model.vocabulary());
        let evaluation = model.evaluate(data).unwrap();
        (evaluation.scope, evaluation.metrics.reviews)
    };
    // Of a table of 320 reviews.
    assert_eq!(judged(1), (Scope::Test, 80));
    assert_eq!(judged(2), (Scope::Whole, 320));
}

#[test]
fn a_run_in_stages_goes_on_where_it_was_stopped() {
    let mut settings = settings();
    settings.model.members = 2;
    let reviews = reviews(settings.coding);
    let mut plan = plan();
    plan.pretraining.epochs = 1;
    plan.train.epochs = 2;
    let device = BackendKind::Flex.open().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    drop(RunFolder::create(&path, "a-test", &settings).unwrap());
    let unbroken = learnt(&settings, &plan, &reviews, &mut ());
    let steps = unbroken.outcome.end.steps_run;
    let mut notes = Notes::default();
    let mut gone_on = None;
    // Within pre-training, at its end, within the labels, and to the end.
    for most in [7, 19, 30, 1000] {
        plan.train.max_steps = Some(most);
        let (run, _) = RunFolder::resume::<serde_json::Value>(&path, "a-test").unwrap();
        let lesson = Lesson::new(&settings, &plan, &reviews, &run);
        let learnt = learn(&lesson, &device, &mut notes).unwrap();
        assert_eq!(learnt.outcome.end.steps_run, most.min(steps));
        gone_on = Some(learnt);
    }
    let texts = reviews.judge().reviews();
    let scores = |learnt: &Learnt| learnt.outcome.model.scores(&texts);
    assert_eq!(scores(&unbroken), scores(&gone_on.unwrap()), "bit for bit");
    assert!(notes.0.iter().any(|note| note.contains("no label has been seen yet")), "{:?}", notes.0);
}

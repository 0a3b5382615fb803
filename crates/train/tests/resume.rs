//! A run that is stopped and continued equals the run that never stopped, at tolerance zero: weights,
//! optimiser, carried state, history and every record an observer sees.

mod support;

use recurrent_train::{
    Every, Interrupt, Optimiser, Outcome, Schedule, Stopped, TrainConfig, Training, Watch, Watched,
    fetch_ahead,
};
use support::*;

/// Settings that between them use every part of the state.
fn settings() -> Vec<(&'static str, TrainConfig)> {
    let cosine = Schedule::Cosine { warmup: 3, steps: 20, floor: 0.1 };
    let momentum = Optimiser::RmsProp { rho: 0.9, epsilon: 1e-8, momentum: 0.5, centred: true };
    let early = Watch::new(Watched::ValidationLoss).with_patience(2).with_min_delta(0.02);
    vec![
        ("rmsprop", config(Optimiser::rms_prop())),
        ("centred rmsprop, best training loss", config(momentum).with_watch(Watch::new(Watched::TrainLoss))),
        ("adam, cosine", config(Optimiser::adam()).with_schedule(cosine)),
        ("adamw, stops early", config(Optimiser::adam_w(0.1)).with_watch(early)),
    ]
}

/// How a run is stopped before it is continued.
#[derive(Clone, Copy, Debug)]
enum Stop {
    Steps(u64),
    Epochs(usize),
    Interrupt(u64),
    ObserverFails(u64),
}

fn same(case: &str, whole: &(Outcome<Tiny>, Recorder), parts: &(Outcome<Tiny>, Recorder)) {
    assert_eq!(bits(&whole.0.model), bits(&parts.0.model), "{case}: weights");
    assert_eq!(without_seconds(&whole.0.history), without_seconds(&parts.0.history), "{case}: history");
    assert_eq!(whole.0.end, parts.0.end, "{case}: end");
    assert_eq!(whole.1.lines(), parts.1.lines(), "{case}: records");
}

#[test]
fn a_resumed_run_equals_the_unbroken_one() {
    for (name, config) in settings() {
        let folder = tempfile::tempdir().unwrap();
        let whole_path = folder.path().join("whole");
        let mut recorder = Recorder::default();
        let run = run_folder(&whole_path);
        let outcome = train_in(&run, &config, &mut recorder, Interrupt::default()).unwrap();
        let whole = (outcome, recorder);
        let whole_files = tensor_files(&run.checkpoints());
        assert_eq!(whole_files.len(), 2, "{name}: {:?}", whole_files.keys());

        let stops: [&[Stop]; 8] = [
            &[Stop::Steps(1)],
            &[Stop::Steps(6), Stop::Steps(7)],
            &[Stop::Steps(8)],
            &[Stop::Epochs(2), Stop::Epochs(3)],
            &[Stop::Interrupt(5)],
            &[Stop::Interrupt(8)],
            &[Stop::Interrupt(4), Stop::Steps(9), Stop::Epochs(4), Stop::Interrupt(17)],
            &[Stop::ObserverFails(7), Stop::ObserverFails(12)],
        ];
        for (index, stops) in stops.into_iter().enumerate() {
            let often = [Every::Steps(3), Every::Seconds(0.0), Every::Epochs(1), Every::Seconds(1e6)];
            for every in [often[index % 4], often[(index + 1) % 4]] {
                let case = format!("{name}, {stops:?}, {every:?}");
                let config = config.clone().with_checkpoint_every(every);
                let path = folder.path().join(format!("{index}-{every:?}"));
                let mut recorder = Recorder::default();
                for stop in stops {
                    stop_at(&path, &config, &mut recorder, *stop, &case);
                }
                let run = run_folder(&path);
                let outcome = train_in(&run, &config, &mut recorder, Interrupt::default()).unwrap();
                same(&case, &whole, &(outcome, recorder));
                assert!(tensor_files(&run.checkpoints()) == whole_files, "{case}: final state");
            }
        }
    }
}

fn stop_at(path: &std::path::Path, config: &TrainConfig, recorder: &mut Recorder, stop: Stop, case: &str) {
    let run = run_folder(path);
    let interrupt = Interrupt::default();
    let (mut config, mut expected) = (config.clone(), None);
    match stop {
        Stop::Steps(steps) => {
            config.max_steps = Some(steps);
            expected = Some(Stopped::Steps);
        }
        Stop::Epochs(epochs) => {
            config.epochs = epochs;
            expected = Some(Stopped::Epochs);
        }
        Stop::Interrupt(step) => {
            recorder.interrupt = Some((step, interrupt.clone()));
            expected = Some(Stopped::Interrupted);
        }
        Stop::ObserverFails(step) => recorder.fail_at = Some(step),
    }
    let result = train_in(&run, &config, recorder, interrupt);
    (recorder.interrupt, recorder.fail_at) = (None, None);
    match expected {
        Some(stopped) => {
            let end = result.unwrap().end;
            // The watched run may have ended of itself before.
            assert!(end.stopped == stopped || end.stopped == Stopped::Early, "{case}: {end:?}");
        }
        None => assert!(result.is_err(), "{case}"),
    }
}

#[test]
fn a_finished_run_is_not_trained_again() {
    for (name, config) in settings() {
        let folder = tempfile::tempdir().unwrap();
        let run = run_folder(&folder.path().join("run"));
        let mut recorder = Recorder::default();
        let first = train_in(&run, &config, &mut recorder, Interrupt::default()).unwrap();
        let files = tensor_files(&run.checkpoints());
        let steps = recorder.steps.len();
        let second = train_in(&run, &config, &mut recorder, Interrupt::default()).unwrap();
        assert_eq!(recorder.steps.len(), steps, "{name}");
        assert_eq!(first.end, second.end, "{name}");
        assert_eq!(bits(&first.model), bits(&second.model), "{name}");
        assert!(files == tensor_files(&run.checkpoints()), "{name}");
    }
}

#[test]
fn early_stopping_gives_back_the_best_weights_and_outlasts_more_epochs() {
    let (_, config) = settings().pop().unwrap();
    let config = for_epochs(40, config);
    let folder = tempfile::tempdir().unwrap();
    let run = run_folder(&folder.path().join("run"));
    let mut recorder = Recorder::default();
    let outcome = train_in(&run, &config, &mut recorder, Interrupt::default()).unwrap();
    assert_eq!(outcome.end.stopped, Stopped::Early);
    let best = outcome.end.best_epoch.unwrap();
    assert!(best + 2 == outcome.end.epochs_run && best < 38, "{:?}", outcome.end);

    let device = device();
    let path = run.weights_file().unwrap();
    let (loaded, description) =
        recurrent_train::load_model(Tiny::new(&device.clone().inner(), HIDDEN), &path).unwrap();
    assert_eq!(bits(&loaded), bits(&outcome.model));
    assert_eq!(description.epoch, best);
    assert_eq!(description.validation_loss, outcome.end.best_loss);
    let plain = Sums { device: device.inner(), ..Sums::new(&support::device()) };
    let loss = recurrent_train::mean_loss(&loaded, [plain.sample(&[100, 101, 102, 103])]);
    assert_eq!(loss, outcome.end.best_loss);

    let longer = for_epochs(80, config);
    let again = train_in(&run, &longer, &mut recorder, Interrupt::default()).unwrap();
    assert_eq!(again.end, outcome.end);
}

#[test]
fn other_settings_or_data_do_not_continue_a_run() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    let first = config(Optimiser::rms_prop()).with_max_steps(3);
    train_in(&run_folder(&path), &first, &mut Recorder::default(), Interrupt::default()).unwrap();
    let mut other = config(Optimiser::adam());
    other.learning_rate = 0.02;
    let error =
        train_in(&run_folder(&path), &other, &mut Recorder::default(), Interrupt::default()).unwrap_err();
    insta::assert_snapshot!(error.to_string().replace(path.to_str().unwrap(), "RUN"), @r#"RUN: cannot be continued with other settings: learning_rate was 0.01 and is now 0.02, optimiser was {"rms-prop":{"centred":false,"epsilon":1e-8,"momentum":0.0,"rho":0.9}} and is now {"adam":{"beta_1":0.9,"beta_2":0.999,"epsilon":1e-8}}; continue it with its own, or start a new run"#);
}

#[test]
fn batches_fetched_ahead_give_the_same_run() {
    let device = device();
    let batches = Sums::new(&device);
    for (name, config) in settings().into_iter().take(1) {
        let plain = Training::new(&config, &batches).run(Tiny::new(&device, HIDDEN)).unwrap();
        let ahead =
            fetch_ahead(&batches, 2, |ahead| Training::new(&config, ahead).run(Tiny::new(&device, HIDDEN)))
                .unwrap();
        assert_eq!(bits(&plain.model), bits(&ahead.model), "{name}");
        assert_eq!(without_seconds(&plain.history), without_seconds(&ahead.history), "{name}");
    }
}

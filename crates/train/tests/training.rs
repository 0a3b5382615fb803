//! What the loop does in one go: it learns, reports, clips, validates, and says why it cannot go on.

mod support;

use burn::tensor::Tensor;
use recurrent_train::{
    Batches, Clip, Every, Interrupt, Optimiser, Outcome, RunFolder, Stopped, TrainConfig, Training, Watch,
    Watched,
};
use support::*;

fn train(
    config: &TrainConfig,
    batches: &Sums,
    recorder: &mut Recorder,
) -> Result<Outcome<Tiny>, recurrent_train::Error> {
    Training::new(config, batches).with_observer(recorder).run(Tiny::new(&batches.device, HIDDEN))
}

#[test]
fn the_model_learns_and_the_records_add_up() {
    let config = for_epochs(100, config(Optimiser::rms_prop()));
    let mut recorder = Recorder::default();
    let outcome = train(&config, &Sums::new(&device()), &mut recorder).unwrap();
    assert_eq!(outcome.end.stopped, Stopped::Epochs);
    assert_eq!(outcome.end.steps_run, 400);
    assert_eq!(outcome.weights, None);
    let (first, last) = (&outcome.history[0], &outcome.history[99]);
    assert!(last.train_loss < first.train_loss / 4.0, "{} -> {}", first.train_loss, last.train_loss);
    assert_eq!(recorder.steps.len(), 400);
    assert_eq!(recorder.epochs, outcome.history);
    for (index, step) in recorder.steps.iter().enumerate() {
        let at = (step.step, step.epoch, step.step_in_epoch);
        assert_eq!(at, (index as u64 + 1, index / 4 + 1, index % 4 + 1));
    }
    let mean = recorder.steps[..4].iter().map(|step| step.loss).sum::<f64>() / 4.0;
    assert!((first.train_loss - mean).abs() < 1e-12);
    assert!(!outcome.model.dense.val().is_autodiff(), "the model is handed out for evaluation");
}

#[test]
fn the_global_norm_bounds_the_whole_gradient() {
    let device = device();
    let moved = |clip| {
        // With so large an epsilon RMSprop moves each weight by its gradient.
        let optimiser = Optimiser::RmsProp { rho: 0.0, epsilon: 1e6, momentum: 0.0, centred: false };
        let config = TrainConfig::new(1, optimiser, 1e6).with_clip(clip).with_max_steps(1);
        let mut recorder = Recorder::default();
        let outcome = train(&config, &Sums::new(&device), &mut recorder).unwrap();
        let start = Tiny::new(&device, HIDDEN);
        let flat = |model: &Tiny| -> Vec<f64> {
            bits(model).into_iter().map(|bits| f64::from(f32::from_bits(bits))).collect()
        };
        let moves: Vec<_> = flat(&start).into_iter().zip(flat(&outcome.model)).map(|(a, b)| a - b).collect();
        (moves, recorder.steps[0].gradient_norm)
    };
    let norm = |moves: &[f64]| moves.iter().map(|x| x * x).sum::<f64>().sqrt();
    let (free, none) = moved(Clip::None);
    assert_eq!(none, None);
    let (loose, found) = moved(Clip::GlobalNorm(1e9));
    assert_eq!(loose, free);
    assert!((found.unwrap() / norm(&free) - 1.0).abs() < 1e-3, "{found:?}, {}", norm(&free));
    let limit = norm(&free) / 10.0;
    let (bound, _) = moved(Clip::GlobalNorm(limit));
    assert!((norm(&bound) / limit - 1.0).abs() < 1e-3);
    for (bound, free) in bound.iter().zip(&free) {
        assert!((bound * 10.0 - free).abs() < 1e-4, "the direction stays: {bound}, {free}");
    }
    let (cut, _) = moved(Clip::Value(0.05));
    assert!(cut.iter().zip(&free).all(|(cut, free)| (cut - free.clamp(-0.05, 0.05)).abs() < 1e-4));
}

#[test]
fn an_infinite_loss_names_the_step_and_keeps_the_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let run = RunFolder::create(&folder.path().join("run"), PROGRAM, &1).unwrap();
    let device = device();
    let config = config(Optimiser::rms_prop()).with_checkpoint_every(Every::Steps(1));
    let batches = Sums { poisoned_from: Some(2), ..Sums::new(&device) };
    let error = Training::new(&config, &batches)
        .in_folder(&run, ARCHITECTURE)
        .run(Tiny::new(&device, HIDDEN))
        .unwrap_err();
    insta::with_settings!({ filters => vec![(r"\d\.\d+e-?\d+", "X")] }, {
        insta::assert_snapshot!(error, @"the training loss is NaN at step 3 of epoch 1, learning rate 1e-2; the last finite step, 2, had a loss of X and a gradient norm of X; all parameters are finite, so it arose in this step; the last checkpoint, state-2.safetensors, is kept; try a lower learning rate");
    });
    assert!(matches!(error, recurrent_train::Error::Diverged(_)));

    // The good data again: the run goes on from the kept checkpoint.
    let outcome = Training::new(&config, &Sums::new(&device))
        .in_folder(&run, ARCHITECTURE)
        .run(Tiny::new(&device, HIDDEN))
        .unwrap();
    assert_eq!(outcome.end.stopped, Stopped::Epochs);
}

#[test]
fn weights_that_turn_infinite_never_replace_a_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let run = RunFolder::create(&folder.path().join("run"), PROGRAM, &1).unwrap();
    let device = device();
    let batches = Sums::new(&device);
    let config = TrainConfig::new(3, Optimiser::rms_prop(), 1e39).with_checkpoint_every(Every::Steps(1));
    let error = Training::new(&config, &batches)
        .in_folder(&run, ARCHITECTURE)
        .run(Tiny::new(&device, HIDDEN))
        .unwrap_err();
    insta::with_settings!({ filters => vec![(r"loss of \d\.\d+e-?\d+", "loss of X")] }, {
        insta::assert_snapshot!(error, @"the weights are no longer finite at step 1 of epoch 1, learning rate 1e39; the last finite step, 1, had a loss of X; the first parameter with a number that is not finite is `dense`; no checkpoint was written yet; try a lower learning rate, or clip the gradients by their global norm");
    });
    assert!(files(&run.checkpoints()).is_empty());
}

#[test]
fn what_cannot_be_trained_is_an_error_before_the_first_step() {
    let device = device();
    let batches = Sums::new(&device);
    let base = config(Optimiser::rms_prop());
    let watching = base.clone().with_watch(Watch::new(Watched::ValidationLoss));
    let mut messages = vec![train(&watching, &batches, &mut Recorder::default()).unwrap_err().to_string()];
    let plain = Training::new(&base, &batches).run(Tiny::new(&device.clone().inner(), HIDDEN));
    messages.push(plain.unwrap_err().to_string());
    let mut copied = Tiny::new(&device, HIDDEN);
    copied.rnn.recurrent = copied.rnn.recurrent.clone();
    copied.dense = copied.rnn.kernel.clone();
    messages.push(Training::new(&base, &batches).run(copied).unwrap_err().to_string());
    insta::assert_snapshot!(messages.join("\n"), @r"
    the validation loss is watched, but there is no validation; add one, or watch the training loss
    no parameter of the model records gradients; build the model on `device.autodiff()`
    the parameters `rnn.kernel` and `dense` are one to the optimiser, since one is a copy of the other; make each with `Param::from_tensor`
    ");
}

#[test]
fn an_interrupt_before_the_start_trains_nothing() {
    let interrupt = Interrupt::default();
    interrupt.request();
    let device = device();
    let batches = Sums::new(&device);
    let config = config(Optimiser::adam());
    let training = Training::new(&config, &batches).with_interrupt(interrupt);
    let outcome = training.run(Tiny::new(&device, HIDDEN)).unwrap();
    assert_eq!((outcome.end.stopped, outcome.end.steps_run), (Stopped::Interrupted, 0));
    assert_eq!(bits(&outcome.model), bits(&Tiny::new(&device, HIDDEN)));
}

#[test]
fn the_sampler_sees_the_model_of_its_epoch() {
    let device = device();
    let batches = Sums::new(&device);
    let config = config(Optimiser::adam());
    let mut seen = Vec::new();
    let outcome = Training::new(&config, &batches)
        .with_sampler(|model: &Tiny, epoch| {
            let sum: Tensor<1> = model.dense.val().sum();
            seen.push((epoch.epoch, sum.into_scalar::<f32>()));
            Ok(())
        })
        .run(Tiny::new(&device, HIDDEN))
        .unwrap();
    assert_eq!(seen.iter().map(|(epoch, _)| *epoch).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    assert_eq!(seen[5].1, outcome.model.dense.val().sum().into_scalar::<f32>());
}

/// Sums in one batch an epoch.
struct One(Sums);

impl Batches for One {
    type Batch = Sample;

    fn steps_per_epoch(&self) -> usize {
        1
    }

    fn batch(&self, epoch: usize, step_in_epoch: usize) -> Sample {
        self.0.batch(epoch, step_in_epoch)
    }
}

#[test]
fn weights_that_are_no_numbers_are_no_result() {
    // The loss of the first step is finite, and so large a learning rate leaves no finite weight.
    let mut endless = config(Optimiser::rms_prop()).with_max_steps(1);
    endless.learning_rate = 1e39;
    let device = device();
    let error = train(&endless, &Sums::new(&device), &mut Recorder::default()).unwrap_err();
    assert!(matches!(error, recurrent_train::Error::Diverged(_)), "without a folder: {error}");

    let watched = endless.with_watch(Watch::new(Watched::TrainLoss));
    let folder = tempfile::tempdir().unwrap();
    let run = RunFolder::create(&folder.path().join("run"), PROGRAM, &1).unwrap();
    let error = Training::new(&watched, &One(Sums::new(&device)))
        .in_folder(&run, ARCHITECTURE)
        .run(Tiny::new(&device, HIDDEN))
        .unwrap_err();
    assert!(matches!(error, recurrent_train::Error::Diverged(_)), "the best epoch: {error}");
    assert_eq!(files(&run.checkpoints()).len(), 0, "no weights were written");
}

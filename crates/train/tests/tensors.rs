//! What an observer sees of weights and gradients, and that nobody else pays for it.

mod support;

use recurrent_train::{Clip, Error, Observer, Optimiser, StepRecord, StepTensors, TrainConfig, Training};
use support::*;

/// Keeps what it sees of each second step.
#[derive(Default)]
struct Watcher {
    seen: Vec<(StepRecord, StepTensors)>,
}

impl Observer for Watcher {
    fn wants_tensors(&self, step: u64) -> bool {
        step.is_multiple_of(2)
    }

    fn on_tensors(&mut self, step: &StepRecord, tensors: &StepTensors) -> Result<(), Error> {
        self.seen.push((step.clone(), tensors.clone()));
        Ok(())
    }
}

/// Refuses what it has not asked for.
struct Indifferent;

impl Observer for Indifferent {
    fn on_tensors(&mut self, step: &StepRecord, _tensors: &StepTensors) -> Result<(), Error> {
        panic!("not asked for at step {}", step.step);
    }
}

/// Trains, and gives the bits of the model.
fn train(config: &TrainConfig, observer: &mut dyn Observer) -> Vec<u32> {
    let (batches, mut other) = (Sums::new(&device()), Indifferent);
    let training = Training::new(config, &batches).with_observer(&mut other).with_observer(observer);
    bits(&training.run(Tiny::new(&batches.device, HIDDEN)).unwrap().model)
}

#[test]
fn who_asks_sees_the_weights_after_a_step_and_its_gradients_before_clipping() {
    for shards in [1, 2] {
        let mut config = config(Optimiser::adam()).with_clip(Clip::GlobalNorm(1e-3)).with_max_steps(4);
        config.shards = shards;
        let mut watcher = Watcher::default();
        let last = train(&config, &mut watcher);
        assert_eq!(last, train(&config, &mut Indifferent), "looking changes nothing");

        let steps: Vec<_> = watcher.seen.iter().map(|(step, _)| step.step).collect();
        assert_eq!(steps, [2, 4]);
        for (step, StepTensors { weights, gradients, .. }) in &watcher.seen {
            let names: Vec<_> = weights.keys().map(String::as_str).collect();
            assert_eq!(names, ["dense", "rnn.bias", "rnn.kernel", "rnn.recurrent"]);
            let numbers = gradients.values().flat_map(|data| data.as_slice::<f32>().unwrap());
            let norm = numbers.map(|number| f64::from(*number).powi(2)).sum::<f64>().sqrt();
            let told = step.gradient_norm.unwrap();
            assert!((norm - told).abs() < 1e-6 * told, "step {}: {norm}, told {told}", step.step);
        }
        let StepTensors { weights, .. } = &watcher.seen[1].1;
        let bits =
            |name: &str| weights[name].as_slice::<f32>().unwrap().iter().map(|number| number.to_bits());
        let seen: Vec<u32> =
            ["rnn.kernel", "rnn.recurrent", "rnn.bias", "dense"].into_iter().flat_map(bits).collect();
        assert_eq!(seen, last, "the weights of the last step");
    }
}

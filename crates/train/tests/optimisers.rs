//! Update rules against recorded steps of PyTorch and Keras, and against their equations.

use std::collections::BTreeMap;

use burn::module::{Module, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};
use recurrent_backend::BackendKind;
use recurrent_train::{Batches, Loss, Model, Optimisation, Optimiser, Pass, Schedule, TrainConfig, Training};
use serde::Deserialize;

#[derive(Deserialize)]
struct Goldens {
    cases: BTreeMap<String, Case>,
}

#[derive(Deserialize)]
struct Case {
    options: BTreeMap<String, serde_json::Value>,
    gradients: Vec<Array>,
    parameters: Vec<Array>,
}

#[derive(Deserialize, Clone)]
struct Array {
    shape: Vec<usize>,
    data: Vec<f32>,
}

impl Array {
    fn tensor(&self, device: &Device) -> Tensor<2> {
        Tensor::from_data(TensorData::new(self.data.clone(), self.shape.clone()), device)
    }
}

/// A model whose gradient is the batch: the loss is the sum of their products.
#[derive(Module, Debug)]
struct Given {
    weights: Param<Tensor<2>>,
}

impl Model for Given {
    type Batch = Tensor<2>;
    type Carry = ();

    fn loss(&self, gradient: Tensor<2>, _carry: Option<()>, _pass: Pass) -> Loss<()> {
        Loss::new((self.weights.val() * gradient).sum(), 1)
    }
}

struct Gradients(Vec<Tensor<2>>);

impl Batches for Gradients {
    type Batch = Tensor<2>;

    fn steps_per_epoch(&self) -> usize {
        self.0.len()
    }

    fn batch(&self, _epoch: usize, step_in_epoch: usize) -> Tensor<2> {
        self.0[step_in_epoch].clone()
    }
}

/// The weights after the first `steps` gradients.
fn train(config: &TrainConfig, start: &Array, gradients: &[Array], steps: usize) -> Vec<f32> {
    let device = BackendKind::Flex.open().unwrap().autodiff();
    let model = Given { weights: Param::from_tensor(start.tensor(&device)) };
    let batches = Gradients(gradients.iter().map(|gradient| gradient.tensor(&device)).collect());
    let config = config.clone().with_max_steps(steps as u64);
    let outcome = Training::new(&config, &batches).run(model).unwrap();
    outcome.model.weights.val().to_data().as_slice::<f32>().unwrap().to_vec()
}

fn goldens() -> BTreeMap<String, Case> {
    of_file(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/goldens/rmsprop.json"))
}

fn of_file(path: &str) -> BTreeMap<String, Case> {
    serde_json::from_str::<Goldens>(&std::fs::read_to_string(path).unwrap()).unwrap().cases
}

#[test]
fn rms_prop_takes_the_recorded_steps_of_torch_and_keras() {
    let cases = goldens();
    assert_eq!(cases.len(), 4);
    for (name, case) in cases {
        let option = |name: &str| case.options.get(name).and_then(serde_json::Value::as_f64);
        let optimiser = Optimiser::RmsProp {
            rho: option("alpha").or(option("rho")).unwrap(),
            epsilon: option("eps").or(option("epsilon")).unwrap(),
            momentum: option("momentum").unwrap_or(0.0),
            centred: case.options.get("centered").is_some_and(|value| value == true),
        };
        let config = TrainConfig::new(1, optimiser, option("lr").unwrap());
        for step in 1..case.parameters.len() {
            let found = train(&config, &case.parameters[0], &case.gradients, step);
            for (index, (found, expected)) in found.iter().zip(&case.parameters[step].data).enumerate() {
                let error = (found - expected).abs() / expected.abs().max(1e-3);
                assert!(
                    error < 1e-5,
                    "{name}, step {step}, number {index}: {found}, expected {expected}, relative error {error:e}"
                );
            }
        }
    }
}

/// The gradients are about as large as the root of epsilon, where its place decides.
#[test]
fn keras_rms_prop_takes_the_recorded_steps_of_small_gradients() {
    let cases = of_file(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/goldens/keras_rmsprop_small.json"));
    let case = &cases["keras_rmsprop_small"];
    let distance = |optimiser| {
        let config = TrainConfig::new(1, optimiser, 0.01);
        let steps = 1..case.parameters.len();
        let of_step = |step: usize| {
            let found = train(&config, &case.parameters[0], &case.gradients, step);
            let pairs = found.into_iter().zip(case.parameters[step].data.clone());
            pairs.map(|(found, expected)| (found - expected).abs()).fold(0.0, f32::max)
        };
        steps.map(of_step).fold(0.0, f32::max)
    };
    let (with, without) = (distance(Optimiser::keras_rms_prop()), distance(Optimiser::rms_prop()));
    assert!(with < 1e-6, "off by {with:e}");
    assert!(without > 1e-3, "the test could not tell the rules apart: off by {without:e}");
}

/// The rules as their papers have them, in f64, for one number.
fn by_the_paper(optimiser: Optimiser, rate: f64, mut weight: f64, gradients: &[f64]) -> f64 {
    let (mut mean, mut square) = (0.0, 0.0);
    for (index, gradient) in gradients.iter().enumerate() {
        let (beta_1, beta_2, epsilon, decay) = match optimiser {
            Optimiser::Adam { beta_1, beta_2, epsilon } => (beta_1, beta_2, epsilon, 0.0),
            Optimiser::AdamW { beta_1, beta_2, epsilon, weight_decay } => {
                (beta_1, beta_2, epsilon, weight_decay)
            }
            Optimiser::RmsProp { .. } | Optimiser::KerasRmsProp { .. } => unreachable!("the goldens test it"),
        };
        let step = index as i32 + 1;
        mean = beta_1 * mean + (1.0 - beta_1) * gradient;
        square = beta_2 * square + (1.0 - beta_2) * gradient * gradient;
        let (mean, square) = (mean / (1.0 - beta_1.powi(step)), square / (1.0 - beta_2.powi(step)));
        weight -= rate * decay * weight;
        weight -= rate * mean / (square.sqrt() + epsilon);
    }
    weight
}

#[test]
fn adam_and_adam_w_follow_their_papers() {
    let case = &goldens()["torch_rmsprop_"];
    for optimiser in [Optimiser::adam(), Optimiser::adam_w(0.1)] {
        let config = TrainConfig::new(1, optimiser, 0.01);
        let found = train(&config, &case.parameters[0], &case.gradients, case.gradients.len());
        for (index, found) in found.iter().enumerate() {
            let gradients: Vec<_> = case.gradients.iter().map(|array| f64::from(array.data[index])).collect();
            let start = f64::from(case.parameters[0].data[index]);
            let expected = by_the_paper(optimiser, 0.01, start, &gradients);
            let error = (f64::from(*found) - expected).abs() / expected.abs().max(1e-3);
            assert!(error < 3e-5, "{optimiser:?}, number {index}: {found}, expected {expected}, {error:e}");
        }
    }
}

#[test]
fn a_schedule_scales_the_step() {
    let case = &goldens()["torch_rmsprop_"];
    let start = &case.parameters[0];
    let moved = |schedule| {
        let config = TrainConfig::new(1, Optimiser::rms_prop(), 0.01).with_schedule(schedule);
        train(&config, start, &case.gradients, 1)[0] - start.data[0]
    };
    let ratio = moved(Schedule::Warmup { steps: 4 }) / moved(Schedule::Constant);
    assert!((ratio - 0.25).abs() < 1e-5, "{ratio}");
}

#[test]
fn a_loop_of_ones_own_keeps_and_restores_the_state_to_the_bit() {
    let device = BackendKind::Flex.open().unwrap().autodiff();
    let given = || Given { weights: Param::from_data([[0.5f32, -1.0, 2.0]], &device) };
    let step = |optimisation: &mut Optimisation, given: Given, sign: f32| {
        let gradient = Tensor::<2>::from_data([[0.1f32, -0.2, 0.3]], &device) * sign;
        let loss = (given.weights.val() * gradient).sum();
        let gradients = GradientsParams::from_grads(loss.backward(), &given);
        optimisation.step(0.1, given, gradients)
    };
    for rule in
        [Optimiser::rms_prop(), Optimiser::keras_rms_prop(), Optimiser::adam(), Optimiser::adam_w(0.1)]
    {
        let mut whole = Optimisation::new(rule);
        let before = step(&mut whole, given(), 1.0);
        let mut again = Optimisation::new(rule);
        again.restore_state(whole.state().unwrap(), &before).unwrap();
        let (a, b) = (step(&mut whole, before.clone(), -2.0), step(&mut again, before, -2.0));
        a.weights.val().to_data().assert_eq(&b.weights.val().to_data(), true);
        let foreign = Optimisation::new(Optimiser::rms_prop())
            .restore_state([("elsewhere.sum".to_owned(), TensorData::from([1.0f32]))].into(), &given());
        assert!(foreign.unwrap_err().to_string().contains("belongs to no parameter"));
    }
}

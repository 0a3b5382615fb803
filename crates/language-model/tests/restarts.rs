//! Rows that begin anew while streams are learnt: the network sees empty states, and a run that was stopped goes on exactly.

mod common;

use common::{device, shape, text};
use recurrent_data::text::Text;
use recurrent_language_model::{
    Batch, BatchSettings, Carried, CellKind, Feed, Network, NetworkSettings, Seed, TextBatches,
};
use recurrent_train::{
    Batches, Model, NamedTensors, Optimiser, Outcome, Pass, RunFolder, TrainConfig, Training,
};

// Batches can be made ahead, on another thread.
const fn shared<T: Send + Sync>() {}
const _: () = shared::<TextBatches<'static>>();

fn network(shape: &NetworkSettings, text: &Text) -> Network {
    Network::new(shape, text.vocabulary().len(), Seed(3), &device().autodiff())
}

fn batches(text: &Text, restarts: f64) -> TextBatches<'_> {
    let settings = BatchSettings { feed: Feed::Streams, window: 10, batch_size: 6, restarts };
    TextBatches::new(text.ids(), text.vocabulary(), settings, Seed(0)).unwrap()
}

/// The loss of a batch that goes on from another, as a step of training takes it.
fn loss(restarts: f64, seed: Seed, carried: bool) -> f32 {
    let text = text(60);
    let network = network(&shape(CellKind::Lstm, 12, 2), &text);
    let batches = batches(&text, restarts);
    let carry = network.loss(batches.batch(0, 0), None, Pass::Evaluation).carry;
    let pass = Pass::Training { seed, step: 2 };
    network.loss(batches.batch(0, 1), carry.filter(|_| carried), pass).loss.into_scalar::<f32>()
}

#[test]
fn all_rows_begin_anew_where_the_share_is_nearly_one_and_none_where_it_is_zero() {
    let seed = Seed(7);
    let (none, all, empty) = (loss(0.0, seed, true), loss(1.0 - 1e-12, seed, true), loss(0.0, seed, false));
    assert_eq!(all, empty, "every row begins from an empty state");
    assert_ne!(none, empty, "the state was carried");
    let some: Vec<f32> = (0..20).map(|seed| loss(0.3, Seed(seed), true)).collect();
    assert!(some.iter().any(|loss| *loss != none && *loss != empty), "{some:?}");
    assert_eq!(loss(0.3, Seed(4), true), loss(0.3, Seed(4), true), "the step's seed decides");
}

#[test]
fn judging_and_windows_begin_nothing_anew() {
    let text = text(60);
    let network = network(&shape(CellKind::Gru, 12, 1), &text);
    let judged = |restarts: f64| {
        let batches = batches(&text, restarts);
        let carry = network.loss(batches.batch(0, 0), None, Pass::Evaluation).carry;
        network.loss(batches.batch(0, 1), carry, Pass::Evaluation).loss.into_scalar::<f32>()
    };
    assert_eq!(judged(0.9), judged(0.0));
    let settings = BatchSettings { feed: Feed::Windows, window: 10, batch_size: 6, restarts: 0.5 };
    let windows = TextBatches::new(text.ids(), text.vocabulary(), settings, Seed(0)).unwrap();
    let batch: Batch = windows.batch(0, 0);
    assert_eq!(batch.carried, Carried::Nothing);
}

fn weights(outcome: &Outcome<Network>) -> Vec<Vec<f32>> {
    let network = &outcome.model;
    let numbers = |tensor: burn::tensor::Tensor<2>| tensor.into_data().try_into_vec::<f32>().unwrap();
    let layers = network.layers.layers.iter();
    let layers = layers.flat_map(|layer| {
        [layer.kernel.val(), layer.recurrent.val(), layer.bias.as_ref().expect("biases").val()]
    });
    layers.chain([network.kernel.val()]).map(numbers).collect()
}

#[test]
fn a_stopped_run_goes_on_to_the_same_weights() {
    let text = text(60);
    let shape = NetworkSettings { dropout: 0.1, ..shape(CellKind::Lstm, 12, 2) };
    let place = tempfile::tempdir().unwrap();
    let batches = batches(&text, 0.2);
    let steps = batches.steps_per_epoch() as u64;
    assert!(steps > 10, "{steps} steps");
    let train = |name: &str, stop: Option<u64>| {
        let path = place.path().join(name);
        let run = if path.exists() {
            RunFolder::resume::<()>(&path, "test").unwrap().0
        } else {
            RunFolder::create(&path, "test", &()).unwrap()
        };
        let mut config = TrainConfig::new(3, Optimiser::adam(), 0.01);
        config.max_steps = stop;
        Training::new(&config, &batches).in_folder(&run, "").run(network(&shape, &text)).unwrap()
    };
    let unbroken = weights(&train("unbroken", None));
    train("stopped", Some(steps / 2));
    train("stopped", Some(steps + 3));
    assert!(weights(&train("stopped", None)) == unbroken, "the weights differ");
}

/// Runs of today keep their carried states under these names, and must go on.
#[test]
fn carried_states_have_the_names_that_checkpoints_hold() {
    use recurrent_train::Carry;

    let text = text(60);
    let names = |cell: CellKind| {
        let network = network(&shape(cell, 4, 2), &text);
        let states = network.loss(batches(&text, 0.0).batch(0, 0), None, Pass::Evaluation).carry.unwrap();
        let mut tensors = NamedTensors::new();
        states.write("carry", &mut tensors);
        tensors.into_keys().collect::<Vec<_>>().join(" ")
    };
    insta::assert_snapshot!(names(CellKind::Lstm), @"carry.0.0 carry.0.1 carry.0.1.some carry.1.0 carry.1.1 carry.1.1.some carry.length");
    insta::assert_snapshot!(names(CellKind::Gru), @"carry.0.0 carry.1.0 carry.length");
}

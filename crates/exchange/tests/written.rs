//! What is written for other frameworks is read back as it was, and computes there what it computes here.
//!
//! Where a Python has PyTorch, Keras or ONNX Runtime (`RECURRENT_PYTHON`, or `python3`), `peers/peers.py` loads what is
//! written and compares its outputs on random inputs; elsewhere a line says that it was skipped.

#![allow(clippy::print_stdout, reason = "what was compared is what a reader of the test wants to know")]

mod support;

use std::{env, fs, path::Path, process::Command};

use burn::tensor::{Distribution, Int, Tensor, TensorData};
use recurrent_backend::Seed;
use recurrent_cells::{
    Activation, Cell, Direction, Initializer, Initializers, Mask, Merge, Pass, Recurrence, RecurrentConfig,
    Reset, Stack, StackConfig,
};
use recurrent_exchange::{
    AnyLayer, AnyState, Axis, Embedding, ForeignFile, Layers, Linear, OnnxGraph, OtherActivations, Pool,
    StateDict, States, Told,
};
use serde_json::{Value, json};
use support::device;

const FEATURES: usize = 3;
const UNITS: usize = 5;

/// A kind of layers: what is written, and where.
struct Kind {
    name: String,
    layers: Layers,
}

impl Kind {
    fn new(name: &str, config: RecurrentConfig, depth: usize, merge: Option<Merge>) -> Self {
        // Biases that are not zero.
        let config = config.with_initializers(Initializers::default().with_bias(Initializer::Uniform(0.6)));
        let stack = StackConfig::new(config, depth);
        let layers = match merge {
            Some(merge) => Layers::from(&stack.init_bidirectional(merge, Seed(depth as u64), &device())),
            None => Layers::from(&stack.init(Seed(depth as u64), &device())),
        };
        Self { name: name.to_owned(), layers }
    }

    fn stack(&self) -> Stack<AnyLayer> {
        self.layers.init(&device())
    }
}

fn cells() -> Vec<(&'static str, Cell)> {
    vec![
        ("rnn", Cell::Rnn(Activation::Tanh)),
        ("relu", Cell::Rnn(Activation::Relu)),
        ("lstm", Cell::Lstm),
        ("gru-before", Cell::Gru(Reset::Before)),
        ("gru-after", Cell::Gru(Reset::After)),
    ]
}

/// Every cell in every arrangement, and what single cells can have besides.
fn kinds() -> Vec<Kind> {
    let mut kinds = Vec::new();
    for (name, cell) in cells() {
        let config = || RecurrentConfig::new(cell, FEATURES, UNITS);
        let reverse = config().with_direction(Direction::Reverse);
        kinds.push(Kind::new(name, config(), 1, None));
        kinds.push(Kind::new(&format!("{name}-stacked"), config(), 2, None));
        kinds.push(Kind::new(&format!("{name}-biasless"), config().with_bias(false), 1, None));
        kinds.push(Kind::new(&format!("{name}-reverse"), reverse, 1, None));
        let merges = [Merge::Concat, Merge::Sum, Merge::Average, Merge::Multiply];
        for (place, merge) in merges.into_iter().enumerate() {
            let name = format!("{name}-{merge:?}").to_lowercase();
            kinds.push(Kind::new(&name, config(), 1 + place % 2, Some(merge)));
        }
        kinds.push(Kind::new(&format!("{name}-both-stacked"), config(), 3, Some(Merge::Concat)));
    }
    let lstm = || RecurrentConfig::new(Cell::Lstm, FEATURES, UNITS);
    kinds.push(Kind::new("lstm-projected", lstm().with_projection(Some(2)), 2, None));
    kinds.push(Kind::new("lstm-projected-both", lstm().with_projection(Some(2)), 2, Some(Merge::Concat)));
    kinds.push(Kind::new("lstm-peepholes", lstm().with_peepholes(true), 1, Some(Merge::Concat)));
    kinds.push(Kind::new("lstm-coupled", lstm().with_coupled_gates(true), 1, None));
    let others = lstm()
        .with_gate_activation(Activation::HardSigmoid)
        .with_candidate_activation(Activation::Softsign)
        .with_output_activation(Activation::Softsign);
    kinds.push(Kind::new("lstm-others", others, 2, Some(Merge::Concat)));
    let linear = RecurrentConfig::new(Cell::Rnn(Activation::Linear), FEATURES, UNITS);
    kinds.push(Kind::new("rnn-linear", linear, 1, None));
    for kind in kinds.iter_mut().filter(|kind| kind.name == "lstm-peepholes") {
        // They start at zero.
        for weights in &mut kind.layers.layers[0].weights {
            let count = weights.peepholes.len();
            weights.peepholes = (0..count).map(|place| (place as f32 * 0.7).sin() * 0.5).collect();
        }
    }
    kinds
}

/// Random numbers, the same for the same seed.
fn random<const D: usize>(seed: u64, shape: [usize; D]) -> Tensor<D> {
    device().seed(seed);
    Tensor::random(shape, Distribution::Normal(0.0, 1.0), &device())
}

fn array<const D: usize>(name: &str, tensor: Tensor<D>) -> Value {
    let data = tensor.into_data();
    let numbers: Vec<f32> = data.iter::<f32>().collect();
    json!({"name": name, "dtype": "float32", "shape": data.shape().to_vec(), "data": numbers})
}

/// What Python compares.
#[derive(Default)]
struct Cases(Vec<Value>);

impl Cases {
    fn add(&mut self, kind: &str, file: &str, about: Value, inputs: Vec<Value>, outputs: Vec<Value>) {
        self.0
            .push(json!({"kind": kind, "file": file, "about": about, "inputs": inputs, "outputs": outputs}));
    }
}

/// Batches and lengths, 100 sequences in all.
const SIZES: [[usize; 2]; 4] = [[1, 1], [50, 4], [9, 1], [40, 11]];

/// Steps and last output of random inputs.
fn answers(stack: &Stack<AnyLayer>, sizes: [usize; 2]) -> (Tensor<3>, Tensor<3>, Tensor<2>) {
    let [batch, time] = sizes;
    let x = random((batch * 100 + time) as u64, [batch, time, FEATURES]);
    let (steps, state) = stack.sequence(x.clone(), None, &Pass::evaluation());
    (x, steps, stack.last_of(&state))
}

/// Fails unless two stacks give the same.
fn assert_same(name: &str, ours: &Stack<AnyLayer>, read: &Stack<AnyLayer>) {
    for sizes in SIZES {
        let ((_, steps, last), (_, read_steps, read_last)) = (answers(ours, sizes), answers(read, sizes));
        let difference = |a: Tensor<1>, b: Tensor<1>| (a - b).abs().max().into_scalar::<f32>();
        let steps = difference(steps.flatten(0, 2), read_steps.flatten(0, 2));
        let last = difference(last.flatten(0, 1), read_last.flatten(0, 1));
        assert!(steps <= 1e-6 && last <= 1e-6, "{name}: read back, outputs differ by {steps} and {last}");
    }
}

fn told(kind: &Kind) -> Told {
    let config = &kind.layers.layers[0].config;
    let mut told = Told::default().with_others(OtherActivations::Composed);
    if let Cell::Rnn(activation) = config.cell {
        told = told.with_activation(activation);
    }
    if let Cell::Gru(reset) = config.cell {
        told = told.with_reset(reset);
    }
    kind.layers.layers[0].merge.map_or(told, |merge| told.with_merge(merge))
}

fn as_onnx(kind: &Kind, folder: &Path, cases: &mut Cases) -> bool {
    let mut graph = OnnxGraph::new(&kind.name);
    let x = graph.features("x", FEATURES);
    let Ok(recurred) = graph.layers("rnn", &x, &kind.layers, States::Zero, None) else { return false };
    let width = kind.layers.d_output();
    graph.output("steps", &recurred.steps, &[Axis::Any("batch"), Axis::Any("time"), Axis::Of(width)]);
    graph.output("last", &recurred.last, &[Axis::Any("batch"), Axis::Of(width)]);
    let file = format!("{}.onnx", kind.name);
    graph.write(folder.join(&file)).unwrap();
    let stack = kind.stack();
    let read = ForeignFile::open(folder.join(&file)).unwrap().layers("rnn", &told(kind)).unwrap();
    assert_same(&file, &stack, &read.init(&device()));
    for sizes in SIZES {
        let (x, steps, last) = answers(&stack, sizes);
        let outputs = vec![array("steps", steps), array("last", last)];
        cases.add("onnx", &file, json!({}), vec![array("x", x)], outputs);
    }
    true
}

fn as_pytorch(kind: &Kind, folder: &Path, cases: &mut Cases) -> bool {
    let mut weights = StateDict::pytorch();
    if weights.layers("", &kind.layers).is_err() {
        return false;
    }
    let file = format!("{}.pytorch.safetensors", kind.name);
    weights.write(folder.join(&file)).unwrap();
    let stack = kind.stack();
    let read = ForeignFile::open(folder.join(&file)).unwrap().layers("", &told(kind)).unwrap();
    assert_same(&file, &stack, &read.init(&device()));
    let layer = &kind.layers.layers[0];
    let mut arguments = json!({
        "input_size": FEATURES,
        "hidden_size": UNITS,
        "num_layers": kind.layers.layers.len(),
        "bias": layer.config.bias,
        "bidirectional": layer.merge.is_some(),
        "proj_size": layer.config.projection.unwrap_or(0),
    });
    let module = match layer.config.cell {
        Cell::Rnn(activation) => {
            arguments["nonlinearity"] = json!(format!("{activation:?}").to_lowercase());
            "RNN"
        }
        Cell::Lstm => "LSTM",
        _ => "GRU",
    };
    for sizes in SIZES {
        let (x, steps, _) = answers(&stack, sizes);
        let about = json!({"module": module, "arguments": arguments});
        cases.add("pytorch", &file, about, vec![array("x", x)], vec![array("output", steps)]);
    }
    true
}

fn as_keras(kind: &Kind, folder: &Path, cases: &mut Cases) -> bool {
    let mut weights = StateDict::keras();
    let names: Vec<_> = (0..kind.layers.layers.len()).map(|place| format!("sequential/l{place}")).collect();
    if weights.layers(&names.join(","), &kind.layers).is_err() {
        return false;
    }
    let file = format!("{}.keras.safetensors", kind.name);
    weights.write(folder.join(&file)).unwrap();
    let stack = kind.stack();
    let others = kind.layers.layers[0].config.gate_activation != Activation::Sigmoid;
    let is_reverse = kind.layers.layers[0].config.direction == Direction::Reverse;
    if !others && !is_reverse {
        let short = (0..names.len()).map(|place| format!("l{place}")).collect::<Vec<_>>().join(",");
        let read = ForeignFile::open(folder.join(&file)).unwrap().layers(&short, &told(kind)).unwrap();
        assert_same(&file, &stack, &read.init(&device()));
    }
    let layers: Vec<_> = kind.layers.layers.iter().map(keras_layer).collect();
    for sizes in SIZES {
        let (x, steps, last) = answers(&stack, sizes);
        // Keras gives the steps of a layer that reads in reverse in the order of its reading.
        let output = if is_reverse { array("y", last) } else { array("y", steps) };
        let about = json!({"layers": layers, "return_sequences": !is_reverse});
        cases.add("keras", &file, about, vec![array("x", x)], vec![output]);
    }
    true
}

fn keras_layer(layer: &recurrent_exchange::Layer) -> Value {
    let config = &layer.config;
    let name = |activation: Activation| match activation {
        Activation::HardSigmoid => "hard_sigmoid".to_owned(),
        other => format!("{other:?}").to_lowercase(),
    };
    let mut settings = json!({
        "units": config.d_hidden,
        "use_bias": config.bias,
        "go_backwards": config.direction == Direction::Reverse && layer.merge.is_none(),
    });
    let class = match config.cell {
        Cell::Rnn(activation) => {
            settings["activation"] = json!(name(activation));
            "SimpleRNN"
        }
        cell => {
            settings["activation"] = json!(name(config.candidate_activation));
            settings["recurrent_activation"] = json!(name(config.gate_activation));
            if let Cell::Gru(reset) = cell {
                settings["reset_after"] = json!(reset == Reset::After);
                "GRU"
            } else {
                "LSTM"
            }
        }
    };
    let merge = layer.merge.map(|merge| match merge {
        Merge::Concat => "concat",
        Merge::Sum => "sum",
        Merge::Average => "ave",
        Merge::Multiply => "mul",
    });
    json!({"class": class, "settings": settings, "merge_mode": merge})
}

/// Tokens in, scores and states out; the states may go in again or be left out.
fn a_language_model(folder: &Path, cases: &mut Cases) {
    let kind = Kind::new("model", RecurrentConfig::new(Cell::Lstm, FEATURES, UNITS), 2, None);
    let numbers =
        |count: usize, step: f32| (0..count).map(|place| (place as f32 * step).sin()).collect::<Vec<_>>();
    let embedding = Embedding::new(7, numbers(7 * FEATURES, 0.9));
    let linear = Linear::new(UNITS, numbers(UNITS * 7, 1.3), numbers(7, 0.4));

    let mut graph = OnnxGraph::new("language model");
    let tokens = graph.tokens("tokens");
    let vectors = graph.embedding("encoder", &tokens, &embedding);
    let recurred = graph.layers("rnn", &vectors, &kind.layers, States::InAndOut, None).unwrap();
    let scores = graph.linear("decoder", &recurred.steps, &linear);
    graph.output("scores", &scores, &[Axis::Any("batch"), Axis::Any("time"), Axis::Of(7)]);
    graph.write(folder.join("model.onnx")).unwrap();

    let mut weights = StateDict::pytorch();
    weights.embedding("encoder", &embedding);
    weights.layers("rnn", &kind.layers).unwrap();
    weights.linear("decoder", &linear);
    weights.write(folder.join("model.safetensors")).unwrap();

    for file in ["model.onnx", "model.safetensors"] {
        let read = ForeignFile::open(folder.join(file)).unwrap();
        assert_eq!(read.embedding("encoder").unwrap(), embedding, "{file}");
        assert_eq!(read.linear("decoder").unwrap(), linear, "{file}");
        assert_same(file, &kind.stack(), &read.layers("", &Told::default()).unwrap().init(&device()));
    }

    let stack = kind.stack();
    let [batch, time] = [4, 6];
    let places: Vec<i64> = (0..(batch * time) as i64).map(|place| place * 5 % 7).collect();
    let tensor = Tensor::<2, Int>::from_data(TensorData::new(places.clone(), [batch, time]), &device());
    let tokens = json!({"name": "tokens", "dtype": "int64", "shape": [batch, time], "data": places});
    let x = embedding.init(&device()).forward(tensor);
    let mut state: Option<Vec<AnyState>> = None;
    // Twice: without states, then with those that came out.
    for _ in 0..2 {
        let given = state.iter().flat_map(|state| states(state, ["h_0", "c_0"]));
        let inputs = std::iter::once(tokens.clone()).chain(given).collect::<Vec<_>>();
        let (outputs, after) = stack.sequence(x.clone(), state, &Pass::evaluation());
        let scores = array("scores", linear.init(&device()).forward(outputs));
        let out = std::iter::once(scores).chain(states(&after, ["h_n", "c_n"])).collect::<Vec<_>>();
        let about = json!({"model": {"vocabulary": 7, "features": FEATURES, "units": UNITS, "layers": 2}});
        cases.add("onnx", "model.onnx", json!({}), inputs.clone(), out.clone());
        cases.add("pytorch", "model.safetensors", about, inputs, out);
        state = Some(after);
    }
}

fn states(state: &[AnyState], names: [&str; 2]) -> Vec<Value> {
    let all: Vec<_> = state.iter().flat_map(AnyState::directions).collect();
    let outputs = Tensor::stack::<3>(all.iter().map(|state| state.output.clone()).collect::<Vec<_>>(), 0);
    let memories =
        Tensor::stack::<3>(all.iter().filter_map(|state| state.memory.clone()).collect::<Vec<_>>(), 0);
    vec![array(names[0], outputs), array(names[1], memories)]
}

/// Tokens that a layer reads without an embedding.
fn one_hot(folder: &Path, cases: &mut Cases) {
    let kind = Kind::new("one-hot", RecurrentConfig::new(Cell::Gru(Reset::Before), FEATURES, UNITS), 1, None);
    let mut graph = OnnxGraph::new("one-hot");
    let tokens = graph.tokens("tokens");
    let x = graph.one_hot("rnn", &tokens, FEATURES);
    let recurred = graph.layers("rnn", &x, &kind.layers, States::Zero, None).unwrap();
    graph.output("steps", &recurred.steps, &[Axis::Any("batch"), Axis::Any("time"), Axis::Of(UNITS)]);
    graph.write(folder.join("one-hot.onnx")).unwrap();
    let read = ForeignFile::open(folder.join("one-hot.onnx")).unwrap();
    assert_same("one-hot", &kind.stack(), &read.layers("", &Told::default()).unwrap().init(&device()));

    let places: Vec<i64> = (0..12).map(|place| place * 2 % 3).collect();
    let tokens = Tensor::<2, Int>::from_data(TensorData::new(places.clone(), [3, 4]), &device());
    let (steps, _) = kind.stack().sequence(tokens, None, &Pass::evaluation());
    let tokens = json!({"name": "tokens", "dtype": "int64", "shape": [3, 4], "data": places});
    cases.add("onnx", "one-hot.onnx", json!({}), vec![tokens], vec![array("steps", steps)]);
}

/// Sequences of unequal lengths, pooled, and the mean of two members.
fn a_classifier(folder: &Path, cases: &mut Cases) {
    let member = |(cell, depth)| {
        let config = RecurrentConfig::new(cell, FEATURES, UNITS);
        Kind::new("member", config, depth, Some(Merge::Concat))
    };
    let members = [(Cell::Gru(Reset::After), 2), (Cell::Lstm, 1)].map(member);
    let numbers = |count: usize| (0..count).map(|place| (place as f32 * 0.8).cos()).collect::<Vec<_>>();
    let mut head = Linear::new(2 * UNITS, numbers(2 * UNITS * 3), numbers(3));
    head.activation = Some("softmax".to_owned());

    let mut graph = OnnxGraph::new("classifier");
    let x = graph.features("x", FEATURES);
    let lengths = graph.lengths("lengths");
    let mut parts = Vec::new();
    for (place, member) in members.iter().enumerate() {
        let name = format!("member{place}");
        let recurred = graph.layers(&name, &x, &member.layers, States::Zero, Some(&lengths)).unwrap();
        let mean = graph.pooled(&format!("{name}.mean"), &recurred.steps, Pool::Mean, Some(&lengths));
        let max = graph.pooled(&format!("{name}.max"), &recurred.steps, Pool::Max, Some(&lengths));
        let pooled = [("last", recurred.last), ("mean", mean), ("max", max)];
        parts.push(pooled.map(|(how, value)| {
            let scores = graph.linear(&format!("{name}.{how}"), &value, &head);
            (how, scores)
        }));
    }
    for (place, (how, _)) in parts[0].iter().enumerate() {
        let members: Vec<_> = parts.iter().map(|part| part[place].1.clone()).collect();
        let scores = graph.mean(how, &members);
        graph.output(how, &scores, &[Axis::Any("batch"), Axis::Of(3)]);
    }
    graph.write(folder.join("classifier.onnx")).unwrap();

    let [batch, time] = [5, 6];
    let counts = [6, 1, 3, 5, 2];
    let x = random(9, [batch, time, FEATURES]);
    let mut sums: Vec<Option<Tensor<2>>> = vec![None; 3];
    for member in &members {
        let stack = member.stack();
        let pass = Pass::evaluation().with_mask(Mask::from_lengths(&counts, time));
        let (steps, state) = stack.sequence(x.clone(), None, &pass);
        let valid = |row: usize| steps.clone().narrow(0, row, 1).narrow(1, 0, counts[row]);
        let rows = |pool: fn(Tensor<3>) -> Tensor<3>| {
            Tensor::cat((0..batch).map(|row| pool(valid(row)).squeeze_dim::<2>(1)).collect(), 0)
        };
        let pooled = [stack.last_of(&state), rows(|steps| steps.mean_dim(1)), rows(|steps| steps.max_dim(1))];
        for (sum, pooled) in sums.iter_mut().zip(pooled) {
            let scores = burn::tensor::activation::softmax(head.init(&device()).forward(pooled), 1) / 2.0;
            *sum = Some(sum.take().map_or(scores.clone(), |sum| sum + scores));
        }
    }
    let outputs = ["last", "mean", "max"].into_iter().zip(sums);
    let outputs = outputs.map(|(how, sum)| array(how, sum.expect("two members"))).collect();
    let lengths = json!({"name": "lengths", "dtype": "int32", "shape": [batch], "data": counts});
    cases.add("onnx", "classifier.onnx", json!({}), vec![array("x", x), lengths], outputs);
}

#[test]
fn what_is_written_is_read_back_and_computes_the_same_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let mut cases = Cases::default();
    let mut written = [0; 3];
    for kind in kinds() {
        let is_written = [as_onnx, as_pytorch, as_keras].map(|write| write(&kind, folder.path(), &mut cases));
        assert!(is_written.contains(&true), "{} is written for none", kind.name);
        written.iter_mut().zip(is_written).for_each(|(count, is_written)| *count += usize::from(is_written));
    }
    a_language_model(folder.path(), &mut cases);
    one_hot(folder.path(), &mut cases);
    a_classifier(folder.path(), &mut cases);
    let [onnx, pytorch, keras] = written;
    println!("written and read back: {onnx} kinds as ONNX, {pytorch} for PyTorch, {keras} for Keras");
    assert_eq!(written, [49, 22, 47]);
    fs::write(folder.path().join("cases.json"), serde_json::to_vec(&cases.0).unwrap()).unwrap();
    peers(folder.path());
}

/// Lets Python compare.
fn peers(folder: &Path) {
    let python = env::var_os("RECURRENT_PYTHON").unwrap_or_else(|| "python3".into());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/peers.py");
    let Ok(output) = Command::new(&python).arg(&script).arg(folder).output() else {
        println!("skipped: no Python ({}) to load what is written", python.display());
        return;
    };
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{}", said.trim_end());
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn what_a_framework_lacks_is_refused_with_the_reason() {
    let lstm = || RecurrentConfig::new(Cell::Lstm, FEATURES, UNITS);
    let light = RecurrentConfig::new(Cell::LightGru(Activation::Relu), FEATURES, UNITS);
    let before = RecurrentConfig::new(Cell::Gru(Reset::Before), FEATURES, UNITS);
    let mut onnx = OnnxGraph::new("x");
    let x = onnx.features("x", FEATURES);
    let mut refused = |config: RecurrentConfig, merge: Option<Merge>| {
        let kind = Kind::new("x", config, 1, merge);
        [
            onnx.layers("rnn", &x, &kind.layers, States::Zero, None).map(drop),
            StateDict::pytorch().layers("rnn", &kind.layers),
            StateDict::keras().layers("rnn", &kind.layers),
        ]
        .map(|result| result.err().map_or("written".to_owned(), |error| error.to_string()))
    };
    let [onnx, pytorch, keras] = refused(lstm().with_clip(Some(1.0)).with_zoneout_output(0.1), None);
    let both = "zoneout, which computes also in evaluation and a clipped state";
    assert_eq!(onnx, format!("`rnn` cannot be written: the recurrent nodes of ONNX have no {both}"));
    assert_eq!(pytorch, format!("`rnn` cannot be written: PyTorch has no layer with {both}"));
    assert_eq!(keras, format!("`rnn` cannot be written: Keras has no layer with {both}"));
    let [onnx, pytorch, keras] = refused(lstm().with_projection(Some(2)), None);
    assert!(onnx.ends_with("have no projection") && pytorch == "written", "{onnx} {pytorch}");
    assert!(keras.ends_with("no layer with a projection"), "{keras}");
    assert!(refused(light, None).iter().all(|said| said.contains("the cell of the light GRU")));
    let [onnx, pytorch, _] = refused(before, None);
    assert!(onnx == "written" && pytorch.contains("resets after the product"), "{onnx} {pytorch}");
    let [_, pytorch, _] = refused(lstm(), Some(Merge::Sum));
    assert!(pytorch.ends_with("side by side"), "{pytorch}");
}

//! One recurrent node of ONNX as a layer.
//!
//! Its weights are those of Keras, transposed: the GRU's gates stand as `z, r, h` in both, the LSTM's as `i, o, f, c`.
//! Of the two biases those of the input come first.

use recurrent_cells::{Activation, Cell, Direction, KerasWeights, Merge, RecurrentConfig, Reset, Weights};

use super::{attribute, messages::NodeProto, name_of};
use crate::{
    dense::transpose,
    error::{Problem, in_words},
    layer::Layer,
    read::activations,
    stored::{Tensors, finite, of_name},
};

/// Keras's order of the LSTM's gates in ONNX's.
pub(crate) const LSTM_ORDER: [usize; 4] = [0, 2, 3, 1];

/// The activations of which ONNX has factors.
const HAVE_FACTORS: &[&str] = &["affine", "leakyrelu", "thresholdedrelu", "scaledtanh", "hardsigmoid", "elu"];

/// The layer that a node is.
pub(super) fn layer(node: &NodeProto, tensors: &Tensors) -> Result<Layer, Problem> {
    let name = name_of(node);
    let reader = Reader { node, tensors, name: &name };
    let (direction, merge) = match reader.text("direction").as_str() {
        "" | "forward" => (Direction::Forward, None),
        "reverse" => (Direction::Reverse, None),
        "bidirectional" => (Direction::Forward, Some(Merge::Concat)),
        other => return Err(Problem::Invalid(format!("`{name}` has the direction `{other}`"))),
    };
    let directions = if merge.is_some() { 2 } else { 1 };
    let config = reader.config(directions)?.with_direction(direction);
    let weights: Result<_, _> = (0..directions).map(|of| reader.weights(&config, of, directions)).collect();
    Ok(Layer { name: name.clone(), config, merge, weights: weights?, gives: None })
}

struct Reader<'a> {
    node: &'a NodeProto,
    tensors: &'a Tensors,
    name: &'a str,
}

impl Reader<'_> {
    fn text(&self, name: &str) -> String {
        let text = attribute(self.node, name).map(|attribute| String::from_utf8_lossy(&attribute.s));
        text.unwrap_or_default().to_lowercase()
    }

    fn whole(&self, name: &str) -> i64 {
        attribute(self.node, name).map_or(0, |attribute| attribute.i)
    }

    /// The name of an input that is there.
    fn input(&self, place: usize) -> Option<&str> {
        self.node.input.get(place).map(String::as_str).filter(|name| !name.is_empty())
    }

    fn config(&self, directions: usize) -> Result<RecurrentConfig, Problem> {
        let gates = match self.node.op_type.as_str() {
            "RNN" => 1,
            "GRU" => 3,
            _ => 4,
        };
        let [input, hidden] = self.sizes(gates, directions)?;
        let activations = self.activations(directions)?;
        let cell = match (gates, self.whole("linear_before_reset")) {
            (1, _) => Cell::Rnn(activations[0]),
            (3, 0) => Cell::Gru(Reset::Before),
            (3, _) => Cell::Gru(Reset::After),
            _ => Cell::Lstm,
        };
        if attribute(self.node, "clip").is_some_and(|clip| clip.f != 0.0) {
            let problem = format!(
                "`{}` cuts the sums of its gates (`clip`), which no layer here does; those cut the state",
                self.name
            );
            return Err(Problem::Unsupported(problem));
        }
        let mut config = RecurrentConfig::new(cell, input, hidden).with_bias(self.input(3).is_some());
        if gates > 1 {
            (config.gate_activation, config.candidate_activation) = (activations[0], activations[1]);
        }
        if gates == 4 {
            config.output_activation = activations[2];
            config.coupled_gates = self.whole("input_forget") != 0;
            config.peepholes = self.input(7).is_some();
        }
        Ok(config)
    }

    /// Input features and units.
    fn sizes(&self, gates: usize, directions: usize) -> Result<[usize; 2], Problem> {
        let (kernel, recurrent) = (self.weight_name(1)?, self.weight_name(2)?);
        let shape = |name: &str| of_name(self.tensors, name).map(|stored| stored.shape.clone());
        match (&shape(kernel)?[..], &shape(recurrent)?[..]) {
            (&[_, _, input], &[_, _, hidden]) if input > 0 && hidden > 0 => {
                let said = self.whole("hidden_size");
                if said != 0 && usize::try_from(said) != Ok(hidden) {
                    let problem = format!(
                        "`{}` has a hidden_size of {said}, and {hidden} columns in `{recurrent}`",
                        self.name
                    );
                    return Err(Problem::Invalid(problem));
                }
                Ok([input, hidden])
            }
            (found, _) => Err(Problem::Invalid(format!(
                "`{kernel}` has {}, expected {directions} times {gates} gates of rows",
                in_words(found)
            ))),
        }
    }

    /// The name of an input that has to be a tensor of the file.
    fn weight_name(&self, place: usize) -> Result<&str, Problem> {
        let name = self.input(place).unwrap_or_default();
        match self.tensors.contains_key(name) {
            true => Ok(name),
            false => Err(Problem::Unsupported(format!(
                "`{}` computes its weights (`{name}`) instead of holding them; export it with constant folding",
                self.name
            ))),
        }
    }

    /// The activations of a direction: of a vanilla cell one, of a GRU two, of an LSTM three.
    fn activations(&self, directions: usize) -> Result<Vec<Activation>, Problem> {
        let usual: &[Activation] = match self.node.op_type.as_str() {
            "RNN" => &[Activation::Tanh],
            "GRU" => &[Activation::Sigmoid, Activation::Tanh],
            _ => &[Activation::Sigmoid, Activation::Tanh, Activation::Tanh],
        };
        let Some(named) = attribute(self.node, "activations").filter(|named| !named.strings.is_empty())
        else {
            return Ok(usual.to_vec());
        };
        let names: Vec<_> = named.strings.iter().map(|name| String::from_utf8_lossy(name)).collect();
        let found: Result<Vec<_>, _> = (0..names.len()).map(|place| self.activation(&names, place)).collect();
        let found = found?;
        let first = &found[..usual.len().min(found.len())];
        if found.len() != usual.len() * directions || !found.chunks(usual.len()).all(|each| each == first) {
            let problem = format!(
                "`{}` has the activations {names:?}, expected {} for each direction and the same in both",
                self.name,
                usual.len()
            );
            return Err(Problem::Unsupported(problem));
        }
        Ok(first.to_vec())
    }

    fn activation(&self, names: &[std::borrow::Cow<'_, str>], place: usize) -> Result<Activation, Problem> {
        // Factors stand in a row, for those activations alone that have some.
        let before =
            names[..place].iter().filter(|name| HAVE_FACTORS.contains(&name.to_lowercase().as_str()));
        let place_of_factor = before.count();
        let factor = |list: &str, usual: f32| {
            attribute(self.node, list)
                .and_then(|list| list.floats.get(place_of_factor).copied())
                .unwrap_or(usual)
        };
        let name = names[place].to_lowercase();
        let is_near = |found: f32, wanted: f32| (found - wanted).abs() < 1e-6;
        let (alpha, beta) = (factor("activation_alpha", 0.2), factor("activation_beta", 0.5));
        match name.as_str() {
            "hardsigmoid" if is_near(alpha, 1.0 / 6.0) && is_near(beta, 0.5) => Ok(Activation::HardSigmoid),
            "affine" if is_near(alpha, 1.0) && is_near(beta, 0.0) => Ok(Activation::Linear),
            "tanh" | "relu" | "sigmoid" | "softsign" => Ok(activations::of_name(&name).unwrap_or_default()),
            _ => Err(Problem::Unsupported(format!(
                "`{}` has the activation `{}` (alpha {alpha}, beta {beta}), which no layer here has",
                self.name, names[place]
            ))),
        }
    }

    /// The numbers of a direction, of a tensor of `[directions, ..]`.
    fn part(&self, place: usize, of: usize, shape: &[usize]) -> Result<Vec<f32>, Problem> {
        let name = self.weight_name(place)?;
        let stored = of_name(self.tensors, name)?;
        if stored.shape != shape {
            let problem = format!(
                "`{name}` has the shape {:?}, expected {shape:?}: directions, gates times units, and what they read",
                stored.shape
            );
            return Err(Problem::Invalid(problem));
        }
        let numbers = finite(stored, name)?;
        let each = numbers.len() / shape[0];
        Ok(numbers[of * each..][..each].to_vec())
    }

    fn weights(&self, config: &RecurrentConfig, of: usize, directions: usize) -> Result<Weights, Problem> {
        let (cell, input, hidden) = (config.cell, config.d_input, config.d_hidden);
        let width = cell.gates() * hidden;
        let kernel = self.part(1, of, &[directions, width, input])?;
        let recurrent = self.part(2, of, &[directions, width, hidden])?;
        let bias = match config.bias {
            true => self.part(3, of, &[directions, 2 * width])?,
            false => Vec::new(),
        };
        let (of_input, of_state) = bias.split_at(bias.len() / 2);
        let bias = match cell.has_recurrent_bias() {
            true => [in_keras_order(cell, of_input, hidden), in_keras_order(cell, of_state, hidden)].concat(),
            false => {
                let sum: Vec<_> = of_input.iter().zip(of_state).map(|(a, b)| a + b).collect();
                in_keras_order(cell, &sum, hidden)
            }
        };
        let theirs = KerasWeights {
            kernel: transpose(&in_keras_order(cell, &kernel, hidden * input), width, input),
            recurrent_kernel: transpose(&in_keras_order(cell, &recurrent, hidden * hidden), width, hidden),
            bias,
        };
        let mut weights = Weights::from_keras(cell, input, hidden, &theirs);
        if config.peepholes {
            // Of i, o and f.
            let theirs = self.part(7, of, &[directions, 3 * hidden])?;
            let gate = |place: usize| &theirs[place * hidden..][..hidden];
            weights.peepholes = [gate(0), gate(2), gate(1)].concat();
        }
        Ok(weights)
    }
}

/// Blocks of ONNX's gates in Keras's order, each of `size` numbers.
fn in_keras_order(cell: Cell, numbers: &[f32], size: usize) -> Vec<f32> {
    match cell {
        Cell::Lstm if !numbers.is_empty() => {
            LSTM_ORDER.iter().flat_map(|place| &numbers[place * size..][..size]).copied().collect()
        }
        _ => numbers.to_vec(),
    }
}

//! Reads golden files and holds a layer against one case: outputs, final states, and every gradient of
//! `sum(output * d_output) + sum(final_state * d_final_state)`.

mod keras;
mod pytorch;

use std::{collections::BTreeMap, path::Path};

use burn::tensor::{Device, Gradients, Tensor, TensorData};
use recurrent_cells::{
    Activation, Bidirectional, Cell, Direction, Implementation, Mask, Merge, Pass, Recurrent,
    RecurrentConfig, Reset, Weights,
};
use serde::Deserialize;
use serde_json::Value;

/// One file: a size and its cases.
#[derive(Deserialize)]
pub(crate) struct File {
    pub(crate) time: usize,
    pub(crate) input: usize,
    pub(crate) hidden: usize,
    pub(crate) cases: BTreeMap<String, Value>,
}

/// A recorded tensor.
#[derive(Deserialize)]
pub(crate) struct Golden {
    pub(crate) shape: Vec<usize>,
    pub(crate) data: Vec<f32>,
}

/// What a case is about, told from its name.
pub(crate) enum Kind {
    Layer(Layer),
    Elsewhere,
}

/// A recurrent layer of one of the frameworks.
pub(crate) struct Layer {
    pub(crate) framework: Framework,
    pub(crate) cell: Cell,
    pub(crate) shape: Shape,
}

pub(crate) enum Framework {
    PyTorch,
    Keras,
}

pub(crate) enum Shape {
    Single,
    Bidirectional(Merge),
    TwoLayers,
}

impl Kind {
    pub(crate) fn of(name: &str) -> Option<Self> {
        if name == "keras_pad_sequences" || name.starts_with("torch_rmsprop_") || name == "keras_rmsprop" {
            return Some(Self::Elsewhere);
        }
        let name = name.strip_suffix("_masked").unwrap_or(name);
        let (framework, rest) = match name.split_once('_')? {
            ("torch", rest) => (Framework::PyTorch, rest),
            ("keras", rest) => (Framework::Keras, rest),
            _ => return None,
        };
        let (shape, rest) = if let Some(rest) = rest.strip_prefix("bidirectional_") {
            let (cell, merge) = rest.rsplit_once('_')?;
            (Shape::Bidirectional(merge_of(merge)?), cell)
        } else if let Some(rest) = rest.strip_suffix("_bidirectional") {
            (Shape::Bidirectional(Merge::Concat), rest)
        } else if let Some(rest) = rest.strip_suffix("_two_layers") {
            (Shape::TwoLayers, rest)
        } else {
            (Shape::Single, rest)
        };
        let cell = match rest {
            "rnn_tanh" | "simple_rnn_tanh" => Cell::Rnn(Activation::Tanh),
            "rnn_relu" | "simple_rnn_relu" => Cell::Rnn(Activation::Relu),
            "lstm" => Cell::Lstm,
            "gru_reset_before" => Cell::Gru(Reset::Before),
            "gru_reset_after" => Cell::Gru(Reset::After),
            _ => return None,
        };
        Some(Self::Layer(Layer { framework, cell, shape }))
    }
}

fn merge_of(name: &str) -> Option<Merge> {
    Some(match name {
        "concat" => Merge::Concat,
        "sum" => Merge::Sum,
        "ave" => Merge::Average,
        "mul" => Merge::Multiply,
        _ => return None,
    })
}

impl File {
    pub(crate) fn read(path: &Path) -> Self {
        let text =
            std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }
}

/// A recorded tensor of a case.
pub(crate) fn golden(case: &Value, key: &str) -> Golden {
    Golden::deserialize(&case[key]).unwrap_or_else(|error| panic!("`{key}`: {error}"))
}

impl Golden {
    pub(crate) fn tensor<const D: usize>(self, device: &Device) -> Tensor<D> {
        Tensor::from_data(TensorData::new(self.data, self.shape), device)
    }
}

/// Runs a case; returns a line for each tensor that differs.
pub(crate) fn compare(
    file: &File,
    layer: &Layer,
    case: &Value,
    device: &Device,
    implementation: Implementation,
    place: &str,
) -> Vec<String> {
    let mut check = Check { place, differences: Vec::new() };
    let context = Context { file, case, cell: layer.cell, device, implementation };
    match layer.framework {
        Framework::PyTorch => pytorch::compare(&context, &layer.shape, &mut check),
        Framework::Keras => keras::compare(&context, &layer.shape, &mut check),
    }
    check.differences
}

pub(crate) struct Context<'a> {
    pub(crate) file: &'a File,
    pub(crate) case: &'a Value,
    pub(crate) cell: Cell,
    pub(crate) device: &'a Device,
    pub(crate) implementation: Implementation,
}

impl Context<'_> {
    pub(crate) fn golden(&self, key: &str) -> Golden {
        golden(self.case, key)
    }

    /// A layer with the given weights.
    pub(crate) fn layer(&self, weights: &Weights, direction: Direction) -> Recurrent {
        RecurrentConfig::new(self.cell, weights.input, weights.hidden)
            .with_direction(direction)
            .with_implementation(self.implementation)
            .init_with(weights, self.device)
    }

    pub(crate) fn pass(&self) -> Pass {
        match self.case["lengths"].as_array() {
            None => Pass::evaluation(),
            Some(lengths) => {
                let lengths: Vec<_> =
                    lengths.iter().map(|length| length.as_u64().expect("a length") as usize).collect();
                Pass::evaluation().with_mask(Mask::from_lengths(&lengths, self.file.time))
            }
        }
    }
}

/// The gradients of a layer's weights.
pub(crate) fn gradients(layer: &Recurrent, gradients: &Gradients) -> Weights {
    let of = |parameter: Tensor<2>| {
        let gradient = parameter.grad(gradients).expect("every weight has a gradient");
        gradient.into_data().try_into_vec::<f32>().expect("floats")
    };
    let mut weights = Weights::zeros(layer.cell(), layer.d_input(), layer.d_hidden());
    weights.kernel = of(layer.kernel.val());
    weights.recurrent = of(layer.recurrent.val());
    weights.bias = of(layer.bias.as_ref().expect("biases").val());
    weights
}

/// Collects what differs: relative error below 1e-4, absolute 1e-5.
pub(crate) struct Check<'a> {
    place: &'a str,
    differences: Vec<String>,
}

impl Check<'_> {
    pub(crate) fn tensor<const D: usize>(&mut self, what: &str, found: Tensor<D>, expected: &Golden) {
        assert_eq!(&found.dims()[..], &expected.shape[..], "{}: the shape of {what}", self.place);
        self.numbers(what, &found.into_data().try_into_vec::<f32>().expect("floats"), &expected.data);
    }

    pub(crate) fn numbers(&mut self, what: &str, found: &[f32], expected: &[f32]) {
        assert_eq!(found.len(), expected.len(), "{}: the length of {what}", self.place);
        let error = |(found, expected): (&f32, &f32)| {
            let error = (found - expected).abs() / (1e-5 + 1e-4 * expected.abs());
            if error.is_nan() { f32::INFINITY } else { error }
        };
        let errors = found.iter().zip(expected).map(error).enumerate();
        let Some((index, worst)) = errors.max_by(|a, b| a.1.total_cmp(&b.1)) else { return };
        if worst > 1.0 {
            let (found, expected) = (found[index], expected[index]);
            self.differences.push(format!("{}: {what}[{index}] is {found}, expected {expected}", self.place));
        }
    }
}

/// Joins the two directions.
pub(crate) fn bidirectional(forward: Recurrent, reverse: Recurrent, merge: Merge) -> Bidirectional {
    Bidirectional::new(forward, reverse, merge)
}

//! Reads golden files and holds a layer against one case: outputs, final states, and every gradient of
//! `sum(output * d_output) + sum(final_state * d_final_state)`.

mod keras;
mod pytorch;

use std::{collections::BTreeMap, path::Path};

use burn::{
    module::Param,
    tensor::{Device, Gradients, Tensor, TensorData},
};
use recurrent_cells::{
    Activation, Cell, Direction, Implementation, Mask, Merge, Pass, Recurrence, Recurrent, RecurrentConfig,
    Reset, Weights,
};
use serde::Deserialize;
use serde_json::Value;

/// One file: a size and its cases.
#[derive(Deserialize)]
pub(crate) struct File {
    pub(crate) time: usize,
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

/// How many layers lie on top of each other, and how each merges its two directions where it has those.
pub(crate) struct Shape {
    pub(crate) depth: usize,
    pub(crate) merge: Option<Merge>,
}

impl Kind {
    pub(crate) fn of(name: &str) -> Option<Self> {
        if name == "keras_pad_sequences" || name.starts_with("torch_rmsprop_") || name == "keras_rmsprop" {
            return Some(Self::Elsewhere);
        }
        // Behind a dot stands what tells a case from others of its kind.
        let name = name.split_once('.').map_or(name, |(kind, _)| kind);
        let name = name.strip_suffix("_masked").unwrap_or(name);
        let (framework, rest) = match name.split_once('_')? {
            ("torch", rest) => (Framework::PyTorch, rest),
            ("keras", rest) => (Framework::Keras, rest),
            _ => return None,
        };
        let (depth, rest) = if let Some(rest) = rest.strip_prefix("two_layers_") {
            (2, rest.to_owned())
        } else if rest.contains("_two_layers") {
            (2, rest.replace("_two_layers", ""))
        } else {
            (1, rest.to_owned())
        };
        let (merge, rest) = if let Some(rest) = rest.strip_prefix("bidirectional_") {
            let (cell, merge) = rest.rsplit_once('_')?;
            (Some(merge_of(merge)?), cell)
        } else if let Some(rest) = rest.strip_suffix("_bidirectional") {
            (Some(Merge::Concat), rest)
        } else {
            (None, rest.as_str())
        };
        let shape = Shape { depth, merge };
        let vanilla = rest.strip_prefix("simple_").unwrap_or(rest).strip_prefix("rnn_");
        let cell = match rest {
            _ if vanilla.is_some() => Cell::Rnn(activation_of(vanilla?)?),
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

/// An activation by its name in Keras.
fn activation_of(name: &str) -> Option<Activation> {
    serde_json::from_value(Value::String(name.replace('_', ""))).ok()
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
        let mut config = RecurrentConfig::new(self.cell, weights.input, weights.hidden)
            .with_direction(direction)
            .with_bias(!weights.bias.is_empty())
            .with_projection((!weights.projection.is_empty()).then_some(weights.output))
            .with_implementation(self.implementation);
        for (option, name) in self.case["options"].as_object().into_iter().flatten() {
            let activation = name.as_str().and_then(activation_of);
            let activation = activation.unwrap_or_else(|| panic!("`{option}`: unknown activation {name}"));
            config = match option.as_str() {
                "recurrent_activation" => config.with_gate_activation(activation),
                "activation" if self.cell.has_memory() => {
                    config.with_candidate_activation(activation).with_output_activation(activation)
                }
                "activation" => config.with_candidate_activation(activation),
                _ => panic!("unknown option `{option}`"),
            };
        }
        config.init_with(weights, self.device)
    }

    /// The lengths of a padded batch.
    fn lengths(&self) -> Option<Vec<usize>> {
        let lengths = self.case["lengths"].as_array()?;
        Some(lengths.iter().map(|length| length.as_u64().expect("a length") as usize).collect())
    }

    pub(crate) fn pass(&self) -> Pass {
        match self.lengths() {
            None => Pass::evaluation(),
            Some(lengths) => Pass::evaluation().with_mask(Mask::from_lengths(&lengths, self.file.time)),
        }
    }

    /// 1 where a step is real and 0 where it is padding, `[batch, time, 1]`.
    pub(crate) fn real_steps(&self) -> Option<Tensor<3>> {
        let (lengths, time) = (self.lengths()?, self.file.time);
        let steps = lengths.iter().flat_map(|length| (0..time).map(move |step| f32::from(step < *length)));
        let data = TensorData::new(steps.collect::<Vec<_>>(), [lengths.len(), time, 1]);
        Some(Tensor::from_data(data, self.device))
    }
}

/// The gradients of a layer's weights.
pub(crate) fn gradients(layer: &Recurrent, gradients: &Gradients) -> Weights {
    let of = |parameter: Tensor<2>| {
        let gradient = parameter.grad(gradients).expect("every weight has a gradient");
        gradient.into_data().try_into_vec::<f32>().expect("floats")
    };
    let or_none =
        |parameter: &Option<Param<Tensor<2>>>| parameter.as_ref().map_or_else(Vec::new, |it| of(it.val()));
    let mut weights = Weights::zeros(layer.cell(), layer.d_input(), layer.d_hidden());
    weights.output = layer.d_output();
    weights.kernel = of(layer.kernel.val());
    weights.recurrent = of(layer.recurrent.val());
    weights.bias = or_none(&layer.bias);
    weights.projection = or_none(&layer.projection);
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

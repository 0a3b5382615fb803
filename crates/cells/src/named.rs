//! The weights of a whole stack by the names that PyTorch and Keras give them.

use std::fmt;

use burn::tensor::Device;

use recurrent_backend::NamedTensors;

use crate::{
    bidirectional::{Bidirectional, Merge},
    config::RecurrentConfig,
    layer::Recurrent,
    layouts::{KerasWeights, PyTorchWeights, Weights},
    stack::{Stack, StackConfig},
};

/// Why weights could not be taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameError {
    /// There is no such tensor.
    Missing {
        /// The name that was looked for.
        name: String,
        /// The names that there are.
        found: Vec<String>,
    },
    /// Several tensors could be meant.
    Ambiguous {
        /// The name that was looked for.
        name: String,
        /// What ends alike.
        found: Vec<String>,
    },
    /// A tensor is of another shape.
    Shape {
        /// Its name.
        name: String,
        /// Its shape.
        found: Vec<usize>,
        /// That of the layer.
        expected: Vec<usize>,
    },
    /// The framework does not have the cell.
    Cell(String),
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { name, found } => {
                write!(f, "there is no tensor `{name}`; there are {}", listed(found))
            }
            Self::Ambiguous { name, found } => {
                write!(f, "`{name}` could be any of {}; give more of its path", listed(found))
            }
            Self::Shape { name, found, expected } => {
                write!(f, "tensor `{name}` has shape {found:?}, expected {expected:?}")
            }
            Self::Cell(cell) => f.write_str(cell),
        }
    }
}

impl std::error::Error for NameError {}

/// Some names, and how many more.
fn listed(names: &[String]) -> String {
    const SHOWN: usize = 8;
    let shown: Vec<_> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    match names.len() {
        0 => "none".to_owned(),
        count if count <= SHOWN => shown.join(", "),
        count => format!("{}, and {} more", shown.join(", "), count - SHOWN),
    }
}

/// From PyTorch.
impl StackConfig {
    /// Makes the stack with the weights of PyTorch's `nn.RNN`, `nn.LSTM` or `nn.GRU` by the names of its state dict,
    /// `weight_ih_l0` and so on, behind `prefix`: `"encoder.lstm."`, or nothing.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    ///
    /// use burn::tensor::TensorData;
    /// use recurrent_backend::BackendKind;
    /// use recurrent_cells::{Cell, RecurrentConfig, StackConfig};
    ///
    /// let names = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"];
    /// let shapes = [vec![12, 2], vec![12, 3], vec![12], vec![12]]; // an LSTM of 3 units on 2 features
    /// let tensors: BTreeMap<_, _> = names.into_iter().zip(shapes).map(|(name, shape)| {
    ///     let count = shape.iter().product();
    ///     (format!("rnn.{name}"), TensorData::new(vec![0.1f32; count], shape))
    /// }).collect();
    /// let config = StackConfig::new(RecurrentConfig::new(Cell::Lstm, 2, 3), 1);
    /// let stack = config.init_pytorch("rnn.", &tensors, &BackendKind::Flex.open()?)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// A tensor is missing or of another shape, or PyTorch does not have the cell.
    ///
    /// # Panics
    /// As [`init`](Self::init).
    pub fn init_pytorch(
        &self,
        prefix: &str,
        tensors: &NamedTensors,
        device: &Device,
    ) -> Result<Stack<Recurrent>, NameError> {
        let layers = self.layers(self.layer.d_output()).enumerate().map(|(place, layer)| {
            let weights = pytorch_weights(&layer, &format!("{prefix}NAME_l{place}"), tensors)?;
            Ok(layer.init_with(&weights, device))
        });
        Ok(Stack::new(layers.collect::<Result<_, NameError>>()?, self.dropout))
    }

    /// The same for `bidirectional=True`; the outputs of both directions stand side by side.
    ///
    /// # Errors
    /// As [`init_pytorch`](Self::init_pytorch).
    ///
    /// # Panics
    /// As [`init`](Self::init).
    pub fn init_bidirectional_pytorch(
        &self,
        prefix: &str,
        tensors: &NamedTensors,
        device: &Device,
    ) -> Result<Stack<Bidirectional>, NameError> {
        let layers = self.both(Merge::Concat).enumerate().map(|(place, both)| {
            let name = format!("{prefix}NAME_l{place}");
            let forward = pytorch_weights(&both.layer, &name, tensors)?;
            let reverse = pytorch_weights(&both.layer, &format!("{name}_reverse"), tensors)?;
            Ok(both.init_with([&forward, &reverse], device))
        });
        Ok(Stack::new(layers.collect::<Result<_, NameError>>()?, self.dropout))
    }

    /// Makes the stack with the weights of Keras's layers by the paths of their variables. Each of `layers` is what the paths of one
    /// layer begin with, or a part of it: `"lstm_1"` finds `sequential/lstm_1/lstm_cell/kernel`.
    ///
    /// # Errors
    /// A variable is missing, more than one could be meant, or one is of another shape.
    ///
    /// # Panics
    /// There are not as many names as layers, or as [`init`](Self::init).
    pub fn init_keras(
        &self,
        layers: &[&str],
        tensors: &NamedTensors,
        device: &Device,
    ) -> Result<Stack<Recurrent>, NameError> {
        assert_eq!(layers.len(), self.depth, "a name for each layer");
        let configs = self.layers(self.layer.d_output()).zip(layers).map(|(layer, name)| {
            let weights = keras_weights(&layer, &[name], tensors)?;
            Ok(layer.init_with(&weights, device))
        });
        Ok(Stack::new(configs.collect::<Result<_, NameError>>()?, self.dropout))
    }

    /// The same for Keras's `Bidirectional` layers, whose halves have `forward` and `backward` in their paths.
    ///
    /// # Errors
    /// As [`init_keras`](Self::init_keras).
    ///
    /// # Panics
    /// As [`init_keras`](Self::init_keras).
    pub fn init_bidirectional_keras(
        &self,
        layers: &[&str],
        merge: Merge,
        tensors: &NamedTensors,
        device: &Device,
    ) -> Result<Stack<Bidirectional>, NameError> {
        assert_eq!(layers.len(), self.depth, "a name for each layer");
        let layers = self.both(merge).zip(layers).map(|(both, name)| {
            let forward = keras_weights(&both.layer, &[name, "forward"], tensors)?;
            let reverse = keras_weights(&both.layer, &[name, "backward"], tensors)?;
            Ok(both.init_with([&forward, &reverse], device))
        });
        Ok(Stack::new(layers.collect::<Result<_, NameError>>()?, self.dropout))
    }
}

/// One layer and direction; `name` has NAME where PyTorch has `weight_ih`.
fn pytorch_weights(
    layer: &RecurrentConfig,
    name: &str,
    tensors: &NamedTensors,
) -> Result<Weights, NameError> {
    let (input, hidden, output) = (layer.d_input, layer.d_hidden, layer.d_output());
    if layer.cell.equations().shape().gates.iter().any(|gate| gate.pytorch.is_none()) {
        return Err(NameError::Cell(format!("PyTorch does not have the cell {:?}", layer.cell)));
    }
    let width = layer.cell.gates() * hidden;
    let of = |part: &str, shape: &[usize]| numbers(tensors, &name.replace("NAME", part), shape);
    let or_none = |is_there: bool, part: &str, shape: &[usize]| {
        if is_there { of(part, shape) } else { Ok(Vec::new()) }
    };
    let theirs = PyTorchWeights {
        weight_ih: of("weight_ih", &[width, input])?,
        weight_hh: of("weight_hh", &[width, output])?,
        bias_ih: or_none(layer.bias, "bias_ih", &[width])?,
        bias_hh: or_none(layer.bias, "bias_hh", &[width])?,
        weight_hr: or_none(layer.projection.is_some(), "weight_hr", &[output, hidden])?,
    };
    Ok(Weights::from_pytorch(layer.cell, input, hidden, &theirs))
}

/// One layer and direction; each of `parts` is in its variables' paths.
fn keras_weights(
    layer: &RecurrentConfig,
    parts: &[&str],
    tensors: &NamedTensors,
) -> Result<Weights, NameError> {
    let (input, hidden) = (layer.d_input, layer.d_hidden);
    let width = layer.cell.gates() * hidden;
    let of = |variable: &str, shape: &[usize]| {
        let name = keras_name(parts, variable, tensors)?;
        numbers(tensors, &name, shape)
    };
    let bias_rows = layer.cell.bias_rows();
    let bias_shape = if bias_rows > 1 { vec![bias_rows, width] } else { vec![width] };
    let theirs = KerasWeights {
        kernel: of("kernel", &[input, width])?,
        recurrent_kernel: of("recurrent_kernel", &[hidden, width])?,
        bias: if layer.bias { of("bias", &bias_shape)? } else { Vec::new() },
    };
    Ok(Weights::from_keras(layer.cell, input, hidden, &theirs))
}

/// The one path that ends with a variable and has every part in it: a part as a whole piece of the path, or, as Keras calls the halves
/// of `Bidirectional` `forward_lstm` and `backward_lstm`, the beginning of one.
fn keras_name(parts: &[&str], variable: &str, tensors: &NamedTensors) -> Result<String, NameError> {
    let fits = |path: &str| {
        let mut pieces: Vec<_> = path.split('/').collect();
        // TensorFlow's own names end in `:0`.
        let last = pieces.pop().unwrap_or_default();
        let is_in = |part: &&str| {
            let wanted: Vec<_> = part.split('/').collect();
            pieces.windows(wanted.len()).any(|window| window == wanted)
                || pieces.iter().any(|piece| {
                    piece.strip_prefix(*part).is_some_and(|rest| rest.starts_with('_') && is_half(part))
                })
        };
        last.strip_suffix(":0").unwrap_or(last) == variable && parts.iter().all(is_in)
    };
    let found: Vec<_> = tensors.keys().filter(|path| fits(path)).cloned().collect();
    let name = || format!("{}/../{variable}", parts.join("/../"));
    match &found[..] {
        [one] => Ok(one.clone()),
        [] => Err(NameError::Missing { name: name(), found: tensors.keys().cloned().collect() }),
        _ => Err(NameError::Ambiguous { name: name(), found }),
    }
}

fn is_half(part: &str) -> bool {
    ["forward", "backward"].contains(&part)
}

/// A tensor's numbers, where it has this shape.
fn numbers(tensors: &NamedTensors, name: &str, expected: &[usize]) -> Result<Vec<f32>, NameError> {
    let Some(data) = tensors.get(name) else {
        let found = tensors.keys().cloned().collect();
        return Err(NameError::Missing { name: name.to_owned(), found });
    };
    let found = data.shape().to_vec();
    if found != expected {
        return Err(NameError::Shape { name: name.to_owned(), found, expected: expected.to_vec() });
    }
    Ok(data.iter::<f32>().collect())
}

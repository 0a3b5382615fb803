//! Weights as safetensors, with the names and in the layout of PyTorch or of Keras.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use recurrent_cells::{Activation, Cell, Direction, Merge, Reset, Weights};
use safetensors::{Dtype, tensor::TensorView};

use super::{
    plain::{Extra, lacking},
    write_whole,
};
use crate::{
    dense::{Embedding, Linear, transpose},
    error::Error,
    layer::{Layer, Layers},
};

/// Weights by name, to be written as safetensors: as PyTorch's `load_state_dict(strict=True)` takes them, or by the
/// paths of Keras's variables.
///
/// ```
/// use recurrent_backend::{BackendKind, Seed};
/// use recurrent_cells::{Cell, RecurrentConfig, StackConfig};
/// use recurrent_exchange::{ForeignFile, Layers, StateDict, Told};
///
/// let lstm = StackConfig::new(RecurrentConfig::new(Cell::Lstm, 4, 6), 2).init(Seed(1), &BackendKind::Flex.open()?);
/// let mut weights = StateDict::pytorch();
/// weights.layers("encoder.lstm", &Layers::from(&lstm))?;
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("encoder.safetensors");
/// weights.write(&path)?;
/// assert_eq!(ForeignFile::open(&path)?.layers("lstm", &Told::default())?.layers.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct StateDict {
    names: Names,
    tensors: BTreeMap<String, (Vec<usize>, Vec<f32>)>,
    metadata: HashMap<String, String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Names {
    PyTorch,
    Keras,
}

impl StateDict {
    /// Nothing yet, for PyTorch.
    pub fn pytorch() -> Self {
        Self::of(Names::PyTorch, "pt")
    }

    /// Nothing yet, for Keras.
    pub fn keras() -> Self {
        Self::of(Names::Keras, "keras")
    }

    fn of(names: Names, format: &str) -> Self {
        let metadata = HashMap::from([("format".to_owned(), format.to_owned())]);
        Self { names, tensors: BTreeMap::new(), metadata }
    }

    /// Says something of the model, for whoever uses the file: a key and a text.
    pub fn describe(&mut self, key: &str, text: impl Into<String>) {
        self.metadata.insert(key.to_owned(), text.into());
    }

    /// Adds recurrent layers. For PyTorch the name is that of the module, `encoder.lstm`, or empty for a layer by
    /// itself. For Keras it is the paths of the layers, with commas between: `sequential/lstm,sequential/lstm_1`.
    ///
    /// # Errors
    /// The framework does not have what a layer is, or there are not as many names as layers.
    pub fn layers(&mut self, name: &str, layers: &Layers) -> Result<(), Error> {
        match self.names {
            Names::PyTorch => self.module(name, layers),
            Names::Keras => self.paths(name, layers),
        }
    }

    /// Adds vectors of tokens.
    pub fn embedding(&mut self, name: &str, embedding: &Embedding) {
        let (shape, vectors) = (vec![embedding.vocabulary, embedding.features], embedding.vectors.clone());
        match self.names {
            Names::PyTorch => self.add(dotted(name, "weight"), shape, vectors),
            Names::Keras => self.add(format!("{name}/embeddings"), shape, vectors),
        }
    }

    /// Adds a linear layer.
    pub fn linear(&mut self, name: &str, linear: &Linear) {
        let Linear { input, output, weight, bias, .. } = linear;
        let bias_name = match self.names {
            Names::PyTorch => {
                let weight = transpose(weight, *input, *output);
                self.add(dotted(name, "weight"), vec![*output, *input], weight);
                dotted(name, "bias")
            }
            Names::Keras => {
                self.add(format!("{name}/kernel"), vec![*input, *output], weight.clone());
                format!("{name}/bias")
            }
        };
        self.add(bias_name, vec![bias.len()], bias.clone());
    }

    /// Writes the file, whole or not at all.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        let bytes: BTreeMap<_, Vec<u8>> = self
            .tensors
            .iter()
            .map(|(name, (_, numbers))| {
                (name, numbers.iter().flat_map(|number| number.to_le_bytes()).collect())
            })
            .collect();
        let invalid = |error: safetensors::SafeTensorError| Error::invalid(path, error.to_string());
        let mut views = Vec::with_capacity(bytes.len());
        for (name, (shape, _)) in &self.tensors {
            views.push((name, TensorView::new(Dtype::F32, shape.clone(), &bytes[name]).map_err(invalid)?));
        }
        let metadata = Some(self.metadata.clone());
        write_whole(path, &safetensors::serialize(views, metadata).map_err(invalid)?)
    }

    /// Adds a tensor, where it has numbers.
    fn add(&mut self, name: String, shape: Vec<usize>, numbers: Vec<f32>) {
        if !numbers.is_empty() {
            self.tensors.insert(name, (shape, numbers));
        }
    }

    /// The layers of one module of PyTorch, which are alike.
    fn module(&mut self, name: &str, layers: &Layers) -> Result<(), Error> {
        check_pytorch(name, layers)?;
        for (place, layer) in layers.layers.iter().enumerate() {
            for (weights, end) in layer.weights.iter().zip(["", "_reverse"]) {
                self.add_pytorch(name, &format!("l{place}{end}"), weights);
            }
        }
        Ok(())
    }

    fn add_pytorch(&mut self, name: &str, end: &str, weights: &Weights) {
        let Weights { input, hidden, output, .. } = *weights;
        let width = weights.cell.gates() * hidden;
        let theirs = weights.to_pytorch();
        let parts = [
            ("weight_ih", theirs.weight_ih, vec![width, input]),
            ("weight_hh", theirs.weight_hh, vec![width, output]),
            ("bias_ih", theirs.bias_ih, vec![width]),
            ("bias_hh", theirs.bias_hh, vec![width]),
            ("weight_hr", theirs.weight_hr, vec![output, hidden]),
        ];
        for (part, numbers, shape) in parts {
            self.add(dotted(name, &format!("{part}_{end}")), shape, numbers);
        }
    }

    /// Layers of Keras, each with a path of its own.
    fn paths(&mut self, names: &str, layers: &Layers) -> Result<(), Error> {
        let paths: Vec<_> = names.split(',').map(str::trim).collect();
        if paths.len() != layers.layers.len() {
            let (names_count, count) = (paths.len(), layers.layers.len());
            let problem = format!(
                "has {names_count} names for {count} layers; give a path for each, with commas between"
            );
            return Err(Error::not_written(names, problem));
        }
        for (path, layer) in paths.into_iter().zip(&layers.layers) {
            let class = check_keras(path, layer)?;
            let halves = match layer.merge {
                Some(_) => vec![format!("{path}/forward_{class}"), format!("{path}/backward_{class}")],
                None => vec![path.to_owned()],
            };
            for (half, weights) in halves.iter().zip(&layer.weights) {
                self.add_keras(&format!("{half}/{class}_cell"), weights);
            }
        }
        Ok(())
    }

    fn add_keras(&mut self, path: &str, weights: &Weights) {
        let Weights { input, hidden, cell, .. } = *weights;
        let width = cell.gates() * hidden;
        let theirs = weights.to_keras();
        let bias_shape = if cell.bias_rows() > 1 { vec![cell.bias_rows(), width] } else { vec![width] };
        self.add(format!("{path}/kernel"), vec![input, width], theirs.kernel);
        self.add(format!("{path}/recurrent_kernel"), vec![hidden, width], theirs.recurrent_kernel);
        self.add(format!("{path}/bias"), bias_shape, theirs.bias);
    }
}

/// A name within a module, which may be nameless.
fn dotted(module: &str, name: &str) -> String {
    if module.is_empty() { name.to_owned() } else { format!("{module}.{name}") }
}

/// PyTorch's modules are stacks of like layers of its three cells.
fn check_pytorch(name: &str, layers: &Layers) -> Result<(), Error> {
    let refuse = |problem: String| Err(Error::not_written(name, problem));
    let Some(first) = layers.layers.first() else { return refuse("has no layer".to_owned()) };
    for layer in &layers.layers {
        let config = &layer.config;
        let plain = [config.gate_activation, config.candidate_activation, config.output_activation]
            == [Activation::Sigmoid, Activation::Tanh, Activation::Tanh];
        let problem = match config.cell {
            _ if lacking(config, &[Extra::Projection]).is_some() => {
                format!(
                    "PyTorch has no layer with {}",
                    lacking(config, &[Extra::Projection]).unwrap_or_default()
                )
            }
            Cell::Gru(Reset::Before) => {
                "PyTorch's GRU resets after the product; ONNX and Keras have both".to_owned()
            }
            Cell::Rnn(Activation::Tanh | Activation::Relu) | Cell::Lstm | Cell::Gru(_) if !plain => {
                "PyTorch's layers have the sigmoid in their gates and tanh elsewhere".to_owned()
            }
            Cell::Rnn(activation) if !matches!(activation, Activation::Tanh | Activation::Relu) => {
                format!("PyTorch's vanilla cell has tanh or the rectifier, not {activation:?}")
            }
            _ if config.direction == Direction::Reverse => {
                "PyTorch has no layer that reads in reverse alone".to_owned()
            }
            _ if layer.merge.is_some_and(|merge| merge != Merge::Concat) => {
                "PyTorch puts the outputs of both directions side by side".to_owned()
            }
            _ if !is_alike(first, layer) => {
                "the layers of one module of PyTorch are alike; write each under a name of its own".to_owned()
            }
            _ => continue,
        };
        return refuse(problem);
    }
    Ok(())
}

fn is_alike(first: &Layer, layer: &Layer) -> bool {
    let of = |layer: &Layer| {
        let config = &layer.config;
        (config.cell, config.d_hidden, config.projection, config.bias, layer.merge)
    };
    of(first) == of(layer)
}

/// What Keras calls the layer, in its paths.
fn check_keras(name: &str, layer: &Layer) -> Result<&'static str, Error> {
    if let Some(lacking) = lacking(&layer.config, &[]) {
        return Err(Error::not_written(name, format!("Keras has no layer with {lacking}")));
    }
    Ok(match layer.config.cell {
        Cell::Rnn(_) => "simple_rnn",
        Cell::Lstm => "lstm",
        _ => "gru",
    })
}

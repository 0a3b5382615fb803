//! What the tests of this crate share: files of other frameworks with inputs and outputs, and the models that they are.

#![allow(dead_code, unreachable_pub, reason = "not every test needs all of it")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use burn::tensor::{Device, Int, Tensor, TensorData, activation};
use recurrent_backend::BackendKind;
use recurrent_cells::{Activation, Input, Pass, Recurrence, Stack, State};
use recurrent_exchange::{AnyLayer, AnyState, Error, ForeignFile, Layers, Linear, Told};
use serde::Deserialize;

/// The files that come with the crate.
pub fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files")
}

pub fn device() -> Device {
    BackendKind::Flex.open().expect("the processor")
}

/// The JSON beside a model.
#[derive(Deserialize)]
pub struct Sheet {
    pub model: serde_json::Value,
    pub cases: Vec<Case>,
    #[serde(default)]
    pub parameters: BTreeMap<String, Digest>,
}

#[derive(Deserialize)]
pub struct Case {
    pub inputs: Vec<Array>,
    pub outputs: Vec<Array>,
}

#[derive(Deserialize)]
pub struct Array {
    pub name: String,
    pub dtype: String,
    pub shape: Vec<usize>,
    pub data: Vec<f64>,
}

#[derive(Deserialize)]
pub struct Digest {
    pub shape: Vec<usize>,
    pub first: f32,
    pub last: f32,
}

impl Sheet {
    pub fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    pub fn name(&self) -> &str {
        self.model["name"].as_str().expect("a name")
    }

    /// What the caller has to know, since the file does not say it.
    pub fn told(&self) -> Told {
        match self.model["activation"].as_str() {
            Some("relu") => Told::default().with_activation(Activation::Relu),
            _ => Told::default(),
        }
    }

    /// Weights alone do not say what becomes of outputs.
    fn activated(&self, mut linear: Linear) -> Linear {
        let head = self.model["head"].as_str().unwrap_or_default();
        let named = ["softmax", "sigmoid"].into_iter().find(|activation| head.contains(activation));
        linear.activation = linear.activation.or(named.map(str::to_owned));
        linear
    }

    /// The name of the one layer of a class, in a model of Keras.
    fn layer(&self, class: &str) -> Option<&str> {
        let layers = self.model["layers_by_name"].as_array()?;
        layers.iter().find(|layer| layer[1] == class).and_then(|layer| layer[0].as_str())
    }
}

/// A whole model: what is before the recurrent layers, and behind them.
pub struct Model {
    layers: Stack<AnyLayer>,
    embedding: Option<burn::nn::Embedding>,
    head: Option<Linear>,
    /// Whether the last output alone goes on.
    takes_last: bool,
    is_time_major: bool,
}

impl Model {
    /// Puts the model together from a file, by what its sheet calls it.
    pub fn read(file: &ForeignFile, sheet: &Sheet) -> Result<(Self, Layers), Error> {
        let found = file.layers("", &sheet.told())?;
        let embedding = match (sheet.name(), sheet.layer("Embedding")) {
            (_, Some(layer)) => Some(file.embedding(layer)?),
            ("char_model" | "char_model_tied", _) => Some(file.embedding("encoder")?),
            _ => None,
        };
        let head = match (sheet.name(), sheet.layer("Dense")) {
            (_, Some(layer)) => Some(sheet.activated(file.linear(layer)?)),
            ("rnn_relu", _) => Some(file.linear("out")?),
            ("lstm_bidirectional", _) => Some(file.linear("fc")?),
            ("char_model" | "char_model_tied", _) => Some(file.linear("decoder")?),
            _ => None,
        };
        let is_char_model = sheet.name().starts_with("char_model");
        let model = Self {
            layers: found.init(&device()),
            embedding: embedding.map(|embedding| embedding.init(&device())),
            takes_last: head.is_some() && !is_char_model,
            head,
            is_time_major: sheet.name() == "rnn_tanh",
        };
        Ok((model, found))
    }

    /// The outputs by name: `output`, `h_n`, `c_n` and, of what stands behind, `y` or `logits`.
    pub fn run(&self, inputs: &[Array]) -> BTreeMap<String, (Vec<usize>, Vec<f32>)> {
        let state = (inputs.len() == 3).then(|| self.state(&inputs[1], &inputs[2]));
        let (outputs, state) = self.layers.sequence(self.input(&inputs[0]), state, &Pass::evaluation());
        let mut all = BTreeMap::new();
        let steps = if self.is_time_major { outputs.clone().swap_dims(0, 1) } else { outputs.clone() };
        put(&mut all, "output", steps);
        let directions: Vec<&State> = state.iter().flat_map(AnyState::directions).collect();
        let stacked = |states: Vec<Tensor<2>>| Tensor::stack::<3>(states, 0);
        put(&mut all, "h_n", stacked(directions.iter().map(|state| state.output.clone()).collect()));
        if directions.iter().all(|state| state.memory.is_some()) {
            put(
                &mut all,
                "c_n",
                stacked(directions.iter().filter_map(|state| state.memory.clone()).collect()),
            );
        }
        let Some(head) = &self.head else {
            put(&mut all, "y", outputs);
            return all;
        };
        let layer = head.init(&device());
        if self.takes_last {
            let y = layer.forward(self.layers.last_of(&state));
            let y = match head.activation.as_deref() {
                None => y,
                Some("sigmoid") => activation::sigmoid(y),
                Some("softmax") => activation::softmax(y, 1),
                Some(other) => panic!("the activation {other}"),
            };
            put(&mut all, "y", y.clone());
            put(&mut all, "logits", y);
        } else {
            put(&mut all, "logits", layer.forward(outputs));
        }
        all
    }

    fn input(&self, array: &Array) -> Input {
        if let Some(embedding) = &self.embedding {
            let data =
                TensorData::new(array.data.iter().map(|token| *token as i64).collect(), array.shape.clone());
            return Input::Dense(embedding.forward(Tensor::<2, Int>::from_data(data, &device())));
        }
        let x = tensor::<3>(array);
        Input::Dense(if self.is_time_major { x.swap_dims(0, 1) } else { x })
    }

    /// States of PyTorch, `[layers, batch, hidden]`, as ours.
    fn state(&self, output: &Array, memory: &Array) -> Vec<AnyState> {
        let (output, memory) = (tensor::<3>(output), tensor::<3>(memory));
        let of = |states: &Tensor<3>, layer: usize| states.clone().narrow(0, layer, 1).squeeze_dim::<2>(0);
        let state = |layer| State { output: of(&output, layer), memory: Some(of(&memory, layer)) };
        (0..self.layers.layers.len()).map(|layer| AnyState::OneWay(state(layer))).collect()
    }
}

pub fn tensor<const D: usize>(array: &Array) -> Tensor<D> {
    let floats: Vec<f32> = array.data.iter().map(|number| *number as f32).collect();
    Tensor::from_data(TensorData::new(floats, array.shape.clone()), &device())
}

fn put<const D: usize>(all: &mut BTreeMap<String, (Vec<usize>, Vec<f32>)>, name: &str, tensor: Tensor<D>) {
    let data = tensor.into_data();
    all.insert(name.to_owned(), (data.shape().to_vec(), data.iter::<f32>().collect()));
}

/// The largest difference, as a share of what is larger than 1.
pub fn difference(ours: &[f32], theirs: &[f64]) -> f64 {
    let pairs = ours.iter().zip(theirs);
    pairs.map(|(a, b)| (f64::from(*a) - b).abs() / b.abs().max(1.0)).fold(0.0, f64::max)
}

/// The files of a folder in order of their names.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

pub fn name(path: &Path) -> String {
    path.file_name().expect("a file").to_string_lossy().into_owned()
}

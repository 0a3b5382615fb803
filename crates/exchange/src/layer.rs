//! Recurrent layers between a file and the device: what each is, and its weights as plain numbers.

use std::fmt;

use burn::tensor::Device;
use recurrent_cells::{
    Bidirectional, BidirectionalConfig, Cell, Direction, Merge, Recurrent, RecurrentConfig, Reset, Stack,
    Weights,
};

use crate::{any_layer::AnyLayer, error::Error};

/// One recurrent layer: what it is, and its weights.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Layer {
    /// Its name in the file.
    pub name: String,
    /// Cell, sizes, biases, projection, activations and whatever else the file says.
    pub config: RecurrentConfig,
    /// How the outputs of both directions become one; without, the layer reads in the one direction that its
    /// configuration says.
    pub merge: Option<Merge>,
    /// The weights of each direction, forward first.
    pub weights: Vec<Weights>,
    /// What of the outputs the model goes on with, where the file says it.
    pub gives: Option<Gives>,
}

/// What of a layer's outputs a model goes on with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// The outputs of all steps.
    Steps,
    /// The [last output](recurrent_cells::Recurrence::last) alone.
    Last,
}

impl Layer {
    /// A layer in one direction.
    pub fn one_way(name: impl Into<String>, layer: &Recurrent) -> Self {
        let (config, weights) = (layer.config(), vec![layer.weights()]);
        Self { name: name.into(), config, merge: None, weights, gives: None }
    }

    /// A layer of both directions.
    pub fn both_ways(name: impl Into<String>, layer: &Bidirectional) -> Self {
        let config = layer.forward.config();
        let weights = vec![layer.forward.weights(), layer.reverse.weights()];
        Self { name: name.into(), config, merge: Some(layer.merge()), weights, gives: None }
    }

    /// The number of features of an output.
    pub fn d_output(&self) -> usize {
        self.config.d_output() * if self.merge == Some(Merge::Concat) { 2 } else { 1 }
    }

    /// The weights of each direction, with biases of zero where the layer has none.
    pub fn weights_with_bias(&self) -> Vec<Weights> {
        let mut all = self.weights.clone();
        for weights in all.iter_mut().filter(|weights| weights.bias.is_empty()) {
            weights.bias = Weights::zeros(weights.cell, weights.input, weights.hidden).bias;
        }
        all
    }

    /// Makes the layer on a device.
    ///
    /// # Panics
    /// The configuration or the weights were changed so that they no longer fit each other.
    pub fn init(&self, device: &Device) -> AnyLayer {
        match (self.merge, &self.weights[..]) {
            (None, [weights]) => AnyLayer::OneWay(self.config.init_with(weights, device)),
            (Some(merge), [forward, reverse]) => {
                let config = BidirectionalConfig::new(self.config.clone()).with_merge(merge);
                AnyLayer::BothWays(config.init_with([forward, reverse], device))
            }
            _ => {
                panic!("weights for each direction: {} of them, merged {:?}", self.weights.len(), self.merge)
            }
        }
    }
}

/// In a few words: `lstm: LSTM, 4 features to 6 units, both directions, without biases`.
impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let config = &self.config;
        let cell = match config.cell {
            Cell::Rnn(activation) => format!("vanilla RNN ({activation:?})"),
            Cell::Lstm => "LSTM".to_owned(),
            Cell::Gru(Reset::Before) => "GRU that resets before the product".to_owned(),
            Cell::Gru(Reset::After) => "GRU that resets after the product".to_owned(),
            other => format!("{other:?}"),
        };
        write!(f, "{}: {cell}, {} features to {} units", self.name, config.d_input, config.d_hidden)?;
        if let Some(projection) = config.projection {
            write!(f, ", projected to {projection}")?;
        }
        match (self.merge, config.direction) {
            (Some(Merge::Concat), _) => f.write_str(", both directions")?,
            (Some(merge), _) => write!(f, ", both directions ({merge:?})")?,
            (None, Direction::Reverse) => f.write_str(", in reverse")?,
            (None, Direction::Forward) => {}
        }
        f.write_str(if config.bias { "" } else { ", without biases" })
    }
}

/// Recurrent layers on top of each other.
#[derive(Clone, Debug)]
pub struct Layers {
    /// The layers, the first reads the input.
    pub layers: Vec<Layer>,
}

impl Layers {
    /// Makes the layers on a device, ready to run.
    ///
    /// # Panics
    /// There is no layer, or as [`Layer::init`].
    pub fn init(&self, device: &Device) -> Stack<AnyLayer> {
        Stack::new(self.layers.iter().map(|layer| layer.init(device)).collect(), 0.0)
    }

    /// Makes the layers on a device, where each reads in one direction.
    ///
    /// # Errors
    /// One reads in both.
    ///
    /// # Panics
    /// As [`init`](Self::init).
    pub fn one_way(&self, device: &Device) -> Result<Stack<Recurrent>, Error> {
        let layers = self.layers.iter().map(|layer| match layer.init(device) {
            AnyLayer::OneWay(made) => Ok(made),
            AnyLayer::BothWays(_) => Err(other_kind(layer, "reads in both directions; ask for `both_ways`")),
        });
        Ok(Stack::new(layers.collect::<Result<_, _>>()?, 0.0))
    }

    /// Makes the layers on a device, where each reads in both directions.
    ///
    /// # Errors
    /// One reads in one direction.
    ///
    /// # Panics
    /// As [`init`](Self::init).
    pub fn both_ways(&self, device: &Device) -> Result<Stack<Bidirectional>, Error> {
        let layers = self.layers.iter().map(|layer| match layer.init(device) {
            AnyLayer::BothWays(made) => Ok(made),
            AnyLayer::OneWay(_) => Err(other_kind(layer, "reads in one direction; ask for `one_way`")),
        });
        Ok(Stack::new(layers.collect::<Result<_, _>>()?, 0.0))
    }

    /// The number of features that the first layer reads.
    ///
    /// # Panics
    /// There is no layer.
    pub fn d_input(&self) -> usize {
        self.layers.first().expect("at least one layer").config.d_input
    }

    /// The number of features of an output of the last layer.
    ///
    /// # Panics
    /// There is no layer.
    pub fn d_output(&self) -> usize {
        self.layers.last().expect("at least one layer").d_output()
    }
}

fn other_kind(layer: &Layer, problem: &str) -> Error {
    Error::Direction { layer: layer.to_string(), problem: problem.to_owned() }
}

impl From<&Stack<Recurrent>> for Layers {
    fn from(stack: &Stack<Recurrent>) -> Self {
        let layers = stack.layers.iter().enumerate();
        Self { layers: layers.map(|(place, layer)| Layer::one_way(format!("l{place}"), layer)).collect() }
    }
}

impl From<&Stack<Bidirectional>> for Layers {
    fn from(stack: &Stack<Bidirectional>) -> Self {
        let layers = stack.layers.iter().enumerate();
        Self { layers: layers.map(|(place, layer)| Layer::both_ways(format!("l{place}"), layer)).collect() }
    }
}

impl From<&Stack<AnyLayer>> for Layers {
    fn from(stack: &Stack<AnyLayer>) -> Self {
        let layers = stack.layers.iter().enumerate().map(|(place, layer)| match layer {
            AnyLayer::OneWay(layer) => Layer::one_way(format!("l{place}"), layer),
            AnyLayer::BothWays(layer) => Layer::both_ways(format!("l{place}"), layer),
        });
        Self { layers: layers.collect() }
    }
}

impl From<&Recurrent> for Layers {
    fn from(layer: &Recurrent) -> Self {
        Self { layers: vec![Layer::one_way("l0", layer)] }
    }
}

impl From<&Bidirectional> for Layers {
    fn from(layer: &Bidirectional) -> Self {
        Self { layers: vec![Layer::both_ways("l0", layer)] }
    }
}

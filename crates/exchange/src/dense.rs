//! What stands before and after recurrent layers: embeddings and linear layers.

use burn::{
    module::Param,
    nn,
    tensor::{Device, TensorData},
};

/// Vectors of tokens.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Embedding {
    /// The number of tokens.
    pub vocabulary: usize,
    /// The numbers of each vector.
    pub features: usize,
    /// `[vocabulary, features]`, row-major.
    pub vectors: Vec<f32>,
    /// Whether token 0 is padding, whose steps are masked (Keras's `mask_zero`).
    pub masks_zero: bool,
}

impl Embedding {
    /// Vectors of tokens, `[vocabulary, features]`, row-major.
    ///
    /// # Panics
    /// There is no token, or the numbers are not those of whole vectors.
    pub fn new(vocabulary: usize, vectors: Vec<f32>) -> Self {
        assert!(vocabulary > 0 && vectors.len().is_multiple_of(vocabulary), "whole vectors of some tokens");
        Self { vocabulary, features: vectors.len() / vocabulary, vectors, masks_zero: false }
    }

    /// Makes Burn's layer on a device.
    pub fn init(&self, device: &Device) -> nn::Embedding {
        let config = nn::EmbeddingConfig::new(self.vocabulary, self.features);
        let mut layer = config.with_initializer(nn::Initializer::Zeros).init(device);
        let data = TensorData::new(self.vectors.clone(), [self.vocabulary, self.features]);
        layer.weight = Param::from_data(data, device);
        layer
    }
}

/// A linear layer, `y = x W + b`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Linear {
    /// The number of input features.
    pub input: usize,
    /// The number of outputs.
    pub output: usize,
    /// `[input, output]`, row-major, as in Burn and Keras; PyTorch's is transposed.
    pub weight: Vec<f32>,
    /// `[output]`; empty without.
    pub bias: Vec<f32>,
    /// What the file says becomes of the outputs, in its own word: `sigmoid`, `softmax`. PyTorch's files do not say it.
    pub activation: Option<String>,
}

impl Linear {
    /// A linear layer of `[input, output]` weights, row-major, and as many biases as outputs, or none.
    ///
    /// # Panics
    /// There is no input, the numbers are not those of whole rows, or the biases are others.
    pub fn new(input: usize, weight: Vec<f32>, bias: Vec<f32>) -> Self {
        assert!(input > 0 && weight.len().is_multiple_of(input), "whole rows of weights");
        let output = weight.len() / input;
        assert!(bias.is_empty() || bias.len() == output, "a bias for each output, or none");
        Self { input, output, weight, bias, activation: None }
    }

    /// The same of weights that stand as `[output, input]`, as in PyTorch.
    pub(crate) fn transposed(output: usize, weight: &[f32], bias: Vec<f32>) -> Self {
        let input = weight.len() / output;
        Self::new(input, transpose(weight, output, input), bias)
    }

    /// Makes Burn's layer on a device.
    pub fn init(&self, device: &Device) -> nn::Linear {
        let config = nn::LinearConfig::new(self.input, self.output).with_bias(!self.bias.is_empty());
        let mut layer = config.with_initializer(nn::Initializer::Zeros).init(device);
        let data = TensorData::new(self.weight.clone(), [self.input, self.output]);
        layer.weight = Param::from_data(data, device);
        let bias = TensorData::new(self.bias.clone(), [self.bias.len()]);
        layer.bias = (!self.bias.is_empty()).then(|| Param::from_data(bias, device));
        layer
    }
}

/// Of `[rows, columns]` the `[columns, rows]`, row-major.
pub(crate) fn transpose(numbers: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    let column = |column: usize| (0..rows).map(move |row| numbers[row * columns + column]);
    (0..columns).flat_map(column).collect()
}

//! What becomes of a sum.

use burn::tensor::{
    Tensor,
    activation::{relu, sigmoid, silu},
};
use serde::{Deserialize, Serialize};

/// An activation, of a vanilla cell or of the gates of another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Activation {
    /// Hyperbolic tangent.
    #[default]
    Tanh,
    /// Rectifier, `max(0, x)`; a vanilla cell with it needs the orthogonal start of the recurrent kernel.
    Relu,
    /// `1 / (1 + exp(-x))`.
    Sigmoid,
    /// `min(max(x / 6 + 1/2, 0), 1)`, as PyTorch and Keras 3 have it. (Keras 2: `x / 5 + 1/2`.)
    HardSigmoid,
    /// `x` itself.
    Linear,
    /// `x / (1 + |x|)`.
    Softsign,
    /// `x * sigmoid(x)`, also called swish.
    Silu,
}

impl Activation {
    /// Activates each number.
    pub fn forward<const D: usize>(self, x: Tensor<D>) -> Tensor<D> {
        match self {
            Self::Tanh => x.tanh(),
            Self::Relu => relu(x),
            Self::Sigmoid => sigmoid(x),
            Self::HardSigmoid => (x / 6.0 + 0.5).clamp(0.0, 1.0),
            Self::Linear => x,
            Self::Softsign => x.clone() / (x.abs() + 1.0),
            Self::Silu => silu(x),
        }
    }
}

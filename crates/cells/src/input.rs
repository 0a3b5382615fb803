//! What a layer reads.

use burn::tensor::{Int, Tensor};

/// A batch of sequences.
#[derive(Clone, Debug)]
pub enum Input {
    /// Features at each step, `[batch, time, input]`.
    Dense(Tensor<3>),
    /// One-hot inputs by the place of the one, `[batch, time]`: the product with the input kernel is then a
    /// choice of rows, and a one-hot matrix is never built.
    Tokens(Tensor<2, Int>),
}

impl Input {
    /// The number of sequences and of steps.
    pub fn batch_and_time(&self) -> [usize; 2] {
        match self {
            Self::Dense(x) => {
                let [batch, time, _] = x.dims();
                [batch, time]
            }
            Self::Tokens(tokens) => tokens.dims(),
        }
    }
}

impl From<Tensor<3>> for Input {
    fn from(x: Tensor<3>) -> Self {
        Self::Dense(x)
    }
}

impl From<Tensor<2, Int>> for Input {
    fn from(tokens: Tensor<2, Int>) -> Self {
        Self::Tokens(tokens)
    }
}

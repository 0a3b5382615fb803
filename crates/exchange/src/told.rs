//! What files do not say, and the caller has to.

use recurrent_cells::{Activation, Merge, Reset};

/// What the caller knows and the file may not say. What the file says wins; where neither does, the default of the
/// framework holds.
///
/// | | who does not say it | default |
/// |---|---|---|
/// | `activation` | PyTorch, safetensors and `.weights.h5`, of a vanilla cell | tanh |
/// | `reset` | safetensors with Keras's names and `.weights.h5`, of a GRU without biases | after |
/// | `merge` | the same, of both directions | side by side |
///
/// ```
/// use recurrent_cells::Activation;
/// use recurrent_exchange::{OtherActivations, Told};
///
/// let told = Told::default().with_activation(Activation::Relu).with_others(OtherActivations::Composed);
/// assert_eq!(told.activation, Some(Activation::Relu));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Told {
    /// The activation of a vanilla cell.
    pub activation: Option<Activation>,
    /// Where a GRU resets.
    pub reset: Option<Reset>,
    /// How the outputs of both directions become one.
    pub merge: Option<Merge>,
    /// What to do with layers of other activations than the kernel has.
    pub others: OtherActivations,
}

/// What to do with a layer of other activations than the kernel has, an LSTM with the rectifier, say: it is computed
/// step by step from tensor operations, many times slower, and most often somebody chose it by mistake.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OtherActivations {
    /// An error that says so.
    #[default]
    Refused,
    /// Take it.
    Composed,
}

impl Told {
    /// Says the activation of a vanilla cell.
    pub fn with_activation(self, activation: Activation) -> Self {
        Self { activation: Some(activation), ..self }
    }

    /// Says where a GRU resets.
    pub fn with_reset(self, reset: Reset) -> Self {
        Self { reset: Some(reset), ..self }
    }

    /// Says how the outputs of both directions become one.
    pub fn with_merge(self, merge: Merge) -> Self {
        Self { merge: Some(merge), ..self }
    }

    /// Says what to do with other activations than the kernel has.
    pub fn with_others(self, others: OtherActivations) -> Self {
        Self { others, ..self }
    }
}

//! What a layer carries from one stretch of a sequence to the next.

use burn::tensor::{Device, Tensor};
use recurrent_backend::{Carry, NamedTensors};

/// The state of a [`Recurrent`](crate::Recurrent) layer.
#[derive(Clone, Debug)]
pub struct State {
    /// The output of the last step, `[batch, output]`.
    pub output: Tensor<2>,
    /// The LSTM's memory, `[batch, hidden]`.
    pub memory: Option<Tensor<2>>,
}

impl State {
    /// Cuts the state off from the steps that led to it; see [`Recurrence::detach`](crate::Recurrence::detach).
    pub fn detach(self) -> Self {
        Self { output: self.output.detach(), memory: self.memory.map(Tensor::detach) }
    }
}

/// So that a training loop can keep it: the tensors NAME.0 and, with a memory, NAME.1.
impl Carry for State {
    fn write(&self, name: &str, tensors: &mut NamedTensors) {
        (self.output.clone(), self.memory.clone()).write(name, tensors);
    }

    fn read(name: &str, tensors: &NamedTensors, device: &Device) -> Result<Self, String> {
        let (output, memory) = Carry::read(name, tensors, device)?;
        Ok(Self { output, memory })
    }
}

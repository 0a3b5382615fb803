//! What all recurrent layers have in common, in one screen.

use burn::tensor::{Device, Int, Tensor};

use crate::{input::Input, pass::Pass};

/// A layer that reads sequences and carries a state.
pub trait Recurrence {
    /// What is carried from one stretch of a sequence to the next.
    type State: Clone;

    /// The number of features of each output.
    fn d_output(&self) -> usize;

    /// The state before anything has been read: zeros, for `batch` sequences.
    fn zero_state(&self, batch: usize) -> Self::State;

    /// Reads a batch of sequences, `[batch, time, input]` or token indices `[batch, time]`, from `state` (zeros
    /// where there is none). Returns all outputs, `[batch, time, output]`, and the state after the last step.
    ///
    /// # Panics
    /// The input or the state is not of the layer's sizes, or a token is out of range.
    fn sequence(
        &self,
        input: impl Into<Input>,
        state: Option<Self::State>,
        pass: &Pass,
    ) -> (Tensor<3>, Self::State);

    /// Cuts the state off from the steps that led to it, for truncated backpropagation through time: the next
    /// stretch starts from its values and sends no gradient back.
    fn detach(state: Self::State) -> Self::State;

    /// Where the layer's weights are.
    fn device(&self) -> Device;

    /// The output that belongs to a state after a sequence, `[batch, output]`: what the layer gave when it had read all. With a mask
    /// of lengths that is the output of each sequence's own last real step; a layer that reads in reverse has read all at the first
    /// step, and one of two directions merges what each of them gave last, as PyTorch and Keras do.
    fn last_of(&self, state: &Self::State) -> Tensor<2>;

    /// Reads a batch of sequences and returns the [last output](Self::last_of) alone, `[batch, output]`, and the state.
    ///
    /// # Panics
    /// As [`sequence`](Self::sequence).
    fn last(
        &self,
        input: impl Into<Input>,
        state: Option<Self::State>,
        pass: &Pass,
    ) -> (Tensor<2>, Self::State) {
        let (_, state) = self.sequence(input, state, pass);
        (self.last_of(&state), state)
    }
}

const NOT_CAUSAL: &str =
    "a layer that reads in reverse begins at the last step, and cannot read step by step";

/// A layer that can read step by step, because it looks only backward: what generation needs.
pub trait Stepwise: Recurrence {
    /// Whether an output depends on this step and those before alone; not so of a layer that reads in reverse.
    fn is_causal(&self) -> bool;

    /// Reads one step, `[batch, input]`, as [`Pass::evaluation`] does. Returns the output, `[batch, output]`, and the new state.
    /// Steps one after the other give what [`Recurrence::sequence`] gives at once.
    ///
    /// # Panics
    /// The input or the state is not of the layer's sizes, or the layer is not [causal](Self::is_causal).
    fn step(&self, input: Tensor<2>, state: Self::State) -> (Tensor<2>, Self::State) {
        assert!(self.is_causal(), "{NOT_CAUSAL}");
        self.last(input.unsqueeze_dim::<3>(1), Some(state), &Pass::evaluation())
    }

    /// Reads one token for each sequence, `[batch]`; otherwise as [`step`](Self::step).
    ///
    /// # Panics
    /// A token is out of range, the state is not of the layer's sizes, or the layer is not [causal](Self::is_causal).
    fn step_token(&self, tokens: Tensor<1, Int>, state: Self::State) -> (Tensor<2>, Self::State) {
        assert!(self.is_causal(), "{NOT_CAUSAL}");
        self.last(tokens.unsqueeze_dim::<2>(1), Some(state), &Pass::evaluation())
    }
}

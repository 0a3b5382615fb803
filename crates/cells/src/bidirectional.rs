//! Two layers that read a sequence from both ends (Schuster and Paliwal 1997).

use burn::{
    config::Config,
    module::Module,
    tensor::{Device, Tensor},
};
use recurrent_backend::Seed;
use serde::{Deserialize, Serialize};

use crate::{
    config::RecurrentConfig, direction::Direction, input::Input, layer::Recurrent, layouts::Weights,
    pass::Pass, recurrence::Recurrence, state::State,
};

/// How the outputs of the two directions become one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Merge {
    /// Side by side, forward first: twice the features.
    #[default]
    Concat,
    /// Their sum.
    Sum,
    /// Their mean.
    Average,
    /// Their product.
    Multiply,
}

/// Configuration of a [`Bidirectional`] layer.
#[derive(Config, Debug)]
pub struct BidirectionalConfig {
    /// The layer of each direction; its own direction is not used.
    pub layer: RecurrentConfig,
    /// How the outputs become one.
    #[config(default = "Merge::Concat")]
    pub merge: Merge,
}

impl BidirectionalConfig {
    /// Makes the layer with initial weights as [`RecurrentConfig::init`] draws them.
    ///
    /// # Panics
    /// As [`RecurrentConfig::init`].
    pub fn init(&self, seed: Seed, device: &Device) -> Bidirectional {
        self.of(|layer, key| layer.init(seed.part(&[key]), device))
    }

    /// Makes the layer with zeros for weights, as [`RecurrentConfig::zeros`].
    ///
    /// # Panics
    /// As [`RecurrentConfig::init`].
    pub fn zeros(&self, device: &Device) -> Bidirectional {
        self.of(|layer, _| layer.zeros(device))
    }

    /// Makes the layer with given weights, those of the forward layer first.
    ///
    /// # Panics
    /// As [`RecurrentConfig::init_with`].
    pub fn init_with(&self, weights: [&Weights; 2], device: &Device) -> Bidirectional {
        self.of(|layer, key| layer.init_with(weights[key as usize], device))
    }

    fn of(&self, make: impl Fn(RecurrentConfig, u64) -> Recurrent) -> Bidirectional {
        let of = |direction: Direction, key: u64| make(self.layer.clone().with_direction(direction), key);
        Bidirectional {
            forward: of(Direction::Forward, 0),
            reverse: of(Direction::Reverse, 1),
            merge: self.merge,
        }
    }
}

/// A layer that reads each sequence forward and in reverse.
///
/// The last output in time order holds the forward layer's last step but only the first step of the reverse
/// layer; [`last`](Recurrence::last) therefore merges the two final states instead, as Keras and PyTorch do. At a
/// padded step the outputs are zero, as Keras has it, since the two directions keep states of different steps there.
#[derive(Module, Debug)]
pub struct Bidirectional {
    /// Reads from the first step to the last.
    pub forward: Recurrent,
    /// Reads from the last step to the first.
    pub reverse: Recurrent,
    #[module(skip)]
    merge: Merge,
}

/// The states of both directions.
#[derive(Clone, Debug)]
pub struct BidirectionalState {
    /// After the last step.
    pub forward: State,
    /// After the first step.
    pub reverse: State,
}

impl BidirectionalState {
    /// Cuts both states off from the steps that led to them; see [`Recurrence::detach`].
    pub fn detach(self) -> Self {
        Self { forward: self.forward.detach(), reverse: self.reverse.detach() }
    }
}

impl Bidirectional {
    /// Joins two layers of equal sizes.
    ///
    /// # Panics
    /// `forward` reads in reverse or `reverse` does not, or their sizes differ.
    pub fn new(forward: Recurrent, reverse: Recurrent, merge: Merge) -> Self {
        assert_eq!((forward.direction(), reverse.direction()), (Direction::Forward, Direction::Reverse));
        assert_eq!(forward.kernel.val().dims(), reverse.kernel.val().dims(), "the sizes of both directions");
        Self { forward, reverse, merge }
    }

    /// How the outputs of the two directions become one.
    pub fn merge(&self) -> Merge {
        self.merge
    }

    fn merged<const D: usize>(&self, forward: Tensor<D>, reverse: Tensor<D>) -> Tensor<D> {
        match self.merge {
            Merge::Concat => Tensor::cat(vec![forward, reverse], D - 1),
            Merge::Sum => forward + reverse,
            Merge::Average => (forward + reverse) / 2.0,
            Merge::Multiply => forward * reverse,
        }
    }
}

impl Recurrence for Bidirectional {
    type State = BidirectionalState;

    fn d_output(&self) -> usize {
        self.forward.d_output() * if self.merge == Merge::Concat { 2 } else { 1 }
    }

    fn zero_state(&self, batch: usize) -> BidirectionalState {
        let zeros = self.forward.zero_state(batch);
        BidirectionalState { forward: zeros.clone(), reverse: zeros }
    }

    fn sequence(
        &self,
        input: impl Into<Input>,
        state: Option<BidirectionalState>,
        pass: &Pass,
    ) -> (Tensor<3>, BidirectionalState) {
        let input = input.into();
        let (forward, reverse) = state.map(|state| (state.forward, state.reverse)).unzip();
        let (ahead, forward) = self.forward.sequence(input.clone(), forward, &pass.part(0));
        let (back, reverse) = self.reverse.sequence(input, reverse, &pass.part(1));
        let mut outputs = self.merged(ahead, back);
        if let Some(mask) = &pass.mask {
            let factors = mask.factors(&outputs);
            outputs = outputs * factors;
        }
        (outputs, BidirectionalState { forward, reverse })
    }

    fn device(&self) -> Device {
        self.forward.device()
    }

    fn last_of(&self, state: &BidirectionalState) -> Tensor<2> {
        self.merged(state.forward.output.clone(), state.reverse.output.clone())
    }

    fn detach(state: BidirectionalState) -> BidirectionalState {
        state.detach()
    }
}

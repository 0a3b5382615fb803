//! A layer of which only the file knows whether it reads in one direction or in both.

use burn::{
    module::Module,
    tensor::{Device, Tensor},
};
use recurrent_cells::{
    Bidirectional, BidirectionalState, Input, Pass, Recurrence, Recurrent, State, Stepwise,
};

/// A recurrent layer in one direction or in both.
#[derive(Module, Debug)]
#[allow(clippy::large_enum_variant, reason = "a model has a few of them, and Burn's modules are not boxed")]
pub enum AnyLayer {
    /// In one.
    OneWay(Recurrent),
    /// In both.
    BothWays(Bidirectional),
}

/// What an [`AnyLayer`] carries.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "a model has a few of them")]
pub enum AnyState {
    /// Of a layer in one direction.
    OneWay(State),
    /// Of a layer in both.
    BothWays(BidirectionalState),
}

impl AnyLayer {
    /// The layers of the directions, forward first.
    pub fn directions(&self) -> Vec<&Recurrent> {
        match self {
            Self::OneWay(layer) => vec![layer],
            Self::BothWays(layer) => vec![&layer.forward, &layer.reverse],
        }
    }

    /// The same, to be changed.
    pub fn directions_mut(&mut self) -> Vec<&mut Recurrent> {
        match self {
            Self::OneWay(layer) => vec![layer],
            Self::BothWays(layer) => vec![&mut layer.forward, &mut layer.reverse],
        }
    }
}

impl AnyState {
    /// The states of the directions, forward first.
    pub fn directions(&self) -> Vec<&State> {
        match self {
            Self::OneWay(state) => vec![state],
            Self::BothWays(states) => vec![&states.forward, &states.reverse],
        }
    }
}

const OTHER_STATE: &str = "the state is that of a layer of other directions";

impl Recurrence for AnyLayer {
    type State = AnyState;

    fn d_output(&self) -> usize {
        match self {
            Self::OneWay(layer) => layer.d_output(),
            Self::BothWays(layer) => layer.d_output(),
        }
    }

    fn zero_state(&self, batch: usize) -> AnyState {
        match self {
            Self::OneWay(layer) => AnyState::OneWay(layer.zero_state(batch)),
            Self::BothWays(layer) => AnyState::BothWays(layer.zero_state(batch)),
        }
    }

    fn sequence(
        &self,
        input: impl Into<Input>,
        state: Option<AnyState>,
        pass: &Pass,
    ) -> (Tensor<3>, AnyState) {
        match self {
            Self::OneWay(layer) => {
                let state = state.map(|state| match state {
                    AnyState::OneWay(state) => state,
                    AnyState::BothWays(_) => panic!("{OTHER_STATE}"),
                });
                let (outputs, state) = layer.sequence(input, state, pass);
                (outputs, AnyState::OneWay(state))
            }
            Self::BothWays(layer) => {
                let state = state.map(|state| match state {
                    AnyState::BothWays(state) => state,
                    AnyState::OneWay(_) => panic!("{OTHER_STATE}"),
                });
                let (outputs, state) = layer.sequence(input, state, pass);
                (outputs, AnyState::BothWays(state))
            }
        }
    }

    fn detach(state: AnyState) -> AnyState {
        match state {
            AnyState::OneWay(state) => AnyState::OneWay(state.detach()),
            AnyState::BothWays(state) => AnyState::BothWays(state.detach()),
        }
    }

    fn device(&self) -> Device {
        match self {
            Self::OneWay(layer) => layer.device(),
            Self::BothWays(layer) => layer.device(),
        }
    }

    fn last_of(&self, state: &AnyState) -> Tensor<2> {
        match (self, state) {
            (Self::OneWay(layer), AnyState::OneWay(state)) => layer.last_of(state),
            (Self::BothWays(layer), AnyState::BothWays(state)) => layer.last_of(state),
            _ => panic!("{OTHER_STATE}"),
        }
    }
}

impl Stepwise for AnyLayer {
    fn is_causal(&self) -> bool {
        match self {
            Self::OneWay(layer) => layer.is_causal(),
            Self::BothWays(_) => false,
        }
    }
}

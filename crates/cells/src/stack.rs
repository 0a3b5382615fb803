//! Layers on top of each other, with dropout between them.

use burn::{
    config::Config,
    module::Module,
    tensor::{Device, Tensor},
};
use recurrent_backend::Seed;

use crate::{
    bidirectional::{Bidirectional, BidirectionalConfig, Merge},
    config::RecurrentConfig,
    dropout::{check_rate, dropout_of_steps},
    input::Input,
    layer::Recurrent,
    layouts::Weights,
    pass::Pass,
    recurrence::{Recurrence, Stepwise},
};

/// Configuration of a [`Stack`] of equal layers.
#[derive(Config, Debug)]
pub struct StackConfig {
    /// The first layer; the others differ only in reading the outputs of the one below.
    pub layer: RecurrentConfig,
    /// The number of layers.
    pub depth: usize,
    /// The share of outputs dropped between two layers in training, in `[0, 1)`. Nothing is dropped after the last.
    #[config(default = "0.0")]
    pub dropout: f64,
}

impl StackConfig {
    /// Makes the stack with initial weights as [`RecurrentConfig::init`] draws them.
    ///
    /// # Panics
    /// There is no layer, or as [`RecurrentConfig::init`].
    pub fn init(&self, seed: Seed, device: &Device) -> Stack<Recurrent> {
        let layers = self.layers(self.layer.d_output()).enumerate();
        Stack::new(
            layers.map(|(place, layer)| layer.init(seed.part(&[place as u64]), device)).collect(),
            self.dropout,
        )
    }

    /// Makes the stack with zeros for weights, as [`RecurrentConfig::zeros`].
    ///
    /// # Panics
    /// There is no layer, or as [`RecurrentConfig::init`].
    pub fn zeros(&self, device: &Device) -> Stack<Recurrent> {
        let layers = self.layers(self.layer.d_output());
        Stack::new(layers.map(|layer| layer.zeros(device)).collect(), self.dropout)
    }

    /// Makes the stack with given weights, the first layer's first.
    ///
    /// # Panics
    /// There are not as many as layers, or as [`RecurrentConfig::init_with`].
    pub fn init_with(&self, weights: &[Weights], device: &Device) -> Stack<Recurrent> {
        assert_eq!(weights.len(), self.depth, "weights for each layer");
        let layers = self.layers(self.layer.d_output()).zip(weights);
        Stack::new(layers.map(|(layer, weights)| layer.init_with(weights, device)).collect(), self.dropout)
    }

    /// Makes a stack of bidirectional layers with zeros for weights.
    ///
    /// # Panics
    /// As [`init`](Self::init).
    pub fn zeros_bidirectional(&self, merge: Merge, device: &Device) -> Stack<Bidirectional> {
        Stack::new(self.both(merge).map(|layer| layer.zeros(device)).collect(), self.dropout)
    }

    /// Makes a stack of bidirectional layers with given weights, the first layer's first, and of each those of the forward layer
    /// first.
    ///
    /// # Panics
    /// There are not as many as layers, or as [`RecurrentConfig::init_with`].
    pub fn init_bidirectional_with(
        &self,
        merge: Merge,
        weights: &[[Weights; 2]],
        device: &Device,
    ) -> Stack<Bidirectional> {
        assert_eq!(weights.len(), self.depth, "weights for each layer");
        let layers = self.both(merge).zip(weights);
        let layers = layers.map(|(layer, [forward, reverse])| layer.init_with([forward, reverse], device));
        Stack::new(layers.collect(), self.dropout)
    }

    /// Makes a stack of bidirectional layers.
    ///
    /// # Panics
    /// As [`init`](Self::init).
    pub fn init_bidirectional(&self, merge: Merge, seed: Seed, device: &Device) -> Stack<Bidirectional> {
        let layers = self.both(merge).enumerate();
        Stack::new(
            layers.map(|(place, layer)| layer.init(seed.part(&[place as u64]), device)).collect(),
            self.dropout,
        )
    }

    /// The layers of a stack of bidirectional ones.
    pub(crate) fn both(&self, merge: Merge) -> impl Iterator<Item = BidirectionalConfig> {
        let width = self.layer.d_output() * if merge == Merge::Concat { 2 } else { 1 };
        self.layers(width).map(move |layer| BidirectionalConfig::new(layer).with_merge(merge))
    }

    pub(crate) fn layers(&self, width: usize) -> impl Iterator<Item = RecurrentConfig> {
        (0..self.depth).map(move |place| {
            let mut layer = self.layer.clone();
            if place > 0 {
                layer.d_input = width;
            }
            layer
        })
    }
}

/// Layers on top of each other; each reads the outputs of the one below.
#[derive(Module, Debug)]
pub struct Stack<L: Module> {
    /// The layers, the first reads the input.
    pub layers: Vec<L>,
    #[module(skip)]
    dropout: f64,
}

impl<L: Module> Stack<L> {
    /// Stacks layers.
    ///
    /// # Panics
    /// There is no layer, or the dropout rate is not in `[0, 1)`.
    pub fn new(layers: Vec<L>, dropout: f64) -> Self {
        assert!(!layers.is_empty(), "a stack has at least one layer");
        check_rate(dropout);
        Self { layers, dropout }
    }

    fn top(&self) -> &L {
        self.layers.last().expect("a stack has at least one layer")
    }
}

/// Between two layers dropout draws from streams that no layer's own masks use.
const BETWEEN_LAYERS: u64 = 1 << 32;

impl<L: Module + Recurrence> Recurrence for Stack<L> {
    type State = Vec<L::State>;

    fn d_output(&self) -> usize {
        self.top().d_output()
    }

    fn zero_state(&self, batch: usize) -> Self::State {
        self.layers.iter().map(|layer| layer.zero_state(batch)).collect()
    }

    fn sequence(
        &self,
        input: impl Into<Input>,
        state: Option<Self::State>,
        pass: &Pass,
    ) -> (Tensor<3>, Self::State) {
        let input = input.into();
        let states = match state {
            Some(states) => states.into_iter().map(Some).collect(),
            None => vec![None; self.layers.len()],
        };
        assert_eq!(states.len(), self.layers.len(), "one state a layer");
        let mut last_states = Vec::with_capacity(self.layers.len());
        let mut below: Option<Tensor<3>> = None;
        for (place, (layer, state)) in (0..).zip(self.layers.iter().zip(states)) {
            let input = match below {
                None => input.clone(),
                Some(outputs) => {
                    let seed = pass.dropout.map(|seed| seed.part(&[BETWEEN_LAYERS, place]));
                    Input::Dense(dropout_of_steps(outputs, self.dropout, seed))
                }
            };
            let (outputs, state) = layer.sequence(input, state, &pass.part(place));
            below = Some(outputs);
            last_states.push(state);
        }
        (below.expect("a stack has at least one layer"), last_states)
    }

    fn device(&self) -> Device {
        self.top().device()
    }

    fn last_of(&self, state: &Self::State) -> Tensor<2> {
        self.top().last_of(state.last().expect("one state a layer"))
    }

    fn detach(state: Self::State) -> Self::State {
        state.into_iter().map(L::detach).collect()
    }
}

impl<L: Module + Stepwise> Stepwise for Stack<L> {
    fn is_causal(&self) -> bool {
        self.layers.iter().all(L::is_causal)
    }
}

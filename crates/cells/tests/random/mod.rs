//! Random layers and inputs, and the loss that the tests differentiate.
#![allow(dead_code)] // each test file uses its part

use burn::tensor::{Device, Int, Tensor, TensorData};
use rand_chacha::rand_core::Rng;
use recurrent_backend::{BackendKind, Seed};
use recurrent_cells::{
    Activation, Cell, Direction, Implementation, Input, Mask, Pass, Recurrence, Recurrent, RecurrentConfig,
    Reset, State, Weights,
};

/// Every cell.
pub(crate) const CELLS: [Cell; 5] = [
    Cell::Rnn(Activation::Tanh),
    Cell::Rnn(Activation::Relu),
    Cell::Lstm,
    Cell::Gru(Reset::Before),
    Cell::Gru(Reset::After),
];

/// Numbers in `[-0.5, 0.5)`.
pub(crate) fn numbers(count: usize, seed: Seed) -> Vec<f32> {
    let mut stream = seed.stream(&[]);
    (0..count).map(|_| (stream.next_u64() >> 40) as f32 / (1u64 << 24) as f32 - 0.5).collect()
}

/// The backends of this build that have a kernel, with gradients.
pub(crate) fn host_devices() -> Vec<(BackendKind, Device)> {
    let kinds = [BackendKind::Flex, BackendKind::NdArray].into_iter().filter(|kind| kind.is_built_in());
    kinds.map(|kind| (kind, kind.open().expect("a CPU backend opens").autodiff())).collect()
}

/// A sequence of random sizes and options.
#[derive(Clone, Debug)]
pub(crate) struct Trial {
    pub(crate) cell: Cell,
    pub(crate) direction: Direction,
    pub(crate) batch: usize,
    pub(crate) time: usize,
    pub(crate) input: usize,
    pub(crate) hidden: usize,
    /// The rate of both dropouts.
    pub(crate) dropout: f64,
    pub(crate) lengths: Option<Vec<usize>>,
    pub(crate) tokens: bool,
    pub(crate) seed: u64,
}

/// The outcome of a trial: the loss, and outputs and gradients by name.
pub(crate) struct Outcome {
    pub(crate) loss: f32,
    pub(crate) tensors: Vec<(&'static str, Vec<f32>)>,
}

impl Trial {
    pub(crate) fn weights(&self) -> Weights {
        let width = self.cell.gates() * self.hidden;
        let of = |count: usize, key: u64| numbers(count, Seed(self.seed).part(&[key]));
        Weights {
            cell: self.cell,
            input: self.input,
            hidden: self.hidden,
            kernel: of(self.input * width, 0),
            recurrent: of(self.hidden * width, 1),
            bias: of(self.cell.bias_rows() * width, 2),
        }
    }

    pub(crate) fn layer(
        &self,
        weights: &Weights,
        implementation: Implementation,
        device: &Device,
    ) -> Recurrent {
        RecurrentConfig::new(self.cell, self.input, self.hidden)
            .with_direction(self.direction)
            .with_input_dropout(self.dropout)
            .with_recurrent_dropout(self.dropout)
            .with_implementation(implementation)
            .init_with(weights, device)
    }

    fn places(&self) -> Vec<i64> {
        let mut stream = Seed(self.seed).stream(&[3]);
        (0..self.batch * self.time).map(|_| (stream.next_u64() % self.input as u64) as i64).collect()
    }

    /// The input numbers, `[batch, time, input]`.
    pub(crate) fn x(&self) -> Vec<f32> {
        numbers(self.batch * self.time * self.input, Seed(self.seed).part(&[4]))
    }

    pub(crate) fn start(&self) -> (Vec<f32>, Vec<f32>) {
        let of = |key: u64| numbers(self.batch * self.hidden, Seed(self.seed).part(&[key]));
        (of(5), of(6))
    }

    pub(crate) fn pass(&self) -> Pass {
        let pass = if self.dropout > 0.0 { Pass::training(Seed(self.seed)) } else { Pass::evaluation() };
        match &self.lengths {
            Some(lengths) => pass.with_mask(Mask::from_lengths(lengths, self.time)),
            None => pass,
        }
    }

    /// `sum(output * d) + sum(final output * e) + sum(final memory * f)`, and its gradients.
    pub(crate) fn run(
        &self,
        weights: &Weights,
        x: &[f32],
        start: &(Vec<f32>, Vec<f32>),
        implementation: Implementation,
        device: &Device,
    ) -> Outcome {
        let Self { batch, time, input, hidden, .. } = *self;
        let leaf = |data: &[f32]| {
            Tensor::<2>::from_data(TensorData::new(data.to_vec(), [batch, hidden]), device).require_grad()
        };
        let layer = self.layer(weights, implementation, device);
        let state = State { output: leaf(&start.0), memory: self.cell.has_memory().then(|| leaf(&start.1)) };
        let dense =
            Tensor::<3>::from_data(TensorData::new(x.to_vec(), [batch, time, input]), device).require_grad();
        let source: Input = if self.tokens {
            Tensor::<2, Int>::from_data(TensorData::new(self.places(), [batch, time]), device).into()
        } else {
            dense.clone().into()
        };
        let (output, last) = layer.sequence(source, Some(state.clone()), &self.pass());
        let constant = |count: usize, key: u64| numbers(count, Seed(self.seed).part(&[key]));
        let d = TensorData::new(constant(batch * time * hidden, 7), [batch, time, hidden]);
        let e = TensorData::new(constant(batch * hidden, 8), [batch, hidden]);
        let mut loss = (output.clone() * Tensor::from_data(d, device)).sum()
            + (last.output * Tensor::from_data(e, device)).sum();
        if let Some(memory) = last.memory {
            let f = TensorData::new(constant(batch * hidden, 9), [batch, hidden]);
            loss = loss + (memory * Tensor::from_data(f, device)).sum();
        }
        let gradients = loss.backward();
        let floats = |data: TensorData| data.try_into_vec::<f32>().expect("floats");
        let of = |leaf: Tensor<2>| floats(leaf.grad(&gradients).expect("a gradient").into_data());
        let mut tensors = vec![
            ("output", floats(output.into_data())),
            ("d kernel", of(layer.kernel.val())),
            ("d recurrent", of(layer.recurrent.val())),
            ("d bias", of(layer.bias.val())),
            ("d state", of(state.output)),
        ];
        tensors.extend(state.memory.map(|memory| ("d memory", of(memory))));
        if !self.tokens {
            tensors.push(("d x", floats(dense.grad(&gradients).expect("a gradient").into_data())));
        }
        Outcome { loss: loss.into_scalar::<f32>(), tensors }
    }
}

/// The largest error of `found` against `expected` in units of `1e-5 + 1e-4 * |expected|`, and where it is.
pub(crate) fn worst(found: &[f32], expected: &[f32]) -> (f32, usize) {
    assert_eq!(found.len(), expected.len());
    let errors = found.iter().zip(expected).map(|(found, expected)| {
        let error = (found - expected).abs() / (1e-5 + 1e-4 * expected.abs());
        if error.is_nan() { f32::INFINITY } else { error }
    });
    errors
        .enumerate()
        .map(|(place, error)| (error, place))
        .fold((0.0, 0), |a, b| if b.0 > a.0 { b } else { a })
}

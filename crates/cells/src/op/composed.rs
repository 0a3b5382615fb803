//! The sequence op composed of tensor operations: slow, plain, and differentiated by Burn. It serves the
//! backends without a kernel, and is the definition that the kernel is compared with.

use burn::tensor::{Bool, Tensor, TensorData, activation::sigmoid};

use super::{Sequence, Source};
use crate::cell::{Activation, Cell, Direction, Reset};

/// Computes the bundle of outputs and last memory, `[time (+ 1), batch, hidden]`.
pub(super) fn sequence(operands: Sequence) -> Tensor<3> {
    let [time, batch] = operands.time_and_batch();
    let [hidden, width] = operands.recurrent.dims();
    let device = operands.kernel.device();
    let Sequence { cell, direction, source, kernel, recurrent, bias, state, dropout, mask } = operands;
    let sums = input_sums(source, kernel, bias.clone().narrow(0, 0, 1), [time, batch, width]);
    let dropout = dropout.map(|it| Tensor::from_data(TensorData::new(it.to_vec(), [batch, hidden]), &device));
    let mask =
        mask.map(|it| Tensor::<2, Bool>::from_data(TensorData::new(it.to_vec(), [time, batch]), &device));
    let weights = Weights {
        recurrent,
        recurrent_bias: cell.has_recurrent_bias().then(|| bias.narrow(0, 1, 1)),
        dropout,
    };

    let of_state = |place: usize| state.clone().narrow(0, place, 1).reshape([batch, hidden]);
    let mut now = State { output: of_state(0), memory: cell.has_memory().then(|| of_state(1)) };
    let mut outputs = Vec::with_capacity(time + 1);
    for place in 0..time {
        let step = if direction == Direction::Forward { place } else { time - 1 - place };
        let sums = sums.clone().narrow(0, step, 1).reshape([batch, width]);
        let mut next = weights.step(cell, sums, &now);
        if let Some(mask) = &mask {
            let real = mask.clone().narrow(0, step, 1).reshape([batch, 1]).expand([batch, hidden]);
            next.output = now.output.mask_where(real.clone(), next.output);
            next.memory = now.memory.zip(next.memory).map(|(before, after)| before.mask_where(real, after));
        }
        now = next;
        outputs.push(now.output.clone().unsqueeze_dim::<3>(0));
    }
    if direction == Direction::Reverse {
        outputs.reverse();
    }
    outputs.extend(now.memory.map(|memory| memory.unsqueeze_dim(0)));
    Tensor::cat(outputs, 0)
}

/// `U x_t + b` for every step, `[time, batch, gates * hidden]`.
fn input_sums(source: Source, kernel: Tensor<2>, bias: Tensor<2>, shape: [usize; 3]) -> Tensor<3> {
    let [time, batch, _] = shape;
    let products = match source {
        Source::Dense(x) => {
            let [_, _, input] = x.dims();
            x.reshape([time * batch, input]).matmul(kernel)
        }
        Source::Tokens { places, scale } => {
            let rows = kernel.clone().select(0, places.reshape([time * batch]));
            match scale {
                None => rows,
                Some(scale) => {
                    let scale = TensorData::new(scale.to_vec(), [time * batch, 1]);
                    rows * Tensor::from_data(scale, &kernel.device())
                }
            }
        }
    };
    (products + bias).reshape(shape)
}

/// `[batch, hidden]` each.
struct State {
    output: Tensor<2>,
    memory: Option<Tensor<2>>,
}

struct Weights {
    recurrent: Tensor<2>,
    recurrent_bias: Option<Tensor<2>>,
    dropout: Option<Tensor<2>>,
}

impl Weights {
    /// `W s`, the state dropped out; with the columns of `gates` gates from gate `first` on.
    fn times(&self, state: Tensor<2>, first: usize, gates: usize) -> Tensor<2> {
        let [hidden, _] = self.recurrent.dims();
        let state = match &self.dropout {
            Some(dropout) => state * dropout.clone(),
            None => state,
        };
        state.matmul(self.recurrent.clone().narrow(1, first * hidden, gates * hidden))
    }

    /// One step; the equations stand with the kernel's cells.
    fn step(&self, cell: Cell, sums: Tensor<2>, before: &State) -> State {
        let [_, hidden] = before.output.dims();
        let gate = |sums: &Tensor<2>, place: usize| sums.clone().narrow(1, place * hidden, hidden);
        let state = before.output.clone();
        match cell {
            Cell::Rnn(activation) => {
                let sums = sums + self.times(state, 0, 1);
                let output = match activation {
                    Activation::Tanh => sums.tanh(),
                    Activation::Relu => burn::tensor::activation::relu(sums),
                };
                State { output, memory: None }
            }
            Cell::Lstm => {
                let sums = sums + self.times(state, 0, 4);
                let [i, f, o] = [0, 1, 3].map(|place| sigmoid(gate(&sums, place)));
                let memory = before.memory.clone().expect("the LSTM has a memory");
                let memory = f * memory + i * gate(&sums, 2).tanh();
                State { output: o * memory.clone().tanh(), memory: Some(memory) }
            }
            Cell::Gru(Reset::Before) => {
                let both = sums.clone().narrow(1, 0, 2 * hidden) + self.times(state.clone(), 0, 2);
                let [r, p] = [0, 1].map(|place| sigmoid(gate(&both, place)));
                let candidate = (gate(&sums, 2) + self.times(r * state.clone(), 2, 1)).tanh();
                State { output: (-p.clone() + 1.0) * candidate + p * state, memory: None }
            }
            Cell::Gru(Reset::After) => {
                let bias = self.recurrent_bias.clone().expect("this cell has a recurrent bias");
                let recurrent = self.times(state.clone(), 0, 3) + bias;
                let [r, p] = [0, 1].map(|place| sigmoid(gate(&sums, place) + gate(&recurrent, place)));
                let candidate = (gate(&sums, 2) + r * gate(&recurrent, 2)).tanh();
                State { output: (-p.clone() + 1.0) * candidate + p * state, memory: None }
            }
        }
    }
}

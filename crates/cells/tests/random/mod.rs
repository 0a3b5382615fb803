//! Random layers and inputs, and the loss that the tests differentiate.
#![allow(dead_code)] // each test file uses its part

use burn::{
    module::Param,
    tensor::{Device, Int, Tensor, TensorData},
};
use rand_chacha::rand_core::Rng;
use recurrent_backend::{BackendKind, Seed};
use recurrent_cells::{
    Activation, Cell, Direction, GateMasks, Implementation, Input, Mask, Normalization, Pass, Recurrence,
    Recurrent, RecurrentConfig, State, Weights,
};

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

/// What is dropped, kept and normalised.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Options {
    pub(crate) input_dropout: f64,
    pub(crate) recurrent_dropout: f64,
    pub(crate) gate_masks: GateMasks,
    pub(crate) weight_dropout: f64,
    pub(crate) zoneout_output: f64,
    /// Left out for a cell without memory.
    pub(crate) zoneout_memory: f64,
    pub(crate) normalization: Normalization,
    /// Whether the pass is one of evaluation, where nothing is drawn.
    pub(crate) evaluation: bool,
    pub(crate) without_bias: bool,
    pub(crate) extras: Extras,
}

/// What a layer has beside its cell's own equations; left out for a cell that cannot have it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Extras {
    /// Of the gates, the candidate and the output.
    pub(crate) activations: Option<[Activation; 3]>,
    pub(crate) clip: Option<f64>,
    pub(crate) coupled_gates: bool,
    pub(crate) peepholes: bool,
    /// To half of the units.
    pub(crate) projection: bool,
    /// Whether the first state is a parameter.
    pub(crate) learns_state: bool,
}

impl Extras {
    fn configure(&self, mut config: RecurrentConfig) -> RecurrentConfig {
        let has_memory = config.cell.has_memory();
        if let Some([gate, candidate, output]) = self.activations
            && matches!(config.cell, Cell::Lstm | Cell::Gru(_))
        {
            config = config.with_gate_activation(gate).with_candidate_activation(candidate);
            config = if has_memory { config.with_output_activation(output) } else { config };
        }
        let half = config.d_hidden / 2;
        config
            .with_clip(self.clip)
            .with_coupled_gates(self.coupled_gates && has_memory)
            .with_peepholes(self.peepholes && has_memory)
            .with_projection((self.projection && has_memory && half > 0).then_some(half))
            .with_learns_state(self.learns_state)
    }
}

/// How the numbers of a dense input lie in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lies {
    /// `[batch, time, input]`.
    BySequences,
    /// `[time, batch, input]`, as the outputs of another layer.
    BySteps,
    /// `[batch, input, time]`, which no layer reads as it is.
    Otherwise,
}

/// The numbers that go into a sequence.
#[derive(Clone)]
pub(crate) struct Operands {
    pub(crate) weights: Weights,
    /// Of a layer with normalisation: the gains, and the memory's gain and bias.
    pub(crate) gain: Vec<f32>,
    pub(crate) memory_gain: Vec<f32>,
    pub(crate) x: Vec<f32>,
    pub(crate) state: Vec<f32>,
    pub(crate) memory: Vec<f32>,
}

impl Operands {
    /// The same with every number a rounding larger or smaller.
    pub(crate) fn nudged(&self, seed: Seed) -> Self {
        let mut stream = seed.stream(&[12]);
        let mut nudge = |numbers: &mut Vec<f32>| {
            for number in numbers {
                *number *= if stream.next_u64() & 1 == 0 { 1.0 + f32::EPSILON } else { 1.0 - f32::EPSILON };
            }
        };
        let mut other = self.clone();
        let Self { weights, gain, memory_gain, x, state, memory } = &mut other;
        let Weights { kernel, recurrent, bias, .. } = weights;
        [kernel, recurrent, bias, gain, memory_gain, x, state, memory].into_iter().for_each(&mut nudge);
        other
    }

    /// The operand that a gradient of an [`Outcome`] belongs to.
    pub(crate) fn of_gradient(&mut self, name: &str) -> &mut Vec<f32> {
        match name {
            "d kernel" => &mut self.weights.kernel,
            "d recurrent" => &mut self.weights.recurrent,
            "d bias" => &mut self.weights.bias,
            "d gain" => &mut self.gain,
            "d memory gain" => &mut self.memory_gain,
            "d state" => &mut self.state,
            "d memory" => &mut self.memory,
            "d peepholes" => &mut self.weights.peepholes,
            "d projection" => &mut self.weights.projection,
            "d x" => &mut self.x,
            other => panic!("no operand has the gradient `{other}`"),
        }
    }
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
    pub(crate) options: Options,
    pub(crate) lengths: Option<Vec<usize>>,
    pub(crate) tokens: bool,
    pub(crate) lies: Lies,
    pub(crate) seed: u64,
}

/// A loss, and what it came from.
struct Forward {
    layer: Recurrent,
    /// Unless it is learnt.
    state: Option<State>,
    dense: Tensor<3>,
    output: Tensor<3>,
    loss: Tensor<1>,
}

/// The outcome of a trial: outputs and gradients by name.
pub(crate) struct Outcome {
    pub(crate) tensors: Vec<(&'static str, Vec<f32>)>,
}

impl Trial {
    fn config(&self, implementation: Implementation) -> RecurrentConfig {
        let Options {
            input_dropout,
            recurrent_dropout,
            gate_masks,
            weight_dropout,
            zoneout_output,
            zoneout_memory,
            normalization,
            without_bias,
            extras,
            ..
        } = self.options;
        let config = RecurrentConfig::new(self.cell, self.input, self.hidden)
            .with_direction(self.direction)
            .with_bias(!without_bias)
            .with_input_dropout(input_dropout)
            .with_recurrent_dropout(recurrent_dropout)
            .with_gate_masks(gate_masks)
            .with_weight_dropout(weight_dropout)
            .with_zoneout_output(zoneout_output)
            .with_zoneout_memory(if self.cell.has_memory() { zoneout_memory } else { 0.0 })
            .with_normalization(normalization)
            .with_implementation(implementation);
        extras.configure(config)
    }

    /// The number of features of an output.
    fn output(&self) -> usize {
        self.config(Implementation::Kernel).d_output()
    }

    pub(crate) fn operands(&self) -> Operands {
        let (width, output) = (self.cell.gates() * self.hidden, self.output());
        let of = |count: usize, key: u64| numbers(count, Seed(self.seed).part(&[key]));
        let is_normalized = self.options.normalization == Normalization::Layer;
        let gain_rows = if is_normalized { if self.cell.gates() == 1 { 1 } else { 2 } } else { 0 };
        let memory_rows = if is_normalized && self.cell.has_memory() { 2 } else { 0 };
        let around_one = |numbers: Vec<f32>| numbers.into_iter().map(|number| number + 1.0).collect();
        let has_peepholes = self.options.extras.peepholes && self.cell.has_memory();
        Operands {
            weights: {
                let mut weights = Weights::zeros(self.cell, self.input, self.hidden);
                weights.output = output;
                weights.kernel = of(self.input * width, 0);
                weights.recurrent = of(output * width, 1);
                let bias_rows = if self.options.without_bias { 0 } else { self.cell.bias_rows() };
                weights.bias = of(bias_rows * width, 2);
                weights.peepholes = of(if has_peepholes { 3 * self.hidden } else { 0 }, 13);
                weights.projection = of(if output < self.hidden { self.hidden * output } else { 0 }, 14);
                weights
            },
            gain: around_one(of(gain_rows * width, 10)),
            memory_gain: around_one(of(memory_rows * self.hidden, 11)),
            x: of(self.batch * self.time * self.input, 4),
            state: of(self.state_rows() * output, 5),
            memory: of(self.state_rows() * self.hidden, 6),
        }
    }

    /// The rows of the first state: one for all sequences where it is learnt.
    fn state_rows(&self) -> usize {
        if self.options.extras.learns_state { 1 } else { self.batch }
    }

    fn layer(&self, operands: &Operands, implementation: Implementation, device: &Device) -> Recurrent {
        let mut layer = self.config(implementation).init_with(&operands.weights, device);
        let parameter = |numbers: &[f32], old: &Param<Tensor<2>>| {
            Param::from_data(TensorData::new(numbers.to_vec(), old.val().dims()), device)
        };
        if let Some(normalization) = &mut layer.normalization {
            normalization.gain = parameter(&operands.gain, &normalization.gain);
            normalization.memory =
                normalization.memory.take().map(|old| parameter(&operands.memory_gain, &old));
        }
        layer.first_output = layer.first_output.take().map(|old| parameter(&operands.state, &old));
        layer.first_memory = layer.first_memory.take().map(|old| parameter(&operands.memory, &old));
        layer
    }

    fn places(&self) -> Vec<i64> {
        let mut stream = Seed(self.seed).stream(&[3]);
        (0..self.batch * self.time).map(|_| (stream.next_u64() % self.input as u64) as i64).collect()
    }

    fn pass(&self) -> Pass {
        let pass = if self.options.evaluation { Pass::evaluation() } else { Pass::training(Seed(self.seed)) };
        match &self.lengths {
            Some(lengths) => pass.with_mask(Mask::from_lengths(lengths, self.time)),
            None => pass,
        }
    }

    /// `sum(output * d) + sum(final output * e) + sum(final memory * f)`; computed faster on a device without gradients.
    pub(crate) fn loss(&self, operands: &Operands, implementation: Implementation, device: &Device) -> f32 {
        self.forward(self.layer(operands, implementation, device), operands, device, &[])
            .loss
            .into_scalar::<f32>()
    }

    fn forward(&self, layer: Recurrent, operands: &Operands, device: &Device, frozen: &[&str]) -> Forward {
        let Self { batch, time, input, hidden, .. } = *self;
        let d_output = self.output();
        let leaf = |data: &[f32], width: usize| {
            leaf(Tensor::<2>::from_data(TensorData::new(data.to_vec(), [batch, width]), device))
        };
        // A learnt state is the layer's own.
        let state = (!self.options.extras.learns_state).then(|| State {
            output: leaf(&operands.state, d_output),
            memory: self.cell.has_memory().then(|| leaf(&operands.memory, hidden)),
        });
        let shape = match self.lies {
            Lies::BySequences => [batch, time, input],
            Lies::BySteps => [time, batch, input],
            Lies::Otherwise => [batch, input, time],
        };
        let dense = Tensor::<3>::from_data(TensorData::new(operands.x.clone(), shape), device);
        let dense = if frozen.contains(&"d x") { dense } else { self::leaf(dense) };
        let source: Input = if self.tokens {
            Tensor::<2, Int>::from_data(TensorData::new(self.places(), [batch, time]), device).into()
        } else {
            let x = dense.clone();
            match self.lies {
                Lies::BySequences => x,
                Lies::BySteps => x.swap_dims(0, 1),
                Lies::Otherwise => x.swap_dims(1, 2),
            }
            .into()
        };
        let (output, last) = layer.sequence(source, state.clone(), &self.pass());
        let constant = |count: usize, key: u64| numbers(count, Seed(self.seed).part(&[key]));
        let d = TensorData::new(constant(batch * time * d_output, 7), [batch, time, d_output]);
        let e = TensorData::new(constant(batch * d_output, 8), [batch, d_output]);
        let mut loss = (output.clone() * Tensor::from_data(d, device)).sum()
            + (last.output * Tensor::from_data(e, device)).sum();
        if let Some(memory) = last.memory {
            let f = TensorData::new(constant(batch * hidden, 9), [batch, hidden]);
            loss = loss + (memory * Tensor::from_data(f, device)).sum();
        }
        Forward { layer, state, dense, output, loss }
    }

    /// The outputs, and the gradients of the loss.
    pub(crate) fn run(
        &self,
        operands: &Operands,
        implementation: Implementation,
        device: &Device,
    ) -> Outcome {
        self.run_without(&[], operands, implementation, device)
    }

    /// The same, without the gradients of the given names, which are not asked for.
    pub(crate) fn run_without(
        &self,
        frozen: &[&str],
        operands: &Operands,
        implementation: Implementation,
        device: &Device,
    ) -> Outcome {
        let mut layer = self.layer(operands, implementation, device);
        for name in frozen {
            let parameter = match *name {
                "d kernel" => &mut layer.kernel,
                "d recurrent" => &mut layer.recurrent,
                "d bias" => layer.bias.as_mut().expect("biases"),
                _ => continue,
            };
            *parameter = parameter.clone().set_require_grad(false);
        }
        let Forward { layer, state, dense, output, loss } = self.forward(layer, operands, device, frozen);
        let gradients = loss.backward();
        let floats = |data: TensorData| data.try_into_vec::<f32>().expect("floats");
        let of = |leaf: Tensor<2>| leaf.grad(&gradients).map(|d| floats(d.into_data()));
        let value = |parameter: &Option<Param<Tensor<2>>>| parameter.as_ref().map(Param::val);
        let given = state.map(|state| (Some(state.output), state.memory));
        let (first, memory) = given.unwrap_or((value(&layer.first_output), value(&layer.first_memory)));
        let normalization = layer.normalization.as_ref();
        let leaves = [
            ("d kernel", Some(layer.kernel.val())),
            ("d recurrent", Some(layer.recurrent.val())),
            ("d bias", value(&layer.bias)),
            ("d peepholes", value(&layer.peepholes)),
            ("d projection", value(&layer.projection)),
            ("d gain", normalization.map(|it| it.gain.val())),
            ("d memory gain", normalization.and_then(|it| value(&it.memory))),
            ("d state", first),
            ("d memory", memory),
        ];
        let leaves = leaves.into_iter().filter_map(|(name, leaf)| Some((name, of(leaf?))));
        let mut d: Vec<_> = leaves.collect();
        if !self.tokens {
            d.push(("d x", dense.grad(&gradients).map(|d| floats(d.into_data()))));
        }
        let wanted = d.into_iter().filter(|(name, _)| !frozen.contains(name));
        let wanted = wanted.map(|(name, d)| (name, d.unwrap_or_else(|| panic!("`{name}` is missing"))));
        Outcome { tensors: [("output", floats(output.into_data()))].into_iter().chain(wanted).collect() }
    }
}

/// A tensor to be differentiated with respect to, where the device does that.
fn leaf<const D: usize>(tensor: Tensor<D>) -> Tensor<D> {
    if tensor.device().is_autodiff() { tensor.require_grad() } else { tensor }
}

/// The largest error of `found` against `expected` in units of `1e-5 * scale + 1e-4 * |expected|`, and where it is. The scale
/// is that of the largest number, from which the others of a tensor have their rounding errors, and at least 1.
pub(crate) fn worst(found: &[f32], expected: &[f32]) -> (f32, usize) {
    assert_eq!(found.len(), expected.len());
    let scale = expected.iter().fold(1.0f32, |scale, expected| scale.max(expected.abs()));
    let errors = found.iter().zip(expected).map(|(found, expected)| {
        let error = (found - expected).abs() / (1e-5 * scale + 1e-4 * expected.abs());
        if error.is_nan() { f32::INFINITY } else { error }
    });
    errors
        .enumerate()
        .map(|(place, error)| (error, place))
        .fold((0.0, 0), |a, b| if b.0 > a.0 { b } else { a })
}

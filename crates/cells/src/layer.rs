//! One recurrent layer in one direction.

use std::sync::Arc;

use burn::{
    config::Config,
    module::{Module, Param},
    tensor::{Device, Tensor, TensorData},
};
use recurrent_backend::{Carry, NamedTensors, Seed};

use crate::{
    cell::{Cell, Direction},
    init,
    input::Input,
    layouts::Weights,
    masks::{GateMasks, Masks, Rates},
    normalization::{LayerNormalization, Normalization},
    op::{self, Gains, Implementation, Sequence, Source},
    pass::{Mask, Pass},
    recurrence::{Recurrence, Stepwise},
};

/// Configuration of a [`Recurrent`] layer.
#[derive(Config, Debug)]
pub struct RecurrentConfig {
    /// The cell.
    pub cell: Cell,
    /// The number of input features, or of tokens.
    pub d_input: usize,
    /// The number of units.
    pub d_hidden: usize,
    /// The order in which sequences are read.
    #[config(default = "Direction::Forward")]
    pub direction: Direction,
    /// The share of input features that are dropped in training, in `[0, 1)`: one mask for the whole sequence.
    #[config(default = "0.0")]
    pub input_dropout: f64,
    /// The share of units whose state is dropped from the recurrent product in training, in `[0, 1)`: one mask for
    /// the whole sequence (Gal and Ghahramani 2016).
    #[config(default = "0.0")]
    pub recurrent_dropout: f64,
    /// Whether all gates share the masks of both dropouts.
    #[config(default = "GateMasks::Tied")]
    pub gate_masks: GateMasks,
    /// The share of the recurrent kernel's weights that are dropped in training, in `[0, 1)`: one mask for the whole
    /// pass, over all gates alike (Merity, Keskar and Socher 2017). Biases stay.
    #[config(default = "0.0")]
    pub weight_dropout: f64,
    /// The probability with which a unit keeps its output of the step before, in `[0, 1)`: drawn for each step and unit
    /// in training, and in evaluation the expectation (zoneout, Krueger et al. 2016). As in the paper, the LSTM's new
    /// output `o * tanh(c)` is that of its new memory, whether or not the memory is kept.
    #[config(default = "0.0")]
    pub zoneout_output: f64,
    /// The same for the LSTM's memory, with draws of its own.
    #[config(default = "0.0")]
    pub zoneout_memory: f64,
    /// What is done to the sums of the units before they are activated.
    #[config(default = "Normalization::None")]
    pub normalization: Normalization,
    /// How the sequence is computed.
    #[config(default = "Implementation::Kernel")]
    pub implementation: Implementation,
}

impl RecurrentConfig {
    /// Makes the layer with Keras's initial weights: Glorot-uniform input kernel, orthogonal recurrent kernel,
    /// zero biases, and a forget-gate bias of one.
    ///
    /// # Panics
    /// A size is 0, a rate is not in `[0, 1)`, or there is a rate of zoneout for the memory of a cell without one.
    pub fn init(&self, seed: Seed, device: &Device) -> Recurrent {
        assert!(self.d_input > 0 && self.d_hidden > 0, "a layer has at least one input and one unit");
        self.init_with(&init::weights(self.cell, self.d_input, self.d_hidden, seed), device)
    }

    /// Makes the layer with zeros for weights, which those of a file are to replace: an orthogonal kernel takes long to draw.
    ///
    /// # Panics
    /// As [`init`](Self::init).
    pub fn zeros(&self, device: &Device) -> Recurrent {
        assert!(self.d_input > 0 && self.d_hidden > 0, "a layer has at least one input and one unit");
        self.init_with(&Weights::zeros(self.cell, self.d_input, self.d_hidden), device)
    }

    /// Makes the layer with given weights; gains of a normalisation start at one.
    ///
    /// # Panics
    /// The weights are of another cell or other sizes, a rate is not in `[0, 1)`, or there is a rate of zoneout for the
    /// memory of a cell without one.
    pub fn init_with(&self, weights: &Weights, device: &Device) -> Recurrent {
        let rates = Rates {
            input: self.input_dropout,
            recurrent: self.recurrent_dropout,
            gate_masks: self.gate_masks,
            weight: self.weight_dropout,
            zoneout_output: self.zoneout_output,
            zoneout_memory: self.zoneout_memory,
        };
        rates.check(self.cell);
        let Self { cell, d_input, d_hidden, .. } = *self;
        let found = (weights.cell, weights.input, weights.hidden);
        assert_eq!(found, (cell, d_input, d_hidden), "the weights' cell, input and hidden size");
        let width = cell.gates() * d_hidden;
        let parameter = |numbers: &[f32], rows: usize| {
            Param::from_data(TensorData::new(numbers.to_vec(), [rows, width]), device)
        };
        Recurrent {
            kernel: parameter(&weights.kernel, d_input),
            recurrent: parameter(&weights.recurrent, d_hidden),
            bias: parameter(&weights.bias, cell.bias_rows()),
            normalization: match self.normalization {
                Normalization::None => None,
                Normalization::Layer => Some(LayerNormalization::new(cell, d_hidden, device)),
            },
            cell,
            direction: self.direction,
            rates,
            implementation: self.implementation,
        }
    }

    /// The number of weights, biases and gains of the layer.
    ///
    /// ```
    /// use recurrent_cells::{Cell, Normalization, RecurrentConfig};
    ///
    /// let lstm = RecurrentConfig::new(Cell::Lstm, 57, 800);
    /// assert_eq!(lstm.parameters(), Cell::Lstm.parameters(57, 800));
    /// let normalized = lstm.clone().with_normalization(Normalization::Layer);
    /// assert_eq!(normalized.parameters(), lstm.parameters() + 2 * 4 * 800 + 2 * 800);
    /// ```
    pub fn parameters(&self) -> usize {
        self.cell.parameters(self.d_input, self.d_hidden)
            + self.normalization.parameters(self.cell, self.d_hidden)
    }
}

/// A recurrent layer: vanilla, LSTM or GRU; see [`Cell`] for the equations.
///
/// ```
/// use burn::tensor::Tensor;
/// use recurrent_backend::{BackendKind, Seed};
/// use recurrent_cells::{Cell, Pass, Recurrence, RecurrentConfig};
///
/// let device = BackendKind::Flex.open()?;
/// let lstm = RecurrentConfig::new(Cell::Lstm, 4, 6).init(Seed(1), &device);
/// let x = Tensor::<3>::ones([3, 5, 4], &device); // [batch, time, input]
/// let (outputs, state) = lstm.sequence(x.clone(), None, &Pass::evaluation());
/// assert_eq!(outputs.dims(), [3, 5, 6]);
/// let (more, _) = lstm.sequence(x, Some(state), &Pass::evaluation()); // goes on where it left off
/// # Ok::<(), recurrent_backend::OpenError>(())
/// ```
#[derive(Module, Debug)]
pub struct Recurrent {
    /// The input kernel, `[input, gates * hidden]`.
    pub kernel: Param<Tensor<2>>,
    /// The recurrent kernel, `[hidden, gates * hidden]`.
    pub recurrent: Param<Tensor<2>>,
    /// The biases, `[1, gates * hidden]`, or `[2, ..]` with the recurrent product's own.
    pub bias: Param<Tensor<2>>,
    /// The gains of [`Normalization::Layer`].
    pub normalization: Option<LayerNormalization>,
    #[module(skip)]
    cell: Cell,
    #[module(skip)]
    direction: Direction,
    #[module(skip)]
    rates: Rates,
    #[module(skip)]
    implementation: Implementation,
}

/// The state of a [`Recurrent`] layer.
#[derive(Clone, Debug)]
pub struct State {
    /// The output of the last step, `[batch, hidden]`.
    pub output: Tensor<2>,
    /// The LSTM's memory, `[batch, hidden]`.
    pub memory: Option<Tensor<2>>,
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

impl Recurrent {
    /// The cell.
    pub fn cell(&self) -> Cell {
        self.cell
    }

    /// The order in which sequences are read.
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// Reads the weights to the host, without the gains of a normalisation, which PyTorch and Keras do not have.
    pub fn weights(&self) -> Weights {
        let numbers = |parameter: &Param<Tensor<2>>| {
            parameter.val().into_data().try_into_vec::<f32>().expect("parameters are 32-bit floats")
        };
        let [input, _] = self.kernel.val().dims();
        Weights {
            cell: self.cell,
            input,
            hidden: self.d_output(),
            kernel: numbers(&self.kernel),
            recurrent: numbers(&self.recurrent),
            bias: numbers(&self.bias),
        }
    }

    /// Reads a batch with masks drawn before; see [`Recurrence::sequence`].
    pub(crate) fn masked_sequence(
        &self,
        input: Input,
        state: Option<State>,
        masks: Masks,
        padding: Option<&Mask>,
    ) -> (Tensor<3>, State) {
        let [batch, time] = input.batch_and_time();
        let state = state.unwrap_or_else(|| self.zero_state(batch));
        let operands = Sequence {
            cell: self.cell,
            direction: self.direction,
            source: self.source(input, masks.input),
            kernel: self.kernel.val(),
            recurrent: self.dropped_recurrent(masks.weights),
            bias: self.bias.val(),
            gains: self.normalization.as_ref().map(|it| Gains {
                products: it.gain.val(),
                memory: it.memory.as_ref().map(|memory| memory.val()),
            }),
            state: self.joined(state, batch),
            dropout: masks.recurrent,
            zoneout: masks.zoneout,
            mask: padding.map(|mask| mask.time_major(batch, time)),
        };
        let (outputs, state) = op::sequence(operands, self.implementation);
        (outputs.swap_dims(0, 1), state)
    }

    /// The recurrent kernel, some of its weights dropped.
    fn dropped_recurrent(&self, mask: Option<Vec<f32>>) -> Tensor<2> {
        let recurrent = self.recurrent.val();
        let Some(mask) = mask else { return recurrent };
        let mask = Tensor::from_data(TensorData::new(mask, recurrent.dims()), &recurrent.device());
        recurrent * mask
    }

    /// The input in the op's form; the mask of its dropout is `[masks, batch, input]`.
    fn source(&self, input: Input, mask: Option<Arc<[f32]>>) -> Source {
        let [d_input, _] = self.kernel.val().dims();
        let [batch, time] = input.batch_and_time();
        match input {
            Input::Dense(x) => {
                let [.., features] = x.dims();
                assert_eq!(features, d_input, "the layer reads {d_input} features, the input has {features}");
                Source::Dense { x: x.swap_dims(0, 1), dropout: mask }
            }
            Input::Tokens(tokens) => {
                let places = tokens.swap_dims(0, 1);
                let scale = mask.map(|mask| {
                    let data = places.to_data();
                    let places = data.iter::<i64>().enumerate();
                    let place_of = |place: i64| {
                        let place = usize::try_from(place).ok().filter(|place| *place < d_input);
                        place.unwrap_or_else(|| panic!("a token is outside the layer's {d_input}"))
                    };
                    let places: Vec<_> = places.map(|(step, place)| (step, place_of(place))).collect();
                    mask.chunks_exact(batch * d_input)
                        .flat_map(|mask| {
                            places.iter().map(|(step, place)| mask[step % batch * d_input + place])
                        })
                        .collect::<Arc<[f32]>>()
                });
                let masks = self.rates.gate_masks.count(self.cell);
                debug_assert!(scale.as_ref().is_none_or(|scale| scale.len() == masks * time * batch));
                Source::Tokens { places, scale }
            }
        }
    }

    /// The state in the op's form, `[1 or 2, batch, hidden]`.
    fn joined(&self, state: State, batch: usize) -> Tensor<3> {
        let hidden = self.d_output();
        assert_eq!(state.output.dims(), [batch, hidden], "the state's batch and hidden size");
        assert_eq!(state.memory.is_some(), self.cell.has_memory(), "a memory belongs to the LSTM alone");
        let parts = std::iter::once(state.output).chain(state.memory);
        Tensor::cat(parts.map(|part| part.unsqueeze_dim(0)).collect(), 0)
    }
}

impl Recurrence for Recurrent {
    type State = State;

    fn d_output(&self) -> usize {
        let [hidden, _] = self.recurrent.val().dims();
        hidden
    }

    fn zero_state(&self, batch: usize) -> State {
        let zeros = Tensor::zeros([batch, self.d_output()], &self.recurrent.val().device());
        State { output: zeros.clone(), memory: self.cell.has_memory().then_some(zeros) }
    }

    fn sequence(&self, input: impl Into<Input>, state: Option<State>, pass: &Pass) -> (Tensor<3>, State) {
        let input = input.into();
        let [d_input, _] = self.kernel.val().dims();
        let sizes = [d_input, self.d_output()];
        let masks = Masks::draw(&self.rates, self.cell, input.batch_and_time(), sizes, pass.dropout);
        self.masked_sequence(input, state, masks, pass.mask.as_ref())
    }

    fn detach(state: State) -> State {
        State { output: state.output.detach(), memory: state.memory.map(Tensor::detach) }
    }
}

impl Stepwise for Recurrent {}

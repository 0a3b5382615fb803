//! One recurrent layer in one direction.

use burn::{
    module::{Module, Param},
    tensor::{Device, Tensor, TensorData},
};

use crate::{
    activation::Activation,
    cell::Cell,
    config::RecurrentConfig,
    direction::Direction,
    input::Input,
    layouts::Weights,
    masks::{Masks, PassSizes, Rates},
    normalization::{LayerNormalization, Normalization},
    op::{
        self, Extras, Gains, Implementation, Sequence, Source,
        options::{DropoutMasks, Options},
    },
    pass::{Mask, Pass},
    recurrence::{Recurrence, Stepwise},
    state::State,
};

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
    /// The recurrent kernel, `[output, gates * hidden]`.
    pub recurrent: Param<Tensor<2>>,
    /// The biases, `[1, gates * hidden]`, or `[2, ..]` with the recurrent product's own.
    pub bias: Option<Param<Tensor<2>>>,
    /// The LSTM's peepholes of `i`, `f` and `o`, `[3, hidden]`.
    pub peepholes: Option<Param<Tensor<2>>>,
    /// The LSTM's projection, `[hidden, output]`.
    pub projection: Option<Param<Tensor<2>>>,
    /// The learnt output before the first step, `[1, output]`.
    pub first_output: Option<Param<Tensor<2>>>,
    /// The learnt memory before the first step, `[1, hidden]`.
    pub first_memory: Option<Param<Tensor<2>>>,
    /// The gains of layer normalisation.
    pub normalization: Option<LayerNormalization>,
    #[module(skip)]
    pub(crate) extent: Extent,
}

/// What of a layer is no parameter.
#[derive(Clone, Debug)]
pub(crate) struct Extent {
    pub(crate) cell: Cell,
    pub(crate) direction: Direction,
    pub(crate) rates: Rates,
    /// Of the gates, of the candidate, and of the LSTM's memory.
    pub(crate) activations: [Activation; 3],
    pub(crate) clip: Option<f64>,
    pub(crate) coupled: bool,
    pub(crate) implementation: Implementation,
}

impl Recurrent {
    /// The cell.
    pub fn cell(&self) -> Cell {
        self.extent.cell
    }

    /// The order in which sequences are read.
    pub fn direction(&self) -> Direction {
        self.extent.direction
    }

    /// The number of input features, or of tokens.
    pub fn d_input(&self) -> usize {
        let [input, _] = self.kernel.val().dims();
        input
    }

    /// The number of units.
    pub fn d_hidden(&self) -> usize {
        let [_, width] = self.kernel.val().dims();
        width / self.cell().gates()
    }

    /// What the layer is, as it was configured; how its weights started is no longer known.
    ///
    /// ```
    /// use recurrent_backend::{BackendKind, Seed};
    /// use recurrent_cells::{Cell, RecurrentConfig};
    ///
    /// let config = RecurrentConfig::new(Cell::Lstm, 4, 6).with_projection(Some(3)).with_bias(false);
    /// let layer = config.init(Seed(1), &BackendKind::Flex.open()?);
    /// assert_eq!(layer.config().projection, Some(3));
    /// # Ok::<(), recurrent_backend::OpenError>(())
    /// ```
    pub fn config(&self) -> RecurrentConfig {
        let Extent { cell, direction, rates, activations, clip, coupled, implementation } =
            self.extent.clone();
        let [gate_activation, candidate_activation, output_activation] = activations;
        RecurrentConfig {
            direction,
            bias: self.bias.is_some(),
            gate_activation,
            candidate_activation,
            output_activation,
            clip,
            coupled_gates: coupled,
            peepholes: self.peepholes.is_some(),
            projection: self.projection.is_some().then(|| self.d_output()),
            learns_state: self.first_output.is_some(),
            input_dropout: rates.input,
            recurrent_dropout: rates.recurrent,
            gate_masks: rates.gate_masks,
            weight_dropout: rates.weight,
            zoneout_output: rates.zoneout_output,
            zoneout_memory: rates.zoneout_memory,
            normalization: match self.normalization {
                Some(_) => Normalization::Layer,
                None => Normalization::None,
            },
            implementation,
            ..RecurrentConfig::new(cell, self.d_input(), self.d_hidden())
        }
    }

    /// Reads the weights to the host, without the gains of a normalisation and a learnt state, which PyTorch and Keras do not have.
    pub fn weights(&self) -> Weights {
        let numbers = |parameter: &Param<Tensor<2>>| parameter.val().into_data().iter::<f32>().collect();
        let or_none =
            |parameter: &Option<Param<Tensor<2>>>| parameter.as_ref().map_or_else(Vec::new, numbers);
        Weights {
            cell: self.cell(),
            input: self.d_input(),
            hidden: self.d_hidden(),
            output: self.d_output(),
            kernel: numbers(&self.kernel),
            recurrent: numbers(&self.recurrent),
            bias: or_none(&self.bias),
            peepholes: or_none(&self.peepholes),
            projection: or_none(&self.projection),
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
        let state = state.unwrap_or_else(|| self.first_state(batch));
        self.check_state(&state, batch);
        let (source, input_dropout) = self.source(input, masks.input);
        let operands = Sequence {
            options: Options {
                cell: self.cell().equations(),
                direction: self.direction(),
                input_dropout,
                state_dropout: masks.recurrent,
                zoneout: masks.zoneout,
                padding: padding.map(|mask| mask.time_major(batch, time)),
                normalizes: self.normalization.is_some(),
            },
            source,
            kernel: self.kernel.val(),
            recurrent: self.dropped_recurrent(masks.weights),
            bias: self.bias.as_ref().map(Param::val),
            gains: self.normalization.as_ref().map(|it| Gains {
                products: it.gain.val(),
                memory: it.memory.as_ref().map(|memory| memory.val()),
            }),
            extras: Extras {
                activations: self.extent.activations,
                clip: self.extent.clip,
                peepholes: self.peepholes.as_ref().map(Param::val),
                projection: self.projection.as_ref().map(Param::val),
                coupled: self.extent.coupled,
            },
            state,
        };
        let (outputs, state) = op::sequence(operands, self.extent.implementation);
        (outputs.swap_dims(0, 1), state)
    }

    /// The recurrent kernel, some of its weights dropped.
    fn dropped_recurrent(&self, mask: Option<Vec<f32>>) -> Tensor<2> {
        let recurrent = self.recurrent.val();
        let Some(mask) = mask else { return recurrent };
        let mask = TensorData::new(mask, recurrent.dims());
        let mask = Tensor::from_data(mask, (&recurrent.device(), recurrent.dtype()));
        recurrent * mask
    }

    /// The input in the op's form, and what it is multiplied with: features as they are, tokens by the factor of each one's place.
    fn source(&self, input: Input, dropout: Option<DropoutMasks>) -> (Source, Option<DropoutMasks>) {
        let d_input = self.d_input();
        let [batch, _] = input.batch_and_time();
        match input {
            Input::Dense(x) => {
                let [.., features] = x.dims();
                assert_eq!(features, d_input, "the layer reads {d_input} features, the input has {features}");
                (Source::Dense(x.swap_dims(0, 1)), dropout)
            }
            Input::Tokens(tokens) => {
                let places = tokens.swap_dims(0, 1);
                let scale = dropout.map(|masks| {
                    let data = places.to_data();
                    let places: Vec<_> =
                        data.iter::<i64>().map(|place| op::place_of(place, d_input)).collect();
                    let scales = masks.each().flat_map(|mask| {
                        let scale = |(step, place): (usize, &usize)| mask[step % batch * d_input + place];
                        places.iter().enumerate().map(scale)
                    });
                    DropoutMasks::new(scales.collect::<Vec<_>>(), masks.count())
                });
                (Source::Tokens(places), scale)
            }
        }
    }

    /// The state before the first step where none is given: what was learnt, or zeros.
    fn first_state(&self, batch: usize) -> State {
        let zeros = self.zero_state(batch);
        let learnt = |first: &Option<Param<Tensor<2>>>, zeros: Tensor<2>| match first {
            Some(first) => first.val().expand(zeros.dims()),
            None => zeros,
        };
        State {
            output: learnt(&self.first_output, zeros.output),
            memory: zeros.memory.map(|zeros| learnt(&self.first_memory, zeros)),
        }
    }

    fn check_state(&self, state: &State, batch: usize) {
        let (hidden, output) = (self.d_hidden(), self.d_output());
        assert_eq!(state.output.dims(), [batch, output], "the state's batch and output size");
        assert_eq!(state.memory.is_some(), self.cell().has_memory(), "a memory belongs to the LSTM alone");
        let memory = state.memory.as_ref().map_or([batch, hidden], Tensor::dims);
        assert_eq!(memory, [batch, hidden], "the memory's batch and hidden size");
    }
}

impl Recurrence for Recurrent {
    type State = State;

    fn d_output(&self) -> usize {
        let [output, _] = self.recurrent.val().dims();
        output
    }

    fn zero_state(&self, batch: usize) -> State {
        let recurrent = self.recurrent.val();
        let zeros = |width: usize| Tensor::zeros([batch, width], (&recurrent.device(), recurrent.dtype()));
        State {
            output: zeros(self.d_output()),
            memory: self.cell().has_memory().then(|| zeros(self.d_hidden())),
        }
    }

    fn sequence(&self, input: impl Into<Input>, state: Option<State>, pass: &Pass) -> (Tensor<3>, State) {
        let input = input.into();
        let [batch, time] = input.batch_and_time();
        let (input_size, hidden, output) = (self.d_input(), self.d_hidden(), self.d_output());
        let sizes = PassSizes { batch, time, input: input_size, hidden, output };
        let masks = Masks::draw(&self.extent.rates, self.cell(), sizes, pass.dropout);
        self.masked_sequence(input, state, masks, pass.mask.as_ref())
    }

    fn last_of(&self, state: &State) -> Tensor<2> {
        state.output.clone()
    }

    fn device(&self) -> Device {
        self.recurrent.val().device()
    }

    fn detach(state: State) -> State {
        state.detach()
    }
}

impl Stepwise for Recurrent {
    fn is_causal(&self) -> bool {
        self.direction() == Direction::Forward
    }
}

//! What a recurrent layer is to be.

use burn::{
    config::Config,
    module::Param,
    tensor::{Device, Tensor, TensorData},
};
use recurrent_backend::Seed;

use crate::{
    activation::Activation,
    cell::Cell,
    direction::Direction,
    init::Initializers,
    layer::{Extent, Recurrent},
    layouts::Weights,
    masks::{GateMasks, Rates},
    normalization::{LayerNormalization, Normalization},
    op::{Extras, Implementation},
};

/// Configuration of a [`Recurrent`] layer.
///
/// ```
/// use recurrent_backend::{BackendKind, Seed};
/// use recurrent_cells::{Cell, RecurrentConfig};
///
/// let device = BackendKind::Flex.open()?;
/// let config = RecurrentConfig::new(Cell::Lstm, 57, 800).with_recurrent_dropout(0.2).with_bias(false);
/// let layer = config.init(Seed(1), &device);
/// # Ok::<(), recurrent_backend::OpenError>(())
/// ```
#[derive(Config, Debug)]
#[non_exhaustive]
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
    /// Whether sums have a bias.
    #[config(default = "true")]
    pub bias: bool,
    /// The activation of the gates, of all cells but the vanilla one. Another than [`Activation::Sigmoid`] is composed.
    #[config(default = "Activation::Sigmoid")]
    pub gate_activation: Activation,
    /// The activation of the candidate `c'`. Another than [`Activation::Tanh`] is composed.
    #[config(default = "Activation::Tanh")]
    pub candidate_activation: Activation,
    /// The activation of the LSTM's memory in its output. Another than [`Activation::Tanh`] is composed.
    #[config(default = "Activation::Tanh")]
    pub output_activation: Activation,
    /// Cuts the LSTM's memory, or the state of another cell, to `[-clip, clip]` at each step; composed.
    pub clip: Option<f64>,
    /// Whether the LSTM's forget gate is what its input gate leaves, `f = 1 - i` (Greff et al. 2015); composed. The columns of `f` in
    /// the weights are not used.
    #[config(default = "false")]
    pub coupled_gates: bool,
    /// Whether the LSTM's gates see its memory (Gers, Schraudolph and Schmidhuber 2002): `i` and `f` the one before the step, `o` the
    /// new one, each through a weight a unit; composed.
    #[config(default = "false")]
    pub peepholes: bool,
    /// The number of features to which the LSTM's output is projected, without a bias (Sak, Senior and Beaufays 2014; PyTorch's
    /// `proj_size`); composed. The state that the next step reads is the projected one.
    pub projection: Option<usize>,
    /// Whether the state before the first step is learnt, where none is given; otherwise it is zero.
    #[config(default = "false")]
    pub learns_state: bool,
    /// How the weights start.
    #[config(default = "Initializers::default()")]
    pub initializers: Initializers,
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
    /// Makes the layer with weights drawn as [`initializers`](Self::initializers) says. Peepholes and a learnt state start at zero,
    /// gains of a normalisation at one.
    ///
    /// # Panics
    /// A size is 0, a rate is not in `[0, 1)`, a clip is not above 0, or the cell lacks what an option is about: a memory.
    pub fn init(&self, seed: Seed, device: &Device) -> Recurrent {
        self.init_with(&self.initializers.draw(self.zero_weights(), seed), device)
    }

    /// Makes the layer with zeros for weights, which those of a file are to replace: an orthogonal kernel takes long to draw.
    ///
    /// # Panics
    /// As [`init`](Self::init).
    pub fn zeros(&self, device: &Device) -> Recurrent {
        self.init_with(&self.zero_weights(), device)
    }

    /// Makes the layer with given weights; gains of a normalisation start at one, a learnt state at zero.
    ///
    /// # Panics
    /// The weights are of another cell or other sizes, or as [`init`](Self::init).
    pub fn init_with(&self, weights: &Weights, device: &Device) -> Recurrent {
        self.check();
        let expected = self.zero_weights();
        let sizes = |weights: &Weights| {
            let Weights { cell, input, hidden, output, .. } = *weights;
            let Weights { kernel, recurrent, bias, peepholes, projection, .. } = weights;
            (cell, [input, hidden, output], [kernel, recurrent, bias, peepholes, projection].map(Vec::len))
        };
        assert_eq!(sizes(weights), sizes(&expected), "the weights' cell, sizes and lengths");
        let parameter = |numbers: &[f32], columns: usize| {
            (!numbers.is_empty()).then(|| {
                let data = TensorData::new(numbers.to_vec(), [numbers.len() / columns, columns]);
                Param::from_data(data, device)
            })
        };
        let (hidden, output) = (self.d_hidden, weights.output);
        let width = self.cell.gates() * hidden;
        let zero_state = |width: usize| Param::from_tensor(Tensor::zeros([1, width], device));
        Recurrent {
            kernel: parameter(&weights.kernel, width).expect("a layer has inputs"),
            recurrent: parameter(&weights.recurrent, width).expect("a layer has units"),
            bias: parameter(&weights.bias, width),
            peepholes: parameter(&weights.peepholes, hidden),
            projection: parameter(&weights.projection, output),
            first_output: self.learns_state.then(|| zero_state(output)),
            first_memory: (self.learns_state && self.cell.has_memory()).then(|| zero_state(hidden)),
            normalization: match self.normalization {
                Normalization::None => None,
                Normalization::Layer => Some(LayerNormalization::new(self.cell, hidden, device)),
            },
            extent: self.extent(),
        }
    }

    fn extent(&self) -> Extent {
        Extent {
            cell: self.cell,
            direction: self.direction,
            rates: Rates {
                input: self.input_dropout,
                recurrent: self.recurrent_dropout,
                gate_masks: self.gate_masks,
                weight: self.weight_dropout,
                zoneout_output: self.zoneout_output,
                zoneout_memory: self.zoneout_memory,
            },
            activations: [self.gate_activation, self.candidate_activation, self.output_activation],
            clip: self.clip,
            coupled: self.coupled_gates,
            implementation: self.implementation,
        }
    }

    /// Zeros in the layer's sizes.
    fn zero_weights(&self) -> Weights {
        let Self { cell, d_input, d_hidden, .. } = *self;
        assert!(d_input > 0 && d_hidden > 0, "a layer has at least one input and one unit");
        let mut weights = Weights::zeros(cell, d_input, d_hidden);
        if !self.bias {
            weights.bias.clear();
        }
        if self.peepholes {
            weights.peepholes = vec![0.0; 3 * d_hidden];
        }
        if let Some(output) = self.projection {
            weights.output = output;
            weights.recurrent = vec![0.0; output * cell.gates() * d_hidden];
            weights.projection = vec![0.0; d_hidden * output];
        }
        weights
    }

    fn check(&self) {
        self.extent().rates.check(self.cell);
        let of_lstm = [
            ("coupled gates", self.coupled_gates),
            ("peepholes", self.peepholes),
            ("a projection", self.projection.is_some()),
            ("an activation of the output", self.output_activation != Extras::ACTIVATIONS[2]),
        ];
        for (what, is_asked) in of_lstm {
            assert!(
                !is_asked || self.cell.has_memory(),
                "{:?} cannot have {what}: the LSTM alone can",
                self.cell
            );
        }
        let names_activation = self.cell.equations().shape().names_activation;
        let activations = [self.gate_activation, self.candidate_activation];
        assert!(
            !names_activation || activations == Extras::ACTIVATIONS[..2],
            "{:?} names its one activation itself",
            self.cell
        );
        assert!(
            self.projection.is_none_or(|output| output > 0 && output < self.d_hidden),
            "a projection is to fewer features, and at least one"
        );
        assert!(self.clip.is_none_or(|clip| clip > 0.0), "a clip is a number above 0");
    }

    /// The number of features of an output.
    pub fn d_output(&self) -> usize {
        self.projection.unwrap_or(self.d_hidden)
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
        let Weights { kernel, recurrent, bias, peepholes, projection, output, .. } = self.zero_weights();
        let memory = if self.cell.has_memory() { self.d_hidden } else { 0 };
        let state = if self.learns_state { output + memory } else { 0 };
        let weights: usize = [kernel, recurrent, bias, peepholes, projection].iter().map(Vec::len).sum();
        weights + state + self.normalization.parameters(self.cell, self.d_hidden)
    }
}

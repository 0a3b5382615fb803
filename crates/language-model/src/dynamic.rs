//! Dynamic evaluation: the model goes on learning from the text that it is judged on, always after it has predicted it
//! (Krause, Kahembwe, Murray and Renals 2018, arXiv:1709.07432; here with plain gradient descent and decay to the first
//! weights, their equations 3 and 6).

use burn::{
    module::{Module, ModuleMapper, ModuleVisitor, Param},
    optim::GradientsParams,
    tensor::Tensor,
};
use recurrent_cells::{Pass, Recurrence, Recurrent, Stack};
use recurrent_data::text::Id;
use recurrent_train::Clip;

use crate::network::{Network, numbers, surprise};
use crate::network_settings::NetworkSettings;

/// How a model adapts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adapting {
    /// Tokens between two updates; at least 1.
    pub window: usize,
    /// What gradients are multiplied with.
    pub rate: f64,
    /// The share of the way back to the first weights that each update goes.
    pub decay: f64,
}

impl Adapting {
    /// The rate that is taken where none is chosen.
    pub const RATE: f64 = 0.05;
    /// The decay that is taken where none is chosen.
    pub const DECAY: f64 = 0.002;

    /// An update every so many tokens.
    pub fn every(window: usize) -> Self {
        Self { window, rate: Self::RATE, decay: Self::DECAY }
    }
}

/// Gradients of one stretch seldom are longer; longer ones are scaled down to this.
const LONGEST: f64 = 1.0;

/// The surprise of each token but the first, in nats, of a network that learns from each stretch after it has predicted
/// it. The network itself is not changed; `settings` are its own. `watch` is told now and then which share has been read.
///
/// # Panics
/// An id is none of the network's, the settings are not its own, or the window has no token.
pub(crate) fn adapted_surprises(
    network: &Network,
    settings: &NetworkSettings,
    ids: &[Id],
    adapting: Adapting,
    mut watch: impl FnMut(f64),
) -> Vec<f32> {
    let device = network.device().autodiff();
    let mut adapted = Network::zeros(settings, network.vocabulary(), &device).beginning_as(network);
    let first = weights(network);
    let count = ids.len().saturating_sub(1);
    let (mut scores, mut states) = (Vec::with_capacity(count), None);
    for start in (0..count).step_by(adapting.window) {
        let end = (start + adapting.window).min(count);
        let of = |ids: &[Id]| ids.iter().map(|id| i64::from(*id)).collect::<Vec<_>>();
        let inputs = adapted.place(of(&ids[start..end]), [1, end - start]);
        let targets = adapted.place(of(&ids[start + 1..=end]), [1, end - start]);
        let (logits, next) = adapted.forward(inputs, states, &Pass::evaluation(), None);
        let nats = surprise(logits, targets);
        states = Some(Stack::<Recurrent>::detach(next));
        scores.extend(numbers(nats.clone().inner()));
        let mut gradients = GradientsParams::from_grads(nats.mean().backward(), &adapted);
        Clip::GlobalNorm(LONGEST).apply(&mut gradients, &adapted);
        adapted = adapted.map(&mut Update {
            gradients: &mut gradients,
            rate: adapting.rate,
            decay: adapting.decay,
            first: &mut first.iter(),
        });
        watch(end as f64 / count as f64);
    }
    scores
}

/// All weights, flat, in the order in which a module shows them.
fn weights(model: &Network) -> Vec<Tensor<1>> {
    struct Reader(Vec<Tensor<1>>);
    impl ModuleVisitor for Reader {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            let tensor = param.val();
            let count = tensor.shape().num_elements();
            self.0.push(tensor.reshape([count]));
        }
    }
    let mut reader = Reader(Vec::new());
    model.visit(&mut reader);
    reader.0
}

struct Update<'a> {
    gradients: &'a mut GradientsParams,
    rate: f64,
    decay: f64,
    first: &'a mut std::slice::Iter<'a, Tensor<1>>,
}

impl ModuleMapper for Update<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let first = self.first.next().expect("as many weights as before").clone();
        let gradient = self.gradients.remove::<D>(param.id);
        param.map(|tensor| {
            let now = tensor.inner();
            let first = first.reshape(now.shape());
            let mut next = now.clone() + (first - now) * self.decay;
            if let Some(gradient) = gradient {
                next = next - gradient * self.rate;
            }
            Tensor::from_inner(next).require_grad()
        })
    }
}

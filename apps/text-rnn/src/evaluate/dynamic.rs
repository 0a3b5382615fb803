//! Dynamic evaluation: the model goes on learning from the text that it is judged on, always after it has predicted it
//! (Krause, Kahembwe, Murray and Renals 2018, arXiv:1709.07432; here with plain gradient descent and decay to the run's
//! weights, their equations 3 and 6).

use burn::{
    module::{Module, ModuleMapper, ModuleVisitor, Param},
    optim::GradientsParams,
    tensor::Tensor,
};
use recurrent_cells::{Pass, Recurrence, Recurrent, Stack};
use recurrent_data::text::Id;
use recurrent_train::Clip;

use crate::model::{Writer, surprise};
use crate::saved::Saved;
use crate::score::numbers;

/// How a model adapts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adapting {
    /// Characters between two updates.
    pub window: usize,
    /// What gradients are multiplied with.
    pub rate: f64,
    /// The share of the way back to the first weights that each update goes.
    pub decay: f64,
}

/// Gradients of one stretch seldom are longer; longer ones are scaled down to this.
const LONGEST: f64 = 1.0;

/// The surprise of each character but the first, in nats, of a model that learns from each stretch after it has predicted
/// it. The model itself is not changed. `watch` is told now and then which share has been read.
///
/// # Errors
/// The backend cannot be opened.
pub fn adapted_score(
    saved: &Saved,
    ids: &[Id],
    adapting: Adapting,
    mut watch: impl FnMut(f64),
) -> Result<Vec<f32>, crate::Failure> {
    let device = saved.model.device().autodiff();
    let empty = Writer::zeros(&saved.settings.model, saved.vocabulary.len(), &device);
    let mut model = empty.beginning_as(&saved.model);
    let first = weights(&saved.model);
    let count = ids.len().saturating_sub(1);
    let (mut scores, mut states) = (Vec::with_capacity(count), None);
    for start in (0..count).step_by(adapting.window) {
        let end = (start + adapting.window).min(count);
        let of = |ids: &[Id]| ids.iter().map(|id| i64::from(*id)).collect::<Vec<_>>();
        let inputs = model.place(of(&ids[start..end]), [1, end - start]);
        let targets = model.place(of(&ids[start + 1..=end]), [1, end - start]);
        let (logits, next) = model.forward(inputs, states, &Pass::evaluation(), None);
        let nats = surprise(logits, targets);
        states = Some(Stack::<Recurrent>::detach(next));
        scores.extend(numbers(nats.clone().inner()));
        let mut gradients = GradientsParams::from_grads(nats.mean().backward(), &model);
        Clip::GlobalNorm(LONGEST).apply(&mut gradients, &model);
        model = model.map(&mut Update {
            gradients: &mut gradients,
            rate: adapting.rate,
            decay: adapting.decay,
            first: &mut first.iter(),
        });
        watch(end as f64 / count as f64);
    }
    Ok(scores)
}

/// All weights, flat, in the order in which a module shows them.
fn weights(model: &Writer) -> Vec<Tensor<1>> {
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

//! What is said when the loss, the gradients or the weights stop being finite numbers.

use burn::module::Module;

use crate::error::Error;
use crate::weights::parameters;

/// The last step whose loss was finite.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LastStep {
    pub(crate) step: u64,
    pub(crate) loss: f64,
    pub(crate) gradient_norm: Option<f64>,
}

/// Where a run diverged.
pub(crate) struct Divergence<'a> {
    /// What is not finite, as the start of a sentence: `the training loss is NaN`.
    pub(crate) what: String,
    pub(crate) epoch: usize,
    pub(crate) step: u64,
    pub(crate) learning_rate: f64,
    pub(crate) last: Option<LastStep>,
    /// The step of the checkpoint that is kept.
    pub(crate) checkpoint: Option<&'a str>,
    pub(crate) clipped: bool,
}

impl Divergence<'_> {
    /// Looks through the weights for the cause, and says all that is known.
    pub(crate) fn into_error<M: Module>(self, module: &M) -> Error {
        let Self { what, epoch, step, learning_rate, last, checkpoint, clipped } = self;
        let mut said =
            vec![format!("{what} at step {step} of epoch {epoch}, learning rate {learning_rate:e}")];
        if let Some(LastStep { step, loss, gradient_norm }) = last {
            let norm =
                gradient_norm.map_or(String::new(), |norm| format!(" and a gradient norm of {norm:e}"));
            said.push(format!("the last finite step, {step}, had a loss of {loss:e}{norm}"));
        }
        let tensors = parameters::parameters(module);
        said.push(match parameters::first_not_finite(&tensors) {
            Some(name) => format!("the first parameter with a number that is not finite is `{name}`"),
            None => "all parameters are finite, so it arose in this step".to_owned(),
        });
        said.push(match checkpoint {
            Some(file) => format!("the last checkpoint, {file}, is kept"),
            None => "no checkpoint was written yet".to_owned(),
        });
        said.push(if clipped {
            "try a lower learning rate".to_owned()
        } else {
            "try a lower learning rate, or clip the gradients by their global norm".to_owned()
        });
        Error::Diverged(said.join("; "))
    }
}

/// `NaN` or `infinite`, as messages say it.
pub(crate) fn kind(number: f64) -> &'static str {
    if number.is_nan() { "NaN" } else { "infinite" }
}

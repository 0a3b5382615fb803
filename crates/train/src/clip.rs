//! Clipping of gradients. Burn clips by the norm of each parameter; the global norm, over all parameters
//! together, is computed here, once a step.

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// How gradients are kept from exploding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clip {
    /// Not at all.
    #[default]
    None,
    /// All gradients are scaled by one factor, so that the norm over all of them is at most this (Pascanu,
    /// Mikolov and Bengio 2013, arXiv:1211.5063).
    GlobalNorm(f64),
    /// Each number is cut to at most this, either sign.
    Value(f64),
}

impl Clip {
    /// Clips the gradients of a module; returns their global norm before it, where the rule needs it. Gradients whose norm is
    /// not finite stay as they are.
    pub fn apply<M: Module>(self, gradients: &mut GradientsParams, module: &M) -> Option<f64> {
        match self {
            Self::None => None,
            Self::Value(limit) => {
                module.visit(&mut Each { gradients, change: Change::Clamp(limit) });
                None
            }
            Self::GlobalNorm(limit) => {
                let norm = global_norm(gradients, module);
                if norm.is_finite() && norm > limit {
                    module.visit(&mut Each { gradients, change: Change::Scale(limit / norm) });
                }
                Some(norm)
            }
        }
    }

    /// Says what is wrong with the rule, if something is.
    pub(crate) fn problem(self) -> Option<String> {
        match self {
            Self::GlobalNorm(limit) | Self::Value(limit) if !(limit.is_finite() && limit > 0.0) => {
                Some(format!("gradients clipped at {limit}; expected a number above 0"))
            }
            _ => None,
        }
    }
}

/// Computes the norm over the gradients of all parameters together. One number leaves the device.
pub(crate) fn global_norm<M: Module>(gradients: &GradientsParams, module: &M) -> f64 {
    let mut squares = Squares { gradients, sum: None };
    module.visit(&mut squares);
    squares.sum.map_or(0.0, |sum| f64::from(sum.into_scalar::<f32>()).sqrt())
}

struct Squares<'a> {
    gradients: &'a GradientsParams,
    sum: Option<Tensor<1>>,
}

impl ModuleVisitor for Squares<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = self.gradients.get::<D>(param.id) {
            let squares = gradient.square().sum();
            self.sum = Some(match self.sum.take() {
                Some(sum) => sum + squares,
                None => squares,
            });
        }
    }
}

enum Change {
    Clamp(f64),
    Scale(f64),
}

struct Each<'a> {
    gradients: &'a mut GradientsParams,
    change: Change,
}

impl ModuleVisitor for Each<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = self.gradients.remove::<D>(param.id) {
            let changed = match self.change {
                Change::Clamp(limit) => gradient.clamp(-limit, limit),
                Change::Scale(factor) => gradient.mul_scalar(factor),
            };
            self.gradients.register(param.id, changed);
        }
    }
}

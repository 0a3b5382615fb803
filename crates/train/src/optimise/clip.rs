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

/// Computes the norm over the gradients of all parameters together. One number leaves the device; where the squares overflow,
/// which those of gradients above 1.8e19 do, two more.
pub(crate) fn global_norm<M: Module>(gradients: &GradientsParams, module: &M) -> f64 {
    let norm = root_of_squares(gradients, module, 1.0);
    if norm.is_finite() {
        return norm;
    }
    let mut largest = Largest { gradients, largest: None };
    module.visit(&mut largest);
    let largest = largest.largest.map_or(0.0, |largest| f64::from(largest.into_scalar::<f32>()));
    if largest.is_finite() { largest * root_of_squares(gradients, module, largest) } else { norm }
}

/// The norm of the gradients divided by a number.
fn root_of_squares<M: Module>(gradients: &GradientsParams, module: &M, divisor: f64) -> f64 {
    let mut squares = Squares { gradients, divisor, sum: None };
    module.visit(&mut squares);
    squares.sum.map_or(0.0, |sum| f64::from(sum.into_scalar::<f32>()).sqrt())
}

struct Squares<'a> {
    gradients: &'a GradientsParams,
    divisor: f64,
    sum: Option<Tensor<1>>,
}

impl ModuleVisitor for Squares<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(mut gradient) = self.gradients.get::<D>(param.id) {
            if self.divisor != 1.0 {
                gradient = gradient.div_scalar(self.divisor);
            }
            let squares = gradient.square().sum();
            self.sum = Some(match self.sum.take() {
                Some(sum) => sum + squares,
                None => squares,
            });
        }
    }
}

/// The largest absolute number of all gradients.
struct Largest<'a> {
    gradients: &'a GradientsParams,
    largest: Option<Tensor<1>>,
}

impl ModuleVisitor for Largest<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = self.gradients.get::<D>(param.id) {
            let largest = gradient.abs().max();
            self.largest = Some(match self.largest.take() {
                Some(before) => before.max_pair(largest),
                None => largest,
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

#[cfg(test)]
mod tests {
    use burn::module::Param;
    use recurrent_backend::BackendKind;

    use super::*;

    /// Two parameters, whose gradients are what is asked for.
    #[derive(Module, Debug)]
    struct Two {
        first: Param<Tensor<1>>,
        second: Param<Tensor<2>>,
    }

    fn clipped(first: [f32; 2], second: [[f32; 1]; 1], clip: Clip) -> (Option<f64>, Vec<f32>) {
        let device = BackendKind::Flex.open().unwrap().autodiff();
        let plain = device.clone().inner();
        let two = Two {
            first: Param::from_data([0.0f32; 2], &device),
            second: Param::from_data([[0.0f32]], &device),
        };
        let mut gradients = GradientsParams::new();
        gradients.register(two.first.id, Tensor::<1>::from_data(first, &plain));
        gradients.register(two.second.id, Tensor::<2>::from_data(second, &plain));
        let norm = clip.apply(&mut gradients, &two);
        let mut after: Vec<f32> =
            gradients.get::<1>(two.first.id).unwrap().into_data().try_into_vec().unwrap();
        after.extend(gradients.get::<2>(two.second.id).unwrap().into_data().try_into_vec::<f32>().unwrap());
        (norm, after)
    }

    #[test]
    fn the_norm_of_any_finite_gradients_is_finite_and_right() {
        for scale in [1e-15f32, 1.0, 1.8e19, 1e37] {
            let (norm, after) = clipped([2.0 * scale, -3.0 * scale], [[6.0 * scale]], Clip::GlobalNorm(0.7));
            let expected = 7.0 * f64::from(scale);
            assert!((norm.unwrap() / expected - 1.0).abs() < 1e-6, "{norm:?} for {expected}");
            if scale >= 1.0 {
                for (found, part) in after.iter().zip([0.2f32, -0.3, 0.6]) {
                    assert!((found - part).abs() < 1e-6, "scale {scale}: {after:?}");
                }
            }
        }
        assert_eq!(clipped([0.0; 2], [[0.0]], Clip::GlobalNorm(1.0)), (Some(0.0), vec![0.0; 3]));
    }

    #[test]
    fn gradients_that_are_no_numbers_have_no_finite_norm_and_stay() {
        let (norm, after) = clipped([f32::INFINITY, 1.0], [[1.0]], Clip::GlobalNorm(1.0));
        assert!(norm.is_some_and(f64::is_infinite) && after[1] == 1.0);
        let (norm, _) = clipped([f32::NAN, 1.0], [[1e38]], Clip::GlobalNorm(1.0));
        assert!(norm.is_some_and(f64::is_nan));
    }
}

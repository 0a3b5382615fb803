//! RMSprop without momentum, with epsilon in either of its two places.

use burn::optim::{LearningRate, Optimizer, SquareAvgState};
use burn::tensor::{Device, Tensor};

use super::in_place;

/// Where epsilon is added.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Epsilon {
    /// `g / (sqrt(v) + epsilon)`, as in PyTorch, Keras 2 and Burn.
    BesideTheRoot,
    /// `g / sqrt(v + epsilon)`, as in Keras 3.
    UnderTheRoot,
}

/// `p -= rate * g / sqrt(v)`, where `v` is the running mean of `g^2`, and with epsilon.
#[derive(Clone)]
pub(super) struct RmsProp {
    rho: f32,
    /// What the new square has in the mean, `1 - rho`.
    share: f32,
    epsilon: f32,
    place: Epsilon,
}

impl RmsProp {
    pub(super) fn new(rho: f64, epsilon: f64, place: Epsilon) -> Self {
        // Burn takes the difference of 32-bit numbers.
        let share = match place {
            Epsilon::BesideTheRoot => 1.0 - rho as f32,
            Epsilon::UnderTheRoot => (1.0 - rho) as f32,
        };
        Self { rho: rho as f32, share, epsilon: epsilon as f32, place }
    }

    fn divisor(&self, mean_square: f32) -> f32 {
        match self.place {
            Epsilon::BesideTheRoot => mean_square.sqrt() + self.epsilon,
            Epsilon::UnderTheRoot => (mean_square + self.epsilon).sqrt(),
        }
    }

    /// The definition, of tensor operations.
    fn composed<const D: usize>(
        &self,
        rate: LearningRate,
        tensor: Tensor<D>,
        gradient: Tensor<D>,
        mean_square: Tensor<D>,
    ) -> (Tensor<D>, Tensor<D>) {
        let mean_square = mean_square.mul_scalar(self.rho) + gradient.clone().square().mul_scalar(self.share);
        let divisor = match self.place {
            Epsilon::BesideTheRoot => mean_square.clone().sqrt().add_scalar(self.epsilon),
            Epsilon::UnderTheRoot => mean_square.clone().add_scalar(self.epsilon).sqrt(),
        };
        (tensor - (gradient / divisor).mul_scalar(rate), mean_square)
    }
}

impl Optimizer for RmsProp {
    type State<const D: usize> = SquareAvgState<D>;

    fn step<const D: usize>(
        &self,
        rate: LearningRate,
        tensor: Tensor<D>,
        gradient: Tensor<D>,
        state: Option<SquareAvgState<D>>,
    ) -> (Tensor<D>, Option<SquareAvgState<D>>) {
        let mean_square = state.map_or_else(|| tensor.zeros_like(), |state| state.square_avg);
        let (tensor, square_avg) = if in_place::is_possible(&tensor) {
            let rate = rate as f32;
            let (tensor, [square_avg]) =
                in_place::update(tensor, gradient, [mean_square], |parameter, gradient, [mean_square]| {
                    let mean_square = mean_square * self.rho + gradient * gradient * self.share;
                    (parameter - gradient / self.divisor(mean_square) * rate, [mean_square])
                });
            (tensor, square_avg)
        } else {
            self.composed(rate, tensor, gradient, mean_square)
        };
        (tensor, Some(SquareAvgState { square_avg }))
    }

    fn to_device<const D: usize>(state: SquareAvgState<D>, device: &Device) -> SquareAvgState<D> {
        state.to_device(device)
    }
}

#[cfg(test)]
mod tests {
    use burn::optim::RmsPropConfig;

    use super::super::in_place::tests::{LENGTHS, devices, some};
    use super::*;

    #[test]
    fn in_place_it_takes_the_steps_of_the_composed_rule_to_the_bit() {
        for place in [Epsilon::BesideTheRoot, Epsilon::UnderTheRoot] {
            let rule = RmsProp::new(0.9, 1e-8, place);
            for (device, length) in
                devices().into_iter().flat_map(|device| LENGTHS.map(|length| (device.clone(), length)))
            {
                let (mut found, mut state) = (some(length, 0, &device), None);
                let (mut expected, mut mean_square) = (found.clone(), found.zeros_like());
                for step in 1..4 {
                    let gradient = some(length, step, &device);
                    (found, state) = rule.step(1e-3, found, gradient.clone(), state);
                    (expected, mean_square) = rule.composed(1e-3, expected, gradient, mean_square);
                }
                found.to_data().assert_eq(&expected.to_data(), true);
                state.unwrap().square_avg.to_data().assert_eq(&mean_square.to_data(), true);
            }
        }
    }

    #[test]
    fn with_epsilon_beside_the_root_it_takes_the_steps_of_burn_to_the_bit() {
        let rule = RmsProp::new(0.9, 1e-8, Epsilon::BesideTheRoot);
        let burn = RmsPropConfig::new().with_alpha(0.9).with_epsilon(1e-8).with_momentum(0.0).build();
        let device = &devices()[0];
        let (mut found, mut state) = (some(33, 0, device), None);
        let (mut expected, mut expected_state) = (found.clone(), None);
        for step in 1..4 {
            let gradient = some(33, step, device);
            (found, state) = rule.step(1e-3, found, gradient.clone(), state);
            (expected, expected_state) = burn.step(1e-3, expected, gradient, expected_state);
        }
        found.to_data().assert_eq(&expected.to_data(), true);
    }
}

//! Burn's AdamW, in place where that is possible. Without weight decay it is Adam.

use burn::optim::{AdamW, AdamWConfig, AdamWState, AdaptiveMomentumState, LearningRate, Optimizer};
use burn::tensor::{Device, Tensor};

use super::in_place;

#[derive(Clone)]
pub(super) struct Adam {
    beta_1: f32,
    beta_2: f32,
    epsilon: f32,
    weight_decay: f32,
    /// The definition, of tensor operations.
    composed: AdamW,
}

impl Adam {
    pub(super) fn new(beta_1: f64, beta_2: f64, epsilon: f64, weight_decay: f64) -> Self {
        let [beta_1, beta_2, epsilon, weight_decay] =
            [beta_1, beta_2, epsilon, weight_decay].map(|number| number as f32);
        let composed = AdamWConfig::new()
            .with_beta_1(beta_1)
            .with_beta_2(beta_2)
            .with_epsilon(epsilon)
            .with_weight_decay(weight_decay)
            .build();
        Self { beta_1, beta_2, epsilon, weight_decay, composed }
    }

    /// The numbers are rounded at each place where Burn's rule rounds them.
    fn step_in_place<const D: usize>(
        &self,
        rate: LearningRate,
        tensor: Tensor<D>,
        gradient: Tensor<D>,
        moments: AdaptiveMomentumState<D>,
    ) -> (Tensor<D>, AdaptiveMomentumState<D>) {
        let &Self { beta_1, beta_2, epsilon, .. } = self;
        let time = moments.time + 1;
        let (share_1, share_2) = (1.0 - beta_1, 1.0 - beta_2);
        let [whole_1, whole_2] = [beta_1, beta_2].map(|beta| 1.0 - beta.powi(time as i32));
        let kept = (1.0 - rate * f64::from(self.weight_decay)) as f32;
        let rate = rate as f32;
        let (tensor, [moment_1, moment_2]) = in_place::update(
            tensor,
            gradient,
            [moments.moment_1, moments.moment_2],
            |parameter, gradient, [moment_1, moment_2]| {
                let moment_1 = moment_1 * beta_1 + gradient * share_1;
                let moment_2 = moment_2 * beta_2 + gradient * gradient * share_2;
                let update = moment_1 / whole_1 / ((moment_2 / whole_2).sqrt() + epsilon);
                (parameter * kept - update * rate, [moment_1, moment_2])
            },
        );
        (tensor, AdaptiveMomentumState { time, moment_1, moment_2, max_moment_2: None })
    }
}

impl Optimizer for Adam {
    type State<const D: usize> = AdamWState<D>;

    fn step<const D: usize>(
        &self,
        rate: LearningRate,
        tensor: Tensor<D>,
        gradient: Tensor<D>,
        state: Option<AdamWState<D>>,
    ) -> (Tensor<D>, Option<AdamWState<D>>) {
        if !in_place::is_possible(&tensor) {
            return self.composed.step(rate, tensor, gradient, state);
        }
        let moments = match state {
            Some(state) => state.momentum,
            None => AdaptiveMomentumState::new(0, tensor.zeros_like(), tensor.zeros_like()),
        };
        let (tensor, moments) = self.step_in_place(rate, tensor, gradient, moments);
        (tensor, Some(AdamWState::new(moments)))
    }

    fn to_device<const D: usize>(state: AdamWState<D>, device: &Device) -> AdamWState<D> {
        AdamW::to_device(state, device)
    }
}

#[cfg(test)]
mod tests {
    use super::super::in_place::tests::{LENGTHS, devices, some};
    use super::*;

    #[test]
    fn in_place_it_takes_the_steps_of_burn_to_the_bit() {
        for weight_decay in [0.0, 0.1] {
            let rule = Adam::new(0.9, 0.999, 1e-8, weight_decay);
            for (device, length) in
                devices().into_iter().flat_map(|device| LENGTHS.map(|length| (device.clone(), length)))
            {
                let (mut found, mut state) = (some(length, 0, &device), None);
                let (mut expected, mut expected_state) = (found.clone(), None);
                for step in 1..4 {
                    let gradient = some(length, step, &device);
                    (found, state) = rule.step(1e-3, found, gradient.clone(), state);
                    (expected, expected_state) = rule.composed.step(1e-3, expected, gradient, expected_state);
                }
                found.to_data().assert_eq(&expected.to_data(), true);
                let [found, expected] = [state, expected_state].map(|state| state.unwrap().momentum);
                assert_eq!(found.time, expected.time);
                found.moment_1.to_data().assert_eq(&expected.moment_1.to_data(), true);
                found.moment_2.to_data().assert_eq(&expected.moment_2.to_data(), true);
            }
        }
    }
}

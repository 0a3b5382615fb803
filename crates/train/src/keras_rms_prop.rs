//! RMSprop with epsilon under the root, as Keras 3 has it. Burn's own adds epsilon to the root, as PyTorch and Keras 2 do.

use burn::optim::{LearningRate, Optimizer, SquareAvgState};
use burn::tensor::{Device, Tensor};

/// `p -= rate * g / sqrt(v + epsilon)`, where `v` is the running mean of `g^2`.
#[derive(Clone)]
pub(crate) struct KerasRmsProp {
    pub(crate) rho: f64,
    pub(crate) epsilon: f64,
}

impl Optimizer for KerasRmsProp {
    type State<const D: usize> = SquareAvgState<D>;

    fn step<const D: usize>(
        &self,
        rate: LearningRate,
        tensor: Tensor<D>,
        gradient: Tensor<D>,
        state: Option<SquareAvgState<D>>,
    ) -> (Tensor<D>, Option<SquareAvgState<D>>) {
        let square = gradient.clone().square().mul_scalar(1.0 - self.rho);
        let mean_square = match state {
            Some(state) => state.square_avg.mul_scalar(self.rho) + square,
            None => square,
        };
        let update = gradient / mean_square.clone().add_scalar(self.epsilon).sqrt();
        (tensor - update.mul_scalar(rate), Some(SquareAvgState { square_avg: mean_square }))
    }

    fn to_device<const D: usize>(state: SquareAvgState<D>, device: &Device) -> SquareAvgState<D> {
        state.to_device(device)
    }
}

//! Adversarial training: the network learns from reviews whose words have been moved to where it errs most.

use burn::tensor::Tensor;

/// Moves the features of words, `[batch, time, embedding]`, in the direction in which `loss` grows fastest, each review by
/// `size` times the norm of all its features (Miyato, Dai and Goodfellow 2017, with the size relative to the review).
///
/// # Panics
/// The features stand on a device without automatic differentiation.
pub fn worst_near(words: Tensor<3>, size: f64, loss: impl FnOnce(Tensor<3>) -> Tensor<1>) -> Tensor<3> {
    let start = words.clone().detach().require_grad();
    let gradients = loss(start.clone()).backward();
    let gradient = start.grad(&gradients).expect("a loss that depends on the words");
    let factor = norms(words.clone().inner()) * size / norms(gradient.clone()).clamp_min(f32::MIN_POSITIVE);
    words + Tensor::from_inner(gradient * factor)
}

/// The norm of each review, `[batch, 1, 1]`.
fn norms(words: Tensor<3>) -> Tensor<3> {
    words.square().sum_dim(2).sum_dim(1).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use recurrent_backend::BackendKind;

    #[test]
    fn each_review_moves_uphill_by_its_share() {
        let device = BackendKind::Flex.open().unwrap().autodiff();
        let words = Tensor::<3>::from_data([[[3.0f32, 4.0]], [[0.3, 0.4]]], &device);
        let slope = Tensor::<3>::from_data([[[1.0f32, 0.0]], [[0.0, -7.0]]], &device);
        let moved = worst_near(words, 0.1, |words| (words * slope).sum());
        let moved: Vec<f32> = moved.into_data().try_into_vec().unwrap();
        for (found, expected) in moved.iter().zip([3.5, 4.0, 0.3, 0.35]) {
            assert!((found - expected).abs() < 1e-6, "{moved:?}");
        }
    }
}

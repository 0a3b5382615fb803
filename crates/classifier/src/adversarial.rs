//! Adversarial training: the network learns from texts whose words have been moved to where it errs most.

use burn::tensor::Tensor;

/// Moves the features of words, `[batch, time, embedding]`, in the direction in which `loss` grows fastest, each text by
/// `size` times the norm of the features of its words (Miyato, Dai and Goodfellow 2017, with the size relative to the text).
/// `real` is 1 where there is a word and 0 at padding, `[batch, time, 1]`. A text whose loss is flat stays where it is.
///
/// # Panics
/// The features stand on a device without automatic differentiation.
pub(crate) fn worst_near(
    words: Tensor<3>,
    real: Tensor<3>,
    size: f64,
    loss: impl FnOnce(Tensor<3>) -> Tensor<1>,
) -> Tensor<3> {
    let start = words.clone().detach().require_grad();
    let gradients = loss(start.clone()).backward();
    let gradient = start.grad(&gradients).expect("a loss that depends on the words");
    // The squares of a tiny gradient would be nothing.
    let largest = gradient.clone().abs().max_dim(2).max_dim(1);
    let direction = gradient / largest.clamp_min(f32::MIN_POSITIVE);
    let reach = norms((words.clone() * real).inner()) * size;
    let factor = reach / norms(direction.clone()).clamp_min(f32::EPSILON);
    words + Tensor::from_inner(direction * factor)
}

/// The norm of each text, `[batch, 1, 1]`.
fn norms(words: Tensor<3>) -> Tensor<3> {
    words.square().sum_dim(2).sum_dim(1).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use recurrent_backend::BackendKind;

    #[test]
    fn each_text_moves_uphill_by_its_share() {
        let device = BackendKind::Flex.open().unwrap().autodiff();
        // Two words, one word and padding, and two that the loss hardly depends on.
        let words = [[[3.0f32, 0.0], [0.0, 4.0]], [[0.3, 0.4], [9.0, 9.0]], [[3.0, 4.0], [0.0, 0.0]]];
        let slope = [[[1.0f32, 0.0], [0.0, 0.0]], [[0.0, -7.0], [0.0, 0.0]], [[0.0, 1e-30], [0.0, 0.0]]];
        let real = [[[1.0f32], [1.0]], [[1.0], [0.0]], [[1.0], [1.0]]];
        let [words, slope] = [words, slope].map(|numbers| Tensor::<3>::from_data(numbers, &device));
        let real = Tensor::from_data(real, &device);
        let moved = worst_near(words.clone(), real.clone(), 0.1, |words| (words * slope).sum());
        let moved: Vec<f32> = moved.into_data().try_into_vec().unwrap();
        let expected = [3.5, 0.0, 0.0, 4.0, 0.3, 0.35, 9.0, 9.0, 3.0, 4.5, 0.0, 0.0];
        let flat = worst_near(words.clone(), real, 0.1, |words| (words * 0.0).sum());
        assert_eq!(flat.into_data(), words.into_data());
        for (found, expected) in moved.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6, "{moved:?}");
        }
    }
}

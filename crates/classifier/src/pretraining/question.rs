//! The negative log-likelihood of words under a sampled softmax, with its gradient worked out by hand.
//!
//! Left to automatic differentiation, the scores, a number for each word of the batch and each candidate, would go through
//! memory a dozen times on one core; here they do twice, on all. On a GPU the scores come to the host for it, and go back.

use burn::tensor::{Tensor, TensorData};
use rayon::prelude::*;

use crate::tensors::{floats, numbers};

/// Words to predict.
pub(super) struct Question {
    /// What is known before each, `[words, hidden]`.
    pub(super) states: Tensor<2>,
    /// What each candidate is recognised by, `[candidates, hidden]`.
    pub(super) kernel: Tensor<2>,
    /// Added to each candidate's scores, `[candidates]`: its bias, and the logarithm of what it counts for.
    pub(super) bias: Tensor<1>,
    /// The score of each word itself, `[words]`.
    pub(super) own: Tensor<1>,
    /// What each word counts for, besides what it counts for as a candidate.
    pub(super) rest: Vec<f32>,
    /// 1 for a word that is counted, 0 for one that is not.
    pub(super) counts: Vec<f32>,
}

impl Question {
    /// The sum of the negative log-likelihoods of the words that are counted, in nats, `[1]`:
    /// `log(sum over candidates of exp(score) + rest exp(own)) - own`.
    pub(super) fn surprise(self) -> Tensor<1> {
        let device = self.states.device();
        let plain = device.clone().inner();
        let (states, kernel) = (self.states.clone().inner(), self.kernel.clone().inner());
        let scores = states.clone().matmul(kernel.clone().transpose());
        let scores = scores + self.bias.clone().inner().unsqueeze::<2>();
        let [words, candidates] = scores.dims();

        let mut scores = numbers(scores);
        let own = numbers(self.own.clone().inner());
        let rows: Vec<(f32, f32)> = scores
            .par_chunks_mut(candidates)
            .zip(&own)
            .zip(self.rest.par_iter().zip(&self.counts))
            .map(|((row, own), (rest, count))| surprise_of(row, *own, *rest, *count))
            .collect();
        let surprise: f64 = rows.iter().map(|(surprise, _)| f64::from(*surprise)).sum();

        let d_scores = Tensor::<2>::from_data(TensorData::new(scores, [words, candidates]), &plain);
        let d_bias = d_scores.clone().sum_dim(0).squeeze_dim::<1>(0);
        let d_kernel = states.transpose().matmul(d_scores.clone()).transpose();
        let d_states = d_scores.matmul(kernel);
        let d_own = floats(rows.iter().map(|(_, gradient)| *gradient).collect(), &plain);
        // A sum whose gradients are these, moved to the right value.
        let slope = along(self.states, d_states)
            + along(self.kernel, d_kernel)
            + along(self.bias, d_bias)
            + along(self.own, d_own);
        slope.clone() - slope.detach() + floats(vec![surprise as f32], &device)
    }
}

/// The surprise of a word, and its gradient for the word's own score; the scores of the candidates become their gradients.
fn surprise_of(scores: &mut [f32], own: f32, rest: f32, count: f32) -> (f32, f32) {
    let largest = scores.iter().copied().fold(own, f32::max);
    scores.iter_mut().for_each(|score| *score = (*score - largest).exp());
    let rest = rest * (own - largest).exp();
    let sum = (scores.iter().sum::<f32>() + rest).max(f32::MIN_POSITIVE);
    let scale = count / sum;
    scores.iter_mut().for_each(|score| *score *= scale);
    (count * (sum.ln() + largest - own), scale * rest - count)
}

/// A number whose gradient for `x` is `gradient`.
fn along<const D: usize>(x: Tensor<D>, gradient: Tensor<D>) -> Tensor<1> {
    (x * Tensor::from_inner(gradient)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::module::Param;
    use burn::tensor::Device;
    use recurrent_backend::{BackendKind, Seed};

    const WORDS: usize = 7;
    const CANDIDATES: usize = 13;
    const HIDDEN: usize = 5;

    fn matrix(key: u64, rows: usize, device: &Device) -> Tensor<2> {
        let numbers = Seed(8).part(&[key]).uniform(2.0, rows * HIDDEN);
        Tensor::from_data(TensorData::new(numbers, [rows, HIDDEN]), device)
    }

    fn row(key: u64, count: usize, device: &Device) -> Tensor<1> {
        floats(Seed(8).part(&[key]).uniform(2.0, count), device)
    }

    /// The surprise, and its gradients for states, kernel, bias and own scores.
    fn worked_out(surprise: impl Fn(&Question) -> Tensor<1>) -> Vec<Vec<f32>> {
        let device = BackendKind::Flex.open().unwrap().autodiff();
        let [states, kernel] =
            [matrix(0, WORDS, &device), matrix(1, CANDIDATES, &device)].map(Param::from_tensor);
        let [bias, own] = [row(2, CANDIDATES, &device), row(3, WORDS, &device)].map(Param::from_tensor);
        let question = Question {
            states: states.val(),
            kernel: kernel.val(),
            bias: bias.val(),
            own: own.val(),
            rest: (0..WORDS).map(|word| if word % 3 == 0 { 1.0 } else { -0.01 * word as f32 }).collect(),
            counts: (0..WORDS).map(|word| f32::from(word != 4)).collect(),
        };
        let surprise = surprise(&question);
        let gradients = surprise.backward();
        vec![
            numbers(surprise.inner()),
            numbers(states.val().grad(&gradients).unwrap()),
            numbers(kernel.val().grad(&gradients).unwrap()),
            numbers(bias.val().grad(&gradients).unwrap()),
            numbers(own.val().grad(&gradients).unwrap()),
        ]
    }

    /// The definition, left to automatic differentiation.
    fn plain(question: &Question) -> Tensor<1> {
        let device = question.own.device();
        let floats = |numbers: &[f32]| floats(numbers.to_vec(), &device);
        let scores = question.states.clone().matmul(question.kernel.clone().transpose());
        let scores = scores + question.bias.clone().unsqueeze::<2>();
        let others = scores.exp().sum_dim(1).squeeze_dim::<1>(1);
        let sum = others + floats(&question.rest) * question.own.clone().exp();
        ((sum.log() - question.own.clone()) * floats(&question.counts)).sum()
    }

    #[test]
    fn value_and_gradients_are_those_of_the_definition() {
        let by_hand = worked_out(|question| {
            let Question { states, kernel, bias, own, rest, counts } = question;
            let [states, kernel] = [states, kernel].map(Tensor::clone);
            let [bias, own] = [bias, own].map(Tensor::clone);
            Question { states, kernel, bias, own, rest: rest.clone(), counts: counts.clone() }.surprise()
        });
        for (found, expected) in by_hand.iter().flatten().zip(worked_out(plain).iter().flatten()) {
            assert!((found - expected).abs() < 1e-4 * expected.abs().max(1.0), "{found} for {expected}");
        }
    }

    #[test]
    fn with_all_words_drawn_it_is_the_softmax() {
        let mut scores = [0.5f32, -1.0, 2.0];
        let (surprise, own) = surprise_of(&mut scores, 2.0, 0.0, 1.0);
        let shares = [0.5f32, -1.0, 2.0].map(f32::exp);
        let sum: f32 = shares.iter().sum();
        assert!((surprise - (sum.ln() - 2.0)).abs() < 1e-6);
        assert!((own + 1.0).abs() < 1e-6, "the rest of the gradient is the candidate's");
        assert!((scores[2] - shares[2] / sum).abs() < 1e-6);
    }
}

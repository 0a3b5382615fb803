//! What pre-training minimises, against its definition, and what adversarial training makes of a batch.

use burn::module::Param;
use burn::tensor::{Device, Tensor, TensorData};
use recurrent_backend::{BackendKind, Seed};
use recurrent_cells::{Pass, Recurrence};
use recurrent_classifier::pretraining::{Candidates, Frequencies, LanguageModel, WordBatch};
use recurrent_classifier::{Batch, Ensemble, ModelSettings, Network, Pool, Reading, Settings};
use recurrent_data::reviews::{Coding, Label, Padded, Sequences, Side, pad_sequences};
use recurrent_train::{Batches, Model, Optimiser, TrainConfig, Training};

const WORDS: usize = 23;
const HIDDEN: usize = 7;
const SEED: Seed = Seed(3);

fn device() -> Device {
    BackendKind::Flex.open().unwrap().autodiff()
}

/// Two networks of which nothing is dropped.
fn settings() -> Settings {
    let reading = Reading::masked(400);
    let mut model = ModelSettings::new(5, HIDDEN);
    model.pooling = vec![Pool::Max, Pool::Mean];
    model.members = 2;
    model.adversarial = 0.01;
    Settings::new(Coding::new(WORDS as u32, 0).unwrap(), reading, model)
}

/// Reviews of one, two and more words after the start.
fn reviews() -> Vec<Vec<u32>> {
    vec![vec![1, 9], vec![1, 4, 2], vec![1, 22, 7, 7, 4, 13, 5, 9], vec![1, 2, 2, 20]]
}

fn padded(settings: &Settings) -> Padded {
    pad_sequences(reviews().iter().map(Vec::as_slice), &settings.reading.pad())
}

/// A network whose numbers are large enough to tell apart.
fn language_model(settings: &Settings) -> LanguageModel {
    let texts: Sequences = reviews().into_iter().collect();
    let Network { embedding, layers, .. } = Network::new(settings, SEED, &device());
    let frequencies = Frequencies::new(&texts, WORDS as u32);
    let layer = layers.layers[0].clone();
    let mut model = LanguageModel::new(embedding, layer, settings.reading, &frequencies, SEED);
    model.embedding = Param::from_tensor((model.embedding.val() * 20.0).detach().require_grad());
    model.kernel = Param::from_tensor((model.kernel.val() * 20.0).detach().require_grad());
    model
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().unwrap()
}

/// Minus the logarithm of a word's softmax over all words, after a state.
fn surprise(model: &LanguageModel, state: &[f32], word: u32) -> f64 {
    let (kernel, bias) = (numbers(model.kernel.val()), numbers(model.bias.val()));
    let score = |word: usize| {
        let product = kernel[word * HIDDEN..][..HIDDEN].iter().zip(state).map(|(a, b)| f64::from(a * b));
        product.sum::<f64>() + f64::from(bias[word])
    };
    (0..WORDS).map(|word| score(word).exp()).sum::<f64>().ln() - score(word as usize)
}

#[test]
fn with_all_words_drawn_the_loss_is_the_cross_entropy_of_both_directions() {
    for padding in [Side::Pre, Side::Post] {
        let mut settings = settings();
        settings.reading.padding = padding;
        let model = language_model(&settings);
        let all = Candidates { words: (0..WORDS as u32).collect(), weights: vec![1.0; WORDS] };
        let batch = WordBatch { reviews: padded(&settings), candidates: all };
        let loss = model.loss(batch, None, recurrent_train::Pass::Evaluation);

        // Each review alone, word by word: no padding, no mask, no batch.
        let (mut sum, mut count) = (0.0, 0);
        for review in reviews() {
            let features = numbers(model.embedding.val());
            let rows: Vec<f32> =
                review.iter().flat_map(|word| features[*word as usize * 5..][..5].to_vec()).collect();
            let words = Tensor::<3>::from_data(TensorData::new(rows, [1, review.len(), 5]), &device());
            let (outputs, _) = model.layer.sequence(words, None, &Pass::evaluation());
            let states = numbers(outputs);
            let states: Vec<_> = states.chunks(2 * HIDDEN).map(|state| state.split_at(HIDDEN)).collect();
            for place in 1..review.len() {
                sum += surprise(&model, states[place - 1].0, review[place]);
                count += 1;
            }
            // The start is before every first word, so that there is nothing to predict.
            for place in 1..review.len() - 1 {
                sum += surprise(&model, states[place + 1].1, review[place]);
                count += 1;
            }
        }
        assert_eq!(loss.samples, count);
        let found = f64::from(loss.loss.into_scalar::<f32>());
        assert!((found / (sum / count as f64) - 1.0).abs() < 1e-5, "{found} for {}", sum / count as f64);
    }
}

#[test]
fn the_gradient_is_the_slope_of_the_loss() {
    let settings = settings();
    let model = language_model(&settings);
    let texts: Sequences = reviews().into_iter().collect();
    let candidates = Frequencies::new(&texts, WORDS as u32).draw(12, Seed(4));
    let loss = |model: &LanguageModel| {
        let batch = WordBatch { reviews: padded(&settings), candidates: candidates.clone() };
        model.loss(batch, None, recurrent_train::Pass::Evaluation).loss
    };
    let gradients = loss(&model).backward();
    let slope = |change: &dyn Fn(&mut LanguageModel, f32)| {
        let moved = |by: f32| {
            let mut model = model.clone();
            change(&mut model, by);
            f64::from(loss(&model).into_scalar::<f32>())
        };
        (moved(1e-2) - moved(-1e-2)) / 2e-2
    };
    let moved = |tensor: Tensor<2>, place: usize, by: f32| {
        let (dims, device) = (tensor.dims(), tensor.device());
        let mut values = numbers(tensor);
        values[place] += by;
        Param::from_tensor(Tensor::from_data(TensorData::new(values, dims), &device).require_grad())
    };
    let of_kernel = numbers(model.kernel.val().grad(&gradients).unwrap());
    let of_embedding = numbers(model.embedding.val().grad(&gradients).unwrap());
    let mut largest = 0.0f64;
    for word in [2, 4, 7, 9, 20, 22] {
        let place = word * HIDDEN + word % HIDDEN;
        let expected = slope(&|model, by| model.kernel = moved(model.kernel.val(), place, by));
        largest = largest.max(expected.abs());
        let error = (f64::from(of_kernel[place]) - expected).abs();
        assert!(
            error < 2e-4 + 0.01 * expected.abs(),
            "kernel of {word}: {} for {expected}",
            of_kernel[place]
        );
        let place = word * 5 + word % 5;
        let expected = slope(&|model, by| model.embedding = moved(model.embedding.val(), place, by));
        largest = largest.max(expected.abs());
        let error = (f64::from(of_embedding[place]) - expected).abs();
        assert!(
            error < 2e-4 + 0.01 * expected.abs(),
            "embedding of {word}: {} for {expected}",
            of_embedding[place]
        );
    }
    assert!(largest > 5e-3, "gradients that can be told from nothing: {largest}");
}

#[test]
fn an_adversary_makes_the_loss_larger_and_only_in_training() {
    let labels = [Label::POSITIVE, Label::NEGATIVE, Label::NEGATIVE, Label::POSITIVE];
    let loss = |adversarial: f64, pass: recurrent_train::Pass| {
        let mut settings = settings();
        settings.model.adversarial = adversarial;
        let mut model = Ensemble::new(&settings, SEED, &device());
        let member = &mut model.members[0];
        member.embedding = Param::from_tensor((member.embedding.val() * 20.0).detach().require_grad());
        let batch = Batch { reviews: padded(&settings), targets: labels.map(Label::target).to_vec() };
        let loss = model.loss(batch, None, pass).loss;
        let gradients = loss.backward();
        assert!(
            model.members[0].layers.layers[0].directions()[0].kernel.val().grad(&gradients).is_some(),
            "the weights learn"
        );
        loss.into_scalar::<f32>()
    };
    let training = recurrent_train::Pass::Training { seed: Seed(1), step: 1 };
    let losses = [0.0, 0.05, 0.1, 0.2].map(|size| loss(size, training));
    assert!(losses.is_sorted_by(|near, far| near < far), "{losses:?}");
    assert_eq!(loss(0.2, recurrent_train::Pass::Evaluation), loss(0.0, recurrent_train::Pass::Evaluation));
}

/// One batch, again and again.
struct Again(Batch);

impl Batches for Again {
    type Batch = Batch;

    fn steps_per_epoch(&self) -> usize {
        1
    }

    fn batch(&self, _epoch: usize, _step: usize) -> Batch {
        self.0.clone()
    }
}

#[test]
fn members_begin_alike_and_each_learns_by_itself() {
    let mut settings = settings();
    settings.model.members = 3;
    settings.model.dropout = 0.3;
    let pretrained = language_model(&settings);
    let model =
        Ensemble::new(&settings, SEED, &device()).beginning_as(&pretrained.embedding, &pretrained.layer);
    let weights = |model: &Ensemble| -> Vec<[Vec<f32>; 2]> {
        let of = |member: &Network| {
            [numbers(member.embedding.val()), numbers(member.layers.layers[0].directions()[0].kernel.val())]
        };
        model.members.iter().map(of).collect()
    };
    let first = [numbers(pretrained.embedding.val()), numbers(pretrained.layer.directions()[0].kernel.val())];
    assert!(weights(&model).iter().all(|member| *member == first));

    let batch = Batch { reviews: padded(&settings), targets: vec![1.0, 0.0, 0.0, 1.0] };
    let config = TrainConfig::new(2, Optimiser::adam(), 0.01);
    let learnt = weights(&Training::new(&config, &Again(batch)).run(model).unwrap().model);
    for (place, member) in learnt.iter().enumerate() {
        for (found, first) in member.iter().zip(&first) {
            assert_ne!(found, first, "member {place} learns");
            assert!(learnt[..place].iter().flatten().all(|other| other != found), "member {place} by itself");
        }
    }
}

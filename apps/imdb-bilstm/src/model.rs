//! The network: words by their indices, bidirectional layers, pooling over time, and a dense layer with one score.

use burn::{
    module::{Module, Param},
    tensor::{Device, Tensor, TensorData},
};
use recurrent_backend::Seed;
use recurrent_cells::{Bidirectional, Mask, Merge, Pass, Recurrence, Stack, StackConfig, dropout};
use recurrent_data::reviews::{Batch, Coding, Label, Padded};
use recurrent_train::{LayerRow, Loss, Model, ModelSummary};

use crate::adversarial::worst_near;
use crate::pooling::{Pool, Real, real_steps};
use crate::pretraining::language_model::LanguageModel;
use crate::settings::{Masking, ModelSettings, Reading, Settings};
use crate::words::features_of;

/// A network that scores a review: the logit of the probability that it praises.
#[derive(Module, Debug)]
pub struct Classifier {
    /// The features of each word index, `[words, embedding]`.
    pub embedding: Param<Tensor<2>>,
    /// The bidirectional layers.
    pub layers: Stack<Bidirectional>,
    /// The dense layer's weights, `[features, 1]`.
    pub kernel: Param<Tensor<2>>,
    /// Its bias, `[1]`.
    pub bias: Param<Tensor<1>>,
    #[module(skip)]
    settings: ModelSettings,
    #[module(skip)]
    reading: Reading,
}

/// Keras's first embeddings are uniform within this.
const EMBEDDING_LIMIT: f32 = 0.05;

/// Streams of randomness for the parts of the network.
const LAYERS: u64 = 0;
const HEAD: u64 = 1;
const EMBEDDING: u64 = 2;
const WORDS: u64 = 3;

impl Classifier {
    /// Makes the network with Keras's initial weights, drawn from the settings' seed.
    pub fn new(settings: &Settings, device: &Device) -> Self {
        let (model, seed) = (&settings.model, settings.train.seed);
        let words = settings.coding.num_words() as usize;
        let matrix = |numbers: Vec<f32>, rows: usize| {
            let columns = numbers.len() / rows;
            Param::from_data(TensorData::new(numbers, [rows, columns]), device)
        };
        let embedding = seed.part(&[EMBEDDING]).uniform(EMBEDDING_LIMIT, words * model.embedding);
        let features = model.features();
        let glorot = (6.0 / (features + 1) as f32).sqrt();
        Self {
            embedding: matrix(embedding, words),
            layers: StackConfig::new(model.layer(), model.layers)
                .with_dropout(model.dropout)
                .init_bidirectional(Merge::Concat, seed.part(&[LAYERS]), device),
            kernel: matrix(seed.part(&[HEAD]).uniform(glorot, features), features),
            bias: Param::from_data([0.0f32], device),
            settings: model.clone(),
            reading: settings.reading,
        }
    }

    /// The device that it computes on.
    pub fn device(&self) -> Device {
        self.bias.val().device()
    }

    /// What it reads of a review.
    pub fn reading(&self) -> &Reading {
        &self.reading
    }

    /// The same network with the words and the first layer that pre-training has left.
    pub fn beginning_as(mut self, pretrained: LanguageModel) -> Self {
        self.layers.layers[0] = pretrained.layer;
        Self { embedding: pretrained.embedding, ..self }
    }

    /// The score of each review, `[batch]`; with a seed, in training, where parts of the network are dropped.
    ///
    /// # Panics
    /// An index is past the words that the network knows.
    pub fn logits(&self, reviews: &Padded, seed: Option<Seed>) -> Tensor<1> {
        self.score(self.embed(reviews, seed), reviews, seed)
    }

    /// The score of each review from the features of its words, `[batch, time, embedding]`.
    fn score(&self, words: Tensor<3>, reviews: &Padded, seed: Option<Seed>) -> Tensor<1> {
        let mut pass = seed.map_or(Pass::evaluation(), |seed| Pass::training(seed.part(&[LAYERS])));
        if self.reading.masking == Masking::Padding {
            pass = pass.with_mask(Mask::from_rows(&real_steps(reviews, &self.reading), reviews.time));
        }
        let (outputs, states) = self.layers.sequence(words, None, &pass);
        let state = states.last().expect("a stack has at least one layer");
        let real = Real::new(reviews, &self.reading, &self.device());
        let pooled = self.settings.pooling.iter().map(|pool| pool.pool(&outputs, state, &real)).collect();
        let features = dropout(Tensor::cat(pooled, 1), self.settings.dropout, part(seed, HEAD));
        (features.matmul(self.kernel.val()) + self.bias.val().unsqueeze()).squeeze_dim(1)
    }

    /// The features of each word, `[batch, time, embedding]`.
    fn embed(&self, reviews: &Padded, seed: Option<Seed>) -> Tensor<3> {
        let mut words = features_of(&self.embedding, reviews);
        if seed.is_some() && self.settings.word_dropout > 0.0 {
            let [batch, time, _] = words.dims();
            let kept = Tensor::<3>::ones([batch, time, 1], &self.device().inner());
            let kept = dropout(kept, self.settings.word_dropout, part(seed, WORDS)).into_data();
            words = words * Tensor::from_data(kept, &self.device());
        }
        dropout(words, self.settings.embedding_dropout, part(seed, EMBEDDING))
    }

    /// The layers, their output shapes and parameters.
    pub fn summary(settings: &ModelSettings, coding: Coding) -> ModelSummary {
        let ModelSettings { embedding, hidden, .. } = *settings;
        let words = u64::from(coding.num_words());
        let first = LayerRow::new(
            "embedding",
            "embedding",
            format!("[batch, time, {embedding}]"),
            words * embedding as u64,
        );
        let row = |place: usize| {
            let mut layer = settings.layer();
            layer.d_input = if place == 0 { embedding } else { 2 * hidden };
            LayerRow::new(
                format!("bilstm_{}", place + 1),
                "bidirectional LSTM, concatenated",
                format!("[batch, time, {}]", 2 * hidden),
                2 * layer.parameters() as u64,
            )
        };
        let pools: Vec<_> = settings.pooling.iter().map(|pool: &Pool| pool.name()).collect();
        let features = settings.features();
        let pooled = LayerRow::new("pooling", pools.join(" + "), format!("[batch, {features}]"), 0);
        let head = LayerRow::new("head", "dense, sigmoid", "[batch, 1]", features as u64 + 1);
        let rows = [first].into_iter().chain((0..settings.layers).map(row)).chain([pooled, head]);
        ModelSummary { title: "Praise or blame".to_owned(), rows: rows.collect() }
    }
}

fn part(seed: Option<Seed>, key: u64) -> Option<Seed> {
    seed.map(|seed| seed.part(&[key]))
}

/// The mean binary cross-entropy of scores, `[batch]`, in nats: `max(x, 0) - x y + log(1 + exp(-|x|))`, in which nothing
/// overflows, however large a score is.
pub fn binary_cross_entropy(logits: Tensor<1>, labels: &[Label]) -> Tensor<1> {
    let targets: Vec<f32> = labels.iter().map(|label| label.target()).collect();
    let targets = Tensor::from_data(TensorData::new(targets, [labels.len()]), &logits.device());
    let rest = logits.clone().abs().neg().exp().log1p();
    (logits.clone().clamp_min(0.0) - logits * targets + rest).mean()
}

impl Model for Classifier {
    type Batch = Batch;
    type Carry = ();

    /// The mean binary cross-entropy, in nats.
    fn loss(&self, batch: Batch, _carry: Option<()>, pass: recurrent_train::Pass) -> Loss<()> {
        let seed = match pass {
            recurrent_train::Pass::Training { seed, .. } => Some(seed),
            recurrent_train::Pass::Evaluation => None,
        };
        let mut words = self.embed(&batch.indices, seed);
        if seed.is_some() && self.settings.adversarial > 0.0 {
            let frozen = self.clone().no_grad();
            words = worst_near(words, self.settings.adversarial, |words| {
                binary_cross_entropy(frozen.score(words, &batch.indices, seed), &batch.labels)
            });
        }
        let logits = self.score(words, &batch.indices, seed);
        let samples = batch.labels.len();
        Loss { loss: binary_cross_entropy(logits, &batch.labels), samples, carry: None }
    }
}

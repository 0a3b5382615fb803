//! The network: words by their indices, recurrent layers, pooling over time, and a dense layer with one score for two
//! classes, or one a class or label.

use burn::{
    module::{Module, ModuleMapper, Param},
    tensor::{Device, Tensor, TensorData, activation::log_softmax},
};
use recurrent_backend::Seed;
use recurrent_cells::{Mask, Pass, Recurrence, Stack, dropout};
use recurrent_data::reviews::Padded;
use recurrent_exchange::AnyLayer;

use crate::adversarial::worst_near;
use crate::batches::Batch;
use crate::outputs::Outputs;
use crate::pooling::Real;
use crate::reading::{Masking, Reading};
use crate::settings::{ModelSettings, Settings};
use crate::tensors::{features_of, matrix};

/// A network that scores a text: the logit of the probability that it is positive, or of each of several classes.
#[derive(Module, Debug)]
pub struct Network {
    /// The features of each word index, `[words, embedding]`.
    pub embedding: Param<Tensor<2>>,
    /// The recurrent layers.
    pub layers: Stack<AnyLayer>,
    /// The dense layer's weights, `[features, outputs]`.
    pub kernel: Param<Tensor<2>>,
    /// Its bias, `[outputs]`.
    pub bias: Param<Tensor<1>>,
    #[module(skip)]
    settings: ModelSettings,
    #[module(skip)]
    reading: Reading,
    #[module(skip)]
    outputs: Outputs,
}

/// Keras's first embeddings are uniform within this.
const EMBEDDING_LIMIT: f32 = 0.05;

/// Streams of randomness for the parts of the network.
const LAYERS: u64 = 0;
const HEAD: u64 = 1;
const EMBEDDING: u64 = 2;
const WORDS: u64 = 3;

impl Network {
    /// Makes the network with Keras's initial weights, drawn from a seed.
    ///
    /// # Panics
    /// A size is 0, or a share that is dropped is not in `[0, 1)`.
    pub fn new(settings: &Settings, seed: Seed, device: &Device) -> Self {
        let model = &settings.model;
        let words = settings.coding.num_words() as usize;
        let features = model.features();
        let outputs = Outputs::of(&settings.classes).width();
        let glorot = (6.0 / (features + outputs) as f32).sqrt();
        Self {
            embedding: matrix(
                seed.part(&[EMBEDDING]).uniform(EMBEDDING_LIMIT, words * model.embedding),
                words,
                device,
            ),
            layers: model.directions.drawn(&model.stack(), seed.part(&[LAYERS]), device),
            kernel: matrix(seed.part(&[HEAD]).uniform(glorot, features * outputs), features, device),
            bias: Param::from_data(TensorData::new(vec![0.0f32; outputs], [outputs]), device),
            settings: model.clone(),
            reading: settings.reading,
            outputs: Outputs::of(&settings.classes),
        }
    }

    /// Makes the network with zeros for weights, which those of a file are to replace.
    ///
    /// # Panics
    /// As [`new`](Self::new).
    pub fn zeros(settings: &Settings, device: &Device) -> Self {
        let (model, outputs) = (&settings.model, Outputs::of(&settings.classes).width());
        let zeros = |rows: usize, columns: usize| Param::from_tensor(Tensor::zeros([rows, columns], device));
        Self {
            embedding: zeros(settings.coding.num_words() as usize, model.embedding),
            layers: model.directions.zeros(&model.stack(), device),
            kernel: zeros(model.features(), outputs),
            bias: Param::from_data(TensorData::new(vec![0.0f32; outputs], [outputs]), device),
            settings: model.clone(),
            reading: settings.reading,
            outputs: Outputs::of(&settings.classes),
        }
    }

    /// The device that it computes on.
    pub fn device(&self) -> Device {
        self.bias.val().device()
    }

    /// What its scores mean.
    pub fn outputs(&self) -> Outputs {
        self.outputs
    }

    /// What it reads of a text.
    pub fn reading(&self) -> &Reading {
        &self.reading
    }

    /// The same network with other features of words, `[words, embedding]`, and another first layer, as pre-training leaves
    /// them.
    pub fn beginning_as(mut self, embedding: &Param<Tensor<2>>, first_layer: &AnyLayer) -> Self {
        self.layers.layers[0] = first_layer.clone().map(&mut Apart);
        self.embedding = Apart.map_float(embedding.clone());
        self
    }

    /// The scores of each text, `[batch, outputs]`.
    ///
    /// # Panics
    /// An index is past the words that the network knows.
    pub fn logits(&self, texts: &Padded) -> Tensor<2> {
        self.score(self.embed(texts, None), texts, None)
    }

    /// The scores of each text from the features of its words, `[batch, time, embedding]`; with a seed, in training, where
    /// parts of the network are dropped.
    fn score(&self, words: Tensor<3>, texts: &Padded, seed: Option<Seed>) -> Tensor<2> {
        let mut pass = Pass::of(part(seed, LAYERS));
        if self.reading.masking == Masking::Padding {
            pass = pass.with_mask(Mask::from_rows(&self.reading.real_steps(texts), texts.time));
        }
        let (outputs, states) = self.layers.sequence(words, None, &pass);
        let last = self.layers.last_of(&states);
        let real = Real::new(texts, &self.reading, &self.device());
        let pooled = self.settings.pooling.iter().map(|pool| pool.pool(&outputs, &last, &real)).collect();
        let features = dropout(Tensor::cat(pooled, 1), self.settings.dropout, part(seed, HEAD));
        features.matmul(self.kernel.val()) + self.bias.val().unsqueeze()
    }

    /// The features of each word, `[batch, time, embedding]`.
    fn embed(&self, texts: &Padded, seed: Option<Seed>) -> Tensor<3> {
        let mut words = features_of(&self.embedding, texts);
        if seed.is_some() && self.settings.word_dropout > 0.0 {
            let [batch, time, _] = words.dims();
            let kept = Tensor::<3>::ones([batch, time, 1], &self.device().inner());
            let kept = dropout(kept, self.settings.word_dropout, part(seed, WORDS)).into_data();
            words = words * Tensor::from_data(kept, &self.device());
        }
        dropout(words, self.settings.embedding_dropout, part(seed, EMBEDDING))
    }

    /// The mean cross-entropy of a batch in training, in nats; of its words as the adversary has moved them.
    pub(crate) fn training_loss(&self, batch: &Batch, seed: Seed) -> Tensor<1> {
        let (Batch { reviews, targets }, seed) = (batch, Some(seed));
        let mut words = self.embed(reviews, seed);
        if self.settings.adversarial > 0.0 {
            let frozen = self.clone().no_grad();
            let real = Real::new(reviews, &self.reading, &self.device()).factors;
            words = worst_near(words, real, self.settings.adversarial, |words| {
                cross_entropy(self.outputs, frozen.score(words, reviews, seed), targets)
            });
        }
        cross_entropy(self.outputs, self.score(words, reviews, seed), targets)
    }
}

/// Gives each weight of a copy an identity of its own: weights of one identity are one to the optimiser.
pub(crate) struct Apart;

impl ModuleMapper for Apart {
    fn map_float<const D: usize>(&mut self, weight: Param<Tensor<D>>) -> Param<Tensor<D>> {
        Param::from_tensor(weight.val().detach().require_grad())
    }
}

fn part(seed: Option<Seed>, key: u64) -> Option<Seed> {
    seed.map(|seed| seed.part(&[key]))
}

/// The mean cross-entropy of scores, `[batch, outputs]`, against the probabilities that they ought to have, row by row, in nats: that
/// of two classes, that of a softmax, or the sum of those of labels, each of which is there or not.
///
/// # Panics
/// There are not as many probabilities as scores.
pub fn cross_entropy(outputs: Outputs, logits: Tensor<2>, targets: &[f32]) -> Tensor<1> {
    let [batch, width] = logits.dims();
    match outputs {
        Outputs::Two => binary_cross_entropy(logits.squeeze_dim(1), targets),
        Outputs::Labels(labels) => {
            binary_cross_entropy(logits.reshape([batch * width]), targets) * labels as f64
        }
        Outputs::Classes(_) => {
            let targets =
                Tensor::<2>::from_data(TensorData::new(targets.to_vec(), [batch, width]), &logits.device());
            (log_softmax(logits, 1) * targets).sum_dim(1).mean().neg()
        }
    }
}

/// The mean binary cross-entropy of scores, `[batch]`, against the probabilities that they ought to have, in nats:
/// `max(x, 0) - x y + log(1 + exp(-|x|))`, in which nothing overflows, however large a score is.
///
/// # Panics
/// There are not as many probabilities as scores.
pub fn binary_cross_entropy(logits: Tensor<1>, targets: &[f32]) -> Tensor<1> {
    let targets = Tensor::from_data(TensorData::new(targets.to_vec(), [targets.len()]), &logits.device());
    let rest = logits.clone().abs().neg().exp().log1p();
    (logits.clone().clamp_min(0.0) - logits * targets + rest).mean()
}

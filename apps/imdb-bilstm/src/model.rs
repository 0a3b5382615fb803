//! The model: one network, or several that learn side by side and score together.

use burn::{
    module::Module,
    tensor::{Device, Tensor},
};
use recurrent_backend::Seed;
use recurrent_data::reviews::{Coding, Padded};
use recurrent_train::{LayerRow, Loss, Model, ModelSummary, Pass};

use crate::batches::Batch;
use crate::network::{Network, binary_cross_entropy};
use crate::pooling::Pool;
use crate::pretraining::language_model::LanguageModel;
use crate::settings::{ModelSettings, Reading, Settings};

/// Networks that score a review together: the mean of their logits. An ensemble: they differ in first
/// weights, after pre-training only in those of the dense layer, and in what is dropped of them, and err in different places.
#[derive(Module, Debug)]
pub struct Classifier {
    /// The networks, at least one.
    pub members: Vec<Network>,
}

/// Streams of randomness for the members after the first.
const MEMBERS: u64 = u64::from_be_bytes(*b"members\0");

fn seed_of(member: usize, seed: Seed) -> Seed {
    if member == 0 { seed } else { seed.part(&[MEMBERS, member as u64]) }
}

impl Classifier {
    /// Makes the networks with Keras's initial weights, drawn from the settings' seed.
    pub fn new(settings: &Settings, device: &Device) -> Self {
        let network = |member| Network::new(settings, seed_of(member, settings.train.seed), device);
        Self { members: (0..settings.model.members).map(network).collect() }
    }

    /// The device that it computes on.
    pub fn device(&self) -> Device {
        self.members[0].device()
    }

    /// What it reads of a review.
    pub fn reading(&self) -> &Reading {
        self.members[0].reading()
    }

    /// The same networks, each with the words and the first layer that pre-training has left.
    pub fn beginning_as(self, pretrained: &LanguageModel) -> Self {
        let members = self.members.into_iter().map(|member| member.beginning_as(pretrained));
        Self { members: members.collect() }
    }

    /// The score of each review, `[batch]`.
    ///
    /// # Panics
    /// An index is past the words that the networks know.
    pub fn logits(&self, reviews: &Padded) -> Tensor<1> {
        self.mean(self.members.iter().map(|member| member.logits(reviews)))
    }

    fn mean(&self, of_members: impl Iterator<Item = Tensor<1>>) -> Tensor<1> {
        let sum = of_members.reduce(|sum, member| sum + member).expect("at least one member");
        sum / self.members.len() as f64
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
        let mut rows: Vec<_> = rows.collect();
        if settings.members > 1 {
            let one: u64 = rows.iter().map(|row| row.parameters).sum();
            let others = one * (settings.members as u64 - 1);
            let kind = format!("as above, {} in all; the mean of their scores", settings.members);
            rows.push(LayerRow::new("members", kind, "[batch]", others));
        }
        ModelSummary { title: "Praise or blame".to_owned(), rows }
    }
}

impl Model for Classifier {
    type Batch = Batch;
    type Carry = ();

    /// The mean binary cross-entropy, in nats: in training that of each network by itself, averaged over them.
    fn loss(&self, batch: Batch, _carry: Option<()>, pass: Pass) -> Loss<()> {
        let loss = match pass {
            Pass::Training { seed, .. } => {
                let members = self.members.iter().enumerate();
                self.mean(members.map(|(place, member)| member.training_loss(&batch, seed_of(place, seed))))
            }
            Pass::Evaluation => binary_cross_entropy(self.logits(&batch.reviews), &batch.targets),
        };
        Loss { loss, samples: batch.targets.len(), carry: None }
    }
}

//! The model: one network, or several that learn side by side and score together.

use std::collections::BTreeMap;

use burn::{
    module::{Module, Param},
    tensor::{Device, Tensor},
};
use recurrent_backend::Seed;
use recurrent_data::reviews::{PadSpec, Padded, Width, pad_sequences};
use recurrent_exchange::AnyLayer;
use recurrent_report::{LayerRow, ModelSummary, capitalised};
use recurrent_train::{Loss, Model, Pass};

use crate::batches::Batch;
use crate::layers::Directions;
use crate::network::{Network, cross_entropy};
use crate::outputs::Outputs;
use crate::pooling::Pool;
use crate::reading::Reading;
use crate::settings::{ModelSettings, Settings};
use crate::tensors::numbers;

/// Networks that score a text together: the mean of their logits. They differ in first weights, after pre-training only in
/// those of the dense layer, and in what is dropped of them, and err in different places.
#[derive(Module, Debug)]
pub struct Ensemble {
    /// The networks, at least one.
    pub members: Vec<Network>,
}

/// Streams of randomness for the members after the first.
const MEMBERS: u64 = u64::from_be_bytes(*b"members\0");

/// Texts in a batch where they are scored: more are no faster, and take memory.
const BATCH: usize = 64;

fn seed_of(member: usize, seed: Seed) -> Seed {
    if member == 0 { seed } else { seed.part(&[MEMBERS, member as u64]) }
}

impl Ensemble {
    /// Makes the networks with Keras's initial weights, drawn from a seed.
    ///
    /// # Panics
    /// A size is 0, or a share that is dropped is not in `[0, 1)`: see [`Settings::check`].
    pub fn new(settings: &Settings, seed: Seed, device: &Device) -> Self {
        let network = |member| Network::new(settings, seed_of(member, seed), device);
        Self { members: (0..settings.model.members).map(network).collect() }
    }

    /// Makes the networks with zeros for weights, which those of a file are to replace.
    ///
    /// # Panics
    /// As [`new`](Self::new).
    pub fn zeros(settings: &Settings, device: &Device) -> Self {
        Self { members: (0..settings.model.members).map(|_| Network::zeros(settings, device)).collect() }
    }

    /// The device that it computes on.
    pub fn device(&self) -> Device {
        self.members[0].device()
    }

    /// What its scores mean.
    pub fn outputs(&self) -> Outputs {
        self.members[0].outputs()
    }

    /// What it reads of a text.
    pub fn reading(&self) -> &Reading {
        self.members[0].reading()
    }

    /// The same networks, each with other features of words and another first layer, as [`Network::beginning_as`].
    pub fn beginning_as(self, embedding: &Param<Tensor<2>>, first_layer: &AnyLayer) -> Self {
        let members = self.members.into_iter().map(|member| member.beginning_as(embedding, first_layer));
        Self { members: members.collect() }
    }

    /// The scores of each text, `[batch, outputs]`: the logit of the probability that it is positive, or of each class.
    ///
    /// # Panics
    /// An index is past the words that the networks know.
    pub fn logits(&self, texts: &Padded) -> Tensor<2> {
        self.mean(self.members.iter().map(|member| member.logits(texts)))
    }

    /// The scores of each text in turn, [`outputs`](Self::outputs) of them, from its indices; in batches of similar length, so that little is padded, and in the texts'
    /// order.
    ///
    /// # Panics
    /// As [`logits`](Self::logits), or a text has no index.
    pub fn scores(&self, texts: &[&[u32]]) -> Vec<f32> {
        let pad = self.reading().pad();
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.sort_by_key(|place| pad.kept(texts[*place].len()));
        self.score_groups(texts, order.chunks(BATCH).map(|places| (places.to_vec(), pad)))
    }

    /// The same, where the scores of a text do not depend on the others to the last bit: each is filled up to a length that follows
    /// from its own, beside others of that length, and none is computed alone. It takes a little longer.
    ///
    /// # Panics
    /// As [`scores`](Self::scores).
    pub fn scores_each(&self, texts: &[&[u32]]) -> Vec<f32> {
        let pad = self.reading().pad();
        let mut of_length: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (place, text) in texts.iter().enumerate() {
            of_length.entry(self.filled_up(text.len())).or_default().push(place);
        }
        let groups = of_length.iter().flat_map(|(length, places)| {
            let pad = PadSpec { length: Some(*length), width: Width::Full, ..pad };
            places.chunks(BATCH).map(move |places| match places {
                // A product of one row is another one than that of several.
                [alone] => (vec![*alone; 2], pad),
                places => (places.to_vec(), pad),
            })
        });
        self.score_groups(texts, groups)
    }

    /// The length that a text of so many indices is filled up to: a power of two or one and a half of one, at most what is read.
    pub(crate) fn filled_up(&self, length: usize) -> usize {
        let pad = self.reading().pad();
        let most = pad.length.unwrap_or(usize::MAX);
        if pad.width == Width::Full {
            return most;
        }
        let power = pad.kept(length).max(16).next_power_of_two();
        let less = power / 4 * 3;
        (if pad.kept(length) <= less { less } else { power }).min(most)
    }

    fn score_groups(
        &self,
        texts: &[&[u32]],
        groups: impl Iterator<Item = (Vec<usize>, PadSpec)>,
    ) -> Vec<f32> {
        let width = self.outputs().width();
        let mut scores = vec![0.0; texts.len() * width];
        for (places, pad) in groups {
            let padded = pad_sequences(places.iter().map(|place| texts[*place]), &pad);
            for (place, logits) in places.iter().zip(numbers(self.logits(&padded)).chunks(width)) {
                scores[place * width..][..width].copy_from_slice(logits);
            }
        }
        scores
    }

    fn mean<const D: usize>(&self, of_members: impl Iterator<Item = Tensor<D>>) -> Tensor<D> {
        let sum = of_members.reduce(|sum, member| sum + member).expect("at least one member");
        sum / self.members.len() as f64
    }

    /// The layers, their output shapes and parameters.
    pub fn summary(settings: &Settings) -> ModelSummary {
        let ModelSettings { embedding, cell, directions, layers, members, pooling, .. } = &settings.model;
        let (words, features) = (u64::from(settings.coding.num_words()), settings.model.features());
        let first = LayerRow::new(
            "embedding",
            "embedding",
            format!("[batch, time, {embedding}]"),
            words * *embedding as u64,
        );
        let (prefix, kind) = match directions {
            Directions::Both => ("bi", format!("bidirectional {}, concatenated", cell.name())),
            Directions::Forward => ("", cell.name().to_owned()),
        };
        let row = |place: usize| {
            let parameters = directions.count() * settings.model.layer_at(place).parameters();
            let outputs = settings.model.outputs();
            LayerRow::new(
                format!("{prefix}{}_{}", cell.name().to_lowercase(), place + 1),
                kind.clone(),
                format!("[batch, time, {outputs}]"),
                parameters as u64,
            )
        };
        let pools: Vec<_> = pooling.iter().map(|pool: &Pool| pool.name()).collect();
        let pooled = LayerRow::new("pooling", pools.join(" + "), format!("[batch, {features}]"), 0);
        let outputs = Outputs::of(&settings.classes);
        let (kind, width) = match outputs {
            Outputs::Two | Outputs::Labels(_) => ("dense, sigmoid", outputs.width()),
            Outputs::Classes(classes) => ("dense, softmax", classes),
        };
        let parameters = (features as u64 + 1) * width as u64;
        let head = LayerRow::new("head", kind, format!("[batch, {width}]"), parameters);
        let mut rows: Vec<_> =
            [first].into_iter().chain((0..*layers).map(row)).chain([pooled, head]).collect();
        if *members > 1 {
            let one: u64 = rows.iter().map(|row| row.parameters).sum();
            let kind = format!("as above, {members} in all; the mean of their scores");
            rows.push(LayerRow::new("members", kind, "[batch]", one * (*members as u64 - 1)));
        }
        ModelSummary { title: capitalised(&settings.question()).trim_end_matches('.').to_owned(), rows }
    }
}

impl Model for Ensemble {
    type Batch = Batch;
    type Carry = ();

    /// The mean cross-entropy, in nats: in training that of each network by itself, averaged over them.
    fn loss(&self, batch: Batch, _carry: Option<()>, pass: Pass) -> Loss<()> {
        let loss = match pass.seed() {
            Some(seed) => {
                let members = self.members.iter().enumerate();
                self.mean(members.map(|(place, member)| member.training_loss(&batch, seed_of(place, seed))))
            }
            None => cross_entropy(self.outputs(), self.logits(&batch.reviews), &batch.targets),
        };
        Loss::new(loss, batch.reviews.lengths.len())
    }
}

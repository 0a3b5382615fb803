//! The parts of another framework's model: found by kind and shape, and checked against each other.

use recurrent_cells::{Activation, Cell, Direction, KerasWeights, Reset, Weights};
use recurrent_exchange::{Embedding, ForeignFile, Layers, Linear};

use super::ForeignFault;
use crate::network_settings::{CellKind, NetworkSettings, Reading};

/// The parts of a model.
pub(super) struct Parts {
    layers: Layers,
    /// The vectors of characters and their name; none where they are read as ones among zeros.
    embedding: Option<(String, Embedding)>,
    /// What scores the next character.
    pub(super) head: Linear,
    head_name: String,
}

impl Parts {
    /// Finds a linear layer from the last layer's outputs to the characters, and an embedding from the characters to the first layer's inputs.
    pub(super) fn find(file: &ForeignFile, layers: Layers, vocabulary: usize) -> Result<Self, ForeignFault> {
        check(&layers)?;
        let (input, output) = (layers.d_input(), layers.d_output());
        let names = file.dense();
        let linear: Vec<(&String, Linear)> = names
            .iter()
            .filter_map(|name| Some((name, file.linear(name).ok()?)))
            .filter(|(_, linear)| linear.input == output)
            .collect();
        let embeddings: Vec<(&String, Embedding)> = names
            .iter()
            .filter_map(|name| Some((name, file.embedding(name).ok()?)))
            .filter(|(_, embedding)| (embedding.vocabulary, embedding.features) == (vocabulary, input))
            .collect();
        let (head_name, head) = head(&linear, output, vocabulary)?;
        let embedding = match &embeddings[..] {
            _ if input == vocabulary && embeddings.len() != 1 => None,
            [(name, embedding)] => Some(((*name).clone(), embedding.clone())),
            several => {
                let other = several.iter().find(|(name, _)| **name != head_name);
                other.map(|(name, embedding)| ((*name).clone(), embedding.clone()))
            }
        };
        // One that scores as it reads is no layer of its own where characters are ones among zeros.
        let embedding = embedding.filter(|(name, _)| input != vocabulary || *name != head_name);
        if embedding.is_none() && input != vocabulary {
            return Err(ForeignFault::Other(format!(
                "has a first layer that reads {input} features, and neither an embedding of {vocabulary} rows and {input} columns, one for \
                 each character, nor {vocabulary} features, one for each character"
            )));
        }
        Ok(Self { layers, embedding, head, head_name })
    }

    /// The shape of the network that they are.
    pub(super) fn settings(&self) -> NetworkSettings {
        let config = &self.layers.layers[0].config;
        let (cell, activation, reset) = match config.cell {
            Cell::Rnn(activation) => (CellKind::Vanilla, activation, Reset::After),
            Cell::Gru(reset) => (CellKind::Gru, Activation::Tanh, reset),
            _ => (CellKind::Lstm, Activation::Tanh, Reset::After),
        };
        let reading = if self.is_tied() { Reading::Tied } else { Reading::OneHot };
        let shape = NetworkSettings::new(cell, config.d_hidden, self.layers.layers.len());
        NetworkSettings { activation, reset, reading, ..shape }
    }

    /// The weights of each layer, of which the first reads characters.
    pub(super) fn weights(&self) -> Vec<Weights> {
        let mut weights: Vec<Weights> =
            self.layers.layers.iter().map(|layer| layer.weights_with_bias().swap_remove(0)).collect();
        if let (Some((_, embedding)), false) = (&self.embedding, self.is_tied()) {
            weights[0] = reading_characters(embedding, &weights[0]);
        }
        weights
    }

    /// Whether characters are read by what scores them.
    fn is_tied(&self) -> bool {
        let head = &self.head;
        let is_column = |embedding: &Embedding| {
            let of_head = |place: usize| {
                let (token, feature) = (place / embedding.features, place % embedding.features);
                head.weight[feature * head.output + token]
            };
            embedding.features == head.input
                && embedding.vectors.iter().enumerate().all(|(place, number)| *number == of_head(place))
        };
        self.embedding.as_ref().is_some_and(|(_, embedding)| is_column(embedding))
    }

    /// What they are.
    pub(super) fn in_words(&self) -> String {
        let layers: Vec<_> = self.layers.layers.iter().map(|layer| format!("`{layer}`")).collect();
        let read = match &self.embedding {
            Some((name, _)) if self.is_tied() => {
                format!("reads characters by `{name}`, which scores them too")
            }
            Some((name, _)) => format!("reads characters by `{name}`, which becomes part of the first layer"),
            None => "reads characters as ones among zeros".to_owned(),
        };
        format!("{}; {read}; `{}` scores {}", layers.join(", "), self.head_name, self.head.output)
    }
}

/// The linear layer that scores the characters.
fn head(
    linear: &[(&String, Linear)],
    output: usize,
    vocabulary: usize,
) -> Result<(String, Linear), ForeignFault> {
    let fitting: Vec<_> = linear.iter().filter(|(_, linear)| linear.output == vocabulary).collect();
    let with_bias: Vec<_> = fitting.iter().filter(|(_, linear)| !linear.bias.is_empty()).collect();
    match (&fitting[..], &with_bias[..]) {
        ([(name, linear)], _) | (_, [(name, linear)]) => Ok(((*name).clone(), linear.clone())),
        ([], _) => Err(match linear {
            [] => ForeignFault::Other(format!(
                "has no linear layer that reads the {output} outputs of its last recurrent layer, to score characters"
            )),
            _ => {
                let outputs: Vec<_> = linear.iter().map(|(_, linear)| linear.output.to_string()).collect();
                ForeignFault::Size(outputs.join(" or "), vocabulary)
            }
        }),
        _ => {
            let names: Vec<_> = fitting.iter().map(|(name, _)| format!("`{name}`")).collect();
            Err(ForeignFault::Other(format!(
                "has several layers that could score characters: {}",
                names.join(", ")
            )))
        }
    }
}

/// Layers that are ones of a language model here: of one direction, alike, and with nothing that a network's settings lack.
fn check(layers: &Layers) -> Result<(), ForeignFault> {
    let first = &layers.layers[0].config;
    for layer in &layers.layers {
        let refuse = |problem: &str| Err(ForeignFault::Other(format!("has `{layer}`, {problem}")));
        let config = &layer.config;
        if layer.merge.is_some() || config.direction == Direction::Reverse {
            return refuse("but a text is written in one direction, forward");
        }
        if (config.cell, config.d_hidden) != (first.cell, first.d_hidden) {
            return refuse("but layers here are alike: of one cell, and of as many units each");
        }
        let activations = [config.gate_activation, config.candidate_activation, config.output_activation];
        let is_plain = activations == [Activation::Sigmoid, Activation::Tanh, Activation::Tanh]
            && config.projection.is_none()
            && !config.peepholes
            && !config.coupled_gates;
        if !is_plain && !matches!(config.cell, Cell::Rnn(_)) {
            return refuse(
                "with a projection, peepholes, coupled gates or other activations, which a language model here lacks",
            );
        }
    }
    Ok(())
}

/// The weights of a layer that reads characters as ones among zeros, from those of one that reads their vectors.
fn reading_characters(embedding: &Embedding, weights: &Weights) -> Weights {
    let theirs = weights.to_keras();
    let width = theirs.kernel.len() / embedding.features;
    let row = |vector: &[f32]| -> Vec<f32> {
        let mut sums = vec![0.0f64; width];
        for (number, row) in vector.iter().zip(theirs.kernel.chunks_exact(width)) {
            sums.iter_mut()
                .zip(row)
                .for_each(|(sum, weight)| *sum += f64::from(*number) * f64::from(*weight));
        }
        sums.into_iter().map(|sum| sum as f32).collect()
    };
    let kernel = embedding.vectors.chunks_exact(embedding.features).flat_map(row).collect();
    let keras = KerasWeights { kernel, ..theirs };
    Weights::from_keras(weights.cell, embedding.vocabulary, weights.hidden, &keras)
}

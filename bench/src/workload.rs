//! The four models by name, with the chapter's batches and the products that they take.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// A model and its batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Workload {
    /// Two vanilla layers of 800 units on 100 sequences of 100 characters of 57.
    Vanilla,
    /// Two LSTM layers of 800 units on 100 sequences of 160 characters of 57.
    Lstm,
    /// A GRU of 256 units that resets before, on 100 windows of 10 prices.
    Gru,
    /// A bidirectional LSTM of 128 units each way on 32 reviews of 200 words of 5,000.
    Bilstm,
}

impl Workload {
    /// Sequences in a batch and steps in a sequence.
    pub(crate) fn batch_and_time(self) -> [usize; 2] {
        match self {
            Self::Vanilla => [100, 100],
            Self::Lstm => [100, 160],
            Self::Gru => [100, 10],
            Self::Bilstm => [32, 200],
        }
    }

    /// The model and its batch in a few words.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Vanilla => "vanilla 2 x 800, 100 x 100",
            Self::Lstm => "LSTM 2 x 800, 100 x 160",
            Self::Gru => "GRU 256, 100 x 10",
            Self::Bilstm => "bidirectional LSTM 128, 32 x 200, both dropouts",
        }
    }

    /// Floating-point operations of a step's products, forward and backward (three times the forward ones), with
    /// one-hot inputs counted as products whether or not they are done.
    pub(crate) fn flops(self) -> f64 {
        // Multiply-adds for each step of each sequence.
        let multiply_adds = match self {
            Self::Vanilla => 57 * 800 + 3 * 800 * 800 + 800 * 57,
            Self::Lstm => 4 * (57 * 800 + 3 * 800 * 800) + 800 * 57,
            Self::Gru => 3 * (256 + 256 * 256),
            Self::Bilstm => 2 * 4 * (128 * 128 + 128 * 128),
        };
        let [batch, time] = self.batch_and_time();
        6.0 * (multiply_adds * batch * time) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_products_are_those_of_the_models() {
        let giga = |workload: Workload| (workload.flops() / 1e7).round() / 100.0;
        assert_eq!(giga(Workload::Vanilla), 120.67);
        assert_eq!(giga(Workload::Lstm), 759.17);
        assert_eq!(giga(Workload::Gru), 1.18);
        assert_eq!(giga(Workload::Bilstm), 10.07);
    }
}

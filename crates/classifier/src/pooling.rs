//! What is made of the outputs over time, so that a text of any length has one row of features.

use burn::tensor::{Device, Tensor, TensorData};
use recurrent_data::reviews::Padded;
use serde::{Deserialize, Serialize};

use crate::reading::Reading;

/// A way to make one of many outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pool {
    /// The last output of each direction: that of the forward layer at the end, that of the reverse layer at the start.
    Last,
    /// The largest output of each unit.
    Max,
    /// The mean output of each unit.
    Mean,
}

impl Pool {
    /// All of them, in order.
    pub const ALL: [Self; 3] = [Self::Last, Self::Max, Self::Mean];

    /// Each of a list once, in order, so that a list written in another order is the same network.
    pub fn in_order(list: &[Self]) -> Vec<Self> {
        Self::ALL.into_iter().filter(|pool| list.contains(pool)).collect()
    }

    /// Its name: `last`, `max` or `mean`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Last => "last",
            Self::Max => "max",
            Self::Mean => "mean",
        }
    }

    /// Makes `[batch, features]` of `outputs`, `[batch, time, features]`, and of the last of them, `[batch, features]`.
    pub(crate) fn pool(self, outputs: &Tensor<3>, last: &Tensor<2>, real: &Real) -> Tensor<2> {
        match self {
            Self::Last => last.clone(),
            Self::Max => {
                // An output of an LSTM or GRU is above -1, so that a step moved by 2 is never the largest.
                let moved = outputs.clone() - (real.factors.clone().neg() + 1.0) * 2.0;
                moved.max_dim(1).squeeze_dim(1)
            }
            Self::Mean => {
                let sum: Tensor<2> = (outputs.clone() * real.factors.clone()).sum_dim(1).squeeze_dim(1);
                sum / real.lengths.clone()
            }
        }
    }
}

/// Which steps of a batch are read.
pub(crate) struct Real {
    /// 1 where a step is read, 0 where it is passed over, `[batch, time, 1]`.
    pub(crate) factors: Tensor<3>,
    /// How many are read, `[batch, 1]`.
    lengths: Tensor<2>,
}

impl Real {
    /// The steps of a padded batch that a network reads.
    pub(crate) fn new(padded: &Padded, reading: &Reading, device: &Device) -> Self {
        let (batch, time) = (padded.lengths.len(), padded.time);
        let rows = reading.real_steps(padded);
        let lengths = rows.chunks(time).map(|row| row.iter().filter(|real| **real).count() as f32);
        let lengths: Vec<f32> = lengths.collect();
        let factors: Vec<f32> = rows.iter().map(|real| f32::from(*real)).collect();
        Self {
            factors: Tensor::from_data(TensorData::new(factors, [batch, time, 1]), device),
            lengths: Tensor::from_data(TensorData::new(lengths, [batch, 1]), device),
        }
    }
}

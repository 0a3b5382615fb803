//! Words as features.

use burn::{
    module::Param,
    tensor::{Int, Tensor, TensorData},
};
use recurrent_data::reviews::Padded;

/// The features of each word, `[batch, time, embedding]`, from those of each index, `[words, embedding]`.
///
/// # Panics
/// An index is past the words that there are.
pub fn features_of(embedding: &Param<Tensor<2>>, reviews: &Padded) -> Tensor<3> {
    let table = embedding.val();
    let [_, features] = table.dims();
    let (batch, time) = (reviews.lengths.len(), reviews.time);
    let indices: Vec<i64> = reviews.numbers.iter().map(|index| i64::from(*index)).collect();
    let indices = Tensor::<1, Int>::from_data(TensorData::new(indices, [batch * time]), &table.device());
    table.select(0, indices).reshape([batch, time, features])
}

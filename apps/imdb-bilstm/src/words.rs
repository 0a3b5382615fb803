//! Words as tensors: their indices, and their features.

use burn::{
    module::Param,
    tensor::{Device, Int, Tensor, TensorData},
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
    let indices = indices(&reviews.numbers, &table.device());
    let rows = table.select(0, indices);
    rows.reshape([batch, time, features])
}

/// Word indices as a tensor, `[words]`.
pub fn indices(words: &[u32], device: &Device) -> Tensor<1, Int> {
    let words: Vec<i64> = words.iter().map(|word| i64::from(*word)).collect();
    let count = words.len();
    Tensor::from_data(TensorData::new(words, [count]), device)
}

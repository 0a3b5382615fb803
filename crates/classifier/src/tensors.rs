//! Tensors made of plain numbers, and plain numbers of tensors; words as tensors.

use burn::{
    module::Param,
    tensor::{Device, Int, Tensor, TensorData},
};
use recurrent_data::reviews::Padded;

/// The numbers of a tensor.
pub(crate) fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("networks compute in 32-bit floats")
}

/// Numbers as a tensor, `[numbers]`.
pub(crate) fn floats(numbers: Vec<f32>, device: &Device) -> Tensor<1> {
    let count = numbers.len();
    Tensor::from_data(TensorData::new(numbers, [count]), device)
}

/// Numbers as a parameter of `rows` rows, `[rows, columns]`.
pub(crate) fn matrix(numbers: Vec<f32>, rows: usize, device: &Device) -> Param<Tensor<2>> {
    let columns = numbers.len() / rows;
    Param::from_data(TensorData::new(numbers, [rows, columns]), device)
}

/// Word indices as a tensor, `[words]`.
pub(crate) fn indices(words: &[u32], device: &Device) -> Tensor<1, Int> {
    let words: Vec<i64> = words.iter().map(|word| i64::from(*word)).collect();
    let count = words.len();
    Tensor::from_data(TensorData::new(words, [count]), device)
}

/// The features of each word, `[batch, time, embedding]`, from those of each index, `[words, embedding]`.
///
/// # Panics
/// An index is past the words that there are.
pub(crate) fn features_of(embedding: &Param<Tensor<2>>, texts: &Padded) -> Tensor<3> {
    let table = embedding.val();
    let [_, features] = table.dims();
    let (batch, time) = (texts.lengths.len(), texts.time);
    let indices = indices(&texts.numbers, &table.device());
    let rows = table.select(0, indices);
    rows.reshape([batch, time, features])
}

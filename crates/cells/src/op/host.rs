//! How Flex and NdArray lend their tensors as slices.

// Burn means to give up NdArray one day; until then it is a second backend that the kernel is tested on.
#![cfg_attr(feature = "ndarray", allow(deprecated))]

use std::borrow::Cow;

use burn::{
    backend::{Backend, tensor::FloatTensor},
    tensor::TensorData,
};

#[cfg(feature = "ndarray")]
use burn::backend::TensorMetadata;

use super::kernel::Order;

/// A backend whose tensors lie in main memory.
pub(super) trait HostBackend: Backend {
    /// The same tensor with its numbers in row-major order; copied only where they lie otherwise.
    fn in_order(tensor: FloatTensor<Self>) -> FloatTensor<Self>;

    /// The numbers of a tensor in row-major order; copied only where they lie otherwise.
    fn floats(tensor: &FloatTensor<Self>) -> Cow<'_, [f32]>;

    /// The numbers of a `[time, batch, ...]` tensor that lie by steps or by sequences; nothing, where they lie otherwise.
    fn lying(tensor: &FloatTensor<Self>) -> Option<(&[f32], Order)>;

    /// The tensor's numbers in row-major order, to be changed in place; the tensor, where something else may hold them or they
    /// lie in another order.
    fn unshared(tensor: FloatTensor<Self>) -> Result<TensorData, FloatTensor<Self>>;

    /// A tensor of these numbers.
    fn tensor(data: TensorData) -> FloatTensor<Self>;
}

#[cfg(feature = "flex")]
impl HostBackend for burn_flex::Flex {
    fn in_order(tensor: FloatTensor<Self>) -> FloatTensor<Self> {
        if tensor.as_slice::<f32>().is_some() { tensor } else { tensor.to_contiguous() }
    }

    fn floats(tensor: &FloatTensor<Self>) -> Cow<'_, [f32]> {
        match tensor.as_slice() {
            Some(slice) => Cow::Borrowed(slice),
            None => {
                let tensor = tensor.to_contiguous();
                Cow::Owned(tensor.as_slice::<f32>().expect("the layers compute in 32-bit floats").to_vec())
            }
        }
    }

    fn lying(tensor: &FloatTensor<Self>) -> Option<(&[f32], Order)> {
        let by = |order: Order| {
            let layout = match order {
                Order::Steps => tensor.layout().clone(),
                Order::Sequences => tensor.layout().transpose(0, 1),
            };
            layout.contiguous_offsets().map(|(start, end)| (&tensor.storage::<f32>()[start..end], order))
        };
        if tensor.dtype() != burn::tensor::DType::F32 {
            return None;
        }
        by(Order::Steps).or_else(|| by(Order::Sequences))
    }

    fn unshared(tensor: FloatTensor<Self>) -> Result<TensorData, FloatTensor<Self>> {
        if tensor.is_unique() && tensor.is_contiguous() { Ok(tensor.into_data()) } else { Err(tensor) }
    }

    fn tensor(data: TensorData) -> FloatTensor<Self> {
        burn_flex::FlexTensor::from_data(data)
    }
}

#[cfg(feature = "ndarray")]
impl HostBackend for burn_ndarray::NdArray {
    fn in_order(tensor: FloatTensor<Self>) -> FloatTensor<Self> {
        let shape = tensor.shape();
        let copy = match Self::floats(&tensor) {
            Cow::Borrowed(_) => None,
            Cow::Owned(floats) => Some(floats),
        };
        copy.map_or(tensor, |floats| Self::tensor(TensorData::new(floats, shape)))
    }

    fn floats(tensor: &FloatTensor<Self>) -> Cow<'_, [f32]> {
        use burn_ndarray::NdArrayTensor;
        match tensor {
            NdArrayTensor::F32(storage) => match storage.view().to_slice() {
                Some(slice) => Cow::Borrowed(slice),
                None => Cow::Owned(storage.view().iter().copied().collect()),
            },
            other => panic!("the layers compute in 32-bit floats, not {:?}", other.dtype()),
        }
    }

    fn lying(tensor: &FloatTensor<Self>) -> Option<(&[f32], Order)> {
        let burn_ndarray::NdArrayTensor::F32(storage) = tensor else { return None };
        let steps = storage.view();
        let mut sequences = steps.clone();
        sequences.swap_axes(0, 1);
        let steps = steps.to_slice().map(|numbers| (numbers, Order::Steps));
        steps.or_else(|| sequences.to_slice().map(|numbers| (numbers, Order::Sequences)))
    }

    fn unshared(tensor: FloatTensor<Self>) -> Result<TensorData, FloatTensor<Self>> {
        // NdArray keeps to itself whether it holds the numbers alone.
        Err(tensor)
    }

    fn tensor(data: TensorData) -> FloatTensor<Self> {
        burn_ndarray::NdArrayTensor::from_data(data)
    }
}

#[cfg(all(test, any(feature = "flex", feature = "ndarray")))]
mod tests {
    use super::*;

    fn check_views<B: HostBackend>() {
        let numbers: Vec<f32> = (0..24u8).map(f32::from).collect();
        let plain = B::tensor(TensorData::new(numbers.clone(), [3, 2, 4]));
        let swapped = B::float_swap_dims(plain.clone(), 0, 1);
        assert_eq!(B::lying(&plain), Some((&numbers[..], Order::Steps)));
        assert_eq!(B::lying(&swapped), Some((&numbers[..], Order::Sequences)));
        assert_eq!(B::lying(&B::float_swap_dims(plain.clone(), 1, 2)), None);
        let later = B::float_slice(plain, &[(1..3).into(), (0..2).into(), (0..4).into()]);
        assert_eq!(B::lying(&later), Some((&numbers[8..], Order::Steps)));
        let later = B::float_swap_dims(later, 0, 1);
        assert_eq!(B::lying(&later), Some((&numbers[8..], Order::Sequences)));
    }

    #[test]
    fn views_are_lent_as_they_lie() {
        #[cfg(feature = "flex")]
        check_views::<burn_flex::Flex>();
        #[cfg(feature = "ndarray")]
        check_views::<burn_ndarray::NdArray>();
    }
}

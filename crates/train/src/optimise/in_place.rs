//! An update rule in one pass over a parameter, on all threads: each number is read, changed and written once. Burn's rules
//! are a dozen tensor operations on one thread, each of which goes over the whole parameter and most of which take memory.

use burn::tensor::{DType, Device, Tensor, TensorData};
use rayon::prelude::*;

/// Numbers that a thread takes up at a time: large beside what it costs to hand them over, small beside a parameter.
const PIECE: usize = 1 << 14;

/// Whether the numbers of a tensor lie in main memory, as 32-bit floats.
pub(super) fn is_possible<const D: usize>(tensor: &Tensor<D>) -> bool {
    recurrent_backend::is_on_host(&tensor.device()) && tensor.dtype() == DType::F32
}

/// Changes a parameter and what is remembered of its gradients, number by number: `rule` takes a number of the parameter,
/// its gradient and its memories, and returns the parameter and the memories to come. A tensor is not copied where nothing else
/// holds its numbers and it is all of them, in order.
///
/// # Panics
/// The gradient or a memory has not the parameter's type or length.
pub(super) fn update<const D: usize, const N: usize>(
    tensor: Tensor<D>,
    gradient: Tensor<D>,
    memories: [Tensor<D>; N],
    rule: impl Fn(f32, f32, [f32; N]) -> (f32, [f32; N]) + Sync,
) -> (Tensor<D>, [Tensor<D>; N]) {
    let device = tensor.device();
    let mut parameter = tensor.into_data();
    let gradient = gradient.into_data();
    assert_eq!(gradient.num_elements(), parameter.num_elements(), "the gradient's length");
    let mut memories = memories.map(Tensor::into_data);
    for memory in &memories {
        assert_eq!(memory.num_elements(), parameter.num_elements(), "a memory's length");
    }
    let mut memory_pieces = memories.each_mut().map(|memory| floats_mut(memory).chunks_mut(PIECE));
    let gradient_pieces =
        gradient.as_slice::<f32>().expect("a gradient has the parameter's type").chunks(PIECE);
    let pieces: Vec<_> = floats_mut(&mut parameter)
        .chunks_mut(PIECE)
        .zip(gradient_pieces)
        .map(|(parameter, gradient)| {
            let memories = memory_pieces
                .each_mut()
                .map(|pieces| pieces.next().expect("a memory has the parameter's length"));
            (parameter, gradient, memories)
        })
        .collect();
    pieces.into_par_iter().for_each(|(parameter, gradient, memories)| {
        update_piece(parameter, gradient, memories, &rule);
    });
    (tensor_of(parameter, &device), memories.map(|memory| tensor_of(memory, &device)))
}

fn update_piece<const N: usize>(
    parameter: &mut [f32],
    gradient: &[f32],
    mut memories: [&mut [f32]; N],
    rule: &impl Fn(f32, f32, [f32; N]) -> (f32, [f32; N]),
) {
    for (index, (parameter, gradient)) in parameter.iter_mut().zip(gradient).enumerate() {
        let memory = memories.each_ref().map(|memory| memory[index]);
        let (updated, remembered) = rule(*parameter, *gradient, memory);
        *parameter = updated;
        for (memory, remembered) in memories.iter_mut().zip(remembered) {
            memory[index] = remembered;
        }
    }
}

fn floats_mut(data: &mut TensorData) -> &mut [f32] {
    data.as_mut_slice().expect("a parameter and its memories are 32-bit floats in main memory")
}

/// Whatever the device's own type of floats.
fn tensor_of<const D: usize>(data: TensorData, device: &Device) -> Tensor<D> {
    Tensor::from_data(data, (device, DType::F32))
}

#[cfg(test)]
pub(super) mod tests {
    use recurrent_backend::BackendKind;

    use super::*;

    /// One number, odd ones, and more than a thread takes at a time.
    pub(crate) const LENGTHS: [usize; 4] = [1, 7, 33, 2 * PIECE + 13];

    /// Those of this build whose tensors lie in main memory.
    pub(crate) fn devices() -> Vec<Device> {
        let kinds = [BackendKind::Flex, BackendKind::NdArray].into_iter().filter(|kind| kind.is_built_in());
        kinds.map(|kind| kind.open().unwrap()).collect()
    }

    /// Numbers of either sign, some of them 0, others for each `turn`.
    pub(crate) fn some(length: usize, turn: usize, device: &Device) -> Tensor<1> {
        let number = |index: usize| ((index * 37 + turn * 101) % 201) as f32 / 100.0 - 1.0;
        Tensor::from_data(TensorData::new((0..length).map(number).collect(), [length]), device)
    }

    #[test]
    fn what_another_holds_stays_as_it_is() {
        for device in devices() {
            let [parameter, gradient, memory] = [0, 1, 2].map(|turn| some(33, turn, &device));
            let (updated, [remembered]) =
                update(parameter.clone(), gradient.clone(), [memory.clone()], |p, g, [m]| (p + g, [m - g]));
            updated.to_data().assert_eq(&(parameter.clone() + gradient.clone()).to_data(), true);
            remembered.to_data().assert_eq(&(memory.clone() - gradient.clone()).to_data(), true);
            for (turn, tensor) in [parameter, gradient, memory].into_iter().enumerate() {
                tensor.to_data().assert_eq(&some(33, turn, &device).to_data(), true);
            }
        }
    }

    #[test]
    fn views_are_updated_in_their_own_order() {
        for device in devices() {
            let gradient = some(12, 1, &device).reshape([4, 3]);
            let transposed = || some(12, 0, &device).reshape([3, 4]).transpose();
            let (updated, []) = update(transposed(), gradient.clone(), [], |p, g, []| (p - g, []));
            updated.to_data().assert_eq(&(transposed() - gradient.clone()).to_data(), true);
            // Nothing else holds the numbers, of which it is a part.
            let narrowed = || some(30, 0, &device).reshape([10, 3]).narrow(0, 5, 4);
            let (updated, []) = update(narrowed(), gradient.clone(), [], |p, g, []| (p - g, []));
            updated.to_data().assert_eq(&(narrowed() - gradient).to_data(), true);
        }
    }

    #[test]
    #[should_panic(expected = "the gradient's length")]
    fn a_gradient_of_another_length_is_refused() {
        let device = &devices()[0];
        let _ = update(some(7, 0, device), some(6, 0, device), [], |p, _, []| (p, []));
    }
}

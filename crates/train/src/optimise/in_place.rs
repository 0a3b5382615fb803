//! An update rule in one pass over a parameter, on all threads: each number is read, changed and written once. Burn's rules
//! are a dozen tensor operations on one thread, each of which goes over the whole parameter and most of which take memory.

use burn::tensor::{Tensor, TensorData};
use rayon::prelude::*;

/// Numbers that a thread takes up at a time: large beside what it costs to hand them over, small beside a parameter.
const PIECE: usize = 1 << 14;

/// Whether the numbers of a tensor lie in main memory, as 32-bit floats.
pub(super) fn is_possible<const D: usize>(tensor: &Tensor<D>) -> bool {
    recurrent_backend::is_on_host(&tensor.device()) && tensor.dtype() == burn::tensor::DType::F32
}

/// Changes a parameter and what is remembered of its gradients, number by number: `rule` takes a number of the parameter,
/// its gradient and its memories, and returns the parameter and the memories to come. What nothing else holds is not copied.
pub(super) fn update<const D: usize, const N: usize>(
    tensor: Tensor<D>,
    gradient: Tensor<D>,
    memories: [Tensor<D>; N],
    rule: impl Fn(f32, f32, [f32; N]) -> (f32, [f32; N]) + Sync,
) -> (Tensor<D>, [Tensor<D>; N]) {
    let device = tensor.device();
    let mut parameter = tensor.into_data();
    let gradient = gradient.into_data();
    let mut memories = memories.map(Tensor::into_data);
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
    (Tensor::from_data(parameter, &device), memories.map(|memory| Tensor::from_data(memory, &device)))
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
    data.as_mut_slice().expect("it was asked before whether these are 32-bit floats in main memory")
}

#[cfg(test)]
pub(super) mod tests {
    use recurrent_backend::BackendKind;

    use super::*;

    /// One number, odd ones, and more than a thread takes at a time.
    pub(crate) const LENGTHS: [usize; 4] = [1, 7, 33, 2 * PIECE + 13];

    /// Numbers of either sign, some of them 0, others for each `turn`.
    pub(crate) fn some(length: usize, turn: usize) -> Tensor<1> {
        let number = |index: usize| ((index * 37 + turn * 101) % 201) as f32 / 100.0 - 1.0;
        let data = TensorData::new((0..length).map(number).collect(), [length]);
        Tensor::from_data(data, &BackendKind::Flex.open().unwrap())
    }

    #[test]
    fn what_another_holds_stays_as_it_is() {
        let (parameter, gradient, memory) = (some(33, 0), some(33, 1), some(33, 2));
        let (updated, [remembered]) =
            update(parameter.clone(), gradient.clone(), [memory.clone()], |p, g, [m]| (p + g, [m - g]));
        updated.to_data().assert_eq(&(parameter.clone() + gradient.clone()).to_data(), true);
        remembered.to_data().assert_eq(&(memory.clone() - gradient.clone()).to_data(), true);
        for (turn, tensor) in [parameter, gradient, memory].into_iter().enumerate() {
            tensor.to_data().assert_eq(&some(33, turn).to_data(), true);
        }
    }

    #[test]
    fn a_transposed_parameter_is_updated_in_its_own_order() {
        let (parameter, gradient) = (some(12, 0).reshape([3, 4]).transpose(), some(12, 1).reshape([4, 3]));
        let (updated, []) = update(parameter.clone(), gradient.clone(), [], |p, g, []| (p - g, []));
        updated.to_data().assert_eq(&(parameter - gradient).to_data(), true);
    }
}

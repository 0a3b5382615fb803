//! Dropout as one operation on all threads, with a mask of a byte a number. Composed, it is a product with a mask of floats on
//! one thread, forward and backward.

use burn::{
    backend::{Backend, Dispatch, TensorMetadata, backend_extension, tensor::FloatTensor},
    tensor::{Tensor, TensorData},
};
use burn_autodiff::{
    Autodiff,
    checkpoint::{base::Checkpointer, strategy::CheckpointStrategy},
    grads::Gradients,
    ops::{Backward, Ops, OpsKind},
};
use rayon::prelude::*;

use super::{binding::HostBackend, has_kernel};
use crate::dropout::Dropped;

/// Numbers that a thread multiplies in one go.
const PART: usize = 1 << 14;

/// The op as Burn sees it.
#[backend_extension(Flex: cfg(feature = "flex"), NdArray: cfg(feature = "ndarray"), Autodiff)]
pub trait DroppingOps: Backend {
    /// See [`drop_numbers`].
    fn drop_numbers(x: FloatTensor<Self>, dropped: Dropped) -> FloatTensor<Self>;
}

/// Multiplies the numbers of `x`, in row-major order, with the factors of a mask of as many.
pub(crate) fn drop_numbers<const D: usize>(x: Tensor<D>, dropped: Dropped) -> Tensor<D> {
    assert_eq!(x.shape().num_elements(), dropped.places.len(), "the mask's length");
    if has_kernel(&x.device()) {
        Tensor::from_dispatch(<Dispatch as DroppingOps>::drop_numbers(x.into_dispatch(), dropped))
    } else {
        composed(x, &dropped)
    }
}

fn composed<const D: usize>(x: Tensor<D>, dropped: &Dropped) -> Tensor<D> {
    let factors = dropped.places.iter().map(|place| dropped.factor(*place)).collect();
    let factors = Tensor::from_data(TensorData::new(factors, x.shape()), &x.device());
    x * factors
}

macro_rules! dropping_on_the_host {
    ($feature:literal, $backend:ty) => {
        #[cfg(feature = $feature)]
        impl DroppingOps for $backend {
            fn drop_numbers(x: FloatTensor<Self>, dropped: Dropped) -> FloatTensor<Self> {
                multiplied::<Self>(x, &dropped)
            }
        }
    };
}
dropping_on_the_host!("flex", burn_flex::Flex);
dropping_on_the_host!("ndarray", burn_ndarray::NdArray);

/// In place where nothing else holds the numbers.
fn multiplied<B: HostBackend>(x: FloatTensor<B>, dropped: &Dropped) -> FloatTensor<B> {
    let products = match B::unshared(x) {
        Ok(mut data) => {
            let numbers = data.as_mut_slice::<f32>().expect("the layers compute in 32-bit floats");
            for_each_part(numbers, &dropped.places, |_, numbers, places| {
                numbers.iter_mut().zip(places).for_each(|(number, place)| *number *= dropped.factor(*place));
            });
            data
        }
        Err(x) => {
            let numbers = B::floats(&x);
            let mut products = vec![0.0; numbers.len()];
            for_each_part(&mut products, &dropped.places, |start, products, places| {
                for ((product, number), place) in products.iter_mut().zip(&numbers[start..]).zip(places) {
                    *product = number * dropped.factor(*place);
                }
            });
            TensorData::new(products, x.shape())
        }
    };
    B::tensor(products)
}

/// Calls `work` on all threads with parts of the numbers: where the part starts, the part, and its part of the mask.
fn for_each_part(numbers: &mut [f32], places: &[bool], work: impl Fn(usize, &mut [f32], &[bool]) + Sync) {
    let parts = numbers.par_chunks_mut(PART).zip(places.par_chunks(PART)).enumerate();
    parts.for_each(|(part, (numbers, places))| work(part * PART, numbers, places));
}

/// The op's step on the way back.
#[derive(Debug)]
struct DroppingStep;

impl<B: DroppingOps, C: CheckpointStrategy> DroppingOps for Autodiff<B, C> {
    fn drop_numbers(x: FloatTensor<Self>, dropped: Dropped) -> FloatTensor<Self> {
        match DroppingStep.prepare::<C>([x.node()]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => {
                let product = B::drop_numbers(x.into_primitive(), dropped.clone());
                prepared.finish(dropped, product)
            }
            OpsKind::UnTracked(prepared) => prepared.finish(B::drop_numbers(x.into_primitive(), dropped)),
        }
    }
}

impl<B: DroppingOps> Backward<B, 1> for DroppingStep {
    type State = Dropped;

    fn backward(self, ops: Ops<Dropped, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let [x] = ops.parents;
        let gradient = gradients.consume::<B>(&ops.node);
        if let Some(node) = x {
            gradients.register::<B>(node.id, B::drop_numbers(gradient, ops.state));
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Distribution;
    use recurrent_backend::{BackendKind, Seed};

    use super::*;

    /// The product and the gradient of the sum of its products with `weights`.
    fn run(
        x: Tensor<3>,
        weights: &Tensor<3>,
        product: impl Fn(Tensor<3>) -> Tensor<3>,
    ) -> (TensorData, TensorData) {
        let x = x.require_grad();
        let product = product(x.clone());
        let gradients = (product.clone() * weights.clone()).sum().backward();
        (product.into_data(), x.grad(&gradients).unwrap().into_data())
    }

    #[test]
    fn it_is_the_composed_product_forward_and_backward() {
        let kinds = BackendKind::ALL.into_iter().filter(|kind| kind.is_built_in());
        for device in kinds.filter_map(|kind| kind.open().ok()).map(|device| device.autodiff()) {
            for shape in [[1, 1, 1], [7, 13, 33], [3, 100, 331]] {
                let numbers = |mean| Tensor::random(shape, Distribution::Normal(mean, 1.0), &device);
                let (x, weights) = (numbers(0.0), numbers(1.0));
                let dropped = Dropped::draw(Seed(1), 0.3, shape.iter().product());
                let found = run(x.clone(), &weights, |x| drop_numbers(x, dropped.clone()));
                let expected = run(x, &weights, |x| composed(x, &dropped));
                found.0.assert_eq(&expected.0, true);
                found.1.assert_eq(&expected.1, true);
            }
        }
    }

    #[test]
    fn a_view_is_read_in_its_own_order() {
        let device = BackendKind::Flex.open().unwrap().autodiff();
        let x = Tensor::<3>::random([5, 4, 3], Distribution::Default, &device).swap_dims(0, 1);
        let dropped = Dropped::draw(Seed(1), 0.5, 60);
        let expected = composed(x.clone(), &dropped).into_data();
        drop_numbers(x, dropped).into_data().assert_eq(&expected, true);
    }
}

//! Where a device keeps its numbers.

use burn::tensor::Device;

/// Whether the tensors of a device lie in main memory: on Flex and NdArray, with or without automatic differentiation. There
/// Flex's `into_data` hands the numbers over without a copy where nothing else holds them and the tensor is all of them, in order.
///
/// ```
/// use recurrent_backend::{BackendKind, is_on_host};
///
/// let device = BackendKind::Flex.open()?;
/// assert!(is_on_host(&device) && is_on_host(&device.autodiff()));
/// # Ok::<(), recurrent_backend::OpenError>(())
/// ```
pub fn is_on_host(device: &Device) -> bool {
    match device.clone().inner().as_dispatch() {
        #[cfg(feature = "flex")]
        burn::backend::DispatchDevice::Flex(_) => true,
        #[cfg(feature = "ndarray")]
        burn::backend::DispatchDevice::NdArray(_) => true,
        #[allow(unreachable_patterns)] // reached where another backend is built in
        _ => false,
    }
}

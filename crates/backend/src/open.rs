//! Opens a backend's device, or says why it cannot and what to do about it.
//!
//! Burn's constructors of GPU devices are lazy and panic at first use where no device is found; here that
//! is found out at once and told as an error.

use burn::tensor::Device;

use crate::BackendKind;

/// Why a backend cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The build does not hold the backend.
    #[error("backend `{0}` is not part of this build; build again with `--features {0}`, or choose {1}")]
    NotBuiltIn(BackendKind, String),
    /// The build holds the backend, but no device was found for it.
    #[error("backend `{kind}` finds no device: {reason}; {remedy}")]
    NoDevice {
        /// The backend asked for.
        kind: BackendKind,
        /// What the driver said.
        reason: String,
        /// What to install or choose.
        remedy: &'static str,
    },
}

impl BackendKind {
    /// Opens the backend's default device, without automatic differentiation: call `Device::autodiff` on
    /// it for training.
    ///
    /// ```
    /// use recurrent_backend::BackendKind;
    ///
    /// let device = BackendKind::Flex.open()?;
    /// assert!(device.autodiff().is_autodiff());
    /// # Ok::<(), recurrent_backend::OpenError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the backend is not part of the build, or finds no device.
    pub fn open(self) -> Result<Device, OpenError> {
        match self {
            #[cfg(feature = "flex")]
            Self::Flex => Ok(Device::flex()),
            #[cfg(feature = "ndarray")]
            #[allow(deprecated)]
            // Burn drops this backend after 0.22; the workspace pins that version
            Self::NdArray => Ok(Device::ndarray()),
            #[cfg(feature = "wgpu")]
            Self::Wgpu => open_wgpu(),
            #[cfg(feature = "cuda")]
            Self::Cuda => open_cuda(),
            #[allow(unreachable_patterns)] // reached where a feature is off
            missing => Err(OpenError::NotBuiltIn(missing, built_in_names())),
        }
    }
}

fn built_in_names() -> String {
    let names: Vec<_> = BackendKind::ALL
        .into_iter()
        .filter(|kind| kind.is_built_in())
        .map(|kind| format!("`{kind}`"))
        .collect();
    if names.is_empty() { "a build with one of the backends".to_owned() } else { names.join(" or ") }
}

/// The device is opened once for the process: a second setup of the same one is an error to Burn.
#[cfg(feature = "wgpu")]
fn open_wgpu() -> Result<Device, OpenError> {
    static OPENED: std::sync::OnceLock<Result<Device, String>> = std::sync::OnceLock::new();
    let opened = OPENED.get_or_init(|| Device::wgpu_options().init().map_err(|error| error.to_string()));
    opened.clone().map_err(|reason| OpenError::NoDevice {
        kind: BackendKind::Wgpu,
        reason,
        remedy: "install the GPU's Vulkan driver (without a GPU, a software one: on Debian \
                 `apt-get install mesa-vulkan-drivers`), or choose the backend `flex`",
    })
}

/// The CUDA libraries are loaded at first use, and their absence is a panic inside the loader. It is caught here; where there is
/// no driver at all, which is by far the likeliest case, nothing is tried. The process's panic hook is left alone, so a driver
/// that is there and does not work is told by the hook, too.
#[cfg(feature = "cuda")]
fn open_cuda() -> Result<Device, OpenError> {
    use burn::tensor::Tensor;

    let none = |reason: &str| OpenError::NoDevice {
        kind: BackendKind::Cuda,
        reason: reason.to_owned(),
        remedy: "install the NVIDIA driver and the CUDA runtime, or choose the backend `flex`",
    };
    if !has_nvidia_driver() {
        return Err(none("there is no NVIDIA driver"));
    }
    let probe = std::panic::catch_unwind(|| {
        let device = Device::cuda(0);
        let sum = Tensor::<1>::ones([4], &device).sum().into_scalar::<f32>();
        (device, sum)
    });
    match probe {
        Ok((device, 4.0)) => Ok(device),
        _ => Err(none("the CUDA driver did not answer a first small product")),
    }
}

/// Whether the kernel's part of the driver is loaded, where the system shows it; elsewhere the driver may be there.
#[cfg(feature = "cuda")]
fn has_nvidia_driver() -> bool {
    !cfg!(target_os = "linux")
        || ["/proc/driver/nvidia/version", "/dev/nvidiactl", "/dev/dxg"]
            .iter()
            .any(|path| std::path::Path::new(path).exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(not(feature = "cuda"))]
    fn a_backend_outside_the_build_names_its_feature() {
        let error = BackendKind::Cuda.open().unwrap_err().to_string();
        assert!(error.starts_with("backend `cuda` is not part of this build"), "{error}");
        assert!(error.contains("`--features cuda`"), "{error}");
    }

    #[test]
    #[cfg(feature = "flex")]
    fn flex_opens_and_computes() {
        let device = BackendKind::Flex.open().unwrap();
        let sum = burn::Tensor::<1>::ones([4], &device).sum().into_scalar::<f32>();
        assert_eq!(sum, 4.0);
    }

    #[test]
    #[cfg(feature = "ndarray")]
    fn ndarray_opens_and_computes() {
        let device = BackendKind::NdArray.open().unwrap();
        let sum = burn::Tensor::<1>::ones([4], &device).sum().into_scalar::<f32>();
        assert_eq!(sum, 4.0);
    }

    #[test]
    #[cfg(feature = "wgpu")]
    fn wgpu_opens_or_names_the_driver_to_install() {
        match BackendKind::Wgpu.open() {
            Ok(device) => {
                let sum = burn::Tensor::<1>::ones([4], &device).sum().into_scalar::<f32>();
                assert_eq!(sum, 4.0);
                assert!(BackendKind::Wgpu.open().is_ok(), "it opens a second time");
            }
            Err(error) => assert!(error.to_string().contains("mesa-vulkan-drivers"), "{error}"),
        }
    }
}

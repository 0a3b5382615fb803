//! The names of the backends, and which of them this build has.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A backend by name. Which ones can be opened depends on the cargo features of the build.
///
/// ```
/// use recurrent_backend::BackendKind;
///
/// let backend: BackendKind = "flex".parse()?;
/// assert_eq!(backend.to_string(), "flex");
/// # Ok::<(), recurrent_backend::UnknownBackend>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BackendKind {
    /// Burn's own CPU backend; the default.
    #[default]
    Flex,
    /// The CPU backend on the `ndarray` crate.
    NdArray,
    /// Any GPU, through Vulkan, Metal, DirectX 12 or WebGPU.
    Wgpu,
    /// NVIDIA GPUs.
    Cuda,
}

impl BackendKind {
    /// Every backend, built in or not.
    pub const ALL: [Self; 4] = [Self::Flex, Self::NdArray, Self::Wgpu, Self::Cuda];

    /// The backend's name, which is also the name of its cargo feature.
    pub fn name(self) -> &'static str {
        match self {
            Self::Flex => "flex",
            Self::NdArray => "ndarray",
            Self::Wgpu => "wgpu",
            Self::Cuda => "cuda",
        }
    }

    /// Whether this build holds the backend.
    pub fn is_built_in(self) -> bool {
        match self {
            Self::Flex => cfg!(feature = "flex"),
            Self::NdArray => cfg!(feature = "ndarray"),
            Self::Wgpu => cfg!(feature = "wgpu"),
            Self::Cuda => cfg!(feature = "cuda"),
        }
    }
}

impl fmt::Display for BackendKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A name that is no backend's.
#[derive(Debug, thiserror::Error)]
#[error("unknown backend `{0}`; the backends are flex, ndarray, wgpu and cuda")]
pub struct UnknownBackend(pub String);

impl FromStr for BackendKind {
    type Err = UnknownBackend;

    fn from_str(name: &str) -> Result<Self, UnknownBackend> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name().eq_ignore_ascii_case(name))
            .ok_or_else(|| UnknownBackend(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_parses_back_to_its_backend() {
        for kind in BackendKind::ALL {
            assert_eq!(kind.name().parse::<BackendKind>().unwrap(), kind);
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{kind}\""));
        }
    }

    #[test]
    fn an_unknown_name_lists_the_backends() {
        let error = "tpu".parse::<BackendKind>().unwrap_err();
        insta::assert_snapshot!(error, @"unknown backend `tpu`; the backends are flex, ndarray, wgpu and cuda");
    }
}

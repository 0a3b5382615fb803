//! Why the files of ONNX Runtime Web cannot be used.

use std::{io, path::PathBuf};

/// Why the files of ONNX Runtime Web cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nothing is there.
    #[error("{}: there is no such file or folder; expected the npm package onnxruntime-web", .0.display())]
    Missing(PathBuf),
    /// It cannot be read.
    #[error("{}: cannot be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The package lacks a file.
    #[error("{}: has no {file}; expected the npm package onnxruntime-web, from version 1.19 on", path.display())]
    Lacks {
        /// The package.
        path: PathBuf,
        /// The file.
        file: &'static str,
    },
    /// A file is larger than any right one.
    #[error("{}: {file} has {bytes} bytes, and no right one has more than {most}", path.display())]
    TooLarge {
        /// The package.
        path: PathBuf,
        /// The file.
        file: &'static str,
        /// Its size.
        bytes: u64,
        /// The bound.
        most: u64,
    },
    /// A file is not what its name says.
    #[error("{}: {file} is not that of ONNX Runtime Web: {found}; 1.30.0 is the version that was tried", path.display())]
    Strange {
        /// The package.
        path: PathBuf,
        /// The file.
        file: &'static str,
        /// What is wrong with it.
        found: &'static str,
    },
}

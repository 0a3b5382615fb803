//! A whole model for another framework: the file, and a few lines that use it there.

use std::path::Path;

use super::{graph::OnnxGraph, state_dict::StateDict};
use crate::error::Error;

/// Who a model is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A graph that computes all of it, for ONNX Runtime and others.
    Onnx,
    /// Weights with PyTorch's names, as safetensors.
    PyTorch,
    /// Weights by the paths of Keras's variables, as safetensors.
    Keras,
}

impl Form {
    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Onnx => "ONNX",
            Self::PyTorch => "PyTorch",
            Self::Keras => "Keras",
        }
    }
}

/// A model as another framework takes it, what the file says of it, and an example of its use.
///
/// ```
/// use std::path::Path;
/// use recurrent_exchange::{Exported, OnnxGraph};
///
/// let example = "import onnxruntime\nsession = onnxruntime.InferenceSession(FILE)";
/// let exported = Exported::onnx(OnnxGraph::new("forecaster"), [("window", "10".to_owned())], example);
/// assert!(exported.example(Path::new("a.onnx")).ends_with("InferenceSession(\"a.onnx\")"));
/// ```
#[derive(Clone, Debug)]
pub struct Exported {
    contents: Contents,
    example: String,
}

#[derive(Clone, Debug)]
enum Contents {
    Onnx(OnnxGraph),
    Weights(StateDict),
}

impl Exported {
    /// A graph, with what is to be said of it by key, and an example in Python, where `FILE` stands for the file's name.
    pub fn onnx<'a>(
        mut graph: OnnxGraph,
        about: impl IntoIterator<Item = (&'a str, String)>,
        example: impl Into<String>,
    ) -> Self {
        about.into_iter().for_each(|(key, text)| graph.describe(key, text));
        Self { contents: Contents::Onnx(graph), example: example.into() }
    }

    /// The same of weights.
    pub fn weights<'a>(
        mut weights: StateDict,
        about: impl IntoIterator<Item = (&'a str, String)>,
        example: impl Into<String>,
    ) -> Self {
        about.into_iter().for_each(|(key, text)| weights.describe(key, text));
        Self { contents: Contents::Weights(weights), example: example.into() }
    }

    /// A few lines of Python that use the file.
    pub fn example(&self, file: &Path) -> String {
        // A text of JSON is one of Python, too.
        let name = serde_json::Value::from(file.to_string_lossy()).to_string();
        self.example.replace("FILE", &name)
    }

    /// Writes the file, whole or not at all.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        match &self.contents {
            Contents::Onnx(graph) => graph.write(path),
            Contents::Weights(weights) => weights.write(path),
        }
    }
}

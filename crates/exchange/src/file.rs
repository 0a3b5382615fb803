//! A file of another framework: what it is, which tensors and layers it has, and each of them by name.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use burn::tensor::{Device, TensorData};
use recurrent_cells::Stack;

use crate::{
    any_layer::AnyLayer,
    dense::{Embedding, Linear},
    error::{Error, Problem},
    keras::Model,
    layer::{Layer, Layers},
    onnx::Graph,
    read::{self, Kind},
    state_dict,
    stored::{self, Tensors},
    told::{OtherActivations, Told},
};

/// Which framework's file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// `.pt` or `.pth`, as `torch.save` writes it, today or before PyTorch 1.6.
    PyTorch,
    /// `.safetensors`, with the names of PyTorch or of Keras.
    Safetensors,
    /// `.keras`, `.weights.h5` or `.h5`.
    Keras,
    /// `.onnx`.
    Onnx,
}

/// What a file says about its tensors.
#[derive(Debug)]
pub(crate) enum Contents {
    /// Their names alone.
    Names,
    /// A model of Keras, or the groups of its weights.
    Keras(Model),
    /// A graph.
    Onnx(Graph),
}

/// A file of another framework, opened: its tensors, and what it says about them.
///
/// What a file is, its first bytes say; its name serves where they do not. A name need not be whole: `lstm` finds
/// `model_state_dict.module.lstm.weight_ih_l0`, if there is no other `lstm`. The empty name means all recurrent layers
/// of the file.
#[derive(Debug)]
pub struct ForeignFile {
    path: PathBuf,
    format: Format,
    tensors: Tensors,
    contents: Contents,
    metadata: BTreeMap<String, String>,
}

/// Recurrent layers from a file: what they are, and themselves.
#[derive(Debug)]
#[non_exhaustive]
pub struct Loaded {
    /// What was found.
    pub found: Layers,
    /// The layers, ready to run.
    pub stack: Stack<AnyLayer>,
}

/// Reads recurrent layers from a file of PyTorch, Keras or ONNX and makes them on a device; see [`ForeignFile::layers`]
/// for names.
///
/// ```no_run
/// use recurrent_backend::BackendKind;
///
/// let loaded = recurrent_exchange::load_stack("encoder.pt", "encoder.lstm", &BackendKind::Flex.open()?)?;
/// for layer in &loaded.found.layers {
///     println!("{layer}"); // encoder.lstm.l0: LSTM, 64 features to 128 units, both directions
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`ForeignFile::open`] and [`ForeignFile::layers`].
pub fn load_stack(path: impl AsRef<Path>, name: &str, device: &Device) -> Result<Loaded, Error> {
    let found = ForeignFile::open(path)?.layers(name, &Told::default())?;
    let stack = found.init(device);
    Ok(Loaded { found, stack })
}

impl ForeignFile {
    /// Opens a file and finds out what it holds. Nothing that a file asks for is run.
    ///
    /// # Errors
    /// It cannot be read, is damaged, or is no file of a known kind.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let said_nothing = |(tensors, contents)| (tensors, contents, BTreeMap::new());
        let (format, read) = match read::kind(path)? {
            Kind::Archive | Kind::Pickle => (Format::PyTorch, read::pytorch::read(path).map(said_nothing)),
            Kind::KerasArchive => (Format::Keras, read::keras_archive::read(path).map(said_nothing)),
            Kind::Hdf5 => {
                let read = whole(path).and_then(|bytes| read::hdf5::read(bytes, path));
                (Format::Keras, read.map(said_nothing))
            }
            Kind::Safetensors => {
                (Format::Safetensors, whole(path).and_then(|bytes| of_safetensors(&bytes, path)))
            }
            Kind::Onnx => (Format::Onnx, whole(path).and_then(|bytes| read::onnx::read(bytes, path))),
        };
        let (tensors, contents, metadata) = read?;
        if tensors.is_empty() {
            return Err(Error::invalid(path, "holds no tensor; save the weights: a state dict, or a model"));
        }
        Ok(Self { path: path.to_owned(), format, tensors, contents, metadata })
    }

    /// Which framework's file it is.
    pub fn format(&self) -> Format {
        self.format
    }

    /// What a safetensors or ONNX file says of itself, by key; nothing of the others.
    pub fn metadata(&self) -> &BTreeMap<String, String> {
        &self.metadata
    }

    /// The names and shapes of its tensors. Keras's are `LAYER/kernel`, `LAYER/forward/kernel` and so on, in files of
    /// all its versions.
    pub fn tensors(&self) -> impl Iterator<Item = (&str, &[usize])> {
        self.tensors.iter().map(|(name, stored)| (name.as_str(), &stored.shape[..]))
    }

    /// One tensor by its exact name, as 32-bit floats.
    ///
    /// # Errors
    /// There is none of that name, it cannot be read, or its numbers are not floating-point.
    pub fn tensor(&self, name: &str) -> Result<TensorData, Error> {
        let stored = stored::of_name(&self.tensors, name).map_err(|problem| self.error(problem))?;
        let floats =
            stored.floats().map_err(|problem| Error::invalid(&self.path, format!("`{name}` {problem}")))?;
        Ok(TensorData::new(floats, stored.shape.clone()))
    }

    /// The names of its recurrent layers: modules of PyTorch, each with all its layers, layers of Keras, nodes of ONNX.
    pub fn recurrent(&self) -> Vec<String> {
        match &self.contents {
            Contents::Names => state_dict::recurrent(&self.tensors),
            Contents::Keras(model) => model.recurrent(),
            Contents::Onnx(graph) => graph.recurrent(),
        }
    }

    /// The names of what may be embeddings and linear layers: matrices that belong to no recurrent layer. Which of both one is, its
    /// file may not say; [`embedding`](Self::embedding) and [`linear`](Self::linear) read it as either.
    pub fn dense(&self) -> Vec<String> {
        match &self.contents {
            Contents::Names => state_dict::dense(&self.tensors),
            Contents::Keras(model) => model.dense(&self.tensors),
            Contents::Onnx(graph) => graph.dense(&self.tensors),
        }
    }

    /// Recurrent layers by name.
    ///
    /// | file | a name |
    /// |---|---|
    /// | PyTorch, safetensors | of a module: `encoder.lstm`, whose layers are `encoder.lstm.weight_ih_l0` and on, or of a single cell |
    /// | Keras | of a layer, or of several that stand on top of each other, with a comma between: `lstm,lstm_1` |
    /// | ONNX | of a node, or of the module that it was exported from |
    ///
    /// The empty name means all recurrent layers of the file, which then have to be one on top of the other, with
    /// nothing before or between them that this crate does not know.
    ///
    /// # Errors
    /// There are none of that name or several, a tensor is missing, of another shape or holds a weight that is not
    /// finite, or a layer is one that no layer here can be.
    pub fn layers(&self, name: &str, told: &Told) -> Result<Layers, Error> {
        let layers = match &self.contents {
            Contents::Names => state_dict::layers(&self.tensors, name, told),
            Contents::Keras(model) => model.layers(&self.tensors, name, told),
            Contents::Onnx(graph) => graph.layers(&self.tensors, name),
        };
        let layers = layers.map_err(|problem| self.error(problem))?;
        for layer in &layers {
            self.check_activations(layer, told)?;
        }
        for pair in layers.windows(2) {
            let (below, above) = (pair[0].d_output(), pair[1].config.d_input);
            if below != above {
                let problem = format!(
                    "`{}` reads {above} features, but `{}` below it gives {below}; take each by its own name",
                    pair[1].name, pair[0].name
                );
                return Err(Error::unsupported(&self.path, problem));
            }
        }
        Ok(Layers { layers })
    }

    /// An embedding by the name of its module or layer, in ONNX also of its node.
    ///
    /// # Errors
    /// There is none of that name or several, or a number is not finite.
    pub fn embedding(&self, name: &str) -> Result<Embedding, Error> {
        let embedding = match &self.contents {
            Contents::Names => state_dict::embedding(&self.tensors, name),
            Contents::Keras(model) => model.embedding(&self.tensors, name),
            Contents::Onnx(graph) => graph.embedding(&self.tensors, name),
        };
        embedding.map_err(|problem| self.error(problem))
    }

    /// A linear layer by the name of its module or layer, in ONNX also of its node.
    ///
    /// # Errors
    /// There is none of that name or several, a number is not finite, or bias and weight do not fit each other.
    pub fn linear(&self, name: &str) -> Result<Linear, Error> {
        let linear = match &self.contents {
            Contents::Names => state_dict::linear(&self.tensors, name),
            Contents::Keras(model) => model.linear(&self.tensors, name),
            Contents::Onnx(graph) => graph.linear(&self.tensors, name),
        };
        linear.map_err(|problem| self.error(problem))
    }

    fn error(&self, problem: Problem) -> Error {
        problem.in_file(&self.path)
    }

    fn check_activations(&self, layer: &Layer, told: &Told) -> Result<(), Error> {
        let config = &layer.config;
        let others = read::activations::others(config);
        if others.is_empty() || told.others == OtherActivations::Composed {
            return Ok(());
        }
        let problem = format!(
            "`{}` has {others}, which is computed many times slower; take `OtherActivations::Composed` if that is \
             meant",
            layer.name
        );
        Err(Error::unsupported(&self.path, problem))
    }
}

/// The tensors of a safetensors file, whose names they have, and what the file says of itself.
fn of_safetensors(bytes: &[u8], path: &Path) -> Result<(Tensors, Contents, BTreeMap<String, String>), Error> {
    let (tensors, contents) = read::safetensors::read(bytes).map_err(|problem| problem.in_file(path))?;
    Ok((tensors, contents, read::safetensors::metadata(bytes)))
}

/// The bytes of a file.
fn whole(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|source| Error::io("read", path, source))
}

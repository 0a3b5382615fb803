//! A model that another framework trained, as one of this crate: characters, read by an embedding or as ones among zeros, recurrent
//! layers of one direction, and a linear layer that scores the next character.

mod parts;
mod vocabulary;

use std::path::{Path, PathBuf};

use burn::{
    module::Param,
    tensor::{Device, TensorData},
};
use recurrent_exchange::{ForeignFile, Told};
use recurrent_train::ModelFile;

use crate::error::Error;
use crate::model::LanguageModel;
use crate::network::Network;
use crate::settings::Settings;
use parts::Parts;

/// Why a file of another framework does not become a language model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ForeignFault {
    /// Nothing says which character has which place.
    #[error(
        "does not say which characters its scores are of; give its vocabulary as JSON, such as [\"a\", \"b\"], or put that beside it \
         as vocabulary.json"
    )]
    NoVocabulary,
    /// The vocabulary is none.
    #[error(
        "holds no vocabulary: {0}; expected JSON: a list of characters, or an object of characters and their places"
    )]
    Vocabulary(String),
    /// The vocabulary is of another size than the file's weights.
    #[error(
        "has a linear layer for {0} outputs, but the vocabulary has {1} characters; give the one that it was trained with"
    )]
    Size(String, usize),
    /// It is a network of another kind.
    #[error("{0}")]
    Other(String),
}

/// A model that began elsewhere, and what it was made of.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Foreign {
    /// The model.
    pub model: LanguageModel,
    /// What was found in the file, in words.
    pub found: String,
}

impl Foreign {
    /// Whether a path is that of another framework's file, rather than a run's folder or a model file.
    pub fn is_at(path: &Path) -> bool {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        match ending {
            _ if !path.is_file() => false,
            "safetensors" => {
                ForeignFile::open(path).is_ok_and(|file| !file.metadata().contains_key(ModelFile::ENTRY))
            }
            "pt" | "pth" | "keras" | "h5" | "onnx" => true,
            _ => false,
        }
    }

    /// Reads a file of PyTorch (`.pt`, `.pth`, `.safetensors`), Keras or ONNX. Its parts are found by their kinds and shapes. An embedding
    /// is multiplied into the first layer, which gives the same numbers, or, where it is what scores, stays tied to that.
    ///
    /// Which characters the model knows, a file of JSON says: a list of them, `["a", "b"]`, one text of them, or an object of
    /// characters and their places, `{"a": 0, "b": 1}`. Without one, `tokens` in the metadata of a safetensors or ONNX file does, or
    /// `vocabulary.json` beside the file.
    ///
    /// # Errors
    /// The file or the vocabulary cannot be read, or a part is missing or of another shape than the others.
    pub fn read(path: &Path, vocabulary: Option<&Path>, device: &Device) -> Result<Self, Error> {
        let file = ForeignFile::open(path)?;
        let fault = |fault| Error::Foreign { file: path.to_owned(), fault };
        let vocabulary = vocabulary::find(path, &file, vocabulary)?;
        let layers = file.layers("", &Told::default())?;
        let parts = Parts::find(&file, layers, vocabulary.len()).map_err(fault)?;
        let settings = parts.settings();
        let mut network = Network::zeros(&settings, vocabulary.len(), device);
        network.layers = settings.stack(vocabulary.len()).init_with(&parts.weights(), device);
        let head = &parts.head;
        let kernel = TensorData::new(head.weight.clone(), [head.input, head.output]);
        network.kernel = Param::from_data(kernel, device);
        if !head.bias.is_empty() {
            network.bias = Param::from_data(TensorData::new(head.bias.clone(), [head.output]), device);
        }
        let found = parts.in_words();
        Ok(Self { model: LanguageModel::new(Settings::new(settings, vocabulary), network), found })
    }
}

/// A file that is beside another.
fn beside(path: &Path, name: &str) -> PathBuf {
    path.with_file_name(name)
}

//! A model as one file, to be shipped: its tensors, and texts by name (settings, a vocabulary) in the file's header.
//!
//! The file is a safetensors file that other programs can read. Its checksum is over texts, names, shapes and numbers alike, so
//! that no part is believed that was changed.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use burn::module::Module;
use recurrent_backend::NamedTensors;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::files::{read_limited, write_whole};
use crate::weights::parameters;
use crate::weights::tensors;

/// The format that this version writes, and the only one it reads.
const FORMAT: u32 = 1;
const REMEDY: &str = "take a whole copy of the file, or train again";

/// A model as one file.
///
/// ```
/// use burn::nn::LinearConfig;
/// use recurrent_backend::BackendKind;
/// use recurrent_train::ModelFile;
///
/// let device = BackendKind::Flex.open()?;
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("model.safetensors");
///
/// let mut file = ModelFile::new("line");
/// file.texts.insert("settings".to_owned(), r#"{"width":3}"#.to_owned());
/// file.insert_module("network", &LinearConfig::new(3, 1).init(&device));
/// file.write(&path)?;
///
/// let file = ModelFile::read(&path, "line")?;
/// let line = file.module("network", LinearConfig::new(3, 1).init(&device))?;
/// assert_eq!(line.weight.dims(), [3, 1]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ModelFile {
    /// What kind of model it is, in a few words, such as `price forecaster`.
    pub kind: String,
    /// Texts by name.
    pub texts: BTreeMap<String, String>,
    /// Tensors by name.
    pub tensors: NamedTensors,
    /// Where it was read from, for messages.
    path: PathBuf,
}

/// What stands in the metadata of the file's header.
#[derive(Serialize, Deserialize)]
struct Header {
    format: u32,
    kind: String,
    sha256: String,
    texts: BTreeMap<String, String>,
}

impl ModelFile {
    /// The one entry of the metadata, by which a model file is known: several would stand in another order each time, and the same model
    /// is to be the same file.
    pub const ENTRY: &str = "recurrent";

    /// A file that holds nothing yet.
    pub fn new(kind: impl Into<String>) -> Self {
        Self { kind: kind.into(), texts: BTreeMap::new(), tensors: NamedTensors::new(), path: PathBuf::new() }
    }

    /// Adds the parameters of a module, each under `PREFIX.` and the path that leads to it.
    pub fn insert_module<M: Module>(&mut self, prefix: &str, module: &M) {
        let parameters = parameters::parameters(module);
        self.tensors.extend(parameters.into_iter().map(|(name, data)| (format!("{prefix}.{name}"), data)));
    }

    /// Puts the parameters under `PREFIX.` into a module of the same parameters.
    ///
    /// # Errors
    /// A parameter is missing, has another shape or other numbers, or there are more than the module has.
    pub fn module<M: Module>(&self, prefix: &str, module: M) -> Result<M, Error> {
        let own = parameters::parameters(&module);
        let start = format!("{prefix}.");
        let found: NamedTensors = self
            .tensors
            .iter()
            .filter_map(|(name, data)| Some((name.strip_prefix(&start)?.to_owned(), data.clone())))
            .collect();
        if let Some(difference) =
            parameters::difference(&parameters::shapes(&found), &parameters::shapes(&own))
        {
            return Err(
                self.invalid(format!("holds a model of other settings than its own: {difference}; {REMEDY}"))
            );
        }
        for (name, data) in &found {
            let (found, wanted) = (data.dtype(), own[name].dtype());
            if found != wanted {
                let (found, wanted) = (found.name(), wanted.name());
                return Err(
                    self.invalid(format!("parameter `{name}` holds {found}, expected {wanted}; {REMEDY}"))
                );
            }
        }
        Ok(parameters::with_parameters(module, &found))
    }

    /// A text of the file.
    ///
    /// # Errors
    /// There is none of that name.
    pub fn text(&self, name: &str) -> Result<&str, Error> {
        let text = self.texts.get(name).map(String::as_str);
        text.ok_or_else(|| self.invalid(format!("holds no `{name}`; {REMEDY}")))
    }

    /// An error that names the file.
    pub fn invalid(&self, problem: impl Into<String>) -> Error {
        Error::invalid(&self.path, problem)
    }

    /// Writes the file, whole or not at all.
    ///
    /// # Errors
    /// The file cannot be written, or a tensor holds numbers that cannot be kept.
    pub fn write(&self, path: &Path) -> Result<(), Error> {
        let header = Header {
            format: FORMAT,
            kind: self.kind.clone(),
            sha256: self.checksum(),
            texts: self.texts.clone(),
        };
        let header =
            serde_json::to_string(&header).map_err(|error| Error::invalid(path, error.to_string()))?;
        let metadata = HashMap::from([(Self::ENTRY.to_owned(), header)]);
        let bytes =
            tensors::encode_with(&self.tensors, metadata).map_err(|problem| Error::invalid(path, problem))?;
        write_whole(path, &bytes)
    }

    /// Reads a file of a kind and checks its checksum.
    ///
    /// # Errors
    /// The file cannot be read, is no such file, is damaged, or is of another kind or format.
    pub fn read(path: &Path, kind: &str) -> Result<Self, Error> {
        let invalid = |problem: String| Error::invalid(path, problem);
        let size = fs::metadata(path).map_err(|source| Error::io("read", path, source))?.len();
        let bytes = read_limited(path, size)?;
        let damaged = |problem: String| invalid(format!("{problem}; {REMEDY}"));
        let (tensors, mut metadata) = tensors::decode_with(&bytes).map_err(damaged)?;
        let Some(header) = metadata.remove(Self::ENTRY) else {
            let problem = "is a safetensors file, but not one that a whole model ships as (model.safetensors in a run's folder); \
                           weights alone do not say what they are of";
            return Err(invalid(problem.to_owned()));
        };
        let Header { format, kind: found, sha256, texts } = serde_json::from_str(&header)
            .map_err(|error| damaged(format!("has a damaged header: {error}")))?;
        if format != FORMAT {
            let problem = format!(
                "has format {format}, expected {FORMAT}; use the version of the program that wrote it"
            );
            return Err(invalid(problem));
        }
        let file = Self { kind: found, texts, tensors, path: path.to_owned() };
        let computed = file.checksum();
        if computed != sha256 {
            let problem = format!(
                "was changed after it was written: its SHA-256 is {}…, expected {}…; {REMEDY}",
                &computed[..8],
                sha256.chars().take(8).collect::<String>()
            );
            return Err(invalid(problem));
        }
        if file.kind != kind {
            return Err(invalid(format!("holds a {}, expected a {kind}", file.kind)));
        }
        Ok(file)
    }

    /// The SHA-256 over all that the file holds, each part behind its length, so that none can pass for another.
    fn checksum(&self) -> String {
        let mut hasher = Sha256::new();
        let mut part = |bytes: &[u8]| {
            hasher.update((bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        };
        part(self.kind.as_bytes());
        for (name, text) in &self.texts {
            part(name.as_bytes());
            part(text.as_bytes());
        }
        part(b"tensors");
        for (name, data) in &self.tensors {
            part(name.as_bytes());
            part(data.dtype().name().as_bytes());
            for size in data.shape().iter() {
                part(&(*size as u64).to_le_bytes());
            }
            part(data.as_bytes());
        }
        hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

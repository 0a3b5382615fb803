//! Model files: the weights as safetensors, and beside them a JSON description with shapes, sizes and a
//! checksum, by which they are checked before they are believed.

pub(crate) mod model_file;
pub(crate) mod parameters;
pub(crate) mod tensors;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use burn::module::Module;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::files::{read_limited, sha256_hex, write_whole};
use crate::sealed;
use parameters::Shapes;

/// The format that this version writes, and the only one it reads.
const FORMAT: u32 = 1;
/// A description of a thousand parameters takes a fiftieth of this.
const DESCRIPTION_LIMIT: u64 = 16 << 20;

/// What a model file says about itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Description {
    /// The program that trained it.
    pub program: String,
    /// The model in the program's words, such as `GRU 256, dense 1`.
    pub architecture: String,
    /// The epoch after which the weights were taken, from 1; 0 before the end of the first.
    pub epoch: usize,
    /// The step after which they were taken, from 1.
    pub step: u64,
    /// The training loss of that epoch.
    pub train_loss: Option<f64>,
    /// The validation loss after that epoch.
    pub validation_loss: Option<f64>,
}

impl Description {
    /// A model of which nothing is known but what trained it and what it is.
    pub fn new(program: impl Into<String>, architecture: impl Into<String>) -> Self {
        Self { program: program.into(), architecture: architecture.into(), ..Self::default() }
    }
}

/// Writes a module's weights to `path`, which ends in `.safetensors`, and the description beside them, ending
/// in `.json`. Each is written whole or not at all.
///
/// # Errors
/// A file cannot be written, or the module holds parameters that are neither floating-point nor whole
/// numbers.
pub fn save_model<M: Module>(module: &M, path: &Path, description: &Description) -> Result<(), Error> {
    let parameters = parameters::parameters(module);
    let bytes = tensors::encode(&parameters).map_err(|problem| Error::invalid(path, problem))?;
    let entry = |data: &burn::tensor::TensorData| Entry {
        shape: data.shape().to_vec(),
        number: data.dtype().name().to_owned(),
    };
    let file = DescriptionFile {
        format: FORMAT,
        model: description.clone(),
        tensors: parameters.iter().map(|(name, data)| (name.clone(), entry(data))).collect(),
        bytes: bytes.len() as u64,
        sha256: sha256_hex(&bytes),
    };
    write_whole(path, &bytes)?;
    sealed::write(&description_path(path), &file)
}

/// Reads the description of a model file, without its weights.
///
/// # Errors
/// It is missing, damaged, or of another format.
pub fn describe_model(path: &Path) -> Result<Description, Error> {
    Ok(read_description(path)?.model)
}

/// Reads weights into a module of the same parameters, and their description.
///
/// The description is checked first, then the size against what the module needs, then the checksum; only
/// then are the weights read.
///
/// # Errors
/// A file is missing, damaged, of another format or of another model; the message says what was found, what
/// was expected and what to do.
pub fn load_model<M: Module>(module: M, path: &Path) -> Result<(M, Description), Error> {
    let description = read_description(path)?;
    let own = parameters::parameters(&module);
    let expected = parameters::shapes(&own);
    let found: Shapes =
        description.tensors.iter().map(|(name, entry)| (name.clone(), entry.shape.clone())).collect();
    if let Some(difference) = parameters::difference(&found, &expected) {
        return Err(other_model(path, &description.model, &difference));
    }
    let needed: usize = own.values().map(|data| data.as_bytes().len()).sum();
    let limit = needed as u64 + tensors::header_allowance(own.len());
    if description.bytes > limit {
        let claimed = description.bytes;
        let problem = format!("claims {claimed} bytes, expected at most {limit} for this model; {REMEDY}");
        return Err(Error::invalid(&description_path(path), problem));
    }
    let bytes = read_checked(path, description.bytes, &description.sha256)?;
    let tensors =
        tensors::decode(&bytes).map_err(|problem| Error::invalid(path, format!("{problem}; {REMEDY}")))?;
    if let Some(difference) = parameters::difference(&parameters::shapes(&tensors), &expected) {
        return Err(other_model(path, &description.model, &difference));
    }
    for (name, data) in &tensors {
        let (found, wanted) = (data.dtype(), own[name].dtype());
        if found != wanted {
            let problem = format!(
                "parameter `{name}` holds {}, expected {}; load it into the model it was saved from",
                found.name(),
                wanted.name()
            );
            return Err(Error::invalid(path, problem));
        }
    }
    Ok((parameters::with_parameters(module, &tensors), description.model))
}

/// Reads a file whose size and checksum are known, checking both.
pub(crate) fn read_checked(path: &Path, bytes: u64, sha256: &str) -> Result<Vec<u8>, Error> {
    if !path.exists() {
        return Err(Error::invalid(path, format!("is missing; {REMEDY}")));
    }
    let metadata = fs::metadata(path).map_err(|source| Error::io("read", path, source))?;
    let size = metadata.len();
    if metadata.is_file() && size != bytes {
        return Err(Error::invalid(path, format!("has {size} bytes, expected {bytes}; {REMEDY}")));
    }
    let content = read_limited(path, bytes)?;
    let found = sha256_hex(&content);
    if found != sha256 {
        return Err(Error::invalid(
            path,
            format!(
                "was changed after it was written: its SHA-256 is {}…, expected {}…; {REMEDY}",
                &found[..8],
                sha256.chars().take(8).collect::<String>()
            ),
        ));
    }
    Ok(content)
}

/// The description's path beside that of the weights.
pub(crate) fn description_path(path: &Path) -> PathBuf {
    if path.extension().is_some_and(|extension| extension == "safetensors") {
        return path.with_extension("json");
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".json");
    PathBuf::from(name)
}

pub(crate) const REMEDY: &str = "take a whole copy of the file, or train again";

#[derive(Serialize, Deserialize)]
struct DescriptionFile {
    format: u32,
    model: Description,
    tensors: BTreeMap<String, Entry>,
    bytes: u64,
    sha256: String,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    shape: Vec<usize>,
    number: String,
}

fn read_description(path: &Path) -> Result<DescriptionFile, Error> {
    let beside = description_path(path);
    if path.exists() && !beside.exists() {
        let problem = "is missing, and the weights beside it cannot be checked without it; copy both files";
        return Err(Error::invalid(&beside, problem));
    }
    let description: DescriptionFile = sealed::read(&beside, DESCRIPTION_LIMIT, REMEDY)?;
    if description.format != FORMAT {
        return Err(Error::invalid(
            &beside,
            format!(
                "has format {}, expected {FORMAT}; use the version of the program that wrote it",
                description.format
            ),
        ));
    }
    Ok(description)
}

fn other_model(path: &Path, description: &Description, difference: &str) -> Error {
    let Description { program, architecture, .. } = description;
    Error::invalid(
        path,
        format!(
            "holds another model ({program}: {architecture}): {difference}; load it with the settings it was trained with"
        ),
    )
}

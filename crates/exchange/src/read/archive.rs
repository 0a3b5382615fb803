//! Zip archives: whose they are, and their entries, with sizes checked before memory is taken.

use std::{
    fs::File,
    io::{BufReader, Read},
    path::Path,
};

use zip::{CompressionMethod, ZipArchive};

use super::Kind;
use crate::error::Error;

pub(crate) type Archive = ZipArchive<BufReader<File>>;

/// Opens an archive, and checks that its entries take no more than a whole file of their kind would.
pub(crate) fn open(path: &Path) -> Result<Archive, Error> {
    let file = File::open(path).map_err(|source| Error::io("read", path, source))?;
    let size = file.metadata().map_err(|source| Error::io("read", path, source))?.len();
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| damaged(path, &error))?;
    for place in 0..archive.len() {
        let entry = archive.by_index_raw(place).map_err(|error| damaged(path, &error))?;
        let is_stored = entry.compression() == CompressionMethod::Stored;
        if is_stored && entry.size() > size || !is_stored && entry.size() / 1200 > entry.compressed_size() {
            let problem = format!(
                "claims {} bytes for its entry {place}, more than it can hold; take a whole copy",
                entry.size()
            );
            return Err(Error::invalid(path, problem));
        }
    }
    Ok(archive)
}

/// Whose archive it is.
pub(super) fn kind(path: &Path) -> Result<Kind, Error> {
    let archive = open(path)?;
    let names: Vec<String> = archive.file_names().flatten().map(|name| name.into_owned()).collect();
    let has = |end: &str| names.iter().any(|name| name == end || name.ends_with(&format!("/{end}")));
    if has("constants.pkl") && names.iter().any(|name| name.contains("/code/")) {
        let problem = "is a model of TorchScript, which is a program; save its weights instead: \
                       torch.save(model.state_dict(), path)";
        return Err(Error::unsupported(path, problem));
    }
    if has("data.pkl") {
        return Ok(Kind::Archive);
    }
    if has("config.json") && names.iter().any(|name| name.ends_with("weights.h5")) {
        return Ok(Kind::KerasArchive);
    }
    let first = names.first().map_or("nothing", String::as_str);
    let problem = format!(
        "is a zip archive of neither PyTorch, which has `data.pkl`, nor Keras, which has `config.json`; it holds \
         `{first}`"
    );
    Err(Error::invalid(path, problem))
}

/// The bytes of an entry.
pub(crate) fn entry(archive: &mut Archive, name: &str, path: &Path) -> Result<Vec<u8>, Error> {
    let entry = archive.by_name(name).map_err(|error| damaged(path, &error))?;
    let claimed = entry.size();
    let mut bytes = Vec::new();
    let read = entry.take(claimed.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|error| {
        Error::invalid(path, format!("`{name}` cannot be read: {error}; take a whole copy"))
    })?;
    if bytes.len() as u64 != claimed {
        let problem = format!("`{name}` has {} bytes, expected {claimed}; take a whole copy", bytes.len());
        return Err(Error::invalid(path, problem));
    }
    Ok(bytes)
}

fn damaged(path: &Path, error: &zip::result::ZipError) -> Error {
    Error::invalid(path, format!("is a damaged zip archive ({error}); take a whole copy of the file"))
}

//! Bytes and checksums of files.

use std::{
    fs::{self, File},
    io::{ErrorKind, Read},
    path::Path,
};

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};

use super::FileFault;
use crate::checksum::hex;

/// Bytes read and hashed at once.
const BUFFER: usize = 1 << 18;

/// The bytes of a regular file of at most `most` bytes, which is asked before memory is taken.
pub(super) fn at_most(path: &Path, most: u64) -> Result<Vec<u8>, FileFault> {
    let bytes = regular(path)?;
    if bytes > most {
        return Err(FileFault::TooLarge(bytes));
    }
    let mut content = Vec::with_capacity(usize::try_from(bytes).unwrap_or(0));
    // The file may grow while it is read.
    let read = File::open(path).and_then(|file| file.take(most.saturating_add(1)).read_to_end(&mut content));
    match read {
        Err(error) => Err(FileFault::Io(error)),
        Ok(count) if count as u64 > most => Err(FileFault::TooLarge(count as u64)),
        Ok(_) => Ok(content),
    }
}

/// A packed table may unpack to so many times its size: text packs to a third, and one that says the same over and over to a
/// hundredth.
const MOST_SWOLLEN: u64 = 200;
/// A small one may unpack to this, however well it packs.
const SMALL: u64 = 16 << 20;

/// The content of a table of some bytes: what they unpack to, where they are packed by gzip, as their first two say.
pub(super) fn unpacked(bytes: Vec<u8>) -> Result<Vec<u8>, FileFault> {
    const GZIP: [u8; 2] = [0x1f, 0x8b];
    if !bytes.starts_with(&GZIP) {
        return Ok(bytes);
    }
    let packed = bytes.len() as u64;
    let most = packed.saturating_mul(MOST_SWOLLEN).clamp(SMALL, super::MAX_SOURCE_BYTES);
    let mut content = Vec::new();
    MultiGzDecoder::new(&bytes[..]).take(most + 1).read_to_end(&mut content).map_err(FileFault::Packed)?;
    if content.len() as u64 > most { Err(FileFault::Swollen { packed, most }) } else { Ok(content) }
}

/// The size of a regular file; an error for anything else.
pub(super) fn regular(path: &Path) -> Result<u64, FileFault> {
    let found = fs::metadata(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => FileFault::Missing,
        _ => FileFault::Io(error),
    })?;
    if found.is_file() { Ok(found.len()) } else { Err(FileFault::Irregular) }
}

/// The SHA-256 of a file's bytes.
pub(super) fn sha256(path: &Path) -> Result<String, FileFault> {
    regular(path)?;
    let mut file = File::open(path).map_err(FileFault::Io)?;
    let (mut sha256, mut buffer) = (Sha256::new(), vec![0; BUFFER]);
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(hex(sha256)),
            Ok(read) => sha256.update(&buffer[..read]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(FileFault::Io(error)),
        }
    }
}

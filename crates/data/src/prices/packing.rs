//! What a file is packed in: gzip, zip or Zstandard, told by its first bytes. What comes out is counted while it is unpacked, so
//! that a small file which unpacks to a huge one is refused before it fills the memory.

use std::io::{self, Cursor, Read};

use flate2::read::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;
use zip::ZipArchive;

use super::FileFault;

/// The most bytes that a packed file may hold: a hundred times what a century of daily prices takes.
const MAX_UNPACKED_BYTES: u64 = 512 << 20;

/// Unpacks a file's bytes; `None` where they are not packed.
pub(super) fn unpack(bytes: &[u8]) -> Result<Option<Vec<u8>>, FileFault> {
    match bytes {
        [0x1f, 0x8b, ..] => limited(MultiGzDecoder::new(bytes), "gzip").map(Some),
        [b'P', b'K', 3 | 5, ..] => unzip(bytes).map(Some),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => unpack_frames(bytes).map(Some),
        _ => Ok(None),
    }
}

fn limited(packed: impl Read, kind: &'static str) -> Result<Vec<u8>, FileFault> {
    let mut bytes = Vec::new();
    let read = packed.take(MAX_UNPACKED_BYTES + 1).read_to_end(&mut bytes);
    match read {
        Err(reason) => Err(FileFault::Packed { kind, reason }),
        Ok(count) if count as u64 > MAX_UNPACKED_BYTES => Err(FileFault::Unpacked(MAX_UNPACKED_BYTES)),
        Ok(_) => Ok(bytes),
    }
}

/// The one table in a zip archive; folders and what macOS adds are none.
fn unzip(bytes: &[u8]) -> Result<Vec<u8>, FileFault> {
    let broken = |error: zip::result::ZipError| FileFault::Packed { kind: "zip", reason: error.into() };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut names = Vec::new();
    for name in archive.file_names() {
        names.push(name.map_err(broken)?.into_owned());
    }
    if names.iter().any(|name| name.starts_with("xl/")) {
        return Err(FileFault::Spreadsheet);
    }
    names.retain(|name| !name.ends_with('/') && !name.starts_with("__MACOSX/") && !name.contains("/."));
    let tables: Vec<_> = names.iter().filter(|name| is_table(name)).cloned().collect();
    let candidates = if tables.is_empty() { names } else { tables };
    let [name] = candidates.as_slice() else { return Err(FileFault::Members(candidates)) };
    limited(archive.by_name(name).map_err(broken)?, "zip")
}

fn is_table(name: &str) -> bool {
    let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    matches!(ending.as_str(), "csv" | "tsv" | "txt")
}

/// A Zstandard file may hold several frames one after the other.
fn unpack_frames(mut rest: &[u8]) -> Result<Vec<u8>, FileFault> {
    let mut bytes = Vec::new();
    while !rest.is_empty() {
        let reason = |error| FileFault::Packed { kind: "zstd", reason: io::Error::other(error) };
        let frame = StreamingDecoder::new(&mut rest).map_err(reason)?;
        bytes.append(&mut limited(frame, "zstd")?);
        if bytes.len() as u64 > MAX_UNPACKED_BYTES {
            return Err(FileFault::Unpacked(MAX_UNPACKED_BYTES));
        }
    }
    Ok(bytes)
}

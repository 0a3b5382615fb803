//! Reads a file of prices: refuses what is no file of a bearable size, then parses its bytes.

use std::{
    fs::{self, File},
    io::{ErrorKind, Read},
    path::Path,
};

use super::{
    FileFault, PriceError, PriceTable,
    parse::{Fault, parse},
};

/// The largest file that is read. A century of daily prices takes 3 MB.
pub const MAX_FILE_BYTES: u64 = 4 << 30;

/// Reads the column `Date` and the columns asked for from a CSV file with a header; other columns are not
/// parsed. A name fits a column exactly, or else the only one with this name in other letter case.
///
/// Rows that lack a value in a column asked for (empty or `null`) are dropped, rows out of order are sorted,
/// and rows that repeat another are dropped; [`PriceTable::notes`] tells of all three. Line ends may be LF
/// or CRLF, and a byte-order mark may come first.
///
/// # Errors
///
/// When the file cannot be opened or is larger than [`MAX_FILE_BYTES`], a column is missing, a row's fields
/// are not as many as the header's, a price is not above zero and finite, a volume is negative, a date is
/// none, or two rows give one date different values. The message names the file and the line.
pub fn read_csv(path: impl AsRef<Path>, columns: &[&str]) -> Result<PriceTable, PriceError> {
    let path = path.as_ref();
    let bytes = read_whole(path).map_err(|fault| PriceError::File { path: path.to_owned(), fault })?;
    parse(&bytes, columns).map_err(|fault| match fault {
        Fault::File(fault) => PriceError::File { path: path.to_owned(), fault },
        Fault::Line(line, fault) => PriceError::Line { path: path.to_owned(), line, fault },
    })
}

fn read_whole(path: &Path) -> Result<Vec<u8>, FileFault> {
    let found = fs::metadata(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => FileFault::Missing,
        _ => FileFault::Io(error),
    })?;
    if found.is_dir() {
        return Err(FileFault::Folder);
    }
    if !found.is_file() {
        return Err(FileFault::Irregular);
    }
    if found.len() > MAX_FILE_BYTES {
        return Err(FileFault::TooLarge(found.len()));
    }
    let mut bytes = Vec::with_capacity(found.len() as usize);
    // The file may grow while it is read.
    let read = File::open(path).and_then(|file| file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes));
    match read {
        Err(error) => Err(FileFault::Io(error)),
        Ok(count) if count as u64 > MAX_FILE_BYTES => Err(FileFault::TooLarge(count as u64)),
        Ok(_) => Ok(bytes),
    }
}

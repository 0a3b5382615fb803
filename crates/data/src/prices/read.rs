//! Reads a file of prices: refuses what is no file of a bearable size, then parses its bytes.

use std::{
    fs::{self, File},
    io::{ErrorKind, Read},
    path::Path,
};

use super::{
    FileFault, PriceError, PriceTable, Reading,
    parse::{Fault, parse},
};

/// The largest file that is read. A century of daily prices takes 3 MB.
pub const MAX_FILE_BYTES: u64 = 4 << 30;

/// Reads the dates and the columns asked for from a table, finding out by itself how it is written; other columns are not
/// parsed.
///
/// A name fits a column exactly, or else in other letter case, or else one of its field's other names, such as `Price` for
/// `Close`. Columns may be parted by commas, semicolons, tabs or bars, and numbers have a decimal point or comma; the form of the
/// dates is the one that fits every row. Lines above the header are left out, rows that lack a value in a column asked for are
/// dropped, rows out of order are sorted, and rows that repeat another are dropped. The file may be packed with gzip, zip or
/// Zstandard. [`PriceTable::notes`] tells of all this.
///
/// # Errors
///
/// When the file cannot be opened or is larger than [`MAX_FILE_BYTES`], is no table, a column is missing, a row's fields
/// are not as many as the header's, a price is not above zero and finite, a volume is negative, a date is
/// none, the dates can be read in two ways, the table holds several tickers, or two rows give one date different values. The
/// message names the file and the line.
pub fn read_csv(path: impl AsRef<Path>, columns: &[&str]) -> Result<PriceTable, PriceError> {
    read(path, columns, &Reading::default())
}

/// Reads a table as [`read_csv`] does, where the caller says how.
///
/// # Errors
///
/// As [`read_csv`], or the table is not as the caller says.
pub fn read(path: impl AsRef<Path>, columns: &[&str], reading: &Reading) -> Result<PriceTable, PriceError> {
    let path = path.as_ref();
    let bytes = read_whole(path).map_err(|fault| PriceError::File { path: path.to_owned(), fault })?;
    table(path, &bytes, columns, reading)
}

/// Reads a table from a stream, such as standard input; `name` stands for the file in messages.
///
/// # Errors
///
/// As [`read`](fn@read).
pub fn read_from(
    stream: impl Read,
    name: impl AsRef<Path>,
    columns: &[&str],
    reading: &Reading,
) -> Result<PriceTable, PriceError> {
    let path = name.as_ref();
    let bytes = limited(stream, 0).map_err(|fault| PriceError::File { path: path.to_owned(), fault })?;
    table(path, &bytes, columns, reading)
}

fn table(path: &Path, bytes: &[u8], columns: &[&str], reading: &Reading) -> Result<PriceTable, PriceError> {
    parse(bytes, columns, reading).map_err(|fault| at(path, fault))
}

/// What is wrong with the content of a file.
pub(super) fn at(path: &Path, fault: Fault) -> PriceError {
    match fault {
        Fault::File(fault) => PriceError::File { path: path.to_owned(), fault },
        Fault::Line(line, fault) => PriceError::Line { path: path.to_owned(), line, fault },
    }
}

pub(super) fn read_whole(path: &Path) -> Result<Vec<u8>, FileFault> {
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
    let file = File::open(path).map_err(FileFault::Io)?;
    limited(file, found.len() as usize)
}

/// The bytes of a stream, some `expected` of them; a file may grow while it is read.
fn limited(stream: impl Read, expected: usize) -> Result<Vec<u8>, FileFault> {
    let mut bytes = Vec::with_capacity(expected);
    match stream.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes) {
        Err(error) => Err(FileFault::Io(error)),
        Ok(count) if count as u64 > MAX_FILE_BYTES => Err(FileFault::TooLarge(count as u64)),
        Ok(_) => Ok(bytes),
    }
}

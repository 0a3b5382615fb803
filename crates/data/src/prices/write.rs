//! Writes a table as CSV, whole or not at all.

use std::path::Path;

use super::{PriceError, PriceTable};
use crate::whole_file::write_whole;

/// Writes a table as CSV, so that [`read_csv`](super::read_csv) reads the same numbers back. An existing
/// file is replaced only once the new one is complete on the disk.
///
/// # Errors
///
/// When the folder is missing or cannot be written to, or the disk is full.
pub fn write_csv(table: &PriceTable, path: impl AsRef<Path>) -> Result<(), PriceError> {
    let path = path.as_ref();
    write_whole(path, table.to_csv().as_bytes())
        .map_err(|reason| PriceError::Write { path: path.to_owned(), reason })
}

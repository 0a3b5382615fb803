//! Prices of several names: a folder with a file for each, or one table with a column of tickers.

use std::fs;
use std::path::{Path, PathBuf};

use super::read::{read, read_whole, table};
use super::{FileFault, PriceError, PriceTable, Reading};
use crate::checksum::sha256;

/// The most names that are read.
pub const MAX_NAMES: usize = 100_000;

/// The prices of one name.
#[derive(Clone, Debug)]
pub struct NamedPrices {
    /// The ticker, or the file's name without its end.
    pub name: String,
    /// The columns asked for.
    pub table: PriceTable,
    /// The same file with the further columns as well; none where it lacks one. It may have fewer rows.
    pub further: Option<PriceTable>,
}

/// Reads the columns asked for of every name that a path holds, and `further` columns of those that have them. A folder has a name for
/// each of its `.csv` files, in their order; a table, for each of its tickers, or one. Each ticker of a table is read by itself, so that a
/// table of many takes long: a folder does not.
///
/// # Errors
/// As [`read`](fn@read), or the folder has no such file.
pub fn read_all(
    path: impl AsRef<Path>,
    columns: &[&str],
    further: &[&str],
    reading: &Reading,
) -> Result<Vec<NamedPrices>, PriceError> {
    let path = path.as_ref();
    let both: Vec<&str> = columns.iter().chain(further).copied().collect();
    if path.is_dir() {
        return files(path)?
            .into_iter()
            .map(|file| {
                let table = read(&file, columns, reading)?;
                let name = stem(&file);
                Ok(NamedPrices { name, table, further: read(&file, &both, reading).ok() })
            })
            .collect();
    }
    let bytes = read_whole(path).map_err(|fault| PriceError::File { path: path.to_owned(), fault })?;
    let of = |name: String, reading: &Reading| {
        let found = table(path, &bytes, columns, reading)?;
        Ok(NamedPrices { name, table: found, further: table(path, &bytes, &both, reading).ok() })
    };
    match of(stem(path), reading) {
        Err(PriceError::File { fault: FileFault::Tickers { names, .. }, .. }) => names
            .into_iter()
            .take(MAX_NAMES)
            .map(|name| of(name.clone(), &Reading { ticker: Some(name), ..reading.clone() }))
            .collect(),
        one => Ok(vec![one?]),
    }
}

/// The checksum of all files together: that of the one, or that of the names and checksums of several.
pub fn checksum(prices: &[NamedPrices]) -> String {
    let first = prices.first().map_or("", |prices| prices.table.sha256());
    if prices.iter().all(|prices| prices.table.sha256() == first) {
        return first.to_owned();
    }
    sha256(
        prices
            .iter()
            .map(|prices| format!("{} {}\n", prices.name, prices.table.sha256()))
            .collect::<String>(),
    )
}

/// The tables of a folder, by name.
fn files(folder: &Path) -> Result<Vec<PathBuf>, PriceError> {
    let fault = |fault| PriceError::File { path: folder.to_owned(), fault };
    let entries = fs::read_dir(folder).map_err(|error| fault(FileFault::Io(error)))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| fault(FileFault::Io(error)))?.path();
        if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv")) && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() { Err(fault(FileFault::Folder)) } else { Ok(files) }
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
Date,Ticker,Close,High
2020-01-02,AA,1.5,1.6
2020-01-02,BB,20,21
2020-01-03,AA,1.25,1.7
2020-01-03,BB,22,23
2020-01-06,BB,21,23
";

    #[test]
    fn a_table_has_a_name_for_each_ticker_and_a_folder_for_each_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("all.csv");
        fs::write(&file, TABLE).unwrap();
        let found = read_all(&file, &["Close"], &["High"], &Reading::default()).unwrap();
        let closes = |found: &NamedPrices| found.table.column("Close").unwrap().to_vec();
        assert_eq!((found[0].name.as_str(), closes(&found[0])), ("AA", vec![1.5, 1.25]));
        assert_eq!((found[1].name.as_str(), closes(&found[1])), ("BB", vec![20.0, 22.0, 21.0]));
        assert_eq!(checksum(&found), found[0].table.sha256());
        let one = Reading { ticker: Some("BB".to_owned()), ..Reading::default() };
        assert_eq!(read_all(&file, &["Close"], &[], &one).unwrap().len(), 1);

        let many = folder.path().join("many");
        fs::create_dir(&many).unwrap();
        assert!(read_all(&many, &["Close"], &[], &Reading::default()).is_err());
        for (name, ticker) in [("b.csv", "BB"), ("a.csv", "AA"), ("c.txt", "CC")] {
            let rows: Vec<&str> =
                TABLE.lines().filter(|line| line.contains(ticker) || line.contains("Date")).collect();
            fs::write(many.join(name), rows.join("\n")).unwrap();
        }
        let found = read_all(&many, &["Close"], &["Low"], &Reading::default()).unwrap();
        assert_eq!(found.iter().map(|found| found.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert!(found[0].further.is_none());
        assert_ne!(checksum(&found), found[0].table.sha256());
    }
}

//! Prices of several names: files, folders with a file for each, and tables with a column of tickers.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::parse::{Named, parse_all};
use super::read::{at, read_whole};
use super::{FileFault, PriceError, PriceTable, Reading};
use crate::checksum::sha256;

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

/// Reads the columns asked for of every name that paths hold, and `further` columns of those that have them. A folder has a name for
/// each of its `.csv` files, in their order; a table, for each of its tickers, or one. A file is parsed twice, however many tickers it has.
///
/// # Errors
/// As [`read`](fn@super::read), a folder has no such file, or two series have one name.
pub fn read_all(
    paths: &[impl AsRef<Path>],
    columns: &[&str],
    further: &[&str],
    reading: &Reading,
) -> Result<Vec<NamedPrices>, PriceError> {
    let mut all = Vec::new();
    for path in paths {
        let path = path.as_ref();
        if path.is_dir() {
            for file in files(path)? {
                all.extend(series(&file, columns, further, reading)?);
            }
        } else {
            all.extend(series(path, columns, further, reading)?);
        }
    }
    let mut names = HashSet::new();
    match all.iter().find(|prices| !names.insert(prices.name.as_str())) {
        Some(NamedPrices { name, .. }) => Err(PriceError::Twice(name.clone())),
        None => Ok(all),
    }
}

/// The series of one file.
fn series(
    path: &Path,
    columns: &[&str],
    further: &[&str],
    reading: &Reading,
) -> Result<Vec<NamedPrices>, PriceError> {
    let bytes = read_whole(path).map_err(|fault| PriceError::File { path: path.to_owned(), fault })?;
    let at = |fault| at(path, fault);
    let own = parse_all(&bytes, columns, reading).map_err(at)?;
    let both: Vec<&str> = columns.iter().chain(further).copied().collect();
    // Both list the tickers of one file in one order, or the further columns are not there.
    let further = parse_all(&bytes, &both, reading).unwrap_or_default();
    let further = further.into_iter().map(|(_, table)| table.ok()).chain(std::iter::repeat(None));
    let of = |((ticker, table), further): (Named, Option<PriceTable>)| {
        let name = ticker.unwrap_or_else(|| stem(path));
        Ok(NamedPrices { name, table: table.map_err(at)?, further })
    };
    own.into_iter().zip(further).map(of).collect()
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
        let found = read_all(&[&file], &["Close"], &["High"], &Reading::default()).unwrap();
        let closes = |found: &NamedPrices| found.table.column("Close").unwrap().to_vec();
        assert_eq!((found[0].name.as_str(), closes(&found[0])), ("AA", vec![1.5, 1.25]));
        assert_eq!((found[1].name.as_str(), closes(&found[1])), ("BB", vec![20.0, 22.0, 21.0]));
        assert_eq!(checksum(&found), found[0].table.sha256());
        let one = Reading { ticker: Some("bb".to_owned()), ..Reading::default() };
        let one = read_all(&[&file], &["Close"], &[], &one).unwrap();
        assert_eq!((one.len(), one[0].name.as_str(), closes(&one[0])), (1, "BB", vec![20.0, 22.0, 21.0]));

        let many = folder.path().join("many");
        fs::create_dir(&many).unwrap();
        assert!(read_all(&[&many], &["Close"], &[], &Reading::default()).is_err());
        for (name, ticker) in [("b.csv", "BB"), ("a.csv", "AA"), ("c.txt", "CC")] {
            let rows: Vec<&str> =
                TABLE.lines().filter(|line| line.contains(ticker) || line.contains("Date")).collect();
            fs::write(many.join(name), rows.join("\n")).unwrap();
        }
        let found = read_all(&[&many], &["Close"], &["Low"], &Reading::default()).unwrap();
        assert_eq!(found.iter().map(|found| found.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert!(found[0].further.is_none());
        let listed =
            read_all(&[many.join("b.csv"), many.join("a.csv")], &["Close"], &["High"], &Reading::default())
                .unwrap();
        assert_eq!(listed.iter().map(|found| found.name.as_str()).collect::<Vec<_>>(), ["b", "a"]);
        assert_eq!(listed[0].further.as_ref().unwrap().column("High").unwrap(), [21.0, 23.0, 23.0]);
        let twice = read_all(&[&many, &many], &["Close"], &[], &Reading::default()).unwrap_err();
        insta::assert_snapshot!(twice, @"two of the prices are called `a`; name each once");
        assert_ne!(checksum(&found), found[0].table.sha256());
    }

    #[test]
    fn each_ticker_of_a_table_is_read_as_it_is_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("all.csv");
        // Two decimal commas, dates that only all rows together decide, a row without a price, a split, and rows newest first.
        let mut text = String::from("Date;Symbol;Adj Close;Close\n");
        for day in (1..20).rev() {
            let split = if day < 10 { 300 } else { 100 };
            text += &format!("{day:02}/02/2020;AA;{},5;{split},5\n{day:02}/02/2020;BB;1;7,25\n", 100 + day);
        }
        text += "20/02/2020;BB;1;\n20/02/2020;;1;5\n";
        fs::write(&file, text).unwrap();
        let found = read_all(&[&file], &["Close"], &["Adj Close"], &Reading::default()).unwrap();
        assert_eq!(found.iter().map(|found| found.name.as_str()).collect::<Vec<_>>(), ["AA", "BB"]);
        for NamedPrices { name, table, further } in found {
            let reading = Reading { ticker: Some(name), ..Reading::default() };
            assert_eq!(table, super::super::read(&file, &["Close"], &reading).unwrap());
            assert_eq!(
                further.unwrap(),
                super::super::read(&file, &["Close", "Adj Close"], &reading).unwrap()
            );
        }
        fs::write(&file, "Date,Symbol,Close\n2020-01-02,AA,5\n2020-01-02,BB,x\n2020-01-03,BB,7\n").unwrap();
        let error = read_all(&[&file], &["Close"], &[], &Reading::default()).unwrap_err();
        assert!(error.to_string().contains("line 3"), "{error}");
    }

    #[test]
    fn tickers_above_the_header_are_names_too() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("wide.csv");
        let text =
            "Price,Close,Close,High\nTicker,AA,BB,BB\nDate,,,\n2020-01-02,1.5,20,21\n2020-01-03,1.25,22,23\n";
        fs::write(&file, text).unwrap();
        let found = read_all(&[&file], &["Close"], &[], &Reading::default()).unwrap();
        let closes = |place: usize| found[place].table.column("Close").unwrap();
        assert_eq!((found[0].name.as_str(), closes(0)), ("AA", &[1.5, 1.25][..]));
        assert_eq!((found[1].name.as_str(), closes(1)), ("BB", &[20.0, 22.0][..]));
    }
}

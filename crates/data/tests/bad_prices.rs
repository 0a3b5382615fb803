//! Every price file that cannot be used, with the message that its user sees.
#![cfg(feature = "prices")]

use std::{fs::File, path::Path};

use recurrent_data::prices::{MAX_FILE_BYTES, PriceError, PriceTable, read_csv, write_csv};

const YAHOO: &str = "Date,Open,High,Low,Close,Adj Close,Volume";

fn message(result: Result<PriceTable, PriceError>, path: &Path) -> String {
    let error = result.expect_err("the file should be refused");
    error.to_string().replace(&path.display().to_string(), "<file>")
}

/// The message of reading `columns` of a file with this content.
fn refused(content: impl AsRef<[u8]>, columns: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("prices.csv");
    std::fs::write(&path, content).unwrap();
    message(read_csv(&path, columns), &path)
}

/// The message of a close in line 3.
fn refused_close(close: &str) -> String {
    refused(format!("{YAHOO}\n2020-03-02,1,1,1,5,5,7\n2020-03-03,1,1,1,{close},5,7\n"), &["Close"])
}

#[test]
fn a_missing_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("prices.csv");
    insta::assert_snapshot!(message(read_csv(&path, &["Close"]), &path), @"`<file>`: no such file; check the path");
}

#[test]
fn a_folder() {
    let folder = tempfile::tempdir().unwrap();
    insta::assert_snapshot!(message(read_csv(folder.path(), &["Close"]), folder.path()), @"`<file>`: this is a folder; name the CSV file in it");
}

#[test]
#[cfg(unix)]
fn a_device() {
    let path = Path::new("/dev/null");
    insta::assert_snapshot!(message(read_csv(path, &["Close"]), path), @"`<file>`: this is no regular file; write its content to a CSV file, or pass it through standard input");
}

#[test]
#[cfg(unix)]
fn a_path_below_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("prices.csv");
    std::fs::write(&path, "Date\n").unwrap();
    let below = path.join("close.csv");
    insta::assert_snapshot!(message(read_csv(&below, &["Close"]), &below), @"`<file>`: cannot be read: Not a directory (os error 20); check the path and its permissions");
}

#[test]
fn a_file_too_large_to_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("prices.csv");
    // No block of it is written: the length alone must be enough to refuse it.
    File::create(&path).unwrap().set_len(MAX_FILE_BYTES + 1).unwrap();
    insta::assert_snapshot!(message(read_csv(&path, &["Close"]), &path), @"`<file>`: holds 4294967297 bytes, more than the 4294967296 that are read; keep only the columns needed");
}

#[test]
fn an_empty_file() {
    insta::assert_snapshot!(refused("", &["Close"]), @"`<file>`: the file is empty; expected a header such as `Date,Open,High,Low,Close,Adj Close,Volume`");
    assert_eq!(refused("\u{feff}\r\n\n", &["Close"]), refused("", &["Close"]));
}

#[test]
fn a_header_without_rows() {
    insta::assert_snapshot!(refused(format!("{YAHOO}\n"), &["Close"]), @"`<file>`: holds a header but no rows; expected a row for each day, or hour, week or month");
    assert_eq!(refused(YAHOO, &["Close"]), refused(format!("{YAHOO}\r\n\r\n"), &["Close"]));
}

#[test]
fn a_column_that_is_missing() {
    let rows = format!("{YAHOO}\n2020-03-02,1,1,1,5,5,7\n");
    insta::assert_snapshot!(refused(rows, &["Close", "Settle"]), @"`<file>`: no column `Settle`; the columns are `Date`, `Open`, `High`, `Low`, `Close`, `Adj Close`, `Volume`");
}

#[test]
fn a_column_that_is_missing_among_many() {
    let header: String = (0..3000).map(|i| format!(",series {i}")).collect();
    let rows = format!("Date{header}\n2020-03-02{}\n", ",1".repeat(3000));
    insta::assert_snapshot!(refused(rows, &["Close"]), @"`<file>`: no column `Close`; the columns are `Date`, `series 0`, `series 1`, `series 2`, `series 3`, `series 4`, `series 5`, `series 6`, `series 7`, `series 8` and 2991 more");
}

#[test]
fn a_column_name_that_fits_twice() {
    insta::assert_snapshot!(refused("Date,close,CLOSE\n2020-03-02,5,6\n", &["Close"]), @"`<file>`: column `Close` could be column 2 or column 3; rename one of them");
    insta::assert_snapshot!(refused("Date,Close,Close\n2020-03-02,5,6\n", &["Close"]), @"`<file>`: column `Close` could be column 2 or column 3; rename one of them");
}

#[test]
fn a_file_without_dates() {
    insta::assert_snapshot!(refused("Started,Close\n2020-03-02,5\n", &["Close"]), @"`<file>`: no column of dates, such as `Date`, in the header; its columns are `Started`, `Close`");
}

#[test]
fn text_in_a_number() {
    insta::assert_snapshot!(refused_close("12.x"), @"`<file>`, line 3: column `Close` holds `12.x`, which is no number; correct the line or remove it");
}

#[test]
fn a_number_with_commas() {
    insta::assert_snapshot!(refused_close("\"1,2345,6\""), @"`<file>`, line 3: column `Close` holds `1,2345,6`, whose commas and points are not those of the file's other numbers; correct the line or remove it");
    insta::assert_snapshot!(refused_close("1,234.5"), @"`<file>`, line 3: 8 fields where the header has 7; put a number with commas in it in quotes, or part the columns by semicolons");
}

#[test]
fn a_price_that_is_infinite() {
    insta::assert_snapshot!(refused_close("-inf"), @"`<file>`, line 3: column `Close` holds `-inf`, which is not a finite number; correct the line or remove it");
    insta::assert_snapshot!(refused_close("1e999"), @"`<file>`, line 3: column `Close` holds `1e999`, which is not a finite number; correct the line or remove it");
}

#[test]
fn a_price_of_zero() {
    insta::assert_snapshot!(refused_close("0.00"), @"`<file>`, line 3: column `Close` holds `0.00`, but a price must be above zero; correct the line or remove it");
}

#[test]
fn a_negative_price() {
    insta::assert_snapshot!(refused_close("-5"), @"`<file>`, line 3: column `Close` holds `-5`, but a price must be above zero; correct the line or remove it");
}

#[test]
fn a_negative_volume() {
    let rows = format!("{YAHOO}\n2020-03-02,1,1,1,5,5,0\n2020-03-03,1,1,1,5,5,-1\n");
    insta::assert_snapshot!(refused(rows, &["Volume"]), @"`<file>`, line 3: column `Volume` holds `-1`, but a volume must not be negative; correct the line or remove it");
}

#[test]
fn text_that_is_no_date() {
    insta::assert_snapshot!(refused("Date,Close\n2020-03-02,5\n03/03/2020,6\n", &["Close"]), @"`<file>`, line 3: `03/03/2020` is no date in the form of those above it, such as `2020-03-02`; correct the line or remove it");
    insta::assert_snapshot!(refused("Date,Close\n2019-02-29,5\n", &["Close"]), @"`<file>`, line 2: `2019-02-29` is no date that is understood; write dates as year-month-day, such as 2017-12-29");
    insta::assert_snapshot!(
        refused(format!("Date,Close\n{},5\n", "long\t".repeat(500)), &["Close"]), @r#"`<file>`, line 2: `long\tlong\tlong\tlong\tlong\tlong\tlong\tlong\t…` is no date that is understood; write dates as year-month-day, such as 2017-12-29"#);
}

#[test]
fn a_row_without_its_date() {
    insta::assert_snapshot!(refused("Date,Close\n2020-03-02,5\n,6\n", &["Close"]), @"`<file>`, line 3: no date; write one, or remove the line");
}

#[test]
fn duplicate_dates_that_contradict() {
    let rows = "Date,Close,Volume\n2020-03-03,6,1\n2020-03-02,5,1\n2020-03-03,6.5,1\n";
    insta::assert_snapshot!(refused(rows, &["Volume", "Close"]), @"`<file>`, line 4: 2020-03-03 has 6.5 in column `Close`, but 6 on line 2; remove the wrong one, or keep the rows of one series alone");
}

#[test]
fn a_file_that_is_not_utf8() {
    insta::assert_snapshot!(refused(b"Date,Close\n2020-03-02,5\n2020-03-03,\xff6\n", &["Close"]), @"`<file>`, line 3: byte 12 of the line is not UTF-8; save the file as CSV in UTF-8");
    insta::assert_snapshot!(refused(b"\x1f\x8b\x08\x00", &["Close"]), @"`<file>`: is packed with gzip and cannot be unpacked: unexpected end of file; fetch the file again");
}

#[test]
fn a_quote_that_is_not_closed() {
    insta::assert_snapshot!(refused("Date,Close\n2020-03-02,5\n\"2020-03-03,6\n", &["Close"]), @"`<file>`, line 3: a quote opens inside a field, or is not closed on its line; correct the quotes");
}

#[test]
fn a_row_cut_short() {
    insta::assert_snapshot!(refused(format!("{YAHOO}\n2020-03-02,1,1,1,5,5,7\n2020-03-03,1,1"), &["Close"]), @"`<file>`, line 3: 3 fields where the header has 7; if the file was cut short, fetch it again, else remove the line");
}

#[test]
fn rows_that_all_lack_a_value() {
    let rows = format!("{YAHOO}\n2020-03-02,1,1,1,5,5,null\n2020-03-03,1,1,1,5,5,\n");
    insta::assert_snapshot!(refused(rows, &["Close", "Volume"]), @"`<file>`: none of the 2 rows holds a value in each column of `Close`, `Volume`; choose other columns");
}

#[test]
fn a_folder_to_write_to_that_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let table = recurrent_data::prices::demo(1, 3);
    let path = folder.path().join("none").join("prices.csv");
    let error = write_csv(&table, &path).unwrap_err().to_string();
    let error = error.replace(&folder.path().display().to_string(), "<folder>");
    // The system's own words, and the random name of the temporary file, follow.
    let start = error.split_inclusive("written:").next().unwrap_or_default();
    insta::assert_snapshot!(start, @"`<folder>/none/prices.csv`: cannot be written:");
    assert!(error.ends_with("; check its folder, permissions and free space"), "{error}");
}

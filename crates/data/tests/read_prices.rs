//! Price files that can be used, however they are written.
#![cfg(feature = "prices")]

use std::path::{Path, PathBuf};

use recurrent_data::prices::{DEMO_DAYS, Note, PriceTable, TableFault, demo, read_csv, write_csv};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn read(content: &str, columns: &[&str]) -> PriceTable {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("prices.csv");
    std::fs::write(&path, content).unwrap();
    read_csv(&path, columns).unwrap()
}

fn days(table: &PriceTable) -> Vec<String> {
    table.dates().iter().map(ToString::to_string).collect()
}

#[test]
fn a_null_row_is_dropped_and_noted() {
    let table = read_csv(fixture("yahoo.csv"), &["Close", "Volume"]).unwrap();
    assert_eq!(days(&table), ["2020-03-02", "2020-03-03", "2020-03-05", "2020-03-06"]);
    assert_eq!(table.column("Close").unwrap(), [103.0, 99.125, 100.75, 101.5]);
    assert_eq!(table.column("Volume").unwrap(), [1200.0, 1500.0, 0.0, 900.0]);
    assert_eq!(table.notes(), [Note::Dropped { rows: 1, first_line: 4 }]);
    insta::assert_snapshot!(table.notes()[0], @"1 row with a missing value was dropped (line 4)");
    // `sha256sum tests/fixtures/yahoo.csv`
    insta::assert_snapshot!(table.sha256(), @"278351ea1de7e713de39c8abc9adefe3a0b524efb6f88e15de39d171ef082f5d");
}

#[test]
fn only_asked_columns_are_parsed_and_keep_their_order() {
    let table = read("Date,Junk,Low,Close\n2020-03-02,abc,1,2\n2020-03-03,-1,3,4\n", &["Close", "Low"]);
    assert_eq!(table.names().collect::<Vec<_>>(), ["Close", "Low"]);
    assert_eq!(table.column("Low").unwrap(), [1.0, 3.0]);
    let missing = table.column("Junk").unwrap_err();
    insta::assert_snapshot!(missing, @"no column `Junk`; the columns are `Close`, `Low`");
}

#[test]
fn marks_quotes_crlf_blank_lines_order_and_repetitions_are_understood() {
    let table = read_csv(fixture("quoted_crlf_unsorted.csv"), &["Close"]).unwrap();
    assert_eq!(days(&table), ["2020-03-02", "2020-03-05", "2020-03-06"]);
    assert_eq!(table.names().collect::<Vec<_>>(), ["close"]);
    assert_eq!(table.column("CLOSE").unwrap(), [103.0, 100.75, 101.5]);
    let notes: Vec<_> = table.notes().iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(notes.join("\n"), @r#"
1 row with a missing value was dropped (line 3)
the rows were sorted by date (line 4 is the first out of order)
1 row that repeats another was dropped (line 2)
"#);
}

#[test]
fn notes_count_what_they_tell_of() {
    let content =
        "Date,Close\n2020-03-04,3\n2020-03-03,\n2020-03-02,1\n2020-03-02,null\n2020-03-04,3\n2020-03-04,3\n";
    let notes: Vec<_> = read(content, &["Close"]).notes().iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(notes.join("\n"), @r#"
2 rows with a missing value were dropped (the first is line 3)
the rows were sorted by date (line 4 is the first out of order)
2 rows that repeat others were dropped (the first is line 2)
`Close` rises to 3.000 times on 2020-03-04 (1 to 3), as after a split of 1 to 3; check the row, or use prices that are adjusted for splits
"#);
}

#[test]
fn an_exact_name_is_taken_before_one_in_other_letters() {
    let table = read("close,DATE,Close\n5,2020-03-02,6\n", &["Close"]);
    assert_eq!(table.column("Close").unwrap(), [6.0]);
}

#[test]
fn a_column_asked_for_twice_is_held_once() {
    let table = read("Date,Close\n2020-03-02,5\n", &["Close", " close"]);
    assert_eq!(table.names().collect::<Vec<_>>(), ["Close"]);
}

#[test]
fn one_of_five_thousand_columns_can_be_read() {
    let header: String = (0..5000).map(|i| format!(",series {i}")).collect();
    let mut content = format!("Date{header}\n");
    for day in 1..=20 {
        let values: String = (0..5000).map(|i| format!(",{}", i + day)).collect();
        content += &format!("2020-03-{day:02}{values}\n");
    }
    let table = read(&content, &["Series 4321"]);
    assert_eq!(table.len(), 20);
    assert_eq!(table.column("series 4321").unwrap()[19], 4341.0);
}

#[test]
fn a_table_without_further_columns_holds_its_dates() {
    let table = read("Date\n2020-03-03\n2020-03-02\n", &[]);
    assert_eq!(days(&table), ["2020-03-02", "2020-03-03"]);
    assert_eq!(table.names().count(), 0);
}

#[test]
fn a_written_table_reads_back_the_same_with_the_same_checksum() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("demo.csv");
    std::fs::write(&path, "an older file").unwrap();
    let table = demo(42, DEMO_DAYS);
    write_csv(&table, &path).unwrap();
    let names: Vec<_> = table.names().collect();
    assert_eq!(read_csv(&path, &names).unwrap(), table);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "a temporary file is left");
}

#[test]
fn the_demo_series_is_made_of_weekdays_with_consistent_prices() {
    let table = demo(7, 2000);
    let column = |name| table.column(name).unwrap();
    let (open, high, low, close) = (column("Open"), column("High"), column("Low"), column("Close"));
    for row in 0..table.len() {
        assert!(low[row] <= open[row].min(close[row]), "row {row}");
        assert!(high[row] >= open[row].max(close[row]), "row {row}");
    }
    assert_eq!(close, column("adj close"));
    assert!(column("Volume").iter().all(|volume| volume.fract() == 0.0 && *volume > 0.0));
    assert_eq!(table.dates()[0].to_string(), "2001-01-02");
    let weekend = table.dates().iter().find(|date| date.date.weekday().number_from_monday() > 5);
    assert_eq!(weekend, None);
}

#[test]
fn a_shorter_demo_series_is_the_beginning_of_a_longer_one() {
    let (short, long) = (demo(7, 100), demo(7, 200));
    assert_eq!(short.dates(), &long.dates()[..100]);
    assert_eq!(short.column("Volume").unwrap(), &long.column("Volume").unwrap()[..100]);
    assert_ne!(short.sha256(), long.sha256());
    assert_ne!(short.sha256(), demo(8, 100).sha256());
}

#[test]
fn tables_in_memory_are_checked() {
    let date = |day| demo(1, 9).dates()[day];
    let table = |dates: &[usize], name: &str, values: &[f64]| {
        let dates = dates.iter().map(|&day| date(day)).collect();
        PriceTable::from_columns(dates, vec![(name.to_owned(), values.to_vec())])
    };
    assert_eq!(table(&[0, 1], "Volume", &[0.0, 1.0]).unwrap().len(), 2);
    assert!(matches!(
        table(&[], "Close", &[]),
        Err(recurrent_data::prices::PriceError::Table(TableFault::NoRows))
    ));
    let messages = [
        table(&[0, 1], "Close", &[1.0]),
        table(&[1, 1], "Close", &[1.0, 2.0]),
        table(&[0, 1], "Close", &[1.0, 0.0]),
        table(&[0], "Close ", &[1.0]),
    ]
    .map(|result| result.unwrap_err().to_string());
    insta::assert_snapshot!(messages.join("\n"), @r#"
column `Close` holds 1 values for 2 dates; give one value a date
row 2 of 2001-01-03 does not come after the row before it; give each date once, in order
row 2: column `Close` holds 0, but a price must be above zero
"Close " cannot name a column; use text without line ends and without spaces around it
"#);
}

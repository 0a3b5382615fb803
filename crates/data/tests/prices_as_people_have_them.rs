//! Price files in the forms that other programs write. All numbers are made up.
#![cfg(feature = "prices")]

use std::path::{Path, PathBuf};

use recurrent_data::prices::{Exchange, Frequency, PriceTable, Reading, read, read_csv, read_from};

fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/prices").join(name)
}

fn table(name: &str) -> PriceTable {
    read_csv(case(name), &["Close"]).unwrap_or_else(|error| panic!("{error}"))
}

/// The first and last row, how many there are, the frequency, and the notes.
fn summary(table: &PriceTable) -> String {
    let (dates, closes) = (table.dates(), table.column("Close").unwrap());
    let last = table.len() - 1;
    let notes: String = table.notes().iter().map(|note| format!("\n{note}")).collect();
    format!(
        "{} rows, {} {} to {} {}, a row a {}, {}{notes}",
        table.len(),
        dates[0],
        closes[0],
        dates[last],
        closes[last],
        table.calendar().frequency().unit(),
        table.calendar(),
    )
}

fn complaint(name: &str) -> String {
    let error = read_csv(case(name), &["Close"]).expect_err("the file should be refused").to_string();
    error.replace(&case(name).display().to_string(), "<file>")
}

#[test]
fn forms_of_dates() {
    insta::assert_snapshot!(summary(&table("us-dates.csv")), @r#"
140 rows, 2016-01-04 100.4626 to 2016-07-15 95.1795, a row a day, without weekends, the usual holidays
dates were read as %m/%d/%Y, the one form that fits all rows
"#);
    insta::assert_snapshot!(summary(&table("day-first-dots.csv")), @r#"
140 rows, 2016-01-04 100.5939 to 2016-07-15 107.5129, a row a day, without weekends, the usual holidays
dates were read as %d.%m.%Y, the one form that fits all rows
"#);
    insta::assert_snapshot!(summary(&table("month-names.csv")), @"140 rows, 2016-01-04 100.2535 to 2016-07-15 107.2399, a row a day, without weekends, the usual holidays");
    insta::assert_snapshot!(summary(&table("slash-year-first.csv")), @"140 rows, 2016-01-04 97.0838 to 2016-07-15 101.9586, a row a day, without weekends, the usual holidays");
    insta::assert_snapshot!(summary(&table("compact-dates.csv")), @"140 rows, 2016-01-04 99.8953 to 2016-07-15 119.7594, a row a day, without weekends, the usual holidays");
    insta::assert_snapshot!(summary(&table("midnight.csv")), @"140 rows, 2016-01-04 101.9502 to 2016-07-15 107.8062, a row a day, without weekends, the usual holidays");
    insta::assert_snapshot!(complaint("ambiguous-dates.csv"), @"`<file>`, line 2: `04/01/2016` may be 2016-04-01 (%m/%d/%Y) or 2016-01-04 (%d/%m/%Y), and no row of the column decides; say which form it is");
    for (format, second) in [("%m/%d/%Y", "2016-05-02"), ("%d/%m/%Y", "2016-02-05")] {
        let reading = Reading { date_format: Some(format.to_owned()), ..Reading::default() };
        let table = read(case("ambiguous-dates.csv"), &["Close"], &reading).unwrap();
        assert!(table.dates().iter().any(|date| date.to_string() == second), "{format}");
    }
}

#[test]
fn marks_and_delimiters() {
    insta::assert_snapshot!(summary(&table("semicolon-decimal-comma.csv")), @r#"
140 rows, 2016-01-04 100.39 to 2016-07-15 94.68, a row a day, without weekends, the usual holidays
the columns are parted by semicolons
numbers were read with a decimal comma
"#);
    insta::assert_snapshot!(summary(&table("tabs.csv")), @r#"
140 rows, 2016-01-04 96.6763 to 2016-07-15 110.4521, a row a day, without weekends, the usual holidays
the columns are parted by tabs
"#);
    insta::assert_snapshot!(summary(&table("thousands.csv")), @r#"
140 rows, 2016-01-04 6937.78 to 2016-07-15 7111.61, a row a day, without weekends, the usual holidays
numbers were read with commas between thousands
"#);
    insta::assert_snapshot!(summary(&table("investing.csv")), @r#"
140 rows, 2016-01-04 7196.26 to 2016-07-15 7808.25, a row a day, without weekends, the usual holidays
column `Price` was taken for `Close`, which the file does not have
numbers were read with commas between thousands
the rows came newest first and were turned round
"#);
    let volumes = read_csv(case("investing.csv"), &["Close", "Volume"]).unwrap();
    assert_eq!(volumes.column("Volume").unwrap()[0], 2_640_000.0);
    insta::assert_snapshot!(summary(&table("nan.csv")), @r#"
140 rows, 2016-01-04 100.8547 to 2016-07-15 97.1898, a row a day, without weekends, the usual holidays
1 row with a missing value was dropped (line 22)
"#);
}

#[test]
fn what_stands_above_the_rows() {
    insta::assert_snapshot!(summary(&table("comment-line.csv")), @r#"
140 rows, 2016-01-04 100.5678 to 2016-07-15 103.8955, a row a day, without weekends, the usual holidays
1 line above the header was left out (`# exported 2024-01-01`)
"#);
    insta::assert_snapshot!(summary(&table("three-header-lines.csv")), @"140 rows, 2016-01-04 101.71878383830943 to 2016-07-15 98.57491323766429, a row a day, without weekends, the usual holidays");
    insta::assert_snapshot!(summary(&table("address-line-newest-first.csv")), @r#"
140 rows, 2016-01-04 17716.35 to 2016-05-22 20548.38, a row a day, with weekends
1 line above the header was left out (`https://data.example.org`)
the rows came newest first and were turned round
"#);
    insta::assert_snapshot!(summary(&table("lower-case-timestamp-newest-first.csv")), @r#"
140 rows, 2016-01-04 100.2192 to 2016-07-15 105.9829, a row a day, without weekends, the usual holidays
the rows came newest first and were turned round
"#);
}

#[test]
fn packed_files() {
    insta::assert_snapshot!(summary(&table("packed.csv.gz")), @r#"
140 rows, 2016-01-04 101.9598 to 2016-07-15 101.8713, a row a day, without weekends, the usual holidays
the file was unpacked, to 7587 bytes
"#);
    insta::assert_snapshot!(summary(&table("packed.zip")), @r#"
140 rows, 2016-01-04 99.6919 to 2016-07-15 97.9698, a row a day, without weekends, the usual holidays
the file was unpacked, to 7638 bytes
"#);
    let stream = std::fs::File::open(case("packed.zip")).unwrap();
    let streamed = read_from(stream, "standard input", &["Close"], &Reading::default()).unwrap();
    assert_eq!(streamed, table("packed.zip"));
}

#[test]
fn frequencies() {
    insta::assert_snapshot!(summary(&table("every-day.csv")), @"140 rows, 2016-01-04 7999.4261 to 2016-05-22 8309.2132, a row a day, with weekends");
    insta::assert_snapshot!(summary(&table("weekly.csv")), @"140 rows, 2016-01-04 100.208 to 2018-09-03 112.3699, a row a week,");
    insta::assert_snapshot!(summary(&table("monthly.csv")), @"140 rows, 1990-01-01 98.3949 to 2001-08-01 102.9758, a row a month,");
    for (name, next) in
        [("every-day.csv", "2016-05-23"), ("weekly.csv", "2018-09-10"), ("monthly.csv", "2001-09-01")]
    {
        let table = table(name);
        let next_date = table.calendar().next(table.dates()[table.len() - 1]).unwrap().to_string();
        assert_eq!(next_date, next, "{name}");
    }
}

#[test]
fn doubts() {
    insta::assert_snapshot!(summary(&table("two-months-missing.csv")), @r#"
100 rows, 2016-01-04 100.9025 to 2016-07-15 116.0181, a row a day, without weekends, the usual holidays
no rows for 59 days between 2016-03-25 and 2016-05-23; a window across a hole takes its ends for neighbours: fetch what is missing, or begin the file after it
"#);
    insta::assert_snapshot!(summary(&table("split-7-to-1.csv")), @r#"
140 rows, 2016-01-04 691.7414 to 2016-07-15 102.9394, a row a day, without weekends, the usual holidays
`Close` falls by a factor of 7.048 on 2016-04-11 (712.3401 to 101.0766), as after a split of 7 to 1; `Adj Close` does not: forecast that column
"#);
}

#[test]
fn several_tickers() {
    insta::assert_snapshot!(complaint("two-tickers.csv"), @"`<file>`: holds the prices of 2 tickers, which are no one series: `AAA`, `BBB`; choose one of them");
    insta::assert_snapshot!(complaint("two-tickers-one-after-the-other.csv"), @"`<file>`: holds the prices of 2 tickers, which are no one series: `AAA`, `BBB`; choose one of them");
    for name in ["two-tickers.csv", "two-tickers-one-after-the-other.csv"] {
        let reading = |ticker: &str| Reading { ticker: Some(ticker.to_owned()), ..Reading::default() };
        assert_eq!(read(case(name), &["Close"], &reading("aaa")).unwrap().len(), 140);
        insta::allow_duplicates! {
            let error = read(case(name), &["Close"], &reading("CCC")).unwrap_err().to_string();
            insta::assert_snapshot!(error.replace(&case(name).display().to_string(), "<file>"), @"`<file>`: no ticker `CCC`; the tickers are `AAA`, `BBB`");
        }
    }
}

#[test]
fn what_is_no_table() {
    insta::assert_snapshot!(complaint("error-instead-of-data.csv"), @r#"`<file>`: holds no table but JSON, such as a server sends for an error: `{"Information": "The rate limit is 25 requests per day."}`; fetch the file again, as CSV"#);
    insta::assert_snapshot!(complaint("web-page.csv"), @"`<file>`: holds no table but a web page, such as a server sends for an error: `Too Many Requests`; fetch the file again, as CSV");
}

/// Reads a text, and says what came of it.
fn read_text(text: &str, reading: &Reading) -> String {
    match read_from(text.as_bytes(), "file", &["Close"], reading) {
        Ok(table) => summary(&table),
        Err(error) => error.to_string(),
    }
}

#[test]
fn other_exports() {
    let plain = Reading::default();
    let read = |text: &str| read_text(text, &plain);
    // Nasdaq.com
    insta::assert_snapshot!(read("Date,Close/Last,Volume,Open,High,Low\n01/13/2016,$100.50,\"1,000\",$1,$2,$1\n01/12/2016,$99.00,\"2,000\",$1,$2,$1\n"), @r#"
2 rows, 2016-01-12 99 to 2016-01-13 100.5, a row a day, without weekends, the usual holidays
column `Close/Last` was taken for `Close`, which the file does not have
dates were read as %m/%d/%Y, the one form that fits all rows
numbers were read with commas between thousands
the rows came newest first and were turned round
"#);
    // MetaTrader
    insta::assert_snapshot!(read("<DATE>\t<TIME>\t<OPEN>\t<CLOSE>\n2016.01.04\t00:00:00\t1.1\t1.2\n2016.01.04\t01:00:00\t1.1\t1.3\n2016.01.04\t02:00:00\t1.1\t1.4\n"), @r#"
3 rows, 2016-01-04 00:00 1.2 to 2016-01-04 02:00 1.4, a row a hour, without weekends, the usual holidays
the columns are parted by tabs
column `<CLOSE>` was taken for `Close`, which the file does not have
"#);
    // Alpha Vantage
    insta::assert_snapshot!(read("timestamp,1. open,4. close\n2016-01-05,1,2\n2016-01-04,1,3\n"), @r#"
2 rows, 2016-01-04 3 to 2016-01-05 2, a row a day, without weekends, the usual holidays
column `4. close` was taken for `Close`, which the file does not have
the rows came newest first and were turned round
"#);
    // A day of trading that ends an hour's series on Friday.
    insta::assert_snapshot!(read("Datetime,Close\n2016-01-08 14:30:00-05:00,1\n2016-01-08 15:30:00-05:00,2\n2016-01-11 14:30:00-05:00,2\n"), @r#"
3 rows, 2016-01-08 14:30 1 to 2016-01-11 14:30 2, a row a day, without weekends, the usual holidays
`Close` rises to 2.000 times on 2016-01-08 15:30 (1 to 2), as after a split of 1 to 2; check the row, or use prices that are adjusted for splits
"#);
    // Several tickers beside each other
    let wide = "Price,Close,Close,Open,Open\nTicker,AAA,BBB,AAA,BBB\nDate,,,,\n2016-01-04,1,2,3,4\n2016-01-05,5,6,7,8\n";
    insta::assert_snapshot!(read(wide), @"`file`: holds the prices of 2 tickers, which are no one series: `AAA`, `BBB`; choose one of them");
    let reading = Reading { ticker: Some("BBB".to_owned()), ..Reading::default() };
    insta::assert_snapshot!(read_text(wide, &reading), @r#"
2 rows, 2016-01-04 2 to 2016-01-05 6, a row a day, without weekends, the usual holidays
the prices of BBB were read
`Close` rises to 3.000 times on 2016-01-05 (2 to 6), as after a split of 1 to 3; check the row, or use prices that are adjusted for splits
"#);
    // A series of months and of quarters
    insta::assert_snapshot!(read("Month,Price\nJan-16,1\nFeb-16,2\nMar-16,2\n"), @r#"
3 rows, 2016-01-01 1 to 2016-03-01 2, a row a month, 
column `Price` was taken for `Close`, which the file does not have
`Close` rises to 2.000 times on 2016-02-01 (1 to 2), as after a split of 1 to 2; check the row, or use prices that are adjusted for splits
"#);
    insta::assert_snapshot!(read("Quarter;Price\n2016-Q1;1,5\n2016-Q2;2,5\n2016-Q3;2,5\n"), @r#"
3 rows, 2016-01-01 1.5 to 2016-07-01 2.5, a row a quarter, 
the columns are parted by semicolons
column `Price` was taken for `Close`, which the file does not have
numbers were read with a decimal comma
"#);
    // Seconds since 1970
    insta::assert_snapshot!(read("time,close\n1451865600,1\n1451952000,2\n"), @r#"
2 rows, 2016-01-04 1 to 2016-01-05 2, a row a day, without weekends, the usual holidays
`close` rises to 2.000 times on 2016-01-05 (1 to 2), as after a split of 1 to 2; check the row, or use prices that are adjusted for splits
"#);
    insta::assert_snapshot!(read("2016-01-04,1\n2016-01-05,2\n"), @"`file`: has no header: its first line is `2016-01-04`, `1`; write the names of the columns, such as `Date,Close`, above it");
    insta::assert_snapshot!(read("Date,Close\n2016-01-04,1\n13/01/2016,2\n"), @"`file`, line 3: `13/01/2016` is no date in the form of those above it, such as `2016-01-04`; correct the line or remove it");
}

#[test]
fn holidays_follow_from_the_rows() {
    let days = |keep: fn(&str) -> bool| {
        let mut text = "Date,Close\n".to_owned();
        let mut day =
            recurrent_data::prices::Date::from_calendar_date(2015, time::Month::January, 2).unwrap();
        while day.year() < 2018 {
            if !Exchange::Nyse.is_holiday(day) || keep(&day.to_string()) {
                text += &format!("{day},5\n");
            }
            day = recurrent_data::prices::next_weekday(day).unwrap();
        }
        read_from(text.as_bytes(), "file", &["Close"], &Reading::default()).unwrap()
    };
    let new_york = days(|_| false);
    assert_eq!(new_york.calendar().exchange(), Exchange::Nyse);
    assert_eq!(new_york.calendar().frequency(), Frequency::Daily);
    let next =
        |table: &PriceTable| table.calendar().next(table.dates()[table.len() - 1]).unwrap().to_string();
    assert_eq!(next(&new_york), "2018-01-02");
    assert_eq!(next(&new_york.with_exchange(Exchange::None)), "2018-01-01");
    assert_eq!(days(|_| true).calendar().exchange(), Exchange::None);
}

//! A table written in any of the forms that are read gives the same numbers.
#![cfg(feature = "prices")]

use std::io::Write;

use proptest::prelude::*;
use recurrent_data::prices::{PriceTable, Reading, read_from};
use time::{Date, Duration, Month};

/// How a table is written.
#[derive(Clone, Debug)]
struct Form {
    date: usize,
    delimiter: char,
    decimal_comma: bool,
    grouped: bool,
    newest_first: bool,
    packing: usize,
    name: &'static str,
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn date(date: Date, form: usize) -> String {
    let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
    let name = MONTHS[usize::from(month) - 1];
    match form {
        0 => format!("{year}-{month:02}-{day:02}"),
        1 => format!("{year}/{month:02}/{day:02}"),
        2 => format!("{month:02}/{day:02}/{year}"),
        3 => format!("{day:02}/{month:02}/{year}"),
        4 => format!("{day}.{month}.{year}"),
        5 => format!("{year}{month:02}{day:02}"),
        6 => format!("{day:02}-{name}-{year}"),
        7 => format!("{name} {day:02}, {year}"),
        8 => format!("{year}-{month:02}-{day:02} 00:00:00"),
        9 => format!("{year}-{month:02}-{day:02}T16:00:00-05:00"),
        10 => format!("{day:02}-{name}-{:02}", year % 100),
        _ => ((date - Date::from_ordinal_date(1970, 1).unwrap()).whole_seconds()).to_string(),
    }
}

fn number(value: f64, form: &Form) -> String {
    let plain = format!("{value:.2}");
    let (whole, fraction) = plain.split_once('.').unwrap();
    let (decimal, group) = if form.decimal_comma { (',', ".") } else { ('.', ",") };
    let mut groups: Vec<String> = Vec::new();
    let mut rest = whole;
    while rest.len() > 3 {
        let (front, back) = rest.split_at(rest.len() - 3);
        groups.insert(0, back.to_owned());
        rest = front;
    }
    groups.insert(0, rest.to_owned());
    let whole = if form.grouped { groups.join(group) } else { whole.to_owned() };
    format!("{whole}{decimal}{fraction}")
}

fn write(rows: &[(Date, f64)], form: &Form) -> Vec<u8> {
    let quoted = |text: String| if text.contains(form.delimiter) { format!("\"{text}\"") } else { text };
    let mut lines: Vec<String> = rows
        .iter()
        .map(|(day, value)| {
            [quoted(date(*day, form.date)), quoted(number(*value, form))].join(&form.delimiter.to_string())
        })
        .collect();
    if form.newest_first {
        lines.reverse();
    }
    lines.insert(0, format!("Date{}{}", form.delimiter, form.name));
    let text = lines.join("\n") + "\n";
    match form.packing {
        0 => text.into_bytes(),
        1 => {
            let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            packed.write_all(text.as_bytes()).unwrap();
            packed.finish().unwrap()
        }
        2 => {
            let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
            archive.start_file("prices.csv", zip::write::SimpleFileOptions::default()).unwrap();
            archive.write_all(text.as_bytes()).unwrap();
            archive.finish().unwrap().into_inner()
        }
        _ => ruzstd::encoding::compress_to_vec(
            text.as_bytes(),
            ruzstd::encoding::CompressionLevel::Uncompressed,
        ),
    }
}

fn form() -> impl Strategy<Value = Form> {
    let marks = (any::<bool>(), any::<bool>(), any::<bool>());
    let names =
        prop::sample::select(vec!["Close", "close", "Price", "Close/Last", "4. close", "Schlusskurs"]);
    let delimiter = prop::sample::select(vec![',', ';', '\t', '|']);
    (0..12_usize, delimiter, marks, 0..4_usize, names).prop_map(|(date, delimiter, marks, packing, name)| {
        let (decimal_comma, grouped, newest_first) = marks;
        Form { date, delimiter, decimal_comma, grouped, newest_first, packing, name }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_form_reads_to_the_same_numbers(
        form in form(),
        cents in prop::collection::vec(100_u64..500_000_000, 40..80),
    ) {
        let first = Date::from_calendar_date(2016, Month::January, 4).unwrap();
        let rows: Vec<(Date, f64)> =
            (0..).zip(&cents).map(|(day, cents)| (first + Duration::days(day), *cents as f64 / 100.0)).collect();
        let bytes = write(&rows, &form);
        let table = read_from(bytes.as_slice(), "file", &["Close"], &Reading::default());
        let table: PriceTable = table.map_err(|error| TestCaseError::fail(format!("{error}")))?;
        let found: Vec<(Date, f64)> =
            table.dates().iter().map(|moment| moment.date).zip(table.column("Close").unwrap().iter().copied()).collect();
        prop_assert_eq!(found, rows);
    }
}

#[test]
fn a_file_that_unpacks_to_too_much_is_refused() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let block = vec![b' '; 1 << 20];
    for _ in 0..513 {
        packed.write_all(&block).unwrap();
    }
    let bomb = packed.finish().unwrap();
    let error = read_from(bomb.as_slice(), "file", &["Close"], &Reading::default()).unwrap_err();
    insta::assert_snapshot!(error, @"`file`: unpacks to more than 536870912 bytes, which is no table of prices to be expected; unpack it, and keep only the columns needed");
}

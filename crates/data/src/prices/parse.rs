//! Makes a price table of the bytes of a CSV file.
//!
//! Polars parses the asked columns as text; dates and numbers are made of the text here, because an error
//! must name the line and what it holds.

use std::{io::Cursor, sync::Arc};

use polars::{
    error::PolarsError,
    prelude::{CsvReadOptions, DataFrame, DataType, Schema, SerReader, StringChunked},
};

use super::{
    ColumnFault, FileFault, LineFault, Note, PriceTable, column,
    order::Rows,
    scan::{self, Outline},
    table, value,
};

const DATE: &str = "Date";

/// The line of the first row.
const FIRST_ROW: usize = 2;

/// What is wrong with a file's content.
#[derive(Debug)]
pub(super) enum Fault {
    File(FileFault),
    Line(usize, LineFault),
}

impl From<FileFault> for Fault {
    fn from(fault: FileFault) -> Self {
        Self::File(fault)
    }
}

impl From<(usize, LineFault)> for Fault {
    fn from((line, fault): (usize, LineFault)) -> Self {
        Self::Line(line, fault)
    }
}

/// Makes a table of a file's bytes.
pub(super) fn parse(bytes: &[u8], columns: &[&str]) -> Result<PriceTable, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(&bytes[..error.valid_up_to()]))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim_end_matches(['\n', '\r', ' ']);
    if text.is_empty() {
        return Err(FileFault::Empty.into());
    }
    if text.starts_with(['\n', '\r']) {
        return Err((1, LineFault::NoHeader).into());
    }
    let outline = scan::outline(text)?;
    let Some((header, body)) = text.split_once('\n') else { return Err(FileFault::HeaderOnly.into()) };
    let header = header_names(header, &outline)?;
    let chosen = Chosen::new(&header, columns)?;
    let frame = frame(body, &outline, chosen.projection())?;

    let mut notes = Vec::new();
    let rows = chosen.rows(&frame, &mut notes)?;
    if rows.dates.is_empty() {
        let columns = column::listed(chosen.names.iter().map(String::as_str));
        return Err(FileFault::NoValues { rows: frame.height(), columns }.into());
    }
    let rows = rows.in_order(&chosen.names, &mut notes)?;
    let columns = chosen.names.into_iter().zip(rows.values);
    Ok(PriceTable::from_checked(rows.dates, columns, notes, table::sha256(bytes)))
}

fn not_utf8(valid: &[u8]) -> Fault {
    let line = 1 + valid.iter().filter(|&&byte| byte == b'\n').count();
    let start = valid.iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
    Fault::Line(line, LineFault::NotUtf8 { byte: valid.len() - start + 1 })
}

fn header_names(line: &str, outline: &Outline) -> Result<Vec<String>, Fault> {
    let line = line.strip_suffix('\r').unwrap_or(line);
    let frame = frame(line, &Outline { lines: 2, ..*outline }, (0..outline.fields).collect())?;
    let names = frame.columns().iter().map(|column| {
        let name = column.str().map_err(parser)?.get(0).unwrap_or_default();
        Ok(name.trim().to_owned())
    });
    names.collect()
}

/// Parses the lines after the header: one row a line, blank ones included, and one column of text a
/// position, in the order of the positions.
fn frame(body: &str, outline: &Outline, projection: Vec<usize>) -> Result<DataFrame, Fault> {
    let schema: Schema =
        (0..outline.fields).map(|position| (position.to_string().into(), DataType::String)).collect();
    let quote = outline.quoted.then_some(b'"');
    let options = CsvReadOptions::default()
        .with_has_header(false)
        .with_schema(Some(Arc::new(schema)))
        .with_projection(Some(Arc::new(projection)))
        .with_rechunk(false)
        .map_parse_options(|options| options.with_quote_char(quote));
    let reader = options.into_reader_with_file_handle(Cursor::new(body.as_bytes()));
    let frame = reader.finish().map_err(parser)?;
    if frame.height() != outline.lines - 1 {
        let message = format!("{} rows on {} lines", frame.height(), outline.lines - 1);
        return Err(FileFault::Parser(message).into());
    }
    Ok(frame)
}

fn parser(error: PolarsError) -> Fault {
    FileFault::Parser(error.to_string()).into()
}

/// The columns to parse, each once.
struct Chosen {
    /// The position of the dates' column in the file.
    date: usize,
    /// The positions of the other columns in the file, in the order asked for.
    positions: Vec<usize>,
    /// Their names in the file.
    names: Vec<String>,
}

impl Chosen {
    fn new(header: &[String], columns: &[&str]) -> Result<Self, Fault> {
        let names = || header.iter().map(String::as_str);
        let date = column::position(names(), DATE).map_err(|fault| match fault {
            ColumnFault::Missing { columns, .. } => FileFault::NoDates { columns },
            fault => FileFault::Column(fault),
        })?;
        let mut positions = Vec::new();
        for wanted in columns {
            let position = column::position(names(), wanted.trim()).map_err(FileFault::Column)?;
            if !positions.contains(&position) {
                positions.push(position);
            }
        }
        let names = positions.iter().map(|&position| header[position].clone()).collect();
        Ok(Self { date, positions, names })
    }

    /// All positions, rising, as the parser needs them.
    fn projection(&self) -> Vec<usize> {
        let mut all = self.positions.clone();
        all.push(self.date);
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The rows that hold a date and a value in each column; how many others there are is noted.
    fn rows(&self, frame: &DataFrame, notes: &mut Vec<Note>) -> Result<Rows, Fault> {
        let dates = self.text(frame, self.date)?;
        let columns = self
            .positions
            .iter()
            .map(|&position| self.text(frame, position))
            .collect::<Result<Vec<_>, _>>()?;
        let mut fields: Vec<_> = columns.iter().map(|column| column.iter()).collect();

        let mut rows = Rows { dates: Vec::new(), values: vec![Vec::new(); columns.len()], lines: Vec::new() };
        let mut row = vec![None; columns.len()];
        let mut dropped = Vec::new();
        for (line, date) in (FIRST_ROW..).zip(dates.iter()) {
            for ((value, fields), name) in row.iter_mut().zip(&mut fields).zip(&self.names) {
                let field = fields.next().flatten();
                *value = value::number(field, name).map_err(|fault| (line, fault))?;
            }
            match value::day(date).map_err(|fault| (line, fault))? {
                Some(date) if row.iter().all(Option::is_some) => {
                    rows.dates.push(date);
                    rows.lines.push(line);
                    rows.values.iter_mut().zip(&row).for_each(|(values, value)| values.extend(value));
                }
                None if row.iter().any(Option::is_some) => return Err((line, LineFault::NoDate).into()),
                _ => dropped.push(line),
            }
        }
        if let Some(&first_line) = dropped.first() {
            notes.push(Note::Dropped { rows: dropped.len(), first_line });
        }
        Ok(rows)
    }

    /// The text of the column at a position of the file.
    fn text<'a>(&self, frame: &'a DataFrame, position: usize) -> Result<&'a StringChunked, Fault> {
        let place = self.projection().partition_point(|&other| other < position);
        frame.columns()[place].str().map_err(parser)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Texts of what CSV is made of, so that many of them get as far as the parser.
    fn csv_like() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "Date",
            "Close",
            "2020-03-02",
            "2020-03-03",
            "5",
            "6.5",
            "null",
            "-1",
            "NaN",
            ",",
            ",",
            ",",
            "\n",
            "\n",
            "\r\n",
            "\r",
            "\"",
            "\"\"",
            " ",
            "\t",
            "é",
            "\u{feff}",
            "\0",
            ";",
        ]);
        let header =
            prop::sample::select(vec!["", "Date,Close\n", "Date,Close,Name\r\n", "\"Date\",\"Close\"\n"]);
        (header, prop::collection::vec(piece, 0..30))
            .prop_map(|(header, pieces)| header.to_owned() + &pieces.concat())
    }

    /// What a table promises, whatever it was read from.
    fn check(table: &PriceTable) {
        assert!(table.len() > 0);
        assert!(table.dates().is_sorted_by(|a, b| a < b));
        let closes = table.column("Close").unwrap();
        assert_eq!(closes.len(), table.len());
        assert!(closes.iter().all(|close| close.is_finite() && *close > 0.0));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(table) = parse(&bytes, &["Close"]) {
                check(&table);
            }
        }

        #[test]
        fn texts_like_csv_never_panic(text in csv_like()) {
            if let Ok(table) = parse(text.as_bytes(), &["Close"]) {
                check(&table);
            }
        }

        #[test]
        fn a_bad_value_is_found_on_its_line(
            lines in prop::collection::vec(prop::sample::select(vec![
                "2020-03-02,5,a", "2020-03-02,\"5\",\"a, \"\"b\"\"\"", "", "2020-03-02,5,", "2020-03-02,null,\"\"",
            ]), 0..20),
            bad in any::<prop::sample::Index>(),
            line_end in prop::sample::select(vec!["\n", "\r\n"]),
        ) {
            let mut lines = lines;
            let place = bad.index(lines.len() + 1);
            lines.insert(place, "2020-03-02,5x,");
            lines.insert(0, "Date,Close,Name");
            match parse(lines.join(line_end).as_bytes(), &["Close"]) {
                Err(Fault::Line(line, LineFault::Value { .. })) => prop_assert_eq!(line, place + 2),
                other => prop_assert!(false, "{:?}", other),
            }
        }

        #[test]
        fn rows_in_any_order_give_the_same_table(
            rows in Just((1..29).collect::<Vec<i32>>()).prop_shuffle(),
        ) {
            let text: String = rows.iter().map(|day| format!("\n2020-02-{day:02},{day}.5")).collect();
            let table = parse(format!("Date,Close{text}").as_bytes(), &["Close"]).unwrap();
            let expected: Vec<_> = (1..29).map(|day| f64::from(day) + 0.5).collect();
            prop_assert_eq!(table.column("Close").unwrap(), expected);
        }
    }
}

//! Makes price tables of the bytes of a file: unpacks them, finds the table in the text, and reads its columns, once for all series that
//! it holds.
//!
//! Polars parses the asked columns as text; dates and numbers are made of the text here, because an error
//! must name the line and what it holds, and because only all rows together say how they are to be read.

use std::borrow::Cow;

use super::{
    Calendar, FileFault, LineFault, Note, PriceTable, Reading,
    body::{Body, Cells},
    chosen::Chosen,
    column::{self, Kind},
    doubts, encoding, layout,
    layout::Layout,
    number,
    order::Rows,
    packing,
};
use crate::checksum::sha256;

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
pub(super) fn parse(bytes: &[u8], columns: &[&str], reading: &Reading) -> Result<PriceTable, Fault> {
    let mut notes = Vec::new();
    let unpacked = packing::unpack(bytes)?;
    let text = text(bytes, unpacked.as_deref(), &mut notes)?;
    let layout = layout::layout(&text, reading, &mut notes)?;
    let body = Body::new(&layout)?;
    let chosen = Chosen::new(&layout, columns, reading, &mut notes)?;
    let projection = chosen.projection();
    let frame = body.frame(projection.clone())?;
    let cells = Cells::new(&frame, projection)?;
    let rows = chosen.rows(&cells, reading, &mut notes)?;
    Series { layout: &layout, body: &body, chosen: &chosen, cells: &cells, reading }.table(
        &rows,
        notes,
        sha256(bytes),
    )
}

/// The table of a series, or what is wrong with it, under its ticker; none for the only series of a file, unless it was chosen by one.
pub(super) type Named = (Option<String>, Result<PriceTable, Fault>);

/// Makes a table of each series that a file's bytes hold, whose text is parsed once: of each ticker in a column or above the header
/// where there are several and `reading` chooses none, in the order in which they come first.
pub(super) fn parse_all(bytes: &[u8], columns: &[&str], reading: &Reading) -> Result<Vec<Named>, Fault> {
    let mut notes = Vec::new();
    let unpacked = packing::unpack(bytes)?;
    let text = text(bytes, unpacked.as_deref(), &mut notes)?;
    let mut series = Vec::new();
    for (ticker, reading) in readings(&text, reading)? {
        let mut notes = notes.clone();
        let layout = layout::layout(&text, &reading, &mut notes)?;
        let chosen = Chosen::new(&layout, columns, &reading, &mut notes);
        series.push((ticker, reading, layout, chosen, notes));
    }
    let Some((_, _, first, ..)) = series.first() else { return Ok(Vec::new()) };
    let body = Body::new(first)?;
    let all = series.iter().filter_map(|(_, _, _, chosen, _)| chosen.as_ref().ok());
    let mut projection: Vec<usize> = all.flat_map(Chosen::projection).collect();
    projection.sort_unstable();
    projection.dedup();
    if projection.is_empty() {
        // No series has the columns, and no parser parses none.
        let faults =
            series.into_iter().filter_map(|(ticker, _, _, chosen, _)| Some((ticker, Err(chosen.err()?))));
        return Ok(faults.collect());
    }
    let frame = body.frame(projection.clone())?;
    let cells = Cells::new(&frame, projection)?;
    let sha256 = sha256(bytes);
    let mut tables = Vec::new();
    for (ticker, reading, layout, chosen, mut notes) in series {
        let chosen = match chosen {
            Ok(chosen) => chosen,
            Err(fault) => {
                tables.push((ticker, Err(fault)));
                continue;
            }
        };
        let of = Series { layout: &layout, body: &body, chosen: &chosen, cells: &cells, reading: &reading };
        let parts = if reading.ticker.is_none() { chosen.rows_by_ticker(&cells) } else { Vec::new() };
        if parts.len() < 2 {
            let rows = chosen.rows(&cells, &reading, &mut notes);
            let of_column = notes.iter().find_map(|note| match note {
                Note::Ticker { ticker, .. } => Some(ticker.clone()),
                _ => None,
            });
            tables.push((ticker.or(of_column), rows.and_then(|rows| of.table(&rows, notes, sha256.clone()))));
            continue;
        }
        for (ticker, rows) in parts {
            let mut notes = notes.clone();
            notes.push(Note::Ticker { ticker: ticker.to_owned(), others: cells.height() - rows.len() });
            tables.push((Some(ticker.to_owned()), of.table(&rows, notes, sha256.clone())));
        }
    }
    Ok(tables)
}

/// How each series is read whose ticker stands above the header; where none does, the whole table as it is.
fn readings(text: &str, reading: &Reading) -> Result<Vec<(Option<String>, Reading)>, Fault> {
    match layout::layout(text, reading, &mut Vec::new()) {
        Err(Fault::File(FileFault::Tickers { names, .. })) => {
            let of = |name: String| (Some(name.clone()), Reading { ticker: Some(name), ..reading.clone() });
            Ok(names.into_iter().map(of).collect())
        }
        other => other.map(|_| vec![(None, reading.clone())]),
    }
}

/// The text of a file's bytes, which may have been unpacked.
fn text<'a>(
    bytes: &'a [u8],
    unpacked: Option<&'a [u8]>,
    notes: &mut Vec<Note>,
) -> Result<Cow<'a, str>, Fault> {
    notes.extend(unpacked.map(|unpacked| Note::Unpacked { bytes: unpacked.len() }));
    let text = encoding::decode(unpacked.unwrap_or(bytes))?;
    if text.trim().is_empty() {
        return Err(FileFault::Empty.into());
    }
    Ok(text)
}

/// The cells of one series, and how they are read.
struct Series<'a> {
    layout: &'a Layout<'a>,
    body: &'a Body<'a>,
    chosen: &'a Chosen,
    cells: &'a Cells<'a>,
    reading: &'a Reading,
}

impl Series<'_> {
    /// The table of some rows.
    fn table(&self, rows: &[usize], mut notes: Vec<Note>, sha256: String) -> Result<PriceTable, Fault> {
        let Self { body, chosen, cells, reading, .. } = self;
        let found = chosen.read(rows, cells, body, reading, &mut notes)?;
        if found.dates.is_empty() {
            let columns = column::listed(chosen.names.iter().map(String::as_str));
            return Err(FileFault::NoValues { rows: rows.len(), columns }.into());
        }
        let found = found.in_order(&chosen.names, &mut notes)?;
        let calendar = Calendar::of(&found.dates, reading.calendar);
        doubts::holes(&found.dates, &calendar, &mut notes);
        self.tell_jumps(&found, &mut notes);
        let columns = chosen.names.iter().cloned().zip(found.values);
        Ok(PriceTable::from_checked(found.dates, columns, notes, sha256, calendar))
    }

    /// Tells where the first column's prices jump, and whether adjusted ones beside them do too.
    fn tell_jumps(&self, rows: &Rows, notes: &mut Vec<Note>) {
        let Self { layout, body, chosen, cells, .. } = self;
        let (Some(name), Some(values)) = (chosen.names.first(), rows.values.first()) else { return };
        if Kind::of(name) == Kind::Volume {
            return;
        }
        let jumps = doubts::jumps(values);
        if jumps.is_empty() {
            return;
        }
        let adjusted = chosen.adjusted.map(|other| {
            let texts = cells.column(other);
            let value = |row: usize| {
                let text = texts.get(rows.lines[row] - body.line).copied().flatten()?;
                number::number(text, chosen.marks(body, cells).ok()?).ok().flatten()
            };
            let jumps = jumps.iter().map(|&row| match (value(row), value(row - 1)) {
                (Some(to), Some(from)) => doubts::is_jump(to / from),
                _ => true,
            });
            (layout.names[other].clone(), jumps.collect())
        });
        doubts::tell_jumps(name, &rows.dates, values, &jumps, adjusted, notes);
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
            if let Ok(table) = parse(&bytes, &["Close"], &Reading::default()) {
                check(&table);
            }
        }

        #[test]
        fn texts_like_csv_never_panic(text in csv_like()) {
            if let Ok(table) = parse(text.as_bytes(), &["Close"], &Reading::default()) {
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
            lines.insert(0, "Date,Close,Remark");
            match parse(lines.join(line_end).as_bytes(), &["Close"], &Reading::default()) {
                Err(Fault::Line(line, LineFault::Value { .. })) => prop_assert_eq!(line, place + 2),
                other => prop_assert!(false, "{:?}", other),
            }
        }

        #[test]
        fn rows_in_any_order_give_the_same_table(
            rows in Just((1..29).collect::<Vec<i32>>()).prop_shuffle(),
        ) {
            let text: String = rows.iter().map(|day| format!("\n2020-02-{day:02},{day}.5")).collect();
            let table = parse(format!("Date,Close{text}").as_bytes(), &["Close"], &Reading::default()).unwrap();
            let expected: Vec<_> = (1..29).map(|day| f64::from(day) + 0.5).collect();
            prop_assert_eq!(table.column("Close").unwrap(), expected);
        }
    }
}

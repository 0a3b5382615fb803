//! Makes a price table of the bytes of a file: unpacks them, finds the table in the text, and reads its columns.
//!
//! Polars parses the asked columns as text; dates and numbers are made of the text here, because an error
//! must name the line and what it holds, and because only all rows together say how they are to be read.

use std::{io::Cursor, sync::Arc};

use polars::{
    error::PolarsError,
    prelude::{CsvReadOptions, DataFrame, DataType, Schema, SerReader, StringChunked},
};

use super::{
    Calendar, ColumnFault, FileFault, LineFault, Note, PriceTable, Reading,
    column::{self, Kind, shortened},
    dates, doubts, encoding,
    layout::{self, Layout},
    names::Field,
    number::{self, Marks},
    order::Rows,
    packing,
    scan::{self, Outline},
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
    if let Some(unpacked) = &unpacked {
        notes.push(Note::Unpacked { bytes: unpacked.len() });
    }
    let text = encoding::decode(unpacked.as_deref().unwrap_or(bytes))?;
    let text = text.trim_end_matches(['\n', '\r', ' ']);
    if text.trim().is_empty() {
        return Err(FileFault::Empty.into());
    }
    let layout = layout::layout(text, reading, &mut notes)?;
    let outline = scan::outline(layout.table, layout.delimiter, layout.line)?;
    let Some((_, body)) = layout.table.split_once('\n') else { return Err(FileFault::HeaderOnly.into()) };
    let body = Body { text: body, outline, delimiter: layout.delimiter, line: layout.line + 1 };

    let chosen = Chosen::new(&layout, columns, reading, &mut notes)?;
    let frame = body.frame(chosen.projection())?;
    let rows = chosen.rows(&frame, &body, reading, &mut notes)?;
    if rows.dates.is_empty() {
        let columns = column::listed(chosen.names.iter().map(String::as_str));
        return Err(FileFault::NoValues { rows: frame.height(), columns }.into());
    }
    let rows = rows.in_order(&chosen.names, &mut notes)?;
    let calendar = Calendar::of(&rows.dates, reading.calendar);
    doubts::holes(&rows.dates, &calendar, &mut notes);
    tell_jumps(&layout, &body, &chosen, &rows, &mut notes)?;
    let columns = chosen.names.into_iter().zip(rows.values);
    Ok(PriceTable::from_checked(rows.dates, columns, notes, sha256(bytes), calendar))
}

/// Tells where the first column's prices jump, and whether adjusted ones beside them do too.
fn tell_jumps(
    layout: &Layout<'_>,
    body: &Body<'_>,
    chosen: &Chosen,
    rows: &Rows,
    notes: &mut Vec<Note>,
) -> Result<(), Fault> {
    let (Some(name), Some(values)) = (chosen.names.first(), rows.values.first()) else { return Ok(()) };
    if Kind::of(name) == Kind::Volume {
        return Ok(());
    }
    let jumps = doubts::jumps(values);
    if jumps.is_empty() {
        return Ok(());
    }
    let names = layout.names.iter().map(String::as_str);
    let other = Field::AdjustedClose.position(names).filter(|other| !chosen.positions.contains(other));
    let adjusted = match other {
        Some(other) => {
            let frame = body.frame(vec![other])?;
            let texts = frame.columns()[0].str().map_err(parser)?;
            let texts: Vec<Option<&str>> = texts.iter().collect();
            let value = |row: usize| {
                let text = texts.get(rows.lines[row] - body.line).copied().flatten()?;
                number::number(text, chosen.marks(body).ok()?).ok().flatten()
            };
            let jumps = jumps.iter().map(|&row| match (value(row), value(row - 1)) {
                (Some(to), Some(from)) => doubts::is_jump(to / from),
                _ => true,
            });
            Some((layout.names[other].clone(), jumps.collect()))
        }
        None => None,
    };
    doubts::tell_jumps(name, &rows.dates, values, &jumps, adjusted, notes);
    Ok(())
}

/// The lines after the header.
struct Body<'a> {
    text: &'a str,
    outline: Outline,
    delimiter: u8,
    /// The line of the file that they begin with.
    line: usize,
}

impl Body<'_> {
    /// Parses them: one row a line, blank ones included, and one column of text a position, in the order of the positions, which
    /// rise.
    fn frame(&self, projection: Vec<usize>) -> Result<DataFrame, Fault> {
        let schema: Schema = (0..self.outline.fields)
            .map(|position| (position.to_string().into(), DataType::String))
            .collect();
        let quote = self.outline.quoted.then_some(b'"');
        let options = CsvReadOptions::default()
            .with_has_header(false)
            .with_schema(Some(Arc::new(schema)))
            .with_projection(Some(Arc::new(projection)))
            .with_rechunk(false)
            .map_parse_options(|options| options.with_quote_char(quote).with_separator(self.delimiter));
        let reader = options.into_reader_with_file_handle(Cursor::new(self.text.as_bytes()));
        let frame = reader.finish().map_err(parser)?;
        if frame.height() != self.outline.lines - 1 {
            let message = format!("{} rows on {} lines", frame.height(), self.outline.lines - 1);
            return Err(FileFault::Parser(message).into());
        }
        Ok(frame)
    }

    /// Whether numbers can have no other decimal mark than a point: a comma would have parted columns.
    fn is_plain(&self) -> bool {
        self.delimiter == b',' && !self.outline.quoted
    }

    /// All fields with their positions in their lines, without their quotes.
    fn fields(&self) -> impl Iterator<Item = (usize, &str)> {
        let delimiter = char::from(self.delimiter);
        let lines = self.text.lines().flat_map(move |line| {
            let mut quoted = false;
            let parts = line.split(move |character| {
                quoted ^= character == '"';
                character == delimiter && !quoted
            });
            parts.enumerate()
        });
        lines.map(|(position, field)| (position, field.trim().trim_matches('"')))
    }
}

fn parser(error: PolarsError) -> Fault {
    FileFault::Parser(error.to_string()).into()
}

/// The columns to parse, each once.
struct Chosen {
    /// The position of the dates' column in the file.
    date: usize,
    /// That of a column of times beside it.
    time: Option<usize>,
    /// That of a column of tickers.
    ticker: Option<usize>,
    /// The positions of the other columns in the file, in the order asked for.
    positions: Vec<usize>,
    /// Their names in the file, or the names asked for where other ones were taken for them.
    names: Vec<String>,
}

impl Chosen {
    fn new(
        layout: &Layout<'_>,
        columns: &[&str],
        reading: &Reading,
        notes: &mut Vec<Note>,
    ) -> Result<Self, Fault> {
        let names = || layout.names.iter().map(String::as_str);
        let date = date_position(layout, reading)?;
        let time = names().position(|name| Field::of(name) == Some(Field::Time)).filter(|time| *time != date);
        let mut chosen = Self {
            date,
            time,
            ticker: Field::Ticker.position(names()),
            positions: Vec::new(),
            names: Vec::new(),
        };
        if chosen.ticker.is_some_and(|ticker| ticker == date) {
            chosen.ticker = None;
        }
        for wanted in columns.iter().map(|wanted| wanted.trim()) {
            let position = column::position(names(), wanted).map_err(FileFault::Column)?;
            if chosen.positions.contains(&position) {
                continue;
            }
            let found = &layout.names[position];
            let is_same = found.eq_ignore_ascii_case(wanted);
            if !is_same {
                notes.push(Note::Taken { wanted: wanted.to_owned(), found: found.clone() });
            }
            chosen.positions.push(position);
            chosen.names.push(if is_same { found.clone() } else { wanted.to_owned() });
        }
        Ok(chosen)
    }

    /// All positions, rising, as the parser needs them.
    fn projection(&self) -> Vec<usize> {
        let mut all = self.positions.clone();
        all.push(self.date);
        all.extend(self.time);
        all.extend(self.ticker);
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The rows that hold a date and a value in each column; how many others there are is noted.
    fn rows(
        &self,
        frame: &DataFrame,
        body: &Body<'_>,
        reading: &Reading,
        notes: &mut Vec<Note>,
    ) -> Result<Rows, Fault> {
        let kept = self.kept(frame, reading, notes)?;
        let dates = self.dates(frame, body, reading, kept.as_deref(), notes)?;
        let columns = self
            .positions
            .iter()
            .map(|&position| self.text(frame, position))
            .collect::<Result<Vec<_>, _>>()?;
        let mut marks = if body.is_plain() { Marks::PLAIN } else { self.marks(body)? };
        let mut values = self.values(&columns, marks, body.line, kept.as_deref());
        if values.is_err() && body.is_plain() {
            // Perhaps a currency's sign, or blanks between thousands.
            marks = Marks { decimal: '.', grouped: true };
            values = self.values(&columns, marks, body.line, kept.as_deref());
        }
        let values = values?;
        if marks != Marks::PLAIN && !body.is_plain() && (marks.grouped || marks.decimal == ',') {
            notes.push(Note::Marks { decimal: marks.decimal });
        }
        gather(values, &dates, kept.as_deref(), body.line, notes)
    }

    /// Which rows are those of the ticker that is read; `None` for all.
    fn kept(
        &self,
        frame: &DataFrame,
        reading: &Reading,
        notes: &mut Vec<Note>,
    ) -> Result<Option<Vec<bool>>, Fault> {
        let Some(position) = self.ticker else {
            return match &reading.ticker {
                // The header may have chosen it already.
                Some(wanted) if !notes.iter().any(|note| matches!(note, Note::Ticker { .. })) => {
                    let wanted = wanted.clone();
                    Err(FileFault::NoTicker { wanted, tickers: String::new() }.into())
                }
                _ => Ok(None),
            };
        };
        let tickers = self.text(frame, position)?;
        let all = tickers.iter().flatten();
        let chosen = layout::chosen_ticker(all, reading)?;
        if reading.ticker.is_none() {
            return Ok(None);
        }
        let kept: Vec<bool> =
            tickers.iter().map(|ticker| ticker.map(str::trim) == chosen.as_deref()).collect();
        let others = kept.iter().filter(|kept| !**kept).count();
        notes.push(Note::Ticker { ticker: chosen.unwrap_or_default(), others });
        Ok(Some(kept))
    }

    fn dates(
        &self,
        frame: &DataFrame,
        body: &Body<'_>,
        reading: &Reading,
        kept: Option<&[bool]>,
        notes: &mut Vec<Note>,
    ) -> Result<Vec<Option<super::Moment>>, Fault> {
        let mut texts: Vec<Option<&str>> = self.text(frame, self.date)?.iter().collect();
        for (row, text) in texts.iter_mut().enumerate() {
            if kept.is_some_and(|kept| !kept[row]) {
                *text = None;
            }
        }
        let format = reading.date_format.as_deref();
        let Some(time) = self.time else { return Ok(dates::read(&texts, body.line, format, notes)?) };
        let times = self.text(frame, time)?.iter();
        let joined: Vec<Option<String>> = texts
            .iter()
            .zip(times)
            .map(|(date, time)| Some(format!("{} {}", (*date)?, time.unwrap_or_default())))
            .collect();
        let texts: Vec<Option<&str>> = joined.iter().map(Option::as_deref).collect();
        Ok(dates::read(&texts, body.line, format, notes)?)
    }

    /// The decimal mark, from all fields of the file but the dates.
    fn marks(&self, body: &Body<'_>) -> Result<Marks, FileFault> {
        let texts = |fits: &dyn Fn(usize) -> bool| {
            let fields = body.fields().filter(|(position, _)| fits(*position));
            number::marks(fields.map(|(_, text)| text), body.delimiter)
        };
        // Another column may hold what is no number at all.
        texts(&|position| position != self.date)
            .or_else(|_| texts(&|position| self.positions.contains(&position)))
    }

    /// The values of the columns, row by row.
    fn values(
        &self,
        columns: &[&StringChunked],
        marks: Marks,
        first_line: usize,
        kept: Option<&[bool]>,
    ) -> Result<Vec<Vec<Option<f64>>>, (usize, LineFault)> {
        let mut all = Vec::with_capacity(columns.len());
        for (column, name) in columns.iter().zip(&self.names) {
            let kind = Kind::of(name);
            let value = |(row, text): (usize, Option<&str>)| {
                let Some(text) = text.filter(|_| kept.is_none_or(|kept| kept[row])) else { return Ok(None) };
                let read =
                    number::number(text, marks).and_then(|value| value.map(|it| kind.check(it)).transpose());
                read.map_err(|fault| {
                    let (column, found) = (shortened(name), shortened(text.trim()));
                    (first_line + row, LineFault::Value { column, found, fault })
                })
            };
            all.push(column.iter().enumerate().map(value).collect::<Result<Vec<_>, _>>()?);
        }
        Ok(all)
    }

    /// The text of the column at a position of the file.
    fn text<'a>(&self, frame: &'a DataFrame, position: usize) -> Result<&'a StringChunked, Fault> {
        let place = self.projection().partition_point(|&other| other < position);
        frame.columns()[place].str().map_err(parser)
    }
}

/// Takes the rows that have a date and every value.
fn gather(
    values: Vec<Vec<Option<f64>>>,
    dates: &[Option<super::Moment>],
    kept: Option<&[bool]>,
    first_line: usize,
    notes: &mut Vec<Note>,
) -> Result<Rows, Fault> {
    let room = dates.len();
    let columns = values.iter().map(|_| Vec::with_capacity(room)).collect();
    let mut rows = Rows { dates: Vec::with_capacity(room), values: columns, lines: Vec::with_capacity(room) };
    let mut dropped = Vec::new();
    for (row, date) in dates.iter().enumerate() {
        if kept.is_some_and(|kept| !kept[row]) {
            continue;
        }
        let line = first_line + row;
        match date {
            Some(date) if values.iter().all(|column| column[row].is_some()) => {
                rows.dates.push(*date);
                rows.lines.push(line);
                rows.values.iter_mut().zip(&values).for_each(|(kept, column)| kept.extend(column[row]));
            }
            None if values.iter().any(|column| column[row].is_some()) => {
                return Err((line, LineFault::NoDate).into());
            }
            _ => dropped.push(line),
        }
    }
    if let Some(&first_line) = dropped.first() {
        notes.push(Note::Dropped { rows: dropped.len(), first_line });
    }
    Ok(rows)
}

fn date_position(layout: &Layout<'_>, reading: &Reading) -> Result<usize, FileFault> {
    let names = || layout.names.iter().map(String::as_str);
    let wanted = reading.date_column.as_deref().unwrap_or("Date").trim();
    let found = match &reading.date_column {
        None => match Field::Date.position(names()) {
            // The usual name must be there once.
            Some(position) if !layout.names[position].eq_ignore_ascii_case(wanted) => return Ok(position),
            _ => column::position(names(), wanted),
        },
        Some(_) => column::position(names(), wanted),
    };
    found.map_err(|fault| match fault {
        ColumnFault::Missing { columns, .. } if reading.date_column.is_none() => {
            FileFault::NoDates { columns }
        }
        fault => FileFault::Column(fault),
    })
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

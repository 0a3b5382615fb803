//! Which columns of a table are read, and what their cells stand for.

use std::cell::OnceCell;
use std::collections::HashMap;

use super::{
    ColumnFault, FileFault, LineFault, Moment, Note, Reading,
    body::{Body, Cells},
    column::{self, Kind, shortened},
    dates,
    layout::{self, Layout},
    names::Field,
    number::{self, Marks},
    order::Rows,
    parse::Fault,
};

/// The columns to parse, each once.
pub(super) struct Chosen {
    /// The position of the dates' column in the file.
    date: usize,
    /// That of a column of times beside it.
    time: Option<usize>,
    /// That of a column of tickers.
    ticker: Option<usize>,
    /// That of a column of adjusted prices that is not asked for.
    pub(super) adjusted: Option<usize>,
    /// The positions of the other columns in the file, in the order asked for.
    positions: Vec<usize>,
    /// Their names in the file, or the names asked for where other ones were taken for them.
    pub(super) names: Vec<String>,
    /// What [`marks`](Self::marks) has found: a table of many tickers asks for each.
    marks: OnceCell<Marks>,
}

impl Chosen {
    pub(super) fn new(
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
            ticker: Field::Ticker.position(names()).filter(|ticker| *ticker != date),
            adjusted: None,
            positions: Vec::new(),
            names: Vec::new(),
            marks: OnceCell::new(),
        };
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
        let adjusted = Field::AdjustedClose.position(names());
        chosen.adjusted = adjusted.filter(|other| !chosen.positions.contains(other));
        Ok(chosen)
    }

    /// All positions, rising, as the parser needs them.
    pub(super) fn projection(&self) -> Vec<usize> {
        let mut all = self.positions.clone();
        all.push(self.date);
        all.extend(self.time);
        all.extend(self.ticker);
        all.extend(self.adjusted);
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The rows of the ticker that is read; all where the table has one.
    pub(super) fn rows(
        &self,
        cells: &Cells<'_>,
        reading: &Reading,
        notes: &mut Vec<Note>,
    ) -> Result<Vec<usize>, Fault> {
        let all = || (0..cells.height()).collect();
        let Some(position) = self.ticker else {
            return match &reading.ticker {
                // The header may have chosen it already.
                Some(wanted) if !notes.iter().any(|note| matches!(note, Note::Ticker { .. })) => {
                    let wanted = wanted.clone();
                    Err(FileFault::NoTicker { wanted, tickers: String::new() }.into())
                }
                _ => Ok(all()),
            };
        };
        let tickers = cells.column(position);
        let chosen = layout::chosen_ticker(tickers.iter().flatten().copied(), reading)?;
        if reading.ticker.is_none() {
            return Ok(all());
        }
        let is_kept = |row: &usize| tickers[*row].map(str::trim) == chosen.as_deref();
        let kept: Vec<usize> = (0..cells.height()).filter(is_kept).collect();
        let others = cells.height() - kept.len();
        notes.push(Note::Ticker { ticker: chosen.unwrap_or_default(), others });
        Ok(kept)
    }

    /// The rows of each ticker, in the order in which they come first; none where the table has no column of them.
    pub(super) fn rows_by_ticker<'a>(&self, cells: &Cells<'a>) -> Vec<(&'a str, Vec<usize>)> {
        let Some(position) = self.ticker else { return Vec::new() };
        let mut parts: Vec<(&str, Vec<usize>)> = Vec::new();
        let mut places = HashMap::new();
        for (row, ticker) in cells.column(position).iter().enumerate() {
            let Some(ticker) = ticker.map(str::trim).filter(|ticker| !ticker.is_empty()) else { continue };
            let place = *places.entry(ticker).or_insert_with(|| {
                parts.push((ticker, Vec::new()));
                parts.len() - 1
            });
            parts[place].1.push(row);
        }
        parts
    }

    /// Those of some rows that hold a date and a value in each column; how many others there are is noted.
    pub(super) fn read(
        &self,
        rows: &[usize],
        cells: &Cells<'_>,
        body: &Body<'_>,
        reading: &Reading,
        notes: &mut Vec<Note>,
    ) -> Result<Rows, Fault> {
        let lines: Vec<usize> = rows.iter().map(|row| body.line + row).collect();
        let dates = self.dates(rows, &lines, cells, reading, notes)?;
        let mut marks = if body.is_plain() { Marks::PLAIN } else { self.marks(body, cells)? };
        let mut values = self.values(rows, &lines, cells, marks);
        if values.is_err() && body.is_plain() {
            // Perhaps a currency's sign, or blanks between thousands.
            marks = Marks { decimal: '.', grouped: true };
            values = self.values(rows, &lines, cells, marks);
        }
        let values = values?;
        if marks != Marks::PLAIN && !body.is_plain() && (marks.grouped || marks.decimal == ',') {
            notes.push(Note::Marks { decimal: marks.decimal });
        }
        gather(&values, &dates, &lines, notes)
    }

    fn dates(
        &self,
        rows: &[usize],
        lines: &[usize],
        cells: &Cells<'_>,
        reading: &Reading,
        notes: &mut Vec<Note>,
    ) -> Result<Vec<Option<Moment>>, Fault> {
        let dates = cells.column(self.date);
        let texts: Vec<Option<&str>> = rows.iter().map(|&row| dates[row]).collect();
        let format = reading.date_format.as_deref();
        let Some(time) = self.time else { return Ok(dates::read(&texts, lines, format, notes)?) };
        let times = cells.column(time);
        let joined: Vec<Option<String>> = texts
            .iter()
            .zip(rows)
            .map(|(date, &row)| Some(format!("{} {}", (*date)?, times[row].unwrap_or_default())))
            .collect();
        let texts: Vec<Option<&str>> = joined.iter().map(Option::as_deref).collect();
        Ok(dates::read(&texts, lines, format, notes)?)
    }

    /// The decimal mark, from all fields of the file but the dates.
    pub(super) fn marks(&self, body: &Body<'_>, cells: &Cells<'_>) -> Result<Marks, FileFault> {
        if let Some(marks) = self.marks.get() {
            return Ok(*marks);
        }
        let all = body.fields().filter(|(position, _)| *position != self.date);
        let found = number::marks(all.map(|(_, text)| text), body.delimiter).or_else(|_| {
            // Another column may hold what is no number at all.
            let own = self.positions.iter().flat_map(|position| cells.column(*position).iter().flatten());
            number::marks(own.map(|text| text.trim()), body.delimiter)
        })?;
        Ok(*self.marks.get_or_init(|| found))
    }

    /// The values of the columns, row by row.
    fn values(
        &self,
        rows: &[usize],
        lines: &[usize],
        cells: &Cells<'_>,
        marks: Marks,
    ) -> Result<Vec<Vec<Option<f64>>>, (usize, LineFault)> {
        let mut all = Vec::with_capacity(self.positions.len());
        for (position, name) in self.positions.iter().zip(&self.names) {
            let (kind, column) = (Kind::of(name), cells.column(*position));
            let value = |(row, line): (&usize, &usize)| {
                let Some(text) = column[*row] else { return Ok(None) };
                let read =
                    number::number(text, marks).and_then(|value| value.map(|it| kind.check(it)).transpose());
                read.map_err(|fault| {
                    let (column, found) = (shortened(name), shortened(text.trim()));
                    (*line, LineFault::Value { column, found, fault })
                })
            };
            all.push(rows.iter().zip(lines).map(value).collect::<Result<Vec<_>, _>>()?);
        }
        Ok(all)
    }
}

/// Takes the rows that have a date and every value.
fn gather(
    values: &[Vec<Option<f64>>],
    dates: &[Option<Moment>],
    lines: &[usize],
    notes: &mut Vec<Note>,
) -> Result<Rows, Fault> {
    let room = dates.len();
    let columns = values.iter().map(|_| Vec::with_capacity(room)).collect();
    let mut rows = Rows { dates: Vec::with_capacity(room), values: columns, lines: Vec::with_capacity(room) };
    let mut dropped = Vec::new();
    for (row, (date, &line)) in dates.iter().zip(lines).enumerate() {
        match date {
            Some(date) if values.iter().all(|column| column[row].is_some()) => {
                rows.dates.push(*date);
                rows.lines.push(line);
                rows.values.iter_mut().zip(values).for_each(|(kept, column)| kept.extend(column[row]));
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

//! A table of prices: one row a day, hour, week or month, in order, and the columns that were asked for.

use std::fmt;

use super::{
    Calendar, Exchange, Moment, Note, PriceError, TableFault,
    column::{self, Kind},
};
use crate::checksum::sha256;

/// Prices by day, or by hour, week, month. There is at least one row, dates rise strictly, every price is above zero and finite, and
/// every volume is at least zero.
#[derive(Clone, Debug, PartialEq)]
pub struct PriceTable {
    dates: Vec<Moment>,
    columns: Vec<Column>,
    notes: Vec<Note>,
    sha256: String,
    calendar: Calendar,
}

#[derive(Clone, Debug, PartialEq)]
struct Column {
    name: String,
    values: Vec<f64>,
}

// There is no `is_empty`: a table holds at least one row.
#[allow(clippy::len_without_is_empty)]
impl PriceTable {
    /// A table of values in memory. Its checksum is that of its text as CSV.
    ///
    /// # Errors
    ///
    /// When there is no row, a column has not one value a date, the dates do not rise, a price is not above
    /// zero and finite, a volume is negative, or two columns have one name or one has none.
    pub fn from_columns(dates: Vec<Moment>, columns: Vec<(String, Vec<f64>)>) -> Result<Self, PriceError> {
        if dates.is_empty() {
            return Err(TableFault::NoRows.into());
        }
        if let Some(row) = (1..dates.len()).find(|&row| dates[row] <= dates[row - 1]) {
            return Err(TableFault::Order { row: row + 1, date: dates[row] }.into());
        }
        for (name, values) in &columns {
            if name.trim() != name || name.is_empty() || name.contains(char::is_control) {
                return Err(TableFault::Name(name.clone()).into());
            }
            check_values(name, values, dates.len())?;
            column::position(columns.iter().map(|(name, _)| name.as_str()), name)?;
        }
        let columns = columns.into_iter().map(|(name, values)| Column { name, values }).collect();
        let calendar = Calendar::of(&dates, None);
        let mut table = Self { dates, columns, notes: Vec::new(), sha256: String::new(), calendar };
        table.sha256 = sha256(table.to_csv().as_bytes());
        Ok(table)
    }

    /// A table of rows that the reader has checked.
    pub(super) fn from_checked(
        dates: Vec<Moment>,
        columns: impl Iterator<Item = (String, Vec<f64>)>,
        notes: Vec<Note>,
        sha256: String,
        calendar: Calendar,
    ) -> Self {
        let columns = columns.map(|(name, values)| Column { name, values }).collect();
        Self { dates, columns, notes, sha256, calendar }
    }

    /// The number of rows, at least 1.
    pub fn len(&self) -> usize {
        self.dates.len()
    }

    /// The moment of each row: a day, with a time where there are several rows a day.
    pub fn dates(&self) -> &[Moment] {
        &self.dates
    }

    /// The names of the columns, as they are written in the file, without the date's.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// The values of a column: of the one with exactly this name, or else of the only one with this name in
    /// other letter case.
    ///
    /// # Errors
    ///
    /// When no column has the name, or several have it in other letter case.
    pub fn column(&self, name: &str) -> Result<&[f64], PriceError> {
        Ok(&self.columns[column::position(self.names(), name)?].values)
    }

    /// When the series has prices: how often, on which days, and whose holidays it keeps.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The same table, whose days to come leave out the holidays of an exchange.
    pub fn with_exchange(self, exchange: Exchange) -> Self {
        Self { calendar: Calendar::of(&self.dates, Some(exchange)), ..self }
    }

    /// What was found and changed on reading.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The SHA-256 of the file that the table was read from, as 64 hexadecimal digits. A table made in
    /// memory has that of the file that [`write_csv`](super::write_csv) writes.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The table as text: what [`write_csv`](super::write_csv) writes. Every number is written with as many
    /// digits as it takes to read the same number back.
    pub fn to_csv(&self) -> String {
        let mut text = String::from("Date");
        for name in self.names() {
            text.push(',');
            text += &quoted(name);
        }
        text.push('\n');
        for (row, date) in self.dates.iter().enumerate() {
            text += &date.to_string();
            for column in &self.columns {
                text.push(',');
                text += &column.values[row].to_string();
            }
            text.push('\n');
        }
        text
    }

    pub(super) fn name(&self, position: usize) -> &str {
        &self.columns[position].name
    }

    pub(super) fn values(&self, position: usize) -> &[f64] {
        &self.columns[position].values
    }
}

impl fmt::Display for PriceTable {
    /// `140 days, 2016-01-04 to 2016-07-15, without weekends, the usual holidays`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = (self.dates[0], self.dates[self.len() - 1]);
        let (unit, days) = (self.calendar.frequency().unit(), self.calendar.to_string());
        let ending = if self.len() == 1 { "" } else { "s" };
        let comma = if days.is_empty() { "" } else { ", " };
        write!(f, "{} {unit}{ending}, {first} to {last}{comma}{days}", self.len())
    }
}

fn check_values(name: &str, values: &[f64], dates: usize) -> Result<(), TableFault> {
    if values.len() != dates {
        return Err(TableFault::Length { column: name.to_owned(), values: values.len(), dates });
    }
    let kind = Kind::of(name);
    for (row, &value) in values.iter().enumerate() {
        kind.check(value).map_err(|fault| TableFault::Value {
            row: row + 1,
            column: name.to_owned(),
            value,
            fault,
        })?;
    }
    Ok(())
}

fn quoted(name: &str) -> String {
    if name.contains([',', '"']) { format!("\"{}\"", name.replace('"', "\"\"")) } else { name.to_owned() }
}

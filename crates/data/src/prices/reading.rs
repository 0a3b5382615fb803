//! What a caller may say of a table where the table itself does not.

use serde::{Deserialize, Serialize};

use super::Exchange;

/// How to read a table. The default finds out everything from the table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reading {
    /// The column of dates; absent, the one with a usual name.
    pub date_column: Option<String>,
    /// The form of dates, as `strftime` has it (`%d/%m/%Y`); absent, the one that fits every row.
    pub date_format: Option<String>,
    /// The one of several series in a table that is read.
    pub ticker: Option<String>,
    /// Whose holidays the days to come leave out; absent, those of the exchange that the series itself keeps.
    pub calendar: Option<Exchange>,
}

impl Reading {
    /// Takes from another what this one leaves open.
    pub fn fill(&mut self, other: &Self) {
        let Self { date_column, date_format, ticker, calendar } = other.clone();
        self.date_column = self.date_column.take().or(date_column);
        self.date_format = self.date_format.take().or(date_format);
        self.ticker = self.ticker.take().or(ticker);
        self.calendar = self.calendar.or(calendar);
    }
}

//! Why prices cannot be read, used or written: what failed, where, what was found, and what to do.

use std::{io, path::PathBuf};

use time::Date;

use super::{MAX_FILE_BYTES, MAX_KINDS, Moment, ValueFault};

/// Why prices cannot be read, used or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PriceError {
    /// A file cannot be used as a whole.
    #[error("`{}`: {fault}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        fault: FileFault,
    },
    /// A line of a file cannot be used.
    #[error("`{}`, line {line}: {fault}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        fault: LineFault,
    },
    /// Two of several series have one name.
    #[error("two of the prices are called `{0}`; name each once")]
    Twice(String),
    /// A table does not hold the column asked for.
    #[error(transparent)]
    Column(#[from] ColumnFault),
    /// Values in memory make no table.
    #[error(transparent)]
    Table(#[from] TableFault),
    /// A table cannot be cut into the windows asked for.
    #[error(transparent)]
    Window(#[from] WindowFault),
    /// A file cannot be written.
    #[error("`{}`: cannot be written: {reason}; check its folder, permissions and free space", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
}

/// What is wrong with a whole file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileFault {
    /// There is no such file.
    #[error("no such file; check the path")]
    Missing,
    /// The path is a folder's.
    #[error("this is a folder; name the CSV file in it")]
    Folder,
    /// The path is that of a device or pipe.
    #[error("this is no regular file; write its content to a CSV file, or pass it through standard input")]
    Irregular,
    /// The system refuses to open or read the file.
    #[error("cannot be read: {0}; check the path and its permissions")]
    Io(io::Error),
    /// The file has more than [`MAX_FILE_BYTES`].
    #[error("holds {0} bytes, more than the {MAX_FILE_BYTES} that are read; keep only the columns needed")]
    TooLarge(u64),
    /// The file holds nothing.
    #[error("the file is empty; expected a header such as `Date,Open,High,Low,Close,Adj Close,Volume`")]
    Empty,
    /// No row follows the header.
    #[error("holds a header but no rows; expected a row for each day, or hour, week or month")]
    HeaderOnly,
    /// What the file is packed in is damaged.
    #[error("is packed with {kind} and cannot be unpacked: {reason}; fetch the file again")]
    Packed {
        /// What it is packed in.
        kind: &'static str,
        /// What is wrong.
        reason: io::Error,
    },
    /// What the file is packed in holds more than is unpacked.
    #[error(
        "unpacks to more than {0} bytes, which is no table of prices to be expected; unpack it, and keep only the columns needed"
    )]
    Unpacked(u64),
    /// A zip archive holds no file, or several.
    #[error("{}", members(.0))]
    Members(Vec<String>),
    /// The file is a spreadsheet.
    #[error("is a spreadsheet; save its sheet as CSV")]
    Spreadsheet,
    /// The file is a Parquet table.
    #[error("is a Parquet table; save it as CSV")]
    Parquet,
    /// The file begins as UTF-16 and is none.
    #[error("begins as UTF-16 text but is none; save it as CSV in UTF-8")]
    Utf16,
    /// A server's message, as JSON, stands in place of a table.
    #[error(
        "holds no table but JSON, such as a server sends for an error: `{0}`; fetch the file again, as CSV"
    )]
    Json(String),
    /// A page of the web stands in place of a table.
    #[error(
        "holds no table but a web page, such as a server sends for an error: `{0}`; fetch the file again, as CSV"
    )]
    Page(String),
    /// The table begins with its rows.
    #[error(
        "has no header: its first line is {columns}; write the names of the columns, such as `Date,Close`, above it"
    )]
    NoHeader {
        /// The fields of the first line.
        columns: String,
    },
    /// The numbers have a decimal point in one place and a decimal comma in another.
    #[error(
        "has numbers with a decimal point (`{point}`) and with a decimal comma (`{comma}`); write all of them in one way"
    )]
    Marks {
        /// A number with a decimal point, or with commas between thousands.
        point: String,
        /// A number with a decimal comma, or with points between thousands.
        comma: String,
    },
    /// The table has the prices of several things.
    #[error("holds the prices of {count} tickers, which are no one series: {tickers}; choose one of them")]
    Tickers {
        /// How many.
        count: usize,
        /// Their names, at most ten.
        tickers: String,
        /// The names of all.
        names: Vec<String>,
    },
    /// The table does not have the ticker asked for.
    #[error("no ticker `{wanted}`; {}", if tickers.is_empty() { "the table names none".to_owned() } else { format!("the tickers are {tickers}") })]
    NoTicker {
        /// The ticker asked for.
        wanted: String,
        /// The ones that there are, at most ten; empty where the table names none.
        tickers: String,
    },
    /// Each row lacks a value.
    #[error("none of the {rows} rows holds a value in each column of {columns}; choose other columns")]
    NoValues {
        /// The number of rows.
        rows: usize,
        /// The columns asked for.
        columns: String,
    },
    /// There is no column of dates.
    #[error("no column of dates, such as `Date`, in the header; its columns are {columns}")]
    NoDates {
        /// The columns that there are.
        columns: String,
    },
    /// The column asked for is not in the header.
    #[error(transparent)]
    Column(ColumnFault),
    /// A table of events has none.
    #[error("holds no event; expected a date and a kind in each row")]
    NoEvents,
    /// There are too many kinds of events.
    #[error("holds {0} kinds of events, more than the {MAX_KINDS} that are read; keep those that matter")]
    TooManyKinds(usize),
    /// The CSV parser refuses the file.
    #[error("is no CSV table: {0}")]
    Parser(String),
}

fn members(names: &[String]) -> String {
    if names.is_empty() {
        return "is a zip archive without a file in it; fetch it again".to_owned();
    }
    let listed = super::column::listed(names.iter().map(String::as_str));
    format!("is a zip archive of {} files, {listed}; unpack it and name one of them", names.len())
}

/// What is wrong with one line of a file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LineFault {
    /// A byte is not UTF-8.
    #[error("byte {byte} of the line is not UTF-8; save the file as CSV in UTF-8")]
    NotUtf8 {
        /// The byte's position in its line, counted from 1.
        byte: usize,
    },
    /// A quote opens or closes in the wrong place.
    #[error("a quote opens inside a field, or is not closed on its line; correct the quotes")]
    Quotes,
    /// The line has another number of fields than the header.
    #[error("{found} fields where the header has {expected}; {}", fields(*found, *expected, *delimiter))]
    Fields {
        /// The number of fields in the line.
        found: usize,
        /// The number of fields in the header.
        expected: usize,
        /// What parts the columns.
        delimiter: char,
    },
    /// There are values, but no date.
    #[error("no date; write one, or remove the line")]
    NoDate,
    /// An event has a date, but no kind.
    #[error("the event has no kind; write one in its column")]
    NoKind,
    /// The date's text is no date.
    #[error("`{0}` is no date that is understood; write dates as year-month-day, such as 2017-12-29")]
    Date(String),
    /// The date is not written as those above it.
    #[error(
        "`{found}` is no date in the form of those above it, such as `{usual}`; correct the line or remove it"
    )]
    OtherDate {
        /// The text.
        found: String,
        /// The first date of the column.
        usual: String,
    },
    /// The date is not in the form asked for.
    #[error("`{found}` is no date of the form `{format}`; correct the line or the form")]
    DateFormat {
        /// The text.
        found: String,
        /// The form.
        format: String,
    },
    /// All dates can be read in two ways.
    #[error(
        "`{found}` may be {} ({}) or {} ({}), and no row of the column decides; say which form it is",
        readings[0].0, readings[0].1, readings[1].0, readings[1].1
    )]
    AmbiguousDate {
        /// The text.
        found: String,
        /// The day that it is in either form, and the form as `strftime` has it.
        readings: [(Date, String); 2],
    },
    /// A value cannot be used.
    #[error("column `{column}` holds `{found}`, {fault}; correct the line or remove it")]
    Value {
        /// The column.
        column: String,
        /// The text in it.
        found: String,
        /// What is wrong with it.
        fault: ValueFault,
    },
    /// Two lines give different values for one day.
    #[error(
        "{date} has {found} in column `{column}`, but {earlier} on line {earlier_line}; remove the wrong one, or keep the rows of \
         one series alone"
    )]
    Contradiction {
        /// The moment.
        date: Moment,
        /// The column in which the lines differ.
        column: String,
        /// The value on this line.
        found: f64,
        /// The value on the earlier line.
        earlier: f64,
        /// The earlier line.
        earlier_line: usize,
    },
}

fn fields(found: usize, expected: usize, delimiter: char) -> &'static str {
    match delimiter {
        _ if found < expected => "if the file was cut short, fetch it again, else remove the line",
        ',' => "put a number with commas in it in quotes, or part the columns by semicolons",
        _ => "put a text with the delimiter in it in quotes",
    }
}

/// Why a name is no column's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ColumnFault {
    /// No column has the name.
    #[error("no column `{wanted}`; the columns are {columns}")]
    Missing {
        /// The name asked for.
        wanted: String,
        /// The columns that there are, at most ten by name.
        columns: String,
    },
    /// More than one column has the name.
    #[error("column `{wanted}` could be column {first} or column {second}; rename one of them")]
    Ambiguous {
        /// The name asked for.
        wanted: String,
        /// The first column that fits, counted from 1.
        first: usize,
        /// The second one.
        second: usize,
    },
}

/// Why values in memory make no table.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TableFault {
    /// There is no row.
    #[error("a price table needs at least one row")]
    NoRows,
    /// A column's name is empty, begins or ends with a space, or has a control character.
    #[error("{0:?} cannot name a column; use text without line ends and without spaces around it")]
    Name(String),
    /// A column has not one value a date.
    #[error("column `{column}` holds {values} values for {dates} dates; give one value a date")]
    Length {
        /// The column.
        column: String,
        /// The number of its values.
        values: usize,
        /// The number of dates.
        dates: usize,
    },
    /// The dates do not rise from row to row.
    #[error("row {row} of {date} does not come after the row before it; give each date once, in order")]
    Order {
        /// The row, counted from 1.
        row: usize,
        /// Its date.
        date: Moment,
    },
    /// A value cannot be used.
    #[error("row {row}: column `{column}` holds {value}, {fault}")]
    Value {
        /// The row, counted from 1.
        row: usize,
        /// The column.
        column: String,
        /// The value in it.
        value: f64,
        /// What is wrong with it.
        fault: ValueFault,
    },
}

/// Why a table cannot be cut into the windows asked for.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum WindowFault {
    /// A window of no or one step.
    #[error(
        "a window of {0} cannot be used; choose 2 or more steps, because one step divided by the window's \
         last price is always 1"
    )]
    Short(usize),
    /// The table has too few rows.
    #[error(
        "{rows} rows are too few for a window of {window}, which needs at least {needed}; choose a shorter \
         window or a longer series"
    )]
    Rows {
        /// The number of rows.
        rows: usize,
        /// The window asked for.
        window: usize,
        /// The number of rows that it needs.
        needed: usize,
    },
    /// A column is used twice.
    #[error("column `{0}` is named twice among target and features; name each column once")]
    Repeated(String),
    /// The target is a volume.
    #[error("column `{0}` cannot be the target, because a volume may be zero; choose a column of prices")]
    Volume(String),
    /// The windows need more memory than is taken.
    #[error(
        "{windows} windows of {window} steps with {features} features are more than the {limit} numbers \
         that are held; choose a shorter window"
    )]
    Memory {
        /// The number of windows.
        windows: usize,
        /// The window asked for.
        window: usize,
        /// The number of features.
        features: usize,
        /// The largest count of numbers.
        limit: usize,
    },
    /// A scaled value does not fit 32 bits.
    #[error(
        "column `{column}` up to {date} spans too many orders of magnitude for a window; check its values"
    )]
    Span {
        /// The column.
        column: String,
        /// The date of the window's last step or of its target.
        date: Moment,
    },
    /// A window cannot be moved on by such a price.
    #[error("a predicted price of {0} is not above zero and finite, so no further day can be predicted")]
    Prediction(f64),
    /// A window cannot be moved on past the calendar's end.
    #[error("no day can be predicted after {0}, the end of the calendar")]
    Calendar(Moment),
}

//! Prices by day, or by hour, week or month: reading them, cutting them into scaled windows, and a demo series.
//!
//! [`read_csv`], [`read`](read()) or [`demo`](demo()) makes a [`PriceTable`]; [`Windows::new`] cuts it into the samples to
//! learn from, and [`LatestWindow::new`] takes the newest window, whose target is not known yet.

mod body;
mod calendar;
mod chosen;
mod clock;
mod column;
mod dates;
mod demo;
mod doubts;
mod encoding;
mod error;
mod events;
mod frequency;
mod holidays;
mod known;
mod latest;
mod layout;
mod moment;
mod names;
mod note;
mod number;
mod order;
mod packing;
mod parse;
mod read;
mod reading;
mod scale;
mod scan;
mod several;
mod table;
mod value;
mod windows;
mod write;

pub use calendar::{Calendar, next_weekday};
pub use demo::{DEMO_DAYS, MAX_DEMO_DAYS, demo, demo_floor, demo_naive};
pub use error::{ColumnFault, FileFault, LineFault, PriceError, TableFault, WindowFault};
pub use events::{Events, MAX_KINDS, NoDay, UnknownEvent};
pub use frequency::Frequency;
pub use holidays::Exchange;
pub use known::KnownInputs;
pub use latest::LatestWindow;
pub use moment::Moment;
pub use note::Note;
pub use read::{MAX_FILE_BYTES, read, read_csv, read_from};
pub use reading::Reading;
pub use several::{NamedPrices, checksum, read_all};
pub use table::PriceTable;
pub use time::Date;
pub use value::ValueFault;
pub use windows::{WindowSpec, Windows};
pub use write::write_csv;

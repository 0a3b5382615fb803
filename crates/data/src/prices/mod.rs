//! Daily prices: reading them, cutting them into scaled windows, and a demo series.
//!
//! [`read_csv`] or [`demo`](demo()) makes a [`PriceTable`]; [`Windows::new`] cuts it into the samples to
//! learn from, and [`LatestWindow::new`] takes the newest window, whose target is not known yet.

mod calendar;
mod column;
mod demo;
mod error;
mod latest;
mod note;
mod order;
mod parse;
mod read;
mod scale;
mod scan;
mod table;
mod value;
mod windows;
mod write;

pub use calendar::next_weekday;
pub use demo::{DEMO_DAYS, MAX_DEMO_DAYS, demo, demo_floor, demo_naive};
pub use error::{ColumnFault, FileFault, LineFault, PriceError, TableFault, WindowFault};
pub use latest::LatestWindow;
pub use note::Note;
pub use read::{MAX_FILE_BYTES, read_csv};
pub use table::PriceTable;
pub use time::Date;
pub use value::ValueFault;
pub use windows::{WindowSpec, Windows};
pub use write::write_csv;

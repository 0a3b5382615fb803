//! A classifier's training and judgement for people: charts, tables and sections of a page, and text for a terminal. Nothing
//! is written here; what a run says of its settings is the program's.

mod charts;
mod examples;
mod facts;
mod sections;
mod tables;
mod text;
mod verdict;

pub use charts::Charts;
pub use examples::{Example, examples};
pub use facts::facts;
pub use sections::{moved, result, training};
pub use text::{judgement_text, metrics_text};
pub use verdict::{Colours, Look};

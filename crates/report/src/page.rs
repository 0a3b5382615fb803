//! The report of a run: one HTML page that needs nothing but itself.
//!
//! A program builds it of sections and blocks; everything it is given is text and is escaped. The page has no
//! script and loads nothing. What a run's figures mean is for the program to say.

mod html;
mod report;
mod table;

pub use report::{Report, Section};
pub use table::{Cell, Column, Table};

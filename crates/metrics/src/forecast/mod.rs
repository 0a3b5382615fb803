//! How good one-step forecasts of a price are, or of any positive series: beside "tomorrow = today", and with an interval.
//!
//! A price barely moves in a day, so a forecast that repeats today's price looks close on any chart. What counts is whether a
//! forecaster beats that, and whether the lead could be chance.

mod diebold_mariano;
mod interval;
mod scores;
mod windows;

pub use diebold_mariano::{DieboldMariano, diebold_mariano, diebold_mariano_of_losses};
pub use interval::{IntervalError, PATHS, Range, fan, residuals, scaled_fan};
pub use scores::{Scores, naive_mae, skill, up_days};
pub use windows::{ForecastError, PriceWindows};

//! The models of variance: from "as it was" to a ridge regression on a month of days.

mod ewma;
mod garch;
mod har;
mod log_regression;
mod random_walk;
mod ridge;

pub use ewma::{Ewma, Smoothed};
pub use garch::{FittedGarch, Garch, GarchKind, GarchParameters};
pub use har::{FittedHar, Har, Scale};
pub use log_regression::Retransformation;
pub use random_walk::RandomWalk;
pub use ridge::{FittedRidge, PENALTIES, Penalty, Ridge};

//! The level of all tests.

/// The p-value below which a difference counts as more than chance.
pub const LEVEL: f64 = 0.05;

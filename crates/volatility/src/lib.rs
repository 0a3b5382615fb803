#![doc = include_str!("../README.md")]

mod bars;
pub mod conformal;
mod days;
mod error;
mod features;
mod horizons;
mod measured;
mod model;
pub mod models;
mod optimise;
mod proxy;
pub mod quantiles;
mod refits;
pub mod simulate;

pub use bars::Bars;
pub use days::Days;
pub use error::VolatilityError;
pub use horizons::{Ahead, HORIZONS, LONGEST, realised};
pub use measured::{Doubt, Gauge, Measured};
pub use model::{FittedVariance, VarianceModel, forecast, walk};
pub use proxy::Proxy;
pub use recurrent_seed::Seed;
pub use refits::{Refits, Segment};

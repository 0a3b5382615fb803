//! Variances that follow the returns: GARCH, GJR-GARCH and EGARCH with Student's t, by maximum likelihood.
//!
//! `kind.rs` has the recursions, `parameters.rs` the parameters and how a search sees them, `likelihood.rs` how likely
//! returns are, `fit.rs` the search, `fitted.rs` the forecasts.

mod fit;
mod fitted;
mod kind;
mod likelihood;
mod parameters;

pub use fit::Garch;
pub use fitted::FittedGarch;
pub use kind::GarchKind;
pub use parameters::GarchParameters;

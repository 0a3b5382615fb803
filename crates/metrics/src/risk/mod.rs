//! How good forecasts of risk are: of the variance of a price's next days, and of the quantiles of its next return.
//!
//! A variance is never seen, only an estimate of it with much noise. So it is judged by losses that rank forecasts by
//! the true variance although the estimate alone is known (Patton 2011): QLIKE, and squared errors. Whether a lead
//! could be chance says [`diebold_mariano_of_losses`](crate::forecast::diebold_mariano_of_losses).

mod coverage;
mod error;
mod quantiles;
mod variance;

pub use coverage::{Coverage, LikelihoodRatio};
pub use error::RiskError;
pub use quantiles::{crps_of_quantiles, crps_of_sample, mean_pinball, pinball};
pub use variance::{MincerZarnowitz, VarianceScores, WORST_DAYS, qlike, qlike_losses};

//! Markets whose variance is known: to see whether a model finds it again.

use rand_distr::{Distribution, StandardNormal, StudentT};
use recurrent_seed::Seed;
use serde::{Deserialize, Serialize};

use crate::{
    days::Days,
    error::VolatilityError,
    features::means,
    horizons::LONGEST,
    models::{GarchKind, GarchParameters},
};

/// Keeps the draws here apart from others under the same seed.
const STREAM: u64 = u64::from_be_bytes(*b"variance");

/// How many days are simulated and left out before the first, so that it does not matter how they begin.
const WARM_UP: usize = 500;

/// A simulated market.
#[derive(Clone, Debug, PartialEq)]
pub struct Simulated {
    returns: Vec<f64>,
    variances: Vec<f64>,
    expected: Vec<f64>,
}

impl Simulated {
    /// The returns, with the true variances in the place of estimates.
    pub fn days(&self) -> Days<'_> {
        Days { returns: &self.returns, variances: &self.variances } // checked when it was made
    }

    /// The variance of each day as the true process forecasts it the evening before, `[days]`.
    pub fn expected(&self) -> &[f64] {
        &self.expected
    }

    fn checked(returns: Vec<f64>, variances: Vec<f64>, expected: Vec<f64>) -> Result<Self, VolatilityError> {
        Days::new(&returns, &variances)?;
        let from = |mut values: Vec<f64>| values.split_off(WARM_UP);
        Ok(Self { returns: from(returns), variances: from(variances), expected: from(expected) })
    }
}

/// Returns of a model of the GARCH family, whose variance is a function of the returns before: what the process expects
/// is what comes.
///
/// ```
/// use recurrent_volatility::{Seed, models::{GarchKind, GarchParameters}, simulate};
///
/// let parameters = GarchParameters { mean: 0.0, omega: 2e-6, alpha: 0.08, gamma: 0.0, beta: 0.9, freedom: 8.0 };
/// let market = simulate::garch(GarchKind::Garch, &parameters, 250, Seed(1))?;
/// assert_eq!(market.days().len(), 250);
/// # Ok::<(), recurrent_volatility::VolatilityError>(())
/// ```
///
/// # Errors
///
/// When the degrees of freedom are not above 2, or the variances do not stay positive, finite numbers.
pub fn garch(
    kind: GarchKind,
    parameters: &GarchParameters,
    days: usize,
    seed: Seed,
) -> Result<Simulated, VolatilityError> {
    let setting = || VolatilityError::Setting {
        setting: "the number of degrees of freedom",
        value: parameters.freedom,
        expected: "above 2",
    };
    if parameters.freedom.is_nan() || parameters.freedom <= 2.0 {
        return Err(setting());
    }
    let student = StudentT::new(parameters.freedom).map_err(|_| setting())?;
    let scale = ((parameters.freedom - 2.0) / parameters.freedom).sqrt();
    let mut stream = seed.stream(&[STREAM, 0]);
    let mut state = kind.at_rest(parameters);
    let (mut returns, mut variances) = (Vec::new(), Vec::new());
    for _ in 0..WARM_UP + days {
        let variance = kind.variance(state);
        let residual = variance.sqrt() * scale * student.sample(&mut stream);
        returns.push(parameters.mean + residual);
        variances.push(variance);
        state = kind.next(parameters, state, residual);
    }
    Simulated::checked(returns, variances.clone(), variances)
}

/// The parameters of [`log_har`]: `ln v = constant + day ln v_1 + week ln v_5 + month ln v_22 + noise e`, with `e`
/// standard normal, and returns `sqrt(v) z`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogHar {
    /// What is added.
    pub constant: f64,
    /// The weight of the last day.
    pub day: f64,
    /// The weight of the mean of five days.
    pub week: f64,
    /// The weight of the mean of 22 days.
    pub month: f64,
    /// The deviation of what is new each day.
    pub noise: f64,
}

impl Default for LogHar {
    /// Much as a stock index: a return of one per cent a day, variances that vary by a factor of two from day to day.
    fn default() -> Self {
        Self { constant: -0.7, day: 0.3, week: 0.35, month: 0.27, noise: 0.6 }
    }
}

/// Returns whose variance follows the heterogeneous autoregression in logarithms and is seen at the end of each day.
///
/// # Errors
///
/// When the variances do not stay positive, finite numbers, as with weights whose sum is above 1.
pub fn log_har(parameters: &LogHar, days: usize, seed: Seed) -> Result<Simulated, VolatilityError> {
    let p = parameters;
    let mut stream = seed.stream(&[STREAM, 1]);
    let rest = (p.constant / (1.0 - p.day - p.week - p.month)).exp();
    let (mut returns, mut variances, mut expected) = (Vec::new(), vec![rest; LONGEST], vec![rest; LONGEST]);
    for day in 0..WARM_UP + days {
        if day >= LONGEST {
            let [last, week, month] = means(&variances, day).map(f64::ln);
            let log = p.constant + p.day * last + p.week * week + p.month * month;
            let new: f64 = StandardNormal.sample(&mut stream);
            variances.push((log + p.noise * new).exp());
            expected.push((log + p.noise * p.noise / 2.0).exp());
        }
        let z: f64 = StandardNormal.sample(&mut stream);
        returns.push(variances[day].sqrt() * z);
    }
    Simulated::checked(returns, variances, expected)
}

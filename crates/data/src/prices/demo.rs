//! A price series made from a seed, by a process whose best forecast and its error are known.
//!
//! The logarithm of the close moves by r, and each day gives back most of the move of the day before:
//!
//! ```text
//! r_t = mu + phi (r_{t-1} - mu) + sigma e_t      e_t standard normal, phi negative
//! ```
//!
//! (an autoregressive process of order 1; Box and Jenkins 1970). Negative phi keeps the series within
//! plausible prices over years, where a positive one of the same strength lets it run to any height. Volatility
//! is twice that of a share index, so that a model learns the pattern in few epochs. Closes are rounded to
//! cents, as quoted ones are, which adds less than a thousandth to the errors given here.

use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use rand_distr::{Distribution, StandardNormal};
use time::{Date, macros::date};

use super::{PriceTable, next_weekday};

/// The usual length of the demo series: as many days as 17 years of trading have.
pub const DEMO_DAYS: usize = 4276;

/// The longest demo series.
pub const MAX_DEMO_DAYS: usize = 100_000;

const MU: f64 = 0.0002;
const PHI: f64 = -0.7;
const SIGMA: f64 = 0.02;

/// The day before the first one, and its close.
const START: (Date, f64) = (date!(2001 - 01 - 01), 10_000.0);

/// Makes a series of weekdays from 2001-01-02 on, with Yahoo's columns. A shorter series of the same seed is
/// the beginning of a longer one.
///
/// The open is the close of the day before and noise, high and low enclose open and close, and the volume is
/// noise: none of them says more of the next close than the closes do.
///
/// # Panics
///
/// When `days` is 0 or above [`MAX_DEMO_DAYS`].
pub fn demo(seed: u64, days: usize) -> PriceTable {
    assert!(
        (1..=MAX_DEMO_DAYS).contains(&days),
        "{days} days of demo prices; 1 to {MAX_DEMO_DAYS} can be made"
    );
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut normal = move || -> f64 { StandardNormal.sample(&mut random) };

    let (mut date, mut exact_close) = START;
    let mut close = exact_close;
    let mut r = MU + variance().sqrt() * normal();
    let mut dates = Vec::with_capacity(days);
    let mut columns = ["Open", "High", "Low", "Close", "Adj Close", "Volume"]
        .map(|name| (name.to_owned(), Vec::with_capacity(days)));
    for _ in 0..days {
        date = next_weekday(date).expect("the longest series ends before the year 2400");
        let open = cents(close * (0.003 * normal()).exp());
        r = MU + PHI * (r - MU) + SIGMA * normal();
        exact_close *= r.exp();
        close = cents(exact_close);
        let high = cents(open.max(close) * (0.004 * normal().abs()).exp());
        let low = cents(open.min(close) * (-0.004 * normal().abs()).exp());
        let volume = 1e4 * (2e4 * (0.3 * normal()).exp()).round();
        dates.push(date.into());
        for ((_, values), value) in columns.iter_mut().zip([open, high, low, close, close, volume]) {
            values.push(value);
        }
    }
    PriceTable::from_columns(dates, columns.into()).expect("demo prices are positive and in order")
}

/// The least mean squared error that any forecast of the demo's scaled targets P_{t+1} / P_t can reach.
///
/// Given the past, the target is log-normal, exp(m + sigma e) with m = mu + phi (r_t - mu). Its mean, the best
/// forecast, is exp(m + sigma² / 2), and its variance exp(2 m + sigma²) (exp(sigma²) - 1). The floor is the
/// mean of that over m, which is normal with mean mu and variance phi² v, where v = sigma² / (1 - phi²) is
/// that of r:
///
/// ```text
/// exp(2 mu + 2 phi² v + sigma²) (exp(sigma²) - 1)
/// ```
pub fn demo_floor() -> f64 {
    (2.0 * MU + 2.0 * PHI * PHI * variance() + SIGMA * SIGMA).exp() * (SIGMA * SIGMA).exp_m1()
}

/// The mean squared error of "tomorrow = today" on the demo's scaled targets, about twice the floor.
///
/// The target is log-normal, exp(r) with r of mean mu and variance v: the error is E exp(2 r) - 2 E exp(r) + 1.
pub fn demo_naive() -> f64 {
    let v = variance();
    (2.0 * MU + 2.0 * v).exp_m1() - 2.0 * (MU + v / 2.0).exp_m1()
}

/// The variance of r over all days.
fn variance() -> f64 {
    SIGMA * SIGMA / (1.0 - PHI * PHI)
}

fn cents(price: f64) -> f64 {
    (price * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scaled squared errors, averaged, of a forecast made from the last move.
    fn score(closes: &[f64], forecast: impl Fn(f64) -> f64) -> f64 {
        let errors = closes.windows(3).map(|days| {
            let last_move = (days[1] / days[0]).ln();
            (days[2] / days[1] - forecast(last_move)).powi(2)
        });
        errors.sum::<f64>() / (closes.len() - 2) as f64
    }

    #[test]
    fn the_best_forecast_reaches_the_floor_and_the_naive_one_does_not() {
        for seed in [1, 2, 3] {
            let table = demo(seed, MAX_DEMO_DAYS);
            let closes = table.column("Close").unwrap();
            let best = score(closes, |r| (MU + PHI * (r - MU) + SIGMA * SIGMA / 2.0).exp());
            let naive = score(closes, |_| 1.0);
            // The standard error of each is sqrt(2 / 100,000), 0.45%.
            assert!((best / demo_floor() - 1.0).abs() < 0.02, "seed {seed}: {best} of {}", demo_floor());
            assert!((naive / demo_naive() - 1.0).abs() < 0.02, "seed {seed}: {naive} of {}", demo_naive());
            assert!(naive > 1.9 * best, "seed {seed}: naive {naive}, best {best}");
        }
    }

    #[test]
    fn no_other_slope_or_shift_beats_the_best_forecast() {
        let table = demo(4, MAX_DEMO_DAYS);
        let closes = table.column("Close").unwrap();
        for slope in [-0.9, -0.5, 0.0, 0.7] {
            for shift in [-0.002, 0.0, 0.002] {
                let other = score(closes, |r| (MU + slope * (r - MU) + SIGMA * SIGMA / 2.0 + shift).exp());
                assert!(other > demo_floor(), "slope {slope}, shift {shift}: {other}");
            }
        }
    }
}

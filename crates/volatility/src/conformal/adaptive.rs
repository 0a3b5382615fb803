//! Adaptive conformal inference (Gibbs and Candès 2021).

use std::collections::VecDeque;

use super::{check_scores, radius};
use crate::{error::VolatilityError, quantiles::check_level};

/// A radius that follows the times. After each day the level of misses moves, by equation 2 of Gibbs and Candès (2021):
///
/// ```text
/// a' = a + rate (miss - [the day was a miss])
/// ```
///
/// and the radius is that of split prediction at the level `a` over the last scores: infinite where `a` is 0 or less,
/// minus infinity (an interval that holds nothing) where it is 1 or more. Whatever the scores are, the share of misses
/// over `T` days differs from `miss` by at most `(max(a_1, 1 - a_1) + rate) / (rate T)` (their proposition 4.1).
///
/// ```
/// use recurrent_volatility::conformal::Adaptive;
///
/// let calm: Vec<f64> = (0..100).map(|day| f64::from(day % 10)).collect();
/// let mut adaptive = Adaptive::new(&calm, 0.1, 0.01)?;
/// let before = adaptive.radius();
/// (0..10).for_each(|_| adaptive.observe(100.0));
/// assert!(adaptive.radius() > before); // ten misses in a row
/// # Ok::<(), recurrent_volatility::VolatilityError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Adaptive {
    miss: f64,
    level: f64,
    rate: f64,
    /// In order of time, as many as there were at first.
    last: VecDeque<f64>,
    sorted: Vec<f64>,
}

impl Adaptive {
    /// Begins with the scores of days that the model was not fitted to, and keeps as many of the last ones. The authors
    /// take a `rate` of 0.005; larger ones follow faster, and sway more.
    ///
    /// # Errors
    ///
    /// When there is no score, one is negative or not finite, `miss` is not between 0 and 1, or `rate` is not above 0
    /// and finite.
    pub fn new(scores: &[f64], miss: f64, rate: f64) -> Result<Self, VolatilityError> {
        check_level(miss)?;
        check_scores(scores)?;
        if !(rate > 0.0 && rate.is_finite()) {
            let setting = "the rate of an adaptive interval";
            return Err(VolatilityError::Setting { setting, value: rate, expected: "above 0 and finite" });
        }
        let mut sorted = scores.to_vec();
        sorted.sort_by(f64::total_cmp);
        Ok(Self { miss, level: miss, rate, last: scores.iter().copied().collect(), sorted })
    }

    /// The radius of the next day.
    pub fn radius(&self) -> f64 {
        radius(&self.sorted, self.level)
    }

    /// The level that the next radius is taken at; it may lie below 0 or above 1 for a while.
    pub fn level(&self) -> f64 {
        self.level
    }

    /// Learns the score of a day: whether it was a miss moves the level, and it takes the oldest score's place. A score
    /// that is no number counts as a miss, and is not kept.
    pub fn observe(&mut self, score: f64) {
        let was_within = score <= self.radius();
        self.level += self.rate * (self.miss - f64::from(u8::from(!was_within)));
        if score.is_nan() {
            return;
        }
        self.last.push_back(score);
        let oldest = self.last.pop_front().unwrap_or(score);
        let place = self.sorted.partition_point(|other| other.total_cmp(&score).is_lt());
        self.sorted.insert(place, score);
        let place = self.sorted.partition_point(|other| other.total_cmp(&oldest).is_lt());
        self.sorted.remove(place);
    }

    /// The radius of each of the next days, `[days]`, with each day's score learnt after its radius was given.
    pub fn walk(&mut self, scores: &[f64]) -> Vec<f64> {
        let day = |score: &f64| {
            let radius = self.radius();
            self.observe(*score);
            radius
        };
        scores.iter().map(day).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformal::{misses, split};

    #[test]
    fn the_share_of_misses_comes_out_right_whatever_the_scores_are() {
        // Scores that grow, fall, jump and never come back.
        let adversary = |day: usize| match day / 500 {
            0 => day as f64,
            1 => 1000.0 - day as f64,
            2 => (day % 7) as f64 * 1e6,
            _ => (day as f64).exp2().min(1e300),
        };
        let scores: Vec<f64> = (0..2000).map(adversary).collect();
        for (miss, rate) in [(0.1, 0.005), (0.01, 0.05), (0.5, 0.2)] {
            let mut adaptive = Adaptive::new(&[1.0; 50], miss, rate).unwrap();
            let radii = adaptive.walk(&scores);
            let share = misses(&scores, &radii).iter().filter(|miss| **miss).count() as f64 / 2000.0;
            let bound = (1.0 - miss).max(miss) + rate;
            assert!((share - miss).abs() <= bound / (rate * 2000.0) + 1e-12, "{miss}, {rate}: {share}");
        }
    }

    #[test]
    fn it_begins_as_split_prediction_and_keeps_as_many_scores() {
        let scores: Vec<f64> = (0..40).map(|day| f64::from(day * 7 % 40)).collect();
        let mut adaptive = Adaptive::new(&scores, 0.1, 0.01).unwrap();
        assert_eq!(adaptive.radius(), split(&scores, 0.1).unwrap());
        let later: Vec<f64> = (0..60).map(|day| f64::from(day * 11 % 60)).collect();
        adaptive.walk(&later);
        let mut kept = later[20..].to_vec();
        kept.sort_by(f64::total_cmp);
        assert_eq!(adaptive.sorted, kept);
        adaptive.observe(f64::NAN);
        assert_eq!(adaptive.sorted, kept);
    }

    #[test]
    fn settings_that_cannot_be_are_refused() {
        insta::assert_snapshot!(Adaptive::new(&[], 0.1, 0.1).unwrap_err(), @"a conformal interval needs at least 1 days, and there are 0");
        insta::assert_snapshot!(Adaptive::new(&[-1.0], 0.1, 0.1).unwrap_err(), @"the score of day 0 is -1; it must be a finite, not negative number");
        insta::assert_snapshot!(Adaptive::new(&[1.0], 0.1, 0.0).unwrap_err(), @"the rate of an adaptive interval is 0; it must be above 0 and finite");
        insta::assert_snapshot!(split(&[1.0], 0.0).unwrap_err(), @"a level is 0; it must be above 0 and below 1");
    }
}

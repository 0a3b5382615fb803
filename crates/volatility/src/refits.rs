//! When a model is fitted anew while it walks through the days.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::error::VolatilityError;

/// When a model is fitted anew, and to which days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refits {
    /// Once, to all days before the first origin.
    Once,
    /// To all days before the origin, each time that `every` origins have passed.
    Expanding {
        /// After how many origins.
        every: usize,
    },
    /// To the last `days` days before the origin, or all where there are fewer, each time that `every` origins have
    /// passed.
    Sliding {
        /// After how many origins.
        every: usize,
        /// To how many days.
        days: usize,
    },
}

/// The origins that one fit serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The days that it is fitted to.
    pub training: Range<usize>,
    /// The origins that it forecasts from; the first is the end of its training days.
    pub origins: Range<usize>,
}

impl Refits {
    /// Cuts origins, of which the last is at most `days`, into the segments of one fit each.
    ///
    /// ```
    /// use recurrent_volatility::{Refits, Segment};
    ///
    /// let plan = Refits::Sliding { every: 2, days: 3 }.plan(4..7, 10)?;
    /// assert_eq!(plan[0], Segment { training: 1..4, origins: 4..6 });
    /// assert_eq!(plan[1], Segment { training: 3..6, origins: 6..7 });
    /// # Ok::<(), recurrent_volatility::VolatilityError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When a setting is 0 or an origin lies past the end.
    pub fn plan(self, origins: Range<usize>, days: usize) -> Result<Vec<Segment>, VolatilityError> {
        if origins.is_empty() {
            return Ok(Vec::new());
        }
        if origins.end - 1 > days {
            return Err(VolatilityError::Origin { origin: origins.end - 1, least: 0, days });
        }
        let (every, window) = match self {
            Self::Once => (origins.len(), usize::MAX),
            Self::Expanding { every } => (every, usize::MAX),
            Self::Sliding { every, days } => (every, days),
        };
        let least_one = |setting| VolatilityError::Setting { setting, value: 0.0, expected: "at least 1" };
        if every == 0 {
            return Err(least_one("the number of origins between two fits"));
        }
        if window == 0 {
            return Err(least_one("the number of days to fit to"));
        }
        let segment = |start: usize| Segment {
            training: start.saturating_sub(window)..start,
            origins: start..origins.end.min(start.saturating_add(every)),
        };
        Ok(origins.clone().step_by(every).map(segment).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_origin_is_served_once_and_trained_before() {
        for refits in [Refits::Once, Refits::Expanding { every: 21 }, Refits::Sliding { every: 7, days: 50 }]
        {
            let plan = refits.plan(100..187, 186).unwrap();
            let served: Vec<usize> = plan.iter().flat_map(|segment| segment.origins.clone()).collect();
            assert_eq!(served, (100..187).collect::<Vec<_>>(), "{refits:?}");
            assert!(plan.iter().all(|segment| segment.training.end == segment.origins.start), "{refits:?}");
        }
        assert_eq!(Refits::Once.plan(5..5, 9).unwrap(), []);
    }

    #[test]
    fn settings_of_nothing_are_refused() {
        insta::assert_snapshot!(Refits::Expanding { every: 0 }.plan(1..2, 5).unwrap_err(), @"the number of origins between two fits is 0; it must be at least 1");
        insta::assert_snapshot!(Refits::Sliding { every: 1, days: 0 }.plan(1..2, 5).unwrap_err(), @"the number of days to fit to is 0; it must be at least 1");
        insta::assert_snapshot!(Refits::Once.plan(1..9, 5).unwrap_err(), @"there is no forecast from origin 8: 0 days must lie before it, and 5 are known");
    }
}

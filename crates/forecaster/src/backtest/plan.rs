//! When models are fitted anew, and to which days.

use std::ops::Range;

use recurrent_data::prices::{Date, Moment};
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// How often models are fitted anew: on the first day of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Refit {
    /// Each year.
    Year,
    /// Each quarter.
    Quarter,
    /// Each month.
    Month,
}

impl Refit {
    fn of(self, date: Date) -> (i32, u8) {
        let month = u8::from(date.month()) - 1;
        match self {
            Self::Year => (date.year(), 0),
            Self::Quarter => (date.year(), month / 3),
            Self::Month => (date.year(), month),
        }
    }
}

/// A rolling origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// How often models are fitted anew.
    pub refit: Refit,
    /// The least days to fit to: the first origin is that of the first refit with so many before it.
    pub least: usize,
    /// To how many of the last days models are fitted; absent, to all.
    pub sliding: Option<usize>,
}

/// The days between two refits. Places are those of measured days: day 0 is the second price's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The days that models are fitted to.
    pub training: Range<usize>,
    /// The days that are forecast.
    pub origins: Range<usize>,
}

impl Plan {
    /// The segments of prices at some moments; each day after the first refit is in one.
    ///
    /// # Errors
    /// No refit has enough days before it.
    pub fn segments(&self, dates: &[Moment]) -> Result<Vec<Segment>, Error> {
        let days = dates.len().saturating_sub(1);
        let of = |day: usize| self.refit.of(dates[day + 1].date);
        let starts: Vec<usize> = (self.least.max(1)..days).filter(|day| of(*day) != of(day - 1)).collect();
        if starts.is_empty() {
            return Err(Error::NoRefit { least: self.least, days });
        }
        let ends = starts.iter().skip(1).copied().chain([days]);
        let segment = |(start, end): (&usize, usize)| Segment {
            training: self.sliding.map_or(0, |last| start.saturating_sub(last))..*start,
            origins: *start..end,
        };
        Ok(starts.iter().zip(ends).map(segment).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(count: u16) -> Vec<Moment> {
        let day = |day: u16| Date::from_ordinal_date(2001 + i32::from(day / 360), day % 360 + 1).unwrap();
        (0..count).map(|place| Moment::from(day(place))).collect()
    }

    #[test]
    fn every_day_after_the_first_refit_is_in_one_segment() {
        let dates = days(1300);
        for refit in [Refit::Year, Refit::Quarter, Refit::Month] {
            for sliding in [None, Some(200)] {
                let plan = Plan { refit, least: 250, sliding };
                let segments = plan.segments(&dates).unwrap();
                let first = segments[0].origins.start;
                let all: Vec<usize> = segments.iter().flat_map(|segment| segment.origins.clone()).collect();
                assert_eq!(all, (first..1299).collect::<Vec<_>>(), "{plan:?}");
                assert!(first >= 250);
                for Segment { training, origins } in &segments {
                    assert_eq!(training.end, origins.start);
                    assert_eq!(training.len(), sliding.unwrap_or(origins.start).min(origins.start));
                    assert_ne!(refit.of(dates[origins.start].date), refit.of(dates[origins.start + 1].date));
                }
            }
        }
        assert!(Plan { refit: Refit::Year, least: 1200, sliding: None }.segments(&dates).is_err());
        assert!(Plan { refit: Refit::Year, least: 2, sliding: None }.segments(&[]).is_err());
    }
}

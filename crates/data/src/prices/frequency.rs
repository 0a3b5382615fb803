//! How often a series has a price.

use super::Moment;

/// How often a series has a price: the step from one row to the next, in most cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Frequency {
    /// Several prices a day.
    Intraday {
        /// Minutes from one to the next.
        minutes: u32,
    },
    /// A price a day, with weekends or without.
    Daily,
    /// A price a week.
    Weekly,
    /// A price a month.
    Monthly,
    /// A price a quarter.
    Quarterly,
    /// A price a year.
    Yearly,
}

impl Frequency {
    /// That of rows in order, by the median of their steps. A single row is taken for a day.
    pub(super) fn of(moments: &[Moment]) -> Self {
        let mut steps: Vec<i64> = moments.windows(2).map(|pair| seconds(pair[0], pair[1])).collect();
        if steps.is_empty() {
            return Self::Daily;
        }
        let middle = steps.len() / 2;
        let step = *steps.select_nth_unstable(middle).1;
        match step / 3600 {
            0..20 => Self::Intraday { minutes: ((step + 30) / 60).max(1) as u32 },
            20..108 => Self::Daily,
            108..300 => Self::Weekly,
            300..1080 => Self::Monthly,
            1080..3240 => Self::Quarterly,
            _ => Self::Yearly,
        }
    }

    /// What a step is called: `day`, or `month`.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Intraday { minutes: 1 } => "minute",
            Self::Intraday { minutes: 60 } => "hour",
            Self::Intraday { .. } => "bar",
            Self::Daily => "day",
            Self::Weekly => "week",
            Self::Monthly => "month",
            Self::Quarterly => "quarter",
            Self::Yearly => "year",
        }
    }

    /// Days without a price from which on they are a hole, and no weekend or holidays.
    pub(super) fn hole(self, has_weekends: bool) -> f64 {
        match self {
            Self::Intraday { .. } if has_weekends => 1.5,
            Self::Intraday { .. } | Self::Daily => 12.0,
            Self::Weekly => 30.0,
            Self::Monthly => 80.0,
            Self::Quarterly => 250.0,
            Self::Yearly => 800.0,
        }
    }
}

/// The seconds between two moments.
fn seconds(from: Moment, to: Moment) -> i64 {
    let days = i64::from(to.date.to_julian_day()) - i64::from(from.date.to_julian_day());
    days * 86_400 + i64::from(to.seconds()) - i64::from(from.seconds())
}

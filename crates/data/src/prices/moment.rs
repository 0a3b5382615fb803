//! When a price was: a day, and the time of day where a series has more than one price a day.

use std::fmt;

use time::{Date, Time};

/// The day of a row, with its time where the series has several rows a day.
///
/// ```
/// use recurrent_data::prices::{Date, Moment};
///
/// let day = Moment::from(Date::from_ordinal_date(2017, 363)?);
/// assert_eq!(day.to_string(), "2017-12-29");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// The day.
    pub date: Date,
    /// The time of day; none in a series of days, weeks or months.
    pub time: Option<Time>,
}

impl Moment {
    /// Days since 1970-01-01, the unit of a chart's dates.
    pub fn days(self) -> f64 {
        f64::from(self.date.to_julian_day() - UNIX_EPOCH) + f64::from(self.seconds()) / 86_400.0
    }

    /// Seconds since midnight.
    pub(super) fn seconds(self) -> u32 {
        let (hour, minute, second) = self.time.unwrap_or(Time::MIDNIGHT).as_hms();
        u32::from(hour) * 3600 + u32::from(minute) * 60 + u32::from(second)
    }
}

/// The Julian day of 1970-01-01.
const UNIX_EPOCH: i32 = 2_440_588;

impl From<Date> for Moment {
    fn from(date: Date) -> Self {
        Self { date, time: None }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(time) = self.time else { return f.pad(&self.date.to_string()) };
        let (hour, minute, second) = time.as_hms();
        let seconds = if second == 0 { String::new() } else { format!(":{second:02}") };
        f.pad(&format!("{} {hour:02}:{minute:02}{seconds}", self.date))
    }
}

//! The days of a price series. Holidays differ from exchange to exchange and are not known here.

use time::{Date, Weekday};

/// The next day after `date` that is no Saturday or Sunday, or `None` after the last day of year 9999.
///
/// ```
/// use recurrent_data::prices::{Date, next_weekday};
///
/// let friday = Date::from_ordinal_date(2017, 363)?;
/// assert_eq!(next_weekday(friday).unwrap().to_string(), "2018-01-01");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn next_weekday(date: Date) -> Option<Date> {
    let mut next = date.next_day()?;
    while matches!(next.weekday(), Weekday::Saturday | Weekday::Sunday) {
        next = next.next_day()?;
    }
    Some(next)
}

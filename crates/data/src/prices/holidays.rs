//! The days on which exchanges are closed, by rule. Sources: the exchanges' own lists of holidays, nyse.com/markets/hours-calendars,
//! londonstockexchange.com (business days), xetra.com (trading calendar), euronext.com (trading hours and holidays). Single days, as
//! after a president's death, follow no rule and are not here.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use time::{Date, Duration, Month, Weekday};

/// Whose holidays a series keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Exchange {
    /// New York, NYSE and Nasdaq.
    Nyse,
    /// London.
    Lse,
    /// Frankfurt.
    Xetra,
    /// Amsterdam, Brussels, Lisbon, Paris.
    Euronext,
    /// The holidays of nearly all exchanges: New Year's Day and Christmas.
    Usual,
    /// None.
    None,
}

impl Exchange {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Nyse, Self::Lse, Self::Xetra, Self::Euronext, Self::Usual, Self::None];

    /// Its name in options and settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nyse => "nyse",
            Self::Lse => "lse",
            Self::Xetra => "xetra",
            Self::Euronext => "euronext",
            Self::Usual => "usual",
            Self::None => "none",
        }
    }

    /// Whether it is closed on a day that is no Saturday or Sunday.
    ///
    /// ```
    /// use recurrent_data::prices::{Date, Exchange};
    ///
    /// let new_year = Date::from_ordinal_date(2018, 1)?;
    /// assert!(Exchange::Nyse.is_holiday(new_year));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_holiday(self, date: Date) -> bool {
        match self {
            Self::Nyse => is_nyse(date),
            Self::Lse => is_lse(date),
            Self::Xetra => {
                is_euronext(date) || matches!((date.month(), date.day()), (Month::December, 24 | 31))
            }
            Self::Euronext => is_euronext(date),
            Self::Usual => matches!((date.month(), date.day()), (Month::January, 1) | (Month::December, 25)),
            Self::None => false,
        }
    }
}

impl fmt::Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Exchange {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|exchange| exchange.name().eq_ignore_ascii_case(name));
        found.ok_or_else(|| format!("expected one of {}", Self::ALL.map(Self::name).join(", ")))
    }
}

fn is_nyse(date: Date) -> bool {
    use Month::{December, February, January, July, June, May, November, September};
    let fixed = |month, day| is_observed(date, month, day);
    // New Year's Day on a Saturday is not kept on the Friday before, which ends the year's books.
    let new_year = matches!((date.month(), date.day()), (January, 1))
        || (date.month() == January && date.day() == 2 && date.weekday() == Weekday::Monday);
    new_year
        || (date.year() >= 1998 && is_nth(date, January, Weekday::Monday, 3))
        || is_nth(date, February, Weekday::Monday, 3)
        || date == easter(date.year()) - Duration::days(2)
        || is_last(date, May, Weekday::Monday)
        || (date.year() >= 2022 && fixed(June, 19))
        || fixed(July, 4)
        || is_nth(date, September, Weekday::Monday, 1)
        || is_nth(date, November, Weekday::Thursday, 4)
        || fixed(December, 25)
}

fn is_lse(date: Date) -> bool {
    use Month::{August, December, January, May};
    let new_year = date.month() == January
        && (date.day() == 1 || (date.weekday() == Weekday::Monday && date.day() <= 3));
    // Of Christmas and Boxing Day, each one at a weekend is made up for on the next working day.
    let christmas = date.month() == December
        && match date.day() {
            25 | 26 => true,
            27 => matches!(date.weekday(), Weekday::Monday | Weekday::Tuesday),
            28 => matches!(date.weekday(), Weekday::Monday | Weekday::Tuesday),
            _ => false,
        };
    new_year
        || is_easter(date)
        || is_nth(date, May, Weekday::Monday, 1)
        || is_last(date, May, Weekday::Monday)
        || is_last(date, August, Weekday::Monday)
        || christmas
}

fn is_euronext(date: Date) -> bool {
    let day = (date.month(), date.day());
    is_easter(date) || matches!(day, (Month::January | Month::May, 1) | (Month::December, 25 | 26))
}

/// Good Friday or Easter Monday.
fn is_easter(date: Date) -> bool {
    let easter = easter(date.year());
    date == easter - Duration::days(2) || date == easter + Duration::days(1)
}

/// A holiday of a fixed day, which is kept on Friday instead of Saturday and on Monday instead of Sunday.
fn is_observed(date: Date, month: Month, day: u8) -> bool {
    let Ok(holiday) = Date::from_calendar_date(date.year(), month, day) else { return false };
    match holiday.weekday() {
        Weekday::Saturday => date == holiday - Duration::days(1),
        Weekday::Sunday => date == holiday + Duration::days(1),
        _ => date == holiday,
    }
}

fn is_nth(date: Date, month: Month, weekday: Weekday, nth: u8) -> bool {
    date.month() == month && date.weekday() == weekday && (date.day() - 1) / 7 + 1 == nth
}

fn is_last(date: Date, month: Month, weekday: Weekday) -> bool {
    date.month() == month && date.weekday() == weekday && date.day() + 7 > month.length(date.year())
}

/// Easter Sunday of a year (the algorithm of Meeus, Jones and Butcher).
fn easter(year: i32) -> Date {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    let month = if month == 3 { Month::March } else { Month::April };
    Date::from_calendar_date(year, month, day as u8).unwrap_or(Date::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn known_holidays_are_kept() {
        for day in [
            date!(2018 - 01 - 01),
            date!(2017 - 01 - 02),
            date!(2017 - 01 - 16),
            date!(2017 - 04 - 14),
            date!(2017 - 05 - 29),
            date!(2020 - 07 - 03),
            date!(2021 - 07 - 05),
            date!(2017 - 11 - 23),
            date!(2021 - 12 - 24),
            date!(2022 - 06 - 20),
        ] {
            assert!(Exchange::Nyse.is_holiday(day), "{day}");
        }
        for day in
            [date!(2010 - 12 - 31), date!(2021 - 12 - 31), date!(2018 - 01 - 02), date!(2017 - 04 - 17)]
        {
            assert!(!Exchange::Nyse.is_holiday(day), "{day}");
        }
        for day in [
            date!(2017 - 04 - 17),
            date!(2021 - 12 - 27),
            date!(2021 - 12 - 28),
            date!(2022 - 01 - 03),
            date!(2017 - 08 - 28),
        ] {
            assert!(Exchange::Lse.is_holiday(day), "{day}");
        }
        assert!(Exchange::Xetra.is_holiday(date!(2018 - 05 - 01)));
        assert!(Exchange::Xetra.is_holiday(date!(2018 - 12 - 31)));
        assert!(!Exchange::Euronext.is_holiday(date!(2018 - 12 - 31)));
    }
}

//! Where the ticks of an axis of dates are: at the starts of years, months, weeks or days.

use time::{Date, Duration, Month};

use super::ticks::Tick;

/// Days from 1970-01-01, in both directions, that an axis of dates can show; the calendar ends soon after.
pub(super) const REACH: f64 = 2.8e6;

/// The first Monday, in days since 1970-01-01.
const MONDAY: i64 = 4;

/// Ticks at the starts of years, months, weeks or days, whichever leaves at most `count`; the ends are days since
/// 1970-01-01, and `None` comes of days beyond the calendar.
pub(super) fn dates(low: f64, high: f64, count: usize) -> Option<Vec<Tick>> {
    let (first, last) = (date(low.floor())?, date(high.ceil())?);
    for step in [1, 2, 7, 14] {
        // Weeks begin on Mondays.
        let start = if step % 7 == 0 { MONDAY } else { 0 };
        let from = ((low - start as f64) / step as f64).ceil() as i64;
        let to = ((high - start as f64) / step as f64).floor() as i64;
        if to - from < count as i64 {
            let ticks = (from..=to).filter_map(|n| date((start + n * step) as f64));
            return Some(ticks.map(|date| (days(date), date.to_string())).collect());
        }
    }
    for step in [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000, 12000] {
        let (from, to) = (months(first).div_euclid(step), months(last).div_euclid(step));
        let starts = (from..=to).filter_map(|n| start_of(n * step));
        let ticks = starts.map(|date| (days(date), date)).filter(|(day, _)| (low..=high).contains(day));
        let ticks: Vec<Tick> = ticks.map(|(day, date)| (day, month_or_year(date, step))).collect();
        if ticks.len() <= count {
            return Some(ticks);
        }
    }
    None
}

fn month_or_year(date: Date, step: i32) -> String {
    match step {
        ..12 => format!("{}-{:02}", date.year(), u8::from(date.month())),
        _ => date.year().to_string(),
    }
}

fn date(days: f64) -> Option<Date> {
    // A longer duration would overflow.
    if days.abs() < 1e7 { epoch().checked_add(Duration::days(days as i64)) } else { None }
}

fn days(date: Date) -> f64 {
    (date - epoch()).whole_days() as f64
}

fn epoch() -> Date {
    time::macros::date!(1970 - 01 - 01)
}

/// Months since the year 0.
fn months(date: Date) -> i32 {
    date.year() * 12 + i32::from(u8::from(date.month())) - 1
}

fn start_of(months: i32) -> Option<Date> {
    let month = Month::try_from(months.rem_euclid(12) as u8 + 1).ok()?;
    Date::from_calendar_date(months.div_euclid(12), month, 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(low: f64, high: f64, count: usize) -> Vec<String> {
        dates(low, high, count).unwrap().into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn dates_tick_at_years_months_weeks_or_days() {
        // 2001-01-02 to 2017-12-29, then four months, a month and some days of 2017.
        assert_eq!(
            labels(11_324.0, 17_529.0, 9),
            ["2002", "2004", "2006", "2008", "2010", "2012", "2014", "2016"]
        );
        assert_eq!(labels(17_400.0, 17_529.0, 6), ["2017-09", "2017-10", "2017-11", "2017-12"]);
        assert_eq!(labels(17_500.0, 17_529.0, 5), ["2017-12-04", "2017-12-11", "2017-12-18", "2017-12-25"]);
        assert_eq!(labels(17_522.0, 17_525.0, 6), ["2017-12-22", "2017-12-23", "2017-12-24", "2017-12-25"]);
        assert_eq!(dates(0.0, 1e12, 6), None);
    }

    #[test]
    fn a_range_that_begins_with_a_year_has_its_tick() {
        // 2010-01-01 to 2013-01-01.
        assert_eq!(labels(14_610.0, 15_706.0, 6), ["2010", "2011", "2012", "2013"]);
    }
}

//! What is known beforehand of the days to come: their weekday, whether they end a month, and events.

use std::fmt;

use serde::{Deserialize, Serialize};
use time::Date;

use super::{Calendar, Events, Moment};

/// Days of a week, and the mark of a month's last day.
const OF_CALENDAR: usize = 8;

/// Which inputs are known of days to come. The default has none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KnownInputs {
    /// Whether weekdays and the ends of months are among them.
    pub calendar: bool,
    /// The events.
    pub events: Events,
}

impl KnownInputs {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        !self.calendar && self.events.is_empty()
    }

    /// What a report says of them, where there are some.
    pub fn fact(&self) -> Option<(&'static str, String)> {
        (!self.is_empty()).then(|| ("known beforehand", self.to_string()))
    }

    /// How many numbers there are for each day, with events within so many horizons.
    pub fn width(&self, horizons: usize) -> usize {
        usize::from(self.calendar) * OF_CALENDAR + self.events.kinds().len() * horizons
    }

    /// What is known on each of some days of a calendar, in order, of those after it, `[days, width]`: for the next day 1 at its weekday, from
    /// Monday on, and 0 at the others, and whether it is the last of its month; then for each kind of event, within each of the
    /// horizons, the share of the next days that have one.
    pub fn rows(&self, days: &[Moment], calendar: &Calendar, horizons: &[usize]) -> Vec<f32> {
        let farthest = horizons.iter().copied().max().unwrap_or(1).max(1) + 1;
        let Some(last) = days.last().filter(|_| !self.is_empty()) else { return Vec::new() };
        // The last days before the end of all calendars have none after them.
        let further = std::iter::successors(calendar.next(*last), |day| calendar.next(*day)).take(farthest);
        let dates: Vec<Date> = days.iter().copied().chain(further).map(|moment| moment.date).collect();
        let counts: Vec<Vec<usize>> = self.events.days().map(|events| counted(&dates, events)).collect();
        let mut rows = Vec::with_capacity(days.len() * self.width(horizons.len()));
        for day in 1..=days.len() {
            if self.calendar {
                let date = dates.get(day);
                let weekday = date.map(|date| usize::from(date.weekday().number_days_from_monday()));
                rows.extend((0..7).map(|other| mark(weekday == Some(other))));
                let next = dates.get(day + 1);
                rows.push(mark(
                    matches!((date, next), (Some(date), Some(next)) if date.month() != next.month()),
                ));
            }
            for counts in &counts {
                rows.extend(horizons.iter().map(|horizon| {
                    let until = (day + horizon).min(dates.len());
                    (counts[until] - counts[day.min(until)]) as f32 / *horizon as f32
                }));
            }
        }
        rows
    }
}

impl fmt::Display for KnownInputs {
    /// `weekdays, ends of months; events: expiry, meeting`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = self.events.kinds().collect::<Vec<_>>().join(", ");
        let calendar = if self.calendar { "weekdays, ends of months" } else { "" };
        let comma = if self.calendar && !kinds.is_empty() { "; " } else { "" };
        let events = if kinds.is_empty() { "" } else { "events: " };
        write!(f, "{calendar}{comma}{events}{kinds}")
    }
}

fn mark(is: bool) -> f32 {
    f32::from(u8::from(is))
}

/// How many of the dates before each place have an event, `[dates + 1]`.
fn counted(dates: &[Date], events: &[Date]) -> Vec<usize> {
    let mut count = 0;
    let mut counts = vec![0];
    for date in dates {
        count += usize::from(events.binary_search(date).is_ok());
        counts.push(count);
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prices::PriceTable;

    fn day(text: &str) -> Moment {
        super::super::dates::iso(text.as_bytes()).unwrap().into()
    }

    #[test]
    fn each_day_knows_the_next_also_where_the_prices_end() {
        // A Wednesday to the Tuesday after, without a weekend; the 1st of May 2020 is a Friday.
        let days = ["2020-04-29", "2020-04-30", "2020-05-01", "2020-05-04", "2020-05-05"].map(day);
        let table =
            PriceTable::from_columns(days.to_vec(), vec![("Close".to_owned(), vec![1.0; 5])]).unwrap();
        let events: Events =
            serde_json::from_str(r#"{"a":["2020-04-29","2020-04-30","2020-05-06"],"b":["2020-05-03"]}"#)
                .unwrap();
        let known = KnownInputs { calendar: true, events };
        let width = known.width(2);
        assert_eq!(width, 12);
        let rows = known.rows(&days, table.calendar(), &[1, 2]);
        let row = |place: usize| &rows[place * width..(place + 1) * width];
        // The day after the 29th is a Thursday, the last of April, with an event, which one of the two next days has.
        assert_eq!(row(0), [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.5, 0.0, 0.0]);
        assert_eq!(row(1), [0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        // What comes after the last row follows from the calendar.
        assert_eq!(row(4), [0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.5, 0.0, 0.0]);
        assert_eq!(row(3)[8..], [0.0, 0.5, 0.0, 0.0]);
        assert!(KnownInputs::default().rows(&days, table.calendar(), &[1]).is_empty());
        // A day knows the same, whatever comes after it.
        assert_eq!(known.rows(&days[..4], table.calendar(), &[1, 2]), rows[..4 * width]);
    }
}

//! Which moments a series has prices at, found from the series itself: how often, on which days of the week, at which times, and
//! whose holidays it keeps. What comes after its last row follows from that.

use std::{collections::BTreeSet, fmt};

use time::{Date, Month, Time, Weekday};

use super::{Exchange, Frequency, Moment};

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

/// So many of the last rows tell whose holidays a series keeps, within so many days.
const RECENT: usize = 2500;
const LOOKED_AT: i64 = 5000;

/// When a series has prices.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    frequency: Frequency,
    /// Whether there are prices on a day of the week, from Monday on.
    weekdays: [bool; 7],
    /// The times of a day that has several prices.
    times: Vec<Time>,
    /// Where in its month a price stands, for months and longer.
    place: Place,
    exchange: Exchange,
}

/// Where in its month a price stands.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    Same(u8),
    Last,
    FirstOpen,
    LastOpen,
}

impl Calendar {
    /// That of rows in order; `exchange` where the caller knows whose holidays they keep.
    pub(super) fn of(moments: &[Moment], exchange: Option<Exchange>) -> Self {
        let frequency = Frequency::of(moments);
        let mut calendar = Self {
            frequency,
            weekdays: weekdays(moments, frequency),
            times: times(moments),
            place: place(moments),
            exchange: Exchange::None,
        };
        calendar.exchange = exchange.unwrap_or_else(|| calendar.exchange_of(moments));
        calendar
    }

    /// How often there is a price.
    pub fn frequency(&self) -> Frequency {
        self.frequency
    }

    /// Whose holidays are left out.
    pub fn exchange(&self) -> Exchange {
        self.exchange
    }

    /// Whether there are prices on Saturdays or Sundays.
    pub fn has_weekends(&self) -> bool {
        self.weekdays[5] || self.weekdays[6]
    }

    /// The moment of the next price; `None` at the end of the year 9999.
    pub fn next(&self, after: Moment) -> Option<Moment> {
        let Moment { date, time } = after;
        Some(match self.frequency {
            Frequency::Intraday { .. } => match self.times.iter().find(|next| Some(**next) > time) {
                Some(next) => Moment { date, time: Some(*next) },
                None => Moment { date: self.next_open(date)?, time: self.times.first().copied() },
            },
            Frequency::Daily => self.next_open(date)?.into(),
            Frequency::Weekly => date.checked_add(time::Duration::days(7))?.into(),
            Frequency::Monthly => self.months_on(date, 1)?.into(),
            Frequency::Quarterly => self.months_on(date, 3)?.into(),
            Frequency::Yearly => self.months_on(date, 12)?.into(),
        })
    }

    fn is_open(&self, date: Date) -> bool {
        self.weekdays[usize::from(date.weekday().number_days_from_monday())]
            && !self.exchange.is_holiday(date)
    }

    fn next_open(&self, date: Date) -> Option<Date> {
        std::iter::successors(date.next_day(), |day| day.next_day()).find(|day| self.is_open(*day))
    }

    fn months_on(&self, date: Date, months: i32) -> Option<Date> {
        let index = date.year() * 12 + i32::from(u8::from(date.month())) - 1 + months;
        let (year, month) = (index.div_euclid(12), Month::try_from(index.rem_euclid(12) as u8 + 1).ok()?);
        let last = month.length(year);
        let day = |day| Date::from_calendar_date(year, month, day).ok();
        match self.place {
            Place::Same(wanted) => day(wanted.min(last)),
            Place::Last => day(last),
            Place::FirstOpen => (1..=last).filter_map(day).find(|date| self.is_open(*date)),
            Place::LastOpen => (1..=last).rev().filter_map(day).find(|date| self.is_open(*date)),
        }
    }

    /// The exchange whose holidays the rows keep: that which explains most of the days without a price. Where none does, the usual
    /// holidays, unless the rows have prices on those.
    fn exchange_of(&self, moments: &[Moment]) -> Exchange {
        if self.has_weekends() || matches!(self.frequency, Frequency::Weekly) {
            return Exchange::None;
        }
        if !matches!(self.frequency, Frequency::Daily | Frequency::Intraday { .. }) {
            return Exchange::Usual;
        }
        // The last years are enough.
        let recent = &moments[moments.len().saturating_sub(RECENT)..];
        let (Some(first), Some(last)) = (recent.first(), recent.last()) else { return Exchange::Usual };
        let (first, last) =
            (first.date, last.date.min(first.date.saturating_add(time::Duration::days(LOOKED_AT))));
        let has_price = |day: &Date| recent.binary_search_by_key(day, |moment| moment.date).is_ok();
        let kept = |exchange: Exchange| {
            let open =
                std::iter::successors(Some(first), |day| day.next_day()).take_while(|day| *day <= last);
            let holidays =
                open.filter(|day| day.weekday().number_from_monday() <= 5 && exchange.is_holiday(*day));
            let (missing, traded): (Vec<Date>, Vec<Date>) = holidays.partition(|day| !has_price(day));
            (missing.len(), traded.len())
        };
        let own = Exchange::ALL[..4].iter().map(|&exchange| (kept(exchange), exchange));
        let best = own
            .filter(|((missing, traded), _)| *missing >= 4 && traded * 10 <= *missing)
            .reduce(|best, next| if next.0.0 > best.0.0 { next } else { best });
        match best {
            Some((_, exchange)) => exchange,
            None if kept(Exchange::Usual).1 == 0 => Exchange::Usual,
            None => Exchange::None,
        }
    }
}

impl fmt::Display for Calendar {
    /// What is said of a series of days: `without weekends, holidays as nyse`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !matches!(self.frequency, Frequency::Daily | Frequency::Intraday { .. }) {
            return Ok(());
        }
        f.write_str(if self.has_weekends() { "with weekends" } else { "without weekends" })?;
        match self.exchange {
            Exchange::None => Ok(()),
            Exchange::Usual => f.write_str(", the usual holidays"),
            exchange => write!(f, ", holidays of {exchange}"),
        }
    }
}

/// The days of the week with prices. A few special sessions make no Saturday a day of trading, and a short series says nothing of
/// the days from Monday to Friday that it does not reach.
fn weekdays(moments: &[Moment], frequency: Frequency) -> [bool; 7] {
    let mut counts = [0_usize; 7];
    for moment in moments {
        counts[usize::from(moment.date.weekday().number_days_from_monday())] += 1;
    }
    let open = |day: usize| counts[day] * 28 > moments.len();
    match frequency {
        Frequency::Daily | Frequency::Intraday { .. } => {
            std::array::from_fn(|day| open(day) || (day < 5 && moments.len() < 35))
        }
        // Rows a month apart say nothing of the days of the week.
        _ => std::array::from_fn(|day| day < 5),
    }
}

fn times(moments: &[Moment]) -> Vec<Time> {
    moments.iter().filter_map(|moment| moment.time).collect::<BTreeSet<_>>().into_iter().collect()
}

fn place(moments: &[Moment]) -> Place {
    let most = |fits: &dyn Fn(Date) -> bool| {
        2 * moments.iter().filter(|moment| fits(moment.date)).count() > moments.len()
    };
    let last = |date: Date| date.month().length(date.year());
    let day = moments.last().map_or(1, |moment| moment.date.day());
    if most(&|date| date.day() == day && day <= 28) {
        Place::Same(day)
    } else if moments.iter().all(|moment| moment.date.day() == last(moment.date)) {
        Place::Last
    } else if most(&|date| date.day() + 3 >= last(date)) {
        Place::LastOpen
    } else if most(&|date| date.day() <= 4) {
        Place::FirstOpen
    } else {
        Place::Same(day)
    }
}

//! One axis of a chart: its range, where its ticks are, and what they say.
//!
//! The drawing library's own axes know no dates without another calendar crate, and label logarithmic ones at
//! whole decades only; this is its documented way to add an axis of one's own.

use std::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use time::{Date, Duration, Month};

use crate::figures::separate;

/// An axis with its ticks.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    low: f64,
    high: f64,
    scale: Scale,
    ticks: Vec<(f64, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scale {
    Linear,
    Logarithmic,
}

/// Values beyond are taken for errors: their differences would overflow.
const LARGEST: f64 = 1e300;

/// Says whether a value has a place on an axis at all.
pub(super) fn fits(value: f64) -> bool {
    value.abs() <= LARGEST
}

impl Axis {
    /// A linear axis of about `count` ticks that spans the values exactly, or with some room around them.
    pub(super) fn linear(values: impl Iterator<Item = f64>, room: f64, count: usize) -> Self {
        let (low, high) = widened(span(values).unwrap_or((0.0, 1.0)), room);
        Self { low, high, scale: Scale::Linear, ticks: linear_ticks(low, high, count) }
    }

    /// A logarithmic axis; the values are positive.
    pub(super) fn logarithmic(values: impl Iterator<Item = f64>, room: f64, count: usize) -> Self {
        let (low, high) = widened(span(values.map(f64::log10)).unwrap_or((-1.0, 0.0)), room);
        let ticks = logarithmic_ticks(low, high, count);
        Self { low, high, scale: Scale::Logarithmic, ticks }
    }

    /// An axis of days since 1970-01-01.
    pub(super) fn dates(values: impl Iterator<Item = f64>, room: f64, count: usize) -> Self {
        let (low, high) = widened(span(values).unwrap_or((0.0, 1.0)), room);
        let ticks = date_ticks(low, high, count).unwrap_or_else(|| linear_ticks(low, high, count));
        Self { low, high, scale: Scale::Linear, ticks }
    }

    /// What the ticks say.
    pub(super) fn labels(&self) -> impl Iterator<Item = &str> {
        self.ticks.iter().map(|(_, label)| label.as_str())
    }

    /// How far along the axis a value lies, from 0 to 1.
    pub(super) fn share(&self, value: f64) -> f64 {
        let value = if self.scale == Scale::Logarithmic { value.log10() } else { value };
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (from, to): (i32, i32)) -> i32 {
        from + (f64::from(to - from) * self.share(*value)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _hint: Hint) -> Vec<f64> {
        self.ticks.iter().map(|(value, _)| *value).collect()
    }

    fn range(&self) -> Range<f64> {
        match self.scale {
            Scale::Linear => self.low..self.high,
            Scale::Logarithmic => 10f64.powf(self.low)..10f64.powf(self.high),
        }
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, value: &f64) -> String {
        self.ticks.iter().find(|(tick, _)| tick == value).map(|(_, label)| label.clone()).unwrap_or_default()
    }
}

fn span(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |span, value| match span {
        None => Some((value, value)),
        Some((low, high)) => Some((low.min(value), high.max(value))),
    })
}

/// Adds room at both ends, as a share of the range. A range too narrow for its numbers becomes a wider one.
fn widened((low, high): (f64, f64), room: f64) -> (f64, f64) {
    let magnitude = low.abs().max(high.abs());
    if high - low <= magnitude * 1e-9 {
        let around = if magnitude == 0.0 { 1.0 } else { magnitude * 0.1 };
        return (low - around, high + around);
    }
    (low - (high - low) * room, high + (high - low) * room)
}

/// The multiples of 1, 2 or 5 times a power of ten, at most `count` of them.
fn linear_ticks(low: f64, high: f64, count: usize) -> Vec<(f64, String)> {
    let step = round_step((high - low) / count.max(1) as f64);
    if step <= 0.0 || !step.is_finite() {
        return Vec::new();
    }
    // An end that is itself a multiple may lie a rounding error beyond it.
    let slack = step * 1e-9;
    let first = ((low - slack) / step).ceil();
    let ticks = (0..=count).map(|n| (first + n as f64) * step);
    let values: Vec<f64> = ticks.take_while(|value| *value <= high + slack).collect();
    let magnitude = values.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
    let label = |value: f64| {
        if value == 0.0 || value.abs() < step * 1e-6 {
            return "0".to_owned();
        }
        if !(1e-3..1e7).contains(&magnitude) {
            // As many digits as tell neighbours apart.
            let decimals = (value.abs() / step * 1.000_001).log10().floor().max(0.0) as usize;
            return format!("{value:.decimals$e}");
        }
        let decimals = (-step.log10().floor()).max(0.0) as usize;
        if decimals == 0 { separate(&format!("{value:.0}")) } else { format!("{value:.decimals$}") }
    };
    values.iter().map(|value| (*value, label(*value))).collect()
}

/// The smallest of 1, 2, 5 times a power of ten that is at least `least`.
fn round_step(least: f64) -> f64 {
    let power = 10f64.powf(least.log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|times| times * power)
        .find(|step| *step >= least * 0.999)
        .unwrap_or(power)
}

/// Whole decades, every so many of them where there are many; with 2 and 5 between where there are few; and
/// linear ticks where the range is a part of one decade.
fn logarithmic_ticks(low: f64, high: f64, count: usize) -> Vec<(f64, String)> {
    let decades = low.floor() as i32..=high.ceil() as i32;
    let within = |value: &f64| (low..=high).contains(&value.log10());
    for steps in [&[1.0, 2.0, 5.0][..], &[1.0]] {
        let values: Vec<f64> = decades
            .clone()
            .flat_map(|decade| steps.iter().map(move |times| times * 10f64.powi(decade)))
            .filter(within)
            .collect();
        if (3..=count + 2).contains(&values.len()) {
            return decade_labels(values);
        }
    }
    let whole: Vec<i32> = decades.filter(|decade| within(&10f64.powi(*decade))).collect();
    if whole.len() < 3 {
        return linear_ticks(10f64.powf(low), 10f64.powf(high), count);
    }
    let every = whole.len().div_ceil(count.max(1)) as i32;
    decade_labels(whole.into_iter().filter(|n| n.rem_euclid(every) == 0).map(|n| 10f64.powi(n)).collect())
}

/// Plain numbers where all are of a readable length, else all with an exponent.
fn decade_labels(values: Vec<f64>) -> Vec<(f64, String)> {
    let plain = values.iter().all(|value| (0.999e-3..0.999e6).contains(value));
    let label = |value: f64| {
        if !plain {
            return format!("{value:.0e}");
        }
        let decimals = (-(value * 1.000_001).log10().floor()).max(0.0) as usize;
        format!("{value:.decimals$}")
    };
    values.into_iter().map(|value| (value, label(value))).collect()
}

/// Ticks at the starts of years, months or days, whichever leaves at most `count`; `None` where the days are
/// beyond the calendar.
fn date_ticks(low: f64, high: f64, count: usize) -> Option<Vec<(f64, String)>> {
    let epoch = Date::from_calendar_date(1970, Month::January, 1).ok()?;
    // The calendar ends well before, and a longer duration would overflow.
    let date =
        |days: f64| if days.abs() < 1e7 { epoch.checked_add(Duration::days(days as i64)) } else { None };
    let days = |date: Date| (date - epoch).whole_days() as f64;
    let (first, last) = (date(low.floor())?, date(high.ceil())?);
    let start_of = |months: i32| {
        let month = Month::try_from(months.rem_euclid(12) as u8 + 1).ok()?;
        Date::from_calendar_date(months.div_euclid(12), month, 1).ok()
    };
    let months = |date: Date| date.year() * 12 + i32::from(u8::from(date.month())) - 1;

    for step in [1, 2, 7, 14] {
        let from = (low / f64::from(step)).ceil() as i64;
        let to = (high / f64::from(step)).floor() as i64;
        // These labels are longer than those of months and years.
        if to - from < (count * 2 / 3) as i64 {
            let ticks = (from..=to).filter_map(|n| date((n * i64::from(step)) as f64));
            return Some(ticks.map(|date| (days(date), date.to_string())).collect());
        }
    }
    for step in [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000, 12000] {
        let (from, to) = (months(first).div_euclid(step) + 1, months(last).div_euclid(step));
        if (to - from) < count as i32 {
            let starts = (from..=to).filter_map(|n| start_of(n * step));
            let ticks = starts.map(|date| (days(date), date)).filter(|(day, _)| (low..=high).contains(day));
            let label = |date: Date| match step {
                ..12 => format!("{}-{:02}", date.year(), u8::from(date.month())),
                _ => date.year().to_string(),
            };
            return Some(ticks.map(|(day, date)| (day, label(date))).collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(ticks: &[(f64, String)]) -> Vec<&str> {
        ticks.iter().map(|(_, label)| label.as_str()).collect()
    }

    #[test]
    fn linear_ticks_are_round_and_tell_neighbours_apart() {
        assert_eq!(labels(&linear_ticks(1.0, 300.0, 6)), ["50", "100", "150", "200", "250", "300"]);
        assert_eq!(labels(&linear_ticks(6_000.0, 25_000.0, 5)), ["10,000", "15,000", "20,000", "25,000"]);
        assert_eq!(labels(&linear_ticks(-0.3, 0.3, 6)), ["-0.3", "-0.2", "-0.1", "0", "0.1", "0.2", "0.3"]);
        assert_eq!(
            labels(&linear_ticks(5.2e-5, 5.4e-5, 4)),
            ["5.20e-5", "5.25e-5", "5.30e-5", "5.35e-5", "5.40e-5"]
        );
    }

    #[test]
    fn logarithmic_ticks_fit_the_number_of_decades() {
        let ticks = |low: f64, high: f64| logarithmic_ticks(low.log10(), high.log10(), 6);
        assert_eq!(labels(&ticks(4e-5, 0.02)), ["1e-4", "1e-3", "1e-2"]);
        assert_eq!(labels(&ticks(0.9, 25.0)), ["1", "2", "5", "10", "20"]);
        assert_eq!(labels(&ticks(1e-12, 1.0)), ["1e-12", "1e-9", "1e-6", "1e-3", "1e0"]);
        assert_eq!(labels(&ticks(1.1, 1.9)), ["1.2", "1.4", "1.6", "1.8"]);
    }

    #[test]
    fn dates_tick_at_years_months_or_days() {
        // 2001-01-02 to 2017-12-29, then two months and a week of 2017.
        assert_eq!(
            labels(&date_ticks(11_324.0, 17_529.0, 9).unwrap()),
            ["2002", "2004", "2006", "2008", "2010", "2012", "2014", "2016"]
        );
        assert_eq!(
            labels(&date_ticks(17_400.0, 17_529.0, 6).unwrap()),
            ["2017-09", "2017-10", "2017-11", "2017-12"]
        );
        assert_eq!(
            labels(&date_ticks(17_522.0, 17_525.0, 6).unwrap()),
            ["2017-12-22", "2017-12-23", "2017-12-24", "2017-12-25"]
        );
        assert_eq!(date_ticks(0.0, 1e12, 6), None);
    }

    #[test]
    fn equal_values_get_a_range_around_them() {
        for value in [0.0, 5.0, -3e-9, 1e300] {
            let axis = Axis::linear([value, value].into_iter(), 0.05, 6);
            assert!(axis.low < value && value < axis.high, "{value}: {axis:?}");
            assert!((0.4..0.6).contains(&axis.share(value)), "{value}: {axis:?}");
            assert!(!axis.ticks.is_empty(), "{value}: {axis:?}");
        }
    }
}

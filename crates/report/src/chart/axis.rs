//! One axis of a chart: its range, its scale and its ticks.
//!
//! The drawing library's own axes know no dates without another calendar crate, and label logarithmic ones at
//! whole decades only; this is its documented way to add an axis of one's own.

use std::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};

use super::calendar;
use super::ticks::{self, Steps, Tick};

/// An axis with its ticks.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    kind: Kind,
    /// The ends, on a logarithmic axis their logarithms to the base of ten.
    low: f64,
    high: f64,
    ticks: Vec<Tick>,
}

/// What an axis shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Numbers,
    /// Whole numbers, such as epochs: no ticks between them.
    Counts,
    /// Days since 1970-01-01.
    Dates,
    /// Positive numbers, on a logarithmic scale.
    Logarithmic,
}

/// Values beyond are taken for errors: their differences would overflow.
const LARGEST: f64 = 1e300;

/// Whole numbers beyond have no ticks of their own.
const LARGEST_COUNT: f64 = 1e9;

/// Says whether a value has a place on an axis at all.
pub(super) fn fits(value: f64) -> bool {
    value.abs() <= LARGEST
}

impl Axis {
    /// An axis without ticks yet, which spans the values exactly, or with some room around them as a share of the range.
    pub(super) fn new(kind: Kind, values: impl Iterator<Item = f64>, room: f64) -> Self {
        let place = |value: f64| if kind == Kind::Logarithmic { value.log10() } else { value };
        let (low, high) = span(values.map(place)).unwrap_or((0.0, 1.0));
        let magnitude = low.abs().max(high.abs());
        let kind = match kind {
            Kind::Counts if magnitude > LARGEST_COUNT => Kind::Numbers,
            Kind::Dates if magnitude > calendar::REACH => Kind::Numbers,
            kind => kind,
        };
        // A range too narrow for its numbers becomes a wider one.
        let (narrow, around) = match kind {
            Kind::Numbers if magnitude == 0.0 => (0.0, 1.0),
            Kind::Numbers => (magnitude * 1e-9, magnitude * 0.1),
            Kind::Counts => (0.0, 0.5),
            Kind::Dates => (0.5, 1.0),
            Kind::Logarithmic => (1e-9, 0.1),
        };
        let around = if high - low <= narrow { around } else { (high - low) * room };
        Self { kind, low: low - around, high: high + around, ticks: Vec::new() }
    }

    /// Gives the axis about so many ticks.
    pub(super) fn with_ticks(self, count: usize) -> Self {
        let Self { kind, low, high, .. } = self;
        let ticks = match kind {
            Kind::Numbers => ticks::linear(low, high, count, Steps::Any),
            Kind::Counts => ticks::linear(low, high, count, Steps::Whole),
            Kind::Dates => calendar::dates(low, high, count).unwrap_or_default(),
            Kind::Logarithmic => ticks::logarithmic(low, high, count),
        };
        Self { ticks, ..self }
    }

    /// Its ticks: where they are on the axis, from 0 to 1, and what they say.
    pub(super) fn ticks(&self) -> impl DoubleEndedIterator<Item = (f64, &str)> {
        self.ticks.iter().map(|(value, label)| (self.share(*value), label.as_str()))
    }

    /// How far along the axis a value lies, from 0 to 1.
    pub(super) fn share(&self, value: f64) -> f64 {
        let value = if self.kind == Kind::Logarithmic { value.log10() } else { value };
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
        match self.kind {
            Kind::Logarithmic => 10f64.powf(self.low)..10f64.powf(self.high),
            _ => self.low..self.high,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_get_a_range_around_them() {
        let cases = [
            (Kind::Numbers, &[0.0, 5.0, -3e-9, 1e300][..]),
            (Kind::Counts, &[0.0, 1.0, 300.0, -2e9]),
            (Kind::Dates, &[0.0, 17_529.0, -5e6]),
            (Kind::Logarithmic, &[1.0, 0.5, 3e-9, 1e300]),
        ];
        for (kind, value) in
            cases.into_iter().flat_map(|(kind, values)| values.iter().map(move |it| (kind, *it)))
        {
            let axis = Axis::new(kind, [value, value].into_iter(), 0.05).with_ticks(6);
            let range = axis.range();
            assert!(range.start < value && value < range.end, "{value}: {axis:?}");
            assert!((0.4..0.6).contains(&axis.share(value)), "{value}: {axis:?}");
            assert!(!axis.ticks.is_empty(), "{value}: {axis:?}");
        }
    }

    #[test]
    fn values_that_differ_in_their_last_digits_have_ticks_on_a_logarithmic_axis() {
        let axis = Axis::new(Kind::Logarithmic, [1.0, 1.0 + 1e-12].into_iter(), 0.0).with_ticks(6);
        assert!(axis.ticks.len() > 2, "{axis:?}");
    }
}

//! Where the ticks of an axis of numbers are, and what they say.
//!
//! A tick is a decimal number, so its label is exact: no two of them are alike, and each says where its tick is.

use crate::figures::separate;

/// A place on an axis and its label.
pub(super) type Tick = (f64, String);

/// Which steps an axis may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Steps {
    Any,
    /// None below one, for what is counted.
    Whole,
}

/// The number `digits` times ten to the power of `exponent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Decimal {
    digits: i64,
    exponent: i32,
}

impl Decimal {
    /// The nearest number that a float can be.
    fn value(self) -> f64 {
        // A parser rounds rightly, where a product with a power of ten would not.
        format!("{}e{}", self.digits, self.exponent).parse().unwrap_or(f64::NAN)
    }

    /// The next of 1, 2, 5 times a power of ten.
    fn next(self) -> Self {
        match self.digits {
            1 => Self { digits: 2, ..self },
            2 => Self { digits: 5, ..self },
            _ => Self { digits: 1, exponent: self.exponent + 1 },
        }
    }

    /// All digits, with a point in their middle or zeros around them.
    fn plain(self) -> String {
        let sign = if self.digits < 0 { "-" } else { "" };
        let mut digits = self.digits.unsigned_abs().to_string();
        if self.exponent >= 0 {
            digits += &"0".repeat(self.exponent as usize);
            return format!("{sign}{}", separate(&digits));
        }
        let decimals = self.exponent.unsigned_abs() as usize;
        let digits = format!("{digits:0>width$}", width = decimals + 1);
        let (whole, fraction) = digits.split_at(digits.len() - decimals);
        format!("{sign}{}.{fraction}", separate(whole))
    }

    /// One digit before the point, and as many after it as there are.
    fn scientific(self) -> String {
        let sign = if self.digits < 0 { "-" } else { "" };
        let digits = self.digits.unsigned_abs().to_string();
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        format!("{sign}{first}{point}{rest}e{}", self.exponent + rest.len() as i32)
    }
}

/// The multiples of 1, 2 or 5 times a power of ten from `low` to `high`, at most `count + 1` of them.
pub(super) fn linear(low: f64, high: f64, count: usize, steps: Steps) -> Vec<Tick> {
    // A step below what the room asks for may still have few enough multiples within the ends.
    let least = round_step(0.4 * (high - low) / count.max(1) as f64, steps);
    let multiples = |step: Decimal| {
        let width = step.value();
        // An end that is itself a multiple may lie a rounding error beyond it.
        ((low / width - 1e-9).ceil() as i64, (high / width + 1e-9).floor() as i64)
    };
    let few = |step: &Decimal| {
        let (first, last) = multiples(*step);
        last.saturating_sub(first) <= count as i64
    };
    let Some(step) = std::iter::successors(least, |step| Some(step.next())).find(few) else {
        return Vec::new();
    };
    let (first, last) = multiples(step);
    let ticks: Vec<Decimal> = (first..=last)
        .map(|n| Decimal { digits: n.saturating_mul(step.digits), exponent: step.exponent })
        .collect();
    let largest = ticks.iter().fold(0.0, |largest: f64, tick| largest.max(tick.value().abs()));
    labelled(&ticks, (1e-3..1e7).contains(&largest))
}

/// The smallest of 1, 2, 5 times a power of ten that is at least `least`.
fn round_step(least: f64, steps: Steps) -> Option<Decimal> {
    if !(least > 0.0 && least.is_finite()) {
        return None;
    }
    if steps == Steps::Whole && least < 1.0 {
        return Some(Decimal { digits: 1, exponent: 0 });
    }
    let text = format!("{least:e}");
    let (times, exponent) = text.split_once('e')?;
    let (times, exponent): (f64, i32) = (times.parse().ok()?, exponent.parse().ok()?);
    let digits = [1, 2, 5].into_iter().find(|digits| f64::from(*digits) >= times * 0.999);
    Some(match digits {
        Some(digits) => Decimal { digits: i64::from(digits), exponent },
        None => Decimal { digits: 1, exponent: exponent + 1 },
    })
}

/// The ticks of a logarithmic axis, whose ends are given as their logarithms to the base of ten.
///
/// They are whole decades, every so many of them where there are many; with 2 and 5 between where there are few; and
/// linear where the range is a part of one decade.
pub(super) fn logarithmic(low: f64, high: f64, count: usize) -> Vec<Tick> {
    let decades = low.floor() as i32..=high.ceil() as i32;
    let within = |digits: &'static [i64]| {
        let all = decades
            .clone()
            .flat_map(move |exponent| digits.iter().map(move |&digits| Decimal { digits, exponent }));
        all.filter(|tick| (low..=high).contains(&tick.value().log10())).collect::<Vec<_>>()
    };
    let whole = within(&[1]);
    let ticks =
        [within(&[1, 2, 5]), whole.clone()].into_iter().find(|ticks| (3..=count + 2).contains(&ticks.len()));
    let ticks = match ticks {
        Some(ticks) => ticks,
        None if whole.len() < 3 => return linear(10f64.powf(low), 10f64.powf(high), count, Steps::Any),
        None => {
            let every = whole.len().div_ceil(count.max(1)) as i32;
            whole.into_iter().filter(|tick| tick.exponent.rem_euclid(every) == 0).collect()
        }
    };
    let plain = ticks.iter().all(|tick| (1e-3..1e6).contains(&tick.value()));
    labelled(&ticks, plain)
}

/// Plain numbers where all are of a readable length, else all with an exponent.
fn labelled(ticks: &[Decimal], plain: bool) -> Vec<Tick> {
    let label = |tick: &Decimal| match tick {
        Decimal { digits: 0, .. } => "0".to_owned(),
        tick if plain => tick.plain(),
        tick => tick.scientific(),
    };
    ticks.iter().map(|tick| (tick.value(), label(tick))).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn labels(ticks: &[Tick]) -> Vec<&str> {
        ticks.iter().map(|(_, label)| label.as_str()).collect()
    }

    #[test]
    fn linear_ticks_are_round_and_tell_neighbours_apart() {
        let ticks = |low, high, count| linear(low, high, count, Steps::Any);
        assert_eq!(labels(&ticks(1.0, 300.0, 6)), ["50", "100", "150", "200", "250", "300"]);
        assert_eq!(labels(&ticks(6_000.0, 25_000.0, 5)), ["10,000", "15,000", "20,000", "25,000"]);
        assert_eq!(labels(&ticks(-0.3, 0.3, 6)), ["-0.3", "-0.2", "-0.1", "0", "0.1", "0.2", "0.3"]);
        assert_eq!(labels(&ticks(12_000.2, 12_001.1, 2)), ["12,000.5", "12,001.0"]);
        assert_eq!(labels(&ticks(0.0, 3e7, 3)), ["0", "1e7", "2e7", "3e7"]);
        assert_eq!(
            labels(&ticks(5.2e-5, 5.4e-5, 4)),
            ["5.20e-5", "5.25e-5", "5.30e-5", "5.35e-5", "5.40e-5"]
        );
    }

    #[test]
    fn what_is_counted_has_no_tick_between_whole_numbers() {
        assert_eq!(labels(&linear(1.0, 3.0, 10, Steps::Whole)), ["1", "2", "3"]);
        assert_eq!(labels(&linear(0.5, 1.5, 10, Steps::Whole)), ["1"]);
        assert_eq!(labels(&linear(1.0, 30.0, 10, Steps::Whole)), ["5", "10", "15", "20", "25", "30"]);
    }

    #[test]
    fn logarithmic_ticks_fit_the_number_of_decades() {
        let ticks = |low: f64, high: f64| logarithmic(low.log10(), high.log10(), 6);
        assert_eq!(labels(&ticks(4e-5, 0.02)), ["1e-4", "1e-3", "1e-2"]);
        assert_eq!(labels(&ticks(0.9, 25.0)), ["1", "2", "5", "10", "20"]);
        assert_eq!(labels(&ticks(1e-12, 1.0)), ["1e-12", "1e-9", "1e-6", "1e-3", "1e0"]);
        assert_eq!(labels(&ticks(1.1, 1.9)), ["1.2", "1.4", "1.6", "1.8"]);
        assert_eq!(labels(&ticks(7.9e-5, 1.5e-4)), ["8e-5", "1.0e-4", "1.2e-4", "1.4e-4"]);
    }

    /// Every label is its own, and says where its tick is.
    fn check(ticks: &[Tick]) -> Result<(), TestCaseError> {
        for (place, (value, label)) in ticks.iter().enumerate() {
            let same = ticks.iter().filter(|(_, other)| other == label).count();
            prop_assert_eq!(same, 1, "{} in {:?}", label, ticks);
            let said: f64 = label.replace(',', "").parse().unwrap();
            let neighbours = place.checked_sub(1).into_iter().chain([place + 1]);
            let step = neighbours.filter_map(|n| ticks.get(n)).map(|(other, _)| (other - value).abs());
            let step = step.reduce(f64::min).unwrap_or(value.abs());
            prop_assert!((said - value).abs() <= step / 2.0, "{} for {} in {:?}", label, value, ticks);
        }
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(20_000) })]

        #[test]
        fn labels_tell_ticks_apart_and_say_where_they_are(
            from in -9.0..9.0f64,
            exponent in -300..300i32,
            width in -9.0..3.0f64,
            count in 3usize..13,
        ) {
            let low = from * 10f64.powi(exponent);
            let high = low + (10f64.powf(width) * 10f64.powi(exponent)).max(low.abs() * 1e-8);
            let ticks = linear(low, high, count, Steps::Any);
            prop_assert!(ticks.len() >= count / 3 && ticks.len() <= count + 1, "{:?}", ticks);
            check(&ticks)?;
            check(&linear(low, high, count, Steps::Whole))?;
            if low > 0.0 {
                let ticks = logarithmic(low.log10(), high.log10(), count);
                prop_assert!(!ticks.is_empty());
                check(&ticks)?;
            }
        }

        #[test]
        fn labels_of_many_decades_do_so_too(
            low in -323.0..300.0f64,
            width in 0.0..600.0f64,
            count in 3usize..13,
        ) {
            let ticks = logarithmic(low, (low + width).min(300.5), count);
            check(&ticks)?;
        }
    }
}

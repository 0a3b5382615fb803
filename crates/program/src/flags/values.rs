//! Parsers of single option values, whose messages say which values are possible.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use clap::builder::{PathBufValueParser, TypedValueParser};

use crate::crew::launched::Launched;

/// A whole number within a range.
pub fn whole(range: RangeInclusive<usize>) -> impl Fn(&str) -> Result<usize, String> + Clone {
    move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| format!("expected a whole number from {} to {}", range.start(), range.end()))
    }
}

/// A number of steps: as many as wished, but at least one.
pub fn steps(text: &str) -> Result<u64, String> {
    text.parse()
        .ok()
        .filter(|steps| *steps > 0)
        .ok_or_else(|| "expected a whole number of at least 1".to_owned())
}

/// A number of times, which may be none.
pub fn count(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "expected a whole number of at least 0".to_owned())
}

/// A seed.
pub fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("expected a whole number from 0 to {}", u64::MAX))
}

/// A finite number above 0.
pub fn positive(text: &str) -> Result<f64, String> {
    real(text, |number| number > 0.0 && number.is_finite(), "a finite number above 0")
}

/// A finite number of at least 0.
pub fn not_negative(text: &str) -> Result<f64, String> {
    real(text, |number| number >= 0.0 && number.is_finite(), "a finite number of at least 0")
}

/// A number from 0 up to, but not including, 1.
pub fn below_one(text: &str) -> Result<f64, String> {
    real(text, |number| (0.0..1.0).contains(&number), "a number from 0 up to, but not including, 1")
}

/// A number above 0 and below 1.
pub fn between(text: &str) -> Result<f64, String> {
    real(text, |number| number > 0.0 && number < 1.0, "a number above 0 and below 1")
}

/// A share of a whole that is not nothing: above 0, up to 1.
pub fn share(text: &str) -> Result<f64, String> {
    real(text, |number| number > 0.0 && number <= 1.0, "a number above 0, up to 1")
}

/// One character.
pub fn character(text: &str) -> Result<char, String> {
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(character), None) => Ok(character),
        _ => Err("expected one character".to_owned()),
    }
}

/// A text that is not empty.
pub fn text(text: &str) -> Result<String, String> {
    if text.is_empty() { Err("expected at least one character".to_owned()) } else { Ok(text.to_owned()) }
}

/// A folder that exists.
pub fn folder() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(existing_folder)
}

fn existing_folder(path: PathBuf) -> Result<PathBuf, String> {
    // It is the first rank's, and may be on its host alone.
    if path.is_dir() || Launched::is_silent() {
        Ok(path)
    } else if path.exists() {
        Err("it is not a folder; a run is the folder that training wrote, such as runs/NAME".to_owned())
    } else {
        Err("there is no such folder; a run is the folder that training wrote, such as runs/NAME".to_owned())
    }
}

/// A run: its folder, or the one file that its model ships as.
pub fn run() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| {
        if path.exists() {
            return Ok(path);
        }
        Err("there is no such folder or file; a run is the folder that training wrote, such as runs/NAME, or the \
             model.safetensors in it")
    })
}

/// A name that is not empty.
pub fn name(text: &str) -> Result<String, String> {
    let name = text.trim();
    if name.is_empty() { Err("expected a name".to_owned()) } else { Ok(name.to_owned()) }
}

fn real(text: &str, is_possible: impl Fn(f64) -> bool, expected: &str) -> Result<f64, String> {
    text.parse().ok().filter(|number| is_possible(*number)).ok_or_else(|| format!("expected {expected}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_their_ends_and_nothing_beyond() {
        let window = whole(2..=10);
        assert_eq!(["2", "10"].map(|text| window(text).ok()), [Some(2), Some(10)]);
        for text in ["1", "11", "-3", "2.5", "", "99999999999999999999"] {
            assert!(window(text).is_err(), "`{text}` passed");
        }
        assert_eq!(below_one("0"), Ok(0.0));
        assert_eq!(steps("18446744073709551615"), Ok(u64::MAX));
        for (parser, texts) in [
            (positive as fn(&str) -> Result<f64, String>, ["0", "-1", "NaN", "inf", "x"]),
            (below_one, ["1", "-0.1", "NaN", "inf", ""]),
            (between, ["0", "1", "NaN", "-inf", "1e9"]),
        ] {
            for text in texts {
                assert!(parser(text).is_err(), "`{text}` passed");
            }
        }
    }
}

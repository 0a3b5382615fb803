//! Columns by name: which one is meant, and which kind it is.

use super::{ColumnFault, ValueFault, names::Field};

/// What the values of a column may be, and what they are divided by in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Above zero; divided by the window's last price.
    Price,
    /// Zero or above; divided by the window's mean volume.
    Volume,
}

impl Kind {
    /// Every column that is not named as a volume holds prices.
    pub(super) fn of(name: &str) -> Self {
        if Field::of(name) == Some(Field::Volume) { Self::Volume } else { Self::Price }
    }

    pub(super) fn check(self, value: f64) -> Result<f64, ValueFault> {
        match self {
            _ if !value.is_finite() => Err(ValueFault::NotFinite),
            Self::Price if value <= 0.0 => Err(ValueFault::NotPositive),
            Self::Volume if value < 0.0 => Err(ValueFault::Negative),
            _ => Ok(value),
        }
    }
}

/// The position of the column that `wanted` names: by its exact name, or else in any case of letters if
/// only one fits, or else the one with the best other name of the same field (`Price` for `Close`).
pub(super) fn position<'a>(
    names: impl Iterator<Item = &'a str> + Clone,
    wanted: &str,
) -> Result<usize, ColumnFault> {
    let exact = only(names.clone(), wanted, |name| name == wanted)?;
    if let Some(position) = exact {
        return Ok(position);
    }
    let in_any_case = only(names.clone(), wanted, |name| name.eq_ignore_ascii_case(wanted))?;
    in_any_case
        .or_else(|| Field::usual(wanted)?.position(names.clone()))
        .ok_or_else(|| ColumnFault::Missing { wanted: wanted.to_owned(), columns: listed(names) })
}

/// The position of the only name that fits, `None` where none does.
fn only<'a>(
    names: impl Iterator<Item = &'a str>,
    wanted: &str,
    fits: impl Fn(&str) -> bool,
) -> Result<Option<usize>, ColumnFault> {
    let mut fitting = names.enumerate().filter(|(_, name)| fits(name));
    let first = fitting.next();
    if let Some((second, _)) = fitting.next() {
        let first = first.map_or(0, |(position, _)| position);
        return Err(ColumnFault::Ambiguous {
            wanted: wanted.to_owned(),
            first: first + 1,
            second: second + 1,
        });
    }
    Ok(first.map(|(position, _)| position))
}

/// The names for a message, at most ten of them.
pub(super) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const SHOWN: usize = 10;
    let names: Vec<_> = names.collect();
    let mut text =
        names.iter().take(SHOWN).map(|name| format!("`{}`", shortened(name))).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        text += &format!(" and {} more", names.len() - SHOWN);
    }
    text
}

/// The text for a message: at most 40 characters of it, and control characters escaped.
pub(super) fn shortened(text: &str) -> String {
    const SHOWN: usize = 40;
    let mut short: String = text.chars().take(SHOWN).flat_map(escaped).collect();
    if text.chars().nth(SHOWN).is_some() {
        short.push('…');
    }
    short
}

fn escaped(character: char) -> Vec<char> {
    if character.is_control() { character.escape_default().collect() } else { vec![character] }
}

//! The text of a field as a date or a number.

use time::{Date, format_description::BorrowedFormatItem, macros::format_description};

use super::{LineFault, column::Kind, column::shortened};

const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// What is wrong with a value. The text completes "holds ..., ".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ValueFault {
    /// The text is no number.
    #[error("which is no number")]
    Text,
    /// The number has commas between its thousands.
    #[error("a number with commas, which must be written without them")]
    Commas,
    /// The number is NaN or infinite.
    #[error("which is not a finite number")]
    NotFinite,
    /// A price is zero or below.
    #[error("but a price must be above zero")]
    NotPositive,
    /// A volume is below zero.
    #[error("but a volume must not be negative")]
    Negative,
}

/// The number, or `None` where the field is empty or `null`.
pub(super) fn number(text: Option<&str>, column: &str) -> Result<Option<f64>, LineFault> {
    let Some(text) = present(text) else { return Ok(None) };
    let value = text.parse().map_err(|_| text_fault(text)).and_then(|value| Kind::of(column).check(value));
    value.map(Some).map_err(|fault| LineFault::Value {
        column: shortened(column),
        found: shortened(text),
        fault,
    })
}

/// The day, or `None` where the field is empty or `null`.
pub(super) fn day(text: Option<&str>) -> Result<Option<Date>, LineFault> {
    let Some(text) = present(text) else { return Ok(None) };
    Date::parse(text, DAY).map(Some).map_err(|_| LineFault::Date(shortened(text)))
}

fn present(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty() && !text.eq_ignore_ascii_case("null"))
}

fn text_fault(text: &str) -> ValueFault {
    let without_commas = text.replace(',', "");
    if without_commas.len() < text.len() && without_commas.parse::<f64>().is_ok() {
        ValueFault::Commas
    } else {
        ValueFault::Text
    }
}

//! The time of day beside a date, in the forms that exports have: `16:00`, `4:00 PM`, `T16:00:00Z`, `16:00:00-05:00`. Zones are left
//! out: a price stands at the time that its row writes.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use time::{Date, Month, Time};

use super::Moment;

/// A text cut into its date and its time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stamp<'a> {
    pub(super) text: &'a str,
    pub(super) date: &'a str,
    pub(super) time: Option<Time>,
}

impl Stamp<'_> {
    /// The end of a format that reads the time as well.
    pub(super) fn time_format(&self) -> &'static str {
        let rest = self.text[self.date.len()..].trim();
        match rest.bytes().filter(|byte| *byte == b':').count() {
            1 if rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b':') => " %H:%M",
            2 if rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b':') => " %H:%M:%S",
            _ => "",
        }
    }
}

/// Cuts a text where a time begins.
pub(super) fn split(text: &str) -> Stamp<'_> {
    let text = text.trim();
    for (at, character) in text.char_indices() {
        let is_gap = character == ' '
            || (character == 'T' && text[at + 1..].starts_with(|c: char| c.is_ascii_digit()));
        if at > 0
            && is_gap
            && let Some(time) = parse(text[at + 1..].trim())
        {
            return Stamp { text, date: text[..at].trim_end_matches(','), time: Some(time) };
        }
    }
    Stamp { text, date: text, time: None }
}

/// The time of a text that holds nothing else, but perhaps a zone.
fn parse(text: &str) -> Option<Time> {
    let upper = without_zone(text).to_ascii_uppercase();
    let (clock, half) = match upper.strip_suffix("AM").map(|clock| (clock, 0)) {
        Some(found) => (found.0, Some(found.1)),
        None => upper.strip_suffix("PM").map_or((upper.as_str(), None), |clock| (clock, Some(12))),
    };
    let clock = clock.trim_end_matches([' ', '-']);
    let clock = clock.split_once(['.', ',']).map_or(clock, |(whole, _)| whole);
    let numbers: Vec<u8> = match clock.len() {
        6 if clock.bytes().all(|byte| byte.is_ascii_digit()) => {
            (0..3).map(|i| clock[2 * i..2 * i + 2].parse().ok()).collect::<Option<_>>()?
        }
        _ => clock.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?,
    };
    if numbers.len() == 1 && half.is_none() {
        return None;
    }
    let hour = match half {
        Some(half) if (1..=12).contains(&numbers[0]) => numbers[0] % 12 + half,
        Some(_) => return None,
        None => numbers[0],
    };
    let at = |index: usize| numbers.get(index).copied().unwrap_or_default();
    if numbers.len() > 3 { None } else { Time::from_hms(hour, at(1), at(2)).ok() }
}

/// A time without its zone: `Z`, `UTC`, `+01:00`, `-0500`.
fn without_zone(text: &str) -> &str {
    let bare = text.trim_end_matches('Z').trim_end();
    let bare = ["UTC", "GMT", "EST", "EDT", "CET", "CEST", "BST", "JST"]
        .iter()
        .find_map(|zone| bare.strip_suffix(zone))
        .map_or(bare, str::trim_end);
    let offset = bare.rfind(['+', '-']).filter(|&at| {
        let digits = &bare[at + 1..];
        at > 3 && digits.len() >= 2 && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b':')
    });
    offset.map_or(bare, |at| bare[..at].trim_end())
}

/// A text in a form that `strftime` knows, with a time or without.
pub(super) fn formatted(text: &str, format: &str) -> Option<Moment> {
    let with_time = NaiveDateTime::parse_from_str(text, format).ok();
    let date = with_time.map(|found| found.date()).or_else(|| {
        let exact = NaiveDate::parse_from_str(text, format).ok();
        // A time that the form leaves out does no harm.
        exact.or_else(|| NaiveDate::parse_from_str(split(text).date, format).ok())
    })?;
    let month = Month::try_from(u8::try_from(date.month()).ok()?).ok()?;
    let day = Date::from_calendar_date(date.year(), month, u8::try_from(date.day()).ok()?).ok()?;
    let time = with_time.and_then(|found| {
        let [hour, minute, second] = [found.hour(), found.minute(), found.second()].map(|it| it as u8);
        Time::from_hms(hour, minute, second).ok()
    });
    Some(Moment { date: day, time: time.or_else(|| split(text).time) })
}

//! A column of dates: which form the whole of it allows. No row is read by a guess: a form is taken only if every row can be read
//! in it, and where several can, and give other days, the column is refused with its readings.

use std::collections::HashSet;

use time::{Date, Duration, Month, OffsetDateTime};

use super::{
    LineFault, Moment, Note,
    clock::{self, Stamp},
    column::shortened,
    number::is_missing,
};

/// The order in which a date's parts stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    YearMonthDay,
    MonthDayYear,
    DayMonthYear,
    YearMonth,
    MonthYear,
    YearQuarter,
    QuarterYear,
    Year,
    /// Seconds since 1970, or thousandths of them and so on.
    Unix,
}

const ORDERS: [Order; 9] = [
    Order::YearMonthDay,
    Order::MonthDayYear,
    Order::DayMonthYear,
    Order::YearMonth,
    Order::MonthYear,
    Order::YearQuarter,
    Order::QuarterYear,
    Order::Year,
    Order::Unix,
];

/// A part of a date's text.
#[derive(Clone, Copy, Debug)]
enum Part<'a> {
    Number(&'a str),
    Word(&'a str),
}

/// Reads a column, each text of which is on one of the `lines`; `None` is a row without a date. `format` is the form that the caller
/// names, if any.
pub(super) fn read(
    texts: &[Option<&str>],
    lines: &[usize],
    format: Option<&str>,
    notes: &mut Vec<Note>,
) -> Result<Vec<Option<Moment>>, (usize, LineFault)> {
    if format.is_none()
        && let Some(days) = plain(texts)
    {
        return Ok(days);
    }
    let stamps: Vec<Option<Stamp<'_>>> =
        texts.iter().map(|text| text.filter(|text| !is_missing(text)).map(clock::split)).collect();
    let read = match format {
        Some(format) => formatted(texts, lines, format)?,
        None => {
            let order = order(&stamps, lines, notes)?;
            let moment = |stamp: &Stamp<'_>| moment(stamp, order);
            stamps.iter().map(|stamp| stamp.as_ref().and_then(moment)).collect()
        }
    };
    Ok(with_times_that_matter(read))
}

/// The usual case, years first and nothing else, at once.
fn plain(texts: &[Option<&str>]) -> Option<Vec<Option<Moment>>> {
    let day = |text: &Option<&str>| match text {
        Some(text) => match iso(text.trim().as_bytes()) {
            Some(date) => Some(Some(date.into())),
            None => is_missing(text).then_some(None),
        },
        None => Some(None),
    };
    texts.iter().map(day).collect()
}

/// The date of a text such as `2017-12-29`.
pub(super) fn iso(text: &[u8]) -> Option<Date> {
    let &[a, b, c, d, b'-', e, f, b'-', g, h] = text else { return None };
    let digit = |byte: u8| byte.is_ascii_digit().then(|| byte - b'0');
    let year =
        i32::from(digit(a)?) * 1000 + i32::from(digit(b)?) * 100 + i32::from(digit(c)? * 10 + digit(d)?);
    let month = Month::try_from(digit(e)? * 10 + digit(f)?).ok()?;
    Date::from_calendar_date(year, month, digit(g)? * 10 + digit(h)?).ok()
}

/// Whether a text could be a date, to tell a header from a row.
pub(super) fn looks_like(text: &str) -> bool {
    let stamp = clock::split(text);
    ORDERS.iter().filter(|order| **order != Order::Year).any(|order| moment(&stamp, *order).is_some())
}

/// The order in which every row can be read.
fn order(
    stamps: &[Option<Stamp<'_>>],
    lines: &[usize],
    notes: &mut Vec<Note>,
) -> Result<Order, (usize, LineFault)> {
    let mut fitting = ORDERS.to_vec();
    let mut first: Option<&Stamp<'_>> = None;
    for (&line, stamp) in lines.iter().zip(stamps) {
        let Some(stamp) = stamp else { continue };
        fitting.retain(|order| moment(stamp, *order).is_some());
        if fitting.is_empty() {
            let found = shortened(stamp.text);
            return Err((
                line,
                match first {
                    Some(first) => LineFault::OtherDate { found, usual: shortened(first.text) },
                    None => LineFault::Date(found),
                },
            ));
        }
        first = first.or(Some(stamp));
    }
    let (Some(&order), Some(first)) = (fitting.first(), first) else { return Ok(Order::YearMonthDay) };
    for (&line, stamp) in lines.iter().zip(stamps) {
        let Some(stamp) = stamp else { continue };
        let reading = moment(stamp, order);
        if let Some(&other) = fitting.iter().find(|other| moment(stamp, **other) != reading)
            && let (Some(one), Some(two)) = (reading, moment(stamp, other))
        {
            return Err((
                line,
                LineFault::AmbiguousDate {
                    found: shortened(stamp.text),
                    readings: [(one.date, format_of(stamp, order)), (two.date, format_of(stamp, other))],
                },
            ));
        }
    }
    if matches!(order, Order::MonthDayYear | Order::DayMonthYear)
        && !parts(first.date).is_some_and(|it| has_word(&it))
    {
        notes.push(Note::DateForm { form: format_of(first, order) });
    }
    Ok(order)
}

fn has_word(parts: &[Part<'_>]) -> bool {
    parts.iter().any(|part| matches!(part, Part::Word(_)))
}

/// The rows in a form that the caller names.
fn formatted(
    texts: &[Option<&str>],
    lines: &[usize],
    format: &str,
) -> Result<Vec<Option<Moment>>, (usize, LineFault)> {
    let read = |(&line, text): (&usize, &Option<&str>)| {
        let Some(text) = text.map(str::trim).filter(|text| !is_missing(text)) else { return Ok(None) };
        let found = clock::formatted(text, format).map(Some);
        found.ok_or_else(|| {
            (line, LineFault::DateFormat { found: shortened(text), format: format.to_owned() })
        })
    };
    lines.iter().zip(texts).map(read).collect()
}

/// A time of day is kept where some day has several rows: in a series of days it says nothing.
fn with_times_that_matter(mut moments: Vec<Option<Moment>>) -> Vec<Option<Moment>> {
    let (mut days, mut distinct) = (HashSet::new(), HashSet::new());
    for moment in moments.iter().flatten() {
        days.insert(moment.date);
        distinct.insert(*moment);
    }
    let matter = distinct.len() > days.len();
    for moment in moments.iter_mut().flatten() {
        moment.time = if matter { Some(moment.time.unwrap_or(time::Time::MIDNIGHT)) } else { None };
    }
    moments
}

/// The moment that a text is in an order of its parts, if it can be one.
fn moment(stamp: &Stamp<'_>, order: Order) -> Option<Moment> {
    if order == Order::Unix {
        return unix(stamp);
    }
    Some(Moment { date: date(&parts(stamp.date)?, stamp.date, order)?, time: stamp.time })
}

fn date(parts: &[Part<'_>], text: &str, order: Order) -> Option<Date> {
    let day = |year, month, day: Part<'_>| Date::from_calendar_date(year, month, number(day, 1..=2)?).ok();
    match (order, parts) {
        (Order::YearMonthDay, &[Part::Number(all)]) if all.len() == 8 => {
            let (year, month, of_month) = (&all[..4], &all[4..6], &all[6..]);
            day(full_year(Part::Number(year))?, self::month(Part::Number(month))?, Part::Number(of_month))
        }
        (Order::YearMonth, &[Part::Number(all)]) if all.len() == 6 => {
            let (year, month) = (&all[..4], &all[4..]);
            day(full_year(Part::Number(year))?, self::month(Part::Number(month))?, Part::Number("1"))
        }
        (Order::Year, &[year]) => day(full_year(year)?, Month::January, Part::Number("1")),
        (Order::YearMonthDay, &[year, month, of_month]) => {
            // Two digits of a year come first between dashes and numbers alone.
            let year = if text.contains('-') && matches!(month, Part::Number(_)) {
                any_year(year)
            } else {
                full_year(year)
            };
            day(year?, self::month(month)?, of_month)
        }
        // With dots between numbers, a date begins with its day: no country writes its month first.
        (Order::MonthDayYear, &[Part::Number(_), ..]) if text.contains('.') => None,
        (Order::MonthDayYear, &[month, of_month, year]) => {
            day(any_year(year)?, self::month(month)?, of_month)
        }
        (Order::DayMonthYear, &[of_month, month, year]) => {
            day(any_year(year)?, self::month(month)?, of_month)
        }
        (Order::YearMonth, &[year, month]) => day(full_year(year)?, self::month(month)?, Part::Number("1")),
        (Order::MonthYear, &[month @ Part::Word(_), year]) => {
            day(any_year(year)?, self::month(month)?, Part::Number("1"))
        }
        (Order::MonthYear, &[month, year]) => day(full_year(year)?, self::month(month)?, Part::Number("1")),
        (Order::YearQuarter, &[year, Part::Word("Q" | "q"), quarter])
        | (Order::QuarterYear, &[Part::Word("Q" | "q"), quarter, year]) => {
            let quarter: u8 = number(quarter, 1..=1)?;
            let month = Month::try_from(quarter.checked_mul(3)?.checked_sub(2)?).ok()?;
            day(full_year(year)?, month, Part::Number("1"))
        }
        _ => None,
    }
}

fn number<N: std::str::FromStr>(part: Part<'_>, digits: std::ops::RangeInclusive<usize>) -> Option<N> {
    match part {
        Part::Number(text) if digits.contains(&text.len()) => text.parse().ok(),
        _ => None,
    }
}

fn full_year(part: Part<'_>) -> Option<i32> {
    number(part, 4..=4).filter(|year| *year >= 1000)
}

/// A year of four digits, or of two, which lie between 1969 and 2068.
fn any_year(part: Part<'_>) -> Option<i32> {
    let short = || number::<i32>(part, 2..=2).map(|year| if year < 69 { 2000 + year } else { 1900 + year });
    full_year(part).or_else(short)
}

fn month(part: Part<'_>) -> Option<Month> {
    const NAMES: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    match part {
        Part::Number(_) => Month::try_from(number::<u8>(part, 1..=2)?).ok(),
        Part::Word(word) => {
            let word = word.to_ascii_lowercase();
            let index = NAMES.iter().position(|name| word.starts_with(name))?;
            let month = Month::try_from(index as u8 + 1).ok()?;
            let is_name = word.len() == 3 || word == "sept" || month.to_string().eq_ignore_ascii_case(&word);
            is_name.then_some(month)
        }
    }
}

/// The moment of a number of seconds since 1970, or of thousandths, millionths or billionths of them.
fn unix(stamp: &Stamp<'_>) -> Option<Moment> {
    let text = stamp.date.split_once('.').filter(|(_, rest)| rest.bytes().all(|byte| byte.is_ascii_digit()));
    let text = text.map_or(stamp.date, |(whole, _)| whole);
    if stamp.time.is_some() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let factor = match text.len() {
        9 | 10 => 1,
        12 | 13 => 1_000,
        15 | 16 => 1_000_000,
        18 | 19 => 1_000_000_000,
        _ => return None,
    };
    let seconds = text.parse::<i64>().ok()? / factor;
    let moment = OffsetDateTime::UNIX_EPOCH.checked_add(Duration::seconds(seconds))?;
    Some(Moment { date: moment.date(), time: Some(moment.time()) })
}

/// The numbers and words of a date, without the day of the week and the ends of ordinals; `None` where there are more than three.
fn parts(text: &str) -> Option<Vec<Part<'_>>> {
    const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let mut parts = Vec::with_capacity(4);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let same = |character: char| {
            (first.is_ascii_digit() && character.is_ascii_digit())
                || (first.is_alphabetic() && character.is_alphabetic())
        };
        let end = rest.find(|character| !same(character)).unwrap_or(rest.len());
        if end == 0 {
            if !matches!(first, '-' | '/' | '.' | ' ' | ',' | '_' | '年' | '月' | '日') {
                return None;
            }
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let (part, after) = rest.split_at(end);
        rest = after;
        let lower = part.to_ascii_lowercase();
        if first.is_ascii_digit() {
            parts.push(Part::Number(part));
        } else if parts.is_empty() && WEEKDAYS.iter().any(|day| lower.starts_with(day)) {
            // It says nothing that the date does not.
        } else if !(matches!(parts.last(), Some(Part::Number(_)))
            && matches!(lower.as_str(), "st" | "nd" | "rd" | "th"))
        {
            parts.push(Part::Word(part));
        }
        if parts.len() > 3 {
            return None;
        }
    }
    Some(parts)
}

/// The form of a text as `strftime` has it, to name it to people.
fn format_of(stamp: &Stamp<'_>, order: Order) -> String {
    let Some(parts) = parts(stamp.date) else { return String::new() };
    let codes: &[char] = match order {
        Order::YearMonthDay => &['Y', 'm', 'd'],
        Order::MonthDayYear => &['m', 'd', 'Y'],
        Order::DayMonthYear => &['d', 'm', 'Y'],
        Order::MonthYear => &['m', 'Y'],
        Order::YearMonth => &['Y', 'm'],
        _ => return String::new(),
    };
    let mut text = stamp.date;
    let mut format = String::new();
    for (part, code) in parts.iter().zip(codes) {
        let (Part::Number(words) | Part::Word(words)) = part;
        let Some((before, after)) = text.split_once(words) else { break };
        let code = match (code, part) {
            ('m', Part::Word(_)) => 'b',
            ('Y', Part::Number(year)) if year.len() == 2 => 'y',
            (code, _) => *code,
        };
        format += &format!("{before}%{code}");
        text = after;
    }
    format + stamp.time_format()
}

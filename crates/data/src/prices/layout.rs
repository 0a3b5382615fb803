//! Where the table in a text begins and what parts its columns: the delimiter, the header, and what stands above it.

use super::{FileFault, Note, Reading, column::listed, names::Field, parse::Fault};

/// What may part columns.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// So many lines are looked at for a header.
const LOOKED_AT: usize = 40;

/// A text's table.
#[derive(Debug)]
pub(super) struct Layout<'a> {
    pub(super) delimiter: u8,
    /// The names of the columns; those of other tickers than the one that is read have none.
    pub(super) names: Vec<String>,
    /// The text from the last line of the header on.
    pub(super) table: &'a str,
    /// The line of the file that it begins with.
    pub(super) line: usize,
}

/// A line with its number, counted from 1.
type Line<'a> = (usize, &'a str);

/// Finds the table of a text.
pub(super) fn layout<'a>(
    text: &'a str,
    reading: &Reading,
    notes: &mut Vec<Note>,
) -> Result<Layout<'a>, Fault> {
    let lines: Vec<Line<'a>> =
        (1..).zip(text.lines().take(LOOKED_AT)).filter(|(_, line)| !line.trim().is_empty()).collect();
    let found = DELIMITERS.iter().filter_map(|&delimiter| {
        let header = header(&lines, delimiter, reading)?;
        Some((split(lines[header].1, delimiter).len(), delimiter, header))
    });
    // Of several delimiters that fit as well, the first.
    let best = found.reduce(|best, next| if next.0 > best.0 { next } else { best });
    let Some((_, delimiter, header)) = best else { return Err(no_dates(&lines, reading).into()) };
    let (names, first) = header_names(&lines, header, delimiter, reading, notes)?;
    if first > 0 {
        notes.push(Note::Above { lines: first, first: super::column::shortened(lines[0].1.trim()) });
    }
    if delimiter != b',' {
        notes.push(Note::Delimiter(delimiter.into()));
    }
    let (line, header_line) = lines[header];
    let offset = header_line.as_ptr() as usize - text.as_ptr() as usize;
    Ok(Layout { delimiter, names, table: &text[offset..], line })
}

/// The header among the lines: the first that names a column of dates and has as many fields as the line after it, or, where none
/// has, the first that names one.
fn header(lines: &[Line<'_>], delimiter: u8, reading: &Reading) -> Option<usize> {
    let naming = |&index: &usize| {
        let fields = split(lines[index].1, delimiter);
        names_dates(&fields, reading)
    };
    let as_long = |&index: &usize| {
        let fields = |index: usize| Some(split(lines.get(index)?.1, delimiter).len());
        fields(index) == fields(index + 1)
    };
    let mut candidates = (0..lines.len()).filter(naming);
    candidates.clone().find(as_long).or_else(|| candidates.next())
}

fn names_dates(fields: &[String], reading: &Reading) -> bool {
    if let Some(asked) = &reading.date_column {
        return fields.iter().any(|field| field.eq_ignore_ascii_case(asked.trim()));
    }
    let is_date = |field: &String| matches!(Field::of(field), Some(Field::Date | Field::Time));
    // A table that pandas wrote has no name for its index.
    let is_index = fields[0].is_empty() && fields[1..].iter().any(|field| Field::of(field).is_some());
    fields.iter().any(is_date) || is_index
}

/// The names of the columns, and how many lines stand above them. Where the header's last line names the dates alone, as yfinance
/// writes it, the lines above it have the other names and the tickers.
fn header_names(
    lines: &[Line<'_>],
    header: usize,
    delimiter: u8,
    reading: &Reading,
    notes: &mut Vec<Note>,
) -> Result<(Vec<String>, usize), Fault> {
    let mut names = split(lines[header].1, delimiter);
    let above: Vec<Vec<String>> = lines[..header]
        .iter()
        .rev()
        .map(|(_, line)| split(line, delimiter))
        .take_while(|fields| fields.len() == names.len() && names.len() > 1)
        .collect();
    if above.is_empty() || names[1..].iter().any(|name| !name.is_empty()) {
        if names[0].is_empty()
            && reading.date_column.is_none()
            && Field::Date.position(names.iter().map(String::as_str)).is_none()
        {
            names[0] = "Date".to_owned();
        }
        return Ok((names, header));
    }
    let known = |fields: &[String]| fields[1..].iter().filter(|name| Field::of(name).is_some()).count();
    let best = (0..above.len()).max_by_key(|&index| known(&above[index])).unwrap_or_default();
    let tickers = above.iter().enumerate().find(|(index, fields)| *index != best && known(fields) == 0);
    names[1..].clone_from_slice(&above[best][1..]);
    if let Some((_, tickers)) = tickers {
        choose_ticker(&mut names, tickers, reading, notes)?;
    }
    Ok((names, header - above.len()))
}

/// Takes the names from the columns of other tickers.
fn choose_ticker(
    names: &mut [String],
    tickers: &[String],
    reading: &Reading,
    notes: &mut Vec<Note>,
) -> Result<(), FileFault> {
    let chosen = chosen_ticker(tickers[1..].iter().map(String::as_str), reading)?;
    for (name, ticker) in names.iter_mut().zip(tickers).skip(1) {
        if chosen.as_ref().is_some_and(|chosen| chosen != ticker) {
            name.clear();
        }
    }
    if let (Some(ticker), true) = (chosen, reading.ticker.is_some()) {
        notes.push(Note::Ticker { ticker, others: 0 });
    }
    Ok(())
}

/// The one ticker of a table that is read, as the table writes it.
pub(super) fn chosen_ticker<'a>(
    tickers: impl Iterator<Item = &'a str>,
    reading: &Reading,
) -> Result<Option<String>, FileFault> {
    let mut found: Vec<&str> = Vec::new();
    let mut last = "";
    for ticker in tickers.map(str::trim).filter(|ticker| !ticker.is_empty()) {
        if ticker != last && !found.contains(&ticker) {
            found.push(ticker);
        }
        last = ticker;
    }
    let listed = || listed(found.iter().copied());
    match &reading.ticker {
        Some(asked) => {
            let fits = |ticker: &&&str| ticker.eq_ignore_ascii_case(asked.trim());
            let chosen = found.iter().find(fits).map(|ticker| (*ticker).to_owned());
            chosen.map(Some).ok_or_else(|| FileFault::NoTicker { wanted: asked.clone(), tickers: listed() })
        }
        None if found.len() > 1 => {
            let names = found.iter().map(|ticker| (*ticker).to_owned()).collect();
            Err(FileFault::Tickers { count: found.len(), tickers: listed(), names })
        }
        None => Ok(found.first().map(|ticker| (*ticker).to_owned())),
    }
}

fn no_dates(lines: &[Line<'_>], reading: &Reading) -> FileFault {
    let Some((_, first)) = lines.first() else { return FileFault::Empty };
    let delimiter = DELIMITERS.into_iter().max_by_key(|&delimiter| {
        // The first of several that part it into as many.
        (split(first, delimiter).len(), std::cmp::Reverse(DELIMITERS.iter().position(|it| *it == delimiter)))
    });
    let fields = split(first, delimiter.unwrap_or(b','));
    let columns = listed(fields.iter().map(String::as_str));
    match &reading.date_column {
        Some(wanted) => FileFault::Column(super::ColumnFault::Missing { wanted: wanted.clone(), columns }),
        None if fields.iter().any(|field| super::dates::looks_like(field)) => FileFault::NoHeader { columns },
        None => FileFault::NoDates { columns },
    }
}

/// The fields of a line, trimmed, without their quotes.
fn split(line: &str, delimiter: u8) -> Vec<String> {
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut characters = line.trim_end_matches('\r').chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            _ if !quoted && character == char::from(delimiter) => {
                fields.push(std::mem::take(&mut field).trim().to_owned());
            }
            _ => field.push(character),
        }
    }
    fields.push(field.trim().to_owned());
    fields
}

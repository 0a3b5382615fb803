//! Tables of fields that a character parts: CSV as RFC 4180 has it, and what else goes by that name.
//!
//! Read here and not by a crate for CSV, because those are either strict about one dialect or take what is wrong in silence: the
//! dialect is the one in which the whole file makes sense, and a message must name the row where none does.

use std::borrow::Cow;

use super::{
    Columns, Fault, RowFault, Rows,
    columns::{Profile, choose, column, has_usual_name},
    flags::flag,
    unreadable,
};
use crate::reviews::Note;

mod dialect;

use dialect::{Dialect, Records};

/// Reads the rows of a table.
pub(super) fn read(text: &str, columns: &Columns, rows: &mut Rows) -> Result<(), Fault> {
    let text = text.trim_start_matches(['\r', '\n']);
    if text.trim().is_empty() {
        return Err(unreadable("CSV", "it holds nothing but blank lines"));
    }
    // The last line may have half an end.
    let text = text.strip_suffix('\r').unwrap_or(text);
    let (dialect, text) = Dialect::of(text);
    rows.note((dialect.delimiter != ',').then_some(Note::Delimiter(dialect.delimiter)));
    let mut records = Records::new(text, dialect);
    let first = records.next().unwrap_or(Ok(Vec::new()));
    let first = first.map_err(|reason| unreadable("CSV", format!("the header: {reason}")))?;
    let has_header = is_header(&first, columns, text, dialect);
    rows.note((!has_header).then_some(Note::NoHeader { columns: first.len() }));
    if !has_header {
        records = Records::new(text, dialect);
    }
    let names = names(&first, has_header);
    let names: Vec<&str> = names.iter().map(|name| &**name).collect();
    let profile = || Ok::<_, Fault>(profiles(records.clone(), names.len()));
    let headers: Vec<&str> =
        if has_header { first.iter().map(|name| &**name).collect() } else { names.clone() };
    let chosen = choose(&names, columns, rows.labels_as.as_ref(), profile)?.checked(&headers)?;
    rows.read_from(&chosen, &names);
    for (row, record) in (1..).zip(records) {
        let mut fields = record.map_err(|reason| unreadable("CSV", format!("row {row}: {reason}")))?;
        if fields.len() > names.len() {
            let (found, expected) = (fields.len(), names.len());
            return Err(Fault::Row(
                row,
                RowFault::Fields { found, expected, delimiter: dialect.delimiters() },
            ));
        }
        // A short row has no text or label: the same as empty ones.
        fields.resize(names.len(), Cow::default());
        let text = std::mem::take(&mut fields[chosen.text]).into_owned();
        let value = |place: usize| Ok(Some(Cow::Borrowed(&*fields[place])));
        let label = chosen.cell(&names, value).map_err(|fault| Fault::Row(row, fault))?;
        rows.push(row, Some(text), label)?;
    }
    Ok(())
}

/// The names of columns: those of the header, or else their numbers, which stand for an empty name too.
fn names(first: &[Cow<'_, str>], has_header: bool) -> Vec<String> {
    let name = |(place, name): (usize, &Cow<'_, str>)| {
        let is_name = has_header && !name.trim().is_empty();
        if is_name { name.trim().to_owned() } else { (place + 1).to_string() }
    };
    first.iter().enumerate().map(name).collect()
}

/// Whether the first record names the columns: one that has a usual name does, or one that was asked for; one with a number, a
/// text, or a value that comes again in its column does not, unless it names columns of 0 and 1.
fn is_header(first: &[Cow<'_, str>], columns: &Columns, text: &str, dialect: Dialect) -> bool {
    let names: Vec<&str> = first.iter().map(|name| name.trim()).collect();
    let asked = [&columns.text, &columns.label];
    if has_usual_name(&names)
        || asked.into_iter().flatten().any(|asked| column(&names, "text", asked).is_ok())
    {
        return true;
    }
    let mut rest = Records::new(text, dialect);
    rest.next();
    let profiles = profiles(rest.take(super::LOOKED_AT), names.len());
    if names_flags(&names, &profiles) {
        return true;
    }
    !names.iter().zip(&profiles).any(|(name, profile)| is_data(name, profile))
}

/// Whether a field of the first record is one of its column.
fn is_data(name: &str, profile: &Profile) -> bool {
    const LONGEST_NAME: usize = 50;
    let is_value = name.parse::<f64>().is_ok() || name.chars().count() > LONGEST_NAME;
    is_value || (!name.is_empty() && profile.has(name))
}

/// Whether the first record has numbers for the names of columns of 0 and 1, such as years: other ones than 0 and 1, or these two in
/// order beside a single word, where all others are sentences.
fn names_flags(names: &[&str], profiles: &[Profile]) -> bool {
    let (flags, others): (Vec<_>, Vec<_>) =
        names.iter().zip(profiles).partition(|(_, profile)| profile.holds(|profile| profile.flags));
    let mut sorted: Vec<&str> = flags.iter().map(|(name, _)| **name).collect();
    sorted.sort_unstable();
    sorted.dedup();
    if flags.len() < 2
        || sorted.len() < flags.len()
        || others.iter().any(|(name, profile)| is_data(name, profile))
    {
        return false;
    }
    let is_word = |name: &str| !name.is_empty() && !name.contains(char::is_whitespace);
    let beside_sentences = others.iter().any(|(name, profile)| is_word(name) && profile.are_sentences());
    let counted = flags.iter().map(|(name, _)| **name).eq(["0", "1"]);
    flags.iter().any(|(name, _)| flag(name).is_none()) || (counted && beside_sentences)
}

/// What is in the columns of some records.
fn profiles<'a>(
    records: impl Iterator<Item = Result<Vec<Cow<'a, str>>, &'static str>>,
    columns: usize,
) -> Vec<Profile> {
    let mut profiles = vec![Profile::default(); columns];
    for record in records.map_while(Result::ok) {
        for (profile, place) in profiles.iter_mut().zip(0..) {
            profile.add(record.get(place).map_or("", |field| field));
        }
    }
    profiles
}

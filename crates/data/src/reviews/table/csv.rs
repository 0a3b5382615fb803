//! CSV as RFC 4180 has it: fields end with a comma or a line end, unless they stand in double quotes.
//!
//! Read here and not by Polars, so that reviews do without it: both columns are text, and a message must name the row.

use std::borrow::Cow;

use super::{Columns, Fault, RowFault, Rows, column, unreadable};

/// Reads the rows of a CSV table.
pub(super) fn read(bytes: &[u8], columns: &Columns, rows: &mut Rows<'_>) -> Result<(), Fault> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let offset = error.valid_up_to();
        unreadable("CSV", format!("byte offset {offset} is {:#04x}, which is not UTF-8", bytes[offset]))
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim_start_matches(['\r', '\n']);
    if text.is_empty() {
        return Err(unreadable("CSV", "it holds nothing but blank lines"));
    }
    // The last line may have half an end.
    let mut rest = text.strip_suffix('\r').unwrap_or(text);
    let header = record(&mut rest).map_err(|reason| unreadable("CSV", format!("the header: {reason}")))?;
    let names: Vec<&str> = header.iter().map(|name| &**name).collect();
    let text_at = position(&names, "text", &columns.text)?;
    let label_at = position(&names, "label", &columns.label)?;
    for row in 1.. {
        if rest.is_empty() {
            break;
        }
        let mut fields =
            record(&mut rest).map_err(|reason| unreadable("CSV", format!("row {row}: {reason}")))?;
        if fields.len() > names.len() {
            let fault = RowFault::Fields { found: fields.len(), expected: names.len() };
            return Err(Fault::Row(row, fault));
        }
        // A short row, such as a blank line, has no text or label: the same as empty ones.
        fields.resize(names.len(), Cow::default());
        rows.push(row, Some(fields[text_at].to_string()), Some(&fields[label_at]))?;
    }
    Ok(())
}

/// Where the wanted column stands in every row.
fn position(names: &[&str], role: &'static str, wanted: &str) -> Result<usize, Fault> {
    let name = column(names, role, wanted)?;
    Ok(names.iter().position(|other| *other == name).unwrap_or_default())
}

/// The fields up to the end of a line that no quotes hold. `rest` is what comes after it. An error is what a message says.
fn record<'a>(rest: &mut &'a str) -> Result<Vec<Cow<'a, str>>, &'static str> {
    let mut fields = Vec::new();
    loop {
        let (field, after) = match rest.strip_prefix('"') {
            Some(inside) => quoted(inside)?,
            None => plain(rest),
        };
        fields.push(field);
        let line_end = after.strip_prefix("\r\n").or_else(|| after.strip_prefix('\n'));
        match (after.strip_prefix(','), line_end) {
            (Some(next), _) => *rest = next,
            (None, Some(next)) => {
                *rest = next;
                return Ok(fields);
            }
            (None, None) if after.is_empty() => {
                *rest = after;
                return Ok(fields);
            }
            (None, None) => return Err("a quote stands within quotes; write it twice"),
        }
    }
}

/// A field without quotes around it, and what follows it. Quotes later in it are part of it.
fn plain(text: &str) -> (Cow<'_, str>, &str) {
    let end = text.find([',', '\n']).unwrap_or(text.len());
    let end = if text[end..].starts_with('\n') && text[..end].ends_with('\r') { end - 1 } else { end };
    let (field, after) = text.split_at(end);
    (field.into(), after)
}

/// A field after its opening quote, and what follows the closing one. A doubled quote means one.
fn quoted(inside: &str) -> Result<(Cow<'_, str>, &str), &'static str> {
    let mut from = 0;
    loop {
        let quote = from + inside[from..].find('"').ok_or("a quote is not closed")?;
        let after = &inside[quote + 1..];
        if after.starts_with('"') {
            from = quote + 2;
            continue;
        }
        let field = &inside[..quote];
        let field = if from == 0 { field.into() } else { field.replace("\"\"", "\"").into() };
        return Ok((field, after));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn records(mut text: &str) -> Vec<Vec<String>> {
        let mut records = Vec::new();
        while !text.is_empty() {
            records.push(record(&mut text).unwrap().into_iter().map(Cow::into_owned).collect());
        }
        records
    }

    #[test]
    fn quotes_hold_commas_line_ends_and_quotes() {
        let text = "a,b\r\n\"so, \"\"so\"\"\r\nlà\",\"\"\n\n,x \"y\"\n\"\"";
        let expected =
            [vec!["a", "b"], vec!["so, \"so\"\r\nlà", ""], vec![""], vec!["", "x \"y\""], vec![""]];
        assert_eq!(records(text), expected);
    }

    #[test]
    fn quotes_out_of_place_are_refused() {
        for text in ["\"a\" ,b", "\"a\"b\",c", "\"\"a", "x,\"a\"\"\"b\n"] {
            let found = record(&mut &*text);
            assert_eq!(found, Err("a quote stands within quotes; write it twice"), "{text}");
        }
        for text in ["\"", "a,\"b\n", "\"\"\"", "a\"b,\"c"] {
            assert_eq!(record(&mut &*text), Err("a quote is not closed"), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(
            table in prop::collection::vec(prop::collection::vec("[a\",\r\né]{0,5}", 2..4), 0..6),
        ) {
            let quote = |field: &String| format!("\"{}\"", field.replace('"', "\"\""));
            let line = |fields: &Vec<String>| fields.iter().map(quote).collect::<Vec<_>>().join(",") + "\n";
            let text: String = table.iter().map(line).collect();
            prop_assert_eq!(records(&text), table);
        }
    }
}

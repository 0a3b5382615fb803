//! A first pass over a file's text that checks its outline: quotes are closed, and every line has as many
//! fields as the header.
//!
//! It makes sure that the parser's row n is line n + 1, so that errors can name lines, and that a row
//! shifted by a stray comma is not read as other columns. Parsing itself is left to Polars. A quoted field
//! over several lines is legal CSV, but in prices it is always a quote that somebody forgot.

use super::LineFault;

/// The outline of a CSV text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outline {
    /// The number of fields in each line that is not blank.
    pub(super) fields: usize,
    /// The number of lines, header and blank ones included.
    pub(super) lines: usize,
    /// Whether any field is quoted.
    pub(super) quoted: bool,
}

/// Checks the outline of a text; an error comes with the number of its line.
/// The first line of the text, the header, is line `first` of the file.
pub(super) fn outline(text: &str, delimiter: u8, first: usize) -> Result<Outline, (usize, LineFault)> {
    let mut outline = Outline { fields: 0, lines: 0, quoted: false };
    for line in text.as_bytes().split(|&byte| byte == b'\n') {
        outline.lines += 1;
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let is_header = outline.lines == 1;
        if line.is_empty() && !is_header {
            continue;
        }
        let quoted = line.contains(&b'"');
        outline.quoted |= quoted;
        let found = if quoted { fields_with_quotes(line, delimiter) } else { Some(fields(line, delimiter)) };
        let found = found.ok_or((first + outline.lines - 1, LineFault::Quotes))?;
        if is_header {
            outline.fields = found;
        } else if found != outline.fields {
            let fault = LineFault::Fields { found, expected: outline.fields, delimiter: delimiter.into() };
            return Err((first + outline.lines - 1, fault));
        }
    }
    Ok(outline)
}

pub(super) fn fields(line: &[u8], delimiter: u8) -> usize {
    1 + line.iter().filter(|&&byte| byte == delimiter).count()
}

/// The number of fields of a line with quotes, or `None` where a quote opens inside a field, is followed by
/// something other than a delimiter, or is not closed.
fn fields_with_quotes(line: &[u8], delimiter: u8) -> Option<usize> {
    let mut rest = line;
    let mut found = 1;
    loop {
        rest = match rest.strip_prefix(b"\"") {
            Some(inside) => after_quoted(inside)?,
            None => {
                let end = rest.iter().position(|&byte| byte == delimiter).unwrap_or(rest.len());
                let (field, after) = rest.split_at(end);
                if field.contains(&b'"') {
                    return None;
                }
                after
            }
        };
        match rest.split_first() {
            None => return Some(found),
            Some((&byte, after)) if byte == delimiter => rest = after,
            Some(_) => return None,
        }
        found += 1;
    }
}

/// What follows the closing quote; a doubled quote is part of the field.
fn after_quoted(mut inside: &[u8]) -> Option<&[u8]> {
    loop {
        let quote = inside.iter().position(|&byte| byte == b'"')?;
        let after = &inside[quote + 1..];
        match after.strip_prefix(b"\"") {
            Some(doubled) => inside = doubled,
            None => return Some(after),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_commas_and_doubled_quotes_are_part_of_their_field() {
        let text = "Date,Name,Close\r\n2001-01-02,\"Dow \"\"30\"\", Inc.\",5\r\n\r\n2001-01-03,\"\",6";
        assert_eq!(outline(text, b',', 1).unwrap(), Outline { fields: 3, lines: 4, quoted: true });
    }

    #[test]
    fn quotes_out_of_place_are_refused() {
        for line in ["\"a,b", "a\"b\",c", "\"a\" ,b", "\"a\"b\",c", "\"", "\"\"\""] {
            let found = outline(&format!("x,y\n{line}\n"), b',', 1);
            assert!(matches!(found, Err((2, LineFault::Quotes))), "{line}: {found:?}");
        }
    }

    #[test]
    fn a_line_with_more_or_fewer_fields_is_refused() {
        for (line, fields) in [("1,234.5,6", 3), ("1", 1), (" ", 1)] {
            let Err((3, LineFault::Fields { found, expected: 2, .. })) =
                outline(&format!("x,y\n1,2\n{line}"), b',', 1)
            else {
                panic!("`{line}` was not refused")
            };
            assert_eq!(found, fields);
        }
    }
}

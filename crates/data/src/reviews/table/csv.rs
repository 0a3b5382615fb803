//! CSV, parsed by Polars. Both columns are parsed as text, because a message must show what a label is.

use std::{io::Cursor, sync::Arc};

use polars::prelude::{CsvReadOptions, DataFrame, SerReader, StringChunked};

use super::{Columns, Fault, RowFault, Rows, column, unreadable};

/// Reads the rows of a CSV table.
pub(super) fn read(bytes: &[u8], columns: &Columns, rows: &mut Rows<'_>) -> Result<(), Fault> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let offset = error.valid_up_to();
        unreadable("CSV", format!("byte offset {offset} is {:#04x}, which is not UTF-8", bytes[offset]))
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // Polars would take all that follows into one field.
    if text.bytes().filter(|byte| *byte == b'"').count() % 2 == 1 {
        return Err(unreadable("CSV", "a quote is not closed"));
    }
    let header = parse(text, Some(0), None)?;
    let names: Vec<&str> = header.get_column_names().into_iter().map(|name| name.as_str()).collect();
    let chosen = [column(&names, "text", &columns.text)?, column(&names, "label", &columns.label)?];
    let frame = parse(text, None, Some(&chosen))?;
    let [texts, labels] = chosen.map(|name| strings(&frame, name));
    let (texts, labels) = (texts?, labels?);
    for row in 0..frame.height() {
        rows.push(row + 1, texts.get(row).map(str::to_owned), labels.get(row))?;
    }
    Ok(())
}

/// Parses a table, or its first rows, with every column as text.
fn parse(text: &str, most_rows: Option<usize>, columns: Option<&[&str]>) -> Result<DataFrame, Fault> {
    let columns = columns.map(|columns| columns.iter().map(|name| (*name).into()).collect::<Vec<_>>());
    CsvReadOptions::default()
        .with_has_header(true)
        .with_infer_schema_length(Some(0))
        .with_n_rows(most_rows)
        .with_columns(columns.map(Arc::from))
        .into_reader_with_file_handle(Cursor::new(text.as_bytes()))
        .finish()
        .map_err(|error| too_many_fields(text).unwrap_or_else(|| unreadable("CSV", error)))
}

fn strings<'a>(frame: &'a DataFrame, name: &str) -> Result<&'a StringChunked, Fault> {
    frame.column(name).and_then(|column| column.str()).map_err(|error| unreadable("CSV", error))
}

/// The first row with more fields than the header, which Polars refuses without saying where it is.
fn too_many_fields(text: &str) -> Option<Fault> {
    let (mut quoted, mut row, mut fields, mut header) = (false, 0, 1, None);
    for byte in text.bytes().chain([b'\n']) {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted => fields += 1,
            b'\n' if !quoted => {
                let expected = *header.get_or_insert(fields);
                if fields > expected {
                    return Some(Fault::Row(row, RowFault::Fields { found: fields, expected }));
                }
                row += 1;
                fields = 1;
            }
            _ => {}
        }
    }
    None
}

//! The lines of a table after its header, and their cells as text.

use std::{io::Cursor, sync::Arc};

use polars::{
    error::PolarsError,
    prelude::{CsvReadOptions, DataFrame, DataType, Schema, SerReader},
};

use super::{
    FileFault,
    layout::Layout,
    parse::Fault,
    scan::{self, Outline},
};

/// The lines after the header.
pub(super) struct Body<'a> {
    text: &'a str,
    outline: Outline,
    pub(super) delimiter: u8,
    /// The line of the file that they begin with.
    pub(super) line: usize,
}

impl<'a> Body<'a> {
    /// Those of a table, once its outline is checked.
    pub(super) fn new(layout: &Layout<'a>) -> Result<Self, Fault> {
        let table = layout.table.trim_end_matches(['\n', '\r', ' ']);
        let outline = scan::outline(table, layout.delimiter, layout.line)?;
        let Some((_, text)) = table.split_once('\n') else { return Err(FileFault::HeaderOnly.into()) };
        Ok(Self { text, outline, delimiter: layout.delimiter, line: layout.line + 1 })
    }

    /// Parses them: one row a line, blank ones included, and one column of text a position, in the order of the positions, which
    /// rise.
    pub(super) fn frame(&self, projection: Vec<usize>) -> Result<DataFrame, Fault> {
        let schema: Schema = (0..self.outline.fields)
            .map(|position| (position.to_string().into(), DataType::String))
            .collect();
        let quote = self.outline.quoted.then_some(b'"');
        let options = CsvReadOptions::default()
            .with_has_header(false)
            .with_schema(Some(Arc::new(schema)))
            .with_projection(Some(Arc::new(projection)))
            .with_rechunk(false)
            .map_parse_options(|options| options.with_quote_char(quote).with_separator(self.delimiter));
        let reader = options.into_reader_with_file_handle(Cursor::new(self.text.as_bytes()));
        let frame = reader.finish().map_err(parser)?;
        if frame.height() != self.outline.lines - 1 {
            let message = format!("{} rows on {} lines", frame.height(), self.outline.lines - 1);
            return Err(FileFault::Parser(message).into());
        }
        Ok(frame)
    }

    /// Whether numbers can have no other decimal mark than a point: a comma would have parted columns.
    pub(super) fn is_plain(&self) -> bool {
        self.delimiter == b',' && !self.outline.quoted
    }

    /// All fields with their positions in their lines, without their quotes.
    pub(super) fn fields(&self) -> impl Iterator<Item = (usize, &str)> {
        let delimiter = char::from(self.delimiter);
        let lines = self.text.lines().flat_map(move |line| {
            let mut quoted = false;
            let parts = line.split(move |character| {
                quoted ^= character == '"';
                character == delimiter && !quoted
            });
            parts.enumerate()
        });
        lines.map(|(position, field)| (position, field.trim().trim_matches('"')))
    }
}

fn parser(error: PolarsError) -> Fault {
    FileFault::Parser(error.to_string()).into()
}

/// Columns of text by their positions in the file, each with one cell a row.
pub(super) struct Cells<'a> {
    /// They rise.
    positions: Vec<usize>,
    columns: Vec<Vec<Option<&'a str>>>,
    height: usize,
}

impl<'a> Cells<'a> {
    /// Those of a frame with a column for each of the positions.
    pub(super) fn new(frame: &'a DataFrame, positions: Vec<usize>) -> Result<Self, Fault> {
        let columns = frame.columns().iter().map(|column| Ok(column.str().map_err(parser)?.iter().collect()));
        Ok(Self { positions, columns: columns.collect::<Result<_, Fault>>()?, height: frame.height() })
    }

    /// The number of rows.
    pub(super) fn height(&self) -> usize {
        self.height
    }

    /// The column at a position; none of its cells where it was not parsed.
    pub(super) fn column(&self, position: usize) -> &[Option<&'a str>] {
        self.positions.binary_search(&position).map_or(&[], |place| &self.columns[place])
    }
}

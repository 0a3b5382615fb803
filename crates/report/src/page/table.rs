//! A table of a report: columns of text or of numbers, of which the best are marked.

use std::fmt;

/// Rows under headings, with a caption above. Its `Display` is the same as text: aligned columns, with a star behind
/// the best.
///
/// A row with fewer cells than there are columns is filled up with empty ones, and cells beyond the last column
/// are dropped.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    pub(super) caption: String,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Cell>>,
}

/// The heading of a column, and what it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub(super) heading: String,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    LowestBest,
    HighestBest,
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    pub(super) text: String,
    pub(super) value: Option<f64>,
}

impl Table {
    /// A table without columns or rows yet.
    pub fn new(caption: impl Into<String>) -> Self {
        Self { caption: caption.into(), columns: Vec::new(), rows: Vec::new() }
    }

    /// Adds a column.
    pub fn column(mut self, column: Column) -> Self {
        self.columns.push(column);
        self
    }

    /// Adds a row.
    pub fn row(mut self, cells: impl IntoIterator<Item = Cell>) -> Self {
        self.rows.push(cells.into_iter().collect());
        self
    }

    /// The best value of a column, where it has one.
    pub(super) fn best(&self, place: usize) -> Option<f64> {
        let values = self.rows.iter().filter_map(|row| row.get(place)?.value).filter(|value| !value.is_nan());
        match self.columns.get(place)?.kind {
            Kind::LowestBest => values.reduce(f64::min),
            Kind::HighestBest => values.reduce(f64::max),
            Kind::Text | Kind::Number => None,
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heading: Vec<String> = self.columns.iter().map(|column| column.heading.clone()).collect();
        let best: Vec<Option<f64>> = (0..self.columns.len()).map(|place| self.best(place)).collect();
        let cell = |row: &[Cell], place: usize| match row.get(place) {
            None => String::new(),
            Some(cell) if cell.value.is_some() && cell.value == best[place] => format!("{}*", cell.text),
            // So that digits stand below digits.
            Some(cell) if cell.value.is_some() && best[place].is_some() => format!("{} ", cell.text),
            Some(cell) => cell.text.clone(),
        };
        let rows = self.rows.iter().map(|row| (0..best.len()).map(|place| cell(row, place)).collect());
        let rows: Vec<Vec<String>> = std::iter::once(heading).chain(rows).collect();
        let width = |place: usize| rows.iter().map(|row| row[place].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..best.len()).map(width).collect();
        if !self.caption.is_empty() {
            writeln!(f, "{}", self.caption)?;
        }
        for row in &rows {
            let cells =
                row.iter().zip(&self.columns).zip(&widths).map(|((text, column), width)| match column.kind {
                    Kind::Text => format!("{text:<width$}"),
                    _ => format!("{text:>width$}"),
                });
            writeln!(f, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
        }
        Ok(())
    }
}

impl Column {
    /// Text, aligned left.
    pub fn text(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), kind: Kind::Text }
    }

    /// Numbers, aligned right, none of them better than another.
    pub fn number(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), kind: Kind::Number }
    }

    /// Numbers of which the lowest is marked, and all that equal it.
    pub fn lowest_best(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), kind: Kind::LowestBest }
    }

    /// Numbers of which the highest is marked, and all that equal it.
    pub fn highest_best(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), kind: Kind::HighestBest }
    }
}

impl Cell {
    /// Words, or a number that is not to be compared.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), value: None }
    }

    /// A number and how it is shown.
    pub fn number(value: f64, text: impl Into<String>) -> Self {
        Self { text: text.into(), value: Some(value) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_text_columns_align_and_the_best_has_a_star() {
        let table = Table::new("Errors")
            .column(Column::text("model"))
            .column(Column::lowest_best("error"))
            .column(Column::text("note"))
            .row([Cell::text("tomorrow = today"), Cell::number(5.2641e-5, "5.264e-5"), Cell::text("naïve")])
            .row([Cell::text("GRU"), Cell::number(0.5, "0.5"), Cell::text("")])
            .row([Cell::text("short")]);
        insta::assert_snapshot!(table.to_string(), @r"
        Errors
        model                 error  note
        tomorrow = today  5.264e-5*  naïve
        GRU                    0.5
        short
        ");
    }
}

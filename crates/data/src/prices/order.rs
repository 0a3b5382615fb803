//! Puts the rows of a file into date order, each date once.

use super::{LineFault, Moment, Note};

/// The rows of a file as they were read.
pub(super) struct Rows {
    pub(super) dates: Vec<Moment>,
    /// One vector a column, in the order of the names.
    pub(super) values: Vec<Vec<f64>>,
    /// The line that each row is from.
    pub(super) lines: Vec<usize>,
}

impl Rows {
    /// Sorts the rows and drops repeated ones, of which the last stays, and notes both.
    pub(super) fn in_order(
        mut self,
        names: &[String],
        notes: &mut Vec<Note>,
    ) -> Result<Self, (usize, LineFault)> {
        let dates = &self.dates;
        if let Some(row) = (1..dates.len()).find(|&row| dates[row] < dates[row - 1]) {
            let newest_first = dates.is_sorted_by(|earlier, later| earlier >= later);
            let first_line = self.lines[row];
            notes.push(if newest_first { Note::NewestFirst } else { Note::Sorted { first_line } });
            let mut order: Vec<usize> = (0..dates.len()).collect();
            // Stable: rows of one date stay in the order of their lines.
            order.sort_by_key(|&row| dates[row]);
            self = self.select(&order);
        }
        self.without_repetitions(names, notes)
    }

    fn without_repetitions(
        self,
        names: &[String],
        notes: &mut Vec<Note>,
    ) -> Result<Self, (usize, LineFault)> {
        let mut kept = Vec::with_capacity(self.dates.len());
        let (mut repeated, mut first_line) = (0, usize::MAX);
        for row in 0..self.dates.len() {
            let next = row + 1;
            if next < self.dates.len() && self.dates[next] == self.dates[row] {
                self.must_agree(row, next, names)?;
                repeated += 1;
                first_line = first_line.min(self.lines[row]);
            } else {
                kept.push(row);
            }
        }
        if repeated == 0 {
            return Ok(self);
        }
        notes.push(Note::Repeated { rows: repeated, first_line });
        Ok(self.select(&kept))
    }

    fn must_agree(&self, earlier: usize, row: usize, names: &[String]) -> Result<(), (usize, LineFault)> {
        for (values, column) in self.values.iter().zip(names) {
            if values[earlier] != values[row] {
                return Err((
                    self.lines[row],
                    LineFault::Contradiction {
                        date: self.dates[row],
                        column: column.clone(),
                        found: values[row],
                        earlier: values[earlier],
                        earlier_line: self.lines[earlier],
                    },
                ));
            }
        }
        Ok(())
    }

    fn select(self, rows: &[usize]) -> Self {
        Self {
            dates: rows.iter().map(|&row| self.dates[row]).collect(),
            values: self.values.iter().map(|values| rows.iter().map(|&row| values[row]).collect()).collect(),
            lines: rows.iter().map(|&row| self.lines[row]).collect(),
        }
    }
}

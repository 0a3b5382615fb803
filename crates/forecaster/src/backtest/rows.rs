//! What was said of each day, as the rows of a CSV file. Numbers are written with as many digits as it takes to read them back the
//! same.

use std::fmt::Write;
use std::path::Path;

use crate::error::Error;

/// The largest file of rows that is read: a century of hours.
pub(super) const LIMIT: u64 = 1 << 30;

/// Days with numbers; one that is not known is no number.
#[derive(Clone, Debug)]
pub struct Rows {
    names: Vec<String>,
    dates: Vec<String>,
    /// `[days, names]`.
    values: Vec<f64>,
}

impl Rows {
    /// No rows yet, of some columns.
    pub fn new(names: Vec<String>) -> Self {
        Self { names, dates: Vec::new(), values: Vec::new() }
    }

    /// Adds a day.
    ///
    /// # Panics
    /// There is not one value for each column.
    pub fn push(&mut self, date: String, values: &[f64]) {
        assert_eq!(values.len(), self.names.len(), "a value for each column");
        self.dates.push(date);
        self.values.extend_from_slice(values);
    }

    /// Adds the days of others, which have the same columns.
    pub fn extend(&mut self, others: Self) {
        self.dates.extend(others.dates);
        self.values.extend(others.values);
    }

    /// The days.
    pub fn dates(&self) -> &[String] {
        &self.dates
    }

    /// The numbers of a column; none where there is no such column.
    pub fn column(&self, name: &str) -> Vec<f64> {
        let Some(place) = self.names.iter().position(|other| other == name) else { return Vec::new() };
        self.values.iter().skip(place).step_by(self.names.len()).copied().collect()
    }

    /// The rows as CSV, with a header.
    pub fn to_csv(&self) -> String {
        let mut text = format!("date,{}\n", self.names.join(","));
        for (date, values) in self.dates.iter().zip(self.values.chunks_exact(self.names.len().max(1))) {
            text += date;
            for value in values {
                text.push(',');
                if value.is_finite() {
                    // A text takes whatever is written.
                    let _ = write!(text, "{value}");
                }
            }
            text.push('\n');
        }
        text
    }

    /// Reads rows back; `file` stands for them in messages.
    ///
    /// # Errors
    /// It has other columns, or a field is no number.
    pub fn of_csv(text: &str, names: &[String], file: &Path) -> Result<Self, Error> {
        let mut lines = text.lines();
        let fault = |line: usize, problem: &str| {
            let problem =
                format!("line {line}: {problem}; remove the file, and the segment is computed again");
            Error::from(recurrent_train::Error::invalid(file, problem))
        };
        if lines.next() != Some(format!("date,{}", names.join(",")).as_str()) {
            return Err(fault(1, "has other columns than a backtest of these settings"));
        }
        let mut rows = Self::new(names.to_vec());
        for (line, number) in lines.zip(2..) {
            let mut fields = line.split(',');
            let date = fields.next().unwrap_or_default().to_owned();
            let value = |field: &str| if field.is_empty() { Ok(f64::NAN) } else { field.parse() };
            let values: Vec<f64> = fields
                .map(value)
                .collect::<Result<_, _>>()
                .map_err(|_| fault(number, "holds something that is no number"))?;
            if values.len() != names.len() {
                return Err(fault(number, "has more or fewer fields than the header"));
            }
            rows.push(date, &values);
        }
        Ok(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_to_the_bit() {
        let names = vec!["a".to_owned(), "b".to_owned()];
        let mut rows = Rows::new(names.clone());
        rows.push("2001-01-02".to_owned(), &[0.1 + 0.2, 1e-7]);
        rows.push("2001-01-03".to_owned(), &[f64::NAN, -5.0]);
        let text = rows.to_csv();
        insta::assert_snapshot!(text, @r"
        date,a,b
        2001-01-02,0.30000000000000004,0.0000001
        2001-01-03,,-5
        ");
        let back = Rows::of_csv(&text, &names, Path::new("x.csv")).unwrap();
        assert_eq!(back.column("b"), [1e-7, -5.0]);
        assert!(back.column("a")[1].is_nan());
        for (broken, place) in
            [("date,a\n", "line 1"), ("date,a,b\nd,1\n", "line 2"), ("date,a,b\nd,1,x\n", "line 2")]
        {
            let error = Rows::of_csv(broken, &names, Path::new("x.csv")).unwrap_err().to_string();
            assert!(error.contains("x.csv") && error.contains(place), "{error}");
        }
    }
}

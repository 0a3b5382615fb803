//! The summary of a model that is shown before training: its layers, their output shapes and parameters.
//!
//! The model says what its layers are; nothing here looks into a model.

use std::fmt;

use crate::figures::thousands;

/// A model's layers and what each holds; its `Display` is an aligned table.
///
/// ```
/// use recurrent_report::{LayerRow, ModelSummary};
/// let summary = ModelSummary {
///     title: "price forecaster".to_owned(),
///     rows: vec![
///         LayerRow::new("gru", "GRU, reset after", "[batch, 256]", 198_912),
///         LayerRow::new("head", "dense", "[batch, 1]", 257),
///     ],
/// };
/// assert_eq!(summary.parameters(), 199_169);
/// assert!(summary.to_string().contains("199,169"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelSummary {
    /// The model's name.
    pub title: String,
    /// Its layers, in the order of the data.
    pub rows: Vec<LayerRow>,
}

/// One layer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LayerRow {
    /// Its name within the model.
    pub name: String,
    /// What it is: `LSTM`, `dense`.
    pub kind: String,
    /// The shape of its output: `[batch, time, 800]`.
    pub output_shape: String,
    /// The number of its trainable parameters.
    pub parameters: u64,
}

impl LayerRow {
    /// A row from its four columns.
    pub fn new(
        name: impl Into<String>,
        kind: impl Into<String>,
        output_shape: impl Into<String>,
        parameters: u64,
    ) -> Self {
        Self { name: name.into(), kind: kind.into(), output_shape: output_shape.into(), parameters }
    }
}

impl ModelSummary {
    /// Sums the parameters of all layers.
    pub fn parameters(&self) -> u64 {
        self.rows.iter().fold(0, |sum, row| sum.saturating_add(row.parameters))
    }
}

impl fmt::Display for ModelSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heading = ["layer", "kind", "output shape", "parameters"].map(str::to_owned);
        let total = ["total".to_owned(), String::new(), String::new(), thousands(self.parameters())];
        let layers = self.rows.iter().map(|row| {
            [row.name.clone(), row.kind.clone(), row.output_shape.clone(), thousands(row.parameters)]
        });
        let rows: Vec<[String; 4]> =
            std::iter::once(heading).chain(layers).chain(std::iter::once(total)).collect();
        let mut widths = [0; 4];
        for row in &rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let rule = "─".repeat(widths.iter().sum::<usize>() + 3 * 2);
        writeln!(f, "{}", self.title)?;
        for (place, [name, kind, shape, parameters]) in rows.iter().enumerate() {
            if place == 1 || (place > 1 && place + 1 == rows.len()) {
                writeln!(f, "{rule}")?;
            }
            let [a, b, c, d] = widths;
            writeln!(f, "{name:<a$}  {kind:<b$}  {shape:<c$}  {parameters:>d$}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_and_parameters_add_up() {
        let rows = vec![
            LayerRow::new("lstm_1", "LSTM", "[batch, 160, 800]", 2_745_600),
            LayerRow::new("lstm_2", "LSTM", "[batch, 160, 800]", 5_123_200),
            LayerRow::new("head", "dense, softmax", "[batch, 160, 57]", 45_657),
        ];
        let summary = ModelSummary { title: "text generator".to_owned(), rows };
        insta::assert_snapshot!(summary, @r"
        text generator
        layer   kind            output shape       parameters
        ─────────────────────────────────────────────────────
        lstm_1  LSTM            [batch, 160, 800]   2,745,600
        lstm_2  LSTM            [batch, 160, 800]   5,123,200
        head    dense, softmax  [batch, 160, 57]       45,657
        ─────────────────────────────────────────────────────
        total                                       7,914,457
        ");
    }

    #[test]
    fn a_model_without_layers_has_a_total_of_zero() {
        let summary = ModelSummary { title: "empty".to_owned(), rows: vec![] };
        insta::assert_snapshot!(summary, @r"
        empty
        layer  kind  output shape  parameters
        ─────────────────────────────────────
        total                               0
        ");
    }
}

//! The one error of the crate: a chart that cannot be drawn.

use std::fmt;

/// The drawing library refused to draw a chart.
///
/// None of its reasons is known to occur, whatever a chart holds; it is an error because it is one there.
#[derive(Debug, thiserror::Error)]
#[error("cannot draw the chart {title:?}: {reason}")]
pub struct DrawError {
    title: String,
    reason: String,
}

impl DrawError {
    pub(crate) fn new(title: &str, reason: impl fmt::Display) -> Self {
        Self { title: title.to_owned(), reason: reason.to_string() }
    }

    /// The title of the chart.
    pub fn title(&self) -> &str {
        &self.title
    }
}

//! A page as plain data: a title, sections, and the blocks in them.

use super::table::Table;
use crate::chart::LineChart;

/// A page with a title, a leading sentence and sections.
///
/// ```
/// use recurrent_report::{Cell, Column, LineChart, Report, Section, Series, Table};
///
/// let models = Table::new("Scaled mean squared error on the test windows")
///     .column(Column::text("model"))
///     .column(Column::lowest_best("error"))
///     .row([Cell::text("tomorrow = today"), Cell::number(5.2641e-5, "5.264e-5")])
///     .row([Cell::text("GRU"), Cell::number(7.98e-5, "7.980e-5")]);
/// let losses = LineChart::new("Loss", "epoch", "").series(Series::line("training", vec![(1.0, 0.1), (2.0, 0.05)]));
/// let report = Report::new("Price forecaster")
///     .lead("The forecasts do not beat “tomorrow = today”.")
///     .section(Section::new("Result").table(models).chart(&losses, "The loss falls."))
///     .section(Section::new("Run").facts("Settings", [("seed", "1"), ("backend", "flex")]));
/// assert!(report.html()?.starts_with("<!DOCTYPE html>"));
/// # Ok::<(), recurrent_report::DrawError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    pub(super) title: String,
    pub(super) lead: String,
    pub(super) sections: Vec<Section>,
}

/// A part of the page under a heading of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    pub(super) heading: String,
    pub(super) blocks: Vec<Block>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Block {
    Facts { caption: String, facts: Vec<(String, String)> },
    Table(Table),
    Paragraph(String),
    Note(String),
    Chart { chart: Box<LineChart>, caption: String },
    Preformatted { caption: String, text: String },
    Sample { caption: String, text: String },
    Shaded { caption: String, pieces: Vec<(String, f64)> },
}

impl Report {
    /// A page without sections yet.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), lead: String::new(), sections: Vec::new() }
    }

    /// Sets the sentence under the title: the run's outcome.
    pub fn lead(mut self, sentence: impl Into<String>) -> Self {
        self.lead = sentence.into();
        self
    }

    /// Adds a section.
    pub fn section(mut self, section: Section) -> Self {
        self.sections.push(section);
        self
    }
}

impl Section {
    /// A section without blocks yet.
    pub fn new(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), blocks: Vec::new() }
    }

    /// Adds names with their values: settings, or figures that stand alone.
    pub fn facts<K: Into<String>, V: Into<String>>(
        self,
        caption: impl Into<String>,
        facts: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let facts = facts.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        self.with(Block::Facts { caption: caption.into(), facts })
    }

    /// Adds a table.
    pub fn table(self, table: Table) -> Self {
        self.with(Block::Table(table))
    }

    /// Adds a paragraph of text.
    pub fn paragraph(self, text: impl Into<String>) -> Self {
        self.with(Block::Paragraph(text.into()))
    }

    /// Adds a boxed warning, such as that the data is generated.
    pub fn note(self, text: impl Into<String>) -> Self {
        self.with(Block::Note(text.into()))
    }

    /// Adds a chart, drawn for a page and for a phone.
    pub fn chart(self, chart: &LineChart, caption: impl Into<String>) -> Self {
        self.with(Block::Chart { chart: Box::new(chart.clone()), caption: caption.into() })
    }

    /// Adds text whose columns matter, such as a [model summary](crate::ModelSummary); long lines scroll.
    pub fn preformatted(self, caption: impl Into<String>, text: impl Into<String>) -> Self {
        self.with(Block::Preformatted { caption: caption.into(), text: text.into() })
    }

    /// Adds a sample of generated text; its line ends are kept and long lines wrap.
    pub fn sample(self, caption: impl Into<String>, text: impl Into<String>) -> Self {
        self.with(Block::Sample { caption: caption.into(), text: text.into() })
    }

    /// Adds a text in pieces, each shaded by its weight, from -1 (against) to 1 (for); 0 is not shaded. The pieces follow
    /// each other as they are, so blanks between them belong to them.
    pub fn shaded<T: Into<String>>(
        self,
        caption: impl Into<String>,
        pieces: impl IntoIterator<Item = (T, f64)>,
    ) -> Self {
        let pieces = pieces.into_iter().map(|(text, weight)| (text.into(), weight)).collect();
        self.with(Block::Shaded { caption: caption.into(), pieces })
    }

    fn with(mut self, block: Block) -> Self {
        self.blocks.push(block);
        self
    }
}

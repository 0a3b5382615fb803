//! The rows of a table so far: texts, and which label each has.

use std::collections::HashMap;

use super::{Fault, FileFault, RowFault, labels};
use crate::reviews::{
    ClassNames, Label, LabelsAs, MAX_REVIEW_BYTES, MAX_REVIEWS, Note, RowUnit, note::Blanks,
};

/// More different labels than this are none.
const MOST_LABELS: usize = 100_000;

/// The rows so far.
pub(super) struct Rows {
    /// What is counted in messages.
    pub(super) unit: RowUnit,
    /// Whether labels are asked for.
    pub(super) has_labels: bool,
    /// The column of the labels.
    pub(super) label_column: String,
    /// The place of each text.
    pub(super) places: Vec<usize>,
    pub(super) texts: Vec<String>,
    labels: Vec<u32>,
    written: Written,
    blanks: Blanks,
    notes: Vec<Note>,
}

/// The labels as they are written, each once.
#[derive(Default)]
pub(super) struct Written {
    pub(super) names: Vec<String>,
    /// The row of each where it is first.
    pub(super) rows: Vec<usize>,
    places: HashMap<String, u32>,
}

impl Rows {
    /// Rows of which each has a label.
    pub(super) fn labelled() -> Self {
        Self {
            unit: RowUnit::Row,
            has_labels: true,
            label_column: String::new(),
            places: Vec::new(),
            texts: Vec::new(),
            labels: Vec::new(),
            written: Written::default(),
            blanks: Blanks::default(),
            notes: Vec::new(),
        }
    }

    /// Rows whose labels, if there are some, are not looked at.
    pub(super) fn unlabelled() -> Self {
        Self { has_labels: false, ..Self::labelled() }
    }

    /// Adds a row; one without a text is left out.
    pub(super) fn push(
        &mut self,
        row: usize,
        text: Option<String>,
        label: Option<&str>,
    ) -> Result<(), Fault> {
        let text = text.unwrap_or_default();
        let label = label.map(str::trim).filter(|label| !label.is_empty());
        if self.has_labels && label.is_none() && !text.trim().is_empty() {
            return Err(Fault::Row(row, RowFault::NoLabel));
        }
        if text.len() as u64 > MAX_REVIEW_BYTES {
            return Err(Fault::Row(row, RowFault::TooLarge(text.len())));
        }
        if self.blanks.is_blank(&text, || format!("{} {row}", self.unit)) {
            return Ok(());
        }
        if let Some(label) = label.filter(|_| self.has_labels) {
            let written = self.written.place(label, row);
            self.labels.push(written);
        }
        self.places.push(row);
        self.texts.push(text);
        if self.written.names.len() > MOST_LABELS {
            return Err(self.too_many_labels().into());
        }
        if self.texts.len() > MAX_REVIEWS { Err(FileFault::TooMany.into()) } else { Ok(()) }
    }

    /// Notes something, if there is something.
    pub(super) fn note(&mut self, note: Option<Note>) {
        self.notes.extend(note);
    }

    /// What was noted.
    pub(super) fn notes(self) -> Vec<Note> {
        let mut notes = self.notes;
        notes.extend(self.blanks.note());
        notes
    }

    /// The texts with the classes that their labels stand for; they are taken out.
    pub(super) fn labelled_as(
        &mut self,
        labels: &LabelsAs,
    ) -> Result<(ClassNames, Vec<(String, Label)>), Fault> {
        let (texts, of_texts) = (std::mem::take(&mut self.texts), std::mem::take(&mut self.labels));
        // Of a few reviews, each may be the only one of its class: that is for whoever parts them to refuse.
        if self.written.names.len() > crate::reviews::MAX_CLASSES.min((texts.len() / 2).max(12)) {
            self.texts = texts;
            return Err(self.too_many_labels().into());
        }
        let found = labels::meant(&self.written, &self.label_column, labels)?;
        self.note(found.note);
        let label = |written: u32| found.meant[written as usize];
        Ok((found.classes, texts.into_iter().zip(of_texts.into_iter().map(label)).collect()))
    }

    fn too_many_labels(&self) -> FileFault {
        FileFault::TooManyLabels {
            column: self.label_column.clone(),
            labels: self.written.names.len(),
            reviews: self.texts.len(),
            example: shortened(&self.written.names[0]),
        }
    }
}

impl Written {
    fn place(&mut self, label: &str, row: usize) -> u32 {
        if let Some(place) = self.places.get(label) {
            return *place;
        }
        let place = self.names.len() as u32;
        self.places.insert(label.to_owned(), place);
        self.names.push(label.to_owned());
        self.rows.push(row);
        place
    }
}

/// A value as a message shows it: in one line, and not the whole of a long one.
pub(super) fn shortened(value: &str) -> String {
    const MOST: usize = 40;
    let mut short = String::new();
    for character in value.trim().chars().take(MOST) {
        if character.is_control() {
            short.extend(character.escape_debug());
        } else {
            short.push(character);
        }
    }
    if value.trim().chars().nth(MOST).is_some() {
        short.push('…');
    }
    short
}

//! The rows of a table so far: texts, and which label each has.

use std::collections::HashMap;

use super::{Fault, FileFault, RowFault, columns::Chosen, labels, listed::array, several};
use crate::reviews::{
    ClassNames, Labelled, LabelsAs, MAX_REVIEW_BYTES, MAX_REVIEWS, Note, RowUnit, note::Blanks,
};

/// More different labels than this are none.
const MOST_LABELS: usize = 100_000;

/// The rows so far.
pub(super) struct Rows {
    /// What is counted in messages.
    pub(super) unit: RowUnit,
    /// What labels stand for, where they are asked for.
    pub(super) labels_as: Option<LabelsAs>,
    /// The column of the labels.
    pub(super) label_column: String,
    /// The columns that are a label each.
    pub(super) flags: Option<Vec<String>>,
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
    /// Rows with labels.
    pub(super) fn labelled(labels: &LabelsAs) -> Self {
        Self { labels_as: Some(labels.clone()), ..Self::unlabelled() }
    }

    /// Rows whose labels, if there are some, are not looked at.
    pub(super) fn unlabelled() -> Self {
        Self {
            unit: RowUnit::Row,
            labels_as: None,
            label_column: String::new(),
            flags: None,
            places: Vec::new(),
            texts: Vec::new(),
            labels: Vec::new(),
            written: Written::default(),
            blanks: Blanks::default(),
            notes: Vec::new(),
        }
    }

    /// Keeps in mind which columns the rows are read from, and notes it.
    pub(super) fn read_from(&mut self, chosen: &Chosen, names: &[&str]) {
        self.note(chosen.note(names));
        self.label_column = chosen.label().map_or(String::new(), |label| names[label].to_owned());
        self.flags = chosen.flags(names);
    }

    /// Adds a row; one without a text is left out.
    pub(super) fn push(
        &mut self,
        row: usize,
        text: Option<String>,
        label: Option<&str>,
    ) -> Result<(), Fault> {
        let text = text.unwrap_or_default();
        if text.len() as u64 > MAX_REVIEW_BYTES {
            return Err(Fault::Row(row, RowFault::TooLarge(text.len())));
        }
        if self.blanks.is_blank(&text, || format!("{} {row}", self.unit)) {
            return Ok(());
        }
        if self.labels_as.is_some() {
            // Whether a text may be without a label, the whole column says.
            let written = self.written.place(label.unwrap_or_default().trim(), row);
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
    pub(super) fn labelled_texts(&mut self) -> Result<(ClassNames, Labelled), Fault> {
        let labels = self.labels_as.clone().unwrap_or_default();
        if let Some(found) = several::sets(&self.written, self.flags.as_deref(), &labels, self.texts.len())? {
            self.note(found.note);
            let (none, first) = self.without_label();
            self.note(
                first.map(|first| Note::NoLabel { reviews: none, first: format!("{} {first}", self.unit) }),
            );
            let mut all = Labelled::default();
            for (text, written) in std::mem::take(&mut self.texts).into_iter().zip(&self.labels) {
                all.push_set(text, found.meant[*written as usize].clone());
            }
            return Ok((found.classes, all));
        }
        self.refuse_more_or_less_than_one()?;
        // Of a few reviews, each may be the only one of its class: that is for whoever parts them to refuse.
        if self.written.names.len() > crate::reviews::MAX_CLASSES.min((self.texts.len() / 2).max(12)) {
            return Err(self.too_many_labels().into());
        }
        let found = labels::meant(&self.written, &self.label_column, &labels)?;
        self.note(found.note);
        let label = |written: &u32| found.meant[*written as usize];
        let texts = std::mem::take(&mut self.texts).into_iter().zip(self.labels.iter().map(label));
        Ok((found.classes, texts.collect()))
    }

    /// How many texts have an empty cell for a label, and the row of the first.
    fn without_label(&self) -> (usize, Option<usize>) {
        let Some(empty) = self.written.places.get("") else { return (0, None) };
        let reviews = self.labels.iter().filter(|written| *written == empty).count();
        (reviews, Some(self.written.rows[*empty as usize]))
    }

    /// Refuses texts without a label, or with a list of them, where each is to have one.
    fn refuse_more_or_less_than_one(&self) -> Result<(), Fault> {
        if let (_, Some(row)) = self.without_label() {
            return Err(Fault::Row(row, RowFault::NoLabel));
        }
        let listed = |(cell, row): (&String, &usize)| {
            let is_list = cell.starts_with('[') && serde_json::from_str::<serde_json::Value>(cell).is_ok();
            (is_list && array(cell).is_some()).then(|| Fault::Row(*row, RowFault::Labels(shortened(cell))))
        };
        self.written.names.iter().zip(&self.written.rows).find_map(listed).map_or(Ok(()), Err)
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

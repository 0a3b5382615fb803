//! The rows of a table so far: texts, and which label each has.

use std::collections::HashMap;

use super::{
    Fault, FileFault, RowFault,
    columns::{Cell, Chosen},
    labels,
    listed::array,
    several,
};
use crate::reviews::{
    ClassNames, Labelled, LabelsAs, MAX_REVIEW_BYTES, MAX_REVIEWS, Note, RowUnit, Sequences, note::Blanks,
};

/// More different cells than this are no labels, but may be lists of them.
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
    /// The labels of each text, where they have a column each.
    sets: Sequences,
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
            sets: Sequences::default(),
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
    pub(super) fn push(&mut self, row: usize, text: Option<String>, label: Cell<'_>) -> Result<(), Fault> {
        let text = text.unwrap_or_default();
        if text.len() as u64 > MAX_REVIEW_BYTES {
            return Err(Fault::Row(row, RowFault::TooLarge(text.len())));
        }
        if self.blanks.is_blank(&text, || format!("{} {row}", self.unit)) {
            return Ok(());
        }
        let different = self.written.names.len();
        match label {
            Cell::Flags(set) => self.sets.push(set),
            Cell::One(_) if self.labels_as.is_none() => {}
            // Whether a text may be without a label, the whole column says.
            Cell::One(label) => {
                let label = label.as_deref().unwrap_or_default().trim();
                self.labels.push(self.written.place(label, row));
            }
        }
        self.places.push(row);
        self.texts.push(text);
        if different == MOST_LABELS && self.written.names.len() > MOST_LABELS {
            self.refuse_no_lists()?;
        }
        if self.texts.len() > MAX_REVIEWS { Err(FileFault::TooMany.into()) } else { Ok(()) }
    }

    /// Refuses so many different cells where they are no lists of fewer labels.
    fn refuse_no_lists(&self) -> Result<(), Fault> {
        let labels = self.labels_as.clone().unwrap_or_default();
        match several::sets(&self.written, &labels, self.texts.len())? {
            Some(_) => Ok(()),
            None => Err(self.too_many_labels().into()),
        }
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
        if let Some(flags) = self.flags.take() {
            let classes = match labels {
                LabelsAs::Known(classes) => classes,
                _ => ClassNames::labels(flags),
            };
            let is_new = self.labels_as != Some(LabelsAs::Known(classes.clone()));
            self.note(is_new.then(|| Note::LabelSets { classes: classes.clone(), parted: None }));
            let sets = std::mem::take(&mut self.sets);
            return Ok(self.with_sets(classes, sets.iter()));
        }
        if let Some(found) = several::sets(&self.written, &labels, self.texts.len())? {
            self.note(found.note);
            let (none, first) = self.without_label();
            self.note(
                first.map(|first| Note::NoLabel { reviews: none, first: format!("{} {first}", self.unit) }),
            );
            let written = std::mem::take(&mut self.labels);
            let sets = written.iter().map(|written| found.meant.get(*written as usize));
            return Ok(self.with_sets(found.classes, sets));
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

    /// The texts with the classes that each is of; classes that never vary are noted.
    fn with_sets<'a>(
        &mut self,
        classes: ClassNames,
        sets: impl Iterator<Item = &'a [u32]>,
    ) -> (ClassNames, Labelled) {
        let (mut all, mut counts) = (Labelled::default(), vec![0; classes.len()]);
        for (text, set) in std::mem::take(&mut self.texts).into_iter().zip(sets) {
            set.iter().for_each(|class| counts[*class as usize] += 1);
            all.push_set(text, set.to_vec());
        }
        let with = |count: usize| -> Vec<String> {
            let names = classes.names().iter().zip(&counts);
            names.filter(|(_, own)| **own == count).map(|(name, _)| name.clone()).collect()
        };
        let (every, none) = (with(all.len()), with(0));
        if !(all.is_empty() || every.is_empty() && none.is_empty()) {
            self.notes.push(Note::Unvarying { every, none });
        }
        (classes, all)
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

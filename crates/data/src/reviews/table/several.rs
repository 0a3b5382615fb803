//! What the cells of a column stand for, where a text has any number of labels.

use std::collections::HashMap;

use super::{
    Fault, FileFault, RowFault,
    labels::{in_order, usual},
    listed::{asked, each_name, found, known},
    rows::{Written, shortened},
};
use crate::reviews::{ClassNames, LabelsAs, LabelsParted, MAX_CLASSES, Note, Sequences};

/// What cells stand for, where a text has any number of labels.
pub(super) struct Sets {
    pub(super) classes: ClassNames,
    /// The classes of each cell as it is written.
    pub(super) meant: Sequences,
    pub(super) note: Option<Note>,
}

/// What the cells of a column list; `None` where each is one label.
pub(super) fn sets(written: &Written, labels: &LabelsAs, texts: usize) -> Result<Option<Sets>, Fault> {
    let cells: Vec<&str> = written.names.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
    let (parted, of_model) = match labels {
        LabelsAs::Found => (found(&cells), None),
        LabelsAs::Several => (Some(asked(&cells)), None),
        LabelsAs::Known(classes) if classes.are_labels() => (Some(known(&cells, classes)), Some(classes)),
        LabelsAs::Known(_) | LabelsAs::Classes | LabelsAs::Stars | LabelsAs::Positive(_) => (None, None),
    };
    let Some(parted) = parted else { return Ok(None) };
    let listed = Listed::of(written, parted);
    if let Some(classes) = of_model {
        let meant = listed.classes(written, classes)?;
        return Ok(Some(Sets { classes: classes.clone(), meant, note: None }));
    }
    let all = in_order(&listed.names);
    let Some(first) = all.first() else { return Ok(None) };
    if all.len() > MAX_CLASSES.min((texts / 2).max(12)) {
        let fault = FileFault::TooManyListed { labels: all.len(), reviews: texts, example: shortened(first) };
        return Err(fault.into());
    }
    let classes = ClassNames::labels(all);
    let meant = listed.classes(written, &classes)?;
    let note = Note::LabelSets { classes: classes.clone(), parted: Some(parted) };
    Ok(Some(Sets { classes, meant, note: Some(note) }))
}

/// The names that cells list, each once, and those of each cell by their places: of many cells with the same few names no name is kept
/// again.
struct Listed {
    names: Vec<String>,
    cells: Sequences,
}

impl Listed {
    fn of(written: &Written, parted: LabelsParted) -> Self {
        let (mut names, mut cells) = (Vec::new(), Sequences::default());
        let mut places: HashMap<String, u32> = HashMap::new();
        let mut set = Vec::new();
        for cell in &written.names {
            set.clear();
            each_name(cell, parted, |name| {
                if let Some(place) = places.get(name) {
                    return set.push(*place);
                }
                let place = names.len() as u32;
                places.insert(name.to_owned(), place);
                names.push(usual(name));
                set.push(place);
            });
            cells.push(set.iter().copied());
        }
        Self { names, cells }
    }

    /// The classes of each cell; the fault names the first that lists another.
    fn classes(&self, written: &Written, classes: &ClassNames) -> Result<Sequences, Fault> {
        let mut places: HashMap<String, u32> = HashMap::new();
        for (name, place) in classes.names().iter().zip(0..) {
            places.insert(name.to_lowercase(), place);
        }
        // A model may have a label by a number that is written in another way here.
        for (name, place) in classes.names().iter().zip(0..) {
            places.entry(usual(name).to_lowercase()).or_insert(place);
        }
        let class = |name: &String| places.get(&name.to_lowercase()).copied();
        let of_names: Vec<Option<u32>> = self.names.iter().map(class).collect();
        let mut meant = Sequences::default();
        for (cell, row) in self.cells.iter().zip(&written.rows) {
            if let Some(other) = cell.iter().find(|name| of_names[**name as usize].is_none()) {
                let label = shortened(&self.names[*other as usize]);
                return Err(Fault::Row(*row, RowFault::Label { label, classes: classes.listed() }));
            }
            meant.push(cell.iter().filter_map(|name| of_names[*name as usize]));
        }
        Ok(meant)
    }
}

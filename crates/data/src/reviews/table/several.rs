//! What the labels of a column stand for where a text has any number of them, or of several columns of 0 and 1.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{
    Fault, FileFault, RowFault,
    labels::{in_order, usual},
    listed::{asked, found, names},
    rows::{Written, shortened},
};
use crate::reviews::{ClassNames, LabelsAs, LabelsParted, MAX_CLASSES, Note};

/// What cells stand for, where a text has any number of labels.
pub(super) struct Sets {
    pub(super) classes: ClassNames,
    /// The classes of each cell as it is written.
    pub(super) meant: Vec<Vec<u32>>,
    pub(super) note: Option<Note>,
}

/// What the cells of a column list, or those that [`cell_of`] made of the columns `flags`; `None` where each is one label.
pub(super) fn sets(
    written: &Written,
    flags: Option<&[String]>,
    labels: &LabelsAs,
    texts: usize,
) -> Result<Option<Sets>, Fault> {
    let cells: Vec<&str> = written.names.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
    let known = match labels {
        LabelsAs::Known(classes) => Some(classes).filter(|classes| classes.are_labels()),
        _ => None,
    };
    let parted = match labels {
        _ if flags.is_some() => LabelsParted::Array,
        LabelsAs::Found => match found(&cells) {
            Some(parted) => parted,
            None => return Ok(None),
        },
        LabelsAs::Several => asked(&cells),
        LabelsAs::Known(_) if known.is_some() => asked(&cells),
        _ => return Ok(None),
    };
    let each = |cell: &String| -> Vec<String> {
        let names = if cell.is_empty() { Vec::new() } else { names(cell, parted) };
        names.iter().map(|name| usual(name)).collect()
    };
    let each: Vec<Vec<String>> = written.names.iter().map(each).collect();
    let classes = match (known, flags) {
        (Some(known), _) => known.clone(),
        (None, Some(flags)) => ClassNames::labels(flags),
        (None, None) => {
            let all = in_order(&each.concat());
            let Some(first) = all.first() else { return Ok(None) };
            if all.len() > MAX_CLASSES.min((texts / 2).max(12)) {
                return Err(too_many(first, all.len(), texts).into());
            }
            ClassNames::labels(all)
        }
    };
    let meant = places(&each, written, &classes)?;
    let parted = flags.is_none().then_some(parted);
    let note = known.is_none().then(|| Note::LabelSets { classes: classes.clone(), parted });
    Ok(Some(Sets { classes, meant, note }))
}

/// The places of the names of each cell.
fn places(each: &[Vec<String>], written: &Written, classes: &ClassNames) -> Result<Vec<Vec<u32>>, Fault> {
    let places: HashMap<String, u32> =
        classes.names().iter().map(|name| name.to_lowercase()).zip(0..).collect();
    let of_cell = |(names, row): (&Vec<String>, &usize)| {
        let place = |name: &String| {
            let fault = || RowFault::Label { label: shortened(name), classes: classes.listed() };
            places.get(&name.to_lowercase()).copied().ok_or_else(|| Fault::Row(*row, fault()))
        };
        names.iter().map(place).collect()
    };
    each.iter().zip(&written.rows).map(of_cell).collect()
}

fn too_many(first: &str, labels: usize, reviews: usize) -> FileFault {
    FileFault::TooManyListed { labels, reviews, example: shortened(first) }
}

/// The cell that lists the columns of a row that hold a 1; the fault names the first that holds neither 0 nor 1. An empty one is a 0.
pub(super) fn cell_of<'a>(
    columns: impl Iterator<Item = (&'a str, Option<Cow<'a, str>>)>,
) -> Result<String, RowFault> {
    let mut said = Vec::new();
    for (name, value) in columns {
        match flag(value.as_deref().unwrap_or_default()) {
            Some(true) => said.push(name),
            Some(false) => {}
            None => {
                let found = shortened(value.as_deref().unwrap_or_default());
                return Err(RowFault::Flag { column: shortened(name), found });
            }
        }
    }
    Ok(serde_json::to_string(&said).expect("names are JSON"))
}

/// What a cell of a column of 0 and 1 says.
pub(super) fn flag(value: &str) -> Option<bool> {
    let is = |names: [&str; 3]| names.iter().any(|name| value.trim().eq_ignore_ascii_case(name));
    if is(["0", "0.0", "false"]) || value.trim().is_empty() {
        return Some(false);
    }
    is(["1", "1.0", "true"]).then_some(true)
}

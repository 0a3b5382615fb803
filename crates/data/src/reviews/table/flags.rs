//! Labels that have a column each, which holds 0 or 1.

use std::collections::HashMap;

use super::{
    FileFault, RowFault,
    columns::{Profile, column, listed},
    shortened,
};
use crate::reviews::{ClassNames, LabelsAs, MAX_CLASSES, label::listed as in_words};

/// The columns that are a label each: two or more that hold 0 and 1 alone. Beside them there may be no other column of labels, unless
/// they are asked for.
pub(super) fn found(profiles: &[Profile], text: usize, labels: &LabelsAs) -> Option<Vec<usize>> {
    let others = || (0..profiles.len()).filter(|place| *place != text);
    let holding = |is: fn(&Profile) -> usize| -> Vec<usize> {
        others().filter(|place| profiles[*place].holds(is)).collect()
    };
    let mut flags = holding(|profile| profile.bits);
    if flags.len() < 2 {
        flags = holding(|profile| profile.flags);
    }
    let may_be_asked = match labels {
        LabelsAs::Several | LabelsAs::Known(_) => true,
        // Columns that never change are told by none; two that do are not there by chance.
        LabelsAs::Found if flags.iter().filter(|place| profiles[**place].varies()).count() < 2 => false,
        LabelsAs::Found => !others().any(|place| !flags.contains(&place) && profiles[place].can_be_label()),
        _ => false,
    };
    (flags.len() >= 2 && may_be_asked).then_some(flags)
}

/// The columns of a model's labels, in their order, wherever they stand; `None` where one column is to list them. `listing` is one whose
/// name says so.
///
/// # Errors
///
/// When only some labels have a column, or others have one each.
pub(super) fn of_model(
    names: &[&str],
    profiles: &[Profile],
    text: usize,
    listing: Option<usize>,
    classes: &ClassNames,
) -> Result<Option<Vec<usize>>, FileFault> {
    let place = |wanted: &String| column(names, "label", wanted).ok().filter(|place| *place != text);
    let places: Vec<Option<usize>> = classes.names().iter().map(place).collect();
    let is_flag = |place: &Option<usize>| place.is_none_or(|place| profiles[place].holds(|it| it.flags));
    // A column that lists labels may stand beside one that has the name of a label and holds something else.
    if listing.is_some() && !(places.iter().all(Option::is_some) && places.iter().all(is_flag)) {
        return Ok(None);
    }
    if let Some(places) = places.iter().copied().collect() {
        return Ok(Some(places));
    }
    if places.iter().all(Option::is_none) && found(profiles, text, &LabelsAs::Several).is_none() {
        return Ok(None);
    }
    let lacks = places.iter().zip(classes.names()).filter(|(place, _)| place.is_none());
    let missing = in_words(&lacks.map(|(_, name)| name.clone()).collect::<Vec<_>>());
    Err(FileFault::MissingLabels { missing, columns: listed(names) })
}

/// Refuses columns of labels whose names tell no label: `headers` are those of all columns, as the table has them.
pub(super) fn check(headers: &[&str], flags: &[usize]) -> Result<(), FileFault> {
    if flags.len() > MAX_CLASSES {
        return Err(FileFault::TooManyFlags { columns: flags.len(), example: shortened(headers[flags[0]]) });
    }
    if let Some(place) = flags.iter().find(|place| headers[**place].trim().is_empty()) {
        return Err(FileFault::UnnamedLabel { column: place + 1 });
    }
    let mut places: HashMap<String, Vec<String>> = HashMap::new();
    for (header, number) in headers.iter().zip(1usize..) {
        places.entry(header.trim().to_lowercase()).or_default().push(number.to_string());
    }
    for place in flags {
        let same = &places[&headers[*place].trim().to_lowercase()];
        if same.len() > 1 {
            let (name, columns) = (shortened(headers[*place]), in_words(same));
            return Err(FileFault::RepeatedLabel { name, columns });
        }
    }
    Ok(())
}

/// What a value of a column of 0 and 1 says; an empty one is a 0.
pub(super) fn flag(value: &str) -> Option<bool> {
    let is = |names: [&str; 3]| names.iter().any(|name| value.trim().eq_ignore_ascii_case(name));
    if is(["0", "0.0", "false"]) || value.trim().is_empty() {
        return Some(false);
    }
    is(["1", "1.0", "true"]).then_some(true)
}

/// The same of the value of a row; the fault names the column.
pub(super) fn flag_of(column: &str, value: &str) -> Result<bool, RowFault> {
    flag(value).ok_or_else(|| RowFault::Flag { column: shortened(column), found: shortened(value) })
}

//! Several labels in one cell: a list of names, in one of the ways that the whole column allows.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::labels::usual;
use crate::reviews::{ClassNames, LabelsParted};

/// What may part labels, the least likely in a name first.
const PARTED_BY: [char; 3] = ['|', ';', ','];

/// How a column of cells, each given once and none empty, lists several labels a cell; `None` where each cell may as well be the
/// name of one class.
///
/// Lists in brackets are lists where half of the cells are. Of what parts names, one is taken that leaves a name in each cell, and that
/// parts names which are combined in other ways too; of commas, which stand in names as well, only where there are no more names than
/// cells then, and not all are numbers.
pub(super) fn found(cells: &[&str]) -> Option<LabelsParted> {
    if has_arrays(cells) {
        return Some(LabelsParted::Array);
    }
    let by = |character: &char| {
        // Most columns have none of them, which a look at their bytes tells.
        if !cells.iter().any(|cell| cell.contains(*character)) {
            return false;
        }
        let Some(cells_with) = cells_with(cells, *character) else { return false };
        let combined = |cell: &&str| {
            let parts = parts(cell, *character);
            parts.len() > 1 && parts.iter().any(|name| cells_with[&name.to_lowercase()] > 1)
        };
        let is_number = |name: &String| name.parse::<f64>().is_ok();
        let as_names =
            *character != ',' || (cells_with.len() <= cells.len() && !cells_with.keys().all(is_number));
        as_names && cells.iter().any(combined)
    };
    PARTED_BY.iter().find(|character| by(character)).copied().map(LabelsParted::By)
}

/// The same where a cell is known to list labels: arrays, where there is one; whatever parts a cell into names; where nothing does,
/// each is a list of one.
pub(super) fn asked(cells: &[&str]) -> LabelsParted {
    if has_array(cells) {
        return LabelsParted::Array;
    }
    let found = found(cells).or_else(|| {
        let by = |character: &char| {
            cells_with(cells, *character).is_some()
                && cells.iter().any(|cell| parts(cell, *character).len() > 1)
        };
        PARTED_BY.iter().find(|character| by(character)).copied().map(LabelsParted::By)
    });
    found.unwrap_or(LabelsParted::By(PARTED_BY[0]))
}

/// The same where a cell lists labels of a model: what leaves the fewest names that the model does not know.
pub(super) fn known(cells: &[&str], classes: &ClassNames) -> LabelsParted {
    let known: HashSet<String> =
        classes.names().iter().flat_map(|name| [name.to_lowercase(), usual(name).to_lowercase()]).collect();
    let array = has_array(cells).then_some(LabelsParted::Array);
    let possible = array.into_iter().chain(PARTED_BY.map(LabelsParted::By));
    let unknown = |parted: LabelsParted| -> f64 {
        let (mut all, mut unknown) = (0usize, 0usize);
        for cell in cells {
            each_name(cell, parted, |name| {
                all += 1;
                let is_known =
                    [name.to_lowercase(), usual(name).to_lowercase()].iter().any(|name| known.contains(name));
                unknown += usize::from(!is_known);
            });
        }
        unknown as f64 / all.max(1) as f64
    };
    let shares = possible.map(|parted| (unknown(parted), parted));
    let least = shares.min_by(|one, other| one.0.total_cmp(&other.0));
    least.map_or(LabelsParted::By(PARTED_BY[0]), |(_, parted)| parted)
}

/// Calls `act` with each name in a cell; in a column of arrays, one without brackets is a name.
pub(super) fn each_name(cell: &str, parted: LabelsParted, mut act: impl FnMut(&str)) {
    match parted {
        LabelsParted::Array if cell.is_empty() => {}
        LabelsParted::Array => match array(cell) {
            Some(names) => names.iter().for_each(|name| act(name)),
            None => act(cell),
        },
        LabelsParted::By(character) => parts(cell, character).into_iter().for_each(act),
    }
}

fn has_arrays(cells: &[&str]) -> bool {
    let bracketed = cells.iter().filter(|cell| cell.starts_with('[')).count();
    bracketed > 0
        && 2 * bracketed >= cells.len()
        && cells.iter().all(|cell| !cell.starts_with('[') || array(cell).is_some())
}

fn has_array(cells: &[&str]) -> bool {
    cells.iter().any(|cell| cell.starts_with('[') && array(cell).is_some())
}

/// In how many cells each name is, in small letters; `None` where a cell is of nothing but what parts.
fn cells_with(cells: &[&str], character: char) -> Option<HashMap<String, usize>> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for cell in cells {
        let parts = parts(cell, character);
        if parts.is_empty() {
            return None;
        }
        parts.into_iter().for_each(|name| *counts.entry(name.to_lowercase()).or_default() += 1);
    }
    Some(counts)
}

/// The parts of a cell, each once, whatever case its letters are of; what parts may stand at an end, or twice.
fn parts(cell: &str, character: char) -> Vec<&str> {
    let mut seen = HashSet::new();
    let parts = cell.split(character).map(str::trim).filter(|part| !part.is_empty());
    parts.filter(|part| seen.insert(part.to_lowercase())).collect()
}

/// The names in brackets: JSON's array, or a list as Python prints it.
pub(super) fn array(cell: &str) -> Option<Vec<String>> {
    if let Ok(values) = serde_json::from_str::<Vec<Value>>(cell) {
        let name = |value: &Value| match value {
            Value::String(name) if name.trim().is_empty() => None,
            Value::String(name) => Some(name.trim().to_owned()),
            Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
            _ => None,
        };
        return values.iter().map(name).collect();
    }
    let mut rest = cell.strip_prefix('[')?.strip_suffix(']')?.trim();
    let mut names = Vec::new();
    while !rest.is_empty() {
        let (name, after) = item(rest)?;
        names.push(name.trim().to_owned());
        rest = match after.trim_start() {
            "" => "",
            after => after.strip_prefix(',')?.trim_start(),
        };
    }
    names.iter().all(|name| !name.is_empty()).then_some(names)
}

/// The first item of a list, in quotes or up to the next comma, and what comes after it.
fn item(list: &str) -> Option<(Cow<'_, str>, &str)> {
    let Some(quote) = list.chars().next().filter(|first| ['\'', '"'].contains(first)) else {
        let end = list.find(',').unwrap_or(list.len());
        return Some((list[..end].into(), &list[end..]));
    };
    let (mut name, mut characters) = (String::new(), list.char_indices().skip(1));
    while let Some((place, character)) = characters.next() {
        match character {
            '\\' => name.push(characters.next()?.1),
            _ if character == quote => return Some((name.into(), &list[place + 1..])),
            _ => name.push(character),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn names(cell: &str, parted: LabelsParted) -> Vec<String> {
        let mut names = Vec::new();
        each_name(cell, parted, |name| names.push(name.to_owned()));
        names
    }

    #[test]
    fn what_parts_names_is_found_by_the_whole_column() {
        for (cells, expected) in [
            (&["comedy|drama", "drama", "comedy"][..], Some(LabelsParted::By('|'))),
            (&["comedy;drama", "drama; war"], Some(LabelsParted::By(';'))),
            (&["comedy, drama", "drama", "comedy"], Some(LabelsParted::By(','))),
            // Names that hold a comma, and are combined with nothing else.
            (&["Health, Beauty", "Toys, Games", "Books"], None),
            (&["1,5", "2,5", "1", "2", "5"], None),
            (&["3|17", "17|20", "3"], Some(LabelsParted::By('|'))),
            // A part is empty, or there twice.
            (&["a|", "a|b", "b"], Some(LabelsParted::By('|'))),
            (&["a|a", "a|b", "b"], Some(LabelsParted::By('|'))),
            (&["|", "a", "b"], None),
            // The bar parts, so that the comma is part of a name.
            (&["Sci, Fi|Drama", "Drama", "Sci, Fi"], Some(LabelsParted::By('|'))),
            (&[r#"["a", "b"]"#, "[]", r#"["b"]"#], Some(LabelsParted::Array)),
            (&["['a', \"it's\"]", "['a']"], Some(LabelsParted::Array)),
            (&["[deleted", "a", "b"], None),
            (&["spam", "ham"], None),
        ] {
            assert_eq!(found(cells), expected, "{cells:?}");
        }
    }

    #[test]
    fn lists_are_read_as_json_and_as_python_prints_them() {
        let read = |cell: &str| array(cell).map(|names| names.join("/"));
        assert_eq!(read(r#"["a", "b \"c\""]"#).as_deref(), Some(r#"a/b "c""#));
        assert_eq!(read(r#"['it\'s', "o'clock", plain]"#).as_deref(), Some("it's/o'clock/plain"));
        assert_eq!(read("[1, true]").as_deref(), Some("1/true"));
        assert_eq!(read("[]").as_deref(), Some(""));
        for wrong in ["[a, ]]x", "['a' 'b']", "['a", "[{\"a\": 1}]", "[,a]", "a"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_asked_for_needs_no_second_combination() {
        assert_eq!(asked(&["a, b", "c, d"]), LabelsParted::By(','));
        assert_eq!(asked(&["a", "b", "c", r#"["a","b"]"#]), LabelsParted::Array);
        assert_eq!(asked(&["Sci, Fi|Drama|", "Drama"]), LabelsParted::By('|'));
        assert_eq!(names("war|love|War|", LabelsParted::By('|')), ["war", "love"]);
        assert_eq!(names("a, b", asked(&["a, b", "c, d"])), ["a", "b"]);
        assert_eq!(names("a b", asked(&["a b", "c"])), ["a b"]);
    }

    /// Sets of names that are drawn from a few, each name in a set of its own too.
    fn sets() -> impl Strategy<Value = (Vec<String>, Vec<Vec<usize>>)> {
        let names = proptest::collection::hash_set("[a-z]{1,6}( [a-z]{1,4})?", 2..7);
        names.prop_flat_map(|names| {
            let names: Vec<String> = names.into_iter().collect();
            let one = proptest::collection::hash_set(0..names.len(), 2..=names.len());
            let drawn = proptest::collection::vec(one, 1..12);
            (Just(names), drawn).prop_map(|(names, drawn)| {
                let alone = (0..names.len()).map(|name| vec![name]);
                let sets = alone.chain(drawn.into_iter().map(|set| set.into_iter().collect())).collect();
                (names, sets)
            })
        })
    }

    proptest! {
        #[test]
        fn lists_are_read_back_whatever_parts_them(
            (labels, sets) in sets(),
            form in 0..5usize,
            blank in prop_oneof![Just(""), Just(" ")],
        ) {
            let joined = |set: &Vec<usize>| {
                let names: Vec<&str> = set.iter().map(|name| labels[*name].as_str()).collect();
                match form {
                    0..3 => names.join(&format!("{blank}{}{blank}", PARTED_BY[form])),
                    3 => serde_json::to_string(&names).unwrap(),
                    _ => format!("[{}]", names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ")),
                }
            };
            let mut cells: Vec<String> = sets.iter().map(joined).collect();
            let mut sets = sets;
            // Each cell once, as columns are looked at.
            let mut seen = HashSet::new();
            let mut keep = cells.iter().map(|cell| seen.insert(cell.clone())).collect::<Vec<_>>().into_iter();
            sets.retain(|_| keep.next().unwrap());
            let mut seen = HashSet::new();
            cells.retain(|cell| seen.insert(cell.clone()));
            let given: Vec<&str> = cells.iter().map(String::as_str).collect();
            let parted = found(&given);
            prop_assert!(parted.is_some(), "{:?}", cells);
            prop_assert_eq!(asked(&given), parted.unwrap());
            for (cell, set) in cells.iter().zip(&sets) {
                let expected: Vec<&String> = set.iter().map(|name| &labels[*name]).collect();
                let found = names(cell, parted.unwrap());
                prop_assert_eq!(found.iter().collect::<Vec<_>>(), expected);
            }
        }

        /// Names without anything that parts them are classes.
        #[test]
        fn names_alone_are_no_lists(cells in proptest::collection::hash_set("[a-zA-Z0-9 ./_-]{1,12}", 1..20)) {
            let cells: Vec<&str> = cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
            prop_assert_eq!(found(&cells), None);
        }

        #[test]
        fn no_cell_is_worse_than_one_name(cells in proptest::collection::vec(".{1,20}", 1..8)) {
            let cells: Vec<&str> = cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
            let parted = asked(&cells);
            for cell in &cells {
                let names = names(cell, parted);
                prop_assert!(names.iter().all(|name| !name.trim().is_empty()), "{:?}", names);
            }
        }
    }
}

//! What the labels of a table stand for: two classes, as many as there are labels, or stars.

use super::{
    Fault, FileFault, RowFault,
    rows::{Written, shortened},
};
use crate::reviews::{ClassNames, Label, LabelsAs, Note};

/// Labels that say no.
const NEGATIVE: [&str; 7] = ["0", "neg", "negative", "false", "no", "n", "bad"];
/// Labels that say yes.
const POSITIVE: [&str; 7] = ["1", "pos", "positive", "true", "yes", "y", "good"];
/// Columns of these names hold stars.
const STARS: [&str; 6] = ["star", "stars", "rating", "ratings", "score", "overall"];

/// What labels stand for.
pub(super) struct Meant {
    pub(super) classes: ClassNames,
    /// The class of each label as it is written.
    pub(super) meant: Vec<Label>,
    pub(super) note: Option<Note>,
}

/// What the labels of a column stand for.
pub(super) fn meant(written: &Written, column: &str, labels: &LabelsAs) -> Result<Meant, Fault> {
    let names: Vec<String> = written.names.iter().map(|name| usual(name)).collect();
    match labels {
        LabelsAs::Known(classes) => known(&names, written, classes),
        LabelsAs::Positive(positive) => Ok(chosen(&names, positive)?),
        LabelsAs::Classes => Ok(a_class_each(&names)),
        LabelsAs::Stars => Ok(stars(&names)?),
        // Cells that list labels are read before.
        LabelsAs::Several => Ok(a_class_each(&names)),
        LabelsAs::Found => match two(&names) {
            Some(found) => Ok(found),
            None if may_be_stars(&names, column) => Err(stars_or_classes(&names).into()),
            None => Ok(a_class_each(&names)),
        },
    }
}

/// A label as it is written most simply: a number without a fraction of zeros.
pub(super) fn usual(name: &str) -> String {
    match name.parse::<f64>() {
        Ok(number) if number.is_finite() => number.to_string(),
        _ => name.to_owned(),
    }
}

/// Of labels that are yes and no, or of two numbers of which the larger is yes, the two classes.
fn two(names: &[String]) -> Option<Meant> {
    let of_words: Option<Vec<Label>> = names.iter().map(|name| yes_or_no(name)).collect();
    let meant = of_words.or_else(|| {
        let [first, second] = distinct_numbers(names)?[..] else { return None };
        let label =
            |name: &String| if name.parse() == Ok(second) { Label::POSITIVE } else { Label::NEGATIVE };
        (first < second).then(|| names.iter().map(label).collect())
    })?;
    let usual = names.iter().all(|name| {
        ["0", "1"].contains(&&name[..])
            || ["neg", "pos"].iter().any(|start| name.to_lowercase().starts_with(start))
    });
    let classes = ClassNames::binary();
    let note = (!usual && names.len() > 1).then(|| note(names, &meant, &classes));
    Some(Meant { classes, meant, note })
}

fn yes_or_no(name: &str) -> Option<Label> {
    let is = |names: [&str; 7]| names.iter().any(|other| name.eq_ignore_ascii_case(other));
    if is(NEGATIVE) { Some(Label::NEGATIVE) } else { is(POSITIVE).then_some(Label::POSITIVE) }
}

/// The numbers of labels, in order and each once, where all are numbers.
fn distinct_numbers(names: &[String]) -> Option<Vec<f64>> {
    let mut numbers: Vec<f64> = names.iter().map(|name| name.parse().ok()).collect::<Option<_>>()?;
    numbers.sort_by(f64::total_cmp);
    numbers.dedup();
    Some(numbers)
}

/// Whether labels are numbers that may be stars: in a column of such a name, or from one half up to ten.
fn may_be_stars(names: &[String], column: &str) -> bool {
    let Some(numbers) = distinct_numbers(names).filter(|numbers| numbers.len() > 2) else { return false };
    let column = column.to_lowercase();
    let named =
        column.split(|character: char| !character.is_alphanumeric()).any(|word| STARS.contains(&word));
    named || (numbers[0] >= 0.5 && numbers[numbers.len() - 1] <= 10.0)
}

fn stars_or_classes(names: &[String]) -> FileFault {
    let numbers = distinct_numbers(names).unwrap_or_default();
    let middle = (numbers[0] + numbers[numbers.len() - 1]) / 2.0;
    let positive = numbers.iter().filter(|number| **number > middle).map(f64::to_string).collect();
    FileFault::StarsOrClasses { labels: numbers.iter().map(f64::to_string).collect(), positive }
}

/// Two classes, of which the second has the labels that are listed. Of two labels, the classes have their names.
fn chosen(names: &[String], positive: &[String]) -> Result<Meant, FileFault> {
    let positive: Vec<String> = positive.iter().map(|name| usual(name.trim())).collect();
    let is_positive = |name: &String| positive.iter().any(|listed| same(listed, name));
    let missing: Vec<String> =
        positive.iter().filter(|listed| !names.iter().any(|name| same(name, listed))).cloned().collect();
    if !missing.is_empty() {
        return Err(FileFault::NoSuchLabel { missing, labels: in_order(names) });
    }
    let meant: Vec<Label> =
        names.iter().map(|name| if is_positive(name) { Label::POSITIVE } else { Label::NEGATIVE }).collect();
    let classes = match in_order(names).as_slice() {
        [first, second] if is_positive(first) != is_positive(second) && two(names).is_none() => {
            if is_positive(second) {
                ClassNames::new([first, second])
            } else {
                ClassNames::new([second, first])
            }
        }
        _ => ClassNames::binary(),
    };
    Ok(Meant { note: Some(note(names, &meant, &classes)), classes, meant })
}

/// A class for each label; labels that differ in the case of letters alone are one.
fn a_class_each(names: &[String]) -> Meant {
    let mut each = in_order(names);
    if each.len() == 1 {
        // Nothing is learnt of it alone, which is refused where the reviews are parted.
        each.push("of another class".to_owned());
    }
    let classes = ClassNames::new(each);
    let meant = labels_of(names, &classes);
    Meant { note: Some(note(names, &meant, &classes)), classes, meant }
}

/// A step of a scale for each number.
fn stars(names: &[String]) -> Result<Meant, FileFault> {
    let Some(numbers) = distinct_numbers(names) else { return Err(FileFault::NoStars(in_order(names))) };
    if numbers.len() < 2 {
        return Ok(a_class_each(names));
    }
    let classes = ClassNames::steps(numbers.iter().map(f64::to_string));
    let meant = labels_of(names, &classes);
    Ok(Meant { note: Some(note(names, &meant, &classes)), classes, meant })
}

/// The classes of a model for labels as they are written.
fn known(names: &[String], written: &Written, classes: &ClassNames) -> Result<Meant, Fault> {
    if *classes == ClassNames::binary()
        && let Some(found) = two(names)
    {
        return Ok(found);
    }
    let label = |(name, row): (&String, &usize)| {
        let place = classes.names().iter().position(|known| same(known, name));
        let fault = || RowFault::Label { label: shortened(name), classes: classes.listed() };
        place.map(Label::new).ok_or_else(|| Fault::Row(*row, fault()))
    };
    let meant = names.iter().zip(&written.rows).map(label).collect::<Result<_, _>>()?;
    Ok(Meant { classes: classes.clone(), meant, note: None })
}

fn labels_of(names: &[String], classes: &ClassNames) -> Vec<Label> {
    let label = |name| classes.names().iter().position(|class| same(class, name)).unwrap_or_default();
    names.iter().map(|name| Label::new(label(name))).collect()
}

/// Names, each once: numbers by their size, words in alphabetical order.
pub(super) fn in_order(names: &[String]) -> Vec<String> {
    let mut sorted = names.to_vec();
    match distinct_numbers(names) {
        Some(_) => sorted.sort_by(|a, b| number(a).total_cmp(&number(b))),
        None => sorted.sort_by_key(|name| name.to_lowercase()),
    }
    sorted.dedup_by(|a, b| same(a, b));
    sorted
}

fn number(name: &str) -> f64 {
    name.parse().unwrap_or(f64::NAN)
}

fn same(name: &str, other: &str) -> bool {
    name == other || name.to_lowercase() == other.to_lowercase()
}

fn note(names: &[String], meant: &[Label], classes: &ClassNames) -> Note {
    let of = |class| {
        let labels = names.iter().zip(meant).filter(|(_, label)| label.class() == class);
        in_order(&labels.map(|(name, _)| name.clone()).collect::<Vec<_>>())
    };
    Note::Labels { classes: classes.clone(), written: (0..classes.len()).map(of).collect() }
}

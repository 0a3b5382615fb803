//! Which column of a table holds the texts and which the labels: by name, or by what is in them.

use std::{
    borrow::Cow,
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use serde::{Deserialize, Serialize};

use super::{
    FileFault, RowFault,
    several::{cell_of, flag},
    shortened,
};
use crate::reviews::{LabelsAs, MAX_CLASSES, Note};

/// The names of a table's columns. A name fits a column exactly, or else the only one with this name in other letter case.
/// What is not named is found: by its name, such as `review` or `sentiment`, or as the only column that can be it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Columns {
    /// The column of the texts.
    pub text: Option<String>,
    /// The column of the labels.
    pub label: Option<String>,
}

/// What columns of texts are called, the surest first.
const TEXTS: [&str; 26] = [
    "text",
    "review",
    "content",
    "sentence",
    "comment",
    "tweet",
    "message",
    "body",
    "post",
    "document",
    "phrase",
    "utterance",
    "description",
    "review_text",
    "reviewtext",
    "sentimenttext",
    "question",
    "headline",
    "abstract",
    "statement",
    "reviews",
    "comments",
    "texts",
    "news",
    "title",
    "summary",
];
/// What columns of labels are called, the surest first.
const LABELS: [&str; 28] = [
    "label",
    "sentiment",
    "class",
    "target",
    "category",
    "polarity",
    "labels",
    "stars",
    "rating",
    "star",
    "overall",
    "score",
    "ratings",
    "emotion",
    "intent",
    "topic",
    "genre",
    "tag",
    "type",
    "verdict",
    "opinion",
    "feedback",
    "genres",
    "tags",
    "topics",
    "categories",
    "class index",
    "y",
];

/// Where the columns stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) text: usize,
    pub(super) labels: LabelColumns,
}

/// Where the labels stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LabelColumns {
    /// They were not asked for.
    None,
    /// In a column.
    One(usize),
    /// In a column each, which holds 0 or 1.
    Flags(Vec<usize>),
}

/// Chooses the columns, those of labels where `labels` says what they stand for; `profiles` looks at what is in them, which is done
/// only where names do not tell.
///
/// # Errors
///
/// When a name that was asked for is not there, or no column can be told to be the one.
pub(super) fn choose<E: From<FileFault>>(
    names: &[&str],
    wanted: &Columns,
    labels: Option<&LabelsAs>,
    profiles: impl FnOnce() -> Result<Vec<Profile>, E>,
) -> Result<Chosen, E> {
    let asked = |role, wanted: &Option<String>| {
        wanted.as_deref().map(|wanted| column(names, role, wanted)).transpose()
    };
    let (asked_text, asked_label) = (asked("text", &wanted.text)?, asked("label", &wanted.label)?);
    let text = asked_text.or_else(|| by_name(names, &TEXTS, asked_label));
    let label = asked_label.or_else(|| by_name(names, &LABELS, text));
    let other = |known: usize| (names.len() == 2).then(|| 1 - known);
    match (text, label, labels) {
        (Some(text), _, None) => return Ok(Chosen { text, labels: LabelColumns::None }),
        (Some(text), Some(label), Some(wanted)) if asked_label.is_some() || *wanted != LabelsAs::Several => {
            return Ok(Chosen { text, labels: LabelColumns::One(label) });
        }
        (_, _, Some(_)) if names.len() < 2 => {
            return Err(FileFault::OneColumn(shortened(names[0])).into());
        }
        (None, None, None) if names.len() == 1 => return Ok(Chosen { text: 0, labels: LabelColumns::None }),
        _ => {}
    }
    let profiles = profiles()?;
    let unknown = |role| FileFault::UnknownColumn { role, columns: listed(names) };
    let text = text.or_else(|| label.and_then(other)).or_else(|| text_by_kind(&profiles, label));
    let text = text.ok_or_else(|| unknown("text"))?;
    let Some(labels) = labels else { return Ok(Chosen { text, labels: LabelColumns::None }) };
    let flags = || flags(names, &profiles, text, labels).map(LabelColumns::Flags);
    let by_kind = || other(text).or_else(|| label_by_kind(&profiles, text)).map(LabelColumns::One);
    // Where several labels are asked for, a column for each is meant before one of a usual name, unless that lists them.
    let listing = label.filter(|label| *labels != LabelsAs::Several || !profiles[*label].is_of_numbers());
    let one = listing.or(asked_label).map(LabelColumns::One);
    let found = one.or_else(flags).or(label.map(LabelColumns::One)).or_else(by_kind);
    Ok(Chosen { text, labels: found.ok_or_else(|| unknown("label"))? })
}

impl Chosen {
    /// What is told of columns that are not called `text` and `label`.
    pub(super) fn note(&self, names: &[&str]) -> Option<Note> {
        let text = names[self.text];
        let is_usual = text.eq_ignore_ascii_case("text");
        match &self.labels {
            LabelColumns::One(label) if is_usual && names[*label].eq_ignore_ascii_case("label") => None,
            LabelColumns::One(label) => {
                Some(Note::Columns { text: shortened(text), label: shortened(names[*label]) })
            }
            LabelColumns::Flags(_) if !is_usual => Some(Note::TextColumn(shortened(text))),
            LabelColumns::Flags(_) | LabelColumns::None => None,
        }
    }

    /// The column of labels.
    pub(super) fn label(&self) -> Option<usize> {
        match self.labels {
            LabelColumns::One(label) => Some(label),
            LabelColumns::Flags(_) | LabelColumns::None => None,
        }
    }

    /// The names of the columns that are a label each.
    pub(super) fn flags(&self, names: &[&str]) -> Option<Vec<String>> {
        match &self.labels {
            LabelColumns::Flags(flags) => Some(flags.iter().map(|place| names[*place].to_owned()).collect()),
            LabelColumns::One(_) | LabelColumns::None => None,
        }
    }

    /// The label of a row, of which `value` gives the fields; of columns that are a label each, a list of those that hold a 1.
    pub(super) fn cell<'a>(
        &self,
        names: &[&'a str],
        value: impl Fn(usize) -> Result<Option<Cow<'a, str>>, RowFault>,
    ) -> Result<Option<Cow<'a, str>>, RowFault> {
        match &self.labels {
            LabelColumns::None => Ok(None),
            LabelColumns::One(label) => value(*label),
            LabelColumns::Flags(flags) => {
                let values = flags.iter().map(|place| Ok((names[*place], value(*place)?)));
                let values = values.collect::<Result<Vec<_>, _>>()?;
                Ok(Some(cell_of(values.into_iter())?.into()))
            }
        }
    }
}

/// The columns that are a label each: those of a model's labels, or two or more that hold 0 and 1 alone. Beside them there may be no
/// other column of labels, unless they are asked for.
fn flags(names: &[&str], profiles: &[Profile], text: usize, labels: &LabelsAs) -> Option<Vec<usize>> {
    if let LabelsAs::Known(classes) = labels {
        if !classes.are_labels() {
            return None;
        }
        let place = |wanted: &String| column(names, "label", wanted).ok();
        if let Some(known) = classes.names().iter().map(place).collect() {
            return Some(known);
        }
    }
    let others = || (0..names.len()).filter(|place| *place != text);
    // One value of hundreds that is neither is an error of that row, and no reason to take the column for another.
    let holding = |is: fn(&Profile) -> usize| -> Vec<usize> {
        let holds = |profile: &Profile| profile.filled > 0 && 100 * is(profile) >= 99 * profile.filled;
        others().filter(|place| holds(&profiles[*place])).collect()
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

/// Whether one of some names is a usual one for texts or labels.
pub(super) fn has_usual_name(names: &[&str]) -> bool {
    names.iter().any(|name| [&TEXTS[..], &LABELS].iter().any(|usual| usual.contains(&&*plain(name))))
}

/// The place of the column that `wanted` names, of those that there are.
pub(super) fn column(names: &[&str], role: &'static str, wanted: &str) -> Result<usize, FileFault> {
    if let Some(place) = names.iter().position(|name| *name == wanted) {
        return Ok(place);
    }
    let alike = |name: &&str| name.trim().eq_ignore_ascii_case(wanted);
    match (names.iter().position(alike), names.iter().rposition(alike)) {
        (Some(first), Some(last)) if first == last => Ok(first),
        _ => Err(FileFault::NoColumn { role, wanted: wanted.to_owned(), columns: listed(names) }),
    }
}

/// The only column of the first usual name that there is one of; of names of several words, such as `airline_sentiment`, the
/// last one counts.
fn by_name(names: &[&str], usual: &[&str], taken: Option<usize>) -> Option<usize> {
    let names: Vec<String> = names.iter().map(|name| plain(name)).collect();
    let whole = |name: &str, usual: &str| name == usual;
    let end = |name: &str, usual: &str| name.rsplit([' ', '_', '-', '.']).next() == Some(usual);
    for fits in [whole as fn(&str, &str) -> bool, end] {
        for usual in usual {
            let mut found =
                (0..names.len()).filter(|place| Some(*place) != taken && fits(&names[*place], usual));
            match (found.next(), found.next()) {
                (Some(place), None) => return Some(place),
                (Some(_), Some(_)) => return None,
                _ => {}
            }
        }
    }
    None
}

fn plain(name: &str) -> String {
    name.trim().to_lowercase()
}

/// What is in a column.
#[derive(Clone, Debug, Default)]
pub(super) struct Profile {
    rows: usize,
    filled: usize,
    numbers: usize,
    /// Values that are 0 or 1, and those that are true or false too.
    bits: usize,
    flags: usize,
    characters: usize,
    /// Hashes of different values, of which no more are kept than decide.
    different: HashSet<u64>,
}

impl Profile {
    /// Takes the value of a row.
    pub(super) fn add(&mut self, value: &str) {
        let value = value.trim();
        self.rows += 1;
        if value.is_empty() {
            return;
        }
        self.filled += 1;
        let (is_number, is_flag) = (value.parse::<f64>().is_ok(), flag(value).is_some());
        self.numbers += usize::from(is_number);
        self.bits += usize::from(is_number && is_flag);
        self.flags += usize::from(is_flag);
        self.characters += value.chars().count();
        if self.different.len() <= 2 * MAX_CLASSES {
            let mut hasher = DefaultHasher::new();
            value.hash(&mut hasher);
            self.different.insert(hasher.finish());
        }
    }

    /// Whether there are two values or more; none is one too.
    fn varies(&self) -> bool {
        self.different.len() + usize::from(self.filled < self.rows) > 1
    }

    /// Whether most values are numbers, which list no names.
    fn is_of_numbers(&self) -> bool {
        2 * self.numbers > self.filled
    }

    /// Whether a value was met before.
    pub(super) fn has(&self, value: &str) -> bool {
        let mut hasher = DefaultHasher::new();
        value.trim().hash(&mut hasher);
        self.different.contains(&hasher.finish())
    }

    fn mean_length(&self) -> usize {
        self.characters / self.filled.max(1)
    }

    fn mostly_filled(&self) -> bool {
        10 * self.filled >= 9 * self.rows && self.filled > 0
    }

    /// Texts are no numbers, longer than most names, and seldom the same.
    fn can_be_text(&self) -> bool {
        let seldom_the_same = 2 * self.different.len() >= self.filled.min(2 * MAX_CLASSES);
        2 * self.numbers < self.filled && self.mean_length() >= 8 && seldom_the_same
    }

    /// Labels are short, several and most of them often the same.
    fn can_be_label(&self) -> bool {
        let most = MAX_CLASSES.min((self.filled / 2).max(2));
        self.mostly_filled() && self.mean_length() <= 40 && (2..=most).contains(&self.different.len())
    }
}

/// The column of texts by what is in it: the only one that can be it, or one twice as long as any other.
fn text_by_kind(profiles: &[Profile], label: Option<usize>) -> Option<usize> {
    let mut found: Vec<(usize, usize)> = profiles
        .iter()
        .enumerate()
        .filter(|(place, profile)| Some(*place) != label && profile.can_be_text())
        .map(|(place, profile)| (profile.mean_length(), place))
        .collect();
    found.sort_unstable();
    match found[..] {
        [(_, only)] => Some(only),
        [.., (next, _), (longest, place)] if longest >= 2 * next => Some(place),
        _ => None,
    }
}

/// The only column that can be labels.
fn label_by_kind(profiles: &[Profile], text: usize) -> Option<usize> {
    let mut found = (0..profiles.len()).filter(|place| *place != text && profiles[*place].can_be_label());
    match (found.next(), found.next()) {
        (Some(place), None) => Some(place),
        _ => None,
    }
}

/// Names for people, of which a file may have thousands.
pub(super) fn listed(names: &[&str]) -> String {
    const MOST: usize = 20;
    let mut listed: Vec<String> =
        names.iter().take(MOST).map(|name| format!("`{}`", shortened(name))).collect();
    match names.len().saturating_sub(MOST) {
        0 if listed.is_empty() => return "none".to_owned(),
        0 => {}
        more => listed.push(format!("{more} more")),
    }
    listed.join(", ")
}

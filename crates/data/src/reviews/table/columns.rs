//! Which column of a table holds the texts and which the labels: by name, or by what is in them.

use std::{
    borrow::Cow,
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use serde::{Deserialize, Serialize};

use super::{
    FileFault, RowFault,
    flags::{self, flag, flag_of},
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

/// What a row has for a label.
pub(super) enum Cell<'a> {
    /// What stands in the column of labels, where something does.
    One(Option<Cow<'a, str>>),
    /// Which of the columns that are a label each hold a 1, counted from 0.
    Flags(Vec<u32>),
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
        (Some(text), Some(label), Some(wanted)) if asked_label.is_some() || !wanted.may_have_columns() => {
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
    // A label may have a name of texts, such as `news`.
    let text = text.filter(|text| asked_text.is_some() || !profiles[*text].holds(|profile| profile.flags));
    let text = text.or_else(|| label.and_then(other)).or_else(|| text_by_kind(&profiles, label));
    let text = text.ok_or_else(|| unknown("text"))?;
    let Some(labels) = labels else { return Ok(Chosen { text, labels: LabelColumns::None }) };
    // Where several labels are asked for, a column for each is meant before one of a usual name, unless that lists them.
    let listing = label.filter(|label| !labels.may_have_columns() || !profiles[*label].is_of_numbers());
    if let (LabelsAs::Known(classes), None) = (labels, asked_label)
        && classes.are_labels()
        && let Some(flags) = flags::of_model(names, &profiles, text, listing, classes)?
    {
        return Ok(Chosen { text, labels: LabelColumns::Flags(flags) });
    }
    let flags = || match labels {
        LabelsAs::Known(_) => None,
        labels => flags::found(&profiles, text, labels).map(LabelColumns::Flags),
    };
    let by_kind = || other(text).or_else(|| label_by_kind(&profiles, text)).map(LabelColumns::One);
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

    /// The columns of labels.
    pub(super) fn label_places(&self) -> Vec<usize> {
        match &self.labels {
            LabelColumns::None => Vec::new(),
            LabelColumns::One(label) => vec![*label],
            LabelColumns::Flags(flags) => flags.clone(),
        }
    }

    /// The names of the columns that are a label each.
    pub(super) fn flags(&self, names: &[&str]) -> Option<Vec<String>> {
        match &self.labels {
            LabelColumns::Flags(flags) => {
                Some(flags.iter().map(|place| names[*place].trim().to_owned()).collect())
            }
            LabelColumns::One(_) | LabelColumns::None => None,
        }
    }

    /// The same, where the columns that are a label each have names that tell which; `headers` are the names as the table has them.
    pub(super) fn checked(self, headers: &[&str]) -> Result<Self, FileFault> {
        match &self.labels {
            LabelColumns::Flags(places) => flags::check(headers, places).map(|()| self),
            LabelColumns::One(_) | LabelColumns::None => Ok(self),
        }
    }

    /// What a row has for a label, of which `value` gives the fields.
    pub(super) fn cell<'a>(
        &self,
        names: &[&'a str],
        value: impl Fn(usize) -> Result<Option<Cow<'a, str>>, RowFault>,
    ) -> Result<Cell<'a>, RowFault> {
        let places = match &self.labels {
            LabelColumns::None => return Ok(Cell::One(None)),
            LabelColumns::One(label) => return value(*label).map(Cell::One),
            LabelColumns::Flags(places) => places,
        };
        let mut said = Vec::new();
        for (place, label) in places.iter().zip(0..) {
            if flag_of(names[*place], value(*place)?.as_deref().unwrap_or_default())? {
                said.push(label);
            }
        }
        Ok(Cell::Flags(said))
    }
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
    pub(super) bits: usize,
    pub(super) flags: usize,
    /// Values of one word.
    words: usize,
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
        self.words += usize::from(!value.contains(char::is_whitespace));
        self.characters += value.chars().count();
        if self.different.len() <= 2 * MAX_CLASSES {
            let mut hasher = DefaultHasher::new();
            value.hash(&mut hasher);
            self.different.insert(hasher.finish());
        }
    }

    /// Whether values are of a kind, of which `count` says how many there are. One of hundreds that is not is an error of that row, and no
    /// reason to take the column for another.
    pub(super) fn holds(&self, count: impl Fn(&Self) -> usize) -> bool {
        self.filled > 0 && 100 * count(self) >= 99 * self.filled
    }

    /// Whether there are two values or more; none is one too.
    pub(super) fn varies(&self) -> bool {
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

    /// Whether they are texts of several words each.
    pub(super) fn are_sentences(&self) -> bool {
        self.words == 0 && self.can_be_text()
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
    pub(super) fn can_be_label(&self) -> bool {
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

//! Which column of a table holds the texts and which the labels: by name, or by what is in them.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use serde::{Deserialize, Serialize};

use super::{FileFault, shortened};
use crate::reviews::{MAX_CLASSES, Note};

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
const LABELS: [&str; 24] = [
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
    "class index",
    "y",
];

/// Where the columns stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) text: usize,
    /// None where labels were not asked for.
    pub(super) label: Option<usize>,
}

/// Chooses the columns; `profiles` looks at what is in them, which is done only where names do not tell.
///
/// # Errors
///
/// When a name that was asked for is not there, or no column can be told to be the one.
pub(super) fn choose<E: From<FileFault>>(
    names: &[&str],
    wanted: &Columns,
    labelled: bool,
    profiles: impl FnOnce() -> Result<Vec<Profile>, E>,
) -> Result<Chosen, E> {
    let asked = |role, wanted: &Option<String>| {
        wanted.as_deref().map(|wanted| column(names, role, wanted)).transpose()
    };
    let (asked_text, asked_label) = (asked("text", &wanted.text)?, asked("label", &wanted.label)?);
    let text = asked_text.or_else(|| by_name(names, &TEXTS, asked_label));
    let label = asked_label.or_else(|| by_name(names, &LABELS, text));
    let other = |known: usize| (names.len() == 2).then(|| 1 - known);
    match (text, label) {
        (Some(text), _) if !labelled => return Ok(Chosen { text, label: None }),
        (Some(text), Some(label)) => return Ok(Chosen { text, label: Some(label) }),
        _ if labelled && names.len() < 2 => return Err(FileFault::OneColumn(shortened(names[0])).into()),
        (None, None) if !labelled && names.len() == 1 => return Ok(Chosen { text: 0, label: None }),
        _ => {}
    }
    let profiles = profiles()?;
    let unknown = |role| FileFault::UnknownColumn { role, columns: listed(names) };
    let text = text.or_else(|| label.and_then(other)).or_else(|| text_by_kind(&profiles, label));
    let text = text.ok_or_else(|| unknown("text"))?;
    if !labelled {
        return Ok(Chosen { text, label: None });
    }
    let label = label.or_else(|| other(text)).or_else(|| label_by_kind(&profiles, text));
    Ok(Chosen { text, label: Some(label.ok_or_else(|| unknown("label"))?) })
}

impl Chosen {
    /// What is told of columns that are not called `text` and `label`.
    pub(super) fn note(&self, names: &[&str]) -> Option<Note> {
        let (text, label) = (names[self.text], names[self.label?]);
        let usual = text.eq_ignore_ascii_case("text") && label.eq_ignore_ascii_case("label");
        (!usual).then(|| Note::Columns { text: shortened(text), label: shortened(label) })
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
        self.numbers += usize::from(value.parse::<f64>().is_ok());
        self.characters += value.chars().count();
        if self.different.len() <= 2 * MAX_CLASSES {
            let mut hasher = DefaultHasher::new();
            value.hash(&mut hasher);
            self.different.insert(hasher.finish());
        }
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

//! The class of a review, and what the classes are called.

use serde::{Deserialize, Serialize};

/// The class that a review is of: a place in the [`ClassNames`] of its data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Label(u16);

impl Label {
    /// Of two classes the first: a review is against what it is about.
    pub const NEGATIVE: Self = Self(0);
    /// Of two classes the second: it is for it.
    pub const POSITIVE: Self = Self(1);
    /// Both of these, in order.
    pub const BOTH: [Self; 2] = [Self::NEGATIVE, Self::POSITIVE];

    /// The label of a class, counted from 0.
    ///
    /// # Panics
    ///
    /// When the class is not below [`MAX_CLASSES`].
    pub fn new(class: usize) -> Self {
        assert!(class < MAX_CLASSES, "class {class} of at most {MAX_CLASSES}");
        Self(class as u16)
    }

    /// The class, counted from 0.
    pub fn class(self) -> usize {
        self.0.into()
    }

    /// The class of two as a number to learn: 0.0 or 1.0.
    pub fn target(self) -> f32 {
        self.0.into()
    }
}

/// The most classes that labels may stand for.
pub const MAX_CLASSES: usize = 1000;

/// What the classes of a data set are called, in the order of their labels: at least two of which a text is of one, or labels of which
/// it may have any number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct ClassNames {
    names: Vec<String>,
    /// Whether they are steps of one scale, so that a class may be near another or far from it.
    ordered: bool,
    /// Whether a text may be of any number of them.
    independent: bool,
}

/// The same as a file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    names: Vec<String>,
    ordered: bool,
    #[serde(default)]
    independent: bool,
}

impl TryFrom<Stored> for ClassNames {
    type Error = String;

    fn try_from(stored: Stored) -> Result<Self, String> {
        let Stored { names, ordered, independent } = stored;
        let least = if independent { 1 } else { 2 };
        if !(least..=MAX_CLASSES).contains(&names.len()) {
            return Err(format!("{} classes, expected {least} to {MAX_CLASSES}", names.len()));
        }
        if ordered && (independent || names.iter().any(|name| name.parse::<f64>().is_err())) {
            return Err("steps of a scale that are no numbers".to_owned());
        }
        Ok(Self { names, ordered, independent })
    }
}

// There is no `is_empty`: there is at least one.
#[allow(clippy::len_without_is_empty)]
impl ClassNames {
    /// Classes of which none is nearer to another than to a third.
    ///
    /// # Panics
    ///
    /// When there are fewer than two names or more than [`MAX_CLASSES`].
    pub fn new(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        assert!((2..=MAX_CLASSES).contains(&names.len()), "{} classes", names.len());
        Self { names, ordered: false, independent: false }
    }

    /// The classes `negative` and `positive`.
    pub fn binary() -> Self {
        Self::new(["negative", "positive"])
    }

    /// Steps of a scale, such as stars: each name is a number.
    ///
    /// # Panics
    ///
    /// As [`new`](Self::new), or a name is no number.
    pub fn steps(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let steps = Self { ordered: true, ..Self::new(names) };
        assert!(steps.names.iter().all(|name| name.parse::<f64>().is_ok()), "each step is a number");
        steps
    }

    /// Labels of which a text may have any number, and none too.
    ///
    /// # Panics
    ///
    /// When there is no name, or more than [`MAX_CLASSES`].
    pub fn labels(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        assert!((1..=MAX_CLASSES).contains(&names.len()), "{} labels", names.len());
        Self { names, ordered: false, independent: true }
    }

    /// Whether a text may be of any number of classes, where else it is of one.
    pub fn are_labels(&self) -> bool {
        self.independent
    }

    /// The classes of an archive whose reviews have these numbers of stars, sorted; of one number there are the usual two.
    pub(super) fn of_stars(stars: Vec<u64>) -> Self {
        if (2..=MAX_CLASSES).contains(&stars.len()) {
            Self::steps(stars.iter().map(u64::to_string))
        } else {
            Self::binary()
        }
    }

    /// The class of a name.
    pub fn label(&self, name: &str) -> Option<Label> {
        self.names.iter().position(|known| known == name).map(Label::new)
    }

    /// How many classes there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// The name of a class.
    ///
    /// # Panics
    ///
    /// When the label is of another data set with more classes.
    pub fn name(&self, label: Label) -> &str {
        &self.names[label.class()]
    }

    /// The names, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The number of each step; `None` for classes that are no steps of a scale.
    pub fn numbers(&self) -> Option<Vec<f64>> {
        let number = |name: &String| name.parse().ok();
        self.ordered.then(|| self.names.iter().map(number).collect())?
    }

    /// The names in one line, such as `negative, neutral and positive`.
    pub fn listed(&self) -> String {
        listed(&self.names)
    }
}

/// Names in one line, of which there may be many.
pub(super) fn listed(names: &[String]) -> String {
    const MOST: usize = 12;
    match names {
        [one] => one.clone(),
        [most @ .., last] if names.len() <= MOST => format!("{} and {last}", most.join(", ")),
        _ => format!(
            "{} and {} more",
            names[..MOST.min(names.len())].join(", "),
            names.len().saturating_sub(MOST)
        ),
    }
}

impl Default for ClassNames {
    fn default() -> Self {
        Self::binary()
    }
}

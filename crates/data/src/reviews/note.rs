//! What reading left out or made of a data set, so that a program can tell its user.

use std::fmt;

use super::{ClassNames, Encoding, LabelsParted, Tokens, label::listed};

/// Something that reading left out, or found without being told.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub enum Note {
    /// Reviews without a text, or of white space alone, were left out.
    Blank {
        /// How many.
        reviews: usize,
        /// The place of the first one: its path within the data set, or its row.
        first: String,
    },
    /// The columns were found, as they are not called `text` and `label`.
    Columns {
        /// The column of the texts.
        text: String,
        /// The column of the labels.
        label: String,
    },
    /// The column of the texts was found, as it is not called `text`, and its labels are columns.
    TextColumn(String),
    /// The first row is no header.
    NoHeader {
        /// How many columns there are; they are called by their numbers.
        columns: usize,
    },
    /// What parts the fields of a table, where it is no comma.
    Delimiter(char),
    /// The bytes are those of another encoding than UTF-8.
    Encoding(Encoding),
    /// Words are not what stands between blanks.
    Tokens(Tokens),
    /// Which labels stand for which classes, where they are not the usual ones.
    Labels {
        /// The classes.
        classes: ClassNames,
        /// The labels of each class, as they are written.
        written: Vec<Vec<String>>,
    },
    /// A review has any number of labels.
    LabelSets {
        /// The labels.
        classes: ClassNames,
        /// How a cell lists them; `None` where each is a column of 0 and 1.
        parted: Option<LabelsParted>,
    },
    /// Of reviews that may have any number of labels, some have an empty cell.
    NoLabel {
        /// How many.
        reviews: usize,
        /// The first of them.
        first: String,
    },
    /// Of labels of which a review may have any number, some are the same for all reviews.
    Unvarying {
        /// The labels that every review has.
        every: Vec<String>,
        /// Those that none has.
        none: Vec<String>,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blank { reviews: 1, first } => {
                write!(formatter, "1 review without text was left out: {first}")
            }
            Self::Blank { reviews, first } => {
                write!(formatter, "{reviews} reviews without text were left out; the first is {first}")
            }
            Self::Columns { text, label } => {
                write!(formatter, "texts are read from the column `{text}`, labels from `{label}`")
            }
            Self::TextColumn(text) => write!(formatter, "texts are read from the column `{text}`"),
            Self::LabelSets { classes, parted } => {
                let how = match parted {
                    None => "a column of 0 and 1 for each".to_owned(),
                    Some(LabelsParted::By(character)) => format!("parted by `{character}`"),
                    Some(LabelsParted::Array) => "listed in brackets".to_owned(),
                };
                write!(
                    formatter,
                    "a review has any number of {} labels, {how}: {}",
                    classes.len(),
                    classes.listed()
                )
            }
            Self::NoLabel { reviews: 1, first } => write!(formatter, "1 review has no label: {first}"),
            Self::NoLabel { reviews, first } => {
                write!(formatter, "{reviews} reviews have no label; the first is {first}")
            }
            Self::Unvarying { every, none } => {
                let every = (!every.is_empty()).then(|| format!("every review has {}", listed(every)));
                let none = (!none.is_empty()).then(|| format!("none has {}", listed(none)));
                let both: Vec<String> = every.into_iter().chain(none).collect();
                write!(formatter, "labels that tell no review from another: {}", both.join(", "))
            }
            Self::NoHeader { columns } => {
                write!(formatter, "the first row is no header, so that the columns are called 1 to {columns}")
            }
            Self::Delimiter('\t') => write!(formatter, "the fields are parted by tabs"),
            Self::Delimiter(delimiter) => write!(formatter, "the fields are parted by `{delimiter}`"),
            Self::Encoding(encoding) => write!(formatter, "the text is read as {encoding}"),
            Self::Tokens(Tokens::Words) => write!(formatter, "words are what stands between blanks"),
            Self::Tokens(Tokens::Segments) => {
                write!(formatter, "the language puts no blanks between words; each of its signs is one")
            }
            Self::Tokens(Tokens::Characters) => write!(formatter, "each character is a word"),
            Self::Labels { classes, written } => classes_text(formatter, classes, written),
        }
    }
}

/// Two classes with the labels that they were read from; of more, which have their labels for names, the names.
fn classes_text(f: &mut fmt::Formatter<'_>, classes: &ClassNames, written: &[Vec<String>]) -> fmt::Result {
    let names = classes.names();
    if let ([first, second], [of_first, of_second]) = (names, written)
        && (of_first[..] != names[..1] || of_second[..] != names[1..])
    {
        let labels = |labels: &[String]| labels.join(", ");
        return write!(f, "labels: {} is {first}, {} is {second}", labels(of_first), labels(of_second));
    }
    write!(f, "{} classes: {}", classes.len(), classes.listed())
}

/// Counts the blank reviews while they are read.
#[derive(Debug, Default)]
pub(super) struct Blanks {
    reviews: usize,
    first: Option<String>,
}

impl Blanks {
    /// Whether a text is blank; if so it is counted.
    pub(super) fn is_blank(&mut self, text: &str, place: impl FnOnce() -> String) -> bool {
        let blank = text.trim().is_empty();
        if blank {
            self.reviews += 1;
            self.first.get_or_insert_with(place);
        }
        blank
    }

    pub(super) fn note(self) -> Option<Note> {
        let Self { reviews, first } = self;
        first.map(|first| Note::Blank { reviews, first })
    }
}

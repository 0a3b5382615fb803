//! Why reviews cannot be read or used: what failed, where, what was found, and what to do.

use std::{io, path::PathBuf};

use super::{INDEX_FROM, Label, MAX_REVIEW_BYTES, MAX_REVIEWS, MAX_SOURCE_BYTES, MAX_VOCABULARY, Part};

/// Why reviews cannot be read or used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReviewError {
    /// A file or folder cannot be used.
    #[error("`{}`: {fault}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it.
        fault: FileFault,
    },
    /// A file within an archive or folder cannot be used.
    #[error("`{}`: `{entry}` {fault}", path.display())]
    Entry {
        /// The archive or folder.
        path: PathBuf,
        /// The path within it.
        entry: String,
        /// What is wrong with it.
        fault: EntryFault,
    },
    /// A row of a table cannot be used.
    #[error("`{}`, {unit} {row}: {fault}", path.display())]
    Row {
        /// The table.
        path: PathBuf,
        /// Whether rows or lines are counted: a review of a CSV file may take several lines.
        unit: RowUnit,
        /// The row, counted from 1; a header is not counted as a row.
        row: usize,
        /// What is wrong with it.
        fault: RowFault,
    },
    /// There is nothing to learn from or to judge by.
    #[error("`{}` holds no {part} review with a label; use a data set that does", path.display())]
    NoReviews {
        /// The data set.
        path: PathBuf,
        /// The part.
        part: Part,
    },
    /// All reviews say the same.
    #[error(
        "`{}`: every {part} review is {label} ({reviews} in all), and nothing is learnt from one class alone; add reviews \
         that are {}",
        path.display(),
        !*label
    )]
    OneClass {
        /// The data set.
        path: PathBuf,
        /// The part.
        part: Part,
        /// The class that there is.
        label: Label,
        /// How many reviews.
        reviews: usize,
    },
    /// Words make no vocabulary.
    #[error("`{name}`: {fault}")]
    Vocabulary {
        /// The data set's name.
        name: String,
        /// What is wrong with its words.
        fault: VocabularyFault,
    },
}

/// What is wrong with a file or folder.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileFault {
    /// There is no such file or folder.
    #[error("no such file or folder; check the path")]
    Missing,
    /// The path is that of a device or pipe.
    #[error("this is no regular file; write its content to a file and name that")]
    Irregular,
    /// The system refuses to open or read it.
    #[error("cannot be read: {0}; check the path and its permissions")]
    Io(io::Error),
    /// The name does not say what it is.
    #[error(
        "cannot tell from its name what this is; expected a folder, or a name that ends with `.tar.gz` or `.tgz` (an \
         archive), `.csv`, `.parquet`, or `.jsonl` or `.ndjson` (JSON, one review a line)"
    )]
    UnknownKind,
    /// The file holds nothing.
    #[error("the file is empty; name one with reviews in it")]
    Empty,
    /// The file has more than [`MAX_SOURCE_BYTES`].
    #[error("holds {0} bytes, more than the {MAX_SOURCE_BYTES} that are read; use a part of it")]
    TooLarge(u64),
    /// An archive unpacks to more than [`MAX_SOURCE_BYTES`].
    #[error(
        "unpacks to more than the {MAX_SOURCE_BYTES} bytes that are read, as no right archive does; get it again"
    )]
    UnpacksTooLarge,
    /// There are more than [`MAX_REVIEWS`].
    #[error("holds more than the {MAX_REVIEWS} reviews that are read; use a part of it")]
    TooMany,
    /// An archive ends before its end.
    #[error("the archive is cut short; get the whole file again")]
    CutShort,
    /// An archive cannot be unpacked.
    #[error("cannot be read as a gzipped tar archive: {0}; get the file again")]
    Archive(io::Error),
    /// An archive or folder is not laid out as the reviews are.
    #[error(
        "holds no review; expected files such as `aclImdb/train/pos/0_9.txt`, in the folders `pos` and `neg` of `train` \
         and `test`"
    )]
    Layout,
    /// A table is not what its name says.
    #[error("cannot be read as a {kind} table: {reason}")]
    Table {
        /// What the name says.
        kind: &'static str,
        /// What the parser says.
        reason: String,
    },
    /// A column is missing.
    #[error("no column `{wanted}`; its columns are {columns}; {}", advice(columns, role))]
    NoColumn {
        /// What the column is for.
        role: &'static str,
        /// The name asked for.
        wanted: String,
        /// The columns that there are.
        columns: String,
    },
    /// A column holds something else.
    #[error("the {role} column `{name}` holds {found}; expected {expected}")]
    ColumnType {
        /// What the column is for.
        role: &'static str,
        /// Its name.
        name: String,
        /// The type that it has.
        found: String,
        /// The types that it may have.
        expected: &'static str,
    },
}

fn advice(columns: &str, role: &str) -> String {
    if columns.contains(';') || columns.contains("\\t") {
        "separate the columns by commas".to_owned()
    } else {
        format!("name the {role} column")
    }
}

/// What is wrong with a file within an archive or folder; it follows its path.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EntryFault {
    /// Its path leaves the folder.
    #[error("leaves the archive's folder, as no path of a right archive does; get the archive from its home")]
    Leaves,
    /// It is a link, a device or a folder.
    #[error("is no regular file; expected a review")]
    Irregular,
    /// Its name is not that of a review.
    #[error("is not named as a review is; expected a number and a rating, such as `0_9.txt`")]
    Name,
    /// It is there twice.
    #[error("is there twice; keep one of the two")]
    Twice,
    /// It has more than [`MAX_REVIEW_BYTES`].
    #[error("holds {0} bytes, more than the {MAX_REVIEW_BYTES} of any review; take it out")]
    TooLarge(u64),
    /// A byte is not UTF-8.
    #[error(
        "is not UTF-8: byte offset {offset} is {byte:#04x}; convert it, as with `iconv -f LATIN1 -t UTF-8`"
    )]
    NotUtf8 {
        /// The byte's place in the file.
        offset: usize,
        /// The byte.
        byte: u8,
    },
    /// The system refuses to open or read it.
    #[error("cannot be read: {0}; check its permissions")]
    Io(io::Error),
}

/// How the place in a table is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowUnit {
    /// Reviews are counted; a header is none.
    Row,
    /// Lines are counted.
    Line,
}

impl std::fmt::Display for RowUnit {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Row => "row",
            Self::Line => "line",
        })
    }
}

/// What is wrong with a row of a table.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RowFault {
    /// The label is none.
    #[error("the label is `{0}`; expected 0 or 1, or neg or pos")]
    Label(String),
    /// There is no label.
    #[error("the label is missing; expected 0 or 1, or neg or pos")]
    NoLabel,
    /// The text is no string.
    #[error("the text is {0}; expected a string")]
    Text(String),
    /// The text is longer than [`MAX_REVIEW_BYTES`].
    #[error("the text holds {0} bytes, more than the {MAX_REVIEW_BYTES} of any review; take it out")]
    TooLarge(usize),
    /// A byte is not UTF-8.
    #[error("byte {byte} of the line is not UTF-8; save the file in UTF-8")]
    NotUtf8 {
        /// The byte's place in its line, counted from 1.
        byte: usize,
    },
    /// There are more fields than columns.
    #[error("has {found} fields, but the header {expected}; put texts that hold commas in quotes")]
    Fields {
        /// The number of fields.
        found: usize,
        /// The number of columns.
        expected: usize,
    },
    /// A line is no JSON object.
    #[error("no JSON object: {0}; expected one review a line")]
    Json(String),
    /// A column is missing.
    #[error("no field `{wanted}`; its fields are {fields}; name the {role} field")]
    NoField {
        /// What the field is for.
        role: &'static str,
        /// The name asked for.
        wanted: String,
        /// The fields that there are.
        fields: String,
    },
}

/// Why words make no vocabulary.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VocabularyFault {
    /// There is no word at all.
    #[error("there is no word; a vocabulary needs at least 1")]
    Empty,
    /// There are more words than a vocabulary holds.
    #[error(
        "{0} distinct words are more than the {MAX_VOCABULARY} that a vocabulary holds; use fewer reviews"
    )]
    TooMany(usize),
    /// A word is listed twice.
    #[error("`{0}` is listed twice; list each word once")]
    Repeated(String),
    /// What is listed is no word.
    #[error("{0:?} is no word; list words in lower case, without white space and punctuation")]
    NoWord(String),
    /// The words are not in the order of their ranks.
    #[error("`{word}` is out of order; list frequent words first, and equally frequent ones alphabetically")]
    Order {
        /// The first word that should stand before the one before it.
        word: String,
    },
}

/// Why no word would keep its index.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodingFault {
    /// No index lies between the two.
    #[error(
        "num_words is {num_words} and skip_top {skip_top}, so that no word is left; choose num_words above skip_top, such as \
         5000 and 10"
    )]
    Order {
        /// The number of indices asked for.
        num_words: u32,
        /// The first index asked for.
        skip_top: u32,
    },
    /// Only padding, start and unknown are left.
    #[error("num_words is {num_words}, but the first word has index {}; choose at least {}", INDEX_FROM + 1, INDEX_FROM + 2)]
    NumWords {
        /// The number of indices asked for.
        num_words: u32,
    },
}

/// Why no part can be held out.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum HoldoutFault {
    /// The fraction is outside its bounds.
    #[error("a validation fraction of {0} cannot be used; choose one above 0 and below 1, such as 0.1")]
    Fraction(f64),
    /// There is nothing to hold out.
    #[error("there is no review to hold out; use a data set with some")]
    NoReviews,
    /// A class would be on one side alone.
    #[error(
        "a validation fraction of {fraction} leaves none of the {reviews} {label} reviews on one side; use more reviews or \
         another fraction"
    )]
    EmptySide {
        /// The class.
        label: Label,
        /// Its reviews.
        reviews: usize,
        /// The fraction asked for.
        fraction: f64,
    },
}

/// Why reviews cannot be cut into batches.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BatchFault {
    /// A batch of no review.
    #[error("a batch of 0 reviews cannot be used; choose 1 or more, such as 32")]
    Batch,
    /// A pool of no batch.
    #[error("a pool of 0 batches cannot be sorted; choose 1 or more, such as 50")]
    Pool,
    /// Nothing is kept of a review.
    #[error("a length of 0 keeps nothing of a review; choose 1 or more, such as 200")]
    Length,
    /// There is nothing to cut.
    #[error("there is no review to make a batch of; choose at least 1")]
    NoReviews,
}

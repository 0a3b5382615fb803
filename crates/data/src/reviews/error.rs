//! Why reviews cannot be read or used: what failed, where, what was found, and what to do.

use std::{io, path::PathBuf};

use super::{
    Encoding, INDEX_FROM, Label, MAX_CLASSES, MAX_REVIEW_BYTES, MAX_REVIEWS, MAX_SOURCE_BYTES,
    MAX_VOCABULARY, NotText, Part, label::listed,
};

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
        "`{}`: every {part} review is {class} ({reviews} in all), and nothing is learnt from one class alone; add reviews \
         that are {others}",
        path.display()
    )]
    OneClass {
        /// The data set.
        path: PathBuf,
        /// The part.
        part: Part,
        /// The class that there is.
        class: String,
        /// The classes that there are not.
        others: String,
        /// How many reviews.
        reviews: usize,
    },
    /// All reviews have the same labels.
    #[error(
        "`{}`: every training review has {labels} ({reviews} in all), and nothing is learnt from labels that never vary; add reviews \
         with other labels",
        path.display()
    )]
    SameLabels {
        /// The data set.
        path: PathBuf,
        /// The labels that all have.
        labels: String,
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
         archive), `.csv`, `.tsv` or `.txt` (a table), `.json`, `.jsonl` or `.ndjson`, or `.parquet`; all but Parquet may have \
         `.gz` after it"
    )]
    UnknownKind,
    /// There is no text in it.
    #[error("there is no review in it; write one a line")]
    NoText,
    /// A page of the Web was stored instead of a data set.
    #[error("this is a web page and no table; get the file itself, as a browser's link to the raw file does")]
    WebPage,
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
    /// A packed table unpacks to far more than tables do.
    #[error("has {packed} bytes and unpacks to more than {most}, as no right table does; get it again")]
    Swollen {
        /// The bytes of the file.
        packed: u64,
        /// The most bytes that were expected.
        most: u64,
    },
    /// A packed table cannot be unpacked.
    #[error("cannot be unpacked: {0}; get the file again")]
    Packed(io::Error),
    /// The text is not of the encoding that it was taken for.
    #[error("{0}")]
    NotText(NotText),
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
    #[error("no column `{wanted}`; its columns are {columns}; name the {role} column")]
    NoColumn {
        /// What the column is for.
        role: &'static str,
        /// The name asked for.
        wanted: String,
        /// The columns that there are.
        columns: String,
    },
    /// No column can be told to be the one.
    #[error("cannot tell which column holds the {role}s; its columns are {columns}; name the {role} column")]
    UnknownColumn {
        /// What the column is for.
        role: &'static str,
        /// The columns that there are.
        columns: String,
    },
    /// There are not two columns.
    #[error(
        "has one column and no more, `{0}`; expected one of texts and one of labels, parted by commas, tabs or semicolons"
    )]
    OneColumn(String),
    /// Numbers may be stars, of which some mean positive, or names of classes.
    #[error(
        "the labels are {}, which may be stars or the numbers of classes; say which of them are positive, such as {}, or that \
         each is a class",
        listed(labels),
        listed(positive)
    )]
    StarsOrClasses {
        /// The labels.
        labels: Vec<String>,
        /// The larger ones of them, which stars would make positive.
        positive: Vec<String>,
    },
    /// Labels that hardly ever occur twice.
    #[error(
        "the column `{column}` has {labels} different labels for {reviews} reviews, such as `{example}`; a label must occur \
         more often, and there may be {MAX_CLASSES} at most; name the label column"
    )]
    TooManyLabels {
        /// The column of the labels.
        column: String,
        /// How many labels.
        labels: usize,
        /// How many reviews.
        reviews: usize,
        /// The first label.
        example: String,
    },
    /// Lists of labels that hardly ever occur twice.
    #[error(
        "the cells list {labels} different labels for {reviews} reviews, such as `{example}`; a label must occur more often, and there \
         may be {MAX_CLASSES} at most; name the label column"
    )]
    TooManyListed {
        /// How many labels.
        labels: usize,
        /// How many reviews.
        reviews: usize,
        /// One of them.
        example: String,
    },
    /// Some labels of a model have a column, and others have none.
    #[error(
        "has no column for {missing}, of the model's labels; its columns are {columns}; add one of 0 and 1 for each, or list all labels in one \
         column"
    )]
    MissingLabels {
        /// The labels without a column.
        missing: String,
        /// The columns that there are.
        columns: String,
    },
    /// Two labels that have a column each are called the same.
    #[error(
        "the columns {columns} are called `{name}` alike, and labels are told apart by the names of their columns; give each its own"
    )]
    RepeatedLabel {
        /// The name, as the first of them has it.
        name: String,
        /// Their numbers, from 1.
        columns: String,
    },
    /// A label that has a column is called nothing.
    #[error("the column {column} holds 0 and 1, as a label does, and has no name; name it, or take it out")]
    UnnamedLabel {
        /// Its number, from 1.
        column: usize,
    },
    /// More columns hold 0 and 1 than there may be labels.
    #[error(
        "{columns} columns hold 0 and 1, such as `{example}`, and there may be {MAX_CLASSES} labels at most; take out what are no labels, or \
         name the label column"
    )]
    TooManyFlags {
        /// How many.
        columns: usize,
        /// The first of them.
        example: String,
    },
    /// An archive has one label a review.
    #[error("its reviews have one label each, that of their folder; leave out that they have several")]
    OneLabelEach,
    /// Labels that are named as positive do not occur.
    #[error(
        "no review has the label {}, which is to be positive; the labels are {}",
        listed(missing),
        listed(labels)
    )]
    NoSuchLabel {
        /// Those that do not occur.
        missing: Vec<String>,
        /// Those that do.
        labels: Vec<String>,
    },
    /// Labels that are to be stars are no numbers.
    #[error("the labels are {}, and stars are numbers; leave out that they are stars", listed(.0))]
    NoStars(Vec<String>),
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
    /// Its class is none of the model's.
    #[error(
        "is of the class {name}; the model's classes are {classes}; take it out, or train with such reviews too"
    )]
    Class {
        /// Its class.
        name: String,
        /// Those that the model knows.
        classes: String,
    },
    /// It is not of the encoding that it was taken for.
    #[error("is no text: {0}")]
    NotText(NotText),
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
    /// The label is none of the model's.
    #[error(
        "the label is `{label}`; the model's classes are {classes}; take the row out, or train with such rows too"
    )]
    Label {
        /// The label.
        label: String,
        /// The classes that the model knows.
        classes: String,
    },
    /// There is no label.
    #[error("the label is missing; write one, or take the row out")]
    NoLabel,
    /// There are several labels, where each review is to have one.
    #[error("the label is {0}; expected one word or number")]
    Labels(String),
    /// The label is an object, or a list that holds something else than labels.
    #[error("the label is {0}; expected a word, a number, true or false, or a list of these")]
    Nested(String),
    /// A column that is a label holds neither 0 nor 1.
    #[error(
        "the column `{column}` holds {found}, and a column for a label holds 0 or 1; write one of these, take the row out, or name the \
         label column"
    )]
    Flag {
        /// The column.
        column: String,
        /// What it holds.
        found: String,
    },
    /// The text is no string.
    #[error("the text is {0}; expected a string")]
    Text(String),
    /// The text is longer than [`MAX_REVIEW_BYTES`].
    #[error("the text holds {0} bytes, more than the {MAX_REVIEW_BYTES} of any review; take it out")]
    TooLarge(usize),
    /// There are more fields than columns.
    #[error("has {found} fields, but the header {expected}; put texts that hold {delimiter} in quotes")]
    Fields {
        /// The number of fields.
        found: usize,
        /// The number of columns.
        expected: usize,
        /// What parts the fields.
        delimiter: &'static str,
    },
    /// A line is no JSON object.
    #[error("no JSON object: {0}; expected one review a line")]
    Json(String),
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
    /// The words are mostly whole reviews.
    #[error(
        "{whole} of {reviews} reviews are one word each, such as `{example}`, so that nothing is learnt of parts of them; read \
         them by characters"
    )]
    WholeReviews {
        /// How many reviews are one word.
        whole: usize,
        /// How many there are.
        reviews: usize,
        /// The first of them.
        example: String,
    },
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
    /// All reviews would be on one side.
    #[error(
        "a fraction of {fraction} leaves none of {reviews} reviews on one side; use more reviews or another fraction"
    )]
    TooFew {
        /// How many reviews.
        reviews: usize,
        /// The fraction asked for.
        fraction: f64,
    },
    /// A class would be on one side alone.
    #[error(
        "a validation fraction of {fraction} leaves none of the {reviews} reviews of class {} on one side; use more reviews or \
         another fraction",
        label.class()
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

impl FileFault {
    /// The encoding that the text is likely to be of, where that is what is wrong.
    pub fn likely_encoding(&self) -> Option<Encoding> {
        match self {
            Self::NotText(fault) => fault.likely,
            _ => None,
        }
    }
}

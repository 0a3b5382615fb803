//! Why a text cannot be read or used: what failed, where, what was found, and what to do.

use std::{collections::TryReserveError, io, path::PathBuf};

use super::{Encoding, MAX_TEXT_BYTES, MAX_VOCABULARY, Tokens};
use crate::encoding::NotText;

/// Why a text cannot be read or used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TextError {
    /// A file or folder cannot be used.
    #[error("`{}`: {fault}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it.
        fault: FileFault,
    },
    /// No path was given.
    #[error("no file to read a text from; name at least one file or folder")]
    NoPath,
    /// There is too much text.
    #[error(
        "the files hold {bytes} bytes together, more than the {MAX_TEXT_BYTES} that are read; use a part of them"
    )]
    TooLarge {
        /// The bytes found.
        bytes: u64,
    },
    /// Nothing but white space was read.
    #[error("`{0}` holds no character but white space; use a text with words in it")]
    Blank(String),
    /// Characters make no vocabulary.
    #[error("`{name}`: {fault}")]
    Vocabulary {
        /// The text's name.
        name: String,
        /// What is wrong with its characters.
        fault: VocabularyFault,
    },
    /// A text holds a character that the vocabulary lacks.
    #[error("`{name}`: {fault}")]
    Unknown {
        /// The text's name.
        name: String,
        /// The character and its place.
        fault: UnknownCharacter,
    },
    /// A text cannot be cut in the way asked for.
    #[error(transparent)]
    Cut(#[from] CutFault),
}

/// What is wrong with a file or folder. Offsets are counted from 0, lines from 1; a line ends with LF, CR LF or CR.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileFault {
    /// There is no such file or folder.
    #[error("no such file or folder; check the path")]
    Missing,
    /// A folder, with all below it, holds no file with text in it.
    #[error(
        "the folder holds no file with text in it (hidden ones, links, binary files and what builds leave are left out); name one \
         that does"
    )]
    EmptyFolder,
    /// The file holds nothing.
    #[error("holds nothing; name one with text in it")]
    Empty,
    /// The path is that of a device or pipe.
    #[error("not a regular file; write its content to a file and name that")]
    Irregular,
    /// The system refuses to open or read it.
    #[error("cannot be read: {0}; check the path and its permissions")]
    Io(io::Error),
    /// There is no memory for it.
    #[error("holds {bytes} bytes, for which there is no memory: {reason}; use a part of it")]
    Memory {
        /// The file's size.
        bytes: u64,
        /// What the allocator said.
        reason: TryReserveError,
    },
    /// The file grew while it was read.
    #[error("grew past the {MAX_TEXT_BYTES} bytes that are read; use a part of it")]
    Grew,
    /// A byte is 0, which no text has.
    #[error(
        "a binary file, not text: byte offset {offset} (line {line}) is 0x00; {}",
        likely.map_or_else(|| "name a text file".to_owned(), |likely| format!("or the file is {likely}"))
    )]
    Binary {
        /// The byte's place in the file.
        offset: usize,
        /// Its line.
        line: usize,
        /// What the file may be.
        likely: Option<Encoding>,
    },
    /// The file is not of the encoding asked for.
    #[error(transparent)]
    NotText(#[from] NotText),
    /// A pattern of files is none.
    #[error("`{glob}` is not a valid glob: {reason}; write one as for a `.gitignore`, such as `*.txt`")]
    Glob {
        /// The pattern.
        glob: String,
        /// What is wrong with it.
        reason: String,
    },
    /// No file of a folder fits the patterns.
    #[error("the folder holds no file with text in it that fits `{0}`; check the glob")]
    NoMatch(String),
    /// Patterns are given and no folder.
    #[error("globs choose among the files of a folder, and this is none; leave them out")]
    NoFolder,
    /// A packed file is too large.
    #[error(
        "is packed by gzip and unpacks to more than the {MAX_TEXT_BYTES} bytes that are read; use a part of it"
    )]
    Swells,
    /// A packed file is damaged.
    #[error("is packed by gzip and cannot be unpacked: {0}; get the whole file again")]
    Packed(io::Error),
    /// A byte is not UTF-8.
    #[error(
        "byte offset {offset} (line {line}) is {byte:#04x}, which is not UTF-8 there; {}",
        likely.map_or_else(
            || "say which encoding it has, or convert it".to_owned(),
            |likely| format!("the file is likely to be {likely}")
        )
    )]
    NotUtf8 {
        /// The byte's place in the file.
        offset: usize,
        /// Its line.
        line: usize,
        /// The byte.
        byte: u8,
        /// What the file is more likely to be.
        likely: Option<Encoding>,
    },
    /// The file ends within a character.
    #[error(
        "the character at byte offset {offset} (line {line}) is cut short by the file's end; get the whole file again"
    )]
    CutShort {
        /// The place of the character's first byte in the file.
        offset: usize,
        /// Its line.
        line: usize,
    },
}

/// Why characters make no vocabulary, or do not fit one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VocabularyFault {
    /// There is no character at all.
    #[error("there is no character; a vocabulary needs at least 2 distinct ones")]
    Empty,
    /// There is nothing to predict.
    #[error(
        "{} is the only character, so there is nothing to predict; a vocabulary needs at least 2 distinct ones",
        named(*.0)
    )]
    One(char),
    /// There are more distinct characters than ids.
    #[error(
        "{0} distinct characters are more than the {MAX_VOCABULARY} that a vocabulary holds; use a text of fewer"
    )]
    TooMany(usize),
    /// There are more tokens than ids.
    #[error(
        "{0} tokens are more than the {MAX_VOCABULARY} that a vocabulary holds; use fewer of more than one character"
    )]
    TooManyTokens(usize),
    /// It is said to be of characters, and has longer tokens.
    #[error(
        "it is of characters, and lists tokens as words and subwords have them; list characters in one text"
    )]
    NotCharacters,
    /// A character is listed twice.
    #[error("{} is listed twice; list each character once", named(*.0))]
    Repeated(char),
    /// A token of more than one character is listed twice.
    #[error("the token {0:?} is listed twice; list each token once")]
    RepeatedToken(Box<str>),
    /// A token has no character.
    #[error("a token is empty; list tokens of at least one character")]
    EmptyToken,
    /// A token has a character that is no token.
    #[error("the token {token:?} has {}, which is no token by itself; list that too", named(*.character))]
    Unspelt {
        /// The token.
        token: Box<str>,
        /// The character.
        character: char,
    },
    /// Fewer tokens were asked for than there are characters.
    #[error(
        "a vocabulary of {size} tokens has no room for the {characters} distinct characters of the text; choose {characters} or \
         more"
    )]
    TooSmall {
        /// The number asked for.
        size: usize,
        /// The distinct characters.
        characters: usize,
    },
    /// More tokens were asked for than the text has.
    #[error(
        "a vocabulary of {size} tokens is too large for the text: it has {found}, its characters and what occurs at least twice in \
         its training part; choose {found} or fewer"
    )]
    TooLarge {
        /// The number asked for.
        size: usize,
        /// The number that there would be.
        found: usize,
    },
    /// The replacement is itself unknown.
    #[error("the replacement {} is not in the vocabulary; choose a character that is", named(*.0))]
    Replacement(char),
}

impl VocabularyFault {
    /// Whether another number of tokens is what helps.
    pub fn is_of_size(&self) -> bool {
        matches!(self, Self::TooSmall { .. } | Self::TooLarge { .. })
    }
}

/// A character that a vocabulary lacks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the vocabulary of {known} characters lacks {}, at character offset {offset}, line {line}; {}",
    named(*.character),
    self.remedy()
)]
pub struct UnknownCharacter {
    /// The character.
    pub character: char,
    /// Its place in the text, in characters, counted from 0.
    pub offset: usize,
    /// Its line, counted from 1.
    pub line: usize,
    /// The number of characters in the vocabulary.
    pub known: usize,
    /// Its small letter, where the vocabulary has that.
    pub small: Option<char>,
}

impl UnknownCharacter {
    fn remedy(&self) -> String {
        match self.small {
            Some(small) => format!("it has {}: turn the text to lower case", named(small)),
            None => "leave it out".to_owned(),
        }
    }
}

/// Why a text cannot be cut in the way asked for.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CutFault {
    /// A window of no token.
    #[error("a window of 0 characters cannot be used; choose 1 or more, such as 100")]
    Window,
    /// A batch of no row.
    #[error("a batch of 0 rows cannot be used; choose 1 or more, such as 100")]
    Batch,
    /// The text is shorter than a window and the token after it.
    #[error(
        "{count} {} are too few for a window of {window}, which needs at least {needed}; choose a shorter window or a longer \
         text",
        tokens.name()
    )]
    Windows {
        /// What is counted.
        tokens: Tokens,
        /// The number of tokens.
        count: usize,
        /// The window asked for.
        window: usize,
        /// The number of tokens that it needs.
        needed: usize,
    },
    /// The text is too short for one step of all rows.
    #[error(
        "{count} {} are too few for {batch} rows of {time}, which need at least {needed}; choose fewer rows, shorter steps or a \
         longer text",
        tokens.name()
    )]
    Streams {
        /// What is counted.
        tokens: Tokens,
        /// The number of tokens.
        count: usize,
        /// The rows asked for.
        batch: usize,
        /// The tokens of a step asked for.
        time: usize,
        /// The number of tokens that they need.
        needed: usize,
    },
    /// A fraction is outside its bounds.
    #[error("a {part} fraction of {fraction} cannot be used; choose one from 0 to below 1, such as 0.1")]
    Fraction {
        /// The part that it is of.
        part: &'static str,
        /// The fraction.
        fraction: f64,
    },
    /// A part that was asked for holds no character.
    #[error(
        "a validation fraction of {validation} and a test fraction of {test} leave none of the {characters} characters for \
         the {part} part; use a longer text or other fractions"
    )]
    EmptyPart {
        /// The part without characters.
        part: &'static str,
        /// The number of all characters.
        characters: usize,
        /// The validation fraction asked for.
        validation: f64,
        /// The test fraction asked for.
        test: f64,
    },
}

impl CutFault {
    /// The same where what was counted are such tokens.
    pub fn counted_in(mut self, tokens: Tokens) -> Self {
        if let Self::Windows { tokens: counted, .. } | Self::Streams { tokens: counted, .. } = &mut self {
            *counted = tokens;
        }
        self
    }
}

/// A character as people can read it: `` `é` (U+00E9) ``, or a name where it would not show.
pub(super) fn named(character: char) -> String {
    let code = u32::from(character);
    let name = match character {
        ' ' => "space",
        '\t' => "tab",
        '\n' => "line end",
        '\u{a0}' => "no-break space",
        '\u{feff}' => "byte-order mark",
        '\'' | '"' | '\\' => return format!("`{character}` (U+{code:04X})"),
        // `escape_debug` knows which characters do not show.
        _ if character.escape_debug().len() == 1 => return format!("`{character}` (U+{code:04X})"),
        _ => return format!("U+{code:04X}"),
    };
    format!("U+{code:04X} ({name})")
}

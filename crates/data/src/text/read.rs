//! Reads a text from a file, several files, or a folder.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    Case, Corpus, Edition, Encoding, Mark, Note, TextError,
    decode::decode,
    files::{LeftOut, bytes_of, files_of, limited, refuse_globs, unpacked},
    gutenberg::unframed,
};
use crate::checksum::{hex, sha256};

/// The most bytes that are read, of all files together.
pub const MAX_TEXT_BYTES: u64 = 4 << 30;

/// What is done to a text on reading.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReadSpec {
    /// What becomes of capital letters; they stay by default.
    pub case: Case,
    /// What becomes of a Project Gutenberg edition's frame; it is taken off by default.
    pub edition: Edition,
    /// What becomes of a byte-order mark; it stays by default.
    #[serde(skip_serializing_if = "Mark::stays")]
    pub mark: Mark,
    /// The encoding of the files; UTF-8 by default. A byte-order mark is believed whatever is said here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Encoding>,
    /// Globs of the files of a folder that are read, as `.gitignore` has them, such as `*.md`; with none, all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// Globs of the files of a folder that are left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,
}

impl ReadSpec {
    /// The same for other files, whose encoding and whose names are their own.
    pub fn for_others(self) -> Self {
        let Self { case, edition, mark, .. } = self;
        Self { case, edition, mark, ..Self::default() }
    }
}

/// Reads files and folders of text, in the order given.
///
/// - **Folders.** Every regular file below one is read, in the order of their paths. Files and folders whose name begins
///   with a dot are left out, and so are links, empty files, binary files, what a `.gitignore` names, and what builds leave
///   (`target`, `node_modules` and the like); of these, a folder or a dot's name that [`ReadSpec::include`] spells is walked.
/// - **Packed.** A file that is named and packed by gzip is unpacked.
/// - **Line ends.** CR LF and CR become LF. A line end is put between two files where the first does not end with one.
/// - **Ends.** White space at both ends of the whole text is taken off, as Python's `str.strip()` does. The textbook's
///   `warpeace_input.txt` ends with two line ends: it has 3,196,215 characters with them, and 3,196,213 read here.
/// - **Byte-order mark.** See [`Mark`]; that of UTF-16 says how the file is read, and is no character.
/// - **Frame.** See [`Edition`].
/// - **Checksum.** [`Corpus::sha256`] is that of the files' bytes as they lie on disk, one file after the other.
///
/// Memory for about twice the bytes is taken at most, for three times by [`Text`](super::Text) with its ids.
/// [`Corpus::notes`] tells what was changed.
///
/// # Errors
///
/// When a path is missing or no regular file, a file that is named is empty or binary, a file is not of its encoding (with the
/// byte's offset and line, and the encoding that it is likely to have), a glob is not valid or meets a file, a
/// folder holds no text, the files hold more than [`MAX_TEXT_BYTES`] (asked before any is read), or all of it is white space.
pub fn read(paths: &[impl AsRef<Path>], spec: ReadSpec) -> Result<Corpus, TextError> {
    let at = |(path, fault)| TextError::File { path, fault };
    let (mut files, mut left_out) = (Vec::new(), LeftOut::default());
    for path in paths {
        files.extend(files_of(path.as_ref(), &spec, &mut left_out).map_err(at)?);
    }
    let bytes = files.iter().fold(0u64, |sum, file| sum.saturating_add(file.bytes));
    if bytes > MAX_TEXT_BYTES {
        return Err(TextError::TooLarge { bytes });
    }
    let mut text = Joined::new(left_out.notes());
    let mut hasher = Sha256::new();
    for file in &files {
        let bytes = bytes_of(file, text.left).map_err(|fault| at((file.path.clone(), fault)))?;
        hasher.update(&bytes);
        text.append(&file.path, bytes, &spec)?;
    }
    let sha256 = hex(hasher);
    let files = files.into_iter().map(|file| file.path).collect();
    text.corpus(name(paths)?, files, sha256, &spec)
}

/// Reads a text from a stream, such as standard input, as [`read`](fn@read) does a file; `name` stands for it in messages.
///
/// # Errors
/// As [`read`](fn@read).
pub fn read_from(stream: impl Read, name: &str, spec: ReadSpec) -> Result<Corpus, TextError> {
    let path = PathBuf::from(name);
    let at = |fault| TextError::File { path: path.clone(), fault };
    refuse_globs(&spec).map_err(at)?;
    let bytes = limited(stream, MAX_TEXT_BYTES, Vec::new()).map_err(at)?;
    let mut text = Joined::new(Vec::new());
    let sha256 = sha256(&bytes);
    text.append(&path, bytes, &spec)?;
    text.corpus(name.to_owned(), Vec::new(), sha256, &spec)
}

/// The files so far, one after the other.
struct Joined {
    notes: Vec<Note>,
    characters: String,
    left: u64,
}

impl Joined {
    fn new(notes: Vec<Note>) -> Self {
        Self { notes, characters: String::new(), left: MAX_TEXT_BYTES }
    }

    fn append(&mut self, path: &Path, bytes: Vec<u8>, spec: &ReadSpec) -> Result<(), TextError> {
        let at = |fault| TextError::File { path: path.to_owned(), fault };
        let bytes = unpacked(bytes, self.left).map_err(at)?;
        self.left = self.left.saturating_sub(bytes.len() as u64);
        let mut characters = decode(bytes, spec.encoding).map_err(at)?;
        if spec.mark == Mark::Take && characters.starts_with('\u{feff}') {
            characters.remove(0);
            self.notes.push(Note::MarkTaken { file: path.to_owned() });
        }
        if let (Edition::Detect, Some(inner)) = (spec.edition, unframed(&characters)) {
            self.notes.push(Note::Unframed {
                file: path.to_owned(),
                frame_lines: inner.frame_lines,
                contents_lines: inner.contents_lines,
            });
            characters = inner.text;
        }
        if self.characters.is_empty() {
            self.characters = characters;
            return Ok(());
        }
        if !self.characters.ends_with('\n') {
            self.characters.push('\n');
        }
        self.characters.push_str(&characters);
        Ok(())
    }

    fn corpus(
        self,
        name: String,
        files: Vec<PathBuf>,
        sha256: String,
        spec: &ReadSpec,
    ) -> Result<Corpus, TextError> {
        let Self { mut notes, characters, .. } = self;
        let characters = trimmed(spec.case.apply(characters), &mut notes);
        Corpus::from_read(name, characters, files, sha256, notes)
    }
}

fn trimmed(mut text: String, notes: &mut Vec<Note>) -> String {
    let end = text.trim_end().len();
    let mut taken = text[end..].chars().count();
    text.truncate(end);
    let start = text.len() - text.trim_start().len();
    taken += text[..start].chars().count();
    text.drain(..start);
    if taken > 0 {
        notes.push(Note::Trimmed { characters: taken });
    }
    text
}

/// The name of what was read: that of the first path, and how many more there were.
fn name(paths: &[impl AsRef<Path>]) -> Result<String, TextError> {
    let Some(first) = paths.first().map(AsRef::as_ref) else { return Err(TextError::NoPath) };
    let name = first.file_name().unwrap_or(first.as_os_str()).to_string_lossy().into_owned();
    Ok(match paths.len() - 1 {
        0 => name,
        more => format!("{name} and {more} more"),
    })
}

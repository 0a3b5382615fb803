//! A text as ids, with the vocabulary that gives them their meaning.

use std::path::{Path, PathBuf};

use super::{Corpus, Id, Note, TextError, UnknownCharacter, Vocabulary, VocabularyFault};

/// A text as ids: two bytes a character. At least one character is held.
///
/// ```
/// use recurrent_data::text::{Corpus, Text};
///
/// let old = Text::new(Corpus::from_string("old", "abba".to_owned())?)?;
/// assert_eq!((old.len(), old.ids(), old.vocabulary().len()), (4, &[0, 1, 1, 0][..], 2));
/// // A model of the old text goes on with a new one: what it knows keeps its place.
/// let new = Text::extending(Corpus::from_string("new", "Abc".to_owned())?, old.vocabulary())?;
/// assert_eq!((new.ids(), new.vocabulary().characters()), (&[2, 1, 3][..], &['a', 'b', 'A', 'c'][..]));
/// # Ok::<(), recurrent_data::text::TextError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    ids: Vec<Id>,
    vocabulary: Vocabulary,
    name: String,
    files: Vec<PathBuf>,
    sha256: String,
    notes: Vec<Note>,
}

// There is no `is_empty`: a corpus holds at least one character.
#[allow(clippy::len_without_is_empty)]
impl Text {
    /// A text with the vocabulary of its own characters.
    ///
    /// # Errors
    ///
    /// When it has fewer than two distinct characters, or more than a vocabulary holds.
    pub fn new(corpus: Corpus) -> Result<Self, TextError> {
        let vocabulary =
            Vocabulary::of(corpus.characters()).map_err(|fault| unusable(corpus.name(), fault))?;
        Self::with_vocabulary(corpus, &vocabulary)
    }

    /// A text with a vocabulary that there is already, such as a trained model's.
    ///
    /// # Errors
    ///
    /// When the vocabulary lacks a character.
    pub fn with_vocabulary(corpus: Corpus, vocabulary: &Vocabulary) -> Result<Self, TextError> {
        let ids = vocabulary.encode(corpus.characters()).map_err(|fault| unknown(corpus.name(), fault))?;
        Ok(Self::from_parts(corpus, ids, vocabulary.clone()))
    }

    /// A text with a vocabulary that there is already, where each character that this lacks is replaced; a note tells how
    /// many.
    ///
    /// # Errors
    ///
    /// When the vocabulary lacks the replacement.
    pub fn replacing(corpus: Corpus, vocabulary: &Vocabulary, replacement: char) -> Result<Self, TextError> {
        let ids = vocabulary
            .encode_replacing(corpus.characters(), replacement)
            .map_err(|fault| unusable(corpus.name(), fault))?;
        let mut lacking = corpus.characters().chars().filter(|character| vocabulary.id(*character).is_none());
        let note = lacking.next().map(|first| Note::Replaced {
            characters: 1 + lacking.count(),
            first,
            replacement,
        });
        let mut text = Self::from_parts(corpus, ids, vocabulary.clone());
        text.notes.extend(note);
        Ok(text)
    }

    /// A text with a vocabulary that there is already, extended by the characters that it lacks: see
    /// [`Vocabulary::extended`].
    ///
    /// # Errors
    ///
    /// When there are more characters than a vocabulary holds.
    pub fn extending(corpus: Corpus, vocabulary: &Vocabulary) -> Result<Self, TextError> {
        let extended =
            vocabulary.extended(corpus.characters()).map_err(|fault| unusable(corpus.name(), fault))?;
        Self::with_vocabulary(corpus, &extended)
    }

    fn from_parts(corpus: Corpus, ids: Vec<Id>, vocabulary: Vocabulary) -> Self {
        let (name, files) = (corpus.name().to_owned(), corpus.files().to_vec());
        let (sha256, notes) = (corpus.sha256().to_owned(), corpus.notes().to_vec());
        Self { ids, vocabulary, name, files, sha256, notes }
    }

    /// The number of characters, at least 1.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// The id of each character.
    pub fn ids(&self) -> &[Id] {
        &self.ids
    }

    /// The characters that the ids stand for.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// A name for people: that of the file or folder.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The path of the first file that was read; `None` for a text made in memory.
    pub fn path(&self) -> Option<&Path> {
        self.files.first().map(PathBuf::as_path)
    }

    /// The files that were read, in order.
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// The SHA-256 of what was read, as [`Corpus::sha256`] has it.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// What was changed on reading.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }
}

fn unusable(name: &str, fault: VocabularyFault) -> TextError {
    TextError::Vocabulary { name: name.to_owned(), fault }
}

fn unknown(name: &str, fault: UnknownCharacter) -> TextError {
    TextError::Unknown { name: name.to_owned(), fault }
}

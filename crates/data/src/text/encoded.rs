//! A text as ids, with the vocabulary that gives them their meaning.

use std::path::{Path, PathBuf};

use super::{Corpus, Id, Note, TextError, TextSplit, Tokens, Vocabulary, VocabularyFault};

/// A text as ids: two bytes a token. At least one character is held. The first character of each of its
/// [parts](Corpus::split) is a token by itself.
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
    /// The places among the ids at which the training and the validation part end.
    ends: [usize; 2],
    characters: usize,
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

    /// A text with a vocabulary of tokens that its training part makes worth having: see [`Vocabulary::learn`].
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new); or when the text does not have so many tokens, or has more characters.
    pub fn learning(corpus: Corpus, tokens: Tokens, size: Option<usize>) -> Result<Self, TextError> {
        let [learnt_from, ..] = corpus.parts();
        let vocabulary = Vocabulary::learn(tokens, corpus.characters(), learnt_from, size)
            .map_err(|fault| unusable(corpus.name(), fault))?;
        Self::with_vocabulary(corpus, &vocabulary)
    }

    /// A text with a vocabulary that there is already, such as a trained model's.
    ///
    /// # Errors
    ///
    /// When the vocabulary lacks a character.
    pub fn with_vocabulary(corpus: Corpus, vocabulary: &Vocabulary) -> Result<Self, TextError> {
        let characters = corpus.characters().chars().count();
        // Most scripts take several bytes a character.
        let few = if vocabulary.tokens() == Tokens::Characters { characters } else { 0 };
        let (mut ids, mut ends) = (Vec::with_capacity(few), [0; 3]);
        for (part, end) in corpus.parts().into_iter().zip(&mut ends) {
            if vocabulary.encode_predicted_into(part, &mut ids).is_none() {
                let (name, fault) = (corpus.name().to_owned(), vocabulary.unknown(corpus.characters()));
                return Err(TextError::Unknown { name, fault });
            }
            *end = ids.len();
        }
        let (name, files) = (corpus.name().to_owned(), corpus.files().to_vec());
        let (sha256, notes) = (corpus.sha256().to_owned(), corpus.notes().to_vec());
        let [train, validation, _] = ends;
        let vocabulary = vocabulary.clone();
        Ok(Self { ids, ends: [train, validation], characters, vocabulary, name, files, sha256, notes })
    }

    /// A text with a vocabulary that there is already, where each character that this lacks is replaced; a note tells how
    /// many.
    ///
    /// # Errors
    ///
    /// When the vocabulary lacks the replacement.
    pub fn replacing(corpus: Corpus, vocabulary: &Vocabulary, replacement: char) -> Result<Self, TextError> {
        let mut lacking = corpus.characters().chars().filter(|character| vocabulary.id(*character).is_none());
        let note = lacking.next().map(|first| Note::Replaced {
            characters: 1 + lacking.count(),
            first,
            replacement,
        });
        if vocabulary.id(replacement).is_none() {
            return Err(unusable(corpus.name(), VocabularyFault::Replacement(replacement)));
        }
        let corpus = corpus.changed(|character| vocabulary.id(character).map_or(replacement, |_| character));
        let mut text = Self::with_vocabulary(corpus, vocabulary)?;
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

    /// The number of characters, at least 1.
    pub fn len(&self) -> usize {
        self.characters
    }

    /// The id of each token.
    pub fn ids(&self) -> &[Id] {
        &self.ids
    }

    /// The parts of the text.
    pub fn parts(&self) -> TextSplit<'_> {
        TextSplit::at(&self.ids, self.ends)
    }

    /// The tokens that the ids stand for.
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

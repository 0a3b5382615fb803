//! The format of a cache file: a magic number, the number of the layout, the data set in Postcard's format, and the SHA-256 of all.
//!
//! The ranks are plain bytes in it, four each: decoding 11 million of them then takes milliseconds, where numbers of varying
//! size took a quarter of a second, for a file of 18 MB instead of 47.

use std::{borrow::Cow, fs, io, path::Path};

use serde::{Deserialize, Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::{CacheFault, LoadSpec};
use crate::{
    reviews::{
        ClassNames, Dataset, Encoded, FileFault, Label, Note, Sequences, Tokens, Vocabulary, files::at_most,
    },
    whole_file::write_whole,
};

/// The start of each file.
const MAGIC: &[u8; 11] = b"recurrent\0\0";

/// The number after it, which changes with what is stored, and with the rule by which words are made.
const LAYOUT: u8 = 4;

/// The bytes of a SHA-256.
const CHECKSUM: usize = 32;

/// The largest file that is read. The film reviews take 47 MB, or 94 MB with those that have no label.
const MAX_BYTES: u64 = 8 << 30;

/// Writes a data set, whole or not at all. The folder is made where it is missing.
pub(super) fn to_file(file: &Path, data: &Dataset, spec: &LoadSpec) -> io::Result<()> {
    let mut bytes = postcard::to_extend(&Stored::of(data, spec), [&MAGIC[..], &[LAYOUT]].concat())
        .map_err(io::Error::other)?;
    let checksum = Sha256::digest(&bytes);
    bytes.extend_from_slice(&checksum);
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    write_whole(file, &bytes)
}

/// The data set that a file holds, with the settings by which it was made; `None` where there is no file.
pub(super) fn from_file(file: &Path) -> Result<Option<(Dataset, LoadSpec)>, CacheFault> {
    let bytes = match at_most(file, MAX_BYTES) {
        Err(FileFault::Missing) => return Ok(None),
        bytes => bytes.map_err(CacheFault::File)?,
    };
    let Some((content, checksum)) = bytes.split_last_chunk::<CHECKSUM>() else {
        return Err(CacheFault::Foreign);
    };
    let stored = match content.strip_prefix(MAGIC).and_then(<[u8]>::split_first) {
        Some((&LAYOUT, stored)) => stored,
        Some((found, _)) => return Err(CacheFault::Layout { found: *found, expected: LAYOUT }),
        None => return Err(CacheFault::Foreign),
    };
    // Both take a while. Decoding does not need the checksum: it takes no more memory than the bytes allow, whatever they are.
    let (sha256, decoded) = rayon::join(|| Sha256::digest(content), || decode(stored));
    if sha256[..] != checksum[..] {
        return Err(CacheFault::Damaged);
    }
    decoded.map(Some).ok_or(CacheFault::Unsound)
}

fn decode(bytes: &[u8]) -> Option<(Dataset, LoadSpec)> {
    postcard::from_bytes::<Stored>(bytes).ok()?.into_dataset()
}

/// The content of a file.
#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    spec: LoadSpec,
    sha256: String,
    name: String,
    notes: Vec<Note>,
    tokens: Tokens,
    words: Vec<(String, u64)>,
    classes: ClassNames,
    labels: [Cow<'a, [Label]>; 2],
    /// The classes of each review of the training and the test part, where there may be several.
    #[serde(borrow)]
    sets: [StoredRanks<'a>; 2],
    /// Of the training part, the test part and the reviews without a label.
    #[serde(borrow)]
    ranks: [StoredRanks<'a>; 3],
}

#[derive(Serialize, Deserialize)]
struct StoredRanks<'a> {
    ends: Vec<u64>,
    #[serde(borrow, serialize_with = "as_bytes")]
    numbers: Cow<'a, [u8]>,
}

/// Hands all bytes over at once, where `Cow` would hand them over one by one.
fn as_bytes<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(bytes)
}

impl<'a> Stored<'a> {
    fn of(data: &'a Dataset, spec: &LoadSpec) -> Self {
        let stored = |numbers: &Sequences| StoredRanks {
            ends: numbers.ends().to_vec(),
            numbers: numbers.to_le_bytes().into(),
        };
        Self {
            spec: spec.clone(),
            sha256: data.sha256.clone(),
            name: data.name.clone(),
            notes: data.notes.clone(),
            tokens: data.vocabulary.tokens(),
            words: data.vocabulary.pairs().collect(),
            classes: data.classes.clone(),
            labels: [&data.train.labels, &data.test.labels].map(|labels| labels.into()),
            sets: [&data.train.sets, &data.test.sets].map(stored),
            ranks: [&data.train.ranks, &data.test.ranks, &data.unlabelled].map(stored),
        }
    }

    /// The data set; `None` where its parts do not fit each other.
    fn into_dataset(self) -> Option<(Dataset, LoadSpec)> {
        let vocabulary = Vocabulary::saved(self.tokens, self.words).ok()?;
        let most = vocabulary.len() as u32;
        let [train, test, unlabelled] =
            self.ranks.map(|ranks| Sequences::from_le_bytes(&ranks.numbers, ranks.ends, most));
        let [train_labels, test_labels] = self.labels;
        let last = self.classes.len() as u32 - 1;
        let [train_sets, test_sets] =
            self.sets.map(|sets| Sequences::from_le_bytes(&sets.numbers, sets.ends, last));
        let are_labels = self.classes.are_labels();
        let part = |ranks: Option<Sequences>, labels: Cow<[Label]>, sets: Option<Sequences>| {
            let (ranks, labels, sets) = (ranks?, labels.into_owned(), sets?);
            let reviews = if are_labels { [0, ranks.len()] } else { [ranks.len(), 0] };
            ([labels.len(), sets.len()] == reviews).then_some(Encoded { ranks, labels, sets })
        };
        let data = Dataset {
            name: self.name,
            path: None,
            sha256: self.sha256,
            vocabulary,
            classes: self.classes,
            train: part(train, train_labels, train_sets)?,
            test: part(test, test_labels, test_sets)?,
            unlabelled: unlabelled?,
            notes: self.notes,
        };
        Some((data, self.spec))
    }
}

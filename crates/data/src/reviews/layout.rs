//! The folders of the Large Movie Review Dataset: what a path within them stands for.

use super::{
    ClassNames, Corpus, Encoding, EntryFault, FileFault, Label, LabelsAs, MAX_REVIEW_BYTES, Part, ReviewError,
};
use crate::encoding::decoded;

/// The place of a review, in the order in which reviews are yielded: by part, label, number and rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) part: Part,
    label: Option<Label>,
    id: u64,
    rating: u64,
}

impl Key {
    /// The path below the folder that holds all.
    pub(super) fn path(&self) -> String {
        let folder = match (self.part, self.label) {
            (Part::Test, Some(Label::NEGATIVE)) => "test/neg",
            (Part::Test, _) => "test/pos",
            (Part::Train, Some(Label::NEGATIVE)) => "train/neg",
            (Part::Train, Some(Label::POSITIVE)) => "train/pos",
            (Part::Train | Part::Unlabelled, _) => "train/unsup",
        };
        format!("{folder}/{}_{}.txt", self.id, self.rating)
    }
}

/// The folders that hold reviews.
pub(super) const FOLDERS: [[&str; 2]; 5] =
    [["train", "neg"], ["train", "pos"], ["train", "unsup"], ["test", "neg"], ["test", "pos"]];

/// What the folders hold.
pub(super) fn part_and_label(folder: [&str; 2]) -> Option<(Part, Option<Label>)> {
    Some(match folder {
        ["train", "neg"] => (Part::Train, Some(Label::NEGATIVE)),
        ["train", "pos"] => (Part::Train, Some(Label::POSITIVE)),
        ["train", "unsup"] => (Part::Unlabelled, None),
        ["test", "neg"] => (Part::Test, Some(Label::NEGATIVE)),
        ["test", "pos"] => (Part::Test, Some(Label::POSITIVE)),
        _ => return None,
    })
}

/// The key of a file, from the two folders that it is in and its name; `None` for what holds no review by its place, or is
/// hidden, as file managers leave such files behind.
pub(super) fn key(folder: [&str; 2], name: &str) -> Result<Option<Key>, EntryFault> {
    let Some((part, label)) = part_and_label(folder) else { return Ok(None) };
    if name.starts_with('.') {
        return Ok(None);
    }
    let numbers = name.strip_suffix(".txt").and_then(|stem| stem.split_once('_'));
    match numbers.and_then(|(id, rating)| Some((number(id)?, number(rating)?))) {
        Some((id, rating)) => Ok(Some(Key { part, label, id, rating })),
        None => Err(EntryFault::Name),
    }
}

/// A number of digits alone; `parse` takes a sign as well.
fn number(digits: &str) -> Option<u64> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// The text of a file's bytes.
pub(super) fn text(bytes: Vec<u8>, encoding: Option<Encoding>) -> Result<String, EntryFault> {
    if bytes.len() as u64 > MAX_REVIEW_BYTES {
        return Err(EntryFault::TooLarge(bytes.len() as u64));
    }
    match encoding {
        // Nearly every review is UTF-8, and then its bytes need no copy.
        None => String::from_utf8(bytes).or_else(|error| decoded(error.as_bytes(), None).map(Into::into)),
        encoding => decoded(&bytes, encoding).map(Into::into),
    }
    .map_err(EntryFault::NotText)
}

/// The first key that is there twice, of sorted ones.
pub(super) fn twice<T>(sorted: &[(Key, T)]) -> Option<Key> {
    sorted.windows(2).find(|pair| pair[0].0 == pair[1].0).map(|pair| pair[0].0)
}

/// Puts sorted reviews, none of them blank, into their parts; their labels are those of their folders, or the stars in the
/// names of their files.
pub(super) fn sort_out(
    corpus: &mut Corpus,
    reviews: Vec<(Key, String)>,
    labels: &LabelsAs,
) -> Result<(), ReviewError> {
    corpus.classes = match labels {
        LabelsAs::Known(classes) => classes.clone(),
        LabelsAs::Stars => ClassNames::of_stars(stars_of(reviews.iter().map(|(key, _)| key))),
        LabelsAs::Several => {
            return Err(ReviewError::File { path: corpus.place(), fault: FileFault::OneLabelEach });
        }
        LabelsAs::Found | LabelsAs::Classes | LabelsAs::Positive(_) => ClassNames::binary(),
    };
    let of_stars = corpus.classes.numbers().is_some();
    for (key, text) in reviews {
        let Some(label) = key.label else {
            corpus.unlabelled.push(text);
            continue;
        };
        let name = match (of_stars, label) {
            (true, _) => key.rating.to_string(),
            (false, label) => ClassNames::binary().name(label).to_owned(),
        };
        let Some(label) = corpus.classes.label(&name) else {
            let (path, classes) = (corpus.place(), corpus.classes.listed());
            return Err(ReviewError::Entry {
                path,
                entry: key.path(),
                fault: EntryFault::Class { name, classes },
            });
        };
        let part = if key.part == Part::Test { &mut corpus.test } else { &mut corpus.train };
        if corpus.classes.are_labels() {
            part.push_set(text, vec![label.class() as u32]);
        } else {
            part.push(text, label);
        }
    }
    Ok(())
}

/// The numbers of stars that labelled reviews have, in order.
fn stars_of<'a>(keys: impl Iterator<Item = &'a Key>) -> Vec<u64> {
    let mut stars: Vec<u64> = keys.filter(|key| key.label.is_some()).map(|key| key.rating).collect();
    stars.sort_unstable();
    stars.dedup();
    stars
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_sort_by_part_label_and_number() {
        let mut paths = [
            "test/neg/1_2.txt",
            "train/pos/2_9.txt",
            "train/neg/10_1.txt",
            "train/neg/9_1.txt",
            "train/unsup/3_0.txt",
        ];
        paths.sort_by_key(|path| {
            let parts: Vec<&str> = path.split('/').collect();
            key([parts[0], parts[1]], parts[2]).unwrap()
        });
        assert_eq!(
            paths,
            [
                "train/neg/9_1.txt",
                "train/neg/10_1.txt",
                "train/pos/2_9.txt",
                "test/neg/1_2.txt",
                "train/unsup/3_0.txt"
            ]
        );
    }

    #[test]
    fn a_key_gives_its_path_back() {
        for [part, kind] in FOLDERS {
            let found = key([part, kind], "12_7.txt").unwrap().unwrap();
            assert_eq!(found.path(), format!("{part}/{kind}/12_7.txt"));
        }
    }

    #[test]
    fn other_names_are_no_reviews() {
        for name in
            ["a_7.txt", "7.txt", "1_2.html", "_7.txt", "+1_7.txt", "1_-7.txt", "99999999999999999999_1.txt"]
        {
            assert!(matches!(key(["train", "pos"], name), Err(EntryFault::Name)), "{name}");
        }
        assert!(key(["train", "pos"], "._1_7.txt").unwrap().is_none());
        assert!(key(["train", "urls"], "x").unwrap().is_none());
    }
}

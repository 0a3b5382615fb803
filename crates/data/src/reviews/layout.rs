//! The folders of the Large Movie Review Dataset: what a path within them stands for.

use super::{Corpus, EntryFault, Label, Labelled, MAX_REVIEW_BYTES, Part};

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
            (Part::Test, Some(Label::Negative)) => "test/neg",
            (Part::Test, _) => "test/pos",
            (Part::Train, Some(Label::Negative)) => "train/neg",
            (Part::Train, Some(Label::Positive)) => "train/pos",
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
        ["train", "neg"] => (Part::Train, Some(Label::Negative)),
        ["train", "pos"] => (Part::Train, Some(Label::Positive)),
        ["train", "unsup"] => (Part::Unlabelled, None),
        ["test", "neg"] => (Part::Test, Some(Label::Negative)),
        ["test", "pos"] => (Part::Test, Some(Label::Positive)),
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
pub(super) fn text(bytes: Vec<u8>) -> Result<String, EntryFault> {
    if bytes.len() as u64 > MAX_REVIEW_BYTES {
        return Err(EntryFault::TooLarge(bytes.len() as u64));
    }
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        EntryFault::NotUtf8 { offset, byte: error.as_bytes()[offset] }
    })
}

/// The first key that is there twice, of sorted ones.
pub(super) fn twice<T>(sorted: &[(Key, T)]) -> Option<Key> {
    sorted.windows(2).find(|pair| pair[0].0 == pair[1].0).map(|pair| pair[0].0)
}

/// Puts sorted reviews, none of them blank, into their parts.
pub(super) fn sort_out(corpus: &mut Corpus, reviews: Vec<(Key, String)>) {
    for (key, text) in reviews {
        let labelled: &mut Labelled = match key.part {
            Part::Train => &mut corpus.train,
            Part::Test => &mut corpus.test,
            Part::Unlabelled => {
                corpus.unlabelled.push(text);
                continue;
            }
        };
        if let Some(label) = key.label {
            labelled.push(text, label);
        }
    }
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

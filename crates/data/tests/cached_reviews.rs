//! Encoded reviews kept on the disk: taken only where they are what reading would give.
#![cfg(feature = "reviews")]

mod sources;

use std::{
    fs,
    path::{Path, PathBuf},
};

use proptest::prelude::*;
use recurrent_data::reviews::{CacheFault, CacheUse, Dataset, LoadSpec, ReadSpec, Unlabelled, WordsOf, load};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// A folder with an archive, and a place for the cache beside it.
struct Place {
    folder: TempDir,
    archive: PathBuf,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let archive = sources::archive(folder.path(), sources::ENTRIES);
        Self { folder, archive }
    }

    fn cache(&self) -> PathBuf {
        self.folder.path().join("new").join("cache")
    }

    fn load(&self, spec: &LoadSpec) -> (Dataset, CacheUse) {
        load(&self.archive, spec, self.cache()).unwrap()
    }

    /// The only file of the cache.
    fn file(&self) -> PathBuf {
        let files: Vec<_> = fs::read_dir(self.cache()).unwrap().map(|file| file.unwrap().path()).collect();
        assert_eq!(files.len(), 1, "{files:?}");
        files[0].clone()
    }
}

fn all() -> LoadSpec {
    let read = ReadSpec { unlabelled: Unlabelled::Read, ..ReadSpec::default() };
    LoadSpec { read, words_of: WordsOf::TrainAndUnlabelled, ..LoadSpec::default() }
}

#[test]
fn a_second_start_takes_what_the_first_one_wrote() {
    let place = Place::new();
    let (first, used) = place.load(&all());
    assert!(matches!(used, CacheUse::Written(_)), "{used}");
    let (second, used) = place.load(&all());
    assert!(matches!(used, CacheUse::Taken(_)), "{used}");
    assert_eq!(first, second);
    assert_eq!(second.path.as_deref(), Some(&*place.archive));
    assert!(place.file().file_name().unwrap().to_str().unwrap().starts_with("aclImdb_v1.tar.gz-"));
}

#[test]
fn each_setting_has_a_file_of_its_own() {
    let place = Place::new();
    let specs = [all(), LoadSpec::default(), LoadSpec { words_of: WordsOf::Train, ..all() }];
    let first = specs.each_ref().map(|spec| place.load(spec).0);
    for (spec, first) in specs.iter().zip(first) {
        let (second, used) = place.load(spec);
        assert!(matches!(used, CacheUse::Taken(_)), "{used}");
        assert_eq!(first, second);
    }
}

#[test]
fn a_changed_data_set_is_read_again() {
    let place = Place::new();
    let (old, _) = place.load(&LoadSpec::default());
    let written = fs::metadata(&place.archive).unwrap();
    let more = [("aclImdb/train/pos/99_9.txt", &b"one more"[..])];
    sources::archive(place.folder.path(), sources::ENTRIES.into_iter().chain(more));
    // The same time of writing, which some tools restore, does not deceive it.
    fs::File::options()
        .append(true)
        .open(&place.archive)
        .unwrap()
        .set_modified(written.modified().unwrap())
        .unwrap();
    let (new, used) = place.load(&LoadSpec::default());
    assert!(matches!(used, CacheUse::Rewritten { reason: CacheFault::Stale, .. }), "{used}");
    assert_eq!((old.train.len(), new.train.len()), (3, 4));
    assert!(matches!(place.load(&LoadSpec::default()).1, CacheUse::Taken(_)));
    place.file();
}

#[test]
fn a_changed_folder_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    sources::folder(folder.path(), sources::ENTRIES);
    let cache = tempfile::tempdir().unwrap();
    let uses = || load(folder.path(), &LoadSpec::default(), cache.path()).unwrap().1;
    assert!(matches!(uses(), CacheUse::Written(_)));
    assert!(matches!(uses(), CacheUse::Taken(_)));
    fs::write(folder.path().join("aclImdb/train/neg/3_1.txt"), "A bed film").unwrap();
    assert!(matches!(uses(), CacheUse::Rewritten { .. }));
    fs::rename(
        folder.path().join("aclImdb/train/neg/3_1.txt"),
        folder.path().join("aclImdb/train/neg/4_1.txt"),
    )
    .unwrap();
    assert!(matches!(uses(), CacheUse::Rewritten { .. }));
    fs::remove_file(folder.path().join("aclImdb/test/neg/11_3.txt")).unwrap();
    assert!(matches!(uses(), CacheUse::Rewritten { .. }));
    assert!(matches!(uses(), CacheUse::Taken(_)));
}

#[test]
fn damaged_and_foreign_files_are_told_of() {
    let place = Place::new();
    let (data, _) = place.load(&all());
    let file = place.file();
    let good = fs::read(&file).unwrap();
    let told = |bytes: &[u8]| {
        fs::write(&file, bytes).unwrap();
        let (again, used) = place.load(&all());
        assert_eq!(again, data);
        assert_eq!(fs::read(&file).unwrap(), good, "it is written anew");
        used.to_string().replace(&*file.to_string_lossy(), "<file>")
    };
    let mut flipped = good.clone();
    flipped[good.len() / 2] ^= 1;
    insta::assert_snapshot!(told(&flipped), @"`<file>` was written anew: its checksum is not that of its content, so it is damaged");
    insta::assert_snapshot!(told(&good[..good.len() - 1]), @"`<file>` was written anew: its checksum is not that of its content, so it is damaged");
    insta::assert_snapshot!(told(b""), @"`<file>` was written anew: it is no cache file");
    insta::assert_snapshot!(told(b"a letter to somebody, which is long enough to hold a checksum"), @"`<file>` was written anew: it is no cache file");
    // Another layout with a right checksum, as another version writes it.
    let of_layout = |number: u8| {
        let mut other = good[..good.len() - 32].to_vec();
        assert_ne!(std::mem::replace(&mut other[LAYOUT], number), number);
        sealed(&other)
    };
    insta::assert_snapshot!(told(&of_layout(3)), @"`<file>` was written anew: its layout is 3, and that of this version 4");
    insta::assert_snapshot!(told(&of_layout(200)), @"`<file>` was written anew: its layout is 200, and that of this version 4");
    // The content of the older layout behind it, which would make another data set if it was read.
    let mut content = of_layout(3)[..good.len() - 32].to_vec();
    content.truncate(content.len() - 40);
    insta::assert_snapshot!(told(&sealed(&content)), @"`<file>` was written anew: its layout is 3, and that of this version 4");
    // A right checksum of a wrong content.
    insta::assert_snapshot!(told(&sealed(&good[..good.len() - 40])), @"`<file>` was written anew: its content makes no data set, so it is damaged");
}

#[test]
fn a_folder_that_cannot_be_written_is_no_error() {
    let place = Place::new();
    let taken = place.folder.path().join("taken");
    fs::write(&taken, "a file").unwrap();
    let (data, used) = load(&place.archive, &all(), taken.join("cache")).unwrap();
    assert_eq!(data.train.len(), 3);
    let message = used.to_string();
    assert!(message.contains("encoded reviews could not be kept in"), "{message}");
    assert!(matches!(used, CacheUse::Unwritten { .. }));
}

#[test]
fn a_data_set_that_became_unreadable_is_an_error_in_spite_of_the_cache() {
    let place = Place::new();
    place.load(&all());
    fs::write(&place.archive, "no archive").unwrap();
    load(&place.archive, &all(), place.cache()).unwrap_err();
    fs::remove_file(&place.archive).unwrap();
    load(&place.archive, &all(), place.cache()).unwrap_err();
}

/// What is stored of a table with everything that is stored: whoever changes the layout, or how words are made, gives it another number
/// and the sum that is found here.
#[test]
fn another_layout_has_another_number() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("films.csv");
    fs::write(
        &table,
        "plot,genre\nThey kiss; it\u{2019}s war,war|love\n\"nothing, 3 times\",\n ,war\nthey go on,love\n",
    )
    .unwrap();
    let cache = folder.path().join("cache");
    load(&table, &LoadSpec::default(), &cache).unwrap();
    let file = fs::read_dir(&cache).unwrap().next().unwrap().unwrap().path();
    let bytes = fs::read(file).unwrap();
    let sum: String = Sha256::digest(&bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    assert_eq!((bytes[LAYOUT], &*sum), (4, "d7af770d3ecbb63a"));
}

/// Where the number of the layout is.
const LAYOUT: usize = 11;

/// Content with its right checksum.
fn sealed(content: &[u8]) -> Vec<u8> {
    [content, &Sha256::digest(content)].concat()
}

fn damaged_cache_gives_the_same_reviews(place: &Place, file: &Path, good: &Dataset, bytes: &[u8]) {
    fs::write(file, bytes).unwrap();
    let (data, _) = place.load(&all());
    assert_eq!(&data, good);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_damage_changes_what_is_loaded(place in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let archive = Place::new();
        let (good, _) = archive.load(&all());
        let file = archive.file();
        let mut bytes = fs::read(&file).unwrap();
        let at = place.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        damaged_cache_gives_the_same_reviews(&archive, &file, &good, &bytes);
    }

    /// Even with a right checksum, whatever the content: the data set's own checksum and sound parts are asked for too, so
    /// that no such file makes a panic.
    #[test]
    fn no_content_makes_a_panic(at in any::<prop::sample::Index>(), bytes in proptest::collection::vec(any::<u8>(), 1..9)) {
        let archive = Place::new();
        archive.load(&all());
        let file = archive.file();
        let content = fs::read(&file).unwrap();
        let mut content = content[..content.len() - 32].to_vec();
        let at = 12 + at.index(content.len() - 12);
        let end = (at + bytes.len()).min(content.len());
        content[at..end].copy_from_slice(&bytes[..end - at]);
        fs::write(&file, sealed(&content)).unwrap();
        let (data, _) = archive.load(&all());
        for review in data.train.ranks().iter() {
            prop_assert!(review.iter().all(|rank| *rank as usize <= data.vocabulary.len()));
        }
    }
}

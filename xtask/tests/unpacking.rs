//! Archives that would leave their folder, grow without end or break off: nothing of them is ever in place.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
};

use flate2::{Compression, write::GzEncoder};
use tar::{EntryType, Header};
use tempfile::TempDir;
use xtask::{
    fetch::{
        catalog::Archive,
        unpack::{Unpacked, unpack},
    },
    report,
};

/// A tar entry whose name is written as it is: the crate's own builder refuses evil ones.
fn entry(name: &str, kind: EntryType, content: &[u8]) -> Vec<u8> {
    let mut header = Header::new_ustar();
    header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_entry_type(kind);
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    if matches!(kind, EntryType::Symlink | EntryType::Link) {
        header.as_old_mut().linkname[..11].copy_from_slice(b"/etc/passwd");
    }
    header.set_cksum();
    let mut bytes = header.as_bytes().to_vec();
    bytes.extend_from_slice(content);
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    bytes
}

fn file(name: &str, content: &[u8]) -> Vec<u8> {
    entry(name, EntryType::Regular, content)
}

fn compressed(entries: &[Vec<u8>]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    for entry in entries {
        encoder.write_all(entry).expect("to memory");
    }
    encoder.write_all(&[0; 1024]).expect("to memory");
    encoder.finish().expect("to memory")
}

struct Case {
    folder: TempDir,
    archive: PathBuf,
}

impl Case {
    fn new(archive: &[u8]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        // One level down, so that `../evil` would land inside the test's own folder.
        let inner = folder.path().join("datasets");
        fs::create_dir(&inner).expect("make the folder");
        let path = inner.join("reviews.tar.gz");
        File::create(&path).and_then(|mut file| file.write_all(archive)).expect("write");
        Self { folder, archive: path }
    }

    fn unpack(&self) -> Result<Unpacked, String> {
        let bounds = Archive { folder: "aclImdb".into(), entries_at_most: 4, bytes_at_most: 10_000 };
        unpack(&self.archive, &bounds).map_err(|error| {
            report::chain(&error).replace(&self.folder.path().display().to_string(), "FOLDER")
        })
    }

    /// Everything below the test's folder.
    fn tree(&self) -> Vec<String> {
        fn walk(folder: &Path, below: &Path, tree: &mut Vec<String>) {
            for entry in fs::read_dir(folder).expect("list").flatten() {
                let path = entry.path();
                tree.push(path.strip_prefix(below).expect("below").display().to_string());
                if path.is_dir() {
                    walk(&path, below, tree);
                }
            }
        }
        let mut tree = Vec::new();
        walk(self.folder.path(), self.folder.path(), &mut tree);
        tree.sort();
        tree
    }
}

/// Unpacks and expects a refusal that leaves nothing.
#[track_caller]
fn refusal(archive: &[u8]) -> String {
    let case = Case::new(archive);
    let error = case.unpack().expect_err("a refusal");
    assert_eq!(case.tree(), ["datasets", "datasets/reviews.tar.gz"]);
    error
}

#[test]
fn an_archive_comes_into_place_whole() {
    let case = Case::new(&compressed(&[
        entry("./aclImdb/", EntryType::Directory, b""),
        file("./aclImdb/train/pos/0_9.txt", b"good"),
        file("aclImdb/README", b"read me"),
    ]));
    assert_eq!(case.unpack(), Ok(Unpacked::Files(2)));
    assert_eq!(
        fs::read(case.folder.path().join("datasets/aclImdb/train/pos/0_9.txt")).expect("read"),
        b"good"
    );
    assert_eq!(
        case.tree(),
        [
            "datasets",
            "datasets/aclImdb",
            "datasets/aclImdb/README",
            "datasets/aclImdb/train",
            "datasets/aclImdb/train/pos",
            "datasets/aclImdb/train/pos/0_9.txt",
            "datasets/reviews.tar.gz",
        ]
    );
    assert_eq!(case.unpack(), Ok(Unpacked::Already));
}

#[test]
fn an_entry_that_would_leave_the_folder_is_refused() {
    let good = file("aclImdb/a", b"a");
    let after_good = |evil: Vec<u8>| refusal(&compressed(&[good.clone(), evil]));
    insta::assert_snapshot!(after_good(file("../evil", b"x")), @"entry `../evil` is refused: its path has `..`, which would leave the folder");
    insta::assert_snapshot!(after_good(file("aclImdb/../../evil", b"x")), @"entry `aclImdb/../../evil` is refused: its path has `..`, which would leave the folder");
    insta::assert_snapshot!(after_good(file("/tmp/evil", b"x")), @"entry `/tmp/evil` is refused: its path is absolute");
    insta::assert_snapshot!(after_good(file("elsewhere/file", b"x")), @"entry `elsewhere/file` is refused: it is not in the archive's own folder");
    insta::assert_snapshot!(after_good(entry("aclImdb/out", EntryType::Symlink, b"")), @"entry `aclImdb/out` is refused: it is a link");
    insta::assert_snapshot!(after_good(entry("aclImdb/out", EntryType::Link, b"")), @"entry `aclImdb/out` is refused: it is a link");
    insta::assert_snapshot!(after_good(entry("aclImdb/null", EntryType::Char, b"")), @"entry `aclImdb/null` is refused: it is a device");
    insta::assert_snapshot!(after_good(file("aclImdb/a", b"again")), @"entry `aclImdb/a` is refused: it is there twice");
}

#[test]
fn an_archive_past_its_bounds_is_refused() {
    let entries: Vec<_> = (0..5).map(|number| file(&format!("aclImdb/{number}"), b"x")).collect();
    insta::assert_snapshot!(refusal(&compressed(&entries)), @"the archive has more than 4 entries, and no right one has more");
    insta::assert_snapshot!(refusal(&compressed(&[file("aclImdb/a", &[0; 10_001])])), @"the archive unpacks to more than 10000 bytes, and no right one has more");
    // A header that claims terabytes.
    let mut header = Header::new_ustar();
    header.set_path("aclImdb/a").expect("a short path");
    header.set_size(5 << 40);
    header.set_cksum();
    insta::assert_snapshot!(refusal(&compressed(&[header.as_bytes().to_vec()])), @"the archive unpacks to more than 10000 bytes, and no right one has more");
    // A long name that claims terabytes: it is not read past the bound.
    let mut header = Header::new_gnu();
    header.set_path("././@LongLink").expect("a short path");
    header.set_entry_type(EntryType::GNULongName);
    header.set_size(5 << 40);
    header.set_cksum();
    let error = refusal(&compressed(&[header.as_bytes().to_vec(), vec![b'x'; 9000]]));
    assert!(
        error.starts_with("`FOLDER/datasets/reviews.tar.gz` cannot be read as a gzipped tar archive"),
        "{error}"
    );
}

#[test]
fn a_broken_archive_is_refused() {
    let whole = compressed(&[file("aclImdb/a", &[b'a'; 5000]), file("aclImdb/b", b"b")]);
    insta::assert_snapshot!(refusal(&whole[..whole.len() / 2]), @"`FOLDER/datasets/reviews.tar.gz` cannot be read as a gzipped tar archive: incomplete deflate stream");
    insta::assert_snapshot!(refusal(b"<html>not an archive</html>"), @"`FOLDER/datasets/reviews.tar.gz` cannot be read as a gzipped tar archive: invalid gzip header");
    insta::assert_snapshot!(refusal(&compressed(&[])), @"the archive has no files");
}

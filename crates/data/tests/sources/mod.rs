//! Data sets for the tests, made in a folder of their own.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use flate2::{Compression, write::GzEncoder};
use tar::{Builder, EntryType, Header};

/// Reviews of both parts and classes, out of order, with files that hold none.
pub(crate) const ENTRIES: [(&str, &[u8]); 10] = [
    ("aclImdb/train/pos/10_9.txt", b"The tenth: a good film."),
    ("aclImdb/test/pos/0_10.txt", b"Good, good!<br />The plot"),
    ("aclImdb/README", b"no review \xff"),
    ("aclImdb/train/neg/3_1.txt", b"A bad film"),
    ("aclImdb/train/unsup/1_0.txt", b"Nobody knows"),
    ("aclImdb/train/pos/9_7.txt", b"A good plot, the ninth"),
    ("aclImdb/train/urls_pos.txt", b"http"),
    ("aclImdb/test/neg/5_3.txt", b"A very bad plot"),
    ("aclImdb/train/pos/._9_7.txt", b"\0\x05\x16\x07"),
    ("aclImdb/test/neg/11_3.txt", b"unheard"),
];

/// Writes a gzipped tar archive of these entries.
pub(crate) fn archive<B: AsRef<[u8]>>(
    folder: &Path,
    entries: impl IntoIterator<Item = (&'static str, B)>,
) -> PathBuf {
    let path = folder.join("aclImdb_v1.tar.gz");
    let mut tar = Builder::new(GzEncoder::new(File::create(&path).unwrap(), Compression::default()));
    for (name, content) in entries {
        append(&mut tar, name, EntryType::Regular, content.as_ref());
    }
    tar.into_inner().unwrap().finish().unwrap();
    path
}

/// Appends an entry under any name, also one that the builder itself would refuse.
pub(crate) fn append(tar: &mut Builder<impl std::io::Write>, name: &str, kind: EntryType, content: &[u8]) {
    let mut header = Header::new_gnu();
    header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_entry_type(kind);
    header.set_mode(0o644);
    header.set_size(content.len() as u64);
    header.set_cksum();
    tar.append(&header, content).unwrap();
}

/// Writes the entries as files below a folder.
#[allow(dead_code)] // each test that shares this module uses a part of it
pub(crate) fn folder<B: AsRef<[u8]>>(folder: &Path, entries: impl IntoIterator<Item = (&'static str, B)>) {
    for (name, content) in entries {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
}

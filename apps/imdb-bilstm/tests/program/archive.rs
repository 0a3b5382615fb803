//! Archives of reviews, right and wrong.
#![allow(dead_code)] // each test file uses its part

use flate2::{Compression, write::GzEncoder};
use tar::{Builder, Header};

/// A gzipped tar archive of these entries, under any names.
pub(crate) fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = Builder::new(GzEncoder::new(Vec::new(), Compression::default()));
    for (name, content) in entries {
        let mut header = Header::new_gnu();
        // The builder itself would refuse a name that leaves the folder.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_mode(0o644);
        header.set_size(content.len() as u64);
        header.set_cksum();
        tar.append(&header, *content).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap()
}

/// Enough reviews of both classes in both parts to train on.
pub(crate) fn good() -> Vec<(String, Vec<u8>)> {
    let mut entries = Vec::new();
    for part in ["train", "test"] {
        for i in 0..40 {
            let (text, praises) = crate::program::review(i + if part == "test" { 100 } else { 0 });
            let (folder, rating) = if praises { ("pos", 9) } else { ("neg", 2) };
            entries.push((format!("aclImdb/{part}/{folder}/{i}_{rating}.txt"), text.into_bytes()));
        }
    }
    entries
}

/// The same, and others, which come first.
pub(crate) fn with(others: &[(&str, &[u8])]) -> Vec<u8> {
    let good = good();
    let good = good.iter().map(|(name, content)| (name.as_str(), content.as_slice()));
    archive(&others.iter().copied().chain(good).collect::<Vec<_>>())
}

/// An archive of 80 reviews with a label and 30 without.
pub(crate) fn partly_labelled() -> Vec<u8> {
    let more: Vec<_> =
        (0..30).map(|i| (format!("aclImdb/train/unsup/{i}_0.txt"), crate::program::review(i).0)).collect();
    let more: Vec<_> = more.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    with(&more)
}

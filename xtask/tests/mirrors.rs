//! Mirror folders, files that stand already, and targets that cannot be written.

mod fixture;

use std::fs;

use fixture::{ARCHIVE, Fixture, text};
use xtask::fetch::Name;

const TABLE: &str = "Date,Open,High,Low,Close,Adj Close,Volume\n\
    2001-01-02,1,2,1,1,1,7\n2001-01-03,null,null,null,null,null,null\n2001-01-04,1,2,1,2,2,8\n";

/// A fixture with a mirror folder of these files.
fn mirrored(files: &[(&str, &[u8])]) -> (Fixture, String) {
    let fixture = Fixture::new("", "");
    let mirror = fixture.folder.path().join("mirror");
    fs::create_dir(&mirror).expect("make the mirror");
    for (name, content) in files {
        fs::write(mirror.join(name), content).expect("write");
    }
    (fixture, mirror.display().to_string())
}

#[test]
fn all_three_come_from_a_mirror_folder() {
    let (fixture, mirror) = mirrored(&[
        ("warpeace_input.txt", &text()),
        ("^DJI.csv", TABLE.as_bytes()),
        ("aclImdb_v1.tar.gz", ARCHIVE),
    ]);
    let (notes, outcome) = fixture.fetch(&Name::DATA, Some(&mirror));
    assert_eq!(outcome, Ok(()));
    insta::assert_snapshot!(notes, @r"
    text: A text (free)
      from FOLDER/mirror/warpeace_input.txt
    text: FOLDER/datasets/warpeace_input.txt is in place: the text, SHA-256 9eede68c48f64a4472eff7cbc7dd91f9f79dc61bb1825f54a5cfc4032d1dfa52
    prices: Prices (free)
      from FOLDER/mirror/^DJI.csv
    prices: FOLDER/datasets/^DJI.csv is in place: 2 rows with a close, 2001-01-02 to 2001-01-04; no checksum is known to compare, SHA-256 ff655a45dbd8e77ff52241ea7942a218d7ae5d97f26f804a7376f9dd7cb426a2
    reviews: Reviews (free)
      from FOLDER/mirror/aclImdb_v1.tar.gz
    reviews: FOLDER/datasets/aclImdb_v1.tar.gz is in place: the archive, SHA-256 f9484fc0736c69ff15813b6fd437dfbbe6074061a60e3d4cfc7c40c5f297bf0a
    ");
    let sizes =
        [("^DJI.csv", TABLE.len()), ("aclImdb_v1.tar.gz", ARCHIVE.len()), ("warpeace_input.txt", 200_000)];
    assert_eq!(fixture.files(), sizes.map(|(name, size)| (name.to_owned(), size as u64)));
}

#[test]
fn what_a_mirror_lacks_does_not_keep_the_rest_from_being_fetched() {
    let (fixture, mirror) = mirrored(&[("^DJI.csv", TABLE.as_bytes())]);
    let (_, outcome) = fixture.fetch(&Name::DATA, Some(&mirror));
    insta::assert_snapshot!(outcome.expect_err("two are missing"), @r"
    2 of 3 data sets could not be fetched
      text (warpeace_input.txt):
        FOLDER/mirror/warpeace_input.txt: there is no such file in the mirror
      reviews (aclImdb_v1.tar.gz):
        FOLDER/mirror/aclImdb_v1.tar.gz: there is no such file in the mirror
    remedy: put the right files into the mirror, name the sets that it has with `--only`, or leave out `--mirror` to fetch them from their homes
    ");
    assert_eq!(fixture.files(), [("^DJI.csv".to_owned(), TABLE.len() as u64)]);
}

#[test]
fn a_corrupt_file_is_not_put_in_place() {
    let mut corrupt = text();
    corrupt[100_000] ^= 1;
    let (fixture, mirror) = mirrored(&[
        ("warpeace_input.txt", &corrupt),
        ("^DJI.csv", &TABLE.as_bytes()[..70]),
        ("aclImdb_v1.tar.gz", &ARCHIVE[..20]),
    ]);
    let (_, outcome) = fixture.fetch(&Name::DATA, Some(&mirror));
    insta::assert_snapshot!(outcome.expect_err("all are corrupt"), @r"
    3 of 3 data sets could not be fetched
      text (warpeace_input.txt):
        FOLDER/mirror/warpeace_input.txt: the file is not the data set: checksum not known: 200000 bytes with SHA-256 436aa352388f9fd74b35fd583ceaffd2843a1df827e95b85d8499f24d3815c7d; expected 200000 bytes with SHA-256 9eede68c48f64a4472eff7cbc7dd91f9f79dc61bb1825f54a5cfc4032d1dfa52 (the text); nor is it right by its content: it has no line that says `WAR AND PEACE`, as an edition of Project Gutenberg has
      prices (^DJI.csv):
        FOLDER/mirror/^DJI.csv: the file is not the data set: checksum not known: 70 bytes with SHA-256 d08935905278a2166f649d2d05a67c5ad5d7ec2d191e484a81ba5824e91c2a40; nor is it right by its content: line 3 has 1 cells, expected 7
      reviews (aclImdb_v1.tar.gz):
        FOLDER/mirror/aclImdb_v1.tar.gz: the file is not the data set: checksum wrong: 20 bytes with SHA-256 efc054f125e69f7ad9ea7cf2523d91f9edc543e895079f6806a28214449fde98, perhaps cut short; expected 25 bytes with SHA-256 f9484fc0736c69ff15813b6fd437dfbbe6074061a60e3d4cfc7c40c5f297bf0a (the archive)
    remedy: put the right files into the mirror, name the sets that it has with `--only`, or leave out `--mirror` to fetch them from their homes
    ");
    assert_eq!(fixture.files(), []);
}

#[test]
fn a_file_above_the_limit_is_not_copied() {
    let (fixture, mirror) = mirrored(&[("aclImdb_v1.tar.gz", &[0; 300_001])]);
    let (_, outcome) = fixture.fetch(&[Name::Reviews], Some(&mirror));
    assert!(outcome.expect_err("too large").contains("more than 300000 bytes"));
    assert_eq!(fixture.files(), []);
}

#[test]
fn a_wrong_file_is_replaced_and_the_user_is_told() {
    let (fixture, mirror) = mirrored(&[("warpeace_input.txt", &text())]);
    fixture.put("warpeace_input.txt", b"It was a dark and stormy night");
    let (notes, outcome) = fixture.fetch(&[Name::Text], Some(&mirror));
    assert_eq!(outcome, Ok(()));
    insta::assert_snapshot!(notes, @r"
    text: FOLDER/datasets/warpeace_input.txt is there and is not the data set: checksum not known: 30 bytes with SHA-256 98f0d024a253615df40001fecf4b60062bca3672b6892e0da4baa419656bf9e4, perhaps cut short; expected 200000 bytes with SHA-256 9eede68c48f64a4472eff7cbc7dd91f9f79dc61bb1825f54a5cfc4032d1dfa52 (the text); nor is it right by its content: an edition has at least 40 bytes: this is not the whole work; it will be replaced once the right file has arrived
    text: A text (free)
      from FOLDER/mirror/warpeace_input.txt
    text: FOLDER/datasets/warpeace_input.txt is in place: the text, SHA-256 9eede68c48f64a4472eff7cbc7dd91f9f79dc61bb1825f54a5cfc4032d1dfa52
    ");
    assert!(fixture.read("warpeace_input.txt") == text());
}

#[test]
fn a_wrong_file_stays_when_the_right_one_cannot_be_had() {
    let (fixture, mirror) = mirrored(&[]);
    fixture.put("warpeace_input.txt", b"mine");
    let (_, outcome) = fixture.fetch(&[Name::Text], Some(&mirror));
    assert!(outcome.is_err());
    assert_eq!(fixture.read("warpeace_input.txt"), b"mine");
    assert_eq!(fixture.files().len(), 1);
}

#[test]
fn a_target_that_cannot_be_a_folder_is_an_error_with_its_path() {
    let (fixture, mirror) = mirrored(&[("warpeace_input.txt", &text())]);
    fs::write(fixture.target(), "a file").expect("write");
    let (_, outcome) = fixture.fetch(&[Name::Text], Some(&mirror));
    insta::assert_snapshot!(outcome.expect_err("not a folder"), @"could not make the folder `FOLDER/datasets`: File exists (os error 17)");
}

#[test]
fn a_folder_in_the_files_place_is_left_alone() {
    let (fixture, mirror) = mirrored(&[("warpeace_input.txt", &text())]);
    fs::create_dir_all(fixture.target().join("warpeace_input.txt")).expect("make the folder");
    let (_, outcome) = fixture.fetch(&[Name::Text], Some(&mirror));
    insta::assert_snapshot!(outcome.expect_err("a folder"), @r"
    1 of 1 data sets could not be fetched
      text (warpeace_input.txt):
        FOLDER/datasets/warpeace_input.txt: `FOLDER/datasets/warpeace_input.txt` is there and is not a file: move it away
    remedy: make room or give the right to write there, or name another folder with `--to DIR`
    ");
}

#[test]
fn a_folder_that_may_not_be_written_is_an_error_with_its_path() {
    let (fixture, mirror) = mirrored(&[("warpeace_input.txt", &text())]);
    fs::create_dir(fixture.target()).expect("make the folder");
    let mut rights = fs::metadata(fixture.target()).expect("its rights").permissions();
    rights.set_readonly(true);
    fs::set_permissions(fixture.target(), rights).expect("take the right to write");
    if fs::write(fixture.target().join("probe"), "").is_ok() {
        // The superuser may write everywhere: a folder in the way of the collecting file stands in.
        fs::remove_file(fixture.target().join("probe")).expect("remove");
        fs::create_dir(fixture.target().join("warpeace_input.txt.new")).expect("make a folder");
    }
    let (_, outcome) = fixture.fetch(&[Name::Text], Some(&mirror));
    let message = outcome.expect_err("no right to write");
    assert!(message.contains("could not write `FOLDER/datasets/warpeace_input.txt.new`: "), "{message}");
}

//! The figures of the film reviews, on a file that is not part of the project: run with
//! `RECURRENT_REVIEWS=aclImdb_v1.tar.gz cargo test -p recurrent-data -- --ignored --nocapture`.
#![allow(clippy::print_stdout)] // the figures are shown where they are asked for
#![cfg(feature = "reviews")]

use std::{path::PathBuf, time::Instant};

use recurrent_data::reviews::{
    CacheUse, Coding, Dataset, Label, LoadSpec, Part, ReadSpec, Unlabelled, WordsOf, load, read,
};

fn archive() -> PathBuf {
    std::env::var_os("RECURRENT_REVIEWS")
        .expect("RECURRENT_REVIEWS should name the archive or its folder")
        .into()
}

#[test]
#[ignore = "needs the film reviews; name their archive or folder in RECURRENT_REVIEWS"]
fn film_reviews_have_their_known_figures() {
    let start = Instant::now();
    let corpus = read(archive(), &ReadSpec::default()).unwrap();
    let read_s = start.elapsed().as_secs_f64();
    assert_eq!((corpus.train.len(), corpus.test.len(), corpus.unlabelled.len()), (25_000, 25_000, 0));
    assert!(corpus.notes.is_empty(), "{:?}", corpus.notes);
    let data = Dataset::new(corpus, WordsOf::Train).unwrap();
    let seconds = start.elapsed().as_secs_f64();
    println!("read in {read_s:.3} s, and tokenised and encoded in {seconds:.3} s");

    assert_eq!((data.words(Part::Train), data.words(Part::Test)), (5_840_695, 5_708_051));
    let vocabulary = &data.vocabulary;
    assert_eq!(vocabulary.len(), 88_074);
    let top: Vec<_> =
        (1..=3).map(|rank| (vocabulary.word(rank).unwrap(), vocabulary.count(rank).unwrap())).collect();
    assert_eq!(top, [("the", 336_145), ("and", 164_106), ("a", 163_031)]);
    for reviews in [&data.train, &data.test] {
        let positive = reviews.labels().iter().filter(|label| **label == Label::POSITIVE).count();
        assert_eq!(positive, 12_500);
    }

    let indices = Coding::default().encode_all(data.train.ranks());
    assert_eq!(indices.iter().filter(|review| review.len() > 200).count(), 10_436);
    assert!(indices.iter().all(|review| review[0] == 1 && review.iter().all(|index| *index < 5000)));
    assert!(seconds < 10.0, "reading and encoding took {seconds} s");
}

#[test]
#[ignore = "needs the film reviews; name their archive or folder in RECURRENT_REVIEWS"]
fn a_second_start_takes_the_encoded_reviews_from_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let timed = |spec: &LoadSpec| {
        let start = Instant::now();
        let (data, used) = load(archive(), spec, folder.path()).unwrap();
        let seconds = start.elapsed().as_secs_f64();
        println!("{seconds:.3} s: {used}");
        (data, used, seconds)
    };
    for unlabelled in [Unlabelled::Skip, Unlabelled::Read] {
        let spec = LoadSpec { read: ReadSpec { unlabelled, ..ReadSpec::default() }, ..LoadSpec::default() };
        let (cold, used, _) = timed(&spec);
        assert!(matches!(used, CacheUse::Written(_)), "{used}");
        let unlabelled = if unlabelled == Unlabelled::Read { 50_000 } else { 0 };
        assert_eq!(cold.unlabelled.len(), unlabelled);
        for _ in 0..3 {
            let (warm, used, _) = timed(&spec);
            assert!(matches!(used, CacheUse::Taken(_)), "{used}");
            assert!(warm == cold, "the cached reviews differ");
        }
    }
    let best = (0..3).map(|_| timed(&LoadSpec::default()).2).fold(f64::INFINITY, f64::min);
    // A folder's files are all read to see whether one changed.
    assert!(best < 0.5 || archive().is_dir(), "a second start took {best} s");
    for file in std::fs::read_dir(folder.path()).unwrap() {
        println!("{} bytes", file.unwrap().metadata().unwrap().len());
    }
}

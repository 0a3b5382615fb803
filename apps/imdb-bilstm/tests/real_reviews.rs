//! NB-SVM on the film reviews, which are not part of the project: run with
//! `RECURRENT_REVIEWS=aclImdb_v1.tar.gz cargo test -p imdb-bilstm --test real_reviews -- --ignored --nocapture`.
#![allow(clippy::print_stdout)] // the figures are shown where they are asked for

use std::time::Instant;

use recurrent_data::reviews::{Dataset, Encoded, Label, ReadSpec, WordsOf, read};
use recurrent_linear::{NbSvm, NbSvmSpec};
use recurrent_metrics::classification::Confusion;

#[test]
#[ignore = "needs the film reviews; name their archive or folder in RECURRENT_REVIEWS"]
fn the_baseline_is_as_good_as_published() {
    let path = std::env::var_os("RECURRENT_REVIEWS").expect("RECURRENT_REVIEWS should name the archive");
    let data = Dataset::new(read(path, &ReadSpec::default()).unwrap(), WordsOf::Train).unwrap();
    let words = |part: &Encoded| -> Vec<Vec<u32>> { part.ranks().iter().map(<[u32]>::to_vec).collect() };
    let (train, test) = (words(&data.train), words(&data.test));
    let [train, test] = [&train, &test].map(|part| part.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let [of_train, of_test] = [&data.train, &data.test]
        .map(|part| part.labels().iter().map(|label| *label == Label::POSITIVE).collect::<Vec<bool>>());
    // For words alone, LIBLINEAR on the same features (scikit-learn 1.9.1, `LinearSVC(C=1, tol=0.1, fit_intercept=False)`).
    // With pairs, Wang and Manning 2012; with triples, Mesnil et al. 2014, by a logistic regression. They keep punctuation
    // marks as words.
    for (grams, expected, within) in [(1, 0.8675, 0.001), (2, 0.9122, 0.006), (3, 0.9187, 0.003)] {
        let start = Instant::now();
        let model = NbSvm::fit(&train, &of_train, NbSvmSpec { words: grams, ..NbSvmSpec::default() });
        let fitted = start.elapsed().as_secs_f64();
        let accuracy = Confusion::of(&model.scores(&test), &of_test).accuracy();
        let n = model.features();
        println!(
            "up to {grams} words: accuracy {accuracy:.4} (expected: {expected}), {n} n-grams, fitted in {fitted:.1} s"
        );
        assert!((accuracy - expected).abs() < within, "{accuracy}, expected: {expected}");
        assert!(fitted < 60.0, "{fitted} s");
    }
}

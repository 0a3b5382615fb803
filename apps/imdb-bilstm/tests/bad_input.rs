//! What the program says of reviews, runs and options that it cannot use.

#[path = "program/archive.rs"]
mod archive;
mod program;

use std::fs;

use archive::{good, with};
use insta::assert_snapshot;
use program::{place, review, small, table, with_reviews};

#[test]
fn archives_that_cannot_be_read() {
    let place = place();
    let complaint = |name: &str, bytes: &[u8]| {
        place.write(name, bytes);
        place.complaint(&format!("train --data {name} --quiet"))
    };
    let whole = with(&[]);
    assert_snapshot!(complaint("cut.tar.gz", &whole[..whole.len() / 2]), @"error: `<dir>/cut.tar.gz`: the archive is cut short; get the whole file again");
    assert_snapshot!(complaint("leaves.tar.gz", &with(&[("../train/pos/1_9.txt", b"A film.")])), @"error: `<dir>/leaves.tar.gz`: `../train/pos/1_9.txt` leaves the archive's folder, as no path of a right archive does; get the archive from its home");
    assert_snapshot!(complaint("latin.tar.gz", &with(&[("aclImdb/train/pos/99_9.txt", b"Caf\xe9")])), @r"
    error: `<dir>/latin.tar.gz`: `aclImdb/train/pos/99_9.txt` is no text: line 1: byte 0xe9 is not UTF-8; the text is likely to be windows-1252
      try `--encoding windows-1252`
    ");
    let one: Vec<_> = good().into_iter().filter(|(name, _)| !name.contains("train/neg")).collect();
    let one: Vec<_> = one.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    assert_snapshot!(complaint("one.tar.gz", &archive::archive(&one)), @"error: `<dir>/one.tar.gz`: every training review is positive (20 in all), and nothing is learnt from one class alone; add reviews that are negative");
    assert_snapshot!(complaint("none.tar.gz", &archive::archive(&[("aclImdb/README", b"no review")])), @"error: `<dir>/none.tar.gz`: holds no review; expected files such as `aclImdb/train/pos/0_9.txt`, in the folders `pos` and `neg` of `train` and `test`");
    assert_snapshot!(complaint("no.tar.gz", b"no archive at all"), @"error: `<dir>/no.tar.gz`: cannot be read as a gzipped tar archive: invalid gzip header; get the file again");
    assert_snapshot!(place.complaint("train --data no.tar.gz --data none.tar.gz --quiet"), @"error: `--data` names 2 files or folders, and one is read here; name one of them");
    assert_snapshot!(place.complaint("train --data missing.tar.gz --quiet"), @"error: `<dir>/missing.tar.gz`: no such file or folder; check the path");
    assert!(!place.path("runs").exists(), "nothing is left behind");
}

#[test]
fn an_empty_review_is_left_out_and_told() {
    let place = place();
    place.write("reviews.tar.gz", with(&[("aclImdb/train/pos/77_9.txt", b" \n")]));
    let said = place.succeed(&format!("train {}", small("--data reviews.tar.gz --run run --max-steps 1")));
    let note = said.err.lines().find(|line| line.starts_with("note:")).unwrap_or_default();
    assert_snapshot!(note, @"note: 1 review without text was left out: aclImdb/train/pos/77_9.txt");
    assert_eq!(place.json("run/summary.json")["data"]["test"], 40);
}

#[test]
fn tables_that_cannot_be_read() {
    let place = place();
    let complaint = |name: &str, text: &str| {
        place.write(name, text);
        place.complaint(&format!("train --data {name} --quiet"))
    };
    assert_snapshot!(complaint("columns.csv", "review,sentiment\nA film.,1\n"), @"error: `<dir>/columns.csv`: every training review is positive (1 in all), and nothing is learnt from one class alone; add reviews that are negative");
    assert_snapshot!(complaint("labels.csv", "text,label\nA film.,1\nA film.,2\n"), @"error: `<dir>/labels.csv`: a test fraction of 0.2 leaves none of the 1 negative reviews on one side; use more reviews or another fraction");
    assert_snapshot!(complaint("class.csv", "text,label\nA film.,1\nA plot.,1\n"), @"error: `<dir>/class.csv`: every training review is positive (2 in all), and nothing is learnt from one class alone; add reviews that are negative");
    assert_snapshot!(complaint("words.csv", "text,label\n!!!,1\n...,0\n"), @"error: `words.csv`: there is no word; a vocabulary needs at least 1");
    assert_snapshot!(complaint("few.csv", "text,label\nA film.,1\nA plot.,0\n"), @"error: `<dir>/few.csv`: a test fraction of 0.2 leaves none of the 1 negative reviews on one side; use more reviews or another fraction");
    assert_snapshot!(complaint("empty.csv", ""), @"error: `<dir>/empty.csv`: the file is empty; name one with reviews in it");
    assert_snapshot!(complaint("reviews.txt", "A film."), @"error: `<dir>/reviews.txt`: has one column and no more, `A film.`; expected one of texts and one of labels, parted by commas, tabs or semicolons");
    assert!(!place.path("runs").exists(), "nothing is left behind");
}

#[test]
fn options_that_are_wrong() {
    let place = with_reviews();
    assert_snapshot!(place.complaint("--data reviews.csv --num-words 10 --skip-top 10 --quiet"), @"error: num_words is 10 and skip_top 10, so that no word is left; choose num_words above skip_top, such as 5000 and 10");
    assert_snapshot!(place.complaint("--data reviews.csv --num-words 4 --skip-top 0 --quiet"), @"error: num_words is 4, but the first word has index 4; choose at least 5");
    assert_snapshot!(place.wrong_usage("--preset worst"), @"error: invalid value 'worst' for '--preset <NAME>'");
    assert_snapshot!(place.wrong_usage("--length 0"), @"error: invalid value '0' for '--length <N>': expected a whole number from 1 to 100000");
    assert_snapshot!(place.wrong_usage("--pooling first"), @"error: invalid value 'first' for '--pooling <LIST>'");
    assert_snapshot!(place.wrong_usage("--padding middle"), @"error: invalid value 'middle' for '--padding <pre|post>'");
    assert_snapshot!(place.wrong_usage("--bucket 0"), @"error: invalid value '0' for '--bucket <N>': expected a whole number from 1 to 1000000");
    assert_snapshot!(place.wrong_usage("--dropout 1"), @"error: invalid value '1' for '--dropout <X>': expected a number from 0 up to, but not including, 1");
    assert_snapshot!(place.wrong_usage("--data demo --unlabelled"), @"error: `--unlabelled` has no meaning here: the demo reviews all have a label; fetch real ones with `cargo xtask fetch-data --only reviews`");
    assert_snapshot!(place.wrong_usage("--data demo --test-fraction 0.5 --quiet"), @"error: `--test-fraction` has no meaning here: the reviews have a test part of their own");
    assert_snapshot!(place.wrong_usage("--data demo --text-column x"), @"error: `--text-column` has no meaning here: the demo reviews are not in a table");
    assert_snapshot!(place.wrong_usage("--test-fraction 0"), @"error: invalid value '0' for '--test-fraction <X>': expected a number above 0 and below 1");
    place.succeed(&format!("train {}", small("--run run --pretrain-epochs 0 --max-steps 1 --quiet")));
    assert_snapshot!(place.wrong_usage("--resume run --hidden 5"), @"error: the argument '--resume <DIR>' cannot be used with '--hidden <N>'");
    assert_snapshot!(place.wrong_usage("train --resume run --text-column x"), @"error: the argument '--resume <DIR>' cannot be used with '--text-column <NAME>', which the run has already");
    assert_snapshot!(place.wrong_usage("classify --run run"), @"error: the following required arguments were not provided:");
    assert_snapshot!(place.wrong_usage("classify --run run text --file reviews.csv"), @"error: the argument '[TEXT]' cannot be used with '--file <PATH>'");
    assert_snapshot!(place.wrong_usage("classify text"), @"error: the following required arguments were not provided:");
    assert_snapshot!(place.wrong_usage("evaluate --run gone"), @"error: invalid value 'gone' for '--run <RUN>': there is no such folder or file; a run is the folder that training wrote, such as runs/NAME, or the model.safetensors in it");
    place.write("weights.safetensors", "no model");
    assert_snapshot!(place.complaint("classify --run weights.safetensors good"), @"error: weights.safetensors: is no whole safetensors file: its header claims 7810759558478983022 bytes, and the file has 8; take a whole copy of the file, or train again");
}

#[test]
fn models_and_files_that_do_not_fit() {
    let place = with_reviews();
    place.succeed(&format!("train {}", small("--run run --pretrain-epochs 0 --max-steps 3 --quiet")));
    let stacking = fs::read(place.path("run/stacking.safetensors")).unwrap();
    place.write("run/stacking.safetensors", &stacking[..1000]);
    assert_snapshot!(place.complaint("classify --run run good"), @"error: run/stacking.safetensors: has 1000 bytes, expected 16777440; take a whole copy of the file, or train again");
    fs::remove_file(place.path("run/stacking.safetensors")).unwrap();
    assert_snapshot!(place.complaint("classify --run run good"), @"error: run/stacking.safetensors: is missing; take a whole copy of the file, or train again");
    place.write("run/stacking.safetensors", stacking);
    let vocabulary = fs::read_to_string(place.path("run/vocabulary.json")).unwrap();
    place.write("run/vocabulary.json", vocabulary.replace("film", "movie"));
    assert_snapshot!(place.complaint("classify --run run good"), @"error: run/vocabulary.json: is not the vocabulary that the run was trained with, so its weights have no meaning; start a new run");
    fs::remove_file(place.path("run/vocabulary.json")).unwrap();
    assert_snapshot!(place.complaint("classify --run run good"), @r"
    error: cannot read run/vocabulary.json
      because No such file or directory (os error 2)
    ");
    // Going on writes it again.
    place.succeed("train --resume run --max-steps 4 --quiet");
    place.succeed("classify --run run good");

    let config = fs::read_to_string(place.path("run/config.json")).unwrap();
    place.write("run/config.json", config.replace("\"length\": 24", "\"length\": 0"));
    assert_snapshot!(place.complaint("classify --run run good"), @"error: run/config.json: `length` is 0, expected a whole number from 1 to 100000; correct it, or start a new run");
    place.write("run/config.json", config.replace("\"skip_top\": 0", "\"skip_top\": 99"));
    assert_snapshot!(place.complaint("classify --run run good"), @"error: run/config.json: does not hold a run's settings: num_words is 60 and skip_top 99, so that no word is left; choose num_words above skip_top, such as 5000 and 10; start a new run");
    place.write("run/config.json", config);

    // As many reviews, so that nothing but the content tells.
    place.write("reviews.csv", table(200).replacen(&review(0).0, "Another.", 1));
    assert_snapshot!(program_tests::without_hashes(&place.complaint("train --resume run --epochs 9 --quiet")), @"error: reviews.csv: not the data that the run began with: its SHA-256 is <hash>…, expected <hash>…; name the old data with `--data`, or start a new run");
    assert_snapshot!(program_tests::without_hashes(&place.complaint("evaluate --run run --quiet")), @"error: reviews.csv: not the data that the run began with: its SHA-256 is <hash>…, expected <hash>…; name the old data with `--data`, or start a new run");
    fs::remove_file(place.path("reviews.csv")).unwrap();
    assert_snapshot!(place.complaint("evaluate --run run"), @"error: the run's data, `<dir>/reviews.csv`, is no longer there; name its new place with `--data`");
}

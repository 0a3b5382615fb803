//! What the program says of a run whose files are not as they were written.

mod program;

use std::fs;

use insta::assert_snapshot;
use program::{Place, place, small, without_hashes};

/// A finished run.
fn finished() -> Place {
    let place = place();
    place.succeed(&format!("train {}", small("--run run --seed 1 --quiet")));
    place
}

/// The checksums, and so the weights, differ between processors, and so do the losses in file names.
fn plain(text: &str) -> String {
    let named = |word: &str| {
        let start = word.find("weights_epoch")?;
        let end = [".json", ".safetensors"].iter().find_map(|ending| word.find(ending))?;
        Some(format!("{}<weights>{}", &word[..start], &word[end..]))
    };
    let text = without_hashes(text);
    let words = text.split(' ').map(|word| named(word).unwrap_or_else(|| word.to_owned()));
    words.collect::<Vec<_>>().join(" ")
}

/// The complaints of `evaluate` and of going on, once a file of the run is changed.
fn complaints(file: &str, change: impl Fn(&mut Vec<u8>)) -> String {
    let place = finished();
    let (weights, _) = place.weights("run");
    let path = place.path("run").join(file.replace("WEIGHTS", weights.trim_end_matches(".safetensors")));
    let mut bytes = fs::read(&path).unwrap();
    change(&mut bytes);
    fs::write(&path, bytes).unwrap();
    let said = ["evaluate --run run --quiet", "train --resume run --epochs 4 --quiet"].map(|line| {
        let said = place.run(line);
        let text = if said.code == Some(0) { "works\n".to_owned() } else { said.err };
        format!("{}: {text}", line.split(' ').next().unwrap())
    });
    plain(&said.concat())
}

/// The first eight bytes of a safetensors file are the length of its header.
#[allow(clippy::ptr_arg)] // as all that damages a file
fn claim_terabytes(bytes: &mut Vec<u8>) {
    bytes[..8].copy_from_slice(&(1u64 << 42).to_le_bytes());
}

#[test]
fn weights() {
    let file = "checkpoints/WEIGHTS.safetensors";
    assert_snapshot!(complaints(file, |bytes| bytes.truncate(100)), @r"
    evaluate: error: run/checkpoints/<weights>.safetensors: has 100 bytes, expected 676; take a whole copy of the file, or train again
    train: error: run/checkpoints/<weights>.safetensors: has 100 bytes, expected 676; take a whole copy of the file, or train again
    ");
    assert_snapshot!(complaints(file, Vec::clear), @r"
    evaluate: error: run/checkpoints/<weights>.safetensors: has 0 bytes, expected 676; take a whole copy of the file, or train again
    train: error: run/checkpoints/<weights>.safetensors: has 0 bytes, expected 676; take a whole copy of the file, or train again
    ");
    assert_snapshot!(complaints(file, |bytes| *bytes.last_mut().unwrap() ^= 1), @r"
    evaluate: error: run/checkpoints/<weights>.safetensors: was changed after it was written: its SHA-256 is <hash>…, expected <hash>…; take a whole copy of the file, or train again
    train: error: run/checkpoints/<weights>.safetensors: was changed after it was written: its SHA-256 is <hash>…, expected <hash>…; take a whole copy of the file, or train again
    ");
    assert_snapshot!(complaints(file, claim_terabytes), @r"
    evaluate: error: run/checkpoints/<weights>.safetensors: was changed after it was written: its SHA-256 is <hash>…, expected <hash>…; take a whole copy of the file, or train again
    train: error: run/checkpoints/<weights>.safetensors: was changed after it was written: its SHA-256 is <hash>…, expected <hash>…; take a whole copy of the file, or train again
    ");
}

#[test]
fn the_description_of_the_weights() {
    let file = "checkpoints/WEIGHTS.json";
    assert_snapshot!(complaints(file, |bytes| bytes.truncate(100)), @r"
    evaluate: error: run/checkpoints/<weights>.json: is damaged or cut short: its checksum is missing; take a whole copy of the file, or train again
    train: error: run/checkpoints/<weights>.json: is damaged or cut short: its checksum is missing; take a whole copy of the file, or train again
    ");
    assert_snapshot!(complaints(file, |bytes| bytes[40] ^= 1), @r"
    evaluate: error: run/checkpoints/<weights>.json: was changed after it was written: its checksum is <hash>…, expected <hash>…; take a whole copy of the file, or train again
    train: error: run/checkpoints/<weights>.json: was changed after it was written: its checksum is <hash>…, expected <hash>…; take a whole copy of the file, or train again
    ");
}

#[test]
fn the_state() {
    let file = "checkpoints/state-18.safetensors";
    assert_snapshot!(complaints(file, |bytes| bytes.truncate(100)), @r"
    evaluate: works
    train: error: run/checkpoints/state-18.safetensors: has 100 bytes, expected 1488; take a whole copy of the file, or train again
    ");
    assert_snapshot!(complaints(file, |bytes| *bytes.last_mut().unwrap() ^= 1), @r"
    evaluate: works
    train: error: run/checkpoints/state-18.safetensors: was changed after it was written: its SHA-256 is <hash>…, expected <hash>…; take a whole copy of the file, or train again
    ");
    assert_snapshot!(complaints(file, claim_terabytes), @r"
    evaluate: works
    train: error: run/checkpoints/state-18.safetensors: was changed after it was written: its SHA-256 is <hash>…, expected <hash>…; take a whole copy of the file, or train again
    ");
}

#[test]
fn what_says_which_checkpoint_is_the_last() {
    let file = "checkpoints/last.json";
    assert_snapshot!(complaints(file, |bytes| bytes.truncate(100)), @r"
    evaluate: error: run/checkpoints/last.json: is damaged or cut short: its checksum is missing; the run cannot be continued from it; start a new run
    train: error: run/checkpoints/last.json: is damaged or cut short: its checksum is missing; the run cannot be continued from it; start a new run
    ");
    assert_snapshot!(complaints(file, |bytes| bytes[40] ^= 1), @r"
    evaluate: error: run/checkpoints/last.json: was changed after it was written: its checksum is <hash>…, expected <hash>…; the run cannot be continued from it; start a new run
    train: error: run/checkpoints/last.json: was changed after it was written: its checksum is <hash>…, expected <hash>…; the run cannot be continued from it; start a new run
    ");
    assert_snapshot!(complaints(file, Vec::clear), @r"
    evaluate: error: run/checkpoints/last.json: is damaged or cut short: its checksum is missing; the run cannot be continued from it; start a new run
    train: error: run/checkpoints/last.json: is damaged or cut short: its checksum is missing; the run cannot be continued from it; start a new run
    ");
}

#[test]
fn the_settings() {
    let replace = |from: &'static str, to: &'static str| {
        complaints("config.json", move |bytes| {
            let text = String::from_utf8(bytes.clone()).unwrap();
            assert!(text.contains(from), "no `{from}` in\n{text}");
            *bytes = text.replace(from, to).into_bytes();
        })
    };
    assert_snapshot!(complaints("config.json", |bytes| bytes.truncate(100)), @r"
    evaluate: error: run/config.json: does not hold a run's settings: EOF while parsing a value at line 6 column 14; start a new run
    train: error: run/config.json: does not hold a run's settings: EOF while parsing a value at line 6 column 14; start a new run
    ");
    assert_snapshot!(complaints("config.json", Vec::clear), @r"
    evaluate: error: run/config.json: does not hold a run's settings: EOF while parsing a value at line 1 column 0; start a new run
    train: error: run/config.json: does not hold a run's settings: EOF while parsing a value at line 1 column 0; start a new run
    ");
    assert_snapshot!(replace("\"preset\": \"chapter\"", "\"preset\": \"worst\""), @r"
    evaluate: error: run/config.json: does not hold a run's settings: unknown variant `worst`, expected one of `chapter`, `best`, `risk`; start a new run
    train: error: run/config.json: does not hold a run's settings: unknown variant `worst`, expected one of `chapter`, `best`, `risk`; start a new run
    ");
    assert_snapshot!(replace("\"batch_size\"", "\"batchsize\""), @r#"
evaluate: error: run/config.json: does not hold a run's settings: unknown field `batchsize`, expected one of `preset`, `origin`, `reading`, `windows`, `fractions`, `model`, `batch_size`, `schedule`, `warmup`, `train`, `learnt`, `way`; start a new run
train: error: run/config.json: does not hold a run's settings: unknown field `batchsize`, expected one of `preset`, `origin`, `reading`, `windows`, `fractions`, `model`, `batch_size`, `schedule`, `warmup`, `train`, `learnt`, `way`; start a new run
"#);
    assert_snapshot!(replace("\"hidden\": 4", "\"hidden\": 0"), @r"
    evaluate: error: run/config.json: `hidden` is 0, expected a whole number from 1 to 16384; correct it, or start a new run
    train: error: run/config.json: `hidden` is 0, expected a whole number from 1 to 16384; correct it, or start a new run
    ");
    assert_snapshot!(replace("\"hidden\": 4", "\"hidden\": 100000000000"), @r"
    evaluate: error: run/config.json: `hidden` is 100000000000, expected a whole number from 1 to 16384; correct it, or start a new run
    train: error: run/config.json: `hidden` is 100000000000, expected a whole number from 1 to 16384; correct it, or start a new run
    ");
    assert_snapshot!(replace("\"layers\": 1", "\"layers\": 0"), @r"
    evaluate: error: run/config.json: `layers` is 0, expected a whole number from 1 to 64; correct it, or start a new run
    train: error: run/config.json: `layers` is 0, expected a whole number from 1 to 64; correct it, or start a new run
    ");
    assert_snapshot!(replace("\"dropout\": 0.0", "\"dropout\": 1.0"), @r"
    evaluate: error: run/config.json: `dropout` is 1, expected a number from 0 up to, but not including, 1; correct it, or start a new run
    train: error: run/config.json: `dropout` is 1, expected a number from 0 up to, but not including, 1; correct it, or start a new run
    ");
    assert_snapshot!(replace("\"batch_size\": 500", "\"batch_size\": 0"), @r"
    evaluate: error: run/config.json: `batch_size` is 0, expected a whole number from 1 to 1000000; correct it, or start a new run
    train: error: run/config.json: `batch_size` is 0, expected a whole number from 1 to 1000000; correct it, or start a new run
    ");
    assert_snapshot!(replace("\"window\": 10", "\"window\": 1"), @r"
    evaluate: error: the demo data: a window of 1 cannot be used; choose 2 or more steps, because one step divided by the window's last price is always 1
    train: error: the demo data: a window of 1 cannot be used; choose 2 or more steps, because one step divided by the window's last price is always 1
    ");
    assert_snapshot!(replace("\"hidden\": 4", "\"hidden\": 5"), @r#"
    evaluate: error: run/checkpoints/<weights>.safetensors: holds another model (stock-gru: {"hidden":4,"layers":1,"reset":"before","dropout":0.0,"output":"price"}): parameter `kernel` has shape [4, 1], expected [5, 1], parameter `layers.layers.0.bias` has shape [1, 12], expected [1, 15], parameter `layers.layers.0.kernel` has shape [1, 12], expected [1, 15], and 1 more; load it with the settings it was trained with
    train: error: run/checkpoints/state-18.safetensors: is of another model: parameter `kernel` has shape [4, 1], expected [5, 1], parameter `layers.layers.0.bias` has shape [1, 12], expected [1, 15], parameter `layers.layers.0.kernel` has shape [1, 12], expected [1, 15], and 1 more; continue the run with the settings it was begun with
    "#);
    assert_snapshot!(replace("\"learning_rate\": 0.0006", "\"learning_rate\": 0.0007"), @r"
    evaluate: works
    train: error: run: cannot be continued with other settings: learning_rate was 0.0006 and is now 0.0007; continue it with its own, or start a new run
    ");
}

#[test]
fn metrics_that_were_cut_hinder_no_run() {
    let place = finished();
    place.succeed(&format!("train {}", small("--run long --epochs 4 --seed 1 --quiet")));
    let path = place.path("run/metrics.jsonl");
    let metrics = fs::read(&path).unwrap();
    fs::write(&path, &metrics[..metrics.len() - 10]).unwrap();
    place.succeed("train --resume run --epochs 4 --quiet");
    // The record that was cut is lost, and no other.
    let mut epochs = place.epochs("long");
    epochs.remove(2);
    assert_eq!(place.epochs("run"), epochs);
    assert_eq!(place.figures("run"), place.figures("long"));
    assert!(place.weights("run") == place.weights("long"));

    place.write("run/metrics.jsonl", "{\"a\":\n{}\n");
    assert_snapshot!(place.complaint("plot --run run --quiet"), @"error: run/metrics.jsonl: line 1, column 5: expected a record of a step or an epoch: EOF while parsing a value; remove that line to go on without it");
}

#[test]
fn weights_of_another_model() {
    let place = finished();
    place.succeed(&format!("train {}", small("--run other --seed 1 --quiet --hidden 5")));
    let (name, _) = place.weights("run");
    let (other, _) = place.weights("other");
    for ending in ["safetensors", "json"] {
        let file = |run: &str, name: &str| {
            place.path(run).join("checkpoints").join(name.replace("safetensors", ending))
        };
        fs::copy(file("other", &other), file("run", &name)).unwrap();
    }
    assert_snapshot!(plain(&place.complaint("evaluate --run run --quiet")), @r#"error: run/checkpoints/<weights>.safetensors: holds another model (stock-gru: {"hidden":5,"layers":1,"reset":"before","dropout":0.0,"output":"price"}): parameter `kernel` has shape [5, 1], expected [4, 1], parameter `layers.layers.0.bias` has shape [1, 15], expected [1, 12], parameter `layers.layers.0.kernel` has shape [1, 15], expected [1, 12], and 1 more; load it with the settings it was trained with"#);
    assert_snapshot!(plain(&place.complaint("train --resume run --epochs 4 --quiet")), @r#"error: run/checkpoints/<weights>.safetensors: holds another model (stock-gru: {"hidden":5,"layers":1,"reset":"before","dropout":0.0,"output":"price"}): parameter `kernel` has shape [5, 1], expected [4, 1], parameter `layers.layers.0.bias` has shape [1, 15], expected [1, 12], parameter `layers.layers.0.kernel` has shape [1, 15], expected [1, 12], and 1 more; load it with the settings it was trained with"#);
    fs::copy(
        place.path("other/checkpoints/state-18.safetensors"),
        place.path("run/checkpoints/state-18.safetensors"),
    )
    .unwrap();
    assert_snapshot!(plain(&place.complaint("train --resume run --epochs 4 --quiet")), @"error: run/checkpoints/state-18.safetensors: has 1760 bytes, expected 1488; take a whole copy of the file, or train again");
}

#[test]
fn files_that_are_gone() {
    let place = finished();
    let (name, _) = place.weights("run");
    fs::remove_file(place.path("run/checkpoints").join(&name)).unwrap();
    assert_snapshot!(plain(&place.complaint("evaluate --run run --quiet")), @"error: run/checkpoints/<weights>.safetensors: is missing; take a whole copy of the file, or train again");
    fs::remove_file(place.path("run/checkpoints/state-18.safetensors")).unwrap();
    assert_snapshot!(plain(&place.complaint("train --resume run --epochs 4 --quiet")), @"error: run/checkpoints/state-18.safetensors: is missing; take a whole copy of the file, or train again");
    fs::remove_file(place.path("run/checkpoints/last.json")).unwrap();
    assert_snapshot!(place.complaint("evaluate --run run --quiet"), @r"
    error: run: holds no weights yet; continue the run to its first whole epoch
      try `--resume DIR` to continue it
    ");
}

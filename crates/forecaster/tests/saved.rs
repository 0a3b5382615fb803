//! A model on the disk: what is written, what is read back, and what is said of files that are not as they were.

mod support;

use std::fs;
use std::path::Path;

use insta::assert_snapshot;
use recurrent_forecaster::{Error, Forecaster};
use recurrent_train::ModelFile;
use support::{run, settings, table, trained};

fn days(forecaster: &Forecaster) -> Vec<recurrent_forecaster::Day> {
    forecaster.forecast(&table(), 7, 0.8).unwrap()
}

/// The message of a model that must not load, without the folder and the checksums.
fn complaint(folder: &Path, path: &str) -> String {
    let text = Forecaster::load(folder.join(path)).unwrap_err().to_string();
    let words = text.split(' ').map(|word| match word.find('…') {
        Some(end) => format!("<hash>{}", &word[end..]),
        None => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ").replace(&*folder.to_string_lossy(), "<dir>")
}

#[test]
fn a_run_and_the_file_of_its_model_forecast_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let run = run(&folder.path().join("run"));
    let from_run = Forecaster::load(run.path()).unwrap();
    from_run.save(run.model_file()).unwrap();
    let from_file = Forecaster::load(run.model_file()).unwrap();
    assert_eq!(from_run.settings(), &settings());
    assert_eq!(from_file.settings(), &settings());
    assert_eq!(days(&from_run), days(&from_file));
    assert_eq!(days(&from_run), days(&trained()), "loading draws nothing and loses nothing");
    assert_eq!(from_run.judge(&table()).unwrap(), from_file.judge(&table()).unwrap());
}

#[test]
fn the_file_says_nothing_of_the_machine_and_is_the_same_each_time() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    trained().save(&first).unwrap();
    trained().save(&second).unwrap();
    let bytes = fs::read(&first).unwrap();
    assert!(bytes == fs::read(&second).unwrap(), "the same model, the same bytes");
    let place = folder.path().to_string_lossy().into_owned();
    assert!(!bytes.windows(place.len()).any(|window| window == place.as_bytes()), "a path in the file");
    assert!(bytes.len() < 8 * 1024, "{} bytes for 336 numbers", bytes.len());
}

#[test]
fn a_damaged_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    trained().save(&path).unwrap();
    let whole = fs::read(&path).unwrap();
    let after = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = whole.clone();
        change(&mut bytes);
        fs::write(&path, bytes).unwrap();
        complaint(folder.path(), "model.safetensors")
    };
    for said in [
        after(&|bytes| bytes.truncate(100)),
        after(&|bytes| bytes.truncate(bytes.len() - 1)),
        after(&Vec::clear),
        after(&|bytes| *bytes.last_mut().unwrap() ^= 1),
        after(&|bytes| bytes[..8].copy_from_slice(&(1u64 << 42).to_le_bytes())),
    ] {
        assert!(said.starts_with("<dir>/model.safetensors: "), "{said}");
    }
    // The settings stand in the file as text; one unit more would be another network.
    let said = after(&|bytes| {
        let start =
            bytes.windows(6).position(|word| word == b"hidden").expect("the settings are in the file");
        let digit = bytes[start..].iter().position(|byte| *byte == b'5').expect("five units");
        bytes[start + digit] = b'6';
    });
    assert!(said.starts_with("<dir>/model.safetensors: was changed after it was written"), "{said}");
}

#[test]
fn a_file_that_holds_something_else_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let write = |change: &dyn Fn(&mut ModelFile)| {
        let mut file = ModelFile::new("price forecaster");
        file.texts.insert("settings".to_owned(), serde_json::to_string(&settings()).unwrap());
        file.insert_module("network", trained().network());
        change(&mut file);
        file.write(&folder.path().join("file")).unwrap();
    };
    write(&|file| file.texts.clear());
    assert_snapshot!(complaint(folder.path(), "file"), @"<dir>/file: holds no `settings`; take a whole copy of the file, or train again");
    write(&|file| drop(file.texts.insert("settings".to_owned(), "{}".to_owned())));
    assert_snapshot!(complaint(folder.path(), "file"), @"<dir>/file: does not hold the settings of a price forecaster: missing field `windows` at line 1 column 2; save the model again");
    let mut large = settings();
    large.model.hidden = 1 << 40;
    write(&|file| drop(file.texts.insert("settings".to_owned(), serde_json::to_string(&large).unwrap())));
    let error = Forecaster::load(folder.path().join("file")).unwrap_err();
    assert!(matches!(error, Error::Setting(_)), "{error}");
    assert_snapshot!(complaint(folder.path(), "file"), @"<dir>/file: `hidden` is 1099511627776, expected a whole number from 1 to 16384; correct it, or start a new run");
    ModelFile::new("review classifier").write(&folder.path().join("other")).unwrap();
    assert_snapshot!(complaint(folder.path(), "other"), @"<dir>/other: holds a review classifier, expected a price forecaster");
    let said = complaint(folder.path(), "nowhere");
    assert!(said.contains("<dir>/nowhere"), "{said}");
}

#[test]
fn a_run_whose_files_were_changed_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let run = run(&folder.path().join("run"));
    let config = fs::read_to_string(run.config_file()).unwrap();
    let after = |from: &str, to: &str| {
        assert!(config.contains(from), "no `{from}` in\n{config}");
        fs::write(run.config_file(), config.replace(from, to)).unwrap();
        complaint(folder.path(), "run")
    };
    assert_snapshot!(after("\"hidden\": 5", "\"hidden\": 0"), @"<dir>/run/config.json: `hidden` is 0, expected a whole number from 1 to 16384; correct it, or start a new run");
    assert_snapshot!(after("\"windows\"", "\"window\""), @"<dir>/run/config.json: does not hold the settings of a price forecaster: missing field `windows`; it is of a run of `a-program`");
    assert!(
        after("\"hidden\": 5", "\"hidden\": 6")
            .contains("parameter `kernel` has shape [5, 1], expected [6, 1]")
    );
    let said = after("\"preset\"", "preset");
    assert!(said.starts_with("<dir>/run/config.json: "), "{said}");

    fs::write(run.config_file(), &config).unwrap();
    let weights = run.weights_file().unwrap();
    let mut bytes = fs::read(&weights).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&weights, bytes).unwrap();
    let said = complaint(folder.path(), "run");
    assert!(said.starts_with("<dir>/run/checkpoints/weights_epoch_002"), "{said}");
    assert!(said.contains("was changed after it was written"), "{said}");
    fs::remove_dir_all(run.checkpoints()).unwrap();
    let said = complaint(folder.path(), "run");
    assert!(said.starts_with("<dir>/run: is being trained by another process"), "{said}");
    drop(run);
    let said = complaint(folder.path(), "run");
    assert!(said.starts_with("<dir>/run: holds no weights yet"), "{said}");
}

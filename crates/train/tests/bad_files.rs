//! Damaged, foreign and missing files: each is an error that names the file, what was found, what was expected
//! and what to do; none is a panic.

mod support;

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use recurrent_train::{
    Description, Interrupt, Optimiser, RunFolder, TrainConfig, describe_model, load_model, save_model,
};
use support::*;

fn model() -> Tiny {
    Tiny::new(&device().inner(), HIDDEN)
}

fn description() -> Description {
    let mut description = Description::new(PROGRAM, ARCHITECTURE);
    description.epoch = 3;
    description
}

/// A model file, and the folder it lives in.
fn saved() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    save_model(&model(), &path, &description()).unwrap();
    (folder, path)
}

fn load(path: &Path) -> String {
    said(&load_model(model(), path).unwrap_err(), path.parent().unwrap(), "DIR")
}

/// A message with its cause, as programs print it, and with a word in the place of a changing path.
fn said(error: &recurrent_train::Error, path: &Path, word: &str) -> String {
    let cause = std::error::Error::source(error).map_or(String::new(), |cause| format!(": {cause}"));
    format!("{error}{cause}").replace(path.to_str().unwrap(), word)
}

fn change(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = std::fs::read(path).unwrap();
    change(&mut bytes);
    std::fs::write(path, bytes).unwrap();
}

/// Writes a description that is whole in itself but says something else.
fn forge(path: &Path, change: impl FnOnce(&mut serde_json::Value)) {
    let text = std::fs::read_to_string(path).unwrap();
    let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
    change(&mut value);
    value["seal"] = "0".repeat(64).into();
    let text = serde_json::to_string_pretty(&value).unwrap() + "\n";
    let seal = recurrent_train::files::sha256_hex(text.as_bytes());
    std::fs::write(path, text.replace(&"0".repeat(64), &seal)).unwrap();
}

fn forge_weights(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap();
    forge(&path.with_extension("json"), |description| {
        description["bytes"] = bytes.len().into();
        description["sha256"] = recurrent_train::files::sha256_hex(bytes).into();
    });
}

#[test]
fn a_model_file_comes_back_bit_for_bit() {
    let (_folder, path) = saved();
    let other = Tiny {
        dense: burn::module::Param::from_data(numbers(recurrent_backend::Seed(1), 5, 1), &device().inner()),
        ..model()
    };
    assert_ne!(bits(&other), bits(&model()));
    let (loaded, found) = load_model(other, &path).unwrap();
    assert_eq!(bits(&loaded), bits(&model()));
    assert_eq!(found, description());
    assert_eq!(describe_model(&path).unwrap(), description());
}

#[test]
fn each_damage_of_a_model_file_has_its_message() {
    let mut messages = Vec::new();
    let mut say = |what: &str, damage: &dyn Fn(&Path)| {
        let (_folder, path) = saved();
        damage(&path);
        messages.push(format!("{what}: {}", load(&path)));
    };
    say("nothing", &|path| {
        std::fs::remove_file(path).unwrap();
        std::fs::remove_file(path.with_extension("json")).unwrap();
    });
    say("no weights", &|path| std::fs::remove_file(path).unwrap());
    say("no description", &|path| std::fs::remove_file(path.with_extension("json")).unwrap());
    say("cut short", &|path| change(path, |bytes| bytes.truncate(100)));
    say("empty", &|path| change(path, Vec::clear));
    say("a byte flipped in the numbers", &|path| change(path, |bytes| *bytes.last_mut().unwrap() ^= 1));
    say("a byte flipped in the header", &|path| change(path, |bytes| bytes[20] ^= 1));
    say("description cut short", &|path| {
        change(&path.with_extension("json"), |bytes| bytes.truncate(bytes.len() / 2));
    });
    say("a digit changed in the description", &|path| {
        let path = path.with_extension("json");
        let text = std::fs::read_to_string(&path).unwrap().replace("\"epoch\": 3", "\"epoch\": 4");
        std::fs::write(&path, text).unwrap();
    });
    say("header claims terabytes", &|path| {
        let mut bytes = std::fs::read(path).unwrap();
        bytes[..8].copy_from_slice(&(1u64 << 42).to_le_bytes());
        forge_weights(path, &bytes);
    });
    say("description claims terabytes", &|path| {
        forge(&path.with_extension("json"), |description| description["bytes"] = (1u64 << 42).into());
    });
    say("a file of terabytes", &|path| {
        let file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
        file.set_len(1 << 42).unwrap();
        forge(&path.with_extension("json"), |description| description["bytes"] = (1u64 << 42).into());
    });
    say("another format", &|path| {
        forge(&path.with_extension("json"), |description| description["format"] = 2.into());
    });
    say("no numbers inside", &|path| forge_weights(path, b"\x02\0\0\0\0\0\0\0{}"));
    say("another model", &|path| {
        save_model(&Tiny::new(&device(), 7), path, &description()).unwrap();
    });
    say("a part of the model", &|path| {
        save_model(&model().rnn, path, &description()).unwrap();
    });
    say("a folder", &|path| {
        std::fs::remove_file(path).unwrap();
        std::fs::create_dir(path).unwrap();
    });
    insta::with_settings!({ filters => vec![(r"[0-9a-f]{8}…", "XXXXXXXX…")] }, {
        insta::assert_snapshot!(messages.join("\n"), @r"
        nothing: cannot read DIR/model.json: No such file or directory (os error 2)
        no weights: DIR/model.safetensors: is missing; take a whole copy of the file, or train again
        no description: DIR/model.json: is missing, and the weights beside it cannot be checked without it; copy both files
        cut short: DIR/model.safetensors: has 100 bytes, expected 472; take a whole copy of the file, or train again
        empty: DIR/model.safetensors: has 0 bytes, expected 472; take a whole copy of the file, or train again
        a byte flipped in the numbers: DIR/model.safetensors: was changed after it was written: its SHA-256 is XXXXXXXX…, expected XXXXXXXX…; take a whole copy of the file, or train again
        a byte flipped in the header: DIR/model.safetensors: was changed after it was written: its SHA-256 is XXXXXXXX…, expected XXXXXXXX…; take a whole copy of the file, or train again
        description cut short: DIR/model.json: was changed after it was written: its checksum is XXXXXXXX…, expected XXXXXXXX…; take a whole copy of the file, or train again
        a digit changed in the description: DIR/model.json: was changed after it was written: its checksum is XXXXXXXX…, expected XXXXXXXX…; take a whole copy of the file, or train again
        header claims terabytes: DIR/model.safetensors: is no whole safetensors file: its header claims 4398046511104 bytes, and the file has 472; take a whole copy of the file, or train again
        description claims terabytes: DIR/model.json: claims 4398046511104 bytes, expected at most 8392 for this model; take a whole copy of the file, or train again
        a file of terabytes: DIR/model.json: claims 4398046511104 bytes, expected at most 8392 for this model; take a whole copy of the file, or train again
        another format: DIR/model.json: has format 2, expected 1; use the version of the program that wrote it
        no numbers inside: DIR/model.safetensors: holds another model (tiny-rnn: rnn 5, dense 1): parameter `dense` of shape [5, 1] is missing, parameter `rnn.bias` of shape [5] is missing, parameter `rnn.kernel` of shape [3, 5] is missing, and 1 more; load it with the settings it was trained with
        another model: DIR/model.safetensors: holds another model (tiny-rnn: rnn 5, dense 1): parameter `dense` has shape [7, 1], expected [5, 1], parameter `rnn.bias` has shape [7], expected [5], parameter `rnn.kernel` has shape [3, 7], expected [3, 5], and 1 more; load it with the settings it was trained with
        a part of the model: DIR/model.safetensors: holds another model (tiny-rnn: rnn 5, dense 1): parameter `dense` of shape [5, 1] is missing, parameter `rnn.bias` of shape [5] is missing, parameter `rnn.kernel` of shape [3, 5] is missing, and 4 more; load it with the settings it was trained with
        a folder: DIR/model.safetensors: is a folder, expected a file
        ");
    });
}

#[test]
fn every_flipped_byte_of_a_model_file_is_found() {
    let (_folder, path) = saved();
    let whole = std::fs::read(&path).unwrap();
    for at in 0..whole.len() {
        change(&path, |bytes| bytes[at] ^= 0x10);
        assert!(load(&path).contains("was changed after it was written"), "byte {at}");
        std::fs::write(&path, &whole).unwrap();
    }
    load_model(model(), &path).unwrap();
}

/// A run stopped after two steps of its second epoch.
fn stopped_run() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    let config = run_config().with_max_steps(6);
    train_in(&run_folder(&path), &config, &mut Recorder::default(), Interrupt::default()).unwrap();
    (folder, path)
}

fn run_config() -> TrainConfig {
    let watch = recurrent_train::Watch::new(recurrent_train::Watched::TrainLoss);
    config(Optimiser::rms_prop()).with_watch(watch)
}

fn resume(path: &Path) -> String {
    let run = run_folder(path);
    let error = train_in(&run, &run_config(), &mut Recorder::default(), Interrupt::default()).unwrap_err();
    said(&error, path, "RUN")
}

#[test]
fn each_damage_of_a_checkpoint_has_its_message() {
    let mut messages = Vec::new();
    let mut say = |what: &str, damage: &dyn Fn(&Path)| {
        let (_folder, path) = stopped_run();
        damage(&path.join("checkpoints"));
        messages.push(format!("{what}: {}", resume(&path)));
    };
    let state = |folder: &Path| folder.join("state-6.safetensors");
    let last = |folder: &Path| folder.join("last.json");
    say("no state", &|folder| std::fs::remove_file(state(folder)).unwrap());
    say("state cut short", &|folder| change(&state(folder), |bytes| bytes.truncate(99)));
    say("a byte flipped", &|folder| change(&state(folder), |bytes| *bytes.last_mut().unwrap() ^= 1));
    say("last.json cut short", &|folder| change(&last(folder), |bytes| bytes.truncate(300)));
    say("a step changed", &|folder| {
        let text = std::fs::read_to_string(last(folder)).unwrap().replace("\"step\": 6", "\"step\": 7");
        std::fs::write(last(folder), text).unwrap();
    });
    say("terabytes claimed", &|folder| {
        forge(&last(folder), |last| last["state"]["bytes"] = (1u64 << 42).into())
    });
    say("no best weights", &|folder| std::fs::remove_file(only(folder, "weights", ".safetensors")).unwrap());
    say("another format", &|folder| forge(&last(folder), |last| last["format"] = 9.into()));
    say("a state that is none", &|folder| {
        let bytes = b"\x02\0\0\0\0\0\0\0{}";
        std::fs::write(state(folder), bytes).unwrap();
        forge(&last(folder), |last| {
            last["state"]["bytes"] = bytes.len().into();
            last["state"]["sha256"] = recurrent_train::files::sha256_hex(bytes).into();
        });
    });
    say("another optimiser's state", &|folder| {
        let other = tempfile::tempdir().unwrap();
        let path = other.path().join("run");
        let mut config = run_config().with_max_steps(6);
        config.optimiser = Optimiser::adam();
        train_in(&run_folder(&path), &config, &mut Recorder::default(), Interrupt::default()).unwrap();
        let bytes = std::fs::read(path.join("checkpoints/state-6.safetensors")).unwrap();
        std::fs::write(state(folder), &bytes).unwrap();
        forge(&last(folder), |last| {
            last["state"]["bytes"] = bytes.len().into();
            last["state"]["sha256"] = recurrent_train::files::sha256_hex(&bytes).into();
        });
    });
    insta::with_settings!({ filters => vec![(r"[0-9a-f]{8}…", "XXXXXXXX…")] }, {
        insta::assert_snapshot!(messages.join("\n"), @r"
        no state: RUN/checkpoints/state-6.safetensors: is missing; take a whole copy of the file, or train again
        state cut short: RUN/checkpoints/state-6.safetensors: has 99 bytes, expected 1264; take a whole copy of the file, or train again
        a byte flipped: RUN/checkpoints/state-6.safetensors: was changed after it was written: its SHA-256 is XXXXXXXX…, expected XXXXXXXX…; take a whole copy of the file, or train again
        last.json cut short: RUN/checkpoints/last.json: is damaged or cut short: its checksum is missing; the run cannot be continued from it; start a new run
        a step changed: RUN/checkpoints/last.json: was changed after it was written: its checksum is XXXXXXXX…, expected XXXXXXXX…; the run cannot be continued from it; start a new run
        terabytes claimed: RUN/checkpoints/state-6.safetensors: has 4398046511104 bytes, expected at most 1073753216 for this model; the run cannot be continued from it; start a new run
        no best weights: RUN/checkpoints/weights_epoch_001_loss_1.4202.safetensors: is missing; take a whole copy of the file, or train again
        another format: RUN/checkpoints/last.json: has format 9, expected 2; continue the run with the version of the program that began it
        a state that is none: RUN/checkpoints/state-6.safetensors: is of another model: parameter `dense` of shape [5, 1] is missing, parameter `rnn.bias` of shape [5] is missing, parameter `rnn.kernel` of shape [3, 5] is missing, and 1 more; continue the run with the settings it was begun with
        another optimiser's state: RUN/checkpoints/state-6.safetensors: the optimiser's state of `dense` is incomplete; continue the run with the settings it was begun with
        ");
    });
}

#[test]
fn a_run_folder_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    let mut messages = Vec::new();
    let mut say = |what: &str, error: recurrent_train::Error| {
        messages.push(format!("{what}: {}", said(&error, folder.path(), "DIR")));
    };
    say("no folder", RunFolder::open::<u32>(&path, PROGRAM).unwrap_err());
    std::fs::write(&path, "").unwrap();
    say("a file", RunFolder::create(&path, PROGRAM, &1).unwrap_err());
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    say("no run", RunFolder::resume::<u32>(&path, PROGRAM).unwrap_err());
    std::fs::write(path.join("thesis.tex"), "").unwrap();
    say("not empty", RunFolder::create(&path, PROGRAM, &1).unwrap_err());
    std::fs::remove_file(path.join("thesis.tex")).unwrap();
    // What a run leaves that was killed at its very start.
    std::fs::write(path.join(".writing-abc.tmp"), "{").unwrap();
    let run = RunFolder::create(&path, PROGRAM, &1).unwrap();
    say("in use", RunFolder::resume::<u32>(&path, PROGRAM).unwrap_err());
    say("no weights", run.weights_file().unwrap_err());
    let (reader, _) = RunFolder::open::<u32>(&path, PROGRAM).unwrap();
    assert!(reader.is_being_trained() && !run.is_being_trained(), "another process, not this value's own");
    say("no weights yet", reader.weights_file().unwrap_err());
    drop(run);
    assert!(!reader.is_being_trained());
    say("no weights left behind", reader.weights_file().unwrap_err());
    say("a run", RunFolder::create(&path, PROGRAM, &1).unwrap_err());
    say("another program's", RunFolder::resume::<u32>(&path, "other").unwrap_err());
    say("other settings", RunFolder::resume::<String>(&path, PROGRAM).unwrap_err());
    change(&path.join("config.json"), |bytes| bytes.truncate(10));
    say("settings cut short", RunFolder::open::<u32>(&path, PROGRAM).unwrap_err());
    insta::assert_snapshot!(messages.join("\n"), @r"
    no folder: DIR/run: is no folder, expected that of a run; check the path
    a file: DIR/run: is a file, expected a folder for the run; choose another folder
    no run: DIR/run: holds no config.json, so it is no run's folder; check the path
    not empty: DIR/run: is not empty (`thesis.tex`); choose another folder
    in use: DIR/run: is being trained by another process; wait for its end, or choose another folder
    no weights: DIR/run: holds no weights yet; continue the run to its first whole epoch
    no weights yet: DIR/run: is being trained by another process, which has written no weights yet; wait for its first whole epoch
    no weights left behind: DIR/run: holds no weights yet; continue the run to its first whole epoch
    a run: DIR/run: holds a run already; continue that one, or choose another folder
    another program's: DIR/run: is a run of `tiny-rnn`, expected one of `other`; open it with the program that made it
    other settings: DIR/run/config.json: does not hold a run's settings: invalid type: integer `1`, expected a string; start a new run
    settings cut short: DIR/run/config.json: does not hold a run's settings: EOF while parsing a string at line 2 column 8; start a new run
    ");
}

/// A small file system of its own, where the test may mount one.
struct Disk(PathBuf);

impl Disk {
    fn mount(path: &Path, options: &str) -> Option<Self> {
        std::fs::create_dir_all(path).unwrap();
        let mut mount = std::process::Command::new("mount");
        let mount = mount.args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(path).output();
        mount.is_ok_and(|output| output.status.success()).then(|| Self(path.to_owned()))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg(&self.0).output();
    }
}

#[test]
#[allow(clippy::print_stderr)] // a test that could not be run must not look like one that passed
fn a_full_disk_ends_the_run_and_leaves_it_whole() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::mount(&folder.path().join("disk"), "size=256k") else {
        eprintln!("skipped: no file system can be mounted here, so none can be filled");
        return;
    };
    let path = disk.0.join("run");
    let whole = folder.path().join("whole");
    let expected =
        train_in(&run_folder(&whole), &run_config(), &mut Recorder::default(), Interrupt::default()).unwrap();
    let stopped = run_config().with_max_steps(6);
    train_in(&run_folder(&path), &stopped, &mut Recorder::default(), Interrupt::default()).unwrap();
    let before = files(&path.join("checkpoints"));

    let mut filler = vec![0; 256 << 10];
    while std::fs::write(disk.0.join("filler"), &filler).is_err() {
        filler.truncate(filler.len() - 4096);
    }
    insta::assert_snapshot!(resume(&path), @"cannot write RUN/checkpoints/pending.json: No space left on device (os error 28)");
    assert!(before == files(&path.join("checkpoints")), "the checkpoint is as it was");

    std::fs::remove_file(disk.0.join("filler")).unwrap();
    let outcome =
        train_in(&run_folder(&path), &run_config(), &mut Recorder::default(), Interrupt::default()).unwrap();
    assert_eq!(bits(&outcome.model), bits(&expected.model));
    assert_eq!(without_seconds(&outcome.history), without_seconds(&expected.history));
}

#[test]
#[allow(clippy::print_stderr)] // a test that could not be run must not look like one that passed
fn a_read_only_folder_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::mount(&folder.path().join("disk"), "ro,size=256k") else {
        eprintln!("skipped: no read-only file system can be mounted here");
        return;
    };
    let error = RunFolder::create(&disk.0.join("run"), PROGRAM, &1).unwrap_err();
    let file = save_model(&model(), &disk.0.join("model.safetensors"), &description()).unwrap_err();
    let messages = [error, file].map(|error| said(&error, folder.path(), "DIR"));
    insta::assert_snapshot!(messages.join("\n"), @r#"
    cannot create folder DIR/disk/run: Read-only file system (os error 30)
    cannot write DIR/disk/model.safetensors: Read-only file system (os error 30)
    "#);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes_as_weights_are_an_error_at_worst(bytes in prop::collection::vec(any::<u8>(), 0..400), header in any::<bool>()) {
        let (_folder, path) = saved();
        let mut bytes = bytes;
        if header && bytes.len() >= 8 {
            let length = bytes.len() as u64 - 8;
            bytes[..8].copy_from_slice(&length.to_le_bytes());
        }
        forge_weights(&path, &bytes);
        prop_assert!(load_model(model(), &path).is_err());
        std::fs::write(path.with_extension("json"), &bytes).unwrap();
        prop_assert!(load_model(model(), &path).is_err());
    }

    #[test]
    fn any_change_of_a_header_is_an_error_at_worst(at in 0usize..300, byte in any::<u8>(), cut in 0usize..900) {
        let (_folder, path) = saved();
        let mut bytes = std::fs::read(&path).unwrap();
        let at = at % bytes.len();
        bytes[at] = byte;
        bytes.truncate(bytes.len().saturating_sub(cut.saturating_sub(450)));
        forge_weights(&path, &bytes);
        let _ = load_model(model(), &path);
    }

    #[test]
    fn any_bytes_as_a_checkpoint_are_an_error_at_worst(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let folder = tempfile::tempdir().unwrap();
        let run = RunFolder::create(&folder.path().join("run"), PROGRAM, &1).unwrap();
        std::fs::write(run.checkpoints().join("last.json"), &bytes).unwrap();
        let result = train_in(&run, &run_config(), &mut Recorder::default(), Interrupt::default());
        prop_assert!(result.is_err());
    }
}

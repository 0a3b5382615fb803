//! A trained model in a run's folder and in one file: both write and score the same, from many threads at once, and what is
//! damaged is an error that names it.

mod common;

use std::error::Error as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::thread;

use common::{device, shape, text, trained};
use recurrent_data::text::Text;
use recurrent_language_model::{
    Adapting, BatchSettings, CellKind, Error, Feed, Generation, LanguageModel, Network, NetworkSettings,
    Sampling, Seed, Settings, TextBatches,
};
use recurrent_train::{FolderProblem, Optimiser, RunFolder, TrainConfig, Training, Watch, Watched};
use serde_json::{Value, json};
use tempfile::TempDir;

const fn sendable<T: Send + Sync + Clone + 'static>() {}
const fn movable<T: Send + 'static>() {}
const _: () = sendable::<LanguageModel>();
const _: () = movable::<Generation>();

/// A run as a program leaves it, and its model in one file.
struct Run {
    _place: TempDir,
    folder: PathBuf,
    file: PathBuf,
}

/// The settings as `config.json` has them.
fn config(shape: &NetworkSettings, text: &Text) -> Value {
    json!({
        "model": shape, "vocabulary": text.vocabulary(), "read": { "case": "keep", "edition": "detect" },
        "fractions": { "validation": 0.0, "test": 0.1 }, "window": 20,
        "origin": { "backend": "flex", "source": "demo", "sha256": "0123abc" }, "preset": "small", "warmup": 100,
    })
}

fn run() -> Run {
    let place = tempfile::tempdir().unwrap();
    let (folder, file) = (place.path().join("run"), place.path().join("model.safetensors"));
    let text = text(100);
    let shape = shape(CellKind::Lstm, 24, 1);
    let run = RunFolder::create(&folder, "text-rnn", &config(&shape, &text)).unwrap();
    let batches = BatchSettings { feed: Feed::Streams, window: 20, batch_size: 4, restarts: 0.1 };
    let batches = TextBatches::new(text.ids(), text.vocabulary(), batches, Seed(0)).unwrap();
    let mut train = TrainConfig::new(4, Optimiser::adam(), 0.02);
    train.watch = Some(Watch::new(Watched::TrainLoss));
    let network = Network::new(&shape, text.vocabulary().len(), Seed(3), &device().autodiff());
    let outcome = Training::new(&train, &batches).in_folder(&run, shape.words()).run(network).unwrap();
    let mut settings = Settings::new(shape, text.vocabulary().clone());
    settings.fractions.test = 0.1;
    settings.window = 20;
    settings.data_sha256 = Some("0123abc".to_owned());
    LanguageModel::new(settings, outcome.model).save(&file).unwrap();
    Run { _place: place, folder, file }
}

static RUN: LazyLock<Run> = LazyLock::new(run);

fn written(model: &LanguageModel, seed: u64) -> String {
    let sampling = Sampling::default().temperature(0.8).top_p(0.95);
    model.generate("The ", &sampling, seed).unwrap().take(200).collect()
}

#[test]
fn a_folder_and_a_file_hold_the_same_model() {
    let folder = LanguageModel::load(&RUN.folder).unwrap();
    let file = LanguageModel::load(&RUN.file).unwrap();
    assert_eq!(folder.settings(), file.settings());
    assert_eq!(file.settings().data_sha256.as_deref(), Some("0123abc"));
    for seed in 0..3 {
        assert_eq!(written(&folder, seed), written(&file, seed));
    }
    assert_ne!(written(&file, 0), written(&file, 1));
    let judged = "The 3 dog seeks 2.\nThe 4 dog hears 1.";
    assert_eq!(folder.score(judged).unwrap(), file.score(judged).unwrap());
    let ids = file.encode(judged).unwrap();
    let adapted = |model: &LanguageModel| model.adapted_surprises(&ids, Adapting::every(10), |_| ());
    assert_eq!(adapted(&folder), adapted(&file));
    // It ships as it is: nothing tells of the machine.
    let bytes = fs::read(&RUN.file).unwrap();
    let place = RUN.file.parent().unwrap().to_str().unwrap().as_bytes();
    assert!(!bytes.windows(place.len()).any(|part| part == place));
}

#[test]
fn a_score_is_of_each_character_but_the_first() {
    let model = LanguageModel::load(&RUN.file).unwrap();
    let score = model.score("The dog").unwrap();
    assert_eq!(score.characters.iter().map(|one| one.character).collect::<String>(), "he dog");
    let sum: f64 = score.characters.iter().map(|one| f64::from(one.nats)).sum();
    assert!((score.nats_per_character - sum / 6.0).abs() < 1e-9);
    assert!((score.bits_per_character() * 2f64.ln() - score.nats_per_character).abs() < 1e-9);
    assert!((score.perplexity().ln() - score.nats_per_character).abs() < 1e-9);
    let scrambled = model.score("The ogd").unwrap();
    assert!(score.nats_per_character < scrambled.nats_per_character);
    assert!(matches!(model.score("T"), Err(Error::TooShort(1))));
    assert!(matches!(model.score(""), Err(Error::TooShort(0))));
}

#[test]
fn what_the_model_does_not_know_is_named_with_its_place() {
    let model = LanguageModel::load(&RUN.file).unwrap();
    let sampling = Sampling::default();
    let said = model.score("The\r\ndög").unwrap_err().to_string();
    insta::assert_snapshot!(said, @"the vocabulary of 23 characters lacks `ö` (U+00F6), at character offset 5, line 2; leave it out");
    let said = model.generate("Thé", &sampling, 1).unwrap_err().to_string();
    insta::assert_snapshot!(said, @"the vocabulary of 23 characters lacks `é` (U+00E9), at character offset 2, line 1; leave it out");
    let said = model.generate("The", &sampling.temperature(-1.0), 1).unwrap_err().to_string();
    insta::assert_snapshot!(said, @"a temperature of -1 cannot be used; choose a finite number above 0");
}

#[test]
fn eight_threads_at_once_write_what_each_would_write_alone() {
    let model = LanguageModel::load(&RUN.folder).unwrap();
    let alone: Vec<_> =
        (0..8).map(|seed| (written(&model, seed), model.score("The dog sees.").unwrap())).collect();
    let threads: Vec<_> = (0..8)
        .map(|seed| {
            let model = model.clone();
            thread::spawn(move || (written(&model, seed), model.score("The dog sees.").unwrap()))
        })
        .collect();
    for (thread, alone) in threads.into_iter().zip(alone) {
        assert_eq!(thread.join().unwrap(), alone);
    }
    // A text that was begun here goes on elsewhere.
    let mut begun = model.generate("The ", &Sampling::default(), 1).unwrap();
    let first: String = begun.by_ref().take(10).collect();
    drop(model);
    let rest = thread::spawn(move || begun.take(10).collect::<String>()).join().unwrap();
    let whole = LanguageModel::load(&RUN.folder).unwrap().generate("The ", &Sampling::default(), 1).unwrap();
    assert_eq!(first + &rest, whole.take(20).collect::<String>());
}

#[test]
fn small_letters_are_read_where_the_model_knows_no_others() {
    let text = text(60);
    let shape = shape(CellKind::Gru, 8, 1);
    let network = trained(&shape, &text, 20, 1);
    let mut settings = Settings::new(shape, text.vocabulary().clone());
    settings.read.case = recurrent_data::text::Case::Lower;
    let model = LanguageModel::new(settings, network);
    assert_eq!(model.as_read("DOG\r\ndog\r"), "dog\ndog\n");
    assert_eq!(model.score("DOG 3").unwrap(), model.score("dog 3").unwrap());
}

/// A copy of the run's folder and file that a test may damage.
fn copy() -> Run {
    let place = tempfile::tempdir().unwrap();
    let (folder, file) = (place.path().join("run"), place.path().join("model.safetensors"));
    fs::create_dir_all(folder.join("checkpoints")).unwrap();
    fs::copy(&RUN.file, &file).unwrap();
    for entry in fs::read_dir(RUN.folder.join("checkpoints")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.join("checkpoints").join(entry.file_name())).unwrap();
    }
    fs::copy(RUN.folder.join("config.json"), folder.join("config.json")).unwrap();
    Run { _place: place, folder, file }
}

/// What loading says, the folder left out.
fn complaint(path: &Path) -> String {
    let error = LanguageModel::load(path).expect_err("nothing to load").to_string();
    assert!(!error.contains("--"), "it speaks of a program's options: {error}");
    error.replace(path.parent().unwrap().to_str().unwrap(), "<dir>")
}

#[test]
fn what_is_damaged_is_named() {
    let run = copy();
    let config = fs::read_to_string(run.folder.join("config.json")).unwrap();
    let with = |old: &str, new: &str| {
        assert!(config.contains(old), "{config}");
        fs::write(run.folder.join("config.json"), config.replace(old, new)).unwrap();
        complaint(&run.folder)
    };
    insta::assert_snapshot!(with("\"hidden\": 24", "\"hidden\": 0"), @"<dir>/run/config.json: `hidden` is 0, expected a whole number from 1 to 16384; correct it, or start a new run");
    insta::assert_snapshot!(with("\"window\": 20", "\"window\": 0"), @"<dir>/run/config.json: `window` is 0, expected a whole number from 1 to 100000; correct it, or start a new run");
    let said = with("\"hidden\": 24", "\"hidden\": 25");
    assert!(said.contains("weights_epoch_004") && said.contains("holds another model"), "{said}");
    let said = with("\"hidden\": 24", "\"hidden\": 16384");
    assert!(said.contains("weights_epoch_004") && said.contains("weights, the file has"), "{said}");
    let said = with("\"vocabulary\": \"", "\"vocabulary\": \"T");
    assert!(
        said.starts_with("<dir>/run/config.json: ") && said.contains("`T` (U+0054) is listed twice"),
        "{said}"
    );
    let said = with("\"vocabulary\"", "\"vocables\"");
    assert!(said.starts_with("<dir>/run/config.json: has no vocabulary"), "{said}");
    let said = with("{", "");
    assert!(said.starts_with("<dir>/run/config.json: does not hold a run's settings"), "{said}");

    let bytes = fs::read(&run.file).unwrap();
    for place in [0, 9, 40, bytes.len() / 2, bytes.len() - 1] {
        let mut damaged = bytes.clone();
        damaged[place] ^= 0x41;
        fs::write(&run.file, damaged).unwrap();
        let said = complaint(&run.file);
        assert!(said.starts_with("<dir>/model.safetensors: "), "byte {place}: {said}");
    }
    fs::write(&run.file, &bytes[..bytes.len() - 4]).unwrap();
    assert!(complaint(&run.file).starts_with("<dir>/model.safetensors: "));
    fs::remove_file(&run.file).unwrap();
    assert!(complaint(&run.file).contains("<dir>/model.safetensors"));
    fs::write(run.folder.join("config.json"), &config).unwrap();
    fs::remove_dir_all(run.folder.join("checkpoints")).unwrap();
    insta::assert_snapshot!(complaint(&run.folder), @"<dir>/run: holds no weights yet; continue the run to its first whole epoch");
    let error = LanguageModel::load(&run.folder).unwrap_err();
    let source = error.source().and_then(|source| source.downcast_ref());
    assert!(matches!(source, Some(recurrent_train::Error::Folder { problem: FolderProblem::NoWeights, .. })));
}

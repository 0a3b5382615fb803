//! Event files are read back as TensorBoard reads them, and compared with bytes that TensorBoard itself wrote.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::TensorData;
use recurrent_report::LayerRow;

use super::board::PREFIX;
use super::event::{DataClass, DataType, Metadata, TensorProto};
use super::*;

/// Reads records until the data ends, also in the middle of one; checksums must agree.
fn read(bytes: &[u8]) -> Vec<Event> {
    let mut events = Vec::new();
    let mut rest = bytes;
    while let Some((length, after)) = rest.split_at_checked(8) {
        let size = u64::from_le_bytes(length.try_into().unwrap()) as usize;
        let Some((record, after)) = after.split_at_checked(4 + size + 4) else { break };
        assert_eq!(record[..4], record::masked_crc(length).to_le_bytes(), "checksum of the length");
        let data = &record[4..4 + size];
        assert_eq!(record[4 + size..], record::masked_crc(data).to_le_bytes(), "checksum of the data");
        events.push(Event::decode(data).unwrap());
        rest = after;
    }
    events
}

/// The files of a folder in the order in which TensorBoard reads them.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// The scalars of a folder as TensorBoard keeps them: a restart drops what is at its step or later.
fn scalars(folder: &Path) -> Vec<String> {
    let mut kept: Vec<(i64, String)> = Vec::new();
    for path in files(folder) {
        let events = read(&fs::read(path).unwrap());
        assert_eq!(events[0].what, Some(What::FileVersion("brain.Event:2".to_owned())));
        for event in events {
            match event.what {
                Some(What::SessionLog(_)) => kept.retain(|(step, _)| *step < event.step),
                Some(What::Summary(summary)) => {
                    let line = |value: event::Value| {
                        (
                            event.step,
                            format!("{} {}: {:?}", event.step, value.tag, value.simple_value.unwrap()),
                        )
                    };
                    kept.extend(summary.value.into_iter().map(line));
                }
                _ => {}
            }
        }
    }
    kept.into_iter().map(|(_, line)| line).collect()
}

/// All events of a folder.
fn events(folder: &Path) -> Vec<Event> {
    files(folder).iter().flat_map(|path| read(&fs::read(path).unwrap())).collect()
}

/// The values of a folder that are tensors, with their steps.
fn tensors(folder: &Path) -> Vec<(i64, String, TensorProto, Metadata)> {
    let mut all = Vec::new();
    for event in events(folder) {
        let Some(What::Summary(summary)) = event.what else { continue };
        all.extend(
            summary
                .value
                .into_iter()
                .filter_map(|value| Some((event.step, value.tag, value.tensor?, value.metadata?))),
        );
    }
    all
}

fn start(steps_done: u64, epochs_done: usize) -> Start {
    Start { epochs: 3, steps_per_epoch: 2, steps_done, epochs_done }
}

fn step(step: u64) -> StepRecord {
    StepRecord {
        epoch: (step as usize).div_ceil(2),
        step,
        step_in_epoch: (step as usize - 1) % 2 + 1,
        loss: 1.0 / step as f64,
        learning_rate: 0.5,
        gradient_norm: Some(0.0),
        seconds: 0.1,
    }
}

fn epoch(epoch: usize) -> EpochRecord {
    EpochRecord {
        epoch,
        step: epoch as u64 * 2,
        train_loss: 0.25,
        validation_loss: Some(0.125),
        metrics: BTreeMap::from([("accuracy".to_owned(), 0.75)]),
        learning_rate: 0.5,
        best: true,
        seconds: 0.2,
    }
}

fn end() -> End {
    End { stopped: Stopped::Epochs, epochs_run: 3, steps_run: 6, best_epoch: Some(1), best_loss: Some(0.125) }
}

fn run(board: &mut TensorBoard, steps: std::ops::RangeInclusive<u64>) {
    for number in steps {
        board.on_step(&step(number)).unwrap();
        if number % 2 == 0 {
            board.on_epoch(&epoch(number as usize / 2)).unwrap();
        }
    }
}

/// The bytes are those of `RecordWriter` and the messages of PyPI's tensorboard 2.21.0.
#[test]
fn events_are_the_bytes_that_tensorboard_writes() {
    let events = [
        Event::version(1.5),
        Event::restart(2.5, 31),
        Event::summary(3.5, 32, vec![Value::scalar("train/loss", 0.25), Value::scalar("zero", 0.0)]),
    ];
    // TensorBoard's writer gave the first event a step, which ours leaves at zero.
    let mut events = events.to_vec();
    events[0].step = 7;
    let bytes: Vec<u8> = events.iter().flat_map(|event| record::frame(&event.encode_to_vec())).collect();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        hex,
        "1a00000000000000129bd82d09000000000000f83f10071a0d627261696e2e4576656e743a32da446486\
         0f000000000000006d532b09090000000000000440101f3a020801203b079b\
         2d000000000000003c418afb090000000000000c4010202a200a110a0a747261696e2f6c6f7373150000803e0a0b0a047a65726f15\
         0000000082c0eeff"
    );
}

#[test]
fn steps_and_epochs_become_scalars() {
    let folder = tempfile::tempdir().unwrap();
    let mut board = TensorBoard::new(folder.path().join("tensorboard"), Interval::every(2));
    board.on_start(&start(0, 0)).unwrap();
    run(&mut board, 1..=2);
    board.on_end(&end()).unwrap();
    insta::assert_snapshot!(scalars(&folder.path().join("tensorboard")).join("\n"), @r"
    2 step/loss: 0.5
    2 step/learning_rate: 0.5
    2 step/gradient_norm: 0.0
    2 train/loss: 0.25
    2 train/learning_rate: 0.5
    2 validation/loss: 0.125
    2 validation/accuracy: 0.75
    ");
}

#[test]
fn a_resumed_run_shows_what_the_unbroken_one_does() {
    let (unbroken, broken) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut board = TensorBoard::new(unbroken.path(), Interval::EACH);
    board.on_start(&start(0, 0)).unwrap();
    run(&mut board, 1..=6);
    board.on_end(&end()).unwrap();

    let mut board = TensorBoard::new(broken.path(), Interval::EACH);
    board.on_start(&start(0, 0)).unwrap();
    run(&mut board, 1..=5);
    drop(board);
    // The kill cut the last record short, and the last checkpoint was that of step 3.
    let first = files(broken.path()).remove(0);
    let bytes = fs::read(&first).unwrap();
    fs::write(&first, &bytes[..bytes.len() - 3]).unwrap();
    let mut board = TensorBoard::new(broken.path(), Interval::EACH);
    board.on_start(&start(3, 1)).unwrap();
    run(&mut board, 4..=6);
    board.on_end(&end()).unwrap();

    assert_eq!(files(broken.path()).len(), 2);
    assert_eq!(scalars(broken.path()), scalars(unbroken.path()));
}

#[test]
fn a_new_file_sorts_behind_those_of_a_fast_clock() {
    let folder = tempfile::tempdir().unwrap();
    let later = now() as u64 + 1000;
    fs::write(folder.path().join(format!("{PREFIX}{later}.elsewhere.1.v2")), "").unwrap();
    let mut board = TensorBoard::new(folder.path(), Interval::NEVER);
    board.on_start(&start(0, 0)).unwrap();
    let name = files(folder.path()).remove(1);
    assert!(name.to_str().unwrap().contains(&format!("{PREFIX}{}.", later + 1)), "{}", name.display());
}

#[test]
fn a_folder_that_is_a_file_is_an_error() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let problem = TensorBoard::new(file.path(), Interval::EACH).on_start(&start(0, 0)).unwrap_err();
    assert_eq!(problem.to_string(), format!("cannot create folder {}", file.path().display()));
}

/// A run of a model and some settings, of which a first part was done before.
fn described(folder: &Path, steps_done: u64, stopped: Stopped) {
    let rows = vec![LayerRow::new("gru", "GRU", "[batch, time, 4]", 96)];
    let vocabulary = Setting::Text("a".repeat(81));
    let settings = BTreeMap::from([
        ("batch_size".to_owned(), Setting::Number(32.0)),
        ("model.cell".to_owned(), Setting::Text("gru".to_owned())),
        ("vocabulary".to_owned(), vocabulary),
        ("watch".to_owned(), Setting::Switch(true)),
    ]);
    let mut board = TensorBoard::new(folder, Interval::NEVER)
        .with_graph(&ModelSummary { title: "a model".to_owned(), rows })
        .with_settings(settings);
    board.on_start(&start(steps_done, 0)).unwrap();
    board.on_end(&End { stopped, ..end() }).unwrap();
}

/// What a folder says of graph and settings.
fn descriptions(folder: &Path) -> Vec<String> {
    let mut said = Vec::new();
    for event in events(folder) {
        match event.what {
            Some(What::Graph(bytes)) => {
                said.push(format!("graph: {}", GraphDef::decode(&bytes[..]).unwrap().node.len()))
            }
            Some(What::Summary(summary)) => {
                for value in summary.value {
                    let plugin = value.metadata.unwrap().plugin.unwrap();
                    assert_eq!(
                        (plugin.name.as_str(), value.tensor.unwrap().dtype()),
                        ("hparams", DataType::Float)
                    );
                    let of = match hparams::PluginData::decode(&plugin.content[..]).unwrap().data.unwrap() {
                        hparams::Data::Start(start) => {
                            start.hparams.into_keys().collect::<Vec<_>>().join(", ")
                        }
                        hparams::Data::End(end) => format!("{:?}", end.status()),
                    };
                    said.push(format!("{}: {of}", value.tag));
                }
            }
            _ => {}
        }
    }
    said
}

#[test]
fn graph_and_settings_are_written_once_however_often_a_run_is_stopped() {
    let folder = tempfile::tempdir().unwrap();
    // Stopped in a stage before it, a run has left its figures there.
    Board::open(folder.path()).unwrap();
    described(folder.path(), 0, Stopped::Interrupted);
    let begun = ["graph: 4", "_hparams_/session_start_info: batch_size, model.cell, watch"];
    assert_eq!(descriptions(folder.path()), begun);
    // Killed before its first checkpoint, it begins anew in the same folder.
    described(folder.path(), 0, Stopped::Steps);
    described(folder.path(), 3, Stopped::Epochs);
    let ended = "_hparams_/session_end_info: Success";
    assert_eq!(descriptions(folder.path()), [begun.as_slice(), &[ended]].concat());
}

#[test]
fn a_run_that_says_nothing_of_itself_has_no_session() {
    let folder = tempfile::tempdir().unwrap();
    let mut board = TensorBoard::new(folder.path(), Interval::NEVER);
    board.on_start(&start(0, 0)).unwrap();
    board.on_end(&end()).unwrap();
    assert!(descriptions(folder.path()).is_empty());
}

#[test]
fn weights_and_gradients_become_histograms() {
    let folder = tempfile::tempdir().unwrap();
    let mut board = TensorBoard::new(folder.path(), Interval::NEVER).with_histograms(Interval::every(2));
    board.on_start(&start(0, 0)).unwrap();
    assert!(!board.wants_tensors(1) && board.wants_tensors(2));
    let of = |numbers: [f32; 3]| [("rnn.kernel".to_owned(), TensorData::from(numbers))].into();
    let tensors_of_step = StepTensors { weights: of([0.0, 1.0, 3.0]), gradients: of([2.0; 3]) };
    board.on_tensors(&step(2), &tensors_of_step).unwrap();
    board.on_end(&end()).unwrap();

    let shown = tensors(folder.path());
    let tags: Vec<_> = shown.iter().map(|(step, tag, ..)| (*step, tag.as_str())).collect();
    assert_eq!(tags, [(2, "weights/rnn.kernel"), (2, "gradients/rnn.kernel")]);
    for (_, _, tensor, metadata) in &shown {
        let sizes: Vec<_> = tensor.shape.as_ref().unwrap().dim.iter().map(|dim| dim.size).collect();
        assert_eq!((tensor.dtype(), sizes), (DataType::Double, vec![30, 3]));
        assert_eq!(
            (metadata.class(), metadata.plugin.as_ref().unwrap().name.as_str()),
            (DataClass::Tensor, "histograms")
        );
        let numbers: Vec<f64> =
            tensor.content.chunks(8).map(|bytes| f64::from_le_bytes(bytes.try_into().unwrap())).collect();
        assert_eq!(numbers.chunks(3).map(|row| row[2]).sum::<f64>(), 3.0, "{numbers:?}");
    }
}

#[test]
fn texts_and_pictures_stand_in_the_file_of_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let mut watching = TensorBoard::new(folder.path(), Interval::EACH);
    let board = watching.board();
    let problem = board.text("samples", 0, "too early").unwrap_err().to_string();
    assert!(problem.ends_with("a record came before the start of the run"), "{problem}");
    watching.on_start(&start(0, 0)).unwrap();
    watching.on_step(&step(1)).unwrap();
    board.text("samples", 1, "# The  prince\n\nrose").unwrap();
    board.image("plots/loss", 1, (3, 2), b"a picture").unwrap();
    watching.on_end(&end()).unwrap();
    let later = Board::open(folder.path()).unwrap();
    later.scalars(6, [("result/accuracy", 0.5)]).unwrap();

    assert_eq!(files(folder.path()).len(), 2);
    let shown = tensors(folder.path());
    let strings: Vec<Vec<_>> = shown
        .iter()
        .map(|(.., tensor, _)| {
            tensor.strings.iter().map(|text| String::from_utf8_lossy(text).into_owned()).collect()
        })
        .collect();
    assert_eq!(strings, [vec!["    # The  prince\n    \n    rose\n"], vec!["3", "2", "a picture"]]);
    let plugins: Vec<_> = shown.iter().map(|(.., metadata)| metadata.plugin.clone().unwrap().name).collect();
    assert_eq!(plugins, ["text", "images"]);
}

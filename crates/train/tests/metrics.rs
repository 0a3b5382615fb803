//! The metrics file: what its lines say, and that a resumed run leaves the file of the unbroken one.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use recurrent_train::{
    End, EpochRecord, Interval, Metrics, MetricsFile, Observer, Start, StepRecord, Stopped,
};

fn start(steps_done: u64, epochs_done: usize) -> Start {
    let mut start = Start::new(3, 2);
    (start.steps_done, start.epochs_done) = (steps_done, epochs_done);
    start
}

fn step(step: u64) -> StepRecord {
    let (epoch, within) = ((step as usize).div_ceil(2), (step as usize - 1) % 2 + 1);
    let mut record = StepRecord::new(epoch, step, within, 1.0 / step as f64);
    record.learning_rate = 6e-4;
    record.gradient_norm = (step > 1).then_some(0.5);
    record.seconds = 0.25;
    record
}

fn epoch(epoch: usize) -> EpochRecord {
    let mut record = EpochRecord::new(epoch, epoch as u64 * 2, 5.229_1e-5);
    record.validation_loss = Some(0.1);
    record.metrics = BTreeMap::from([("accuracy".to_owned(), 0.75), ("auc".to_owned(), f64::NAN)]);
    record.learning_rate = 6e-4;
    record.best = epoch == 1;
    record.seconds = 0.5;
    record
}

fn end() -> End {
    let mut end = End::new(Stopped::Epochs, 3, 6);
    (end.best_epoch, end.best_loss) = (Some(1), Some(0.1));
    end
}

/// Does the steps after `done`, up to `last`, as the loop would.
fn run(path: &Path, done: u64, last: u64) -> MetricsFile {
    let mut file = MetricsFile::new(path, Interval::EACH);
    file.on_start(&start(done, done as usize / 2)).unwrap();
    for number in done + 1..=last {
        file.on_step(&step(number)).unwrap();
        if number % 2 == 0 {
            file.on_epoch(&epoch(number as usize / 2)).unwrap();
        }
    }
    file
}

#[test]
fn each_line_is_a_record_of_its_kind() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("metrics.jsonl");
    run(&path, 0, 2).on_end(&end()).unwrap();
    insta::assert_snapshot!(fs::read_to_string(&path).unwrap(), @r#"
    {"kind":"step","epoch":1,"step":1,"step_in_epoch":1,"loss":1.0,"learning_rate":0.0006,"gradient_norm":null,"seconds":0.25}
    {"kind":"step","epoch":1,"step":2,"step_in_epoch":2,"loss":0.5,"learning_rate":0.0006,"gradient_norm":0.5,"seconds":0.25}
    {"kind":"epoch","epoch":1,"step":2,"train_loss":0.000052291,"validation_loss":0.1,"metrics":{"accuracy":0.75,"auc":null},"learning_rate":0.0006,"best":true,"seconds":0.5}
    "#);
}

#[test]
fn steps_are_written_at_the_interval_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("metrics.jsonl");
    let mut file = MetricsFile::new(&path, Interval::every(3));
    file.on_start(&start(0, 0)).unwrap();
    for number in 1..=7 {
        file.on_step(&step(number)).unwrap();
    }
    let steps: Vec<u64> = Metrics::read(&path).unwrap().steps.iter().map(|step| step.step).collect();
    assert_eq!(steps, [3, 6]);
}

#[test]
fn lines_are_in_the_file_before_the_run_ends() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("metrics.jsonl");
    let file = run(&path, 0, 4);
    assert_eq!(Metrics::read(&path).unwrap().epochs.len(), 2);
    drop(file);
}

#[test]
fn a_resumed_file_equals_the_unbroken_one_wherever_the_kill_cut_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("metrics.jsonl");
    run(&path, 0, 6).on_end(&end()).unwrap();
    let unbroken = fs::read_to_string(&path).unwrap();
    for resumed_from in 1..=6 {
        run(&path, 0, resumed_from).on_end(&end()).unwrap();
        let least = fs::metadata(&path).unwrap().len() as usize;
        for cut in [least, least + 1, least + 40, unbroken.len() - 1, unbroken.len()] {
            fs::write(&path, &unbroken[..cut.min(unbroken.len())]).unwrap();
            run(&path, resumed_from, 6).on_end(&end()).unwrap();
            assert_eq!(
                fs::read_to_string(&path).unwrap(),
                unbroken,
                "step {resumed_from}, cut at byte {cut}"
            );
        }
    }
}

/// A checkpoint taken at the last step of an epoch comes before that epoch's validation.
#[test]
fn the_line_of_an_epoch_that_is_done_again_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("metrics.jsonl");
    run(&path, 0, 4).on_end(&end()).unwrap();
    let unbroken = fs::read_to_string(&path).unwrap();
    let mut file = MetricsFile::new(&path, Interval::EACH);
    file.on_start(&start(4, 1)).unwrap();
    file.on_epoch(&epoch(2)).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), unbroken);
}

#[test]
fn a_new_run_starts_an_empty_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("metrics.jsonl");
    fs::write(&path, "not of this run").unwrap();
    run(&path, 0, 0).on_end(&end()).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "");
}

#[test]
fn records_are_read_back_and_figures_that_are_not_finite_are_absent() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("metrics.jsonl");
    run(&path, 0, 4).on_end(&end()).unwrap();
    let read = Metrics::read(&path).unwrap();
    assert_eq!(read.steps, (1..=4).map(step).collect::<Vec<_>>());
    let mut expected = epoch(2);
    expected.metrics.remove("auc");
    assert_eq!(read.epochs[1], expected);
}

#[test]
fn errors_name_the_line_and_the_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("metrics.jsonl");
    run(&path, 0, 1).on_end(&end()).unwrap();
    let good = fs::read_to_string(&path).unwrap();
    let message = |text: &str| {
        fs::write(&path, text).unwrap();
        let resumed = MetricsFile::new(&path, Interval::EACH).on_start(&start(1, 0)).unwrap_err().to_string();
        resumed.replace(folder.path().to_str().unwrap(), "RUN")
    };
    let messages = [
        message(&format!("{good}{{\"kind\":\"step\",\"epoch\"\n{good}")),
        message("{\"kind\":\"day\",\"epoch\":1,\"step\":1}\n"),
        message("\n"),
    ];
    insta::assert_snapshot!(messages.join("\n"), @r"
    RUN/metrics.jsonl: line 2, column 22: expected a record of a step or an epoch: EOF while parsing an object; remove that line to go on without it
    RUN/metrics.jsonl: line 1, column 13: expected a record of a step or an epoch: unknown variant `day`, expected `step` or `epoch`; remove that line to go on without it
    RUN/metrics.jsonl: line 1, column 0: expected a record of a step or an epoch: EOF while parsing a value; remove that line to go on without it
    ");
}

#[test]
fn a_missing_folder_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("missing/metrics.jsonl");
    let problem = MetricsFile::new(&path, Interval::EACH).on_start(&start(0, 0)).unwrap_err();
    assert_eq!(problem.to_string(), format!("cannot write {}", path.display()));
    assert!(MetricsFile::new(&path, Interval::EACH).on_epoch(&epoch(1)).is_err());
}

#[test]
fn a_file_of_any_size_goes_on_but_no_line_is_endless() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("metrics.jsonl");
    run(&path, 0, 2).on_end(&end()).unwrap();
    let kept = fs::read(&path).unwrap();
    // More than a gibibyte of records, whose blanks cost little time, of work that was lost.
    let lost = format!("{{\"kind\":\"step\",\"epoch\":9,\"step\":99{}}}\n", " ".repeat(1_000_000));
    let mut file = std::io::BufWriter::new(fs::OpenOptions::new().append(true).open(&path).unwrap());
    for _ in 0..1100 {
        std::io::Write::write_all(&mut file, lost.as_bytes()).unwrap();
    }
    drop(file);
    assert!(fs::metadata(&path).unwrap().len() > 1 << 30);
    MetricsFile::new(&path, Interval::EACH).on_start(&start(2, 1)).unwrap();
    assert_eq!(fs::read(&path).unwrap(), kept);

    fs::write(&path, " ".repeat(3 << 20)).unwrap();
    let problem = Metrics::read(&path).unwrap_err().to_string();
    assert!(problem.contains("line 1: ") && problem.contains("more than 1048576 bytes"), "{problem}");
}

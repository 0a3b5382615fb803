//! A process that is killed at any moment, without a chance to tidy up, leaves a run that goes on to the same
//! end as one that was left in peace.

mod support;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime};

use rand::RngExt;
use recurrent_backend::Seed;
use recurrent_train::{
    EpochRecord, Error, Every, Observer, Optimiser, RunFolder, Start, StepRecord, TrainConfig, Watch, Watched,
};
use support::*;

const FOLDER: &str = "RECURRENT_TRAIN_TEST_RUN";
const KILLS: usize = 20;

/// The run: long enough to be killed in, with a checkpoint as often as can be.
fn settings() -> TrainConfig {
    let watch = Watch::new(Watched::ValidationLoss);
    for_epochs(300, config(Optimiser::adam())).with_checkpoint_every(Every::Steps(1)).with_watch(watch)
}

/// Appends each record to a file at once, and drops those of lost work when the run goes on.
struct Lines(PathBuf);

impl Lines {
    fn add(&self, line: &str) -> Result<(), Error> {
        let open = std::fs::OpenOptions::new().append(true).create(true).open(&self.0);
        open.and_then(|mut file| file.write_all(line.as_bytes()))
            .map_err(|error| Error::io("write", &self.0, error))
    }
}

impl Observer for Lines {
    fn on_start(&mut self, start: &Start) -> Result<(), Error> {
        let text = std::fs::read_to_string(&self.0).unwrap_or_default();
        let kept: String = text
            .split_inclusive('\n')
            .filter(|line| line.ends_with('\n'))
            .filter(|line| {
                let record: serde_json::Value = serde_json::from_str(line).unwrap();
                match record.get("step_in_epoch") {
                    Some(_) => record["step"].as_u64().unwrap() <= start.steps_done,
                    None => record["epoch"].as_u64().unwrap() <= start.epochs_done as u64,
                }
            })
            .collect();
        recurrent_train::files::write_whole(&self.0, kept.as_bytes())
    }

    fn on_step(&mut self, step: &StepRecord) -> Result<(), Error> {
        let record = timeless(step, |step| &mut step.seconds);
        self.add(&(serde_json::to_string(&record).unwrap() + "\n"))
    }

    fn on_epoch(&mut self, epoch: &EpochRecord) -> Result<(), Error> {
        let record = timeless(epoch, |epoch| &mut epoch.seconds);
        self.add(&(serde_json::to_string(&record).unwrap() + "\n"))
    }
}

fn train(folder: &Path) {
    let run = run_folder(folder);
    let mut lines = Lines(run.metrics_file());
    let device = device();
    let batches = Sums::new(&device);
    let plain = Sums { device: device.clone().inner(), ..Sums::new(&device) };
    let config = settings();
    recurrent_train::Training::new(&config, &batches)
        .with_validation(move |model: &Tiny| {
            Ok(recurrent_train::mean_loss(model, [plain.sample(&[100, 101, 102, 103])]).unwrap().into())
        })
        .with_observer(&mut lines)
        .in_folder(&run, ARCHITECTURE)
        .run(Tiny::new(&device, HIDDEN))
        .unwrap();
}

/// Not a test of its own: what the process that is killed does.
#[test]
#[ignore = "run by the test below, in a process of its own"]
fn train_until_killed() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        train(Path::new(&folder));
    }
}

fn process(folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "train_until_killed", "--ignored"])
        .env(FOLDER, folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn records(folder: &Path) -> usize {
    std::fs::read_to_string(folder.join("metrics.jsonl")).unwrap_or_default().lines().count()
}

#[test]
fn a_killed_run_goes_on_to_the_same_end() {
    let time = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let seed = Seed(time.as_nanos() as u64);
    let mut stream = seed.stream(&[]);
    let folder = tempfile::tempdir().unwrap();
    let (whole, killed) = (folder.path().join("whole"), folder.path().join("killed"));
    train(&whole);

    for kill in 1..=KILLS {
        let mut child = process(&killed);
        if kill % 4 == 0 {
            // While it starts, reads the last checkpoint or cleans up.
            std::thread::sleep(Duration::from_micros(stream.random_range(0..40_000)));
        } else {
            // After some steps, and anywhere within one.
            let enough = records(&killed) + stream.random_range(1..50);
            while records(&killed) < enough {
                assert!(child.try_wait().unwrap().is_none(), "it ended before kill {kill}; seed {seed:?}");
                std::thread::sleep(Duration::from_millis(1));
            }
            std::thread::sleep(Duration::from_micros(stream.random_range(0..5_000)));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // Nothing a kill leaves is unreadable.
        if killed.join("config.json").exists() {
            let (run, _) = RunFolder::open::<u32>(&killed, PROGRAM).unwrap();
            let loaded = run
                .weights_file()
                .and_then(|weights| recurrent_train::load_model(Tiny::new(&device(), HIDDEN), &weights));
            if let Err(error) = loaded {
                let early = error.to_string().contains("holds no weights yet");
                assert!(early, "{error}, after kill {kill}; seed {seed:?}");
            }
        }
    }
    assert!(process(&killed).wait().unwrap().success(), "the last process failed; seed {seed:?}");
    let compare = |what: &str, a: &Path, b: &Path| {
        assert!(std::fs::read(a).unwrap() == std::fs::read(b).unwrap(), "{what} differs; seed {seed:?}");
    };
    compare("metrics", &whole.join("metrics.jsonl"), &killed.join("metrics.jsonl"));
    let (a, b) = (tensor_files(&whole.join("checkpoints")), tensor_files(&killed.join("checkpoints")));
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>(), "seed {seed:?}");
    assert!(a == b, "the final state differs; seed {seed:?}");
    let leftovers: Vec<_> = files(&killed.join("checkpoints")).into_keys().collect();
    assert_eq!(leftovers.len(), files(&whole.join("checkpoints")).len(), "{leftovers:?}; seed {seed:?}");
}

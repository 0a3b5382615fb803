//! Runs the program as a user does: the binary, real files, exit codes.
#![allow(dead_code)] // each test file uses its part

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder for one test, and the program in it.
pub(crate) struct Place(TempDir);

/// What a run of the program left on the screen.
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Options of a run that takes a second or less.
const SMALL: &str = "--data demo --preset chapter --hidden 4 --epochs 3 --batch-size 500";

/// Options of a small run, and others, which replace those that they name again.
pub(crate) fn small(others: &str) -> String {
    let words: Vec<_> = SMALL.split_whitespace().collect();
    let kept = words.chunks(2).filter(|pair| !others.split_whitespace().any(|word| word == pair[0]));
    kept.map(|pair| pair.join(" ") + " ").collect::<String>() + others
}

impl Place {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).expect("a file in the temporary folder");
    }

    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stock-gru"));
        command.args(line.split_whitespace()).current_dir(self.0.path()).stdin(Stdio::null());
        command.env_remove("RUST_LOG").env_remove("RUST_BACKTRACE");
        command
    }

    /// Starts the program, with nothing on the screen.
    pub(crate) fn start(&self, line: &str) -> Child {
        let mut command = self.command(line);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts")
    }

    /// Runs the program in the folder; `<dir>` stands for the folder in what it says.
    pub(crate) fn run(&self, line: &str) -> Said {
        let Output { status, stdout, stderr } = self.command(line).output().expect("the program starts");
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).expect("the program writes UTF-8");
            text.replace(&*self.0.path().to_string_lossy(), "<dir>")
        };
        let said = Said { code: status.code(), out: text(stdout), err: text(stderr) };
        for word in ["panicked", "BACKTRACE", "backtrace", "::", "Error"] {
            assert!(!said.err.contains(word), "`{line}` speaks of its inside:\n{}", said.err);
        }
        said
    }

    /// Runs the program and asserts that it succeeds.
    pub(crate) fn succeed(&self, line: &str) -> Said {
        let said = self.run(line);
        assert_eq!(said.code, Some(0), "`{line}` failed:\n{}", said.err);
        said
    }

    /// What a successful run printed as JSON, where the options ask for that.
    pub(crate) fn printed(&self, line: &str) -> Value {
        let said = self.succeed(line);
        assert_eq!(said.out.lines().count(), 1, "`{line}` printed more than one line:\n{}", said.out);
        serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("`{line}`: {error}\n{}", said.out))
    }

    /// The complaint about a wrong command line, which ends with exit code 2.
    pub(crate) fn wrong_usage(&self, line: &str) -> String {
        let said = self.run(line);
        assert_eq!(said.code, Some(2), "`{line}` said:\n{}{}", said.out, said.err);
        said.err.lines().next().unwrap_or_default().to_owned()
    }

    /// The complaint about a run that fails with exit code 1.
    pub(crate) fn complaint(&self, line: &str) -> String {
        let said = self.run(line);
        assert_eq!(said.code, Some(1), "`{line}` said:\n{}{}", said.out, said.err);
        said.err
    }

    pub(crate) fn json(&self, name: &str) -> Value {
        let path = self.path(name);
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The name and bytes of a run's weights.
    pub(crate) fn weights(&self, run: &str) -> (String, Vec<u8>) {
        let mut found: Vec<_> = fs::read_dir(self.path(run).join("checkpoints"))
            .expect("a folder of checkpoints")
            .map(|entry| entry.expect("a readable folder").path())
            .filter(|path| {
                name(path).starts_with("weights") && path.extension().is_some_and(|e| e == "safetensors")
            })
            .collect();
        assert_eq!(found.len(), 1, "one file of weights: {found:?}");
        let path = found.remove(0);
        (name(&path), fs::read(&path).expect("readable weights"))
    }

    /// A run's summary without what differs from run to run.
    pub(crate) fn figures(&self, run: &str) -> Value {
        let mut summary = self.json(&format!("{run}/summary.json"));
        let fields = summary.as_object_mut().expect("an object");
        for field in ["seconds_per_epoch", "peak_memory_bytes"] {
            assert!(fields.remove(field).is_some(), "the summary has {field}");
        }
        fields["data"]["path"].take();
        summary
    }

    /// The epochs in a run's metrics, without their times.
    pub(crate) fn epochs(&self, run: &str) -> Vec<Value> {
        let text = fs::read_to_string(self.path(run).join("metrics.jsonl")).expect("readable metrics");
        let epochs = text.lines().map(|line| {
            let mut epoch: Value = serde_json::from_str(line).expect("a line of JSON");
            epoch.as_object_mut().expect("an object").retain(|name, _| !name.contains("second"));
            epoch
        });
        epochs.collect()
    }

    /// All files of a run.
    fn files(&self, run: &str) -> Vec<PathBuf> {
        let (mut files, mut folders) = (Vec::new(), vec![self.path(run)]);
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).into_iter().flatten() {
                let path = entry.expect("a readable folder").path();
                if path.is_dir() { folders.push(path) } else { files.push(path) }
            }
        }
        files
    }

    /// The size of a run's files.
    pub(crate) fn kilobytes(&self, run: &str) -> u64 {
        self.files(run).iter().map(|file| fs::metadata(file).expect("a file").len()).sum::<u64>() / 1024
    }

    /// Asserts that every JSON file of a run is whole; returns how many there are.
    pub(crate) fn assert_whole(&self, run: &str) -> usize {
        let mut seen = 0;
        for path in self.files(run) {
            let ending = path.extension().and_then(|ending| ending.to_str());
            if !matches!(ending, Some("json" | "jsonl")) {
                continue;
            }
            let text = fs::read_to_string(&path).expect("readable JSON");
            let texts = if ending == Some("json") { vec![&*text] } else { text.lines().collect() };
            for text in texts {
                let read = serde_json::from_str::<Value>(text);
                assert!(read.is_ok(), "{}: {:?}\n{text}", path.display(), read.err());
            }
            seen += 1;
        }
        seen
    }

    /// Asserts that two runs came to the same figures, epochs and weights, to the last bit.
    pub(crate) fn assert_equal(&self, run: &str, other: &str) {
        assert_eq!(self.figures(run), self.figures(other), "the figures of `{run}` and `{other}`");
        assert_eq!(self.epochs(run), self.epochs(other), "the epochs of `{run}` and `{other}`");
        assert!(self.weights(run) == self.weights(other), "the weights of `{run}` and `{other}` differ");
    }
}

fn name(path: &Path) -> String {
    path.file_name().expect("a file").to_string_lossy().into_owned()
}

/// A price file of so many days, whose prices rise and fall. The last is a Thursday for 400 days: 2002-03-08.
pub(crate) fn csv(days: usize) -> String {
    let mut text = String::from("Date,Open,High,Low,Close,Adj Close,Volume\n");
    for day in 0..days {
        let (year, month, date) = (2001 + day / 336, day / 28 % 12 + 1, day % 28 + 1);
        let price = 100.0 + (day as f64 * 0.7).sin() * 5.0 + day as f64 * 0.01;
        text += &format!(
            "{year}-{month:02}-{date:02},{price:.3},{:.3},{:.3},{price:.3},{price:.3},1000\n",
            price + 1.0,
            price - 1.0
        );
    }
    text
}

/// Checksums follow from weights and paths, which differ from machine to machine.
pub(crate) fn without_hashes(text: &str) -> String {
    let words = text.split(' ').map(|word| match word.find('…') {
        Some(end) => format!("<hash>{}", &word[end..]),
        None => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

//! Runs the program as a user does: the binary, real files, exit codes.
#![allow(dead_code)] // each test file uses its part

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

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
pub(crate) const SMALL: &str = "--data demo --preset chapter --hidden 4 --epochs 3 --batch-size 500";

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

    /// Runs the program in the folder; `<dir>` stands for the folder in what it says.
    pub(crate) fn run(&self, line: &str) -> Said {
        let Output { status, stdout, stderr } = self.command(line).output().expect("the program starts");
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).expect("the program writes UTF-8");
            text.replace(&*self.0.path().to_string_lossy(), "<dir>")
        };
        let said = Said { code: status.code(), out: text(stdout), err: text(stderr) };
        for word in ["panicked", "RUST_BACKTRACE", "stack backtrace"] {
            assert!(!said.err.contains(word), "`{line}` panicked:\n{}", said.err);
        }
        said
    }

    /// Runs the program and asserts that it succeeds.
    pub(crate) fn succeed(&self, line: &str) -> Said {
        let said = self.run(line);
        assert_eq!(said.code, Some(0), "`{line}` failed:\n{}", said.err);
        said
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
        summary
    }
}

fn name(path: &Path) -> String {
    path.file_name().expect("a file").to_string_lossy().into_owned()
}

/// A price file of so many days, whose prices rise and fall.
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

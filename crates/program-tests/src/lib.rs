//! Runs a program as a user does: the binary, real files, exit codes. A test's own failures are panics.

pub mod browser;
pub mod http;
pub mod page;
pub mod peers;
pub mod ranks;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder for one test, and the program in it.
#[derive(Debug)]
pub struct Place {
    folder: TempDir,
    binary: &'static str,
}

/// What a run of the program left on the screen.
#[derive(Debug)]
pub struct Said {
    /// The exit code; none after a signal.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Place {
    /// An empty folder for the program of that path.
    pub fn new(binary: &'static str) -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder"), binary }
    }

    /// A path within the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file in the folder.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).expect("a file in the temporary folder");
    }

    /// The program with a line of options, which blanks part.
    pub fn command(&self, line: &str) -> Command {
        let mut command = Command::new(self.binary);
        command.args(line.split_whitespace()).current_dir(self.folder.path()).stdin(Stdio::null());
        // What is kept for the next run stays in the folder, and nothing of another one is there.
        command.env("XDG_CACHE_HOME", self.folder.path().join("cache"));
        command.env_remove("RUST_LOG").env_remove("RUST_BACKTRACE");
        command
    }

    /// Starts the program, with nothing on the screen.
    pub fn start(&self, line: &str) -> Child {
        let mut command = self.command(line);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts")
    }

    /// Starts the program as a server, on a port that is free.
    pub fn serve(&self, line: &str) -> http::Served {
        let mut command = self.command(&format!("serve --port 0 --quiet {line}"));
        http::Served::new(command.stdout(Stdio::piped()).spawn().expect("the program starts"))
    }

    /// Runs the program in the folder; `<dir>` stands for the folder in what it says.
    pub fn run(&self, line: &str) -> Said {
        let said = self.said(self.command(line));
        for word in ["panicked", "BACKTRACE", "backtrace", "::", "Error"] {
            assert!(!said.err.contains(word), "`{line}` speaks of its inside:\n{}", said.err);
        }
        said
    }

    /// Runs a command in the folder; `<dir>` stands for the folder in what it says.
    pub(crate) fn said(&self, mut command: Command) -> Said {
        let Output { status, stdout, stderr } = command.output().expect("the program starts");
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).expect("the program writes UTF-8");
            text.replace(&*self.folder.path().to_string_lossy(), "<dir>")
        };
        Said { code: status.code(), out: text(stdout), err: text(stderr) }
    }

    /// Runs the program and asserts that it succeeds.
    pub fn succeed(&self, line: &str) -> Said {
        let said = self.run(line);
        assert_eq!(said.code, Some(0), "`{line}` failed:\n{}", said.err);
        said
    }

    /// What a successful run printed as JSON, where the options ask for that.
    pub fn printed(&self, line: &str) -> Value {
        let said = self.succeed(line);
        assert_eq!(said.out.lines().count(), 1, "`{line}` printed more than one line:\n{}", said.out);
        serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("`{line}`: {error}\n{}", said.out))
    }

    /// The complaint about a wrong command line, which ends with exit code 2.
    pub fn wrong_usage(&self, line: &str) -> String {
        let said = self.run(line);
        assert_eq!(said.code, Some(2), "`{line}` said:\n{}{}", said.out, said.err);
        said.err.lines().next().unwrap_or_default().to_owned()
    }

    /// The complaint about a run that fails with exit code 1.
    pub fn complaint(&self, line: &str) -> String {
        let said = self.run(line);
        assert_eq!(said.code, Some(1), "`{line}` said:\n{}{}", said.out, said.err);
        said.err
    }

    /// A JSON file of the folder.
    pub fn json(&self, name: &str) -> Value {
        let path = self.path(name);
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The name and bytes of a run's weights.
    pub fn weights(&self, run: &str) -> (String, Vec<u8>) {
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
    pub fn figures(&self, run: &str) -> Value {
        let mut summary = self.json(&format!("{run}/summary.json"));
        let fields = summary.as_object_mut().expect("an object");
        for field in ["seconds_per_epoch", "peak_memory_bytes", "ranks", "waiting"] {
            assert!(fields.remove(field).is_some(), "the summary has {field}");
        }
        fields["data"]["path"].take();
        for stage in ["pretraining", "teacher"] {
            if let Some(facts) = fields.get_mut(stage) {
                assert!(facts["seconds"].take().is_number(), "the time of the {stage}");
            }
        }
        summary
    }

    /// The epochs in a run's metrics, without their times.
    pub fn epochs(&self, run: &str) -> Vec<Value> {
        let text = fs::read_to_string(self.path(run).join("metrics.jsonl")).expect("readable metrics");
        let epochs = text.lines().map(|line| {
            let mut epoch: Value = serde_json::from_str(line).expect("a line of JSON");
            epoch.as_object_mut().expect("an object").retain(|name, _| !name.contains("second"));
            epoch
        });
        epochs.collect()
    }

    /// All files of a run.
    pub(crate) fn files(&self, run: &str) -> Vec<PathBuf> {
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
    pub fn kilobytes(&self, run: &str) -> u64 {
        self.files(run).iter().map(|file| fs::metadata(file).expect("a file").len()).sum::<u64>() / 1024
    }

    /// Asserts that every JSON file of a run is whole; returns how many there are.
    pub fn assert_whole(&self, run: &str) -> usize {
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
    pub fn assert_equal(&self, run: &str, other: &str) {
        assert_eq!(self.figures(run), self.figures(other), "the figures of `{run}` and `{other}`");
        assert_eq!(self.epochs(run), self.epochs(other), "the epochs of `{run}` and `{other}`");
        assert!(self.weights(run) == self.weights(other), "the weights of `{run}` and `{other}` differ");
    }
}

fn name(path: &Path) -> String {
    path.file_name().expect("a file").to_string_lossy().into_owned()
}

/// Checksums follow from weights and paths, which differ from machine to machine.
pub fn without_hashes(text: &str) -> String {
    let words = text.split(' ').map(|word| match word.find('…') {
        Some(end) => format!("<hash>{}", &word[end..]),
        None => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// What `--help` prints after some words, at 100 columns.
pub fn help(mut command: clap::Command, words: &[&str]) -> String {
    let name = command.get_name().to_owned();
    let line = [name.as_str()].into_iter().chain(words.iter().copied()).chain(["--help"]);
    command = command.term_width(100);
    let error = command.try_get_matches_from(line).expect_err("help ends the program");
    assert_eq!(error.exit_code(), 0);
    let text = error.to_string();
    for line in text.lines() {
        assert!(line.chars().count() <= 100, "too long: {line}");
    }
    text
}

/// Asserts that every address in a page is a place within it, part of it, or a name of a language.
pub fn assert_loads_nothing(page: &Path) {
    let text = fs::read_to_string(page).expect("a readable page");
    for outside in ["<script", "<link", "<iframe", "@import", "url(http", "url(//"] {
        assert!(!text.contains(outside), "the page loads something: {outside}");
    }
    for attribute in [" src=\"", " href=\""] {
        for (at, _) in text.match_indices(attribute) {
            let address = text[at + attribute.len()..].split('"').next().unwrap_or_default();
            let within = address.starts_with('#') || address.starts_with("data:");
            assert!(within, "the page refers to {address}");
        }
    }
}

//! `cargo xtask outside`: builds and runs the crate in `examples/outside` as somebody else would have it, on three models that
//! the programs have just trained, and checks what is linked into it.
//!
//! It is a check, not a task of its own, so `--help` does not list it.

use std::{
    fmt::Write as _,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use thiserror::Error;

use crate::cargo;

/// Packages of programs, which a library must not bring along.
const OF_PROGRAMS: &[&str] = &["clap", "clap_builder", "indicatif"];

/// What the crate prints: a label, 6 words, a text, its score, 12 characters, 5 days.
const LINES: usize = 1 + 6 + 1 + 1 + 12 + 5;

/// The programs, and the options that train a small model within a second or two on the file of that name.
const RUNS: &[(&str, &str, &str)] = &[
    (
        "imdb-bilstm",
        "reviews.csv",
        "--embedding 8 --hidden 8 --epochs 1 --batch-size 8 --length 24 --num-words 60 --skip-top 0 --bucket 3",
    ),
    ("text-rnn", "novel.txt", "--hidden 16 --epochs 1 --batch-size 4 --window 20 --sample-length 40"),
    ("stock-gru", "prices.csv", "--hidden 4 --epochs 1"),
];

/// Why the check failed.
#[derive(Debug, Error)]
pub enum OutsideError {
    /// A file cannot be written, or cargo cannot be started.
    #[error("the crate outside the workspace cannot be checked")]
    Io(#[from] io::Error),
    /// A command failed; what it wrote stands above.
    #[error("`cargo {0}` failed")]
    Failed(String),
    /// A package is linked that belongs to programs.
    #[error(
        "the crate outside the workspace links {0}, which belongs to programs; see `cargo tree --invert {0}` there"
    )]
    Linked(String),
    /// Burn was built again for it.
    #[error(
        "{0} was built again for the crate outside the workspace; its features or profile differ from the workspace's"
    )]
    BuiltAgain(String),
    /// It printed something else than expected.
    #[error("the crate outside the workspace printed {found} lines, expected {LINES}:\n{text}")]
    Lines {
        /// So many.
        found: usize,
        /// All of them.
        text: String,
    },
    /// A model's file does not give what its run's folder gives.
    #[error(
        "models loaded from their files say something else than those from folders:\n{files}\nfrom folders:\n{folders}"
    )]
    Different {
        /// Said by the files.
        files: String,
        /// Said by the folders.
        folders: String,
    },
}

/// Trains, builds, runs and checks. What the crate printed goes to `out`.
///
/// # Errors
/// A command fails, or what it did is not what is asked of the crate.
pub fn run(out: &mut dyn Write) -> Result<(), OutsideError> {
    let place = tempfile::tempdir()?;
    train(place.path())?;
    let outside = Outside::new()?;
    outside.check_links()?;
    outside.build()?;
    let csv = place.path().join("prices.csv");
    let from = |file: &str| {
        let models = RUNS.iter().map(|(program, ..)| place.path().join(program).join(file));
        outside.said(&models.chain([csv.clone()]).collect::<Vec<_>>())
    };
    let folders = from("")?;
    // The files are all that there is of the models then.
    for (program, ..) in RUNS {
        fs::remove_file(place.path().join(program).join("config.json"))?;
    }
    let files = from("model.safetensors")?;
    if files != folders {
        return Err(OutsideError::Different { files, folders });
    }
    let found = folders.lines().count();
    if found != LINES {
        return Err(OutsideError::Lines { found, text: folders });
    }
    out.write_all(folders.as_bytes())?;
    Ok(())
}

/// Trains a small model with each program, in a folder of the program's name.
fn train(place: &Path) -> Result<(), OutsideError> {
    fs::write(place.join("reviews.csv"), reviews())?;
    fs::write(place.join("novel.txt"), novel())?;
    fs::write(place.join("prices.csv"), prices())?;
    for (program, data, options) in RUNS {
        let mut command = cargo::command();
        command.args(["run", "--locked", "--quiet", "--package", *program, "--", "train", "--quiet"]);
        command
            .args(options.split(' '))
            .arg("--data")
            .arg(place.join(data))
            .arg("--run")
            .arg(place.join(program));
        output(&mut command)?;
    }
    Ok(())
}

/// The crate outside, with the lock file of the workspace.
struct Outside {
    manifest: PathBuf,
    target: PathBuf,
}

impl Outside {
    fn new() -> Result<Self, OutsideError> {
        let root = cargo::workspace_root();
        let folder = root.join("examples/outside");
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        Ok(Self { manifest: folder.join("Cargo.toml"), target: cargo::target_folder()? })
    }

    /// `cargo WORD` for it, by the lock file. Of that the packages fall away that the crate does not use, so it cannot be
    /// `--locked`; `--offline` makes sure that no other ones come in.
    fn cargo(&self, word: &str) -> Command {
        let mut command = cargo::command();
        command.args([word, "--offline", "--manifest-path"]).arg(&self.manifest);
        command
    }

    fn check_links(&self) -> Result<(), OutsideError> {
        let tree = output(self.cargo("tree").args(["--edges", "normal", "--prefix", "none"]))?;
        let tree = String::from_utf8_lossy(&tree.stdout);
        let mut packages = tree.lines().filter_map(|line| line.split(' ').next());
        match packages.find(|package| OF_PROGRAMS.contains(package)) {
            Some(package) => Err(OutsideError::Linked(package.to_owned())),
            None => Ok(()),
        }
    }

    fn build(&self) -> Result<(), OutsideError> {
        let built = output(self.cargo("build").arg("--target-dir").arg(&self.target))?;
        let told = String::from_utf8_lossy(&built.stderr);
        let mut compiled = told.lines().filter_map(|line| line.trim_start().strip_prefix("Compiling "));
        match compiled.find(|package| package.starts_with("burn")) {
            Some(package) => Err(OutsideError::BuiltAgain(package.to_owned())),
            None => Ok(()),
        }
    }

    /// What it prints about these models and the price file.
    fn said(&self, paths: &[PathBuf]) -> Result<String, OutsideError> {
        let run = output(
            self.cargo("run").arg("--quiet").arg("--target-dir").arg(&self.target).arg("--").args(paths),
        )?;
        Ok(String::from_utf8_lossy(&run.stdout).into_owned())
    }
}

/// Runs a command of cargo's to its end. If it fails, all that it wrote is shown.
fn output(command: &mut Command) -> Result<Output, OutsideError> {
    let output = command.stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(output);
    }
    io::stderr().write_all(&output.stdout)?;
    io::stderr().write_all(&output.stderr)?;
    let words: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
    Err(OutsideError::Failed(words.join(" ")))
}

/// Reviews in two columns, praise and blame in turn.
fn reviews() -> String {
    let mut table = "text,label\n".to_owned();
    for number in 0..200 {
        let praises = number % 2;
        let word = [["bad", "dull", "silly"], ["good", "fine", "moving"]][praises][number % 3];
        writeln!(table, "\"Not the worst of his films, number {}. It was {word}.\",{praises}", number % 11)
            .expect("a string grows");
    }
    table
}

/// A text with the characters that the crate's own text and prime have.
fn novel() -> String {
    let verbs = ["sees", "hears", "seeks", "finds"];
    (0..200)
        .map(|number| format!("Well, Prince. The {} dogs {} it.\n", number % 7, verbs[number % 4]))
        .collect()
}

/// Daily prices that rise and fall.
fn prices() -> String {
    let mut table = "Date,Open,High,Low,Close,Adj Close,Volume\n".to_owned();
    for day in 0..300 {
        let (year, month, date) = (2001 + day / 336, day / 28 % 12 + 1, day % 28 + 1);
        let price = 100.0 + (f64::from(day) * 0.7).sin() * 5.0 + f64::from(day) * 0.01;
        writeln!(
            table,
            "{year}-{month:02}-{date:02},{price:.3},{price:.3},{price:.3},{price:.3},{price:.3},1000"
        )
        .expect("a string grows");
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of a manifest's sections for the development profile, without comments.
    fn profile(manifest: &str) -> Vec<String> {
        let text = fs::read_to_string(cargo::workspace_root().join(manifest)).expect("a manifest");
        let mut within = false;
        let lines = text.lines().filter(|line| {
            if line.starts_with('[') {
                within = line.starts_with("[profile.dev");
            }
            within && !line.is_empty() && !line.starts_with('#')
        });
        lines.map(str::to_owned).collect()
    }

    #[test]
    fn the_crate_outside_has_the_profile_of_the_workspace() {
        let own = profile("Cargo.toml");
        assert!(own.len() > 10, "{own:?}");
        assert_eq!(profile("examples/outside/Cargo.toml"), own);
    }
}

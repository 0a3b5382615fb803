//! `export`: what the three programs say and refuse alike when they write a model for another framework.

use std::fs;
use std::path::{Path, PathBuf};

use recurrent_exchange::Exported;
use serde::Serialize;

use crate::flags::ExportFlags;
use crate::{Failure, Screen};

/// What was written, as `--format json` has it.
#[derive(Serialize)]
struct Written {
    program: &'static str,
    run: String,
    file: String,
    format: &'static str,
    bytes: u64,
    example: String,
}

/// Writes a model where the options say, and prints the few lines of Python that use it. `notes` are good to know.
///
/// # Errors
/// The file is part of the run itself, or cannot be written.
pub fn write_export(
    program: &'static str,
    flags: &ExportFlags,
    exported: &Exported,
    notes: &[&str],
    screen: &Screen,
) -> Result<(), Failure> {
    let ExportFlags { run, to, .. } = flags;
    refuse_own(run, to)?;
    exported.write(to)?;
    let bytes = fs::metadata(to)?.len();
    notes.iter().for_each(|note| screen.note(note));
    let format = flags.form()?.name();
    screen.note(&format!("{}: {} KiB for {format}; in Python:\n", to.display(), bytes.div_ceil(1024)));
    let example = exported.example(to);
    let [run, file] = [run, to].map(|path| path.display().to_string());
    screen.result(&Written { program, run, file, format, bytes, example: example.clone() }, &example)
}

/// Refuses to write over the model itself, or any other file of its run.
pub(crate) fn refuse_own(run: &Path, to: &Path) -> Result<(), OwnFile> {
    let real = |path: &Path| fs::canonicalize(path).ok();
    match (real(run), real(to)) {
        (Some(run), Some(file)) if file.starts_with(&run) => Err(OwnFile(to.to_owned())),
        _ => Ok(()),
    }
}

/// A file that is part of the run.
#[derive(Debug, thiserror::Error)]
#[error("{}: is a file of the run itself; choose another name with `--to FILE`", .0.display())]
pub(crate) struct OwnFile(PathBuf);

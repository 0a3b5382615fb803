//! `export`: what the three programs say and refuse alike when they write a model for another framework, or as a page.

use std::fs;
use std::path::{Path, PathBuf};

use recurrent_exchange::{Exported, Form};
use recurrent_page::{Runtime, Standalone};
use recurrent_train::files::write_whole;
use serde::Serialize;

use crate::flags::ExportFlags;
use crate::{Advised, Failure, Screen};

/// What was written, as `--format json` has it.
#[derive(Serialize)]
struct Written {
    program: &'static str,
    run: String,
    file: String,
    format: &'static str,
    bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    example: Option<String>,
}

/// Writes a model where the options say, and prints the few lines of Python that use it. `notes` are good to know.
///
/// # Errors
/// The file is part of the run itself, or cannot be written.
pub fn write_export(
    program: &'static str,
    flags: &ExportFlags,
    form: Form,
    exported: &Exported,
    notes: &[&str],
    screen: &Screen,
) -> Result<(), Failure> {
    let ExportFlags { run, to, .. } = flags;
    refuse_own(run, to)?;
    exported.write(to)?;
    notes.iter().for_each(|note| screen.note(note));
    let example = exported.example(to);
    let written = Written { example: Some(example.clone()), ..Written::new(program, flags, form.name())? };
    screen.note(&format!("{} for {}; in Python:\n", written.size(), written.format));
    screen.result(&written, &example)
}

/// Writes a model as a page that answers by itself where the options say.
///
/// # Errors
/// The file is part of the run itself or cannot be written, or ONNX Runtime Web is not where it was looked for.
pub fn write_standalone(
    program: &'static str,
    flags: &ExportFlags,
    page: &Standalone,
    screen: &Screen,
) -> Result<(), Failure> {
    refuse_own(&flags.run, &flags.to)?;
    let runtime = Runtime::open(flags.runtime()).map_err(|error| {
        let options =
            "`cargo xtask fetch-data --only onnxruntime-web`, or name the package with `--runtime PATH`";
        Advised::new(error, options)
    })?;
    write_whole(&flags.to, page.html(&runtime).as_bytes())?;
    let written = Written::new(program, flags, "page")?;
    screen.result(
        &written,
        &format!("{}; open it in a browser: it needs no server and no network", written.size()),
    )
}

impl Written {
    fn new(program: &'static str, flags: &ExportFlags, format: &'static str) -> Result<Self, Failure> {
        let [run, file] = [&flags.run, &flags.to].map(|path| path.display().to_string());
        let bytes = fs::metadata(&flags.to)?.len();
        Ok(Self { program, run, file, format, bytes, example: None })
    }

    /// The file with its size.
    fn size(&self) -> String {
        format!("{}: {} KiB", self.file, self.bytes.div_ceil(1024))
    }
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

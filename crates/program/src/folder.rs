//! Where a new run goes.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// No run can be put where runs go by default.
#[derive(Debug, thiserror::Error)]
#[error("cannot create a run in `{}`; name another folder with `--run`", folder.display())]
pub struct NoRoom {
    folder: PathBuf,
    source: io::Error,
}

/// The folder that was asked for, or else `runs/PROGRAM-N`, with the next number that is free.
///
/// # Errors
/// `runs` cannot be made or read.
pub fn new_folder(program: &str, asked: Option<&Path>) -> Result<PathBuf, NoRoom> {
    if let Some(folder) = asked {
        return Ok(folder.to_owned());
    }
    let runs = Path::new("runs");
    let no_room = |source| NoRoom { folder: runs.to_owned(), source };
    fs::create_dir_all(runs).map_err(no_room)?;
    let taken = fs::read_dir(runs).map_err(no_room)?.flatten().filter_map(|entry| {
        entry.file_name().to_str()?.strip_prefix(program)?.strip_prefix('-')?.parse::<u32>().ok()
    });
    Ok(runs.join(format!("{program}-{}", taken.max().unwrap_or(0) + 1)))
}

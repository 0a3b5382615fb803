//! Where a new run goes.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder that was asked for, or else `runs/PROGRAM-N`, with the next number that is free.
///
/// # Errors
/// `runs` cannot be made or read.
pub fn new_folder(program: &str, asked: Option<&Path>) -> std::io::Result<PathBuf> {
    if let Some(folder) = asked {
        return Ok(folder.to_owned());
    }
    let runs = Path::new("runs");
    fs::create_dir_all(runs)?;
    let taken = fs::read_dir(runs)?.flatten().filter_map(|entry| {
        entry.file_name().to_str()?.strip_prefix(program)?.strip_prefix('-')?.parse::<u32>().ok()
    });
    Ok(runs.join(format!("{program}-{}", taken.max().unwrap_or(0) + 1)))
}

//! What this crate deliberately lacks.

use std::fs;
use std::path::{Path, PathBuf};

fn manifest_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The names of the dependencies, those of tests included.
fn dependencies() -> Vec<String> {
    let manifest = fs::read_to_string(manifest_folder().join("Cargo.toml")).unwrap();
    let mut in_dependencies = false;
    let mut names = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            in_dependencies = line.contains("dependencies");
            // A table of its own for one dependency: `[dependencies.name]`.
            names.extend(
                line.trim_end_matches(']').split_once("dependencies.").map(|(_, name)| name.to_owned()),
            );
        } else if in_dependencies && !line.trim().is_empty() {
            names.push(line.split(['.', ' ', '=']).next().unwrap().to_owned());
        }
    }
    names
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

#[test]
fn it_knows_no_command_line_and_no_other_task() {
    let names = dependencies();
    assert!(names.iter().any(|name| name == "recurrent-train"), "read wrongly: {names:?}");
    for unwanted in ["clap", "indicatif", "recurrent-program", "recurrent-forecaster", "recurrent-classifier"]
    {
        assert!(!names.iter().any(|name| name == unwanted), "a language model has no use for {unwanted}");
    }
}

#[test]
fn it_prints_nothing_and_speaks_of_no_option() {
    let files = sources(&manifest_folder().join("src"));
    assert!(files.len() > 10, "{files:?}");
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for unwanted in ["println!", "print!(", "std::env", "process::exit", "`--"] {
            assert!(!text.contains(unwanted), "{}: `{unwanted}`", file.display());
        }
    }
}

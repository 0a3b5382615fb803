//! What this crate deliberately lacks.

use std::fs;
use std::path::Path;

/// The lines of the tables of dependencies.
fn dependencies() -> Vec<String> {
    let manifest = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).unwrap();
    let mut in_dependencies = false;
    let mut found = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            in_dependencies = line.contains("dependencies");
            // A table of its own for one dependency: `[dependencies.name]`.
            found.extend(
                line.trim_end_matches(']').split_once("dependencies.").map(|(_, name)| name.to_owned()),
            );
        } else if in_dependencies && !line.trim().is_empty() {
            found.push(line.to_owned());
        }
    }
    found
}

#[test]
fn no_dependency_is_a_command_line_or_another_task() {
    let dependencies = dependencies();
    assert!(dependencies.iter().any(|line| line.starts_with("burn")), "read wrongly: {dependencies:?}");
    for other in [
        "clap",
        "recurrent-program",
        "recurrent-forecaster",
        "recurrent-language-model",
        "indicatif",
        "mimalloc",
    ] {
        assert!(!dependencies.iter().any(|line| line.starts_with(other)), "this crate depends on {other}");
    }
}

#[test]
fn nothing_is_printed_and_no_option_is_named() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let text = fs::read_to_string(&path).unwrap();
            for word in ["println!", "print!", "stdout", "stderr", "std::process", "std::env", "`--"] {
                assert!(!text.contains(word), "{} has `{word}`", path.display());
            }
        }
    }
    assert!(files > 20, "read wrongly: {files} files");
}

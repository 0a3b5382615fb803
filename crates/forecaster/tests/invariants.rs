//! What this crate deliberately lacks.

use std::fs;
use std::path::{Path, PathBuf};

const HERE: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn it_knows_no_command_line_and_no_other_task() {
    let manifest = fs::read_to_string(Path::new(HERE).join("Cargo.toml")).unwrap();
    let (_, dependencies) = manifest.split_once("[dependencies]").unwrap();
    let names: Vec<&str> = dependencies
        .lines()
        .filter(|line| line.contains('='))
        .map(|line| line.split(['.', ' ', '=']).next().unwrap())
        .collect();
    assert!(names.contains(&"burn") && names.contains(&"recurrent-train"), "read wrongly: {names:?}");
    for name in ["clap", "recurrent-program", "recurrent-language-model", "recurrent-classifier"] {
        assert!(!names.contains(&name), "{name} is a dependency");
    }
}

#[test]
fn it_prints_nothing_and_names_no_option() {
    let sources: Vec<PathBuf> =
        fs::read_dir(Path::new(HERE).join("src")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(sources.len() > 10, "read wrongly: {sources:?}");
    for source in sources {
        let text = fs::read_to_string(&source).unwrap();
        for word in ["print!", "println!", "dbg!", "`--"] {
            assert!(!text.contains(word), "{}: {word}", source.display());
        }
    }
}

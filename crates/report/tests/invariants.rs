//! What this crate deliberately lacks.

#[test]
fn no_dependency_is_burn_or_of_this_workspace() {
    let manifest = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).unwrap();
    let mut in_dependencies = false;
    let mut dependencies = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            in_dependencies = line.contains("dependencies");
            // A table of its own for one dependency: `[dependencies.name]`.
            dependencies.extend(line.trim_end_matches(']').split_once("dependencies.").map(|(_, name)| name));
        } else if in_dependencies && !line.trim().is_empty() {
            dependencies.push(line);
        }
    }
    assert!(dependencies.iter().any(|line| line.starts_with("plotters")), "read wrongly: {dependencies:?}");
    for unwanted in ["burn", "recurrent-", "path"] {
        let found: Vec<_> = dependencies.iter().filter(|line| line.contains(unwanted)).collect();
        assert!(found.is_empty(), "{unwanted}: {found:?}");
    }
}

#[test]
fn nothing_is_written_or_printed() {
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for unwanted in ["std::fs", "std::path", "std::io", "std::env", "print!", "println!"] {
                assert!(!text.contains(unwanted), "{}: {unwanted}", path.display());
            }
            read += 1;
        }
    }
    assert!(read > 10, "{read} files");
}

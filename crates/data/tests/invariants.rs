//! What this crate deliberately lacks.

#[test]
fn no_dependency_is_burn() {
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
    assert!(dependencies.iter().any(|line| line.starts_with("polars")), "read wrongly: {dependencies:?}");
    let burn: Vec<_> = dependencies.iter().filter(|line| line.contains("burn")).collect();
    assert!(burn.is_empty(), "this crate knows no Burn, but depends on {burn:?}");
    let own = dependencies.iter().filter(|line| line.contains("recurrent-")).count();
    assert_eq!(own, 0, "another crate of the workspace would bring Burn with it");
}

//! What this crate deliberately lacks.

#[test]
fn no_dependency_is_burn_clap_or_a_crate_that_brings_them() {
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
    assert!(dependencies.iter().any(|line| line.starts_with("statrs")), "read wrongly: {dependencies:?}");
    for line in dependencies {
        assert!(!line.contains("burn") && !line.contains("clap"), "{line}");
        assert!(!line.contains("recurrent-") || line.starts_with("recurrent-seed."), "{line}");
    }
}

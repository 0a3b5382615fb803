//! What this crate deliberately lacks.

#[test]
fn no_dependency_is_burn_or_a_crate_that_brings_it() {
    let manifest = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).unwrap();
    let dependencies: Vec<&str> =
        manifest.lines().filter(|line| line.contains(".workspace = true")).collect();
    assert!(dependencies.iter().any(|line| line.starts_with("statrs")), "read wrongly: {dependencies:?}");
    for line in dependencies {
        assert!(!line.starts_with("burn"), "{line}");
        assert!(!line.starts_with("recurrent-") || line.starts_with("recurrent-seed"), "{line}");
    }
}

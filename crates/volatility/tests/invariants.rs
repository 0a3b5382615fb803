//! What this crate deliberately lacks.

#[test]
fn no_dependency_is_burn_clap_or_a_crate_that_brings_them() {
    let manifest = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).unwrap();
    let (_, rest) = manifest.split_once("[dependencies]").expect("dependencies");
    let dependencies = rest.split("\n[").next().unwrap_or_default();
    assert!(dependencies.contains("statrs"), "read wrongly: {dependencies}");
    for line in dependencies.lines().filter(|line| !line.is_empty()) {
        assert!(!line.contains("burn") && !line.contains("clap"), "{line}");
        let ours = ["recurrent-linear.", "recurrent-metrics.", "recurrent-seed."];
        assert!(!line.contains("recurrent-") || ours.iter().any(|name| line.starts_with(name)), "{line}");
    }
}

//! What this crate deliberately lacks.

use std::process::Command;

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

#[test]
fn only_prices_need_polars() {
    let tree = |feature: &str| {
        let cargo = Command::new(env!("CARGO"))
            .args([
                "tree",
                "--locked",
                "--package",
                "recurrent-data",
                "--edges",
                "normal",
                "--prefix",
                "none",
            ])
            .args(["--no-default-features", "--features", feature])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap();
        assert!(cargo.status.success(), "{}", String::from_utf8_lossy(&cargo.stderr));
        String::from_utf8(cargo.stdout).unwrap()
    };
    assert!(tree("prices").contains("polars"));
    for feature in ["text", "reviews"] {
        let tree = tree(feature);
        let found: Vec<_> = tree.lines().filter(|package| package.starts_with("polars")).collect();
        assert!(found.is_empty(), "`{feature}` needs {found:?}");
    }
}

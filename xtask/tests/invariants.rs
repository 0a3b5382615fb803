//! What must stay true of the workspace as a whole. docs/architecture.md says why.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use xtask::{cargo, lines};

/// The crates that know no Burn.
const WITHOUT_BURN: &[&str] = &[
    "recurrent-seed",
    "recurrent-data",
    "recurrent-metrics",
    "recurrent-linear",
    "recurrent-page",
    "recurrent-report",
    "recurrent-serve",
    "recurrent-volatility",
];

/// The crates of tasks, of which none knows another.
const TASKS: &[&str] = &["recurrent-forecaster", "recurrent-language-model", "recurrent-classifier"];

/// The most lines of a program's `src`.
const PROGRAMS: &[(&str, usize)] =
    &[("apps/stock-gru", 2700), ("apps/text-rnn", 1600), ("apps/imdb-bilstm", 1600)];

/// The packages that `cargo tree` finds, each with the features that it resolves to: more than one set where it is built for
/// this machine's build scripts and for the program.
type Tree = BTreeMap<String, BTreeSet<String>>;

fn tree(words: &str) -> Tree {
    let output = cargo::command()
        .args(["tree", "--locked", "--prefix", "none", "--format", "{p}|{f}"])
        .args(words.split_whitespace())
        .output()
        .expect("cargo starts");
    assert!(output.status.success(), "cargo tree {words}:\n{}", String::from_utf8_lossy(&output.stderr));
    let mut tree = Tree::new();
    for line in String::from_utf8(output.stdout).expect("UTF-8").lines() {
        if let Some((package, features)) = line.trim_end_matches(" (*)").split_once('|') {
            tree.entry(package.to_owned()).or_default().insert(features.to_owned());
        }
    }
    assert!(!tree.is_empty(), "cargo tree {words} finds nothing");
    tree
}

/// The folders of the crates for everybody: those that are published.
fn libraries() -> Vec<String> {
    let crates = fs::read_dir(cargo::workspace_root().join("crates")).expect("the folder of crates");
    let folders = crates.map(|entry| entry.expect("an entry").path()).filter(|folder| {
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
        !manifest.is_empty() && !manifest.contains("publish = false")
    });
    let libraries: Vec<_> =
        folders.filter_map(|folder| Some(folder.file_name()?.to_string_lossy().into_owned())).collect();
    assert!(libraries.len() > 10, "read wrongly: {libraries:?}");
    libraries
}

/// The names of the packages that one is built on.
fn built_on(package: &str) -> BTreeSet<String> {
    let tree = tree(&format!("--package {package} --edges normal"));
    tree.keys().map(|package| package.split(' ').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn what_is_no_network_knows_no_burn() {
    assert!(built_on("recurrent-backend").contains("burn"), "read wrongly");
    for package in WITHOUT_BURN {
        let burn: Vec<_> = built_on(package).into_iter().filter(|name| name.starts_with("burn")).collect();
        assert!(burn.is_empty(), "{package} is built on {burn:?}");
    }
}

#[test]
fn a_task_knows_no_other_and_shows_no_progress() {
    for task in TASKS {
        let built_on = built_on(task);
        assert!(built_on.contains("recurrent-train"), "read wrongly: {built_on:?}");
        for other in TASKS.iter().filter(|other| *other != task).chain(&["indicatif"]) {
            assert!(!built_on.contains(*other), "{task} is built on {other}");
        }
    }
}

#[test]
fn a_library_knows_no_program() {
    assert!(built_on("stock-gru").contains("clap"), "read wrongly");
    for library in libraries() {
        let built_on = built_on(&format!("recurrent-{library}"));
        for other in ["recurrent-program", "clap", "ctrlc", "mimalloc", "tracing-subscriber"] {
            assert!(!built_on.contains(other), "recurrent-{library} is built on {other}");
        }
    }
}

#[test]
fn a_program_without_its_server_is_built_on_none() {
    for program in ["stock-gru", "text-rnn", "imdb-bilstm"] {
        let without = format!("{program} --no-default-features --features flex");
        for package in ["recurrent-serve", "axum", "hyper"] {
            assert!(built_on(program).contains(package), "read wrongly");
            assert!(!built_on(&without).contains(package), "{program} is built on {package}");
        }
    }
    // Polars brings it to the price forecaster anyway.
    assert!(!built_on("text-rnn --no-default-features --features flex").contains("tokio"));
}

#[test]
fn xtask_needs_neither_burn_nor_polars() {
    for name in built_on("xtask") {
        assert!(!name.starts_with("burn") && !name.starts_with("polars"), "xtask is built on {name}");
    }
}

/// So that what `cargo test --workspace` has built serves `cargo run --package` and `cargo check --package` too. What
/// recurrent-backend is built on is Burn and all beneath it.
#[test]
fn burn_resolves_alike_for_one_package_and_for_all() {
    // What build scripts and macros are built on may have other features than the same in a program, and would hide these.
    let differences = ["normal,build", "normal,no-proc-macro"].map(differing).concat();
    assert!(
        differences.is_empty(),
        "{differences}name the features in [workspace.dependencies], and the package among those of recurrent-backend"
    );
}

/// What resolves otherwise for one package than for the whole workspace, of what edges of some kinds lead to.
fn differing(edges: &str) -> String {
    let all = tree(&format!("--workspace --edges {edges},dev"));
    let burn: Vec<_> = tree(&format!("--package recurrent-backend --edges {edges}")).into_keys().collect();
    let libraries =
        ["backend", "cells", "exchange", "train", "forecaster", "language-model", "classifier", "program"]
            .map(|name| format!("recurrent-{name}"));
    let mut differences = String::new();
    for package in libraries.iter().map(String::as_str).chain([
        "stock-gru",
        "text-rnn",
        "imdb-bilstm",
        "recurrent-bench",
    ]) {
        let one = tree(&format!("--package {package} --edges {edges}"));
        // Our own crates lie in a folder.
        for name in burn.iter().filter(|name| !name.contains('(') || name.ends_with("(proc-macro)")) {
            for features in one[name].difference(&all[name]) {
                differences +=
                    &format!("{package}: {name} with `{features}`, in the workspace with {:?}\n", all[name]);
            }
        }
    }
    differences
}

/// The Rust files below a folder, and the part of each that is not its tests.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a readable source");
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
            found.push((path, text));
        }
    }
    found
}

/// What a library leaves to its caller: the screen, the environment, the end of the process.
const OF_THE_CALLER: &[&str] = &[
    "println!",
    "print!",
    "dbg!",
    "io::stdout",
    "io::stderr",
    "std::env",
    "env::var",
    "process::exit",
    "process::abort",
];

#[test]
fn libraries_leave_the_process_to_their_caller_and_name_no_option() {
    let crates = cargo::workspace_root().join("crates");
    let mut faults = String::new();
    for library in libraries() {
        let sources = sources(&crates.join(&library).join("src"));
        assert!(!sources.is_empty(), "{library} has no sources");
        for (path, text) in sources {
            for (line, number) in text.lines().zip(1..) {
                let is_comment = line.trim_start().starts_with("//");
                let is_of_the_caller = !is_comment && OF_THE_CALLER.iter().any(|word| line.contains(word));
                let names_an_option = line.replace("`--features", "").contains("`--");
                if is_of_the_caller || names_an_option {
                    faults += &format!("{}:{number}: {}\n", path.display(), line.trim());
                }
            }
        }
    }
    assert!(
        faults.is_empty(),
        "what a library does not do, or an option that its caller may not have:\n{faults}"
    );
}

#[test]
fn programs_stay_thin() {
    let table = lines::Table::count(&cargo::workspace_root()).expect("readable sources");
    for (folder, most) in PROGRAMS {
        let part = table.parts.iter().find(|part| part.folder == *folder).expect("the program");
        let found = part.src.all();
        assert!(
            found <= *most,
            "{folder}/src has {found} lines, more than {most}: what is no program's belongs in a crate"
        );
    }
}

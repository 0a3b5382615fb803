//! `cargo xtask bench`: builds the program of the package `recurrent-bench` and hands it the words.
//!
//! The measuring itself is not here: it needs Burn, and xtask stays free of Burn.

use std::{ffi::OsString, io, process::ExitCode};

use thiserror::Error;

use crate::cargo;

/// Backends that are a feature of `recurrent-bench`; flex is always built in.
const FEATURES: &[&str] = &["ndarray", "wgpu", "cuda"];

/// Why the measuring program could not be started.
#[derive(Debug, Error)]
#[error("cargo could not be started to build recurrent-bench")]
pub struct BenchError(#[source] io::Error);

/// Runs `recurrent-bench` with these words and returns its exit code.
///
/// # Errors
/// When cargo cannot be started. What the program itself reports is its exit code.
pub fn run(words: &[String]) -> Result<ExitCode, BenchError> {
    let status = cargo::command().args(cargo_words(words)).status().map_err(BenchError)?;
    // No code: a signal ended it.
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Ok(ExitCode::from(code))
}

/// The words for cargo: which package, with which feature, and the user's words after `--`.
fn cargo_words(words: &[String]) -> Vec<OsString> {
    let mut line: Vec<OsString> =
        ["run", "--quiet", "--release", "--package", "recurrent-bench"].map(OsString::from).into();
    let ranks = words.first().is_some_and(|word| word == "ranks") && cargo::has_mpi("mpicc");
    let backend = backend(words).filter(|name| FEATURES.contains(name));
    for feature in backend.into_iter().chain(ranks.then_some("mpi")) {
        line.extend(["--features", feature].map(OsString::from));
    }
    line.push("--".into());
    line.extend(words.iter().map(OsString::from));
    line
}

/// The value of the last `--backend NAME` or `--backend=NAME`.
fn backend(words: &[String]) -> Option<&str> {
    let mut found = None;
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if word == "--backend" {
            found = words.next().map(String::as_str);
        } else if let Some(name) = word.strip_prefix("--backend=") {
            found = Some(name);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::cargo_words;

    fn line(words: &str) -> String {
        let words: Vec<String> = words.split_whitespace().map(String::from).collect();
        cargo_words(&words).join(" ".as_ref()).into_string().expect("the words are UTF-8")
    }

    #[test]
    fn all_words_are_handed_on() {
        insta::assert_snapshot!(
            line("step --workload gru --format json"),
            @"run --quiet --release --package recurrent-bench -- step --workload gru --format json"
        );
    }

    #[test]
    fn a_backend_that_is_a_feature_is_built_in() {
        insta::assert_snapshot!(
            line("step --backend ndarray"),
            @"run --quiet --release --package recurrent-bench --features ndarray -- step --backend ndarray"
        );
        assert!(line("generate --backend=wgpu").contains("--features wgpu -- generate"));
        assert!(line("step --backend cuda").contains("--features cuda"));
    }

    #[test]
    fn flex_and_unknown_backends_need_no_feature() {
        for name in ["flex", "abacus", ""] {
            assert!(!line(&format!("step --backend {name}")).contains("--features"), "{name}");
        }
    }
}

//! Compares every layer, forward and backward, with what PyTorch and Keras computed: the project's own files in
//! `tests/goldens/`, and those of the folder that the environment variable `RECURRENT_GOLDENS` names.
#![allow(clippy::print_stdout)] // says how many cases it compared

mod golden;

use std::path::PathBuf;

use golden::{File, Kind};
use recurrent_backend::BackendKind;
use recurrent_cells::Implementation;

/// The backends of this build, each by its own implementation and by the composed one.
fn ways() -> Vec<(BackendKind, Implementation)> {
    let mut ways = Vec::new();
    for backend in BackendKind::ALL {
        if !backend.is_built_in() {
            continue;
        }
        if let Err(error) = backend.open() {
            println!("left out: {error}");
            continue;
        }
        if matches!(backend, BackendKind::Flex | BackendKind::NdArray) {
            ways.push((backend, Implementation::Kernel));
        }
        ways.push((backend, Implementation::Composed));
    }
    ways
}

fn files() -> Vec<PathBuf> {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/goldens");
    let given = std::env::var_os("RECURRENT_GOLDENS").map(PathBuf::from);
    let mut files = Vec::new();
    for folder in std::iter::once(own).chain(given) {
        let entries =
            std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let paths = entries.map(|entry| entry.expect("a readable folder").path());
        files.extend(paths.filter(|path| path.extension().is_some_and(|extension| extension == "json")));
    }
    files.sort();
    files
}

#[test]
fn every_layer_agrees_with_pytorch_and_keras() {
    let ways = ways();
    let (mut compared, mut elsewhere, mut failures) = (0, 0, Vec::new());
    for path in files() {
        let file = File::read(&path);
        for (name, case) in &file.cases {
            match Kind::of(name) {
                Some(Kind::Layer(layer)) => {
                    for (backend, implementation) in &ways {
                        let device = backend.open().expect("opened before").autodiff();
                        let place = format!("{} {name} on {backend}, {implementation:?}", path.display());
                        failures.extend(golden::compare(
                            &file,
                            &layer,
                            case,
                            &device,
                            *implementation,
                            &place,
                        ));
                        compared += 1;
                    }
                }
                // Optimisers and padding belong to the crates that do them.
                Some(Kind::Elsewhere) => elsewhere += 1,
                None => failures.push(format!("{}: unknown kind of case `{name}`", path.display())),
            }
        }
    }
    println!("{compared} cases compared, {elsewhere} left to the crates that they belong to");
    assert!(compared > 0, "there are no cases");
    assert!(failures.is_empty(), "{} of {compared} differ:\n{}", failures.len(), failures.join("\n"));
}

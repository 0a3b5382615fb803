//! Damaged files are answered with errors: never with a panic, and never with memory that they do not have.

use std::{
    fs,
    path::{Path, PathBuf},
};

use peak_alloc::PeakAlloc;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use recurrent_exchange::{ForeignFile, OtherActivations, Told};

mod support;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What a reader takes besides the file's own bytes twice: buffers, names, messages.
const ALLOWANCE: usize = 256 << 10;

/// A damaged type of HDF5 can claim 65,535 members, for which its reader takes memory before it looks for them.
const ALLOWANCE_OF_HDF5: usize = 6 << 20;

fn allowance(original: &Path) -> usize {
    let ending = original.extension().unwrap_or_default();
    if ending == "h5" || ending == "keras" { ALLOWANCE_OF_HDF5 } else { ALLOWANCE }
}

/// What is done to a file.
#[derive(Clone, Debug)]
enum Damage {
    /// Cut off at this share of its length.
    Cut(f64),
    /// Bits flipped, each at this share of its length.
    Flipped(Vec<(f64, u8)>),
    /// A byte put in the place of each of some that follow one another.
    Filled(f64, u8, u8),
}

fn damage() -> impl Strategy<Value = Damage> {
    let place = 0.0..1.0f64;
    prop_oneof![
        place.clone().prop_map(Damage::Cut),
        prop::collection::vec((place.clone(), 0..8u8), 1..6).prop_map(Damage::Flipped),
        (place, any::<u8>(), 1..16u8).prop_map(|(place, byte, count)| Damage::Filled(place, byte, count)),
    ]
}

fn damaged(bytes: &[u8], damage: &Damage) -> Vec<u8> {
    let at = |place: f64| (place * bytes.len() as f64) as usize;
    let mut bytes = bytes.to_vec();
    match damage {
        Damage::Cut(place) => bytes.truncate(at(*place)),
        Damage::Flipped(bits) => bits.iter().for_each(|(place, bit)| bytes[at(*place)] ^= 1 << bit),
        Damage::Filled(place, byte, count) => {
            let (start, end) = (at(*place), (at(*place) + usize::from(*count)).min(bytes.len()));
            bytes[start..end].fill(*byte);
        }
    }
    bytes
}

/// Reads all that a file has to give; what it answers does not matter.
fn read(path: &Path) {
    let Ok(file) = ForeignFile::open(path) else { return };
    let told = Told::default().with_others(OtherActivations::Composed);
    let _ = file.layers("", &told);
    for name in file.recurrent() {
        let _ = file.layers(&name, &told);
    }
    let names: Vec<String> = file.tensors().map(|(name, _)| name.to_owned()).collect();
    for name in names {
        let _ = file.tensor(&name);
        let module = name.rsplit_once(['.', '/']).map_or("", |(module, _)| module);
        let _ = file.embedding(module);
        let _ = file.linear(module);
    }
}

fn originals() -> Vec<PathBuf> {
    let folders = ["pytorch", "keras", "onnx", "refused"].map(|kind| support::committed().join(kind));
    let all = folders.iter().flat_map(|folder| support::files(folder));
    all.filter(|path| path.extension().is_some_and(|ending| ending != "json" && ending != "data")).collect()
}

#[test]
fn damaged_files_give_errors_and_take_no_more_memory_than_they_have() {
    let folder = tempfile::tempdir().unwrap();
    let mut most = (0.0, String::new());
    for original in originals() {
        let bytes = fs::read(&original).unwrap();
        if bytes.is_empty() {
            continue;
        }
        let path = folder.path().join(support::name(&original));
        let mut runner =
            TestRunner::new(Config { cases: cases(), failure_persistence: None, ..Config::default() });
        let outcome = runner.run(&damage(), |damage| {
            let damaged = damaged(&bytes, &damage);
            fs::write(&path, &damaged).unwrap();
            let size = damaged.len();
            drop(damaged);
            MEMORY.reset_peak_usage();
            let before = MEMORY.current_usage();
            read(&path);
            let taken = MEMORY.peak_usage().saturating_sub(before);
            prop_assert!(
                taken <= 2 * size + allowance(&original),
                "{taken} bytes of memory for {size} of the file"
            );
            Ok(())
        });
        if let Err(error) = outcome {
            panic!("{}: {error}", original.display());
        }
        MEMORY.reset_peak_usage();
        let before = MEMORY.current_usage();
        fs::write(&path, &bytes).unwrap();
        read(&path);
        let taken = MEMORY.peak_usage().saturating_sub(before) as f64 / (2 * bytes.len() + ALLOWANCE) as f64;
        if taken > most.0 {
            most = (taken, original.display().to_string());
        }
    }
    assert!(most.0 <= 1.0, "{} takes {:.2} of what it may", most.1, most.0);
}

/// How many damages of each file; more where somebody has the time.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(60)
}

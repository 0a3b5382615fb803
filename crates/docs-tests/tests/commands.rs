//! Types the commands of `docs/chapter.md` as a reader does, and compares what they print with what the page says.
//!
//! Commands stand in a block `sh`; those of a block `sh fetched` need the fetched data sets, and are left out where they are not
//! there. What they print stands in one or more blocks `text` below: notes first, then results. A word `...` stands for the
//! rest of a line, and alone in a line for any lines. Durations are left out of the comparison, and in a block `text trained` all numbers are,
//! since the figures of a trained network depend on the processor.
#![cfg(unix)] // it takes a shell

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// What cargo says of a package that it runs.
const OF_THIS_PACKAGE: &[&str] =
    &["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_CRATE_NAME", "OUT_DIR"];

/// Commands, and what the page says that they print.
#[derive(Default)]
struct Session {
    /// The line of the page.
    line: usize,
    fetched: bool,
    commands: Vec<String>,
    printed: Vec<Block>,
}

struct Block {
    trained: bool,
    lines: Vec<String>,
}

#[test]
fn the_chapter_prints_what_it_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the workspace").to_owned();
    let page = fs::read_to_string(root.join("docs/chapter.md")).expect("the page");
    let sessions = sessions(&page);
    assert!(sessions.len() > 5, "the page has {} blocks of commands", sessions.len());
    let place = tempfile::tempdir().expect("a temporary folder");
    std::os::unix::fs::symlink(root.join("datasets"), place.path().join("datasets")).expect("a link");
    let has_data = ["warpeace_input.txt", "^DJI.csv", "aclImdb_v1.tar.gz"];
    let has_data = has_data.iter().all(|file| root.join("datasets").join(file).exists());
    for session in sessions {
        if session.fetched && !has_data {
            #[allow(clippy::print_stderr)] // so that a test run tells what it left out
            let () = eprintln!("line {}: left out, as not all data sets are fetched", session.line);
            continue;
        }
        let said: String = session.commands.iter().map(|line| typed(line, &root, place.path())).collect();
        if let Err(missing) = compare(&session.printed, &said) {
            panic!("docs/chapter.md, line {}: expected `{missing}`, and found\n{said}", session.line);
        }
    }
}

/// The blocks of commands of a page, each with the blocks of text that follow.
fn sessions(page: &str) -> Vec<Session> {
    let mut sessions: Vec<Session> = Vec::new();
    let mut lines = page.lines().zip(1..);
    while let Some((line, number)) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let block: Vec<String> =
            lines.by_ref().map(|(line, _)| line.to_owned()).take_while(|line| line != "```").collect();
        match info {
            "sh" | "sh fetched" => sessions.push(Session {
                line: number,
                fetched: info == "sh fetched",
                commands: block,
                printed: Vec::new(),
            }),
            "text" | "text trained" => {
                let session = sessions.last_mut().expect("a command before what it prints");
                session.printed.push(Block { trained: info == "text trained", lines: block });
            }
            "rust" => {}
            _ => panic!("docs/chapter.md, line {number}: a block `{info}`"),
        }
    }
    sessions
}

/// What a command prints, notes first, in a folder that stands for the project's.
fn typed(line: &str, root: &Path, place: &Path) -> String {
    let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let manifest = root.join("Cargo.toml");
    let words = format!("{cargo} run --locked --quiet --manifest-path '{}' ", manifest.display());
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(line.replacen("cargo run ", &words, 1)).current_dir(place).stdin(Stdio::null());
    // What cargo tells this test about its own package is not part of a reader's environment.
    for (name, _) in env::vars()
        .filter(|(name, _)| name.starts_with("CARGO_PKG_") || OF_THIS_PACKAGE.contains(&name.as_str()))
    {
        shell.env_remove(name);
    }
    let output = shell.env_remove("RUST_BACKTRACE").output().expect("a shell");
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("UTF-8"));
    assert!(output.status.success(), "`{line}` failed:\n{err}{out}");
    // The page has paths from the project's folder on.
    let here = fs::canonicalize(place).unwrap_or_else(|_| PathBuf::from(place));
    [err, out]
        .map(|text| {
            text.replace(&format!("{}/", here.display()), "").replace(&format!("{}/", place.display()), "")
        })
        .concat()
}

/// Whether a text has the lines of all blocks, in their order; else the line that it lacks. Between two lines of a block others
/// may stand where the page has `...`, and between two blocks.
fn compare(blocks: &[Block], said: &str) -> Result<(), String> {
    let said: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).collect();
    // Runs of lines that follow each other without a gap.
    let mut runs: Vec<Vec<(&str, bool)>> = Vec::new();
    for Block { trained, lines } in blocks {
        let lines: Vec<&str> =
            lines.iter().map(String::as_str).filter(|line| !line.trim().is_empty()).collect();
        let parts = lines.split(|line| *line == "...").filter(|part| !part.is_empty());
        runs.extend(parts.map(|part| part.iter().map(|line| (*line, *trained)).collect::<Vec<_>>()));
    }
    let mut from = 0;
    for run in &runs {
        // How many lines of the run stand from a place on.
        let fitting = |at: usize| {
            let pairs = run.iter().zip(&said[at..]);
            pairs.take_while(|((line, trained), found)| equal(line, found, *trained)).count()
        };
        let places = from..said.len();
        let Some(at) = places.clone().find(|at| fitting(*at) == run.len()) else {
            let lacking = places.map(fitting).max().unwrap_or(0);
            return Err(run[lacking].0.to_owned());
        };
        from = at + run.len();
    }
    Ok(())
}

/// Whether a line is as the page has it.
fn equal(expected: &str, found: &str, trained: bool) -> bool {
    let (expected, found) = (words(expected), words(found));
    let whole = expected.last() != Some(&"...");
    let expected = if whole { &expected[..] } else { &expected[..expected.len() - 1] };
    let same = |(expected, found): (&&str, &&str)| {
        expected == found || trained && is_number(expected) && is_number(found)
    };
    (expected.len() == found.len() || !whole && expected.len() < found.len())
        && expected.iter().zip(&found).all(same)
}

/// The words of a line, without durations such as `1 min 14 s`.
fn words(line: &str) -> Vec<&str> {
    const UNITS: [&str; 4] = ["h", "min", "s", "ms"];
    let words: Vec<&str> = line.split_whitespace().collect();
    let is_unit = |at: usize| words.get(at).is_some_and(|word| UNITS.contains(&bare(word)));
    let in_duration = |at: usize| {
        is_number(words[at]) && is_unit(at + 1) || at > 0 && is_unit(at) && is_number(words[at - 1])
    };
    (0..words.len()).filter(|at| !in_duration(*at)).map(|at| words[at]).collect()
}

fn bare(word: &str) -> &str {
    word.trim_matches(|letter: char| ",;:%()".contains(letter))
}

fn is_number(word: &str) -> bool {
    let digits = bare(word).replace(',', "");
    let fraction = digits
        .split_once('/')
        .map(|(part, whole)| part.parse::<u32>().is_ok() && whole.parse::<u32>().is_ok());
    fraction.unwrap_or_else(|| digits.parse::<f64>().is_ok())
}

#[test]
fn lines_are_compared_by_what_is_the_same_everywhere() {
    assert!(equal("total  2,012,857", "total    2,012,857", false));
    assert!(!equal("total  2,012,857", "total  2,012,858", false));
    assert!(equal("fitted in 3.4 s", "fitted in 1 min 2 s", false));
    assert!(equal("loss 0.0723, best so far", "loss 1.2e-4, best so far", true));
    assert!(!equal("loss 0.0723 best", "loss 1.2e-4", true));
    assert!(equal("the ...", "the cat sat", true) && !equal("the ...", "a cat sat", true));
    let block = |lines: &str| [Block { trained: false, lines: lines.lines().map(str::to_owned).collect() }];
    assert_eq!(compare(&block("a\n...\nd"), "a\n\nb\nc\nd\ne"), Ok(()));
    assert_eq!(compare(&block("a\nd"), "a\nb\nd"), Err("d".to_owned()));
}

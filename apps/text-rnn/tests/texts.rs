//! Texts as people have them, and command lines as they write them.

mod program;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use program::{place, small, text, with_text};
use program_tests::Place;

/// A folder with one of the library's example files in it, or a folder of them.
fn with_case(name: &str) -> Place {
    let place = place();
    let case =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/data/tests/fixtures/texts").join(name);
    copy(&case, &place.path(name));
    place
}

fn copy(from: &Path, to: &Path) {
    if !from.is_dir() {
        fs::copy(from, to).unwrap();
        return;
    }
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        copy(&entry.path(), &to.join(entry.file_name()));
    }
}

/// Options of a run of one step.
fn step(data: &str, others: &str) -> String {
    format!(
        "train --data {data} --hidden 8 --batch-size 4 --window 20 --max-steps 1 --sample-every 0 --run run {others}"
    )
}

#[test]
fn a_byte_order_mark_is_taken_off_and_told_but_not_in_the_chapter() {
    let place = with_case("byte-order-mark.txt");
    let said = place.succeed(&step("byte-order-mark.txt", ""));
    assert!(
        said.err.contains("note: the byte-order mark in front of `<dir>/byte-order-mark.txt` was taken off"),
        "{}",
        said.err
    );
    let known = |run: &str| {
        let vocabulary = &place.json(&format!("{run}/config.json"))["settings"]["vocabulary"];
        vocabulary.as_str().unwrap().contains('\u{feff}')
    };
    assert!(!known("run"));
    place.succeed(
        "train --preset chapter-vanilla --data byte-order-mark.txt --hidden 8 --layers 1 --max-steps 1 --sample-every 0 --run chapter --quiet",
    );
    assert!(known("chapter"), "its 57 characters hold the mark");
}

#[test]
fn another_encoding_is_named_in_the_error_and_read_when_asked_for() {
    let place = with_case("windows-1252.txt");
    let said = place.complaint(&step("windows-1252.txt", "--quiet"));
    assert!(said.contains("which is not UTF-8 there; the file is likely to be windows-1252"), "{said}");
    assert!(said.ends_with("  try `--encoding windows-1252`\n"), "{said}");
    place.succeed(&step("windows-1252.txt", "--quiet --encoding windows-1252"));
    // The model's own text is read so again, another one as its options say.
    let own = place.printed("evaluate --run run --format json --quiet");
    let same =
        place.printed("evaluate --run run --data windows-1252.txt --encoding latin1 --format json --quiet");
    assert_eq!(own["metrics"], same["metrics"]);
    let wrong = place.complaint("evaluate --run run --data windows-1252.txt --quiet");
    assert!(wrong.contains("try `--encoding windows-1252`"), "{wrong}");
    assert_eq!(
        place.wrong_usage("evaluate --run run --encoding latin1"),
        "error: `--encoding`, `--include` or `--exclude` has no meaning here: the model's own text is read as it was; name another \
         with `--data`"
    );
    assert_eq!(
        place.wrong_usage(&step("demo", "--encoding latin1")),
        "error: `--encoding`, `--include` or `--exclude` has no meaning here: the demo text is generated"
    );
    assert_eq!(
        place.wrong_usage(&step("windows-1252.txt", "--encoding klingon")),
        "error: invalid value 'klingon' for '--encoding <NAME>': `klingon` is not a known encoding; choose one such as windows-1252 or utf-16le"
    );
}

#[test]
fn a_text_of_fifty_characters_is_told_every_option_and_they_are_right() {
    let place = with_case("fifty-characters.txt");
    for preset in ["small", "best", "chapter-vanilla", "chapter-lstm"] {
        let start =
            format!("train --data fifty-characters.txt --preset {preset} --quiet --max-steps 1 --hidden 8");
        let said = place.complaint(&start);
        let (_, options) = said.trim_end().rsplit_once("\n  try `").unwrap_or_else(|| panic!("{said}"));
        let options = options.trim_end_matches('`');
        let named =
            if preset.starts_with("chapter") { vec!["--window"] } else { vec!["--batch-size", "--window"] };
        named.iter().for_each(|option| assert!(options.contains(option), "{preset}: {options}"));
        place.succeed(&format!("{start} {options} --sample-every 0 --run {preset}"));
    }
}

#[test]
fn a_tree_of_sources_gives_its_texts_and_globs_choose() {
    let place = with_case("project");
    place.write("project/.gitignore", "*.log\n");
    place.write("project/run.log", "noise");
    let said = place.succeed(&step("project", ""));
    for told in [
        "note: 1 binary file was left out: `<dir>/project/logo.png`",
        "left out (in a .gitignore, or left by a build): `<dir>/project/run.log` and others",
    ] {
        assert!(said.err.contains(told), "{}", said.err);
    }
    let characters =
        |run: &str| place.json(&format!("{run}/summary.json"))["data"]["characters"].as_u64().unwrap();
    let sources = characters("run");
    place.write("project/notes.md", "# Notes\n");
    place.succeed(&step("project", "--quiet --include *.rs").replace("--run run", "--run included"));
    assert_eq!(characters("included"), sources);
    place.succeed(&step("project", "--quiet --exclude *.md").replace("--run run", "--run excluded"));
    assert_eq!(characters("excluded"), sources);
    let said = place.complaint(&step("project", "--quiet --include *.py").replace("--run run", "--run none"));
    assert!(
        said.contains("the folder holds no file with text in it that fits `*.py`; check the glob"),
        "{said}"
    );
}

/// What the program says and does with a text on its standard input.
#[cfg(unix)]
fn shell(place: &Place, line: &str) -> (Option<i32>, String) {
    let line = line.replace("PROGRAM", env!("CARGO_BIN_EXE_text-rnn"));
    let mut command = Command::new("sh");
    let command = command.args(["-c", &line]).current_dir(place.path("")).stdin(Stdio::null());
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
#[cfg(unix)]
fn a_text_comes_through_standard_input_packed_or_not() {
    let place = with_text();
    let options = small("--quiet --epochs 1").replace("--data text.txt", "--data -");
    for (line, run) in [
        ("PROGRAM train OPTIONS < text.txt", "plain"),
        ("gzip < text.txt | PROGRAM train OPTIONS", "packed"),
        ("PROGRAM train FILE", "file"),
    ] {
        let line = line
            .replace("OPTIONS", &format!("{options} --run {run}"))
            .replace("FILE", &format!("{} --run {run}", small("--quiet --epochs 1")));
        let (code, said) = shell(&place, &line);
        assert_eq!(code, Some(0), "{said}");
    }
    assert_eq!(place.weights("plain"), place.weights("file"));
    assert_eq!(place.weights("packed"), place.weights("file"));
    let (code, said) = shell(&place, "PROGRAM evaluate --run plain --data - --quiet < text.txt");
    assert_eq!((code, said), (Some(0), String::new()));
    let (code, said) = shell(&place, "PROGRAM evaluate --run plain --quiet");
    assert_eq!(code, Some(1));
    assert!(said.contains("--data"), "{said}");
}

#[test]
#[cfg(unix)]
fn a_closed_standard_output_is_no_success_and_a_reader_who_leaves_is() {
    let place = with_text();
    place.succeed(&format!("train {}", small("--quiet --epochs 1 --run run")));
    for line in [
        "PROGRAM generate --run run --length 20 --quiet >&-",
        "PROGRAM generate --run run --length 20 --samples 2 --quiet >&-",
        "PROGRAM evaluate --run run --quiet >&-",
        "PROGRAM evaluate --run run --quiet --format json >&-",
    ] {
        let (code, said) = shell(&place, line);
        assert_eq!(code, Some(1), "{line}: {said}");
        assert_eq!(
            said, "error: cannot write the result to standard output\n  because it is closed\n",
            "{line}"
        );
    }
    assert_eq!(shell(&place, "PROGRAM --help >&-").0, Some(1));
    assert_eq!(shell(&place, "PROGRAM generate --run run --length 20 --quiet > /dev/null").0, Some(0));
    let (code, said) = shell(&place, "PROGRAM generate --run run --length 100000 --quiet | head -c 10");
    assert_eq!((code, said.as_str()), (Some(0), ""));
}

#[test]
fn options_may_stand_before_the_word_and_a_path_alone_is_told_its_option() {
    let place = with_text();
    place.succeed(&format!("--quiet {} train --run run", small("--epochs 1")));
    let written = place.succeed("--run run generate --length 10 --quiet --seed 3").out;
    assert_eq!(written, place.succeed("generate --run run --length 10 --quiet --seed 3").out);
    let said = place.run("text.txt").err;
    assert!(said.contains("tip: for a file or folder, write `--data text.txt`"), "{said}");
    assert_eq!(place.run("text.txt").code, Some(2));
}

#[test]
fn a_temperature_of_nothing_names_the_strategy() {
    let place = with_text();
    place.succeed(&format!("train {}", small("--quiet --epochs 1 --run run")));
    assert_eq!(
        place.wrong_usage("generate --run run --length 5 --temperature 0"),
        "error: invalid value '0' for '--temperature <X>': a temperature of 0 draws nothing; for the likeliest character each time, use \
         `--strategy greedy`"
    );
    let said = place.wrong_usage("generate --run run --length 5 --temperature -1");
    assert!(said.ends_with("expected a finite number above 0"), "{said}");
}

#[test]
fn a_run_that_is_being_trained_is_told() {
    let place = place();
    place.write("text.txt", text(20_000));
    let mut training = place.start(&format!("train {}", small("--epochs 1000 --hidden 64 --run run")));
    let wait = |what: &dyn Fn() -> bool| {
        for _ in 0..1200 {
            if what() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("the training does not get that far");
    };
    wait(&|| place.path("run/config.json").exists());
    let early = place.run("generate --run run --length 5");
    if early.code == Some(1) {
        assert!(
            early.err.contains("is being trained by another process, which has written no weights yet"),
            "{}",
            early.err
        );
        assert!(!early.err.contains("--resume"), "{}", early.err);
    }
    wait(&|| place.run("generate --run run --length 5").code == Some(0));
    let said = place.run("generate --run run --length 5");
    training.kill().unwrap();
    training.wait().unwrap();
    assert_eq!(said.err, "note: run is being trained by another process; its best weights so far are read\n");
    assert_eq!(place.run("generate --run run --length 5").err, "");
}

#[test]
fn several_files_are_one_text_in_the_order_in_which_they_are_named() {
    let place = place();
    place.write("b.txt", text(150));
    place.write("a.txt", text(50));
    place.succeed(&format!("train {}", small("--data b.txt --data a.txt --run run --quiet")));
    let data = &place.json("run/summary.json")["data"];
    assert_eq!(data["name"], "b.txt and 1 more");
    let path = data["path"].as_str().unwrap();
    assert!(path.contains("b.txt, ") && path.ends_with("a.txt"), "{path}");
    place.succeed("evaluate --run run --quiet");
    let found = place.printed("evaluate --run run --data a.txt --data b.txt --format json --quiet");
    assert!(found["metrics"].is_object(), "{found}");
    let said = place.complaint(&format!("train {}", small("--data b.txt --data demo --run other")));
    assert!(said.contains("stand for all data"), "{said}");
}

//! What `--help` prints for each word, at 100 columns.

use clap::CommandFactory;
use imdb_bilstm::flags::Flags;

fn help(words: &[&str]) -> String {
    let line = ["imdb-bilstm"].into_iter().chain(words.iter().copied()).chain(["--help"]);
    let error = Flags::command().term_width(100).try_get_matches_from(line).unwrap_err();
    assert_eq!(error.exit_code(), 0);
    let text = error.to_string();
    for line in text.lines() {
        assert!(line.chars().count() <= 100, "too long: {line}");
    }
    text
}

#[test]
fn the_command_line_is_sound() {
    Flags::command().debug_assert();
}

#[test]
fn without_a_word() {
    insta::assert_snapshot!(help(&[]), @"");
}

#[test]
fn train_has_the_options_of_no_word() {
    let options =
        |text: &str| text.split_once("Run:").unwrap().1.split("Presets:").next().unwrap().trim().to_owned();
    assert_eq!(options(&help(&["train"])), options(&help(&[])));
}

#[test]
fn classify() {
    insta::assert_snapshot!(help(&["classify"]), @"");
}

#[test]
fn evaluate() {
    insta::assert_snapshot!(help(&["evaluate"]), @"");
}

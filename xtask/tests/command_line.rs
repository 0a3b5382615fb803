//! The program as a user runs it: help, exit codes, and what goes to which stream.

use std::process::{Command, Output};

fn xtask(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(words)
        .env("COLUMNS", "100")
        .output()
        .expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec())
        .expect("UTF-8")
        .lines()
        .map(str::trim_end)
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn help_has_examples() {
    let output = xtask(&["fetch-data", "--help"]);
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!(text(&output.stdout), @r"
    Download the three data sets, each checked and put in place whole or not at all

    Usage: cargo xtask fetch-data [OPTIONS]

    Options:
          --only <SET>           Fetch this data set; may be given several times [default: all three];
                                 or onnxruntime-web, which pages without a server have in them
          --mirror <DIR_OR_URL>  Take the files from this folder or http(s) address instead of their
                                 homes, under the same names: warpeace_input.txt, ^DJI.csv,
                                 aclImdb_v1.tar.gz, onnxruntime-web.tgz
          --to <DIR>             The folder to put them in [default: datasets/ of this workspace]
          --unpack               Also unpack the reviews, into the folder aclImdb beside the archive; no
                                 program here needs it, since they read the archive itself
      -h, --help                 Print help

    Examples:
      cargo xtask fetch-data
      cargo xtask fetch-data --only prices
      cargo xtask fetch-data --only text --only reviews --to /data/recurrent
      cargo xtask fetch-data --only onnxruntime-web
      cargo xtask fetch-data --mirror ~/mirror
      cargo xtask fetch-data --mirror http://192.168.1.20:8000/recurrent

    A broken download goes on where it stopped when the command is run again. A file that is there and
    right is not fetched again; delete it to fetch it anew. datasets/catalog.json says where the data
    comes from, under which licence, and which checksums are known.
    ");
    insta::assert_snapshot!(text(&xtask(&["--help"]).stdout), @r"
    The tasks of the Recurrent project

    Usage: cargo xtask <COMMAND>

    Commands:
      fetch-data  Download the three data sets, each checked and put in place whole or not at all
      bench       Measure a training step or generation
      ci          Run every check that continuous integration runs, in its order, up to the first
                  failure
      lines       Count the lines of every crate and program, as a Markdown table
      help        Print this message or the help of the given subcommand(s)

    Options:
      -h, --help  Print help
    ");
    insta::assert_snapshot!(text(&xtask(&["help", "bench"]).stdout), @r"
    Measure a training step or generation

    Usage: cargo xtask bench [WORDS]...

    Arguments:
      [WORDS]...  step, compare, generate, growth or data, and its options

    Examples:
      cargo xtask bench step --workload gru
      cargo xtask bench step --workload lstm --steps 5 --threads 2 --format json
      cargo xtask bench step --workload gru --backend ndarray
      cargo xtask bench step --help
    ");
}

#[test]
fn wrong_use_is_exit_code_2() {
    let output = xtask(&["fetch-data", "--only", "films"]);
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(text(&output.stderr), @r"
    error: invalid value 'films' for '--only <SET>': unknown data set `films`, expected text, prices, reviews or onnxruntime-web

    For more information, try '--help'.
    ");
    let output = xtask(&["fetch-data", "--mirror", "ftp://host/data"]);
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(text(&output.stderr), @r"
    error: invalid value 'ftp://host/data' for '--mirror <DIR_OR_URL>': a mirror is a folder or an http(s) address, and `ftp://` is neither

    For more information, try '--help'.
    ");
    assert_eq!(xtask(&[]).status.code(), Some(2));
    assert_eq!(xtask(&["fetch"]).status.code(), Some(2));
}

#[test]
fn a_failure_is_exit_code_1_with_the_remedy_on_standard_error() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().display().to_string();
    let (to, mirror) = (format!("{path}/to"), format!("{path}/mirror"));
    let output = xtask(&["fetch-data", "--only", "prices", "--mirror", &mirror, "--to", &to]);
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(text(&output.stderr).replace(&path, "FOLDER"), @r"
    error: 1 of 1 data sets could not be fetched
      prices (^DJI.csv):
        FOLDER/mirror/^DJI.csv: there is no such file in the mirror
    remedy: put the right files into the mirror, name the sets that it has with `--only`, or leave out `--mirror` to fetch them from their homes
    ");
    insta::assert_snapshot!(text(&output.stdout).replace(&path, "FOLDER"), @r"
    prices: Dow Jones Industrial Average, daily prices 2001-01-02 to 2017-12-29 (Yahoo Finance's terms of service: for personal use, not to be redistributed)
      from FOLDER/mirror/^DJI.csv
      failed: there is no such file in the mirror
    ");
}

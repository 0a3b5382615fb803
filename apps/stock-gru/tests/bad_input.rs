//! What the program says of data, folders and options that it cannot use: each message names the file, the
//! place, and the remedy.

mod program;

use std::fs;

use insta::assert_snapshot;
use program::{Place, csv, place, small};

/// A price file with another close on line 5.
fn with_price(price: &str) -> Place {
    let place = place();
    let good = csv(30);
    let bad = good.lines().enumerate().map(|(i, line)| {
        let mut fields: Vec<_> = line.split(',').collect();
        if i == 4 {
            fields[4] = price;
        }
        fields.join(",") + "\n"
    });
    place.write("prices.csv", bad.collect::<String>());
    place
}

#[test]
fn files_that_hold_no_prices() {
    let place = place();
    assert_snapshot!(place.complaint("--data missing.csv"), @"error: `<dir>/missing.csv`: no such file; check the path");
    assert_snapshot!(place.complaint("--data ."), @"error: `<dir>`: this is a folder; name the CSV file in it");
    place.write("empty.csv", "");
    assert_snapshot!(place.complaint("--data empty.csv"), @"error: `<dir>/empty.csv`: the file is empty; expected a header such as `Date,Open,High,Low,Close,Adj Close,Volume`");
    place.write("header.csv", "Date,Open,High,Low,Close,Adj Close,Volume\n");
    assert_snapshot!(place.complaint("--data header.csv"), @"error: `<dir>/header.csv`: holds a header but no rows; expected a row for each day, or hour, week or month");
    place.write("binary.csv", [0x89, b'P', b'N', b'G', 0xff, 0, 0, b'\n', 0xfe]);
    assert_snapshot!(place.complaint("--data binary.csv"), @"error: `<dir>/binary.csv`, line 1: byte 1 of the line is not UTF-8; save the file as CSV in UTF-8");
    place.write("prices.csv", csv(30));
    assert_snapshot!(place.complaint("--data prices.csv --column Settle"), @r#"
error: `<dir>/prices.csv`: no column `Settle`; the columns are `Date`, `Open`, `High`, `Low`, `Close`, `Adj Close`, `Volume`
  try another file, or train with `--column NAME` for another column
"#);
    assert_snapshot!(place.complaint("--data prices.csv --column Open --features open --quiet"), @"error: `<dir>/prices.csv`: column `Open` is named twice among target and features; name each column once");
    place.write("page.csv", "<!DOCTYPE html>\n<html><body>429 Too Many Requests</body></html>\n");
    assert_snapshot!(place.complaint("--data page.csv"), @"error: `<dir>/page.csv`: holds no table but a web page, such as a server sends for an error: `429 Too Many Requests`; fetch the file again, as CSV");
    assert!(!place.path("runs").exists(), "nothing is left behind");
}

#[test]
fn files_that_hold_too_few_prices() {
    let place = place();
    place.write("short.csv", csv(10));
    assert_snapshot!(place.complaint("--data short.csv --quiet"), @"error: `<dir>/short.csv`: 10 rows are too few for a window of 10, which needs at least 11; choose a shorter window or a longer series");
    place.write("one.csv", csv(11));
    assert_snapshot!(place.complaint("--data one.csv --quiet"), @"error: `<dir>/one.csv`: a training fraction of 0.7 and a validation fraction of 0 leave none of the samples, 1 in all, for the training part; use more rows or other fractions");
    place.write("few.csv", csv(30));
    assert_snapshot!(place.complaint("--data few.csv --quiet --train-fraction 0.01"), @"error: `<dir>/few.csv`: a training fraction of 0.01 and a validation fraction of 0 leave none of the samples, 20 in all, for the training part; use more rows or other fractions");
    assert_snapshot!(place.complaint("--data few.csv --quiet --window 30"), @"error: `<dir>/few.csv`: 30 rows are too few for a window of 30, which needs at least 31; choose a shorter window or a longer series");
}

#[test]
fn prices_that_are_none() {
    assert_snapshot!(with_price("abc").complaint("--data prices.csv"), @"error: `<dir>/prices.csv`, line 5: column `Close` holds `abc`, which is no number; correct the line or remove it");
    assert_snapshot!(with_price("inf").complaint("--data prices.csv"), @"error: `<dir>/prices.csv`, line 5: column `Close` holds `inf`, which is not a finite number; correct the line or remove it");
    assert_snapshot!(with_price("1e999").complaint("--data prices.csv"), @"error: `<dir>/prices.csv`, line 5: column `Close` holds `1e999`, which is not a finite number; correct the line or remove it");
    assert_snapshot!(with_price("0").complaint("--data prices.csv"), @"error: `<dir>/prices.csv`, line 5: column `Close` holds `0`, but a price must be above zero; correct the line or remove it");
    assert_snapshot!(with_price("-5").complaint("--data prices.csv"), @"error: `<dir>/prices.csv`, line 5: column `Close` holds `-5`, but a price must be above zero; correct the line or remove it");
    assert_snapshot!(with_price("1e300").complaint("--data prices.csv --quiet"), @"error: `<dir>/prices.csv`: column `Close` up to 2001-01-10 spans too many orders of magnitude for a window; check its values");
    assert_snapshot!(with_price("100,7").complaint("--data prices.csv"), @"error: `<dir>/prices.csv`, line 5: 8 fields where the header has 7; put a number with commas in it in quotes, or part the columns by semicolons");
}

#[test]
fn dates_that_are_none() {
    let place = place();
    place.write("prices.csv", csv(30).replace("2001-01-04", "2001-13-04"));
    assert_snapshot!(place.complaint("--data prices.csv"), @"error: `<dir>/prices.csv`, line 5: `2001-13-04` is no date in the form of those above it, such as `2001-01-01`; correct the line or remove it");
}

#[test]
fn data_that_a_run_cannot_be_used_on() {
    let place = place();
    place.write("prices.csv", csv(60));
    place.succeed(&small("--data prices.csv --features open,volume --run run --quiet"));
    place.write("close.csv", "Date,Close\n2001-01-01,100\n");
    assert_snapshot!(place.complaint("evaluate --run run --data close.csv"), @r#"
error: `<dir>/close.csv`: no column `Open`; the columns are `Date`, `Close`
"#);
    place.write("short.csv", csv(8));
    assert_snapshot!(place.complaint("forecast --run run --data short.csv --quiet"), @"error: `<dir>/short.csv`: 8 rows are too few for a window of 10, which needs at least 11; choose a shorter window or a longer series");
    place.write("prices.csv", csv(50));
    for line in ["evaluate --run run", "plot --run run"] {
        let complaint = place.complaint(&format!("{line} --quiet"));
        assert!(
            complaint.starts_with("error: prices.csv: not the data that the run began with"),
            "{complaint}"
        );
    }
    let said = place.succeed("forecast --run run");
    assert!(
        said.err.contains("note: the prices have changed since the run was trained on them"),
        "{}",
        said.err
    );
    fs::remove_file(place.path("prices.csv")).unwrap();
    assert_snapshot!(place.complaint("evaluate --run run"), @"error: the run's data, `<dir>/prices.csv`, is no longer there; name its new place with `--data`");
    assert_snapshot!(place.complaint("train --resume run --epochs 9"), @"error: the run's data, `<dir>/prices.csv`, is no longer there; name its new place with `--data`");
}

#[test]
fn folders_that_cannot_be_a_run() {
    let place = place();
    place.succeed(&format!("train {}", small("--run run --quiet")));
    let train = |run: &str| place.complaint(&format!("train {}", small(&format!("--quiet --run {run}"))));
    assert_snapshot!(train("run"), @r"
    error: run: holds a run already; continue that one, or choose another folder
      try `--resume DIR` to continue it, or `--run DIR` for another folder
    ");
    place.write("file", "");
    assert_snapshot!(train("file"), @r"
    error: file: is a file, expected a folder for the run; choose another folder
      try `--run DIR` for another folder
    ");
    assert_snapshot!(train("file/below"), @r"
    error: cannot create folder file/below
      because Not a directory (os error 20)
    ");
    fs::create_dir(place.path("notes")).unwrap();
    place.write("notes/todo.txt", "");
    assert_snapshot!(train("notes"), @r"
    error: notes: is not empty (`todo.txt`); choose another folder
      try `--run DIR` for another folder
    ");
    fs::create_dir(place.path("empty")).unwrap();
    place.write("runs", "");
    assert_snapshot!(place.complaint(&format!("train {}", small("--quiet"))), @r"
    error: cannot create a run in `runs`; name another folder with `--run`
      because File exists (os error 17)
    ");
    for line in
        ["train --resume empty --quiet", "evaluate --run empty", "forecast --run empty", "plot --run empty"]
    {
        assert_eq!(
            place.complaint(line),
            "error: empty: holds no config.json, so it is no run's folder; check the path\n",
            "{line}"
        );
    }
    let config = fs::read_to_string(place.path("run/config.json")).unwrap();
    fs::create_dir(place.path("other")).unwrap();
    place.write("other/config.json", config.replace("stock-gru", "text-rnn"));
    assert_snapshot!(place.complaint("train --resume other --quiet"), @"error: other: is a run of `text-rnn`, expected one of `stock-gru`; open it with the program that made it");
    assert_eq!(place.complaint("evaluate --run other"), place.complaint("train --resume other --quiet"));
    fs::create_dir(place.path("begun")).unwrap();
    place.write("begun/config.json", config);
    assert_snapshot!(place.complaint("evaluate --run begun"), @r"
    error: begun: holds no weights yet; continue the run to its first whole epoch
      try `--resume DIR` to continue it
    ");
    place.succeed("train --resume begun --quiet");
    place.assert_equal("begun", "run");
}

#[test]
fn options_that_are_wrong() {
    let place = place();
    assert_snapshot!(place.wrong_usage("--window 0"), @"error: invalid value '0' for '--window <N>': expected a whole number from 2 to 10000");
    assert_snapshot!(place.wrong_usage("--window 1"), @"error: invalid value '1' for '--window <N>': expected a whole number from 2 to 10000");
    assert_snapshot!(place.wrong_usage("--learning-rate -1"), @"error: invalid value '-1' for '--learning-rate <X>': expected a finite number above 0");
    assert_snapshot!(place.wrong_usage("forecast --run . --days -1"), @"error: invalid value '-1' for '--days <N>': expected a whole number from 1 to 1000");
    assert_snapshot!(place.wrong_usage("--backend tpu"), @"error: invalid value 'tpu' for '--backend <NAME>': unknown backend `tpu`; the backends are flex, ndarray, wgpu and cuda");
    assert_snapshot!(place.wrong_usage("--epochs 0"), @"error: invalid value '0' for '--epochs <N>': expected a whole number from 1 to 10000000");
    assert_snapshot!(place.wrong_usage("--preset worst"), @"error: invalid value 'worst' for '--preset <NAME>'");
    assert_snapshot!(place.wrong_usage("--resume gone"), @"error: invalid value 'gone' for '--resume <DIR>': there is no such folder; a run is the folder that training wrote, such as runs/NAME");
    assert_snapshot!(place.wrong_usage("evaluate --run gone"), @"error: invalid value 'gone' for '--run <RUN>': there is no such folder or file; a run is the folder that training wrote, such as runs/NAME, or the model.safetensors in it");
    assert_snapshot!(place.wrong_usage("--data="), @"error: invalid value '' for '--data <PATH|demo>': expected a path, or `demo`");
    assert_snapshot!(place.wrong_usage("--quiet=yes"), @"error: unexpected value 'yes' for '--quiet' found; no more were expected");
    assert_eq!(place.run("--help").code, Some(0));
    assert_eq!(place.run("--version").code, Some(0));
    assert_eq!(fs::read_dir(place.path(".")).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn backends_that_are_not_built_in() {
    let place = place();
    place.succeed(&format!("train {}", small("--run run --quiet")));
    let names = ["flex", "ndarray", "wgpu", "cuda"];
    let built =
        [cfg!(feature = "flex"), cfg!(feature = "ndarray"), cfg!(feature = "wgpu"), cfg!(feature = "cuda")];
    let of = |wanted: bool| names.into_iter().zip(built).filter(move |(_, built)| *built == wanted);
    let choices: Vec<_> = of(true).map(|(name, _)| format!("`{name}`")).collect();
    for (name, _) in of(false) {
        let expected = format!(
            "error: backend `{name}` is not part of this build; build again with `--features {name}`, or choose {}\n  try `--backend flex`\n",
            choices.join(" or ")
        );
        let train = format!("train {} --backend {name}", small("--run other --quiet"));
        assert_eq!(place.complaint(&train), expected);
        assert!(!place.path("other").exists(), "nothing is left behind");
        assert_eq!(place.complaint(&format!("evaluate --run run --backend {name}")), expected);
    }
}

#[test]
fn a_loss_that_is_no_longer_finite() {
    let place = place();
    place.succeed(&format!("train {}", small("--run run --learning-rate 1e18 --max-steps 1 --quiet")));
    let said = place.complaint("train --resume run --max-steps 99 --quiet");
    for words in [
        "is infinite at step 2 of epoch 1, learning rate 1e18",
        "state-1.safetensors, is kept",
        "try a lower learning rate",
    ] {
        assert!(said.contains(words), "no `{words}` in: {said}");
    }
    assert!(place.path("run/checkpoints/state-1.safetensors").is_file());
    place.assert_whole("run");
    place.succeed("evaluate --run run --quiet");
}

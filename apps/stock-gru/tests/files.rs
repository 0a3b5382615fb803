//! Price files as people have them: each trains as it is, or an error says which option decides.

mod program;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use insta::assert_snapshot;
use program::{csv, place};

fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/data/tests/fixtures/prices").join(name)
}

/// What is noted of a file that trains without any option.
fn notes(name: &str) -> String {
    let place = place();
    let said = place.succeed(&format!("train --data {} --epochs 2 --run run", case(name).display()));
    let notes = said.err.lines().filter_map(|line| line.strip_prefix("note: "));
    notes.collect::<Vec<_>>().join("\n")
}

fn complaint(name: &str) -> String {
    let said = place().complaint(&format!("train --data {}", case(name).display()));
    said.replace(&case(name).display().to_string(), "<file>")
}

#[test]
fn each_form_trains_without_an_option() {
    for name in [
        "us-dates.csv",
        "day-first-dots.csv",
        "month-names.csv",
        "slash-year-first.csv",
        "compact-dates.csv",
        "midnight.csv",
        "lower-case-timestamp-newest-first.csv",
        "semicolon-decimal-comma.csv",
        "tabs.csv",
        "comment-line.csv",
        "packed.csv.gz",
        "packed.zip",
        "thousands.csv",
        "investing.csv",
        "three-header-lines.csv",
        "address-line-newest-first.csv",
        "nan.csv",
        "two-months-missing.csv",
    ] {
        notes(name);
    }
    assert!(notes("investing.csv").contains("column `Price` was taken for `Close`"));
    assert!(notes("split-7-to-1.csv").contains("as after a split of 7 to 1"));
    assert!(notes("split-7-to-1.csv").contains("with `--column \"Adj Close\"`"));
}

#[test]
fn what_cannot_be_decided_names_the_option() {
    assert_snapshot!(complaint("ambiguous-dates.csv"), @r#"
error: `<file>`, line 2: `04/01/2016` may be 2016-04-01 (%m/%d/%Y) or 2016-01-04 (%d/%m/%Y), and no row of the column decides; say which form it is
  try `--date-format %m/%d/%Y` or `--date-format %d/%m/%Y`
"#);
    assert_snapshot!(complaint("two-tickers.csv"), @r#"
error: `<file>`: holds the prices of 2 tickers, which are no one series: `AAA`, `BBB`; choose one of them
  try `--ticker NAME` for one of them
"#);
    assert_snapshot!(complaint("error-instead-of-data.csv"), @r#"error: `<file>`: holds no table but JSON, such as a server sends for an error: `{"Information": "The rate limit is 25 requests per day."}`; fetch the file again, as CSV"#);
    let place = place();
    let (dates, tickers) = (case("ambiguous-dates.csv"), case("two-tickers.csv"));
    place.succeed(&format!(
        "train --data {} --date-format %d/%m/%Y --window 3 --run dates --quiet",
        dates.display()
    ));
    place.succeed(&format!("train --data {} --ticker bbb --run tickers --quiet", tickers.display()));
    // A run knows how its own table is read.
    place.succeed("evaluate --run dates --quiet");
    place.succeed("evaluate --run tickers --quiet");
}

#[test]
fn forecasts_and_words_follow_the_series() {
    for (name, unit, next) in [
        ("every-day.csv", "day", ["2016-05-23", "2016-05-28"]),
        ("weekly.csv", "week", ["2018-09-10", "2018-10-15"]),
        ("monthly.csv", "month", ["2001-09-01", "2002-02-01"]),
    ] {
        let place = place();
        place.succeed(&format!("--data {} --epochs 2 --run run --quiet", case(name).display()));
        let forecast = place.printed("forecast --run run --days 6 --format json --quiet");
        assert_eq!([&forecast["days"][0]["date"], &forecast["days"][5]["date"]], next, "{name}");
        let said = place.succeed("evaluate --run run");
        assert!(said.out.contains(&format!("of the {unit}s rose")), "{}", said.out);
        if unit != "day" {
            let report = std::fs::read_to_string(place.path("run/report.html")).unwrap();
            for words in ["tomorrow", " days", "yesterday"] {
                assert!(!said.out.contains(words) && !report.contains(words), "{name} speaks of `{words}`");
            }
        }
    }
}

#[test]
fn a_table_comes_through_standard_input() {
    let place = place();
    let mut command = place.command("train --data - --epochs 2 --run run --quiet");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(csv(60).as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(place.json("run/summary.json")["data"]["rows"], 60);
}

#[test]
fn all_windows_of_later_prices_are_judged() {
    let place = place();
    place.write("all.csv", csv(300));
    place.succeed("train --data all.csv --epochs 2 --run run --quiet");
    let lines = csv(300);
    let (header, rows) = lines.split_once('\n').unwrap();
    let from = |row: usize| header.to_owned() + "\n" + &rows.lines().skip(row).collect::<Vec<_>>().join("\n");
    // 290 windows, of which 203 are learnt from: the last price learnt from is that of row 212.
    place.write("later.csv", from(213));
    place.write("overlapping.csv", from(212));
    let judged =
        |file: &str| place.printed(&format!("evaluate --run run --data {file} --format json --quiet"));
    let (later, overlapping) = (judged("later.csv"), judged("overlapping.csv"));
    assert_eq!((&later["windows"], &later["judged"]), (&77.into(), &"later_prices".into()));
    assert_eq!((&overlapping["windows"], &overlapping["judged"]), (&24.into(), &"test_part".into()));
    let said = place.succeed("evaluate --run run --data later.csv");
    assert!(said.err.contains("all of their windows are judged"), "{}", said.err);
    assert!(said.out.contains("77 later windows"), "{}", said.out);
    place.succeed("forecast --run run/model.safetensors --data later.csv --quiet");
    place.succeed("plot --run run --data later.csv --quiet");
}

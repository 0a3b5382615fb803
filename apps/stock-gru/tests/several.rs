//! Several prices at once, as people have them: a folder, a list of files, and tables with a column of tickers.

mod program;

use program::{Place, csv, place};
use serde_json::Value;

const LEARN: &str = "train --preset risk --members 1 --epochs 1 --format json --quiet";

/// The rows of a price file under a ticker.
fn rows(ticker: &str, text: &str) -> String {
    text.lines().skip(1).map(|row| format!("{ticker},{row}\n")).collect()
}

/// Two prices of other lengths, and one that is too short, as files and as a table.
fn prices() -> Place {
    let place = place();
    let (long, short, brief) = (csv(700), csv(600), csv(90));
    std::fs::create_dir(place.path("prices")).unwrap();
    for (name, text) in [("long", &long), ("short", &short), ("brief", &brief)] {
        place.write(&format!("prices/{name}.csv"), text);
    }
    place.write("prices/notes.txt", "no prices");
    let header = long.lines().next().unwrap();
    let table =
        format!("Symbol,{header}\n{}{}{}", rows("brief", &brief), rows("long", &long), rows("short", &short));
    place.write("table.csv", table);
    place
}

fn days(found: &Value, name: &str) -> u64 {
    found
        .pointer(&format!("/prices/{name}/risk/days"))
        .and_then(Value::as_u64)
        .unwrap_or_else(|| panic!("{found}"))
}

#[test]
fn a_folder_a_list_and_a_table_are_learnt_from_alike() {
    let place = prices();
    let list = "--data prices/brief.csv --data prices/long.csv --data prices/short.csv";
    let forms = [("folder", "--data prices"), ("list", list), ("table", "--data table.csv")];
    let mut learnt = Vec::new();
    for (run, data) in forms {
        let summary = place.printed(&format!("{LEARN} {data} --run {run}"));
        assert_eq!(summary["prices"], place.json(&format!("{run}/summary.json"))["prices"]);
        assert_eq!(
            (&summary["data"]["names"], &summary["data"]["left_out"]),
            (&3.into(), &vec!["brief"].into())
        );
        // All are learnt from up to one date, that before which seven tenths of the longest lie.
        assert_eq!((days(&summary, "long"), days(&summary, "short")), (211, 111));
        learnt.push([summary["prices"].clone(), summary["pooled"].clone()]);

        let evaluated = place.printed(&format!("evaluate --run {run} --format json --quiet"));
        assert_eq!((&evaluated["prices"], &evaluated["pooled"]), (&summary["prices"], &summary["pooled"]));
        let found = place.printed(&format!("forecast --run {run} --days 3 --format json --quiet"));
        for name in ["long", "short"] {
            let days = found["prices"][name]["days"].as_array().unwrap();
            assert_eq!(days.len(), 3);
            assert!(days[0]["low"].as_f64() < found["prices"][name]["last_price"].as_f64());
        }
        assert!(found["prices"].get("brief").is_none(), "{found}");
    }
    assert_eq!(learnt[0], learnt[1]);
    assert_eq!(learnt[0], learnt[2]);
}

#[test]
fn one_of_several_prices_can_be_judged_and_forecast() {
    let place = prices();
    let summary = place.printed(&format!("{LEARN} --data table.csv --run run"));
    for data in ["prices/short.csv", "table.csv --ticker short"] {
        let found = place.printed(&format!("evaluate --run run --data {data} --format json --quiet"));
        assert_eq!(found["prices"]["short"], summary["prices"]["short"]);
        assert_eq!(found["prices"].as_object().unwrap().len(), 1);
    }
    let both = "--data prices/long.csv --data prices/short.csv";
    let found = place.printed(&format!("forecast --run run {both} --model ridge --format json --quiet"));
    assert_eq!(found["prices"].as_object().unwrap().len(), 2);
    let found =
        place.printed(&format!("evaluate --run run {both} --intervals conformal --format json --quiet"));
    assert_eq!(found["prices"]["long"]["intervals"]["days"], 106);
    let said = place.succeed(&format!("evaluate --run run {both} --intervals adaptive --quiet"));
    assert!(said.out.contains("90% intervals by the network: "), "{}", said.out);
}

#[test]
fn a_run_of_several_prices_goes_on_with_the_same() {
    let place = prices();
    let both = "--data prices/long.csv --data prices/short.csv";
    place.succeed(&format!("{LEARN} {both} --run run"));
    place.succeed("train --resume run --epochs 2 --quiet");
    let unbroken = place.printed(&format!("{LEARN} {both} --run whole").replace("--epochs 1", "--epochs 2"));
    assert_eq!(place.json("run/summary.json")["prices"], unbroken["prices"]);
    place.write("prices/long.csv", csv(701));
    let said = place.complaint("evaluate --run run");
    assert!(said.contains("not the data that the run began with"), "{said}");
}

#[test]
fn what_several_prices_cannot_be_is_refused() {
    let place = prices();
    let both = "--data prices/long.csv --data prices/short.csv";
    insta::assert_snapshot!(place.complaint(&format!("train --epochs 1 {both}")), @r"
    error: `--data` names 2 files or folders, and one is read here; name one of them
      try `--preset risk`, whose network learns from several prices
    ");
    let said = place.complaint(&format!("{LEARN} --data demo --data prices"));
    assert!(said.contains("stand for all data"), "{said}");
    let said = place.complaint(&format!("{LEARN} --data prices --data prices/long.csv"));
    assert!(said.contains("two of the prices are called `long`; name each once"), "{said}");
    place.succeed(&format!("{LEARN} --data prices/long.csv --run one"));
    let said = place.complaint(&format!("evaluate --run one {both}"));
    assert!(said.contains("the model learnt from one price"), "{said}");
}

//! Labels of texts at their edges: a model judged on other tables than its own, labels that never vary, what the page calls things, and
//! advice that is followed.

#[path = "program/archive.rs"]
mod archive;
mod program;

use program::place;
use program_tests::{Place, Said};

const SMALL: &str = "--embedding 8 --hidden 8 --epochs 1 --pretrain-epochs 0 --members 1 --num-words 200";

/// Texts with two labels that single words tell, in rows that `row` makes of a text and of whether it has each.
fn table(header: &str, row: impl Fn(&str, [bool; 2]) -> String) -> String {
    let text = |i: usize| {
        let has = [i.is_multiple_of(2), i.is_multiple_of(3)];
        let words = [
            if has[0] { "a bomb falls" } else { "nothing much" },
            if has[1] { "they kiss" } else { "the end" },
        ];
        row(&format!("film {} goes on and {} and {}", i % 7, words[0], words[1]), has)
    };
    format!("{header}\n") + &(0..120).map(|i| text(i) + "\n").collect::<String>()
}

fn flags(text: &str, has: [bool; 2]) -> String {
    let [war, love] = has.map(u8::from);
    format!("{text},{war},{love}")
}

fn listed(text: &str, has: [bool; 2], parted: &str) -> String {
    let names: Vec<&str> =
        ["war", "love"].into_iter().zip(has).filter(|(_, has)| *has).map(|(name, _)| name).collect();
    format!("{text},\"{}\"", names.join(parted))
}

fn notes(said: &Said) -> Vec<&str> {
    said.err.lines().filter_map(|line| line.strip_prefix("note: ")).collect()
}

fn page(place: &Place) -> String {
    std::fs::read_to_string(place.path("run/report.html")).unwrap()
}

#[test]
fn a_model_of_labels_is_judged_on_other_tables() {
    let place = place();
    place.write("films.csv", table("text,war,love", flags));
    place.succeed(&format!("train --data films.csv --run run {SMALL} --quiet"));
    let judged = |name: &str, content: String| {
        place.write(name, content);
        place.printed(&format!("evaluate --run run --data {name} --format json --quiet"))["metrics"].clone()
    };
    let other = |text: &str, has: [bool; 2]| flags(text, [has[1], has[0]]);
    let first = judged("other.csv", table("text,love,war", other));
    assert_eq!(first["reviews"], 120);
    for (name, parted) in [("bars.csv", "|"), ("semicolons.csv", ";"), ("commas.csv", ", ")] {
        let lists = table("text,label", |text, has| listed(text, has, parted));
        assert_eq!(judged(name, lists), first, "{name}");
    }
    let scored = table("score,text,love,war", |text, has| format!("7,{}", other(text, has)));
    assert_eq!(judged("scored.csv", scored), first);
    place.write("lacks.csv", table("text,war,horror", flags));
    insta::assert_snapshot!(place.complaint("evaluate --run run --data lacks.csv --quiet"), @"error: `<dir>/lacks.csv`: has no column for love, of the model's labels; its columns are `text`, `war`, `horror`; add one of 0 and 1 for each, or list all labels in one column");
    place.write("unknown.csv", "text,label\na film,war|horror\n");
    insta::assert_snapshot!(place.complaint("evaluate --run run --data unknown.csv --quiet"), @"error: `<dir>/unknown.csv`, row 1: the label is `horror`; the model's classes are war and love; take the row out, or train with such rows too");
    // A label that no review of the table has is told, and its figures are left out.
    place.write("peace.csv", table("text,love,war", |text, has| flags(text, [has[1], false])));
    let said = place.succeed("evaluate --run run --data peace.csv --format json");
    assert!(notes(&said).contains(&"labels that tell no review from another: none has war"), "{}", said.err);
    let judged: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let war = judged["metrics"]["labels"]["labels"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["label"] == "war")
        .unwrap();
    assert!(war["auc"].is_null() && war["recall"].is_null() && war["reviews"] == 0, "{war}");
}

/// A run of labels of which some are the same for all, whatever stands beside the network.
#[test]
fn labels_that_never_vary_are_learnt_beside_others() {
    for stacking in ["--stacking none", "--validation-fraction 0.3"] {
        let place = place();
        let all = |text: &str, has| format!("{},1,0", flags(text, has));
        place.write("films.csv", table("text,war,love,film,song", all));
        let said = place.succeed(&format!("--data films.csv --labels several --run run {SMALL} {stacking}"));
        assert!(
            notes(&said)
                .contains(&"labels that tell no review from another: every review has film, none has song"),
            "{}",
            said.err
        );
        let summary = place.json("run/summary.json");
        let labels = summary["metrics"]["labels"]["labels"].as_array().unwrap();
        let [film, song] = [&labels[2], &labels[3]];
        assert!(film["auc"].is_null() && film["recall"].is_number(), "{film}");
        assert!(song["auc"].is_null() && song["recall"].is_null() && song["reviews"] == 0, "{song}");
        let figures =
            ["macro_f1", "micro_f1"].map(|figure| summary["metrics"]["labels"][figure].as_f64().unwrap());
        assert!(figures.iter().all(|figure| (0.0..=1.0).contains(figure)), "{summary}");
        assert!(page(&place).contains("review with "), "the page is written");
        let verdict = place.printed("classify --run run --format json kiss");
        assert_eq!(verdict["probabilities"].as_object().unwrap().len(), 4);
    }
    let place = place();
    place.write("same.csv", table("text,film,song", |text, _| format!("{text},1,0")));
    insta::assert_snapshot!(place.complaint("train --data same.csv --labels several --quiet"), @"error: `<dir>/same.csv`: every training review has the label film (120 in all), and nothing is learnt from labels that never vary; add reviews with other labels");
}

#[test]
fn the_page_calls_classes_by_their_names() {
    let written = |cell: fn([bool; 2]) -> &'static str, header: &str, options: &str| {
        let place = place();
        place.write("films.csv", table(header, |text, has| format!("{text},{}", cell(has))));
        let said = place.succeed(&format!(
            "--data films.csv --run run {SMALL} --stacking none --validation-fraction 0.2 {options}"
        ));
        let page = page(&place);
        let title = page.split_once("<title>").unwrap().1.split_once("</title>").unwrap().0.to_owned();
        (title, page, said)
    };
    let (title, page, said) = written(|has| if has[0] { "spam" } else { "ham" }, "text,label", "");
    insta::assert_snapshot!(title, @"imdb-bilstm: films.csv; ham or spam");
    for words in
        ["said spam", "said ham", "Spam reviews found", "share of spam found", "probability of being spam"]
    {
        assert!(page.contains(words), "no `{words}` in the page");
    }
    assert!(!page.contains("ositive") && !page.contains("raise"), "other classes than those of the table");
    assert!(
        said.out.contains("said spam")
            && said.out.contains("ham reviews")
            && said.err.contains("Ham or spam"),
        "{}",
        said.out
    );
    let (title, page, _) = written(|has| ["0", "1"][usize::from(has[0])], "text,label", "");
    insta::assert_snapshot!(title, @"imdb-bilstm: films.csv; praise or blame");
    assert!(page.contains("said positive") && page.contains("probability of being positive"));
    let class =
        |has: [bool; 2]| ["drama", "war", "love", "war"][usize::from(has[0]) + 2 * usize::from(has[1])];
    let (title, page, _) = written(class, "text,label", "");
    insta::assert_snapshot!(title, @"imdb-bilstm: films.csv; classes: drama, love and war");
    assert!(page.contains("The classes; macro F1") && page.contains("said drama") && !page.contains("raise"));
    let stars = |has: [bool; 2]| ["2", "5", "3", "5"][usize::from(has[0]) + 2 * usize::from(has[1])];
    let (title, page, said) = written(stars, "text,stars", "--labels stars");
    insta::assert_snapshot!(title, @"imdb-bilstm: films.csv; stars: 2, 3 and 5");
    for words in ["The stars; macro F1", "said 5", "stars, probability of ", "likeliest number of stars"] {
        assert!(page.contains(words), "no `{words}` in the page");
    }
    assert!(!page.contains("raise") && !said.err.contains("raise"), "stars are no praise");
    let cell =
        |has: [bool; 2]| ["", "war", "love", "war|love"][usize::from(has[0]) + 2 * usize::from(has[1])];
    let (title, page, _) = written(cell, "text,label", "");
    insta::assert_snapshot!(title, @"imdb-bilstm: films.csv; labels: love and war");
    assert!(
        page.contains("The labels; macro F1") && page.contains("review with ") && !page.contains("raise")
    );
}

/// What a message advises is done, and helps.
#[test]
fn advice_is_followed() {
    let place = place();
    let good = archive::good();
    let entries: Vec<(&str, &[u8])> =
        good.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    place.write("reviews.tar.gz", archive::archive(&entries));
    let short = format!("{SMALL} --max-steps 1 --quiet");
    insta::assert_snapshot!(place.complaint("train --data reviews.tar.gz --labels several --quiet"), @r"
    error: `<dir>/reviews.tar.gz`: its reviews have one label each, that of their folder; leave out that they have several
      try `--labels stars`, or no `--labels`
    ");
    place.succeed(&format!("train --data reviews.tar.gz --labels stars --run stars {short}"));
    place.succeed(&format!("train --data reviews.tar.gz --run two {short}"));

    place.write(
        "words.csv",
        table("text,stars", |text, has| format!("{text},{}", ["few", "many"][usize::from(has[0])])),
    );
    insta::assert_snapshot!(place.complaint("train --data words.csv --labels stars --quiet"), @r"
    error: `<dir>/words.csv`: the labels are few and many, and stars are numbers; leave out that they are stars
      try `--labels classes`
    ");
    place.succeed(&format!("train --data words.csv --labels classes --run classes {short}"));

    let wrong = table("text,war,love", flags).replacen(",1,0\n", ",1,-1\n", 1);
    let rows = wrong.clone() + &table("", flags).repeat(12);
    place.write("flags.csv", rows.replace("\n\n", "\n"));
    insta::assert_snapshot!(place.complaint("train --data flags.csv --quiet"), @r"
    error: `<dir>/flags.csv`, row 3: the column `love` holds -1, and a column for a label holds 0 or 1; write one of these, take the row out, or name the label column
      try `--label-column NAME`
    ");
    place.succeed(&format!("train --data flags.csv --label-column war --run column {short}"));
    place.write("mended.csv", rows.replace("\n\n", "\n").replace(",1,-1\n", ",1,1\n"));
    place.succeed(&format!("train --data mended.csv --run mended {short}"));

    place.write(
        "lists.jsonl",
        table("", |text, has| {
            let names: Vec<&str> =
                ["war", "love"].into_iter().zip(has).filter(|(_, has)| *has).map(|(name, _)| name).collect();
            serde_json::json!({"text": text, "label": names}).to_string()
        }),
    );
    insta::assert_snapshot!(place.complaint("train --data lists.jsonl --labels classes --quiet"), @r#"
    error: `<dir>/lists.jsonl`, line 2: the label is ["war","love"]; expected one word or number
      try `--labels several`
    "#);
    place.succeed(&format!("train --data lists.jsonl --labels several --run lists {short}"));
    place.write("nested.jsonl", "{\"text\":\"a film\",\"label\":[[\"war\"],\"love\"]}\n");
    insta::assert_snapshot!(place.complaint("train --data nested.jsonl --quiet"), @r#"error: `<dir>/nested.jsonl`, line 1: the label is [["war"],"love"]; expected a word, a number, true or false, or a list of these"#);
}

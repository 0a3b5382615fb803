//! The gradient through time, as the program shows it.

mod program;

use std::fs;

use program::{place, text};

#[test]
fn figures_and_a_plot_are_left() {
    let place = place();
    let record =
        place.printed("gradients --data demo --window 40 --hidden 24 --run out --format json --quiet");
    let csv = fs::read_to_string(place.path("out/gradients.csv")).unwrap();
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("cell,step,steps_before_loss,gradient_norm"));
    assert_eq!(lines.clone().count(), 3 * 40);
    assert!(lines.all(|line| line.rsplit(',').next().unwrap().parse::<f64>().unwrap() > 0.0));
    let svg = fs::read_to_string(place.path("out/gradients.svg")).unwrap();
    let cells = record["cells"].as_array().unwrap();
    for (cell, name) in cells.iter().zip(["vanilla", "lstm", "gru"]) {
        assert_eq!(cell["cell"], name);
        assert_eq!(cell["norms"].as_array().unwrap().len(), 40);
        assert!(svg.contains(name));
    }
    let said =
        place.succeed("gradients --data demo --window 10 --hidden 8 --cells lstm --steps 3 --run lstm");
    assert!(said.out.contains("factor of each step") && !said.out.contains("vanilla"), "{}", said.out);
}

#[test]
fn a_text_of_another_encoding_is_read_as_told() {
    let place = place();
    let latin: Vec<u8> = text(60).replace("dog", "d\u{f6}g").chars().map(|letter| letter as u8).collect();
    place.write("latin.txt", latin);
    let line =
        "gradients --data latin.txt --window 10 --hidden 8 --batch-size 4 --cells gru --format json --quiet";
    insta::assert_snapshot!(place.complaint(line), @r"
    error: `<dir>/latin.txt`: byte offset 7 (line 1) is 0xf6, which is not UTF-8 there; the file is likely to be windows-1252
      try `--encoding windows-1252`
    ");
    let record = place.printed(&format!("{line} --encoding windows-1252 --run out"));
    assert_eq!(record["cells"][0]["norms"].as_array().unwrap().len(), 10);
    insta::assert_snapshot!(place.wrong_usage("gradients --data demo --encoding latin1 --quiet"), @"error: `--encoding`, `--include` or `--exclude` has no meaning here: the demo text is generated");
}

//! A page's word boundaries beside those of `unicode-segmentation`, in a browser where there is one.

use std::fs;
use std::path::Path;

use program_tests::browser::Browser;
use serde_json::json;
use unicode_segmentation::UnicodeSegmentation;

/// Characters of each class of UAX #29, and some that are in none.
const CHARACTERS: [&str; 44] = [
    "a",
    "\u{df}",
    "\u{3b1}",
    "\u{5d0}",
    "\u{627}",
    "\u{905}",
    "\u{e01}",
    "\u{e40}",
    "\u{4e2d}",
    "\u{3042}",
    "\u{30a2}",
    "\u{ff71}",
    "\u{ac00}",
    "0",
    "\u{665}",
    "_",
    "\u{203f}",
    "'",
    "\"",
    ".",
    ",",
    ":",
    ";",
    "\u{b7}",
    "\u{2019}",
    "\u{66c}",
    " ",
    "\u{a0}",
    "\u{3000}",
    "\r",
    "\n",
    "\u{85}",
    "\u{301}",
    "\u{93f}",
    "\u{ad}",
    "\u{200d}",
    "\u{200b}",
    "\u{1f1e9}",
    "\u{1f469}",
    "\u{1f3fd}",
    "\u{2764}",
    "\u{fe0f}",
    "\u{24c2}",
    "!",
];

/// Texts of these characters, all pairs and triples of the first class and random ones of any length.
fn texts() -> Vec<String> {
    let mut texts = Vec::new();
    for one in CHARACTERS {
        for other in CHARACTERS {
            texts.push(format!("a{one}{other}a"));
            texts.push(format!("0{one}{other}0{one}"));
        }
    }
    // Behind a mark that may join letters, a picture after a joiner is a case of its own in `unicode-segmentation`: it
    // takes back no boundary then.
    let characters: Vec<_> = CHARACTERS.into_iter().filter(|character| *character != "\u{200d}").collect();
    // A generator of any numbers: these are the same each time.
    let mut drawn = 1u32;
    for length in 0..3_000 {
        let mut text = String::new();
        for _ in 0..length % 40 {
            drawn = drawn.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            text += characters[(drawn >> 16) as usize % characters.len()];
        }
        texts.push(text);
    }
    texts
}

#[test]
fn words_end_where_those_of_the_programs_do() {
    let folder = tempfile::tempdir().unwrap();
    let script =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/standalone/segments.js")).unwrap();
    let page = folder.path().join("page.html");
    fs::write(
        &page,
        format!("<!doctype html><meta charset=utf-8><script>const Recurrent = {{}};{script}</script>"),
    )
    .unwrap();
    let Some(mut browser) = Browser::open(&page, "") else { return };
    browser.until("document.readyState === 'complete' && typeof Recurrent === 'object'");
    for texts in texts().chunks(500) {
        let found = browser.value(&format!("{}.map(Recurrent.segments)", json!(texts)));
        for (text, found) in texts.iter().zip(found.as_array().unwrap()) {
            let expected: Vec<&str> = text.split_word_bounds().collect();
            assert_eq!(found, &json!(expected), "{text:?}");
        }
    }
}

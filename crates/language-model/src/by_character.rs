//! The surprise of each character: as JSON lines, and as a page that colours it.

use serde::Serialize;

/// Characters that a page shows: more make browsers slow.
const SHOWN: usize = 200_000;

#[derive(Serialize)]
struct Line {
    /// Its place in the whole text, from 0.
    offset: usize,
    character: char,
    /// The natural logarithm of the probability that the network gave it.
    log_probability: f32,
}

/// A JSON line for each predicted character of a text: `{"offset":1,"character":"h","log_probability":-0.3}`. `scores` are
/// their surprises in nats, those of the text's last characters; offsets are counted from `start` on, the place of its first.
pub fn character_lines(text: &str, start: usize, scores: &[f32]) -> String {
    let mut lines = String::new();
    let first = text.chars().count() - scores.len();
    for (place, (character, score)) in text.chars().skip(first).zip(scores).enumerate() {
        let line = Line { offset: start + first + place, character, log_probability: -score };
        lines += &serde_json::to_string(&line).expect("a line of plain values");
        lines.push('\n');
    }
    lines
}

/// Bits at which the next colour begins.
const LEVELS: [f32; 7] = [0.5, 1.0, 2.0, 3.0, 4.5, 6.5, 9.0];

fn level(nats: f32) -> usize {
    let bits = nats / std::f32::consts::LN_2;
    LEVELS.iter().filter(|least| bits >= **least).count()
}

/// A page that shows a text, each character coloured by its surprise: more where the network expected it less. It needs
/// nothing but itself and has no script. `scores` are the surprises of its last characters, in nats, of all that are
/// predicted; `name` says what the text is. Past 200,000 characters it refers to `characters.jsonl`, for the lines of [`character_lines`].
pub fn surprise_page(text: &str, scores: &[f32], name: &str) -> String {
    let mut body = String::new();
    let mut open = 0;
    let count = text.chars().count();
    let unscored = std::iter::repeat_n(&0.0, count - scores.len());
    let shown = text.chars().zip(unscored.chain(scores)).take(SHOWN);
    for (character, score) in shown {
        let level = level(*score);
        if level != open {
            body += if open > 0 { "</i>" } else { "" };
            if level > 0 {
                body += &format!("<i class=s{level}>");
            }
            open = level;
        }
        match character {
            '&' => body += "&amp;",
            '<' => body += "&lt;",
            '>' => body += "&gt;",
            // A line end that surprised would not show.
            '\n' if level > 0 => body += "\u{21b5}\n",
            other => body.push(other),
        }
    }
    body += if open > 0 { "</i>" } else { "" };
    let name = name.replace('&', "&amp;").replace('<', "&lt;");
    let rest = count.saturating_sub(SHOWN);
    let rest = if rest > 0 {
        format!("<p>{rest} more characters are in characters.jsonl.</p>")
    } else {
        String::new()
    };
    let mut legend = String::from("<b>below 0.5</b>");
    for (place, least) in LEVELS.iter().enumerate() {
        legend += &format!(" <i class=s{}>from {least}</i>", place + 1);
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <title>Surprise: {name}</title><style>{STYLE}</style></head>\n<body><main><h1>How surprising each character of \
         {name} is</h1><p class=legend>Bits: {legend}</p><pre>{body}</pre>{rest}</main></body></html>\n"
    )
}

const STYLE: &str = "\
:root{color-scheme:light dark;--paper:#fff;--ink:#1d2129;--heat:#d9480f}\
@media(prefers-color-scheme:dark){:root{--paper:#15181d;--ink:#d9dde3;--heat:#ff7a3d}}\
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}\
main{max-width:52rem;margin:0 auto;padding:1.5rem 1rem}h1{font-size:1.3rem}\
pre{font:15px/1.7 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}\
i{font-style:normal;border-radius:2px}b{font-weight:400}.legend i{padding:0 .3em}\
.s1{background:color-mix(in srgb,var(--heat) 8%,transparent)}.s2{background:color-mix(in srgb,var(--heat) 16%,transparent)}\
.s3{background:color-mix(in srgb,var(--heat) 26%,transparent)}.s4{background:color-mix(in srgb,var(--heat) 38%,transparent)}\
.s5{background:color-mix(in srgb,var(--heat) 52%,transparent)}.s6{background:color-mix(in srgb,var(--heat) 68%,transparent)}\
.s7{background:color-mix(in srgb,var(--heat) 86%,transparent)}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_colours_and_escapes() {
        let scores = [0.0, 0.1, 2.0, 2.0, 9.0];
        let page = surprise_page("a<b&cd", &scores, "x<y>.txt");
        let body = page.split("<pre>").nth(1).unwrap().split("</pre>").next().unwrap();
        insta::assert_snapshot!(body, @"a&lt;b<i class=s3>&amp;c</i><i class=s7>d</i>");
        assert!(page.contains("x&lt;y>.txt") && !page.contains("x<y"));
    }
}

//! Universal newlines, lower case, and a Project Gutenberg edition's frame taken off.

use serde::{Deserialize, Serialize};

/// What becomes of capital letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Case {
    /// They stay.
    #[default]
    Keep,
    /// They become small ones, as Unicode has it.
    Lower,
}

/// What a text's source puts around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Edition {
    /// Project Gutenberg's header, footer and table of contents are taken off where their marks are found.
    #[default]
    Detect,
    /// The text is taken as it is.
    Plain,
}

/// Turns CR LF and CR into LF, as Python's universal newlines do.
pub(super) fn universal_newlines(text: String) -> String {
    if !text.contains('\r') {
        return text;
    }
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(end) = rest.find('\r') {
        clean.push_str(&rest[..end]);
        clean.push('\n');
        rest = &rest[end + 1..];
        rest = rest.strip_prefix('\n').unwrap_or(rest);
    }
    clean.push_str(rest);
    clean
}

/// The part of a Project Gutenberg edition between the lines `*** START OF …` and `*** END OF …`, without its
/// table of contents; `None` where the first of those lines is missing.
///
/// The contents are the lines from one that says `CONTENTS` alone, near the start, up to the place where their first
/// entry stands a second time: the heading that it names. Where it does not, nothing is taken off.
pub(super) fn without_frame(text: &str) -> Option<&str> {
    let (start, _) = find_line(text, 0, |line| line.starts_with("*** START OF "))?;
    let start = start + text[start..].find('\n').map_or(text.len() - start, |end| end + 1);
    let end =
        find_line(text, start, |line| line.starts_with("*** END OF ")).map_or(text.len(), |(end, _)| end);
    Some(without_contents(text[start..end].trim_matches('\n')))
}

/// How far into a text its contents may begin, in bytes.
const FRONT: usize = 20_000;

fn without_contents(text: &str) -> &str {
    let is_contents = |line: &str| line.trim().trim_end_matches('.').eq_ignore_ascii_case("contents");
    let Some((heading, line)) = find_line(text, 0, is_contents).filter(|(start, _)| *start < FRONT) else {
        return text;
    };
    let after = heading + line.len();
    let Some((entry, name)) = find_line(text, after, |line| !line.trim().is_empty()) else { return text };
    let (name, next) = (name.trim(), entry + name.len());
    match find_line(text, next, |line| line.trim() == name) {
        Some((start, _)) => &text[start..],
        None => text,
    }
}

/// The first line at or after `from`, which begins a line, that fits: its place and itself.
fn find_line(text: &str, from: usize, fits: impl Fn(&str) -> bool) -> Option<(usize, &str)> {
    let mut start = from;
    for line in text[from..].split_inclusive('\n') {
        if fits(line.trim_end_matches('\n')) {
            return Some((start, line));
        }
        start += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_becomes_one() {
        assert_eq!(universal_newlines("a\r\nb\rc\nd\r\r\ne\r".to_owned()), "a\nb\nc\nd\n\ne\n");
    }

    #[test]
    fn the_frame_and_the_contents_come_off() {
        let text = "Title: x\n*** START OF THE PROJECT GUTENBERG EBOOK X ***\n\nX\n\nCONTENTS\n\nBOOK ONE\nCHAPTER I\n\n\
                    BOOK ONE\n\nCHAPTER I\n\nWell, Prince.\n*** END OF THE PROJECT GUTENBERG EBOOK X ***\nlicence\n";
        assert_eq!(without_frame(text), Some("BOOK ONE\n\nCHAPTER I\n\nWell, Prince."));
        assert_eq!(without_frame("no frame\n"), None);
        let alone = "*** START OF THIS\nCONTENTS\n\nOne\n\nother words\n";
        assert_eq!(without_frame(alone), Some("CONTENTS\n\nOne\n\nother words"));
    }
}

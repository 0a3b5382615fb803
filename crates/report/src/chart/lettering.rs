//! How much room a text takes, and what is done where that is too much.
//!
//! The letters are those of the reader's own fonts, so every width is an estimate, and a generous one.

/// The size of all letters but the title's.
pub(super) const LETTER: i32 = 13;

/// The width of a text as most sans-serif fonts have it; the font is the reader's, so it is a guess, and a wide one.
pub(super) fn text_width(text: &str, size: i32) -> i32 {
    let share = |c: char| match c {
        'f' | 'i' | 'j' | 'l' | 'r' | 't' | 'I' | ' ' | '.' | ',' | ':' | ';' | '\'' | '(' | ')' | '-' => {
            0.39
        }
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 0.95,
        'A'..='Z' => 0.72,
        '\0'..='\u{2fff}' => 0.61,
        _ => 1.0,
    };
    (text.chars().map(share).sum::<f64>() * f64::from(size)).ceil() as i32
}

/// The title in one line, or in two where it is long.
pub(super) fn title_lines(title: &str, width: i32, size: i32) -> Vec<String> {
    // Bold letters are wider.
    let width = width * 8 / 9;
    let mut first = String::new();
    for word in title.split_whitespace() {
        let longer = format!("{first}{}{word}", if first.is_empty() { "" } else { " " });
        if text_width(&longer, size) > width && !first.is_empty() {
            let rest =
                title.split_whitespace().skip(first.split_whitespace().count()).collect::<Vec<_>>().join(" ");
            return vec![first, fitted(&rest, width, size)];
        }
        first = longer;
    }
    if first.is_empty() { Vec::new() } else { vec![fitted(&first, width, size)] }
}

/// Cuts a text that is wider than its place.
pub(super) fn fitted(text: &str, width: i32, size: i32) -> String {
    let mut fitted = text.to_owned();
    while text_width(&fitted, size) > width && fitted.pop().is_some() {}
    if fitted.len() < text.len() {
        fitted.pop();
        fitted.push('…');
    }
    fitted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_titles_take_two_lines_and_are_cut_after_that() {
        assert_eq!(title_lines("Loss", 400, 17), ["Loss"]);
        assert_eq!(
            title_lines("Closing price and the forecast of the day before", 396, 17),
            ["Closing price and the forecast of the", "day before"]
        );
        let long = title_lines(&"word ".repeat(50), 400, 17);
        assert_eq!(long.len(), 2);
        assert!(long[1].ends_with('…') && long.iter().all(|line| text_width(line, 17) <= 400), "{long:?}");
        assert!(title_lines(" ", 400, 17).is_empty());
    }

    #[test]
    fn a_text_that_fits_is_left_as_it_is() {
        assert_eq!(fitted("epoch", 100, 13), "epoch");
        assert_eq!(fitted("epoch", 0, 13), "…");
    }
}

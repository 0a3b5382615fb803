//! Text within markup: nothing that is given to a chart or a page becomes a tag.

/// Text as it can stand in an element or in a quoted attribute. Control characters, which HTML forbids, are shown as
/// the sign for what cannot be shown.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\'' => escaped += "&#39;",
            '\n' | '\t' => escaped.push(c),
            c if c.is_control() => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::escape;

    proptest! {
        #[test]
        fn escaped_text_holds_no_markup_and_comes_back(text in "[^\\x00-\\x1f\\x7f-\\x9f]*") {
            let escaped = escape(&text);
            prop_assert!(!escaped.contains(['<', '>', '"', '\'']));
            let back = escaped
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
            prop_assert_eq!(back, text);
        }
    }

    #[test]
    fn control_characters_do_not_reach_the_page() {
        assert_eq!(escape("a\0b\u{1b}[1mc\nd\te"), "a\u{fffd}b\u{fffd}[1mc\nd\te");
    }
}

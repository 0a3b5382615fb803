//! Cuts a review into words, by the rule of Keras's tokeniser.

/// The characters that part [words](tokenise), besides white space: those that Keras's tokeniser filters.
pub const SEPARATORS: &str = "!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~";

/// The only mark-up that the reviews have; without this, `br` would be among the most frequent words.
const LINE_BREAK: &str = "<br />";

/// The words of a text.
///
/// `<br />` becomes a space; the text becomes lower case, as Python's `str.lower()` has it; each of
/// `` !"#$%&()*+,-./:;<=>?@[\]^_`{|}~ `` becomes a space; what is left is split at white space, as Python's
/// `str.split()` does. An apostrophe stays within its word.
///
/// Keras's own function splits at the space alone, after tab and line feed became one. The reviews have 1,523 other
/// white spaces (U+0085 and U+00A0), which would end up within words.
///
/// ```
/// use recurrent_data::reviews::tokenise;
///
/// assert_eq!(tokenise("It's GREAT!<br /><br />A well-made film: 10/10."),
///     ["it's", "great", "a", "well", "made", "film", "10", "10"]);
/// ```
pub fn tokenise(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    each_word(text, &mut String::new(), |word| words.push(word.to_owned()));
    words
}

/// Calls `act` with each word. `lower` is memory that is used again for the next text.
pub(super) fn each_word(text: &str, lower: &mut String, act: impl FnMut(&str)) {
    lower.clear();
    for (i, piece) in text.split(LINE_BREAK).enumerate() {
        if i > 0 {
            lower.push(' ');
        }
        lower.push_str(piece);
    }
    if lower.is_ascii() {
        lower.make_ascii_lowercase();
    } else {
        // Of the whole text, not by character: a sigma at the end of a word has a small letter of its own.
        *lower = lower.to_lowercase();
    }
    lower.split(separates).filter(|word| !word.is_empty()).for_each(act);
}

fn separates(character: char) -> bool {
    if character.is_ascii() {
        return SEPARATES[character as usize];
    }
    character.is_whitespace()
}

/// Which ASCII characters stand between words; looked up, because every byte of every review asks.
const SEPARATES: [bool; 128] = {
    let mut table = [false; 128];
    let filtered = SEPARATORS.as_bytes();
    let mut i = 0;
    while i < filtered.len() {
        table[filtered[i] as usize] = true;
        i += 1;
    }
    // U+001C to U+001F are white space to Python, though not to Unicode.
    let white = b" \t\n\x0b\x0c\r\x1c\x1d\x1e\x1f";
    let mut i = 0;
    while i < white.len() {
        table[white[i] as usize] = true;
        i += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_filtered_character_separates_words() {
        for character in SEPARATORS.chars().chain("\t\n\r\u{85}\u{a0}\u{3000}\u{1c} ".chars()) {
            assert_eq!(tokenise(&format!("One{character}two")), ["one", "two"], "{character:?}");
        }
        assert_eq!(tokenise("one'two"), ["one'two"]);
    }

    #[test]
    fn case_is_pythons() {
        assert_eq!(tokenise("ΟΔΟΣ ΣΑΣ, İ ẞ"), ["οδος", "σας", "i\u{307}", "ß"]);
    }

    #[test]
    fn a_line_break_is_no_word() {
        assert_eq!(tokenise("a<br />b<br /><br />c"), ["a", "b", "c"]);
        assert_eq!(tokenise("a<br>b"), ["a", "br", "b"], "only the mark-up that the reviews have");
        assert!(tokenise("<br /> :-) !").is_empty());
    }

    proptest! {
        #[test]
        fn any_text_has_words_that_are_words_themselves(text in any::<String>()) {
            let words = tokenise(&text);
            prop_assert_eq!(tokenise(&words.join(" ")), words);
        }

        #[test]
        fn texts_with_capitals_and_marks_too(text in "[a-cΣσİ'<>br/ .\u{85}\u{a0}\u{1c}A-C]{0,40}") {
            let words = tokenise(&text);
            for word in &words {
                prop_assert!(!word.is_empty() && !word.chars().any(separates));
            }
            prop_assert_eq!(tokenise(&words.join(" ")), words);
        }
    }
}

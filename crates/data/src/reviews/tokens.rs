//! What the words of a text are: what stands between blanks, what Unicode says a word is, or each character.

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use super::tokenise::each_word;

/// What the words of a text are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tokens {
    /// What stands between blanks and punctuation, by the rule of [`tokenise`](super::tokenise).
    #[default]
    Words,
    /// The words of Unicode's text segmentation (UAX #29), for languages that are written without blanks: of Chinese, Japanese
    /// and Thai each sign by itself, of others what stands between blanks. A pair of signs is a pair of words then, which a
    /// network and a linear classifier on n-grams both learn from.
    Segments,
    /// Each character as a reader sees it, an accent included, but for white space.
    Characters,
}

impl Tokens {
    /// The words that suit some texts: [`Segments`](Self::Segments) where a fifth of the letters or more are of a script that
    /// puts no blanks between words, else [`Words`](Self::Words). A thousand texts are looked at.
    ///
    /// ```
    /// use recurrent_data::reviews::Tokens;
    ///
    /// assert_eq!(Tokens::of(&["A good film.".to_owned()]), Tokens::Words);
    /// assert_eq!(Tokens::of(&["很好看的电影".to_owned()]), Tokens::Segments);
    /// assert_eq!(Tokens::Segments.words("好看 film!"), ["好", "看", "film"]);
    /// ```
    pub fn of(texts: &[String]) -> Self {
        const LOOKED_AT: usize = 1000;
        let each = texts.len().div_ceil(LOOKED_AT).max(1);
        let (mut letters, mut without_blanks) = (0, 0);
        for text in texts.iter().step_by(each) {
            // Nearly all texts of such a script have letters outside ASCII, and the others need not be looked through.
            if text.is_ascii() {
                letters += text.len();
                continue;
            }
            for letter in text.chars().filter(|letter| letter.is_alphabetic()) {
                letters += 1;
                without_blanks += usize::from(is_without_blanks(letter));
            }
        }
        if 5 * without_blanks > letters { Self::Segments } else { Self::Words }
    }

    /// The words of a text.
    pub fn words(self, text: &str) -> Vec<String> {
        let mut words = Vec::new();
        self.each(text, &mut String::new(), |word| words.push(word.to_owned()));
        words
    }

    /// Calls `act` with each word. `lower` is memory that is used again for the next text.
    pub(super) fn each(self, text: &str, lower: &mut String, act: impl FnMut(&str)) {
        match self {
            Self::Words => each_word(text, lower, act),
            Self::Segments => {
                *lower = text.to_lowercase();
                lower.unicode_words().for_each(act);
            }
            Self::Characters => {
                *lower = text.to_lowercase();
                lower.graphemes(true).filter(|character| !character.trim().is_empty()).for_each(act);
            }
        }
    }
}

/// Whether a letter is of a script without blanks between words: Chinese and Japanese, Thai, Lao, Burmese and Khmer. Korean has
/// blanks.
fn is_without_blanks(letter: char) -> bool {
    matches!(letter,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn scripts_choose() {
        let of = |text: &str| Tokens::of(&[text.to_owned()]);
        for text in ["とても面白い映画でした", "หนังเรื่องนี้สนุกมาก", "这部 film 很好"]
        {
            assert_eq!(of(text), Tokens::Segments, "{text}");
        }
        for text in ["이 영화는 정말 재미있다", "Très bon film", "Отличный фильм", "A film called 好", "!!"]
        {
            assert_eq!(of(text), Tokens::Words, "{text}");
        }
    }

    #[test]
    fn characters_are_those_that_a_reader_sees() {
        assert_eq!(Tokens::Characters.words("Ne\u{301} 好!"), ["n", "e\u{301}", "好", "!"]);
    }

    proptest! {
        #[test]
        fn words_are_words_themselves(text in any::<String>()) {
            for tokens in [Tokens::Segments, Tokens::Characters] {
                for word in tokens.words(&text) {
                    prop_assert_eq!(tokens.words(&word), [word]);
                }
            }
        }
    }
}

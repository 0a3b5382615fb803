//! A text in the pieces that a reader sees, with what the words in each did to its score.

use recurrent_data::reviews::Tokens;

use crate::occlusion::WordEffect;

/// Parts a text at white space. A piece has the effects of its words together: `well-made` is two words. Mark-up for a line
/// break is left out, as the words do.
///
/// Where the pieces have not the same words as the whole text, the words themselves are the pieces.
pub fn pieces(text: &str, effects: &[WordEffect], tokens: Tokens) -> Vec<(String, f32)> {
    let mut rest = effects.iter();
    let pieces: Vec<(String, f32)> = text
        .replace("<br />", " ")
        .split_whitespace()
        .map(|piece| {
            let sum = tokens.words(piece).iter().filter_map(|_| rest.next()).map(|word| word.effect).sum();
            (piece.to_owned(), sum)
        })
        .collect();
    // A text without blanks is shown word by word.
    let words = tokens.words(text);
    let same = tokens == Tokens::Words && pieces.iter().flat_map(|(piece, _)| tokens.words(piece)).eq(words);
    if same { pieces } else { effects.iter().map(|word| (word.word.clone(), word.effect)).collect() }
}

/// The words that moved a score most in one direction, each once with the effects of all its places, the largest first.
pub fn strongest(effects: &[WordEffect], direction: Direction, count: usize) -> Vec<(&str, f32)> {
    let mut sums: Vec<(&str, f32)> = Vec::new();
    for WordEffect { word, effect } in effects {
        match sums.iter_mut().find(|(known, _)| known == word) {
            Some((_, sum)) => *sum += effect,
            None => sums.push((word, *effect)),
        }
    }
    let sign = match direction {
        Direction::Praise => 1.0,
        Direction::Blame => -1.0,
    };
    sums.retain(|(_, sum)| sign * sum >= LEAST);
    sums.sort_by(|a, b| (sign * b.1).total_cmp(&(sign * a.1)));
    sums.truncate(count);
    sums
}

/// The strongest words of both directions in words and figures, in two lines; `class` is the one that the effects are for.
pub fn strongest_text(effects: &[WordEffect], class: &str) -> String {
    const SHOWN: usize = 8;
    let list = |direction| {
        let words = strongest(effects, direction, SHOWN);
        let words: Vec<_> = words.iter().map(|(word, effect)| format!("{word} {effect:+.2}")).collect();
        if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
    };
    let class = if class == "positive" { "praise" } else { class };
    let (praise, width) = (format!("for {class}:"), class.chars().count() + 5);
    format!("{praise} {}\n{:width$} {}", list(Direction::Praise), "against:", list(Direction::Blame))
}

/// Which way a score is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Towards positive, or the class that a text was taken for.
    Praise,
    /// Away from it.
    Blame,
}

/// Effects below this would be shown as 0.00.
const LEAST: f32 = 0.005;

#[cfg(test)]
mod tests {
    use super::*;

    fn effects(text: &str) -> Vec<WordEffect> {
        let words = Tokens::Words.words(text).into_iter().enumerate();
        words.map(|(i, word)| WordEffect { word, effect: i as f32 + 1.0 }).collect()
    }

    #[test]
    fn pieces_have_the_effects_of_their_words() {
        let text = "A well-made film!<br /><br />(-: Really...";
        let found = pieces(text, &effects(text), Tokens::Words);
        let expected = [("A", 1.0), ("well-made", 5.0), ("film!", 4.0), ("(-:", 0.0), ("Really...", 5.0)];
        assert_eq!(found, expected.map(|(piece, effect)| (piece.to_owned(), effect)));
    }

    #[test]
    fn a_word_met_twice_is_one() {
        let text = "good bad good dull";
        let mut effects = effects(text);
        effects.iter_mut().zip([1.0, -3.0, 1.5, -0.001]).for_each(|(word, effect)| word.effect = effect);
        assert_eq!(strongest(&effects, Direction::Praise, 3), [("good", 2.5)]);
        assert_eq!(strongest(&effects, Direction::Blame, 3), [("bad", -3.0)]);
    }
}

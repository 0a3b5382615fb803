//! Scores a text under the grammar that makes the demo text.

use super::grammar::{Choice, Grammar, Place};

/// The surprise of each character of demo text, in nats: the negative logarithm of its probability under the grammar, given
/// all characters before it. No model can have a lower mean on texts to come; its mean over a long text is
/// [`demo_entropy`](super::demo_entropy).
///
/// The text begins with a sentence, and may end anywhere.
///
/// ```
/// use recurrent_data::text::demo_surprise;
///
/// let surprise = demo_surprise("the hens (the dog sings) eat.\n")?;
/// let of = |place: usize| surprise[place];
/// assert_eq!(of(0), 0.0, "every sentence begins with `the`");
/// assert!((of(7) - 2f64.ln()).abs() < 1e-9, "one dog or more");
/// assert_eq!(of(22), 0.0, "the verb agrees with `dog`");
/// assert!((of(28) - 2f64.ln()).abs() < 1e-9, "no `s` after `eat`, because of `hens`: the end or an adverb");
/// # Ok::<(), recurrent_data::text::DemoFault>(())
/// ```
///
/// # Errors
///
/// When a character cannot come where it stands.
pub fn demo_surprise(text: &str) -> Result<Vec<f64>, DemoFault> {
    let (grammar, mut place) = (Grammar::new(), Place::new());
    let mut surprise = Vec::with_capacity(text.len());
    let mut open: Vec<&Choice> = grammar.choices(&place).iter().collect();
    // How many bytes of the open choices are written. Their characters are one byte each.
    let mut written = 0;
    for (offset, character) in text.chars().enumerate() {
        let before: f64 = open.iter().map(|choice| choice.probability).sum();
        let next = |choice: &&Choice| choice.text[written..].starts_with(character);
        let still: Vec<&Choice> = open.iter().copied().filter(next).collect();
        if still.is_empty() {
            return Err(DemoFault { character, offset, expected: expected(&open, written) });
        }
        // What alone is possible has probability 1, whatever rounding makes of the sums.
        let certain = still.len() == open.len();
        let after: f64 = still.iter().map(|choice| choice.probability).sum();
        surprise.push(if certain { 0.0 } else { -(after / before).ln() });
        (open, written) = (still, written + 1);
        if let [choice] = open[..]
            && choice.text.len() == written
        {
            place.take(choice);
            (open, written) = (grammar.choices(&place).iter().collect(), 0);
        }
    }
    Ok(surprise)
}

fn expected(open: &[&Choice], written: usize) -> String {
    let mut next: Vec<char> =
        open.iter().filter_map(|choice| choice.text[written..].chars().next()).collect();
    next.sort_unstable();
    next.dedup();
    next.into_iter().collect()
}

/// A character that cannot come where it stands in demo text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is no demo text: {character:?} at character offset {offset} cannot come there, but one of {expected:?}; score \
     whole sentences that `demo` made"
)]
pub struct DemoFault {
    /// The character.
    pub character: char,
    /// Its place in the text, in characters, counted from 0.
    pub offset: usize,
    /// The characters that can come there.
    pub expected: String,
}

//! The label of a demo review, from its words: the rule that makes them, read backwards.

use super::words::{ASSENT, BLAME, DENIAL, PRAISE};
use crate::reviews::Label;

/// The other one of two labels.
pub(super) fn contrary(label: Label) -> Label {
    if label == Label::POSITIVE { Label::NEGATIVE } else { Label::POSITIVE }
}

/// The label of a demo review from its words, or `None` where no word judges.
///
/// The last word of judgement decides. It means the contrary if the last `not` or `truly` before it is `not`.
///
/// ```
/// use recurrent_data::reviews::{Label, demo_label, tokenise};
///
/// let words = tokenise("At first the film was truly, as my brother said, dull. In the end it was not, to my mind, bad.");
/// assert_eq!(demo_label(&words), Some(Label::POSITIVE));
/// ```
pub fn demo_label<W: AsRef<str>>(words: &[W]) -> Option<Label> {
    let place = words.iter().rposition(|word| judgement(word.as_ref()).is_some())?;
    let label = judgement(words[place].as_ref())?;
    let before = words[..place].iter().rev().map(AsRef::as_ref);
    let denied =
        before.take_while(|word| judgement(word).is_none()).find(|word| [DENIAL, ASSENT].contains(word));
    Some(if denied == Some(DENIAL) { contrary(label) } else { label })
}

fn judgement(word: &str) -> Option<Label> {
    if PRAISE.contains(&word) {
        Some(Label::POSITIVE)
    } else if BLAME.contains(&word) {
        Some(Label::NEGATIVE)
    } else {
        None
    }
}

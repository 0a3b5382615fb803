//! What is said of a text, for a terminal: in one line, or alone, with its words in colour.

use anstyle::{AnsiColor, Style};
use recurrent_data::reviews::Tokens;

use crate::occlusion::WordEffect;
use crate::pieces::{pieces, strongest_text};
use crate::verdict::Verdict;

/// How texts are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// What the words of a text are.
    pub tokens: Tokens,
    /// Whether words have colours.
    pub colours: Colours,
}

/// Whether words have colours, as a terminal shows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// They do.
    Shown,
    /// They have none.
    Plain,
}

impl Look {
    /// A text that stands alone.
    pub fn alone(&self, verdict: &Verdict, text: &str) -> String {
        let known = format!("{} of {} words known", verdict.known, verdict.words);
        let probability = format!("probability of being {} {:.4}", verdict.class, verdict.probability);
        let mut shown = format!("{}: {probability}; {known}", verdict.label);
        for (class, probability) in verdict.probabilities.iter().flatten() {
            shown += &format!("\n    {class} {probability:.4}");
        }
        if let Some(effects) = &verdict.explanation {
            let strongest = strongest_text(effects, &verdict.class);
            shown += &format!("\n\n{}\n\n{strongest}", self.coloured(text, effects));
        }
        shown
    }

    /// A text among others.
    pub fn line(&self, verdict: &Verdict, text: &str) -> String {
        let head = format!("{}  {:.4}", verdict.label, verdict.probability);
        let Some(effects) = &verdict.explanation else { return format!("{head}  {}", in_one_line(text)) };
        let strongest = indented(&strongest_text(effects, &verdict.class));
        format!("{head}  {}\n{strongest}", self.coloured(text, effects))
    }

    /// The text in one line, its words in green where they speak for the class, in red where against, and bold the strongest.
    fn coloured(&self, text: &str, effects: &[WordEffect]) -> String {
        if self.colours == Colours::Plain {
            return in_one_line(text);
        }
        let pieces = pieces(text, effects, self.tokens);
        let largest = pieces.iter().fold(0.0f32, |most, (_, effect)| most.max(effect.abs()));
        let shown = pieces.iter().map(|(piece, effect)| {
            let piece = without_control(piece);
            match style(*effect, largest) {
                Some(style) => format!("{style}{piece}{style:#}"),
                None => piece,
            }
        });
        shown.collect::<Vec<_>>().join(" ")
    }
}

/// The look of a word, by its effect and the largest in the text.
fn style(effect: f32, largest: f32) -> Option<Style> {
    let share = effect.abs() / largest;
    if share.is_nan() || share < 0.1 {
        return None;
    }
    let colour = if effect > 0.0 { AnsiColor::Green } else { AnsiColor::Red };
    let style = Style::new().fg_color(Some(colour.into()));
    Some(if share >= 0.5 { style.bold() } else { style })
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}

fn in_one_line(text: &str) -> String {
    without_control(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A review may come from anyone; what would steer the terminal is left out.
fn without_control(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).collect()
}

//! How verdicts look: a line of JSON, a line of text, or one review with its words in colour.

use std::io;

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use recurrent_program::{Unshown, show};

use super::Verdict;
use super::occlusion::WordEffect;
use super::pieces::{Direction, pieces, strongest};

/// The form of what is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// A JSON object a line.
    Json,
    /// A review alone.
    One,
    /// A line a review.
    Many,
}

/// Standard output. Colours are used where it is a terminal and `NO_COLOR` is not set.
pub(super) struct Output {
    look: Look,
    colours: bool,
    text: String,
}

impl Output {
    pub(super) fn new(look: Look) -> Self {
        let colours = AutoStream::choice(&io::stdout()) != ColorChoice::Never;
        Self { look, colours, text: String::new() }
    }

    /// Adds what is said of a text.
    pub(super) fn add(&mut self, verdict: &Verdict, text: &str) -> Result<(), serde_json::Error> {
        self.text += &match self.look {
            Look::Json => serde_json::to_string(verdict)?,
            Look::One => self.one(verdict, text),
            Look::Many => self.line(verdict, text),
        };
        self.text.push('\n');
        Ok(())
    }

    /// Prints what was added; see [`show`].
    pub(super) fn flush(&mut self) -> Result<bool, Unshown> {
        show(&std::mem::take(&mut self.text))
    }

    fn one(&self, verdict: &Verdict, text: &str) -> String {
        let known = format!("{} of {} words known", verdict.known, verdict.words);
        let probability = format!("probability of being positive {:.4}", verdict.probability);
        let mut shown = format!("{}: {probability}; {known}", verdict.label);
        if let Some(effects) = &verdict.explanation {
            shown += &format!("\n\n{}\n\n{}", self.coloured(text, effects), moved(effects));
        }
        shown
    }

    fn line(&self, verdict: &Verdict, text: &str) -> String {
        let head = format!("{}  {:.4}", verdict.label, verdict.probability);
        match &verdict.explanation {
            None => format!("{head}  {}", in_one_line(text)),
            Some(effects) => {
                format!("{head}  {}\n{}", self.coloured(text, effects), indented(&moved(effects)))
            }
        }
    }

    /// The text in one line, its words in green where they speak for praise, in red where against, and bold the strongest.
    fn coloured(&self, text: &str, effects: &[WordEffect]) -> String {
        if !self.colours {
            return in_one_line(text);
        }
        let pieces = pieces(text, effects);
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

/// The strongest words in words and figures, for those who see no colours.
fn moved(effects: &[WordEffect]) -> String {
    const SHOWN: usize = 8;
    let list = |direction| {
        let words = strongest(effects, direction, SHOWN);
        let words: Vec<_> = words.iter().map(|(word, effect)| format!("{word} {effect:+.2}")).collect();
        if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
    };
    format!("for praise: {}\nagainst:    {}", list(Direction::Praise), list(Direction::Blame))
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

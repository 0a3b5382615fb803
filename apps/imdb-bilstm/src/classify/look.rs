//! How verdicts look: a line of JSON, a line of text, or one review with its words in colour.

use std::io;

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use recurrent_classifier::{WordEffect, pieces, strongest_text};
use recurrent_data::reviews::Tokens;
use recurrent_program::flags::Format;

use super::verdict::Verdict;

/// The form of what is printed. Colours are used where standard output is a terminal and `NO_COLOR` is not set.
pub(super) struct Look {
    format: Format,
    /// Whether a review stands alone, as an argument does; else each is a line.
    alone: bool,
    colours: bool,
    /// What the words of a review are.
    tokens: Tokens,
}

impl Look {
    pub(super) fn new(format: Format, alone: bool, tokens: Tokens) -> Self {
        Self { format, alone, colours: AutoStream::choice(&io::stdout()) != ColorChoice::Never, tokens }
    }

    /// What is said of a text, with a line end.
    pub(super) fn of(&self, verdict: &Verdict, text: &str) -> Result<String, serde_json::Error> {
        let shown = match (self.format, self.alone) {
            (Format::Json, _) => serde_json::to_string(verdict)?,
            (Format::Text, true) => self.one(verdict, text),
            (Format::Text, false) => self.line(verdict, text),
        };
        Ok(shown + "\n")
    }

    fn one(&self, verdict: &Verdict, text: &str) -> String {
        let known = format!("{} of {} words known", verdict.known, verdict.words);
        let probability = format!("probability of being {} {:.4}", verdict.class, verdict.probability);
        let mut shown = format!("{}: {probability}; {known}", verdict.label);
        for (class, probability) in verdict.probabilities.iter().flatten() {
            shown += &format!("\n    {class} {probability:.4}");
        }
        if let Some(effects) = &verdict.explanation {
            shown += &format!(
                "\n\n{}\n\n{}",
                self.coloured(text, effects),
                strongest_text(effects, &verdict.class)
            );
        }
        shown
    }

    fn line(&self, verdict: &Verdict, text: &str) -> String {
        let head = format!("{}  {:.4}", verdict.label, verdict.probability);
        match &verdict.explanation {
            None => format!("{head}  {}", in_one_line(text)),
            Some(effects) => {
                format!(
                    "{head}  {}\n{}",
                    self.coloured(text, effects),
                    indented(&strongest_text(effects, &verdict.class))
                )
            }
        }
    }

    /// The text in one line, its words in green where they speak for praise, in red where against, and bold the strongest.
    fn coloured(&self, text: &str, effects: &[WordEffect]) -> String {
        if !self.colours {
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

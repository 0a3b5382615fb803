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
        let mut shown = match (&verdict.labels, &verdict.label, verdict.probability) {
            (None, Some(label), Some(probability)) => {
                format!("{label}: probability of being {} {probability:.4}; {known}", verdict.class)
            }
            (labels, ..) => format!("{}; {known}", listed(labels.as_deref().unwrap_or_default())),
        };
        for (class, probability) in verdict.probabilities.iter().flatten() {
            let is_said = verdict.labels.as_ref().is_some_and(|labels| labels.contains(class));
            shown += &format!("\n    {class} {probability:.4}{}", if is_said { ", said" } else { "" });
        }
        if let Some(effects) = &verdict.explanation {
            let strongest = strongest_text(effects, &verdict.class);
            shown += &format!("\n\n{}\n\n{strongest}", self.coloured(text, effects));
        }
        for (place, (label, effects)) in verdict.explanations.iter().flatten().enumerate() {
            // Without colours the text is the same for each label.
            if place == 0 || self.colours == Colours::Shown {
                shown += &format!("\n\n{}", self.coloured(text, effects));
            }
            shown += &format!("\n\n{}", strongest_text(effects, label));
        }
        shown
    }

    /// A text among others.
    pub fn line(&self, verdict: &Verdict, text: &str) -> String {
        let head = match (&verdict.labels, &verdict.label, verdict.probability) {
            (None, Some(label), Some(probability)) => format!("{label}  {probability:.4}"),
            (labels, ..) => {
                let probability = |label: &String| verdict.probabilities.as_ref()?.get(label).copied();
                let said = labels.iter().flatten();
                let said = said.map(|label| format!("{label} {:.4}", probability(label).unwrap_or_default()));
                listed(&said.collect::<Vec<_>>())
            }
        };
        let explained = verdict.explanation.iter().map(|effects| (&verdict.class, effects));
        let explained = explained.chain(verdict.explanations.iter().flatten());
        let strongest: Vec<String> =
            explained.clone().map(|(class, effects)| indented(&strongest_text(effects, class))).collect();
        let text = match explained.clone().next() {
            Some((_, effects)) if strongest.len() == 1 => self.coloured(text, effects),
            _ => in_one_line(text),
        };
        [vec![format!("{head}  {text}")], strongest].concat().join("\n")
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

/// Labels in one line.
fn listed(labels: &[String]) -> String {
    if labels.is_empty() { "no label".to_owned() } else { labels.join(", ") }
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

//! How well a model predicts a text: as figures, in words, and as a section of a report.

use recurrent_metrics::language::{bits, perplexity};
use recurrent_report::{LineChart, Section, Series, loss_curves, thousands};
use serde::{Deserialize, Serialize};

use crate::judged::Part;

/// How well a model predicts a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Prediction {
    /// Which part of the text.
    pub judged_on: Part,
    /// Characters that were predicted.
    pub characters: usize,
    /// The cross-entropy in nats: the mean of the negative logarithm of the probability given to each character.
    pub nats_per_character: f64,
    /// The same in bits.
    pub bits_per_character: f64,
    /// The number of equally likely characters that would be as hard to predict.
    pub perplexity: f64,
    /// What the best possible model is expected to reach, in nats; known for generated text alone.
    pub floor: Option<f64>,
}

impl Prediction {
    /// From the mean surprise of some characters, in nats.
    pub fn new(judged_on: Part, characters: usize, nats: f64, floor: Option<f64>) -> Self {
        Self {
            judged_on,
            characters,
            nats_per_character: nats,
            bits_per_character: bits(nats),
            perplexity: perplexity(nats),
            floor,
        }
    }

    /// The figures by name.
    pub fn figures(&self) -> [(&'static str, String); 3] {
        [
            ("nats per character", format!("{:.4}", self.nats_per_character)),
            ("bits per character", format!("{:.4}", self.bits_per_character)),
            ("perplexity", format!("{:.3}", self.perplexity)),
        ]
    }

    /// What it is of: so many characters of a part.
    pub fn caption(&self) -> String {
        format!("{} characters of {}", thousands(self.characters as u64), self.judged_on.words())
    }

    /// How far it is above the least that can be expected, where that is known.
    pub fn above_floor(&self) -> Option<String> {
        self.floor.map(|floor| {
            format!(
                "entropy of the text is {floor:.4} nats: the model is {:.1}% above what the best possible one is expected to \
                 reach",
                100.0 * (self.nats_per_character / floor - 1.0)
            )
        })
    }

    /// The same in lines, for a terminal.
    pub fn text(&self) -> String {
        let figures = self.figures().map(|(name, figure)| format!("{name:18}  {figure}\n")).concat();
        let floor = self.above_floor().map_or_else(String::new, |words| words + "\n");
        format!("{}\n\n{figures}{floor}", self.caption())
    }

    /// Adds the same to a section of a report.
    pub fn report(&self, section: Section) -> Section {
        let section = section.facts(self.caption(), self.figures());
        match self.above_floor() {
            Some(words) => section.paragraph(format!("The {words}.")),
            None => section,
        }
    }
}

/// A chart of the losses by epoch, with the best epoch; for generated text, with the least loss that can be expected.
pub fn loss_chart(
    training: &[f64],
    validation: &[f64],
    best_epoch: Option<usize>,
    floor: Option<f64>,
) -> LineChart {
    let chart = loss_curves(training, validation, best_epoch, "nats per character");
    match (floor, training.len()) {
        (None, _) | (_, 0) => chart,
        (Some(floor), epochs) => {
            chart.series(Series::dashed("entropy of the text", vec![(1.0, floor), (epochs as f64, floor)]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prediction_is_told_in_lines() {
        let prediction = Prediction::new(Part::Test, 9999, 0.5, Some(0.4448));
        insta::assert_snapshot!(prediction.text(), @r"
        9,999 characters of held-out test text

        nats per character  0.5000
        bits per character  0.7213
        perplexity          1.649
        entropy of the text is 0.4448 nats: the model is 12.4% above what the best possible one is expected to reach
        ");
        assert!(!Prediction::new(Part::Whole, 2, 0.5, None).text().contains("entropy"));
    }
}

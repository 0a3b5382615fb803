//! What scores texts: a network, alone or stacked with a linear classifier.

use recurrent_data::reviews::Label;
use recurrent_train::RunFolder;

use crate::ensemble::Ensemble;
use crate::error::Error;
use crate::outputs::Outputs;
use crate::parts::Reviews;
use crate::settings::{Partner, Settings};
use crate::stacking::Stacking;
use crate::thresholds;
use crate::truth::Truth;

/// What scores texts: a network, alone or stacked with a linear classifier.
#[derive(Clone, Debug)]
pub struct Scorer {
    /// The network.
    pub network: Ensemble,
    /// What it is stacked with.
    pub stacking: Option<Stacking>,
    /// The score above which each label is said, where a text may have any number of them; else none.
    pub thresholds: Vec<f32>,
}

impl Scorer {
    /// A network that scores alone; a label is said that is likelier than not.
    pub fn alone(network: Ensemble) -> Self {
        let labels = match network.outputs() {
            Outputs::Labels(labels) => labels,
            Outputs::Two | Outputs::Classes(_) => 0,
        };
        Self { network, stacking: None, thresholds: vec![0.0; labels] }
    }

    /// A trained network with the partner that the settings ask for, fitted to the same reviews and weighed on those held out
    /// to choose the epoch by, where there are some; on these the threshold of each label is chosen too.
    ///
    /// # Errors
    /// A partner is asked for, and a score of the network is not finite.
    ///
    /// # Panics
    /// A partner is asked for, and no reviews are held out.
    pub fn fit(network: Ensemble, settings: &Settings, reviews: &Reviews) -> Result<Self, Error> {
        let (held_out, outputs) = (reviews.choose(), network.outputs());
        let mut scorer = Self::alone(network);
        if settings.stacking == Partner::None && (scorer.thresholds.is_empty() || held_out.is_empty()) {
            return Ok(scorer);
        }
        let mut scores = scorer.network.scores(&held_out.reviews());
        if settings.stacking == Partner::NbSvm {
            assert!(!held_out.is_empty(), "reviews are held out to weigh the network against its partner");
            let stacking = scorer.stacking.insert(Stacking::fit(
                &reviews.learn(),
                &held_out,
                &scores,
                outputs,
                settings.coding,
            )?);
            scores = stacking.scores(&scores, &held_out.reviews());
        }
        if let Truth::Labels(table) = held_out.truth() {
            scorer.thresholds = thresholds::chosen(&scores, &table);
        }
        Ok(scorer)
    }

    /// Writes what a run has of it beside the network's weights.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn write(&self, run: &RunFolder) -> Result<(), Error> {
        if let Some(stacking) = &self.stacking {
            stacking.write(run, self.outputs(), &self.network.device())?;
        }
        if !self.thresholds.is_empty() {
            thresholds::write(run, &self.thresholds)?;
        }
        Ok(())
    }

    /// What the network is stacked with.
    pub fn partner(&self) -> Partner {
        if self.stacking.is_some() { Partner::NbSvm } else { Partner::None }
    }

    /// What its scores mean.
    pub fn outputs(&self) -> Outputs {
        self.network.outputs()
    }

    /// The classes that are said of a text by its scores: the likeliest one, or, of labels, those above their thresholds.
    pub(crate) fn said(&self, scores: &[f32]) -> Vec<Label> {
        if self.thresholds.is_empty() {
            return vec![self.outputs().said(scores)];
        }
        let said = thresholds::said(scores, &self.thresholds);
        (0..scores.len()).filter(|label| said[*label]).map(Label::new).collect()
    }

    /// The same; where no label is said the likeliest one.
    pub(crate) fn explained(&self, scores: &[f32]) -> Vec<Label> {
        let said = self.said(scores);
        if said.is_empty() { vec![self.outputs().said(scores)] } else { said }
    }

    /// The scores of each text in turn, from its indices: the logit of the probability that it is positive, or of each class.
    ///
    /// # Panics
    /// An index is past the words that the network knows, or a text has none.
    pub fn scores(&self, texts: &[&[u32]]) -> Vec<f32> {
        self.stacked(self.network.scores(texts), texts)
    }

    /// The same, where the scores of a text do not depend on the others to the last bit: see [`Ensemble::scores_each`].
    ///
    /// # Panics
    /// As [`scores`](Self::scores).
    pub fn scores_each(&self, texts: &[&[u32]]) -> Vec<f32> {
        self.stacked(self.network.scores_each(texts), texts)
    }

    /// The same from what the network says of the texts.
    pub(crate) fn stacked(&self, network: Vec<f32>, texts: &[&[u32]]) -> Vec<f32> {
        match &self.stacking {
            Some(stacking) => stacking.scores(&network, texts),
            None => network,
        }
    }

    /// The places of a text of `length` indices that are read. A linear classifier beside the network reads all.
    pub(crate) fn read(&self, length: usize) -> std::ops::Range<usize> {
        if self.stacking.is_some() { 0..length } else { self.network.reading().kept(length) }
    }
}

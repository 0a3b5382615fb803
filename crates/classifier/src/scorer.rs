//! What scores texts: a network, alone or stacked with a linear classifier.

use crate::ensemble::Ensemble;
use crate::error::Error;
use crate::outputs::Outputs;
use crate::parts::Reviews;
use crate::settings::{Partner, Settings};
use crate::stacking::Stacking;

/// What scores texts: a network, alone or stacked with a linear classifier.
#[derive(Clone, Debug)]
pub struct Scorer {
    /// The network.
    pub network: Ensemble,
    /// What it is stacked with.
    pub stacking: Option<Stacking>,
}

impl Scorer {
    /// A network that scores alone.
    pub fn alone(network: Ensemble) -> Self {
        Self { network, stacking: None }
    }

    /// A trained network with the partner that the settings ask for, fitted to the same reviews and weighed on those held out
    /// to choose the epoch by.
    ///
    /// # Errors
    /// A partner is asked for, and a score of the network is not finite.
    ///
    /// # Panics
    /// A partner is asked for, and no reviews are held out.
    pub fn fit(network: Ensemble, settings: &Settings, reviews: &Reviews) -> Result<Self, Error> {
        if settings.stacking == Partner::None {
            return Ok(Self::alone(network));
        }
        let held_out = reviews.choose();
        assert!(!held_out.is_empty(), "reviews are held out to weigh the network against its partner");
        let scores = network.scores(&held_out.reviews());
        let outputs = network.outputs();
        let stacking = Stacking::fit(&reviews.learn(), &held_out, &scores, outputs, settings.coding)?;
        Ok(Self { network, stacking: Some(stacking) })
    }

    /// What the network is stacked with.
    pub fn partner(&self) -> Partner {
        if self.stacking.is_some() { Partner::NbSvm } else { Partner::None }
    }

    /// What its scores mean.
    pub fn outputs(&self) -> Outputs {
        self.network.outputs()
    }

    /// The scores of each text in turn, from its indices: the logit of the probability that it is positive, or of each class.
    ///
    /// # Panics
    /// An index is past the words that the network knows, or a text has none.
    pub fn scores(&self, texts: &[&[u32]]) -> Vec<f32> {
        self.stacked(self.network.scores(texts), texts)
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

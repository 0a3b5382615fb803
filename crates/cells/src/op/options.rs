//! What a sequence is beside its tensors: declared once, for the layer, the composed form and the kernel.

use std::sync::Arc;

use super::equations::{Equations, Shape};
use crate::{direction::Direction, zoneout::Zoneout};

/// What a sequence is beside its tensors.
#[derive(Clone, Debug)]
pub struct Options {
    pub(crate) cell: &'static dyn Equations,
    pub(crate) direction: Direction,
    /// What the input is multiplied with: features at every step, `[masks, batch, input]`, or tokens, `[masks, time, batch]`.
    pub(crate) input_dropout: Option<DropoutMasks>,
    /// What the state is multiplied with before every recurrent product, `[masks, batch, hidden]`.
    pub(crate) state_dropout: Option<DropoutMasks>,
    /// What each step keeps of the state before it.
    pub(crate) zoneout: Zoneout,
    /// False where a step is padding, `[time, batch]`.
    pub(crate) padding: Option<Arc<[bool]>>,
    /// Whether products, or the vanilla cell's sums, are brought to mean 0 and variance 1.
    pub(crate) normalizes: bool,
}

impl Options {
    pub(crate) fn shape(&self) -> &'static Shape {
        self.cell.shape()
    }
}

/// Factors of dropout: one mask for all gates, or one for each.
#[derive(Clone, Debug)]
pub(crate) struct DropoutMasks {
    factors: Arc<[f32]>,
    count: usize,
}

impl DropoutMasks {
    /// `count` masks, one after the other.
    pub(crate) fn new(factors: impl Into<Arc<[f32]>>, count: usize) -> Self {
        let factors = factors.into();
        assert!(
            count > 0 && factors.len().is_multiple_of(count),
            "{} factors of {count} masks",
            factors.len()
        );
        Self { factors, count }
    }

    /// Whether each gate has one of its own.
    pub(crate) fn is_untied(&self) -> bool {
        self.count > 1
    }

    /// The number of masks.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// The numbers of each mask.
    pub(crate) fn size(&self) -> usize {
        self.factors.len() / self.count
    }

    /// The mask of a gate.
    pub(crate) fn of_gate(&self, gate: usize) -> &[f32] {
        let size = self.size();
        &self.factors[if self.is_untied() { gate } else { 0 } * size..][..size]
    }

    /// The masks, one after the other.
    pub(crate) fn each(&self) -> impl Iterator<Item = &[f32]> {
        (0..self.count).map(|mask| &self.factors[mask * self.size()..][..self.size()])
    }
}

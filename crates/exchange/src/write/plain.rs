//! What of a layer is beyond the equations that frameworks share.

use recurrent_cells::{Cell, Normalization, RecurrentConfig};

/// Options of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extra {
    LightGru,
    LayerNormalization,
    LearntState,
    Zoneout,
    Clip,
    CoupledGates,
    Peepholes,
    Projection,
}

impl Extra {
    /// In words, as a thing that a layer has.
    pub(super) fn named(self) -> &'static str {
        match self {
            Self::LightGru => "the cell of the light GRU",
            Self::LayerNormalization => "layer normalisation",
            Self::LearntState => "a first state that is learnt",
            Self::Zoneout => "zoneout, which computes also in evaluation",
            Self::Clip => "a clipped state",
            Self::CoupledGates => "coupled gates",
            Self::Peepholes => "peepholes",
            Self::Projection => "a projection",
        }
    }
}

/// The extras that a layer has.
pub(super) fn extras(config: &RecurrentConfig) -> Vec<Extra> {
    let zoneout = config.zoneout_output > 0.0 || config.zoneout_memory > 0.0;
    let all = [
        (matches!(config.cell, Cell::LightGru(_)), Extra::LightGru),
        (config.normalization != Normalization::None, Extra::LayerNormalization),
        (config.learns_state, Extra::LearntState),
        (zoneout, Extra::Zoneout),
        (config.clip.is_some(), Extra::Clip),
        (config.coupled_gates, Extra::CoupledGates),
        (config.peepholes, Extra::Peepholes),
        (config.projection.is_some(), Extra::Projection),
    ];
    all.into_iter().filter(|(is_there, _)| *is_there).map(|(_, extra)| extra).collect()
}

/// What of a layer's extras a framework lacks, in words.
pub(super) fn lacking(config: &RecurrentConfig, has: &[Extra]) -> Option<String> {
    let lacking: Vec<_> =
        extras(config).into_iter().filter(|extra| !has.contains(extra)).map(Extra::named).collect();
    (!lacking.is_empty()).then(|| lacking.join(" and "))
}

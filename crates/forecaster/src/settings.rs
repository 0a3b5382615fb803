//! What using a forecaster takes, as plain data: how prices become windows, and the shape of the network. How it was trained is
//! not here.

use std::ops::RangeInclusive;
use std::path::Path;

use recurrent_backend::Seed;
use recurrent_cells::Reset;
use recurrent_data::{
    Fractions,
    prices::{PriceTable, WindowSpec},
};
use recurrent_train::{OutOfRange, check_fraction, check_range};
use serde::{Deserialize, Serialize};

use crate::ahead::Way;
use crate::baselines::Baselines;
use crate::error::Error;
use crate::prices::Prices;

/// The settings of a forecaster.
///
/// ```
/// use recurrent_cells::Reset;
/// use recurrent_data::prices::WindowSpec;
/// use recurrent_forecaster::{ModelSettings, Output, Settings};
///
/// let model = ModelSettings { hidden: 4, layers: 1, reset: Reset::After, dropout: 0.0, output: Output::Growth, ahead: 1 };
/// let settings = Settings::new(WindowSpec::default(), model);
/// assert_eq!(settings.windows.columns(), ["Close"]);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Settings {
    /// The windows that the network reads.
    pub windows: WindowSpec,
    /// The parts of the windows: what was learnt from and, after it, the test part that the errors come from.
    pub fractions: Fractions,
    /// The shape of the network.
    pub model: ModelSettings,
    /// The seed that an interval's futures are drawn with.
    pub seed: Seed,
    /// The SHA-256 of the prices that the network was trained on, where it is known.
    pub data_sha256: Option<String>,
    /// What judging later prices takes from the training; absent in models of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learnt: Option<Learnt>,
    /// How days after the next are forecast.
    #[serde(default, skip_serializing_if = "Way::is_default")]
    pub way: Way,
}

/// What judging prices that come after the training takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Learnt {
    /// The last moment whose price was learnt from, as `2012-11-20`, with the time where there are several prices a day.
    pub until: String,
    /// The baselines of the windows before the test part.
    pub baselines: Baselines,
}

impl Learnt {
    /// What is known of prices that are trained on.
    ///
    /// # Errors
    /// The prices of a window lie too far apart for the baselines.
    pub fn of(prices: &Prices) -> Result<Self, Error> {
        let last = prices.windows.target_date(prices.split.test.start - 1);
        Ok(Self { until: last.to_string(), baselines: prices.baselines()? })
    }

    /// Whether a table begins after it. Moments are written so that later ones come later in order of text.
    pub fn is_before(&self, table: &PriceTable) -> bool {
        self.until < table.dates()[0].to_string()
    }
}

/// The shape of the network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSettings {
    /// Units of each layer.
    pub hidden: usize,
    /// Layers.
    pub layers: usize,
    /// Where the reset gate is applied.
    pub reset: Reset,
    /// The share of each layer's inputs that is dropped in training.
    pub dropout: f64,
    /// What the network's outputs stand for.
    pub output: Output,
    /// How many days after a window have an output of their own.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub ahead: usize,
}

fn one() -> usize {
    1
}

fn is_one(ahead: &usize) -> bool {
    *ahead == 1
}

/// What the network reads and says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Output {
    /// Scaled prices as they are: the chapter's way. The network must learn first that tomorrow is near today.
    Price,
    /// Growth: inputs are taken as `(x - 1) * 100` and the output as `1 + y / 100`, so that an output of 0 is
    /// "tomorrow = today".
    Growth,
}

/// Units that a layer may have.
pub const HIDDEN: RangeInclusive<usize> = 1..=16_384;
/// Layers that a network may have.
pub const LAYERS: RangeInclusive<usize> = 1..=64;
/// Days that may have an output of their own.
pub const AHEAD: RangeInclusive<usize> = 1..=250;
/// Columns that a network may read beside the price.
pub const FEATURES: RangeInclusive<usize> = 0..=1024;

impl Settings {
    /// Settings with the first 70% of the windows to learn from, the seed 0 and no checksum.
    pub fn new(windows: WindowSpec, model: ModelSettings) -> Self {
        Self {
            windows,
            fractions: Fractions::default(),
            model,
            seed: Seed(0),
            data_sha256: None,
            learnt: None,
            way: Way::default(),
        }
    }

    /// The same with other parts.
    pub fn with_fractions(self, fractions: Fractions) -> Self {
        Self { fractions, ..self }
    }

    /// The same with another seed.
    pub fn with_seed(self, seed: Seed) -> Self {
        Self { seed, ..self }
    }

    /// The same with the checksum of the prices that were learnt from.
    pub fn with_data_sha256(self, data_sha256: Option<String>) -> Self {
        Self { data_sha256, ..self }
    }

    /// The same with what judging later prices takes.
    pub fn with_learnt(self, learnt: Option<Learnt>) -> Self {
        Self { learnt, ..self }
    }

    /// The same with another way to days after the next.
    pub fn with_way(self, way: Way) -> Self {
        Self { way, ..self }
    }

    /// The number of input features of a day: the price, the further columns, and what is known of the day after it.
    pub fn features(&self) -> usize {
        self.windows.width()
    }

    /// Checks settings that `file` holds before anything is built by them.
    ///
    /// # Errors
    /// A size or a share is out of its range.
    pub fn check(&self, file: &Path) -> Result<(), OutOfRange> {
        check_range(file, "hidden", self.model.hidden, HIDDEN)?;
        check_range(file, "layers", self.model.layers, LAYERS)?;
        check_range(file, "ahead", self.model.ahead, AHEAD)?;
        check_range(file, "features", self.windows.features.len(), FEATURES)?;
        check_fraction(file, "dropout", self.model.dropout)
    }
}

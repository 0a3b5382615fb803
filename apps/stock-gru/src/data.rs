//! Where the prices come from, and how they become windows and parts.

use std::ops::Range;
use std::path::PathBuf;

use recurrent_data::{
    Fractions, Split,
    prices::{DEMO_DAYS, Date, PriceError, PriceTable, WindowSpec, Windows, demo, read_csv},
};
use recurrent_program::{Source, Unusable, flags::DataSource};

use crate::judge::PriceWindows;

/// The demo series is the same in every run.
const DEMO_SEED: u64 = 1;

/// What the command line asks for: see [`Source::choose`].
///
/// # Errors
/// The current folder is gone.
pub fn choose(asked: Option<&DataSource>) -> std::io::Result<Source> {
    Source::choose(asked, &PathBuf::from("datasets").join("^DJI.csv"))
}

/// Reads the prices of a source.
///
/// # Errors
/// The file cannot be read or holds something other than prices.
pub fn read(source: &Source, spec: &WindowSpec) -> Result<PriceTable, PriceError> {
    match source {
        Source::Demo => Ok(demo(DEMO_SEED, DEMO_DAYS)),
        Source::Path(path) => read_csv(path, &spec.columns()),
    }
}

/// A sentence that says loudly which data is used.
pub fn sentence(source: &Source, table: &PriceTable) -> String {
    let (first, last) = (table.dates()[0], table.dates()[table.len() - 1]);
    match source {
        Source::Demo => format!(
            "DEMO DATA: {} generated days, no real prices; fetch those with `cargo xtask fetch-data --only prices`",
            table.len()
        ),
        Source::Path(path) => format!("{}: {} days, {first} to {last}", path.display(), table.len()),
    }
}

/// A table with its windows and their parts.
#[derive(Clone, Debug)]
pub struct Prices {
    /// The table.
    pub table: PriceTable,
    /// All windows.
    pub windows: Windows,
    /// Their parts.
    pub split: Split,
}

impl Prices {
    /// Cuts the table of a source into windows and parts.
    ///
    /// # Errors
    /// The table is too short, or a setting is out of its range.
    pub fn new(
        source: &Source,
        table: PriceTable,
        spec: &WindowSpec,
        fractions: Fractions,
    ) -> Result<Self, Unusable> {
        let windows = Windows::new(&table, spec).map_err(|reason| Unusable::because(source, reason))?;
        let split = Split::by_position(windows.len(), fractions)
            .map_err(|reason| Unusable::because(source, reason))?;
        Ok(Self { table, windows, split })
    }

    /// What early stopping watches: the validation part, or the test part where there is none.
    pub fn watched(&self) -> Range<usize> {
        if self.split.validation.is_empty() { self.split.test.clone() } else { self.split.validation.clone() }
    }

    /// All windows before the test part: what the baselines learn from.
    pub fn before_test(&self) -> Range<usize> {
        0..self.split.test.start
    }

    /// The prices of some windows, as the baselines and the judgement read them.
    pub fn raw(&self, range: Range<usize>) -> RawWindows {
        let window = self.windows.window();
        let mut raw = RawWindows { prices: Vec::new(), truth: Vec::new() };
        for i in range {
            // The price of a step is the last price of the window that ends there; the first windows begin
            // before any window ends, so scaled inputs are multiplied back there.
            let scale = self.windows.scale(i);
            let steps = self.windows.inputs(i).chunks_exact(self.windows.features()).enumerate();
            raw.prices.extend(steps.map(|(step, features)| {
                let end = (i + step + 1).checked_sub(window);
                end.map_or(f64::from(features[0]) * scale, |end| self.windows.last_price(end))
            }));
            raw.truth.push(self.windows.target_price(i));
        }
        raw
    }
}

/// Prices of windows in price units.
#[derive(Clone, Debug)]
pub struct RawWindows {
    prices: Vec<f64>,
    truth: Vec<f64>,
}

impl RawWindows {
    /// The windows, checked.
    ///
    /// # Errors
    /// There is no window.
    pub fn windows(&self) -> Result<PriceWindows<'_>, crate::judge::JudgeError> {
        PriceWindows::new(&self.prices, &self.truth)
    }

    /// The price after each window.
    pub fn truth(&self) -> &[f64] {
        &self.truth
    }
}

/// Days since 1970-01-01, the unit of a chart's dates.
pub fn day(date: Date) -> f64 {
    f64::from(date.to_julian_day() - UNIX_EPOCH)
}

/// The Julian day of 1970-01-01.
const UNIX_EPOCH: i32 = 2_440_588;

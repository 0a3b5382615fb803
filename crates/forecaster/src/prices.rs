//! A table's windows and their parts, and the same prices in their own units as baselines and judgement read them.

use std::ops::Range;

use recurrent_data::{
    Fractions, Split,
    prices::{PriceTable, WindowSpec, Windows},
};
use recurrent_metrics::forecast::PriceWindows;

use crate::baselines::Baselines;
use crate::error::Error;

/// The windows of a table and their parts.
///
/// ```
/// use recurrent_data::{Fractions, prices::{WindowSpec, demo}};
/// use recurrent_forecaster::Prices;
///
/// let prices = Prices::new(&demo(1, 110), &WindowSpec::default(), Fractions::default())?;
/// assert_eq!((prices.windows.len(), prices.split.train.len(), prices.split.test.len()), (100, 70, 30));
/// # Ok::<(), recurrent_forecaster::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Prices {
    /// All windows.
    pub windows: Windows,
    /// Their parts.
    pub split: Split,
    /// What is judged beside them: the baselines of an earlier training, or those of the windows before the test part.
    pub baselines: Option<Baselines>,
    /// What a step is called: `day`, or `month`.
    pub unit: &'static str,
}

impl Prices {
    /// Cuts a table into windows and parts.
    ///
    /// # Errors
    /// The table is too short, lacks a column, or a setting is out of its range.
    pub fn new(table: &PriceTable, spec: &WindowSpec, fractions: Fractions) -> Result<Self, Error> {
        let windows = Windows::new(table, spec)?;
        let split = Split::by_position(windows.len(), fractions)?;
        Ok(Self { windows, split, baselines: None, unit: table.calendar().frequency().unit() })
    }

    /// Cuts a table into windows to judge on, all of them, beside the baselines of an earlier training.
    ///
    /// # Errors
    /// The table is too short, or lacks a column.
    pub fn later(table: &PriceTable, spec: &WindowSpec, baselines: Baselines) -> Result<Self, Error> {
        let windows = Windows::new(table, spec)?;
        let split = Split { train: 0..0, validation: 0..0, test: 0..windows.len() };
        let unit = table.calendar().frequency().unit();
        Ok(Self { windows, split, baselines: Some(baselines), unit })
    }

    /// The baselines that forecasts of the test part are judged beside.
    ///
    /// # Errors
    /// There is no window before the test part, or its prices lie too far apart.
    pub fn baselines(&self) -> Result<Baselines, Error> {
        match &self.baselines {
            Some(baselines) => Ok(baselines.clone()),
            None => Baselines::fit(&self.raw(self.before_test()).windows()?),
        }
    }

    /// What early stopping watches: the validation part, or the test part where there is none.
    pub fn watched(&self) -> Range<usize> {
        if self.split.validation.is_empty() { self.split.test.clone() } else { self.split.validation.clone() }
    }

    /// The number of days ahead, once the training and validation parts are found long enough for it.
    ///
    /// # Errors
    /// One of them is shorter.
    pub fn days_ahead(&self, ahead: usize) -> Result<usize, Error> {
        let windows = self.split.train.len().min(self.watched().len());
        if windows < ahead { Err(Error::TooFarAhead { ahead, windows }) } else { Ok(ahead) }
    }

    /// All windows before the test part: what the baselines learn from.
    pub fn before_test(&self) -> Range<usize> {
        0..self.split.test.start
    }

    /// The prices of some windows, as the baselines and the judgement read them.
    ///
    /// # Panics
    /// The range is not one of the windows.
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
#[derive(Clone, Debug, PartialEq)]
pub struct RawWindows {
    prices: Vec<f64>,
    truth: Vec<f64>,
}

impl RawWindows {
    /// The windows, checked.
    ///
    /// # Errors
    /// There is no window, or a price is no positive number: one that was scaled to 32 bits and back may have come to nothing.
    pub fn windows(&self) -> Result<PriceWindows<'_>, Error> {
        Ok(PriceWindows::new(&self.prices, &self.truth)?)
    }

    /// The price after each window.
    pub fn truth(&self) -> &[f64] {
        &self.truth
    }
}

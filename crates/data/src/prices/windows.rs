//! The samples of a price table: each a window of days, and the price of the day after it.

use serde::{Deserialize, Serialize};

use super::{
    KnownInputs, Moment, PriceError, PriceTable, WindowFault,
    column::{self, Kind},
    scale,
};

/// The largest count of numbers that [`Windows`] holds: 4 GiB of them.
const MAX_INPUTS: usize = 1 << 30;

/// Which windows to cut: their length, the column to predict, and further columns to predict from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WindowSpec {
    /// The number of steps, at least 2; the default is 10.
    pub window: usize,
    /// The column to predict, also the first input feature; the default is `Close`.
    pub target: String,
    /// Further input features, such as `Open`, `High`, `Low` and `Volume`; none by default.
    pub features: Vec<String>,
    /// What is read of the day after each step; nothing by default.
    #[serde(skip_serializing_if = "KnownInputs::is_empty")]
    pub known: KnownInputs,
}

impl Default for WindowSpec {
    fn default() -> Self {
        Self { window: 10, target: "Close".to_owned(), features: Vec::new(), known: KnownInputs::default() }
    }
}

impl WindowSpec {
    /// The columns that a table needs: the target, then the further features.
    pub fn columns(&self) -> Vec<&str> {
        std::iter::once(&self.target).chain(&self.features).map(String::as_str).collect()
    }

    /// The number of input features of a step: the columns, and what is known of the day after it.
    pub fn width(&self) -> usize {
        1 + self.features.len() + self.known.width(NEXT.len())
    }

    /// Whether each column is a volume, which windows divide by its mean; all others are prices.
    pub fn volumes(&self) -> Vec<bool> {
        self.columns().into_iter().map(|name| Kind::of(name) == Kind::Volume).collect()
    }

    /// The positions of the columns in a table, once the rest of the specification is checked against it.
    /// `beyond` is the number of rows that are needed after a window.
    pub(super) fn positions(&self, table: &PriceTable, beyond: usize) -> Result<Vec<usize>, PriceError> {
        if self.window < 2 {
            return Err(WindowFault::Short(self.window).into());
        }
        let needed = self.window.saturating_add(beyond);
        if table.len() < needed {
            return Err(WindowFault::Rows { rows: table.len(), window: self.window, needed }.into());
        }
        let mut positions = Vec::new();
        for name in self.columns() {
            let position = column::position(table.names(), name)?;
            if positions.contains(&position) {
                return Err(WindowFault::Repeated(name.to_owned()).into());
            }
            positions.push(position);
        }
        if Kind::of(table.name(positions[0])) == Kind::Volume {
            return Err(WindowFault::Volume(self.target.clone()).into());
        }
        Ok(positions)
    }
}

/// A step knows of the next one alone.
pub(super) const NEXT: [usize; 1] = [1];

/// All windows of a table whose target is known, in time order; at least one.
///
/// Window `i` holds the rows `i..i + window`, and its target is the price of row `i + window`. Prices and
/// target are divided by the window's last price, a volume by the mean volume of its window (by 1 where that
/// is 0). So no input depends on a day after its window, but for what is known of the day after each step beforehand: a mark there is an
/// input of 1.01 in place of 1, as a price a per cent above the last.
///
/// ```
/// use recurrent_data::prices::{WindowSpec, Windows, demo};
///
/// let windows = Windows::new(&demo(7, 100), &WindowSpec::default())?;
/// assert_eq!((windows.len(), windows.window(), windows.features()), (90, 10, 1));
/// assert_eq!(windows.inputs(0)[9], 1.0);
/// let price = windows.unscale(0, windows.targets()[0]);
/// assert!((price / windows.target_price(0) - 1.0).abs() < 1e-7);
/// # Ok::<(), recurrent_data::prices::PriceError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Windows {
    window: usize,
    features: usize,
    inputs: Vec<f32>,
    targets: Vec<f32>,
    dates: Vec<Moment>,
    prices: Vec<f64>,
}

// There is no `is_empty`: at least one window is held.
#[allow(clippy::len_without_is_empty)]
impl Windows {
    /// Cuts a table into windows.
    ///
    /// # Errors
    ///
    /// When the window has no or one step, the table has no row beyond the first window, a column is missing,
    /// named twice or not fit to be the target, or the windows need more than 4 GiB.
    pub fn new(table: &PriceTable, spec: &WindowSpec) -> Result<Self, PriceError> {
        let positions = spec.positions(table, 1)?;
        let (window, features) = (spec.window, spec.width());
        let count = table.len() - window;
        let size = count.checked_mul(window).and_then(|steps| steps.checked_mul(features));
        let Some(size) = size.filter(|&size| size <= MAX_INPUTS) else {
            let fault = WindowFault::Memory { windows: count, window, features, limit: MAX_INPUTS };
            return Err(fault.into());
        };
        let prices = table.values(positions[0]);
        let span = |position: usize, row: usize| WindowFault::Span {
            column: table.name(position).to_owned(),
            date: table.dates()[row],
        };
        let whole: Vec<scale::Steps<'_>> = positions
            .iter()
            .map(|&position| (Kind::of(table.name(position)), table.values(position)))
            .collect();
        let known = spec.known.rows(table.dates(), table.calendar(), &NEXT);
        let known_width = features - positions.len();
        let mut columns = whole.clone();
        let (mut inputs, mut targets) = (Vec::with_capacity(size), Vec::with_capacity(count));
        for start in 0..count {
            let end = start + window;
            columns.clear();
            columns.extend(whole.iter().map(|(kind, values)| (*kind, &values[start..end])));
            let known = &known[start * known_width..end * known_width];
            scale::append(&columns, known, &mut inputs).map_err(|column| span(positions[column], end - 1))?;
            let target = (prices[end] / prices[end - 1]) as f32;
            if !target.is_finite() {
                return Err(span(positions[0], end).into());
            }
            targets.push(target);
        }
        let (dates, prices) = (table.dates().to_vec(), prices.to_vec());
        Ok(Self { window, features, inputs, targets, dates, prices })
    }

    /// The number of windows, at least 1.
    pub fn len(&self) -> usize {
        self.targets.len()
    }

    /// The number of steps of a window.
    pub fn window(&self) -> usize {
        self.window
    }

    /// The number of input features of a step: 1 for the target's column, the further ones, and those that are known beforehand.
    pub fn features(&self) -> usize {
        self.features
    }

    /// The scaled inputs of window `i`, as `[window, features]`; the target's column is feature 0.
    ///
    /// # Panics
    ///
    /// When there is no window `i`, as do the other functions of one window.
    pub fn inputs(&self, i: usize) -> &[f32] {
        let size = self.window * self.features;
        &self.inputs[i * size..(i + 1) * size]
    }

    /// The scaled inputs of all windows, as `[windows, window, features]`.
    pub fn all_inputs(&self) -> &[f32] {
        &self.inputs
    }

    /// The scaled target of each window: the next price divided by the window's last one.
    pub fn targets(&self) -> &[f32] {
        &self.targets
    }

    /// The price so many steps after window `i`, from 1 on, divided by the window's last one; [`targets`](Self::targets) has those of one step.
    ///
    /// # Panics
    ///
    /// When the series ends before it.
    pub fn target_after(&self, i: usize, steps: usize) -> f32 {
        (self.price_after(i, steps) / self.last_price(i)) as f32
    }

    /// The price so many steps after window `i`, from 1 on.
    ///
    /// # Panics
    ///
    /// When the series ends before it.
    pub fn price_after(&self, i: usize, steps: usize) -> f64 {
        self.prices[self.target_row(i) + steps - 1]
    }

    /// What a prediction for window `i` is multiplied by to give a price: the window's last price.
    pub fn scale(&self, i: usize) -> f64 {
        self.last_price(i)
    }

    /// The last price of window `i`.
    pub fn last_price(&self, i: usize) -> f64 {
        self.prices[self.target_row(i) - 1]
    }

    /// The price that follows window `i`.
    pub fn target_price(&self, i: usize) -> f64 {
        self.prices[self.target_row(i)]
    }

    /// The day of the last step of window `i`.
    pub fn last_date(&self, i: usize) -> Moment {
        self.dates[self.target_row(i) - 1]
    }

    /// The day of the price that follows window `i`.
    pub fn target_date(&self, i: usize) -> Moment {
        self.dates[self.target_row(i)]
    }

    /// The price that a prediction for window `i` stands for.
    pub fn unscale(&self, i: usize, prediction: f32) -> f64 {
        f64::from(prediction) * self.scale(i)
    }

    fn target_row(&self, i: usize) -> usize {
        assert!(i < self.len(), "window {i} of {}", self.len());
        i + self.window
    }
}

//! The newest window of a table, for forecasts: its target is not known yet.

use super::{
    Calendar, KnownInputs, Moment, PriceError, PriceTable, WindowFault, WindowSpec,
    column::Kind,
    scale::{self, Steps},
    windows::NEXT,
};

/// The last days of a table, scaled like the windows of [`Windows`](super::Windows), which can be moved
/// on day by day.
///
/// ```
/// use recurrent_data::prices::{LatestWindow, WindowSpec, demo};
///
/// let mut latest = LatestWindow::new(&demo(7, 100), &WindowSpec::default())?;
/// for _day in 0..5 {
///     let prediction = 1.001; // a model's output for `latest.inputs()`
///     let price = latest.unscale(prediction);
///     latest.slide(price)?;
///     assert_eq!(latest.last_price(), price);
/// }
/// # Ok::<(), recurrent_data::prices::PriceError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LatestWindow {
    columns: Vec<Column>,
    /// The moments of the steps.
    dates: Vec<Moment>,
    calendar: Calendar,
    known: KnownInputs,
    inputs: Vec<f32>,
}

#[derive(Clone, Debug, PartialEq)]
struct Column {
    name: String,
    steps: Vec<f64>,
}

impl LatestWindow {
    /// Takes the last rows of a table.
    ///
    /// # Errors
    ///
    /// As [`Windows::new`](super::Windows::new), but a table with as many rows as the window has steps will do.
    pub fn new(table: &PriceTable, spec: &WindowSpec) -> Result<Self, PriceError> {
        Self::after(table, spec, table.len())
    }

    /// The same as if a table had ended after its first `rows`, with the calendar of the whole.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    ///
    /// # Panics
    ///
    /// When the table has fewer rows, or the window more.
    pub fn after(table: &PriceTable, spec: &WindowSpec, rows: usize) -> Result<Self, PriceError> {
        let positions = spec.positions(table, 0)?;
        let start = rows - spec.window;
        let columns: Vec<Column> = positions
            .into_iter()
            .map(|position| Column {
                name: table.name(position).to_owned(),
                steps: table.values(position)[start..rows].to_vec(),
            })
            .collect();
        let (dates, calendar) = (table.dates()[start..rows].to_vec(), table.calendar().clone());
        let inputs = scaled(&columns, &dates, &calendar, &spec.known)?;
        Ok(Self { columns, dates, calendar, known: spec.known.clone(), inputs })
    }

    /// The scaled inputs, as `[window, features]`.
    pub fn inputs(&self) -> &[f32] {
        &self.inputs
    }

    /// The number of steps.
    pub fn window(&self) -> usize {
        self.columns[0].steps.len()
    }

    /// The number of input features of a step.
    pub fn features(&self) -> usize {
        self.inputs.len() / self.window()
    }

    /// The last price, by which all prices of the window are divided.
    pub fn last_price(&self) -> f64 {
        self.columns[0].steps[self.window() - 1]
    }

    /// The day of the last step.
    pub fn last_date(&self) -> Moment {
        self.dates[self.dates.len() - 1]
    }

    /// The price that a prediction stands for.
    pub fn unscale(&self, prediction: f32) -> f64 {
        f64::from(prediction) * self.last_price()
    }

    /// Moves the window on by one step, whose price is `price`. Its day is the next one of the table's
    /// [`Calendar`]. Further features are not predicted: the new step has those of the one before. What is known of days to come is
    /// known of those after it, too.
    ///
    /// # Errors
    ///
    /// When the price is not above zero and finite, or too far from the others to be scaled; the window then
    /// stays as it was.
    pub fn slide(&mut self, price: f64) -> Result<(), PriceError> {
        Kind::Price.check(price).map_err(|_| WindowFault::Prediction(price))?;
        let last_date = self.last_date();
        let next = self.calendar.next(last_date).ok_or(WindowFault::Calendar(last_date))?;
        let dates: Vec<Moment> = self.dates[1..].iter().copied().chain([next]).collect();
        let mut columns = self.columns.clone();
        for (position, column) in columns.iter_mut().enumerate() {
            let held = column.steps[column.steps.len() - 1];
            column.steps.remove(0);
            column.steps.push(if position == 0 { price } else { held });
        }
        let inputs = scaled(&columns, &dates, &self.calendar, &self.known)?;
        (self.columns, self.dates, self.inputs) = (columns, dates, inputs);
        Ok(())
    }
}

fn scaled(
    columns: &[Column],
    dates: &[Moment],
    calendar: &Calendar,
    known: &KnownInputs,
) -> Result<Vec<f32>, WindowFault> {
    let steps: Vec<Steps<'_>> =
        columns.iter().map(|column| (Kind::of(&column.name), column.steps.as_slice())).collect();
    let mut inputs = Vec::new();
    scale::append(&steps, &known.rows(dates, calendar, &NEXT), &mut inputs).map_err(|position| {
        WindowFault::Span { column: columns[position].name.clone(), date: dates[dates.len() - 1] }
    })?;
    Ok(inputs)
}

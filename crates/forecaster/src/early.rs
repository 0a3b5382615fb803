//! The forecasts after the first few epochs, kept as a sample so that the report can show how a network that
//! has hardly learnt differs from one that has.

use std::path::PathBuf;

use recurrent_train::{
    Error, RunFolder,
    files::{create_folder, read_limited, write_whole},
};

use crate::forecasts::Forecasts;
use crate::prices::Prices;

/// What is drawn of the forecasts after this many epochs stands beside the final ones.
pub const EARLY_EPOCH: usize = 10;

/// A line for each window; far above what 4 GiB of windows need.
const LIMIT: u64 = 1 << 32;

fn file(run: &RunFolder) -> PathBuf {
    run.samples().join(format!("forecast_epoch_{EARLY_EPOCH:03}.json"))
}

/// Writes them.
///
/// # Errors
/// The file cannot be written.
pub fn save_early(run: &RunFolder, forecasts: &Forecasts) -> Result<(), Error> {
    create_folder(&run.samples())?;
    let file = file(run);
    let text = serde_json::to_string(&(&forecasts.before, &forecasts.test))
        .map_err(|error| Error::invalid(&file, format!("cannot be written as JSON: {error}")))?;
    write_whole(&file, text.as_bytes())
}

/// Reads them, with the number of epochs; `None` where the run ended before, or was on other data.
///
/// # Errors
/// The file cannot be read or holds something else.
pub fn read_early(run: &RunFolder, prices: &Prices) -> Result<Option<(usize, Forecasts)>, Error> {
    let file = file(run);
    if !file.exists() {
        return Ok(None);
    }
    let bytes = read_limited(&file, LIMIT)?;
    let (before, test): (Vec<f64>, Vec<f64>) = serde_json::from_slice(&bytes)
        .map_err(|error| Error::invalid(&file, format!("does not hold forecasts: {error}; remove it")))?;
    let fits = before.len() == prices.split.test.start && test.len() == prices.split.test.len();
    Ok(fits.then_some((EARLY_EPOCH, Forecasts { before, test })))
}

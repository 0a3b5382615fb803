//! What people see of a forecaster: the page, and the page that answers by itself.

use recurrent_page::{Page, Standalone};
use serde_json::json;

use crate::error::Error;
use crate::export;
use crate::forecaster::Forecaster;

/// Prices and the days to come.
pub(crate) const PAGE: Page = Page {
    heading: "The days to come",
    style: include_str!("page.css"),
    body: include_str!("page.html"),
    script: include_str!("page.js"),
};

impl Forecaster {
    /// The forecaster as a page that forecasts by itself, in a browser without a server, the prices that
    /// [`forecast`](Self::forecast) does.
    ///
    /// It reads tables whose first line names the columns, with dates as 2024-01-31 and numbers as 1234.5, and tells no intervals.
    ///
    /// # Errors
    /// ONNX does not have what the network's layers are; it lacks none that this crate makes.
    pub fn page(&self) -> Result<Standalone, Error> {
        let windows = &self.settings().windows;
        let facts = json!({
            "words": self.words(),
            "columns": windows.columns(),
            "volumes": windows.volumes(),
            "window": windows.window,
            "rows": null,
        });
        Ok(Standalone::new(PAGE, include_str!("answer.js"), facts, export::graph(self)?.to_bytes()))
    }

    /// What it reads, in a few words.
    pub(crate) fn words(&self) -> String {
        format!("reads {} rows of {}", self.settings().windows.window, self.columns().join(", "))
    }
}

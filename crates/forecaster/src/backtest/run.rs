//! A backtest in a folder: segments side by side, a file each, and all of them together at the end.

use std::path::{Path, PathBuf};

use recurrent_data::prices::PriceTable;
use recurrent_train::Interrupt;
use recurrent_train::files::{create_folder, read_limited, write_whole};

use super::plan::Segment;
use super::rows::{LIMIT, Rows};
use super::segment::{PriceModel, names, rows};
use crate::error::Error;
use crate::parallel::side_by_side;
use crate::risk::{RiskNetwork, RiskPrices, RiskSettings};

/// What a backtest takes.
#[derive(Debug)]
pub struct Backtest<'a> {
    /// The prices.
    pub table: &'a PriceTable,
    /// The same as risk is measured from them.
    pub prices: &'a RiskPrices,
    /// The segments: see [`Plan::segments`](super::Plan::segments).
    pub segments: &'a [Segment],
    /// The network that forecasts the price.
    pub price: &'a PriceModel,
    /// What using the model of risk takes.
    pub risk: &'a RiskSettings,
    /// The network for risk.
    pub network: &'a RiskNetwork,
}

impl Backtest<'_> {
    /// Computes the segments that have no file in `folder` yet, side by side, and returns the rows of all; `done` is told of each.
    /// None come back where someone asked to stop.
    ///
    /// # Errors
    /// A model cannot be fitted, or a file cannot be read or written, or is damaged.
    pub fn run(
        &self,
        folder: &Path,
        interrupt: &Interrupt,
        done: impl Fn(&str) + Sync,
    ) -> Result<Option<Rows>, Error> {
        create_folder(folder)?;
        let parts = side_by_side(self.segments.len(), |place| {
            if interrupt.is_requested() {
                return Ok(None);
            }
            let rows = self.segment(folder, &self.segments[place])?;
            done(&rows.dates()[0]);
            Ok::<_, Error>(Some(rows))
        })?;
        let mut all = Rows::new(names());
        for part in parts {
            match part {
                Some(part) => all.extend(part),
                None => return Ok(None),
            }
        }
        Ok(Some(all))
    }

    fn segment(&self, folder: &Path, segment: &Segment) -> Result<Rows, Error> {
        let file = self.file(folder, segment);
        if !file.exists() {
            let rows = rows(self.table, self.prices, self.price, (self.risk, self.network), segment)?;
            write_whole(&file, rows.to_csv().as_bytes())?;
        }
        // Also what was just computed is read back, so that it cannot matter when it was.
        let bytes = read_limited(&file, LIMIT)?;
        let text = String::from_utf8_lossy(&bytes);
        let rows = Rows::of_csv(&text, &names(), &file)?;
        if rows.dates().len() == segment.origins.len() {
            Ok(rows)
        } else {
            let (found, expected) = (rows.dates().len(), segment.origins.len());
            let problem = format!(
                "holds {found} days, expected {expected}; remove the file, and the segment is computed again"
            );
            Err(recurrent_train::Error::invalid(&file, problem).into())
        }
    }

    fn file(&self, folder: &Path, segment: &Segment) -> PathBuf {
        // A time of day has colons, which some file systems lack.
        let name = self.prices.dates()[segment.origins.start + 1].to_string().replace([':', ' '], "-");
        folder.join(format!("{name}.csv"))
    }
}

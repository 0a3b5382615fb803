//! How far each of several prices may move from its last.

use std::collections::BTreeMap;

use recurrent_data::prices::{NamedPrices, PriceError};
use serde::Serialize;

use super::forecaster::RiskForecaster;
use super::intervals::IntervalSpec;
use super::model::RiskModel;
use super::prices::RiskPrices;
use crate::error::Error;
use crate::forecaster::Day;

/// How far one of several prices may move.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fan {
    /// When the last price was.
    pub last_date: String,
    /// The last price.
    pub last_price: f64,
    /// The days after it.
    pub days: Vec<Day>,
}

impl RiskPrices {
    /// The prices of several names, by the column that is forecast.
    ///
    /// # Errors
    /// A table has no such column.
    pub fn named(all: &[NamedPrices], column: &str) -> Result<Vec<(String, Self)>, PriceError> {
        let of = |of: &NamedPrices| Ok((of.name.clone(), Self::new(&of.table, column, of.further.as_ref())?));
        all.iter().map(of).collect()
    }
}

impl RiskForecaster {
    /// So many days after the last of each price that was learnt from, by one of the models, with the intervals that are wanted.
    ///
    /// # Errors
    /// The model learnt nothing of any of them, or a forecast fails; or there are too few days for conformal intervals.
    pub fn fans(
        &self,
        all: &[NamedPrices],
        model: RiskModel,
        days: usize,
        intervals: IntervalSpec,
    ) -> Result<BTreeMap<String, Fan>, Error> {
        let (mut fans, mut unknown) = (BTreeMap::new(), None);
        for ((name, prices), NamedPrices { table, .. }) in
            RiskPrices::named(all, &self.settings().column)?.into_iter().zip(all)
        {
            let place = match self.place(&name) {
                Ok(place) => place,
                Err(error) => {
                    unknown.get_or_insert(error);
                    continue;
                }
            };
            let mut path = self.path(place, &prices, model, days)?;
            if intervals.kind.method().is_some() {
                let judged = self.judge(place, &prices)?;
                path.radius = judged.tried(&prices, model, &prices.no_change(), intervals)?.radius;
            }
            let last = prices.close().len() - 1;
            fans.insert(
                name,
                Fan {
                    last_date: prices.dates()[last].to_string(),
                    last_price: prices.close()[last],
                    days: self.fan(&path, table, &prices, intervals.level)?,
                },
            );
        }
        match unknown {
            Some(error) if fans.is_empty() => Err(error),
            _ => Ok(fans),
        }
    }
}

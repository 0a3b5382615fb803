//! Forecasts over HTTP: what is asked, and whose forecasts are made at once. What answers stands in `recurrent-serve`.

mod desk;
mod question;

use std::sync::{Arc, OnceLock};

use recurrent_data::prices::PriceTable;
use recurrent_serve::{Interface, Problem, Task};
use serde_json::{Value, json};

use crate::error::Error;
use crate::forecaster::Forecaster;
use crate::page::PAGE;
use crate::prices::Prices;
use crate::risk::RiskPath;
use desk::Forecasts;
use question::{Asked, Question};

/// The task of forecasting prices: `POST /v1/models/NAME/forecast`. Windows of all who ask are predicted from together.
#[derive(Clone, Copy, Debug, Default)]
pub struct Desk;

/// A forecaster with the prices that are forecast where a question has none.
#[derive(Debug)]
pub struct Quoted {
    forecaster: Forecaster,
    own: Option<Own>,
}

/// Prices that are forecast again and again.
#[derive(Debug)]
struct Own {
    table: PriceTable,
    prices: Arc<Prices>,
    /// What intervals of its days to come follow; absent, the errors of the past.
    risk: Option<RiskPath>,
    /// What the first forecast finds out for all others.
    known: OnceLock<Known>,
}

#[derive(Debug)]
struct Known {
    /// The forecasts of the test windows.
    past: Vec<f64>,
    /// What they are worth.
    verdict: String,
}

impl Quoted {
    /// A forecaster, with prices or without.
    ///
    /// # Errors
    /// The table is too short, or lacks a column.
    pub fn new(forecaster: Forecaster, table: Option<PriceTable>) -> Result<Self, Error> {
        let own = |table: PriceTable| {
            let prices = Arc::new(forecaster.prices(&table)?);
            Ok::<_, Error>(Own { table, prices, risk: None, known: OnceLock::new() })
        };
        let own = table.map(own).transpose()?;
        Ok(Self { forecaster, own })
    }

    /// The same, whose intervals of its own prices follow a risk of [`MOST_DAYS`](Self::MOST_DAYS), where there is one.
    pub fn with_risk(mut self, risk: Option<RiskPath>) -> Self {
        if let Some(own) = &mut self.own {
            own.risk = risk;
        }
        self
    }

    /// The most days that are forecast.
    pub const MOST_DAYS: usize = *question::DAYS.end();
}

impl Task for Desk {
    type Model = Quoted;
    type Asked = Asked;
    type Question = Question;
    type Batch = Forecasts;

    fn interface(&self) -> Interface {
        Interface {
            title: "price forecasting",
            verb: "forecast",
            body: 4 << 20,
            question: question::schema(),
            answer: question::answer_schema(),
            part: None,
            page: PAGE,
        }
    }

    fn facts(&self, model: &Quoted) -> Value {
        let (columns, window) = (model.forecaster.columns(), model.forecaster.settings().windows.window);
        let rows = model.own.as_ref().map(|own| own.table.len());
        json!({ "words": model.forecaster.words(), "columns": columns, "window": window, "rows": rows })
    }

    fn is_streamed(_: &Asked) -> bool {
        false
    }

    fn check(&self, model: &Quoted, asked: Asked) -> Result<Question, Problem> {
        asked.check(model)
    }

    fn batch(&self, model: &Arc<Quoted>) -> Forecasts {
        Forecasts::new(model)
    }
}

//! Whose forecasts are made at once.

use std::sync::Arc;

use recurrent_serve::{Batch, Problem, Reply};
use serde::Serialize;

use super::question::{Of, Question, unusable};
use super::{Known, Quoted};
use crate::batches::Batch as Windows;
use crate::error::Error;
use crate::forecaster::Day;

/// Forecasts that are made at once; further ones wait.
const TOGETHER: usize = 64;
/// Windows that are predicted from in one step: always as many rows or fewer, and never fewer than `FEWEST`, so that
/// each prediction is computed in one way, whatever stands beside it.
const WINDOWS: usize = 128;
const FEWEST: usize = 12;

/// Forecasts that are made at once, for several who ask.
#[derive(Debug)]
pub struct Forecasts {
    model: Arc<Quoted>,
    asked: Vec<(Question, Reply)>,
}

#[derive(Serialize)]
struct Answer {
    last_date: String,
    last_price: f64,
    level: f64,
    unit: &'static str,
    intervals: &'static str,
    days: Vec<Day>,
    verdict: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    history: Vec<Past>,
}

#[derive(Serialize)]
struct Past {
    date: String,
    price: f64,
}

impl Forecasts {
    pub(super) fn new(model: &Arc<Quoted>) -> Self {
        Self { model: model.clone(), asked: Vec::new() }
    }

    /// Predicts from windows, `[windows, ahead]`, row by row the same whatever the others are.
    fn predict(&self, inputs: Vec<f32>, shape: [usize; 2]) -> Vec<f32> {
        let mut inputs = inputs;
        let row = shape.iter().product::<usize>();
        let rows = inputs.len() / row;
        inputs.resize(rows.max(FEWEST) * row, 1.0);
        let mut predictions =
            self.model.forecaster.network().predict_ahead(&Windows { inputs, targets: Vec::new(), shape });
        predictions.truncate(rows * self.model.forecaster.settings().model.ahead);
        predictions
    }

    /// The answer to a forecast that is made.
    fn answer(&self, question: &Question) -> Result<Answer, Error> {
        let forecast = &question.forecast;
        let verdict = match &self.model.own {
            Some(own) if question.of == Of::Model => match own.known.get() {
                Some(known) => known.verdict.clone(),
                None => {
                    let verdict = forecast.judgement()?.verdict;
                    // Another thread cannot have been faster: all forecasts are made on one.
                    let _ = own.known.set(Known { past: forecast.past().to_vec(), verdict: verdict.clone() });
                    verdict
                }
            },
            _ => forecast.judgement()?.verdict,
        };
        let risk =
            self.model.own.as_ref().filter(|_| question.of == Of::Model).and_then(|own| own.risk.as_ref());
        let settings = self.model.forecaster.settings();
        let (intervals, days) = match risk {
            Some(risk) => ("risk", forecast.days_within(settings, risk, question.level)?),
            None => ("past_errors", forecast.days(settings, question.level)?),
        };
        let prices = forecast.prices();
        let windows = &prices.windows;
        let past = |place: usize| Past {
            date: windows.target_date(place).to_string(),
            price: windows.target_price(place),
        };
        let last = past(windows.len() - 1);
        Ok(Answer {
            last_date: last.date,
            last_price: last.price,
            level: question.level,
            unit: prices.unit,
            intervals,
            days,
            verdict,
            history: (windows.len().saturating_sub(question.history)..windows.len()).map(past).collect(),
        })
    }
}

impl Batch for Forecasts {
    type Question = Question;

    fn has_room(&self) -> bool {
        self.asked.len() < TOGETHER
    }

    fn join(&mut self, question: Question, reply: Reply) {
        self.asked.push((question, reply));
    }

    fn is_empty(&self) -> bool {
        self.asked.is_empty()
    }

    /// Predicts from some windows of each.
    fn step(&mut self) {
        self.asked.retain(|(_, reply)| reply.is_wanted());
        let each = WINDOWS / self.asked.len().max(1);
        let wanted: Vec<Option<Windows>> =
            self.asked.iter().map(|(question, _)| question.forecast.wanted(each)).collect();
        let Some(shape) = wanted.iter().flatten().map(|windows| windows.shape).next() else {
            return self.end();
        };
        let inputs = wanted.iter().flatten().flat_map(|windows| windows.inputs.iter().copied()).collect();
        let predictions = self.predict(inputs, shape);
        let mut rest = predictions.as_slice();
        let mut failed = Vec::new();
        for (place, ((question, _), wanted)) in self.asked.iter_mut().zip(&wanted).enumerate() {
            let Some(windows) = wanted else { continue };
            let rows = windows.inputs.len() / shape.iter().product::<usize>();
            let (own, others) = rest.split_at(rows * self.model.forecaster.settings().model.ahead);
            rest = others;
            if let Err(error) = question.forecast.take(own) {
                failed.push((place, unusable(error)));
            }
        }
        self.fail(failed);
        self.end();
    }
}

impl Forecasts {
    fn fail(&mut self, failed: Vec<(usize, Problem)>) {
        for (place, problem) in failed.into_iter().rev() {
            let (_, reply) = self.asked.remove(place);
            reply.fail(problem);
        }
    }

    /// Answers those whose forecasts are made.
    fn end(&mut self) {
        let made: Vec<(Question, Reply)> =
            self.asked.extract_if(.., |(question, _)| question.forecast.is_made()).collect();
        for (question, reply) in made {
            match self.answer(&question) {
                Ok(answer) => {
                    reply.count(answer.days.len());
                    reply.end(answer);
                }
                Err(error) => reply.fail(unusable(error)),
            }
        }
    }
}

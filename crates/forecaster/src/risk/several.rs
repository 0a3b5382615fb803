//! Several prices at once: one date up to which all are learnt from, and what one network comes to over all of them.

use std::collections::BTreeMap;

use recurrent_data::prices::Moment;
use recurrent_volatility::HORIZONS;
use serde::{Deserialize, Serialize};

use super::forecaster::RiskForecaster;
use super::intervals::IntervalSpec;
use super::judgement::RiskJudgement;
use super::model::RiskModel;
use super::prices::RiskPrices;
use super::settings::EnsembleSettings;
use super::training::TrainingPrices;
use crate::parallel::side_by_side;

/// The least days that a linear model of a month of days is fitted to: see `recurrent-volatility`.
const LEAST_TRAINING: usize = 100;

/// Prices of which some are learnt from.
#[derive(Clone, Debug)]
pub struct Cut {
    /// Those that are learnt from, all up to one date.
    pub prices: Vec<TrainingPrices>,
    /// The names of those that have too few days before that date or none after it.
    pub left_out: Vec<String>,
}

impl Cut {
    /// Cuts prices at one date: that before which the share `train` of the days of the longest lie.
    pub fn at(prices: Vec<(String, RiskPrices)>, train: f64, settings: &EnsembleSettings) -> Self {
        let longest = prices.iter().max_by_key(|(_, prices)| prices.dates().len());
        let date = longest.map(|(_, longest)| {
            let dates = longest.dates();
            dates[((dates.len() as f64 * train) as usize).min(dates.len() - 1)]
        });
        let least = LEAST_TRAINING + settings.window;
        let mut cut = Self { prices: Vec::new(), left_out: Vec::new() };
        for (name, prices) in prices {
            match date.and_then(|date| training(&prices, date, least)) {
                Some(training) => cut.prices.push(TrainingPrices { name, prices, training }),
                None => cut.left_out.push(name),
            }
        }
        cut
    }
}

/// How many measured days lie before a date, where there are enough, and some after it.
fn training(prices: &RiskPrices, date: Moment, least: usize) -> Option<usize> {
    // The first price has no return.
    let days = prices.dates().partition_point(|other| *other < date).checked_sub(1)?;
    (days >= least && days + 1 < prices.dates().len()).then_some(days)
}

/// What one network comes to over several prices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pooled {
    /// Days of all prices that were judged.
    pub days: usize,
    /// The mean QLIKE of each model over all of them, by horizon.
    pub qlike: BTreeMap<RiskModel, BTreeMap<String, f64>>,
    /// Of how many prices the network's QLIKE is below that of each other model, by horizon.
    pub network_leads: BTreeMap<RiskModel, BTreeMap<String, usize>>,
}

/// Several prices, judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SeveralJudgement {
    /// All of them together.
    pub pooled: Pooled,
    /// Each by its name.
    pub prices: BTreeMap<String, RiskJudgement>,
    /// Why some could not be judged, by their names.
    pub unjudged: BTreeMap<String, String>,
}

impl RiskForecaster {
    /// Judges prices by their names, side by side, with the intervals that are wanted. Of each, only what it comes to is kept.
    pub fn judge_all(&self, prices: &[(String, RiskPrices)], intervals: IntervalSpec) -> SeveralJudgement {
        let judge = |place: usize| {
            let (name, prices) = &prices[place];
            let judged = self.place(name).and_then(|place| self.judge(place, prices));
            let judged = judged.and_then(|judged| judged.with_intervals(intervals));
            Ok::<_, std::convert::Infallible>(
                judged.map(|judged| judged.judgement).map_err(|error| error.to_string()),
            )
        };
        let judged = side_by_side(prices.len(), judge).unwrap_or_else(|never| match never {});
        let (mut found, mut unjudged) = (BTreeMap::new(), BTreeMap::new());
        for ((name, _), judged) in prices.iter().zip(judged) {
            match judged {
                Ok(judgement) => drop(found.insert(name.clone(), judgement)),
                Err(reason) => drop(unjudged.insert(name.clone(), reason)),
            }
        }
        SeveralJudgement { pooled: Pooled::of(&found), prices: found, unjudged }
    }
}

impl Pooled {
    fn of(prices: &BTreeMap<String, RiskJudgement>) -> Self {
        let mut pooled = Self { days: 0, qlike: BTreeMap::new(), network_leads: BTreeMap::new() };
        pooled.days = prices.values().map(|judgement| judgement.risk.days).sum();
        for model in RiskModel::ALL {
            for horizon in HORIZONS.map(|horizon| horizon.to_string()) {
                let of = |judgement: &RiskJudgement, model| {
                    let scores = judgement.scores(model)?.horizons.get(&horizon)?;
                    Some((scores.days, scores.qlike))
                };
                let all = || prices.values().filter_map(|judgement| of(judgement, model));
                let days: usize = all().map(|(days, _)| days).sum();
                if days == 0 {
                    continue;
                }
                let sum: f64 = all().map(|(days, qlike)| days as f64 * qlike).sum();
                pooled.qlike.entry(model).or_default().insert(horizon.clone(), sum / days as f64);
                if model != RiskModel::Network {
                    let leads = |judgement: &&RiskJudgement| {
                        matches!((of(judgement, RiskModel::Network), of(judgement, model)),
                            (Some((_, own)), Some((_, other))) if own < other)
                    };
                    let leads = prices.values().filter(leads).count();
                    pooled.network_leads.entry(model).or_default().insert(horizon, leads);
                }
            }
        }
        pooled
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use recurrent_data::prices::demo;

    #[test]
    fn all_prices_are_cut_at_one_date() {
        let table = demo(1, 1000);
        let prices = RiskPrices::new(&table, "Close", Some(&table)).unwrap();
        let named = |name: &str, prices: RiskPrices| (name.to_owned(), prices);
        let all = vec![
            named("whole", prices.clone()),
            named("late", prices.part(400..1000)),
            named("too late", prices.part(650..1000)),
            named("gone", prices.part(0..700)),
        ];
        let settings =
            EnsembleSettings { window: 22, hidden: 1, layers: 1, members: 1, dropout: 0.0, known: 0 };
        let cut = Cut::at(all, 0.7, &settings);
        assert_eq!(cut.left_out, ["too late", "gone"]);
        let firsts: Vec<Moment> = cut.prices.iter().map(|of| of.prices.dates()[of.training + 1]).collect();
        assert_eq!(firsts, [prices.dates()[700]; 2]);
    }
}

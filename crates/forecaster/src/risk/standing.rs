//! Says in words how the network's forecasts of risk stand against those of linear models, and no more: a network that one
//! of them beats is never praised.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use recurrent_metrics::forecast::DieboldMariano;
use recurrent_volatility::HORIZONS;
use serde::{Deserialize, Serialize};

use super::model::RiskModel;
use super::scores::RiskScores;

/// The Diebold-Mariano tests of the network's QLIKE against each other model's, by horizon; a negative statistic is in the
/// network's favour.
pub type RiskTests = BTreeMap<RiskModel, BTreeMap<String, DieboldMariano>>;

/// The models that a network has to beat to be worth its trouble.
pub const RIVALS: [RiskModel; 3] = [RiskModel::Ridge, RiskModel::HarLeverage, RiskModel::Har];

/// Where the network stands, from worst to best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RiskStanding {
    /// One of [`RIVALS`] is no worse at one horizon or more.
    Behind,
    /// Its loss is the least at every horizon, by leads that could be chance.
    Chance,
    /// So it is, and it beats HAR the next day by more than chance; its lead over the ridge regression could be chance.
    AheadOfHar,
    /// It beats HAR and the ridge regression the next day by more than chance.
    AheadOfBoth,
}

impl RiskStanding {
    /// Places the network by the scores of all models and its tests against them.
    pub fn of(scores: &BTreeMap<RiskModel, RiskScores>, tests: &RiskTests) -> Self {
        let beats = |rival| {
            let test = tests.get(&rival).and_then(|tests| tests.get(NEXT_DAY));
            test.is_some_and(|test| test.is_significant() && test.statistic < 0.0)
        };
        let har = beats(RiskModel::Har) && beats(RiskModel::HarLeverage);
        if qlike(scores, RiskModel::Network, NEXT_DAY).is_none() || !behind(scores).is_empty() {
            Self::Behind
        } else if !har {
            Self::Chance
        } else if beats(RiskModel::Ridge) {
            Self::AheadOfBoth
        } else {
            Self::AheadOfHar
        }
    }

    /// The standing in a sentence, with the figures that it rests on.
    pub fn sentence(self, scores: &BTreeMap<RiskModel, RiskScores>, tests: &RiskTests) -> String {
        let against = |rival: RiskModel| {
            let test = tests.get(&rival).and_then(|tests| tests.get(NEXT_DAY));
            let p = test.map_or_else(|| "no test possible".to_owned(), |test| in_words(test.p_value));
            let loss =
                |model| qlike(scores, model, NEXT_DAY).map_or_else(String::new, |loss| format!("{loss:.4}"));
            format!("{}: {} against {}, {p}", rival.name(), loss(RiskModel::Network), loss(rival))
        };
        let next_day =
            format!("QLIKE of the next day, {}; {}", against(RiskModel::Har), against(RiskModel::Ridge));
        match self {
            Self::Behind => format!(
                "the network's forecasts of risk are no better than those of simpler models ({}); rely on the ridge \
                 regression instead ({next_day})",
                behind(scores).join("; ")
            ),
            Self::Chance => format!(
                "the network's forecasts of risk have the least loss at every horizon, but its lead cannot be told from \
                 chance ({next_day})"
            ),
            Self::AheadOfHar => format!(
                "the network's forecasts of risk beat HAR by more than chance explains, on these days; their lead over the \
                 ridge regression, which costs nothing, cannot be told from chance ({next_day})"
            ),
            Self::AheadOfBoth => format!(
                "the network's forecasts of risk beat HAR and the ridge regression by more than chance explains, on these \
                 days ({next_day})"
            ),
        }
    }
}

/// The key of the shortest horizon.
const NEXT_DAY: &str = "1";

fn qlike(scores: &BTreeMap<RiskModel, RiskScores>, model: RiskModel, horizon: &str) -> Option<f64> {
    Some(scores.get(&model)?.horizons.get(horizon)?.qlike)
}

/// Where a rival is no worse than the network, in words.
fn behind(scores: &BTreeMap<RiskModel, RiskScores>) -> Vec<String> {
    let mut behind = Vec::new();
    for rival in RIVALS {
        for horizon in HORIZONS.map(|horizon| horizon.to_string()) {
            let losses = (qlike(scores, RiskModel::Network, &horizon), qlike(scores, rival, &horizon));
            if let (Some(own), Some(other)) = losses
                && own.partial_cmp(&other) != Some(Ordering::Less)
            {
                let name = rival.name();
                behind.push(format!("{name} over {horizon} days: QLIKE {other:.4}, the network {own:.4}"));
            }
        }
    }
    behind
}

fn in_words(p_value: f64) -> String {
    if p_value < 0.001 {
        "Diebold-Mariano p < 0.001".to_owned()
    } else {
        format!("Diebold-Mariano p = {p_value:.3}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::risk::scores::HorizonScores;

    fn scores(losses: [f64; 3]) -> RiskScores {
        let of = |qlike| HorizonScores {
            days: 100,
            qlike,
            qlike_without_worst: None,
            log_mse: 1.0,
            r2: None,
            ratio: 1.0,
        };
        let horizons = HORIZONS.iter().zip(losses).map(|(horizon, loss)| (horizon.to_string(), of(loss)));
        RiskScores { horizons: horizons.collect(), crps: 1.0, pinball: 1.0, coverage: BTreeMap::new() }
    }

    fn judge(network: [f64; 3], p_har: f64, p_ridge: f64) -> (RiskStanding, String) {
        let all = BTreeMap::from([
            (RiskModel::Network, scores(network)),
            (RiskModel::Ridge, scores([0.343, 0.191, 0.167])),
            (RiskModel::HarLeverage, scores([0.356, 0.196, 0.170])),
            (RiskModel::Har, scores([0.375, 0.210, 0.174])),
        ]);
        let test = |p_value: f64, rival: f64| {
            let statistic = if network[0] < rival { -2.0 } else { 2.0 };
            BTreeMap::from([(NEXT_DAY.to_owned(), DieboldMariano { statistic, p_value })])
        };
        let tests = RiskTests::from([
            (RiskModel::Ridge, test(p_ridge, 0.343)),
            (RiskModel::HarLeverage, test(p_har, 0.356)),
            (RiskModel::Har, test(p_har, 0.375)),
        ]);
        let standing = RiskStanding::of(&all, &tests);
        (standing, standing.sentence(&all, &tests))
    }

    #[test]
    fn what_ridge_or_har_beats_at_any_horizon_is_never_praised() {
        for network in [[0.35, 0.18, 0.16], [0.34, 0.195, 0.16], [0.33, 0.18, 0.2], [0.343; 3], [f64::NAN; 3]]
        {
            for p in [0.0, 0.001, 0.5] {
                let (standing, words) = judge(network, p, p);
                assert_eq!(standing, RiskStanding::Behind, "{network:?}");
                assert!(words.contains("rely on the ridge") && !words.contains("beat"), "{words}");
            }
        }
    }

    #[test]
    fn a_lead_is_called_what_it_is() {
        insta::assert_snapshot!(judge([0.35, 0.18, 0.16], 0.01, 0.3).1, @"the network's forecasts of risk are no better than those of simpler models (ridge regression over 1 days: QLIKE 0.3430, the network 0.3500); rely on the ridge regression instead (QLIKE of the next day, HAR in logs: 0.3500 against 0.3750, Diebold-Mariano p = 0.010; ridge regression: 0.3500 against 0.3430, Diebold-Mariano p = 0.300)");
        let (standing, words) = judge([0.34, 0.18, 0.16], 0.2, 0.3);
        assert_eq!(standing, RiskStanding::Chance);
        assert!(words.contains("cannot be told from chance"), "{words}");
        assert_eq!(judge([0.34, 0.18, 0.16], 0.02, 0.3).0, RiskStanding::AheadOfHar);
        assert_eq!(judge([0.34, 0.18, 0.16], 0.02, 0.01).0, RiskStanding::AheadOfBoth);
    }

    #[test]
    fn without_a_next_day_to_judge_nothing_is_praised() {
        let none = BTreeMap::new();
        assert_eq!(RiskStanding::of(&none, &RiskTests::new()), RiskStanding::Behind);
    }
}

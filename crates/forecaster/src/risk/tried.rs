//! Many settings of a network at once, and what each of them reached, beside each other.

use std::fmt;

use recurrent_train::Optimiser;
use serde::Serialize;

use super::choose::Reached;
use super::lesson::RiskNetwork;

/// Values of settings, of which every combination is tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// Days that are read before a forecast.
    pub window: Vec<usize>,
    /// Units of each layer.
    pub hidden: Vec<usize>,
    /// Networks that forecast together.
    pub members: Vec<usize>,
    /// Epochs.
    pub epochs: Vec<usize>,
    /// Learning rates.
    pub learning_rate: Vec<f64>,
    /// Weight decays of AdamW.
    pub weight_decay: Vec<f64>,
}

impl Grid {
    /// A network with each combination, and all else as one is.
    pub fn candidates(&self, network: &RiskNetwork) -> Vec<RiskNetwork> {
        let mut all = vec![network.clone()];
        each(&mut all, &self.window, |network, window| network.ensemble.window = window);
        each(&mut all, &self.hidden, |network, hidden| network.ensemble.hidden = hidden);
        each(&mut all, &self.members, |network, members| network.ensemble.members = members);
        each(&mut all, &self.epochs, |network, epochs| network.train.epochs = epochs);
        each(&mut all, &self.learning_rate, |network, rate| network.train.learning_rate = rate);
        each(&mut all, &self.weight_decay, |network, decay| {
            network.train.optimiser = Optimiser::adam_w(decay);
        });
        all
    }
}

/// Each of the networks with each of the values, the values of one network side by side.
fn each<T: Copy>(networks: &mut Vec<RiskNetwork>, values: &[T], set: impl Fn(&mut RiskNetwork, T)) {
    let with = |(network, value): (&RiskNetwork, &T)| {
        let mut network = network.clone();
        set(&mut network, *value);
        network
    };
    let pairs = networks.iter().flat_map(|network| values.iter().map(move |value| (network, value)));
    *networks = pairs.map(with).collect();
}

/// Settings that were tried, with what they reach.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tried {
    window: usize,
    hidden: usize,
    members: usize,
    epochs: usize,
    learning_rate: f64,
    weight_decay: f64,
    seed: u64,
    #[serde(flatten)]
    reached: Reached,
}

impl Tried {
    /// What a network reached.
    pub fn new(network: &RiskNetwork, reached: Reached) -> Self {
        let RiskNetwork { ensemble, train, .. } = network;
        let weight_decay = match train.optimiser {
            Optimiser::AdamW { weight_decay, .. } => weight_decay,
            _ => 0.0,
        };
        Self {
            window: ensemble.window,
            hidden: ensemble.hidden,
            members: ensemble.members,
            epochs: train.epochs,
            learning_rate: train.learning_rate,
            weight_decay,
            seed: train.seed.0,
            reached,
        }
    }
}

/// All that was tried, the best first.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Trials(Vec<Tried>);

impl Trials {
    /// Puts what was tried in order.
    pub fn new(mut tried: Vec<Tried>) -> Self {
        tried.sort_by(|one, other| one.reached.ratio.total_cmp(&other.reached.ratio));
        Self(tried)
    }
}

/// Its QLIKE at each horizon and over that of the ridge regression, a line each.
impl fmt::Display for Trials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:>6} {:>6} {:>7} {:>6} {:>8} {:>6} {:>8} {:>8} {:>8} {:>7} {:>7}",
            "window", "units", "members", "epochs", "rate", "decay", "1 day", "5", "22", "ratio", "worst"
        )?;
        for Tried { window, hidden, members, epochs, learning_rate, weight_decay, reached, .. } in &self.0 {
            let [day, week, month] = reached.qlike;
            writeln!(
                f,
                "{window:>6} {hidden:>6} {members:>7} {epochs:>6} {learning_rate:>8} {weight_decay:>6} {day:>8.4} {week:>8.4} \
                 {month:>8.4} {:>7.4} {:>7.4}",
                reached.ratio, reached.worst
            )?;
        }
        if let Some(Tried { reached: Reached { ridge: [day, week, month], .. }, .. }) = self.0.first() {
            writeln!(
                f,
                "{:>44} {day:>8.4} {week:>8.4} {month:>8.4} {:>7.4} {:>7.4}",
                "ridge regression", 1.0, 1.0
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use recurrent_backend::BackendKind;
    use recurrent_train::TrainConfig;

    use super::*;
    use crate::risk::EnsembleSettings;

    fn network() -> RiskNetwork {
        RiskNetwork {
            ensemble: EnsembleSettings {
                window: 22,
                hidden: 4,
                layers: 1,
                members: 8,
                dropout: 0.0,
                known: 0,
            },
            batch_size: 64,
            most_steps: 10,
            train: TrainConfig::new(20, Optimiser::adam_w(1.0), 0.001),
            device: BackendKind::Flex.open().unwrap(),
        }
    }

    #[test]
    fn every_combination_is_tried_once_the_last_setting_first() {
        let grid = Grid {
            window: vec![22, 44],
            hidden: vec![4],
            members: vec![8],
            epochs: vec![10, 20, 30],
            learning_rate: vec![0.001],
            weight_decay: vec![0.5, 1.0],
        };
        let found: Vec<_> = grid
            .candidates(&network())
            .iter()
            .map(|network| (network.ensemble.window, network.train.epochs, network.train.optimiser))
            .collect();
        let mut expected = Vec::new();
        for window in [22, 44] {
            for epochs in [10, 20, 30] {
                expected.extend([0.5, 1.0].map(|decay| (window, epochs, Optimiser::adam_w(decay))));
            }
        }
        assert_eq!(found, expected);
    }

    #[test]
    fn the_best_comes_first_and_the_ridge_regression_last() {
        let reached = |ratio: f64| Reached {
            qlike: [0.3 * ratio, 0.2 * ratio, 0.1 * ratio],
            ridge: [0.3, 0.2, 0.1],
            ratio,
            worst: ratio + 0.1,
        };
        let tried = [1.2, 0.9, 1.0].map(|ratio| Tried::new(&network(), reached(ratio)));
        insta::assert_snapshot!(Trials::new(tried.into()), @r"
        window  units members epochs     rate  decay    1 day        5       22   ratio   worst
            22      4       8     20    0.001      1   0.2700   0.1800   0.0900  0.9000  1.0000
            22      4       8     20    0.001      1   0.3000   0.2000   0.1000  1.0000  1.1000
            22      4       8     20    0.001      1   0.3600   0.2400   0.1200  1.2000  1.3000
                                    ridge regression   0.3000   0.2000   0.1000  1.0000  1.0000
        ");
    }
}

//! What is said of a network: never more than its lead over the linear baseline allows.

use recurrent_metrics::{LEVEL, classification::McNemar};
use serde::{Deserialize, Serialize};

/// Where a network stands against NB-SVM, from worst to best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It is right no more often.
    Behind,
    /// It is right more often, by a lead that could be chance.
    Chance,
    /// It is right more often, by more than chance explains.
    Ahead,
}

impl Standing {
    /// Places a network by its accuracy, the baseline's, and the test of the network, which is the first, against it.
    pub fn of(network: f64, baseline: f64, test: &McNemar) -> Self {
        Self::by(network, baseline, test.p_value)
    }

    /// The same by any figure of which the larger is the better, and how likely such a difference is by chance.
    pub fn by(network: f64, baseline: f64, p_value: f64) -> Self {
        if network <= baseline {
            Self::Behind
        } else if p_value < LEVEL {
            Self::Ahead
        } else {
            Self::Chance
        }
    }

    /// The same of a network that is stacked with NB-SVM, and of what the network has alone.
    pub fn sentence_of_both(self, both: f64, baseline: f64, test: &McNemar, alone: f64) -> String {
        self.of_both_in_words(baseline, &figures(both, baseline, test), alone)
    }

    /// The same with the figures in words.
    pub(super) fn of_both_in_words(self, baseline: f64, figures: &str, alone: f64) -> String {
        let of_both = match self {
            Self::Behind => format!(
                "the network and NB-SVM together are no better than NB-SVM, a linear classifier fitted in seconds ({figures}); \
                 take that instead"
            ),
            Self::Chance => format!(
                "the network and NB-SVM together have no proven lead over NB-SVM, a linear classifier fitted in seconds \
                 ({figures}): it cannot be told from chance"
            ),
            Self::Ahead => format!(
                "the network and NB-SVM together beat NB-SVM, a linear classifier fitted in seconds, by more than chance \
                 explains ({figures})"
            ),
        };
        let rest = if alone <= baseline { "less than or as much as NB-SVM" } else { "more than NB-SVM" };
        format!("{of_both}; the network alone has {alone:.4}, {rest}")
    }

    /// The standing in a sentence, with the figures that it rests on.
    pub fn sentence(self, network: f64, baseline: f64, test: &McNemar) -> String {
        self.in_words(network, baseline, &figures(network, baseline, test))
    }

    /// The same with the figures in words.
    pub(super) fn in_words(self, network: f64, baseline: f64, figures: &str) -> String {
        match self {
            Self::Behind if network < baseline => format!(
                "the network is worse than NB-SVM, a linear classifier fitted in seconds ({figures}); take that instead"
            ),
            Self::Behind => format!(
                "the network is no better than NB-SVM, a linear classifier fitted in seconds ({figures}); take that instead"
            ),
            Self::Chance => format!(
                "the network has no proven lead over NB-SVM, a linear classifier fitted in seconds ({figures}): it cannot be told \
                 from chance"
            ),
            Self::Ahead => format!(
                "the network beats NB-SVM, a linear classifier fitted in seconds, by more than chance explains ({figures})"
            ),
        }
    }
}

fn figures(network: f64, baseline: f64, test: &McNemar) -> String {
    format!("accuracy {network:.4} against {baseline:.4}, McNemar {}", p_value(test.p_value))
}

/// A p-value in words.
pub(super) fn p_value(p: f64) -> String {
    if p < 0.001 { "p < 0.001".to_owned() } else { format!("p = {p:.3}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(network: f64, baseline: f64, p_value: f64) -> (Standing, String) {
        let test = McNemar { first_alone: 0, second_alone: 0, p_value };
        let standing = Standing::of(network, baseline, &test);
        (standing, standing.sentence(network, baseline, &test))
    }

    #[test]
    fn each_standing_says_what_it_rests_on() {
        let words = [(0.88, 0.9187, 1e-9), (0.9, 0.9, 1.0), (0.9190, 0.9187, 0.31), (0.93, 0.9187, 0.00001)]
            .map(|(network, baseline, p)| judge(network, baseline, p).1);
        insta::assert_snapshot!(words.join("\n"), @r"
        the network is worse than NB-SVM, a linear classifier fitted in seconds (accuracy 0.8800 against 0.9187, McNemar p < 0.001); take that instead
        the network is no better than NB-SVM, a linear classifier fitted in seconds (accuracy 0.9000 against 0.9000, McNemar p = 1.000); take that instead
        the network has no proven lead over NB-SVM, a linear classifier fitted in seconds (accuracy 0.9190 against 0.9187, McNemar p = 0.310): it cannot be told from chance
        the network beats NB-SVM, a linear classifier fitted in seconds, by more than chance explains (accuracy 0.9300 against 0.9187, McNemar p < 0.001)
        ");
    }

    #[test]
    fn a_network_that_needs_help_is_not_praised_for_it() {
        let both = |both: f64, alone: f64, p_value: f64| {
            let test = McNemar { first_alone: 0, second_alone: 0, p_value };
            Standing::of(both, 0.9187, &test).sentence_of_both(both, 0.9187, &test, alone)
        };
        let words = [(0.91, 0.9, 0.2), (0.92, 0.9, 0.3), (0.93, 0.9, 1e-9), (0.94, 0.93, 1e-9)];
        let words = words.map(|(of_both, alone, p_value)| both(of_both, alone, p_value));
        insta::assert_snapshot!(words.join("\n"), @r"
        the network and NB-SVM together are no better than NB-SVM, a linear classifier fitted in seconds (accuracy 0.9100 against 0.9187, McNemar p = 0.200); take that instead; the network alone has 0.9000, less than or as much as NB-SVM
        the network and NB-SVM together have no proven lead over NB-SVM, a linear classifier fitted in seconds (accuracy 0.9200 against 0.9187, McNemar p = 0.300): it cannot be told from chance; the network alone has 0.9000, less than or as much as NB-SVM
        the network and NB-SVM together beat NB-SVM, a linear classifier fitted in seconds, by more than chance explains (accuracy 0.9300 against 0.9187, McNemar p < 0.001); the network alone has 0.9000, less than or as much as NB-SVM
        the network and NB-SVM together beat NB-SVM, a linear classifier fitted in seconds, by more than chance explains (accuracy 0.9400 against 0.9187, McNemar p < 0.001); the network alone has 0.9300, more than NB-SVM
        ");
    }

    #[test]
    fn nothing_that_is_not_ahead_is_praised() {
        for network in [0.5, 0.88, 0.9187] {
            for p in [0.0, 0.04, 1.0] {
                let (standing, words) = judge(network, 0.9187, p);
                assert_eq!(standing, Standing::Behind);
                assert!(!words.contains("beats") && words.contains("take that instead"), "{words}");
            }
        }
        assert_eq!(judge(0.92, 0.9187, 0.05).0, Standing::Chance);
        assert_eq!(judge(0.92, 0.9187, 0.049).0, Standing::Ahead);
    }
}

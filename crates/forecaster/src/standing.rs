//! Says in words what scores and tests show, and no more: a model that does not beat "tomorrow = today" is
//! never called good, and a lead that could be chance is called that.

use recurrent_metrics::forecast::{DieboldMariano, Scores, skill};
use serde::{Deserialize, Serialize};

use crate::comparison::{BaselineScores, Tests};

/// Where a model stands against the baselines, from worst to best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Its error is not below that of "tomorrow = today".
    BehindNaive,
    /// Its error is below that of "tomorrow = today", by a lead that could be chance.
    Chance,
    /// It beats "tomorrow = today" by more than chance, but its error is not below that of drift.
    BehindDrift,
    /// It beats "tomorrow = today" by more than chance; its lead over drift could be chance.
    AheadOfNaive,
    /// It beats "tomorrow = today" and drift by more than chance.
    AheadOfBoth,
}

impl Standing {
    /// Places a model by its scores, those of the baselines, and the tests against these.
    pub fn of(model: &Scores, baselines: &BaselineScores, tests: &Tests) -> Self {
        let is_significant = |test: Option<DieboldMariano>| test.is_some_and(|test| test.is_significant());
        if model.scaled_mse >= baselines.naive.scaled_mse {
            Self::BehindNaive
        } else if !is_significant(tests.naive) {
            Self::Chance
        } else if model.scaled_mse >= baselines.drift.scaled_mse {
            Self::BehindDrift
        } else if is_significant(tests.drift) {
            Self::AheadOfBoth
        } else {
            Self::AheadOfNaive
        }
    }

    /// The standing in a sentence, with the figures it rests on.
    pub fn sentence(self, model: &Scores, baselines: &BaselineScores, tests: &Tests) -> String {
        let (mse, naive, drift) = (model.scaled_mse, baselines.naive.scaled_mse, baselines.drift.scaled_mse);
        let against_naive = format!(
            "scaled MSE {mse:.4e} against {naive:.4e}, {}, {}",
            in_percent(skill(mse, naive)),
            in_words(tests.naive)
        );
        let against_drift =
            format!("{drift:.4e}, {}, {}", in_percent(skill(mse, drift)), in_words(tests.drift));
        match self {
            Self::BehindNaive => {
                let place = if mse > naive { "worse than" } else { "no better than" };
                format!(
                    r#"the forecasts are {place} "tomorrow = today" ({against_naive}); do not rely on them"#
                )
            }
            Self::Chance => {
                let place = if mse < drift { "ahead of" } else { "behind" };
                format!(
                    r#"the forecasts show no proven skill: the lead over "tomorrow = today" ({against_naive}) cannot be told from chance; they are {place} the drift baseline ({against_drift})"#
                )
            }
            Self::BehindDrift => format!(
                r#"the forecasts beat "tomorrow = today" ({against_naive}) but not the drift baseline ({against_drift}), which knows only the mean growth of the training windows"#
            ),
            Self::AheadOfNaive => format!(
                r#"the forecasts beat "tomorrow = today" ({against_naive}); the lead over the drift baseline ({against_drift}) cannot be told from chance"#
            ),
            Self::AheadOfBoth => format!(
                r#"the forecasts beat "tomorrow = today" ({against_naive}) and the drift baseline ({against_drift}) by more than chance explains, on these days"#
            ),
        }
    }
}

fn in_percent(skill: Option<f64>) -> String {
    skill.map_or_else(|| "skill undefined".to_owned(), |skill| format!("skill {:+.2}%", skill * 100.0))
}

fn in_words(test: Option<DieboldMariano>) -> String {
    match test {
        None => "no Diebold-Mariano test possible".to_owned(),
        Some(test) if test.p_value < 0.001 => "Diebold-Mariano p < 0.001".to_owned(),
        Some(test) => format!("Diebold-Mariano p = {:.3}", test.p_value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAIVE: f64 = 5.2641e-5;
    const DRIFT: f64 = 5.2508e-5;

    fn scores(scaled_mse: f64) -> Scores {
        Scores {
            scaled_mse,
            mae: 80.0,
            mape: 0.005,
            mase: Some(0.9),
            directional_accuracy: Some(0.5),
            skill: skill(scaled_mse, NAIVE),
        }
    }

    fn judge(mse: f64, p_naive: Option<f64>, p_drift: Option<f64>) -> (Standing, String) {
        let baselines = BaselineScores { naive: scores(NAIVE), drift: scores(DRIFT), ridge: None };
        let test = |p: Option<f64>, baseline: f64| {
            p.map(|p_value| DieboldMariano { statistic: if mse < baseline { -2.0 } else { 2.0 }, p_value })
        };
        let tests = Tests { naive: test(p_naive, NAIVE), drift: test(p_drift, DRIFT), ridge: None };
        let standing = Standing::of(&scores(mse), &baselines, &tests);
        (standing, standing.sentence(&scores(mse), &baselines, &tests))
    }

    #[test]
    fn worse_than_naive() {
        let (standing, words) = judge(7.98e-5, Some(0.00002), Some(0.00001));
        assert_eq!(standing, Standing::BehindNaive);
        insta::assert_snapshot!(words, @r#"the forecasts are worse than "tomorrow = today" (scaled MSE 7.9800e-5 against 5.2641e-5, skill -51.59%, Diebold-Mariano p < 0.001); do not rely on them"#);
    }

    #[test]
    fn the_same_as_naive() {
        let (standing, words) = judge(NAIVE, Some(1.0), Some(0.3));
        assert_eq!(standing, Standing::BehindNaive);
        insta::assert_snapshot!(words, @r#"the forecasts are no better than "tomorrow = today" (scaled MSE 5.2641e-5 against 5.2641e-5, skill +0.00%, Diebold-Mariano p = 1.000); do not rely on them"#);
    }

    #[test]
    fn ahead_of_both_by_what_may_be_chance() {
        let (standing, words) = judge(5.24e-5, Some(0.121), Some(0.34));
        assert_eq!(standing, Standing::Chance);
        insta::assert_snapshot!(words, @r#"the forecasts show no proven skill: the lead over "tomorrow = today" (scaled MSE 5.2400e-5 against 5.2641e-5, skill +0.46%, Diebold-Mariano p = 0.121) cannot be told from chance; they are ahead of the drift baseline (5.2508e-5, skill +0.21%, Diebold-Mariano p = 0.340)"#);
    }

    #[test]
    fn ahead_of_naive_by_what_may_be_chance_and_behind_drift() {
        let (standing, words) = judge(5.26e-5, Some(0.05), Some(0.34));
        assert_eq!(standing, Standing::Chance);
        insta::assert_snapshot!(words, @r#"the forecasts show no proven skill: the lead over "tomorrow = today" (scaled MSE 5.2600e-5 against 5.2641e-5, skill +0.08%, Diebold-Mariano p = 0.050) cannot be told from chance; they are behind the drift baseline (5.2508e-5, skill -0.18%, Diebold-Mariano p = 0.340)"#);
    }

    #[test]
    fn ahead_where_no_test_is_possible() {
        let (standing, words) = judge(5.0e-5, None, None);
        assert_eq!(standing, Standing::Chance);
        insta::assert_snapshot!(words, @r#"the forecasts show no proven skill: the lead over "tomorrow = today" (scaled MSE 5.0000e-5 against 5.2641e-5, skill +5.02%, no Diebold-Mariano test possible) cannot be told from chance; they are ahead of the drift baseline (5.2508e-5, skill +4.78%, no Diebold-Mariano test possible)"#);
    }

    #[test]
    fn better_than_naive_but_not_than_drift() {
        let (standing, words) = judge(5.2508e-5, Some(0.02), Some(1.0));
        assert_eq!(standing, Standing::BehindDrift);
        insta::assert_snapshot!(words, @r#"the forecasts beat "tomorrow = today" (scaled MSE 5.2508e-5 against 5.2641e-5, skill +0.25%, Diebold-Mariano p = 0.020) but not the drift baseline (5.2508e-5, skill +0.00%, Diebold-Mariano p = 1.000), which knows only the mean growth of the training windows"#);
    }

    #[test]
    fn better_than_naive_and_perhaps_than_drift() {
        let (standing, words) = judge(5.2e-5, Some(0.02), Some(0.2));
        assert_eq!(standing, Standing::AheadOfNaive);
        insta::assert_snapshot!(words, @r#"the forecasts beat "tomorrow = today" (scaled MSE 5.2000e-5 against 5.2641e-5, skill +1.22%, Diebold-Mariano p = 0.020); the lead over the drift baseline (5.2508e-5, skill +0.97%, Diebold-Mariano p = 0.200) cannot be told from chance"#);
    }

    #[test]
    fn better_than_both() {
        let (standing, words) = judge(4.9e-5, Some(0.0004), Some(0.001));
        assert_eq!(standing, Standing::AheadOfBoth);
        insta::assert_snapshot!(words, @r#"the forecasts beat "tomorrow = today" (scaled MSE 4.9000e-5 against 5.2641e-5, skill +6.92%, Diebold-Mariano p < 0.001) and the drift baseline (5.2508e-5, skill +6.68%, Diebold-Mariano p = 0.001) by more than chance explains, on these days"#);
    }

    #[test]
    fn nothing_behind_naive_is_praised() {
        for mse in [NAIVE, 5.3e-5, 1e-4, 1.0] {
            for p in [None, Some(0.0), Some(0.04), Some(1.0)] {
                let (standing, words) = judge(mse, p, p);
                assert_eq!(standing, Standing::BehindNaive);
                assert!(words.contains(if mse > NAIVE { "worse than" } else { "no better than" }), "{words}");
                assert!(!words.contains("beat") && !words.contains("ahead"), "{words}");
            }
        }
    }
}

//! On markets whose variance is known, fitted models forecast nearly as well as the truth.

use recurrent_metrics::risk::{Coverage, qlike};
use recurrent_volatility::{
    Days, FittedVariance, Seed, VarianceModel,
    conformal::{misses, split},
    models::{Ewma, FittedGarch, Garch, GarchKind, GarchParameters, Har, RandomWalk, Ridge},
    quantiles::{FilteredHistory, QuantileModel},
    simulate::{self, LogHar},
};

const TRAINING: usize = 3000;
const TEST: usize = 2000;

/// The mean QLIKE of the next day's forecasts on the test days, of what came.
fn loss(fitted: &dyn FittedVariance, days: Days<'_>, truth: &[f64]) -> f64 {
    let forecasts = fitted.forecasts(days, TRAINING..TRAINING + TEST).unwrap();
    let pairs = truth[TRAINING..].iter().zip(&forecasts);
    pairs.map(|(truth, ahead)| qlike(*truth, ahead[0])).sum::<f64>() / TEST as f64
}

fn known_loss(expected: &[f64], truth: &[f64]) -> f64 {
    let pairs = truth[TRAINING..].iter().zip(&expected[TRAINING..]);
    pairs.map(|(truth, expected)| qlike(*truth, *expected)).sum::<f64>() / TEST as f64
}

#[test]
fn har_is_found_again_in_logarithms() {
    for seed in 1..=3 {
        let market = simulate::log_har(&LogHar::default(), TRAINING + TEST, Seed(seed)).unwrap();
        let days = market.days();
        let best = known_loss(market.expected(), days.variances());
        for (model, most) in [
            (&Har::default() as &dyn VarianceModel, 1.01),
            (&Har::with_leverage(), 1.01),
            (&Ridge::default(), 1.05),
        ] {
            let fitted = model.fit(days.until(TRAINING)).unwrap();
            let ratio = loss(&*fitted, days, days.variances()) / best;
            assert!(
                (0.98..most).contains(&ratio),
                "{} has {ratio} of the truth's loss with seed {seed}",
                model.name()
            );
        }
        for model in [&RandomWalk as &dyn VarianceModel, &Ewma::default(), &Garch::new(GarchKind::Garch)] {
            let fitted = model.fit(days.until(TRAINING)).unwrap();
            let ratio = loss(&*fitted, days, days.variances()) / best;
            assert!(ratio > 1.1, "{} has {ratio} of the truth's loss with seed {seed}", model.name());
        }
    }
}

#[test]
fn garch_is_found_again_in_its_returns() {
    let known = [
        (GarchKind::Garch, 2e-6, 0.08, 0.0, 0.9),
        (GarchKind::Gjr, 2e-6, 0.02, 0.12, 0.9),
        (GarchKind::Egarch, -0.19, 0.15, -0.1, 0.98),
    ];
    for (kind, omega, alpha, gamma, beta) in known {
        let truth = GarchParameters { mean: 3e-4, omega, alpha, gamma, beta, freedom: 7.0 };
        for seed in 1..=3 {
            let market = simulate::garch(kind, &truth, TRAINING + TEST, Seed(seed)).unwrap();
            let (days, what) = (market.days(), format!("{} with seed {seed}", kind.name()));
            let fitted = Garch::new(kind).fit_from(days.until(TRAINING), None).unwrap();
            let found = fitted.garch_parameters();
            assert!((found.beta - beta).abs() < 0.05, "{what}: {found:?}");
            assert!((found.alpha - alpha).abs() < 0.06, "{what}: {found:?}");
            assert!((found.gamma - gamma).abs() < 0.06, "{what}: {found:?}");
            assert!((found.freedom / 7.0 - 1.0).abs() < 0.4, "{what}: {found:?}");
            // Of the variance itself, which is known the evening before.
            let off = loss(&fitted, days, days.variances());
            assert!(off < 0.01, "{what}: a QLIKE of {off}");
            // Of squared returns, which have much noise.
            let squares: Vec<f64> = days.returns().iter().map(|r| (r - truth.mean).powi(2)).collect();
            let ratio = loss(&fitted, days, &squares) / known_loss(market.expected(), &squares);
            assert!((0.99..1.02).contains(&ratio), "{what}: {ratio} of the truth's loss");
        }
    }
}

#[test]
fn what_is_found_is_the_likeliest() {
    let known = [
        (GarchKind::Garch, 2e-6, 0.08, 0.0, 0.9),
        (GarchKind::Gjr, 2e-6, 0.02, 0.15, 0.9),
        (GarchKind::Egarch, -0.19, 0.15, -0.1, 0.98),
        // Calm follows large moves: a likelihood with many kinks, of which the search need not find the best.
        (GarchKind::Egarch, -0.1, -0.08, -0.15, 0.988),
    ];
    for (kind, omega, alpha, gamma, beta) in known {
        let truth = GarchParameters { mean: -5e-4, omega, alpha, gamma, beta, freedom: 12.0 };
        for seed in 1..=12 {
            let market = simulate::garch(kind, &truth, 500, Seed(seed)).unwrap();
            let fit = |start| Garch::new(kind).fit_from(market.days(), start).unwrap().log_likelihood();
            let found = fit(None);
            let what = format!("{} with an alpha of {alpha} and seed {seed}", kind.name());
            let known = FittedGarch::new(kind, truth, market.days()).log_likelihood();
            assert!(found > known, "{what}: {found}, the truth has {known}");
            if alpha > 0.0 {
                let other = fit(Some(truth));
                assert!(found > other - 1e-4, "{what}: {found}, from the truth {other}");
            }
        }
    }
}

#[test]
fn quantiles_and_intervals_hold_as_often_as_they_say() {
    let market = simulate::log_har(&LogHar::default(), TRAINING + TEST, Seed(4)).unwrap();
    let days = market.days();
    let fitted = FilteredHistory::over(Har::default()).fit(days.until(TRAINING)).unwrap();
    let quantiles = fitted.quantiles(days, TRAINING..TRAINING + TEST, &[0.05, 0.95]).unwrap();
    let returns = &days.returns()[TRAINING..];
    for (place, is_hit) in [(0, f64::lt as fn(&f64, &f64) -> bool), (1, f64::gt)] {
        let hits: Vec<bool> =
            returns.iter().zip(&quantiles).map(|(r, bounds)| is_hit(r, &bounds[place])).collect();
        let coverage = Coverage::of(&hits, 0.05).unwrap();
        assert!(coverage.conditional.p_value > 0.01, "{coverage:?}");
    }

    let har = Har::default().fit(days.until(2000)).unwrap();
    let scores = |first: usize, last: usize| -> Vec<f64> {
        let forecasts = har.forecasts(days, first..last).unwrap();
        let pairs = days.variances()[first..last].iter().zip(forecasts);
        pairs.map(|(variance, ahead)| (variance / ahead[0]).ln().abs()).collect()
    };
    let radius = split(&scores(2000, TRAINING), 0.1).unwrap();
    let test = scores(TRAINING, TRAINING + TEST);
    let coverage = Coverage::of(&misses(&test, &vec![radius; test.len()]), 0.1).unwrap();
    assert!(coverage.unconditional.p_value > 0.01, "{coverage:?}");
}

#[test]
fn the_same_seed_gives_the_same_market() {
    let market = |seed| simulate::log_har(&LogHar::default(), 50, Seed(seed)).unwrap();
    assert_eq!(market(1), market(1));
    assert_ne!(market(1), market(2));
}

#[test]
fn processes_that_explode_are_refused() {
    let explosive = LogHar { day: 3.0, ..LogHar::default() };
    assert!(simulate::log_har(&explosive, 500, Seed(1)).is_err());
    let normal = GarchParameters { mean: 0.0, omega: 1e-6, alpha: 0.1, gamma: 0.0, beta: 0.8, freedom: 2.0 };
    let error = simulate::garch(GarchKind::Garch, &normal, 10, Seed(1)).unwrap_err();
    insta::assert_snapshot!(error, @"the number of degrees of freedom is 2; it must be above 2");
}

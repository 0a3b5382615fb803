//! Estimates, forecasts and quantiles agree with Python: see goldens/README.md.

use recurrent_volatility::{
    Ahead, Bars, Days, FittedVariance, HORIZONS, Measured, Proxy, VarianceModel,
    models::{
        Ewma, FittedGarch, Garch, GarchKind, GarchParameters, Har, Penalty, RandomWalk, Retransformation,
        Ridge, Scale, Smoothed,
    },
    quantiles::{FittedHistory, FittedQuantiles, HistoricalSimulation},
    realised,
};
use serde::Deserialize;
use serde_json::Value;

/// How far a number may be from Python's, as a part of it.
const NEAR: f64 = 1e-6;

struct Golden {
    value: Value,
    open: Vec<f64>,
    high: Vec<f64>,
    low: Vec<f64>,
    close: Vec<f64>,
    training: usize,
    origins: Vec<usize>,
}

impl Golden {
    fn read() -> Self {
        let value: Value =
            serde_json::from_str(include_str!("goldens/risk.json")).expect("the goldens are JSON");
        let bars = |column: &str| read(&value["bars"][column]);
        Self {
            open: bars("open"),
            high: bars("high"),
            low: bars("low"),
            close: bars("close"),
            training: read(&value["training"]),
            origins: read(&value["origins"]),
            value,
        }
    }

    fn bars(&self) -> Bars<'_> {
        let bars = Bars::new(&self.close).unwrap().with_range(&self.high, &self.low).unwrap();
        bars.with_open(&self.open).unwrap()
    }

    fn measured(&self) -> Measured {
        Measured::of(&self.bars(), Proxy::TrueRange, self.training).unwrap()
    }

    /// Returns in per cent, as arch has them.
    fn per_cent(&self) -> Vec<f64> {
        self.measured().days().returns().iter().map(|r| 100.0 * r).collect()
    }

    fn garch(&self, kind: GarchKind) -> &Value {
        &self.value["garch"][match kind {
            GarchKind::Garch => "garch",
            GarchKind::Gjr => "gjr",
            GarchKind::Egarch => "egarch",
        }]
    }

    fn garch_parameters(&self, kind: GarchKind) -> GarchParameters {
        let found = &self.garch(kind)["parameters"];
        let named = |name: &str| found[name].as_f64().unwrap_or(0.0);
        GarchParameters {
            mean: named("mu"),
            omega: named("omega"),
            alpha: named("alpha"),
            gamma: named("gamma"),
            beta: named("beta"),
            freedom: named("nu"),
        }
    }

    /// The forecasts at the recorded origins.
    fn forecasts(&self, fitted: &dyn FittedVariance, days: Days<'_>) -> Vec<Ahead> {
        let (first, last) = (self.origins[0], self.origins[self.origins.len() - 1]);
        let all = fitted.forecasts(days, first..last + 1).unwrap();
        self.origins.iter().map(|origin| all[origin - first]).collect()
    }
}

fn read<T: for<'a> Deserialize<'a>>(value: &Value) -> T {
    serde_json::from_value(value.clone()).expect("the goldens have this form")
}

fn assert_near(found: f64, expected: f64, what: &str) {
    assert!((found / expected - 1.0).abs() < NEAR, "{what}: {found}, expected {expected}");
}

#[test]
fn estimates_of_variances_agree() {
    let golden = Golden::read();
    for proxy in
        [Proxy::TrueRange, Proxy::GarmanKlass, Proxy::Parkinson, Proxy::RogersSatchell, Proxy::SquaredReturn]
    {
        let name = serde_json::to_value(proxy).unwrap();
        let name = name.as_str().unwrap();
        let scale = Measured::of(&golden.bars(), proxy, golden.training).unwrap().scale();
        assert_near(scale, read(&golden.value["scales"][name]), name);
        let expected: Vec<f64> = read(&golden.value["variances"][name]);
        let found = proxy.variances(&golden.bars()).unwrap();
        assert_eq!(expected.len(), found.len().div_ceil(10));
        for (found, expected) in found.iter().step_by(10).zip(&expected) {
            assert!(
                (found - expected).abs() <= NEAR * expected.abs() + 1e-15,
                "{name}: {found}, expected {expected}"
            );
        }
    }
}

#[test]
fn what_came_agrees() {
    let golden = Golden::read();
    for horizon in HORIZONS {
        let expected: Vec<f64> = read(&golden.value["realised"][horizon.to_string()]);
        let found = realised(golden.measured().days(), golden.training, horizon);
        assert_eq!(expected.len(), found.len().div_ceil(10));
        for (found, expected) in found.iter().step_by(10).zip(expected) {
            assert_near(*found, expected, &format!("horizon {horizon}"));
        }
    }
}

#[test]
fn averages_and_regressions_agree() {
    let golden = Golden::read();
    let measured = golden.measured();
    let days = measured.days();
    let smearing = Har { scale: Scale::Logs(Retransformation::Smearing), leverage: false };
    let models: [(&str, &dyn VarianceModel); 8] = [
        ("random-walk", &RandomWalk),
        ("ewma", &Ewma::default()),
        ("ewma-of-variances", &Ewma::new(0.94, Smoothed::Variances).unwrap()),
        ("har", &Har::in_levels()),
        ("har-logs", &Har::default()),
        ("har-logs-smearing", &smearing),
        ("har-logs-leverage", &Har::with_leverage()),
        ("ridge", &Ridge::default()),
    ];
    for (name, model) in models {
        let expected: Vec<Ahead> = read(&golden.value["models"][name]);
        let fitted = model.fit(days.until(golden.training)).unwrap();
        let found = golden.forecasts(&*fitted, days);
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().flatten().zip(expected.iter().flatten()) {
            assert_near(*found, *expected, name);
        }
    }
    let chosen = Ridge::default().chosen_on(days.until(golden.training)).unwrap();
    assert_eq!(chosen.penalty, Penalty::Fixed(read(&golden.value["penalties"])));
}

#[test]
fn garch_with_known_parameters_agrees() {
    let golden = Golden::read();
    let returns = golden.per_cent();
    let days = Days::new(&returns, golden.measured().days().variances()).map(|_| ());
    assert_eq!(days, Ok(()));
    let ones = vec![1.0; returns.len()];
    let days = Days::new(&returns, &ones).unwrap();
    for kind in [GarchKind::Garch, GarchKind::Gjr, GarchKind::Egarch] {
        let fitted = FittedGarch::new(kind, golden.garch_parameters(kind), days.until(golden.training));
        assert_near(fitted.log_likelihood(), read(&golden.garch(kind)["log_likelihood"]), kind.name());
        let expected: Vec<Vec<f64>> = read(&golden.garch(kind)["forecasts"]);
        for (found, expected) in golden.forecasts(&fitted, days).iter().zip(&expected) {
            for (found, expected) in found.iter().zip(expected) {
                assert_near(found / 1e4, *expected, kind.name());
            }
        }
    }
}

#[test]
fn the_likeliest_parameters_are_found() {
    let golden = Golden::read();
    let returns = golden.per_cent();
    let ones = vec![1.0; returns.len()];
    let training = Days::new(&returns, &ones).unwrap().until(golden.training);
    for kind in [GarchKind::Garch, GarchKind::Gjr, GarchKind::Egarch] {
        let best: f64 = read(&golden.garch(kind)["log_likelihood"]);
        let cold = Garch::new(kind).fit_from(training, None).unwrap();
        let warm = Garch::new(kind).fit_from(training, Some(golden.garch_parameters(kind))).unwrap();
        for found in [cold.log_likelihood(), warm.log_likelihood()] {
            assert!((found - best).abs() < 1e-4, "{}: {found}, arch has {best}", kind.name());
        }
    }
}

#[test]
fn quantiles_agree() {
    let golden = Golden::read();
    let measured = golden.measured();
    let (days, case) = (measured.days(), &golden.value["quantiles"]);
    let levels: Vec<f64> = read(&case["levels"]);
    let origins = golden.origins[0]..golden.origins[golden.origins.len() - 1] + 1;
    let compare = |fitted: &dyn FittedQuantiles, days: Days<'_>, unit: f64, name: &str| {
        let expected: Vec<Vec<f64>> = read(&case[name]);
        let found = fitted.quantiles(days, origins.clone(), &levels).unwrap();
        for (origin, expected) in golden.origins.iter().zip(&expected) {
            for (found, expected) in found[origin - origins.start].iter().zip(expected) {
                assert_near(found / unit, *expected, name);
            }
        }
    };
    compare(&HistoricalSimulation::default(), days, 1.0, "historical");

    let returns = golden.per_cent();
    let ones = vec![1.0; returns.len()];
    let days = Days::new(&returns, &ones).unwrap();
    let training = days.until(golden.training);
    let gjr = FittedGarch::new(GarchKind::Gjr, golden.garch_parameters(GarchKind::Gjr), training);
    compare(&FittedHistory::new(Box::new(gjr), training).unwrap(), days, 100.0, "filtered");
}

//! What holds of every model.

use std::thread;

use recurrent_volatility::{
    Ahead, Days, Refits, Seed, VarianceModel, VolatilityError, forecast,
    models::{Ewma, FittedGarch, FittedHar, FittedRidge, Garch, GarchKind, Har, RandomWalk, Ridge, Smoothed},
    quantiles::{self, FilteredHistory, HistoricalSimulation, QuantileModel},
    simulate::{self, LogHar, Simulated},
    walk,
};

fn market(days: usize) -> Simulated {
    simulate::log_har(&LogHar::default(), days, Seed(11)).unwrap()
}

fn models() -> Vec<Box<dyn VarianceModel>> {
    vec![
        Box::new(RandomWalk),
        Box::new(Ewma::default()),
        Box::new(Ewma::new(0.9, Smoothed::Variances).unwrap()),
        Box::new(Garch::new(GarchKind::Garch)),
        Box::new(Garch::new(GarchKind::Gjr)),
        Box::new(Garch::new(GarchKind::Egarch)),
        Box::new(Har::in_levels()),
        Box::new(Har::default()),
        Box::new(Har::with_leverage()),
        Box::new(Ridge::default()),
    ]
}

/// The days, with those from `origin` on as if another market had come.
fn with_another_future(days: Days<'_>, origin: usize) -> (Vec<f64>, Vec<f64>) {
    let change = |values: &[f64], factor: f64| {
        values
            .iter()
            .enumerate()
            .map(|(day, value)| if day < origin { *value } else { value * factor })
            .collect()
    };
    (change(days.returns(), -3.0), change(days.variances(), 9.0))
}

#[test]
fn no_forecast_reads_a_day_after_its_origin() {
    let market = market(420);
    let days = market.days();
    let origin = 400;
    let (returns, variances) = with_another_future(days, origin);
    let other = Days::new(&returns, &variances).unwrap();
    for model in models() {
        let refits = Refits::Expanding { every: 7 };
        let here = walk(&*model, days, 350..origin + 1, refits).unwrap();
        let there = walk(&*model, other, 350..origin + 1, refits).unwrap();
        assert_eq!(here, there, "{}", model.name());
        let later = |days| walk(&*model, days, 350..origin + 5, refits).unwrap();
        assert_ne!(later(days), later(other), "{} does not read the last days", model.name());
    }
    let model = FilteredHistory::over(Har::default());
    let quantiles =
        |days| quantiles::walk(&model, days, 390..origin + 1, Refits::Once, &[0.05, 0.95]).unwrap();
    assert_eq!(quantiles(days), quantiles(other));
}

#[test]
fn many_threads_forecast_what_one_does() {
    let market = market(500);
    let days = market.days();
    let models = models();
    let forecasts = || -> Vec<Vec<Ahead>> {
        models
            .iter()
            .map(|model| walk(&**model, days, 400..500, Refits::Sliding { every: 50, days: 300 }).unwrap())
            .collect()
    };
    let alone = forecasts();
    thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(forecasts)).collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), alone);
        }
    });
}

#[test]
fn a_forecast_after_the_last_day_is_one_from_its_origin() {
    let market = market(400);
    let days = market.days();
    for model in models() {
        let fitted = model.fit(days.until(300)).unwrap();
        let from_all = fitted.forecasts(days, 350..351).unwrap()[0];
        assert_eq!(forecast(&*fitted, days.until(350)).unwrap(), from_all, "{}", model.name());
        assert_eq!(fitted.forecasts(days, 400..401).unwrap().len(), 1, "{}", model.name());
        assert_eq!(fitted.forecasts(days, 0..0).unwrap(), [] as [Ahead; 0], "{}", model.name());
        let past = fitted.forecasts(days, 400..402).unwrap_err();
        assert!(
            matches!(past, VolatilityError::Origin { origin: 401, days: 400, .. }),
            "{}: {past}",
            model.name()
        );
    }
}

#[test]
fn a_warm_search_ends_where_a_cold_one_does() {
    let market = market(1500);
    let days = market.days();
    for kind in [GarchKind::Garch, GarchKind::Gjr, GarchKind::Egarch] {
        let model = Garch::new(kind);
        let before = model.fit_from(days.until(1000), None).unwrap();
        let cold = model.fit_from(days, None).unwrap().log_likelihood();
        let warm = model.fit_from(days, Some(before.garch_parameters())).unwrap().log_likelihood();
        assert!((cold - warm).abs() < 1e-4, "{}: {cold} cold, {warm} warm", kind.name());
    }
}

#[test]
fn models_come_back_from_their_json() {
    let market = market(400);
    let days = market.days();
    let (har, ridge) = (Har::with_leverage().fit_to(days).unwrap(), Ridge::default().fit_to(days).unwrap());
    let garch = Garch::new(GarchKind::Egarch).fit_from(days, None).unwrap();
    assert_eq!(serde_json::from_str::<FittedHar>(&text(&har)).unwrap(), har);
    assert_eq!(serde_json::from_str::<FittedRidge>(&text(&ridge)).unwrap(), ridge);
    assert_eq!(serde_json::from_str::<FittedGarch>(&text(&garch)).unwrap(), garch);
    // With a weight too few, or a setting that asks for others.
    let fewer = text(&har).replacen("\"leverage\":true", "\"leverage\":false", 1);
    let error = serde_json::from_str::<FittedHar>(&fewer).unwrap_err();
    insta::assert_snapshot!(error, @"the saved model HAR in logs has 6 weights, not 3; was it saved by another version?");
    let mut other: serde_json::Value = serde_json::from_str(&text(&ridge)).unwrap();
    other["horizons"][1]["means"].as_array_mut().unwrap().pop();
    let error = serde_json::from_value::<FittedRidge>(other).unwrap_err();
    insta::assert_snapshot!(error, @"the saved model ridge has 35 weights, not 36; was it saved by another version?");
}

fn text(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("finite numbers")
}

#[test]
fn too_few_days_are_told() {
    let market = market(120);
    let days = market.days().until(90);
    let error = |model: &dyn VarianceModel, days: Days<'_>| match model.fit(days) {
        Ok(_) => panic!("{} was fitted", model.name()),
        Err(error) => error.to_string(),
    };
    insta::assert_snapshot!(error(&Garch::new(GarchKind::Gjr), days), @"GJR-GARCH, t needs at least 100 days, and there are 90");
    insta::assert_snapshot!(error(&Har::default(), days.until(40)), @"HAR in logs needs at least 47 days, and there are 40");
    insta::assert_snapshot!(error(&Ridge::default(), days.until(70)), @"ridge needs at least 80 days, and there are 70");
    let walk = RandomWalk.fit(days).unwrap().forecasts(days, 21..30).unwrap_err();
    insta::assert_snapshot!(walk, @"there is no forecast from origin 21: 22 days must lie before it, and 90 are known");
    let history =
        HistoricalSimulation::default().fit(days).unwrap().quantiles(days, 80..81, &[0.05]).unwrap_err();
    insta::assert_snapshot!(history, @"there is no forecast from origin 80: 250 days must lie before it, and 90 are known");
}

#[test]
fn returns_that_never_change_have_no_likelihood() {
    let (returns, variances) = ([0.01; 200], [1e-4; 200]);
    let days = Days::new(&returns, &variances).unwrap();
    assert!(Garch::new(GarchKind::Garch).fit(days).is_err());
    // A regression on what never changes has no solution; with a penalty it has.
    assert!(Har::default().fit(days).is_err());
    assert!(Ridge::default().fit(days).is_ok());
}

#[test]
fn extreme_returns_end_in_a_forecast_or_an_error() {
    let market = market(300);
    let mut returns = market.days().returns().to_vec();
    let mut variances = market.days().variances().to_vec();
    for (day, r) in [(50, 1e3), (120, -1e6), (200, 1e-300), (250, 5e5)] {
        returns[day] = r;
        variances[day] = r * r + 1e-300;
    }
    let days = Days::new(&returns, &variances).unwrap();
    for model in models() {
        let forecasts = model.fit(days.until(280)).and_then(|fitted| fitted.forecasts(days, 280..301));
        if let Ok(forecasts) = forecasts {
            assert!(forecasts.iter().flatten().all(|v| v.is_finite() && *v > 0.0), "{}", model.name());
        }
    }
}

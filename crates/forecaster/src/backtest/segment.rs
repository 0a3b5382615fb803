//! One segment: all models fitted to the days before it, and what they say of its days.

use burn::tensor::Device;
use recurrent_data::{
    Split,
    prices::{PriceTable, WindowSpec},
};
use recurrent_metrics::risk::crps_of_quantiles;
use recurrent_train::{TrainConfig, Training};
use recurrent_volatility::quantiles::{LEVELS, grid};
use recurrent_volatility::{HORIZONS, realised};
use serde::{Deserialize, Serialize};

use super::plan::Segment;
use super::rows::Rows;
use crate::batches::ShuffledWindows;
use crate::error::Error;
use crate::forecasts::one_step;
use crate::network::Network;
use crate::prices::Prices;
use crate::risk::{
    RiskForecasts, RiskModel, RiskNetwork, RiskPrices, RiskSettings, RiskTraining, TrainingPrices,
};
use crate::settings::ModelSettings;

/// The forecasts of the price, by the names of their columns.
pub(super) const PRICES: [&str; 4] = ["network", "naive", "drift", "ridge"];

/// The network that forecasts the price, and how it learns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PriceModel {
    /// What it reads.
    pub windows: WindowSpec,
    /// Its shape.
    pub model: ModelSettings,
    /// Windows in a batch.
    pub batch_size: usize,
    /// The training.
    pub train: TrainConfig,
}

/// The columns of a backtest.
pub(super) fn names() -> Vec<String> {
    let mut names = vec!["price".to_owned()];
    names.extend(PRICES.map(|name| format!("price_{name}")));
    names.push("return".to_owned());
    names.extend(HORIZONS.map(|horizon| format!("variance_{horizon}")));
    for model in RiskModel::ALL {
        let key = model.key();
        names.extend(HORIZONS.map(|horizon| format!("{key}_{horizon}")));
        names.extend(LEVELS.map(|level| format!("{key}_q{level}")));
        names.push(format!("{key}_crps"));
    }
    names
}

/// What all models say of the days of a segment.
pub(super) fn rows(
    table: &PriceTable,
    prices: &RiskPrices,
    price: &PriceModel,
    (settings, network): (&RiskSettings, &RiskNetwork),
    segment: &Segment,
) -> Result<Rows, Error> {
    let said = price_forecasts(table, price, segment, &network.device)?;
    let risk = risk_rows(prices, settings, network, segment)?;
    let mut rows = Rows::new(names());
    for (place, (origin, risk)) in segment.origins.clone().zip(risk).enumerate() {
        let mut values = vec![prices.close()[origin + 1]];
        values.extend(said.iter().map(|forecasts| forecasts.get(place).copied().unwrap_or(f64::NAN)));
        values.extend(risk);
        rows.push(prices.dates()[origin + 1].to_string(), &values);
    }
    Ok(rows)
}

/// The forecasts of the price by each of [`PRICES`]; of the ridge regression none where windows are too long.
fn price_forecasts(
    table: &PriceTable,
    of: &PriceModel,
    segment: &Segment,
    device: &Device,
) -> Result<[Vec<f64>; PRICES.len()], Error> {
    let mut prices = Prices::new(table, &of.windows, recurrent_data::Fractions::default())?;
    // The window of a day ends with the day before it; day 0 is the second price's.
    let window = |day: usize| (day + 1).saturating_sub(of.windows.window);
    let test = window(segment.origins.start)..window(segment.origins.end);
    prices.split =
        Split { train: window(segment.training.start)..test.start, validation: 0..0, test: test.clone() };
    let network =
        Network::new(&of.model, prices.windows.features(), of.train.seed, &device.clone().autodiff());
    let train = prices.split.train.clone();
    let batches = ShuffledWindows::new(&prices.windows, train.clone(), of.batch_size, of.train.seed);
    let network = Training::new(&of.train, &batches).run(network)?.model;
    let baselines = crate::baselines::Baselines::fit(&prices.raw(train).windows()?)?;
    let raw = prices.raw(test.clone());
    let windows = raw.windows()?;
    let ridge = baselines.ridge(&windows)?.unwrap_or_default();
    Ok([
        one_step(&network, &prices.windows, test),
        baselines.naive(&windows),
        baselines.drift(&windows),
        ridge,
    ])
}

/// The return, the variances that came, and what each model of risk says, of each day.
fn risk_rows(
    prices: &RiskPrices,
    settings: &RiskSettings,
    network: &RiskNetwork,
    segment: &Segment,
) -> Result<Vec<Vec<f64>>, Error> {
    let last = (segment.origins.end + HORIZONS[HORIZONS.len() - 1]).min(prices.close().len());
    let part = prices.part(segment.training.start..last);
    let of = [TrainingPrices { name: String::new(), prices: part, training: segment.training.len() }];
    let training = RiskTraining::new(settings.clone(), &of)?;
    let ensemble = network.learn(&training.lesson)?;
    let judged = training.finish(ensemble)?.judge(0, &of[0].prices)?;

    let (days, first) = (judged.measured.days(), judged.first);
    let truths = HORIZONS.map(|horizon| realised(days, first, horizon));
    let mut rows = Vec::with_capacity(segment.origins.len());
    for place in 0..segment.origins.len() {
        let r = days.returns()[first + place];
        let mut row = vec![r];
        row.extend(truths.iter().map(|truth| truth.get(place).copied().unwrap_or(f64::NAN)));
        for model in RiskModel::ALL {
            let RiskForecasts { ahead, mean, shape } =
                judged.forecasts.get(&model).ok_or(Error::NoNetwork)?;
            let deviation = ahead[place][0].sqrt();
            let quantile = |level: f64| Ok::<_, Error>(mean + deviation * shape.quantile(level)?);
            row.extend(ahead[place]);
            for level in LEVELS {
                row.push(quantile(level)?);
            }
            let all: Vec<f64> = grid().into_iter().map(quantile).collect::<Result<_, _>>()?;
            row.push(crps_of_quantiles(r, &all)?);
        }
        rows.push(row);
    }
    Ok(rows)
}

//! The command line of the price forecaster: its words, their options, what each may be, and which settings it overrides.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use recurrent_data::prices::{Events, Exchange, KnownInputs, PriceError, Reading};
use recurrent_forecaster::backtest::Refit;
use recurrent_forecaster::risk::{IntervalKind, IntervalSpec, MEMBERS, RiskModel, WINDOW};
use recurrent_forecaster::{AHEAD, HIDDEN, LAYERS, Output, Reset, Way};
use recurrent_program::flags::{
    CommonFlags, DataSource, ExportFlags, RunFlags, TrainingFlags, UpdateFlags, set, values,
};
use recurrent_program::{CompareFlags, Origin, RunSettings, Source, WrongUsage, refuse_meaningless};
use recurrent_train::{Watch, Watched};
use serde::de::DeserializeOwned;

use crate::risk::settings::RiskRun;
use crate::settings::{Preset, Settings};

/// The command line: a word with its options, or the options of the whole job.
#[derive(Parser, Clone, Debug)]
#[command(name = "stock-gru", version, about = ABOUT, max_term_width = 100)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
#[command(override_usage = "stock-gru [OPTIONS]\n       stock-gru <COMMAND> [OPTIONS]")]
#[command(after_help = EXAMPLES)]
#[allow(missing_docs)] // what is flattened in has its own
pub struct Flags {
    #[command(subcommand)]
    pub word: Option<Word>,
    #[command(flatten)]
    pub whole: TrainFlags,
}

impl Flags {
    /// What every word takes.
    pub fn common(&self) -> &CommonFlags {
        match &self.word {
            None => &self.whole.common,
            Some(Word::Train(flags)) => &flags.common,
            Some(Word::Evaluate(flags)) => &flags.read.common,
            Some(Word::Plot(flags)) => &flags.common,
            Some(Word::Forecast(flags)) => &flags.common,
            #[cfg(feature = "serve")]
            Some(Word::Serve(flags)) => &flags.common,
            Some(Word::Export(flags)) => &flags.common,
            Some(Word::Compare(flags)) => &flags.common,
            Some(Word::Backtest(flags)) => &flags.common,
            Some(Word::Choose(flags)) => &flags.common,
        }
    }
}

const ABOUT: &str = "Forecasts prices, and how far they will move, with GRU networks. Without a command: trains both, \
                     judges them against honest baselines, draws the plots and writes report.html, all into one run \
                     folder.";

const EXAMPLES: &str = "\
Examples:
  stock-gru                                            train, judge, plot and report
  stock-gru --preset chapter --seed 3 --run runs/3     the chapter's settings, another seed
  stock-gru --preset risk --data prices.csv            how far other prices will move
  stock-gru --preset risk --data a.csv --data b.csv    one network for the risk of several prices
  stock-gru --data prices.csv --window 20 --hidden 64  other prices, a smaller model
  stock-gru --resume runs/3                            go on with a run that was stopped
  stock-gru evaluate --run runs/3 --format json        its figures beside the baselines
  stock-gru backtest --refit year --run runs/back      every day from those before it
  stock-gru forecast --run runs/3 --days 10            the next ten days, with an interval";

/// What the program is asked to do.
#[derive(Subcommand, Clone, Debug)]
pub enum Word {
    /// Train a model and write the run; no plots, no report
    Train(Box<TrainFlags>),
    /// Judge a run's model against the baselines, on any price file
    #[command(after_help = "Example:\n  stock-gru evaluate --run runs/3 --data prices.csv")]
    Evaluate(EvaluateFlags),
    /// Forecast the days, or hours, weeks, months, after the data ends, with an interval
    #[command(after_help = "Example:\n  stock-gru forecast --run runs/3 --days 10 --level 0.8")]
    Forecast(ForecastFlags),
    /// Forecast every day from those before it, with all models fitted anew at fixed dates
    #[command(after_help = "Example:\n  stock-gru backtest --refit year --run runs/back")]
    Backtest(BacktestFlags),
    /// Try settings of the preset `risk` on the years before the test part
    #[command(after_help = "Example:\n  stock-gru choose --window 22,44 --hidden 4,8 --weight-decay 1,3")]
    Choose(ChooseFlags),
    /// Draw a run's plots again
    #[command(after_help = "Example:\n  stock-gru plot --run runs/3")]
    Plot(ReadFlags),
    /// Forecast for others over HTTP, with a page to try it on
    #[cfg(feature = "serve")]
    #[command(after_help = "Example:\n  stock-gru serve --run runs/3 --port 8000")]
    Serve(recurrent_program::ServeFlags),
    /// Write a run's model for ONNX Runtime, PyTorch or Keras, or as a page
    #[command(after_help = "Examples:\n  stock-gru export --run runs/3 --to prices.onnx\n  \
                      stock-gru export --run runs/3 --to prices.safetensors --names keras\n  \
                      stock-gru export --run runs/3 --to prices.html")]
    Export(ExportFlags),
    /// Put runs side by side on one page: curves, settings that differ, figures
    #[command(after_help = "Example:\n  stock-gru compare --run runs/* --to compare.html")]
    Compare(CompareFlags),
}

/// The options of training.
#[derive(Args, Clone, Debug, PartialEq)]
#[allow(missing_docs)] // what is flattened in has its own
pub struct TrainFlags {
    /// best: price and risk, chapter: price, risk: how far it moves; settings that other options override
    #[arg(long, value_name = "NAME", default_value = "best", hide_possible_values = true)]
    #[arg(value_parser = PossibleValuesParser::new(["chapter", "best", "risk"]).try_map(|name| named::<Preset>("a preset")(&name)))]
    #[arg(conflicts_with = "resume", help_heading = "Run")]
    pub preset: Preset,
    #[command(flatten)]
    pub training: TrainingFlags,
    #[command(flatten)]
    pub data: DataFlags,
    #[command(flatten)]
    pub reading: ReadingFlags,
    #[command(flatten)]
    pub model: ModelFlags,
    #[command(flatten)]
    pub updates: UpdateFlags,
    #[command(flatten)]
    pub common: CommonFlags,
}

/// Columns that the model can read beside the price.
const FEATURES: [&str; 4] = ["open", "high", "low", "volume"];

/// Which prices are learnt from. What is absent is taken from the preset.
#[derive(Args, Clone, Debug, Default, PartialEq)]
#[command(next_help_heading = "Data")]
pub struct DataFlags {
    /// Price column to forecast [default: Close]
    #[arg(long, value_name = "NAME", value_parser = values::name, conflicts_with = "resume")]
    pub column: Option<String>,
    /// Further columns to read, of open,high,low,volume [default: none]
    #[arg(long, value_name = "LIST", value_delimiter = ',', hide_possible_values = true)]
    #[arg(value_parser = PossibleValuesParser::new(FEATURES).map(column), conflicts_with = "resume")]
    pub features: Option<Vec<String>>,
    /// Share of the windows, the earliest, to train on [default: 0.7]
    #[arg(long, value_name = "X", value_parser = values::between, conflicts_with = "resume")]
    pub train_fraction: Option<f64>,
    /// Share of those, the latest, held out to choose the best epoch by [default: 0]
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    pub validation_fraction: Option<f64>,
    /// What is known beforehand of the days to come.
    #[command(flatten)]
    pub known: KnownFlags,
}

/// What is known beforehand of the days to come, beside events.
#[derive(Args, Clone, Copy, Debug, Default, PartialEq)]
#[command(next_help_heading = "Data")]
pub struct KnownFlags {
    /// Read the weekday of each next day, and whether it ends its month
    #[arg(long, conflicts_with = "resume")]
    pub calendar_inputs: bool,
}

impl KnownFlags {
    /// What is read of the days to come, with events from a table.
    ///
    /// # Errors
    /// The table cannot be read.
    pub fn read(&self, reading: &ReadingFlags) -> Result<KnownInputs, PriceError> {
        let events = reading.events.as_ref().map(Events::read).transpose()?;
        Ok(KnownInputs { calendar: self.calendar_inputs, events: events.unwrap_or_default() })
    }
}

/// How a price table is read, where it does not say so itself.
#[derive(Args, Clone, Debug, Default, PartialEq)]
#[command(next_help_heading = "Data")]
pub struct ReadingFlags {
    /// Column of dates [default: the one with a usual name]
    #[arg(long, value_name = "NAME", value_parser = values::name)]
    pub date_column: Option<String>,
    /// Form of the dates, as %d/%m/%Y [default: the one that fits every row]
    #[arg(long, value_name = "FORM", value_parser = values::name)]
    pub date_format: Option<String>,
    /// The one to read of several tickers in a table
    #[arg(long, value_name = "NAME", value_parser = values::name)]
    pub ticker: Option<String>,
    /// Holidays: nyse, lse, xetra, euronext, usual or none [default: those that the prices keep]
    #[arg(long, value_name = "NAME")]
    pub calendar: Option<Exchange>,
    /// Table of dates and kinds of events that are known beforehand, to read beside the prices; of a trained
    /// model, other dates of the same kinds
    #[arg(long, value_name = "FILE")]
    pub events: Option<PathBuf>,
}

impl ReadingFlags {
    /// The same as the library takes it.
    pub fn reading(&self) -> Reading {
        let Self { date_column, date_format, ticker, calendar, .. } = self.clone();
        Reading { date_column, date_format, ticker, calendar }
    }
}

/// The hyperparameters. What is absent is taken from the preset.
#[derive(Args, Clone, Debug, Default, PartialEq)]
#[command(next_help_heading = "Model")]
pub struct ModelFlags {
    /// Steps in a window: days, or what the rows are apart [default: 10, risk: 22]
    #[arg(long, value_name = "N", value_parser = values::whole(2..=10_000), conflicts_with = "resume")]
    pub window: Option<usize>,
    /// Units of each GRU layer [best and risk: 4, chapter: 256]
    #[arg(long, value_name = "N", value_parser = values::whole(HIDDEN), conflicts_with = "resume")]
    pub hidden: Option<usize>,
    /// GRU layers [default: 1]
    #[arg(long, value_name = "N", value_parser = values::whole(LAYERS), conflicts_with = "resume")]
    pub layers: Option<usize>,
    /// Reset gate before or after the recurrent product [best: after, chapter: before]
    #[arg(long, value_name = "before|after", value_parser = named::<Reset>("before or after"), conflicts_with = "resume")]
    pub reset: Option<Reset>,
    /// Share of each layer's inputs dropped while training [default: 0]
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    pub dropout: Option<f64>,
    /// Forecast the scaled price itself, or its growth from today's [best: growth, chapter: price]
    #[arg(long, value_name = "price|growth", value_parser = named::<Output>("price or growth"), conflicts_with = "resume")]
    pub output: Option<Output>,
    /// Next days with an output of their own, beside the way that feeds each forecast back [default: 1]
    #[arg(long, value_name = "N", value_parser = values::whole(AHEAD), conflicts_with = "resume")]
    pub ahead: Option<usize>,
    /// Networks that forecast risk together, which differ in their first weights [risk: 8]
    #[arg(long, value_name = "N", value_parser = values::whole(MEMBERS), conflicts_with = "resume")]
    pub members: Option<usize>,
}

/// The options of a word that reads a run.
#[derive(Args, Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct ReadFlags {
    #[command(flatten)]
    pub source: RunFlags,
    #[command(flatten)]
    pub reading: ReadingFlags,
    #[command(flatten)]
    pub common: CommonFlags,
}

/// The options of `evaluate`.
#[derive(Args, Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct EvaluateFlags {
    #[command(flatten)]
    pub read: ReadFlags,
    #[command(flatten)]
    pub intervals: IntervalFlags,
}

/// Where the bounds of intervals come from.
#[derive(Args, Clone, Copy, Debug, PartialEq)]
pub struct IntervalFlags {
    /// Bounds by a model of risk: model: of its own residuals; conformal or adaptive: of how far it was off
    /// on days that it did not learn from [default: model]
    #[arg(long = "intervals", value_name = "NAME", default_value = "model", hide_default_value = true)]
    #[arg(value_parser = named::<IntervalKind>("model, conformal or adaptive"), help_heading = "Intervals")]
    pub kind: IntervalKind,
}

/// The options of `forecast`.
#[derive(Args, Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct ForecastFlags {
    #[command(flatten)]
    pub source: RunFlags,
    #[command(flatten)]
    pub reading: ReadingFlags,
    /// Steps to forecast: days, or what the rows are apart
    #[arg(long, value_name = "N", value_parser = values::whole(1..=1000), default_value = "5")]
    #[arg(help_heading = "Forecast")]
    pub days: usize,
    /// Probability that a day's interval is meant to hold its price
    #[arg(long, value_name = "X", value_parser = values::between, default_value = "0.9")]
    #[arg(help_heading = "Forecast")]
    pub level: f64,
    /// Model of risk that the interval follows: network, ridge, har, har_leverage, gjr, garch, ewma or
    /// random_walk [default: network]
    #[arg(long, value_name = "NAME", value_parser = named::<RiskModel>("a model of risk, such as network, ridge or har"))]
    #[arg(help_heading = "Forecast")]
    pub model: Option<RiskModel>,
    /// How days after the next are forecast: direct, where they have an output of their own, or fed_back
    /// [default: the better one on the validation part, else fed_back]
    #[arg(long, value_name = "NAME", value_parser = named::<Way>("direct or fed_back"), help_heading = "Forecast")]
    pub way: Option<Way>,
    #[command(flatten)]
    pub intervals: IntervalFlags,
    #[command(flatten)]
    pub common: CommonFlags,
}

impl ForecastFlags {
    /// The intervals that are wanted.
    pub fn interval(&self) -> IntervalSpec {
        IntervalSpec { kind: self.intervals.kind, level: self.level }
    }
}

/// The options of `backtest`.
#[derive(Args, Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct BacktestFlags {
    /// Folder to write, new or empty [default: a new one under runs/]
    #[arg(long, value_name = "DIR", conflicts_with = "resume", help_heading = "Run")]
    pub run: Option<PathBuf>,
    /// Backtest to go on with; it keeps its settings
    #[arg(long, value_name = "DIR", value_parser = values::folder(), help_heading = "Run")]
    pub resume: Option<PathBuf>,
    /// Data, or `demo` for generated data [default: datasets/, else demo]
    #[arg(long, value_name = "PATH|demo", help_heading = "Data")]
    pub data: Vec<DataSource>,
    #[command(flatten)]
    pub reading: ReadingFlags,
    #[command(flatten)]
    pub known: KnownFlags,
    /// How often models are fitted anew: year, quarter or month
    #[arg(long, value_name = "NAME", value_parser = named::<Refit>("year, quarter or month"), default_value = "year")]
    #[arg(help_heading = "Backtest", conflicts_with = "resume")]
    pub refit: Refit,
    /// Days before the first refit, at least
    #[arg(long, value_name = "N", value_parser = values::whole(250..=1_000_000), default_value = "1000")]
    #[arg(help_heading = "Backtest", conflicts_with = "resume")]
    pub least: usize,
    /// Fit to the last N days alone [default: to all]
    #[arg(long, value_name = "N", value_parser = values::whole(250..=1_000_000))]
    #[arg(help_heading = "Backtest", conflicts_with = "resume")]
    pub sliding: Option<usize>,
    /// Seed; the same seed gives the same result
    #[arg(long, value_name = "N", value_parser = values::seed, default_value = "42")]
    #[arg(help_heading = "Backtest", conflicts_with = "resume")]
    pub seed: u64,
    #[command(flatten)]
    pub common: CommonFlags,
}

/// The options of `choose`: every combination of what the lists have is tried.
#[derive(Args, Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct ChooseFlags {
    /// Data, or `demo` for generated data [default: datasets/, else demo]
    #[arg(long, value_name = "PATH|demo", help_heading = "Data")]
    pub data: Vec<DataSource>,
    #[command(flatten)]
    pub reading: ReadingFlags,
    /// Days that are read before a forecast
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = values::whole(WINDOW), default_value = "22")]
    #[arg(help_heading = "Settings")]
    pub window: Vec<usize>,
    /// Units of each GRU layer
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = values::whole(HIDDEN), default_value = "4")]
    #[arg(help_heading = "Settings")]
    pub hidden: Vec<usize>,
    /// Networks that forecast together
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = values::whole(MEMBERS), default_value = "8")]
    #[arg(help_heading = "Settings")]
    pub members: Vec<usize>,
    /// Epochs
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = values::whole(1..=10_000), default_value = "20")]
    #[arg(help_heading = "Settings")]
    pub epochs: Vec<usize>,
    /// Learning rates
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = values::positive, default_value = "0.001")]
    #[arg(help_heading = "Settings")]
    pub learning_rate: Vec<f64>,
    /// AdamW's weight decays
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = values::not_negative, default_value = "1")]
    #[arg(help_heading = "Settings")]
    pub weight_decay: Vec<f64>,
    /// Seed; the same seed gives the same result
    #[arg(long, value_name = "N", value_parser = values::seed, default_value = "42", help_heading = "Settings")]
    pub seed: u64,
    #[command(flatten)]
    pub common: CommonFlags,
}

impl TrainFlags {
    /// The settings of a new run on the prices of a source: the preset's, with the other options in place.
    ///
    /// # Errors
    /// An option changes nothing beside the others.
    pub fn settings(&self, source: Source) -> Result<Settings, WrongUsage> {
        let mut settings = Settings::new(self.preset, Origin::new(self.common.backend, source));
        settings.reading = self.reading.reading();
        self.data.override_(&mut settings);
        self.model.override_(&mut settings);
        if settings.fractions.validation > 0.0 {
            settings.train.watch.get_or_insert(Watch::new(Watched::ValidationLoss));
        }
        refuse_meaningless([(
            "--members",
            self.model.members.is_some(),
            "only the preset `risk` has several networks",
        )])?;
        settings.common().override_by(&self.training, &self.updates)?;
        Ok(settings)
    }

    /// Refuses other events where a run goes on.
    ///
    /// # Errors
    /// Some were named.
    pub fn keep_events(&self) -> Result<(), WrongUsage> {
        refuse_meaningless([(
            "--events",
            self.reading.events.is_some(),
            "a run that goes on keeps its events",
        )])
    }

    /// The settings of a new run of the preset `risk` on the prices of a source.
    ///
    /// # Errors
    /// An option changes nothing beside the others.
    pub fn risk_settings(&self, source: Source) -> Result<RiskRun, WrongUsage> {
        let (data, model) = (&self.data, &self.model);
        let reads = "the preset `risk` reads closes, highs and lows";
        refuse_meaningless([
            ("--features", data.features.is_some(), reads),
            (
                "--validation-fraction",
                data.validation_fraction.is_some(),
                "the preset `risk` holds no days out",
            ),
            ("--reset", model.reset.is_some(), "the preset `risk` resets after the recurrent product"),
            ("--output", model.output.is_some(), "the preset `risk` forecasts variances"),
            ("--ahead", model.ahead.is_some(), "the preset `risk` forecasts 1, 5 and 22 days"),
        ])?;
        let mut settings = RiskRun::new(Origin::new(self.common.backend, source));
        settings.reading = self.reading.reading();
        set(&mut settings.windows.target, data.column.clone());
        set(&mut settings.fractions.train, data.train_fraction);
        let ensemble = &mut settings.ensemble;
        set(&mut ensemble.window, model.window);
        set(&mut ensemble.hidden, model.hidden);
        set(&mut ensemble.layers, model.layers);
        set(&mut ensemble.dropout, model.dropout);
        set(&mut ensemble.members, model.members);
        if !WINDOW.contains(&settings.ensemble.window) {
            let (least, most) = (WINDOW.start(), WINDOW.end());
            let text = format!("the preset `risk` reads windows of {least} to {most} days");
            return Err(WrongUsage::Contradiction(text));
        }
        settings.common().override_by(&self.training, &self.updates)?;
        Ok(settings)
    }
}

impl DataFlags {
    fn override_(&self, settings: &mut Settings) {
        set(&mut settings.windows.target, self.column.clone());
        set(&mut settings.windows.features, self.features.clone());
        set(&mut settings.fractions.train, self.train_fraction);
        set(&mut settings.fractions.validation, self.validation_fraction);
    }
}

impl ModelFlags {
    fn override_(&self, settings: &mut Settings) {
        set(&mut settings.windows.window, self.window);
        set(&mut settings.model.hidden, self.hidden);
        set(&mut settings.model.layers, self.layers);
        set(&mut settings.model.reset, self.reset);
        set(&mut settings.model.dropout, self.dropout);
        set(&mut settings.model.output, self.output);
        set(&mut settings.model.ahead, self.ahead);
    }
}

/// A setting by the name that it has in `config.json`.
fn named<T: DeserializeOwned>(expected: &'static str) -> impl Fn(&str) -> Result<T, String> + Clone {
    move |text| serde_json::from_value(text.into()).map_err(|_| format!("expected {expected}"))
}

/// A column as price files name it: with a capital.
fn column(name: String) -> String {
    name[..1].to_uppercase() + &name[1..]
}

//! `backtest`: a rolling origin over a price, with all models side by side.

use recurrent_data::prices::{KnownInputs, Reading};
use recurrent_forecaster::backtest::{Backtest, BacktestSummary, Plan, PriceModel, text};
use recurrent_forecaster::risk::RiskPrices;
use recurrent_program::{Failure, Origin, Screen, Source, Unusable, new_folder, write_json};
use recurrent_train::files::write_whole;
use recurrent_train::{Interrupt, RunFolder, Stopped};
use serde::{Deserialize, Serialize};

use crate::PROGRAM;
use crate::data::{choose, read_with_ranges, tell};
use crate::flags::BacktestFlags;
use crate::risk::settings::RiskRun;
use crate::settings::{Preset, Settings};

/// Everything that a backtest's result follows from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BacktestRun {
    plan: Plan,
    origin: Origin,
    reading: Reading,
    price: PriceModel,
    risk: RiskRun,
}

#[derive(Serialize)]
struct Record {
    program: &'static str,
    origins: String,
    #[serde(flatten)]
    summary: BacktestSummary,
}

/// Runs a new backtest, or goes on with one. Returns how it ended.
///
/// # Errors
/// The prices cannot be read or are too few, a model cannot be fitted, or a file cannot be written.
pub fn backtest(flags: &BacktestFlags, interrupt: &Interrupt, screen: &Screen) -> Result<Stopped, Failure> {
    let (mut settings, run) = match &flags.resume {
        Some(folder) => {
            let (run, mut settings) = RunFolder::resume::<BacktestRun>(folder, PROGRAM)?;
            settings.check(&run)?;
            settings.origin.keep_backend(flags.common.backend)?;
            settings.origin.find_data(&flags.data)?;
            (settings, Some(run))
        }
        None => {
            let known = flags.known.read(&flags.reading)?;
            (BacktestRun::new(flags, choose(&flags.data)?, known), None)
        }
    };
    let source = settings.origin.source.clone();
    let unusable = |reason| Unusable::because(&source, reason);
    let (table, ranges) = read_with_ranges(&source, &settings.price.windows, &settings.reading)?;
    settings.origin.keep_data(table.sha256())?;
    tell(&source, &table, &settings.price.windows.known.events, screen);
    let prices = RiskPrices::new(&table, &settings.price.windows.target, ranges.as_ref())?;
    let segments = settings.plan.segments(prices.dates()).map_err(unusable)?;
    let run = match run {
        Some(run) => run,
        None => RunFolder::create(&new_folder(PROGRAM, flags.run.as_deref())?, PROGRAM, &settings)?,
    };

    let network = settings.risk.network(settings.origin.backend.open()?);
    let (price, risk, segments) = (&settings.price, &settings.risk.forecaster(), &segments[..]);
    let all = Backtest { table: &table, prices: &prices, segments, price, risk, network: &network };
    let done = |from: &str| screen.note(&format!("the days from {from} are done"));
    let Some(rows) = all.run(&run.path().join("segments"), interrupt, done).map_err(unusable)? else {
        screen.note(&format!("stopped; go on with --resume {}", run.path().display()));
        return Ok(Stopped::Interrupted);
    };
    let origins = run.path().join("origins.csv");
    write_whole(&origins, rows.to_csv().as_bytes())?;
    let summary = BacktestSummary::of(&rows).map_err(unusable)?;
    let text = format!("{}: {}\nevery day: {}", source.name(), text(&summary), origins.display());
    let record = Record { program: PROGRAM, origins: origins.display().to_string(), summary };
    write_json(&run.summary_file(), &record)?;
    screen.result(&record, &text)?;
    Ok(Stopped::Epochs)
}

impl BacktestRun {
    fn new(flags: &BacktestFlags, source: Source, known: KnownInputs) -> Self {
        let origin = Origin::new(flags.common.backend, source);
        let mut price = Settings::new(Preset::Best, origin.clone());
        price.train.seed = recurrent_train::Seed(flags.seed);
        price.windows.known = known;
        let risk = RiskRun::beside(&price);
        let Settings { windows, model, batch_size, train, .. } = price;
        let plan = Plan { refit: flags.refit, least: flags.least, sliding: flags.sliding };
        let price = PriceModel { windows, model, batch_size, train };
        Self { plan, origin, reading: flags.reading.reading(), price, risk }
    }

    /// Checks what the command line guards and an edited file does not.
    fn check(&self, run: &RunFolder) -> Result<(), Failure> {
        use recurrent_program::RunSettings;
        let file = run.config_file();
        self.risk.check(&file)?;
        let Self { price, origin, .. } = self;
        let mut settings = Settings::new(Preset::Best, origin.clone());
        settings.model = price.model.clone();
        settings.batch_size = price.batch_size;
        Ok(settings.check(&file)?)
    }
}

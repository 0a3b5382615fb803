//! Where the prices come from, and what is said of them.

use std::path::Path;

use recurrent_data::{
    Fractions,
    prices::{DEMO_DAYS, PriceError, PriceTable, WindowSpec, demo, read_csv},
};
use recurrent_forecaster::Prices;
use recurrent_program::{Screen, Source, Unusable, flags::DataSource};

/// The demo series is the same in every run.
const DEMO_SEED: u64 = 1;

/// What the command line asks for: see [`Source::choose`].
///
/// # Errors
/// The current folder is gone.
pub fn choose(asked: Option<&DataSource>) -> std::io::Result<Source> {
    Source::choose(asked, &Path::new("datasets").join("^DJI.csv"))
}

/// Reads the prices of a source.
///
/// # Errors
/// The file cannot be read or holds something other than prices.
pub fn read(source: &Source, spec: &WindowSpec) -> Result<PriceTable, PriceError> {
    match source {
        Source::Demo => Ok(demo(DEMO_SEED, DEMO_DAYS)),
        Source::Path(path) => read_csv(path, &spec.columns()),
    }
}

/// Says which prices are used, loudly where they are generated, and what was changed on reading.
pub fn tell(source: &Source, table: &PriceTable, screen: &Screen) {
    let (first, last) = (table.dates()[0], table.dates()[table.len() - 1]);
    screen.note(&match source {
        Source::Demo => format!(
            "DEMO DATA: {} generated days, no real prices; fetch those with `cargo xtask fetch-data --only prices`",
            table.len()
        ),
        Source::Path(path) => format!("{}: {} days, {first} to {last}", path.display(), table.len()),
    });
    table.notes().iter().for_each(|note| screen.note(&format!("note: {note}")));
}

/// Cuts the prices of a source into windows and parts.
///
/// # Errors
/// They are too few, or a setting is out of its range.
pub fn cut(
    source: &Source,
    table: &PriceTable,
    spec: &WindowSpec,
    fractions: Fractions,
) -> Result<Prices, Unusable> {
    Prices::new(table, spec, fractions).map_err(|reason| Unusable::because(source, reason))
}

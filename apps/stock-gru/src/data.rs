//! Where the prices come from, and what is said of them.

use std::path::Path;

use recurrent_data::prices::{
    self, ColumnFault, DEMO_DAYS, Events, FileFault, LineFault, MAX_FILE_BYTES, NamedPrices, Note,
    PriceError, PriceTable, Reading, WindowSpec, demo, read_all, read_from,
};
use recurrent_forecaster::risk::RANGE;
use recurrent_program::{Advised, Failure, OriginError, Screen, Source, flags::DataSource, standard_input};

/// The demo series is the same in every run.
const DEMO_SEED: u64 = 1;

/// What the command line asks for: see [`Source::choose`].
///
/// # Errors
/// The current folder is gone.
pub fn choose(asked: &[DataSource]) -> std::io::Result<Source> {
    Source::choose(asked, &Path::new("datasets").join("^DJI.csv"))
}

/// Reads the prices of a source.
///
/// # Errors
/// The file cannot be read or holds something other than prices, or several were named.
pub fn read(source: &Source, spec: &WindowSpec, reading: &Reading) -> Result<PriceTable, Failure> {
    let columns = spec.columns();
    let read = match source {
        Source::Demo => return Ok(demo(DEMO_SEED, DEMO_DAYS)),
        Source::Stdin => read_from(std::io::stdin().lock(), source.name(), &columns, reading),
        Source::Path(path) => prices::read(path, &columns, reading),
        Source::Paths(paths) => {
            let remedy = "`--preset risk`, whose network learns from several prices";
            return Err(Advised::new(OriginError::Several(paths.len()), remedy).into());
        }
    };
    read.map_err(|error| advised(error, spec))
}

/// Reads the prices of a source, and its highs and lows where it has them and they are those of the price: an adjusted close
/// has none.
///
/// # Errors
/// As [`read`].
pub fn read_with_ranges(
    source: &Source,
    spec: &WindowSpec,
    reading: &Reading,
) -> Result<(PriceTable, Option<PriceTable>), Failure> {
    let (table, bytes) = match source {
        Source::Stdin => {
            let bytes = standard_input(MAX_FILE_BYTES)?;
            let table = read_from(&bytes[..], source.name(), &spec.columns(), reading);
            (table.map_err(|error| advised(error, spec))?, bytes)
        }
        _ => (read(source, spec, reading)?, Vec::new()),
    };
    let columns = [&spec.target, RANGE[0], RANGE[1]];
    let ranges = match source {
        _ if !spec.target.eq_ignore_ascii_case("close") => None,
        Source::Demo => Some(table.clone()),
        Source::Stdin => read_from(&bytes[..], source.name(), &columns, reading).ok(),
        Source::Path(path) => prices::read(path, &columns, reading).ok(),
        Source::Paths(_) => None,
    };
    Ok((table, ranges))
}

/// Reads the prices of every name that a source holds, with highs and lows as [`read_with_ranges`] does; at least one name.
///
/// # Errors
/// As [`read`].
pub fn read_several(
    source: &Source,
    spec: &WindowSpec,
    reading: &Reading,
) -> Result<Vec<NamedPrices>, Failure> {
    if matches!(source, Source::Demo | Source::Stdin) {
        let (table, further) = read_with_ranges(source, spec, reading)?;
        return Ok(vec![NamedPrices { name: source.name(), table, further }]);
    }
    let has_ranges = spec.target.eq_ignore_ascii_case("close");
    let mut all =
        read_all(source.paths(), &spec.columns(), &RANGE, reading).map_err(|error| advised(error, spec))?;
    if !has_ranges {
        all.iter_mut().for_each(|prices| prices.further = None);
    }
    Ok(all)
}

/// Says which prices are used, loudly where they are generated, what was changed on reading, and where events end before them.
pub fn tell(source: &Source, table: &PriceTable, events: &Events, screen: &Screen) {
    screen.note(&match source {
        Source::Demo => format!(
            "DEMO DATA: {} generated days, no real prices; fetch those with `cargo xtask fetch-data --only prices`",
            table.len()
        ),
        _ => format!("{}: {table}", source.place()),
    });
    for note in table.notes() {
        screen.note(&match note {
            Note::Jump { adjusted: Some(name), .. } => format!("note: {note} with `--column \"{name}\"`"),
            note => format!("note: {note}"),
        });
    }
    if let Some(doubt) = events.doubt(table) {
        screen.note(&format!("note: {doubt}; name a later table with `--events`"));
    }
}

/// Names the option that mends a fault of a table.
fn advised(error: PriceError, spec: &WindowSpec) -> Failure {
    let options = match &error {
        PriceError::File { fault: FileFault::Tickers { .. } | FileFault::NoTicker { .. }, .. } => {
            "`--ticker NAME` for one of them".to_owned()
        }
        PriceError::File { fault: FileFault::NoDates { .. }, .. } => {
            "`--date-column NAME` for the column of dates".to_owned()
        }
        PriceError::File { fault: FileFault::Column(ColumnFault::Missing { wanted, .. }), .. }
            if *wanted == spec.target =>
        {
            "another file, or train with `--column NAME` for another column".to_owned()
        }
        PriceError::Line {
            fault: LineFault::AmbiguousDate { readings: [(_, one), (_, two)], .. }, ..
        } => {
            format!("`--date-format {one}` or `--date-format {two}`")
        }
        PriceError::Line { fault: LineFault::Date(_) | LineFault::DateFormat { .. }, .. } => {
            "`--date-format FORM`, such as %d/%m/%Y, or `--date-column NAME`".to_owned()
        }
        _ => return error.into(),
    };
    Advised::new(error, options).into()
}

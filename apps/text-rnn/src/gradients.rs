//! `gradients`: the vanishing gradient made visible, for each kind of cell on the same text.

use std::path::PathBuf;

use recurrent_cells::Activation;
use recurrent_data::text::{ReadSpec, Text};
use recurrent_language_model::CellKind;
use recurrent_language_model::gradients::{Measured, Norms, chart, summary, table};
use recurrent_program::{
    Failure, Screen, Source, Unusable, WrongUsage, new_folder, refuse_meaningless, write_charts,
};
use recurrent_train::{
    Error,
    files::{create_folder, write_whole},
};
use serde::Serialize;

use crate::PROGRAM;
use crate::data::{FETCHED, corpus, tell};
use crate::flags::GradientFlags;

#[derive(Serialize)]
struct Gradients {
    program: &'static str,
    data: String,
    #[serde(flatten)]
    measured: Measured,
    cells: Vec<Norms>,
    csv: PathBuf,
    plot: PathBuf,
}

/// Measures, draws and prints.
///
/// # Errors
/// The text cannot be read, is too short, or a file cannot be written.
pub fn gradients(flags: &GradientFlags, screen: &Screen) -> Result<(), Failure> {
    let kinds = kinds(flags)?;
    let source = Source::choose(&flags.data, FETCHED.as_ref())?;
    let mut read = ReadSpec::default();
    flags.reading.apply(&mut read, &source)?;
    let text = Text::new(corpus(&source, read)?)?;
    tell(&source, &text, screen);
    let GradientFlags { seed, hidden, window, batch_size, steps, .. } = *flags;
    let activation = flags.activation.unwrap_or(Activation::Tanh);
    let measured = Measured { seed, hidden, activation, window, steps_trained: steps, batch_size };
    if let Some(folder) = flags.run.as_deref().filter(|folder| folder.join("config.json").exists()) {
        return Err(Error::invalid(folder, "is a run's folder; name another with `--run`").into());
    }
    let device = flags.common.backend.unwrap_or_default().open()?.autodiff();
    let told = |cell: &str| screen.note(&format!("{cell}: {hidden} units, {steps} steps of training"));
    let short = |fault| Failure::from(Unusable::because(&source, fault));
    let cells = measured.of(&kinds, &text, &device, |cell| told(cell.name()), short)?;
    let folder = new_folder(&format!("{PROGRAM}-gradients"), flags.run.as_deref())?;
    create_folder(&folder)?;
    let (csv, plot) = (folder.join("gradients.csv"), folder.join("gradients.svg"));
    write_whole(&csv, table(&cells).as_bytes())?;
    write_charts(&folder, &[("gradients", &chart(&cells))])?;
    let words = format!("{}\n{}\n{}\n", summary(&cells), csv.display(), plot.display());
    let data = source.name();
    screen.result(&Gradients { program: PROGRAM, data, measured, cells, csv, plot }, &words)
}

/// The kinds of cell to compare, each once.
fn kinds(flags: &GradientFlags) -> Result<Vec<CellKind>, WrongUsage> {
    let kinds = CellKind::each_once(flags.cells.as_deref().unwrap_or(&CellKind::ALL));
    let reason = "no cell is vanilla; it is for `--cells vanilla`";
    let meaningless = flags.activation.is_some() && !kinds.contains(&CellKind::Vanilla);
    refuse_meaningless([("--activation", meaningless, reason)])?;
    Ok(kinds)
}

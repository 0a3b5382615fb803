//! `gradients`: the vanishing gradient made visible, for each kind of cell on the same text.

use std::path::PathBuf;

use recurrent_cells::Activation;
use recurrent_data::text::{ReadSpec, Text, Windows};
use recurrent_language_model::gradients::{Norms, chart, norms, summary, table, trained};
use recurrent_language_model::{BatchSettings, CellKind, Feed, NetworkSettings, Seed, TextBatches};
use recurrent_program::{
    Failure, Screen, Unusable, WrongUsage, new_folder, refuse_meaningless, write_charts,
};
use recurrent_train::{
    Error,
    files::{create_folder, write_whole},
};
use serde::Serialize;

use crate::PROGRAM;
use crate::data::{choose, corpus, tell};
use crate::flags::GradientFlags;

#[derive(Serialize)]
struct Gradients {
    program: &'static str,
    data: String,
    seed: u64,
    hidden: usize,
    activation: Activation,
    window: usize,
    steps_trained: u64,
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
    let source = choose(flags.data.as_ref())?;
    let text = Text::new(corpus(&source, ReadSpec::default())?)?;
    tell(&source, &text, screen);
    let unusable = |fault| Unusable::because(&source, fault);
    let GradientFlags { hidden, window, batch_size, steps, .. } = *flags;
    let (seed, activation) = (Seed(flags.seed), flags.activation.unwrap_or(Activation::Tanh));
    let windows = Windows::new(text.ids(), window).map_err(unusable)?;
    let batches = BatchSettings { feed: Feed::Windows, window, batch_size, restarts: 0.0 };
    let batches = TextBatches::new(text.ids(), text.vocabulary(), batches, seed).map_err(unusable)?;
    let device = flags.common.backend.unwrap_or_default().open()?.autodiff();
    let folder = new_folder(&format!("{PROGRAM}-gradients"), flags.run.as_deref())?;
    if folder.join("config.json").exists() {
        return Err(Error::invalid(&folder, "is a run's folder; name another with `--run`").into());
    }
    create_folder(&folder)?;
    let mut cells = Vec::new();
    for cell in kinds {
        screen.note(&format!("{}: {hidden} units, {steps} steps of training", cell.name()));
        let settings = NetworkSettings { activation, ..NetworkSettings::new(cell, hidden, 1) };
        let network = trained(&settings, &text, &batches, steps, seed, &device)?;
        cells.push(Norms { cell, norms: norms(&network, &windows, batch_size) });
    }
    let (csv, plot) = (folder.join("gradients.csv"), folder.join("gradients.svg"));
    write_whole(&csv, table(&cells).as_bytes())?;
    write_charts(&folder, &[("gradients", &chart(&cells))])?;
    let words = format!("{}\n{}\n{}\n", summary(&cells), csv.display(), plot.display());
    let record = Gradients {
        program: PROGRAM,
        data: source.name(),
        seed: flags.seed,
        hidden,
        activation,
        window,
        steps_trained: steps,
        cells,
        csv,
        plot,
    };
    screen.result(&record, &words)
}

/// The kinds of cell to compare, each once.
fn kinds(flags: &GradientFlags) -> Result<Vec<CellKind>, WrongUsage> {
    let mut kinds = Vec::new();
    for cell in flags.cells.as_deref().unwrap_or(&CellKind::ALL) {
        if !kinds.contains(cell) {
            kinds.push(*cell);
        }
    }
    let reason = "no cell is vanilla; it is for `--cells vanilla`".to_owned();
    let meaningless = flags.activation.is_some() && !kinds.contains(&CellKind::Vanilla);
    refuse_meaningless([("--activation", meaningless, reason)])?;
    Ok(kinds)
}

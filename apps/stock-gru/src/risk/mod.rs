//! Runs of the preset `risk`, which forecast how far a price will move: by themselves, or in the folder `risk` of a run that
//! forecasts the price.

pub mod choose;
pub mod evaluate;
pub mod forecast;
pub mod report;
pub mod saved;
pub mod settings;
pub mod several;
pub mod summary;
pub mod train;

use std::path::{Path, PathBuf};

use recurrent_program::WrongUsage;
use recurrent_train::RunFolder;
use serde::Deserialize;

use crate::settings::Preset;

/// The folder of the risk run within that of a run that forecasts the price.
pub fn folder(run: &Path) -> PathBuf {
    run.join("risk")
}

/// Whether a run's folder, or a model file, is of the preset `risk`. What cannot be read is for others to complain about.
pub fn is_of_risk(run: &Path) -> bool {
    #[derive(Deserialize)]
    struct Of {
        preset: Preset,
    }
    if run.is_dir() {
        RunFolder::read::<Of>(run).is_ok_and(|(_, of)| of.preset == Preset::Risk)
    } else {
        recurrent_forecaster::risk::is_model_file(run)
    }
}

/// An option of risk, beside a run that has no model of it.
pub fn no_model(option: &'static str) -> WrongUsage {
    let reason =
        "there is no model of risk for these prices; train one with the preset `best` or `risk`".to_owned();
    WrongUsage::Meaningless { option, reason }
}

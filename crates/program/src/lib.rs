#![doc = include_str!("../README.md")]

mod advice;
mod begin;
mod cache;
mod compare;
mod complaint;
mod crew;
mod export;
pub mod flags;
mod folder;
mod input;
mod interrupt;
mod launch;
mod leave;
mod memory;
mod origin;
mod output;
mod record;
mod screen;
#[cfg(feature = "serve")]
mod serve;
mod source;
mod trained;
mod usage;
mod watching;

pub use advice::Advised;
pub use begin::{CommonSettings, RunSettings, begin_run, open_run, resume_run};
pub use cache::cache_folder;
pub use compare::{CompareFlags, compare};
pub use complaint::complain;
pub use crew::{Apart, Crew, Unlike, together};
pub use export::{write_export, write_standalone};
pub use folder::{NoRoom, new_folder};
pub use input::{InputError, standard_input};
pub use interrupt::stop_on_ctrl_c;
pub use launch::launch;
pub use leave::{write_charts, write_json, write_page, write_plots, write_summary};
pub use memory::peak_memory_bytes;
pub use origin::{Origin, OriginError};
pub use record::{Extent, RunRecord, update_facts};
pub use recurrent_train::{OutOfRange, Unfit, check_between, check_fraction, check_range};
pub use screen::{Notes, Screen, Stream, Unshown, show};
#[cfg(feature = "serve")]
pub use serve::{ServeFlags, serve};
pub use source::{DataRecord, Source, Unusable};
pub use trained::Trained;
pub use usage::{WrongUsage, refuse_fallen_rate, refuse_meaningless};
pub use watching::Watching;

/// Any reason for a program to fail; [`complain`] prints it.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

#![doc = include_str!("../README.md")]

mod begin;
mod complaint;
pub mod flags;
mod folder;
mod launch;
mod memory;
mod origin;
mod range;
mod record;
mod screen;
mod source;
mod usage;

pub use begin::{CommonSettings, RunSettings, begin_run, open_run, resume_run};
pub use complaint::complain;
pub use folder::{NoRoom, new_folder};
pub use launch::{launch, stop_on_ctrl_c};
pub use memory::peak_memory_bytes;
pub use origin::{Origin, OriginError};
pub use range::{OutOfRange, Unfit, check_between, check_fraction, check_range};
pub use record::{Extent, RunRecord};
pub use screen::{Notes, Screen, Unshown, show};
pub use source::{Source, Unusable};
pub use usage::{WrongUsage, refuse_fallen_rate, refuse_meaningless};

/// Keeps what a training step frees for the next one, where that of the system gives large buffers back and asks for them anew.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Any reason for a program to fail; [`complain`] prints it.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

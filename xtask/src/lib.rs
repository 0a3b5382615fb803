//! The project's own tasks: `fetch-data`, `bench`, `ci` and `lines`.
//!
//! A library beside the program, so that integration tests can run a task against a server and a catalogue
//! of their own. Invariant: xtask depends neither on Burn nor on Polars, so that a fresh clone fetches its data
//! after seconds of building, not minutes.

pub mod bench;
pub mod cargo;
pub mod ci;
pub mod fetch;
pub mod flags;
pub mod lines;
pub mod outside;
pub mod report;

//! What the program prints: notes on standard error, the result on standard output.
#![allow(clippy::print_stdout, clippy::print_stderr)] // the one place of the program that prints

use std::io::{self, Write};

use serde::Serialize;

use crate::flags::{CommonFlags, Format};

/// How results and notes are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// For people, with notes.
    Text,
    /// For people, results only.
    Quiet,
    /// One line of JSON on standard output; notes, unless quiet, on standard error.
    Json {
        /// Whether notes are left out.
        quiet: bool,
    },
}

impl Screen {
    /// What the options ask for.
    pub fn new(flags: &CommonFlags) -> Self {
        match (flags.format, flags.quiet) {
            (Format::Json, quiet) => Self::Json { quiet },
            (Format::Text, true) => Self::Quiet,
            (Format::Text, false) => Self::Text,
        }
    }

    /// Says something on the way, where notes are wanted.
    pub fn note(&self, text: &str) {
        if matches!(self, Self::Text | Self::Json { quiet: false }) {
            eprintln!("{text}");
        }
    }

    /// Prints the result: `value` as a line of JSON, or `text`.
    ///
    /// # Errors
    /// Standard output is closed.
    pub fn result(&self, value: &impl Serialize, text: &str) -> Result<(), crate::Failure> {
        let mut out = io::stdout().lock();
        match self {
            Self::Json { .. } => writeln!(out, "{}", serde_json::to_string(value)?)?,
            Self::Text | Self::Quiet => writeln!(out, "{}", text.trim_end())?,
        }
        Ok(())
    }
}

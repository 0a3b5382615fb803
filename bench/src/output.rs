//! Prints a record, for people or as a line of JSON.

use clap::ValueEnum;
use serde::Serialize;

/// How a record is printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
}

/// Prints a record.
#[allow(clippy::print_stdout)] // the record is this program's output
pub(crate) fn print(record: &impl Serialize, format: Format) -> Result<(), Box<dyn std::error::Error>> {
    let value = serde_json::to_value(record)?;
    match (format, value.as_object()) {
        (Format::Text, Some(fields)) => {
            for (name, value) in fields {
                println!("{name:20} {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned));
            }
        }
        _ => println!("{value}"),
    }
    Ok(())
}

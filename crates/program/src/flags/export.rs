//! The options of `export`, the same in every program.

use std::path::PathBuf;

use clap::builder::{PathBufValueParser, TypedValueParser};
use clap::{Args, ValueEnum};
use recurrent_exchange::Form;

use super::{CommonFlags, values};
use crate::WrongUsage;

/// The options of `export`.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct ExportFlags {
    /// Folder of the run, or its model.safetensors
    #[arg(long, value_name = "RUN", value_parser = values::run(), help_heading = "Run")]
    pub run: PathBuf,
    /// File to write: NAME.onnx for ONNX Runtime, NAME.safetensors for PyTorch or Keras
    #[arg(long, value_name = "FILE", value_parser = target(), help_heading = "File")]
    pub to: PathBuf,
    /// Whose names the weights of a .safetensors file have: pytorch or keras [default: pytorch]
    #[arg(long, value_name = "NAME", value_enum, hide_possible_values = true, help_heading = "File")]
    pub names: Option<Names>,
    /// What every word takes.
    #[command(flatten)]
    pub common: CommonFlags,
}

/// Whose names weights have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "lowercase")]
pub enum Names {
    /// Those of PyTorch's modules.
    PyTorch,
    /// The paths of Keras's variables.
    Keras,
}

impl ExportFlags {
    /// What is written.
    ///
    /// # Errors
    /// Names are asked for, and the file is one of ONNX.
    pub fn form(&self) -> Result<Form, WrongUsage> {
        match (ending(&self.to), self.names) {
            (Some("onnx"), Some(_)) => {
                let reason = "a graph of ONNX has no names of a framework; write to a file that ends with .safetensors";
                Err(WrongUsage::Meaningless { option: "--names", reason: reason.to_owned() })
            }
            (Some("onnx"), None) => Ok(Form::Onnx),
            (_, Some(Names::Keras)) => Ok(Form::Keras),
            (_, _) => Ok(Form::PyTorch),
        }
    }
}

/// The endings of the files that can be written.
const ENDINGS: [&str; 2] = ["onnx", "safetensors"];

fn target() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| match ending(&path) {
        Some(ending) if ENDINGS.contains(&ending) => Ok(path),
        _ => Err("expected a name that ends with .onnx or .safetensors"),
    })
}

fn ending(path: &std::path::Path) -> Option<&str> {
    path.extension().and_then(|ending| ending.to_str())
}

//! The options of `export`, the same in every program.

use std::path::{Path, PathBuf};

use clap::builder::{PathBufValueParser, TypedValueParser};
use clap::{Args, ValueEnum};
use recurrent_exchange::Form;

use super::{CommonFlags, values};
use crate::{WrongUsage, refuse_meaningless};

/// The options of `export`.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct ExportFlags {
    /// Folder of the run, or its model.safetensors
    #[arg(long, value_name = "RUN", value_parser = values::run(), help_heading = "Run")]
    pub run: PathBuf,
    /// File to write: NAME.onnx for ONNX Runtime, NAME.safetensors for PyTorch or Keras, NAME.html for a page that needs no server
    #[arg(long, value_name = "FILE", value_parser = target(), help_heading = "File")]
    pub to: PathBuf,
    /// Whose names the weights of a .safetensors file have: pytorch or keras [default: pytorch]
    #[arg(long, value_name = "NAME", value_enum, hide_possible_values = true, help_heading = "File")]
    pub names: Option<Names>,
    /// npm package onnxruntime-web, packed or unpacked, for a page [default: datasets/onnxruntime-web.tgz]
    #[arg(long, value_name = "PATH", help_heading = "File")]
    pub runtime: Option<PathBuf>,
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

/// What a model is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportedAs {
    /// A file of another framework.
    Model(Form),
    /// A page that answers by itself.
    Page,
}

impl ExportFlags {
    /// What is written.
    ///
    /// # Errors
    /// Names are asked for, and the file is none of weights; or a runtime, and it is no page.
    pub fn exported_as(&self) -> Result<ExportedAs, WrongUsage> {
        let target = match (ending(&self.to), self.names) {
            (Some("html"), _) => ExportedAs::Page,
            (Some("onnx"), _) => ExportedAs::Model(Form::Onnx),
            (_, Some(Names::Keras)) => ExportedAs::Model(Form::Keras),
            (_, _) => ExportedAs::Model(Form::PyTorch),
        };
        let has_no_names = match target {
            ExportedAs::Page => "a page",
            _ => "a graph of ONNX",
        };
        let is_named = matches!(target, ExportedAs::Model(Form::PyTorch | Form::Keras));
        let names = format!(
            "{has_no_names} has no names of a framework; write to a file that ends with .safetensors"
        );
        let runtime = "only a page has a runtime in it; write to a file that ends with .html".to_owned();
        refuse_meaningless([
            ("--names", self.names.is_some() && !is_named, names),
            ("--runtime", self.runtime.is_some() && target != ExportedAs::Page, runtime),
        ])?;
        Ok(target)
    }

    /// Where ONNX Runtime Web is: where it was said to be, or where it is fetched to.
    pub(crate) fn runtime(&self) -> &Path {
        self.runtime.as_deref().unwrap_or(Path::new("datasets/onnxruntime-web.tgz"))
    }
}

/// The endings of the files that can be written.
const ENDINGS: [&str; 3] = ["onnx", "safetensors", "html"];

fn target() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| match ending(&path) {
        Some(ending) if ENDINGS.contains(&ending) => Ok(path),
        _ => Err("expected a name that ends with .onnx, .safetensors or .html"),
    })
}

fn ending(path: &Path) -> Option<&str> {
    path.extension().and_then(|ending| ending.to_str())
}

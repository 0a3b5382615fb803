//! Says what a file of PyTorch, Keras or ONNX holds, and writes its recurrent layers for another framework:
//!
//! ```text
//! cargo run -p recurrent-exchange --example convert -- model.pt
//! cargo run -p recurrent-exchange --example convert -- model.keras layers.onnx
//! cargo run -p recurrent-exchange --example convert -- model.onnx layers.safetensors encoder.lstm
//! ```
//!
//! Without a file it writes one, and reads that.
#![allow(clippy::print_stdout)] // an example shows its result

use std::{env, error::Error, path::Path};

use recurrent_backend::{BackendKind, Seed};
use recurrent_cells::{Cell, RecurrentConfig, StackConfig};
use recurrent_exchange::{Axis, ForeignFile, Layers, OnnxGraph, StateDict, States, Told};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let Some(from) = arguments.next() else { return demonstrate() };
    let (to, name) = (arguments.next(), arguments.next().unwrap_or_default());
    let file = ForeignFile::open(&from)?;
    println!("{from} ({:?})", file.format());
    for (name, shape) in file.tensors() {
        println!("  {name} {shape:?}");
    }
    let found = file.layers(&name, &Told::default())?;
    for layer in &found.layers {
        println!("{layer}");
    }
    if let Some(to) = to {
        write(&found, to.as_ref())?;
        println!("written to {to}");
    }
    Ok(())
}

/// Writes layers as ONNX, or else as PyTorch's state dict.
fn write(layers: &Layers, path: &Path) -> Result<(), recurrent_exchange::Error> {
    if path.extension().is_some_and(|ending| ending == "onnx") {
        let mut graph = OnnxGraph::new("layers");
        let x = graph.features("x", layers.d_input());
        let recurred = graph.layers("rnn", &x, layers, States::Zero, None)?;
        let width = Axis::Of(layers.d_output());
        graph.output("steps", &recurred.steps, &[Axis::Any("batch"), Axis::Any("time"), width.clone()]);
        graph.output("last", &recurred.last, &[Axis::Any("batch"), width]);
        return graph.write(path);
    }
    let mut weights = StateDict::pytorch();
    weights.layers("rnn", layers)?;
    weights.write(path)
}

/// Two layers of an LSTM, by way of both files.
fn demonstrate() -> Result<(), Box<dyn Error>> {
    let device = BackendKind::Flex.open()?;
    let lstm = StackConfig::new(RecurrentConfig::new(Cell::Lstm, 4, 6), 2).init(Seed(1), &device);
    let folder = tempfile::tempdir()?;
    for name in ["layers.onnx", "layers.safetensors"] {
        let path = folder.path().join(name);
        write(&Layers::from(&lstm), &path)?;
        let loaded = recurrent_exchange::load_stack(&path, "rnn", &device)?;
        println!("{name}:");
        for layer in &loaded.found.layers {
            println!("  {layer}");
        }
    }
    Ok(())
}

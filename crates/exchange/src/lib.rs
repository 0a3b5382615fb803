#![doc = include_str!("../README.md")]

mod any_layer;
mod dense;
mod error;
mod file;
mod keras;
mod layer;
mod names;
mod onnx;
mod read;
mod state_dict;
mod stored;
mod told;
mod write;

pub use any_layer::{AnyLayer, AnyState};
pub use dense::{Embedding, Linear};
pub use error::Error;
pub use file::{ForeignFile, Format, Loaded, load_stack};
pub use layer::{Gives, Layer, Layers};
pub use told::{OtherActivations, Told};
pub use write::{
    Attribute, Axis, Exported, Form, Number, OnnxGraph, Pool, Recurred, StateDict, States, Value,
};

//! What TensorBoard's page HPARAMS reads: the settings that a run began with, and that it has ended.
//!
//! There is no message of an experiment. TensorBoard takes one from the first run that has it, and would show no
//! setting of another kind of run beside it; without one it puts together what all runs say.

use std::collections::BTreeMap;

use prost::{Enumeration, Message, Oneof};

use super::event::Value;
use crate::run::settings::Setting;

const PLUGIN: &str = "hparams";

/// Longer texts are no settings that somebody chose: a vocabulary, learnt numbers. They would be columns that nobody
/// can read.
const LONGEST: usize = 80;

#[derive(Clone, PartialEq, Message)]
pub(super) struct PluginData {
    #[prost(int32, tag = "1")]
    version: i32,
    #[prost(oneof = "Data", tags = "3, 4")]
    pub(super) data: Option<Data>,
}

#[derive(Clone, PartialEq, Oneof)]
pub(super) enum Data {
    #[prost(message, tag = "3")]
    Start(SessionStart),
    #[prost(message, tag = "4")]
    End(SessionEnd),
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct SessionStart {
    #[prost(btree_map = "string, message", tag = "1")]
    pub(super) hparams: BTreeMap<String, Parameter>,
    #[prost(double, tag = "5")]
    pub(super) start_time: f64,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct SessionEnd {
    #[prost(enumeration = "Status", tag = "1")]
    pub(super) status: i32,
    #[prost(double, tag = "2")]
    pub(super) end_time: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Enumeration)]
#[repr(i32)]
pub(super) enum Status {
    Unknown = 0,
    Success = 1,
}

/// `google.protobuf.Value`.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Parameter {
    #[prost(oneof = "Kind", tags = "2, 3, 4")]
    pub(super) kind: Option<Kind>,
}

#[derive(Clone, PartialEq, Oneof)]
pub(super) enum Kind {
    #[prost(double, tag = "2")]
    Number(f64),
    #[prost(string, tag = "3")]
    Text(String),
    #[prost(bool, tag = "4")]
    Switch(bool),
}

/// What a run of these settings begins with.
pub(super) fn start(start_time: f64, settings: &BTreeMap<String, Setting>) -> Value {
    let hparams = settings.iter().filter_map(|(name, setting)| {
        let kind = match setting {
            Setting::Switch(is_on) => Kind::Switch(*is_on),
            Setting::Number(number) => Kind::Number(*number),
            Setting::Text(text) if text.len() <= LONGEST => Kind::Text(text.clone()),
            Setting::Text(_) => return None,
        };
        Some((name.clone(), Parameter { kind: Some(kind) }))
    });
    let start = SessionStart { hparams: hparams.collect(), start_time };
    value("_hparams_/session_start_info", Data::Start(start))
}

/// What a run ends with.
pub(super) fn end(end_time: f64) -> Value {
    let end = SessionEnd { status: Status::Success.into(), end_time };
    value("_hparams_/session_end_info", Data::End(end))
}

fn value(tag: &str, data: Data) -> Value {
    Value::message(tag, PLUGIN, PluginData { version: 0, data: Some(data) }.encode_to_vec())
}

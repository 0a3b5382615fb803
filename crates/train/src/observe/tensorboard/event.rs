//! The few protobuf messages of an event file that a scalar needs, with the field numbers of TensorFlow's
//! `event.proto` and `summary.proto`.

use prost::{Enumeration, Message, Oneof};

/// The file format that a file's first event names.
const FILE_VERSION: &str = "brain.Event:2";

#[derive(Clone, PartialEq, Message)]
pub(super) struct Event {
    /// Seconds since 1970.
    #[prost(double, tag = "1")]
    pub(super) wall_time: f64,
    #[prost(int64, tag = "2")]
    pub(super) step: i64,
    #[prost(oneof = "What", tags = "3, 5, 7")]
    pub(super) what: Option<What>,
}

#[derive(Clone, PartialEq, Oneof)]
pub(super) enum What {
    #[prost(string, tag = "3")]
    FileVersion(String),
    #[prost(message, tag = "5")]
    Summary(Summary),
    #[prost(message, tag = "7")]
    SessionLog(SessionLog),
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Summary {
    #[prost(message, repeated, tag = "1")]
    pub(super) value: Vec<Value>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Value {
    #[prost(string, tag = "1")]
    pub(super) tag: String,
    /// Optional, so that a value of zero is written too.
    #[prost(float, optional, tag = "2")]
    pub(super) simple_value: Option<f32>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct SessionLog {
    #[prost(enumeration = "SessionStatus", tag = "1")]
    pub(super) status: i32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Enumeration)]
#[repr(i32)]
pub(super) enum SessionStatus {
    Unspecified = 0,
    Start = 1,
}

impl Event {
    /// The event that every file opens with.
    pub(super) fn version(wall_time: f64) -> Self {
        Self { wall_time, step: 0, what: Some(What::FileVersion(FILE_VERSION.to_owned())) }
    }

    /// The event after which a reader drops all that it has read from `step` on.
    pub(super) fn restart(wall_time: f64, step: i64) -> Self {
        let log = SessionLog { status: SessionStatus::Start.into() };
        Self { wall_time, step, what: Some(What::SessionLog(log)) }
    }

    /// Figures of one step, each under its tag.
    pub(super) fn scalars<T: Into<String>>(wall_time: f64, step: u64, scalars: Vec<(T, f64)>) -> Self {
        let value = |(tag, value): (T, f64)| Value { tag: tag.into(), simple_value: Some(value as f32) };
        let summary = Summary { value: scalars.into_iter().map(value).collect() };
        Self { wall_time, step: i64::try_from(step).unwrap_or(i64::MAX), what: Some(What::Summary(summary)) }
    }
}

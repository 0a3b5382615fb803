//! The few protobuf messages of an event file, with the field numbers of TensorFlow's `event.proto`, `summary.proto`
//! and `tensor.proto`. What the pages HPARAMS and Graphs read is in `hparams` and `graph`.

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
    #[prost(oneof = "What", tags = "3, 4, 5, 7")]
    pub(super) what: Option<What>,
}

#[derive(Clone, PartialEq, Oneof)]
pub(super) enum What {
    #[prost(string, tag = "3")]
    FileVersion(String),
    /// A graph, as bytes.
    #[prost(bytes = "vec", tag = "4")]
    Graph(Vec<u8>),
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
    #[prost(message, optional, tag = "8")]
    pub(super) tensor: Option<TensorProto>,
    /// Which page shows the tensor.
    #[prost(message, optional, tag = "9")]
    pub(super) metadata: Option<Metadata>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct TensorProto {
    #[prost(enumeration = "DataType", tag = "1")]
    pub(super) dtype: i32,
    #[prost(message, optional, tag = "2")]
    pub(super) shape: Option<Shape>,
    /// Numbers, little-endian.
    #[prost(bytes = "vec", tag = "4")]
    pub(super) content: Vec<u8>,
    #[prost(bytes = "vec", repeated, tag = "8")]
    pub(super) strings: Vec<Vec<u8>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Enumeration)]
#[repr(i32)]
pub(super) enum DataType {
    Invalid = 0,
    Float = 1,
    Double = 2,
    String = 7,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Shape {
    #[prost(message, repeated, tag = "2")]
    pub(super) dim: Vec<Dim>,
    #[prost(bool, tag = "3")]
    pub(super) unknown_rank: bool,
}

#[derive(Clone, Copy, PartialEq, Message)]
pub(super) struct Dim {
    /// -1 where it is not known.
    #[prost(int64, tag = "1")]
    pub(super) size: i64,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Metadata {
    #[prost(message, optional, tag = "1")]
    pub(super) plugin: Option<Plugin>,
    #[prost(enumeration = "DataClass", tag = "4")]
    pub(super) class: i32,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Plugin {
    #[prost(string, tag = "1")]
    pub(super) name: String,
    /// A message of the plugin's own; that of most is empty.
    #[prost(bytes = "vec", tag = "2")]
    pub(super) content: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Enumeration)]
#[repr(i32)]
pub(super) enum DataClass {
    Unknown = 0,
    Tensor = 2,
    Blobs = 3,
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

    /// What one step has to show.
    pub(super) fn summary(wall_time: f64, step: u64, value: Vec<Value>) -> Self {
        let step = i64::try_from(step).unwrap_or(i64::MAX);
        Self { wall_time, step, what: Some(What::Summary(Summary { value })) }
    }
}

impl Value {
    /// A figure.
    pub(super) fn scalar(tag: impl Into<String>, value: f64) -> Self {
        Self { tag: tag.into(), simple_value: Some(value as f32), ..Self::default() }
    }

    /// A text in Markdown.
    pub(super) fn text(tag: impl Into<String>, markdown: String) -> Self {
        let text = TensorProto::strings(&[], vec![markdown.into_bytes()]);
        Self::shown(tag, text, DataClass::Tensor, "text", Vec::new())
    }

    /// How often numbers lie in each of some buckets: rows of left end, right end and count.
    pub(super) fn histogram(tag: impl Into<String>, buckets: &[[f64; 3]]) -> Self {
        let table = TensorProto {
            dtype: DataType::Double.into(),
            shape: Some(Shape::of(&[buckets.len() as i64, 3])),
            content: buckets.as_flattened().iter().flat_map(|number| number.to_le_bytes()).collect(),
            strings: Vec::new(),
        };
        Self::shown(tag, table, DataClass::Tensor, "histograms", Vec::new())
    }

    /// A picture in the bytes of a PNG file.
    pub(super) fn image(tag: impl Into<String>, (width, height): (u32, u32), png: &[u8]) -> Self {
        let sizes = [width, height].map(|size| size.to_string().into_bytes());
        let strings = sizes.into_iter().chain([png.to_vec()]).collect();
        let picture = TensorProto::strings(&[3], strings);
        Self::shown(tag, picture, DataClass::Blobs, "images", Vec::new())
    }

    /// What a page of TensorBoard's reads from its own message, and from no number.
    pub(super) fn message(tag: impl Into<String>, plugin: &str, content: Vec<u8>) -> Self {
        let nothing = TensorProto {
            dtype: DataType::Float.into(),
            shape: Some(Shape::of(&[0])),
            ..TensorProto::default()
        };
        Self::shown(tag, nothing, DataClass::Tensor, plugin, content)
    }

    fn shown(
        tag: impl Into<String>,
        tensor: TensorProto,
        class: DataClass,
        plugin: &str,
        content: Vec<u8>,
    ) -> Self {
        let plugin = Plugin { name: plugin.to_owned(), content };
        let metadata = Metadata { plugin: Some(plugin), class: class.into() };
        Self { tag: tag.into(), simple_value: None, tensor: Some(tensor), metadata: Some(metadata) }
    }
}

impl TensorProto {
    fn strings(shape: &[i64], strings: Vec<Vec<u8>>) -> Self {
        Self { dtype: DataType::String.into(), shape: Some(Shape::of(shape)), strings, ..Self::default() }
    }
}

impl Shape {
    /// A shape, with -1 for what is not known.
    pub(super) fn of(sizes: &[i64]) -> Self {
        Self { dim: sizes.iter().map(|size| Dim { size: *size }).collect(), unknown_rank: false }
    }

    /// A shape of which nothing is known.
    pub(super) fn unknown() -> Self {
        Self { dim: Vec::new(), unknown_rank: true }
    }
}

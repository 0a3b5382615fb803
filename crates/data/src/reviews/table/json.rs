//! JSON, one object a line, parsed by `serde_json`: a line at a time, so that a message can name it.

use serde_json::{Map, Value};

use super::{Columns, Fault, RowFault, Rows, column, listed, shortened};

/// Reads the rows of a file of JSON lines. Blank lines are passed over.
pub(super) fn read(bytes: &[u8], columns: &Columns, rows: &mut Rows<'_>) -> Result<(), Fault> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    for (i, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let number = i + 1;
        let fault = |fault| Fault::Row(number, fault);
        let line = std::str::from_utf8(line)
            .map_err(|error| fault(RowFault::NotUtf8 { byte: error.valid_up_to() + 1 }))?;
        if line.trim().is_empty() {
            continue;
        }
        let mut object: Map<String, Value> =
            serde_json::from_str(line).map_err(|error| fault(RowFault::Json(reason(&error))))?;
        let names: Vec<&str> = object.keys().map(String::as_str).collect();
        let text_name = field(&names, "text", &columns.text).map_err(fault)?.to_owned();
        let label_name = field(&names, "label", &columns.label).map_err(fault)?.to_owned();
        let label = object.get(&label_name).cloned().unwrap_or(Value::Null);
        let text = object.remove(&text_name).unwrap_or(Value::Null);
        let text = match text {
            Value::String(text) => Some(text),
            Value::Null => None,
            other => return Err(fault(RowFault::Text(shortened(&other.to_string())))),
        };
        let label = match label {
            Value::String(name) => Some(name),
            Value::Null => None,
            other => Some(other.to_string()),
        };
        rows.push(number, text, label.as_deref())?;
    }
    Ok(())
}

/// The field that `wanted` names, of those that an object has.
fn field<'a>(names: &[&'a str], role: &'static str, wanted: &str) -> Result<&'a str, RowFault> {
    column(names, role, wanted).map_err(|_| RowFault::NoField {
        role,
        wanted: wanted.to_owned(),
        fields: listed(names),
    })
}

/// What the parser says, without its own count of lines, which is 1 for each.
fn reason(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column ", " at column ")
}

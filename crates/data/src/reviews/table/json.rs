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
        let text = take(&mut object, "text", &columns.text).map_err(fault)?;
        let label = take(&mut object, "label", &columns.label).map_err(fault)?;
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

/// Takes a field out of an object.
fn take(object: &mut Map<String, Value>, role: &'static str, wanted: &str) -> Result<Value, RowFault> {
    let names: Vec<&str> = object.keys().map(String::as_str).collect();
    let found = column(&names, role, wanted).map(str::to_owned).map_err(|_| RowFault::NoField {
        role,
        wanted: wanted.to_owned(),
        fields: listed(&names),
    })?;
    Ok(object.remove(&found).unwrap_or(Value::Null))
}

/// What the parser says, without its own count of lines, which is 1 for each.
fn reason(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column ", " at column ")
}

//! JSON, parsed by `serde_json`: an array of objects, or an object a line, of which a message can name the line.

use std::{borrow::Cow, fmt};

use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::{
    Columns, Fault, LOOKED_AT, RowFault, Rows,
    columns::{Profile, choose},
    shortened, unreadable,
};
use crate::reviews::RowUnit;

type Object = Map<String, Value>;

/// Reads the rows of JSON. Blank lines are passed over.
pub(super) fn read(text: &str, columns: &Columns, rows: &mut Rows) -> Result<(), Fault> {
    let is_array = text.trim_start().starts_with('[');
    rows.unit = if is_array { RowUnit::Row } else { RowUnit::Line };
    let mut first: Vec<Object> = Vec::new();
    each(text, is_array, LOOKED_AT, |_, object| {
        first.push(object);
        Ok(())
    })?;
    let mut names: Vec<&str> = first.iter().flat_map(|object| object.keys().map(String::as_str)).collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return Err(unreadable("JSON", "there is no object in it; expected one review after the other"));
    }
    let profile = || Ok::<_, Fault>(profiles(&first, &names));
    let chosen = choose(&names, columns, rows.labels_as.as_ref(), profile)?.checked(&names)?;
    rows.read_from(&chosen, &names);
    let text_name = names[chosen.text];
    each(text, is_array, usize::MAX, |place, mut object| {
        let value = |column: usize| match object.get(names[column]) {
            Some(value) => Ok(label_of(value)?.map(Cow::Owned)),
            None => Ok(None),
        };
        let label = chosen.cell(&names, value).map_err(|fault| Fault::Row(place, fault))?;
        let text = match object.remove(text_name) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text),
            Some(other) => {
                return Err(Fault::Row(place, RowFault::Text(shortened(&other.to_string()))));
            }
        };
        rows.push(place, text, label)
    })
}

fn label_of(value: &Value) -> Result<Option<String>, RowFault> {
    Ok(match value {
        Value::Null => None,
        Value::String(name) => Some(name.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Array(items)
            if items.iter().all(|item| !item.is_array() && !item.is_object() && !item.is_null()) =>
        {
            Some(value.to_string())
        }
        Value::Array(_) | Value::Object(_) => return Err(RowFault::Nested(shortened(&value.to_string()))),
    })
}

fn profiles(objects: &[Object], names: &[&str]) -> Vec<Profile> {
    let mut profiles = vec![Profile::default(); names.len()];
    for object in objects {
        for (name, profile) in names.iter().zip(&mut profiles) {
            let value = object.get(*name).map(label_of);
            profile.add(value.and_then(Result::ok).flatten().as_deref().unwrap_or_default());
        }
    }
    profiles
}

/// Calls `act` with the first `most` objects, each with its row or line.
fn each(
    text: &str,
    is_array: bool,
    most: usize,
    mut act: impl FnMut(usize, Object) -> Result<(), Fault>,
) -> Result<(), Fault> {
    if is_array {
        return each_of_array(text, most, act);
    }
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()).take(most) {
        let object =
            serde_json::from_str(line).map_err(|error| Fault::Row(number, RowFault::Json(reason(&error))))?;
        act(number, object)?;
    }
    Ok(())
}

/// The same of an array, of which one object at a time is in memory.
fn each_of_array(
    text: &str,
    most: usize,
    act: impl FnMut(usize, Object) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut elements = Elements { most, act, fault: None, done: false };
    let read = serde_json::Deserializer::from_str(text).deserialize_seq(&mut elements);
    match (read, elements.fault, elements.done) {
        (_, Some(fault), _) => Err(fault),
        (Err(error), None, false) => Err(unreadable("JSON", error)),
        _ => Ok(()),
    }
}

struct Elements<A> {
    most: usize,
    act: A,
    fault: Option<Fault>,
    /// Whether as many as were asked for have been read.
    done: bool,
}

impl<'de, A: FnMut(usize, Object) -> Result<(), Fault>> Visitor<'de> for &mut Elements<A> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array of objects")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut elements: S) -> Result<(), S::Error> {
        let mut row = 0;
        while let Some(object) = elements.next_element()? {
            row += 1;
            if let Err(fault) = (self.act)(row, object) {
                self.fault = Some(fault);
                return Err(S::Error::custom("a row cannot be used"));
            }
            if row == self.most {
                self.done = true;
                break;
            }
        }
        Ok(())
    }
}

/// What the parser says, without its own count of lines, which is 1 for each.
fn reason(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column ", " at column ")
}

//! JSON, parsed by `serde_json`: an array of objects, or an object a line, of which a message can name the line.

use std::{borrow::Cow, collections::HashMap, fmt, marker::PhantomData};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
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
    each(text, is_array, LOOKED_AT, PhantomData::<Object>, |_, object| {
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
    // Of a field that is not asked for, nothing is made: neither its name nor its value.
    let (mut asked, mut places) = (vec![chosen.text], vec![0; names.len()]);
    for place in chosen.label_places() {
        places[place] = asked.len();
        asked.push(place);
    }
    let fields = Fields { places: &asked.iter().map(|place| names[*place]).zip(0..).collect() };
    each(text, is_array, usize::MAX, fields, |row, mut values| {
        let value = |column: usize| match &values[places[column]] {
            Some(value) => Ok(label_of(value)?.map(Cow::Owned)),
            None => Ok(None),
        };
        let label = chosen.cell(&names, value).map_err(|fault| Fault::Row(row, fault))?;
        let text = match values[0].take() {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text),
            Some(other) => {
                return Err(Fault::Row(row, RowFault::Text(shortened(&other.to_string()))));
            }
        };
        rows.push(row, text, label)
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

/// Some fields of an object, by name; the others are passed over.
#[derive(Clone, Copy)]
struct Fields<'a> {
    places: &'a HashMap<&'a str, usize>,
}

impl<'de> DeserializeSeed<'de> for Fields<'_> {
    /// What the object has for each.
    type Value = Vec<Option<Value>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Fields<'_> {
    type Value = Vec<Option<Value>>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a map")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut values = vec![None; self.places.len()];
        while let Some(place) = map.next_key_seed(Name(self.places))? {
            match place {
                Some(place) => values[place] = Some(map.next_value()?),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(values)
    }
}

/// The name of a field, of which the place is found and no copy made.
struct Name<'a>(&'a HashMap<&'a str, usize>);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = Option<usize>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Option<usize>, E> {
        Ok(self.0.get(name).copied())
    }
}

/// Calls `act` with what `seed` makes of the first `most` objects, each with its row or line.
fn each<'t, S: DeserializeSeed<'t> + Copy>(
    text: &'t str,
    is_array: bool,
    most: usize,
    seed: S,
    mut act: impl FnMut(usize, S::Value) -> Result<(), Fault>,
) -> Result<(), Fault> {
    if is_array {
        return each_of_array(text, most, seed, act);
    }
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()).take(most) {
        let mut line = serde_json::Deserializer::from_str(line);
        let object = seed.deserialize(&mut line).and_then(|object| line.end().map(|()| object));
        act(number, object.map_err(|error| Fault::Row(number, RowFault::Json(reason(&error))))?)?;
    }
    Ok(())
}

/// The same of an array, of which one object at a time is in memory.
fn each_of_array<'t, S: DeserializeSeed<'t> + Copy>(
    text: &'t str,
    most: usize,
    seed: S,
    act: impl FnMut(usize, S::Value) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut elements = Elements { most, seed, act, fault: None, done: false };
    let read = serde_json::Deserializer::from_str(text).deserialize_seq(&mut elements);
    match (read, elements.fault, elements.done) {
        (_, Some(fault), _) => Err(fault),
        (Err(error), None, false) => Err(unreadable("JSON", error)),
        _ => Ok(()),
    }
}

struct Elements<S, A> {
    most: usize,
    seed: S,
    act: A,
    fault: Option<Fault>,
    /// Whether as many as were asked for have been read.
    done: bool,
}

impl<'de, S, A> Visitor<'de> for &mut Elements<S, A>
where
    S: DeserializeSeed<'de> + Copy,
    A: FnMut(usize, S::Value) -> Result<(), Fault>,
{
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array of objects")
    }

    fn visit_seq<Q: SeqAccess<'de>>(self, mut elements: Q) -> Result<(), Q::Error> {
        let mut row = 0;
        while let Some(object) = elements.next_element_seed(self.seed)? {
            row += 1;
            if let Err(fault) = (self.act)(row, object) {
                self.fault = Some(fault);
                return Err(Q::Error::custom("a row cannot be used"));
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

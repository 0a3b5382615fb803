//! Which characters another framework's model knows: said by a file of JSON, by the model's metadata, or by a file beside it.

use std::path::Path;

use recurrent_data::text::Vocabulary;
use recurrent_exchange::ForeignFile;
use recurrent_train::files::read_limited;
use serde_json::Value;

use super::{ForeignFault, beside};
use crate::error::Error;

/// A vocabulary of all characters that there are takes a tenth of this.
const MOST_BYTES: u64 = 16 << 20;

/// The vocabulary that belongs to a file.
pub(super) fn find(path: &Path, file: &ForeignFile, asked: Option<&Path>) -> Result<Vocabulary, Error> {
    let of = |path: &Path, text: &str| {
        of_json(text).map_err(|problem| Error::Foreign {
            file: path.to_owned(),
            fault: ForeignFault::Vocabulary(problem),
        })
    };
    let by_file = |path: &Path| {
        let bytes = read_limited(path, MOST_BYTES)?;
        of(path, &String::from_utf8_lossy(&bytes))
    };
    let sidecar = beside(path, "vocabulary.json");
    match (asked, file.metadata().get("tokens")) {
        (Some(asked), _) => by_file(asked),
        (None, Some(said)) => of(path, said),
        (None, None) if sidecar.is_file() => by_file(&sidecar),
        (None, None) => Err(Error::Foreign { file: path.to_owned(), fault: ForeignFault::NoVocabulary }),
    }
}

/// A list of characters, one text of them, or an object of characters and their places, the other way round too.
fn of_json(text: &str) -> Result<Vocabulary, String> {
    let characters = match serde_json::from_str(text).map_err(|error| format!("it is no JSON ({error})"))? {
        Value::String(text) => text.chars().collect(),
        Value::Array(list) => list.iter().map(character).collect::<Result<Vec<_>, _>>()?,
        Value::Object(map) => in_places(&map)?,
        other => return Err(format!("found {other}")),
    };
    Vocabulary::new(characters).map_err(|fault| fault.to_string())
}

fn character(value: &Value) -> Result<char, String> {
    let text = value.as_str().ok_or_else(|| format!("found {value} for a character"))?;
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(character), None) => Ok(character),
        _ => Err(format!("found {value} for a character; words and subwords are not taken")),
    }
}

/// The characters of an object, in the order of their places, which are all from 0 on.
fn in_places(map: &serde_json::Map<String, Value>) -> Result<Vec<char>, String> {
    let mut characters = vec![None; map.len()];
    for (key, value) in map {
        let (character, place) = match value {
            Value::String(_) => (character(value)?, key.parse().ok()),
            _ => (character(&Value::from(key.as_str()))?, value.as_u64()),
        };
        let place = place.and_then(|place| characters.get_mut(place as usize));
        let free = place.filter(|place| place.is_none());
        *free.ok_or_else(|| {
            format!("found {key:?}: {value}, expected each place from 0 to {} once", map.len() - 1)
        })? = Some(character);
    }
    Ok(characters.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_people_write_is_read() {
        for text in [
            r#"["b", "a", "\n"]"#,
            r#""ba\n""#,
            r#"{"a": 1, "b": 0, "\n": 2}"#,
            r#"{"1": "a", "0": "b", "2": "\n"}"#,
        ] {
            assert_eq!(of_json(text).unwrap().characters(), ['b', 'a', '\n'], "{text}");
        }
    }

    #[test]
    fn what_is_no_vocabulary_is_told() {
        let said = |text: &str| of_json(text).unwrap_err();
        assert!(said("[").starts_with("it is no JSON"));
        assert_eq!(said("3"), "found 3");
        assert_eq!(said("[1, 2]"), "found 1 for a character");
        assert_eq!(
            said(r#"["a", "the"]"#),
            "found \"the\" for a character; words and subwords are not taken"
        );
        assert_eq!(said(r#"{"a": 0, "b": 2}"#), "found \"b\": 2, expected each place from 0 to 1 once");
        assert_eq!(said(r#"{"a": 0, "b": 0}"#), "found \"b\": 0, expected each place from 0 to 1 once");
        assert!(said(r#"["a", "a"]"#).contains('a'));
    }
}

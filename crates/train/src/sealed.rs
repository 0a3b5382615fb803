//! JSON files that know whether they are whole: a checksum of the text stands in the text itself, computed
//! with zeros in its place.

use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::Error;
use crate::files::{read_limited, sha256_hex, write_whole};

/// Only the outermost object is indented by two spaces, and line ends inside strings are escaped, so this
/// occurs once.
const SEAL: &str = "\n  \"seal\": \"";
const DIGITS: usize = 64;

/// Writes a value, which must serialise as an object, with its checksum; whole or not at all.
pub(crate) fn write(path: &Path, value: &impl Serialize) -> Result<(), Error> {
    let text = seal(value).map_err(|problem| Error::invalid(path, problem))?;
    write_whole(path, text.as_bytes())
}

/// Reads a value back. `remedy` ends the message about a file that is not as it was written.
pub(crate) fn read<T: DeserializeOwned>(path: &Path, limit: u64, remedy: &str) -> Result<T, Error> {
    let bytes = read_limited(path, limit)?;
    open(&bytes).map_err(|problem| Error::invalid(path, format!("{problem}; {remedy}")))
}

fn seal(value: &impl Serialize) -> Result<String, String> {
    let mut value = serde_json::to_value(value).map_err(|error| error.to_string())?;
    let fields = value.as_object_mut().ok_or("is not written as an object")?;
    fields.insert("seal".to_owned(), Value::String("0".repeat(DIGITS)));
    let text = serde_json::to_string_pretty(&value).map_err(|error| error.to_string())? + "\n";
    let (start, _, end) = parts(&text).ok_or("has no place for its checksum")?;
    Ok(format!("{start}{}{end}", sha256_hex(text.as_bytes())))
}

fn open<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "is damaged: it is no text")?;
    let (start, found, end) = parts(text).ok_or("is damaged or cut short: its checksum is missing")?;
    let expected = sha256_hex(format!("{start}{}{end}", "0".repeat(DIGITS)).as_bytes());
    if found != expected {
        return Err(format!(
            "was changed after it was written: its checksum is {}…, expected {}…",
            found.chars().take(8).collect::<String>(),
            &expected[..8]
        ));
    }
    serde_json::from_str(text).map_err(|error| format!("does not hold what is expected: {error}"))
}

/// Splits a text before and after its checksum.
fn parts(text: &str) -> Option<(&str, &str, &str)> {
    let at = text.find(SEAL)? + SEAL.len();
    let seal = text.get(at..at + DIGITS)?;
    Some((&text[..at], seal, &text[at + DIGITS..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn value() -> BTreeMap<String, Value> {
        let tricky = Value::from("\n  \"seal\": \"x\"");
        BTreeMap::from([
            ("loss".to_owned(), Value::from(0.1 + 0.2)),
            ("nested".to_owned(), serde_json::json!({ "seal": "inner" })),
            ("text".to_owned(), tricky),
        ])
    }

    #[test]
    fn a_sealed_value_comes_back() {
        let text = seal(&value()).unwrap();
        let mut again: BTreeMap<String, Value> = open(text.as_bytes()).unwrap();
        assert_eq!(again.remove("seal").unwrap().as_str().unwrap().len(), DIGITS);
        assert_eq!(again, value());
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_found() {
        let text = seal(&value()).unwrap();
        for at in 0..text.len() {
            for bit in 0..8 {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                assert!(open::<BTreeMap<String, Value>>(&bytes).is_err(), "byte {at}, bit {bit}");
            }
            assert!(open::<BTreeMap<String, Value>>(&text.as_bytes()[..at]).is_err(), "cut at {at}");
        }
    }
}

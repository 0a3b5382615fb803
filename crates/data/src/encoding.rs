//! Texts of other encodings than UTF-8, by `encoding_rs`, and which one it may be, by `chardetng`.

use std::{
    borrow::Cow,
    fmt,
    str::{FromStr, from_utf8},
};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use serde::{Deserialize, Serialize};

/// What the bytes of a text stand for, by the names of the Encoding Standard, such as `windows-1252`, which `latin1` means too.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Encoding(&'static encoding_rs::Encoding);

impl Encoding {
    /// The encoding of this name, in any case of letters.
    pub fn of(name: &str) -> Option<Self> {
        let found = encoding_rs::Encoding::for_label(name.as_bytes())?;
        (found != encoding_rs::REPLACEMENT).then_some(Self(found))
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// UTF-16 without a mark, where half of the bytes, and every other one, is 0, as in a text of Latin letters.
    #[cfg(feature = "text")]
    pub(crate) fn of_zeros(bytes: &[u8]) -> Option<Self> {
        let (pairs, _) = bytes.as_chunks::<2>();
        let mostly = |zero: usize| {
            let fits = pairs.iter().filter(|pair| pair[zero] == 0 && pair[1 - zero] != 0).count();
            pairs.len() > 1 && fits * 10 >= pairs.len() * 9
        };
        match (mostly(1), mostly(0)) {
            (true, _) => Some(Self(encoding_rs::UTF_16LE)),
            (_, true) => Some(Self(encoding_rs::UTF_16BE)),
            _ => None,
        }
    }

    /// What some bytes, which are not UTF-8, are most likely to be.
    fn likely(bytes: &[u8]) -> Self {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(bytes, true);
        Self(detector.guess(None, Utf8Detection::Deny))
    }
}

/// The name.
impl fmt::Display for Encoding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl fmt::Debug for Encoding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl From<Encoding> for String {
    fn from(encoding: Encoding) -> Self {
        encoding.to_string()
    }
}

impl TryFrom<String> for Encoding {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        name.parse()
    }
}

impl FromStr for Encoding {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::of(name).ok_or_else(|| {
            format!("`{name}` is not a known encoding; choose one such as windows-1252 or utf-16le")
        })
    }
}

/// Bytes that are no text of the encoding that they were taken for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "line {line}: {}not {taken_for}{}",
    byte.map_or_else(|| "the bytes are ".to_owned(), |byte| format!("byte {byte:#04x} is ")),
    likely.map_or_else(String::new, |likely| format!("; the text is likely to be {likely}"))
)]
pub struct NotText {
    /// What they were taken for.
    pub taken_for: Encoding,
    /// The line of the first wrong byte, from 1.
    pub line: usize,
    /// The byte, where it is known.
    pub byte: Option<u8>,
    /// What they are more likely to be.
    pub likely: Option<Encoding>,
}

/// The text of some bytes, without a byte order mark, which decides where it is there.
pub(crate) fn decoded(bytes: &[u8], encoding: Option<Encoding>) -> Result<Cow<'_, str>, NotText> {
    let marked = encoding_rs::Encoding::for_bom(bytes);
    let (encoding, bytes) = match marked {
        Some((found, mark)) => (Encoding(found), &bytes[mark..]),
        None => (encoding.unwrap_or(Encoding(encoding_rs::UTF_8)), bytes),
    };
    if encoding.0 == encoding_rs::UTF_8 {
        return from_utf8(bytes).map(Cow::Borrowed).map_err(|error| not_utf8(bytes, error.valid_up_to()));
    }
    match encoding.0.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok(text),
        None => {
            // A mark is believed, so that to name another encoding would not help.
            let likely = if marked.is_some() { None } else { likely(bytes, 0) };
            Err(NotText { taken_for: encoding, line: wrong_line(encoding, bytes), byte: None, likely })
        }
    }
}

/// The line of the first bytes that are not of an encoding.
fn wrong_line(encoding: Encoding, bytes: &[u8]) -> usize {
    let mut decoder = encoding.0.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(3 * bytes.len() + 16);
    let _ = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    1 + text.bytes().filter(|byte| *byte == b'\n').count()
}

fn not_utf8(bytes: &[u8], offset: usize) -> NotText {
    let line = 1 + bytes[..offset].iter().filter(|byte| **byte == b'\n').count();
    NotText {
        taken_for: Encoding(encoding_rs::UTF_8),
        line,
        byte: bytes.get(offset).copied(),
        likely: likely(bytes, offset),
    }
}

/// What bytes are most likely to be, by those around the first wrong one and after it.
fn likely(bytes: &[u8], wrong: usize) -> Option<Encoding> {
    const BEFORE: usize = 1 << 12;
    const AFTER: usize = 1 << 20;
    let looked_at = &bytes[wrong.saturating_sub(BEFORE)..bytes.len().min(wrong + AFTER)];
    // A text of letters and these bytes alone is none.
    let is_text = !looked_at.contains(&0);
    is_text.then(|| Encoding::likely(looked_at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likely_encoding_is_named() {
        for (bytes, name) in [
            (&b"it\x92s a film, isn\x92t it"[..], "windows-1252"),
            (b"un tr\xe8s beau film, \xe0 voir et \xe0 revoir en famille", "windows-1252"),
            (b"a film\nabout a caf\xe9 in the old town", "windows-1252"),
            ("Очень хороший фильм, смотреть всем".as_bytes(), "UTF-8"),
        ] {
            match decoded(bytes, None) {
                Ok(text) => assert_eq!((from_utf8(bytes), name), (Ok(&*text), "UTF-8")),
                Err(fault) => assert_eq!(fault.likely.unwrap().to_string(), name),
            }
        }
        let (russian, ..) = encoding_rs::WINDOWS_1251.encode("Очень хороший фильм, смотреть всем");
        assert_eq!(decoded(&russian, None).unwrap_err().likely.unwrap().to_string(), "windows-1251");
    }

    #[test]
    fn a_byte_order_mark_decides() {
        let utf_16: Vec<u8> = "\u{feff}größe".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decoded(&utf_16, None).unwrap(), "größe");
        assert_eq!(decoded("\u{feff}größe".as_bytes(), Encoding::of("latin1")).unwrap(), "größe");
        assert_eq!(decoded(b"gr\xf6\xdfe", Encoding::of("Latin1")).unwrap(), "größe");
    }
}

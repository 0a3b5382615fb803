//! Bytes of a file as characters: UTF-8 or an error that says where it is not, and universal newlines.

use std::str::Utf8Error;

use super::{Encoding, FileFault, files::is_utf_16};
use crate::encoding::decoded;

/// The characters of a file, with LF line ends. A byte-order mark of UTF-8 decides, and stays as a character.
pub(super) fn decode(mut bytes: Vec<u8>, encoding: Option<Encoding>) -> Result<String, FileFault> {
    let is_other = encoding.is_some_and(|encoding| encoding.name() != "UTF-8");
    if is_utf_16(&bytes, None) || is_other && !bytes.starts_with(b"\xef\xbb\xbf") {
        bytes = decoded(&bytes, encoding)?.into_owned().into_bytes();
    }
    // Other binary files mostly fail as UTF-8 too, but "binary" helps their user more.
    if has(&bytes, 0) {
        let offset = bytes.iter().position(|byte| *byte == 0).unwrap_or_default();
        let line = line_at(&bytes, offset);
        return Err(FileFault::Binary { offset, line, likely: Encoding::of_zeros(&bytes) });
    }
    // Looked through once: most texts have no line ends to be changed, and are UTF-8.
    match String::from_utf8(bytes) {
        Ok(text) if has(text.as_bytes(), b'\r') => {
            let mut bytes = text.into_bytes();
            universal_newlines(&mut bytes);
            Ok(String::from_utf8(bytes).expect("line ends are whole characters, so UTF-8 stays UTF-8"))
        }
        Ok(text) => Ok(text),
        Err(error) => Err(not_utf_8(error.as_bytes(), error.utf8_error())),
    }
}

/// Whether bytes have one of a value: compared many at a time, where a search for its place goes through eight.
pub(super) fn has(bytes: &[u8], value: u8) -> bool {
    const AT_ONCE: usize = 1 << 12;
    let is_in = |part: &[u8]| part.iter().fold(false, |found, byte| found | (*byte == value));
    bytes.chunks(AT_ONCE).any(is_in)
}

/// What is wrong with bytes that are not UTF-8.
fn not_utf_8(bytes: &[u8], error: Utf8Error) -> FileFault {
    let offset = error.valid_up_to();
    // The first byte that is not ASCII is rather a letter of another encoding, but for the two that most accents begin with in UTF-8,
    // which are rare letters elsewhere.
    let is_letter = bytes[..offset].is_ascii() && !matches!(bytes[offset], 0xc2 | 0xc3);
    if error.error_len().is_none() && !is_letter {
        return FileFault::CutShort { offset, line: line_at(bytes, offset) };
    }
    FileFault::NotUtf8 {
        offset,
        line: line_at(bytes, offset),
        byte: bytes[offset],
        likely: decoded(bytes, None).err().and_then(|fault| fault.likely),
    }
}

/// Turns CR LF and CR into LF, as Python's universal newlines do; in place, because a text may take gigabytes.
fn universal_newlines(bytes: &mut Vec<u8>) {
    let (mut kept, mut after_return) = (0, false);
    for i in 0..bytes.len() {
        let byte = bytes[i];
        if byte == b'\n' && after_return {
            after_return = false;
            continue;
        }
        after_return = byte == b'\r';
        bytes[kept] = if after_return { b'\n' } else { byte };
        kept += 1;
    }
    bytes.truncate(kept);
}

/// The line of a byte, counted from 1. A line ends with LF, CR LF or CR.
fn line_at(bytes: &[u8], offset: usize) -> usize {
    let ends = (0..offset).filter(|&i| match bytes[i] {
        b'\n' => true,
        b'\r' => bytes.get(i + 1) != Some(&b'\n'),
        _ => false,
    });
    1 + ends.count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_line_end_becomes_one_line_feed() {
        assert_eq!(decode(b"a\r\nb\rc\nd\r\r\ne\r".to_vec(), None).unwrap(), "a\nb\nc\nd\n\ne\n");
        assert_eq!(decode(b"\r".to_vec(), None).unwrap(), "\n");
        assert_eq!(decode(b"\n\r".to_vec(), None).unwrap(), "\n\n");
    }

    #[test]
    fn lines_are_counted_by_any_line_end() {
        let bytes = b"a\r\nb\rc\nd";
        let lines: Vec<usize> = [0, 3, 5, 7].map(|offset| line_at(bytes, offset)).into();
        assert_eq!(lines, [1, 2, 3, 4]);
    }

    proptest! {
        #[test]
        fn newlines_are_as_replacing_makes_them_and_idempotent(text in "[ab\r\né]{0,40}") {
            let once = decode(text.clone().into_bytes(), None).unwrap();
            prop_assert_eq!(&once, &text.replace("\r\n", "\n").replace('\r', "\n"));
            prop_assert_eq!(decode(once.clone().into_bytes(), None).unwrap(), once);
        }
    }
}

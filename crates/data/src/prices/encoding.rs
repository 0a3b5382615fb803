//! A file's bytes as text, and what is no table at all.

use std::borrow::Cow;

use super::{FileFault, LineFault, parse::Fault};

/// The text of a table: UTF-8, or UTF-16 with a byte-order mark, as spreadsheets export it.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Fault> {
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes)?.into(),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes)?.into(),
        [b'P', b'A', b'R', b'1', ..] => return Err(FileFault::Parquet.into()),
        _ => {
            let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(&bytes[..error.valid_up_to()]))?;
            Cow::from(text.strip_prefix('\u{feff}').unwrap_or(text))
        }
    };
    refuse_other_kinds(&text)?;
    Ok(text)
}

fn wide(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Fault> {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    text.map_err(|_| FileFault::Utf16.into())
}

fn not_utf8(valid: &[u8]) -> Fault {
    let line = 1 + valid.iter().filter(|&&byte| byte == b'\n').count();
    let start = valid.iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
    Fault::Line(line, LineFault::NotUtf8 { byte: valid.len() - start + 1 })
}

/// What a server sends in place of a table: its error as JSON, or a page.
fn refuse_other_kinds(text: &str) -> Result<(), FileFault> {
    let text = text.trim_start();
    if text.starts_with(['{', '[']) {
        return Err(FileFault::Json(shortened_to(text, 120)));
    }
    let begin: String = text.chars().take(400).collect::<String>().to_ascii_lowercase();
    let is_page =
        ["<!doctype", "<html", "<head", "<body", "<?xml", "<script"].iter().any(|tag| begin.starts_with(tag));
    if is_page { Err(FileFault::Page(shortened_to(&words(text), 120))) } else { Ok(()) }
}

/// What a page says, without its tags.
fn words(page: &str) -> String {
    let page: String = page.chars().take(4000).collect();
    let texts = page.split('<').filter_map(|piece| piece.split_once('>').map(|(_, text)| text.trim()));
    texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

fn shortened_to(text: &str, length: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let begin: String = line.chars().take(length).collect();
    if begin.len() < line.len() { begin + "…" } else { begin }
}

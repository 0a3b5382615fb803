//! Parquet, parsed by the `parquet` crate without Arrow.

use std::panic::{self, AssertUnwindSafe};

use bytes::Bytes;
use parquet::{
    errors::ParquetError,
    file::reader::{FileReader, SerializedFileReader},
    record::Field,
    schema::types::Type,
};

use super::{Columns, Fault, FileFault, Rows, column, unreadable};

/// Reads the rows of a Parquet table.
///
/// The crate panics at some damaged pages and places, which is made an error here. The process's panic hook still sees it:
/// by default it prints a line.
pub(super) fn read(bytes: Vec<u8>, columns: &Columns, rows: &mut Rows<'_>) -> Result<(), Fault> {
    // After a panic nobody looks at the rows any more.
    panic::catch_unwind(AssertUnwindSafe(|| read_rows(bytes, columns, rows)))
        .unwrap_or_else(|_| Err(unreadable("Parquet", "it is damaged; get the whole file again")))
}

fn read_rows(bytes: Vec<u8>, columns: &Columns, rows: &mut Rows<'_>) -> Result<(), Fault> {
    let reader = SerializedFileReader::new(Bytes::from(bytes)).map_err(broken)?;
    let schema = reader.metadata().file_metadata().schema();
    let names: Vec<&str> = schema.get_fields().iter().map(|field| field.name()).collect();
    let text = column(&names, "text", &columns.text)?.to_owned();
    let label = column(&names, "label", &columns.label)?.to_owned();
    let fields = schema.get_fields().iter().filter(|field| [&text[..], &label].contains(&field.name()));
    let chosen = Type::group_type_builder(schema.name()).with_fields(fields.cloned().collect());
    let chosen = chosen.build().map_err(broken)?;
    for (i, row) in reader.get_row_iter(Some(chosen)).map_err(broken)?.enumerate() {
        let row = row.map_err(broken)?;
        let (mut found_text, mut found_label) = (None, None);
        for (name, field) in row.get_column_iter() {
            if *name == text {
                found_text = text_of(field, name)?;
            }
            if *name == label {
                found_label = label_of(field, name)?;
            }
        }
        rows.push(i + 1, found_text, found_label.as_deref())?;
    }
    Ok(())
}

fn text_of(field: &Field, name: &str) -> Result<Option<String>, Fault> {
    match field {
        Field::Null => Ok(None),
        Field::Str(text) => Ok(Some(text.clone())),
        other => Err(wrong_type(other, "text", name, "strings")),
    }
}

fn label_of(field: &Field, name: &str) -> Result<Option<String>, Fault> {
    Ok(Some(match field {
        Field::Null => return Ok(None),
        Field::Str(label) => label.clone(),
        Field::Byte(number) => number.to_string(),
        Field::Short(number) => number.to_string(),
        Field::Int(number) => number.to_string(),
        Field::Long(number) => number.to_string(),
        Field::UByte(number) => number.to_string(),
        Field::UShort(number) => number.to_string(),
        Field::UInt(number) => number.to_string(),
        Field::ULong(number) => number.to_string(),
        Field::Float(number) => number.to_string(),
        Field::Double(number) => number.to_string(),
        other => return Err(wrong_type(other, "label", name, "numbers or strings")),
    }))
}

fn wrong_type(field: &Field, role: &'static str, name: &str, expected: &'static str) -> Fault {
    let found = match field {
        Field::Bool(_) => "true or false",
        Field::Bytes(_) => "bytes that are not marked as strings",
        Field::Group(_) | Field::ListInternal(_) | Field::MapInternal(_) => "nested values",
        Field::Byte(_)
        | Field::Short(_)
        | Field::Int(_)
        | Field::Long(_)
        | Field::UByte(_)
        | Field::UShort(_)
        | Field::UInt(_)
        | Field::ULong(_)
        | Field::Float16(_)
        | Field::Float(_)
        | Field::Double(_)
        | Field::Decimal(_) => "numbers",
        _ => "values of another type",
    };
    FileFault::ColumnType { role, name: name.to_owned(), found: found.to_owned(), expected }.into()
}

fn broken(error: ParquetError) -> Fault {
    let reason = error.to_string();
    let reason = reason.strip_prefix("Parquet error: ").unwrap_or(&reason);
    if reason.contains("Disabled feature at compile time") {
        return unreadable(
            "Parquet",
            format!("{reason}; write it again with Snappy or Zstandard compression"),
        );
    }
    unreadable("Parquet", reason)
}

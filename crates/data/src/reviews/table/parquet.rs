//! Parquet, parsed by the `parquet` crate without Arrow.

use std::{
    borrow::Cow,
    panic::{self, AssertUnwindSafe},
};

use bytes::Bytes;
use parquet::{
    errors::ParquetError,
    file::reader::{FileReader, SerializedFileReader},
    record::{Field, List},
    schema::types::Type,
};

use super::{
    Columns, Fault, FileFault, LOOKED_AT, Rows,
    columns::{Profile, choose},
    unreadable,
};

/// Reads the rows of a Parquet table.
///
/// The crate panics at some damaged pages and places, which is made an error here. The process's panic hook still sees it:
/// by default it prints a line.
pub(super) fn read(bytes: Vec<u8>, columns: &Columns, rows: &mut Rows) -> Result<(), Fault> {
    // After a panic nobody looks at the rows any more.
    panic::catch_unwind(AssertUnwindSafe(|| read_rows(bytes, columns, rows)))
        .unwrap_or_else(|_| Err(unreadable("Parquet", "it is damaged; get the whole file again")))
}

fn read_rows(bytes: Vec<u8>, columns: &Columns, rows: &mut Rows) -> Result<(), Fault> {
    let reader = SerializedFileReader::new(Bytes::from(bytes)).map_err(broken)?;
    let schema = reader.metadata().file_metadata().schema();
    let names: Vec<&str> = schema.get_fields().iter().map(|field| field.name()).collect();
    let profile = || profiles(&reader, names.len());
    let chosen = choose(&names, columns, rows.labels_as.as_ref(), profile)?.checked(&names)?;
    rows.read_from(&chosen, &names);
    let text = names[chosen.text];
    let of_labels: Vec<&str> = chosen.label_places().iter().map(|place| names[*place]).collect();
    let is_read = |name: &str| name == text || of_labels.contains(&name);
    let fields = schema.get_fields().iter().filter(|field| is_read(field.name()));
    let read = Type::group_type_builder(schema.name()).with_fields(fields.cloned().collect());
    let read = read.build().map_err(broken)?;
    for (i, row) in reader.get_row_iter(Some(read)).map_err(broken)?.enumerate() {
        let row = row.map_err(broken)?;
        let (mut found_text, mut found_labels) = (None, vec![None; names.len()]);
        for (name, field) in row.get_column_iter() {
            if name == text {
                found_text = text_of(field, name)?;
            }
            if of_labels.contains(&&name[..])
                && let Some(place) = names.iter().position(|own| own == name)
            {
                found_labels[place] = label_of(field, name)?.map(Cow::Owned);
            }
        }
        let label = chosen.cell(&names, |place| Ok(found_labels[place].clone()));
        rows.push(i + 1, found_text, label.map_err(|fault| Fault::Row(i + 1, fault))?)?;
    }
    Ok(())
}

/// What is in the columns, by the first rows.
fn profiles(reader: &SerializedFileReader<Bytes>, columns: usize) -> Result<Vec<Profile>, Fault> {
    let mut profiles = vec![Profile::default(); columns];
    for row in reader.get_row_iter(None).map_err(broken)?.take(LOOKED_AT) {
        let row = row.map_err(broken)?;
        for ((name, field), profile) in row.get_column_iter().zip(&mut profiles) {
            profile.add(&label_of(field, name).ok().flatten().unwrap_or_default());
        }
    }
    Ok(profiles)
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
        Field::Bool(label) => label.to_string(),
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
        Field::ListInternal(list) => list_of(list, name)?,
        other => return Err(wrong_type(other, "label", name, "numbers, strings or true and false")),
    }))
}

/// The labels of a list, as an array of JSON.
fn list_of(list: &List, name: &str) -> Result<String, Fault> {
    let items: Vec<Option<String>> =
        list.elements().iter().map(|item| label_of(item, name)).collect::<Result<_, _>>()?;
    let items: Vec<String> = items.into_iter().flatten().collect();
    Ok(serde_json::to_string(&items).expect("strings are JSON"))
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

//! Whether all ranks are the same program about to do the same run on the same data: said before a file is written.

use std::fs;

use recurrent_train::Group;
use recurrent_train::files::sha256_hex;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Failure;

/// A rank differs from the first.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("rank {rank} does not do the run of rank 0: {what}")]
pub struct Unlike {
    rank: usize,
    what: String,
}

/// What has to be the same.
#[derive(Serialize, Deserialize)]
struct Bearings {
    program: String,
    /// The SHA-256 of the program's file, where it can be read.
    build: Option<String>,
    settings: Value,
}

pub(super) fn check(group: &Group, program: &str, settings: &impl Serialize) -> Result<(), Failure> {
    if group.count() == 1 {
        return Ok(());
    }
    let file = std::env::current_exe().and_then(fs::read);
    let own = Bearings {
        program: program.to_owned(),
        build: file.ok().map(|bytes| sha256_hex(&bytes)),
        settings: serde_json::to_value(settings)?,
    };
    let all = group.agree(&own)?;
    match all.iter().enumerate().find_map(|(rank, other)| Some((rank, difference(other, &all[0])?))) {
        Some((rank, what)) => Err(Unlike { rank, what }.into()),
        None => Ok(()),
    }
}

/// What is the matter and what to do, if they differ.
fn difference(own: &Bearings, first: &Bearings) -> Option<String> {
    if own.program != first.program {
        return Some(format!("it is `{}` instead of `{}`; start one program", own.program, first.program));
    }
    if own.build != first.build {
        return Some("it is another build of the program; copy one file to all hosts".to_owned());
    }
    let data = "/origin/sha256";
    let sha256 = |bearings: &Bearings| bearings.settings.pointer(data).cloned();
    if sha256(own) != sha256(first) {
        let short = |sha256: Option<Value>| {
            sha256.as_ref().and_then(Value::as_str).unwrap_or("none").chars().take(8).collect::<String>()
        };
        let (own, first) = (short(sha256(own)), short(sha256(first)));
        return Some(format!(
            "it reads other data, whose SHA-256 is {own}… instead of {first}…; copy one file to all hosts"
        ));
    }
    let (name, own, first) = setting("", &own.settings, &first.settings)?;
    Some(format!("its `{name}` is {own} instead of {first}; start all with the same options"))
}

/// The first setting that differs. Where data lie may differ from host to host.
fn setting(name: &str, own: &Value, first: &Value) -> Option<(String, String, String)> {
    if name == "origin.source" || own == first {
        return None;
    }
    let (Some(fields), Some(others)) = (own.as_object(), first.as_object()) else {
        return Some((name.to_owned(), own.to_string(), first.to_string()));
    };
    let lacking = others.keys().filter(|key| !fields.contains_key(*key));
    fields.keys().chain(lacking).find_map(|key| {
        let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
        setting(&name, fields.get(key).unwrap_or(&Value::Null), others.get(key).unwrap_or(&Value::Null))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bearings(settings: Value) -> Bearings {
        Bearings { program: "text-rnn".to_owned(), build: Some("a".to_owned()), settings }
    }

    #[test]
    fn what_differs_is_named_with_what_to_do() {
        let settings = |path: &str, sha256: &str, hidden: usize| {
            serde_json::json!({
                "origin": { "source": { "path": path }, "sha256": sha256 },
                "model": { "cell": "lstm", "hidden": hidden },
            })
        };
        let first = bearings(settings("/a/text.txt", "0123456789", 8));
        let of = |other: Bearings| difference(&other, &first);
        assert_eq!(
            of(bearings(settings("/b/text.txt", "0123456789", 8))),
            None,
            "another place, the same text"
        );
        let said = [
            of(Bearings { program: "stock-gru".to_owned(), ..bearings(settings("/a", "0123456789", 8)) }),
            of(Bearings { build: None, ..bearings(settings("/a", "0123456789", 8)) }),
            of(bearings(settings("/a/text.txt", "9876543210", 8))),
            of(bearings(settings("/a/text.txt", "0123456789", 16))),
            of(bearings(serde_json::json!({ "origin": { "sha256": "0123456789" } }))),
            of(bearings(serde_json::json!({ "origin": { "sha256": "0123456789" }, "model": {}, "more": 1 }))),
        ];
        let said: Vec<_> = said.into_iter().map(|said| said.unwrap_or_default()).collect();
        insta::assert_snapshot!(said.join("\n"), @r#"
        it is `stock-gru` instead of `text-rnn`; start one program
        it is another build of the program; copy one file to all hosts
        it reads other data, whose SHA-256 is 98765432… instead of 01234567…; copy one file to all hosts
        its `model.hidden` is 16 instead of 8; start all with the same options
        its `model` is null instead of {"cell":"lstm","hidden":8}; start all with the same options
        its `model.cell` is null instead of "lstm"; start all with the same options
        "#);
    }
}

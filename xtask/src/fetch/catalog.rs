//! What `datasets/catalog.json` says: the data sets, where they live, and how a file is known to be right.
//!
//! Plain data, checked once when it is read. The shipped catalogue is part of the program; tests bring their own.

use std::{collections::HashSet, fmt, str::FromStr};

use serde::Deserialize;
use thiserror::Error;

const SHIPPED: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../datasets/catalog.json"));

/// The data sets that can be fetched.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
    /// One entry for each data set.
    pub sets: Vec<DataSet>,
}

/// A data set: one file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataSet {
    /// What users call it.
    pub name: Name,
    /// The file's name, at its target and in a mirror.
    pub file: String,
    /// What it holds, in words.
    pub title: String,
    /// Under which terms it may be used.
    pub licence: String,
    /// Who publishes it.
    pub source: String,
    /// No right file is larger; a download that passes this size is given up.
    pub bytes_at_most: u64,
    /// Files known to be right.
    pub known: Vec<KnownFile>,
    /// How a file is judged that is none of the known ones; without a rule it is wrong.
    pub otherwise: Option<ContentRule>,
    /// Where it is fetched from, the first that answers rightly.
    pub homes: Vec<Home>,
    /// How it may be unpacked, where it is an archive.
    pub archive: Option<Archive>,
}

/// A file known byte for byte.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownFile {
    /// SHA-256 in lower-case hexadecimal digits.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// Which file this is, in words.
    pub note: String,
}

/// What a file must hold that has no known checksum.
#[derive(Debug, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case", deny_unknown_fields)]
pub enum ContentRule {
    /// A complete plain-text edition of Project Gutenberg.
    GutenbergEdition {
        /// The work's title, as the edition's opening names it.
        title: String,
        /// No complete edition is smaller.
        bytes_at_least: u64,
    },
    /// A table with Yahoo Finance's seven columns.
    PriceTable {
        /// How many rows must have a closing price.
        rows_at_least: usize,
    },
}

/// One address of a data set.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Home {
    /// Its address.
    pub url: String,
    /// In which form it answers.
    pub answer: Answer,
    /// What a user should know about a file from here.
    pub note: Option<String>,
}

/// The form in which a home answers.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The file itself, the same bytes each time: a broken download can go on where it stopped.
    File,
    /// The file itself, whose bytes may change from one request to the next.
    Document,
    /// The JSON of Yahoo Finance's chart endpoint.
    YahooChart,
    /// The CSV of stooq.com, which lacks the adjusted close.
    StooqCsv,
}

/// What is known of an archive's content, and bounds against one that unpacks without end.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Archive {
    /// The one folder that all its entries lie in.
    pub folder: String,
    /// No right archive has more entries.
    pub entries_at_most: u64,
    /// No right archive is larger, unpacked.
    pub bytes_at_most: u64,
}

/// The name of a data set.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Hash)]
#[serde(rename_all = "snake_case")]
pub enum Name {
    /// War and Peace.
    Text,
    /// The Dow Jones index.
    Prices,
    /// Film reviews.
    Reviews,
    /// ONNX Runtime for browsers, which no program learns from: a page that needs no server has it in it.
    #[serde(rename = "onnxruntime-web")]
    OnnxRuntimeWeb,
}

impl Name {
    /// What the programs learn from, in the order in which it is fetched.
    pub const DATA: [Self; 3] = [Self::Text, Self::Prices, Self::Reviews];
    /// All names.
    pub const ALL: [Self; 4] = [Self::Text, Self::Prices, Self::Reviews, Self::OnnxRuntimeWeb];
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Prices => "prices",
            Self::Reviews => "reviews",
            Self::OnnxRuntimeWeb => "onnxruntime-web",
        })
    }
}

impl FromStr for Name {
    type Err = CatalogError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|name| name.to_string() == word)
            .ok_or_else(|| CatalogError::UnknownName { found: word.to_owned() })
    }
}

/// What is wrong with a catalogue or a name.
#[derive(Debug, Error)]
pub enum CatalogError {
    /// No such data set.
    #[error("unknown data set `{found}`, expected text, prices, reviews or onnxruntime-web")]
    UnknownName {
        /// The word given.
        found: String,
    },
    /// The catalogue has no such entry.
    #[error("the catalogue has no data set `{name}`")]
    Missing {
        /// The name looked for.
        name: Name,
    },
    /// Not the JSON of a catalogue.
    #[error("datasets/catalog.json cannot be read as a catalogue")]
    Json(#[from] serde_json::Error),
    /// An entry that cannot be meant.
    #[error("datasets/catalog.json: data set `{name}`: {fault}")]
    Entry {
        /// The entry.
        name: Name,
        /// What is wrong with it.
        fault: &'static str,
    },
}

impl Catalog {
    /// The catalogue that comes with the project.
    ///
    /// # Errors
    /// When the file that was built in is not a valid catalogue.
    pub fn shipped() -> Result<Self, CatalogError> {
        Self::parse(SHIPPED)
    }

    /// Reads and checks a catalogue.
    ///
    /// # Errors
    /// When the text is not the JSON of a catalogue, or an entry cannot be meant.
    pub fn parse(json: &str) -> Result<Self, CatalogError> {
        let catalog: Self = serde_json::from_str(json)?;
        let mut names = HashSet::new();
        for set in &catalog.sets {
            let fault = |fault| Err(CatalogError::Entry { name: set.name, fault });
            if !names.insert(set.name) {
                return fault("is there twice");
            }
            if set.file.is_empty() || set.file.contains(['/', '\\']) {
                return fault("`file` must be a plain file name");
            }
            if set.homes.is_empty() {
                return fault("has no home");
            }
            if set.known.is_empty() && set.otherwise.is_none() {
                return fault("has neither a known checksum nor a content rule");
            }
            if set.known.iter().any(|known| !is_sha256(&known.sha256)) {
                return fault("a `sha256` must be 64 lower-case hexadecimal digits");
            }
            if set.known.iter().any(|known| known.bytes > set.bytes_at_most) {
                return fault("a known file is larger than `bytes_at_most`");
            }
        }
        Ok(catalog)
    }

    /// The entry of this name.
    ///
    /// # Errors
    /// When there is none.
    pub fn get(&self, name: Name) -> Result<&DataSet, CatalogError> {
        self.sets.iter().find(|set| set.name == name).ok_or(CatalogError::Missing { name })
    }
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_catalogue_has_all_sets_under_their_file_names() {
        let catalog = Catalog::shipped().expect("a valid catalogue");
        let files = Name::ALL.map(|name| catalog.get(name).expect("an entry").file.clone());
        assert_eq!(files, ["warpeace_input.txt", "^DJI.csv", "aclImdb_v1.tar.gz", "onnxruntime-web.tgz"]);
        assert_eq!(catalog.sets.len(), files.len());
    }

    #[test]
    fn entries_that_cannot_be_meant_are_refused() {
        let entry = |file: &str, sha256: &str, homes: &str| {
            format!(
                r#"{{"sets": [{{"name": "text", "file": "{file}", "title": "", "licence": "", "source": "",
                "bytes_at_most": 9, "known": [{{"sha256": "{sha256}", "bytes": 1, "note": ""}}], "homes": {homes}}}]}}"#
            )
        };
        let home = r#"[{"url": "http://127.0.0.1/", "answer": "file"}]"#;
        let zeros = "0".repeat(64);
        assert!(Catalog::parse(&entry("a", &zeros, home)).is_ok());
        for (json, expected) in [
            (entry("../a", &zeros, home), "`file` must be a plain file name"),
            (entry("a", "12ab", home), "a `sha256` must be 64 lower-case hexadecimal digits"),
            (entry("a", &zeros, "[]"), "has no home"),
        ] {
            let error = Catalog::parse(&json).expect_err(expected).to_string();
            assert_eq!(error, format!("datasets/catalog.json: data set `text`: {expected}"));
        }
    }

    #[test]
    fn an_unknown_name_says_which_there_are() {
        insta::assert_snapshot!(
            "films".parse::<Name>().expect_err("no such set"),
            @"unknown data set `films`, expected text, prices, reviews or onnxruntime-web"
        );
    }
}

//! What can go wrong with a whole fetch, and what the user can do about it.

use std::io;

use thiserror::Error;

use super::{
    catalog::{CatalogError, Name},
    download::DownloadError,
    judge::Fault,
    mirror::Mirror,
    place::PlaceError,
    quotes::ChartError,
    table::TableError,
    unpack::UnpackError,
};

/// Why not everything was fetched.
#[derive(Debug, Error)]
pub enum FetchError {
    /// The catalogue is of no use.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// The target folder cannot be used.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// Some data sets failed; the others are in place.
    #[error("{} of {asked} data sets could not be fetched\n{}\nremedy: {remedy}", failed.len(), list(failed))]
    Incomplete {
        /// How many were asked for.
        asked: usize,
        /// Those that failed.
        failed: Vec<SetError>,
        /// What the user can do.
        remedy: &'static str,
    },
}

/// Why one data set failed.
#[derive(Debug)]
pub struct SetError {
    /// Which data set.
    pub name: Name,
    /// Its file.
    pub file: String,
    /// The sources that were tried, and how each failed.
    pub tried: Vec<(String, SourceError)>,
}

/// Why one source failed.
#[derive(Debug, Error)]
pub enum SourceError {
    /// The mirror folder does not have the file.
    #[error("there is no such file in the mirror")]
    NotInMirror,
    /// A file of the mirror cannot be read.
    #[error("cannot be read")]
    Mirror(#[source] io::Error),
    /// The download failed.
    #[error(transparent)]
    Download(#[from] DownloadError),
    /// Yahoo's answer is not a chart.
    #[error(transparent)]
    Chart(#[from] ChartError),
    /// Stooq's answer is not a table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// What was fetched is not the data set.
    #[error("the file is not the data set")]
    Wrong(#[from] Fault),
    /// This machine's disk failed.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// The archive could not be unpacked.
    #[error("could not be unpacked")]
    Unpack(#[from] UnpackError),
}

impl SourceError {
    /// Whether the fault lies on this machine, so that the next source would fail as well.
    pub(super) fn is_local(&self) -> bool {
        matches!(self, Self::Place(_) | Self::Download(DownloadError::Place(_)))
    }
}

/// What helps depends on where the fault lies: on this machine, in the mirror, or between here and the homes.
pub(super) fn remedy(failed: &[SetError], mirror: Option<&Mirror>) -> &'static str {
    let local = failed.iter().flat_map(|set| &set.tried).any(|(_, error)| error.is_local());
    match mirror {
        _ if local => "make room or give the right to write there, or name another folder with `--to DIR`",
        Some(_) => {
            "put the right files into the mirror, name the sets that it has with `--only`, or leave out `--mirror` \
             to fetch them from their homes"
        }
        None => {
            "run the command again, a broken download goes on where it stopped; or take the files from a folder or a \
             server that has them, with `--mirror DIR_OR_URL`"
        }
    }
}

fn list(failed: &[SetError]) -> String {
    let mut lines = Vec::new();
    for set in failed {
        lines.push(format!("  {} ({}):", set.name, set.file));
        lines.extend(
            set.tried.iter().map(|(source, error)| format!("    {source}: {}", crate::report::chain(error))),
        );
    }
    lines.join("\n")
}

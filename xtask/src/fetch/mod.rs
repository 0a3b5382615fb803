//! `cargo xtask fetch-data`: for each data set, what is there, where to fetch it, whether it is right.
//!
//! A set is fetched from the first source that answers rightly; one that fails does not keep the others from being
//! fetched. How bytes travel, are judged and come into place is in the modules beside.

pub mod catalog;
pub mod download;
pub mod failure;
pub mod judge;
pub mod mirror;
pub mod notes;
pub mod place;
pub mod quotes;
pub mod table;
pub mod unpack;

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

pub use catalog::{Catalog, Name};
pub use download::Patience;
pub use failure::FetchError;
pub use mirror::Mirror;

use catalog::{Answer, DataSet};
use download::{Arrival, DownloadError, Downloader, Resume};
use failure::{SetError, SourceError};
use judge::Verdict;
use notes::Notes;
use place::{Landing as _, PlaceError, Staging};
use unpack::Unpacked;

/// What to fetch, from where, and where to.
#[derive(Debug)]
pub struct Request {
    /// Which data sets, in this order.
    pub only: Vec<Name>,
    /// Where to take them from instead of their homes.
    pub mirror: Option<Mirror>,
    /// The folder to put them in.
    pub to: PathBuf,
    /// Whether an archive is unpacked too.
    pub unpack: bool,
    /// How patient to be with servers.
    pub patience: Patience,
}

/// Where a file is taken from.
enum Source {
    Folder(PathBuf),
    Url { url: String, answer: Answer, note: Option<String> },
}

impl Source {
    fn label(&self) -> String {
        match self {
            Self::Folder(path) => path.display().to_string(),
            Self::Url { url, .. } => url.clone(),
        }
    }
}

/// Fetches what is asked for and tells `out` about it, a line at a time.
///
/// # Errors
/// When the target folder cannot be used or a data set cannot be fetched. The others are fetched all the same.
pub fn run(catalog: &Catalog, request: &Request, out: &mut dyn Write) -> Result<(), FetchError> {
    let mut notes = Notes::new(out);
    let mut sets = Vec::new();
    for &name in &request.only {
        let set = catalog.get(name)?;
        if !sets.iter().any(|other: &&DataSet| other.name == name) {
            sets.push(set);
        }
    }
    let _guard = place::claim_folder(&request.to)?;
    let downloader = Downloader::new(request.patience);
    let mut failed = Vec::new();
    for set in &sets {
        if let Err(tried) = fetch(set, request, &downloader, &mut notes) {
            failed.push(SetError { name: set.name, file: set.file.clone(), tried });
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    let remedy = failure::remedy(&failed, request.mirror.as_ref());
    Err(FetchError::Incomplete { asked: sets.len(), failed, remedy })
}

/// Fetches one data set unless it is there, and unpacks it if asked to.
fn fetch(
    set: &DataSet,
    request: &Request,
    downloader: &Downloader,
    notes: &mut Notes<'_>,
) -> Result<(), Vec<(String, SourceError)>> {
    let target = request.to.join(&set.file);
    let label = || target.display().to_string();
    if !stands(set, &target, notes).map_err(|error| vec![(label(), error.into())])? {
        notes.say(&format!("{}: {} ({})", set.name, set.title, set.licence));
        fetch_from_first(set, request, &target, downloader, notes)?;
    }
    if let (true, Some(bounds)) = (request.unpack, &set.archive) {
        match unpack::unpack(&target, bounds).map_err(|error| vec![(label(), error.into())])? {
            Unpacked::Files(files) => {
                notes.say(&format!("{}: unpacked {files} files into {}", set.name, bounds.folder))
            }
            Unpacked::Already => notes.say(&format!(
                "{}: the folder {} is already there; delete it to unpack again",
                set.name, bounds.folder
            )),
        }
    }
    Ok(())
}

/// Whether the target is already there and right; says so, or what is wrong with what is there.
fn stands(set: &DataSet, target: &Path, notes: &mut Notes<'_>) -> Result<bool, PlaceError> {
    match fs::metadata(target) {
        Err(_) => return Ok(false),
        Ok(about) if !about.is_file() => return Err(PlaceError::NotAFile { path: target.to_path_buf() }),
        Ok(_) => {}
    }
    match judge::judge(set, target) {
        Ok(verdict) => {
            notes.say(&format!("{}: {} is already there: {}", set.name, target.display(), words(&verdict)));
            Ok(true)
        }
        Err(fault) => {
            notes.say(&format!(
                "{}: {} is there and is not the data set: {}; it will be replaced once the right file has arrived",
                set.name,
                target.display(),
                crate::report::chain(&fault)
            ));
            Ok(false)
        }
    }
}

fn words(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Known { note, sha256 } => format!("{note}, SHA-256 {sha256}"),
        Verdict::Judged { found, sha256 } => {
            format!("{found}; no checksum is known to compare, SHA-256 {sha256}")
        }
    }
}

/// Tries the sources in turn.
fn fetch_from_first(
    set: &DataSet,
    request: &Request,
    target: &Path,
    downloader: &Downloader,
    notes: &mut Notes<'_>,
) -> Result<(), Vec<(String, SourceError)>> {
    let mut tried = Vec::new();
    for source in sources(set, request.mirror.as_ref()) {
        notes.say(&format!("  from {}", source.label()));
        let error = match fetch_from(set, &source, target, downloader, notes) {
            Ok(verdict) => {
                notes.say(&format!("{}: {} is in place: {}", set.name, target.display(), words(&verdict)));
                if let Source::Url { note: Some(note), .. } = &source {
                    notes.say(&format!("  note: {note}"));
                }
                return Ok(());
            }
            Err(error) => error,
        };
        notes.say(&format!("  failed: {}", crate::report::chain(&error)));
        let local = error.is_local();
        tried.push((source.label(), error));
        if local {
            break;
        }
    }
    Err(tried)
}

fn sources(set: &DataSet, mirror: Option<&Mirror>) -> Vec<Source> {
    match mirror {
        Some(Mirror::Folder(folder)) => vec![Source::Folder(folder.join(&set.file))],
        Some(Mirror::Server(base)) => {
            vec![Source::Url { url: mirror::address(base, &set.file), answer: Answer::File, note: None }]
        }
        None => set
            .homes
            .iter()
            .map(|home| Source::Url { url: home.url.clone(), answer: home.answer, note: home.note.clone() })
            .collect(),
    }
}

/// Collects the file beside its target, judges it, and puts it in place.
fn fetch_from(
    set: &DataSet,
    source: &Source,
    target: &Path,
    downloader: &Downloader,
    notes: &mut Notes<'_>,
) -> Result<Verdict, SourceError> {
    match source {
        Source::Folder(path) => {
            let mut staging = Staging::anew(target)?;
            copy(path, &mut staging, set.bytes_at_most)?;
            place_if_right(set, staging)
        }
        Source::Url { url, answer: Answer::File, .. } => download_file(set, url, target, downloader, notes),
        Source::Url { url, answer, .. } => {
            let mut bytes = Vec::new();
            downloader.download(url, &mut bytes, Resume::Never, set.bytes_at_most, notes)?;
            let bytes = match answer {
                Answer::YahooChart => quotes::from_yahoo_chart(&bytes)?.into_bytes(),
                Answer::StooqCsv => quotes::from_stooq_csv(&String::from_utf8_lossy(&bytes))?.into_bytes(),
                Answer::File | Answer::Document => bytes,
            };
            let mut staging = Staging::anew(target)?;
            staging.append(&bytes)?;
            place_if_right(set, staging)
        }
    }
}

/// Downloads into a part that outlives a broken connection.
///
/// A part may stem from another source or an older file of the same name. So a file pieced together is accepted by
/// a known checksum only; without one it is fetched once more, and then in one piece.
fn download_file(
    set: &DataSet,
    url: &str,
    target: &Path,
    downloader: &Downloader,
    notes: &mut Notes<'_>,
) -> Result<Verdict, SourceError> {
    let mut staging = Staging::resume(target)?;
    if staging.held() > 0 {
        notes.say(&format!("  going on after {} bytes of an earlier download", staging.held()));
    }
    let arrival = arrive(set, url, &mut staging, Resume::Allowed, downloader, notes)?;
    if arrival == Arrival::InPieces {
        if let Ok(verdict @ Verdict::Known { .. }) = judge::judge(set, staging.path()) {
            staging.put_in_place()?;
            return Ok(verdict);
        }
        notes.say("  the pieces do not make a file with a known checksum; starting anew");
        arrive(set, url, &mut staging, Resume::Never, downloader, notes)?;
    }
    match judge::judge(set, staging.path()) {
        Ok(verdict) => {
            staging.put_in_place()?;
            Ok(verdict)
        }
        Err(fault) => {
            staging.discard();
            Err(fault.into())
        }
    }
}

/// Downloads, and takes a file for whole that is, whatever the server said of its length.
fn arrive(
    set: &DataSet,
    url: &str,
    staging: &mut Staging,
    resume: Resume,
    downloader: &Downloader,
    notes: &mut Notes<'_>,
) -> Result<Arrival, DownloadError> {
    match downloader.download(url, staging, resume, set.bytes_at_most, notes) {
        Err(_) if judge::is_known(set, staging.path()) => Ok(Arrival::InPieces),
        arrival => arrival,
    }
}

fn place_if_right(set: &DataSet, staging: Staging) -> Result<Verdict, SourceError> {
    let verdict = judge::judge(set, staging.path())?;
    staging.put_in_place()?;
    Ok(verdict)
}

/// Copies a mirror's file, up to the limit.
fn copy(from: &Path, staging: &mut Staging, limit: u64) -> Result<(), SourceError> {
    let mut file = File::open(from).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => SourceError::NotInMirror,
        _ => SourceError::Mirror(error),
    })?;
    let mut buffer = vec![0; 1 << 18];
    loop {
        let count = file.read(&mut buffer).map_err(SourceError::Mirror)?;
        if count == 0 {
            return Ok(());
        }
        if staging.held() + count as u64 > limit {
            return Err(DownloadError::TooLarge { limit }.into());
        }
        staging.append(&buffer[..count])?;
    }
}

//! A finished run, or the one file that its model ships as: which data it was trained on, as far as it tells.

use std::path::{Path, PathBuf};

use recurrent_train::RunFolder;
use serde::Deserialize;

use crate::flags::DataSource;
use crate::{Failure, Origin, OriginError, Screen, Source};

/// What a saved model was trained on, and where its run is.
#[derive(Debug, Default)]
pub struct Trained {
    place: PathBuf,
    folder: Option<RunFolder>,
    source: Option<Source>,
    sha256: Option<String>,
}

/// As much of a run's settings as is wanted here.
#[derive(Deserialize)]
struct Bound {
    origin: Origin,
}

impl Trained {
    /// Opens a run's folder, which is to be the program's, and tells where another process is still training it; of a file,
    /// nothing is known yet.
    ///
    /// # Errors
    /// There is no run of the program in the folder.
    pub fn open(program: &str, path: &Path, screen: &Screen) -> Result<Self, Failure> {
        if !path.is_dir() {
            let place = path.parent().unwrap_or(Path::new("")).to_owned();
            return Ok(Self { place, ..Self::default() });
        }
        let (folder, Bound { origin }) = RunFolder::open(path, program)?;
        if folder.is_being_trained() {
            screen.note(&format!(
                "note: {} is being trained by another process; its best weights so far are read",
                path.display()
            ));
        }
        Ok(Self {
            place: path.to_owned(),
            folder: Some(folder),
            source: Some(origin.source),
            sha256: origin.sha256,
        })
    }

    /// The same with the checksum of the data that the model itself knows.
    pub fn with_sha256(self, sha256: Option<&str>) -> Self {
        Self { sha256: self.sha256.or(sha256.map(str::to_owned)), ..self }
    }

    /// Where the model is: the run's folder, or the one that the model file lies in.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// The run's folder; none for a model file.
    pub fn folder(&self) -> Option<&RunFolder> {
        self.folder.as_ref()
    }

    /// The source that was asked for, or else the one that the model was trained on.
    ///
    /// # Errors
    /// None was asked for, and the model's own is gone or unknown; or the current folder is gone.
    pub fn data(&self, asked: &[DataSource]) -> Result<Source, Failure> {
        match (&self.source, asked) {
            (Some(source), []) => Ok(source.still_there()?),
            (None, []) => Err(OriginError::DataUnknown.into()),
            (_, asked) => Ok(Source::choose(asked, Path::new(""))?),
        }
    }

    /// Refuses the model's own data where they have changed; any other data may be `asked` for.
    ///
    /// # Errors
    /// None was asked for, and the model's own has changed.
    pub fn keep_own_data(&self, asked: &[DataSource], sha256: &str) -> Result<(), OriginError> {
        match (&self.source, &self.sha256) {
            (Some(source), Some(expected)) if asked.is_empty() && expected != sha256 => {
                Err(OriginError::OtherData {
                    name: source.name(),
                    found: sha256.to_owned(),
                    expected: expected.clone(),
                })
            }
            _ => Ok(()),
        }
    }

    /// Whether the model was trained on the data of this checksum, whatever they are called now.
    pub fn began_with(&self, sha256: &str) -> bool {
        self.sha256.as_deref() == Some(sha256)
    }
}

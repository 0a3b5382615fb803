//! What a run goes on from, on ranks whose folders lack it: the first rank has it and sends it to the others.

use std::fs;
use std::path::Path;

use crate::error::Error;
use crate::files::write_whole;
use crate::ranks::group::Group;
use crate::run::checkpoint::{self, Last};

/// Reads the last checkpoint of the first rank's folder; on the others, after its files have been put into theirs. All ranks call it.
pub(crate) fn read_last(group: &Group, folder: &Path) -> Result<Option<Last>, Error> {
    let own = if group.is_first() { checkpoint::read_last(folder)? } else { None };
    if group.count() == 1 {
        return Ok(own);
    }
    let files = own.as_ref().map(|last| last.files(folder)).unwrap_or_default();
    let files = group.first_says(files)?;
    for name in &files {
        hand_on(group, &folder.join(name))?;
    }
    if group.is_first() || files.is_empty() { Ok(own) } else { checkpoint::read_last(folder) }
}

fn hand_on(group: &Group, path: &Path) -> Result<(), Error> {
    let own = if group.is_first() {
        fs::read(path).map_err(|source| Error::io("read", path, source))?
    } else {
        Vec::new()
    };
    let all = group.gather(&own)?;
    if group.is_first() { Ok(()) } else { write_whole(path, &all[0]) }
}

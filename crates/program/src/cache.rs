//! Where programs keep what they can make again.

use std::path::{Path, PathBuf};

/// The folder for what is kept of some data: the user's own for such things, as the system names it, or else one beside the
/// data. It need not exist.
pub fn cache_folder(data: &Path) -> PathBuf {
    match dirs::cache_dir() {
        Some(folder) => folder.join("recurrent"),
        None => data.with_file_name("recurrent-cache"),
    }
}

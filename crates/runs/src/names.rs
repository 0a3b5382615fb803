//! Names that tell runs apart: the shortest ends of their paths.

use std::path::{Path, PathBuf};

/// A name for each path: as few of its last parts as no other path ends with, the same number for all. Paths that are
/// the same have the same name.
pub(crate) fn distinct(paths: &[PathBuf]) -> Vec<String> {
    let longest = paths.iter().map(|path| path.components().count()).max().unwrap_or(0);
    let names = |parts: usize| paths.iter().map(|path| end(path, parts)).collect::<Vec<_>>();
    let tell_apart = |names: &[String]| (0..names.len()).all(|place| !names[..place].contains(&names[place]));
    (1..longest).map(names).find(|names| tell_apart(names)).unwrap_or_else(|| names(longest))
}

/// The last parts of a path.
fn end(path: &Path, parts: usize) -> String {
    let all = path.components().count();
    let end: PathBuf = path.components().skip(all.saturating_sub(parts)).collect();
    end.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::distinct;

    #[test]
    fn names_are_as_short_as_they_can_be() {
        for (paths, expected) in [
            (vec!["/runs/a", "/runs/b"], vec!["a", "b"]),
            (vec!["/x/1/run", "/x/2/run", "/x/2/other"], vec!["1/run", "2/run", "2/other"]),
            (vec!["/runs/a"], vec!["a"]),
            (vec!["/a", "/a"], vec!["/a", "/a"]),
            (vec!["/"], vec!["/"]),
            (vec![], vec![]),
        ] {
            let paths: Vec<_> = paths.into_iter().map(Into::into).collect();
            assert_eq!(distinct(&paths), expected, "{paths:?}");
        }
    }
}

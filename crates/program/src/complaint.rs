//! How the program reports an error: the whole chain, from what was asked to what went wrong, without a
//! backtrace.

use std::error::Error;
use std::io::{self, Write};

use crate::advice::advice;

/// Writes an error and its causes, outside in: a line `error: …`, then a line `  because …` for each cause, and a line `  try …`
/// where an option of the programs helps. A cause that only repeats the line above it is left out.
///
/// ```
/// use recurrent_program::complain;
///
/// let error = std::io::Error::other("no space left on device");
/// let mut out = Vec::new();
/// complain(&error, &mut out)?;
/// assert_eq!(out, b"error: no space left on device\n");
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn complain(error: &(dyn Error + 'static), out: &mut dyn Write) -> io::Result<()> {
    let mut said = error.to_string();
    writeln!(out, "error: {said}")?;
    let mut cause = error.source();
    while let Some(inner) = cause {
        let words = inner.to_string();
        if words != said {
            writeln!(out, "  because {words}")?;
            said = words;
        }
        cause = inner.source();
    }
    match advice(error) {
        Some(options) => writeln!(out, "  try {options}"),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{words}")]
    struct Link {
        words: &'static str,
        #[source]
        cause: Option<Box<Link>>,
    }

    fn complaint(chain: &[&'static str]) -> String {
        let link = chain.iter().rev().fold(None, |cause, words| Some(Box::new(Link { words, cause })));
        let mut out = Vec::new();
        complain(&*link.unwrap(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn causes_follow_from_the_outside_in() {
        let words = complaint(&["cannot resume runs/7", "cannot read config.json", "permission denied"]);
        insta::assert_snapshot!(words, @r"
        error: cannot resume runs/7
          because cannot read config.json
          because permission denied
        ");
    }

    #[test]
    fn a_repeated_cause_is_said_once() {
        insta::assert_snapshot!(complaint(&["disk full", "disk full", "quota"]), @r"
        error: disk full
          because quota
        ");
    }

    #[test]
    fn the_option_that_helps_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("notes.txt"), "x").unwrap();
        let taken = recurrent_train::RunFolder::create(folder.path(), "stock-gru", &1).unwrap_err();
        let mut out = Vec::new();
        complain(&taken, &mut out).unwrap();
        let said = String::from_utf8(out).unwrap().replace(&folder.path().display().to_string(), "DIR");
        insta::assert_snapshot!(said, @r"
        error: DIR: is not empty (`notes.txt`); choose another folder
          try `--run DIR` for another folder
        ");
    }
}

//! A mirror: a folder or a server that has the data sets under their file names.

use std::{path::PathBuf, str::FromStr};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use thiserror::Error;

/// What a URL's path may hold as it is (RFC 3986, "unreserved"); the `^` of `^DJI.csv` is not among it.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Where the files are taken from instead of their homes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mirror {
    /// A folder on this machine.
    Folder(PathBuf),
    /// The address of a folder on a server, without a slash at its end.
    Server(String),
}

/// An address that cannot be fetched from.
#[derive(Debug, Error)]
#[error("a mirror is a folder or an http(s) address, and `{scheme}://` is neither")]
pub struct MirrorError {
    scheme: String,
}

impl FromStr for Mirror {
    type Err = MirrorError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let scheme = word.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
        match scheme.as_deref() {
            Some("http" | "https") => Ok(Self::Server(word.trim_end_matches('/').to_owned())),
            Some(scheme) => Err(MirrorError { scheme: scheme.to_owned() }),
            None => Ok(Self::Folder(word.into())),
        }
    }
}

/// The address of a file on a mirror server.
pub fn address(base: &str, file: &str) -> String {
    format!("{base}/{}", utf8_percent_encode(file, ENCODED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_makes_a_server_and_anything_else_a_folder() {
        let mirror = |word: &str| word.parse::<Mirror>().expect("a mirror");
        assert_eq!(mirror("https://host/data//"), Mirror::Server("https://host/data".into()));
        assert_eq!(mirror("HTTP://host"), Mirror::Server("HTTP://host".into()));
        assert_eq!(mirror("../data"), Mirror::Folder("../data".into()));
        assert_eq!(mirror("C:\\data"), Mirror::Folder("C:\\data".into()));
    }

    #[test]
    fn another_scheme_is_refused() {
        insta::assert_snapshot!(
            "ftp://host/data".parse::<Mirror>().expect_err("not a mirror"),
            @"a mirror is a folder or an http(s) address, and `ftp://` is neither"
        );
    }

    #[test]
    fn the_caret_is_percent_encoded_in_an_address() {
        assert_eq!(address("http://host/data", "^DJI.csv"), "http://host/data/%5EDJI.csv");
        assert_eq!(address("http://host", "aclImdb_v1.tar.gz"), "http://host/aclImdb_v1.tar.gz");
    }
}

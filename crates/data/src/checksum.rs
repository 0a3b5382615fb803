//! SHA-256 as people compare it.

use sha2::{Digest, Sha256};

/// A finished checksum as 64 hexadecimal digits.
pub(crate) fn hex(sha256: Sha256) -> String {
    sha256.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// That of some bytes.
pub(crate) fn sha256(bytes: impl AsRef<[u8]>) -> String {
    hex(Sha256::new_with_prefix(bytes))
}

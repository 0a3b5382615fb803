//! The token that clients have to name.

use axum::http::{HeaderMap, header};
use sha2::{Digest, Sha256};
use std::hint::black_box;

/// A token, of which its hash is kept: hashes are equally long, and comparing them in constant time tells nothing of
/// the token.
pub(super) struct Token([u8; 32]);

impl Token {
    pub(super) fn new(token: &str) -> Self {
        Self(Sha256::digest(token).into())
    }

    /// Whether a request names it, as `Authorization: Bearer TOKEN`.
    pub(super) fn is_named_by(&self, headers: &HeaderMap) -> bool {
        let Some(value) = headers.get(header::AUTHORIZATION) else { return false };
        let Some((scheme, named)) = value.as_bytes().split_at_checked(7) else { return false };
        let named: [u8; 32] = Sha256::digest(named).into();
        let differences =
            self.0.iter().zip(named).fold(0, |all, (own, named)| black_box(all | (own ^ named)));
        scheme.eq_ignore_ascii_case(b"Bearer ") && differences == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_token_alone_passes() {
        let token = Token::new("secret");
        let is_named = |value: &str| {
            let headers = HeaderMap::from_iter([(header::AUTHORIZATION, value.parse().unwrap())]);
            token.is_named_by(&headers)
        };
        assert!(is_named("Bearer secret") && is_named("bearer secret"));
        for wrong in [
            "",
            "Bearer",
            "Bearer ",
            "Bearer secre",
            "Bearer secrets",
            "Basic secret",
            "secret",
            "Bearer  secret",
        ] {
            assert!(!is_named(wrong), "`{wrong}` passed");
        }
        assert!(!token.is_named_by(&HeaderMap::new()));
    }
}

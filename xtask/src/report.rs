//! How a failure is shown: the error and its causes on one line, from the outside in.

use std::error::Error;

/// Joins an error and its sources with colons.
///
/// A source whose text already ends its parent's (a transparent wrapper) is not said twice.
pub fn chain(error: &dyn Error) -> String {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let text = cause.to_string();
        if !message.ends_with(&text) {
            message.push_str(": ");
            message.push_str(&text);
        }
        source = cause.source();
    }
    message
}

//! What the user is told while data is fetched, a line at a time.

use std::io::Write;

/// Lines for the user.
pub struct Notes<'a> {
    out: &'a mut dyn Write,
}

impl<'a> Notes<'a> {
    /// Writes to `out`.
    pub fn new(out: &'a mut dyn Write) -> Self {
        Self { out }
    }

    /// Writes one line.
    pub fn say(&mut self, line: &str) {
        // A reader that went away (`| head`) is no reason to give up a download.
        let _ = writeln!(self.out, "{line}").and_then(|()| self.out.flush());
    }
}

//! The options of how files of text are read.

use clap::Args;
use recurrent_data::text::{Encoding, ReadSpec};
use recurrent_program::flags::{set, values};
use recurrent_program::{Source, WrongUsage, refuse_meaningless};

/// How files of text are read.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub struct ReadingFlags {
    /// Encoding of the text, such as windows-1252 [default: utf-8, or what a byte-order mark says]
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<Encoding>,
    /// Read such files of a folder alone, as *.md; may be given again
    #[arg(long, value_name = "GLOB", value_parser = values::text)]
    pub include: Vec<String>,
    /// Leave such files of a folder out; may be given again
    #[arg(long, value_name = "GLOB", value_parser = values::text)]
    pub exclude: Vec<String>,
}

impl ReadingFlags {
    /// Puts what was given into its place, for a text from a source.
    ///
    /// # Errors
    /// Something was given, and the text is generated.
    pub fn apply(&self, read: &mut ReadSpec, source: &Source) -> Result<(), WrongUsage> {
        if *source == Source::Demo {
            return self.refuse("the demo text is generated");
        }
        set(&mut read.encoding, self.encoding.map(Some));
        read.include.extend_from_slice(&self.include);
        read.exclude.extend_from_slice(&self.exclude);
        Ok(())
    }

    /// Refuses them where nothing is read by them, for a reason.
    ///
    /// # Errors
    /// Something was given.
    pub fn refuse(&self, reason: &str) -> Result<(), WrongUsage> {
        let given = self.encoding.is_some() || !self.include.is_empty() || !self.exclude.is_empty();
        refuse_meaningless([("--encoding`, `--include` or `--exclude", given, reason)])
    }
}

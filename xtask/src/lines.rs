//! `cargo xtask lines`: how many lines of Rust each crate and program has, as a table for docs/architecture.md.
//!
//! Counted as tokei does: a line with any code is code, one with nothing but comments (documentation included) is a comment.

use std::{
    fmt, fs, io,
    ops::AddAssign,
    path::{Path, PathBuf},
};

use thiserror::Error;

/// Lines of some files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// With code, alone or beside a comment.
    pub code: usize,
    /// With comments alone.
    pub comments: usize,
    /// With nothing.
    pub blank: usize,
}

impl Lines {
    /// The lines of a Rust source text.
    ///
    /// ```
    /// use xtask::lines::Lines;
    ///
    /// let lines = Lines::of("//! A page.\n\nfn main() {} // here\n");
    /// assert_eq!((lines.code, lines.comments, lines.blank), (1, 1, 1));
    /// ```
    pub fn of(text: &str) -> Self {
        let mut lines = Self::default();
        let mut place = Place::Code;
        for line in text.lines() {
            let (seen, end) = scan(line, place);
            place = end;
            match seen {
                Seen { code: true, .. } => lines.code += 1,
                Seen { comment: true, .. } => lines.comments += 1,
                Seen { .. } => lines.blank += 1,
            }
        }
        lines
    }

    /// All of them.
    pub fn all(&self) -> usize {
        self.code + self.comments + self.blank
    }
}

impl AddAssign for Lines {
    fn add_assign(&mut self, other: Self) {
        self.code += other.code;
        self.comments += other.comments;
        self.blank += other.blank;
    }
}

/// What a line's beginning lies in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Code,
    /// So many block comments within one another.
    Comment(usize),
    /// A string, which a backslash may go on with.
    Text,
    /// A raw string that ends with a quote and so many signs `#`.
    RawText(usize),
}

#[derive(Default)]
struct Seen {
    code: bool,
    comment: bool,
}

/// What a line holds, and what its end lies in.
fn scan(line: &str, mut place: Place) -> (Seen, Place) {
    let mut seen = Seen::default();
    let mut rest = line.trim();
    while let Some(first) = rest.chars().next() {
        let mut taken = first.len_utf8();
        match place {
            Place::Comment(depth) => {
                seen.comment = true;
                if rest.starts_with("*/") {
                    taken = 2;
                    place = if depth == 1 { Place::Code } else { Place::Comment(depth - 1) };
                } else if rest.starts_with("/*") {
                    taken = 2;
                    place = Place::Comment(depth + 1);
                }
            }
            Place::Text => {
                seen.code = true;
                match first {
                    '\\' => taken += rest[1..].chars().next().map_or(0, char::len_utf8),
                    '"' => place = Place::Code,
                    _ => {}
                }
            }
            Place::RawText(signs) => {
                seen.code = true;
                let closes =
                    first == '"' && rest[1..].bytes().take_while(|byte| *byte == b'#').count() >= signs;
                if closes {
                    taken += signs;
                    place = Place::Code;
                }
            }
            Place::Code if rest.starts_with("//") => {
                seen.comment = true;
                break;
            }
            Place::Code if rest.starts_with("/*") => {
                taken = 2;
                seen.comment = true;
                place = Place::Comment(1);
            }
            Place::Code => {
                seen.code |= !first.is_whitespace();
                (taken, place) = code(rest, taken);
            }
        }
        rest = &rest[taken..];
    }
    (seen, place)
}

/// How much of the code at the front belongs together, and what follows it lies in.
fn code(rest: &str, one: usize) -> (usize, Place) {
    if rest.starts_with('"') {
        return (one, Place::Text);
    }
    // Names are taken whole, so that no `r` at their end begins a raw string.
    let name = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len());
    if name > 0 {
        let signs = rest[name..].bytes().take_while(|byte| *byte == b'#').count();
        let is_raw = matches!(&rest[..name], "r" | "br" | "cr") && rest[name + signs..].starts_with('"');
        return if is_raw { (name + signs + 1, Place::RawText(signs)) } else { (name, Place::Code) };
    }
    (character(rest).unwrap_or(one), Place::Code)
}

/// The length of the character literal at the front, if that is one and not a lifetime.
fn character(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix('\'')?;
    let first = inside.chars().next()?;
    if first == '\\' {
        let escaped = 1 + inside[1..].chars().next()?.len_utf8();
        return Some(1 + escaped + inside[escaped..].find('\'')? + 1);
    }
    inside[first.len_utf8()..].starts_with('\'').then_some(2 + first.len_utf8())
}

/// One package and its lines.
#[derive(Debug)]
pub struct Part {
    /// Its folder, from the workspace's on.
    pub folder: String,
    /// What it is made of; tests within its files are part of it.
    pub src: Lines,
    /// Its folder `tests`.
    pub tests: Lines,
    /// Its folder `examples`.
    pub examples: Lines,
}

/// The packages of the workspace.
#[derive(Debug)]
pub struct Table {
    /// Each package, by folder.
    pub parts: Vec<Part>,
}

/// Why lines cannot be counted.
#[derive(Debug, Error)]
#[error("cannot read `{}`", path.display())]
pub struct LinesError {
    /// The file or folder.
    pub path: PathBuf,
    /// Why not.
    pub source: io::Error,
}

impl Table {
    /// Counts the lines of every package below `root`: those of `crates` and `apps`, and `bench` and `xtask`.
    ///
    /// # Errors
    ///
    /// When a file or folder cannot be read.
    pub fn count(root: &Path) -> Result<Self, LinesError> {
        let mut folders = entries(&root.join("crates"))?;
        folders.extend(entries(&root.join("apps"))?);
        folders.extend([root.join("bench"), root.join("xtask")]);
        folders.retain(|folder| folder.join("Cargo.toml").is_file());
        let parts = folders.iter().map(|folder| {
            Ok(Part {
                folder: folder.strip_prefix(root).unwrap_or(folder).display().to_string().replace('\\', "/"),
                src: below(&folder.join("src"))?,
                tests: below(&folder.join("tests"))?,
                examples: below(&folder.join("examples"))?,
            })
        });
        Ok(Self { parts: parts.collect::<Result<_, _>>()? })
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| package | code | comments | blank | `src` in all | `tests` | `examples` |")?;
        writeln!(f, "|---|--:|--:|--:|--:|--:|--:|")?;
        for part in &self.parts {
            row(f, &format!("`{}`", part.folder), part.src, part.tests, part.examples)?;
        }
        for (name, prefix) in [("all crates", "crates/"), ("all programs", "apps/"), ("everything", "")] {
            let [mut src, mut tests, mut examples] = [Lines::default(); 3];
            for part in self.parts.iter().filter(|part| part.folder.starts_with(prefix)) {
                src += part.src;
                tests += part.tests;
                examples += part.examples;
            }
            row(f, name, src, tests, examples)?;
        }
        Ok(())
    }
}

fn row(f: &mut fmt::Formatter<'_>, name: &str, src: Lines, tests: Lines, examples: Lines) -> fmt::Result {
    let figures = [src.code, src.comments, src.blank, src.all(), tests.all(), examples.all()].map(thousands);
    writeln!(f, "| {name} | {} |", figures.join(" | "))
}

fn thousands(count: usize) -> String {
    match count {
        0..1000 => count.to_string(),
        _ => format!("{},{:03}", thousands(count / 1000), count % 1000),
    }
}

/// The lines of all Rust files below a folder; none where there is no such folder.
fn below(folder: &Path) -> Result<Lines, LinesError> {
    let mut lines = Lines::default();
    if !folder.is_dir() {
        return Ok(lines);
    }
    for path in entries(folder)? {
        if path.is_dir() {
            lines += below(&path)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            lines += Lines::of(&fs::read_to_string(&path).map_err(|source| LinesError { path, source })?);
        }
    }
    Ok(lines)
}

/// What a folder holds, in the order of names.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, LinesError> {
    let failed = |source| LinesError { path: folder.to_owned(), source };
    let entries = fs::read_dir(folder).map_err(failed)?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, _>>().map_err(failed)?;
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_lines(text: &str, code: usize, comments: usize, blank: usize) {
        assert_eq!(Lines::of(text), Lines { code, comments, blank }, "{text}");
    }

    #[test]
    fn comments_end_where_they_end() {
        assert_lines("/* a\n\n/* b */\n*/ c\n/* d */\n", 1, 3, 1);
        assert_lines("a /* b */\n/// c\n//d\n  \n", 1, 2, 1);
    }

    #[test]
    fn signs_of_comments_within_strings_are_code() {
        assert_lines("let a = \"/*\";\n// b\n", 1, 1, 0);
        assert_lines("let a = \"b \\\" //\n// c\n\";\n// d", 3, 1, 0);
        assert_lines("let a = r#\"b\" //\n// c\n\"#;\n// d", 3, 1, 0);
        assert_lines("let a = br\"\\\";\n// b", 1, 1, 0);
        assert_lines("for\"a\\\\\" // b\n// c", 1, 1, 0);
    }

    #[test]
    fn characters_are_no_strings_and_lifetimes_no_characters() {
        assert_lines(
            "let a = '\"';\n// b\nlet c = b'\\'';\n// d\nlet e = '\\u{22}'; let f = '\\\\';\n// g",
            3,
            3,
            0,
        );
        assert_lines("fn a<'b>(c: &'b str) -> Cow<'b, str> { '/' }\n// d", 1, 1, 0);
    }

    #[test]
    fn a_table_adds_up() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let write = |path: &str, text: &str| {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        };
        for package in ["crates/b", "crates/a", "apps/c", "bench", "xtask"] {
            write(&format!("{package}/Cargo.toml"), "");
        }
        write("crates/no_package/src/lib.rs", "pub fn a() {}\n");
        write("crates/a/src/deep/lib.rs", "//! A.\n\npub fn a() {}\n");
        write("crates/a/src/page.md", "no Rust\n");
        write("crates/a/tests/a.rs", "\n\n");
        write("apps/c/src/main.rs", &"fn f() {}\n".repeat(1234));
        write("apps/c/examples/c.rs", "fn main() {}\n");
        insta::assert_snapshot!(Table::count(root.path()).expect("readable files"), @r"
        | package | code | comments | blank | `src` in all | `tests` | `examples` |
        |---|--:|--:|--:|--:|--:|--:|
        | `crates/a` | 1 | 1 | 1 | 3 | 2 | 0 |
        | `crates/b` | 0 | 0 | 0 | 0 | 0 | 0 |
        | `apps/c` | 1,234 | 0 | 0 | 1,234 | 0 | 1 |
        | `bench` | 0 | 0 | 0 | 0 | 0 | 0 |
        | `xtask` | 0 | 0 | 0 | 0 | 0 | 0 |
        | all crates | 1 | 1 | 1 | 3 | 2 | 0 |
        | all programs | 1,234 | 0 | 0 | 1,234 | 0 | 1 |
        | everything | 1,235 | 1 | 1 | 1,237 | 2 | 1 |
        ");
    }
}

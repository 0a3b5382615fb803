//! What parts the fields of a table and what quotes mean in it: the dialect in which the whole file makes sense.

use std::borrow::Cow;

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    /// What parts fields.
    pub(super) delimiter: char,
    quotes: Quotes,
}

/// What a double quote means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quotes {
    /// It stands around a field; two of them within are one (RFC 4180).
    Doubled,
    /// It stands around a field; one within follows a backslash.
    Escaped,
    /// It is a character like others.
    Plain,
}

/// What may part fields; where two make as much sense, the first: a tab is hardly ever a part of a text.
const DELIMITERS: [char; 4] = ['\t', ',', ';', '|'];
/// Records that tell what parts fields.
const LOOKED_AT: usize = 200;

impl Dialect {
    /// The dialect of a text, and the text without a first line that says it, as Excel takes one.
    pub(super) fn of(text: &str) -> (Self, &str) {
        let said = text.strip_prefix("sep=").and_then(|rest| Some((rest.chars().next()?, rest)));
        if let Some((delimiter, rest)) = said.filter(|(delimiter, _)| DELIMITERS.contains(delimiter)) {
            let rest = rest[1..].trim_start_matches(['\r', '\n']);
            return (Self { delimiter, quotes: Quotes::of(rest, delimiter) }, rest);
        }
        let agreeing = DELIMITERS.map(|delimiter| Self::agreeing(text, delimiter));
        let most = agreeing.into_iter().max().unwrap_or_default();
        let place = agreeing.iter().position(|agreeing| *agreeing == most).unwrap_or_default();
        let delimiter = DELIMITERS[place];
        (Self { delimiter, quotes: Quotes::of(text, delimiter) }, text)
    }

    /// The delimiters, in words.
    pub(super) fn delimiters(self) -> &'static str {
        match self.delimiter {
            ',' => "commas",
            '\t' => "tabs",
            ';' => "semicolons",
            _ => "bars",
        }
    }

    /// How many of the first records have as many fields as the very first, which has two at least.
    fn agreeing(text: &str, delimiter: char) -> usize {
        [Quotes::Doubled, Quotes::Escaped, Quotes::Plain]
            .map(|quotes| {
                let mut records = Records::new(text, Self { delimiter, quotes }).map_while(Result::ok);
                let fields = records.next().map_or(0, |first| first.len());
                if fields < 2 {
                    0
                } else {
                    1 + records.take(LOOKED_AT).filter(|it| it.len() == fields).count()
                }
            })
            .into_iter()
            .max()
            .unwrap_or_default()
    }
}

impl Quotes {
    /// What quotes mean where all of a text makes sense: the usual thing where nothing does, so that the first fault is told.
    fn of(text: &str, delimiter: char) -> Self {
        if !text.contains('"') {
            return Self::Doubled;
        }
        let plain: &[Self] = if delimiter == '\t' { &[Self::Plain] } else { &[] };
        let possible = [Self::Doubled, Self::Escaped].iter().chain(plain);
        let fits = |quotes: &&Self| fits(text, Dialect { delimiter, quotes: **quotes });
        let found = possible.copied().find(|quotes| fits(&quotes));
        found.unwrap_or(Self::Doubled)
    }
}

/// Whether all records can be read and have no more fields than the first. Where each line by itself has as many tabs as the
/// first one, no quotes hold a line end: a field may begin with a quote that is a part of it.
fn fits(text: &str, dialect: Dialect) -> bool {
    let (mut fields, mut count) = (None, 0);
    for record in Records::new(text, dialect) {
        let Ok(record) = record else { return false };
        if record.len() > *fields.get_or_insert(record.len()) {
            return false;
        }
        count += 1;
    }
    dialect.delimiter != '\t' || !lines_agree(text) || count == lines(text).count()
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.is_empty())
}

fn lines_agree(text: &str) -> bool {
    let tabs = |line: &str| line.bytes().filter(|byte| *byte == b'\t').count();
    let first = lines(text).next().map_or(0, tabs);
    lines(text).all(|line| tabs(line) == first)
}

/// The records of a text. Blank lines between them are passed over.
#[derive(Clone)]
pub(super) struct Records<'a> {
    rest: &'a str,
    dialect: Dialect,
}

impl<'a> Records<'a> {
    pub(super) fn new(text: &'a str, dialect: Dialect) -> Self {
        Self { rest: text, dialect }
    }

    /// The fields up to the end of a line that no quotes hold.
    fn record(&mut self) -> Result<Vec<Cow<'a, str>>, &'static str> {
        let mut fields = Vec::new();
        loop {
            let (field, after) = match (self.dialect.quotes, self.rest.strip_prefix('"')) {
                (Quotes::Doubled, Some(inside)) => doubled(inside)?,
                (Quotes::Escaped, Some(inside)) => escaped(inside)?,
                _ => plain(self.rest, self.dialect.delimiter),
            };
            fields.push(field);
            let line_end = after.strip_prefix("\r\n").or_else(|| after.strip_prefix('\n'));
            match (after.strip_prefix(self.dialect.delimiter), line_end) {
                (Some(next), _) => self.rest = next,
                (None, Some(next)) => {
                    self.rest = next;
                    return Ok(fields);
                }
                (None, None) if after.is_empty() => {
                    self.rest = after;
                    return Ok(fields);
                }
                (None, None) => return Err("a quote stands within quotes; write it twice"),
            }
        }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Vec<Cow<'a, str>>, &'static str>;

    fn next(&mut self) -> Option<Self::Item> {
        self.rest = self.rest.trim_start_matches(['\r', '\n']);
        if self.rest.is_empty() {
            return None;
        }
        let record = self.record();
        if record.is_err() {
            self.rest = "";
        }
        Some(record)
    }
}

/// A field without quotes around it, and what follows it. Quotes later in it are part of it.
fn plain(text: &str, delimiter: char) -> (Cow<'_, str>, &str) {
    let end = text.find([delimiter, '\n']).unwrap_or(text.len());
    let end = if text[end..].starts_with('\n') && text[..end].ends_with('\r') { end - 1 } else { end };
    let (field, after) = text.split_at(end);
    (field.into(), after)
}

/// A field after its opening quote, and what follows the closing one. A doubled quote means one.
fn doubled(inside: &str) -> Result<(Cow<'_, str>, &str), &'static str> {
    let mut from = 0;
    loop {
        let quote = from + inside[from..].find('"').ok_or("a quote is not closed")?;
        let after = &inside[quote + 1..];
        if after.starts_with('"') {
            from = quote + 2;
            continue;
        }
        let field = &inside[..quote];
        let field = if from == 0 { field.into() } else { field.replace("\"\"", "\"").into() };
        return Ok((field, after));
    }
}

/// The same where a quote within follows a backslash, as does a backslash.
fn escaped(inside: &str) -> Result<(Cow<'_, str>, &str), &'static str> {
    let mut field = String::new();
    let mut rest = inside;
    loop {
        let stop = rest.find(['"', '\\']).ok_or("a quote is not closed")?;
        field.push_str(&rest[..stop]);
        let after = &rest[stop + 1..];
        if rest[stop..].starts_with('"') {
            return Ok((field.into(), after));
        }
        let escaped = after.chars().next().filter(|next| ['"', '\\'].contains(next));
        field.push(escaped.unwrap_or('\\'));
        rest = if escaped.is_some() { &after[1..] } else { after };
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CSV: Dialect = Dialect { delimiter: ',', quotes: Quotes::Doubled };

    fn records(text: &str) -> Vec<Vec<String>> {
        let fields = |record: Result<Vec<Cow<'_, str>>, _>| -> Vec<String> {
            record.unwrap().into_iter().map(Cow::into_owned).collect()
        };
        Records::new(text, CSV).map(fields).collect()
    }

    #[test]
    fn quotes_hold_commas_line_ends_and_quotes() {
        let text = "a,b\r\n\"so, \"\"so\"\"\r\nlà\",\"\"\n\n,x \"y\"\n\"\"";
        let expected = [vec!["a", "b"], vec!["so, \"so\"\r\nlà", ""], vec!["", "x \"y\""], vec![""]];
        assert_eq!(records(text), expected);
    }

    #[test]
    fn quotes_out_of_place_are_refused() {
        for text in ["\"a\" ,b", "\"a\"b\",c", "\"\"a", "x,\"a\"\"\"b\n"] {
            let found = Records::new(text, CSV).next();
            assert_eq!(found, Some(Err("a quote stands within quotes; write it twice")), "{text}");
        }
        for text in ["\"", "a,\"b\n", "\"\"\"", "a\"b,\"c"] {
            assert_eq!(Records::new(text, CSV).next(), Some(Err("a quote is not closed")), "{text}");
        }
    }

    #[test]
    fn the_dialect_is_what_makes_sense_of_all() {
        for (text, delimiter, quotes) in [
            ("a,b\n\"x;y\",1\n", ',', Quotes::Doubled),
            ("a;b\nx, y, z;1\n", ';', Quotes::Doubled),
            ("a\tb\n\"the \\\"best\\\", they say\"\t1\n", '\t', Quotes::Escaped),
            ("a\tb\n\"Good,\" he said\t1\n\"So\" what?\t0\n", '\t', Quotes::Plain),
            ("a\tb\n\"Good\t1\nso \"so\"\t0\n", '\t', Quotes::Plain),
            ("a\tb\n\"one\ntwo\"\t1\n", '\t', Quotes::Doubled),
        ] {
            assert_eq!(Dialect::of(text).0, Dialect { delimiter, quotes }, "{text:?}");
        }
        assert_eq!(Dialect::of("sep=;\na;b\n"), (Dialect { delimiter: ';', ..CSV }, "a;b\n"));
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(
            table in prop::collection::vec(prop::collection::vec("[a\",\r\né]{0,5}", 2..4), 0..6),
        ) {
            let quote = |field: &String| format!("\"{}\"", field.replace('"', "\"\""));
            let line = |fields: &Vec<String>| fields.iter().map(quote).collect::<Vec<_>>().join(",") + "\n";
            let text: String = table.iter().map(line).collect();
            prop_assert_eq!(records(&text), table);
        }
    }
}

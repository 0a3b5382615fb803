//! Sentences whose words have tags: files as CoNLL-2003 has them, a word a line and its tag in the last column, and the scores
//! of its script `conlleval`.

use std::{fs, ops::Range, path::Path};

/// Some words and their tags: `O`, or `B-` and a kind for the first word of a name and `I-` for the others (BIO).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sentence {
    /// The words.
    pub words: Vec<String>,
    /// The tag of each.
    pub tags: Vec<String>,
}

/// Reads a file with tags in BIO or IOB1, in which `B-` only parts names of one kind; they come out as BIO. An error names
/// the file and the line.
pub fn read(path: &Path) -> Result<Vec<Sentence>, String> {
    let file = path.display();
    let text = fs::read_to_string(path).map_err(|error| format!("`{file}`: cannot be read: {error}"))?;
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    let mut sentences = vec![Sentence::default()];
    for (line, number) in text.lines().zip(1..) {
        let mut columns = line.split_ascii_whitespace();
        match (columns.next(), columns.last()) {
            (None | Some("-DOCSTART-"), _) => sentences.push(Sentence::default()),
            (Some(word), Some(tag)) if tag == "O" || tag.starts_with("B-") || tag.starts_with("I-") => {
                let sentence = sentences.last_mut().expect("there is a first one");
                sentence.words.push(word.to_owned());
                sentence.tags.push(tag.to_owned());
            }
            (Some(word), tag) => {
                let fault = tag.map_or("has no tag".to_owned(), |tag| format!("has the tag `{tag}`"));
                return Err(format!("`{file}`, line {number}: `{word}` {fault}; expected O, B-X or I-X"));
            }
        }
    }
    sentences.retain(|sentence| !sentence.words.is_empty());
    for Sentence { tags, .. } in &mut sentences {
        names(&tags.clone()).iter().for_each(|(kind, words)| tags[words.start] = format!("B-{kind}"));
    }
    let few = format!("`{file}`: holds {} sentences; at least 3 are needed", sentences.len());
    if sentences.len() < 3 { Err(few) } else { Ok(sentences) }
}

/// The names among tags, BIO or not: the kind of each, and the places of its words.
pub fn names(tags: &[String]) -> Vec<(&str, Range<usize>)> {
    let mut names: Vec<(&str, Range<usize>)> = Vec::new();
    for (at, tag) in tags.iter().enumerate() {
        let Some((place, kind)) = tag.split_once('-') else { continue };
        match names.last_mut() {
            Some((last, words)) if place == "I" && *last == kind && words.end == at => words.end += 1,
            _ => names.push((kind, at..at + 1)),
        }
    }
    names
}

/// The share of words with their own tag, and precision, recall and F1 of the names, in percent. A name is right with all of
/// its words and its kind.
pub fn score(sentences: &[Sentence], said: impl IntoIterator<Item = Vec<String>>) -> [f64; 4] {
    let [mut words, mut same, mut there, mut found, mut right] = [0; 5];
    for (Sentence { tags, .. }, said) in sentences.iter().zip(said) {
        words += tags.len();
        same += tags.iter().zip(&said).filter(|(tag, said)| tag == said).count();
        let (truth, said) = (names(tags), names(&said));
        there += truth.len();
        found += said.len();
        right += said.iter().filter(|name| truth.contains(name)).count();
    }
    let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    [percent(same, words), percent(right, found), percent(right, there), percent(2 * right, there + found)]
}

//! What Project Gutenberg puts around a book: a header and a licence, and most books' table of contents.
//!
//! The rules are careful ones: where they do not fit for certain, the text stays. Credits and the title page stay
//! too. What was taken off is told by [`Note`](super::Note).

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::decode::has;

/// What becomes of what a text's publisher put around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Edition {
    /// A Project Gutenberg edition loses its header, footer and table of contents; any other text stays.
    ///
    /// The header ends with a line that begins with `*** START OF` and names Project Gutenberg, the footer begins with
    /// such a line of `*** END OF` (or with the file's end, where that line is missing). A file may hold several
    /// books. The contents are looked for after such a header only: they begin with a line `CONTENTS` or `TABLE OF
    /// CONTENTS` in the book's first 20,000 bytes, and end where their first entry comes a second time, on one
    /// line or over several, within 65,536 bytes: there, the book begins. White space, page numbers, dots and letter case do not
    /// count. Contents whose first entry does not come again stay.
    #[default]
    Detect,
    /// The text is taken as it is.
    Plain,
}

/// What is left of a Project Gutenberg edition.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unframed {
    /// The books' own text.
    pub(super) text: String,
    /// Lines of headers and footers taken off.
    pub(super) frame_lines: usize,
    /// Lines of contents taken off.
    pub(super) contents_lines: usize,
}

/// The books in an edition of Project Gutenberg; `None` where the text is none.
pub(super) fn unframed(text: &str) -> Option<Unframed> {
    // Most texts have none of the marks' stars, so that no line of them need be looked at.
    if !has(text.as_bytes(), b'*') {
        return None;
    }
    let (mut books, mut contents_lines, mut kept_lines) = (Vec::new(), 0, 0);
    let mut from = 0;
    while let Some(book) = next_book(text, from) {
        from = book.end;
        let book = trimmed(text, book);
        kept_lines += text[book.clone()].lines().count();
        match contents(&text[book.clone()]) {
            Some(contents) => {
                let (start, end) = (book.start + contents.start, book.start + contents.end);
                contents_lines += text[start..end].lines().count();
                books.push(format!("{}{}", &text[book.start..start], &text[end..book.end]));
            }
            None => books.push(text[book].to_owned()),
        }
    }
    let frame_lines = text.lines().count() - kept_lines;
    (!books.is_empty()).then(|| Unframed { text: books.join("\n\n"), frame_lines, contents_lines })
}

/// Where the next book is that begins after `from`.
fn next_book(text: &str, from: usize) -> Option<Range<usize>> {
    let mark = lines(text, from).find(|line| is_mark(&text[line.clone()], "START OF"))?;
    // A long title may break the mark over lines; the last of them has the closing stars.
    let closing = std::iter::once(mark.clone()).chain(lines(text, mark.end).take(3)).find(|line| {
        text[line.clone()].trim_end().len() > 3 && text[line.clone()].trim_end().ends_with("***")
    });
    let start = closing.unwrap_or(mark).end;
    let end = lines(text, start).find(|line| is_mark(&text[line.clone()], "END OF"));
    Some(start..end.map_or(text.len(), |line| line.start))
}

/// A line such as `*** START OF THE PROJECT GUTENBERG EBOOK WAR AND PEACE ***`.
fn is_mark(line: &str, words: &str) -> bool {
    let Some(rest) = line.trim_start_matches('\u{feff}').strip_prefix("***") else { return false };
    let rest = rest.trim_start().to_ascii_uppercase();
    rest.starts_with(words) && rest.contains("PROJECT GUTENBERG")
}

/// A book without the blank lines around it, and without the line `End of … Project Gutenberg …` that older editions
/// have before the footer's mark.
fn trimmed(text: &str, book: Range<usize>) -> Range<usize> {
    let mut end = book.start + text[book.clone()].trim_end().len();
    let last = text[book.start..end].rfind('\n').map_or(book.start, |feed| book.start + feed + 1);
    let closing = text[last..end].to_ascii_lowercase();
    if closing.starts_with("end of ") && closing.contains("project gutenberg") {
        end = book.start + text[book.start..last].trim_end().len();
    }
    let blank = text[book.start..end].len() - text[book.start..end].trim_start_matches('\n').len();
    book.start + blank..end
}

/// How far into a book its contents may begin, in bytes.
const FRONT: usize = 20_000;
/// How long contents may be, in bytes: twice those of a book of 365 chapters with titles.
const LONGEST: usize = 65_536;

/// Where the contents of a book are, from their heading to the line with which the book begins.
fn contents(book: &str) -> Option<Range<usize>> {
    let heading = lines(book, 0).take_while(|line| line.start < FRONT).find(|line| {
        let words = words(&book[line.clone()]);
        words == "contents" || words == "table of contents"
    })?;
    let entry = lines(book, heading.end).find(|line| !words(&book[line.clone()]).is_empty())?;
    let wanted = words(&book[entry.clone()]);
    // A row of stars or a lone number would be found anywhere.
    if !wanted.contains(char::is_alphabetic) {
        return None;
    }
    let again = lines(book, entry.end)
        .take_while(|line| line.start < heading.start + LONGEST)
        .find(|line| begins_with_heading(&book[line.start..], &wanted))?;
    Some(heading.start..again.start)
}

/// Whether a text's first line, or its first few together, say the wanted words.
fn begins_with_heading(text: &str, wanted: &str) -> bool {
    let mut said = String::new();
    for line in lines(text, 0).map(|line| words(&text[line])).take(6) {
        // The first line must say something, or the blank ones before a heading would go with the contents.
        if line.is_empty() && said.is_empty() {
            return false;
        }
        if !said.is_empty() && !line.is_empty() {
            said.push(' ');
        }
        said += &line;
        if said.len() >= wanted.len() {
            return said == wanted;
        }
    }
    false
}

/// A line's words in lower case, without dots, and without the page number at its end.
fn words(line: &str) -> String {
    let lower = line.to_lowercase().replace(['.', '…'], " ");
    let mut words: Vec<&str> = lower.split_whitespace().collect();
    if words.len() > 2 && words.last().is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit())) {
        words.pop();
    }
    words.join(" ")
}

/// The places of the lines at or after `from`, which begins a line; each with its line end.
fn lines(text: &str, from: usize) -> impl Iterator<Item = Range<usize>> + '_ {
    text[from..].split_inclusive('\n').scan(from, |start, line| {
        let place = *start..*start + line.len();
        *start = place.end;
        Some(place)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(book: &str) -> String {
        format!(
            "\u{feff}The Project Gutenberg eBook of X\n\n*** START OF THE PROJECT GUTENBERG EBOOK X ***\n\n\n{book}\n\n\n\
             *** END OF THE PROJECT GUTENBERG EBOOK X ***\n\nlicence\n"
        )
    }

    fn text_of(edition: &str) -> String {
        unframed(edition).expect("an edition of Project Gutenberg").text
    }

    #[test]
    fn the_frame_and_the_contents_come_off() {
        let book = "WAR AND PEACE\n\nBy Leo Tolstoy\n\n\nCONTENTS\n\nBOOK ONE: 1805\n\nCHAPTER I\n\nCHAPTER II\n\n\nBOOK ONE: 1805\n\n\
                    CHAPTER I\n\n“Well, Prince”";
        let found = unframed(&framed(book)).unwrap();
        assert_eq!(
            found.text,
            "WAR AND PEACE\n\nBy Leo Tolstoy\n\n\nBOOK ONE: 1805\n\nCHAPTER I\n\n“Well, Prince”"
        );
        assert_eq!((found.frame_lines, found.contents_lines), (10, 9));
    }

    #[test]
    fn an_entry_is_known_again_over_two_lines_and_without_its_page() {
        let book = "Contents\n\n CHAPTER I.     Down the Rabbit-Hole .... 11\n CHAPTER II.    The Pool of Tears .... 15\n\n\n\
                    CHAPTER I.\nDown the Rabbit-Hole\n\n\nAlice was";
        assert_eq!(text_of(&framed(book)), "CHAPTER I.\nDown the Rabbit-Hole\n\n\nAlice was");
    }

    #[test]
    fn contents_that_cannot_be_told_for_certain_stay() {
        let never_again = "CONTENTS\n\nOne\nTwo\n\nOther words";
        assert_eq!(text_of(&framed(never_again)), never_again);
        let stars = "CONTENTS\n\n* * *\n\nWords\n\n* * *\n\nmore";
        assert_eq!(text_of(&framed(stars)), stars);
        let too_far = format!("CONTENTS\n\nOne\n\n{}\n\nOne\nend", "words\n".repeat(20_000));
        assert_eq!(text_of(&framed(&too_far)), too_far);
        let late = format!("{}CONTENTS\n\nOne\n\nOne\nend", "words\n".repeat(5_000));
        assert_eq!(text_of(&framed(&late)), late);
        let within = "He spoke of its contents\n\nOne\n\nOne\nend";
        assert_eq!(text_of(&framed(within)), within);
    }

    #[test]
    fn older_and_broken_marks_are_known() {
        let older = "x\n***START OF THE PROJECT GUTENBERG EBOOK A VERY LONG\nTITLE***\n\nA story.\n\nEnd of the Project Gutenberg EBook of X\n\n\
                     ***END OF THE PROJECT GUTENBERG EBOOK A VERY LONG\nTITLE***\nlicence";
        assert_eq!(text_of(older), "A story.");
        let cut = "*** START OF THIS PROJECT GUTENBERG EBOOK X ***\n\nA story.\n";
        assert_eq!(text_of(cut), "A story.");
    }

    #[test]
    fn several_books_in_one_file_are_all_kept() {
        assert_eq!(text_of(&(framed("One.") + &framed("Two."))), "One.\n\nTwo.");
    }

    #[test]
    fn another_text_is_left_alone() {
        assert_eq!(unframed("CONTENTS\n\nOne\n\nOne\n"), None);
        assert_eq!(unframed("*** START OF LOG ***\nwords\n*** END OF LOG ***\n"), None);
        assert_eq!(unframed("*** END OF THE PROJECT GUTENBERG EBOOK X ***\n"), None);
        assert_eq!(unframed(""), None);
    }
}

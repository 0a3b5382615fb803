//! Numbers as people write them, by what the whole file allows: which mark is the decimal one, and which stands between thousands.

use super::{FileFault, ValueFault};

/// How a file writes its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marks {
    pub(super) decimal: char,
    /// Whether the other of comma and point stands between thousands; blanks and apostrophes always may.
    pub(super) grouped: bool,
}

impl Marks {
    pub(super) const PLAIN: Self = Self { decimal: '.', grouped: false };

    fn group(self) -> char {
        if self.decimal == '.' { ',' } else { '.' }
    }
}

const GROUPS: [char; 6] = [' ', '\'', '’', '\u{a0}', '\u{202f}', '_'];

/// What one number says of its marks.
enum Evidence {
    Decimal(char),
    /// Only mark of its kind, behind groups of another.
    DecimalAfterGroups(char),
    Group(char),
    /// Three digits after the only mark: a decimal or a group.
    Either(char),
}

/// What the numbers among these texts say of their marks; other texts say nothing. `separated` is the delimiter of the file: where
/// all that is known is three digits behind a comma, it stands between thousands if columns are parted by commas too.
pub(super) fn marks<'a>(texts: impl Iterator<Item = &'a str>, delimiter: u8) -> Result<Marks, FileFault> {
    let (mut point, mut comma): (Option<&str>, Option<&str>) = (None, None);
    let (mut grouped, mut either_comma) = (false, false);
    for text in texts {
        let decimal = match evidence(text) {
            Some(Evidence::Decimal(mark)) => mark,
            Some(Evidence::DecimalAfterGroups(mark)) => {
                grouped = true;
                mark
            }
            Some(Evidence::Group(mark @ ('.' | ','))) => {
                grouped = true;
                if mark == ',' { '.' } else { ',' }
            }
            Some(Evidence::Either(',')) => {
                either_comma = true;
                continue;
            }
            _ => continue,
        };
        if decimal == '.' { &mut point } else { &mut comma }.get_or_insert(text);
    }
    match (point, comma) {
        (Some(point), Some(comma)) => Err(FileFault::Marks { point: point.into(), comma: comma.into() }),
        (None, Some(_)) => Ok(Marks { decimal: ',', grouped: true }),
        (Some(_), None) => Ok(Marks { decimal: '.', grouped: grouped || either_comma }),
        (None, None) if either_comma && delimiter != b',' => Ok(Marks { decimal: ',', grouped: false }),
        (None, None) => Ok(Marks { decimal: '.', grouped: either_comma }),
    }
}

fn evidence(text: &str) -> Option<Evidence> {
    let (digits, _) = bare(text);
    let digits = digits.strip_prefix(['-', '+']).unwrap_or(digits);
    let is_mark = |character: char| matches!(character, '.' | ',') || GROUPS.contains(&character);
    let fits = digits.chars().all(|it| it.is_ascii_digit() || is_mark(it));
    if !fits || !digits.starts_with(|it: char| it.is_ascii_digit() || it == '.' || it == ',') {
        return None;
    }
    let mut marks = digits.char_indices().filter(|(_, character)| is_mark(*character));
    let (first_at, first) = marks.next()?;
    let (last_at, last) = marks.clone().next_back().unwrap_or((first_at, first));
    let behind = digits.len() - last_at - last.len_utf8();
    if first != last {
        let groups = &digits[..last_at];
        return (matches!(last, '.' | ',') && are_groups(groups, first))
            .then_some(Evidence::DecimalAfterGroups(last));
    }
    if marks.next().is_some() {
        return are_groups(digits, first).then_some(Evidence::Group(first));
    }
    match first {
        '.' | ',' if behind != 3 || first_at > 3 || first_at == 0 || digits.starts_with('0') => {
            Some(Evidence::Decimal(first))
        }
        '.' | ',' => Some(Evidence::Either(first)),
        mark => are_groups(digits, mark).then_some(Evidence::Group(mark)),
    }
}

/// Whether a mark parts digits into thousands, or as in India into hundreds above the first thousand.
fn are_groups(text: &str, mark: char) -> bool {
    let groups: Vec<&str> = text.split(mark).collect();
    let [first, middle @ .., last] = groups.as_slice() else { return false };
    (1..=3).contains(&first.len())
        && last.len() == 3
        && middle.iter().all(|group| matches!(group.len(), 2 | 3))
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The number without sign of a currency and factor, and the factor: 1,000 for `K`.
fn bare(text: &str) -> (&str, f64) {
    const SIGNS: [char; 12] = ['$', '€', '£', '¥', '₹', '₩', '₽', '₺', '฿', '₿', '₫', '₪'];
    const CODES: [&str; 8] = ["USD", "EUR", "GBP", "JPY", "CHF", "INR", "US", "CNY"];
    let mut text = text.trim().trim_matches(SIGNS).trim();
    for code in CODES {
        text = text.strip_prefix(code).or_else(|| text.strip_suffix(code)).unwrap_or(text);
    }
    text = text.trim().trim_matches(SIGNS).trim();
    let factor = match text.as_bytes() {
        [.., digit, last] if digit.is_ascii_digit() || *digit == b' ' => match last.to_ascii_uppercase() {
            b'K' => 1e3,
            b'M' => 1e6,
            b'B' => 1e9,
            b'T' => 1e12,
            _ => 1.0,
        },
        _ => 1.0,
    };
    if factor > 1.0 { (text[..text.len() - 1].trim_end(), factor) } else { (text, factor) }
}

/// The number of a text, `None` where it says that there is none.
pub(super) fn number(text: &str, marks: Marks) -> Result<Option<f64>, ValueFault> {
    // The usual case at once; a NaN is a missing value.
    if marks == Marks::PLAIN
        && let Ok(value) = text.parse::<f64>()
        && !value.is_nan()
    {
        return Ok(Some(value));
    }
    if is_missing(text) {
        return Ok(None);
    }
    let (digits, factor) = bare(text);
    let (whole, fraction) = match digits.rsplit_once(marks.decimal) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let mut whole = whole.to_owned();
    let groups = GROUPS.into_iter().chain(marks.grouped.then_some(marks.group()));
    for mark in groups.filter(|mark| whole.contains(*mark)).collect::<Vec<_>>() {
        if !are_groups(whole.trim_start_matches(['-', '+']), mark) {
            return Err(fault(text));
        }
        whole = whole.replace(mark, "");
    }
    let number = fraction.map_or_else(|| whole.clone(), |fraction| format!("{whole}.{fraction}"));
    let value: f64 = number.parse().map_err(|_| fault(text))?;
    Ok(Some(if factor > 1.0 { (value * factor * 100.0).round() / 100.0 } else { value }))
}

fn fault(text: &str) -> ValueFault {
    let without = text.replace([',', '.'], "");
    if without.len() < text.len() && without.trim().parse::<f64>().is_ok() {
        ValueFault::Marks
    } else {
        ValueFault::Text
    }
}

/// Whether a field says that there is no value.
pub(super) fn is_missing(text: &str) -> bool {
    const WORDS: [&str; 14] = [
        "null", "nan", "na", "n/a", "#n/a", "#na", "none", "nil", "nat", "<na>", "missing", "-nan", "\\n",
        "#value!",
    ];
    let text = text.trim();
    let first = text.as_bytes().first();
    match first {
        None => true,
        // No number begins with such a letter, so that most fields are told by their first byte.
        Some(byte) if byte.is_ascii_digit() => false,
        _ => {
            matches!(text, "." | "-" | "--" | "–" | "—" | "?")
                || WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(texts: &[&str], delimiter: u8) -> Vec<f64> {
        let marks = marks(texts.iter().copied(), delimiter).unwrap();
        texts.iter().map(|text| number(text, marks).unwrap().unwrap()).collect()
    }

    #[test]
    fn marks_follow_from_the_whole_file() {
        assert_eq!(read(&["1,234", "1,234.5"], b','), [1234.0, 1234.5]);
        assert_eq!(read(&["1.234", "1.234,5"], b';'), [1234.0, 1234.5]);
        assert_eq!(read(&["1,234", "0,5"], b';'), [1.234, 0.5]);
        assert_eq!(read(&["1,234"], b','), [1234.0]);
        assert_eq!(read(&["1,234"], b';'), [1.234]);
        assert_eq!(read(&["1.234"], b';'), [1.234]);
        assert_eq!(read(&["1.234.567", "5"], b';'), [1_234_567.0, 5.0]);
        assert_eq!(read(&["1 234,50", "1'234,5"], b';'), [1234.5, 1234.5]);
        assert_eq!(read(&["12,34,567.25"], b','), [1_234_567.25]);
        assert_eq!(
            read(&["$1,234.50", "2.64M", "£3", "5 €", "1.5B", "USD 7", "12K"], b','),
            [1234.5, 2_640_000.0, 3.0, 5.0, 1.5e9, 7.0, 12_000.0]
        );
    }

    #[test]
    fn marks_that_contradict_each_other_are_refused() {
        let fault = marks(["1.5", "2,5"].into_iter(), b';').unwrap_err();
        assert!(matches!(fault, FileFault::Marks { .. }), "{fault:?}");
        assert_eq!(number("1,2,3", Marks { decimal: '.', grouped: true }), Err(ValueFault::Marks));
    }

    #[test]
    fn a_missing_value_has_many_names() {
        for text in ["", " ", "NaN", "nan", "N/A", "#N/A", "null", "NULL", "None", "-", ".", "—", "NA", "\\N"]
        {
            assert!(is_missing(text), "{text}");
        }
        assert!(!is_missing("0") && !is_missing("inf") && !is_missing("-5"));
    }
}

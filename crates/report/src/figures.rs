//! Numbers, durations and sentences as people read them: the same form on a screen, in charts and in reports.

/// Writes a number with so many significant digits: `2.196`, `0.0006`, `5.229e-5`; thousands are separated.
///
/// Numbers below 0.001 take the exponent form, except 0; those of more digits than asked for are rounded to whole numbers.
///
/// ```
/// use recurrent_report::significant;
/// assert_eq!(significant(2.195_512, 4), "2.196");
/// assert_eq!(significant(5.2291e-5, 4), "5.229e-5");
/// assert_eq!(significant(24_719.220_703, 4), "24,719");
/// ```
pub fn significant(value: f64, digits: usize) -> String {
    let digits = digits.max(1);
    if !value.is_finite() {
        return if value.is_nan() { "not a number".to_owned() } else { format!("{value}") };
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{value:.*e}", digits - 1);
    // The exponent after rounding: 9.9996 with four digits is 10.00.
    let exponent =
        scientific.split_once('e').and_then(|(_, exponent)| exponent.parse::<i32>().ok()).unwrap_or(0);
    if !(-3..15).contains(&exponent) {
        return scientific;
    }
    let decimals = (digits as i32 - 1 - exponent).max(0) as usize;
    let plain = format!("{value:.decimals$}");
    match plain.split_once('.') {
        Some((whole, fraction)) => format!("{}.{fraction}", separate(whole)),
        None => separate(&plain),
    }
}

/// Writes a count with its thousands separated: `7,914,457`.
pub fn thousands(count: u64) -> String {
    separate(&count.to_string())
}

/// Writes how many things there are, of those whose plural is formed by an `s`: `1 epoch`, `7,032 steps`.
///
/// ```
/// use recurrent_report::counted;
/// assert_eq!([counted(1, "epoch"), counted(7032, "step")], ["1 epoch", "7,032 steps"]);
/// ```
pub fn counted(count: usize, thing: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{} {thing}{ending}", thousands(count as u64))
}

/// Writes a duration in its two largest units: `1 h 02 min`, `3 min 05 s`, `12 s`, `0.25 s`.
pub fn duration(seconds: f64) -> String {
    if !seconds.is_finite() || seconds < 0.0 {
        return "unknown".to_owned();
    }
    if seconds < 9.95 {
        return format!("{} s", significant(seconds, 2));
    }
    let whole = seconds.round() as u64;
    match (whole / 3600, whole / 60 % 60, whole % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds:02} s"),
        (hours, minutes, _) => format!("{} h {minutes:02} min", thousands(hours)),
    }
}

/// Makes a clause a sentence that stands alone: its first letter becomes a capital one, and a full stop follows.
///
/// ```
/// use recurrent_report::capitalised;
/// assert_eq!(capitalised("the two agree"), "The two agree.");
/// ```
pub fn capitalised(clause: &str) -> String {
    let mut letters = clause.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).chain(['.']).collect())
}

/// Puts a comma between each three digits of a whole number, which may have a sign.
pub(crate) fn separate(whole: &str) -> String {
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut text = String::from(sign);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_significant_digits() {
        let cases = [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1.000"),
            (9.999_96, "10.00"),
            (-1234.56, "-1,235"),
            (123_456.7, "123,457"),
            (0.001, "0.001000"),
            (0.000_999_99, "0.001000"),
            (0.000_5, "5.000e-4"),
            (1e300, "1.000e300"),
            (f64::INFINITY, "inf"),
            (f64::NAN, "not a number"),
        ];
        for (value, expected) in cases {
            assert_eq!(significant(value, 4), expected, "{value}");
        }
    }

    #[test]
    fn durations_show_two_units() {
        let cases = [
            (0.254, "0.25 s"),
            (9.96, "10 s"),
            (59.6, "1 min 00 s"),
            (185.0, "3 min 05 s"),
            (3725.0, "1 h 02 min"),
            (f64::INFINITY, "unknown"),
        ];
        for (seconds, expected) in cases {
            assert_eq!(duration(seconds), expected, "{seconds}");
        }
    }

    #[test]
    fn thousands_are_separated() {
        assert_eq!([0, 999, 1000, 7_914_457].map(thousands), ["0", "999", "1,000", "7,914,457"]);
    }
}

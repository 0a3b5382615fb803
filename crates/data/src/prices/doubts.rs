//! What looks wrong in a series that can be read: holes between its rows, and prices that jump as after a split.

use super::{Calendar, Moment, Note};

/// A price that is less than this part of the one before it, or as many times as much, has jumped.
const JUMP: f64 = 1.8;

/// So many jumps are told one by one.
const TOLD: usize = 3;

/// The holes between rows, told as one note.
pub(super) fn holes(moments: &[Moment], calendar: &Calendar, notes: &mut Vec<Note>) {
    let bound = calendar.frequency().hole(calendar.has_weekends());
    let pairs = moments.windows(2).filter(|pair| pair[1].days() - pair[0].days() > bound);
    let mut longest: Option<(f64, Moment, Moment)> = None;
    let mut count = 0;
    for pair in pairs {
        count += 1;
        let days = pair[1].days() - pair[0].days();
        if longest.is_none_or(|(longest, ..)| days > longest) {
            longest = Some((days, pair[0], pair[1]));
        }
    }
    if let Some((days, after, before)) = longest {
        notes.push(Note::Hole { count, days: days as usize, after, before });
    }
}

/// The rows at which a price jumps.
pub(super) fn jumps(values: &[f64]) -> Vec<usize> {
    let has_jumped = |&row: &usize| is_jump(values[row] / values[row - 1]);
    (1..values.len()).filter(has_jumped).collect()
}

pub(super) fn is_jump(ratio: f64) -> bool {
    !(1.0 / JUMP..=JUMP).contains(&ratio)
}

/// A note for each of the first jumps of a column. `adjusted` is the column of adjusted prices and whether it jumps at a row too.
pub(super) fn tell_jumps(
    column: &str,
    moments: &[Moment],
    values: &[f64],
    rows: &[usize],
    adjusted: Option<(String, Vec<bool>)>,
    notes: &mut Vec<Note>,
) {
    for (place, &row) in rows.iter().enumerate().take(TOLD) {
        let other = adjusted.as_ref().filter(|(_, jumps)| !jumps[place]).map(|(name, _)| name.clone());
        notes.push(Note::Jump {
            column: column.to_owned(),
            at: moments[row],
            from: values[row - 1],
            to: values[row],
            split: split(values[row] / values[row - 1]),
            adjusted: other,
        });
    }
    if rows.len() > TOLD {
        notes.push(Note::MoreJumps { count: rows.len() - TOLD });
    }
}

/// The split that a jump looks like: so many new shares for so many old ones.
fn split(ratio: f64) -> Option<(u32, u32)> {
    let times = if ratio < 1.0 { 1.0 / ratio } else { ratio };
    let whole = times.round();
    let near = (times / whole - 1.0).abs() < 0.06 && (2.0..=100.0).contains(&whole);
    near.then_some(if ratio < 1.0 { (whole as u32, 1) } else { (1, whole as u32) })
}

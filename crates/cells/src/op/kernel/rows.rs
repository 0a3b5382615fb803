//! Splits a batch between threads, by rows: each thread takes its rows through the whole sequence, so that
//! the threads never meet, and every number is computed the same way whatever their count.

use std::ops::Range;

use super::{isa::compiled_for_each, product::Rows};

/// Below this many multiplications a sequence is not worth a second thread: waking one takes some tens of
/// microseconds.
const WORTH_A_THREAD: usize = 1 << 18;

/// Rows that one thread fills at a time, where rows do not depend on each other.
pub(super) const PART: usize = 256;

/// Cuts `batch` rows into ranges, one for each thread that is worth waking for `products` multiplications.
pub(super) fn split(batch: usize, products: usize) -> Vec<Range<usize>> {
    let threads = rayon::current_num_threads().min(products / WORTH_A_THREAD + 1).min(batch);
    (0..threads).map(|part| part * batch / threads..(part + 1) * batch / threads).collect()
}

/// All `batch` rows as one range.
pub(super) fn whole(batch: usize) -> Vec<Range<usize>> {
    std::iter::once(0..batch).collect()
}

/// A `[time, batch, width]` buffer cut by rows: for each range, its rows at every step.
pub(super) fn cut_steps<'a>(
    buffer: &'a mut [f32],
    batch: usize,
    width: usize,
    ranges: &[Range<usize>],
) -> Vec<Vec<&'a mut [f32]>> {
    let mut parts: Vec<Vec<_>> = ranges.iter().map(|_| Vec::new()).collect();
    for step in buffer.chunks_exact_mut((batch * width).max(1)) {
        for (part, rows) in parts.iter_mut().zip(cut(step, width, ranges)) {
            part.push(rows);
        }
    }
    parts
}

/// A `[batch, width]` buffer cut by rows.
pub(super) fn cut<'a>(
    mut buffer: &'a mut [f32],
    width: usize,
    ranges: &[Range<usize>],
) -> Vec<&'a mut [f32]> {
    let mut parts = Vec::with_capacity(ranges.len());
    for range in ranges {
        let (rows, rest) = buffer.split_at_mut(range.len() * width);
        parts.push(rows);
        buffer = rest;
    }
    parts
}

/// The rows of `range` in a `[.., width]` buffer.
pub(super) fn of<'a>(buffer: &'a [f32], width: usize, range: &Range<usize>) -> &'a [f32] {
    &buffer[range.start * width..range.end * width]
}

/// Runs every job, in parallel where there are several.
pub(super) fn run<J: Send>(jobs: Vec<J>, work: impl Fn(J) + Sync) {
    if jobs.len() == 1 {
        jobs.into_iter().for_each(work);
        return;
    }
    rayon::scope(|scope| {
        for job in jobs {
            scope.spawn(|_| work(job));
        }
    });
}

compiled_for_each! {
    /// `sums = sums + values`, element by element.
    pub(crate) fn add(sums: &mut [f32], values: &[f32]) {
        sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
    }
}

/// `out = a * b`, element by element.
#[inline(always)]
pub(crate) fn multiply(out: &mut [f32], a: &[f32], b: &[f32]) {
    for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
        *out = a * b;
    }
}

/// Copies rows of `width` numbers into rows that are `out_stride` apart, multiplied with `dropout`, if there is any, of as many
/// rows as `out` has.
pub(super) fn copy_dropped(
    out: &mut [f32],
    out_stride: usize,
    a: Rows<'_>,
    dropout: Option<&[f32]>,
    width: usize,
) {
    for (row, (out, a)) in out.chunks_mut(out_stride).zip(a.data.chunks(a.stride)).enumerate() {
        let (out, a) = (&mut out[..width], &a[..width]);
        match dropout {
            Some(dropout) => multiply(out, a, &dropout[row * width..][..width]),
            None => out.copy_from_slice(a),
        }
    }
}

/// Puts rows of numbers, multiplied with `dropout`, into rows that are `out_stride` apart: in place of what is there, or added.
pub(super) fn put_dropped(out: &mut [f32], out_stride: usize, a: Rows<'_>, dropout: &[f32], is_first: bool) {
    let width = a.stride;
    if is_first {
        return copy_dropped(out, out_stride, a, Some(dropout), width);
    }
    let rows = out.chunks_mut(out_stride).zip(a.data.chunks_exact(width)).zip(dropout.chunks_exact(width));
    for ((out, a), dropout) in rows {
        let values = out.iter_mut().zip(a).zip(dropout);
        values.for_each(|((out, a), factor)| *out += a * factor);
    }
}

/// `out += a * row`, the same row for each of `a`'s.
pub(super) fn add_multiplied(out: &mut [f32], a: &[f32], row: &[f32]) {
    for (out, a) in out.chunks_exact_mut(row.len()).zip(a.chunks_exact(row.len())) {
        for ((out, a), factor) in out.iter_mut().zip(a).zip(row) {
            *out += a * factor;
        }
    }
}

/// `out = a * row + shift`, the same row and shift for each of `a`'s.
pub(super) fn scale_and_shift(out: &mut [f32], a: &[f32], row: &[f32], shift: &[f32]) {
    for (out, a) in out.chunks_exact_mut(row.len()).zip(a.chunks_exact(row.len())) {
        for (((out, a), factor), shift) in out.iter_mut().zip(a).zip(row).zip(shift) {
            *out = a * factor + shift;
        }
    }
}

/// `values = values * factors`, element by element.
pub(super) fn multiply_in_place(values: &mut [f32], factors: &[f32]) {
    values.iter_mut().zip(factors).for_each(|(value, factor)| *value *= factor);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ranges_cover_every_row_once() {
        for batch in [1, 2, 7, 13, 33, 100] {
            let ranges = split(batch, usize::MAX / 2);
            assert_eq!(ranges.first().unwrap().start, 0);
            assert_eq!(ranges.last().unwrap().end, batch);
            assert!(ranges.windows(2).all(|pair| pair[0].end == pair[1].start));
        }
    }

    #[test]
    fn a_cut_buffer_holds_each_step_of_each_range() {
        let mut buffer: Vec<f32> = (0..2 * 3 * 2).map(|v| v as f32).collect();
        let parts = cut_steps(&mut buffer, 3, 2, &[0..1, 1..3]);
        assert_eq!(parts[0], [[0.0, 1.0], [6.0, 7.0]]);
        assert_eq!(parts[1], [[2.0, 3.0, 4.0, 5.0], [8.0, 9.0, 10.0, 11.0]]);
    }
}

//! Thins a series to what a picture can show: the extremes of each column, so that peaks stay.

/// Keeps, of the points that fall into one column of the picture, the lowest and the highest, and the first and the
/// last of all; a series that fits is left as it is.
///
/// The points are sorted by x and finite; the result is a part of them in the same order, at most
/// `2 * columns + 2` long.
pub(super) fn decimate(points: &[(f64, f64)], columns: usize) -> Vec<(f64, f64)> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Vec::new() };
    if points.len() <= 2 * columns + 2 {
        return points.to_vec();
    }
    let column = |x: f64| {
        // Halved, because the width of the whole range can overflow.
        let share = (x / 2.0 - first.0 / 2.0) / (last.0 / 2.0 - first.0 / 2.0);
        if share.is_finite() { (share * columns as f64).min(columns as f64 - 1.0) as usize } else { 0 }
    };
    let mut kept = Vec::with_capacity(2 * columns + 2);
    for group in points.chunk_by(|a, b| column(a.0) == column(b.0)) {
        let lowest = (0..group.len()).min_by(|a, b| group[*a].1.total_cmp(&group[*b].1)).unwrap_or(0);
        let highest = (0..group.len()).max_by(|a, b| group[*a].1.total_cmp(&group[*b].1)).unwrap_or(0);
        if kept.is_empty() && lowest.min(highest) > 0 {
            kept.push(*first);
        }
        kept.push(group[lowest.min(highest)]);
        if lowest != highest {
            kept.push(group[lowest.max(highest)]);
        }
    }
    if kept.last() != Some(last) {
        kept.push(*last);
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn extremes_and_ends_stay(
            mut points in prop::collection::vec((-1e3..1e3, -1e3..1e3), 1..400),
            columns in 1usize..50,
        ) {
            points.sort_by(|a: &(f64, f64), b| a.0.total_cmp(&b.0));
            let kept = decimate(&points, columns);
            let low = |points: &[(f64, f64)]| points.iter().map(|p| p.1).fold(f64::INFINITY, f64::min);
            let high = |points: &[(f64, f64)]| points.iter().map(|p| p.1).fold(f64::NEG_INFINITY, f64::max);
            prop_assert_eq!((low(&kept), high(&kept)), (low(&points), high(&points)));
            prop_assert_eq!((kept.first(), kept.last()), (points.first(), points.last()));
            prop_assert!(kept.len() <= 2 * columns + 2, "{} points in {columns} columns", kept.len());
            // A part of the points, in their order.
            let mut rest = points.iter();
            prop_assert!(kept.iter().all(|point| rest.any(|other| other == point)));
        }
    }

    #[test]
    fn a_peak_of_one_point_among_many_stays() {
        let mut points: Vec<(f64, f64)> = (0..100_000).map(|x| (f64::from(x), 0.0)).collect();
        points[54_321].1 = 1.0;
        let kept = decimate(&points, 800);
        assert!(kept.len() <= 1602 && kept.contains(&(54_321.0, 1.0)));
    }

    #[test]
    fn points_at_one_x_and_at_the_ends_of_the_numbers_do_not_break_it() {
        let same: Vec<(f64, f64)> = (0..100).map(|y| (5.0, f64::from(y))).collect();
        assert_eq!(decimate(&same, 10), [(5.0, 0.0), (5.0, 99.0)]);
        let wide: Vec<(f64, f64)> =
            (0..100).map(|n| (if n < 50 { f64::MIN } else { f64::MAX }, 1.0)).collect();
        assert!(decimate(&wide, 10).len() <= 22);
        assert!(decimate(&[], 10).is_empty());
    }
}

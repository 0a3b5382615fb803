//! Histograms as TensorBoard's own writer makes them: thirty buckets of one width from the least number to the
//! greatest.

use burn::tensor::TensorData;

const BUCKETS: usize = 30;

/// Counts numbers in buckets: rows of left end, right end and count, of which the last holds its right end too.
/// Numbers that are not finite are left out. Where all are one number, all ends are that number, and the last bucket
/// has the count.
pub(super) fn buckets(data: &TensorData) -> Vec<[f64; 3]> {
    match data.as_slice::<f32>() {
        Ok(numbers) => count(|| numbers.iter().map(|number| f64::from(*number))),
        Err(_) => count(|| data.iter::<f64>()),
    }
}

fn count<I: Iterator<Item = f64>>(numbers: impl Fn() -> I) -> Vec<[f64; 3]> {
    let numbers = || numbers().filter(|number| number.is_finite());
    let (least, most) = numbers().fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), number| {
        (least.min(number), most.max(number))
    });
    let mut counts = [0u64; BUCKETS];
    if least > most {
        return Vec::new();
    }
    // Halved, so that the distance of two finite numbers is finite.
    let width = (most / 2.0 - least / 2.0) / BUCKETS as f64 * 2.0;
    for number in numbers() {
        let place = if width > 0.0 { ((number - least) / width) as usize } else { BUCKETS };
        counts[place.min(BUCKETS - 1)] += 1;
    }
    let end = |place: usize| if place == BUCKETS { most } else { least + width * place as f64 };
    counts.iter().enumerate().map(|(place, count)| [end(place), end(place + 1), *count as f64]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(numbers: &[f32]) -> Vec<[f64; 3]> {
        buckets(&TensorData::from(numbers))
    }

    #[test]
    fn every_number_is_in_one_bucket() {
        let numbers: Vec<f32> = (0..=300u16).map(|number| f32::from(number) / 10.0).collect();
        let buckets = counted(&numbers);
        assert_eq!(buckets.len(), 30);
        assert_eq!((buckets[0][0], buckets[29][1]), (0.0, 30.0));
        assert_eq!(buckets.iter().map(|[.., count]| count).sum::<f64>(), 301.0);
        assert!(buckets.windows(2).all(|pair| pair[0][1] == pair[1][0]), "{buckets:?}");
        // The last holds the greatest number, too.
        assert_eq!(buckets[29][2], 11.0, "{buckets:?}");
    }

    #[test]
    fn one_number_alone_is_in_the_last_bucket() {
        let buckets = counted(&[0.5; 4]);
        assert_eq!(buckets[29], [0.5, 0.5, 4.0]);
        assert!(buckets[..29].iter().all(|bucket| *bucket == [0.5, 0.5, 0.0]), "{buckets:?}");
    }

    #[test]
    fn numbers_that_are_not_finite_are_left_out() {
        assert!(counted(&[]).is_empty());
        assert!(counted(&[f32::NAN, f32::INFINITY]).is_empty());
        let total: f64 = counted(&[f32::NAN, 1.0, 2.0]).iter().map(|[.., count]| count).sum();
        assert_eq!(total, 2.0);
    }

    #[test]
    fn the_widest_numbers_have_buckets() {
        let total: f64 =
            buckets(&TensorData::from([f64::MIN, 0.0, f64::MAX])).iter().map(|[.., count]| count).sum();
        assert_eq!(total, 3.0);
    }

    #[test]
    fn double_precision_is_counted_alike() {
        assert_eq!(buckets(&TensorData::from([1.0f64, 2.0, 4.0])), counted(&[1.0, 2.0, 4.0]));
    }
}

//! Scales one window: prices by the window's last price, a volume by the window's mean volume.

use super::column::Kind;

/// The part of one column that lies in a window.
pub(super) type Steps<'a> = (Kind, &'a [f64]);

/// What an input that is marked lies above one that is not.
const MARK: f32 = 0.01;

/// Appends the scaled window to `inputs`, as `[window, features]`: the columns, and after them what is `known` of the day after each step, as
/// many numbers a step. The first column is the target's, and its last value is the price by which all prices are divided.
///
/// # Errors
///
/// The position of a column with a scaled value that 32 bits cannot hold.
pub(super) fn append(columns: &[Steps<'_>], known: &[f32], inputs: &mut Vec<f32>) -> Result<(), usize> {
    let window = columns[0].1.len();
    let width = known.len() / window;
    let last_price = columns[0].1[window - 1];
    let divisors: Vec<f64> = columns
        .iter()
        .map(|(kind, values)| match kind {
            Kind::Price => last_price,
            Kind::Volume => mean_or_one(values),
        })
        .collect();
    for step in 0..window {
        for (column, (_, values)) in columns.iter().enumerate() {
            let scaled = (values[step] / divisors[column]) as f32;
            if !scaled.is_finite() {
                return Err(column);
            }
            inputs.push(scaled);
        }
        inputs.extend(known[step * width..(step + 1) * width].iter().map(|mark| 1.0 + MARK * mark));
    }
    Ok(())
}

/// The mean, or 1 where it is 0: a window without any trade stays all zeros.
fn mean_or_one(volumes: &[f64]) -> f64 {
    let count = volumes.len() as f64;
    // Divided first, so that the sum of the largest numbers stays finite.
    let mean: f64 = volumes.iter().map(|volume| volume / count).sum();
    if mean > 0.0 { mean } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_divided_by_the_last_price_and_volumes_by_their_mean() {
        let mut inputs = Vec::new();
        let columns: [Steps<'_>; 3] =
            [(Kind::Price, &[8.0, 4.0]), (Kind::Price, &[6.0, 2.0]), (Kind::Volume, &[30.0, 10.0])];
        append(&columns, &[], &mut inputs).unwrap();
        assert_eq!(inputs, [2.0, 1.5, 1.5, 1.0, 0.5, 0.5]);
    }

    #[test]
    fn what_is_known_stands_after_the_columns() {
        let mut inputs = Vec::new();
        append(&[(Kind::Price, &[8.0, 4.0])], &[1.0, 0.0, 0.5, 0.0], &mut inputs).unwrap();
        assert_eq!(inputs, [2.0, 1.01, 1.0, 1.0, 1.005, 1.0]);
    }

    #[test]
    fn a_window_without_any_volume_stays_zero() {
        let mut inputs = Vec::new();
        append(&[(Kind::Price, &[8.0, 4.0]), (Kind::Volume, &[0.0, 0.0])], &[], &mut inputs).unwrap();
        assert_eq!(inputs, [2.0, 0.0, 1.0, 0.0]);
    }

    #[test]
    fn a_value_beyond_32_bits_is_refused() {
        let found = append(&[(Kind::Price, &[1.0, 1.0]), (Kind::Price, &[1.0, 1e39])], &[], &mut Vec::new());
        assert_eq!(found, Err(1));
    }
}

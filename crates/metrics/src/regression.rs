//! The mean errors of forecasts of a number, in its unit or that unit squared.

/// The mean squared error: the mean of `(forecast - truth)^2`.
///
/// ```
/// use recurrent_metrics::regression::{mae, mse, rmse};
///
/// let (forecast, truth) = ([2.0, 5.0], [1.0, 8.0]);
/// assert_eq!(mse(&forecast, &truth), 5.0);
/// assert_eq!(rmse(&forecast, &truth), 5.0f64.sqrt());
/// assert_eq!(mae(&forecast, &truth), 2.0);
/// ```
///
/// # Panics
/// There is no forecast, or not one for each true number.
pub fn mse(forecast: &[f64], truth: &[f64]) -> f64 {
    mean_square(errors(forecast, truth))
}

/// The root mean squared error, in the unit of the number: the root of [`mse`].
///
/// # Panics
/// There is no forecast, or not one for each true number.
pub fn rmse(forecast: &[f64], truth: &[f64]) -> f64 {
    mse(forecast, truth).sqrt()
}

/// The mean absolute error, in the unit of the number: the mean of `|forecast - truth|`.
///
/// # Panics
/// There is no forecast, or not one for each true number.
pub fn mae(forecast: &[f64], truth: &[f64]) -> f64 {
    mean(errors(forecast, truth).map(f64::abs))
}

fn errors(forecast: &[f64], truth: &[f64]) -> impl Iterator<Item = f64> {
    assert_eq!(forecast.len(), truth.len(), "each true number needs one forecast");
    assert!(!truth.is_empty(), "there is no forecast to judge");
    forecast.iter().zip(truth).map(|(forecast, truth)| forecast - truth)
}

pub(crate) fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    sum / count
}

pub(crate) fn mean_square(values: impl Iterator<Item = f64>) -> f64 {
    mean(values.map(|value| value * value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_either_sign_do_not_cancel() {
        let (forecast, truth) = ([1.0, 2.0, 3.0, 4.0], [2.0, 1.0, 3.0, 6.0]);
        assert_eq!(mae(&forecast, &truth), 1.0);
        assert_eq!(mse(&forecast, &truth), 1.5);
        assert_eq!(rmse(&forecast, &truth), 1.5f64.sqrt());
        assert_eq!(mse(&truth, &truth), 0.0);
    }

    #[test]
    #[should_panic(expected = "each true number needs one forecast")]
    fn a_forecast_too_many_is_refused() {
        mae(&[1.0, 2.0], &[1.0]);
    }

    #[test]
    #[should_panic(expected = "there is no forecast to judge")]
    fn no_forecast_has_no_error() {
        mse(&[], &[]);
    }
}

//! The least value of a smooth function of a few variables: the method of Broyden, Fletcher, Goldfarb and Shanno, with central
//! differences for the gradient.
//!
//! It is written here rather than taken from `argmin`, which would bring its traits and a linear-algebra back end into every build for
//! functions of six variables. The gradient by differences costs twelve passes over the returns, each of which takes some 50
//! microseconds for 3,000 days.

/// Where the search ended.
pub(crate) struct Minimum {
    pub(crate) at: Vec<f64>,
    pub(crate) value: f64,
}

/// The most steps of a search.
const STEPS: usize = 300;
/// How far a variable moves in one step at most.
const FARTHEST: f64 = 2.0;
/// What a step may gain for the search to count as done.
const SMALLEST_GAIN: f64 = 1e-10;

/// Searches downhill from `start`. Where the function is not finite is uphill; `start` has to be finite.
pub(crate) fn minimise(function: impl Fn(&[f64]) -> f64, start: &[f64]) -> Minimum {
    let size = start.len();
    let mut here = Minimum { value: function(start), at: start.to_vec() };
    let mut slope = gradient(&function, &here.at);
    let mut inverse = identity(size);
    let mut is_fresh = true;
    let mut idle = 0;
    for _ in 0..STEPS {
        let direction: Vec<f64> =
            (0..size).map(|i| -dot(&inverse[i * size..(i + 1) * size], &slope)).collect();
        let next = if dot(&direction, &slope) < 0.0 {
            line_search(&function, &here, &direction, &slope)
        } else {
            None
        };
        let Some(next) = next else {
            if is_fresh {
                break;
            }
            // What was learnt of the curvature misleads: forget it.
            inverse = identity(size);
            is_fresh = true;
            continue;
        };
        let next_slope = gradient(&function, &next.at);
        let step = difference(&next.at, &here.at);
        let change = difference(&next_slope, &slope);
        update(&mut inverse, &step, &change, is_fresh);
        is_fresh = false;
        idle = if here.value - next.value < SMALLEST_GAIN { idle + 1 } else { 0 };
        (here, slope) = (next, next_slope);
        if idle == 3 {
            break;
        }
    }
    here
}

fn identity(size: usize) -> Vec<f64> {
    (0..size * size).map(|place| f64::from(u8::from(place / size == place % size))).collect()
}

/// Central differences.
fn gradient(function: &impl Fn(&[f64]) -> f64, at: &[f64]) -> Vec<f64> {
    let mut moved = at.to_vec();
    let mut slope = Vec::with_capacity(at.len());
    for i in 0..at.len() {
        let step = 1e-5 * at[i].abs().max(1.0);
        moved[i] = at[i] + step;
        let above = function(&moved);
        moved[i] = at[i] - step;
        let below = function(&moved);
        moved[i] = at[i];
        let part = (above - below) / (2.0 * step);
        slope.push(if part.is_finite() { part } else { 0.0 });
    }
    slope
}

/// The first of ever shorter steps that gains enough (Armijo).
fn line_search(
    function: &impl Fn(&[f64]) -> f64,
    here: &Minimum,
    direction: &[f64],
    slope: &[f64],
) -> Option<Minimum> {
    let longest = direction.iter().fold(0.0, |most: f64, part| most.max(part.abs()));
    let mut length = (FARTHEST / longest).min(1.0);
    let downhill = dot(direction, slope);
    for _ in 0..40 {
        let at: Vec<f64> = here.at.iter().zip(direction).map(|(x, d)| x + length * d).collect();
        let value = function(&at);
        if value <= here.value + 1e-4 * length * downhill {
            return Some(Minimum { at, value });
        }
        length /= 2.0;
    }
    None
}

/// Takes a step's change of the gradient into the inverse of the curvature (Nocedal and Wright 2006, equations 6.17 and 6.20).
fn update(inverse: &mut [f64], step: &[f64], change: &[f64], is_fresh: bool) {
    let size = step.len();
    let curvature = dot(step, change);
    if curvature <= 1e-12 * dot(change, change).sqrt() * dot(step, step).sqrt() {
        return;
    }
    if is_fresh {
        let scale = curvature / dot(change, change);
        inverse.iter_mut().for_each(|value| *value *= scale);
    }
    let product: Vec<f64> = (0..size).map(|i| dot(&inverse[i * size..(i + 1) * size], change)).collect();
    let along = (1.0 + dot(change, &product) / curvature) / curvature;
    for i in 0..size {
        for j in 0..size {
            inverse[i * size + j] +=
                along * step[i] * step[j] - (product[i] * step[j] + step[i] * product[j]) / curvature;
        }
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

fn difference(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(x, y)| x - y).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_abs_diff_eq;

    #[test]
    fn a_bent_valley_is_followed_to_its_end() {
        // Rosenbrock's function.
        let valley = |x: &[f64]| (1.0 - x[0]).powi(2) + 100.0 * (x[1] - x[0] * x[0]).powi(2);
        let found = minimise(valley, &[-1.2, 1.0]);
        assert_abs_diff_eq!(found.at[0], 1.0, epsilon = 1e-4);
        assert_abs_diff_eq!(found.at[1], 1.0, epsilon = 1e-4);
        assert!(found.value < 1e-9, "{}", found.value);
    }

    #[test]
    fn what_is_not_finite_is_avoided() {
        let walled = |x: &[f64]| if x[0] > 0.0 { x[0] - x[0].ln() } else { f64::NAN };
        assert_abs_diff_eq!(minimise(walled, &[5.0]).at[0], 1.0, epsilon = 1e-5);
    }

    #[test]
    fn a_minimum_at_infinity_is_approached() {
        assert!(minimise(|x| x[0].exp() + (x[1] - 3.0).powi(2), &[0.0, 0.0]).value < 1e-6);
    }
}

//! The least value of a smooth function of a few variables: the method of Broyden, Fletcher, Goldfarb and Shanno, with
//! central differences for the gradient.
//!
//! It is written here rather than taken from `argmin`, which would bring its traits and a linear-algebra back end into
//! every build for functions of six variables. The gradient by differences costs up to twelve passes over the returns,
//! each of which takes some 50 microseconds for 3,000 days. Armijo's condition alone, without that on the slope,
//! stopped short where the likelihood has kinks.

/// Where the search ended.
pub(crate) struct Minimum {
    pub(crate) at: Vec<f64>,
    pub(crate) value: f64,
}

/// The most steps of a search.
const STEPS: usize = 300;
/// The most lengths that are tried for a step.
const TRIALS: usize = 40;
/// How far a variable moves in one step at most.
const FARTHEST: f64 = 2.0;
/// What a step may gain for the search to count as done.
const SMALLEST_GAIN: f64 = 1e-10;

/// Searches downhill from `start`. Where the function is not finite is uphill; `start` has to be finite. The function
/// may have kinks, as EGARCH's likelihood has where a return equals the mean (Lewis and Overton 2013).
pub(crate) fn minimise(function: impl Fn(&[f64]) -> f64, start: &[f64]) -> Minimum {
    let size = start.len();
    let mut here = Place::at(&function, start.to_vec());
    let mut inverse = identity(size);
    let mut is_fresh = true;
    let mut idle = 0;
    for _ in 0..STEPS {
        let direction: Vec<f64> =
            (0..size).map(|i| -dot(&inverse[i * size..(i + 1) * size], &here.slope)).collect();
        let Some(next) = line_search(&function, &here, &direction) else {
            if is_fresh {
                break;
            }
            // What was learnt of the curvature misleads: forget it.
            inverse = identity(size);
            is_fresh = true;
            continue;
        };
        let step = difference(&next.at, &here.at);
        let change = difference(&next.slope, &here.slope);
        update(&mut inverse, &step, &change, is_fresh);
        is_fresh = false;
        idle = if here.value - next.value < SMALLEST_GAIN { idle + 1 } else { 0 };
        here = next;
        if idle == 3 {
            break;
        }
    }
    Minimum { at: here.at, value: here.value }
}

/// A point with what the function is and how it slopes there.
struct Place {
    at: Vec<f64>,
    value: f64,
    slope: Vec<f64>,
}

impl Place {
    fn at(function: &impl Fn(&[f64]) -> f64, at: Vec<f64>) -> Self {
        Self { value: function(&at), slope: gradient(function, &at), at }
    }
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

/// A step that gains enough and after which it slopes less (the weak conditions of Wolfe), by doubling and bisection.
fn line_search(function: &impl Fn(&[f64]) -> f64, here: &Place, direction: &[f64]) -> Option<Place> {
    let downhill = dot(direction, &here.slope);
    let longest = direction.iter().fold(0.0, |most: f64, part| most.max(part.abs()));
    if !(downhill < 0.0 && longest.is_finite()) {
        return None;
    }
    let most = FARTHEST / longest;
    let (mut short, mut long, mut length) = (0.0, f64::INFINITY, most.min(1.0));
    let mut found = None;
    for _ in 0..TRIALS {
        let at: Vec<f64> = here.at.iter().zip(direction).map(|(x, d)| x + length * d).collect();
        let value = function(&at);
        // What is not finite gains nothing.
        if value <= here.value + 1e-4 * length * downhill {
            let place = Place { value, slope: gradient(function, &at), at };
            let is_flatter = dot(&place.slope, direction) >= 0.9 * downhill;
            found = Some(place);
            if is_flatter || length >= most {
                break;
            }
            short = length;
        } else {
            long = length;
        }
        length = if long.is_finite() { (short + long) / 2.0 } else { (2.0 * short).min(most) };
    }
    found
}

/// Takes a step's change of the gradient into the inverse of the curvature (Nocedal and Wright 2006, equations 6.17 and
/// 6.20).
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

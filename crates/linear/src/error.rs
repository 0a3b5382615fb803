//! Why a regression cannot be fitted.

/// Why a regression cannot be fitted.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FitError {
    /// There is no row.
    #[error("there is no row to fit a regression to")]
    NoRow,
    /// A row has another number of features than the first.
    #[error("row {row} has {found} features, expected {expected} as in the first")]
    Ragged {
        /// The row, from 0.
        row: usize,
        /// Its features.
        found: usize,
        /// Those of the first row.
        expected: usize,
    },
    /// There are more or fewer targets than rows.
    #[error("there are {targets} targets for {rows} rows; each row needs one")]
    Targets {
        /// The targets.
        targets: usize,
        /// The rows.
        rows: usize,
    },
    /// The equations have no finite solution, or the penalty is negative or no number.
    #[error(
        "the regression has no finite solution: a feature or target is no finite number, or a penalty of {penalty} is too small"
    )]
    NoSolution {
        /// The penalty asked for.
        penalty: f64,
    },
}

/// Checks that there are rows, all of one length, a target for each, and a penalty that is one; returns that length.
pub(crate) fn check(rows: &[impl AsRef<[f64]>], targets: usize, penalty: f64) -> Result<usize, FitError> {
    if !(penalty.is_finite() && penalty >= 0.0) {
        return Err(FitError::NoSolution { penalty });
    }
    let expected = rows.first().ok_or(FitError::NoRow)?.as_ref().len();
    if targets != rows.len() {
        return Err(FitError::Targets { targets, rows: rows.len() });
    }
    match rows.iter().map(|row| row.as_ref().len()).enumerate().find(|(_, found)| *found != expected) {
        Some((row, found)) => Err(FitError::Ragged { row, found, expected }),
        None => Ok(expected),
    }
}

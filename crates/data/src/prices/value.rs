//! What is wrong with a value.

/// What is wrong with a value. The text completes "holds ..., ".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValueFault {
    /// The text is no number.
    #[error("which is no number")]
    Text,
    /// The number's commas and points are not those of the other numbers.
    #[error("whose commas and points are not those of the file's other numbers")]
    Marks,
    /// The number is infinite.
    #[error("which is not a finite number")]
    NotFinite,
    /// A price is zero or below.
    #[error("but a price must be above zero")]
    NotPositive,
    /// A volume is below zero.
    #[error("but a volume must not be negative")]
    Negative,
}

//! How often something is recorded: every so many steps or epochs, or never.

/// Every so many steps or epochs, counted from the start of the run; so a resumed run keeps the rhythm of the
/// unbroken one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval(u64);

impl Interval {
    /// Never due.
    pub const NEVER: Self = Self(0);
    /// Due each time.
    pub const EACH: Self = Self(1);

    /// Due at `count`, `2 * count` and so on; 0 is [`Interval::NEVER`].
    pub const fn every(count: u64) -> Self {
        Self(count)
    }

    /// Says whether the given step or epoch, from 1, is due.
    pub const fn is_due(self, number: u64) -> bool {
        self.0 != 0 && number.is_multiple_of(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Interval;

    #[test]
    fn multiples_are_due() {
        let due = |interval: Interval| (1..=6).filter(|n| interval.is_due(*n)).collect::<Vec<_>>();
        assert_eq!(due(Interval::every(3)), [3, 6]);
        assert_eq!(due(Interval::EACH), [1, 2, 3, 4, 5, 6]);
        assert!(due(Interval::NEVER).is_empty());
    }
}

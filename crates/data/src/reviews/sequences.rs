//! Many short sequences of numbers, one after the other in memory.

/// Sequences of numbers. They lie one after the other, so that 25,000 of them are two allocations.
///
/// ```
/// use recurrent_data::reviews::Sequences;
///
/// let sequences: Sequences = [&[7, 8][..], &[], &[9]].into_iter().collect();
/// assert_eq!((sequences.len(), sequences.get(0), sequences.numbers()), (3, &[7, 8][..], 3));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sequences {
    numbers: Vec<u32>,
    ends: Vec<u64>,
}

impl Sequences {
    /// The number of sequences.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no sequence.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// How many numbers all sequences have together.
    pub fn numbers(&self) -> usize {
        self.numbers.len()
    }

    /// A sequence.
    ///
    /// # Panics
    ///
    /// When there is no sequence `i`.
    pub fn get(&self, i: usize) -> &[u32] {
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.numbers[start as usize..self.ends[i] as usize]
    }

    /// All sequences, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u32]> {
        (0..self.len()).map(|i| self.get(i))
    }

    /// Adds a sequence at the end.
    pub fn push(&mut self, sequence: impl IntoIterator<Item = u32>) {
        self.numbers.extend(sequence);
        self.ends.push(self.numbers.len() as u64);
    }

    /// Adds the sequences of another.
    pub fn append(&mut self, other: &Self) {
        let start = self.numbers.len() as u64;
        self.numbers.extend_from_slice(&other.numbers);
        self.ends.extend(other.ends.iter().map(|end| start + end));
    }

    /// The same sequences with each number replaced.
    pub(super) fn map(mut self, number: impl Fn(u32) -> u32) -> Self {
        for old in &mut self.numbers {
            *old = number(*old);
        }
        self
    }

    /// Where each sequence ends among the numbers.
    pub(super) fn ends(&self) -> &[u64] {
        &self.ends
    }

    /// All numbers as bytes, four each, the lowest first.
    pub(super) fn to_le_bytes(&self) -> Vec<u8> {
        self.numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
    }

    /// Sequences read from a file; `None` where they do not cover their numbers in order, or a number is above `most`.
    pub(super) fn from_le_bytes(bytes: &[u8], ends: Vec<u64>, most: u32) -> Option<Self> {
        let (numbers, rest) = bytes.as_chunks::<4>();
        let numbers: Vec<u32> = numbers.iter().map(|number| u32::from_le_bytes(*number)).collect();
        let covered = ends.is_sorted() && ends.last().copied().unwrap_or_default() == numbers.len() as u64;
        let sound = rest.is_empty() && covered && numbers.iter().all(|number| *number <= most);
        sound.then_some(Self { numbers, ends })
    }
}

impl<S: AsRef<[u32]>> FromIterator<S> for Sequences {
    fn from_iter<I: IntoIterator<Item = S>>(sequences: I) -> Self {
        let mut all = Self::default();
        for sequence in sequences {
            all.push(sequence.as_ref().iter().copied());
        }
        all
    }
}

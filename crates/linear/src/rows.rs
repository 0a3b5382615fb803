//! Rows of which only the columns that are not zero are kept, end to end in one vector.

/// Sparse rows of zeros and ones: for each row, the columns that are one.
///
/// ```
/// use recurrent_linear::SparseRows;
///
/// let mut rows: SparseRows = [&[0u32, 2][..], &[]].into_iter().collect();
/// rows.push([1, 2]);
/// assert_eq!((rows.len(), rows.get(0), rows.get(2)), (3, &[0, 2][..], &[1, 2][..]));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SparseRows {
    columns: Vec<u32>,
    /// Where each row ends.
    ends: Vec<usize>,
}

impl SparseRows {
    /// Adds a row by its columns, each once.
    pub fn push(&mut self, columns: impl IntoIterator<Item = u32>) {
        self.columns.extend(columns);
        self.ends.push(self.columns.len());
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The columns of a row.
    ///
    /// # Panics
    /// There is no such row.
    pub fn get(&self, row: usize) -> &[u32] {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.columns[start..self.ends[row]]
    }

    /// The columns of each row.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u32]> {
        (0..self.len()).map(|row| self.get(row))
    }
}

impl<'a> FromIterator<&'a [u32]> for SparseRows {
    fn from_iter<I: IntoIterator<Item = &'a [u32]>>(rows: I) -> Self {
        let mut all = Self::default();
        rows.into_iter().for_each(|row| all.push(row.iter().copied()));
        all
    }
}

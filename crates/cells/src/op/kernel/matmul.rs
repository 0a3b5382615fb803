//! The large products, over batch and time together, by the `gemm` crate.

use gemm::Parallelism;

/// A matrix in a slice: element `[row, column]` is `data[row * row_stride + column * column_stride]`.
#[derive(Clone, Copy)]
pub(super) struct Matrix<'a> {
    pub(super) data: &'a [f32],
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) row_stride: usize,
    pub(super) column_stride: usize,
}

impl<'a> Matrix<'a> {
    /// A row-major matrix whose rows are `stride` apart.
    pub(super) fn new(data: &'a [f32], rows: usize, columns: usize, stride: usize) -> Self {
        Self { data, rows, columns, row_stride: stride, column_stride: 1 }
    }

    pub(super) fn transposed(self) -> Self {
        Self {
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
            ..self
        }
    }

    fn is_inside(&self) -> bool {
        self.rows == 0
            || self.columns == 0
            || (self.rows - 1) * self.row_stride + (self.columns - 1) * self.column_stride < self.data.len()
    }
}

/// `out += left * right`, where `out` is row-major with rows `stride` apart.
///
/// `gemm` shares out rows and columns between threads, never the depth: the result is the same for any number
/// of them.
pub(super) fn add_product(left: Matrix<'_>, right: Matrix<'_>, out: &mut [f32], stride: usize) {
    let (rows, columns, depth) = (left.rows, right.columns, left.columns);
    assert_eq!(depth, right.rows, "depth");
    if rows == 0 || columns == 0 || depth == 0 {
        return;
    }
    assert!(left.is_inside() && right.is_inside(), "operands");
    assert!((rows - 1) * stride + columns <= out.len() && columns <= stride, "output");
    let stride_of = |stride: usize| isize::try_from(stride).expect("a slice is shorter than isize::MAX");
    // SAFETY: the assertions above keep every element of the operands and of the output inside its slice;
    // rows of the output do not overlap; `out` is borrowed for this call alone.
    unsafe {
        gemm::gemm(
            rows,
            columns,
            depth,
            out.as_mut_ptr(),
            1,
            stride_of(stride),
            true,
            left.data.as_ptr(),
            stride_of(left.column_stride),
            stride_of(left.row_stride),
            right.data.as_ptr(),
            stride_of(right.column_stride),
            stride_of(right.row_stride),
            1.0,
            1.0,
            false,
            false,
            false,
            Parallelism::Rayon(0),
        );
    }
}

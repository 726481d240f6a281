//! The design matrix: one row a sentence, one column a feature, mostly zeros.
//!
//! Rows are stored compressed (CSR): the columns that are not zero, ascending, and their values in `f32`.
//! Behind them may stand columns that are mostly filled ([`DenseBlock`]): plain numbers, stored once for all matrices
//! that have these columns in common, as those of the folds of a cross-validation do.
//! Two products are computed from them, in `f64`: `X·W` ([`DesignMatrix::dot_into`]) and `Xᵀ·R`
//! ([`Transpose::dot_into`]). `W` has shape (n_features, k), C order, so that each non-zero
//! touches k numbers that lie side by side; `R` has shape (n_samples, k) likewise.
//!
//! Every number of a product is one sum in the order of the stored entries, whichever thread computes it:
//! the result does not depend on the number of threads. That is why `Xᵀ` is a second copy by columns
//! (twice the memory) and not a scatter over rows.
//!
//! A fit, which multiplies hundreds of times, lays the rows out anew first: see `products` in [`crate::logistic`].

use std::sync::Arc;

use linfa::dataset::Records;
use ndarray::Array2;
use rayon::prelude::*;

use crate::error::{Error, Result};

/// Sparse rows, with a dense block behind them where there is one, shape (n_samples, n_features).
#[derive(Debug, Clone, PartialEq)]
pub struct DesignMatrix {
    rows: SparseRows,
    dense: Option<DenseRows>,
}

/// The columns of a [`DesignMatrix`], for products with `Xᵀ`: shape (n_features, n_samples).
#[derive(Debug, Clone, PartialEq)]
pub struct Transpose {
    columns: SparseRows,
    dense: Option<DenseRows>,
}

/// Rows of plain numbers, zeros included.
#[derive(Debug, PartialEq)]
pub struct DenseBlock {
    n_columns: usize,
    values: Vec<f32>,
}

impl DenseBlock {
    /// Takes `values`, shape (n rows, `n_columns`), C order. [`Error::Data`] where they make no whole rows, or are not finite.
    pub fn new(n_columns: usize, values: Vec<f32>) -> Result<DenseBlock> {
        if n_columns == 0 || !values.len().is_multiple_of(n_columns) {
            return Err(Error::Data(format!(
                "dense block: {} values make no rows of {n_columns} columns",
                values.len()
            )));
        }
        if let Some(at) = values.iter().position(|value| !value.is_finite()) {
            return Err(Error::Data(format!(
                "dense block: row {}: column {} holds {}; only finite numbers can be used",
                at / n_columns,
                at % n_columns,
                values[at]
            )));
        }
        Ok(DenseBlock { n_columns, values })
    }

    /// Number of columns.
    pub fn n_columns(&self) -> usize {
        self.n_columns
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.values.len() / self.n_columns
    }

    /// All rows, one after the other.
    pub fn values(&self) -> &[f32] {
        &self.values
    }
}

/// Some rows of a block.
#[derive(Debug, Clone, PartialEq)]
struct DenseRows {
    block: Arc<DenseBlock>,
    /// The row of the block behind each row of the matrix.
    picked: Vec<usize>,
}

impl DenseRows {
    fn row(&self, i: usize) -> &[f32] {
        &self.block.values[self.picked[i] * self.block.n_columns..][..self.block.n_columns]
    }

    /// Adds to each row of `out`, shape (n_samples, k), its row times `w`, shape (n_columns, k).
    fn add_dot(&self, w: &[f64], k: usize, out: &mut [f64]) {
        const ROWS_A_PIECE: usize = 64;
        out.par_chunks_mut(ROWS_A_PIECE * k)
            .enumerate()
            .for_each(|(piece, out)| {
                for (i, out) in (piece * ROWS_A_PIECE..).zip(out.chunks_exact_mut(k)) {
                    for (&x, w) in self.row(i).iter().zip(w.chunks_exact(k)) {
                        for (out, w) in out.iter_mut().zip(w) {
                            *out += f64::from(x) * w;
                        }
                    }
                }
            });
    }

    /// `out` = the transpose times `rows`, shapes (n_columns, k) and (n_samples, k).
    fn dot_transposed(&self, rows: &[f64], k: usize, out: &mut [f64]) {
        out.fill(0.0);
        for (i, r) in rows.chunks_exact(k).enumerate() {
            for (&x, out) in self.row(i).iter().zip(out.chunks_exact_mut(k)) {
                for (out, r) in out.iter_mut().zip(r) {
                    *out += f64::from(x) * r;
                }
            }
        }
    }
}

impl DesignMatrix {
    /// Builds the matrix from rows of (column, value), columns ascending and each at most once.
    ///
    /// [`Error::Data`] names the row and the column where the columns are out of order or not below
    /// `n_features`, or where a value is not finite.
    pub fn from_rows<R: AsRef<[(u32, f32)]>>(
        n_features: usize,
        rows: impl IntoIterator<Item = R>,
    ) -> Result<Self> {
        let mut matrix = SparseRows {
            n_columns: n_features,
            indptr: vec![0],
            indices: Vec::new(),
            values: Vec::new(),
        };
        for (i, row) in rows.into_iter().enumerate() {
            let mut next_free = 0;
            for &(column, value) in row.as_ref() {
                let problem = if column as usize >= n_features {
                    format!("is not below the number of features, {n_features}")
                } else if (column as usize) < next_free {
                    "comes after a greater one or twice; sort the columns of a row".to_string()
                } else if !value.is_finite() {
                    format!("holds {value}; only finite numbers can be used")
                } else {
                    next_free = column as usize + 1;
                    matrix.indices.push(column);
                    matrix.values.push(value);
                    continue;
                };
                return Err(Error::Data(format!(
                    "design matrix: row {i}: column {column} {problem}"
                )));
            }
            matrix.indptr.push(matrix.indices.len());
        }
        Ok(DesignMatrix {
            rows: matrix,
            dense: None,
        })
    }

    /// The same with more columns behind: row i gets row `picked[i]` of `block`.
    ///
    /// # Panics
    /// Where there is a block already, not every row gets a row, or the block has not so many.
    pub fn with_block(self, block: Arc<DenseBlock>, picked: Vec<usize>) -> DesignMatrix {
        assert!(self.dense.is_none(), "one block a matrix");
        assert_eq!(
            picked.len(),
            self.rows.len(),
            "a row of the block for each row"
        );
        let n = block.n_rows();
        assert!(picked.iter().all(|&row| row < n), "rows of the block");
        DesignMatrix {
            rows: self.rows,
            dense: Some(DenseRows { block, picked }),
        }
    }

    /// The same with its first `n_columns` columns only.
    ///
    /// # Panics
    /// Where a row has an entry in the others, or there is a block.
    pub fn narrowed(mut self, n_columns: usize) -> DesignMatrix {
        assert!(self.dense.is_none(), "a block stands behind all columns");
        let beyond = |&column: &u32| column as usize >= n_columns;
        assert!(!self.rows.indices.iter().any(beyond), "empty columns only");
        self.rows.n_columns = n_columns;
        self
    }

    /// Number of rows.
    pub fn n_samples(&self) -> usize {
        self.rows.len()
    }

    /// Number of columns, those of a block included.
    pub fn n_features(&self) -> usize {
        self.n_sparse() + self.dense.as_ref().map_or(0, |dense| dense.block.n_columns)
    }

    /// Number of columns before those of a block.
    pub fn n_sparse(&self) -> usize {
        self.rows.n_columns
    }

    /// Number of stored entries, without those of a block.
    pub fn nnz(&self) -> usize {
        self.rows.indices.len()
    }

    /// The stored columns of row `i`, ascending, and their values, without those of a block.
    pub fn row(&self, i: usize) -> (&[u32], &[f32]) {
        self.rows.row(i)
    }

    /// The block behind the sparse columns and the row of it that each row has.
    pub fn block(&self) -> Option<(&Arc<DenseBlock>, &[usize])> {
        let dense = self.dense.as_ref()?;
        Some((&dense.block, &dense.picked))
    }

    /// A matrix of the rows `picked`, in that order; a row may be picked more than once.
    pub fn select_rows(&self, picked: &[usize]) -> DesignMatrix {
        let nnz = picked.iter().map(|&i| self.row(i).0.len()).sum();
        let mut rows = SparseRows {
            n_columns: self.n_sparse(),
            indptr: Vec::with_capacity(picked.len() + 1),
            indices: Vec::with_capacity(nnz),
            values: Vec::with_capacity(nnz),
        };
        rows.indptr.push(0);
        for &i in picked {
            let (indices, values) = self.row(i);
            rows.indices.extend_from_slice(indices);
            rows.values.extend_from_slice(values);
            rows.indptr.push(rows.indices.len());
        }
        let dense = self.dense.as_ref().map(|dense| DenseRows {
            block: dense.block.clone(),
            picked: picked.iter().map(|&i| dense.picked[i]).collect(),
        });
        DesignMatrix { rows, dense }
    }

    /// The same matrix with its zeros, shape (n_samples, n_features): 8 bytes a cell.
    pub fn to_dense(&self) -> Array2<f64> {
        let mut dense = Array2::zeros((self.n_samples(), self.n_features()));
        for (i, mut row) in dense.outer_iter_mut().enumerate() {
            let (indices, values) = self.row(i);
            for (&j, &x) in indices.iter().zip(values) {
                row[j as usize] = f64::from(x);
            }
            if let Some(block) = &self.dense {
                let behind = row.iter_mut().skip(self.n_sparse());
                for (cell, &x) in behind.zip(block.row(i)) {
                    *cell = f64::from(x);
                }
            }
        }
        dense
    }

    /// `out = X·W` with `weights` = W of shape (n_features, k) and `out` of shape (n_samples, k), C order.
    pub fn dot_into(&self, weights: &[f64], k: usize, out: &mut [f64]) {
        assert_eq!(
            weights.len(),
            self.n_features() * k,
            "shape of the right factor"
        );
        let (sparse, behind) = weights.split_at(self.n_sparse() * k);
        self.rows.dot_into(sparse, k, out);
        if let Some(dense) = &self.dense {
            dense.add_dot(behind, k, out);
        }
    }

    /// `Xᵀ`, a copy by columns; make it once for many products.
    pub fn transpose(&self) -> Transpose {
        Transpose {
            columns: self.rows.transpose(),
            dense: self.dense.clone(),
        }
    }
}

impl Transpose {
    /// `out = Xᵀ·R` with `rows` = R of shape (n_samples, k) and `out` of shape (n_features, k), C order.
    pub fn dot_into(&self, rows: &[f64], k: usize, out: &mut [f64]) {
        let (sparse, behind) = out.split_at_mut(self.columns.len() * k);
        self.columns.dot_into(rows, k, sparse);
        if let Some(dense) = &self.dense {
            dense.dot_transposed(rows, k, behind);
        }
    }
}

impl Records for DesignMatrix {
    type Elem = f64;

    fn nsamples(&self) -> usize {
        self.n_samples()
    }

    fn nfeatures(&self) -> usize {
        self.n_features()
    }
}

/// Compressed rows: row i is `indices[indptr[i]..indptr[i + 1]]` and the same stretch of `values`.
#[derive(Debug, Clone, PartialEq)]
struct SparseRows {
    n_columns: usize,
    indptr: Vec<usize>,
    indices: Vec<u32>,
    values: Vec<f32>,
}

impl SparseRows {
    /// Below this many multiplications starting threads costs more than it saves (about 0.1 ms of work).
    const WORTH_THREADS: usize = 200_000;
    /// Pieces a product is cut into for the threads; several a thread, so that uneven rows even out.
    const PIECES: usize = 64;

    fn len(&self) -> usize {
        self.indptr.len() - 1
    }

    fn row(&self, i: usize) -> (&[u32], &[f32]) {
        let stored = self.indptr[i]..self.indptr[i + 1];
        (&self.indices[stored.clone()], &self.values[stored])
    }

    /// Counting sort by column; rows are visited in order, so each column's rows ascend.
    fn transpose(&self) -> SparseRows {
        let n_rows = u32::try_from(self.len()).expect("row numbers fit into 32 bits");
        let mut indptr = vec![0; self.n_columns + 1];
        for &j in &self.indices {
            indptr[j as usize + 1] += 1;
        }
        for j in 0..self.n_columns {
            indptr[j + 1] += indptr[j];
        }
        let mut free = indptr.clone();
        let mut indices = vec![0; self.indices.len()];
        let mut values = vec![0.0; self.values.len()];
        for i in 0..n_rows {
            let (columns, row_values) = self.row(i as usize);
            for (&j, &x) in columns.iter().zip(row_values) {
                let place = &mut free[j as usize];
                indices[*place] = i;
                values[*place] = x;
                *place += 1;
            }
        }
        SparseRows {
            n_columns: self.len(),
            indptr,
            indices,
            values,
        }
    }

    fn dot_into(&self, w: &[f64], k: usize, out: &mut [f64]) {
        assert!(k > 0, "a product needs at least one column");
        assert_eq!(w.len(), self.n_columns * k, "shape of the right factor");
        assert_eq!(out.len(), self.len() * k, "shape of the product");
        // The usual widths are compiled apart: the k sums then stay in registers.
        let rows_from = |first: usize, out: &mut [f64]| match k {
            1 => self.dot_rows::<1>(first, w, out),
            2 => self.dot_rows::<2>(first, w, out),
            3 => self.dot_rows::<3>(first, w, out),
            4 => self.dot_rows::<4>(first, w, out),
            5 => self.dot_rows::<5>(first, w, out),
            _ => self.dot_rows_of_any_width(first, w, k, out),
        };
        if self.indices.len() * k < Self::WORTH_THREADS {
            rows_from(0, out);
        } else {
            let rows_a_piece = self.len().div_ceil(Self::PIECES);
            out.par_chunks_mut(rows_a_piece * k)
                .enumerate()
                .for_each(|(piece, out)| rows_from(piece * rows_a_piece, out));
        }
    }

    fn dot_rows<const K: usize>(&self, first: usize, w: &[f64], out: &mut [f64]) {
        let (w, _) = w.as_chunks::<K>();
        let (out, _) = out.as_chunks_mut::<K>();
        for (i, out) in (first..).zip(out) {
            let (indices, values) = self.row(i);
            let mut sum = [0.0; K];
            for (&j, &x) in indices.iter().zip(values) {
                let x = f64::from(x);
                for (sum, w) in sum.iter_mut().zip(&w[j as usize]) {
                    *sum += x * w;
                }
            }
            *out = sum;
        }
    }

    fn dot_rows_of_any_width(&self, first: usize, w: &[f64], k: usize, out: &mut [f64]) {
        for (i, sum) in (first..).zip(out.chunks_exact_mut(k)) {
            sum.fill(0.0);
            let (indices, values) = self.row(i);
            for (&j, &x) in indices.iter().zip(values) {
                let x = f64::from(x);
                for (sum, w) in sum.iter_mut().zip(&w[j as usize * k..][..k]) {
                    *sum += x * w;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng};
    use rand_pcg::Pcg64;

    use super::*;

    fn example() -> DesignMatrix {
        let rows: [&[(u32, f32)]; 4] = [
            &[(0, 1.0), (2, 2.0)],
            &[],
            &[(1, -3.0)],
            &[(0, 0.5), (1, 4.0), (2, -1.0)],
        ];
        DesignMatrix::from_rows(3, rows).expect("sorted rows")
    }

    fn random(seed: u64, n: usize, d: usize, share: f64) -> DesignMatrix {
        let mut chance = Pcg64::seed_from_u64(seed);
        let rows: Vec<Vec<(u32, f32)>> = (0..n)
            .map(|_| {
                (0..d as u32)
                    .map(|j| (j, chance.gen_range(-1.0..1.0), chance.gen_bool(share)))
                    .filter(|&(_, _, kept)| kept)
                    .map(|(j, x, _)| (j, x))
                    .collect()
            })
            .collect();
        DesignMatrix::from_rows(d, rows).expect("sorted rows")
    }

    #[test]
    fn rows_come_back_as_given() {
        let x = example();
        assert_eq!((x.n_samples(), x.n_features(), x.nnz()), (4, 3, 6));
        assert_eq!(x.row(0), (&[0, 2][..], &[1.0, 2.0][..]));
        assert_eq!(x.row(1), (&[][..], &[][..]));
        assert_eq!(
            x.to_dense(),
            ndarray::array![
                [1.0, 0.0, 2.0],
                [0.0, 0.0, 0.0],
                [0.0, -3.0, 0.0],
                [0.5, 4.0, -1.0]
            ]
        );
    }

    #[test]
    fn picked_rows_keep_their_order_and_may_repeat() {
        let x = example().select_rows(&[3, 1, 3]);
        assert_eq!((x.n_samples(), x.nnz()), (3, 6));
        assert_eq!(x.row(0), x.row(2));
        assert_eq!(x.row(1).0.len(), 0);
        assert_eq!(example().select_rows(&[]).n_samples(), 0);
    }

    #[test]
    fn a_block_stands_behind_the_sparse_columns() {
        let values = vec![1.0, 0.0, 2.0, 3.0, 0.0, -1.0];
        let block = Arc::new(DenseBlock::new(2, values).expect("three rows"));
        let x = example().with_block(block, vec![2, 0, 1, 2]);
        assert_eq!((x.n_features(), x.n_sparse(), x.nnz()), (5, 3, 6));
        let dense = x.to_dense();
        assert_eq!(dense.row(0).to_vec(), [1.0, 0.0, 2.0, 0.0, -1.0]);
        assert_eq!(dense.row(2).to_vec(), [0.0, -3.0, 0.0, 2.0, 3.0]);
        let w = Array2::from_shape_fn((5, 2), |(j, c)| (j * 2 + c) as f64 - 3.0);
        let mut out = vec![f64::NAN; 8];
        x.dot_into(w.as_slice().expect("C order"), 2, &mut out);
        assert_close(&out, &dense.dot(&w));
        let r = Array2::from_shape_fn((4, 2), |(i, c)| (i + c) as f64);
        let mut out = vec![f64::NAN; 10];
        let rows = r.as_slice().expect("C order");
        x.transpose().dot_into(rows, 2, &mut out);
        assert_close(&out, &dense.t().dot(&r));
        let picked = x.select_rows(&[3, 1]);
        assert_eq!(picked.to_dense().row(1), dense.row(1));
        let wrong = DenseBlock::new(2, vec![1.0, 2.0, f32::NAN, 0.0]).expect_err("not a number");
        assert!(wrong.to_string().contains("row 1: column 0"), "{wrong}");
        assert!(DenseBlock::new(2, vec![1.0; 3]).is_err());
    }

    #[test]
    fn a_bad_row_is_named() {
        let rows: [(&str, Vec<(u32, f32)>); 4] = [
            ("row 1: column 3", vec![(3, 1.0)]),
            ("row 1: column 0", vec![(1, 1.0), (0, 1.0)]),
            ("row 1: column 1", vec![(1, 1.0), (1, 1.0)]),
            ("row 1: column 2", vec![(2, f32::NAN)]),
        ];
        for (named, bad) in rows {
            let message = DesignMatrix::from_rows(3, [vec![], bad])
                .expect_err(named)
                .to_string();
            assert!(message.contains(named), "{message}");
        }
    }

    #[test]
    fn products_agree_with_the_dense_ones_at_every_width() {
        // The last matrix is large enough for the threaded path.
        for (seed, (n, d, share)) in [(7, 5, 0.5), (30, 80, 0.1), (900, 700, 0.4)]
            .into_iter()
            .enumerate()
        {
            let x = random(seed as u64, n, d, share);
            let (dense, columns) = (x.to_dense(), x.transpose());
            for k in [1, 2, 3, 4, 5, 9] {
                let w = Array2::from_shape_fn((d, k), |(j, c)| ((j * k + c) as f64).sin());
                let r = Array2::from_shape_fn((n, k), |(i, c)| ((i * k + c) as f64).cos());
                let mut out = vec![f64::NAN; n * k];
                x.dot_into(w.as_slice().expect("C order"), k, &mut out);
                assert_close(&out, &dense.dot(&w));
                let mut out = vec![f64::NAN; d * k];
                columns.dot_into(r.as_slice().expect("C order"), k, &mut out);
                assert_close(&out, &dense.t().dot(&r));
            }
        }
    }

    #[test]
    fn products_are_the_same_bits_with_any_number_of_threads() {
        let x = random(3, 800, 600, 0.5);
        let columns = x.transpose();
        let r: Vec<f64> = (0..800 * 3).map(|i| (i as f64).sin()).collect();
        let product = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            pool.expect("a thread pool").install(|| {
                let mut out = vec![0.0; 600 * 3];
                columns.dot_into(&r, 3, &mut out);
                out
            })
        };
        assert_eq!(product(1), product(3));
    }

    fn assert_close(found: &[f64], expected: &Array2<f64>) {
        for (found, expected) in found.iter().zip(expected.iter()) {
            assert!((found - expected).abs() < 1e-10, "{found} {expected}");
        }
    }
}

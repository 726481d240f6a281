//! The design matrix: one row a sentence, one column a feature, mostly zeros.
//!
//! Rows are stored compressed (CSR): the columns that are not zero, ascending, and their values in `f32`.
//! Two products are computed from them, in `f64`: `X·W` ([`DesignMatrix::dot_into`]) and `Xᵀ·R`
//! ([`Transpose::dot_into`]). `W` has shape (n_features, k), C order, so that each non-zero
//! touches k numbers that lie side by side; `R` has shape (n_samples, k) likewise.
//!
//! Every number of a product is one sum in the order of the stored entries, whichever thread computes it:
//! the result does not depend on the number of threads. That is why `Xᵀ` is a second copy by columns
//! (twice the memory) and not a scatter over rows.
//!
//! A fit, which multiplies hundreds of times, lays the rows out anew first: see `products` in [`crate::logistic`].

use linfa::dataset::Records;
use ndarray::Array2;
use rayon::prelude::*;

use crate::error::{Error, Result};

/// Sparse rows, shape (n_samples, n_features).
#[derive(Debug, Clone, PartialEq)]
pub struct DesignMatrix {
    rows: SparseRows,
}

/// The columns of a [`DesignMatrix`], for products with `Xᵀ`: shape (n_features, n_samples).
#[derive(Debug, Clone, PartialEq)]
pub struct Transpose {
    columns: SparseRows,
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
        Ok(DesignMatrix { rows: matrix })
    }

    /// Number of rows.
    pub fn n_samples(&self) -> usize {
        self.rows.len()
    }

    /// Number of columns.
    pub fn n_features(&self) -> usize {
        self.rows.n_columns
    }

    /// Number of stored entries.
    pub fn nnz(&self) -> usize {
        self.rows.indices.len()
    }

    /// The stored columns of row `i`, ascending, and their values.
    pub fn row(&self, i: usize) -> (&[u32], &[f32]) {
        self.rows.row(i)
    }

    /// A matrix of the rows `picked`, in that order; a row may be picked more than once.
    pub fn select_rows(&self, picked: &[usize]) -> DesignMatrix {
        let nnz = picked.iter().map(|&i| self.row(i).0.len()).sum();
        let mut rows = SparseRows {
            n_columns: self.n_features(),
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
        DesignMatrix { rows }
    }

    /// The same matrix with its zeros, shape (n_samples, n_features): 8 bytes a cell.
    pub fn to_dense(&self) -> Array2<f64> {
        let mut dense = Array2::zeros((self.n_samples(), self.n_features()));
        for (i, mut row) in dense.outer_iter_mut().enumerate() {
            let (indices, values) = self.row(i);
            for (&j, &x) in indices.iter().zip(values) {
                row[j as usize] = f64::from(x);
            }
        }
        dense
    }

    /// `out = X·W` with `weights` = W of shape (n_features, k) and `out` of shape (n_samples, k), C order.
    pub fn dot_into(&self, weights: &[f64], k: usize, out: &mut [f64]) {
        self.rows.dot_into(weights, k, out);
    }

    /// `Xᵀ`, a copy by columns; make it once for many products.
    pub fn transpose(&self) -> Transpose {
        Transpose {
            columns: self.rows.transpose(),
        }
    }
}

impl Transpose {
    /// `out = Xᵀ·R` with `rows` = R of shape (n_samples, k) and `out` of shape (n_features, k), C order.
    pub fn dot_into(&self, rows: &[f64], k: usize, out: &mut [f64]) {
        self.columns.dot_into(rows, k, out);
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

//! Dense linear algebra on tall matrices: products in row blocks, orthonormal columns, the singular values of a small matrix.
//!
//! Blocks have a fixed size and are summed in their order, so results do not depend on the number of threads. The matrices here have
//! some ten thousand rows and a few hundred columns; at that size this takes seconds and needs no LAPACK.

use ndarray::{Array2, ArrayView2};
use rayon::prelude::*;

/// Rows of a block: large enough for a fast product, small enough to share among threads.
const BLOCK: usize = 512;

/// A column whose part outside the span of those before it is, squared, below this share counts as dependent on them. Far above the
/// rounding of the Gram matrix (1e-16), so that what is kept is orthonormal after a second pass.
const DEPENDENT: f64 = 1e-13;

fn rows_of(values: &[f64], width: usize) -> ArrayView2<'_, f64> {
    ArrayView2::from_shape((values.len() / width, width), values).expect("whole rows")
}

fn values_of(matrix: &Array2<f64>) -> &[f64] {
    matrix.as_slice().expect("matrices here are in C order")
}

/// `Yᵀ·Y` for `y` of shape (n, k): shape (k, k).
pub(crate) fn gram(y: &Array2<f64>) -> Array2<f64> {
    let k = y.ncols();
    let parts: Vec<Array2<f64>> = values_of(y)
        .par_chunks(BLOCK * k)
        .map(|block| {
            let block = rows_of(block, k);
            block.t().dot(&block)
        })
        .collect();
    let mut sum = Array2::zeros((k, k));
    for part in &parts {
        sum += part;
    }
    sum
}

/// `Y·B` for `y` of shape (n, k) and `b` of shape (k, m): shape (n, m).
pub(crate) fn product(y: &Array2<f64>, b: &Array2<f64>) -> Array2<f64> {
    let (k, m) = b.dim();
    let mut out = Array2::zeros((y.nrows(), m));
    out.as_slice_mut()
        .expect("just made")
        .par_chunks_mut(BLOCK * m)
        .zip(values_of(y).par_chunks(BLOCK * k))
        .for_each(|(out, block)| {
            let product = rows_of(block, k).dot(b);
            out.copy_from_slice(values_of(&product));
        });
    out
}

/// The upper triangle R with `G = Rᵀ·R`, for a symmetric `gram` without negative eigenvalues. The row of a
/// dependent column (see [`DEPENDENT`]) is zero.
pub(crate) fn cholesky(gram: &Array2<f64>) -> Array2<f64> {
    let k = gram.nrows();
    let mut r = Array2::<f64>::zeros((k, k));
    for j in 0..k {
        let mut row = gram.row(j).to_owned();
        for i in 0..j {
            row.scaled_add(-r[[i, j]], &r.row(i));
        }
        let rest = row[j];
        if rest > DEPENDENT * gram[[j, j]] {
            let root = rest.sqrt();
            for c in j..k {
                r[[j, c]] = row[c] / root;
            }
        }
    }
    r
}

/// The inverse of an upper triangle; columns and rows of dependent columns are zero.
fn inverse(r: &Array2<f64>) -> Array2<f64> {
    let k = r.nrows();
    let mut inverse = Array2::<f64>::zeros((k, k));
    // Row i of the inverse needs those below it: R⁻¹[i] = (e_i − Σ_{j>i} R[i,j] · R⁻¹[j]) / R[i,i].
    for i in (0..k).rev() {
        if r[[i, i]] == 0.0 {
            continue;
        }
        let mut row = ndarray::Array1::<f64>::zeros(k);
        row[i] = 1.0;
        for j in i + 1..k {
            row.scaled_add(-r[[i, j]], &inverse.row(j));
        }
        row /= r[[i, i]];
        inverse.row_mut(i).assign(&row);
    }
    inverse
}

/// `Y = Q·R` with orthonormal columns in Q, or zero ones where a column of `y` depends on those before it.
///
/// Cholesky QR, twice: the second pass repairs what rounding took from the first (Yamamoto, Nakatsukasa, Yanagisawa & Fukaya
/// 2015). Two passes over the rows, where Householder's method needs one a column.
pub(crate) fn orthonormalize(y: &Array2<f64>) -> (Array2<f64>, Array2<f64>) {
    let first = cholesky(&gram(y));
    let q = product(y, &inverse(&first));
    let second = cholesky(&gram(&q));
    let q = product(&q, &inverse(&second));
    (q, second.dot(&first))
}

/// Most sweeps of [`right_singular`]; about ten are needed.
const MOST_SWEEPS: usize = 60;

/// Singular values of a square matrix, descending, and its right singular vectors as columns.
///
/// One-sided Jacobi: pairs of columns are rotated until all are orthogonal; their lengths are the singular values (Hestenes 1958).
/// Small ones come out with small relative error, which the eigenvalues of `AᵀA` do not give (Demmel & Veselić 1992).
pub(crate) fn right_singular(a: &Array2<f64>) -> (Vec<f64>, Array2<f64>) {
    let k = a.ncols();
    // Columns as rows of memory: rotations then run along it.
    let mut columns: Vec<Vec<f64>> = (0..k).map(|j| a.column(j).to_vec()).collect();
    let mut vectors: Vec<Vec<f64>> = (0..k)
        .map(|j| (0..k).map(|i| f64::from(u8::from(i == j))).collect())
        .collect();
    for _ in 0..MOST_SWEEPS {
        let mut rotated = false;
        for i in 0..k {
            for j in i + 1..k {
                let (alpha, beta) = (dot(&columns[i], &columns[i]), dot(&columns[j], &columns[j]));
                let gamma = dot(&columns[i], &columns[j]);
                if gamma.abs() <= 1e-15 * (alpha * beta).sqrt() {
                    continue;
                }
                rotated = true;
                let zeta = (beta - alpha) / (2.0 * gamma);
                let tangent = zeta.signum() / (zeta.abs() + zeta.hypot(1.0));
                let cosine = 1.0 / tangent.hypot(1.0);
                rotate(&mut columns, i, j, cosine, cosine * tangent);
                rotate(&mut vectors, i, j, cosine, cosine * tangent);
            }
        }
        if !rotated {
            break;
        }
    }
    let mut order: Vec<(f64, usize)> = columns
        .iter()
        .enumerate()
        .map(|(j, column)| (dot(column, column).sqrt(), j))
        .collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let v = Array2::from_shape_fn((k, k), |(i, j)| vectors[order[j].1][i]);
    (order.iter().map(|&(value, _)| value).collect(), v)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn rotate(columns: &mut [Vec<f64>], i: usize, j: usize, cosine: f64, sine: f64) {
    let (head, tail) = columns.split_at_mut(j);
    for (a, b) in head[i].iter_mut().zip(&mut tail[0]) {
        (*a, *b) = (cosine * *a - sine * *b, sine * *a + cosine * *b);
    }
}

/// Solves `A·x = b` for a symmetric positive definite `a`.
pub(crate) fn solve(a: &Array2<f64>, b: &[f64]) -> Vec<f64> {
    let inverse = inverse(&cholesky(a));
    // A⁻¹ = R⁻¹·R⁻ᵀ.
    let half = inverse.t().dot(&ndarray::ArrayView1::from(b));
    inverse.dot(&half).to_vec()
}

#[cfg(test)]
mod tests {
    use rand::Rng;

    use super::*;
    use crate::statistics::stream;

    pub(crate) fn random(n: usize, k: usize, seed: u64) -> Array2<f64> {
        let mut chance = stream(seed, 0);
        Array2::from_shape_simple_fn((n, k), || chance.gen_range(-1.0..1.0))
    }

    fn distance(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
        (a - b).iter().fold(0.0, |max, x| x.abs().max(max))
    }

    #[test]
    fn block_products_equal_plain_ones() {
        let (y, b) = (random(1300, 7, 1), random(7, 4, 2));
        assert!(distance(&gram(&y), &y.t().dot(&y)) < 1e-10);
        assert!(distance(&product(&y, &b), &y.dot(&b)) < 1e-12);
    }

    #[test]
    fn columns_become_orthonormal_however_unequal_they_are() {
        let mut y = random(900, 12, 3);
        for (j, mut column) in y.columns_mut().into_iter().enumerate() {
            column *= 10_f64.powi(-(j as i32));
        }
        let nearly_alike = &y.column(0) + &(&y.column(5) * 1e-1);
        y.column_mut(5).assign(&nearly_alike);
        let (q, r) = orthonormalize(&y);
        assert!(distance(&gram(&q), &Array2::eye(12)) < 1e-13);
        assert!(distance(&q.dot(&r), &y) < 1e-12);
    }

    #[test]
    fn a_dependent_column_becomes_zero() {
        let mut y = random(50, 4, 4);
        let sum = &y.column(0) + &y.column(1);
        y.column_mut(2).assign(&sum);
        let (q, r) = orthonormalize(&y);
        assert!(q.column(2).iter().all(|&x| x == 0.0));
        assert!(distance(&q.dot(&r), &y) < 1e-12);
        let (q, _) = orthonormalize(&Array2::zeros((5, 2)));
        assert!(q.iter().all(|&x| x == 0.0));
    }

    #[test]
    fn singular_values_and_solutions_are_as_worked_by_hand() {
        // For [[3, 0], [4, 5]] it is AᵀA = [[25, 20], [20, 25]], with eigenvalues 45 and 5.
        let a = ndarray::array![[3.0, 0.0], [4.0, 5.0]];
        let (values, v) = right_singular(&a);
        assert!((values[0] - 45_f64.sqrt()).abs() < 1e-14);
        assert!((values[1] - 5_f64.sqrt()).abs() < 1e-14);
        assert!((v[[0, 0]].abs() - 0.5_f64.sqrt()).abs() < 1e-14);
        let (values, _) = right_singular(&Array2::zeros((3, 3)));
        assert_eq!(values, [0.0; 3]);
        // 4x + y = 1, x + 3y = 2.
        let x = solve(&ndarray::array![[4.0, 1.0], [1.0, 3.0]], &[1.0, 2.0]);
        assert!((x[0] - 1.0 / 11.0).abs() < 1e-15 && (x[1] - 7.0 / 11.0).abs() < 1e-15);
    }
}

//! The largest singular values of a sparse matrix and their left vectors.
//!
//! Randomised range finder with orthonormalised power iterations (Halko, Martinsson & Tropp 2011): random
//! signs times the matrix give a basis that nearly holds the leading vectors, each pass over the matrix and back sharpens it, and
//! what is left is the decomposition of a small matrix.

use ndarray::Array2;
use rand::RngCore;

use crate::matrix::DesignMatrix;
use crate::statistics::stream;
use crate::vectors::dense::{orthonormalize, product, right_singular};

/// Basis vectors beyond the rank asked for.
const OVERSAMPLING: usize = 20;

/// Passes over the matrix and back. The singular values of language fall slowly, so one is too few: with 1, 2, 4, 8 the signs of held-out
/// words (see `polarity`) came out right for 0.740, 0.761, 0.771, 0.773 on 4,000 news articles.
const POWER_ITERATIONS: usize = 4;

/// Products with the matrix that [`truncated_svd`] makes.
pub(crate) const PRODUCTS: usize = 2 * POWER_ITERATIONS + 2;

/// `X ≈ U·diag(s)·Vᵀ`, without V.
pub(crate) struct Svd {
    /// Shape (n, rank), orthonormal columns. Each vector's greatest component is positive (a sign is free).
    pub u: Array2<f64>,
    /// Descending. Values below about 1e-6 of the first may be given as 0.
    pub singular_values: Vec<f64>,
}

/// The decomposition of `x` (n, m) of the given `rank`, which is at most n and m; `step` is called after each of [`PRODUCTS`].
pub(crate) fn truncated_svd(
    x: &DesignMatrix,
    rank: usize,
    seed: u64,
    step: &(dyn Fn() + Sync),
) -> Svd {
    let (n, m) = (x.n_samples(), x.n_features());
    assert!(rank > 0 && rank <= n.min(m), "the caller checks the rank");
    let width = (rank + OVERSAMPLING).min(n.min(m));
    let transposed = x.transpose();
    let forth = |right: &Array2<f64>| {
        let mut out = vec![0.0; n * width];
        x.dot_into(slice(right), width, &mut out);
        step();
        Array2::from_shape_vec((n, width), out).expect("as many as asked for")
    };
    let back = |left: &Array2<f64>| {
        let mut out = vec![0.0; m * width];
        transposed.dot_into(slice(left), width, &mut out);
        step();
        Array2::from_shape_vec((m, width), out).expect("as many as asked for")
    };

    let mut chance = stream(seed, 0);
    let signs = Array2::from_shape_simple_fn((m, width), || {
        if chance.next_u32() >> 31 == 0 {
            1.0
        } else {
            -1.0
        }
    });
    let (mut q, _) = orthonormalize(&forth(&signs));
    for _ in 0..POWER_ITERATIONS {
        let (p, _) = orthonormalize(&back(&q));
        (q, _) = orthonormalize(&forth(&p));
    }
    // X ≈ Q·(XᵀQ)ᵀ = Q·(P·R)ᵀ = Q·Rᵀ·Pᵀ; with R = A·S·Vᵀ that is (Q·V)·S·(P·A)ᵀ.
    let (_, r) = orthonormalize(&back(&q));
    let (mut singular_values, v) = right_singular(&r);
    singular_values.truncate(rank);
    let v = Array2::from_shape_fn((width, rank), |(i, j)| v[[i, j]]);
    let mut u = product(&q, &v);
    for mut column in u.columns_mut() {
        let greatest = column
            .iter()
            .fold(0.0_f64, |max, &x| if x.abs() > max.abs() { x } else { max });
        if greatest < 0.0 {
            column *= -1.0;
        }
    }
    Svd { u, singular_values }
}

fn slice(matrix: &Array2<f64>) -> &[f64] {
    matrix.as_slice().expect("matrices here are in C order")
}

#[cfg(test)]
mod tests {
    use rand::Rng;

    use super::*;
    use crate::vectors::dense::gram;

    fn sparse(dense: &Array2<f64>) -> DesignMatrix {
        let rows = dense.outer_iter().map(|row| {
            row.iter()
                .enumerate()
                .filter(|&(_, &x)| x != 0.0)
                .map(|(j, &x)| (j as u32, x as f32))
                .collect::<Vec<_>>()
        });
        DesignMatrix::from_rows(dense.ncols(), rows).expect("well formed")
    }

    fn random(n: usize, k: usize, seed: u64) -> Array2<f64> {
        let mut chance = stream(seed, 0);
        Array2::from_shape_simple_fn((n, k), || chance.gen_range(-1.0..1.0))
    }

    #[test]
    fn a_matrix_made_from_known_singular_values_gives_them_back() {
        let known = [50.0, 20.0, 19.0, 7.0, 3.0, 1.0, 0.2];
        let (left, _) = orthonormalize(&random(300, known.len(), 1));
        let (right, _) = orthonormalize(&random(200, known.len(), 2));
        let x = (&left * &ndarray::arr1(&known)).dot(&right.t());
        let svd = truncated_svd(&sparse(&x), 5, 1, &|| {});
        for (found, known) in svd.singular_values.iter().zip(known) {
            // The cells are stored in single precision.
            assert!((found - known).abs() < 1e-6 * 50.0, "{found} for {known}");
        }
        assert_eq!(svd.singular_values.len(), 5);
        let off = (&gram(&svd.u) - &Array2::<f64>::eye(5))
            .iter()
            .fold(0.0_f64, |max, x| max.max(x.abs()));
        assert!(off < 1e-12);
        for (j, column) in svd.u.columns().into_iter().enumerate() {
            let cosine = column.dot(&left.column(j)).abs();
            assert!((cosine - 1.0).abs() < 1e-6, "vector {j}: {cosine}");
        }
    }

    #[test]
    fn a_sparse_random_matrix_has_the_singular_values_of_the_slow_way() {
        let mut x = random(60, 60, 3);
        x.mapv_inplace(|v| if v > 0.6 { f64::from(v as f32) } else { 0.0 });
        let svd = truncated_svd(&sparse(&x), 40, 7, &|| {});
        let (slow, _) = right_singular(&x);
        for (fast, slow) in svd.singular_values.iter().zip(slow) {
            assert!((fast - slow).abs() < 1e-6, "{fast} and {slow}");
        }
    }

    #[test]
    fn a_rank_that_the_matrix_does_not_have_gives_zeros() {
        let x = Array2::from_shape_fn((40, 30), |(i, j)| (i % 3 + 1) as f64 * (j % 2 + 1) as f64);
        let svd = truncated_svd(&sparse(&x), 6, 1, &|| {});
        let norm = x.iter().map(|v| v * v).sum::<f64>().sqrt();
        assert!((svd.singular_values[0] - norm).abs() < 1e-6 * norm);
        assert!(svd.singular_values[1..].iter().all(|&s| s < 1e-6 * norm));
        assert!(svd.u.iter().all(|x| x.is_finite()));
    }
}

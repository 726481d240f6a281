//! The objective every solver minimises, with its derivatives.
//!
//! Over rows i with weight w_i, logits z_i = W x_i + b and class y_i:
//!
//!   K >= 3:  f = Σ_i w_i · (log Σ_k exp z_ik - z_iy) + (l2/2)·||W||²,   one output a class
//!   K  = 2:  f = Σ_i w_i · (log(1 + exp z_i) - y_i z_i) + (l2/2)·||W||²,   one output in all, y_i in {0, 1}
//!
//! With a prior mean W0 the penalty is (l2/2)·||W - W0||²: without data the fit would end at W0, not at zero.
//!
//! The intercepts b are free. This is linfa-logistic's and scikit-learn's objective (alpha = 1/C = l2).
//! Parameters θ are one vector of shape (n_features + 1, stride), C order, rows in the order of [`Products`] and filled up with zeros
//! to its stride; the last row holds the intercepts, as if each row of X ended in a 1. Logits and what is made of them
//! have shape (n_samples, stride) likewise. Derivatives and a bound on
//! the Hessian: Böhning (1992), "Multinomial logistic regression algorithm".

use std::borrow::Cow;
use std::ops::Range;

use ndarray::{Array1, Array2};
use rayon::prelude::*;

use super::curvature::Curvature;
use super::products::{Products, Real, dot};

/// Rows whose losses are added before the sum joins that of the others.
const ROWS_A_BLOCK: usize = 2048;

/// log(1 + exp z) without overflow, and without losing exp z where it is small.
pub(super) fn ln_1p_exp(z: f64) -> f64 {
    z.max(0.0) + (-z.abs()).exp().ln_1p()
}

/// 1 / (1 + exp(-z)); relatively accurate for very negative z too.
pub(super) fn sigmoid(z: f64) -> f64 {
    let e = (-z.abs()).exp();
    if z >= 0.0 {
        1.0 / (1.0 + e)
    } else {
        e / (1.0 + e)
    }
}

/// log Σ exp z over one row, which must not be empty.
pub(super) fn log_sum_exp(row: &[f64]) -> f64 {
    let max = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    max + row.iter().map(|z| (z - max).exp()).sum::<f64>().ln()
}

/// Turns one row of logits into probabilities, in place. Finite logits of any size give finite
/// probabilities that sum to 1.
pub fn softmax(row: &mut [f64]) {
    let max = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for z in row.iter_mut() {
        *z = (*z - max).exp();
        sum += *z;
    }
    for p in row {
        *p /= sum;
    }
}

/// One fitting problem: data, weights and penalty.
pub(super) struct Objective<'a> {
    products: &'a Products,
    /// Class of each row, below `n_classes`.
    targets: &'a [usize],
    /// Weight of each row: sample weight times class weight.
    weights: Vec<f64>,
    total_weight: f64,
    l2: f64,
    /// W0, in the order of θ without its last row; `None` for zeros.
    prior_mean: Option<Vec<f64>>,
    /// What is known of the Hessian from elsewhere.
    known: Option<KnownCurvature<'a>>,
}

/// A shared [`Curvature`], and where its columns stand in θ.
pub(super) struct KnownCurvature<'a> {
    pub curvature: &'a Curvature,
    /// The row of θ of each of its columns; `None` where these data lack it.
    pub rows: Vec<Option<usize>>,
}

impl<'a> Objective<'a> {
    pub fn new(products: &'a Products, targets: &'a [usize], weights: Vec<f64>, l2: f64) -> Self {
        Objective {
            products,
            targets,
            total_weight: weights.iter().sum(),
            weights,
            l2,
            prior_mean: None,
            known: None,
        }
    }

    /// The same, knowing something of the Hessian.
    pub fn knowing(mut self, known: Option<KnownCurvature<'a>>) -> Self {
        self.known = known;
        self
    }

    pub fn known(&self) -> Option<&KnownCurvature<'a>> {
        self.known.as_ref()
    }

    /// The same with the penalty around `prior_mean`, the order of θ without its last row.
    pub fn around(mut self, prior_mean: Option<Vec<f64>>) -> Self {
        debug_assert!(
            prior_mean
                .as_ref()
                .is_none_or(|w| w.len() == self.n_penalized())
        );
        self.prior_mean = prior_mean;
        self
    }

    /// θ from coefficients, shape (n_outputs, n_features), and intercepts, shape (n_outputs).
    pub fn pack(&self, coef: &Array2<f64>, intercept: &Array1<f64>) -> Vec<f64> {
        let mut theta = self.products.pack(coef);
        theta.extend(intercept);
        theta.resize(self.n_parameters(), 0.0);
        theta
    }

    /// Length of arrays with the shape of Z.
    pub fn n_rows(&self) -> usize {
        self.products.n_rows()
    }

    /// Length of θ.
    pub fn n_parameters(&self) -> usize {
        self.products.n_parameters()
    }

    /// Length of the part of θ that the penalty sees; the intercepts follow.
    fn n_penalized(&self) -> usize {
        self.products.n_features() * self.products.stride()
    }

    fn k(&self) -> usize {
        self.products.n_outputs()
    }

    /// Coefficient vectors, and numbers kept for each column.
    pub fn widths(&self) -> (usize, usize) {
        (self.k(), self.products.stride())
    }

    /// Σ w_i.
    pub fn total_weight(&self) -> f64 {
        self.total_weight
    }

    /// The coefficients of θ without the intercepts.
    pub fn penalized<'t, T>(&self, theta: &'t [T]) -> &'t [T] {
        &theta[..self.n_penalized()]
    }

    /// W - W0, what the penalty squares.
    pub fn deviation<'t>(&self, theta: &'t [f64]) -> Cow<'t, [f64]> {
        let w = self.penalized(theta);
        match &self.prior_mean {
            None => Cow::Borrowed(w),
            Some(prior) => w.iter().zip(prior).map(|(w, w0)| w - w0).collect(),
        }
    }

    pub fn l2(&self) -> f64 {
        self.l2
    }

    /// Σ w_i · loss_i at `logits`, without the penalty.
    pub fn loss(&self, logits: &[f64]) -> f64 {
        let (k, stride) = (self.k(), self.products.stride());
        self.over_rows(|rows| {
            let z = logits[rows.start * stride..rows.end * stride].chunks_exact(stride);
            let rows = z.zip(&self.targets[rows.clone()]).zip(&self.weights[rows]);
            if k == 1 {
                // log(1 + e^z) - y z = log(1 + e^-z) for y = 1: no difference of large numbers.
                rows.map(|((z, &y), w)| w * ln_1p_exp(if y == 1 { -z[0] } else { z[0] }))
                    .sum()
            } else {
                rows.map(|((z, &y), w)| w * (log_sum_exp(&z[..k]) - z[y]))
                    .sum()
            }
        })
    }

    /// The slope of the loss along `moves`, which are to be added to `logits`: Σ w_i (p_i - y_i)·moves_i.
    pub fn slope<T: Real>(&self, logits: &[f64], moves: &[T]) -> f64 {
        let stride = self.products.stride();
        self.over_rows(|rows| {
            let mut r = vec![0.0; stride];
            let of = |i: usize| i * stride..(i + 1) * stride;
            rows.map(|i| {
                self.residual(i, &logits[of(i)], &mut r);
                let moves = &moves[of(i)];
                r.iter()
                    .zip(moves)
                    .map(|(r, m)| r * m.double())
                    .sum::<f64>()
            })
            .sum()
        })
    }

    /// A sum over rows: by blocks of them, on threads where there are many.
    fn over_rows(&self, block: impl Fn(Range<usize>) -> f64 + Sync) -> f64 {
        let n = self.products.n_samples();
        let blocks = n.div_ceil(ROWS_A_BLOCK);
        let one = |b: usize| block(b * ROWS_A_BLOCK..n.min((b + 1) * ROWS_A_BLOCK));
        if blocks < 2 {
            return block(0..n);
        }
        let sums: Vec<f64> = (0..blocks).into_par_iter().map(one).collect();
        sums.into_iter().sum()
    }

    /// (l2/2)·||W - W0||².
    pub fn penalty(&self, theta: &[f64]) -> f64 {
        let w = self.deviation(theta);
        0.5 * self.l2 * dot(&w, &w)
    }

    /// w·(p - y) of row `i`, the derivative of its loss by each of its logits `z`.
    fn residual(&self, i: usize, z: &[f64], r: &mut [f64]) {
        let (w, y, k) = (self.weights[i], self.targets[i], self.k());
        // p - 1 is computed as minus the probability of the rest: exact where p is nearly 1.
        if k == 1 {
            r[0] = w * if y == 1 {
                -sigmoid(-z[0])
            } else {
                sigmoid(z[0])
            };
            return;
        }
        r[..k].copy_from_slice(&z[..k]);
        softmax(&mut r[..k]);
        let mut rest = 0.0;
        for (class, r) in r[..k].iter_mut().enumerate() {
            if class != y {
                rest += *r;
                *r *= w;
            }
        }
        r[y] = -w * rest;
    }

    /// Everything at θ.
    pub fn derivatives(&self, theta: &[f64], at: &mut Derivatives) {
        self.products.there_and_back(
            theta,
            &mut at.logits,
            &mut at.residuals,
            &mut at.gradient,
            |i, z, r| self.residual(i, z, r),
        );
        for (g, w) in at.gradient.iter_mut().zip(self.deviation(theta).iter()) {
            *g += self.l2 * w;
        }
    }

    /// Room for [`Objective::derivatives`].
    pub fn room(&self) -> Derivatives {
        Derivatives {
            logits: vec![0.0; self.n_rows()],
            residuals: vec![0.0; self.n_rows()],
            gradient: vec![0.0; self.n_parameters()],
        }
    }

    /// P(class) of each row, with one output P(class 1), from [`Derivatives::logits`]; shape of Z.
    pub fn probabilities_into<T: Real>(&self, logits: &[f64], out: &mut [T]) {
        let (k, stride) = (self.k(), self.products.stride());
        let block = |(out, logits): (&mut [T], &[f64])| {
            let mut p = vec![0.0; k];
            for (out, z) in out
                .chunks_exact_mut(stride)
                .zip(logits.chunks_exact(stride))
            {
                if k == 1 {
                    p[0] = sigmoid(z[0]);
                } else {
                    p.copy_from_slice(&z[..k]);
                    softmax(&mut p);
                }
                for (out, &p) in out.iter_mut().zip(&p) {
                    *out = T::of(p);
                }
            }
        };
        let numbers = ROWS_A_BLOCK * stride;
        out.par_chunks_mut(numbers)
            .zip(logits.par_chunks(numbers))
            .for_each(block);
    }

    /// H·s, shape of θ, for a direction s; `moves` becomes its logits X·S + s_b. `scratch` has the shape of `moves`.
    ///
    /// `damping` adds that much curvature to every row's logits: diag(p) - p pᵀ becomes diag(p) - p pᵀ +
    /// damping·(I - 1 1ᵀ/K). At 1/2 (one output: 1/4) H is at least the Hessian at any other θ (Böhning
    /// 1992).
    pub fn hessian_product_into<T: Real>(
        &self,
        probabilities: &[T],
        damping: f64,
        direction: &[T],
        moves: &mut [T],
        scratch: &mut [T],
        out: &mut [T],
    ) {
        let (k, stride) = (self.k(), self.products.stride());
        let (damping, share) = (T::of(damping), T::of(1.0 / k as f64));
        let bend = |i: usize, v: &[T], r: &mut [T]| {
            let w = T::of(self.weights[i]);
            let p = &probabilities[i * stride..][..stride];
            if k == 1 {
                r[0] = w * (p[0] * (T::of(1.0) - p[0]) + damping) * v[0];
                return;
            }
            // Beyond the classes there are zeros in v and p, and there must be zeros in r.
            let (mut mean, mut plain_mean) = (T::default(), T::default());
            for (&p, &v) in p.iter().zip(v) {
                mean += p * v;
                plain_mean += share * v;
            }
            for ((r, &p), &v) in r[..k].iter_mut().zip(p).zip(v) {
                *r = w * (p * (v - mean) + damping * (v - plain_mean));
            }
        };
        (self.products).there_and_back(direction, moves, scratch, out, bend);
        let l2 = T::of(self.l2);
        for (h, &s) in out.iter_mut().zip(self.penalized(direction)) {
            *h += l2 * s;
        }
    }

    /// The diagonal of the Hessian, shape of θ: Σ_i w_i x_ij² p_ik (1 - p_ik) + l2, damped likewise.
    pub fn hessian_diagonal_into<T: Real>(
        &self,
        probabilities: &[T],
        damping: f64,
        scratch: &mut [T],
        out: &mut [T],
    ) {
        let (k, stride) = (self.k(), self.products.stride());
        let damping = T::of(if k == 1 {
            damping
        } else {
            damping * (1.0 - 1.0 / k as f64)
        });
        for ((r, p), &w) in scratch
            .chunks_exact_mut(stride)
            .zip(probabilities.chunks_exact(stride))
            .zip(&self.weights)
        {
            let w = T::of(w);
            for (r, &p) in r[..k].iter_mut().zip(p) {
                *r = w * (p * (T::of(1.0) - p) + damping);
            }
        }
        self.products.back_squared(scratch, out);
        let n_penalized = self.n_penalized();
        for h in &mut out[..n_penalized] {
            *h += T::of(self.l2);
        }
    }

    /// f.
    pub fn value(&self, theta: &[f64]) -> f64 {
        let mut logits = vec![0.0; self.n_rows()];
        self.products.there(theta, &mut logits);
        self.loss(&logits) + self.penalty(theta)
    }

    /// f and the greatest |∇f| divided by the total weight, computed from θ alone: what a fit is judged by.
    pub fn certify(&self, theta: &[f64]) -> Certificate {
        let mut at = self.room();
        self.derivatives(theta, &mut at);
        Certificate {
            objective: self.loss(&at.logits) + self.penalty(theta),
            gradient_norm: self.gradient_norm(&at.gradient),
        }
    }

    /// Greatest |entry| divided by the total weight; NaN counts as infinite.
    pub fn gradient_norm<T: Real>(&self, gradient: &[T]) -> f64 {
        let max = gradient.iter().fold(0.0, |max: f64, g| {
            let g = g.double();
            if g.is_nan() {
                f64::INFINITY
            } else {
                max.max(g.abs())
            }
        });
        max / self.total_weight
    }
}

/// See [`Objective::certify`].
pub(super) struct Certificate {
    pub objective: f64,
    pub gradient_norm: f64,
}

/// What [`Objective::derivatives`] finds.
pub(super) struct Derivatives {
    /// Z, shape (n_samples, stride).
    pub logits: Vec<f64>,
    /// w·(p - y), the same shape.
    pub residuals: Vec<f64>,
    /// ∇f, shape of θ.
    pub gradient: Vec<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logistic::tests::planted;
    use crate::matrix::DesignMatrix;

    #[test]
    fn the_logistic_functions_hold_far_from_zero() {
        let rows = [
            (0.0, std::f64::consts::LN_2, 0.5),
            (40.0, 40.0 + 4.248_354_255_291_589e-18, 1.0),
            (-40.0, 4.248_354_255_291_589e-18, 4.248_354_255_291_589e-18),
            (800.0, 800.0, 1.0),
            (-800.0, 0.0, 0.0),
        ];
        for (z, loss, p) in rows {
            assert!((ln_1p_exp(z) - loss).abs() <= 1e-15 * loss, "{z}");
            assert!((sigmoid(z) - p).abs() <= 1e-15 * p, "{z}");
        }
    }

    #[test]
    fn softmax_and_log_sum_exp_take_each_rows_own_maximum() {
        for shift in [0.0, 40.0, -40.0, 800.0, -800.0] {
            let mut row = [shift + 1.0, shift, shift - 2.0];
            let total = 1.0 + (-1f64).exp() + (-3f64).exp();
            assert!((log_sum_exp(&row) - (shift + 1.0 + total.ln())).abs() < 1e-12);
            softmax(&mut row);
            assert!((row[0] - 1.0 / total).abs() < 1e-12, "{shift}");
            assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-15);
        }
        let mut far = [800.0, -800.0];
        softmax(&mut far);
        assert_eq!(far, [1.0, 0.0]);
    }

    /// An array whose rows are filled up with zeros, as `products` has them: `value` of the place where it counts.
    fn filled(products: &Products, len: usize, value: impl Fn(usize) -> f64) -> Vec<f64> {
        let counts = |at: usize| at % products.stride() < products.n_outputs();
        let of = |at: usize| if counts(at) { value(at) } else { 0.0 };
        (0..len).map(of).collect()
    }

    #[test]
    fn loss_of_two_rows_by_hand() {
        let x = DesignMatrix::from_rows(1, [[(0, 1.0)], [(0, -2.0)]]).expect("two rows");
        // One output, w = 0.5, b = 1: z = 1.5 and 0.
        let products = Products::new(&x, 1);
        let binary = Objective::new(&products, &[1, 0], vec![1.0, 3.0], 0.1);
        let theta = [0.5, 1.0];
        let mut z = [0.0; 2];
        products.there(&theta, &mut z);
        assert_eq!(z, [1.5, 0.0]);
        let expected = (1.0 + (-1.5f64).exp()).ln() + 3.0 * 2f64.ln();
        assert!((binary.loss(&z) - expected).abs() < 1e-12);
        assert!((binary.penalty(&theta) - 0.05 * 0.25).abs() < 1e-15);
        // Three outputs in rows of four; the second row's logits are all equal.
        let products = Products::new(&x, 3);
        let softmax = Objective::new(&products, &[2, 0], vec![1.0, 3.0], 0.1);
        let theta = [0.0, 0.5, 1.0, 0.0, 0.0, 1.0, 2.0, 0.0];
        let mut z = [f64::NAN; 8];
        products.there(&theta, &mut z);
        assert_eq!(z, [0.0, 1.5, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        let expected = (1.0 + 1.5f64.exp() + 3f64.exp()).ln() - 3.0 + 3.0 * 3f64.ln();
        assert!((softmax.loss(&z) - expected).abs() < 1e-12);
    }

    #[test]
    fn derivatives_agree_with_finite_differences() {
        for n_classes in [2, 3, 5, 9] {
            let (x, targets) = planted(n_classes as u64, 40, 6, n_classes);
            let weights: Vec<f64> = (0..40).map(|i| f64::from(i % 4) * 0.7).collect();
            let products = Products::new(&x, if n_classes == 2 { 1 } else { n_classes });
            let objective = Objective::new(&products, &targets, weights, 0.3);
            let p = objective.n_parameters();
            let theta = filled(&products, p, |j| (j as f64 * 1.7).sin());
            let s = filled(&products, p, |j| (j as f64 * 0.9).cos());

            let at = |theta: &[f64]| {
                let mut at = objective.room();
                objective.derivatives(theta, &mut at);
                at
            };
            let here = at(&theta);
            let mut probabilities = vec![0.0; objective.n_rows()];
            objective.probabilities_into(&here.logits, &mut probabilities);
            let (mut moves, mut scratch) = (probabilities.clone(), vec![0.0; objective.n_rows()]);
            let (mut product, mut diagonal) = (vec![0.0; p], vec![0.0; p]);
            objective.hessian_product_into(
                &probabilities,
                0.0,
                &s,
                &mut moves,
                &mut scratch,
                &mut product,
            );
            objective.hessian_diagonal_into(&probabilities, 0.0, &mut scratch, &mut diagonal);

            let step = 1e-5;
            let moved = |direction: &dyn Fn(usize) -> f64, by: f64| -> Vec<f64> {
                (0..p).map(|j| theta[j] + by * direction(j)).collect()
            };
            let along_s = |j: usize| s[j];
            let ahead = at(&moved(&along_s, step)).gradient;
            let behind = at(&moved(&along_s, -step)).gradient;
            let slope = (objective.value(&moved(&along_s, step))
                - objective.value(&moved(&along_s, -step)))
                / (2.0 * step);
            let along = objective.slope(&here.logits, &moves)
                + objective.l2() * dot(objective.penalized(&theta), objective.penalized(&s));
            assert!((slope - along).abs() < 1e-6, "slope {n_classes}");
            for j in (0..p).filter(|j| j % products.stride() < products.n_outputs()) {
                let unit = |i: usize| f64::from(u8::from(i == j));
                let (plus, minus) = (moved(&unit, step), moved(&unit, -step));
                let slope = (objective.value(&plus) - objective.value(&minus)) / (2.0 * step);
                assert!(
                    (slope - here.gradient[j]).abs() < 1e-6,
                    "gradient {n_classes} {j}"
                );
                let bend = (at(&plus).gradient[j] - at(&minus).gradient[j]) / (2.0 * step);
                assert!(
                    (bend - diagonal[j]).abs() < 1e-6,
                    "diagonal {n_classes} {j}"
                );
                let bend = (ahead[j] - behind[j]) / (2.0 * step);
                assert!((bend - product[j]).abs() < 1e-6, "product {n_classes} {j}");
            }
        }
    }

    #[test]
    fn full_damping_bounds_the_hessian_anywhere() {
        for (n_classes, full) in [(2, 0.25), (3, 0.5), (6, 0.5)] {
            let (x, targets) = planted(7, 30, 5, n_classes);
            let products = Products::new(&x, if n_classes == 2 { 1 } else { n_classes });
            let objective = Objective::new(&products, &targets, vec![1.0; 30], 0.3);
            let p = objective.n_parameters();
            let product = |theta: &[f64], damping: f64, s: &[f64]| {
                let mut z = vec![0.0; objective.n_rows()];
                products.there(theta, &mut z);
                let mut probabilities = vec![0.0; z.len()];
                objective.probabilities_into(&z, &mut probabilities);
                let (mut moves, mut scratch) = (vec![0.0; z.len()], vec![0.0; z.len()]);
                let (mut out, mut diagonal) = (vec![0.0; p], vec![0.0; p]);
                objective.hessian_product_into(
                    &probabilities,
                    damping,
                    s,
                    &mut moves,
                    &mut scratch,
                    &mut out,
                );
                objective.hessian_diagonal_into(
                    &probabilities,
                    damping,
                    &mut scratch,
                    &mut diagonal,
                );
                (out, diagonal)
            };
            let sure = filled(&products, p, |j| 50.0 * (j as f64).sin());
            let unsure = vec![0.0; p];
            for t in 0..20 {
                let s = filled(&products, p, |j| {
                    ((j + 1) as f64 * f64::from(t) * 0.7).cos()
                });
                let bound = dot(&s, &product(&sure, full, &s).0);
                assert!(
                    bound * (1.0 + 1e-12) >= dot(&s, &product(&unsure, 0.0, &s).0),
                    "{n_classes} {t}"
                );
            }
            for j in (0..p).filter(|j| j % products.stride() < products.n_outputs()) {
                let unit: Vec<f64> = (0..p).map(|i| f64::from(u8::from(i == j))).collect();
                let (column, diagonal) = product(&unsure, 0.3, &unit);
                assert!((column[j] - diagonal[j]).abs() < 1e-12, "{n_classes} {j}");
            }
        }
    }
}

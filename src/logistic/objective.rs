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
//! Parameters θ are one vector of shape (n_features + 1, k), C order, k the number of outputs; the last
//! row holds the intercepts, as if each row of X ended in a 1. Derivatives and a bound on
//! the Hessian: Böhning (1992), "Multinomial logistic regression algorithm".

use std::borrow::Cow;

use crate::matrix::{DesignMatrix, Transpose};

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

/// Σ a·b in eight partial sums: a fixed order that the compiler can vectorise.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a_parts, a_rest) = a.as_chunks::<8>();
    let (b_parts, b_rest) = b.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for (a, b) in a_parts.iter().zip(b_parts) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f64>() + rest
}

/// One fitting problem: data, weights and penalty.
pub(super) struct Objective<'a> {
    x: &'a DesignMatrix,
    columns: Transpose,
    /// Class of each row, below `n_classes`.
    targets: &'a [usize],
    /// Weight of each row: sample weight times class weight.
    weights: Vec<f64>,
    total_weight: f64,
    l2: f64,
    /// W0, shape (n_features, k) in C order; `None` for zeros.
    prior_mean: Option<Vec<f64>>,
    /// k: 1 for two classes, else the number of classes.
    n_outputs: usize,
}

/// What the logits of all rows imply: shapes (n_samples, k).
pub(super) struct Derivatives {
    /// P(class); with one output, P(class 1).
    pub probabilities: Vec<f64>,
    /// w·(p - y), the derivative of the loss by each logit.
    pub residuals: Vec<f64>,
}

impl<'a> Objective<'a> {
    pub fn new(
        x: &'a DesignMatrix,
        targets: &'a [usize],
        weights: Vec<f64>,
        l2: f64,
        n_outputs: usize,
    ) -> Self {
        Objective {
            x,
            columns: x.transpose(),
            targets,
            total_weight: weights.iter().sum(),
            weights,
            l2,
            prior_mean: None,
            n_outputs,
        }
    }

    /// The same with the penalty around `prior_mean`, shape (n_features, k) in C order.
    pub fn around(mut self, prior_mean: Option<Vec<f64>>) -> Self {
        debug_assert!(
            prior_mean
                .as_ref()
                .is_none_or(|w| w.len() == self.n_penalized())
        );
        self.prior_mean = prior_mean;
        self
    }

    pub fn n_outputs(&self) -> usize {
        self.n_outputs
    }

    pub fn n_samples(&self) -> usize {
        self.x.n_samples()
    }

    /// Length of θ.
    pub fn n_parameters(&self) -> usize {
        self.n_penalized() + self.n_outputs
    }

    /// Length of the part of θ that the penalty sees; the intercepts follow.
    fn n_penalized(&self) -> usize {
        self.x.n_features() * self.n_outputs
    }

    /// Σ w_i.
    pub fn total_weight(&self) -> f64 {
        self.total_weight
    }

    /// The coefficients of θ without the intercepts.
    pub fn penalized<'t>(&self, theta: &'t [f64]) -> &'t [f64] {
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

    /// X·W + b for any θ-shaped vector; `out` has shape (n_samples, k).
    pub fn logits_into(&self, theta: &[f64], out: &mut [f64]) {
        let (w, intercepts) = theta.split_at(self.n_penalized());
        self.x.dot_into(w, self.n_outputs, out);
        for row in out.chunks_exact_mut(self.n_outputs) {
            for (z, b) in row.iter_mut().zip(intercepts) {
                *z += b;
            }
        }
    }

    /// Σ w_i · loss_i at `logits`, without the penalty.
    pub fn loss(&self, logits: &[f64]) -> f64 {
        let rows = logits.chunks_exact(self.n_outputs);
        let rows = rows.zip(self.targets).zip(&self.weights);
        if self.n_outputs == 1 {
            // log(1 + e^z) - y z = log(1 + e^-z) for y = 1: no difference of large numbers.
            rows.map(|((z, &y), w)| w * ln_1p_exp(if y == 1 { -z[0] } else { z[0] }))
                .sum()
        } else {
            rows.map(|((z, &y), w)| w * (log_sum_exp(z) - z[y])).sum()
        }
    }

    /// (l2/2)·||W - W0||².
    pub fn penalty(&self, theta: &[f64]) -> f64 {
        let w = self.deviation(theta);
        0.5 * self.l2 * dot(&w, &w)
    }

    /// Probabilities and residuals at `logits`.
    pub fn derivatives(&self, logits: &[f64]) -> Derivatives {
        let k = self.n_outputs;
        let mut probabilities = logits.to_vec();
        let mut residuals = vec![0.0; logits.len()];
        for (i, (p, r)) in probabilities
            .chunks_exact_mut(k)
            .zip(residuals.chunks_exact_mut(k))
            .enumerate()
        {
            let (w, y) = (self.weights[i], self.targets[i]);
            // p - 1 is computed as minus the probability of the rest: exact where p is nearly 1.
            if k == 1 {
                let z = p[0];
                p[0] = sigmoid(z);
                r[0] = w * if y == 1 { -sigmoid(-z) } else { p[0] };
            } else {
                softmax(p);
                let mut rest = 0.0;
                for (class, (r, &p)) in r.iter_mut().zip(p.iter()).enumerate() {
                    if class != y {
                        *r = w * p;
                        rest += p;
                    }
                }
                r[y] = -w * rest;
            }
        }
        Derivatives {
            probabilities,
            residuals,
        }
    }

    /// ∇f, shape of θ.
    pub fn gradient_into(&self, theta: &[f64], residuals: &[f64], out: &mut [f64]) {
        self.pull_back(residuals, out);
        for (g, w) in out.iter_mut().zip(self.deviation(theta).iter()) {
            *g += self.l2 * w;
        }
    }

    /// H·s, shape of θ, for a direction s whose logits are `moves` = X·S + s_b.
    /// `scratch` has the shape of `moves`.
    ///
    /// `damping` adds that much curvature to every row's logits: diag(p) - p pᵀ becomes diag(p) - p pᵀ +
    /// damping·(I - 1 1ᵀ/K). At 1/2 (one output: 1/4) H is at least the Hessian at any other θ (Böhning
    /// 1992).
    pub fn hessian_product_into(
        &self,
        probabilities: &[f64],
        damping: f64,
        direction: &[f64],
        moves: &[f64],
        scratch: &mut [f64],
        out: &mut [f64],
    ) {
        let k = self.n_outputs;
        for (i, ((r, p), v)) in scratch
            .chunks_exact_mut(k)
            .zip(probabilities.chunks_exact(k))
            .zip(moves.chunks_exact(k))
            .enumerate()
        {
            let w = self.weights[i];
            if k == 1 {
                r[0] = w * (p[0] * (1.0 - p[0]) + damping) * v[0];
            } else {
                let mean: f64 = p.iter().zip(v).map(|(p, v)| p * v).sum();
                let plain_mean = v.iter().sum::<f64>() / k as f64;
                for ((r, p), v) in r.iter_mut().zip(p).zip(v) {
                    *r = w * (p * (v - mean) + damping * (v - plain_mean));
                }
            }
        }
        self.pull_back(scratch, out);
        for (h, s) in out.iter_mut().zip(self.penalized(direction)) {
            *h += self.l2 * s;
        }
    }

    /// The diagonal of the Hessian, shape of θ: Σ_i w_i x_ij² p_ik (1 - p_ik) + l2, damped likewise.
    pub fn hessian_diagonal_into(
        &self,
        probabilities: &[f64],
        damping: f64,
        scratch: &mut [f64],
        out: &mut [f64],
    ) {
        let k = self.n_outputs;
        let damping = if k == 1 {
            damping
        } else {
            damping * (1.0 - 1.0 / k as f64)
        };
        for ((r, p), w) in scratch
            .chunks_exact_mut(k)
            .zip(probabilities.chunks_exact(k))
            .zip(&self.weights)
        {
            for (r, p) in r.iter_mut().zip(p) {
                *r = w * (p * (1.0 - p) + damping);
            }
        }
        let (coef, intercepts) = out.split_at_mut(self.n_penalized());
        self.columns.dot_squared_into(scratch, k, coef);
        for h in coef {
            *h += self.l2;
        }
        sum_rows(scratch, intercepts);
    }

    /// f.
    pub fn value(&self, theta: &[f64]) -> f64 {
        let mut logits = vec![0.0; self.n_samples() * self.n_outputs];
        self.logits_into(theta, &mut logits);
        self.loss(&logits) + self.penalty(theta)
    }

    /// f and the greatest |∇f| divided by the total weight, computed from θ alone: what a fit is judged by.
    pub fn certify(&self, theta: &[f64]) -> Certificate {
        let mut logits = vec![0.0; self.n_samples() * self.n_outputs];
        self.logits_into(theta, &mut logits);
        let mut gradient = vec![0.0; self.n_parameters()];
        let derivatives = self.derivatives(&logits);
        self.gradient_into(theta, &derivatives.residuals, &mut gradient);
        Certificate {
            objective: self.loss(&logits) + self.penalty(theta),
            gradient_norm: self.gradient_norm(&gradient),
        }
    }

    /// Greatest |entry| divided by the total weight; NaN counts as infinite.
    pub fn gradient_norm(&self, gradient: &[f64]) -> f64 {
        let max = gradient.iter().fold(0.0, |max: f64, g| {
            if g.is_nan() {
                f64::INFINITY
            } else {
                max.max(g.abs())
            }
        });
        max / self.total_weight
    }

    /// Xᵀ·R with the column sums of R in the last row.
    fn pull_back(&self, rows: &[f64], out: &mut [f64]) {
        let (coef, intercepts) = out.split_at_mut(self.n_penalized());
        self.columns.dot_into(rows, self.n_outputs, coef);
        sum_rows(rows, intercepts);
    }
}

/// See [`Objective::certify`].
pub(super) struct Certificate {
    pub objective: f64,
    pub gradient_norm: f64,
}

/// Column sums of a matrix with `sums.len()` columns.
fn sum_rows(rows: &[f64], sums: &mut [f64]) {
    sums.fill(0.0);
    for row in rows.chunks_exact(sums.len()) {
        for (sum, r) in sums.iter_mut().zip(row) {
            *sum += r;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logistic::tests::planted;

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

    #[test]
    fn loss_of_two_rows_by_hand() {
        let x = DesignMatrix::from_rows(1, [[(0, 1.0)], [(0, -2.0)]]).expect("two rows");
        // One output, w = 0.5, b = 1: z = 1.5 and 0.
        let binary = Objective::new(&x, &[1, 0], vec![1.0, 3.0], 0.1, 1);
        let theta = [0.5, 1.0];
        let mut z = [0.0; 2];
        binary.logits_into(&theta, &mut z);
        assert_eq!(z, [1.5, 0.0]);
        let expected = (1.0 + (-1.5f64).exp()).ln() + 3.0 * 2f64.ln();
        assert!((binary.loss(&z) - expected).abs() < 1e-12);
        assert!((binary.penalty(&theta) - 0.05 * 0.25).abs() < 1e-15);
        // Three outputs; the second row's logits are all equal.
        let softmax = Objective::new(&x, &[2, 0], vec![1.0, 3.0], 0.1, 3);
        let theta = [0.0, 0.5, 1.0, 0.0, 1.0, 2.0];
        let mut z = [0.0; 6];
        softmax.logits_into(&theta, &mut z);
        assert_eq!(z, [0.0, 1.5, 3.0, 0.0, 0.0, 0.0]);
        let expected = (1.0 + 1.5f64.exp() + 3f64.exp()).ln() - 3.0 + 3.0 * 3f64.ln();
        assert!((softmax.loss(&z) - expected).abs() < 1e-12);
    }

    #[test]
    fn derivatives_agree_with_finite_differences() {
        for n_classes in [2, 3, 5] {
            let (x, targets) = planted(n_classes as u64, 40, 6, n_classes);
            let weights: Vec<f64> = (0..40).map(|i| f64::from(i % 4) * 0.7).collect();
            let k = if n_classes == 2 { 1 } else { n_classes };
            let objective = Objective::new(&x, &targets, weights, 0.3, k);
            let p = objective.n_parameters();
            let theta: Vec<f64> = (0..p).map(|j| (j as f64 * 1.7).sin()).collect();
            let s: Vec<f64> = (0..p).map(|j| (j as f64 * 0.9).cos()).collect();

            let value = |theta: &[f64]| objective.value(theta);
            let at = |theta: &[f64]| {
                let mut z = vec![0.0; 40 * k];
                objective.logits_into(theta, &mut z);
                let derivatives = objective.derivatives(&z);
                let mut g = vec![0.0; p];
                objective.gradient_into(theta, &derivatives.residuals, &mut g);
                (g, derivatives.probabilities)
            };
            let (gradient, probabilities) = at(&theta);
            let (mut moves, mut scratch) = (vec![0.0; 40 * k], vec![0.0; 40 * k]);
            let (mut product, mut diagonal) = (vec![0.0; p], vec![0.0; p]);
            objective.logits_into(&s, &mut moves);
            objective.hessian_product_into(
                &probabilities,
                0.0,
                &s,
                &moves,
                &mut scratch,
                &mut product,
            );
            objective.hessian_diagonal_into(&probabilities, 0.0, &mut scratch, &mut diagonal);

            let step = 1e-5;
            let moved = |direction: &dyn Fn(usize) -> f64, by: f64| -> Vec<f64> {
                (0..p).map(|j| theta[j] + by * direction(j)).collect()
            };
            let along_s = |j: usize| s[j];
            let (ahead, behind) = (at(&moved(&along_s, step)).0, at(&moved(&along_s, -step)).0);
            for j in 0..p {
                let unit = |i: usize| f64::from(u8::from(i == j));
                let (plus, minus) = (moved(&unit, step), moved(&unit, -step));
                let slope = (value(&plus) - value(&minus)) / (2.0 * step);
                assert!(
                    (slope - gradient[j]).abs() < 1e-6,
                    "gradient {n_classes} {j}"
                );
                let bend = (at(&plus).0[j] - at(&minus).0[j]) / (2.0 * step);
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
            let k = if n_classes == 2 { 1 } else { n_classes };
            let objective = Objective::new(&x, &targets, vec![1.0; 30], 0.3, k);
            let p = objective.n_parameters();
            let product = |theta: &[f64], damping: f64, s: &[f64]| {
                let (mut z, mut moves) = (vec![0.0; 30 * k], vec![0.0; 30 * k]);
                objective.logits_into(theta, &mut z);
                objective.logits_into(s, &mut moves);
                let probabilities = objective.derivatives(&z).probabilities;
                let (mut scratch, mut out) = (vec![0.0; 30 * k], vec![0.0; p]);
                objective.hessian_product_into(
                    &probabilities,
                    damping,
                    s,
                    &moves,
                    &mut scratch,
                    &mut out,
                );
                let mut diagonal = vec![0.0; p];
                objective.hessian_diagonal_into(
                    &probabilities,
                    damping,
                    &mut scratch,
                    &mut diagonal,
                );
                (out, diagonal)
            };
            let sure: Vec<f64> = (0..p).map(|j| 50.0 * (j as f64).sin()).collect();
            let unsure = vec![0.0; p];
            for t in 0..20 {
                let s: Vec<f64> = (0..p)
                    .map(|j| ((j + 1) as f64 * f64::from(t) * 0.7).cos())
                    .collect();
                let bound = dot(&s, &product(&sure, full, &s).0);
                assert!(
                    bound * (1.0 + 1e-12) >= dot(&s, &product(&unsure, 0.0, &s).0),
                    "{n_classes} {t}"
                );
            }
            for j in 0..p {
                let unit: Vec<f64> = (0..p).map(|i| f64::from(u8::from(i == j))).collect();
                let (column, diagonal) = product(&unsure, 0.3, &unit);
                assert!((column[j] - diagonal[j]).abs() < 1e-12, "{n_classes} {j}");
            }
        }
    }
}

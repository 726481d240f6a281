//! Calibration: makes stated probabilities come true at the stated rate.
//!
//! In: logits of rows that the model was not fitted on, and their classes. Out: one scale, one exponent and one bias a
//! class; calibrated probabilities = softmax(scale·length^(exponent - 1)·logits + biases), where length is that of the
//! logits less their mean. The scale (1/temperature) corrects over- and underconfidence, the exponent a confidence that
//! grows too fast or too slowly from unsure rows to sure ones (below 1: logits add up evidence that is not
//! independent), the biases undo class weights and a training mix that differs. The order of rows by how far their
//! logits lead is kept, as the exponent is above 0.
//!
//! Platt (1999) for two classes; Guo et al. (2017), "On calibration of modern neural networks", section 4.2,
//! for the temperature; Alexandari, Kundaje & Shrikumar (2020), "Maximum likelihood with bias-corrected
//! calibration", for the biases.
//!
//! A weak prior pulls toward the identity, so that any data give finite numbers: scale - 1 - log scale for
//! the scale (its curvature at 1 equals one row whose logits have variance 1, and it keeps the scale above
//! 0), the same for the exponent, and for the biases one pseudo-row with all logits 0 that belongs to every class by
//! 1/K. Each counts as much as one average row.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::objective::{log_sum_exp, softmax};
use crate::error::{Error, Result};

/// Gauss-Newton needs 5 to 30 iterations; the rest is for data nobody has thought of.
const MAX_ITER: usize = 500;
/// Stop where a full step would lower the mean objective by less than this.
const TOL: f64 = 1e-18;

/// Turns logits into calibrated probabilities: softmax(scale·length^(exponent - 1)·logits + biases).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// 1/temperature, above 0; below 1 for a model that was too sure of itself.
    pub scale: f64,
    /// Above 0; below 1 for a model whose confidence grows too fast as its logits grow. Models of an earlier format have
    /// none, which is 1.
    #[serde(default = "no_exponent")]
    pub exponent: f64,
    /// One number a class, added to the scaled logits; they sum to 0.
    pub biases: Vec<f64>,
}

impl Calibration {
    /// Leaves the probabilities of `n_classes` classes as they are.
    pub fn identity(n_classes: usize) -> Self {
        Calibration {
            scale: 1.0,
            exponent: 1.0,
            biases: vec![0.0; n_classes],
        }
    }

    /// Minimises the weighted log loss plus the prior, by damped Gauss-Newton: exact curvature in scale and biases, in
    /// the exponent without the part that vanishes where residuals do.
    ///
    /// `logits` has shape (n_samples, K), K >= 2, and comes from models that did not see these rows;
    /// `targets` holds the class of each row; `weights` are 0 or more, and only their ratios matter. No
    /// rows, or no weight: the identity. [`Error::Data`] where lengths differ, a class is K or more, or a
    /// number is not finite.
    pub fn fit(
        logits: &Array2<f64>,
        targets: &[usize],
        weights: Option<&[f64]>,
    ) -> Result<Calibration> {
        let Some(problem) = Problem::new(logits, targets, weights)? else {
            return Ok(Calibration::identity(logits.ncols()));
        };
        let mut found = Calibration::identity(logits.ncols());
        let mut value = problem.value(&found);
        for _ in 0..MAX_ITER {
            let (gradient, hessian) = problem.derivatives(&found);
            let step = solve_positive_definite(hessian, &gradient);
            let promise: f64 = gradient.iter().zip(&step).map(|(g, s)| g * s).sum();
            if promise <= TOL * problem.total {
                break;
            }
            // The step goes down, as the curvature is positive: halving finds a lower value, or rounding ends it.
            let lower = std::iter::successors(Some(1.0), |t| Some(0.5 * t))
                .take(60)
                .map(|t| found.moved(t, &step))
                .map(|there| (problem.value(&there), there))
                .find(|(there, _)| *there < value);
            let Some((lower, there)) = lower else { break };
            (value, found) = (lower, there);
        }
        // The steps sum to zero up to rounding.
        let mean = found.biases.iter().sum::<f64>() / found.biases.len() as f64;
        for bias in &mut found.biases {
            *bias -= mean;
        }
        Ok(found)
    }

    /// Probabilities of one row of K logits; they sum to 1.
    pub fn apply(&self, logits: &[f64]) -> Vec<f64> {
        assert_eq!(logits.len(), self.biases.len(), "one logit a class");
        let mut row = self.shifted(logits);
        softmax(&mut row);
        row
    }

    /// Calibrated logits: factor·logits + biases.
    pub fn shifted(&self, logits: &[f64]) -> Vec<f64> {
        let factor = self.factor(logits);
        let terms = logits.iter().zip(&self.biases);
        terms.map(|(z, bias)| factor * z + bias).collect()
    }

    /// What the logits of a row are multiplied by: scale·length^(exponent - 1).
    pub fn factor(&self, logits: &[f64]) -> f64 {
        let length = length(logits);
        if length == 0.0 {
            return self.scale;
        }
        (self.scale * length.powf(self.exponent - 1.0)).min(MAX_FACTOR)
    }

    /// Against `step` = (scale, exponent, biases) by `t`.
    fn moved(&self, t: f64, step: &[f64]) -> Calibration {
        let biases = self.biases.iter().zip(&step[2..]);
        Calibration {
            scale: self.scale - t * step[0],
            exponent: self.exponent - t * step[1],
            biases: biases.map(|(bias, s)| bias - t * s).collect(),
        }
    }
}

fn no_exponent() -> f64 {
    1.0
}

/// Keeps products with logits finite.
const MAX_FACTOR: f64 = 1e100;

/// Euclidean length of the logits less their mean; what is common to all classes says nothing.
fn length(logits: &[f64]) -> f64 {
    let mean = logits.iter().sum::<f64>() / logits.len() as f64;
    let squares = logits.iter().map(|z| (z - mean) * (z - mean));
    squares.sum::<f64>().sqrt()
}

/// The rows that count, each with its class and weight; the mean weight is 1.
struct Problem<'a> {
    rows: Vec<(&'a [f64], usize, f64)>,
    n_classes: usize,
    /// Sum of the weights.
    total: f64,
}

impl<'a> Problem<'a> {
    /// `None` where no row counts.
    fn new(
        logits: &'a Array2<f64>,
        targets: &[usize],
        weights: Option<&[f64]>,
    ) -> Result<Option<Self>> {
        let (n, k) = logits.dim();
        let wrong = |problem: String| Err(Error::Data(format!("calibration: {problem}")));
        if k < 2 {
            return wrong(format!(
                "{k} columns of logits; there must be at least 2 classes"
            ));
        }
        if targets.len() != n || weights.is_some_and(|weights| weights.len() != n) {
            return wrong(format!(
                "{n} rows of logits, {} targets, {} weights; give one a row",
                targets.len(),
                weights.map_or(n, <[f64]>::len)
            ));
        }
        let Some(logits) = logits.as_slice() else {
            return wrong("logits must be in C order".into());
        };
        let mut rows = Vec::with_capacity(n);
        for (i, (row, &target)) in logits.chunks_exact(k).zip(targets).enumerate() {
            let weight = weights.map_or(1.0, |weights| weights[i]);
            if target >= k {
                return wrong(format!("row {i} has class {target} of {k}"));
            }
            if !row.iter().all(|z| z.is_finite()) || !weight.is_finite() || weight < 0.0 {
                return wrong(format!(
                    "row {i} has logits {row:?} and weight {weight}; they must be finite, the weight 0 or more"
                ));
            }
            if weight > 0.0 {
                rows.push((row, target, weight));
            }
        }
        if rows.is_empty() {
            return Ok(None);
        }
        let total = rows.len() as f64;
        let mean = rows
            .iter()
            .map(|(_, _, weight)| weight / total)
            .sum::<f64>();
        for (_, _, weight) in &mut rows {
            *weight /= mean;
        }
        Ok(Some(Problem {
            rows,
            n_classes: k,
            total,
        }))
    }

    /// Log loss plus prior; infinite outside scale > 0 and exponent > 0.
    fn value(&self, at: &Calibration) -> f64 {
        if at.scale <= 0.0 || at.exponent <= 0.0 {
            return f64::INFINITY;
        }
        let near_one = |x: f64| x - 1.0 - x.ln();
        let scale_prior = near_one(at.scale) + near_one(at.exponent);
        let mean_bias = at.biases.iter().sum::<f64>() / self.n_classes as f64;
        let bias_prior = log_sum_exp(&at.biases) - mean_bias;
        let loss = self.rows.iter().map(|(logits, target, weight)| {
            let z = at.shifted(logits);
            weight * (log_sum_exp(&z) - z[*target])
        });
        loss.sum::<f64>() + scale_prior + bias_prior
    }

    /// Gradient (K + 2) and curvature (K + 2, K + 2) by (scale, exponent, biases).
    ///
    /// A common shift of the biases changes nothing; 1 is added along it to make the curvature regular,
    /// which leaves the step free of such a shift.
    fn derivatives(&self, at: &Calibration) -> (Vec<f64>, Array2<f64>) {
        let k = self.n_classes;
        let mut gradient = vec![0.0; k + 2];
        let mut hessian = Array2::zeros((k + 2, k + 2));
        for (i, x) in [at.scale, at.exponent].into_iter().enumerate() {
            gradient[i] = 1.0 - 1.0 / x;
            hessian[[i, i]] = 1.0 / (x * x);
        }
        let zeros = vec![0.0; k];
        let shared = vec![1.0 / k as f64; k];
        let mut add = |logits: &[f64], belongs: &dyn Fn(usize) -> f64, weight: f64| {
            let p = at.apply(logits);
            // Slopes of the calibrated logits by scale and by exponent are multiples of the logits.
            let factor = at.factor(logits);
            let length = length(logits);
            let log_length = if length > 0.0 { length.ln() } else { 0.0 };
            let slopes = [factor / at.scale, factor * log_length];
            let mean: f64 = p.iter().zip(logits).map(|(p, z)| p * z).sum();
            for a in 0..k {
                let residual = weight * (p[a] - belongs(a));
                gradient[a + 2] += residual;
                let along = weight * p[a] * (logits[a] - mean);
                for (i, slope) in slopes.into_iter().enumerate() {
                    gradient[i] += residual * slope * logits[a];
                    hessian[[i, a + 2]] += slope * along;
                    hessian[[a + 2, i]] += slope * along;
                    for (j, other) in slopes.into_iter().enumerate() {
                        hessian[[i, j]] += slope * other * along * (logits[a] - mean);
                    }
                }
                for b in 0..k {
                    let own = if a == b { p[a] } else { 0.0 };
                    hessian[[a + 2, b + 2]] += weight * (own - p[a] * p[b]);
                }
            }
        };
        for (logits, target, weight) in &self.rows {
            add(
                logits,
                &|class| f64::from(u8::from(class == *target)),
                *weight,
            );
        }
        add(&zeros, &|class| shared[class], 1.0);
        for a in 2..k + 2 {
            for b in 2..k + 2 {
                hessian[[a, b]] += 1.0;
            }
        }
        (gradient, hessian)
    }
}

/// x of A·x = b by Cholesky; a pivot lost to rounding is replaced by a small one, which only shortens trust
/// in that direction.
fn solve_positive_definite(mut a: Array2<f64>, b: &[f64]) -> Vec<f64> {
    let n = b.len();
    let tiny = 1e-14 * (0..n).map(|i| a[[i, i]]).fold(f64::MIN_POSITIVE, f64::max);
    for j in 0..n {
        for i in j..n {
            let below: f64 = (0..j).map(|m| a[[i, m]] * a[[j, m]]).sum();
            a[[i, j]] -= below;
            if i == j {
                a[[j, j]] = a[[j, j]].max(tiny).sqrt();
            } else {
                a[[i, j]] /= a[[j, j]];
            }
        }
    }
    let mut x = b.to_vec();
    for i in 0..n {
        let known: f64 = (0..i).map(|m| a[[i, m]] * x[m]).sum();
        x[i] = (x[i] - known) / a[[i, i]];
    }
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|m| a[[m, i]] * x[m]).sum();
        x[i] = (x[i] - known) / a[[i, i]];
    }
    x
}

#[cfg(test)]
mod tests {
    use ndarray::array;
    use rand::{Rng, SeedableRng};
    use rand_pcg::Pcg64;

    use super::*;

    /// Logits, and classes drawn from `truth` of them.
    fn drawn(seed: u64, n: usize, truth: &Calibration) -> (Array2<f64>, Vec<usize>) {
        let mut chance = Pcg64::seed_from_u64(seed);
        let logits =
            Array2::from_shape_simple_fn((n, truth.biases.len()), || chance.gen_range(-2.0..2.0));
        let targets = logits.outer_iter().map(|row| {
            let p = truth.apply(row.as_slice().expect("C order"));
            let mut left = chance.gen_range(0.0..1.0);
            let class = p.iter().position(|p| {
                left -= p;
                left < 0.0
            });
            class.unwrap_or(p.len() - 1)
        });
        let targets = targets.collect();
        (logits, targets)
    }

    #[test]
    fn a_planted_scale_and_bias_are_found_again() {
        for (seed, truth) in [
            (1, vec![0.5, 1.0, 0.7, -0.2, -0.5]),
            (2, vec![2.5, 0.7, 0.0, 0.4, -0.4]),
            (3, vec![0.8, 1.5, 0.6, -0.6]),
            (4, vec![1.0, 1.0, 0.0, 0.0, 0.0, 0.0]),
        ] {
            let truth = Calibration {
                scale: truth[0],
                exponent: truth[1],
                biases: truth[2..].to_vec(),
            };
            let (logits, targets) = drawn(seed, 40_000, &truth);
            let found = Calibration::fit(&logits, &targets, None).expect("sound rows");
            // Standard errors are about 0.01 to 0.02 here.
            assert!((found.scale - truth.scale).abs() < 0.08, "{found:?}");
            assert!((found.exponent - truth.exponent).abs() < 0.08, "{found:?}");
            for (found, truth) in found.biases.iter().zip(&truth.biases) {
                assert!((found - truth).abs() < 0.06, "{found} {truth}");
            }
            assert!(found.biases.iter().sum::<f64>().abs() < 1e-12);
        }
    }

    #[test]
    fn rows_that_are_exactly_calibrated_give_the_identity() {
        // Each row appears once with every class, weighted by the model's own probability.
        let (logits, _) = drawn(5, 50, &Calibration::identity(3));
        let (mut rows, mut targets, mut weights) = (Vec::new(), Vec::new(), Vec::new());
        for row in logits.outer_iter() {
            let p = Calibration::identity(3).apply(row.as_slice().expect("C order"));
            for (class, p) in p.into_iter().enumerate() {
                rows.extend(row.iter().copied());
                targets.push(class);
                weights.push(p);
            }
        }
        let rows = Array2::from_shape_vec((150, 3), rows).expect("150 rows");
        let found = Calibration::fit(&rows, &targets, Some(&weights)).expect("sound rows");
        assert!((found.scale - 1.0).abs() < 1e-7, "{found:?}");
        assert!((found.exponent - 1.0).abs() < 1e-7, "{found:?}");
        assert!(found.biases.iter().all(|bias| bias.abs() < 1e-7));
    }

    #[test]
    fn the_optimum_has_no_slope_by_finite_differences() {
        let truth = Calibration {
            scale: 0.4,
            exponent: 0.8,
            biases: vec![1.0, -0.3, -0.7],
        };
        let (logits, targets) = drawn(6, 60, &truth);
        let weights: Vec<f64> = (0..60).map(|i| f64::from(i % 3)).collect();
        let problem = Problem::new(&logits, &targets, Some(&weights))
            .expect("sound rows")
            .expect("some weight");
        let found = Calibration::fit(&logits, &targets, Some(&weights)).expect("sound rows");
        let (gradient, hessian) = problem.derivatives(&truth);
        for j in 0..5 {
            let unit: Vec<f64> = (0..5).map(|i| f64::from(u8::from(i == j))).collect();
            let slope = |at: &Calibration| {
                let (ahead, behind) = (at.moved(-1e-5, &unit), at.moved(1e-5, &unit));
                (problem.value(&ahead) - problem.value(&behind)) / 2e-5
            };
            assert!(slope(&found).abs() < 1e-6, "{j}");
            assert!((slope(&truth) - gradient[j]).abs() < 1e-6, "{j}");
            let ahead = problem.derivatives(&truth.moved(-1e-5, &unit)).0;
            let behind = problem.derivatives(&truth.moved(1e-5, &unit)).0;
            // The exponent's own curvature is the Gauss-Newton one.
            for i in (0..5).filter(|&i| i != 1 && j != 1) {
                let shift = if i > 1 && j > 1 { 1.0 } else { 0.0 };
                let bend = (ahead[i] - behind[i]) / 2e-5 + shift;
                assert!((bend - hessian[[i, j]]).abs() < 1e-6, "{i} {j}");
            }
        }
    }

    #[test]
    fn few_rows_stay_near_the_identity() {
        let none = Array2::zeros((0, 3));
        assert_eq!(
            Calibration::fit(&none, &[], None).expect("no rows"),
            Calibration::identity(3)
        );
        let one = Calibration::fit(&array![[0.2, -0.1, 0.3]], &[1], None).expect("one row");
        assert!((one.scale - 1.0).abs() < 0.2, "{one:?}");
        assert!(one.biases[1] > 0.5 && one.biases[1] < 1.5, "{one:?}");
        let unweighted = Calibration::fit(&array![[0.2, -0.1]], &[1], Some(&[0.0]));
        assert_eq!(unweighted.expect("no weight"), Calibration::identity(2));
    }

    #[test]
    fn only_ratios_of_weights_matter() {
        let (logits, targets) = drawn(7, 30, &Calibration::identity(2));
        let plain = Calibration::fit(&logits, &targets, None).expect("sound rows");
        let same = Calibration::fit(&logits, &targets, Some(&[250.0; 30])).expect("sound rows");
        assert!((plain.scale - same.scale).abs() < 1e-9);
    }

    #[test]
    fn hard_data_stay_finite_with_a_positive_scale() {
        let n = 300;
        let right = Array2::from_shape_fn(
            (n, 3),
            |(i, class)| {
                if i % 3 == class { 40.0 } else { -40.0 }
            },
        );
        let huge = &right * 20.0;
        let classes: Vec<usize> = (0..n).map(|i| i % 3).collect();
        let wrong: Vec<usize> = (0..n).map(|i| (i + 1) % 3).collect();
        let absent: Vec<usize> = (0..n).map(|i| i % 2).collect();
        let flat = Array2::zeros((n, 3));
        for (name, logits, targets) in [
            ("perfect separation", &right, &classes),
            ("huge logits", &huge, &classes),
            ("always wrong", &right, &wrong),
            ("always wrong, huge", &huge, &wrong),
            ("one class absent", &flat, &absent),
            ("one class absent, separable", &right, &absent),
        ] {
            let found = Calibration::fit(logits, targets, None).expect(name);
            assert!(found.scale > 0.0 && found.scale.is_finite(), "{name}");
            assert!(
                found.biases.iter().all(|bias| bias.abs() < 50.0),
                "{name} {found:?}"
            );
            let p = found.apply(&[800.0, 0.0, -800.0]);
            assert!(p.iter().all(|p| p.is_finite()), "{name}");
            let problem = Problem::new(logits, targets, None)
                .expect(name)
                .expect(name);
            let slope = problem.derivatives(&found).0;
            assert!(
                slope.iter().all(|g| g.abs() < 1e-4),
                "{name} {found:?} {slope:?}"
            );
        }
        let absent = Calibration::fit(&flat, &absent, None).expect("one class absent");
        let p = absent.apply(&[0.0; 3]);
        // The pseudo-row's share: (1/3) / 301.
        assert!((p[2] - 1.0 / 903.0).abs() < 1e-9, "{p:?}");
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let logits = array![[0.0, 1.0], [2.0, f64::NAN]];
        for (targets, part) in [
            (&[0][..], "2 rows of logits, 1 targets"),
            (&[2, 0], "class 2 of 2"),
            (&[0, 1], "row 1 has logits"),
        ] {
            let message = Calibration::fit(&logits, targets, None)
                .expect_err(part)
                .to_string();
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn it_survives_a_round_trip_through_json() {
        let calibration = Calibration {
            scale: 0.1 + 0.2,
            exponent: 2.0 / 3.0,
            biases: vec![1.0 / 3.0, -1.0 / 3.0],
        };
        let json = serde_json::to_string(&calibration).expect("numbers are finite");
        let back: Calibration = serde_json::from_str(&json).expect("our own JSON");
        assert_eq!(back, calibration);
    }
}

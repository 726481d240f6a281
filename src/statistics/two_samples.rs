//! Two samples without an assumption of like spread or shape: Welch's t test, and bootstrap-t of a difference of means.
//!
//! Each side is resampled within itself and the difference studentised with its own error, so that unequal spread and skewed values are
//! in the reference distribution (Efron & Tibshirani 1993, section 16.2, with equal tails because that distribution may lean). The mean of a side of more
//! than [`LARGE`] values is drawn from its normal distribution instead: of so many the shape is forgotten.

use rand::Rng;
use rayon::prelude::*;
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

use crate::statistics::interval::{NEARLY_NORMAL, quantile, t_critical};
use crate::statistics::{MIN_FOR_T, mean, stream, variance, welch_t};

/// The fewest values a side must have to be resampled.
const MIN_VALUES: usize = 5;

/// More values than this are no longer resampled one by one.
const LARGE: usize = 200;

/// Resamples behind an interval.
const INTERVAL_DRAWS: usize = 1999;

/// A spread below this is rounding.
const NO_SPREAD: f64 = 1e-12;

/// Mean and squared standard error of one side.
#[derive(Debug, Clone, Copy)]
struct Side {
    mean: f64,
    squared_error: f64,
}

fn side(values: &[f64]) -> Side {
    Side {
        mean: mean(values),
        squared_error: variance(values) / values.len() as f64,
    }
}

/// Satterthwaite's degrees of freedom.
fn degrees(a: &[f64], b: &[f64]) -> f64 {
    let (va, vb) = (side(a).squared_error, side(b).squared_error);
    (va + vb).powi(2) / (va.powi(2) / (a.len() as f64 - 1.0) + vb.powi(2) / (b.len() as f64 - 1.0))
}

/// Welch's t test of equal means, two-sided. Without spread on both sides: 1 where the means are equal, else 0.
pub fn welch_p(a: &[f64], b: &[f64]) -> f64 {
    let t = welch_t(a, b).abs();
    if t == 0.0 || t.is_infinite() {
        return if t == 0.0 { 1.0 } else { 0.0 };
    }
    two_sided_p(t, degrees(a, b))
}

/// The probability of a |t| of this size or more under Student's t at `df` degrees of freedom.
pub(crate) fn two_sided_p(t: f64, df: f64) -> f64 {
    let above = match StudentsT::new(0.0, 1.0, df) {
        Ok(student) if df < NEARLY_NORMAL => student.sf(t.abs()),
        _ => Normal::standard().sf(t.abs()),
    };
    (2.0 * above).min(1.0)
}

/// Welch's interval of mean(a) - mean(b), with Satterthwaite's degrees of freedom; `None` below [`MIN_FOR_T`] values on
/// either side or without spread on both.
pub fn welch_interval(a: &[f64], b: &[f64], level: f64) -> Option<(f64, f64)> {
    if a.len() < MIN_FOR_T || b.len() < MIN_FOR_T {
        return None;
    }
    let error = (side(a).squared_error + side(b).squared_error).sqrt();
    if error <= 0.0 {
        return None;
    }
    let half = t_critical(degrees(a, b), level)? * error;
    let center = mean(a) - mean(b);
    Some((center - half, center + half))
}

/// Studentised differences of resamples, ascending.
struct Reference(Vec<f64>);

/// Draws from a side: its mean in a resample less its own, and the squared error there.
fn resampled(values: &[f64], whole: Side, chance: &mut impl Rng) -> Side {
    if values.len() > LARGE {
        // Box and Muller.
        let (u, v): (f64, f64) = (
            chance.gen_range(f64::MIN_POSITIVE..1.0),
            chance.gen_range(0.0..1.0),
        );
        let z = (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos();
        return Side {
            mean: z * whole.squared_error.sqrt(),
            squared_error: whole.squared_error,
        };
    }
    let n = values.len() as f64;
    let (mut sum, mut squares) = (0.0, 0.0);
    for _ in 0..values.len() {
        let value = values[chance.gen_range(0..values.len())] - whole.mean;
        sum += value;
        squares += value * value;
    }
    Side {
        mean: sum / n,
        squared_error: ((squares - sum * sum / n) / (n - 1.0)).max(0.0) / n,
    }
}

/// `None` with too few values, without spread, or where more resamples than one tail holds have none.
fn reference(a: &[f64], b: &[f64], n_draws: usize, seed: u64, tail: f64) -> Option<Reference> {
    if a.len() < MIN_VALUES || b.len() < MIN_VALUES || n_draws == 0 {
        return None;
    }
    let (of_a, of_b) = (side(a), side(b));
    if (of_a.squared_error + of_b.squared_error).sqrt() <= NO_SPREAD {
        return None;
    }
    let mut studentised: Vec<f64> = (0..n_draws as u64)
        .into_par_iter()
        .filter_map(|draw| {
            let mut chance = stream(seed, draw);
            let (a, b) = (
                resampled(a, of_a, &mut chance),
                resampled(b, of_b, &mut chance),
            );
            let error = (a.squared_error + b.squared_error).sqrt();
            (error > NO_SPREAD).then(|| (a.mean - b.mean) / error)
        })
        .collect();
    if (n_draws - studentised.len()) as f64 > tail * n_draws as f64 {
        return None;
    }
    studentised.sort_by(f64::total_cmp);
    Some(Reference(studentised))
}

/// Bootstrap-t test of equal means, two-sided with equal tails: 2·(b + 1)/(m + 1) over `n_draws` resamples. `None` below five values on
/// either side or without spread.
pub fn bootstrap_t_p(a: &[f64], b: &[f64], n_draws: usize, seed: u64) -> Option<f64> {
    let Reference(studentised) = reference(a, b, n_draws, seed, 0.025)?;
    let t = welch_t(a, b);
    let below = studentised.partition_point(|&drawn| drawn <= t);
    let above = studentised.len() - studentised.partition_point(|&drawn| drawn < t);
    let least = below.min(above) as f64;
    Some((2.0 * (least + 1.0) / (studentised.len() as f64 + 1.0)).min(1.0))
}

/// The interval of mean(a) - mean(b) that fits its sizes: bootstrap-t from five values on both sides, else Welch's from three, else none.
pub fn difference_interval(a: &[f64], b: &[f64], level: f64, seed: u64) -> Option<(f64, f64)> {
    let tail = (1.0 - level) / 2.0;
    match reference(a, b, INTERVAL_DRAWS, seed, tail) {
        None => welch_interval(a, b, level),
        Some(Reference(studentised)) => {
            let center = mean(a) - mean(b);
            let error = (side(a).squared_error + side(b).squared_error).sqrt();
            Some((
                center - quantile(&studentised, 1.0 - tail) * error,
                center - quantile(&studentised, tail) * error,
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn welch_s_p_equals_reference() {
        // scipy 1.17.1: ttest_ind(a, b, equal_var=False).pvalue
        let (a, b) = (
            [0.1, 0.5, 0.4, 0.9, 0.7],
            [0.0, 0.2, 0.3, 0.1, 0.6, 0.2, 0.05],
        );
        assert!(
            (welch_p(&a, &b) - WELCH).abs() < 1e-9,
            "{}",
            welch_p(&a, &b)
        );
        assert_eq!(welch_p(&[0.5; 4], &[0.5; 3]), 1.0);
        assert_eq!(welch_p(&[0.5; 4], &[0.1; 3]), 0.0);
    }

    const WELCH: f64 = 0.087_343_737_138_950_06;

    #[test]
    fn welch_interval_equals_reference() {
        // scipy 1.17.1: ttest_ind(a, b, equal_var=False).confidence_interval(level)
        let (three, even) = (vec![1.0, 2.0, 3.0], vec![2.0, 4.0, 6.0]);
        let five = vec![0.12, -0.31, 0.44, 0.05, 0.2];
        let seven = vec![-0.6, 0.1, -0.25, 0.9, -0.8, 0.3, 0.02];
        let rows = [
            (&three, &even, 0.95, -6.155_399_503, 2.155_399_503),
            (&five, &seven, 0.95, -0.413_065_614, 0.707_351_329),
            (&five, &seven, 0.9, -0.306_914_917, 0.601_200_632),
        ];
        for (a, b, level, expected_low, expected_high) in rows {
            let (low, high) = welch_interval(a, b, level).expect("three values or more");
            assert!(
                (low - expected_low).abs() < 1e-6 && (high - expected_high).abs() < 1e-6,
                "{low} {high}"
            );
        }
        assert_eq!(welch_interval(&[1.0; 3], &[1.0; 3], 0.95), None);
    }

    #[test]
    fn bootstrap_t_is_near_welch_for_symmetric_values() {
        let a: Vec<f64> = (0..30).map(|i| f64::from(i) / 30.0).collect();
        let b: Vec<f64> = (0..40).map(|i| f64::from(i) / 40.0 - 0.12).collect();
        let (p, welch) = (
            bootstrap_t_p(&a, &b, 9_999, 1).expect("enough"),
            welch_p(&a, &b),
        );
        assert!((p - welch).abs() < 0.02, "{p} {welch}");
        let (low, high) = difference_interval(&a, &b, 0.95, 1).expect("enough");
        let (w_low, w_high) = welch_interval(&a, &b, 0.95).expect("enough");
        assert!((low - w_low).abs() < 0.02 && (high - w_high).abs() < 0.02);
        // A large side drawn as a whole gives what resampling it gives.
        let large: Vec<f64> = (0..220).map(|i| f64::from(i % 40) / 40.0 - 0.12).collect();
        let nearly = bootstrap_t_p(&a, &large[..200], 9_999, 2).expect("enough");
        let whole = bootstrap_t_p(&a, &large, 9_999, 2).expect("enough");
        assert!((nearly - whole).abs() < 0.05, "{nearly} {whole}");
    }

    #[test]
    fn too_few_values_and_no_spread_fall_back() {
        assert_eq!(bootstrap_t_p(&[0.1, 0.2, 0.3, 0.4], &[0.5; 9], 99, 1), None);
        assert_eq!(bootstrap_t_p(&[0.1; 6], &[0.5; 9], 99, 1), None);
        let (a, b) = ([0.1, 0.2, 0.4], [0.3, 0.5, 0.9]);
        assert_eq!(
            difference_interval(&a, &b, 0.95, 1),
            welch_interval(&a, &b, 0.95)
        );
        // One side nearly all of one value: resamples without spread there do no harm while the other has some.
        let mostly = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.9];
        assert!(bootstrap_t_p(&mostly, &[0.1, 0.2, 0.3, 0.4, 0.6], 999, 1).is_some());
    }
}

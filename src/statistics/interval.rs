//! Intervals for means and their differences, and for any figure by resampling.
//!
//! Which one where: Student's t over articles from 3, bootstrap-t from 5, where t covers less than 0.93 of skewed articles
//! (docs/simulation.md). At these sizes a percentile bootstrap is too
//! narrow (0.75 to 0.89 of nominal 0.95 at 3 to 10 articles), so it serves only figures over many rows, such as the
//! accuracy on a test file.

use std::collections::BTreeMap;

use rand::Rng;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

use crate::statistics::stream;

/// The fewest values a t interval is given for.
pub const MIN_FOR_T: usize = 3;

/// The fewest values bootstrap-t is used for.
pub const MIN_FOR_BOOTSTRAP: usize = 5;

/// A figure with its interval; what does not exist is `null` in files, never 0.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Estimate {
    /// The figure.
    pub value: Option<f64>,
    /// Lower end of the interval.
    pub low: Option<f64>,
    /// Upper end of the interval.
    pub high: Option<f64>,
}

impl Estimate {
    /// A figure without an interval.
    pub fn point(value: f64) -> Estimate {
        Estimate {
            value: Some(value).filter(|v| v.is_finite()),
            ..Default::default()
        }
    }

    /// A figure with an interval, where there is one.
    pub fn with_interval(value: f64, interval: Option<(f64, f64)>) -> Estimate {
        Estimate {
            low: interval.map(|(low, _)| low),
            high: interval.map(|(_, high)| high),
            ..Estimate::point(value)
        }
    }

    /// The same, with an interval that ends at the ends of the scale.
    pub fn clipped(self, min: f64, max: f64) -> Estimate {
        Estimate {
            low: self.low.map(|low| low.clamp(min, max)),
            high: self.high.map(|high| high.clamp(min, max)),
            ..self
        }
    }
}

/// The arithmetic mean; NaN for no values.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The sample variance (n - 1); NaN below two values.
pub fn variance(values: &[f64]) -> f64 {
    let center = mean(values);
    let squares: f64 = values.iter().map(|v| (v - center).powi(2)).sum();
    squares / (values.len() as f64 - 1.0)
}

/// The quantile of Student's t that leaves (1 - level) / 2 above it.
pub(crate) fn t_critical(df: f64, level: f64) -> Option<f64> {
    t_quantile(0.5 + level / 2.0, df)
}

/// Degrees of freedom from which Student's t is taken for nearly normal.
pub(super) const NEARLY_NORMAL: f64 = 10_000.0;

/// The quantile of Student's t at `df` degrees of freedom; `None` where there is no such distribution.
///
/// From [`NEARLY_NORMAL`] degrees on by its expansion around the normal quantile (Abramowitz & Stegun 1972, 26.7.5), whose error is below 1e-10
/// there: the search of statrs does not end at some millions.
pub(super) fn t_quantile(p: f64, df: f64) -> Option<f64> {
    let student = StudentsT::new(0.0, 1.0, df).ok()?;
    if df < NEARLY_NORMAL {
        return Some(student.inverse_cdf(p));
    }
    let z = Normal::standard().inverse_cdf(p);
    let first = (z.powi(3) + z) / 4.0;
    let second = (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0;
    Some(z + first / df + second / (df * df))
}

/// Student's t interval of the mean; `None` below [`MIN_FOR_T`] values.
pub fn t_interval(values: &[f64], level: f64) -> Option<(f64, f64)> {
    if values.len() < MIN_FOR_T {
        return None;
    }
    let n = values.len() as f64;
    let half = t_critical(n - 1.0, level)? * (variance(values) / n).sqrt();
    let center = mean(values);
    Some((center - half, center + half))
}

/// The interval of a weighted mean over units that lie in clusters: the linearised ratio with whole clusters as units, Student's t with
/// one degree less than there are clusters (Särndal, Swensson & Wretman 1992, section 5.6; the sandwich of a regression on a constant). `None` below
/// [`MIN_FOR_T`] clusters, without weight, and where the lengths differ.
pub fn weighted_mean_interval(
    values: &[f64],
    weights: &[f64],
    clusters: &[usize],
    level: f64,
) -> Option<(f64, f64)> {
    if values.len() != weights.len() || values.len() != clusters.len() {
        return None;
    }
    let total: f64 = weights.iter().sum();
    let sum: f64 = values.iter().zip(weights).map(|(v, w)| v * w).sum();
    let center = sum / total;
    let mut residuals: BTreeMap<usize, f64> = BTreeMap::new();
    for ((value, weight), &cluster) in values.iter().zip(weights).zip(clusters) {
        *residuals.entry(cluster).or_default() += weight * (value - center);
    }
    if residuals.len() < MIN_FOR_T || total <= 0.0 {
        return None;
    }
    let n = residuals.len() as f64;
    let squares: f64 = residuals.values().map(|r| r * r).sum();
    let error = (n / (n - 1.0) * squares).sqrt() / total;
    let half = t_critical(n - 1.0, level)? * error;
    Some((center - half, center + half))
}

/// The bootstrap-t interval of the mean (Efron & Tibshirani 1993, section 12.5), `n_draws` resamples.
///
/// Each resample is studentised with its own standard error. A resample without spread lies infinitely far out, on a side nobody knows;
/// where such are more than one tail holds, the ends do not exist: articles nearly all of one value. `None` then, below
/// [`MIN_FOR_BOOTSTRAP`] values and without spread.
pub fn bootstrap_t_interval(
    values: &[f64],
    level: f64,
    n_draws: usize,
    seed: u64,
) -> Option<(f64, f64)> {
    let n = values.len();
    let error = (variance(values) / n as f64).sqrt();
    // Sums of equal values leave rounding crumbs; such a spread is none.
    if n < MIN_FOR_BOOTSTRAP || error.is_nan() || error <= 1e-12 {
        return None;
    }
    let center = mean(values);
    let studentised: Vec<f64> = (0..n_draws as u64)
        .into_par_iter()
        .filter_map(|draw| {
            let mut chance = stream(seed, draw);
            let sample: Vec<f64> = (0..n).map(|_| values[chance.gen_range(0..n)]).collect();
            studentised_mean(&sample, center)
        })
        .collect();
    let n_without_spread = n_draws - studentised.len();
    if studentised.is_empty() || n_without_spread as f64 > (1.0 - level) / 2.0 * n_draws as f64 {
        return None;
    }
    Some(studentised_interval(center, error, studentised, level))
}

/// The mean of a resample as its distance from `center` in its own standard errors; `None` without spread.
fn studentised_mean(sample: &[f64], center: f64) -> Option<f64> {
    let error = (variance(sample) / sample.len() as f64).sqrt();
    (error > 1e-12).then(|| (mean(sample) - center) / error)
}

/// `center` minus the outer quantiles of studentised means, in units of `error`: the upper quantile makes the lower end.
fn studentised_interval(
    center: f64,
    error: f64,
    mut studentised: Vec<f64>,
    level: f64,
) -> (f64, f64) {
    studentised.sort_by(f64::total_cmp);
    let tail = (1.0 - level) / 2.0;
    (
        center - quantile(&studentised, 1.0 - tail) * error,
        center - quantile(&studentised, tail) * error,
    )
}

/// The interval of a mean that fits its n: bootstrap-t from [`MIN_FOR_BOOTSTRAP`], else Student's t, else none.
pub fn mean_interval(values: &[f64], level: f64, seed: u64) -> Option<(f64, f64)> {
    bootstrap_t_interval(values, level, 1999, seed).or_else(|| t_interval(values, level))
}

/// The middle `level` of resampled figures, for figures over many rows. `None` if fewer than half of `figures` exist.
pub fn percentile_interval(figures: &[Option<f64>], level: f64) -> Option<(f64, f64)> {
    let mut values: Vec<f64> = figures.iter().flatten().copied().collect();
    if values.is_empty() || values.len() * 2 < figures.len() {
        return None;
    }
    values.sort_by(f64::total_cmp);
    let tail = (1.0 - level) / 2.0;
    Some((quantile(&values, tail), quantile(&values, 1.0 - tail)))
}

/// The quantile of sorted values by linear interpolation (type 7 of Hyndman & Fan 1996, as R and NumPy).
pub(super) fn quantile(sorted: &[f64], p: f64) -> f64 {
    let at = p * (sorted.len() - 1) as f64;
    let below = at.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (at - below as f64) * (sorted[above] - sorted[below])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-6
    }

    #[test]
    fn t_interval_equals_reference() {
        // scipy 1.17.1: t.interval(level, n - 1, mean(x), sem(x))
        let forty: Vec<f64> = (0..40)
            .map(|i| 0.013 * f64::from(7 * i % 31) - 0.2)
            .collect();
        let rows: [(&[f64], f64, f64, f64); 3] = [
            (
                &[0.1, -0.4, 0.3, 0.0, -0.2],
                0.95,
                -0.375_479_138,
                0.295_479_138,
            ),
            (&[0.12, -0.31, 0.44], 0.9, -0.551_124_579, 0.717_791_245),
            (&forty, 0.99, -0.057_849_145, 0.043_299_145),
        ];
        for (values, level, expected_low, expected_high) in rows {
            let (low, high) = t_interval(values, level).expect("three values or more");
            assert!(
                close(low, expected_low) && close(high, expected_high),
                "{low} {high}"
            );
        }
        assert_eq!(t_interval(&[0.1, 0.2], 0.95), None);
    }

    #[test]
    fn a_weighted_mean_over_clusters_equals_reference() {
        // statsmodels 0.15.0: WLS(v, ones, weights=w).fit(cov_type="cluster", cov_kwds={"groups": g}, use_t=True).conf_int(0.05)
        let values = [0.1, 0.9, -0.4, 0.3, 0.0, -0.2, 0.7, 0.5];
        let weights = [1.0, 0.5, 2.0, 1.0, 0.25, 1.5, 1.0, 0.75];
        let clusters = [0, 0, 1, 1, 2, 2, 3, 3];
        let (low, high) =
            weighted_mean_interval(&values, &weights, &clusters, 0.95).expect("four clusters");
        assert!(
            close(low, CLUSTERED.0) && close(high, CLUSTERED.1),
            "{low} {high}"
        );
        assert_eq!(
            weighted_mean_interval(&values, &weights, &[0; 8], 0.95),
            None
        );
    }

    const CLUSTERED: (f64, f64) = (-0.520_368_579_395_224_4, 0.726_618_579_395_224_2);

    #[test]
    fn t_quantiles_equal_scipy() {
        // scipy 1.17.1: t.ppf(p, df)
        let rows = [
            (0.975, 1.5, 6.016663104),
            (0.975, 2.94, 3.219506066),
            (0.8, 4.0, 0.940964577),
            (0.995, 17.0, 2.898230520),
            (0.9999, 30.5, 4.224575878),
            (0.975, 9999.0, 1.960201264),
            (0.975, 10000.0, 1.960201240),
            (0.99999, 20000.0, 4.265914013),
            (0.975, 1e7, 1.959964222),
            (0.5, 12.0, 0.000000000),
            (0.9995, 4998.0, 3.292474503),
        ];
        for (p, df, expected) in rows {
            let t = t_quantile(p, df).expect("positive degrees of freedom");
            assert!(close(t, expected), "{p} {df}: {t} is not {expected}");
        }
        assert_eq!(t_quantile(0.9, -1.0), None);
        assert_eq!(t_quantile(0.9, f64::NAN), None);
    }

    #[test]
    fn bootstrap_t_equals_reference_on_the_same_resamples() {
        // numpy 2.4.6, scipy 1.17.1: T = (y.mean() - x.mean()) / sem(y) of 50 resamples y = x[index], index by the generator below;
        // x.mean() - quantile(T, [.975, .025]) * sem(x)
        let values = [
            0.12, -0.31, 0.44, 0.05, 0.2, -0.6, 0.1, -0.25, 0.9, -0.8, 0.3, 0.02,
        ];
        let mut state = 20_u64;
        let mut index = || {
            state = (state * 1_103_515_245 + 12_345) % (1 << 31);
            (state >> 16) as usize % values.len()
        };
        let center = mean(&values);
        let studentised: Vec<f64> = (0..50)
            .filter_map(|_| {
                let sample: Vec<f64> = values.iter().map(|_| values[index()]).collect();
                studentised_mean(&sample, center)
            })
            .collect();
        let error = (variance(&values) / values.len() as f64).sqrt();
        let (low, high) = studentised_interval(center, error, studentised, 0.95);
        assert!(
            close(low, -0.258_693_243_3) && close(high, 0.355_532_873_9),
            "{low} {high}"
        );
    }

    #[test]
    fn bootstrap_t_is_near_t_for_symmetric_values_and_leans_for_skewed() {
        let symmetric: Vec<f64> = (0..20).map(|i| f64::from(i) - 9.5).collect();
        let (low, high) = bootstrap_t_interval(&symmetric, 0.95, 1999, 1).expect("twenty values");
        let (t_low, t_high) = t_interval(&symmetric, 0.95).expect("twenty values");
        assert!((low - t_low).abs() < 0.5 && (high - t_high).abs() < 0.5);
        let skewed: Vec<f64> = (0..20).map(|i| f64::from(i).exp2() / 1e5).collect();
        let (low, high) = bootstrap_t_interval(&skewed, 0.95, 1999, 1).expect("twenty values");
        let center = mean(&skewed);
        assert!(
            high - center > center - low,
            "the long tail is on the right"
        );
    }

    #[test]
    fn equal_values_have_a_t_interval_of_no_width() {
        assert_eq!(bootstrap_t_interval(&[0.5; 12], 0.95, 199, 1), None);
        let (low, high) = mean_interval(&[0.5; 12], 0.95, 1).expect("twelve values");
        assert!(close(low, 0.5) && close(high, 0.5));
    }

    #[test]
    fn values_nearly_all_equal_have_the_t_interval() {
        // Of resamples of ten values with two that are not 0, 0.8^10 = 11 % have no spread.
        let mut values = [0.0; 10];
        values[..2].copy_from_slice(&[-0.4, -0.9]);
        assert_eq!(bootstrap_t_interval(&values, 0.95, 1999, 1), None);
        assert_eq!(mean_interval(&values, 0.95, 1), t_interval(&values, 0.95));
    }

    #[test]
    fn estimates_without_an_interval_are_null_in_files() {
        let json = serde_json::to_string(&Estimate::point(0.25)).expect("plain numbers");
        assert_eq!(json, r#"{"value":0.25,"low":null,"high":null}"#);
        assert_eq!(Estimate::point(f64::NAN).value, None);
    }
}

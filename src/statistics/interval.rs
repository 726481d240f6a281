//! Intervals for means and their differences, and for any figure by resampling.
//!
//! Which one where: Student's t over articles from 3, bootstrap-t from 10. At these sizes a percentile bootstrap is too
//! narrow (0.75 to 0.89 of nominal 0.95 at 3 to 10 articles), so it serves only figures over many rows, such as the
//! accuracy on a test file.

use rand::Rng;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::statistics::stream;

/// The fewest values a t interval is given for.
pub const MIN_FOR_T: usize = 3;

/// The fewest values bootstrap-t is used for.
pub const MIN_FOR_BOOTSTRAP: usize = 10;

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
fn t_critical(df: f64, level: f64) -> Option<f64> {
    let t = StudentsT::new(0.0, 1.0, df).ok()?;
    Some(t.inverse_cdf(0.5 + level / 2.0))
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

/// The bootstrap-t interval of the mean (Efron & Tibshirani 1993, section 12.5), `n_draws` resamples.
///
/// Each resample is studentised with its own standard error; resamples without spread say nothing of it and are passed
/// over. `None` below [`MIN_FOR_BOOTSTRAP`] values or without spread.
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
    let mut studentised: Vec<f64> = (0..n_draws as u64)
        .into_par_iter()
        .filter_map(|draw| {
            let mut chance = stream(seed, draw);
            let sample: Vec<f64> = (0..n).map(|_| values[chance.gen_range(0..n)]).collect();
            let error = (variance(&sample) / n as f64).sqrt();
            (error > 1e-12).then(|| (mean(&sample) - center) / error)
        })
        .collect();
    if studentised.len() < n_draws / 2 {
        return None;
    }
    studentised.sort_by(f64::total_cmp);
    let tail = (1.0 - level) / 2.0;
    Some((
        center - quantile(&studentised, 1.0 - tail) * error,
        center - quantile(&studentised, tail) * error,
    ))
}

/// The interval of a mean that fits its n: bootstrap-t from [`MIN_FOR_BOOTSTRAP`], else Student's t, else none.
pub fn mean_interval(values: &[f64], level: f64, seed: u64) -> Option<(f64, f64)> {
    bootstrap_t_interval(values, level, 1999, seed).or_else(|| t_interval(values, level))
}

/// Welch's interval of mean(a) - mean(b), with Satterthwaite's degrees of freedom; `None` below [`MIN_FOR_T`] values on
/// either side or without spread on both.
pub fn welch_interval(a: &[f64], b: &[f64], level: f64) -> Option<(f64, f64)> {
    if a.len() < MIN_FOR_T || b.len() < MIN_FOR_T {
        return None;
    }
    let (va, vb) = (variance(a) / a.len() as f64, variance(b) / b.len() as f64);
    let error = (va + vb).sqrt();
    if error <= 0.0 {
        return None;
    }
    let df = (va + vb).powi(2)
        / (va.powi(2) / (a.len() as f64 - 1.0) + vb.powi(2) / (b.len() as f64 - 1.0));
    let half = t_critical(df, level)? * error;
    let center = mean(a) - mean(b);
    Some((center - half, center + half))
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
fn quantile(sorted: &[f64], p: f64) -> f64 {
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
        // mean -0.04, standard error 0.120830, t(0.975, 4 df) = 2.7764451051978 (any t table).
        let (low, high) = t_interval(&[0.1, -0.4, 0.3, 0.0, -0.2], 0.95).expect("five values");
        assert!(
            close(low, -0.375_479_14) && close(high, 0.295_479_14),
            "{low} {high}"
        );
        assert_eq!(t_interval(&[0.1, 0.2], 0.95), None);
    }

    #[test]
    fn welch_interval_is_worked_by_hand() {
        // va = 1/3, vb = 4/3, error = sqrt(5/3), df = (25/9) / ((1/9 + 16/9) / 2) = 50/17, t(.975, df) = 3.2195...
        let (low, high) =
            welch_interval(&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0], 0.95).expect("three each");
        let half = (high - low) / 2.0;
        assert!(close((low + high) / 2.0, -2.0));
        let t = half / (5.0_f64 / 3.0).sqrt();
        assert!(
            t > 3.182 && t < 3.30,
            "between t at 3 and near 2.9 degrees of freedom: {t}"
        );
        assert_eq!(welch_interval(&[1.0; 3], &[1.0; 3], 0.95), None);
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
    fn estimates_without_an_interval_are_null_in_files() {
        let json = serde_json::to_string(&Estimate::point(0.25)).expect("plain numbers");
        assert_eq!(json, r#"{"value":0.25,"low":null,"high":null}"#);
        assert_eq!(Estimate::point(f64::NAN).value, None);
    }
}

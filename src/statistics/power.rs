//! What a comparison can find: the smallest difference seen with a given power, and the articles a difference needs.
//!
//! Both use the t approximation: a two-sided test at `alpha` finds a difference d with probability `power` where
//! `d = (t(1 - alpha/2) + t(power)) * sd * sqrt(1/n_a + 1/n_b)`, with quantiles of Student's t at Welch's degrees of freedom (the
//! normal formula of Cohen 1988 with t in place of z). The same sd is assumed on both sides. For equal groups it is within 2 % of the
//! noncentral t from three articles each. Welch's t and a permutation test come near `power`, [`group_tests`](crate::statistics::group_tests),
//! the most cautious of three, from some 30 articles a group; with ten it finds such a difference in 55 to 80 of 100 (docs/simulation.md). For a family adjusted by Holm's method, `alpha` / family is on the safe side.

use crate::statistics::MIN_FOR_T;
use crate::statistics::interval::t_quantile;

/// More articles than this are as good as never.
const MAX_ARTICLES: usize = 1_000_000_000;

/// The smallest true difference of means that a two-sided test at `alpha` finds with probability `power`, from the standard
/// deviation within groups and the articles of each.
///
/// `None` without spread, below three articles on a side, or where `alpha` or `power` is not between 0 and 1 (`power` from one half).
pub fn detectable_difference(
    sd: f64,
    n_a: usize,
    n_b: usize,
    alpha: f64,
    power: f64,
) -> Option<f64> {
    let asked = alpha > 0.0 && alpha < 1.0 && (0.5..1.0).contains(&power);
    if !asked || !sd.is_finite() || sd <= 0.0 || n_a.min(n_b) < MIN_FOR_T {
        return None;
    }
    let (n_a, n_b) = (n_a as f64, n_b as f64);
    // Satterthwaite's degrees of freedom for equal spread: with few articles on one side, hardly more than its own.
    let df = (1.0 / n_a + 1.0 / n_b).powi(2)
        / (1.0 / (n_a * n_a * (n_a - 1.0)) + 1.0 / (n_b * n_b * (n_b - 1.0)));
    let quantiles = t_quantile(1.0 - alpha / 2.0, df)? + t_quantile(power, df)?;
    Some(quantiles * sd * (1.0 / n_a + 1.0 / n_b).sqrt())
}

/// The articles each of two equal groups needs for a two-sided test at `alpha` to find `difference` with probability `power`.
///
/// At least three; `None` for a difference of 0, beyond 10^9 articles, and where [`detectable_difference`] has none.
pub fn articles_needed(sd: f64, difference: f64, alpha: f64, power: f64) -> Option<usize> {
    let is_enough =
        |n: usize| Some(detectable_difference(sd, n, n, alpha, power)? <= difference.abs());
    let (mut too_few, mut enough) = (MIN_FOR_T - 1, MIN_FOR_T);
    while !is_enough(enough)? {
        (too_few, enough) = (enough, enough * 2);
        if enough > MAX_ARTICLES {
            return None;
        }
    }
    while enough - too_few > 1 {
        let middle = too_few + (enough - too_few) / 2;
        if is_enough(middle)? {
            enough = middle;
        } else {
            too_few = middle;
        }
    }
    Some(enough)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detectable_differences_equal_scipy() {
        // scipy 1.17.1: (t.ppf(1 - alpha / 2, df) + t.ppf(power, df)) * sd * sqrt(1 / n_a + 1 / n_b), with
        // df = (1/n_a + 1/n_b)^2 / (1/(n_a^2 (n_a - 1)) + 1/(n_b^2 (n_b - 1)))
        let rows = [
            (1.0, 3, 3, 0.05, 0.8, 3.035_252_295_614),
            (0.3, 10, 10, 0.05, 0.8, 0.397_524_235_137),
            (0.25, 5, 30, 0.05, 0.9, 0.479_434_390_902),
            (0.4, 30, 270, 0.005, 0.8, 0.295_881_158_075),
            (0.2, 1000, 4000, 0.0005, 0.95, 0.036_303_160_769),
        ];
        for (sd, n_a, n_b, alpha, power, expected) in rows {
            let found = detectable_difference(sd, n_a, n_b, alpha, power).expect("sound arguments");
            assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
        }
    }

    #[test]
    fn the_approximation_is_near_the_noncentral_t() {
        // statsmodels 0.15.0: TTestIndPower().solve_power(nobs1=n, alpha=alpha, power=power), times sd
        let rows = [
            (3, 0.05, 0.8, 3.070892),
            (5, 0.05, 0.8, 2.024440),
            (10, 0.05, 0.8, 1.324947),
            (30, 0.05, 0.9, 0.851170),
            (10, 0.005, 0.8, 1.835215),
        ];
        for (n, alpha, power, expected) in rows {
            let found = detectable_difference(1.0, n, n, alpha, power).expect("sound arguments");
            assert!(
                (found / expected - 1.0).abs() < 0.02,
                "{found} is not near {expected}"
            );
        }
    }

    #[test]
    fn articles_needed_equal_statsmodels() {
        // statsmodels 0.15.0: ceil(TTestIndPower().solve_power(effect_size=difference / sd, alpha=alpha, power=power))
        let rows = [
            (0.3, 0.6, 0.05, 0.8, 6),
            (0.3, 0.2, 0.05, 0.8, 37),
            (0.25, 0.1, 0.05, 0.9, 133),
            (0.3, 0.2, 0.005, 0.8, 62),
            (0.4, 0.01, 0.05, 0.8, 25_118),
        ];
        for (sd, difference, alpha, power, expected) in rows {
            let found = articles_needed(sd, difference, alpha, power);
            assert_eq!(found, Some(expected), "{difference} at {alpha}");
            assert_eq!(found, articles_needed(sd, -difference, alpha, power));
        }
    }

    #[test]
    fn what_cannot_be_asked_has_no_answer() {
        assert_eq!(detectable_difference(0.0, 9, 9, 0.05, 0.8), None);
        assert_eq!(detectable_difference(f64::NAN, 9, 9, 0.05, 0.8), None);
        assert_eq!(detectable_difference(0.3, 2, 9, 0.05, 0.8), None);
        assert_eq!(detectable_difference(0.3, 9, 9, 0.0, 0.8), None);
        assert_eq!(detectable_difference(0.3, 9, 9, 0.05, 1.0), None);
        assert_eq!(articles_needed(0.3, 0.0, 0.05, 0.8), None);
        assert_eq!(articles_needed(0.3, f64::NAN, 0.05, 0.8), None);
        assert_eq!(articles_needed(0.3, 1e-9, 0.05, 0.8), None);
        assert_eq!(articles_needed(0.3, 9.0, 0.05, 0.8), Some(3));
    }
}

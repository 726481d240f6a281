//! Intervals of shares.

use statrs::distribution::{ContinuousCDF, Normal};

/// Wilson's score interval of `k` in `n` (Wilson 1927; Brown, Cai & DasGupta 2001); `None` without trials.
pub fn proportion_interval(k: usize, n: usize, level: f64) -> Option<(f64, f64)> {
    if n == 0 {
        return None;
    }
    let z = Normal::standard().inverse_cdf(0.5 + level / 2.0);
    let (k, n) = (k as f64, n as f64);
    let p = k / n;
    let center = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    Some(((center - half).max(0.0), (center + half).min(1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_s_interval_equals_reference() {
        // statsmodels 0.15.0: proportion_confint(count, nobs, 0.05, "wilson")
        for (k, n, low, high) in REFERENCE {
            let (ours_low, ours_high) = proportion_interval(k, n, 0.95).expect("trials");
            assert!((ours_low - low).abs() < 1e-9 && (ours_high - high).abs() < 1e-9);
        }
        assert_eq!(proportion_interval(0, 0, 0.95), None);
    }

    const REFERENCE: [(usize, usize, f64, f64); 3] = [
        (3, 10, 0.107_791_267_406_301_04, 0.603_221_852_538_854_6),
        (0, 5, 0.0, 0.434_482_464_783_174_87),
        (57, 60, 0.862_994_835_236_514_7, 0.982_850_497_835_604_3),
    ];
}

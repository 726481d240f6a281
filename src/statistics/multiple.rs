//! Several tests at once.

/// Holm's step-down adjusted p values (Holm 1979): the family-wise error rate holds whatever the tests share.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut adjusted = vec![0.0; p.len()];
    let mut running = 0.0_f64;
    for (rank, &i) in order.iter().enumerate() {
        running = running.max(p[i] * (p.len() - rank) as f64).min(1.0);
        adjusted[i] = running;
    }
    adjusted
}

/// Draws needed so that adjusted p values can be read: 20 * `family` / `alpha`, rounded up, at least 9,999.
///
/// With m draws no adjusted p value is below family / (m + 1); with these that floor is a twentieth of `alpha`. The upper end of usize
/// where `alpha` is not above 0.
pub fn draws_needed(family: usize, alpha: f64) -> usize {
    // 20 / 0.05 is a little more than 400 in floating point; such a crumb asks for no draw.
    let draws = (20.0 * family as f64 / alpha.max(0.0) * (1.0 - 1e-12)).ceil();
    (draws as usize).max(9_999)
}

/// Step-down adjusted p values by maxT (Westfall & Young 1993, algorithm 4.1): as [`holm`], but what the tests share is taken from
/// `draws` and makes them less strict.
///
/// `observed` is |t| of each hypothesis; each of `draws` is |t| of all of them under one arrangement of the labels. p = (b + 1) / (m + 1),
/// or b / m where `exact` says that the draws are all arrangements. No draws: all 1.
///
/// # Panics
/// Where a draw is shorter than `observed`.
pub fn max_t(observed: &[f64], draws: &[Vec<f64>], exact: bool) -> Vec<f64> {
    let mut order: Vec<usize> = (0..observed.len()).collect();
    order.sort_by(|&a, &b| observed[b].total_cmp(&observed[a]));
    let mut as_extreme = vec![0_u64; observed.len()];
    for draw in draws {
        // The largest over a hypothesis and those less extreme than it.
        let mut largest = 0.0_f64;
        for &i in order.iter().rev() {
            largest = largest.max(draw[i]);
            // Arrangements that differ only by rounding count as equally extreme.
            as_extreme[i] += u64::from(largest >= observed[i] * (1.0 - 1e-9));
        }
    }
    let one = if exact && !draws.is_empty() { 0.0 } else { 1.0 };
    let mut adjusted = vec![0.0; observed.len()];
    let mut running = 0.0_f64;
    for i in order {
        running = running.max((as_extreme[i] as f64 + one) / (draws.len() as f64 + one));
        adjusted[i] = running;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::statistics::welch_t;

    #[test]
    fn holm_equals_reference() {
        // R 4: p.adjust(c(.01, .04, .03, .005), "holm") = 0.03 0.06 0.06 0.02
        let adjusted = holm(&[0.01, 0.04, 0.03, 0.005]);
        for (a, b) in adjusted.iter().zip([0.03, 0.06, 0.06, 0.02]) {
            assert!((a - b).abs() < 1e-12);
        }
        // statsmodels 0.15.0: multipletests(p, method="holm")[1]
        let adjusted = holm(&[0.0004, 0.2, 0.013, 0.013, 0.6, 0.031, 0.0081]);
        for (a, b) in adjusted
            .iter()
            .zip([0.0028, 0.4, 0.065, 0.065, 0.6, 0.093, 0.0486])
        {
            assert!((a - b).abs() < 1e-12);
        }
        assert_eq!(holm(&[0.9, 0.8]), [1.0, 1.0]);
        assert!(holm(&[]).is_empty());
    }

    /// Four articles of each of two outlets, three measures an article.
    const MEASURES: [[f64; 3]; 8] = [
        [0.9, 0.2, 0.5],
        [0.7, 0.1, 0.9],
        [0.8, 0.6, 0.3],
        [0.6, 0.4, 0.7],
        [0.1, 0.5, 0.2],
        [0.3, 0.0, 0.4],
        [0.5, 0.3, 0.6],
        [0.2, 0.1, 0.35],
    ];

    fn abs_t(inside: u32) -> Vec<f64> {
        let side = |k: usize, which: bool| -> Vec<f64> {
            (0..8)
                .filter(|i| (inside >> i & 1 == 1) == which)
                .map(|i| MEASURES[i][k])
                .collect()
        };
        (0..3)
            .map(|k| welch_t(&side(k, true), &side(k, false)).abs())
            .collect()
    }

    #[test]
    fn max_t_equals_brute_force() {
        // numpy 2.4.6, scipy 1.17.1: all 70 itertools.combinations(range(8), 4), t of ttest_ind(equal_var=False); in descending order of the
        // observed |t|, the share of arrangements whose largest |t| over it and those after it is at least it, and the running maximum.
        let draws: Vec<Vec<f64>> = (0..256_u32)
            .filter(|inside| inside.count_ones() == 4)
            .map(abs_t)
            .collect();
        assert_eq!(draws.len(), 70);
        let observed = abs_t(0b1111);
        for (a, b) in observed
            .iter()
            .zip([4.437_443_981_721, 0.637_792_804_143, 1.386_504_481_959])
        {
            assert!((a - b).abs() < 1e-6);
        }
        let adjusted = max_t(&observed, &draws, true);
        for (a, b) in adjusted.iter().zip([4.0 / 70.0, 44.0 / 70.0, 32.0 / 70.0]) {
            assert!((a - b).abs() < 1e-6, "{adjusted:?}");
        }
        let drawn = max_t(&observed, &draws, false);
        for (a, b) in drawn.iter().zip([5.0 / 71.0, 45.0 / 71.0, 33.0 / 71.0]) {
            assert!((a - b).abs() < 1e-6, "{drawn:?}");
        }
        assert_eq!(max_t(&observed, &[], true), [1.0; 3]);
        assert!(max_t(&[], &[], true).is_empty());
    }

    #[test]
    fn draws_grow_with_the_family() {
        assert_eq!(draws_needed(1, 0.05), 9_999);
        assert_eq!(draws_needed(105, 0.05), 42_000);
        assert_eq!(draws_needed(1_000, 0.03), 666_667);
        assert_eq!(draws_needed(1, 0.0), usize::MAX);
    }
}

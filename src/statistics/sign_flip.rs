//! A sign-flip test of story differences: the story is the unit.
//!
//! In: one difference a story, such as mean(a) - mean(b) over the story's articles. Where the two outlets do not differ beyond
//! chance, each difference is as likely to be its opposite, so every vector of signs is as likely as the one seen (Fisher 1935,
//! section 21). What articles of one outlet on one story share stays inside a difference, where permuting articles would
//! tear it apart.

use rand::RngCore;
use rayon::prelude::*;

use crate::statistics::{PermutationTest, stream};

/// The most differences whose sign vectors are all enumerated: 2^14.
const MAX_EXACT: usize = 14;

/// Tests whether story differences have mean 0, two-sided, with |t| = |mean| / standard error as the statistic.
///
/// All 2^n sign vectors are enumerated up to 14 differences; beyond, `n_draws` are drawn and p = (b + 1) / (m + 1). The smallest p is
/// 2 / 2^n when exact, so p < 0.05 needs 6 stories. Differences of 0 keep their place. `None` below two values or where one is not finite.
pub fn sign_flip_test(differences: &[f64], n_draws: usize, seed: u64) -> Option<PermutationTest> {
    let n = differences.len();
    if n < 2 || differences.iter().any(|d| !d.is_finite()) {
        return None;
    }
    // Flipping signs leaves the sum of squares as it is, so |t| grows with |sum| alone and the sums are compared instead.
    // Sums that differ only by rounding count as equally extreme.
    let rounding = 1e-12 * differences.iter().map(|d| d.abs()).sum::<f64>();
    let observed = differences.iter().sum::<f64>().abs() - rounding;
    let exact = n <= MAX_EXACT;
    let p = if exact {
        // A vector and its opposite give the same |t|: the last sign stays as it is.
        let n_vectors = 1_u64 << (n - 1);
        let as_extreme = (0..n_vectors)
            .filter(|&signs| flipped_sum(differences, |_| signs).abs() >= observed)
            .count();
        as_extreme as f64 / n_vectors as f64
    } else {
        let as_extreme = (0..n_draws as u64)
            .into_par_iter()
            .filter(|&draw| {
                let mut chance = stream(seed, draw);
                flipped_sum(differences, |_| chance.next_u64()).abs() >= observed
            })
            .count();
        (as_extreme as f64 + 1.0) / (n_draws as f64 + 1.0)
    };
    Some(PermutationTest {
        p,
        smallest_p: smallest_sign_flip_p(n, n_draws),
        exact,
    })
}

/// The smallest p value a sign-flip test of `n` stories can give; 1 where there is no test.
pub fn smallest_sign_flip_p(n: usize, n_draws: usize) -> f64 {
    match n {
        0 | 1 => 1.0,
        2..=MAX_EXACT => 2.0 / (1_u64 << n) as f64,
        _ => 1.0 / (n_draws as f64 + 1.0),
    }
}

/// The sum of `values`, each negated where its bit is set; `signs` gives the bits of the i-th 64 values.
fn flipped_sum(values: &[f64], mut signs: impl FnMut(usize) -> u64) -> f64 {
    let mut sum = 0.0;
    for (i, chunk) in values.chunks(64).enumerate() {
        let bits = signs(i);
        for (k, &value) in chunk.iter().enumerate() {
            sum += if bits >> k & 1 == 1 { -value } else { value };
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exact_p_equals_scipy() {
        // scipy 1.17.1: permutation_test((d,), lambda x, axis: abs(x.mean(axis) / (x.std(axis, ddof=1) / sqrt(n))),
        // permutation_type="samples", alternative="greater", n_resamples=inf)
        let rows: [(&[f64], f64); 3] = [
            (&[0.3, -0.1, 0.25, 0.4, 0.05, 0.2], 0.09375),
            (
                &[0.12, 0.5, -0.33, 0.08, 0.41, 0.0, 0.27, -0.02, 0.19],
                0.1484375,
            ),
            (
                &[
                    -0.2, -0.1, -0.4, 0.05, -0.3, -0.25, -0.15, 0.1, -0.35, -0.05,
                ],
                0.021_484_375,
            ),
        ];
        for (differences, p) in rows {
            let test = sign_flip_test(differences, 0, 1).expect("enough stories");
            assert!(test.exact);
            assert!((test.p - p).abs() < 1e-6, "{} is not {p}", test.p);
        }
    }

    #[test]
    fn six_stories_can_reach_five_percent_and_five_cannot() {
        for (n, smallest) in [(2, 0.5), (5, 0.0625), (6, 0.03125), (14, 2.0 / 16_384.0)] {
            let test = sign_flip_test(&vec![0.3; n], 0, 1).expect("enough stories");
            assert_eq!((test.p, test.smallest_p), (smallest, smallest));
        }
        assert_eq!(smallest_sign_flip_p(15, 9_999), 1e-4);
        assert_eq!(smallest_sign_flip_p(1, 9_999), 1.0);
        assert_eq!(sign_flip_test(&[0.3], 99, 1), None);
        assert_eq!(sign_flip_test(&[0.3, f64::NAN, 0.1], 99, 1), None);
        assert_eq!(
            sign_flip_test(&[0.0; 7], 99, 1).map(|test| test.p),
            Some(1.0)
        );
    }

    #[test]
    fn drawn_p_is_near_the_exact_and_repeatable() {
        // Of the sums of 16 signs, 2 * (1 + 16 + 120 + 560) / 2^16 are as far out as 16 - 2 * 3 = 10.
        let differences: Vec<f64> = (0..16).map(|i| if i < 3 { -0.2 } else { 0.2 }).collect();
        let test = sign_flip_test(&differences, 9_999, 5).expect("16 stories");
        assert!(!test.exact);
        assert!((test.p - 1_394.0 / 65_536.0).abs() < 0.006, "{}", test.p);
        assert_eq!(Some(test), sign_flip_test(&differences, 9_999, 5));
    }

    #[test]
    fn more_than_64_stories_are_all_flipped() {
        let differences: Vec<f64> = (0..200).map(|i| if i < 64 { 0.0 } else { 0.1 }).collect();
        let test = sign_flip_test(&differences, 999, 5).expect("200 stories");
        assert_eq!(test.p, test.smallest_p);
    }
}

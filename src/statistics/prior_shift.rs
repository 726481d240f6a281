//! Class shares re-estimated under prior shift, without labels.
//!
//! In: probabilities of rows by a classifier, and the class shares its probabilities hold for. Out: the class shares under which these rows are likeliest, if rows
//! of a class are distributed as they were in training and only the mix of classes differs. Where that fails the result is off and nothing in the rows says so.
//! Method: Saerens, Latinne & Decaestecker (2002), "Adjusting the outputs of a classifier to new a priori probabilities", Neural Computation 14, 21-41.

use rayon::prelude::*;

/// Rows summed by one thread; block sums are added in the order of blocks.
const BLOCK: usize = 4096;

/// Steps without an end count as no result.
const MAX_STEPS: usize = 10_000;

/// The largest change of a share at which the steps end.
const TOL: f64 = 1e-9;

/// Class shares of the rows by expectation-maximisation, from the training shares up.
///
/// `probabilities` is flat with shape (n, K), `weights` has one number a row, `training_priors` one a class; both are 0 or more, and only their ratios matter.
/// One step multiplies each row by share / training share, scales it to sum 1 and takes the weighted mean over rows. `None` without rows or weight, where shapes
/// do not fit or a number is not finite, where a row has no probability but in classes of training share 0, or after 10,000 steps that still move by 1e-9 or more.
pub fn shifted_priors(
    probabilities: &[f64],
    weights: &[f64],
    training_priors: &[f64],
) -> Option<Vec<f64>> {
    let k = training_priors.len();
    let total: f64 = weights.iter().sum();
    let usable = |values: &[f64]| values.iter().all(|v| v.is_finite() && *v >= 0.0);
    if k == 0
        || probabilities.len() != weights.len() * k
        || !(total > 0.0 && total.is_finite())
        || ![probabilities, weights, training_priors]
            .into_iter()
            .all(usable)
    {
        return None;
    }
    let training = scaled(training_priors)?;
    let has_probability = |class: usize| {
        probabilities
            .iter()
            .skip(class)
            .step_by(k)
            .any(|&p| p > 0.0)
    };
    if (0..k).any(|class| training[class] == 0.0 && has_probability(class)) {
        return None;
    }
    let mut shares = training.clone();
    for _ in 0..MAX_STEPS {
        let ratios: Vec<f64> = shares
            .iter()
            .zip(&training)
            .map(|(&share, &prior)| if prior > 0.0 { share / prior } else { 0.0 })
            .collect();
        let next = scaled(&posterior_sums(probabilities, weights, &ratios)?)?;
        let change = shares
            .iter()
            .zip(&next)
            .map(|(a, b)| (a - b).abs())
            .fold(0.0, f64::max);
        shares = next;
        if change < TOL {
            return Some(shares);
        }
    }
    None
}

/// `values` divided by their sum.
fn scaled(values: &[f64]) -> Option<Vec<f64>> {
    let sum: f64 = values.iter().sum();
    (sum > 0.0 && sum.is_finite()).then(|| values.iter().map(|v| v / sum).collect())
}

/// The weighted sum over rows of probability times ratio, each row scaled to sum 1; `None` where a row that weighs has nothing.
fn posterior_sums(probabilities: &[f64], weights: &[f64], ratios: &[f64]) -> Option<Vec<f64>> {
    let k = ratios.len();
    let of_block = |(rows, weights): (&[f64], &[f64])| -> Option<Vec<f64>> {
        let mut sums = vec![0.0; k];
        for (row, &weight) in rows
            .chunks_exact(k)
            .zip(weights)
            .filter(|(_, weight)| **weight > 0.0)
        {
            let whole: f64 = row.iter().zip(ratios).map(|(p, ratio)| p * ratio).sum();
            if whole <= 0.0 {
                return None;
            }
            for ((sum, p), ratio) in sums.iter_mut().zip(row).zip(ratios) {
                *sum += weight * (p * ratio / whole);
            }
        }
        Some(sums)
    };
    if weights.len() <= BLOCK {
        return of_block((probabilities, weights));
    }
    let blocks = probabilities
        .par_chunks(BLOCK * k)
        .zip(weights.par_chunks(BLOCK));
    let blocks: Vec<Option<Vec<f64>>> = blocks.map(of_block).collect();
    let mut all = vec![0.0; k];
    for block in blocks {
        for (sum, part) in all.iter_mut().zip(block?) {
            *sum += part;
        }
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use rand::Rng;
    use statrs::distribution::{Continuous, ContinuousCDF, Normal};

    use super::*;
    use crate::statistics::stream;

    #[test]
    fn shares_equal_reference() {
        // numpy 2.4.6: q = prior; repeat post = P * (q / prior); post /= post.sum(1, keepdims=True);
        // q = (w[:, None] * post).sum(0) / w.sum() until abs(change).max() < 1e-9
        let three = [
            0.7, 0.2, 0.1, 0.6, 0.3, 0.1, 0.2, 0.5, 0.3, 0.1, 0.3, 0.6, 0.5, 0.4, 0.1, 0.3, 0.6,
            0.1, 0.8, 0.1, 0.1, 0.25, 0.25, 0.5,
        ];
        let two = [0.9, 0.1, 0.2, 0.8, 0.6, 0.4, 0.7, 0.3, 0.35, 0.65];
        let third = 1.0 / 3.0;
        // Probabilities, weights, training shares, shares expected.
        type Row<'a> = (&'a [f64], &'a [f64], &'a [f64], &'a [f64]);
        let rows: [Row<'_>; 4] = [
            (
                &three,
                &[1.0; 8],
                &[0.38, 0.35, 0.27],
                &[0.614_910_79, 0.196_294_73, 0.188_794_48],
            ),
            (
                &three,
                &[1.0, 1.0, 0.5, 0.5, 0.5, 2.0, third, third],
                &[0.38, 0.35, 0.27],
                &[0.437_726_663, 0.562_273_337, 0.0],
            ),
            (
                &two,
                &[1.0, 2.0, 1.0, 1.0, 1.0],
                &[0.5, 0.5],
                &[0.469_881_85, 0.530_118_15],
            ),
            // Only ratios of weights and training shares matter.
            (&two, &[0.5, 1.0, 0.5, 0.5, 0.5], &[70.0, 30.0], &[0.0, 1.0]),
        ];
        for (probabilities, weights, training, expected) in rows {
            let found = shifted_priors(probabilities, weights, training).expect("it converges");
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
            }
        }
    }

    /// Probabilities of `n` rows by the true posterior under `training`, one normal distribution a class, rows drawn with the shares `mix`.
    fn planted(n: usize, training: &[f64; 3], mix: &[f64; 3]) -> Vec<f64> {
        let standard = Normal::new(0.0, 1.0).expect("the standard normal");
        let mut chance = stream(1, 0);
        let mut rows = Vec::with_capacity(3 * n);
        for _ in 0..n {
            let at: f64 = chance.r#gen();
            let class = usize::from(at > mix[0]) + usize::from(at > mix[0] + mix[1]);
            let center = |class: usize| 0.8 * (class as f64 - 1.0);
            let x = center(class) + standard.inverse_cdf(chance.gen_range(1e-9..1.0));
            let joint: Vec<f64> = (0..3)
                .map(|class| training[class] * standard.pdf(x - center(class)))
                .collect();
            rows.extend(scaled(&joint).expect("densities are positive"));
        }
        rows
    }

    #[test]
    fn a_planted_mix_is_found_where_its_mean_probability_is_not() {
        let n = 8_192 + 100;
        let rows = planted(n, &[0.38, 0.35, 0.27], &[0.6, 0.2, 0.2]);
        let net = |shares: &[f64]| shares[2] - shares[0];
        let mut means = [0.0; 3];
        for row in rows.chunks_exact(3) {
            means
                .iter_mut()
                .zip(row)
                .for_each(|(mean, p)| *mean += p / n as f64);
        }
        assert!((net(&means) + 0.2).abs() < 0.02, "{means:?}");
        let found =
            shifted_priors(&rows, &vec![1.0; n], &[0.38, 0.35, 0.27]).expect("it converges");
        // The standard deviation over samples of 4,000 rows is 0.021 (numpy, 20 samples), so 0.015 over these.
        assert!((net(&found) + 0.4).abs() < 0.045, "{found:?}");
    }

    #[test]
    fn rows_with_the_training_mix_stay_there() {
        let rows = [0.9, 0.1, 0.3, 0.7, 0.6, 0.4];
        let found = shifted_priors(&rows, &[1.0; 3], &[0.6, 0.4]).expect("it converges");
        assert!((found[0] - 0.6).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn threads_change_no_byte() {
        let n = 3 * BLOCK + 7;
        let rows = planted(n, &[0.38, 0.35, 0.27], &[0.2, 0.3, 0.5]);
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .expect("a pool");
            pool.install(|| shifted_priors(&rows, &vec![1.0; n], &[0.38, 0.35, 0.27]))
        };
        let one = with(1).expect("it converges");
        assert_eq!(Some(one), with(2));
    }

    #[test]
    fn what_has_no_answer_gets_none() {
        let sound = [0.5, 0.5, 0.2, 0.8];
        assert_eq!(shifted_priors(&[], &[], &[0.5, 0.5]), None);
        assert_eq!(shifted_priors(&sound, &[1.0; 2], &[]), None);
        assert_eq!(shifted_priors(&sound, &[1.0; 3], &[0.5, 0.5]), None);
        assert_eq!(shifted_priors(&sound, &[0.0; 2], &[0.5, 0.5]), None);
        assert_eq!(shifted_priors(&sound, &[1.0; 2], &[1.0, 0.0]), None);
        assert_eq!(shifted_priors(&sound, &[1.0, f64::NAN], &[0.5, 0.5]), None);
        assert_eq!(
            shifted_priors(&[0.5, 0.5, 0.0, 0.0], &[1.0; 2], &[0.5, 0.5]),
            None
        );
        // A class of no training rows and no probability is no obstacle.
        let found = shifted_priors(&[0.5, 0.5, 0.0], &[1.0], &[0.5, 0.5, 0.0]);
        assert_eq!(found, Some(vec![0.5, 0.5, 0.0]));
    }
}

//! Ranks and Spearman's correlation of them.

use super::mean;

/// The rank of each value from 0 up, ties at their mean rank.
pub fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&i, &j| values[i].total_cmp(&values[j]));
    let mut ranks = vec![0.0; values.len()];
    let mut below = 0;
    for ties in order.chunk_by(|&i, &j| values[i] == values[j]) {
        let rank = below as f64 + (ties.len() as f64 - 1.0) / 2.0;
        for &i in ties {
            ranks[i] = rank;
        }
        below += ties.len();
    }
    ranks
}

/// Spearman's rank correlation of pairs; `None` below three or where a side has no spread.
pub fn rank_correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    if pairs.len() < 3 {
        return None;
    }
    let (a, b): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let (a, b) = (ranks(&a), ranks(&b));
    let (mean_a, mean_b) = (mean(&a), mean(&b));
    let products = |x: &[f64], y: &[f64], mx: f64, my: f64| -> f64 {
        x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum()
    };
    let spread = (products(&a, &a, mean_a, mean_a) * products(&b, &b, mean_b, mean_b)).sqrt();
    (spread > 0.0).then(|| products(&a, &b, mean_a, mean_b) / spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rank_correlation_equals_reference() {
        // scipy 1.16 spearmanr([1, 2, 3, 4, 4], [2, 1, 4, 3, 5]) = 0.7181848464596079
        let pairs = [(1.0, 2.0), (2.0, 1.0), (3.0, 4.0), (4.0, 3.0), (4.0, 5.0)];
        let found = rank_correlation(&pairs).expect("five pairs");
        assert!((found - 0.718_184_846_459_607_9).abs() < 1e-12, "{found}");
        assert_eq!(rank_correlation(&pairs[..2]), None);
        assert_eq!(rank_correlation(&[(1.0, 1.0); 3]), None);
    }

    #[test]
    fn ties_share_their_mean_rank() {
        assert_eq!(ranks(&[0.5, -0.5, 0.5, 0.0]), [2.5, 0.0, 2.5, 1.0]);
        assert_eq!(ranks(&[0.0, -0.0, 1.0]), [0.5, 0.5, 2.0]);
        assert!(ranks(&[]).is_empty());
    }
}

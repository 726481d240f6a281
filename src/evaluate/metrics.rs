//! The figures themselves, from counts.

use crate::classes::ClassProbabilities;

/// A confusion matrix and what follows from it. A figure that divides by nothing is `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// Rows true, columns predicted.
    confusion: Vec<Vec<usize>>,
}

impl Counts {
    /// Counts (true, predicted) pairs of `k` classes.
    pub fn new(k: usize, pairs: impl Iterator<Item = (usize, usize)>) -> Counts {
        let mut confusion = vec![vec![0; k]; k];
        for (truth, predicted) in pairs {
            confusion[truth][predicted] += 1;
        }
        Counts { confusion }
    }

    /// The matrix, rows true, columns predicted.
    pub fn confusion(&self) -> &[Vec<usize>] {
        &self.confusion
    }

    /// Rows whose true class is `class`.
    pub fn support(&self, class: usize) -> usize {
        self.confusion[class].iter().sum()
    }

    /// The class with most true rows; of equals the first.
    pub fn most_frequent(&self) -> usize {
        let k = self.confusion.len();
        (0..k).fold(0, |best, class| {
            if self.support(class) > self.support(best) {
                class
            } else {
                best
            }
        })
    }

    fn predicted(&self, class: usize) -> usize {
        self.confusion.iter().map(|row| row[class]).sum()
    }

    fn hits(&self, class: usize) -> usize {
        self.confusion[class][class]
    }

    /// Share of rows on the diagonal.
    pub fn accuracy(&self) -> Option<f64> {
        let n: usize = (0..self.confusion.len())
            .map(|class| self.support(class))
            .sum();
        let hits: usize = (0..self.confusion.len())
            .map(|class| self.hits(class))
            .sum();
        ratio(hits, n)
    }

    /// Right ones of those predicted `class`.
    pub fn precision(&self, class: usize) -> Option<f64> {
        ratio(self.hits(class), self.predicted(class))
    }

    /// Right ones of those that are `class`.
    pub fn recall(&self, class: usize) -> Option<f64> {
        ratio(self.hits(class), self.support(class))
    }

    /// 2·hits / (true + predicted).
    pub fn f1(&self, class: usize) -> Option<f64> {
        ratio(
            2 * self.hits(class),
            self.support(class) + self.predicted(class),
        )
    }

    /// The classes that occur, true or predicted.
    pub fn occurring(&self) -> Vec<usize> {
        (0..self.confusion.len())
            .filter(|&class| self.support(class) + self.predicted(class) > 0)
            .collect()
    }

    /// Mean F1 over the classes that occur, true or predicted.
    pub fn macro_f1(&self) -> Option<f64> {
        self.macro_f1_over(&self.occurring())
    }

    /// Mean F1 over `classes`; one that does not occur here counts 0, as scikit-learn's `f1_score` does with `labels` given.
    pub fn macro_f1_over(&self, classes: &[usize]) -> Option<f64> {
        let f1: Vec<f64> = classes
            .iter()
            .map(|&class| self.f1(class).unwrap_or(0.0))
            .collect();
        (!f1.is_empty()).then(|| crate::statistics::mean(&f1))
    }
}

fn ratio(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Bins of the calibration error.
const BINS: usize = 15;

/// The probability of the likeliest class.
pub(super) fn top_label(probabilities: &ClassProbabilities) -> f64 {
    probabilities.values()[probabilities.hard()]
}

/// Expected calibration error of (probability of the likeliest class, whether it is right): rows sorted into 15 bins of equal
/// mass, mean |confidence - accuracy| weighted by size (Naeini, Cooper & Hauskrecht 2015; equal mass as in Nguyen &
/// O'Connor 2015).
pub(super) fn expected_calibration_error(mut tops: Vec<(f64, bool)>) -> Option<f64> {
    if tops.is_empty() {
        return None;
    }
    // Equal probabilities are ordered by outcome, so that the order of rows does not matter.
    tops.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let n = tops.len();
    let bins = BINS.min(n);
    let error: f64 = (0..bins)
        .map(|bin| {
            let rows = &tops[bin * n / bins..(bin + 1) * n / bins];
            let confidence: f64 = rows.iter().map(|(p, _)| p).sum();
            let right = rows.iter().filter(|(_, right)| *right).count() as f64;
            (confidence - right).abs()
        })
        .sum();
    Some(error / n as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_of_a_fixed_set_that_does_not_occur_counts_zero() {
        let counts = Counts::new(3, [(0, 0), (1, 1)].into_iter());
        assert_eq!(counts.occurring(), [0, 1]);
        assert_eq!(counts.macro_f1(), Some(1.0));
        // By hand: (1 + 1 + 0) / 3.
        assert_eq!(counts.macro_f1_over(&[0, 1, 2]), Some(2.0 / 3.0));
        assert_eq!(counts.macro_f1_over(&[]), None);
    }

    #[test]
    fn a_model_that_is_always_half_sure_and_half_right_is_calibrated() {
        let tops: Vec<(f64, bool)> = (0..300)
            .map(|i| (0.5 + f64::from(i) * 1e-9, i % 2 == 0))
            .collect();
        let error = expected_calibration_error(tops).expect("there are rows");
        assert!(error < 1e-6, "{error}");
        let sure: Vec<(f64, bool)> = (0..300)
            .map(|i| (0.9 + f64::from(i) * 1e-9, i % 2 == 0))
            .collect();
        let error = expected_calibration_error(sure).expect("there are rows");
        assert!((error - 0.4).abs() < 1e-6);
        assert_eq!(expected_calibration_error(Vec::new()), None);
    }
}

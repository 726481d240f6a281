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

    /// Matthews' correlation of truth and prediction for any number of classes, -1 to 1 (Gorodkin 2004, eq. 8). `None` where all rows
    /// are of one class or all predictions are: then nothing can correlate.
    pub fn mcc(&self) -> Option<f64> {
        let classes = 0..self.confusion.len();
        let sum = |of: &dyn Fn(usize) -> f64| classes.clone().map(of).sum::<f64>();
        let (truth, predicted) = (
            |class| self.support(class) as f64,
            |class| self.predicted(class) as f64,
        );
        let n = sum(&truth);
        let right = sum(&|class| self.hits(class) as f64);
        let covariance = right * n - sum(&|class| truth(class) * predicted(class));
        let spread = (n * n - sum(&|class| predicted(class).powi(2)))
            * (n * n - sum(&|class| truth(class).powi(2)));
        (spread > 0.0).then(|| covariance / spread.sqrt())
    }
}

fn ratio(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Bins of the calibration error and of the reliability table.
const BINS: usize = 15;

/// The likeliest class of a row: its probability, whether it is right, and which row it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Top {
    pub confidence: f64,
    pub right: bool,
    pub row: usize,
}

impl Top {
    pub fn new(probabilities: &ClassProbabilities, truth: usize, row: usize) -> Top {
        let hard = probabilities.hard();
        Top {
            confidence: probabilities.values()[hard],
            right: hard == truth,
            row,
        }
    }
}

/// Sorts by rising confidence; equal ones by outcome, so that the order of rows does not matter.
pub(super) fn sort_by_confidence(tops: &mut [Top]) {
    tops.sort_by(|a, b| {
        (a.confidence.total_cmp(&b.confidence))
            .then(a.right.cmp(&b.right))
            .then(a.row.cmp(&b.row))
    });
}

/// Sorted rows cut into 15 bins of equal mass.
pub(super) fn bins(sorted: &[Top]) -> impl Iterator<Item = &[Top]> {
    let n = sorted.len();
    let bins = BINS.min(n);
    (0..bins).map(move |bin| &sorted[bin * n / bins..(bin + 1) * n / bins])
}

/// Expected calibration error of sorted rows: 15 bins of equal mass, mean |confidence - accuracy| weighted by size (Naeini, Cooper &
/// Hauskrecht 2015; equal mass as in Nguyen & O'Connor 2015).
pub(super) fn expected_calibration_error(sorted: &[Top]) -> Option<f64> {
    let error: f64 = bins(sorted)
        .map(|rows| {
            let confidence: f64 = rows.iter().map(|top| top.confidence).sum();
            let right = rows.iter().filter(|top| top.right).count() as f64;
            (confidence - right).abs()
        })
        .sum();
    (!sorted.is_empty()).then(|| error / sorted.len() as f64)
}

/// How many rows the most confident `share` of `n` are.
pub(super) fn covered(n: usize, share: f64) -> usize {
    (n as f64 * share).ceil() as usize
}

/// Accuracy of the most confident `share` of sorted rows. Rows as confident as the last one taken count with their mean, so that chance
/// does not choose among them.
pub(super) fn covered_accuracy(sorted: &[Top], share: f64) -> Option<f64> {
    let n = covered(sorted.len(), share);
    let last = sorted.get(sorted.len().checked_sub(n)?)?.confidence;
    let right = |tops: &[Top]| tops.iter().filter(|top| top.right).count() as f64;
    let above = &sorted[sorted.partition_point(|top| top.confidence <= last)..];
    let tied_from = sorted.partition_point(|top| top.confidence < last);
    let tied = &sorted[tied_from..sorted.len() - above.len()];
    let taken = (n - above.len()) as f64;
    Some((right(above) + taken * right(tied) / tied.len() as f64) / n as f64)
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

    fn tops(rows: impl Iterator<Item = (f64, bool)>) -> Vec<Top> {
        let mut tops: Vec<Top> = rows
            .enumerate()
            .map(|(row, (confidence, right))| Top {
                confidence,
                right,
                row,
            })
            .collect();
        sort_by_confidence(&mut tops);
        tops
    }

    #[test]
    fn a_model_that_is_always_half_sure_and_half_right_is_calibrated() {
        let half = tops((0..300).map(|i| (0.5 + f64::from(i) * 1e-9, i % 2 == 0)));
        let error = expected_calibration_error(&half).expect("there are rows");
        assert!(error < 1e-6, "{error}");
        let sure = tops((0..300).map(|i| (0.9 + f64::from(i) * 1e-9, i % 2 == 0)));
        let error = expected_calibration_error(&sure).expect("there are rows");
        assert!((error - 0.4).abs() < 1e-6);
        assert_eq!(expected_calibration_error(&[]), None);
    }

    #[test]
    fn correlation_is_one_for_perfect_and_nothing_for_constant_predictions() {
        let mcc = |pairs: &[(usize, usize)]| Counts::new(3, pairs.iter().copied()).mcc();
        assert_eq!(mcc(&[(0, 0), (1, 1), (2, 2)]), Some(1.0));
        assert_eq!(mcc(&[(0, 1), (1, 1), (2, 1)]), None);
        assert_eq!(mcc(&[]), None);
    }

    #[test]
    fn the_most_confident_rows_are_taken_and_ties_share() {
        let sorted = tops([(0.9, true), (0.8, true), (0.6, true), (0.6, false)].into_iter());
        assert_eq!(covered_accuracy(&sorted, 1.0), Some(0.75));
        assert_eq!(covered_accuracy(&sorted, 0.5), Some(1.0));
        // Two rows for sure and half of each of the two tied ones.
        assert_eq!(covered_accuracy(&sorted, 0.75), Some(2.5 / 3.0));
        assert_eq!(covered_accuracy(&[], 0.5), None);
    }
}

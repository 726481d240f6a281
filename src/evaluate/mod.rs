//! How good a classifier is on labelled rows, with intervals over articles.
//!
//! In: the true class of each row, its predicted probabilities, its article. Out: [`Evaluation`]. Intervals resample whole
//! articles ([`DRAWS`] times, percentile), because sentences of one article are not independent; below
//! [`MIN_ARTICLES`] articles there are none.

mod metrics;
mod model;

use std::collections::BTreeMap;

use rand::Rng;
use rayon::prelude::*;
use serde::Serialize;

pub use metrics::Counts;
use metrics::{expected_calibration_error, top_label};
pub use model::{construct_note, evaluate_held_out, evaluate_model};

use crate::classes::{ClassProbabilities, Classes};
use crate::statistics::{Estimate, percentile_interval, round6, stream};

/// Resamples behind each interval.
pub const DRAWS: usize = 1000;

/// The fewest articles an interval is given for.
pub const MIN_ARTICLES: usize = 10;

/// Predictions for labelled rows.
#[derive(Debug, Clone, Copy)]
pub struct Predictions<'p> {
    /// The true class of each row.
    pub truth: &'p [usize],
    /// Its predicted probabilities.
    pub probabilities: &'p [ClassProbabilities],
    /// Its article, as a dense id.
    pub groups: &'p [usize],
    /// The class of each row when the subject is not known.
    pub target_blind: &'p [usize],
}

/// All figures of an evaluation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// Rows.
    pub n: usize,
    /// Articles.
    pub n_articles: usize,
    /// Rows whose text the model was trained on; `None` where every row was held out.
    pub n_seen_in_training: Option<usize>,
    /// The classes, in the order of everything else.
    pub classes: Vec<String>,
    /// Share of rows whose likeliest class is the true one.
    pub accuracy: Estimate,
    /// Mean of F1 over the classes that occur, true or predicted; every resample averages over these same classes.
    pub macro_f1: Estimate,
    /// By class.
    pub per_class: BTreeMap<String, ClassFigures>,
    /// Rows true, columns predicted, in order of `classes`.
    pub confusion: Vec<Vec<usize>>,
    /// Mean of -ln p(true class).
    pub log_loss: Estimate,
    /// Mean over rows of the squared distance between probabilities and truth, 0 to 2.
    pub brier: Estimate,
    /// Expected calibration error of the likeliest class, 15 bins of equal mass.
    pub ece: Estimate,
    /// What 95 % of perfectly calibrated models would stay below on so many rows.
    pub ece_calibrated_95: Option<f64>,
    /// What simpler predictions reach.
    pub baselines: Baselines,
    /// What a reader has to know.
    pub notes: Vec<String>,
}

/// Figures of one class.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassFigures {
    /// Right ones of those predicted.
    pub precision: Estimate,
    /// Right ones of those true.
    pub recall: Estimate,
    /// Harmonic mean of both.
    pub f1: Estimate,
    /// True rows.
    pub support: usize,
}

/// Predictions to be better than.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Baselines {
    /// Always the most frequent class of the rows evaluated, which is at least as good a guess as that of the training data.
    pub majority: Baseline,
    /// The same features without knowing the subject.
    pub target_blind: Baseline,
}

/// Figures of a baseline.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Baseline {
    /// Share of rows that are right.
    pub accuracy: f64,
    /// Mean over classes of F1.
    pub macro_f1: f64,
}

impl Baseline {
    fn new(truth: &[usize], predicted: &[usize], k: usize) -> Baseline {
        let counts = Counts::new(k, truth.iter().copied().zip(predicted.iter().copied()));
        Baseline {
            accuracy: round6(counts.accuracy().unwrap_or(0.0)),
            macro_f1: round6(counts.macro_f1().unwrap_or(0.0)),
        }
    }
}

/// Computes every figure; `level` is that of the intervals, 0.95 unless told otherwise.
pub fn evaluate(
    predictions: Predictions<'_>,
    classes: &Classes,
    level: f64,
    seed: u64,
) -> Evaluation {
    let k = classes.len();
    let n = predictions.truth.len();
    let hard: Vec<usize> = predictions
        .probabilities
        .iter()
        .map(ClassProbabilities::hard)
        .collect();
    let n_articles = predictions.groups.iter().max().map_or(0, |&last| last + 1);
    let mut rows_of: Vec<Vec<usize>> = vec![Vec::new(); n_articles];
    for (row, &group) in predictions.groups.iter().enumerate() {
        rows_of[group].push(row);
    }
    let all: Vec<usize> = (0..n).collect();
    let figures = |rows: &[usize]| Figures::new(k, rows, predictions, &hard);
    let here = figures(&all);
    // A resample may lack a rare class; averaging over fewer classes there would be another, easier figure.
    let occurring = here.counts.occurring();
    let draws: Vec<Figures> = if n_articles < MIN_ARTICLES {
        Vec::new()
    } else {
        (0..DRAWS as u64)
            .into_par_iter()
            .map(|draw| {
                let mut chance = stream(seed, draw);
                let rows: Vec<usize> = (0..n_articles)
                    .flat_map(|_| rows_of[chance.gen_range(0..n_articles)].iter().copied())
                    .collect();
                figures(&rows)
            })
            .collect()
    };
    let estimate = |pick: &dyn Fn(&Figures) -> Option<f64>| -> Estimate {
        let resampled: Vec<Option<f64>> = draws.iter().map(pick).collect();
        let Some(value) = pick(&here) else {
            return Estimate::default();
        };
        let interval = percentile_interval(&resampled, level);
        let interval = interval.map(|(low, high)| (round6(low), round6(high)));
        Estimate::with_interval(round6(value), interval)
    };
    let per_class = classes
        .names()
        .iter()
        .enumerate()
        .map(|(c, name)| {
            let figures = ClassFigures {
                precision: estimate(&|f| f.counts.precision(c)),
                recall: estimate(&|f| f.counts.recall(c)),
                f1: estimate(&|f| f.counts.f1(c)),
                support: here.counts.support(c),
            };
            (name.clone(), figures)
        })
        .collect();
    Evaluation {
        n,
        n_articles,
        n_seen_in_training: None,
        classes: classes.names().to_vec(),
        accuracy: estimate(&|f| f.counts.accuracy()),
        macro_f1: estimate(&|f| f.counts.macro_f1_over(&occurring)),
        per_class,
        confusion: here.counts.confusion().to_vec(),
        log_loss: estimate(&|f| f.log_loss),
        brier: estimate(&|f| f.brier),
        ece: without_bias(estimate(&|f| f.ece), draws.iter().filter_map(|f| f.ece)),
        ece_calibrated_95: calibrated_ece(predictions.probabilities, seed).map(round6),
        baselines: Baselines {
            majority: Baseline::new(predictions.truth, &vec![here.counts.most_frequent(); n], k),
            target_blind: Baseline::new(predictions.truth, predictions.target_blind, k),
        },
        notes: Vec::new(),
    }
}

/// Moves an interval by the resamples' mean excess over the figure. Repeated rows make bins look worse calibrated than they are, so the
/// plain percentiles of the calibration error lie too high, often above the figure itself.
fn without_bias(estimate: Estimate, draws: impl Iterator<Item = f64>) -> Estimate {
    let draws: Vec<f64> = draws.collect();
    let Some(value) = estimate.value.filter(|_| !draws.is_empty()) else {
        return estimate;
    };
    let bias = crate::statistics::mean(&draws) - value;
    let moved = |end: f64| round6((end - bias).clamp(0.0, 1.0));
    Estimate {
        low: estimate.low.map(moved),
        high: estimate.high.map(moved),
        ..estimate
    }
}

/// The figures of one choice of rows.
struct Figures {
    counts: Counts,
    log_loss: Option<f64>,
    brier: Option<f64>,
    ece: Option<f64>,
}

impl Figures {
    fn new(k: usize, rows: &[usize], predictions: Predictions<'_>, hard: &[usize]) -> Figures {
        let truth = predictions.truth;
        let n = rows.len() as f64;
        let mean = |values: f64| (n > 0.0).then(|| values / n);
        let (mut log_loss, mut brier) = (0.0, 0.0);
        let mut tops = Vec::with_capacity(rows.len());
        for &r in rows {
            let p = predictions.probabilities[r].values();
            // A probability of zero would be infinitely wrong; single precision cannot say less than this.
            log_loss -= p[truth[r]].max(1e-12).ln();
            brier += p
                .iter()
                .enumerate()
                .map(|(c, p)| (p - f64::from(u8::from(c == truth[r]))).powi(2))
                .sum::<f64>();
            tops.push((p[hard[r]], hard[r] == truth[r]));
        }
        Figures {
            counts: Counts::new(k, rows.iter().map(|&r| (truth[r], hard[r]))),
            log_loss: mean(log_loss),
            brier: mean(brier),
            ece: expected_calibration_error(tops),
        }
    }
}

/// The 95 % point of the ECE if each row's likeliest class were right with exactly its probability.
fn calibrated_ece(probabilities: &[ClassProbabilities], seed: u64) -> Option<f64> {
    let tops: Vec<f64> = probabilities.iter().map(top_label).collect();
    let mut errors: Vec<f64> = (0..DRAWS as u64)
        .into_par_iter()
        .filter_map(|draw| {
            let mut chance = stream(seed ^ 0xca11_b8a7, draw);
            let rows = tops
                .iter()
                .map(|&p| (p, chance.gen_bool(p.clamp(0.0, 1.0))))
                .collect();
            expected_calibration_error(rows)
        })
        .collect();
    errors.sort_by(f64::total_cmp);
    errors
        .get((errors.len() * 95 / 100).min(errors.len().saturating_sub(1)))
        .copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classes::Task;

    fn classes() -> Classes {
        Classes::from_labels(
            ["negative", "neutral", "positive"],
            Task::Infer,
            &BTreeMap::new(),
        )
        .expect("three classes")
    }

    #[test]
    fn figures_are_worked_by_hand_and_intervals_need_ten_articles() {
        let p = |a, b, c| ClassProbabilities::new(vec![a, b, c]);
        let probabilities = [
            p(0.7, 0.2, 0.1),
            p(0.1, 0.8, 0.1),
            p(0.5, 0.3, 0.2),
            p(0.1, 0.1, 0.8),
        ];
        let truth = [0, 1, 2, 2];
        let evaluation = evaluate(
            Predictions {
                truth: &truth,
                probabilities: &probabilities,
                groups: &[0, 0, 1, 2],
                target_blind: &[0, 0, 0, 2],
            },
            &classes(),
            0.95,
            1,
        );
        assert_eq!((evaluation.n, evaluation.n_articles), (4, 3));
        assert_eq!(evaluation.accuracy, Estimate::point(0.75));
        // F1: 2/3, 1, 2/3.
        assert_eq!(evaluation.macro_f1.value, Some(0.777_778));
        assert_eq!(evaluation.confusion, [[1, 0, 0], [0, 1, 0], [1, 0, 1]]);
        let log_loss = -(0.7_f64.ln() + 0.8_f64.ln() + 0.2_f64.ln() + 0.8_f64.ln()) / 4.0;
        assert_eq!(evaluation.log_loss.value, Some(round6(log_loss)));
        let brier = ((0.09 + 0.04 + 0.01)
            + (0.01 + 0.04 + 0.01)
            + (0.25 + 0.09 + 0.64)
            + (0.01 + 0.01 + 0.04))
            / 4.0;
        assert_eq!(evaluation.brier.value, Some(round6(brier)));
        assert_eq!(evaluation.baselines.majority.accuracy, 0.5);
        assert_eq!(evaluation.baselines.target_blind.accuracy, 0.5);
    }

    #[test]
    fn a_class_that_never_occurs_has_no_recall() {
        let p = ClassProbabilities::new(vec![0.6, 0.3, 0.1]);
        let evaluation = evaluate(
            Predictions {
                truth: &[0, 1],
                probabilities: &[p.clone(), p],
                groups: &[0, 1],
                target_blind: &[0, 0],
            },
            &classes(),
            0.95,
            1,
        );
        assert_eq!(evaluation.per_class["positive"].recall.value, None);
        assert_eq!(evaluation.per_class["positive"].support, 0);
    }

    #[test]
    fn a_resample_without_a_rare_class_still_averages_over_it() {
        // Thirty articles: two sure classes, and one row of a third class, always missed. Without that article in the draw every
        // row is right, and a mean over the two classes left would say 1.
        let truth: Vec<usize> = (0..30).map(|i| if i == 0 { 2 } else { i % 2 }).collect();
        let probabilities: Vec<ClassProbabilities> = (0..30)
            .map(|i| {
                ClassProbabilities::new(if i % 2 == 0 {
                    vec![0.8, 0.1, 0.1]
                } else {
                    vec![0.1, 0.8, 0.1]
                })
            })
            .collect();
        let groups: Vec<usize> = (0..30).collect();
        let evaluation = evaluate(
            Predictions {
                truth: &truth,
                probabilities: &probabilities,
                groups: &groups,
                target_blind: &truth,
            },
            &classes(),
            0.95,
            1,
        );
        let high = evaluation.macro_f1.high.expect("30 articles");
        assert!(high <= 2.0 / 3.0 + 1e-6, "{high}");
        assert_eq!(evaluation.accuracy.high, Some(1.0));
    }

    #[test]
    fn intervals_resample_articles_and_repeat() {
        let truth: Vec<usize> = (0..200).map(|i| i % 3).collect();
        let probabilities: Vec<ClassProbabilities> = (0..200)
            .map(|i| {
                let mut p = vec![0.25; 3];
                p[if i % 4 == 0 { (i + 1) % 3 } else { i % 3 }] = 0.5;
                ClassProbabilities::new(p)
            })
            .collect();
        let groups: Vec<usize> = (0..200).map(|i| i / 4).collect();
        let all = Predictions {
            truth: &truth,
            probabilities: &probabilities,
            groups: &groups,
            target_blind: &truth,
        };
        let one = evaluate(all, &classes(), 0.95, 5);
        assert_eq!(one, evaluate(all, &classes(), 0.95, 5));
        let (low, high) = (
            one.accuracy.low.expect("50 articles"),
            one.accuracy.high.expect("50 articles"),
        );
        // Every article has exactly one wrong row of four: no spread between articles.
        assert_eq!((low, high), (0.75, 0.75));
        assert!(one.macro_f1.low < one.macro_f1.high);
    }
}

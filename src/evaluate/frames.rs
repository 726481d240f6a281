//! How good a model of frames is: F1 of each frame and over all, average precision, and what always saying every frame would reach.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::statistics::{ClusterBootstrap, Estimate, round6};

/// Resamples behind an interval.
const DRAWS: usize = 1_000;

/// The fewest sentences with a frame that its figures are given an interval for.
const MIN_POSITIVE: usize = 5;

/// Rows with their true frames, what a model says, and their articles.
#[derive(Debug, Clone, Copy)]
pub struct FramePredictions<'p> {
    /// The frames.
    pub names: &'p [String],
    /// Ascending indices of the true frames, one list a row.
    pub truth: &'p [Vec<usize>],
    /// One probability a frame.
    pub probabilities: &'p [Vec<f64>],
    /// Which frames the model says.
    pub decisions: &'p [Vec<bool>],
    /// The article of each row.
    pub groups: &'p [usize],
}

/// How good a model of frames is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FrameEvaluation {
    /// Rows.
    pub n: usize,
    /// Articles.
    pub n_articles: usize,
    /// Rows the model was trained on; `None` where that is not asked (held-out folds).
    pub n_seen_in_training: Option<usize>,
    /// What the user says of the model.
    pub about: Option<String>,
    /// Level of the intervals.
    pub level: f64,
    /// Mean of the frames' F1; a frame that neither stands in the rows nor is predicted is left out.
    pub macro_f1: Estimate,
    /// F1 of all decisions together.
    pub micro_f1: Estimate,
    /// Mean of the frames' average precision, over those that stand in the rows.
    pub mean_average_precision: Estimate,
    /// Share of rows all of whose frames are right.
    pub exact: Estimate,
    /// Macro-F1 of saying every frame of every sentence.
    pub all_frames_macro_f1: f64,
    /// Micro-F1 of saying the most frequent frame of every sentence.
    pub most_frequent_micro_f1: f64,
    /// Frame by frame.
    pub per_frame: BTreeMap<String, FrameFigures>,
    /// What a reader has to know.
    pub notes: Vec<String>,
}

/// One frame's figures. What divides by nothing is null.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FrameFigures {
    /// Rows with the frame.
    pub support: usize,
    /// Rows the model says have it.
    pub predicted: usize,
    /// Right ones of those.
    pub precision: Option<f64>,
    /// Found ones of those that have it.
    pub recall: Option<f64>,
    /// 2·hits / (support + predicted).
    pub f1: Estimate,
    /// Area under the curve of precision over recall, as steps; by chance the share of rows with the frame.
    pub average_precision: Estimate,
    /// F1 of saying the frame of every sentence.
    pub always_f1: Option<f64>,
}

/// A row while figures are made.
struct Row<'p> {
    truth: &'p [usize],
    probabilities: &'p [f64],
    decisions: &'p [bool],
}

impl Row<'_> {
    fn has(&self, k: usize) -> bool {
        self.truth.contains(&k)
    }
}

/// Evaluates `predictions`; the bootstrap of articles starts from `seed`.
pub fn evaluate_frames(
    predictions: FramePredictions<'_>,
    level: f64,
    seed: u64,
) -> FrameEvaluation {
    let rows: Vec<Row> = (0..predictions.truth.len())
        .map(|r| Row {
            truth: &predictions.truth[r],
            probabilities: &predictions.probabilities[r],
            decisions: &predictions.decisions[r],
        })
        .collect();
    let n_frames = predictions.names.len();
    let bootstrap = ClusterBootstrap {
        level,
        n_draws: DRAWS,
        seed,
    };
    let all: Vec<&Row> = rows.iter().collect();
    let estimate = |figure: &(dyn Fn(&[&Row<'_>]) -> Option<f64> + Sync)| {
        let interval = bootstrap.interval(&rows, predictions.groups, figure);
        let interval = interval.map(|(low, high)| (round6(low), round6(high)));
        figure(&all).map_or_else(Estimate::default, |value| {
            Estimate::with_interval(round6(value), interval)
        })
    };
    let occurring: Vec<usize> = (0..n_frames)
        .filter(|&k| rows.iter().any(|row| row.has(k) || row.decisions[k]))
        .collect();
    let with_positives: Vec<usize> = (0..n_frames)
        .filter(|&k| rows.iter().any(|row| row.has(k)))
        .collect();
    let support = |k: usize| rows.iter().filter(|row| row.has(k)).count();
    let always = |k: usize| {
        let support = support(k);
        (support > 0).then(|| 2.0 * support as f64 / (support + rows.len()) as f64)
    };
    let mut per_frame = BTreeMap::new();
    let mut absent = Vec::new();
    for (k, name) in predictions.names.iter().enumerate() {
        let (support, counts) = (support(k), Counts::of(&all, k));
        if support == 0 {
            absent.push(name.clone());
        }
        let with_interval = |mut of: Estimate| {
            if support < MIN_POSITIVE {
                (of.low, of.high) = (None, None);
            }
            of
        };
        per_frame.insert(
            name.clone(),
            FrameFigures {
                support,
                predicted: counts.predicted,
                precision: ratio(counts.hits, counts.predicted),
                recall: ratio(counts.hits, support),
                f1: with_interval(estimate(&|rows| Counts::of(rows, k).f1())),
                average_precision: with_interval(estimate(&|rows| average_precision(rows, k))),
                always_f1: always(k).map(round6),
            },
        );
    }
    let of_all: Vec<f64> = with_positives.iter().filter_map(|&k| always(k)).collect();
    let most_frequent = (0..n_frames).map(support).max().unwrap_or(0);
    let n_truths: usize = rows.iter().map(|row| row.truth.len()).sum();
    let mut articles = predictions.groups.to_vec();
    articles.sort_unstable();
    articles.dedup();
    let mut notes = Vec::new();
    if !absent.is_empty() {
        notes.push(format!(
            "No sentence here has {}: nothing can be said of {}.",
            absent.join(", "),
            if absent.len() == 1 {
                "that frame"
            } else {
                "those frames"
            }
        ));
    }
    FrameEvaluation {
        n: rows.len(),
        n_articles: articles.len(),
        n_seen_in_training: None,
        about: None,
        level,
        macro_f1: estimate(&|rows| {
            mean_of(&occurring, |k| {
                Some(Counts::of(rows, k).f1().unwrap_or(0.0))
            })
        }),
        micro_f1: estimate(&|rows| Counts::pooled(rows, n_frames).f1()),
        mean_average_precision: estimate(&|rows| {
            mean_of(&with_positives, |k| average_precision(rows, k))
        }),
        exact: estimate(&|rows| {
            let right = rows
                .iter()
                .filter(|row| (0..n_frames).all(|k| row.has(k) == row.decisions[k]));
            ratio(right.count(), rows.len())
        }),
        all_frames_macro_f1: round6(crate::statistics::mean(&of_all)),
        most_frequent_micro_f1: round6(
            2.0 * most_frequent as f64 / (n_truths + rows.len()).max(1) as f64,
        ),
        per_frame,
        notes,
    }
}

fn ratio(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| round6(part as f64 / whole as f64))
}

/// The mean over frames of what exists.
fn mean_of(frames: &[usize], of: impl Fn(usize) -> Option<f64>) -> Option<f64> {
    let values: Vec<f64> = frames.iter().filter_map(|&k| of(k)).collect();
    (!values.is_empty()).then(|| crate::statistics::mean(&values))
}

/// Counts of one frame, or of all together.
#[derive(Default)]
struct Counts {
    hits: usize,
    predicted: usize,
    support: usize,
}

impl Counts {
    fn of(rows: &[&Row<'_>], k: usize) -> Counts {
        let mut counts = Counts::default();
        for row in rows {
            let (has, says) = (row.has(k), row.decisions[k]);
            counts.support += usize::from(has);
            counts.predicted += usize::from(says);
            counts.hits += usize::from(has && says);
        }
        counts
    }

    fn pooled(rows: &[&Row<'_>], n_frames: usize) -> Counts {
        (0..n_frames)
            .map(|k| Counts::of(rows, k))
            .fold(Counts::default(), |sum, of| Counts {
                hits: sum.hits + of.hits,
                predicted: sum.predicted + of.predicted,
                support: sum.support + of.support,
            })
    }

    fn f1(&self) -> Option<f64> {
        let all = self.support + self.predicted;
        (all > 0).then(|| 2.0 * self.hits as f64 / all as f64)
    }
}

/// Sum over thresholds of the step in recall times precision, ties together (scikit-learn's `average_precision_score`).
fn average_precision(rows: &[&Row<'_>], k: usize) -> Option<f64> {
    let mut scored: Vec<(f64, bool)> = rows
        .iter()
        .map(|row| (row.probabilities[k], row.has(k)))
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let n_positive = scored.iter().filter(|(_, has)| *has).count();
    if n_positive == 0 {
        return None;
    }
    let (mut sum, mut hits, mut before) = (0.0, 0, 0);
    for i in 0..scored.len() {
        hits += usize::from(scored[i].1);
        if scored.get(i + 1).is_none_or(|next| next.0 != scored[i].0) {
            sum += (hits - before) as f64 / n_positive as f64 * hits as f64 / (i + 1) as f64;
            before = hits;
        }
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_equal_reference() {
        // scikit-learn 1.9.1 on the matrices below: f1_score(average="macro" / "micro" / None), average_precision_score a column
        let truth: Vec<Vec<usize>> =
            vec![vec![0], vec![0, 1], vec![1], vec![2], vec![], vec![0, 2]];
        let probabilities: Vec<Vec<f64>> = [
            [0.9, 0.2, 0.1],
            [0.4, 0.7, 0.3],
            [0.5, 0.6, 0.2],
            [0.1, 0.6, 0.5],
            [0.2, 0.1, 0.4],
            [0.7, 0.3, 0.35],
        ]
        .map(|row| row.to_vec())
        .to_vec();
        let decisions: Vec<Vec<bool>> = probabilities
            .iter()
            .map(|row| row.iter().map(|p| *p >= 0.4).collect())
            .collect();
        let names = ["a", "b", "c"].map(str::to_string);
        let evaluation = evaluate_frames(
            FramePredictions {
                names: &names,
                truth: &truth,
                probabilities: &probabilities,
                decisions: &decisions,
                groups: &[0, 1, 2, 3, 4, 5],
            },
            0.95,
            1,
        );
        let close =
            |a: Option<f64>, b: f64| assert!((a.expect("defined") - b).abs() < 1e-6, "{a:?} {b}");
        let [macro_f1, micro_f1, ap_a, ap_b, ap_c] = REFERENCE;
        close(evaluation.macro_f1.value, macro_f1);
        close(evaluation.micro_f1.value, micro_f1);
        for (name, ap) in names.iter().zip([ap_a, ap_b, ap_c]) {
            close(evaluation.per_frame[name].average_precision.value, ap);
        }
        assert_eq!(
            evaluation.macro_f1.low, None,
            "six articles have no interval"
        );
    }

    const REFERENCE: [f64; 5] = [
        0.719_047_619_047_619,
        0.75,
        0.916_666_666_666_666_5,
        0.833_333_333_333_333_3,
        0.833_333_333_333_333_3,
    ];
}

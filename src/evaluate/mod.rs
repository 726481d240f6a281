//! How good a classifier is on labelled rows, with intervals over articles.
//!
//! In: the true class of each row, its predicted probabilities, its article, and where known its outlet, voice and subject. Out:
//! [`Evaluation`]. Intervals resample whole articles ([`DRAWS`] times, percentile), because sentences of one article are not independent;
//! below [`MIN_ARTICLES`] articles there are none.
//!
//! | file | what it does |
//! |---|---|
//! | `metrics` | the figures of one choice of rows |
//! | `sample` | the same on resampled articles: intervals |
//! | `lexicon` | the word-list baseline |
//! | `rows` | what is known of a row beside its class: outlet, voice, subject |
//! | `slices` | figures by outlet, voice and overlap with the training data; subjects on opposite sides in one sentence |
//! | `model` | a model on a test set, held-out folds |
//! | `against` | two models on the same rows |
//! | `leave_out` | training without each subject or outlet in turn |
//! | `curve` | how figures grow with the number of labels, and the law behind that |
//! | `mistakes` | the wrong rows, worst first, with the words that led there |

mod against;
mod curve;
mod frames;
mod leave_out;
mod lexicon;
mod metrics;
mod mistakes;
mod model;
mod rows;
mod sample;
mod slices;

use std::collections::BTreeMap;

use rand::Rng;
use rayon::prelude::*;
use serde::Serialize;

pub use against::{Against, Paired, compare_models};
pub use curve::{
    CurveSize, Forecast, LearningCurve, Majority, PowerLaw, Price, Verdict, learning_curve,
};
pub use frames::{FrameEvaluation, FrameFigures, FramePredictions, evaluate_frames};
pub use leave_out::{Key, LeaveOut, LeftOut, leave_out, n_parts};
pub use metrics::Counts;
use metrics::{Top, bins, covered, covered_accuracy, expected_calibration_error};
pub use mistakes::{LeadingWord, Mistake, mistakes};
pub use model::{construct_note, evaluate_held_out, evaluate_model};
pub use rows::{RowFacts, RowSource, TestSet};
use sample::Sample;
pub use slices::{MIN_ROWS, Opposed, Overlap, Slice};

use crate::classes::{ClassProbabilities, Classes};
use crate::statistics::{Estimate, round6, stream};

/// Resamples behind each interval.
pub const DRAWS: usize = 1000;

/// The fewest articles an interval is given for.
pub const MIN_ARTICLES: usize = 10;

/// Shares of rows, most confident first, whose accuracy is told.
pub const COVERAGE: [f64; 4] = [1.0, 0.75, 0.5, 0.25];

/// Predictions for labelled rows; every slice has one element a row.
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
    /// The class of each row by a word list; `None` where classes have no polarity.
    pub lexicon: Option<&'p [usize]>,
    /// What else is known of each row.
    pub facts: Option<&'p [RowFacts]>,
    /// What each row shares with the training data; `None` where every row was held out.
    pub overlap: Option<&'p [Overlap]>,
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
    /// Mean of F1 over the classes against and in favor, as in SemEval-2016 task 6 (Mohammad et al. 2016); without value where there is
    /// not exactly one of each.
    pub f_avg: Estimate,
    /// Matthews' correlation for any number of classes (Gorodkin 2004), -1 to 1.
    pub mcc: Estimate,
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
    /// The bins behind the calibration error, least confident first.
    pub reliability: Vec<ReliabilityBin>,
    /// Accuracy of the most confident rows: [`COVERAGE`].
    pub coverage: Vec<CoveragePoint>,
    /// What simpler predictions reach.
    pub baselines: Baselines,
    /// By outlet, most rows first; empty where no row has one.
    pub by_outlet: Vec<Slice>,
    /// By voice; empty where voices are not known.
    pub by_voice: Vec<Slice>,
    /// By what rows share with the training data; empty where they share nothing.
    pub by_overlap: Vec<Slice>,
    /// Subjects on opposite sides in one sentence, where there are any.
    pub opposed: Option<Opposed>,
    /// The figures of each left-out subject or outlet.
    pub leave_out: Option<LeaveOut>,
    /// Another model on the same rows.
    pub against: Option<Against>,
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

/// Rows of about one confidence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReliabilityBin {
    /// Rows.
    pub n: usize,
    /// Least probability of the likeliest class.
    pub from: f64,
    /// Greatest probability of the likeliest class.
    pub to: f64,
    /// Its mean.
    pub confidence: f64,
    /// How many are right.
    pub accuracy: Estimate,
}

/// Accuracy of the most confident rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CoveragePoint {
    /// Share of rows.
    pub share: f64,
    /// Rows.
    pub n: usize,
    /// Least probability of the likeliest class among them.
    pub least_confidence: f64,
    /// How many are right; rows as confident as the last one count with their mean.
    pub accuracy: Estimate,
}

/// Predictions to be better than.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Baselines {
    /// Always the most frequent class of the rows evaluated, which is at least as good a guess as that of the training data.
    pub majority: Baseline,
    /// VADER, a list of words with their valence (Hutto & Gilbert 2014), for models with polarity.
    pub lexicon: Option<Baseline>,
    /// The same features without knowing the subject.
    pub target_blind: Baseline,
}

/// Figures of a baseline, and how much better the model is on the same rows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Baseline {
    /// Share of rows that are right.
    pub accuracy: f64,
    /// Its interval.
    pub accuracy_interval: Option<(f64, f64)>,
    /// Mean over classes of F1.
    pub macro_f1: f64,
    /// Its interval.
    pub macro_f1_interval: Option<(f64, f64)>,
    /// Accuracy of the model less that of the baseline, resampled together.
    pub gain_accuracy: Estimate,
    /// Macro-F1 of the model less that of the baseline, resampled together.
    pub gain_macro_f1: Estimate,
}

impl Baseline {
    /// `predicted` on the rows of `sample`.
    fn new(sample: &Sample<'_>, predicted: &[usize]) -> Baseline {
        let all = sample.all();
        let truth = sample.predictions.truth;
        let counts = |predicted: &[usize], rows: &[usize]| {
            Counts::new(sample.k, rows.iter().map(|&r| (truth[r], predicted[r])))
        };
        let occurring = counts(predicted, &all).occurring();
        let [accuracy, macro_f1, gain_accuracy, gain_macro_f1] = sample.estimates(&all, |rows| {
            let (model, other) = (counts(&sample.hard, rows), counts(predicted, rows));
            let (accuracy, macro_f1) = (other.accuracy(), other.macro_f1_over(&occurring));
            let less = |ours: Option<f64>, theirs: Option<f64>| Some(ours? - theirs?);
            [
                accuracy,
                macro_f1,
                less(model.accuracy(), accuracy),
                less(model.macro_f1_over(&sample.occurring), macro_f1),
            ]
        });
        Baseline {
            accuracy: accuracy.value.unwrap_or(0.0),
            accuracy_interval: accuracy.low.zip(accuracy.high),
            macro_f1: macro_f1.value.unwrap_or(0.0),
            macro_f1_interval: macro_f1.low.zip(macro_f1.high),
            gain_accuracy,
            gain_macro_f1,
        }
    }

    /// Accuracy with its interval.
    pub fn accuracy(&self) -> Estimate {
        Estimate::with_interval(self.accuracy, self.accuracy_interval)
    }

    /// Macro-F1 with its interval.
    pub fn macro_f1(&self) -> Estimate {
        Estimate::with_interval(self.macro_f1, self.macro_f1_interval)
    }
}

/// Computes every figure; `level` is that of the intervals, 0.95 unless told otherwise.
pub fn evaluate(
    predictions: Predictions<'_>,
    classes: &Classes,
    level: f64,
    seed: u64,
) -> Evaluation {
    let sample = Sample::new(predictions, classes.len(), level, seed);
    let n = predictions.truth.len();
    let all = sample.all();
    let polar = lexicon::polar_classes(classes);
    let here = Figures::new(&sample, &all);
    let draws = sample.resample(&all, |rows| Figures::new(&sample, rows));
    let estimate = |pick: &dyn Fn(&Figures) -> Option<f64>| {
        sample.estimate(pick(&here), draws.iter().map(pick))
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
    let coverage = COVERAGE.iter().enumerate().filter(|_| n > 0);
    let coverage = coverage
        .map(|(i, &share)| CoveragePoint {
            share,
            n: covered(n, share),
            least_confidence: round6(here.tops[n - covered(n, share)].confidence),
            accuracy: estimate(&|f| f.coverage[i]),
        })
        .collect();
    Evaluation {
        n,
        n_articles: sample.n_articles(&all),
        n_seen_in_training: predictions.overlap.map(|overlap| {
            let seen = |overlap: &&Overlap| **overlap == Overlap::SameText;
            overlap.iter().filter(seen).count()
        }),
        classes: classes.names().to_vec(),
        accuracy: estimate(&|f| f.counts.accuracy()),
        macro_f1: estimate(&|f| f.counts.macro_f1_over(&sample.occurring)),
        f_avg: match polar {
            Some(polar) => estimate(&|f| f.counts.macro_f1_over(&polar)),
            None => Estimate::default(),
        },
        mcc: estimate(&|f| f.counts.mcc()),
        per_class,
        confusion: here.counts.confusion().to_vec(),
        log_loss: estimate(&|f| f.log_loss),
        brier: estimate(&|f| f.brier),
        ece: without_bias(estimate(&|f| f.ece), draws.iter().filter_map(|f| f.ece)),
        ece_calibrated_95: calibrated_ece(predictions.probabilities, seed).map(round6),
        reliability: bins(&here.tops)
            .map(|bin| reliability_bin(&sample, bin))
            .collect(),
        coverage,
        baselines: Baselines {
            majority: Baseline::new(&sample, &vec![here.counts.most_frequent(); n]),
            lexicon: predictions
                .lexicon
                .map(|predicted| Baseline::new(&sample, predicted)),
            target_blind: Baseline::new(&sample, predictions.target_blind),
        },
        by_outlet: slices::by_outlet(&sample),
        by_voice: slices::by_voice(&sample),
        by_overlap: slices::by_overlap(&sample),
        opposed: slices::opposed(&sample, classes),
        leave_out: None,
        against: None,
        notes: Vec::new(),
    }
}

fn reliability_bin(sample: &Sample<'_>, bin: &[Top]) -> ReliabilityBin {
    let rows: Vec<usize> = bin.iter().map(|top| top.row).collect();
    let confidence: f64 = bin.iter().map(|top| top.confidence).sum();
    let [accuracy] = sample.estimates(&rows, |rows| [sample.accuracy(rows)]);
    ReliabilityBin {
        n: bin.len(),
        from: round6(bin.first().map_or(0.0, |top| top.confidence)),
        to: round6(bin.last().map_or(0.0, |top| top.confidence)),
        confidence: round6(confidence / bin.len() as f64),
        accuracy,
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
    coverage: [Option<f64>; COVERAGE.len()],
    /// Sorted by confidence.
    tops: Vec<Top>,
}

impl Figures {
    fn new(sample: &Sample<'_>, rows: &[usize]) -> Figures {
        let Predictions {
            truth,
            probabilities,
            ..
        } = sample.predictions;
        let n = rows.len() as f64;
        let mean = |values: f64| (n > 0.0).then(|| values / n);
        let (mut log_loss, mut brier) = (0.0, 0.0);
        let mut tops = Vec::with_capacity(rows.len());
        for &r in rows {
            let p = probabilities[r].values();
            // A probability of zero would be infinitely wrong; single precision cannot say less than this.
            log_loss -= p[truth[r]].max(1e-12).ln();
            brier += p
                .iter()
                .enumerate()
                .map(|(c, p)| (p - f64::from(u8::from(c == truth[r]))).powi(2))
                .sum::<f64>();
            tops.push(Top::new(&probabilities[r], truth[r], r));
        }
        metrics::sort_by_confidence(&mut tops);
        Figures {
            counts: sample.counts(rows),
            log_loss: mean(log_loss),
            brier: mean(brier),
            ece: expected_calibration_error(&tops),
            coverage: COVERAGE.map(|share| covered_accuracy(&tops, share)),
            tops,
        }
    }
}

/// The 95 % point of the ECE if each row's likeliest class were right with exactly its probability.
fn calibrated_ece(probabilities: &[ClassProbabilities], seed: u64) -> Option<f64> {
    let by_row: Vec<Top> = (probabilities.iter().enumerate())
        .map(|(row, probabilities)| Top::new(probabilities, 0, row))
        .collect();
    let mut sorted = by_row.clone();
    metrics::sort_by_confidence(&mut sorted);
    let mut errors: Vec<f64> = (0..DRAWS as u64)
        .into_par_iter()
        .filter_map(|draw| {
            let mut chance = stream(seed ^ 0xca11_b8a7, draw);
            let drawn = by_row.iter();
            let right: Vec<bool> = drawn
                .map(|top| chance.gen_bool(top.confidence.clamp(0.0, 1.0)))
                .collect();
            let mut tops = sorted.clone();
            for top in &mut tops {
                top.right = right[top.row];
            }
            // In order but for equally confident rows, which a sort sees in one pass.
            metrics::sort_by_confidence(&mut tops);
            expected_calibration_error(&tops)
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
                lexicon: None,
                facts: None,
                overlap: None,
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
                lexicon: None,
                facts: None,
                overlap: None,
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
                lexicon: None,
                facts: None,
                overlap: None,
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
    fn figures_equal_scikit_learn() {
        // scikit-learn 1.9.1: accuracy_score, f1_score(average="macro"), the same with labels=[0, 2], matthews_corrcoef, log_loss,
        // brier_score_loss(scale_by_half=False); the calibration error in NumPy, 15 bins [k n / 15, (k + 1) n / 15) of rows sorted by
        // (confidence, right). Rows i = 0..240: p is (1 + 37 i mod 11, 1 + 53 i mod 13, 1 + 29 i^2 mod 7) over its sum; the true class is
        // the likeliest for every third row, else (i^2 + i / 3) mod 3.
        let probabilities: Vec<ClassProbabilities> = (0..240)
            .map(|i| {
                let raw = [1 + i * 37 % 11, 1 + i * 53 % 13, 1 + i * i * 29 % 7];
                let sum: i32 = raw.iter().sum();
                ClassProbabilities::new(raw.map(|p| f64::from(p) / f64::from(sum)).to_vec())
            })
            .collect();
        let truth: Vec<usize> = probabilities
            .iter()
            .enumerate()
            .map(|(i, p)| match i % 3 {
                0 => p.hard(),
                _ => (i * i + i / 3) % 3,
            })
            .collect();
        let groups: Vec<usize> = (0..240).map(|i| i / 3).collect();
        let evaluation = evaluate(
            Predictions {
                truth: &truth,
                probabilities: &probabilities,
                groups: &groups,
                target_blind: &truth,
                lexicon: None,
                facts: None,
                overlap: None,
            },
            &classes(),
            0.95,
            1,
        );
        for (name, estimate, reference) in [
            ("accuracy", &evaluation.accuracy, 0.541_666_667),
            ("macro-F1", &evaluation.macro_f1, 0.444_048_950),
            ("F_avg", &evaluation.f_avg, 0.353_856_231),
            ("MCC", &evaluation.mcc, 0.279_067_756),
            ("log loss", &evaluation.log_loss, 1.072_504_057),
            ("Brier", &evaluation.brier, 0.628_566_272),
            ("ECE", &evaluation.ece, 0.190_046_194),
        ] {
            let value = estimate.value.expect(name);
            assert!((value - reference).abs() < 1e-6, "{name}: {value}");
            let interval = estimate.low.expect(name)..=estimate.high.expect(name);
            assert!(interval.contains(&value), "{name}: {interval:?}");
        }
        assert_eq!(evaluation.reliability.len(), 15);
        assert_eq!(
            evaluation.reliability.iter().map(|b| b.n).sum::<usize>(),
            240
        );
        assert_eq!(evaluation.coverage[0].accuracy, evaluation.accuracy);
        // The target-blind baseline was handed the truth.
        let gain = evaluation.baselines.target_blind.gain_accuracy;
        assert_eq!(gain.value, Some(round6(0.541_666_667 - 1.0)));
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
            lexicon: None,
            facts: None,
            overlap: None,
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

//! Means corrected by labels: a sample with labels rectifies the mean of scores that everything has.
//!
//! Two cases. The labelled units are a part of the scored ones, drawn with known probabilities: the weighted difference estimator
//! (Särndal, Swensson & Wretman 1992, section 6.3), [`rectified_mean`]. Or they are an independent sample: prediction-powered inference with power
//! tuning (Angelopoulos, Duchi & Zrnic 2023, arXiv 2311.01453), [`prediction_powered_mean`]. Both hold for any scores, good or bad; better ones only
//! make the intervals narrower.

use std::collections::BTreeMap;

use crate::statistics::interval::t_critical;
use crate::statistics::{mean, variance};

/// One labelled unit of a sample drawn without replacement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LabelledUnit {
    /// What a human says it is worth.
    pub label: f64,
    /// What the model says.
    pub score: f64,
    /// Its weight in the population's mean; the weights of the whole population sum to 1.
    pub weight: f64,
    /// The probability with which it came into the sample, above 0. One above 1, as calibration to known weights makes it now and then, counts as
    /// certain for the variance of the draw.
    pub inclusion: f64,
    /// The stratum it was drawn in, an index into the rows of [`ScoredCluster::strata`].
    pub stratum: usize,
    /// The cluster it lies in, an index into the population's clusters.
    pub cluster: usize,
}

/// What is known of a cluster (an article) without labels. A population's clusters weigh alike, and units alike within a cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoredCluster {
    /// The mean score of its units.
    pub score: f64,
    /// The share of its units in each stratum, H values.
    pub strata: Vec<f64>,
}

/// A variance and what it rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Uncertainty {
    /// The squared standard error.
    pub variance: f64,
    /// Degrees of freedom; infinite where nothing was sampled.
    pub df: f64,
}

impl Uncertainty {
    /// The interval around `center`: Student's t.
    pub fn interval(&self, center: f64, level: f64) -> Option<(f64, f64)> {
        if self.variance == 0.0 {
            return Some((center, center));
        }
        let half = t_critical(self.df.min(1e7), level)? * self.variance.sqrt();
        Some((center - half, center + half))
    }

    /// Of a weighted sum of independent figures, with Satterthwaite's degrees of freedom.
    pub fn of_sum(terms: &[(f64, Uncertainty)]) -> Uncertainty {
        let scaled: Vec<(f64, f64)> = terms
            .iter()
            .map(|(factor, of)| (factor * factor * of.variance, of.df))
            .collect();
        let total: f64 = scaled.iter().map(|(variance, _)| variance).sum();
        let spread: f64 = scaled
            .iter()
            .map(|(variance, df)| variance * variance / df)
            .sum();
        Uncertainty {
            variance: total,
            df: match spread > 0.0 {
                true => total * total / spread,
                false => f64::INFINITY,
            },
        }
    }
}

/// A mean of labels over a population of which a sample is labelled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RectifiedMean {
    /// The mean.
    pub value: f64,
    /// The factor on the scores.
    pub lambda: f64,
    /// The weighted correlation of labels and scores; `None` without spread.
    pub correlation: Option<f64>,
    /// Error of the draw alone: what the labels of this population would give if all had one. `None` where too few are labelled.
    pub drawn: Option<Uncertainty>,
    /// Error of the draw and of the choice of clusters. `None` below two clusters.
    pub general: Option<Uncertainty>,
}

/// How the factor on the scores is chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tuning {
    /// The weighted covariance of labels and scores over the variance of scores, never below 0.
    Weighted,
    /// This one; 0 leaves the scores out, 1 takes them as they are.
    Fixed(f64),
}

/// The weighted difference estimator of a population's mean label:
/// the mean over clusters of λ·score, plus Σ weight·(label - λ·score)/inclusion over the sample.
///
/// `drawn` is the variance of the draw within strata by Deville's formula for samples of fixed size with unequal probabilities, which is
/// the exact one for simple random sampling (Deville 1993; Tillé 2006, section 7.5.4). Strata with one uncertain unit are joined
/// with the next. `general` takes clusters for independent draws from what the source publishes: the variance of each cluster's own
/// contribution to the estimate, its labelled residuals summed.
///
/// `None` without labelled units.
pub fn rectified_mean(
    clusters: &[ScoredCluster],
    units: &[LabelledUnit],
    tuning: Tuning,
) -> Option<RectifiedMean> {
    if units.is_empty() || clusters.is_empty() {
        return None;
    }
    let slope = slope(units);
    let (lambda, estimated) = match tuning {
        Tuning::Fixed(lambda) => (lambda, false),
        Tuning::Weighted => (slope.factor.max(0.0), true),
    };
    let residuals: Vec<f64> = units.iter().map(|u| u.label - lambda * u.score).collect();
    let mean_score = mean(&clusters.iter().map(|c| c.score).collect::<Vec<_>>());
    let rectifier: f64 = units
        .iter()
        .zip(&residuals)
        .map(|(unit, residual)| unit.weight * residual / unit.inclusion)
        .sum();
    let strata = Strata::new(units, &residuals);
    Some(RectifiedMean {
        value: lambda * mean_score + rectifier,
        lambda,
        correlation: slope.correlation,
        drawn: strata.drawn(units, &residuals, estimated),
        general: strata.general(clusters, units, &residuals, lambda),
    })
}

struct Slope {
    factor: f64,
    correlation: Option<f64>,
}

/// Weighted least squares of labels on scores, each unit for as many as it stands for.
fn slope(units: &[LabelledUnit]) -> Slope {
    let of = |unit: &LabelledUnit| unit.weight / unit.inclusion;
    let total: f64 = units.iter().map(of).sum();
    let mean_of = |value: &dyn Fn(&LabelledUnit) -> f64| {
        units.iter().map(|u| of(u) * value(u)).sum::<f64>() / total
    };
    let (label, score) = (mean_of(&|u| u.label), mean_of(&|u| u.score));
    let product = mean_of(&|u| (u.label - label) * (u.score - score));
    let of_scores = mean_of(&|u| (u.score - score).powi(2));
    let of_labels = mean_of(&|u| (u.label - label).powi(2));
    const NO_SPREAD: f64 = 1e-12;
    Slope {
        factor: match of_scores > NO_SPREAD {
            true => product / of_scores,
            false => 0.0,
        },
        correlation: (of_scores > NO_SPREAD && of_labels > NO_SPREAD)
            .then(|| product / (of_scores * of_labels).sqrt()),
    }
}

/// The sample by stratum.
struct Strata {
    /// Stratum -> its units, as indices.
    members: BTreeMap<usize, Vec<usize>>,
    /// Stratum -> weighted mean of its residuals.
    centers: BTreeMap<usize, f64>,
    /// That of all, for strata that are not in the sample.
    center: f64,
}

impl Strata {
    fn new(units: &[LabelledUnit], residuals: &[f64]) -> Strata {
        let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (index, unit) in units.iter().enumerate() {
            members.entry(unit.stratum).or_default().push(index);
        }
        let center = |of: &[usize]| {
            let weight = |&i: &usize| units[i].weight / units[i].inclusion;
            let total: f64 = of.iter().map(weight).sum();
            of.iter().map(|i| weight(i) * residuals[*i]).sum::<f64>() / total
        };
        Strata {
            centers: members
                .iter()
                .map(|(&stratum, of)| (stratum, center(of)))
                .collect(),
            center: center(&(0..units.len()).collect::<Vec<_>>()),
            members,
        }
    }

    /// Strata with two uncertain units at least, smaller ones joined with the next; the last may stay small.
    fn joined(&self, units: &[LabelledUnit]) -> Vec<Vec<usize>> {
        let uncertain = |of: &[usize]| of.iter().filter(|&&i| units[i].inclusion < 1.0).count();
        let mut joined: Vec<Vec<usize>> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        for of in self.members.values() {
            open.extend(of);
            if uncertain(&open) != 1 {
                joined.push(std::mem::take(&mut open));
            }
        }
        match joined.iter_mut().rfind(|of| uncertain(of) > 0) {
            Some(last) => last.extend(open),
            None if open.is_empty() => {}
            None => joined.push(open),
        }
        joined
    }

    fn drawn(
        &self,
        units: &[LabelledUnit],
        residuals: &[f64],
        estimated: bool,
    ) -> Option<Uncertainty> {
        let (mut total, mut df) = (0.0, 0.0);
        for of in self.joined(units) {
            let doubt = |&i: &usize| (1.0 - units[i].inclusion).max(0.0);
            let doubts: f64 = of.iter().map(doubt).sum();
            if doubts <= 0.0 {
                continue;
            }
            let expanded = |&i: &usize| units[i].weight * residuals[i] / units[i].inclusion;
            let center = of.iter().map(|i| doubt(i) * expanded(i)).sum::<f64>() / doubts;
            let squares: f64 = of
                .iter()
                .map(|i| doubt(i) * (expanded(i) - center).powi(2))
                .sum();
            let shares: f64 = of.iter().map(|i| (doubt(i) / doubts).powi(2)).sum();
            let n = of.iter().filter(|i| doubt(i) > 0.0).count() as f64;
            if n < 2.0 {
                return None;
            }
            total += squares / (1.0 - shares);
            df += n - 1.0;
        }
        if df == 0.0 {
            return Some(Uncertainty {
                variance: 0.0,
                df: f64::INFINITY,
            });
        }
        // The factor on the scores took one more figure from the same labels.
        let spent = if estimated { 1.0 } else { 0.0 };
        (df > spent).then(|| Uncertainty {
            variance: total * df / (df - spent),
            df: df - spent,
        })
    }

    fn general(
        &self,
        clusters: &[ScoredCluster],
        units: &[LabelledUnit],
        residuals: &[f64],
        lambda: f64,
    ) -> Option<Uncertainty> {
        if clusters.len() < 2 {
            return None;
        }
        let n_clusters = clusters.len() as f64;
        let center = |stratum: usize| self.centers.get(&stratum).copied().unwrap_or(self.center);
        let mut contributions: Vec<f64> = clusters
            .iter()
            .map(|cluster| {
                let expected = cluster.strata.iter().enumerate();
                let expected: f64 = expected.map(|(h, share)| share * center(h)).sum();
                lambda * cluster.score + expected
            })
            .collect();
        let mut labelled = vec![false; clusters.len()];
        for (unit, residual) in units.iter().zip(residuals) {
            // The center came from the same few labels; as a variance's n - 1.
            let n = self.members[&unit.stratum].len() as f64;
            let widening = if n > 1.0 { (n / (n - 1.0)).sqrt() } else { 1.0 };
            let widening = 1.0 + (1.0 - unit.inclusion).max(0.0) * (widening - 1.0);
            let rest = (residual - center(unit.stratum)) * widening;
            contributions[unit.cluster] += n_clusters * unit.weight * rest / unit.inclusion;
            labelled[unit.cluster] = true;
        }
        let n_labelled = labelled.iter().filter(|&&is| is).count() as f64;
        (n_labelled >= 2.0).then(|| Uncertainty {
            variance: variance(&contributions) / n_clusters,
            df: n_labelled - 1.0,
        })
    }
}

/// A mean of labels from a labelled sample and an independent one with scores only.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PredictionPoweredMean {
    /// The mean.
    pub value: f64,
    /// The factor on the scores.
    pub lambda: f64,
    /// Its standard error.
    pub error: f64,
}

/// Prediction-powered mean with power tuning, λ = cov/((1 + n/N)·var) between 0 and 1 (Angelopoulos, Duchi & Zrnic 2023, section 6). `labelled` has (label, score);
/// `scored` the scores of other units from the same source. Not for a labelled part of the scored ones: that is [`rectified_mean`].
///
/// `None` below two units on either side.
pub fn prediction_powered_mean(
    labelled: &[(f64, f64)],
    scored: &[f64],
) -> Option<PredictionPoweredMean> {
    if labelled.len() < 2 || scored.len() < 2 {
        return None;
    }
    let (n, big_n) = (labelled.len() as f64, scored.len() as f64);
    let (labels, scores): (Vec<f64>, Vec<f64>) = labelled.iter().copied().unzip();
    let (mean_label, mean_score) = (mean(&labels), mean(&scores));
    let products = labelled
        .iter()
        .map(|(label, score)| (label - mean_label) * (score - mean_score));
    let covariance = products.sum::<f64>() / n;
    let all: Vec<f64> = scores.iter().chain(scored).copied().collect();
    let of_scores = (1.0 + n / big_n) * variance(&all);
    let lambda = match of_scores > 0.0 {
        true => (covariance / of_scores).clamp(0.0, 1.0),
        false => 0.0,
    };
    // Variances over n, as the reference has them.
    let population = |values: &[f64]| variance(values) * (1.0 - 1.0 / values.len() as f64);
    let residuals: Vec<f64> = labelled
        .iter()
        .map(|(label, score)| label - lambda * score)
        .collect();
    let squared_error = lambda * lambda * population(scored) / big_n + population(&residuals) / n;
    Some(PredictionPoweredMean {
        value: lambda * mean(scored) + mean(&residuals),
        lambda,
        error: squared_error.sqrt(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The generator of the reference scripts: state·1103515245 + 12345 mod 2^31, its upper bits.
    struct Draws(u64);

    impl Draws {
        fn next(&mut self) -> f64 {
            self.0 = (self.0 * 1_103_515_245 + 12_345) % (1 << 31);
            (self.0 >> 16) as f64 / 32_768.0
        }

        /// A label of -1, 0 or 1 and a score that goes with it.
        fn pair(&mut self) -> (f64, f64) {
            let score = 2.0 * self.next() - 1.0;
            let label = (score + 1.0) / 2.0 * 0.6 + 0.4 * self.next();
            ((3.0 * label.clamp(0.0, 0.999)).floor() - 1.0, score)
        }
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    /// Six articles of 2 to 6 sentences in two strata, of which ten sentences are labelled.
    fn population(inclusion: [f64; 10]) -> (Vec<ScoredCluster>, Vec<LabelledUnit>) {
        let lengths = [3, 5, 2, 4, 6, 4];
        let picked = [0, 3, 4, 7, 8, 11, 14, 17, 18, 21];
        let mut draws = Draws(7);
        let (mut clusters, mut units) = (Vec::new(), Vec::new());
        let mut place = 0;
        for (cluster, &length) in lengths.iter().enumerate() {
            let mut of_cluster = ScoredCluster {
                score: 0.0,
                strata: vec![0.0; 2],
            };
            for _ in 0..length {
                let (label, score) = draws.pair();
                of_cluster.score += score / f64::from(length);
                of_cluster.strata[place % 2] += 1.0 / f64::from(length);
                if let Some(rank) = picked.iter().position(|&p| p == place) {
                    units.push(LabelledUnit {
                        label,
                        score,
                        weight: 1.0 / (6.0 * f64::from(length)),
                        inclusion: inclusion[rank],
                        stratum: place % 2,
                        cluster,
                    });
                }
                place += 1;
            }
            clusters.push(of_cluster);
        }
        (clusters, units)
    }

    #[test]
    fn a_stratified_random_sample_equals_reference() {
        // samplics 0.6.0: TaylorEstimator("total").estimate(y=w*(label-score), samp_weight=12/5, stratum, psu=one a sentence,
        // fpc={h: 7/12}).stderror = 0.08986344597218149; by hand with numpy: sum over strata of 12^2 (1-5/12) var(w*(label-score), ddof=1)/5.
        let (clusters, units) = population([5.0 / 12.0; 10]);
        let found = rectified_mean(&clusters, &units, Tuning::Fixed(1.0)).expect("labels");
        assert!(close(found.value, 0.156_882_052_951_388_88), "{found:?}");
        let drawn = found.drawn.expect("five a stratum");
        assert!(
            close(drawn.variance, 0.008_075_438_921_995_182),
            "{drawn:?}"
        );
        assert_eq!(drawn.df, 8.0);
    }

    #[test]
    fn unequal_probabilities_equal_reference() {
        // numpy 2.4.6, a = (1-p)/sum(1-p), c = sum(a*t/p), sum((1-p)*(t/p-c)^2)/(1-sum(a^2)) a stratum, t = w*(label-score): what `varest` of
        // the R package `sampling` computes; lambda and correlation by numpy.cov(label, score, aweights=w/p, ddof=0).
        let inclusion = [0.2, 0.5, 1.0, 0.35, 0.6, 0.3, 0.45, 0.8, 0.25, 0.7];
        let (clusters, units) = population(inclusion);
        let found = rectified_mean(&clusters, &units, Tuning::Fixed(1.0)).expect("labels");
        let drawn = found.drawn.expect("enough");
        assert!(
            close(drawn.variance, 0.009_268_542_137_975_375),
            "{drawn:?}"
        );
        let tuned = rectified_mean(&clusters, &units, Tuning::Weighted).expect("labels");
        assert!(close(tuned.lambda, 0.710_737_931_407_690_5));
        assert!(close(
            tuned.correlation.expect("spread"),
            0.758_709_740_791_852_5
        ));
        assert!(close(tuned.value, 0.085_455_633_418_537_71));
    }

    #[test]
    fn when_all_are_labelled_the_scores_do_not_matter() {
        let clusters = [0.3, -0.2, 0.5].map(|score| ScoredCluster {
            score,
            strata: vec![1.0],
        });
        let labels = [[1.0, 0.0], [-1.0, -1.0], [0.0, 1.0]];
        let units: Vec<LabelledUnit> = labels
            .iter()
            .enumerate()
            .flat_map(|(cluster, labels)| {
                labels
                    .iter()
                    .enumerate()
                    .map(move |(k, &label)| LabelledUnit {
                        label,
                        score: [0.3, -0.2, 0.5][cluster] + [0.1, -0.1][k],
                        weight: 1.0 / 6.0,
                        inclusion: 1.0,
                        stratum: 0,
                        cluster,
                    })
            })
            .collect();
        let found = rectified_mean(&clusters, &units, Tuning::Weighted).expect("labels");
        assert!(close(found.value, 0.0));
        assert_eq!(found.drawn.expect("all are known").variance, 0.0);
        // The articles' mean labels are 0.5, -1, 0.5: variance 0.75, over three.
        let general = found.general.expect("three articles");
        assert!(
            close(general.variance, 0.25) && general.df == 2.0,
            "{general:?}"
        );
        assert_eq!(
            found.drawn.and_then(|of| of.interval(found.value, 0.95)),
            Some((found.value, found.value))
        );
    }

    #[test]
    fn two_independent_samples_equal_ppi_python() {
        // ppi-python 0.2.3: ppi_mean_pointestimate(Y, F, U), ppi_mean_ci(Y, F, U, alpha=0.05), 40 labelled and 300 others
        let mut draws = Draws(20);
        let labelled: Vec<(f64, f64)> = (0..40).map(|_| draws.pair()).collect();
        let scored: Vec<f64> = (0..300).map(|_| draws.pair().1).collect();
        let found = prediction_powered_mean(&labelled, &scored).expect("enough");
        let half = 1.959_963_984_540_054 * found.error;
        assert!((found.value - PPI.0).abs() < 1e-9, "{found:?}");
        assert!((found.value - half - PPI.1).abs() < 1e-9, "{found:?}");
        assert!((found.value + half - PPI.2).abs() < 1e-9, "{found:?}");
        assert_eq!(prediction_powered_mean(&labelled[..1], &scored), None);
    }

    const PPI: (f64, f64, f64) = (0.088_747_984_742, -0.053_419_600_808, 0.230_915_570_292);

    #[test]
    fn strata_of_one_are_joined_and_one_label_has_no_interval() {
        let (clusters, mut units) = population([0.5; 10]);
        units.truncate(3); // strata 0, 1, 0
        let found = rectified_mean(&clusters, &units, Tuning::Fixed(1.0)).expect("labels");
        assert_eq!(found.drawn.expect("joined").df, 2.0);
        units.truncate(1);
        let one = rectified_mean(&clusters, &units, Tuning::Weighted).expect("a label");
        assert_eq!((one.drawn, one.general, one.lambda), (None, None, 0.0));
        assert_eq!(rectified_mean(&clusters, &[], Tuning::Weighted), None);
    }

    #[test]
    fn errors_of_independent_figures_add_up() {
        let one = Uncertainty {
            variance: 0.04,
            df: 5.0,
        };
        let both = Uncertainty::of_sum(&[(1.0, one), (-1.0, one)]);
        assert!(close(both.variance, 0.08) && close(both.df, 10.0));
    }
}

//! How well model and people agree on the sentences that people labelled: coders with each other, the model as one more coder, its accuracy and its
//! error by outlet and voice, and whether that error differs between outlets.
//!
//! Every figure weighs the labelled sentences for what they stand for: each article of the corpus alike, each counted sentence of an article
//! alike. Intervals are over whole articles: of means by linearisation with Student's t, of macro-F1 and agreement by resampling.

use std::collections::BTreeMap;

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, FisherSnedecor};

use super::correct::{Correction, MIN_LABELLED, NO_VARIANCE, correct};
use super::tally::{Labelled, OutletLabels};
use super::{LabelledSentence, Sample, rounded};
use crate::span::Voice;
use crate::statistics::{
    ClusterBootstrap, Distance, Estimate, RectifiedMean, Tuning, Uncertainty, krippendorff_alpha,
    percent_agreement, round6, t_critical, weighted_mean_interval,
};

/// How to report.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValidateParams {
    /// Level of the intervals.
    pub level: f64,
    /// Seed of resampling.
    pub seed: u64,
    /// Half the width an outlet's interval should have, to say how many labels that takes.
    pub wanted_half_width: Option<f64>,
}

/// Agreement of two or more coders.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agreement {
    /// Who: "first coder", "second coder", "model".
    pub coders: Vec<String>,
    /// Sentences that all of them labelled.
    pub n: usize,
    /// Their articles.
    pub n_articles: usize,
    /// Krippendorff's alpha; ordinal where classes have a polarity, else nominal.
    pub alpha: Estimate,
    /// Share of pairs of labels that are equal.
    pub agreement: Estimate,
}

/// All agreements.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Coders {
    /// `ordinal` or `nominal`.
    pub distance: String,
    /// The first coder with the model; with a second coder also the two, the second with the model, and all three.
    pub agreements: Vec<Agreement>,
}

/// How good the model is on some of the labelled sentences.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quality {
    /// Which: an outlet, a voice, or all.
    pub of: String,
    /// Labelled sentences.
    pub n: usize,
    /// Their articles.
    pub n_articles: usize,
    /// Share of sentences whose likeliest class is the label.
    pub accuracy: Estimate,
    /// The same of always saying the label that is most frequent here.
    pub majority: f64,
    /// Mean over the classes that occur in all labels or predictions of F1.
    pub macro_f1: Estimate,
    /// Mean of what labels are worth; `None` with plain classes.
    pub mean_label: Option<f64>,
    /// Mean net stance of the model on the same sentences.
    pub mean_score: Option<f64>,
    /// Mean label less mean score: how far the model's level is off.
    pub bias: Estimate,
    /// Correlation of labels and scores.
    pub correlation: Option<f64>,
    /// Share of labels in each class, and what the model's probabilities say.
    pub calibration: BTreeMap<String, ClassCalibration>,
}

/// A class by labels and by the model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassCalibration {
    /// Share of sentences that have the label.
    pub labelled: f64,
    /// Mean probability.
    pub probability: f64,
    /// Labelled less probability.
    pub difference: Estimate,
}

/// Whether the model's error differs between outlets.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DifferentialError {
    /// Outlets with enough labels, and how far labels lie above scores there, with its interval.
    pub outlets: BTreeMap<String, Estimate>,
    /// Welch's F of equal errors.
    pub f: f64,
    /// Its degrees of freedom.
    pub df: (f64, f64),
    /// The p value of equal errors.
    pub p: f64,
}

/// How many labels an outlet's interval of the wanted width takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LabelsNeeded {
    /// The outlet.
    pub outlet: String,
    /// Its labels so far.
    pub n_labelled: usize,
    /// Half the width of its interval for this corpus now.
    pub corpus_now: Option<f64>,
    /// Labels for the wanted one.
    pub for_corpus: Option<usize>,
    /// The same without the model.
    pub for_corpus_labels_alone: Option<usize>,
    /// Half the width of its interval in general now.
    pub general_now: Option<f64>,
    /// Labels for the wanted one; `None` where only more articles would do.
    pub for_general: Option<usize>,
}

/// What the labels say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Validation {
    /// Whose portrayal.
    pub subject: String,
    /// Digest of the model.
    pub model: String,
    /// What the labels mean.
    pub construct: Option<String>,
    /// The classes.
    pub classes: Vec<String>,
    /// Level of the intervals.
    pub level: f64,
    /// Seed of resampling.
    pub seed: u64,
    /// Sentences in the sample.
    pub n_drawn: usize,
    /// Those with a label.
    pub n_labelled: usize,
    /// Sentences of the corpus.
    pub n_sentences: usize,
    /// Its articles.
    pub n_articles: usize,
    /// Coders and model.
    pub coders: Coders,
    /// The model on all labelled sentences.
    pub all: Quality,
    /// Labels (rows) by the model's likeliest class, sentences counted as they are.
    pub confusion: Vec<Vec<usize>>,
    /// By outlet.
    pub by_outlet: Vec<Quality>,
    /// By voice.
    pub by_voice: Vec<Quality>,
    /// Error by outlet; `None` below two outlets with enough labels, and with plain classes.
    pub differential_error: Option<DifferentialError>,
    /// What the labels make of the comparison; `None` with plain classes.
    pub corrected: Option<Correction>,
    /// Half the wanted width, and what it takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wanted_half_width: Option<f64>,
    /// How many labels each outlet takes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labels_needed: Vec<LabelsNeeded>,
    /// What a reader has to know.
    pub notes: Vec<String>,
}

/// Resamples behind an interval.
const DRAWS: usize = 1_000;

/// The fewest labelled sentences of an outlet whose error is tested against others', and of a slice that gets a row.
const MIN_ROWS: usize = 10;

/// A labelled sentence as figures take it.
struct Row<'l> {
    sentence: &'l LabelledSentence,
    outlet: &'l str,
    /// What it stands for.
    weight: f64,
    /// Its article, over all outlets.
    article: usize,
}

/// Says what the labels say.
pub fn validate(labelled: &Labelled, params: ValidateParams) -> Validation {
    let key = &labelled.sample.key;
    let worths = key.polarities();
    let n_articles: usize = labelled.outlets.iter().map(|o| o.articles.len()).sum();
    let mut rows: Vec<Row> = Vec::new();
    let mut before = 0;
    for outlet in &labelled.outlets {
        let share = outlet.articles.len() as f64 / n_articles as f64;
        rows.extend(outlet.labelled.iter().map(|sentence| Row {
            sentence,
            outlet: &outlet.outlet,
            weight: sentence.weight / sentence.inclusion * share,
            article: before + sentence.article,
        }));
        before += outlet.articles.len();
    }
    let measure = Measure {
        k: key.classes.len(),
        classes: &key.classes,
        worths: worths.as_deref(),
        occurring: occurring(&rows, key.classes.len()),
        bootstrap: ClusterBootstrap {
            level: params.level,
            n_draws: DRAWS,
            seed: params.seed,
        },
    };
    let corrected = correct(labelled, params.level);
    let mut validation = Validation {
        subject: key.subject.clone(),
        model: key.model.clone(),
        construct: key.construct.clone(),
        classes: key.classes.clone(),
        level: params.level,
        seed: params.seed,
        n_drawn: key.rows.len(),
        n_labelled: rows.len(),
        n_sentences: labelled.outlets.iter().map(|o| o.n_sentences).sum(),
        n_articles,
        coders: coders(&labelled.sample, &rows, &measure),
        confusion: confusion(&rows, measure.k),
        by_outlet: slices(&rows, &measure, |row| Some(row.outlet.to_string())),
        by_voice: voices(&rows, &measure),
        all: measure.quality("all", &rows.iter().collect::<Vec<_>>()),
        differential_error: worths
            .as_deref()
            .and_then(|worths| differential_error(labelled, worths, params.level)),
        labels_needed: params.wanted_half_width.zip(worths.as_deref()).map_or(
            Vec::new(),
            |(half, worths)| {
                let outlets = labelled.outlets.iter();
                outlets
                    .filter_map(|of| labels_needed(of, worths, half, params.level))
                    .collect()
            },
        ),
        wanted_half_width: params.wanted_half_width,
        notes: match corrected {
            // It has them.
            Some(_) => Vec::new(),
            None => labelled.sample.notes.clone(),
        },
        corrected,
    };
    validation.notes.extend(notes(&validation));
    validation
}

/// Classes that occur as label or prediction: macro-F1 is over these, in every resample.
fn occurring(rows: &[Row<'_>], k: usize) -> Vec<usize> {
    (0..k)
        .filter(|&class| {
            rows.iter()
                .any(|row| row.sentence.label == class || row.sentence.predicted == class)
        })
        .collect()
}

fn confusion(rows: &[Row<'_>], k: usize) -> Vec<Vec<usize>> {
    let mut confusion = vec![vec![0; k]; k];
    for row in rows {
        confusion[row.sentence.label][row.sentence.predicted] += 1;
    }
    confusion
}

/// What figures are made with.
struct Measure<'m> {
    k: usize,
    classes: &'m [String],
    worths: Option<&'m [f64]>,
    occurring: Vec<usize>,
    bootstrap: ClusterBootstrap,
}

/// A weighted mean; `None` without weight.
fn weighted(rows: &[&Row<'_>], of: impl Fn(&Row<'_>) -> f64) -> Option<f64> {
    let total: f64 = rows.iter().map(|row| row.weight).sum();
    let sum: f64 = rows.iter().map(|row| row.weight * of(row)).sum();
    (total > 0.0).then(|| sum / total)
}

/// A figure as reports have it.
fn estimate(value: Option<f64>, interval: Option<(f64, f64)>) -> Estimate {
    value.map_or_else(Estimate::default, |value| {
        Estimate::with_interval(round6(value), rounded(interval))
    })
}

fn is(yes: bool) -> f64 {
    f64::from(u8::from(yes))
}

impl Measure<'_> {
    fn estimate(
        &self,
        rows: &[&Row<'_>],
        figure: impl Fn(&[&Row<'_>]) -> Option<f64> + Sync,
    ) -> Estimate {
        let clusters: Vec<usize> = rows.iter().map(|row| row.article).collect();
        let interval = self.bootstrap.interval(rows, &clusters, |drawn| {
            let drawn: Vec<&Row> = drawn.iter().map(|row| **row).collect();
            figure(&drawn)
        });
        estimate(figure(rows), interval)
    }

    /// A weighted mean with its interval over articles.
    fn mean(&self, rows: &[&Row<'_>], of: impl Fn(&Row<'_>) -> f64) -> Estimate {
        let values: Vec<f64> = rows.iter().map(|row| of(row)).collect();
        let weights: Vec<f64> = rows.iter().map(|row| row.weight).collect();
        let articles: Vec<usize> = rows.iter().map(|row| row.article).collect();
        let interval = weighted_mean_interval(&values, &weights, &articles, self.bootstrap.level);
        estimate(weighted(rows, of), interval)
    }

    fn score(&self, row: &Row<'_>) -> f64 {
        row.sentence.net_stance.unwrap_or(0.0)
    }

    fn macro_f1(&self, rows: &[&Row<'_>]) -> Option<f64> {
        let mut both = vec![0.0; self.k];
        let mut either = vec![0.0; self.k];
        for row in rows {
            let (label, predicted) = (row.sentence.label, row.sentence.predicted);
            either[label] += row.weight;
            either[predicted] += row.weight;
            if label == predicted {
                both[label] += 2.0 * row.weight;
            }
        }
        let f1 = self
            .occurring
            .iter()
            .map(|&class| match either[class] > 0.0 {
                true => both[class] / either[class],
                false => 0.0,
            });
        (!self.occurring.is_empty()).then(|| f1.sum::<f64>() / self.occurring.len() as f64)
    }

    fn quality(&self, of: &str, rows: &[&Row<'_>]) -> Quality {
        let mut articles: Vec<usize> = rows.iter().map(|row| row.article).collect();
        articles.sort_unstable();
        articles.dedup();
        let share_of = |class: usize| weighted(rows, |row| is(row.sentence.label == class));
        let majority = (0..self.k).filter_map(share_of).fold(0.0, f64::max);
        let bias = |worths: &[f64]| {
            let bias = self.mean(rows, |row| worths[row.sentence.label] - self.score(row));
            bias.clipped(-2.0, 2.0)
        };
        Quality {
            of: of.to_string(),
            n: rows.len(),
            n_articles: articles.len(),
            accuracy: self
                .mean(rows, |row| is(row.sentence.label == row.sentence.predicted))
                .clipped(0.0, 1.0),
            majority: round6(majority),
            macro_f1: self.estimate(rows, |rows| self.macro_f1(rows)),
            mean_label: self
                .worths
                .and_then(|worths| weighted(rows, |row| worths[row.sentence.label]))
                .map(round6),
            mean_score: self
                .worths
                .and_then(|_| weighted(rows, |row| self.score(row)))
                .map(round6),
            bias: self.worths.map_or_else(Estimate::default, bias),
            correlation: self
                .worths
                .and_then(|worths| self.correlation(rows, worths)),
            calibration: self.calibration(rows),
        }
    }

    fn correlation(&self, rows: &[&Row<'_>], worths: &[f64]) -> Option<f64> {
        let label = |row: &Row<'_>| worths[row.sentence.label];
        let (mean_label, mean_score) = (
            weighted(rows, label)?,
            weighted(rows, |row| self.score(row))?,
        );
        let product = |a: &dyn Fn(&Row<'_>) -> f64, b: &dyn Fn(&Row<'_>) -> f64| {
            weighted(rows, |row| a(row) * b(row)).unwrap_or(0.0)
        };
        let label = |row: &Row<'_>| label(row) - mean_label;
        let score = |row: &Row<'_>| self.score(row) - mean_score;
        let spread = product(&label, &label) * product(&score, &score);
        (spread > 1e-18).then(|| round6(product(&label, &score) / spread.sqrt()))
    }

    fn calibration(&self, rows: &[&Row<'_>]) -> BTreeMap<String, ClassCalibration> {
        let each = self.classes.iter().enumerate().filter_map(|(k, class)| {
            let labelled = weighted(rows, |row| is(row.sentence.label == k))?;
            let probability = weighted(rows, |row| row.sentence.probabilities[k])?;
            let difference = self
                .mean(rows, |row| {
                    is(row.sentence.label == k) - row.sentence.probabilities[k]
                })
                .clipped(-1.0, 1.0);
            let calibration = ClassCalibration {
                labelled: round6(labelled),
                probability: round6(probability),
                difference,
            };
            Some((class.clone(), calibration))
        });
        each.collect()
    }
}

/// Figures of parts of the rows, largest part first; parts below [`MIN_ROWS`] rows have none.
fn slices(
    rows: &[Row<'_>],
    measure: &Measure<'_>,
    part: impl Fn(&Row<'_>) -> Option<String>,
) -> Vec<Quality> {
    let mut parts: BTreeMap<String, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        if let Some(name) = part(row) {
            parts.entry(name).or_default().push(row);
        }
    }
    let mut slices: Vec<Quality> = parts
        .iter()
        .filter(|(_, rows)| rows.len() >= MIN_ROWS)
        .map(|(name, rows)| measure.quality(name, rows))
        .collect();
    slices.sort_by_key(|slice| std::cmp::Reverse(slice.n));
    slices
}

fn voices(rows: &[Row<'_>], measure: &Measure<'_>) -> Vec<Quality> {
    let mut slices = slices(rows, measure, |row| {
        Some(row.sentence.voice.name().to_string())
    });
    let place = |name: &str| Voice::ALL.iter().position(|voice| voice.name() == name);
    slices.sort_by_key(|slice| place(&slice.of));
    slices
}

/// A sentence's ratings: first coder, second coder, model.
type Ratings = [Option<usize>; 3];

fn coders(sample: &Sample, rows: &[Row<'_>], measure: &Measure<'_>) -> Coders {
    // Classes of one worth are one rank.
    let ranks: Vec<usize> = match measure.worths {
        Some(worths) => worths.iter().map(|worth| (worth + 1.0) as usize).collect(),
        None => (0..measure.k).collect(),
    };
    let (distance, n_values) = match measure.worths {
        Some(_) => (Distance::Ordinal, 3),
        None => (Distance::Nominal, measure.k),
    };
    let mut article_of: BTreeMap<&str, usize> = BTreeMap::new();
    let mut ratings: Vec<(Ratings, usize)> = Vec::new();
    let predicted: BTreeMap<usize, usize> = rows
        .iter()
        .map(|row| (row.sentence.row, row.sentence.predicted))
        .collect();
    for (row, of_key) in sample.key.rows.iter().enumerate() {
        let next = article_of.len();
        let article = *article_of.entry(&of_key.identity).or_insert(next);
        let second = sample.second.as_ref().and_then(|labels| labels[row]);
        let rated = [sample.labels[row], second, predicted.get(&row).copied()];
        ratings.push((rated.map(|class| class.map(|k| ranks[k])), article));
    }
    let names = ["first coder", "second coder", "model"];
    let groups: &[&[usize]] = match sample.second {
        Some(_) => &[&[0, 1], &[0, 2], &[1, 2], &[0, 1, 2]],
        None => &[&[0, 2]],
    };
    let agreements = groups.iter().map(|group| {
        let (units, articles): (Vec<Vec<Option<usize>>>, Vec<usize>) = ratings
            .iter()
            .filter(|(rated, _)| group.iter().all(|&coder| rated[coder].is_some()))
            .map(|(rated, article)| {
                let of_group = group.iter().map(|&coder| rated[coder]).collect();
                (of_group, *article)
            })
            .unzip();
        let alpha = |units: &[&Vec<Option<usize>>]| krippendorff_alpha(units, n_values, distance);
        let agreement = |units: &[&Vec<Option<usize>>]| percent_agreement(units);
        let all: Vec<&Vec<Option<usize>>> = units.iter().collect();
        let mut distinct = articles.clone();
        distinct.sort_unstable();
        distinct.dedup();
        Agreement {
            coders: group
                .iter()
                .map(|&coder| names[coder].to_string())
                .collect(),
            n: units.len(),
            n_articles: distinct.len(),
            alpha: estimate(
                alpha(&all),
                measure.bootstrap.interval(&units, &articles, alpha),
            ),
            agreement: estimate(
                agreement(&all),
                measure.bootstrap.interval(&units, &articles, agreement),
            ),
        }
    });
    Coders {
        distance: match distance {
            Distance::Ordinal => "ordinal".to_string(),
            _ => "nominal".to_string(),
        },
        agreements: agreements.collect(),
    }
}

impl OutletLabels {
    /// The mean over articles of label less score, by the labels alone.
    fn mean_error(&self, worths: &[f64]) -> Option<RectifiedMean> {
        self.mean(
            |sentence| worths[sentence.label] - sentence.net_stance.unwrap_or(0.0),
            |_| 0.0,
            |_| 0.0,
            Tuning::Fixed(0.0),
        )
    }
}

/// Welch's test of equal errors: outlets' errors weighed by their precision, degrees of freedom for unequal variances (Welch 1951).
fn differential_error(
    labelled: &Labelled,
    worths: &[f64],
    level: f64,
) -> Option<DifferentialError> {
    let errors: Vec<(&str, f64, Uncertainty)> = labelled
        .outlets
        .iter()
        .filter(|of| of.labelled.len() >= MIN_ROWS)
        .filter_map(|of| {
            let error = of.mean_error(worths)?;
            let general = error
                .general
                .filter(|of| of.variance > NO_VARIANCE && of.df >= 2.0)?;
            Some((of.outlet.as_str(), error.value, general))
        })
        .collect();
    let (f, df) = welch_f(
        &errors
            .iter()
            .map(|(_, value, error)| (*value, *error))
            .collect::<Vec<_>>(),
    )?;
    Some(DifferentialError {
        outlets: errors
            .iter()
            .map(|(outlet, value, error)| {
                let of_outlet = estimate(Some(*value), error.interval(*value, level));
                (outlet.to_string(), of_outlet.clipped(-2.0, 2.0))
            })
            .collect(),
        f: round6(f),
        df: (round6(df.0), round6(df.1)),
        p: round6(FisherSnedecor::new(df.0, df.1).ok()?.sf(f)),
    })
}

/// Welch's F of equal means and its degrees of freedom; `None` below two.
fn welch_f(means: &[(f64, Uncertainty)]) -> Option<(f64, (f64, f64))> {
    let k = means.len() as f64;
    if means.len() < 2 {
        return None;
    }
    let weights: Vec<f64> = means.iter().map(|(_, of)| 1.0 / of.variance).collect();
    let total: f64 = weights.iter().sum();
    let sum: f64 = means.iter().zip(&weights).map(|((m, _), w)| m * w).sum();
    let center = sum / total;
    let between = means.iter().zip(&weights);
    let between: f64 = between.map(|((m, _), w)| w * (m - center).powi(2)).sum();
    let spread = means.iter().zip(&weights);
    let spread: f64 = spread
        .map(|((_, of), w)| (1.0 - w / total).powi(2) / of.df)
        .sum();
    let f = between / (k - 1.0) / (1.0 + 2.0 * (k - 2.0) / (k * k - 1.0) * spread);
    Some((f, (k - 1.0, (k * k - 1.0) / (3.0 * spread))))
}

/// How many labels it takes; `None` for an outlet whose spread is not known yet, or whose sentences all have a label.
fn labels_needed(of: &OutletLabels, worths: &[f64], half: f64, level: f64) -> Option<LabelsNeeded> {
    let mean = |tuning| {
        of.mean(
            |sentence| worths[sentence.label],
            |article| article.net_stance.unwrap_or(0.0),
            |sentence| sentence.net_stance.unwrap_or(0.0),
            tuning,
        )
    };
    let (n, all) = (of.labelled.len(), of.n_sentences);
    if n < MIN_ROWS || n >= all {
        return None;
    }
    let (with_model, alone) = (mean(Tuning::Weighted)?, mean(Tuning::Fixed(0.0))?);
    let known = |error: &Uncertainty| error.variance > NO_VARIANCE;
    let drawn = with_model.drawn.filter(known)?;
    let half_of = |error: Uncertainty| {
        let (low, high) = error.interval(0.0, level)?;
        Some(round6((high - low) / 2.0))
    };
    let plan = LabelPlan {
        n_labelled: n,
        n_all: all,
        n_strata: of.articles.first().map_or(1, |a| a.strata.len()),
        half,
        level,
    };
    Some(LabelsNeeded {
        outlet: of.outlet.clone(),
        n_labelled: n,
        corpus_now: half_of(drawn),
        for_corpus: plan.labels(drawn, 0.0, usize::MAX),
        for_corpus_labels_alone: alone
            .drawn
            .filter(known)
            .and_then(|drawn| plan.labels(drawn, 0.0, usize::MAX)),
        general_now: with_model.general.filter(known).and_then(half_of),
        for_general: with_model.general.and_then(|general| {
            let of_articles = (general.variance - drawn.variance).max(0.0);
            plan.labels(drawn, of_articles, of.articles.len())
        }),
    })
}

/// What an interval of a wanted width is reckoned from.
struct LabelPlan {
    n_labelled: usize,
    n_all: usize,
    n_strata: usize,
    half: f64,
    level: f64,
}

impl LabelPlan {
    /// The fewest labels that make the interval so narrow, no fewer than an outlet is corrected with; `None` where none do. `drawn` is the
    /// error of the draw now, `fixed` the variance that labels do not lessen, `n_clusters` what the degrees of freedom cannot exceed.
    fn labels(&self, drawn: Uncertainty, fixed: f64, n_clusters: usize) -> Option<usize> {
        let all = self.n_all as f64;
        // The variance of a draw of n of all is spread · (1/n - 1/all).
        let spread = drawn.variance / (1.0 / self.n_labelled as f64 - 1.0 / all);
        let suffices = |n: usize| {
            let variance = fixed + (spread * (1.0 / n as f64 - 1.0 / all)).max(0.0);
            if variance <= 0.0 {
                return true;
            }
            let df = n
                .saturating_sub(self.n_strata)
                .min(n_clusters.saturating_sub(1));
            let half = (df > 0)
                .then(|| t_critical(df as f64, self.level))
                .flatten()
                .map(|t| t * variance.sqrt());
            half.is_some_and(|half| half <= self.half)
        };
        // More labels are never worse, so halving finds the fewest.
        let (mut low, mut high) = (MIN_LABELLED.min(self.n_all), self.n_all);
        if !suffices(high) {
            return None;
        }
        while low < high {
            let middle = low + (high - low) / 2;
            match suffices(middle) {
                true => high = middle,
                false => low = middle + 1,
            }
        }
        Some(low)
    }
}

fn notes(validation: &Validation) -> Vec<String> {
    let mut notes = Vec::new();
    if validation.coders.agreements.len() == 1 {
        notes.push(
            "One coder: nobody knows whether another would have said the same. Give a second coder's part too."
                .to_string(),
        );
    }
    let n = validation.n_labelled;
    if n < 100 {
        notes.push(format!(
            "{n} labels are few: read the intervals, not the figures."
        ));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn welch_s_f_equals_reference() {
        // statsmodels 0.15.0: anova_oneway([a, b, c], use_var="unequal") of
        // a = [.1, .5, .4, .9, .7], b = [0, .2, .3, .1, .6, .2, .05], c = [.3, .8, .2, .9, 1.2, .1]
        let groups: [&[f64]; 3] = [
            &[0.1, 0.5, 0.4, 0.9, 0.7],
            &[0.0, 0.2, 0.3, 0.1, 0.6, 0.2, 0.05],
            &[0.3, 0.8, 0.2, 0.9, 1.2, 0.1],
        ];
        let means: Vec<(f64, Uncertainty)> = groups
            .iter()
            .map(|group| {
                let n = group.len() as f64;
                let of = Uncertainty {
                    variance: crate::statistics::variance(group) / n,
                    df: n - 1.0,
                };
                (crate::statistics::mean(group), of)
            })
            .collect();
        let (f, df) = welch_f(&means).expect("three groups");
        let p = FisherSnedecor::new(df.0, df.1).expect("positive").sf(f);
        assert!((f - WELCH.0).abs() < 1e-9, "{f}");
        assert!((df.1 - WELCH.1).abs() < 1e-9, "{df:?}");
        assert!((p - WELCH.2).abs() < 1e-9, "{p}");
    }

    #[test]
    fn labels_needed_are_no_fewer_than_a_correction_takes() {
        let plan = LabelPlan {
            n_labelled: 40,
            n_all: 1000,
            n_strata: 3,
            half: 0.1,
            level: 0.95,
        };
        let spread_of = |spread: f64| Uncertainty {
            variance: spread * (1.0 / 40.0 - 1.0 / 1000.0),
            df: 37.0,
        };
        // scipy: smallest n with t.ppf(.975, n-3)*sqrt(.3*(1/n-1/1000)) <= .1
        assert_eq!(plan.labels(spread_of(0.3), 0.0, usize::MAX), Some(106));
        assert_eq!(
            plan.labels(spread_of(0.001), 0.0, usize::MAX),
            Some(MIN_LABELLED)
        );
        assert_eq!(plan.labels(spread_of(0.3), 0.01, 60), None);
        let few = LabelPlan {
            n_all: 12,
            n_labelled: 10,
            ..plan
        };
        assert_eq!(few.labels(spread_of(0.3), 0.0, usize::MAX), Some(12));
    }

    const WELCH: (f64, f64, f64) = (
        2.996_213_219_532_725_3,
        8.093_259_562_749_408,
        0.106_208_725_301_017_2,
    );
}

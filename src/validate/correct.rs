//! Figures of outlets corrected by labels: what human coders would have said, with intervals that hold for any classifier.
//!
//! The estimator is the weighted difference estimator with one rectifier an outlet ([`rectified_mean`]): a rectifier pooled over outlets would
//! cancel in their difference and correct nothing. Two intervals: for this corpus (what the labels would say if all its sentences had one), and
//! for the outlet in general (its articles taken for a random draw of what it publishes).

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::rounded;
use super::tally::{Labelled, OutletLabels};
use crate::statistics::{
    Estimate, LabelledUnit, RectifiedMean, ScoredCluster, Tuning, Uncertainty, holm, mean,
    proportion_interval, rectified_mean, round6, t_interval, two_sided_p,
};
use crate::wording::{count, some_of};

/// The fewest labelled sentences an outlet's figure is corrected with, unless all it has are labelled.
pub const MIN_LABELLED: usize = 20;

/// The fewest articles they must come from, unless there are no more.
pub const MIN_LABELLED_ARTICLES: usize = 5;

/// With fewer labels that differ from the model's class, a reader is told that an outlet's intervals are too narrow.
pub const MIN_ERRORS: usize = 5;

/// A corrected figure with its two intervals.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CorrectedFigure {
    /// The figure.
    pub value: f64,
    /// What it would be if every sentence of this corpus had a label; both ends are the figure where each has one. `None` without spread among the
    /// labels.
    pub corpus: Option<(f64, f64)>,
    /// The outlet's in general, its articles a draw from what it publishes. `None` below two articles with a label, and without spread.
    pub general: Option<(f64, f64)>,
}

/// One outlet's correction.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CorrectedOutlet {
    /// The outlet.
    pub outlet: String,
    /// Its articles with a figure.
    pub n_articles: usize,
    /// Their counted sentences.
    pub n_sentences: usize,
    /// Those with a label.
    pub n_labelled: usize,
    /// Articles with a label.
    pub n_labelled_articles: usize,
    /// Labels that differ from the model's likeliest class.
    pub n_errors: usize,
    /// Net stance by the model alone, its interval over articles.
    pub model: Estimate,
    /// Why it is not corrected, if it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// Net stance corrected by labels.
    pub corrected: Option<CorrectedFigure>,
    /// By labels alone, without the model.
    pub labels_alone: Option<CorrectedFigure>,
    /// The factor on the model's scores; `None` where all sentences have a label.
    pub lambda: Option<f64>,
    /// The weighted correlation of labels and scores.
    pub correlation: Option<f64>,
    /// Class shares corrected by labels, class -> share.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub shares: BTreeMap<String, CorrectedFigure>,
}

/// A corrected difference.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CorrectedDifference {
    /// The outlet.
    pub a: String,
    /// What it is held against: another outlet, or the others that are corrected.
    pub b: String,
    /// The model's difference, a - b, between the same articles.
    pub model: f64,
    /// Its interval, which takes the model's word for a human's.
    pub model_interval: Option<(f64, f64)>,
    /// The corrected difference.
    pub corrected: CorrectedFigure,
    /// By labels alone.
    pub labels_alone: CorrectedFigure,
    /// Of no difference between the outlets in general.
    pub p: Option<f64>,
    /// The same adjusted for all differences here (Holm).
    pub p_adjusted: Option<f64>,
}

/// What labels make of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Correction {
    /// Sentences in the sample.
    pub n_drawn: usize,
    /// Those with a label.
    pub n_labelled: usize,
    /// Level of the intervals.
    pub level: f64,
    /// How the figures are made.
    pub method: String,
    /// The outlets, lowest corrected figure first; those without one last.
    pub outlets: Vec<CorrectedOutlet>,
    /// Each corrected outlet against the others that are, as far as they have a figure in general.
    pub differences: Vec<CorrectedDifference>,
    /// Corrected outlets without one, and why.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub left_out: BTreeMap<String, String>,
    /// How the sample was drawn.
    pub design: Design,
    /// What a reader has to know.
    pub notes: Vec<String>,
}

/// How a sample was drawn.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Design {
    /// Whether voices were strata, beside the model's classes.
    pub by_voice: bool,
    /// Outlets drawn from in one stratum, because few sentences were drawn.
    pub n_in_one_stratum: usize,
    /// Outlets drawn from.
    pub n_outlets: usize,
    /// Outlets of which every sentence has a label.
    pub n_all_labelled: usize,
}

/// How the figures are made, in a sentence.
const METHOD: &str = "weighted difference estimator, a sentence weighing 1/(articles of the outlet x sentences of the article), known inclusion probabilities, \
                      one rectifier an outlet, lambda = weighted cov(label, score)/var(score)";

/// An outlet's figure with all that differences need.
struct Figure {
    outlet: String,
    n_articles: usize,
    n_labelled_articles: usize,
    scores: Vec<f64>,
    corrected: RectifiedMean,
    labels_alone: RectifiedMean,
}

/// Corrects what `labelled` has. `None` with plain classes, whose sentences have no stance to average.
pub fn correct(labelled: &Labelled, level: f64) -> Option<Correction> {
    let worths = labelled.sample.key.polarities()?;
    let mut outlets = Vec::new();
    let mut figures = Vec::new();
    for of in &labelled.outlets {
        let scores: Vec<f64> = of.articles.iter().filter_map(|a| a.net_stance).collect();
        let mut outlet = CorrectedOutlet {
            outlet: of.outlet.clone(),
            n_articles: of.articles.len(),
            n_sentences: of.n_sentences,
            n_labelled: of.labelled.len(),
            n_labelled_articles: of.n_labelled_articles(),
            n_errors: of.n_errors(),
            model: Estimate::with_interval(
                round6(mean(&scores)),
                rounded(t_interval(&scores, level)),
            )
            .clipped(-1.0, 1.0),
            refused: too_few(of),
            corrected: None,
            labels_alone: None,
            lambda: None,
            correlation: None,
            shares: BTreeMap::new(),
        };
        if outlet.refused.is_none() {
            let net = |tuning| {
                of.mean(
                    |sentence| worths[sentence.label],
                    |article| article.net_stance.unwrap_or(0.0),
                    |sentence| sentence.net_stance.unwrap_or(0.0),
                    tuning,
                )
                .map(|mean| without_false_certainty(mean, of, of.has_spread(|s| s.label)))
            };
            if let (Some(corrected), Some(labels_alone)) =
                (net(Tuning::Weighted), net(Tuning::Fixed(0.0)))
            {
                outlet.corrected = Some(figure(&corrected, level, (-1.0, 1.0)));
                outlet.labels_alone = Some(figure(&labels_alone, level, (-1.0, 1.0)));
                // With all labelled the scores play no part.
                outlet.lambda = (!of.all_labelled()).then(|| round6(corrected.lambda));
                outlet.correlation = corrected.correlation.map(round6);
                outlet.shares = shares(of, &labelled.sample.key.classes, level);
                figures.push(Figure {
                    outlet: of.outlet.clone(),
                    n_articles: of.articles.len(),
                    n_labelled_articles: outlet.n_labelled_articles,
                    scores,
                    corrected,
                    labels_alone,
                });
            }
        }
        outlets.push(outlet);
    }
    let (comparable, without): (Vec<Figure>, Vec<Figure>) = figures
        .into_iter()
        .partition(|figure| figure.corrected.general.is_some());
    let left_out: BTreeMap<String, String> = without
        .into_iter()
        .map(|figure| {
            (
                figure.outlet,
                why_left_out(figure.n_articles, figure.n_labelled_articles),
            )
        })
        .collect();
    let differences = differences(&comparable, level);
    let notes = notes(labelled, &outlets, &left_out);
    outlets.sort_by(|a, b| {
        let key = |outlet: &CorrectedOutlet| {
            let corrected = outlet.corrected.map(|figure| figure.value);
            corrected.unwrap_or(f64::INFINITY)
        };
        key(a)
            .total_cmp(&key(b))
            .then_with(|| a.outlet.cmp(&b.outlet))
    });
    Some(Correction {
        n_drawn: labelled.sample.key.rows.len(),
        n_labelled: labelled.sample.n_labelled(),
        level,
        method: METHOD.to_string(),
        design: design(labelled),
        outlets,
        differences,
        left_out,
        notes,
    })
}

/// Why a corrected outlet is in no difference.
fn why_left_out(n_articles: usize, n_labelled_articles: usize) -> String {
    match (n_articles, n_labelled_articles) {
        (1, _) => "one article",
        (_, 1) => "labels from one article",
        _ => "no spread among its labels or errors",
    }
    .to_string()
}

fn design(labelled: &Labelled) -> Design {
    let key = &labelled.sample.key;
    let drawn_from = || key.strata.iter().filter(|s| s.n_drawn > 0);
    let outlets: BTreeSet<&str> = drawn_from().map(|s| s.outlet.as_str()).collect();
    let all_labelled = labelled.outlets.iter().filter(|of| of.all_labelled());
    Design {
        by_voice: key.by_voice,
        n_in_one_stratum: drawn_from().filter(|s| s.class.is_none()).count(),
        n_outlets: outlets.len(),
        n_all_labelled: all_labelled.count(),
    }
}

/// Below this a variance is that of rounding.
pub(super) const NO_VARIANCE: f64 = 1e-18;

/// Labels without spread give a variance of 0, which says that there were too few to see any; nothing is certain but the figure for this corpus when
/// all its sentences have a label.
fn without_false_certainty(mean: RectifiedMean, of: &OutletLabels, spread: bool) -> RectifiedMean {
    let known = |error: &Uncertainty| error.variance > NO_VARIANCE;
    // Without errors seen, the choice of articles alone is no measure either.
    let spread = spread && (of.all_labelled() || mean.drawn.as_ref().is_none_or(known));
    RectifiedMean {
        drawn: match of.all_labelled() {
            true => Some(Uncertainty {
                variance: 0.0,
                df: f64::INFINITY,
            }),
            false => mean.drawn.filter(|error| spread && known(error)),
        },
        general: mean.general.filter(|error| spread && known(error)),
        ..mean
    }
}

impl OutletLabels {
    /// Whether every counted sentence has a label.
    pub fn all_labelled(&self) -> bool {
        self.labelled.len() == self.n_sentences
    }

    /// Labels that differ from the model's likeliest class.
    fn n_errors(&self) -> usize {
        let wrong = self.labelled.iter().filter(|s| s.label != s.predicted);
        wrong.count()
    }

    /// Whether not all labels are the same by `value`.
    fn has_spread<V: PartialEq>(&self, value: impl Fn(&super::LabelledSentence) -> V) -> bool {
        let mut values = self.labelled.iter().map(value);
        let first = values.next();
        values.any(|value| Some(value) != first)
    }

    /// Articles with a label.
    pub fn n_labelled_articles(&self) -> usize {
        let mut articles: Vec<usize> = self.labelled.iter().map(|s| s.article).collect();
        articles.sort_unstable();
        articles.dedup();
        articles.len()
    }

    /// The mean over articles of what labels are worth.
    pub(super) fn mean(
        &self,
        label: impl Fn(&super::LabelledSentence) -> f64,
        of_article: impl Fn(&super::tally::OutletArticle) -> f64,
        of_sentence: impl Fn(&super::LabelledSentence) -> f64,
        tuning: Tuning,
    ) -> Option<RectifiedMean> {
        let clusters: Vec<ScoredCluster> = self
            .articles
            .iter()
            .map(|article| ScoredCluster {
                score: of_article(article),
                strata: article.strata.clone(),
            })
            .collect();
        let units: Vec<LabelledUnit> = self
            .labelled
            .iter()
            .map(|sentence| LabelledUnit {
                label: label(sentence),
                score: of_sentence(sentence),
                weight: sentence.weight,
                inclusion: sentence.inclusion,
                stratum: sentence.stratum,
                cluster: sentence.article,
            })
            .collect();
        rectified_mean(&clusters, &units, tuning)
    }
}

/// Why an outlet's labels are too few.
fn too_few(of: &OutletLabels) -> Option<String> {
    let n = of.labelled.len();
    if n == 0 {
        return Some("no sentence of it is labelled".to_string());
    }
    let all = of.all_labelled();
    let enough_articles = of.n_labelled_articles() >= MIN_LABELLED_ARTICLES.min(of.articles.len());
    if all || (n >= MIN_LABELLED && enough_articles) {
        return None;
    }
    Some(match n < MIN_LABELLED {
        true => format!(
            "{n} of its {} sentences labelled; it takes {}",
            of.n_sentences,
            match of.n_sentences > MIN_LABELLED {
                true => format!("{MIN_LABELLED}"),
                false => "all".to_string(),
            }
        ),
        false => format!(
            "labels from {} of its {} articles; it takes {}",
            of.n_labelled_articles(),
            of.articles.len(),
            MIN_LABELLED_ARTICLES.min(of.articles.len())
        ),
    })
}

/// A mean with its intervals, which end at the ends of the scale; one that would lie beyond it is none.
fn figure(of: &RectifiedMean, level: f64, (min, max): (f64, f64)) -> CorrectedFigure {
    let interval = |uncertainty: Option<Uncertainty>| {
        let uncertainty = uncertainty?;
        let (low, high) = uncertainty.interval(of.value, level)?;
        let (low, high) = (low.clamp(min, max), high.clamp(min, max));
        rounded((low < high || uncertainty.variance == 0.0).then_some((low, high)))
    };
    CorrectedFigure {
        value: round6(of.value.clamp(min, max)),
        corpus: interval(of.drawn),
        general: interval(of.general),
    }
}

/// The share of each class. Where labels show no spread, or all or none are of the class, the interval is that of the labels counted alike (Wilson).
fn shares(of: &OutletLabels, classes: &[String], level: f64) -> BTreeMap<String, CorrectedFigure> {
    let each = classes.iter().enumerate().filter_map(|(k, class)| {
        let share = of.mean(
            |sentence| f64::from(u8::from(sentence.label == k)),
            |article| article.shares[k],
            |sentence| sentence.probabilities[k],
            Tuning::Weighted,
        )?;
        let has_general = share.general.is_some();
        let share = without_false_certainty(share, of, of.has_spread(|s| s.label == k));
        let figure = figure(&share, level, (0.0, 1.0));
        let at_end = figure.value <= 0.0 || figure.value >= 1.0;
        let n_of_class = of.labelled.iter().filter(|s| s.label == k).count();
        let wilson = || {
            let (low, high) = proportion_interval(n_of_class, of.labelled.len(), level)?;
            rounded(Some((low.min(figure.value), high.max(figure.value))))
        };
        let settled = |interval: Option<(f64, f64)>| match interval {
            Some(interval) if !at_end => Some(interval),
            _ => wilson(),
        };
        let figure = CorrectedFigure {
            corpus: match of.all_labelled() {
                true => figure.corpus,
                false => settled(figure.corpus),
            },
            general: has_general.then(|| settled(figure.general)).flatten(),
            ..figure
        };
        Some((class.clone(), figure))
    });
    each.collect()
}

/// The others' mean, every article alike.
fn rest(figures: &[&Figure], of: impl Fn(&Figure) -> RectifiedMean) -> RectifiedMean {
    let total: usize = figures.iter().map(|figure| figure.n_articles).sum();
    let weight = |figure: &Figure| figure.n_articles as f64 / total as f64;
    let sum = |error: &dyn Fn(&RectifiedMean) -> Option<Uncertainty>| -> Option<Uncertainty> {
        let terms: Option<Vec<(f64, Uncertainty)>> = figures
            .iter()
            .map(|figure| Some((weight(figure), error(&of(figure))?)))
            .collect();
        terms.map(|terms| Uncertainty::of_sum(&terms))
    };
    RectifiedMean {
        value: figures.iter().map(|f| weight(f) * of(f).value).sum(),
        lambda: f64::NAN,
        correlation: None,
        drawn: sum(&|mean| mean.drawn),
        general: sum(&|mean| mean.general),
    }
}

/// a - b of independent means.
fn minus(a: &RectifiedMean, b: &RectifiedMean) -> RectifiedMean {
    let both = |a: Option<Uncertainty>, b: Option<Uncertainty>| {
        Some(Uncertainty::of_sum(&[(1.0, a?), (-1.0, b?)]))
    };
    RectifiedMean {
        value: a.value - b.value,
        lambda: f64::NAN,
        correlation: None,
        drawn: both(a.drawn, b.drawn),
        general: both(a.general, b.general),
    }
}

/// Two-sided p of a mean of 0.
fn p_of_none(of: &RectifiedMean) -> Option<f64> {
    let error = of.general?;
    if error.variance <= 0.0 {
        return None;
    }
    Some(two_sided_p(of.value / error.variance.sqrt(), error.df))
}

/// Each corrected outlet against the others together; of two outlets the one difference there is.
fn differences(figures: &[Figure], level: f64) -> Vec<CorrectedDifference> {
    let n = match figures.len() {
        0 | 1 => 0,
        2 => 1,
        more => more,
    };
    let mut differences: Vec<CorrectedDifference> = (0..n)
        .map(|k| {
            let others: Vec<&Figure> = figures
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != k)
                .map(|(_, figure)| figure)
                .collect();
            let a = &figures[k];
            let corrected = minus(&a.corrected, &rest(&others, |f| f.corrected));
            let labels_alone = minus(&a.labels_alone, &rest(&others, |f| f.labels_alone));
            let pooled: Vec<f64> = others.iter().flat_map(|f| f.scores.clone()).collect();
            let clip = (-2.0, 2.0);
            CorrectedDifference {
                a: a.outlet.clone(),
                b: match others.as_slice() {
                    [only] => only.outlet.clone(),
                    more => format!("the other {}", more.len()),
                },
                model: round6(mean(&a.scores) - mean(&pooled)),
                model_interval: rounded(crate::statistics::welch_interval(
                    &a.scores, &pooled, level,
                )),
                corrected: figure(&corrected, level, clip),
                labels_alone: figure(&labels_alone, level, clip),
                p: p_of_none(&corrected).map(round6),
                p_adjusted: None,
            }
        })
        .collect();
    let tested: Vec<usize> = (0..differences.len())
        .filter(|&k| differences[k].p.is_some())
        .collect();
    let p: Vec<f64> = tested.iter().filter_map(|&k| differences[k].p).collect();
    for (&k, adjusted) in tested.iter().zip(holm(&p)) {
        differences[k].p_adjusted = Some(round6(adjusted));
    }
    differences.sort_by(|a, b| {
        let size = |d: &CorrectedDifference| d.corrected.value.abs();
        size(b).total_cmp(&size(a)).then_with(|| a.a.cmp(&b.a))
    });
    differences
}

/// Outlets that get a note of their own.
const NOTED: usize = 8;

/// What to say of outlets whose labels hardly differ from the model's classes, or not among themselves.
fn few_errors(labelled: &Labelled, outlets: &[CorrectedOutlet]) -> Vec<String> {
    let (mut without_spread, mut few) = (Vec::new(), Vec::new());
    for (of, outlet) in labelled.outlets.iter().zip(outlets) {
        if outlet.corrected.is_none() || of.all_labelled() {
            continue;
        }
        if outlet
            .corrected
            .is_some_and(|figure| figure.corpus.is_none())
        {
            without_spread.push(outlet.outlet.as_str());
        } else if outlet.n_errors < MIN_ERRORS {
            few.push(outlet);
        }
    }
    let mut notes: Vec<String> = few
        .iter()
        .take(NOTED)
        .map(|outlet| {
            let n = outlet.n_errors;
            format!(
                "{} of {} labels of {} {} from the model's class: with so few errors the intervals are too narrow.",
                match n {
                    0 => "none".to_string(),
                    n => format!("only {n}"),
                },
                outlet.n_labelled,
                outlet.outlet,
                if n < 2 { "differs" } else { "differ" }
            )
        })
        .collect();
    if few.len() > NOTED {
        notes.push(format!(
            "The same of {}.",
            count(few.len() - NOTED, "more outlet")
        ));
    }
    if !without_spread.is_empty() {
        notes.push(format!(
            "no spread among the labels of {}, or among the model's errors there: too few to say how sure.",
            some_of(&without_spread)
        ));
    }
    notes
}

fn notes(
    labelled: &Labelled,
    outlets: &[CorrectedOutlet],
    left_out: &BTreeMap<String, String>,
) -> Vec<String> {
    let mut notes = labelled.sample.notes.clone();
    notes.extend(few_errors(labelled, outlets));
    let n_corrected = outlets.iter().filter(|o| o.corrected.is_some()).count();
    if n_corrected > 1 && !left_out.is_empty() {
        let names: Vec<String> = left_out
            .iter()
            .map(|(outlet, why)| format!("{outlet} ({why})"))
            .collect();
        notes.push(format!("Left out of the differences: {}.", some_of(&names)));
    }
    let n_refused = outlets.iter().filter(|o| o.refused.is_some()).count();
    if n_refused > 0 {
        notes.push(format!(
            "{n_refused} of {} outlets have too few labels to be corrected ({MIN_LABELLED} sentences, or all it has, from {MIN_LABELLED_ARTICLES} articles, or all).",
            outlets.len()
        ));
    }
    notes.push(
        "Labels are taken for the truth. Where coders differ, they are not: see the agreement of two coders (validate report)."
            .to_string(),
    );
    notes
}

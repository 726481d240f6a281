//! How far several annotators agree on the sentences that two or more of them labelled.
//!
//! A sentence counts once for each annotator, with the first label given. Intervals resample whole articles. A figure that is not defined is
//! `null` and says why: where every rating is the same there is nothing to measure agreement by, however often people agree.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::rows::Rows;
use super::{CheckParams, LabelKind};
use crate::corpus::single_spaced;
use crate::statistics::{
    ClusterBootstrap, Distance, Estimate, KappaWeights, LabelSets, MIN_CLUSTERS, cohen_kappa,
    fleiss_kappa, krippendorff_alpha, percent_agreement, round6,
};

/// Resamples behind each interval.
const DRAWS: usize = 1000;

/// Disagreements that are listed.
const MAX_LISTED: usize = 20;

/// Annotators up to whom each pair is looked at; among more, pairs share hardly a sentence.
const MAX_PAIRED: usize = 50;

/// Agreement of the annotators.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agreement {
    /// Sentences with labels of two annotators or more.
    pub n: usize,
    /// Articles they are from.
    pub n_articles: usize,
    /// Level of the intervals.
    pub level: f64,
    /// The share of each label in the ratings of these sentences; shares of lists may sum to more than 1.
    pub prevalence: BTreeMap<String, f64>,
    /// The same by annotator, with the number of ratings.
    pub by_annotator: Vec<AnnotatorShares>,
    /// Figures over all annotators.
    pub coefficients: Vec<Coefficient>,
    /// Pairs of annotators with a sentence in common.
    pub pairs: Vec<CoderPair>,
    /// For lists: each label apart, given or not.
    pub labels: Vec<LabelAgreement>,
    /// What they disagree on most, at most 20.
    pub disagreements: Vec<Disagreement>,
    /// How many sentences they disagree on.
    pub n_disagreements: usize,
}

/// What one annotator gave.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AnnotatorShares {
    /// The annotator.
    pub annotator: String,
    /// Ratings.
    pub n: usize,
    /// The share of each label.
    pub shares: BTreeMap<String, f64>,
}

/// A figure of agreement.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Coefficient {
    /// `percent_agreement`, `alpha_nominal`, `alpha_ordinal`, `alpha_masi`, `fleiss_kappa`.
    pub name: &'static str,
    /// The figure with its interval.
    #[serde(flatten)]
    pub estimate: Estimate,
    /// Why the figure or its interval does not exist.
    pub why: Option<String>,
}

/// Two annotators.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CoderPair {
    /// Their names.
    pub annotators: [String; 2],
    /// Sentences both labelled.
    pub n: usize,
    /// Share of them with equal labels.
    pub agreement: Option<f64>,
    /// Cohen's kappa.
    pub kappa: Estimate,
    /// Why kappa or its interval does not exist.
    pub why: Option<String>,
}

/// One label of lists.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LabelAgreement {
    /// The label.
    pub label: String,
    /// Share of ratings that give it.
    pub prevalence: f64,
    /// Krippendorff's alpha of given or not given.
    pub alpha: Estimate,
    /// Why alpha or its interval does not exist.
    pub why: Option<String>,
}

/// A sentence with different labels.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Disagreement {
    /// The file as the user named it.
    pub file: String,
    /// The line of its first row, from 1.
    pub line: Option<u64>,
    /// The sentence.
    pub text: String,
    /// Its subject.
    pub subject: Option<String>,
    /// Who said what.
    pub votes: Vec<Vote>,
}

/// What one annotator said of a sentence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Vote {
    /// The annotator.
    pub annotator: String,
    /// The label.
    pub label: String,
}

/// The ratings of one sentence: annotator and row, annotators ascending.
type Unit = Vec<(usize, usize)>;

/// The agreement of two annotators or more; `None` where there are fewer.
pub(super) fn agreement(rows: &Rows<'_>, params: &CheckParams) -> Option<Agreement> {
    if rows.annotators.len() < 2 {
        return None;
    }
    let units = units(rows);
    let clusters: Vec<usize> = units.iter().map(|unit| rows.articles[unit[0].1]).collect();
    let n_articles = clusters.iter().collect::<BTreeSet<_>>().len();
    let resampled = Resampled {
        bootstrap: ClusterBootstrap {
            level: params.level,
            n_draws: DRAWS,
            seed: params.seed,
        },
        clusters,
        n_articles,
    };
    let is_list = params.kind == LabelKind::Frames;
    let ratings: Vec<usize> = units.iter().flatten().map(|&(_, row)| row).collect();
    let (coefficients, labels) = match is_list {
        true => of_lists(rows, &units, &resampled),
        false => (of_classes(rows, &units, &resampled), Vec::new()),
    };
    let (disagreements, n_disagreements) = disagreements(rows, &units);
    Some(Agreement {
        n: units.len(),
        n_articles,
        level: params.level,
        prevalence: shares(rows, &ratings),
        by_annotator: by_annotator(rows, &units),
        coefficients,
        pairs: match is_list {
            true => Vec::new(),
            false => pairs(rows, &units, &resampled),
        },
        labels,
        disagreements,
        n_disagreements,
    })
}

/// The sentences with several annotators.
fn units(rows: &Rows<'_>) -> Vec<Unit> {
    let mut units: Vec<BTreeMap<usize, usize>> = vec![BTreeMap::new(); rows.n_sentences];
    for (r, row) in rows.rows.iter().enumerate() {
        let Some(annotator) = &row.annotator else {
            continue;
        };
        // A label that makes no class is a finding of its own.
        if rows.of_row[r].is_empty() && rows.classes.is_some() {
            continue;
        }
        let annotator = rows.annotators.binary_search(annotator);
        let annotator = annotator.expect("annotators come from these rows");
        units[rows.sentences[r]].entry(annotator).or_insert(r);
    }
    units
        .into_iter()
        .filter(|unit| unit.len() > 1)
        .map(|unit| unit.into_iter().collect())
        .collect()
}

fn shares(rows: &Rows<'_>, ratings: &[usize]) -> BTreeMap<String, f64> {
    let mut counts = vec![0; rows.labels.len()];
    for &label in ratings.iter().flat_map(|&row| &rows.of_row[row]) {
        counts[label] += 1;
    }
    let n = ratings.len().max(1) as f64;
    (rows.labels.iter().zip(counts))
        .map(|(label, k)| (label.clone(), round6(f64::from(k) / n)))
        .collect()
}

fn by_annotator(rows: &Rows<'_>, units: &[Unit]) -> Vec<AnnotatorShares> {
    let mut ratings: Vec<Vec<usize>> = vec![Vec::new(); rows.annotators.len()];
    for &(annotator, row) in units.iter().flatten() {
        ratings[annotator].push(row);
    }
    (rows.annotators.iter().zip(ratings))
        .map(|(annotator, ratings)| AnnotatorShares {
            annotator: annotator.clone(),
            n: ratings.len(),
            shares: shares(rows, &ratings),
        })
        .collect()
}

/// How figures get intervals, and why they have none.
struct Resampled {
    bootstrap: ClusterBootstrap,
    clusters: Vec<usize>,
    n_articles: usize,
}

impl Resampled {
    fn estimate<U: Sync>(
        &self,
        units: &[U],
        clusters: &[usize],
        undefined: &str,
        statistic: impl Fn(&[&U]) -> Option<f64> + Sync,
    ) -> (Estimate, Option<String>) {
        let all: Vec<&U> = units.iter().collect();
        let Some(value) = statistic(&all) else {
            let why = match units.is_empty() {
                true => "no sentence was labelled by two annotators",
                false => undefined,
            };
            return (Estimate::default(), Some(why.to_string()));
        };
        let interval = self.bootstrap.interval(units, clusters, statistic);
        let why = interval.is_none().then(|| {
            match clusters.iter().collect::<BTreeSet<_>>().len() < MIN_CLUSTERS {
                true => format!("no interval from fewer than {MIN_CLUSTERS} articles"),
                false => "no interval: undefined in most resamples".to_string(),
            }
        });
        let interval = interval.map(|(low, high)| (round6(low), round6(high)));
        (Estimate::with_interval(round6(value), interval), why)
    }

    fn coefficient<U: Sync>(
        &self,
        name: &'static str,
        units: &[U],
        undefined: &str,
        statistic: impl Fn(&[&U]) -> Option<f64> + Sync,
    ) -> Coefficient {
        debug_assert!(self.n_articles <= units.len());
        let (estimate, why) = self.estimate(units, &self.clusters, undefined, statistic);
        Coefficient {
            name,
            estimate,
            why,
        }
    }
}

const ONE_VALUE: &str = "every rating is the same label, so there is nothing to measure by";

fn of_classes(rows: &Rows<'_>, units: &[Unit], resampled: &Resampled) -> Vec<Coefficient> {
    let n_labels = rows.labels.len();
    let values: Vec<Vec<Option<usize>>> = units
        .iter()
        .map(|unit| {
            unit.iter()
                .map(|&(_, r)| rows.of_row[r].first().copied())
                .collect()
        })
        .collect();
    let mut found = vec![
        resampled.coefficient("percent_agreement", &values, ONE_VALUE, |units| {
            percent_agreement(units)
        }),
        resampled.coefficient("alpha_nominal", &values, ONE_VALUE, |units| {
            krippendorff_alpha(units, n_labels, Distance::Nominal)
        }),
    ];
    let polarity = rows.classes.as_ref().and_then(|classes| classes.polarity());
    if let Some(polarity) = polarity {
        // -1, 0 and +1 as 0, 1 and 2.
        let worth = |class: usize| (polarity[class].value() + 1.0) as usize;
        let ordered: Vec<Vec<Option<usize>>> = values
            .iter()
            .map(|unit| unit.iter().map(|value| value.map(worth)).collect())
            .collect();
        found.push(
            resampled.coefficient("alpha_ordinal", &ordered, ONE_VALUE, |units| {
                krippendorff_alpha(units, 3, Distance::Ordinal)
            }),
        );
    }
    let counts: Vec<Vec<usize>> = values
        .iter()
        .map(|unit| {
            let mut counts = vec![0; n_labels];
            for &value in unit.iter().flatten() {
                counts[value] += 1;
            }
            counts
        })
        .collect();
    let sizes = units.iter().map(Vec::len);
    let (least, most) = (sizes.clone().min().unwrap_or(0), sizes.max().unwrap_or(0));
    let why = match least == most {
        true => ONE_VALUE.to_string(),
        false => format!(
            "sentences have {least} to {most} annotators, Fleiss' kappa wants one number; alpha does not mind"
        ),
    };
    found.push(resampled.coefficient("fleiss_kappa", &counts, &why, |units| fleiss_kappa(units)));
    found
}

fn of_lists(
    rows: &Rows<'_>,
    units: &[Unit],
    resampled: &Resampled,
) -> (Vec<Coefficient>, Vec<LabelAgreement>) {
    let sets: Vec<Vec<Option<BTreeSet<usize>>>> = units
        .iter()
        .map(|unit| {
            let set = |&(_, r): &(usize, usize)| rows.of_row[r].iter().copied().collect();
            unit.iter().map(|rating| Some(set(rating))).collect()
        })
        .collect();
    let percent = resampled.coefficient("percent_agreement", &sets, ONE_VALUE, |units| {
        percent_agreement(units)
    });
    let masi = match LabelSets::new(&sets) {
        Some(sets) => resampled.coefficient("alpha_masi", sets.units(), ONE_VALUE, |units| {
            sets.alpha(units)
        }),
        None => Coefficient {
            name: "alpha_masi",
            estimate: Estimate::default(),
            why: Some("there are too many different lists of labels".into()),
        },
    };
    let n_ratings = units.iter().map(Vec::len).sum::<usize>().max(1);
    let labels = rows
        .labels
        .iter()
        .enumerate()
        .map(|(label, name)| {
            let given: Vec<Vec<Option<usize>>> = units
                .iter()
                .map(|unit| {
                    let is_given = |r: usize| usize::from(rows.of_row[r].contains(&label));
                    unit.iter().map(|&(_, r)| Some(is_given(r))).collect()
                })
                .collect();
            let n = given.iter().flatten().filter(|given| **given == Some(1));
            let prevalence = round6(n.count() as f64 / n_ratings as f64);
            let undefined = "everybody always gave it, or nobody ever";
            let (alpha, why) =
                resampled.estimate(&given, &resampled.clusters, undefined, |units| {
                    krippendorff_alpha(units, 2, Distance::Nominal)
                });
            LabelAgreement {
                label: name.clone(),
                prevalence,
                alpha,
                why,
            }
        })
        .collect();
    (vec![percent, masi], labels)
}

fn pairs(rows: &Rows<'_>, units: &[Unit], resampled: &Resampled) -> Vec<CoderPair> {
    if rows.annotators.len() > MAX_PAIRED {
        return Vec::new();
    }
    /// What two annotators said of the sentences both labelled, and the articles of these.
    type Common = (Vec<(usize, usize)>, Vec<usize>);
    let mut common: BTreeMap<(usize, usize), Common> = BTreeMap::new();
    for (unit, &cluster) in units.iter().zip(&resampled.clusters) {
        for (i, &(b, row_b)) in unit.iter().enumerate() {
            for &(a, row_a) in &unit[..i] {
                let (values, clusters) = common.entry((a, b)).or_default();
                values.push((rows.of_row[row_a][0], rows.of_row[row_b][0]));
                clusters.push(cluster);
            }
        }
    }
    common
        .into_iter()
        .map(|((a, b), (values, clusters))| {
            let (kappa, why) = resampled.estimate(&values, &clusters, ONE_VALUE, |units| {
                let (a, b): (Vec<usize>, Vec<usize>) = units.iter().map(|&&both| both).unzip();
                cohen_kappa(&a, &b, rows.labels.len(), KappaWeights::Unweighted)
            });
            let equal = values.iter().filter(|(a, b)| a == b).count();
            CoderPair {
                annotators: [rows.annotators[a].clone(), rows.annotators[b].clone()],
                n: values.len(),
                agreement: Some(round6(equal as f64 / values.len() as f64)),
                kappa,
                why,
            }
        })
        .collect()
}

/// The sentences with the widest labels first (against and favor before against and neutral), then those with most disagreeing pairs.
fn disagreements(rows: &Rows<'_>, units: &[Unit]) -> (Vec<Disagreement>, usize) {
    let polarity = rows.classes.as_ref().and_then(|classes| classes.polarity());
    let width = |unit: &Unit| match polarity {
        None => 0,
        Some(polarity) => {
            let worths = unit
                .iter()
                .map(|&(_, r)| i8::from(polarity[rows.of_row[r][0]]));
            worths.clone().max().unwrap_or(0) - worths.min().unwrap_or(0)
        }
    };
    let agreeing = |unit: &Unit| -> f64 {
        let mut counts: FxHashMap<&[usize], f64> = FxHashMap::default();
        for &(_, r) in unit {
            *counts.entry(&rows.of_row[r]).or_insert(0.0) += 1.0;
        }
        let n = unit.len() as f64;
        counts.values().map(|k| k * (k - 1.0)).sum::<f64>() / (n * (n - 1.0))
    };
    let mut apart: Vec<(i8, f64, &Unit)> = units
        .iter()
        .map(|unit| (width(unit), agreeing(unit), unit))
        .filter(|(_, agreeing, _)| *agreeing < 1.0)
        .collect();
    apart.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.total_cmp(&b.1)));
    let n = apart.len();
    let listed = apart
        .into_iter()
        .take(MAX_LISTED)
        .map(|(_, _, unit)| {
            let first = unit.iter().map(|&(_, r)| r).min().expect("two ratings");
            let row = &rows.rows[first];
            Disagreement {
                file: row.location.file.clone(),
                line: row.location.line,
                text: single_spaced(&row.text),
                subject: rows.subject(first).map(str::to_string),
                votes: unit
                    .iter()
                    .map(|&(annotator, r)| Vote {
                        annotator: rows.annotators[annotator].clone(),
                        label: rows.label(r),
                    })
                    .collect(),
            }
        })
        .collect();
    (listed, n)
}

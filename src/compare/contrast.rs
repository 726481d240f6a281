//! Subjects against each other inside the same outlet: the mean net stance of some subjects less that of others.
//!
//! An outlet that is sour about everybody is sour on both sides, and that cancels. It is another question than how an outlet
//! portrays one subject: "A relative to B". One article may mention several subjects, so articles are not independent between
//! subjects: the spread comes from each article's joint contribution to the contrast (the linearised, or sandwich, variance of a
//! difference of ratio means), with Student's t on the articles of the rarest subject less one. Intervals only, nothing tested.

use std::collections::BTreeMap;

use serde::Serialize;

use super::ArticleSummary;
use crate::statistics::{Estimate, MIN_FOR_T, mean, round6, t_critical};

/// Some subjects less others, in every outlet.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contrast {
    /// The subjects whose mean counts positive.
    pub plus: Vec<String>,
    /// Those whose mean is taken off.
    pub minus: Vec<String>,
    /// One an outlet with articles on all of them, lowest first.
    pub outlets: Vec<ContrastOutlet>,
    /// Outlets that lack articles on one of them.
    pub without: Vec<String>,
}

/// A contrast in one outlet.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ContrastOutlet {
    /// The outlet.
    pub outlet: String,
    /// Articles on any of the subjects.
    pub n_articles: usize,
    /// Articles a subject, in the order of `plus`, then `minus`.
    pub n_by_subject: Vec<usize>,
    /// Mean of the outlet's net stance toward the subjects of `plus`, each alike.
    pub plus: f64,
    /// The same of `minus`.
    pub minus: f64,
    /// `plus` less `minus`.
    pub contrast: Estimate,
    /// This outlet's contrast less that of all other outlets' articles together, its interval for itself.
    pub difference: Estimate,
}

/// An article's figures for the subjects of a contrast.
struct Row<'s> {
    outlet: &'s str,
    figures: Vec<Option<f64>>,
}

/// A contrast over a set of articles and how sure it is.
struct Found {
    plus: f64,
    minus: f64,
    /// Variance of the contrast.
    variance: f64,
    /// Articles of the rarest subject.
    n_least: usize,
    n_by_subject: Vec<usize>,
}

impl Found {
    fn value(&self) -> f64 {
        self.plus - self.minus
    }

    fn df(&self) -> f64 {
        self.n_least as f64 - 1.0
    }
}

/// `None` where a subject has no article.
fn contrast_of(rows: &[&Row<'_>], n_plus: usize) -> Option<Found> {
    let n_subjects = rows.first()?.figures.len();
    let of = |k: usize| -> Vec<f64> { rows.iter().filter_map(|row| row.figures[k]).collect() };
    let values: Vec<Vec<f64>> = (0..n_subjects).map(of).collect();
    if values.iter().any(Vec::is_empty) {
        return None;
    }
    let means: Vec<f64> = values.iter().map(|values| mean(values)).collect();
    let weight = |k: usize| match k < n_plus {
        true => 1.0 / n_plus as f64,
        false => -1.0 / (n_subjects - n_plus) as f64,
    };
    // What each article adds to the error of the contrast; a small-sample factor n / (n - 1) a subject.
    let variance: f64 = rows
        .iter()
        .map(|row| {
            let share: f64 = (0..n_subjects)
                .filter_map(|k| {
                    let n = values[k].len() as f64;
                    let factor = (n / (n - 1.0).max(1.0)).sqrt();
                    Some(weight(k) * factor * (row.figures[k]? - means[k]) / n)
                })
                .sum();
            share * share
        })
        .sum();
    Some(Found {
        plus: mean(&means[..n_plus]),
        minus: mean(&means[n_plus..]),
        variance,
        n_least: values.iter().map(Vec::len).min().unwrap_or(0),
        n_by_subject: values.iter().map(Vec::len).collect(),
    })
}

fn with_interval(value: f64, variance: f64, df: f64, level: f64) -> Estimate {
    let half = (df >= MIN_FOR_T as f64 - 1.0)
        .then(|| t_critical(df, level))
        .flatten()
        .map(|t| t * variance.sqrt());
    let interval = half.map(|half| (round6(value - half), round6(value + half)));
    Estimate::with_interval(round6(value), interval)
}

/// The contrast between the subjects of `plus` and `minus`, each with its articles.
pub(super) fn contrast(
    plus: &[(&str, &[ArticleSummary])],
    minus: &[(&str, &[ArticleSummary])],
    level: f64,
) -> Contrast {
    let subjects: Vec<&(&str, &[ArticleSummary])> = plus.iter().chain(minus).collect();
    let mut joined: BTreeMap<(&str, &str, u64), Row<'_>> = BTreeMap::new();
    for (k, (_, articles)) in subjects.iter().enumerate() {
        for article in articles.iter().filter(|article| article.is_scored()) {
            let row = joined
                .entry((&article.outlet, &article.article, article.key))
                .or_insert_with(|| Row {
                    outlet: &article.outlet,
                    figures: vec![None; subjects.len()],
                });
            row.figures[k] = article.net_stance;
        }
    }
    let mut by_outlet: BTreeMap<&str, Vec<&Row<'_>>> = BTreeMap::new();
    for row in joined.values() {
        by_outlet.entry(row.outlet).or_default().push(row);
    }
    let (mut outlets, mut without) = (Vec::new(), Vec::new());
    for (&outlet, rows) in &by_outlet {
        let Some(found) = contrast_of(rows, plus.len()) else {
            without.push(outlet.to_string());
            continue;
        };
        let others: Vec<&Row<'_>> = by_outlet
            .iter()
            .filter(|(other, _)| **other != outlet)
            .flat_map(|(_, rows)| rows)
            .copied()
            .collect();
        let difference = contrast_of(&others, plus.len()).map_or(Estimate::default(), |rest| {
            let variance = found.variance + rest.variance;
            // Welch and Satterthwaite.
            let df = variance.powi(2)
                / (found.variance.powi(2) / found.df().max(1e-9)
                    + rest.variance.powi(2) / rest.df().max(1e-9));
            // Below three articles a side has no spread that could be known.
            let enough = found.n_least.min(rest.n_least) >= MIN_FOR_T;
            let df = if enough {
                df.min(found.df() + rest.df())
            } else {
                0.0
            };
            with_interval(found.value() - rest.value(), variance, df, level).clipped(-4.0, 4.0)
        });
        outlets.push(ContrastOutlet {
            outlet: outlet.to_string(),
            n_articles: rows.len(),
            plus: round6(found.plus),
            minus: round6(found.minus),
            contrast: with_interval(found.value(), found.variance, found.df(), level)
                .clipped(-2.0, 2.0),
            difference,
            n_by_subject: found.n_by_subject,
        });
    }
    outlets.sort_by(|a, b| {
        let value = |o: &ContrastOutlet| o.contrast.value.unwrap_or(f64::INFINITY);
        value(a)
            .total_cmp(&value(b))
            .then_with(|| a.outlet.cmp(&b.outlet))
    });
    let names = |of: &[(&str, &[ArticleSummary])]| -> Vec<String> {
        of.iter().map(|(name, _)| name.to_string()).collect()
    };
    Contrast {
        plus: names(plus),
        minus: names(minus),
        outlets,
        without,
    }
}

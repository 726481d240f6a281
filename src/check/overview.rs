//! Counts: rows, classes, subjects, outlets, articles, and the class shares of each subject and outlet.

use std::collections::BTreeMap;

use serde::Serialize;

use super::rows::Rows;
use crate::statistics::round6;

/// Counts of a labelled data set.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overview {
    /// Rows.
    pub n: usize,
    /// Sentences: rows of one text, subject and article by several annotators are one.
    pub n_sentences: usize,
    /// Articles; a row that names none counts as an article of its own with the other rows of its text.
    pub n_articles: usize,
    /// Rows that name no article.
    pub n_without_article: usize,
    /// Different subjects.
    pub n_subjects: usize,
    /// Rows without a subject.
    pub n_without_subject: usize,
    /// Different outlets.
    pub n_outlets: usize,
    /// Rows that name no outlet.
    pub n_without_outlet: usize,
    /// The annotators' names.
    pub annotators: Vec<String>,
    /// The classes, or the labels of lists, by name.
    pub classes: Vec<ClassCount>,
    /// Class shares by subject, most rows first.
    pub by_subject: Vec<ShareRow>,
    /// Class shares by outlet, most rows first.
    pub by_outlet: Vec<ShareRow>,
}

/// A class and how often it occurs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassCount {
    /// Its name.
    pub class: String,
    /// Rows.
    pub n: usize,
    /// Their share of all rows; shares of lists may sum to more than 1.
    pub share: f64,
    /// Articles with such a row.
    pub n_articles: usize,
}

/// The classes of one subject or outlet.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShareRow {
    /// Its name.
    pub name: String,
    /// Rows.
    pub n: usize,
    /// Articles.
    pub n_articles: usize,
    /// The share of each class, in the order of [`Overview::classes`].
    pub shares: Vec<f64>,
}

impl Overview {
    pub(super) fn new(rows: &Rows<'_>) -> Overview {
        let n = rows.rows.len();
        let articles = articles_by_label(rows);
        let classes = (rows.labels.iter().zip(rows.label_counts()))
            .zip(&articles)
            .map(|((class, count), n_articles)| ClassCount {
                class: class.clone(),
                n: count,
                share: share(count, n),
                n_articles: *n_articles,
            })
            .collect();
        let by_subject = shares(rows, |r| rows.subject(r));
        let by_outlet = shares(rows, |r| rows.outlet(r));
        let without = |of: &dyn Fn(usize) -> bool| (0..n).filter(|&r| of(r)).count();
        Overview {
            n,
            n_sentences: rows.n_sentences,
            n_articles: rows.n_articles,
            n_without_article: without(&|r| rows.rows[r].article.is_none()),
            n_subjects: by_subject.len(),
            n_without_subject: without(&|r| rows.subject(r).is_none()),
            n_outlets: by_outlet.len(),
            n_without_outlet: without(&|r| rows.outlet(r).is_none()),
            annotators: rows.annotators.clone(),
            classes,
            by_subject,
            by_outlet,
        }
    }
}

fn share(n: usize, of: usize) -> f64 {
    round6(n as f64 / of.max(1) as f64)
}

/// In how many articles each label occurs.
pub(super) fn articles_by_label(rows: &Rows<'_>) -> Vec<usize> {
    let mut pairs: Vec<(usize, usize)> = rows
        .of_row
        .iter()
        .zip(&rows.articles)
        .flat_map(|(labels, &article)| labels.iter().map(move |&label| (label, article)))
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    let mut counts = vec![0; rows.labels.len()];
    for (label, _) in pairs {
        counts[label] += 1;
    }
    counts
}

fn shares<'r>(rows: &'r Rows<'_>, name: impl Fn(usize) -> Option<&'r str>) -> Vec<ShareRow> {
    let mut of: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for r in 0..rows.rows.len() {
        if let Some(name) = name(r) {
            of.entry(name).or_default().push(r);
        }
    }
    let mut found: Vec<ShareRow> = of
        .into_iter()
        .map(|(name, members)| {
            let mut counts = vec![0; rows.labels.len()];
            for &label in members.iter().flat_map(|&r| &rows.of_row[r]) {
                counts[label] += 1;
            }
            let mut articles: Vec<usize> = members.iter().map(|&r| rows.articles[r]).collect();
            articles.sort_unstable();
            articles.dedup();
            ShareRow {
                name: name.to_string(),
                n: members.len(),
                n_articles: articles.len(),
                shares: counts.iter().map(|&k| share(k, members.len())).collect(),
            }
        })
        .collect();
    found.sort_by_key(|row| std::cmp::Reverse(row.n));
    found
}

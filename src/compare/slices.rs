//! Net stance by story, month, any column, pair of outlets or group of outlets: exploratory, intervals only, nothing tested.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::differences::Design;
use super::estimates::Figures;
use super::{ArticleSummary, CompareParams};
use crate::statistics::Estimate;

/// Where articles with this value of a column stand.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Slice {
    /// The column: `story`, `month`, `genre` or one of the input.
    pub column: String,
    /// Its value.
    pub value: String,
    /// The outlet; `None` for all outlets together.
    pub outlet: Option<String>,
    /// Articles with a figure.
    pub n_articles: usize,
    /// Their counted sentences.
    pub n_sentences: usize,
    /// Mean over those articles.
    pub net_stance: Estimate,
}

/// Two outlets side by side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pair {
    /// One outlet.
    pub a: String,
    /// The other.
    pub b: String,
    /// Articles of a.
    pub n_a: usize,
    /// Articles of b.
    pub n_b: usize,
    /// Stories both cover, where stories are the unit.
    pub n_stories: Option<usize>,
    /// a less b, its interval for itself.
    pub difference: Estimate,
}

/// A group of outlets.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// Its name.
    pub group: String,
    /// Outlets with an article in it.
    pub outlets: Vec<String>,
    /// Articles with a figure.
    pub n_articles: usize,
    /// Their counted sentences.
    pub n_sentences: usize,
    /// Equal-weight mean over those articles.
    pub net_stance: Estimate,
    /// The group less all articles of other groups, its interval for itself.
    pub difference: Estimate,
}

fn scored<'s>(articles: impl Iterator<Item = &'s ArticleSummary>) -> Vec<&'s ArticleSummary> {
    articles
        .filter(|article| article.is_scored() && article.net_stance.is_some())
        .collect()
}

fn values(articles: &[&ArticleSummary]) -> Vec<f64> {
    articles.iter().filter_map(|a| a.net_stance).collect()
}

fn sentences(articles: &[&ArticleSummary]) -> usize {
    articles.iter().map(|article| article.n).sum()
}

/// Each value of `column`, the `index`th that articles were kept by: all outlets together, then one by one.
pub(super) fn slices(
    articles: &[ArticleSummary],
    column: &str,
    index: usize,
    figures: Figures<'_>,
) -> Vec<Slice> {
    let mut by_value: BTreeMap<&str, BTreeMap<&str, Vec<&ArticleSummary>>> = BTreeMap::new();
    for article in scored(articles.iter()) {
        if let Some(value) = article.by[index].as_deref() {
            let of_value = by_value.entry(value).or_default();
            of_value.entry(&article.outlet).or_default().push(article);
        }
    }
    let mut found = Vec::new();
    for (value, outlets) in by_value {
        let slice = |outlet: Option<&str>, articles: &[&ArticleSummary]| Slice {
            column: column.to_string(),
            value: value.to_string(),
            outlet: outlet.map(str::to_string),
            n_articles: articles.len(),
            n_sentences: sentences(articles),
            net_stance: figures.net_stance(&values(articles)),
        };
        let all: Vec<&ArticleSummary> = outlets.values().flatten().copied().collect();
        found.push(slice(None, &all));
        found.extend(
            outlets
                .iter()
                .map(|(outlet, articles)| slice(Some(outlet), articles)),
        );
    }
    found
}

/// Every pair of the outlets that `names` lists.
pub(super) fn pairs(design: &Design<'_>, names: &[&str], params: &CompareParams) -> Vec<Pair> {
    let mut found = Vec::new();
    for (i, a) in names.iter().enumerate() {
        for b in &names[i + 1..] {
            let (of_a, of_b) = (design.of(a), design.of(b));
            let (difference, n_stories) = design.difference(of_a, of_b, params);
            let (of_a, of_b) = design.compared(of_a, of_b);
            found.push(Pair {
                a: a.to_string(),
                b: b.to_string(),
                n_a: of_a.len(),
                n_b: of_b.len(),
                n_stories,
                difference,
            });
        }
    }
    found
}

/// The groups that `group_of` puts articles in.
pub(super) fn groups<'s>(
    articles: &'s [ArticleSummary],
    group_of: impl Fn(&'s ArticleSummary) -> Option<&'s str>,
    design: &Design<'_>,
    figures: Figures<'_>,
    params: &CompareParams,
) -> Vec<Group> {
    let mut members: BTreeMap<&str, Vec<&ArticleSummary>> = BTreeMap::new();
    for article in scored(articles.iter()) {
        if let Some(group) = group_of(article) {
            members.entry(group).or_default().push(article);
        }
    }
    members
        .iter()
        .map(|(group, articles)| {
            let others: Vec<&ArticleSummary> = members
                .iter()
                .filter(|(other, _)| *other != group)
                .flat_map(|(_, articles)| articles)
                .copied()
                .collect();
            let outlets: BTreeSet<&str> = articles.iter().map(|a| a.outlet.as_str()).collect();
            Group {
                group: group.to_string(),
                outlets: outlets.into_iter().map(str::to_string).collect(),
                n_articles: articles.len(),
                n_sentences: sentences(articles),
                net_stance: figures.net_stance(&values(articles)),
                difference: design.difference(articles, &others, params).0,
            }
        })
        .collect()
}

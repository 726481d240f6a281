//! Whether the order of outlets stands when articles are counted otherwise.

use std::collections::BTreeMap;

use serde::Serialize;

use super::ArticleSummary;
use crate::statistics::{mean, rank_correlation, round6};

/// One way of counting.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Variant {
    /// What is done otherwise.
    pub variant: String,
    /// Articles with a figure then.
    pub n_articles: usize,
    /// Net stance by outlet.
    pub net_stance: BTreeMap<String, f64>,
    /// Spearman's rank correlation with the figures as they are reported, over the outlets that have both; `None` below three or where all are equal.
    pub rank_correlation: Option<f64>,
    /// Outlets that change sides against the mean over outlets.
    pub n_other_side: usize,
}

/// How articles are counted: a name, a figure, whether sentences weigh alike.
struct Way {
    name: &'static str,
    figure: fn(&ArticleSummary) -> Option<f64>,
    by_sentence: bool,
    without_copies: bool,
}

const WAYS: [Way; 8] = [
    Way::new("as reported", |a| a.net_stance),
    Way::new("without quotations", |a| {
        a.without_quotations.and_then(|f| f.net_stance)
    }),
    Way::new("with the subject's own words", |a| a.otherwise.with_self),
    Way::new("with the headline", |a| a.otherwise.with_headline),
    Way {
        by_sentence: true,
        ..Way::new("every sentence alike", |a| a.net_stance)
    },
    Way::new("decisions instead of probabilities", |a| a.otherwise.hard),
    Way::new("names only, no descriptions", |a| a.otherwise.exact),
    Way {
        without_copies: true,
        ..Way::new("without copies", |a| a.net_stance)
    },
];

impl Way {
    const fn new(name: &'static str, figure: fn(&ArticleSummary) -> Option<f64>) -> Way {
        Way {
            name,
            figure,
            by_sentence: false,
            without_copies: false,
        }
    }
}

/// The outlets counted in every way; the first is the one reported.
pub(super) fn variants(articles: &[ArticleSummary], is_copy: &[bool]) -> Vec<Variant> {
    let mut reported: Option<BTreeMap<String, f64>> = None;
    WAYS.iter()
        .map(|way| {
            let mut sums: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
            let mut n_articles = 0;
            for (article, &copy) in articles.iter().zip(is_copy) {
                let Some(figure) = (way.figure)(article).filter(|_| article.is_scored()) else {
                    continue;
                };
                if copy && way.without_copies {
                    continue;
                }
                n_articles += 1;
                let weight = if way.by_sentence {
                    article.n as f64
                } else {
                    1.0
                };
                let (sum, weights) = sums.entry(&article.outlet).or_default();
                *sum += weight * figure;
                *weights += weight;
            }
            let net_stance: BTreeMap<String, f64> = sums
                .into_iter()
                .map(|(outlet, (sum, weights))| (outlet.to_string(), round6(sum / weights)))
                .collect();
            let reported = reported.get_or_insert_with(|| net_stance.clone());
            let both: Vec<(f64, f64)> = reported
                .iter()
                .filter_map(|(outlet, &figure)| Some((figure, *net_stance.get(outlet)?)))
                .collect();
            Variant {
                variant: way.name.to_string(),
                n_articles,
                rank_correlation: rank_correlation(&both).map(round6),
                n_other_side: other_side(&both),
                net_stance,
            }
        })
        .collect()
}

/// How many pairs lie on different sides of their means.
fn other_side(pairs: &[(f64, f64)]) -> usize {
    let (a, b): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let (mean_a, mean_b) = (mean(&a), mean(&b));
    let crosses = |(a, b): &&(f64, f64)| (a - mean_a) * (b - mean_b) < 0.0;
    pairs.iter().filter(crosses).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outlet_that_crosses_the_mean_changes_sides() {
        assert_eq!(other_side(&[(-1.0, 1.0), (1.0, -1.0), (0.0, 0.0)]), 2);
    }
}

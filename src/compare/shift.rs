//! How net stance would read if outlets differed in nothing but their mix of classes.
//!
//! In: the class probabilities of counted sentences and the class counts of the model's training. Out: by outlet class shares and net stance re-estimated
//! by EM ([`shifted_priors`]), which needs no labels. A sensitivity figure under an assumption that style breaks and that nothing here can test: the reported
//! figures stay what they are. Memory is four bytes a counted sentence and class.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::{ArticleSummary, OutletComparison, Provenance};
use crate::score::ArticleScore;
use crate::statistics::{rank_correlation, ranks, round6, shifted_priors};

/// The fewest articles of an outlet with a figure.
const MIN_ARTICLES: usize = 3;

/// The fewest counted sentences of an outlet with a figure.
const MIN_SENTENCES: usize = 30;

/// What has to hold, as it follows an "if".
const ASSUMPTION: &str = "sentences of a class read alike in every outlet and in the training data, and only the mix of classes differed (style breaks this)";

/// Net stance under prior shift: a sensitivity figure that stands and falls with its assumption.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PriorShift {
    /// What the figures take for granted, as it follows an "if".
    pub assumption: String,
    /// By outlet; those with fewer than three articles or 30 counted sentences have none.
    pub outlets: BTreeMap<String, ShiftedOutlet>,
    /// Spearman's rank correlation with net stance as reported, over these outlets; `None` below three or where all are equal.
    pub rank_correlation: Option<f64>,
    /// Whether these outlets are in the same order as reported.
    pub same_order: bool,
}

/// One outlet's figures under prior shift. They have no interval; articles drawn anew move them far more than the mean of probabilities, as they undo its pull
/// toward the training mix.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShiftedOutlet {
    /// Share of each class.
    pub shares: BTreeMap<String, f64>,
    /// Polarity times share, summed.
    pub net_stance: f64,
}

/// Collects probabilities article by article.
#[derive(Debug)]
pub(super) struct Shift {
    classes: Vec<String>,
    /// What each class is worth.
    worths: Vec<f64>,
    /// Training sentences of each class.
    training: Vec<f64>,
    /// One a counted sentence and class, in the order of articles added.
    probabilities: Vec<f32>,
}

/// An article's rows.
struct Rows<'a> {
    article: &'a ArticleSummary,
    probabilities: &'a [f32],
}

impl Shift {
    /// `None` for plain classes, and where the class counts of the training are not known.
    pub fn new(provenance: &Provenance) -> Option<Shift> {
        let polarity = provenance.polarity.as_ref()?;
        let counts = &provenance.trained.as_ref()?.class_counts;
        let count = |class: &String| counts.get(class).copied().unwrap_or(0) as f64;
        (!counts.is_empty()).then(|| Shift {
            classes: provenance.classes.clone(),
            worths: polarity.iter().map(|worth| worth.value()).collect(),
            training: provenance.classes.iter().map(count).collect(),
            probabilities: Vec::new(),
        })
    }

    /// Adds the counted sentences of an article that has some.
    pub fn add(&mut self, score: &ArticleScore) {
        for sentence in score.sentences.iter().filter(|sentence| sentence.counts()) {
            let of_class = |class| sentence.probabilities.get(class).map_or(0.0, |&p| p as f32);
            self.probabilities.extend(self.classes.iter().map(of_class));
        }
    }

    /// The figures of `outlets`; `articles` are all that were summarised, in the order added. `None` where no outlet has enough.
    pub fn finish(
        &self,
        articles: &[ArticleSummary],
        outlets: &[OutletComparison],
    ) -> Option<PriorShift> {
        let mut by_outlet: BTreeMap<&str, Vec<Rows<'_>>> = BTreeMap::new();
        let mut rest = self.probabilities.as_slice();
        for article in articles.iter().filter(|article| article.is_scored()) {
            let probabilities;
            (probabilities, rest) = rest.split_at(article.n * self.classes.len());
            let of_outlet = by_outlet.entry(&article.outlet).or_default();
            of_outlet.push(Rows {
                article,
                probabilities,
            });
        }
        let found: Vec<Option<(&OutletComparison, ShiftedOutlet)>> = outlets
            .par_iter()
            .map(|outlet| {
                let rows = by_outlet.get(outlet.outlet.as_str())?;
                Some((outlet, self.outlet(rows)?))
            })
            .collect();
        let found: Vec<(&OutletComparison, ShiftedOutlet)> = found.into_iter().flatten().collect();
        if found.is_empty() {
            return None;
        }
        let pairs: Vec<(f64, f64)> = found
            .iter()
            .filter_map(|(outlet, shifted)| Some((outlet.net_stance.value?, shifted.net_stance)))
            .collect();
        let (reported, shifted): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
        Some(PriorShift {
            assumption: ASSUMPTION.to_string(),
            rank_correlation: rank_correlation(&pairs).map(round6),
            same_order: ranks(&reported) == ranks(&shifted),
            outlets: found
                .into_iter()
                .map(|(outlet, shifted)| (outlet.outlet.clone(), shifted))
                .collect(),
        })
    }

    /// The figures of one outlet: articles weigh alike and so do the sentences of one, as in the net stance reported.
    fn outlet(&self, articles: &[Rows<'_>]) -> Option<ShiftedOutlet> {
        let n_sentences: usize = articles.iter().map(|rows| rows.article.n).sum();
        if articles.len() < MIN_ARTICLES || n_sentences < MIN_SENTENCES {
            return None;
        }
        // Summed in an order of their own, so that the order of the input changes nothing.
        let mut articles: Vec<&Rows<'_>> = articles.iter().collect();
        articles.sort_by(|a, b| a.order(b));
        let mut probabilities = Vec::with_capacity(n_sentences * self.classes.len());
        let mut weights = Vec::with_capacity(n_sentences);
        for rows in &articles {
            probabilities.extend(rows.probabilities.iter().map(|&p| f64::from(p)));
            let weight = 1.0 / (articles.len() as f64 * rows.article.n as f64);
            weights.resize(weights.len() + rows.article.n, weight);
        }
        let shares = shifted_priors(&probabilities, &weights, &self.training)?;
        let net_stance: f64 = shares
            .iter()
            .zip(&self.worths)
            .map(|(share, worth)| share * worth)
            .sum();
        Some(ShiftedOutlet {
            shares: self
                .classes
                .iter()
                .cloned()
                .zip(shares.into_iter().map(round6))
                .collect(),
            net_stance: round6(net_stance),
        })
    }
}

impl Rows<'_> {
    /// By id; of articles that share one by what else they have, down to the figures themselves.
    fn order(&self, other: &Rows<'_>) -> Ordering {
        let (a, b) = (self.article, other.article);
        (&a.article, a.key, a.n)
            .cmp(&(&b.article, b.key, b.n))
            .then_with(|| {
                let figures = self.probabilities.iter().zip(other.probabilities);
                figures
                    .map(|(a, b)| a.total_cmp(b))
                    .find(|order| order.is_ne())
                    .unwrap_or(Ordering::Equal)
            })
    }
}

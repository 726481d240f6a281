//! Labelled rows with their predictions, and the same rows with whole articles resampled.

use rand::Rng;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::{Counts, DRAWS, MIN_ARTICLES, Predictions};
use crate::classes::ClassProbabilities;
use crate::statistics::{Estimate, percentile_interval, round6, stream};

/// Predictions with what all their figures share.
pub(super) struct Sample<'p> {
    pub predictions: Predictions<'p>,
    /// The likeliest class of each row.
    pub hard: Vec<usize>,
    /// Number of classes.
    pub k: usize,
    /// The classes that occur, true or predicted. A resample may lack a rare one; averaging over fewer classes there would be another,
    /// easier figure.
    pub occurring: Vec<usize>,
    level: f64,
    seed: u64,
}

impl<'p> Sample<'p> {
    pub fn new(predictions: Predictions<'p>, k: usize, level: f64, seed: u64) -> Sample<'p> {
        let hard = predictions
            .probabilities
            .iter()
            .map(ClassProbabilities::hard)
            .collect();
        let mut sample = Sample {
            predictions,
            hard,
            k,
            occurring: Vec::new(),
            level,
            seed,
        };
        sample.occurring = sample.counts(&sample.all()).occurring();
        sample
    }

    /// Every row.
    pub fn all(&self) -> Vec<usize> {
        (0..self.predictions.truth.len()).collect()
    }

    pub fn counts(&self, rows: &[usize]) -> Counts {
        let truth = self.predictions.truth;
        Counts::new(self.k, rows.iter().map(|&r| (truth[r], self.hard[r])))
    }

    /// Share of `rows` that are right.
    pub fn accuracy(&self, rows: &[usize]) -> Option<f64> {
        let truth = self.predictions.truth;
        share(rows, |r| self.hard[r] == truth[r])
    }

    /// Articles of `rows`.
    pub fn n_articles(&self, rows: &[usize]) -> usize {
        self.by_article(rows, |r| r).len()
    }

    /// `items` by the article of the row `row_of` gives, articles in order of their first item.
    fn by_article(&self, items: &[usize], row_of: impl Fn(usize) -> usize) -> Vec<Vec<usize>> {
        let mut place: FxHashMap<usize, usize> = FxHashMap::default();
        let mut articles: Vec<Vec<usize>> = Vec::new();
        for &item in items {
            let group = self.predictions.groups[row_of(item)];
            let at = *place.entry(group).or_insert(articles.len());
            if at == articles.len() {
                articles.push(Vec::new());
            }
            articles[at].push(item);
        }
        articles
    }

    /// `statistic` of `rows` with their articles drawn anew, with replacement, [`DRAWS`] times; nothing below [`MIN_ARTICLES`] articles.
    pub fn resample<T: Send>(
        &self,
        rows: &[usize],
        statistic: impl Fn(&[usize]) -> T + Sync,
    ) -> Vec<T> {
        self.resample_items(rows, |r| r, statistic)
    }

    /// The same for other things than rows, each of which belongs to the article of row `row_of`.
    pub fn resample_items<T: Send>(
        &self,
        items: &[usize],
        row_of: impl Fn(usize) -> usize,
        statistic: impl Fn(&[usize]) -> T + Sync,
    ) -> Vec<T> {
        let articles = self.by_article(items, row_of);
        if articles.len() < MIN_ARTICLES {
            return Vec::new();
        }
        (0..DRAWS as u64)
            .into_par_iter()
            .map(|draw| {
                let mut chance = stream(self.seed, draw);
                let drawn: Vec<usize> = (0..articles.len())
                    .flat_map(|_| {
                        articles[chance.gen_range(0..articles.len())]
                            .iter()
                            .copied()
                    })
                    .collect();
                statistic(&drawn)
            })
            .collect()
    }

    /// A figure with the middle `level` of its resamples.
    pub fn estimate(
        &self,
        value: Option<f64>,
        draws: impl Iterator<Item = Option<f64>>,
    ) -> Estimate {
        let draws: Vec<Option<f64>> = draws.collect();
        value.map_or_else(Estimate::default, |value| {
            let interval = percentile_interval(&draws, self.level);
            let interval = interval.map(|(low, high)| (round6(low), round6(high)));
            Estimate::with_interval(round6(value), interval)
        })
    }

    /// Several figures of `rows` at once.
    pub fn estimates<const N: usize>(
        &self,
        rows: &[usize],
        statistic: impl Fn(&[usize]) -> [Option<f64>; N] + Sync,
    ) -> [Estimate; N] {
        self.item_estimates(rows, |r| r, statistic)
    }

    /// The same for other things than rows.
    pub fn item_estimates<const N: usize>(
        &self,
        items: &[usize],
        row_of: impl Fn(usize) -> usize,
        statistic: impl Fn(&[usize]) -> [Option<f64>; N] + Sync,
    ) -> [Estimate; N] {
        let here = statistic(items);
        let draws = self.resample_items(items, row_of, &statistic);
        std::array::from_fn(|i| self.estimate(here[i], draws.iter().map(|draw| draw[i])))
    }
}

/// Share of `items` that `is`.
pub(super) fn share(items: &[usize], is: impl Fn(usize) -> bool) -> Option<f64> {
    let n = items.iter().filter(|&&item| is(item)).count();
    (!items.is_empty()).then(|| n as f64 / items.len() as f64)
}

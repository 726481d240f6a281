//! Under which aspects (frames) outlets present the sentences about the subject.
//!
//! In: scores whose sentences list their frames. Out: by outlet and over all, the share of sentences with each frame (mean over articles, every article
//! alike) and the share of articles with such a sentence.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::score::{ArticleScore, FramesRun};
use crate::statistics::{Estimate, proportion_interval, round6};

/// One frame in one outlet, or over all.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FrameComparison {
    /// The frame.
    pub frame: String,
    /// Counted sentences that have it.
    pub n_sentences: usize,
    /// Articles with such a sentence.
    pub n_articles: usize,
    /// Mean over articles of the share of sentences that have it; no interval where it is the same in all.
    pub share_of_sentences: Estimate,
    /// Share of articles with such a sentence (interval: Wilson).
    pub share_of_articles: Estimate,
}

/// Frames over all outlets, and what they were told by.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FramesComparison {
    /// Digest of the model of frames.
    pub model: String,
    /// What its maker says of it.
    pub about: Option<String>,
    /// Its macro-F1 on held-out folds of its training data.
    pub macro_f1: Option<f64>,
    /// Articles with a counted sentence.
    pub n_articles: usize,
    /// Each frame, the articles of all outlets alike.
    pub all: Vec<FrameComparison>,
}

/// How many sentences of an article have each frame, and how many it has.
#[derive(Debug)]
struct ArticleFrames {
    n: usize,
    with: BTreeMap<usize, usize>,
}

/// Counts frames article by article.
#[derive(Debug)]
pub(super) struct FrameTally {
    run: FramesRun,
    by_outlet: BTreeMap<String, Vec<ArticleFrames>>,
}

impl FrameTally {
    pub fn new(run: FramesRun) -> FrameTally {
        FrameTally {
            run,
            by_outlet: BTreeMap::new(),
        }
    }

    /// Counts the sentences of one article.
    pub fn add(&mut self, score: &ArticleScore) {
        let mut article = ArticleFrames {
            n: score.n,
            with: BTreeMap::new(),
        };
        for sentence in score.sentences.iter().filter(|sentence| sentence.counts()) {
            for frame in sentence.frames.keys() {
                if let Some(k) = self.run.names.iter().position(|name| name == frame) {
                    *article.with.entry(k).or_default() += 1;
                }
            }
        }
        let of_outlet = self.by_outlet.entry(score.outlet.clone());
        of_outlet.or_default().push(article);
    }

    /// The frames in `outlet`; `share` makes a figure of article shares.
    pub fn outlet(
        &self,
        outlet: &str,
        level: f64,
        share: impl Fn(&[f64]) -> Estimate,
    ) -> Vec<FrameComparison> {
        let articles: Vec<&ArticleFrames> =
            self.by_outlet.get(outlet).into_iter().flatten().collect();
        self.compare(&articles, level, share)
    }

    /// The frames over all outlets.
    pub fn all(&self, level: f64, share: impl Fn(&[f64]) -> Estimate) -> FramesComparison {
        let articles: Vec<&ArticleFrames> = self.by_outlet.values().flatten().collect();
        FramesComparison {
            model: self.run.model.clone(),
            about: self.run.about.clone(),
            macro_f1: self.run.macro_f1,
            n_articles: articles.len(),
            all: self.compare(&articles, level, share),
        }
    }

    fn compare(
        &self,
        articles: &[&ArticleFrames],
        level: f64,
        share: impl Fn(&[f64]) -> Estimate,
    ) -> Vec<FrameComparison> {
        let frames = self.run.names.iter().enumerate();
        frames
            .map(|(k, name)| {
                let with = |article: &&ArticleFrames| article.with.get(&k).copied().unwrap_or(0);
                let shares: Vec<f64> = articles
                    .iter()
                    .map(|article| with(article) as f64 / article.n as f64)
                    .collect();
                let n_articles = articles.iter().filter(|article| with(article) > 0).count();
                let interval = proportion_interval(n_articles, articles.len(), level);
                let interval = interval.map(|(low, high)| (round6(low), round6(high)));
                let of_articles = match articles.is_empty() {
                    true => Estimate::default(),
                    false => Estimate::with_interval(
                        round6(n_articles as f64 / articles.len() as f64),
                        interval,
                    ),
                };
                FrameComparison {
                    frame: name.clone(),
                    n_sentences: articles.iter().map(with).sum(),
                    n_articles,
                    // Articles all alike have no spread to make an interval of: four without a frame do not prove that there is none.
                    share_of_sentences: match shares.windows(2).any(|pair| pair[0] != pair[1]) {
                        true => share(&shares),
                        false => shares.first().map_or_else(Estimate::default, |&first| {
                            Estimate::point(round6(first))
                        }),
                    },
                    share_of_articles: of_articles,
                }
            })
            .collect()
    }
}

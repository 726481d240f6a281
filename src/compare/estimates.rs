//! Outlets one by one: net stance, class shares, voices, prominence.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{ArticleSummary, CompareParams};
use crate::score::VoiceScore;
use crate::span::Voice;
use crate::statistics::{Estimate, MIN_FOR_T, mean, mean_interval, proportion_interval, round6};

/// One voice in one outlet, or several together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VoiceComparison {
    /// Articles with a sentence of this voice.
    pub n_articles: usize,
    /// Sentences.
    pub n_sentences: usize,
    /// Mean over those articles.
    pub net_stance: Estimate,
}

/// A mean over articles that need not be all of an outlet's.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct CountedEstimate {
    /// Articles it is over.
    pub n_articles: usize,
    /// The mean; none without articles.
    pub estimate: Estimate,
}

/// How much room an outlet gives the subject.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Prominence {
    /// Articles that mention the subject, furniture and the subject's own words included.
    pub n_mentioning: usize,
    /// Their share of all its articles (interval: Wilson).
    pub mentioned: Estimate,
    /// Share of mentioning articles with a headline that names the subject there, of those with a headline.
    pub in_headline: CountedEstimate,
    /// Share of mentioning articles whose first paragraph does.
    pub in_first_paragraph: CountedEstimate,
    /// Where somebody else (quoted or reported) first speaks ill of the subject: share of the text before it, 0 its beginning.
    pub first_critic: CountedEstimate,
    /// Where somebody else first speaks well of it.
    pub first_defender: CountedEstimate,
}

/// Figures of any set of articles.
#[derive(Debug, Clone, Copy)]
pub(super) struct Figures<'p> {
    params: &'p CompareParams,
}

impl<'p> Figures<'p> {
    pub fn new(params: &'p CompareParams) -> Figures<'p> {
        Figures { params }
    }

    /// The mean of `values` with its interval, clipped to [`min`, `max`].
    fn clipped(&self, values: &[f64], min: f64, max: f64) -> Estimate {
        if values.is_empty() {
            return Estimate::default();
        }
        // Sorted, so that the order of the input moves no resample.
        let mut values = values.to_vec();
        values.sort_by(f64::total_cmp);
        let values = values.as_slice();
        let interval = mean_interval(values, self.params.level, self.params.seed);
        let interval = interval.map(|(low, high)| (round6(low), round6(high)));
        Estimate::with_interval(round6(mean(values)), interval).clipped(min, max)
    }

    /// A mean net stance with its interval, clipped to the scale.
    pub fn net_stance(&self, values: &[f64]) -> Estimate {
        self.clipped(values, -1.0, 1.0)
    }

    /// A mean share with its interval, clipped to 0 and 1.
    pub fn share_of_sentences(&self, values: &[f64]) -> Estimate {
        self.clipped(values, 0.0, 1.0)
    }

    /// The same; nothing where there are too few values for an interval.
    pub fn or_none(&self, values: &[f64]) -> Estimate {
        match values.len() {
            n if n < MIN_FOR_T => Estimate::default(),
            _ => self.net_stance(values),
        }
    }

    /// A mean of places in the text.
    fn place(&self, values: &[f64]) -> CountedEstimate {
        CountedEstimate {
            n_articles: values.len(),
            estimate: self.clipped(values, 0.0, 1.0),
        }
    }

    /// The share of `n` that `k` are.
    fn share(&self, k: usize, n: usize) -> CountedEstimate {
        let interval = proportion_interval(k, n, self.params.level);
        CountedEstimate {
            n_articles: n,
            estimate: match n {
                0 => Estimate::default(),
                n => Estimate::with_interval(
                    round6(k as f64 / n as f64),
                    interval.map(|(low, high)| (round6(low), round6(high))),
                ),
            },
        }
    }

    /// Net stance by voice.
    pub fn voices(&self, articles: &[&ArticleSummary]) -> BTreeMap<Voice, VoiceComparison> {
        Voice::ALL
            .into_iter()
            .filter_map(|voice| {
                let of_voice: Vec<&(Option<f64>, usize)> = articles
                    .iter()
                    .filter_map(|article| article.by_voice.get(&voice))
                    .collect();
                let values: Vec<f64> = of_voice.iter().filter_map(|(value, _)| *value).collect();
                (!of_voice.is_empty()).then(|| {
                    let figures = VoiceComparison {
                        n_articles: of_voice.len(),
                        n_sentences: of_voice.iter().map(|(_, n)| n).sum(),
                        net_stance: self.net_stance(&values),
                    };
                    (voice, figures)
                })
            })
            .collect()
    }

    /// Net stance without direct quotations.
    pub fn without_quotations(&self, articles: &[&ArticleSummary]) -> VoiceComparison {
        let figures: Vec<VoiceScore> = articles
            .iter()
            .filter_map(|article| article.without_quotations)
            .collect();
        let values: Vec<f64> = figures.iter().filter_map(|f| f.net_stance).collect();
        VoiceComparison {
            n_articles: figures.len(),
            n_sentences: figures.iter().map(|f| f.n).sum(),
            net_stance: self.or_none(&values),
        }
    }

    /// Net stance of the headlines that mention the subject.
    pub fn headlines(&self, articles: &[&ArticleSummary]) -> CountedEstimate {
        let values: Vec<f64> = articles.iter().filter_map(|a| a.headline).collect();
        CountedEstimate {
            n_articles: values.len(),
            estimate: self.or_none(&values),
        }
    }

    /// The mean over sentences instead of articles; no interval, as sentences of one article are not independent.
    pub fn sentence_weighted(&self, articles: &[&ArticleSummary]) -> Option<f64> {
        let n: usize = articles.iter().map(|article| article.n).sum();
        let sum: Option<f64> = articles
            .iter()
            .map(|article| Some(article.net_stance? * article.n as f64))
            .sum();
        sum.filter(|_| n > 0).map(|sum| round6(sum / n as f64))
    }

    /// Mean over articles of what `pick` has for each of `classes`.
    pub fn shares(
        &self,
        articles: &[&ArticleSummary],
        classes: &[String],
        pick: fn(&ArticleSummary) -> &[f64],
    ) -> BTreeMap<String, f64> {
        if articles.is_empty() {
            return BTreeMap::new();
        }
        let share = |k: usize| {
            let values: Vec<f64> = articles.iter().map(|article| pick(article)[k]).collect();
            round6(mean(&values))
        };
        let names = classes.iter().enumerate();
        names.map(|(k, name)| (name.clone(), share(k))).collect()
    }

    /// How much room `articles`, which all mention the subject, give it, of `n_read` that were read.
    pub fn prominence(&self, articles: &[&ArticleSummary], n_read: usize) -> Prominence {
        let with_title: Vec<bool> = articles.iter().filter_map(|a| a.in_headline).collect();
        let titled = with_title.iter().filter(|&&named| named).count();
        let first = articles.iter().filter(|a| a.in_first_paragraph).count();
        let critics: Vec<f64> = articles.iter().filter_map(|a| a.first_critic).collect();
        let defenders: Vec<f64> = articles.iter().filter_map(|a| a.first_defender).collect();
        Prominence {
            n_mentioning: articles.len(),
            mentioned: self.share(articles.len(), n_read).estimate,
            in_headline: self.share(titled, with_title.len()),
            in_first_paragraph: self.share(first, articles.len()),
            first_critic: self.place(&critics),
            first_defender: self.place(&defenders),
        }
    }
}

//! What is kept of an article: a bounded number of figures, no text.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;
use serde_json::Value;

use super::MONTH;
use super::outlets::looks_like_opinion;
use crate::classes::Polarity;
use crate::score::{ArticleScore, SentenceScore, VoiceScore};
use crate::span::Voice;
use crate::statistics::mean;
use crate::text::How;

/// What is kept of an article that mentions the subject.
#[derive(Debug, Clone, PartialEq)]
pub struct ArticleSummary {
    /// Its id.
    pub article: String,
    /// What tells it from other articles, also of the same id; the same for every subject.
    pub key: u64,
    /// Who published it.
    pub outlet: String,
    /// The event it covers.
    pub story: Option<String>,
    /// Its values of the columns compared by, in their order.
    pub by: Vec<Option<String>>,
    /// Mean net stance of its counted sentences; `None` without any, or with plain classes.
    pub net_stance: Option<f64>,
    /// Counted sentences.
    pub n: usize,
    /// Mean probability of each class over them.
    pub shares: Vec<f64>,
    /// Share of them whose likeliest class it is.
    pub shares_hard: Vec<f64>,
    /// Mean net stance and number of sentences by voice.
    pub by_voice: BTreeMap<Voice, (Option<f64>, usize)>,
    /// Mean net stance and number of sentences without quotations; see [`ArticleScore::without_quotations`].
    pub without_quotations: Option<VoiceScore>,
    /// Whether its text is unlike the model's training text.
    pub unlike: bool,
    /// Whether it looks like opinion.
    pub opinion: bool,
    /// Net stance of its headline, where that mentions the subject.
    pub headline: Option<f64>,
    /// Whether its headline mentions the subject; `None` without one.
    pub in_headline: Option<bool>,
    /// Whether its first paragraph does.
    pub in_first_paragraph: bool,
    /// Where somebody else first speaks ill of the subject, as a share of the text's length.
    pub first_critic: Option<f64>,
    /// Where somebody else first speaks well of the subject.
    pub first_defender: Option<f64>,
    /// Its net stance counted otherwise.
    pub otherwise: Otherwise,
}

/// An article's net stance counted otherwise, for the robustness table; `None` where nothing is left to count.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Otherwise {
    /// Polarity of each sentence's likeliest class instead of polarity times probability.
    pub hard: Option<f64>,
    /// The subject's own words counted too.
    pub with_self: Option<f64>,
    /// The headline counted as one more sentence.
    pub with_headline: Option<f64>,
    /// Sentences that name the subject, without those that only describe it.
    pub exact: Option<f64>,
}

/// The index of the likeliest class, the first of equals.
fn likeliest(p: &[f64]) -> usize {
    (0..p.len()).fold(0, |best, k| if p[k] > p[best] { k } else { best })
}

fn mean_of(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| mean(values))
}

/// What the classes of a score are.
#[derive(Debug, Clone, Copy)]
pub struct ScoredClasses<'c> {
    /// Their names, in order.
    pub names: &'c [String],
    /// What each is worth, if anything.
    pub polarity: Option<&'c [Polarity]>,
}

impl ScoredClasses<'_> {
    fn probabilities(&self, of: &BTreeMap<String, f64>) -> Vec<f64> {
        let names = self.names.iter();
        names
            .map(|class| of.get(class).copied().unwrap_or(0.0))
            .collect()
    }

    /// What the likeliest class of a sentence is worth.
    fn hard(&self, sentence: &SentenceScore) -> Option<f64> {
        let class = likeliest(&self.probabilities(&sentence.probabilities));
        let worth = *self.polarity?.get(class)?;
        Some(f64::from(i8::from(worth)))
    }
}

impl ArticleSummary {
    /// Sums up `score`; `by` names columns, `story` and `genre` among them, whose values are kept. `None` where no sentence mentions the subject.
    pub fn new(
        score: &ArticleScore,
        classes: ScoredClasses<'_>,
        by: &[String],
    ) -> Option<ArticleSummary> {
        if score.sentences.is_empty() {
            return None;
        }
        let counted: Vec<&SentenceScore> = score.sentences.iter().filter(|s| s.counts()).collect();
        let n = counted.len() as f64;
        let mut shares = vec![0.0; classes.names.len()];
        let mut shares_hard = vec![0.0; classes.names.len()];
        for sentence in &counted {
            let p = classes.probabilities(&sentence.probabilities);
            for (share, probability) in shares.iter_mut().zip(&p) {
                *share += probability / n;
            }
            if let Some(share) = shares_hard.get_mut(likeliest(&p)) {
                *share += 1.0 / n;
            }
        }
        let values = |sentences: &[&SentenceScore]| -> Vec<f64> {
            sentences.iter().filter_map(|s| s.net_stance).collect()
        };
        let prose: Vec<&SentenceScore> = score
            .sentences
            .iter()
            .filter(|s| s.furniture.is_none())
            .collect();
        let exact: Vec<&SentenceScore> = counted
            .iter()
            .copied()
            .filter(|s| s.mentions.iter().any(|mention| mention.how == How::Exact))
            .collect();
        let headline = score.headline.as_ref().and_then(|h| h.net_stance);
        let mut with_headline = values(&counted);
        with_headline.extend(headline);
        let hard: Vec<f64> = counted.iter().filter_map(|s| classes.hard(s)).collect();
        let first_of = |worth: f64| {
            let others = counted
                .iter()
                .filter(|s| matches!(s.voice, Voice::Quote | Voice::Reported | Voice::Mixed));
            let mut of_worth = others.filter(|s| classes.hard(s) == Some(worth));
            let place = of_worth.next()?.span.0 as f64;
            (score.length > 0).then(|| place / score.length as f64)
        };
        Some(ArticleSummary {
            article: score.article.clone(),
            outlet: score.outlet.clone(),
            story: named(&score.story),
            key: key(score),
            by: by
                .iter()
                .map(|column| column_value(score, column))
                .collect(),
            net_stance: score.net_stance,
            n: counted.len(),
            shares,
            shares_hard,
            by_voice: score
                .by_voice
                .iter()
                .map(|(&voice, score)| (voice, (score.net_stance, score.n)))
                .collect(),
            without_quotations: score.without_quotations(),
            unlike: score.familiarity.unlike,
            opinion: looks_like_opinion(
                &score.outlet,
                score.title.as_deref(),
                score.genre.as_deref(),
            ),
            headline,
            in_headline: score.title.as_ref().map(|_| score.headline.is_some()),
            in_first_paragraph: score.in_first_paragraph,
            first_critic: first_of(-1.0),
            first_defender: first_of(1.0),
            otherwise: Otherwise {
                hard: mean_of(&hard),
                with_self: mean_of(&values(&prose)),
                with_headline: mean_of(&with_headline),
                exact: mean_of(&values(&exact)),
            },
        })
    }

    /// Whether a sentence of it counts.
    pub fn is_scored(&self) -> bool {
        self.n > 0
    }
}

/// A name that says something.
fn named(name: &Option<String>) -> Option<String> {
    name.clone().filter(|name| !name.trim().is_empty())
}

fn key(score: &ArticleScore) -> u64 {
    let mut hasher = FxHasher::default();
    (
        &score.outlet,
        &score.article,
        &score.title,
        &score.date,
        score.length,
    )
        .hash(&mut hasher);
    hasher.finish()
}

/// The value of a column of the input; numbers and truth values as the input writes them.
fn column_value(score: &ArticleScore, column: &str) -> Option<String> {
    match column {
        "story" => named(&score.story),
        "genre" => named(&score.genre),
        // The month is told once the outlet's dates are all known.
        "date" | MONTH => score.date.clone(),
        column => match score.extra.get(column)? {
            Value::Null => None,
            Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
            other => Some(other.to_string()),
        },
    }
}

//! The sentences a reader should look at: of each outlet those with the lowest and highest scores.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::score::{ArticleScore, MentionScore, SentenceScore};
use crate::span::{CharSpan, Voice};

/// A sentence with its score and where it stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EvidenceSentence {
    /// Who published it.
    pub outlet: String,
    /// The article's id.
    pub article: String,
    /// Its headline.
    pub title: Option<String>,
    /// Where in its text, in characters.
    pub span: CharSpan,
    /// The sentence.
    pub text: String,
    /// Whose words it is.
    pub voice: Voice,
    /// Where it names the subject.
    pub mentions: Vec<MentionScore>,
    /// One probability a class.
    pub probabilities: BTreeMap<String, f64>,
    /// Its score.
    pub net_stance: Option<f64>,
}

/// A bounded collection: the `size` lowest and the `size` highest sentences of an outlet.
#[derive(Debug)]
pub(super) struct Strongest {
    size: usize,
    /// Ascending.
    lowest: Vec<EvidenceSentence>,
    /// Ascending.
    highest: Vec<EvidenceSentence>,
}

impl Strongest {
    pub fn new(size: usize) -> Strongest {
        Strongest {
            size,
            lowest: Vec::new(),
            highest: Vec::new(),
        }
    }

    /// Offers the counted sentences of `score`.
    pub fn add(&mut self, score: &ArticleScore) {
        for sentence in score.sentences.iter().filter(|sentence| sentence.counts()) {
            let Some(value) = sentence.net_stance else {
                continue;
            };
            let at = self
                .lowest
                .partition_point(|kept| kept.net_stance <= Some(value));
            if at < self.size {
                self.lowest.insert(at, evidence(score, sentence));
                self.lowest.truncate(self.size);
            }
            let at = self
                .highest
                .partition_point(|kept| kept.net_stance < Some(value));
            if at > 0 || self.highest.len() < self.size {
                self.highest.insert(at, evidence(score, sentence));
                if self.highest.len() > self.size {
                    self.highest.remove(0);
                }
            }
        }
    }

    /// The kept sentences, ascending, none twice.
    pub fn sentences(&self) -> Vec<EvidenceSentence> {
        let mut all = self.lowest.clone();
        let kept = |one: &EvidenceSentence, all: &[EvidenceSentence]| {
            all.iter()
                .any(|other| other.article == one.article && other.span == one.span)
        };
        for sentence in &self.highest {
            if !kept(sentence, &all) {
                all.push(sentence.clone());
            }
        }
        all
    }
}

fn evidence(score: &ArticleScore, sentence: &SentenceScore) -> EvidenceSentence {
    EvidenceSentence {
        outlet: score.outlet.clone(),
        article: score.article.clone(),
        title: score.title.clone(),
        span: sentence.span,
        text: sentence.text.clone(),
        voice: sentence.voice,
        mentions: sentence.mentions.clone(),
        probabilities: sentence.probabilities.clone(),
        net_stance: sentence.net_stance,
    }
}

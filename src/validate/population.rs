//! What a population of scores is known again by: a sample drawn from one must not be read with another.

use serde::{Deserialize, Serialize};

use super::frame::digest_number;
use crate::score::{ArticleScore, Seen};

/// Counts and a digest of all counted sentences with their scores, whatever their order.
#[derive(Debug, Default)]
pub struct Population {
    seen: Seen,
    facts: PopulationFacts,
}

/// What is known of a population.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PopulationFacts {
    /// Articles with a counted sentence.
    pub n_articles: usize,
    /// Counted sentences.
    pub n_sentences: usize,
    /// The sum of the articles' digests, in hexadecimal digits.
    #[serde(with = "hexadecimal")]
    pub digest: u64,
}

/// What became of a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scored {
    /// It is part of the population.
    Counted,
    /// It has no counted sentence, or came before.
    LeftOut,
}

impl Population {
    /// Adds a score, unless it came before or has no counted sentence.
    pub fn add(&mut self, score: &ArticleScore) -> Scored {
        if score.sentences.is_empty() || !self.seen.is_new(score) || score.n == 0 {
            return Scored::LeftOut;
        }
        self.facts.n_articles += 1;
        self.facts.n_sentences += score.n;
        let mut parts = super::identity(score).into_bytes();
        for sentence in score.sentences.iter().filter(|s| s.counts()) {
            parts.extend((sentence.span.0 as u64).to_le_bytes());
            parts.extend((sentence.span.1 as u64).to_le_bytes());
            for probability in sentence.probabilities.values() {
                parts.extend(probability.to_le_bytes());
            }
        }
        self.facts.digest = self.facts.digest.wrapping_add(digest_number(&[&parts]));
        Scored::Counted
    }

    /// What is known of it.
    pub fn facts(&self) -> &PopulationFacts {
        &self.facts
    }
}

/// A number as 16 hexadecimal digits: JSON's numbers cannot hold it.
mod hexadecimal {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("{value:016x}"))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let digits = String::deserialize(deserializer)?;
        u64::from_str_radix(&digits, 16)
            .map_err(|_| D::Error::custom("a digest is 16 hexadecimal digits"))
    }
}

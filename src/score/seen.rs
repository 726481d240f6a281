//! What was added already. The same score comes twice when inputs overlap or a file lies in two folders.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, HashSet};
use std::hash::{Hash, Hasher};

use super::ArticleScore;

/// Knows scores again.
#[derive(Debug, Default)]
pub struct Seen {
    /// Hashes of outlet, article and sentences.
    scores: HashSet<u64>,
    /// Hashes of outlet and article.
    ids: HashSet<u64>,
    /// Scores that came again, by outlet.
    repeated: BTreeMap<String, usize>,
    /// Scores under an id that another text had before.
    same_id: usize,
}

impl Seen {
    /// Whether `score` is new. Ids count from the folder that was read, so two articles may share one; the same score has
    /// the same sentences too.
    pub fn is_new(&mut self, score: &ArticleScore) -> bool {
        let mut hasher = DefaultHasher::new();
        (&score.outlet, &score.article).hash(&mut hasher);
        let id = hasher.finish();
        for sentence in &score.sentences {
            (sentence.span.0, sentence.span.1, &sentence.text).hash(&mut hasher);
        }
        if !self.scores.insert(hasher.finish()) {
            *self.repeated.entry(score.outlet.clone()).or_default() += 1;
            return false;
        }
        self.same_id += usize::from(!self.ids.insert(id));
        true
    }

    /// Scores of `outlet` that came again.
    pub fn n_repeated_of(&self, outlet: &str) -> usize {
        self.repeated.get(outlet).copied().unwrap_or(0)
    }

    /// Scores under an id that another text had before.
    pub fn n_same_id(&self) -> usize {
        self.same_id
    }

    /// Scores that came again.
    pub fn n_repeated(&self) -> usize {
        self.repeated.values().sum()
    }
}

//! What was added already. The same score comes twice when inputs overlap or a file lies in two folders.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, HashSet};
use std::hash::{Hash, Hasher};

use super::{Note, count};
use crate::score::ArticleScore;

/// Knows scores again.
#[derive(Debug, Default)]
pub(super) struct Seen {
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

    /// Scores that came again.
    pub fn n_repeated(&self) -> usize {
        self.repeated.values().sum()
    }

    /// What a reader has to know of it.
    pub fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        if self.n_repeated() > 0 {
            notes.push(Note::general(
                "duplicate_scores",
                format!(
                    "{} of an article that was there before, with the same outlet, id and sentences, counted once. Articles that do not mention the subject cannot be known \
                     again, so more may be counted as read than there are.",
                    count(self.n_repeated(), "score")
                ),
            ));
        }
        if self.same_id > 0 {
            notes.push(Note::general(
                "shared_ids",
                format!(
                    "{} of another text under an outlet and id that was there before, counted as an article of its own.",
                    count(self.same_id, "score")
                ),
            ));
        }
        notes
    }
}

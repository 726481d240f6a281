//! Closed lists of words, written as one string each.

use rustc_hash::FxHashSet;

/// A set of words or phrases.
#[derive(Debug)]
pub(crate) struct WordList(FxHashSet<&'static str>);

impl WordList {
    /// The words of `text`, separated by white space.
    pub fn words(text: &'static str) -> Self {
        WordList(text.split_whitespace().collect())
    }

    /// Whether `word` is in the list, as written.
    pub fn contains(&self, word: &str) -> bool {
        self.0.contains(word)
    }
}

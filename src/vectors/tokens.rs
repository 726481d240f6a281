//! Tokens of a corpus as numbers, and the words worth a vector.
//!
//! Sentences in; out one long list of token ids with a break after each sentence. Tokens and their normal form are those of
//! the features, so that a piece of a sentence finds its vector. Four bytes a token: 16 million take 64 MB.

use rustc_hash::FxHashMap;

use crate::error::{Error, Result};
use crate::text::tokenize;

/// In a list of tokens: the end of a sentence, over which no window reaches.
pub(crate) const BREAK: u32 = u32::MAX;

/// In a list of tokens: a word without a vector. It keeps its place, so that its neighbours are not brought nearer.
pub(crate) const UNKNOWN: u32 = u32::MAX - 1;

/// The tokens of one document, apart from all others, so that documents can be tokenized in any order.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// The different words, in the order in which they came.
    words: Vec<String>,
    /// Index in `words` of each token, [`BREAK`] after each sentence.
    tokens: Vec<u32>,
}

impl Document {
    /// Tokenizes `sentences`.
    pub fn new<'t>(sentences: impl IntoIterator<Item = &'t str>) -> Document {
        let mut document = Document::default();
        let mut known: FxHashMap<String, u32> = FxHashMap::default();
        for sentence in sentences {
            for token in tokenize(sentence) {
                let form = token.normal_form(sentence);
                let id = match known.get(form.as_ref()) {
                    Some(&id) => id,
                    None => {
                        let id = document.words.len() as u32;
                        document.words.push(form.clone().into_owned());
                        known.insert(form.into_owned(), id);
                        id
                    }
                };
                document.tokens.push(id);
            }
            document.tokens.push(BREAK);
        }
        document
    }
}

/// The tokens of all documents.
#[derive(Debug, Clone, Default)]
pub struct TokenCorpus {
    ids: FxHashMap<String, u32>,
    counts: Vec<u32>,
    tokens: Vec<u32>,
    n_documents: usize,
    n_sentences: usize,
}

impl TokenCorpus {
    /// Adds a document. The order of documents does not matter for what is learnt.
    ///
    /// [`Error::Data`] when there are more tokens than 32 bits can count (they would take 16 GB).
    pub fn add(&mut self, document: Document) -> Result<()> {
        if self.tokens.len() + document.tokens.len() >= UNKNOWN as usize {
            return Err(Error::Data(format!(
                "more than {UNKNOWN} tokens; learn from a sample of these articles"
            )));
        }
        let ids: Vec<u32> = document
            .words
            .into_iter()
            .map(|word| {
                let next = self.ids.len() as u32;
                *self.ids.entry(word).or_insert(next)
            })
            .collect();
        self.counts.resize(self.ids.len(), 0);
        for token in document.tokens {
            if token == BREAK {
                self.n_sentences += 1;
                self.tokens.push(BREAK);
            } else {
                let id = ids[token as usize];
                self.counts[id as usize] += 1;
                self.tokens.push(id);
            }
        }
        self.n_documents += 1;
        Ok(())
    }

    /// Documents added.
    pub fn n_documents(&self) -> usize {
        self.n_documents
    }

    /// Their sentences.
    pub fn n_sentences(&self) -> usize {
        self.n_sentences
    }

    /// Their tokens.
    pub fn n_tokens(&self) -> usize {
        self.tokens.len() - self.n_sentences
    }

    /// How many different tokens there are.
    pub fn n_words(&self) -> usize {
        self.ids.len()
    }

    /// The `most` frequent words that occur at least `min_count` times, in the order of their bytes; of equally frequent ones
    /// the first in that order.
    pub(crate) fn frequent_words(&self, min_count: u32, most: usize) -> FrequentWords {
        let mut chosen: Vec<(&str, u32)> = self
            .ids
            .iter()
            .map(|(word, &id)| (word.as_str(), id))
            .filter(|&(_, id)| self.counts[id as usize] >= min_count)
            .collect();
        chosen.sort_unstable_by_key(|&(word, id)| {
            (std::cmp::Reverse(self.counts[id as usize]), word)
        });
        chosen.truncate(most);
        chosen.sort_unstable();
        let mut row_of = vec![UNKNOWN; self.ids.len()];
        for (row, &(_, id)) in chosen.iter().enumerate() {
            row_of[id as usize] = row as u32;
        }
        FrequentWords {
            counts: chosen
                .iter()
                .map(|&(_, id)| self.counts[id as usize])
                .collect(),
            words: chosen.iter().map(|(word, _)| word.to_string()).collect(),
            row_of,
        }
    }

    /// The tokens as rows of `words`.
    pub(crate) fn rows(&self, words: &FrequentWords) -> Vec<u32> {
        self.tokens
            .iter()
            .map(|&id| match id {
                BREAK => BREAK,
                id => words.row_of[id as usize],
            })
            .collect()
    }
}

/// The words that get a vector.
pub(crate) struct FrequentWords {
    /// In the order of their bytes.
    pub words: Vec<String>,
    /// How often each occurs.
    pub counts: Vec<u32>,
    /// Place in `words` of each id of the corpus, or [`UNKNOWN`].
    row_of: Vec<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corpus(documents: &[&[&str]]) -> TokenCorpus {
        let mut corpus = TokenCorpus::default();
        for sentences in documents {
            corpus
                .add(Document::new(sentences.iter().copied()))
                .expect("small");
        }
        corpus
    }

    #[test]
    fn tokens_are_counted_in_their_normal_form() {
        let corpus = corpus(&[&["The mill burned.", "THE mill, 1890!"], &["Mill 7"]]);
        assert_eq!(
            (
                corpus.n_documents(),
                corpus.n_sentences(),
                corpus.n_tokens()
            ),
            (2, 3, 11)
        );
        let chosen = corpus.frequent_words(2, 10);
        assert_eq!(chosen.words, ["[number]", "mill", "the"]);
        assert_eq!(chosen.counts, [2, 3, 2]);
        let (u, b) = (UNKNOWN, BREAK);
        assert_eq!(
            corpus.rows(&chosen),
            [2, 1, u, u, b, 2, 1, u, 0, u, b, 1, 0, b]
        );
    }

    #[test]
    fn of_equally_frequent_words_the_first_in_the_alphabet_stays() {
        let corpus = corpus(&[&["pear fig apple fig pear apple plum plum plum"]]);
        assert_eq!(corpus.frequent_words(1, 3).words, ["apple", "fig", "plum"]);
    }
}

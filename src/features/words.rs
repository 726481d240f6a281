//! What is known of words beyond the labelled sentences: polarities from lexicons, clusters and vectors from unlabelled text.
//!
//! A [`WordTable`] is plain data, made once before the fit and stored with the model, so that nothing moves afterwards. Words are
//! found by the hash of their normal form ([`crate::text::word_form`]), not by stem: "bully" and "bullish" are not alike.

use crate::features::vocabulary::{Vocabulary, hash_word};

/// Words with what is known of them, column by column.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WordTable {
    index: Option<Vocabulary>,
    /// Names of the lexicons.
    lexicons: Vec<String>,
    /// Shape (n_words, n_lexicons): negative for bad, 0 where a lexicon has no word.
    polarity: Vec<f32>,
    /// Shape (n_words, 2): coarse and fine cluster + 1, 0 without.
    clusters: Vec<u16>,
    /// A label for each coarse, then each fine cluster: its most frequent words.
    labels: [Vec<String>; 2],
    /// Numbers a vector has.
    dimensions: usize,
    /// Shape (n_words, dimensions).
    vectors: Vec<i8>,
    /// What a unit of each word's vector is worth, its weight in a pool included.
    scale: Vec<f32>,
}

/// One word, for building a table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableWord<'w> {
    /// Its normal form.
    pub form: &'w str,
    /// One polarity a lexicon; 0 where it has none.
    pub polarity: Vec<f32>,
    /// Coarse and fine cluster, from 0.
    pub clusters: [Option<u16>; 2],
    /// Its vector and what a unit of it is worth in a pool; empty without.
    pub vector: (&'w [i8], f32),
}

impl WordTable {
    /// Puts words together; each form once.
    pub fn new(
        words: &[TableWord<'_>],
        lexicons: Vec<String>,
        labels: [Vec<String>; 2],
        dimensions: usize,
    ) -> WordTable {
        let mut table = WordTable {
            index: Some(Vocabulary::new(
                words.iter().map(|word| hash_word(word.form)).collect(),
            )),
            lexicons,
            labels,
            dimensions,
            ..Default::default()
        };
        for word in words {
            table.polarity.extend(&word.polarity);
            let cluster = word.clusters.map(|cluster| cluster.map_or(0, |c| c + 1));
            table.clusters.extend(cluster);
            let (vector, scale) = word.vector;
            table.vectors.extend(vector);
            table
                .vectors
                .extend(std::iter::repeat_n(0, dimensions - vector.len()));
            table.scale.push(scale);
        }
        table
    }

    /// The number of a word by the hash of its normal form.
    pub(crate) fn find(&self, form: u64) -> Option<u32> {
        self.index.as_ref()?.column(form)
    }

    /// The polarity of a word by a lexicon; 0 where it has none.
    pub(crate) fn polarity(&self, word: u32, lexicon: usize) -> f32 {
        self.polarity[word as usize * self.lexicons.len() + lexicon]
    }

    /// The cluster of a word.
    pub(crate) fn cluster(&self, word: u32, fine: bool) -> Option<u16> {
        self.clusters[word as usize * 2 + usize::from(fine)].checked_sub(1)
    }

    /// The labels of the clusters: their most frequent words.
    pub(crate) fn labels(&self, fine: bool) -> &[String] {
        &self.labels[usize::from(fine)]
    }

    /// The vector of a word and what a unit of it is worth in a pool.
    pub(crate) fn vector(&self, word: u32) -> (&[i8], f32) {
        let start = word as usize * self.dimensions;
        (
            &self.vectors[start..start + self.dimensions],
            self.scale[word as usize],
        )
    }

    /// Numbers a vector has; 0 without vectors.
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// Names of the lexicons.
    pub fn lexicons(&self) -> &[String] {
        &self.lexicons
    }

    /// Number of words.
    pub fn len(&self) -> usize {
        self.scale.len()
    }

    /// Whether nothing is known of any word.
    pub fn is_empty(&self) -> bool {
        self.scale.is_empty()
    }
}

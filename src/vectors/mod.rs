//! Word vectors from unlabelled articles, and what they give: clusters of words and a polarity lexicon.
//!
//! ```text
//! sentences --Document--> TokenCorpus --ppmi--> sparse matrix --truncated_svd--> vectors in 8 bits --+--> clusters
//!                                                                                                     +--> lexicon spread from seeds
//! ```
//! Words that stand among the same words get vectors of one direction. The method is counting and a decomposition (positive pointwise mutual
//! information, rows of U·√s: Levy, Goldberg & Dagan 2015), because it is simple and gives the
//! same bytes each time. Tokens and their normal form are those of the features. This room knows sentences, not articles: who
//! reads them leaves out what is not prose.
//!
//! ```
//! use standpoint::vectors::{Document, LearnParams, TokenCorpus, learn};
//!
//! let mut corpus = TokenCorpus::default();
//! corpus.add(Document::new(["The mill burned.", "The barn burned."]))?;
//! let params = LearnParams { dimensions: 2, min_count: 1, ..Default::default() };
//! let vectors = learn(&corpus, &params, &|_| {})?;
//! let mill = vectors.index("mill").expect("it occurs");
//! assert_eq!(vectors.neighbours(mill, 1)[0].0, vectors.index("barn").expect("it occurs"));
//! # Ok::<(), standpoint::Error>(())
//! ```

mod cluster;
mod dense;
mod file;
mod learn;
mod polarity;
mod ppmi;
mod svd;
mod tokens;

use std::path::Path;

pub use file::{VECTORS_FORMAT_VERSION, is_vector_file};
pub use learn::{LEARNING_STEPS, LearnParams, LearningRecord, learn};
pub use polarity::{LexiconRecord, lexicon_scores};
pub use tokens::{Document, TokenCorpus};

use crate::error::Result;

/// Words with a vector each, their clusters and polarities. Words are numbered from 0 in the order of their bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct WordVectors {
    /// All words, one after the other.
    text: String,
    /// Where each begins in `text`, and where the last ends.
    offsets: Vec<u32>,
    counts: Vec<u32>,
    /// Shape (n, dimensions).
    vectors: Vec<i8>,
    scale: Vec<f32>,
    /// Coarse and fine.
    clusters: [Vec<u16>; 2],
    polarity: Vec<f32>,
    record: LearningRecord,
    digest: String,
}

/// How finely words are clustered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clustering {
    /// 400 clusters; fewer in a small vocabulary.
    Coarse,
    /// 1,500 clusters; fewer in a small vocabulary.
    Fine,
}

/// A word of frequency [`HALF_WEIGHT`] weighs half of what a very rare word does in a mean of vectors (Arora, Liang & Ma 2017).
const HALF_WEIGHT: f64 = 1e-3;

impl WordVectors {
    /// Puts the parts together; the caller made them for the same words in the same order.
    fn new(
        words: &[String],
        counts: Vec<u32>,
        (vectors, scale): (Vec<i8>, Vec<f32>),
        clusters: [Vec<u16>; 2],
        polarity: Vec<f32>,
        record: LearningRecord,
    ) -> WordVectors {
        let ends = words.iter().scan(0, |end, word| {
            *end += u32::try_from(word.len()).expect("words are short");
            Some(*end)
        });
        let mut made = WordVectors {
            text: words.concat(),
            offsets: std::iter::once(0).chain(ends).collect(),
            counts,
            vectors,
            scale,
            clusters,
            polarity,
            record,
            digest: String::new(),
        };
        made.digest = file::digest(&made);
        made
    }

    /// Remembers the names of the files that the articles came from.
    pub fn with_files(mut self, files: Vec<String>) -> WordVectors {
        self.record.files = files;
        self.digest = file::digest(&self);
        self
    }

    /// Reads a file of word vectors; one that is damaged, newer or something else is refused by name.
    pub fn read(path: &Path) -> Result<WordVectors> {
        file::read(path)
    }

    /// Writes them to `path`, whole or not at all.
    pub fn write(&self, path: &Path) -> Result<()> {
        file::write(self, path)
    }

    /// Number of words.
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// Whether there are no words.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Numbers a vector has.
    pub fn dimensions(&self) -> usize {
        self.record.params.dimensions
    }

    /// Word `i`, in its normal form ([`crate::text::Token::normal_form`]).
    pub fn word(&self, i: usize) -> &str {
        &self.text[self.offsets[i] as usize..self.offsets[i + 1] as usize]
    }

    /// The number of a word in its normal form, if it has a vector.
    pub fn index(&self, word: &str) -> Option<usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.word(middle).cmp(word) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// The vector of word `i`: so many units a dimension, and what a unit is worth. The zero vector for a word that never had
    /// a neighbour.
    pub fn vector(&self, i: usize) -> (&[i8], f32) {
        let d = self.dimensions();
        (&self.vectors[i * d..(i + 1) * d], self.scale[i])
    }

    /// How often word `i` occurs in the articles.
    pub fn count(&self, i: usize) -> u32 {
        self.counts[i]
    }

    /// What word `i` should weigh in a mean of vectors, 0 to 1: 0.001 / (0.001 + p) with p its share of all tokens.
    pub fn sif(&self, i: usize) -> f32 {
        let p = f64::from(self.counts[i]) / self.record.n_tokens as f64;
        (HALF_WEIGHT / (HALF_WEIGHT + p)) as f32
    }

    /// The cluster of word `i`, from 0.
    pub fn cluster(&self, i: usize, clustering: Clustering) -> u16 {
        self.clusters[clustering as usize][i]
    }

    /// How many clusters there are.
    pub fn n_clusters(&self, clustering: Clustering) -> u16 {
        self.record.n_clusters[clustering as usize]
    }

    /// The polarity of word `i` by the spread lexicon: standard deviations from the mean of all words, negative for bad; `None` within half
    /// a deviation.
    pub fn polarity(&self, i: usize) -> Option<f32> {
        Some(self.polarity[i]).filter(|&polarity| polarity != 0.0)
    }

    /// The `n` words nearest to word `i` by cosine, nearest first; of equally near ones the first.
    pub fn neighbours(&self, i: usize, n: usize) -> Vec<(usize, f64)> {
        let own = self.vector(i).0;
        let mut cosines: Vec<(usize, f64)> = (0..self.len())
            .filter(|&j| j != i)
            .map(|j| (j, cosine(own, self.vector(j).0)))
            .collect();
        cosines.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        cosines.truncate(n);
        cosines
    }

    /// The other words of word `i`'s cluster, the most frequent first, at most `n`.
    pub fn cluster_of(&self, i: usize, clustering: Clustering, n: usize) -> Vec<usize> {
        let cluster = self.cluster(i, clustering);
        let mut others: Vec<usize> = (0..self.len())
            .filter(|&j| j != i && self.cluster(j, clustering) == cluster)
            .collect();
        others.sort_by_key(|&j| (std::cmp::Reverse(self.counts[j]), j));
        others.truncate(n);
        others
    }

    /// The `n` words of greatest negative and of greatest positive polarity.
    pub fn extremes(&self, n: usize) -> (Vec<usize>, Vec<usize>) {
        let mut words: Vec<usize> = (0..self.len())
            .filter(|&i| self.polarity[i] != 0.0)
            .collect();
        words.sort_by(|&a, &b| {
            self.polarity[a]
                .total_cmp(&self.polarity[b])
                .then(a.cmp(&b))
        });
        let take = |words: &mut dyn Iterator<Item = usize>, wanted: fn(f32) -> bool| {
            words
                .take(n)
                .take_while(|&i| wanted(self.polarity[i]))
                .collect()
        };
        (
            take(&mut words.iter().copied(), |p| p < 0.0),
            take(&mut words.iter().rev().copied(), |p| p > 0.0),
        )
    }

    /// What they were learnt from and how.
    pub fn record(&self) -> &LearningRecord {
        &self.record
    }

    /// SHA-256 over all parts.
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

/// The cosine of two vectors in whole units; 0 where one is zero.
fn cosine(a: &[i8], b: &[i8]) -> f64 {
    let dot = |a: &[i8], b: &[i8]| -> i32 {
        a.iter()
            .zip(b)
            .map(|(&a, &b)| i32::from(a) * i32::from(b))
            .sum()
    };
    let norms = f64::from(dot(a, a)) * f64::from(dot(b, b));
    if norms == 0.0 {
        return 0.0;
    }
    f64::from(dot(a, b)) / norms.sqrt()
}

//! From tokens to word vectors, clusters and lexicon.
//!
//! The vectors are rounded to eight bits before anything is made from them: clusters, lexicon and whatever a later user trains on see
//! the numbers that the file holds, so nothing moves when it is read back.

use std::sync::atomic::{AtomicU64, Ordering};

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::vectors::WordVectors;
use crate::vectors::cluster::{MOST_ROUNDS, spherical_k_means};
use crate::vectors::polarity::{LexiconRecord, lexicon_scores, spread};
use crate::vectors::ppmi::ppmi;
use crate::vectors::svd::{PRODUCTS, truncated_svd};
use crate::vectors::tokens::TokenCorpus;

/// How word vectors are learnt; stored with them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearnParams {
    /// Numbers a vector has, 1 to 1000.
    pub dimensions: usize,
    /// Most words that get one, the most frequent ones; 2 to 1,000,000.
    pub vocabulary: usize,
    /// How many tokens to either side are a word's context, 1 to 100; nearer ones count more.
    pub window: usize,
    /// A word must occur at least so often.
    pub min_count: u32,
    /// Seed of the decomposition, the clusters and the lexicon.
    pub seed: u64,
}

impl Default for LearnParams {
    fn default() -> Self {
        LearnParams {
            dimensions: 200,
            vocabulary: 30_000,
            window: 6,
            min_count: 5,
            seed: 1,
        }
    }
}

impl LearnParams {
    /// [`Error::Parameter`] for a value outside its range.
    pub fn check(&self) -> Result<()> {
        let within = |name: &str, value: usize, least: usize, most: usize| {
            if (least..=most).contains(&value) {
                Ok(())
            } else {
                Err(Error::Parameter(format!(
                    "{name} is {value}; allowed: {least} to {most}"
                )))
            }
        };
        within("dimensions", self.dimensions, 1, 1000)?;
        within("vocabulary", self.vocabulary, 2, 1_000_000)?;
        within("window", self.window, 1, 100)
    }
}

/// What word vectors were learnt from and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LearningRecord {
    /// Parameters.
    pub params: LearnParams,
    /// Names of the files, without their folders.
    pub files: Vec<String>,
    /// Articles.
    pub n_documents: usize,
    /// Their sentences, furniture left out.
    pub n_sentences: usize,
    /// Their tokens.
    pub n_tokens: u64,
    /// How many of these are of words with a vector.
    pub n_covered: u64,
    /// Different words among them, with a vector or not.
    pub n_different: usize,
    /// Positive cells of the matrix that was decomposed.
    pub n_cells: usize,
    /// Sizes of the coarse and of the fine clustering.
    pub n_clusters: [u16; 2],
    /// The spread lexicon; `None` where the words hold too few of its seeds.
    pub lexicon: Option<LexiconRecord>,
}

/// Clusters of the coarse and the fine clustering of a large vocabulary.
const N_CLUSTERS: [u16; 2] = [400, 1500];

/// In a small vocabulary clusters have this many words on average.
const LEAST_CLUSTER: usize = 4;

/// How often [`learn`] reports progress.
pub const LEARNING_STEPS: u64 = (1 + PRODUCTS + 2 * MOST_ROUNDS + 1) as u64;

/// Learns vectors, clusters and lexicon from `corpus`. `progress` is told how many of [`LEARNING_STEPS`] are done. The same tokens,
/// parameters and seed give the same bytes, whatever the number of threads.
///
/// [`Error::Data`] when too few words are frequent enough for the dimensions; [`Error::Parameter`] for parameters outside their range.
pub fn learn(
    corpus: &TokenCorpus,
    params: &LearnParams,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<WordVectors> {
    params.check()?;
    let chosen = corpus.frequent_words(params.min_count, params.vocabulary);
    let n = chosen.words.len();
    if n <= params.dimensions {
        return Err(too_few_words(corpus, params, n));
    }
    let done = AtomicU64::new(0);
    let step = || progress(done.fetch_add(1, Ordering::Relaxed) + 1);

    let cells = ppmi(&corpus.rows(&chosen), n, params.window)?;
    step();
    let n_cells = cells.nnz();
    let svd = truncated_svd(&cells, params.dimensions, params.seed, &step);
    drop(cells);
    let (vectors, scale) = quantized(&svd.u, &svd.singular_values);
    let unit = unit_rows(&vectors, params.dimensions);

    let n_clusters = N_CLUSTERS.map(|size| size.min((n / LEAST_CLUSTER).clamp(1, 1500) as u16));
    let clusters = n_clusters.map(|size| spherical_k_means(&unit, size, params.seed, &step));
    let seeds = lexicon_scores(&chosen.words);
    let (polarity, lexicon) = spread(&unit, &chosen.words, &chosen.counts, &seeds, params.seed)
        .map_or_else(
            || (vec![0.0; n], None),
            |(polarity, record)| (polarity, Some(record)),
        );
    step();
    Ok(WordVectors::new(
        &chosen.words,
        chosen.counts.clone(),
        (vectors, scale),
        clusters,
        polarity,
        LearningRecord {
            params: params.clone(),
            files: Vec::new(),
            n_documents: corpus.n_documents(),
            n_sentences: corpus.n_sentences(),
            n_tokens: corpus.n_tokens() as u64,
            n_covered: chosen.counts.iter().copied().map(u64::from).sum(),
            n_different: corpus.n_words(),
            n_cells,
            n_clusters,
            lexicon,
        },
    ))
}

fn too_few_words(corpus: &TokenCorpus, params: &LearnParams, n: usize) -> Error {
    let LearnParams {
        dimensions,
        vocabulary,
        min_count,
        ..
    } = *params;
    if corpus.n_tokens() == 0 {
        return Error::Data(
            "the articles hold no text; word vectors need some hundred articles".to_string(),
        );
    }
    if vocabulary <= dimensions {
        return Error::Parameter(format!(
            "a vocabulary of {vocabulary} words is too small for {dimensions} dimensions; allowed are fewer dimensions than words: raise \
             --vocabulary or lower --dimensions"
        ));
    }
    let remedy = if n > 1 {
        format!(", --min-count or --dimensions (to at most {})", n - 1)
    } else {
        " --min-count".to_string()
    };
    Error::Data(format!(
        "too little text: {} occur at least {min_count} times, and {dimensions} dimensions need more words than that; give more articles, \
         or lower{}",
        match n {
            1 => "1 word".to_string(),
            n => format!("{n} words"),
        },
        remedy.trim_start_matches(',')
    ))
}

/// Rows of `U·diag(√s)` in eight bits, and what one unit is worth in each row: its greatest value is 127 units.
fn quantized(u: &Array2<f64>, singular_values: &[f64]) -> (Vec<i8>, Vec<f32>) {
    let roots: Vec<f64> = singular_values.iter().map(|s| s.sqrt()).collect();
    let mut units = Vec::with_capacity(u.len());
    let mut scales = Vec::with_capacity(u.nrows());
    for row in u.outer_iter() {
        let values: Vec<f64> = row.iter().zip(&roots).map(|(u, root)| u * root).collect();
        let greatest = values.iter().fold(0.0_f64, |max, x| max.max(x.abs()));
        let unit = greatest / 127.0;
        // A word that never had a neighbour has a zero vector.
        units.extend(values.iter().map(|x| {
            if unit > 0.0 {
                (x / unit).round() as i8
            } else {
                0
            }
        }));
        scales.push(unit as f32);
    }
    (units, scales)
}

/// Quantised vectors scaled to length one, shape (n, d); zero vectors stay zero.
pub(crate) fn unit_rows(vectors: &[i8], d: usize) -> Array2<f32> {
    let mut unit = Array2::zeros((vectors.len() / d, d));
    for (row, vector) in unit.outer_iter_mut().zip(vectors.chunks_exact(d)) {
        let norm = squared_norm(vector).sqrt().max(1.0);
        for (x, &q) in row.into_iter().zip(vector) {
            *x = (f64::from(q) / norm) as f32;
        }
    }
    unit
}

fn squared_norm(vector: &[i8]) -> f64 {
    vector
        .iter()
        .map(|&q| i32::from(q) * i32::from(q))
        .sum::<i32>()
        .into()
}

#[cfg(test)]
mod tests {
    use rand::Rng;

    use super::*;
    use crate::statistics::stream;
    use crate::vectors::Document;

    const TOPICS: [[&str; 4]; 4] = [
        ["judge", "jury", "verdict", "appeal"],
        ["ferry", "harbor", "pier", "anchor"],
        ["goal", "striker", "match", "referee"],
        ["flour", "oven", "dough", "crust"],
    ];

    /// Sentences of one topic each.
    fn corpus() -> TokenCorpus {
        let mut chance = stream(1, 0);
        let mut corpus = TokenCorpus::default();
        for i in 0..200 {
            let mut pick = || TOPICS[i % 4][chance.gen_range(0..4)];
            let sentence = [pick(), pick(), pick(), pick()].join(" ");
            corpus
                .add(Document::new([sentence.as_str()]))
                .expect("small");
        }
        corpus
    }

    fn params(dimensions: usize) -> LearnParams {
        LearnParams {
            dimensions,
            ..Default::default()
        }
    }

    #[test]
    fn words_of_one_topic_are_neighbours() {
        let vectors = learn(&corpus(), &params(4), &|_| {}).expect("enough words");
        for topic in TOPICS {
            let first = vectors.index(topic[0]).expect("frequent");
            for (word, _) in vectors.neighbours(first, 3) {
                let word = vectors.word(word);
                assert!(topic.contains(&word), "{word} beside {}", topic[0]);
            }
        }
        assert_eq!(vectors.index("unheard"), None);
        assert!(vectors.record().lexicon.is_none(), "no seeds here");
    }

    #[test]
    fn progress_ends_where_it_says() {
        let last = AtomicU64::new(0);
        learn(&corpus(), &params(3), &|done| {
            last.store(done, Ordering::Relaxed);
        })
        .expect("enough words");
        assert_eq!(last.into_inner(), LEARNING_STEPS);
    }

    #[test]
    fn too_little_text_is_an_error_that_says_what_to_do() {
        let message = |corpus: &TokenCorpus, params: &LearnParams| {
            learn(corpus, params, &|_| {}).unwrap_err().to_string()
        };
        let problem = message(&corpus(), &params(200));
        assert!(
            problem.contains("16 words occur at least 5 times")
                && problem.contains("--dimensions (to at most 15)"),
            "{problem}"
        );
        assert!(message(&TokenCorpus::default(), &params(2)).contains("no text"));
        let narrow = LearnParams {
            vocabulary: 4,
            ..params(9)
        };
        assert!(message(&corpus(), &narrow).contains("raise --vocabulary"));
        assert!(message(&corpus(), &params(0)).contains("allowed: 1 to 1000"));
    }

    #[test]
    fn quantised_rows_lose_less_than_half_a_unit() {
        let u = ndarray::array![[0.5, -0.25], [0.0, 0.0], [-0.1, 0.3]];
        let (vectors, scale) = quantized(&u, &[4.0, 1.0]);
        assert_eq!(vectors[..4], [127, -32, 0, 0]);
        assert_eq!(scale[1], 0.0);
        for (i, row) in u.outer_iter().enumerate() {
            for (j, x) in row.iter().enumerate() {
                let exact = x * [2.0, 1.0][j];
                let stored = f64::from(vectors[2 * i + j]) * f64::from(scale[i]);
                assert!((exact - stored).abs() <= f64::from(scale[i]) * 0.5001);
            }
        }
        let unit = unit_rows(&vectors, 2);
        assert!((unit.row(0).dot(&unit.row(0)) - 1.0).abs() < 1e-6);
        assert_eq!(unit.row(1).to_vec(), [0.0, 0.0]);
    }
}

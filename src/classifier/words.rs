//! The table of words a model is trained with: what lexicons and word vectors know of the words it may meet.

use std::collections::{BTreeMap, BTreeSet};

use crate::features::{TableHeader, TableWord, WordTable};
use crate::text::{TokenKind, tokenize};
use crate::vectors::{Clustering, WordVectors, lexicon_scores};

/// Name of the lexicon that comes with the program.
pub const VADER: &str = "VADER";
/// Name of the lexicon spread over word vectors.
pub const SPREAD: &str = "spread";

/// Words a cluster is called by.
const LABEL_WORDS: usize = 3;

/// Builds the table for models trained on `texts`: the words of `vectors` and those of the texts.
pub fn word_table<'t>(
    vectors: Option<&WordVectors>,
    texts: impl Iterator<Item = &'t str>,
) -> WordTable {
    let mut forms: BTreeSet<String> = texts
        .flat_map(|text| {
            tokenize(text)
                .into_iter()
                .filter(|token| token.kind == TokenKind::Word)
                .map(move |token| token.normal_form(text).into_owned())
        })
        .collect();
    if let Some(vectors) = vectors {
        forms.extend((0..vectors.len()).map(|i| vectors.word(i).to_string()));
    }
    let forms: Vec<String> = forms.into_iter().collect();
    let scores = lexicon_scores(&forms);
    let words: Vec<TableWord<'_>> = forms
        .iter()
        .zip(scores)
        .filter_map(|(form, score)| {
            let known = vectors.and_then(|vectors| Some((vectors, vectors.index(form)?)));
            let spread = known.and_then(|(vectors, i)| vectors.polarity(i));
            if score.is_none() && known.is_none() {
                return None;
            }
            Some(TableWord {
                form,
                polarity: vec![score.unwrap_or(0.0) as f32, spread.unwrap_or(0.0)],
                clusters: [Clustering::Coarse, Clustering::Fine]
                    .map(|size| known.map(|(vectors, i)| vectors.cluster(i, size))),
                vector: known.map_or((&[], 0.0), |(vectors, i)| pooled(vectors, i)),
            })
        })
        .collect();
    let labels = [Clustering::Coarse, Clustering::Fine]
        .map(|size| vectors.map_or_else(Vec::new, |vectors| cluster_labels(vectors, size)));
    WordTable::new(
        &words,
        TableHeader {
            lexicons: vec![VADER.to_string(), SPREAD.to_string()],
            dimensions: vectors.map_or(0, WordVectors::dimensions),
            vectors: vectors.map(|vectors| vectors.digest().to_string()),
            labels,
        },
    )
}

/// The vector of word `i` and what a unit of it is worth in a pool: length one, times the weight of a rare word over a frequent one.
fn pooled(vectors: &WordVectors, i: usize) -> (&[i8], f32) {
    let (vector, _) = vectors.vector(i);
    let squares: f64 = vector.iter().map(|&v| f64::from(v) * f64::from(v)).sum();
    let scale = match squares > 0.0 {
        true => f64::from(vectors.sif(i)) / squares.sqrt(),
        false => 0.0,
    };
    (vector, scale as f32)
}

/// The most frequent words of every cluster.
fn cluster_labels(vectors: &WordVectors, size: Clustering) -> Vec<String> {
    let mut members: BTreeMap<u16, Vec<usize>> = BTreeMap::new();
    for i in 0..vectors.len() {
        members.entry(vectors.cluster(i, size)).or_default().push(i);
    }
    (0..vectors.n_clusters(size))
        .map(|cluster| {
            let mut words = members.remove(&cluster).unwrap_or_default();
            words.sort_by_key(|&i| (std::cmp::Reverse(vectors.count(i)), i));
            let words: Vec<&str> = words
                .iter()
                .take(LABEL_WORDS)
                .map(|&i| vectors.word(i))
                .collect();
            words.join("/")
        })
        .collect()
}

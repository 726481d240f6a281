//! The table of words a model is trained with: what lexicons and word vectors know of the words it may meet.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::classifier::Classifier;
use crate::error::Result;
use crate::features::{TableHeader, TableWord, WordTable};
use crate::text::{TokenKind, tokenize};
use crate::vectors::{Clustering, WordVectors, lexicon_scores};

/// Name of the lexicon that comes with the program.
pub const VADER: &str = "VADER";
/// Name of the lexicon spread over word vectors.
pub const SPREAD: &str = "spread";
/// Name of a lexicon that the user brings.
pub const OWN: &str = "own";

/// Words a cluster is called by.
const LABEL_WORDS: usize = 3;

/// The greatest score of a user's lexicon comes to this, which is the greatest of VADER's.
const MOST: f64 = 4.0;

/// Where the words of a table come from, beside those of the training sentences.
#[derive(Debug, Clone, Copy)]
pub enum WordSource<'s> {
    /// VADER's ratings only, also of the words that `known` has.
    Lexicon {
        /// A table whose words are rated too.
        known: &'s WordTable,
    },
    /// Word vectors from a file.
    Vectors(&'s WordVectors),
    /// The table of another model.
    Table(&'s WordTable),
}

/// Builds the table for a model trained on `texts`. `own` is a lexicon of the user's: words in their normal form with their scores.
pub fn word_table<'t>(
    source: WordSource<'_>,
    own: Option<&BTreeMap<String, f64>>,
    texts: impl Iterator<Item = &'t str>,
) -> WordTable {
    let (base, mut about) = base_of(source);
    let mut words: BTreeMap<u64, TableWord<'_>> =
        base.into_iter().map(|word| (word.key, word)).collect();
    let mut forms: BTreeSet<String> = texts
        .flat_map(|text| {
            tokenize(text)
                .into_iter()
                .filter(|token| token.kind == TokenKind::Word)
                .map(move |token| token.normal_form(text).into_owned())
        })
        .collect();
    forms.extend(own.into_iter().flatten().map(|(form, _)| form.clone()));
    let forms: Vec<String> = forms.into_iter().collect();
    let n_lexicons = about.lexicons.len();
    for (form, score) in forms.iter().zip(lexicon_scores(&forms)) {
        let key = WordTable::key(form);
        if let (Some(score), false) = (score, words.contains_key(&key)) {
            let mut word = empty_word(key, n_lexicons);
            word.polarity[0] = score as f32;
            words.insert(key, word);
        }
    }
    if let Some(own) = own {
        about.lexicons.push(OWN.to_string());
        for word in words.values_mut() {
            word.polarity.push(0.0);
        }
        let most = own
            .values()
            .fold(f64::MIN_POSITIVE, |most, score| most.max(score.abs()));
        for (form, score) in own {
            let key = WordTable::key(form);
            let word = words
                .entry(key)
                .or_insert_with(|| empty_word(key, n_lexicons + 1));
            word.polarity[n_lexicons] = (score / most * MOST) as f32;
        }
    }
    let words: Vec<TableWord<'_>> = words.into_values().collect();
    WordTable::new(&words, about)
}

/// The same from the source that a user names: `built-in` for the words of the built-in model, `none` for lexicons alone, else a
/// file of word vectors.
///
/// Errors: a file that cannot be read or is no file of word vectors.
pub fn word_table_named<'t>(
    source: &str,
    own: Option<&BTreeMap<String, f64>>,
    texts: impl Iterator<Item = &'t str>,
) -> Result<WordTable> {
    if !matches!(source, "built-in" | "none") {
        let vectors = WordVectors::read(Path::new(source))?;
        return Ok(word_table(WordSource::Vectors(&vectors), own, texts));
    }
    let built_in = Classifier::built_in()?;
    let known = built_in.featurizer().words();
    let source = match source {
        "none" => WordSource::Lexicon { known },
        _ => WordSource::Table(known),
    };
    Ok(word_table(source, own, texts))
}

fn empty_word<'w>(key: u64, n_lexicons: usize) -> TableWord<'w> {
    TableWord {
        key,
        polarity: vec![0.0; n_lexicons],
        clusters: [None; 2],
        vector: (&[], 0.0),
    }
}

/// The words of a source and what they come with.
fn base_of(source: WordSource<'_>) -> (Vec<TableWord<'_>>, TableHeader) {
    match source {
        WordSource::Lexicon { known } => {
            let rated = known
                .words()
                .filter(|word| word.polarity[0] != 0.0)
                .map(|word| TableWord {
                    polarity: word.polarity[..1].to_vec(),
                    ..empty_word(word.key, 1)
                })
                .collect();
            let about = TableHeader {
                lexicons: vec![VADER.to_string()],
                ..Default::default()
            };
            (rated, about)
        }
        WordSource::Table(table) if table.about().lexicons.is_empty() => {
            base_of(WordSource::Lexicon { known: table })
        }
        WordSource::Table(table) => {
            let mut about = table.about().clone();
            // A lexicon that somebody brought for that model stays with it.
            about.lexicons.retain(|name| name != OWN);
            let n = about.lexicons.len();
            let words = table
                .words()
                .map(|mut word| {
                    word.polarity.truncate(n);
                    word
                })
                .collect();
            (words, about)
        }
        WordSource::Vectors(vectors) => {
            let forms: Vec<String> = (0..vectors.len())
                .map(|i| vectors.word(i).to_string())
                .collect();
            let words = lexicon_scores(&forms)
                .into_iter()
                .enumerate()
                .map(|(i, score)| TableWord {
                    key: WordTable::key(vectors.word(i)),
                    polarity: vec![
                        score.unwrap_or(0.0) as f32,
                        vectors.polarity(i).unwrap_or(0.0),
                    ],
                    clusters: [Clustering::Coarse, Clustering::Fine]
                        .map(|size| Some(vectors.cluster(i, size))),
                    vector: pooled(vectors, i),
                })
                .collect();
            let about = TableHeader {
                lexicons: vec![VADER.to_string(), SPREAD.to_string()],
                dimensions: vectors.dimensions(),
                vectors: Some(vectors.digest().to_string()),
                labels: [Clustering::Coarse, Clustering::Fine]
                    .map(|size| cluster_labels(vectors, size)),
            };
            (words, about)
        }
    }
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
                .map(|&i| vectors.word(i))
                .filter(|word| word.starts_with(char::is_alphabetic))
                .take(LABEL_WORDS)
                .collect();
            words.join(", ")
        })
        .collect()
}

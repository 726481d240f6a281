//! A polarity lexicon spread from seed words to their neighbours.
//!
//! In: unit vectors and the seed scores of some words. Out: a polarity for every word whose vector says one. A ridge regression from
//! the vector to the seed's score, frequent words without a score counting as zero; its predictions for all words are standardised,
//! and those within [`LEAST`] of the mean are dropped. The seeds are VADER's mean ratings (Hutto & Gilbert 2014), −4 to 4.
//!
//! How far to trust it is measured on seeds held out: whether the sign comes out right. Forms of one word (lie, lied, lies) are held out
//! together, because they stand so near each other that each gives the others away.

use std::collections::BTreeMap;

use ndarray::{Array1, Array2};
use rand::seq::SliceRandom;
use rust_stemmers::{Algorithm, Stemmer};
use serde::{Deserialize, Serialize};
use vader_sentimental::SentimentIntensityAnalyzer;

use crate::statistics::{Estimate, grouped_folds, round6, stream, t_interval};
use crate::vectors::dense::{gram, solve};

/// The ridge penalty on vectors of length one.
const ALPHA: f64 = 3.0;

/// Polarities nearer to the mean than this many standard deviations are none.
pub(crate) const LEAST: f64 = 0.5;

/// Zeros are drawn from this share of the words, the most frequent ones: that a rare word has no score says little.
const FREQUENT: f64 = 1.0 / 3.0;

/// Folds of the check on held-out seeds.
const FOLDS: usize = 10;

/// The fewest seeds of each sign a lexicon is spread from.
const FEWEST_SEEDS: usize = 10;

/// What is known of a spread lexicon.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LexiconRecord {
    /// Words with a seed score.
    pub n_seeds: usize,
    /// Those with a positive one.
    pub n_positive: usize,
    /// Words that have a polarity now.
    pub n_words: usize,
    /// Share of the held-out seeds whose sign comes out right, with its 95 % interval.
    pub sign_accuracy: Estimate,
    /// The same among held-out seeds that keep a polarity.
    pub sign_accuracy_kept: Estimate,
    /// How many of the held-out seeds do.
    pub n_kept: usize,
    /// The sign accuracy of always saying the more frequent sign.
    pub majority: f64,
}

/// The longest word that is looked up, in bytes.
const LONGEST: usize = 40;

/// VADER's mean rating of each of `words`, if it has one that is not zero.
pub fn lexicon_scores(words: &[String]) -> Vec<Option<f64>> {
    let vader = SentimentIntensityAnalyzer::new();
    words
        .iter()
        .map(|word| {
            // The crate's time is quadratic in a text's length, and no word of a lexicon is so long.
            if word.len() > LONGEST || !word.starts_with(char::is_alphabetic) {
                return None;
            }
            // The crate keeps its table to itself, but the score of a text of one word is s / √(s² + 15) of the table's s, a mean of
            // ten ratings and so a multiple of 0.1.
            let compound = vader.polarity_scores(word).compound;
            let score = compound * (15.0 / (1.0 - compound * compound)).sqrt();
            let score = (score * 10.0).round() / 10.0;
            (score != 0.0).then_some(score)
        })
        .collect()
}

/// Spreads `seeds`, one a word or none, over all words. `unit` has shape (n, d), `counts` says how frequent each word is.
///
/// Polarities are in standard deviations, 0 where there is none. `None` with fewer than [`FEWEST_SEEDS`] of either sign.
pub(crate) fn spread(
    unit: &Array2<f32>,
    words: &[String],
    counts: &[u32],
    seeds: &[Option<f64>],
    seed: u64,
) -> Option<(Vec<f32>, LexiconRecord)> {
    let has_vector = |word: usize| unit.row(word).iter().any(|&x| x != 0.0);
    let scored: Vec<(usize, f64)> = seeds
        .iter()
        .enumerate()
        .filter_map(|(word, score)| Some((word, (*score)?)))
        .filter(|&(word, _)| has_vector(word))
        .collect();
    let n_positive = scored.iter().filter(|(_, score)| *score > 0.0).count();
    if n_positive.min(scored.len() - n_positive) < FEWEST_SEEDS {
        return None;
    }
    let zeros: Vec<(usize, f64)> = zero_words(counts, seeds, scored.len(), seed)
        .into_iter()
        .filter(|&word| has_vector(word))
        .map(|word| (word, 0.0))
        .collect();
    let fit = |chosen: &mut dyn Iterator<Item = (usize, f64)>| {
        let rows: Vec<(usize, f64)> = chosen.chain(zeros.iter().copied()).collect();
        standardized(&ridge(unit, &rows), unit, &has_vector)
    };

    let folds = grouped_folds(&stem_groups(words, &scored), FOLDS, seed)?;
    let mut held_out: Vec<(f64, bool)> = Vec::with_capacity(scored.len());
    for fold in 0..=folds.iter().copied().max()? {
        let of_fold = |test: bool| {
            scored
                .iter()
                .zip(&folds)
                .filter(move |&(_, &f)| (f == fold) == test)
                .map(|(&row, _)| row)
        };
        let polarity = fit(&mut of_fold(false));
        held_out.extend(of_fold(true).map(|(word, score)| {
            let found = polarity[word];
            (found, (found > 0.0) == (score > 0.0))
        }));
    }
    let all: Vec<f64> = held_out
        .iter()
        .map(|&(_, right)| f64::from(u8::from(right)))
        .collect();
    let kept: Vec<f64> = held_out
        .iter()
        .filter(|(found, _)| found.abs() > LEAST)
        .map(|&(_, right)| f64::from(u8::from(right)))
        .collect();

    let polarity: Vec<f32> = fit(&mut scored.iter().copied())
        .iter()
        .map(|&z| if z.abs() > LEAST { z as f32 } else { 0.0 })
        .collect();
    let share = n_positive as f64 / scored.len() as f64;
    let record = LexiconRecord {
        n_seeds: scored.len(),
        n_positive,
        n_words: polarity.iter().filter(|&&p| p != 0.0).count(),
        sign_accuracy: share_with_interval(&all),
        sign_accuracy_kept: share_with_interval(&kept),
        n_kept: kept.len(),
        majority: round6(share.max(1.0 - share)),
    };
    Some((polarity, record))
}

/// The mean of zeros and ones.
fn share_with_interval(values: &[f64]) -> Estimate {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let interval = t_interval(values, 0.95).map(|(low, high)| (round6(low), round6(high)));
    Estimate::with_interval(round6(mean), interval).clipped(0.0, 1.0)
}

/// `n` words without a score, drawn from the frequent ones.
fn zero_words(counts: &[u32], seeds: &[Option<f64>], n: usize, seed: u64) -> Vec<usize> {
    let mut by_count: Vec<usize> = (0..counts.len()).collect();
    by_count.sort_by_key(|&word| (std::cmp::Reverse(counts[word]), word));
    by_count.truncate((counts.len() as f64 * FREQUENT).ceil() as usize);
    by_count.retain(|&word| seeds[word].is_none());
    by_count.shuffle(&mut stream(seed, 1));
    by_count.truncate(n);
    by_count
}

/// A group for each scored word; words with one stem share it.
fn stem_groups(words: &[String], scored: &[(usize, f64)]) -> Vec<usize> {
    let stemmer = Stemmer::create(Algorithm::English);
    let mut groups = BTreeMap::new();
    scored
        .iter()
        .map(|&(word, _)| {
            let next = groups.len();
            *groups
                .entry(stemmer.stem(&words[word]).into_owned())
                .or_insert(next)
        })
        .collect()
}

/// The coefficients β of the ridge regression on `rows` of `unit` and their scores: the least
/// `Σ (score − intercept − x·β)² + ALPHA·|β|²`. The intercept is left out; standardising removes it.
fn ridge(unit: &Array2<f32>, rows: &[(usize, f64)]) -> Array1<f64> {
    let d = unit.ncols();
    let mut x = Array2::from_shape_fn((rows.len(), d), |(i, j)| f64::from(unit[[rows[i].0, j]]));
    let means = x.mean_axis(ndarray::Axis(0)).expect("there are seeds");
    x -= &means;
    let mean = rows.iter().map(|(_, score)| score).sum::<f64>() / rows.len() as f64;
    let y: Array1<f64> = rows.iter().map(|(_, score)| score - mean).collect();
    let mut normal = gram(&x);
    normal.diag_mut().mapv_inplace(|v| v + ALPHA);
    Array1::from_vec(solve(&normal, &x.t().dot(&y).to_vec()))
}

/// What `beta` predicts for every word, in standard deviations from the mean over words with a vector; 0 for others.
fn standardized(
    beta: &Array1<f64>,
    unit: &Array2<f32>,
    has_vector: &dyn Fn(usize) -> bool,
) -> Vec<f64> {
    let predicted: Vec<f64> = unit
        .outer_iter()
        .map(|row| row.iter().zip(beta).map(|(&x, b)| f64::from(x) * b).sum())
        .collect();
    let known: Vec<usize> = (0..predicted.len()).filter(|&w| has_vector(w)).collect();
    let n = known.len() as f64;
    let mean = known.iter().map(|&w| predicted[w]).sum::<f64>() / n;
    let variance = known
        .iter()
        .map(|&w| (predicted[w] - mean).powi(2))
        .sum::<f64>()
        / n;
    let mut polarity = vec![0.0; predicted.len()];
    for word in known {
        polarity[word] = (predicted[word] - mean) / variance.sqrt().max(1e-12);
    }
    polarity
}

#[cfg(test)]
mod tests {
    use rand::Rng;

    use super::*;

    #[test]
    fn lexicon_scores_are_vader_s_mean_ratings() {
        let words = [
            "good",
            "murder",
            "table",
            "lied",
            ")",
            "catastrophic",
            "[number]",
        ];
        let words = words.map(String::from);
        // From vader_lexicon.txt, second column.
        assert_eq!(
            lexicon_scores(&words),
            [
                Some(1.9),
                Some(-3.7),
                None,
                Some(-1.6),
                None,
                Some(-2.2),
                None
            ]
        );
    }

    #[test]
    fn the_direction_of_the_seeds_is_found_and_held_out_signs_come_out_right() {
        let mut chance = stream(3, 0);
        let (n, d) = (600, 6);
        let mut unit = Array2::from_shape_fn((n, d), |_| chance.gen_range(-1.0_f32..1.0));
        for mut row in unit.rows_mut() {
            let norm = row.dot(&row).sqrt();
            row /= norm;
        }
        let words: Vec<String> = (0..n).map(|i| format!("w{i}q")).collect();
        let seeds: Vec<Option<f64>> = (0..n)
            .map(|i| (i < 200).then(|| if unit[[i, 2]] > 0.0 { 2.0 } else { -2.0 }))
            .collect();
        let (polarity, record) = spread(&unit, &words, &vec![1; n], &seeds, 1).expect("seeds");
        assert_eq!(record.n_seeds, 200);
        let accuracy = record.sign_accuracy;
        assert!(accuracy.value > Some(0.93), "{accuracy:?}");
        assert!(accuracy.low < accuracy.value && accuracy.value < accuracy.high);
        assert!(record.majority < 0.6);
        for (word, &p) in polarity.iter().enumerate().skip(200) {
            assert!(p == 0.0 || p.abs() > LEAST as f32);
            if unit[[word, 2]].abs() > 0.5 {
                assert_eq!(p > 0.0, unit[[word, 2]] > 0.0, "{word}");
            }
        }
    }

    #[test]
    fn without_seeds_of_both_signs_there_is_no_lexicon() {
        let unit = Array2::from_elem((40, 2), 0.5_f32);
        let words: Vec<String> = (0..40).map(|i| i.to_string()).collect();
        for seeds in [vec![None; 40], vec![Some(1.0); 40]] {
            assert!(spread(&unit, &words, &[1; 40], &seeds, 1).is_none());
        }
    }

    #[test]
    fn forms_of_one_word_are_one_group() {
        let words = ["lie", "lies", "honest", "honestly"].map(String::from);
        let scored = [(0, -1.0), (1, -1.0), (2, 1.0), (3, 1.0)];
        assert_eq!(stem_groups(&words, &scored), [0, 0, 1, 1]);
    }
}

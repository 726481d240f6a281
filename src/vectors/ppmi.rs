//! Positive pointwise mutual information of words and the words around them.
//!
//! In: tokens. Out: a sparse matrix, one row and one column a word, of
//! `max(0, ln(n(w,c) · S / (n(w) · n(c)^α)))` with `S = Σ n(c)^α`.
//! n(w,c) is the sum of weights (window − distance + 1) over all places where c stands within `window` tokens of w in a sentence, n(w) its
//! sum over c. Smoothing the context distribution by α = 0.75 keeps rare contexts from weighing too much (Levy, Goldberg & Dagan
//! 2015). The weights are counted as integers, so sums do not depend on the order of addition.

use rayon::prelude::*;

use crate::error::Result;
use crate::matrix::DesignMatrix;
use crate::vectors::tokens::{BREAK, UNKNOWN};

/// α.
const CONTEXT_SMOOTHING: f64 = 0.75;

/// The matrix of `n_words` words from `tokens` (rows of the vocabulary, or marks).
pub(crate) fn ppmi(tokens: &[u32], n_words: usize, window: usize) -> Result<DesignMatrix> {
    let totals = context_totals(tokens, n_words, window);
    let smoothed: Vec<f64> = totals
        .iter()
        .map(|&n| (n as f64).powf(CONTEXT_SMOOTHING))
        .collect();
    let log_sum = smoothed.iter().sum::<f64>().ln();
    let log_smoothed: Vec<f64> = smoothed.iter().map(|s| s.ln()).collect();
    let places = Places::new(tokens, n_words);

    let rows: Vec<Vec<(u32, f32)>> = (0..n_words)
        .into_par_iter()
        .with_max_len(64)
        .map_init(
            || Counter::new(n_words),
            |counter, word| {
                for &at in places.of(word) {
                    neighbours(tokens, at as usize, window, |context, weight| {
                        counter.add(context, weight);
                    });
                }
                let log_total = (totals[word] as f64).ln();
                let mut row = Vec::new();
                counter.drain(|context, n| {
                    let information =
                        (n as f64).ln() + log_sum - log_total - log_smoothed[context as usize];
                    if information > 0.0 {
                        row.push((context, information as f32));
                    }
                });
                row
            },
        )
        .collect();
    DesignMatrix::from_rows(n_words, rows)
}

/// Calls `visit` with each word within the window around the token at `at`, and its weight.
fn neighbours(tokens: &[u32], at: usize, window: usize, mut visit: impl FnMut(u32, u64)) {
    let mut side = |context: &mut dyn Iterator<Item = &u32>| {
        for (weight, &token) in (1..=window as u64).rev().zip(context) {
            match token {
                BREAK => break,
                UNKNOWN => {}
                word => visit(word, weight),
            }
        }
    };
    side(&mut tokens[..at].iter().rev());
    side(&mut tokens[at + 1..].iter());
}

/// n(w): the weights around each word, summed. Windows are symmetric, so this is also n(c).
fn context_totals(tokens: &[u32], n_words: usize, window: usize) -> Vec<u64> {
    let mut totals = vec![0; n_words];
    for (at, &word) in tokens.iter().enumerate() {
        if word < UNKNOWN {
            neighbours(tokens, at, window, |_, weight| {
                totals[word as usize] += weight;
            });
        }
    }
    totals
}

/// Where each word stands: a counting sort of the tokens.
struct Places {
    start: Vec<usize>,
    places: Vec<u32>,
}

impl Places {
    fn new(tokens: &[u32], n_words: usize) -> Places {
        let mut start = vec![0; n_words + 1];
        for &word in tokens.iter().filter(|&&word| word < UNKNOWN) {
            start[word as usize + 1] += 1;
        }
        for word in 0..n_words {
            start[word + 1] += start[word];
        }
        let mut free = start.clone();
        let mut places = vec![0; start[n_words]];
        for (at, &word) in tokens.iter().enumerate() {
            if word < UNKNOWN {
                let place = &mut free[word as usize];
                places[*place] = at as u32;
                *place += 1;
            }
        }
        Places { start, places }
    }

    fn of(&self, word: usize) -> &[u32] {
        &self.places[self.start[word]..self.start[word + 1]]
    }
}

/// Sums by word, emptied after each use; a dense list, because a word meets many others.
struct Counter {
    sums: Vec<u64>,
    met: Vec<u32>,
}

impl Counter {
    fn new(n_words: usize) -> Counter {
        Counter {
            sums: vec![0; n_words],
            met: Vec::new(),
        }
    }

    fn add(&mut self, word: u32, weight: u64) {
        let sum = &mut self.sums[word as usize];
        if *sum == 0 {
            self.met.push(word);
        }
        *sum += weight;
    }

    /// Visits all sums in the order of the words, and forgets them.
    fn drain(&mut self, mut visit: impl FnMut(u32, u64)) {
        self.met.sort_unstable();
        for &word in &self.met {
            visit(word, std::mem::take(&mut self.sums[word as usize]));
        }
        self.met.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_a_tiny_corpus_are_as_worked_by_hand() {
        // a b c | a b, window 2: neighbours weigh 2, next but one 1.
        let (a, b, c) = (0, 1, 2);
        let tokens = [a, b, c, BREAK, a, b, BREAK];
        // n(a,b) = 2 + 2, n(a,c) = 1, n(b,c) = 2; n(a) = 5, n(b) = 6, n(c) = 3.
        assert_eq!(context_totals(&tokens, 3, 2), [5, 6, 3]);
        let cells = ppmi(&tokens, 3, 2).expect("well formed").to_dense();
        let sum = 5_f64.powf(0.75) + 6_f64.powf(0.75) + 3_f64.powf(0.75);
        let cell = |joint: f64, word: f64, context: f64| {
            (joint * sum / (word * context.powf(0.75))).ln().max(0.0)
        };
        let expected = [
            [0.0, cell(4.0, 5.0, 6.0), cell(1.0, 5.0, 3.0)],
            [cell(4.0, 6.0, 5.0), 0.0, cell(2.0, 6.0, 3.0)],
            [cell(1.0, 3.0, 5.0), cell(2.0, 3.0, 6.0), 0.0],
        ];
        // In numbers: the sum is 3.3437 + 3.8337 + 2.2795 = 9.4569, and (a,b) is ln(4 · 9.4569 / (5 · 3.8337)) = 0.6798;
        // (a,c) is ln(9.4569 / (5 · 2.2795)) < 0.
        assert!((expected[0][1] - 0.6798).abs() < 1e-4 && expected[0][2] == 0.0);
        for (i, row) in expected.iter().enumerate() {
            for (j, cell) in row.iter().enumerate() {
                assert!((cells[[i, j]] - cell).abs() < 1e-6, "({i}, {j})");
            }
        }
    }

    #[test]
    fn windows_end_with_the_sentence_and_unknown_words_keep_their_place() {
        let tokens = [0, UNKNOWN, 1, BREAK, 0, BREAK, 1, BREAK];
        assert_eq!(
            context_totals(&tokens, 2, 2),
            [1, 1],
            "two apart: 2 - 2 + 1"
        );
        assert_eq!(context_totals(&tokens, 2, 1), [0, 0]);
        let cells = ppmi(&tokens, 2, 1).expect("words without neighbours are no error");
        assert_eq!(cells.nnz(), 0);
    }
}

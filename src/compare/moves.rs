//! Words that move the model's score in one outlet more than in the others.
//!
//! In: for each article what each word adds to its mean logit ([`crate::score::word_effects`]). Out: by outlet the words whose mean effect
//! over its articles, absent ones as 0, differs most from that over all other articles. The sum over all words is the outlet's difference in
//! logits but for what stands at no word. Exploratory: nothing is tested.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::statistics::round6;

/// The fewest articles with a word that is listed.
const MIN_DF: usize = 5;

/// Words listed an outlet and direction.
const LISTED: usize = 10;

/// A word that moves the score in one outlet more than in the others.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WordMove {
    /// The outlet.
    pub outlet: String,
    /// The word, in small letters.
    pub word: String,
    /// Its mean effect on the logit in the outlet's articles (favor less against) less that in all others.
    pub difference: f64,
    /// Its mean effect in the outlet's articles.
    pub effect: f64,
    /// Articles of the outlet with it.
    pub df: usize,
    /// Other articles with it.
    pub df_rest: usize,
}

/// Sum of effects and articles with the word, by word.
type Sums = FxHashMap<u32, (f64, usize)>;

/// Collects effects article by article; memory is one number a word and outlet.
#[derive(Debug, Default)]
pub(super) struct Moves {
    words: FxHashMap<String, u32>,
    /// Outlet -> its articles and sums.
    outlets: BTreeMap<String, (usize, Sums)>,
}

impl Moves {
    /// Adds an article's effects.
    pub fn add(&mut self, outlet: &str, effects: &BTreeMap<String, f64>) {
        let (n, sums) = self.outlets.entry(outlet.to_string()).or_default();
        *n += 1;
        for (word, effect) in effects {
            let next = self.words.len() as u32;
            let word = match self.words.get(word) {
                Some(&word) => word,
                None => {
                    self.words.insert(word.clone(), next);
                    next
                }
            };
            let (sum, df) = sums.entry(word).or_default();
            *sum += effect;
            *df += 1;
        }
    }

    /// The words of each outlet of `family`, those that move it up most first; none where there is but one outlet.
    pub fn finish(&self, family: &[&str]) -> Vec<WordMove> {
        if self.outlets.len() < 2 {
            return Vec::new();
        }
        let mut names: Vec<(&str, u32)> =
            self.words.iter().map(|(w, &k)| (w.as_str(), k)).collect();
        names.sort_unstable();
        // Summed in the order of outlets, so that rounding is the same in every run.
        let mut total: FxHashMap<u32, (f64, usize)> = FxHashMap::default();
        for (_, sums) in self.outlets.values() {
            for (&word, &(sum, df)) in sums {
                let (total_sum, total_df) = total.entry(word).or_default();
                *total_sum += sum;
                *total_df += df;
            }
        }
        let n_all: usize = self.outlets.values().map(|(n, _)| n).sum();
        let mut found = Vec::new();
        for &outlet in family {
            let Some((n, sums)) = self.outlets.get(outlet) else {
                continue;
            };
            let n_rest = (n_all - n).max(1) as f64;
            let mut moves: Vec<WordMove> = names
                .iter()
                .filter(|(_, word)| total[word].1 >= MIN_DF)
                .map(|&(name, word)| {
                    let (sum, df) = sums.get(&word).copied().unwrap_or_default();
                    let (total_sum, total_df) = total[&word];
                    let effect = sum / *n as f64;
                    WordMove {
                        outlet: outlet.to_string(),
                        word: name.to_string(),
                        difference: round6(effect - (total_sum - sum) / n_rest),
                        effect: round6(effect),
                        df,
                        df_rest: total_df - df,
                    }
                })
                .collect();
            moves.sort_by(|a, b| {
                b.difference
                    .total_cmp(&a.difference)
                    .then_with(|| a.word.cmp(&b.word))
            });
            let n_up = moves
                .iter()
                .filter(|m| m.difference > 0.0)
                .count()
                .min(LISTED);
            let n_down = moves
                .iter()
                .filter(|m| m.difference < 0.0)
                .count()
                .min(LISTED);
            let down = moves.split_off(moves.len() - n_down);
            moves.truncate(n_up);
            found.extend(moves);
            found.extend(down);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_counts_by_how_often_and_how_hard_it_moves() {
        let mut moves = Moves::default();
        let effects = |pairs: &[(&str, f64)]| -> BTreeMap<String, f64> {
            pairs.iter().map(|(w, e)| (w.to_string(), *e)).collect()
        };
        for i in 0..6 {
            moves.add("A", &effects(&[("lied", -0.6), ("met", 0.1)]));
            moves.add("B", &effects(&[("met", 0.1)]));
            if i < 2 {
                moves.add("B", &effects(&[("praised", 0.9), ("seldom", 3.0)]));
            }
        }
        let found = moves.finish(&["A"]);
        let words: Vec<(&str, f64)> = found
            .iter()
            .map(|m| (m.word.as_str(), m.difference))
            .collect();
        // "praised" and "seldom" are in fewer than five articles; "met" is in 6 of 6 and in 6 of 8.
        assert_eq!(words, [("met", 0.025), ("lied", -0.6)]);
        assert_eq!((found[1].df, found[1].df_rest), (6, 0));
        assert!(Moves::default().finish(&["A"]).is_empty());
    }
}

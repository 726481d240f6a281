//! What is known of words beyond the labelled sentences: polarities from lexicons, clusters and vectors from unlabelled text.
//!
//! A [`WordTable`] is plain data, made once before the fit and stored with the model, so that nothing moves afterwards. Words are
//! found by the hash of their normal form ([`crate::text::word_form`]), not by stem: "bully" and "bullish" are not alike.

use serde::{Deserialize, Serialize};

use crate::features::vocabulary::hash_word;

/// Polarities are kept in units of this: fine enough for lexicons that rate in tenths.
const POLARITY_UNIT: f32 = 0.05;

/// A hash of some width.
pub(crate) trait Hash: Copy + Ord {
    /// `n` times the share that the hash is of the range of all.
    fn share_of(self, n: usize) -> usize;
    /// How far it lies above `other`, which is not greater.
    fn above(self, other: Self) -> Self;
}

impl Hash for u64 {
    fn share_of(self, n: usize) -> usize {
        ((u128::from(self) * n as u128) >> 64) as usize
    }

    fn above(self, other: u64) -> u64 {
        self - other
    }
}

impl Hash for u32 {
    fn share_of(self, n: usize) -> usize {
        ((u128::from(self) * n as u128) >> 32) as usize
    }

    fn above(self, other: u32) -> u32 {
        self - other
    }
}

/// Where `hash` stands in `hashes`, which ascend and are spread evenly over all their bits: its share of their range says nearly where, and
/// so does, from there, its distance from what was found (interpolation search). The last few steps are halvings, so that hashes
/// spread in any other way are found too.
pub(crate) fn find_hash<H: Hash>(hashes: &[H], hash: H) -> Option<usize> {
    /// The reach of a guess: at first by chance the root of their number, half of it mostly.
    const GUESSES: usize = 3;
    let (mut from, mut to) = (0, hashes.len());
    let share = |distance: H| distance.share_of(hashes.len());
    let mut guess = share(hash);
    for _ in 0..GUESSES {
        guess = guess.clamp(from, to.checked_sub(1)?);
        let found = hashes[guess];
        if found == hash {
            return Some(guess);
        }
        if found < hash {
            from = guess + 1;
            guess = guess + 1 + share(hash.above(found));
        } else {
            to = guess;
            guess = guess.saturating_sub(1 + share(found.above(hash)));
        }
        if from >= to {
            return None;
        }
    }
    hashes[from..to]
        .binary_search(&hash)
        .ok()
        .map(|at| from + at)
}

/// Words with what is known of them, column by column, in the order of their keys.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WordTable {
    /// Hashes of the normal forms, ascending.
    keys: Vec<u64>,
    /// What is known of all of them together.
    about: TableHeader,
    /// Shape (n_words, n_lexicons), in units: negative for bad, 0 where a lexicon has no word.
    polarity: Vec<i8>,
    /// Shape (n_words, 2): coarse and fine cluster + 1, 0 without.
    clusters: Vec<u16>,
    /// Shape (n_words, dimensions).
    vectors: Vec<i8>,
    /// What a unit of each word's vector is worth, its weight in a pool included.
    scale: Vec<f32>,
}

/// What a table holds, as the model's description has it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TableHeader {
    /// Names of the lexicons.
    pub lexicons: Vec<String>,
    /// Numbers a vector has; 0 without vectors.
    pub dimensions: usize,
    /// Digest of the word vectors, if any.
    pub vectors: Option<String>,
    /// A label for each coarse, then each fine cluster: its most frequent words.
    pub labels: [Vec<String>; 2],
}

/// One word, for building a table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableWord<'w> {
    /// The hash of its normal form.
    pub key: u64,
    /// One polarity a lexicon; 0 where it has none.
    pub polarity: Vec<f32>,
    /// Coarse and fine cluster, from 0.
    pub clusters: [Option<u16>; 2],
    /// Its vector and what a unit of it is worth in a pool; empty without.
    pub vector: (&'w [i8], f32),
}

impl WordTable {
    /// Puts words together; each form once.
    pub fn new(words: &[TableWord<'_>], about: TableHeader) -> WordTable {
        let mut order: Vec<&TableWord<'_>> = words.iter().collect();
        order.sort_by_key(|word| word.key);
        let mut table = WordTable {
            keys: order.iter().map(|word| word.key).collect(),
            ..Default::default()
        };
        for word in order {
            let units = |polarity: &f32| (polarity / POLARITY_UNIT).round() as i8;
            table.polarity.extend(word.polarity.iter().map(units));
            let cluster = word.clusters.map(|cluster| cluster.map_or(0, |c| c + 1));
            table.clusters.extend(cluster);
            let (vector, scale) = word.vector;
            table.vectors.extend(vector);
            table
                .vectors
                .extend(std::iter::repeat_n(0, about.dimensions - vector.len()));
            table.scale.push(scale);
        }
        table.about = about;
        table
    }

    /// Takes stored parts; `None` where they do not fit each other.
    pub fn from_parts(
        about: TableHeader,
        keys: Vec<u64>,
        polarity: Vec<i8>,
        clusters: Vec<u16>,
        vectors: Vec<i8>,
        scale: Vec<f32>,
    ) -> Option<WordTable> {
        let n = keys.len();
        let fits = polarity.len() == n * about.lexicons.len()
            && clusters.len() == n * 2
            && vectors.len() == n * about.dimensions
            && scale.len() == n
            && keys.is_sorted_by(|a, b| a < b);
        fits.then_some(WordTable {
            keys,
            about,
            polarity,
            clusters,
            vectors,
            scale,
        })
    }

    /// Keys, polarities, clusters, vectors and scales, as they are stored.
    #[allow(
        clippy::type_complexity,
        reason = "five columns, named in the line above"
    )]
    pub fn parts(&self) -> (&[u64], &[i8], &[u16], &[i8], &[f32]) {
        (
            &self.keys,
            &self.polarity,
            &self.clusters,
            &self.vectors,
            &self.scale,
        )
    }

    /// The hash that a word in its normal form is found by.
    pub fn key(form: &str) -> u64 {
        hash_word(form)
    }

    /// The words, one by one.
    pub fn words(&self) -> impl Iterator<Item = TableWord<'_>> {
        (0..self.len() as u32).map(|word| TableWord {
            key: self.keys[word as usize],
            polarity: (0..self.about.lexicons.len())
                .map(|lexicon| self.polarity(word, lexicon))
                .collect(),
            clusters: [false, true].map(|fine| self.cluster(word, fine)),
            vector: self.vector(word),
        })
    }

    /// What the table holds.
    pub fn about(&self) -> &TableHeader {
        &self.about
    }

    /// The number of a word by the hash of its normal form.
    pub(crate) fn find(&self, form: u64) -> Option<u32> {
        find_hash(&self.keys, form).map(|at| at as u32)
    }

    /// The polarity of a word by a lexicon; 0 where it has none.
    pub(crate) fn polarity(&self, word: u32, lexicon: usize) -> f32 {
        let n = self.about.lexicons.len();
        f32::from(self.polarity[word as usize * n + lexicon]) * POLARITY_UNIT
    }

    /// The cluster of a word.
    pub(crate) fn cluster(&self, word: u32, fine: bool) -> Option<u16> {
        self.clusters[word as usize * 2 + usize::from(fine)].checked_sub(1)
    }

    /// The labels of the clusters: their most frequent words.
    pub(crate) fn labels(&self, fine: bool) -> &[String] {
        &self.about.labels[usize::from(fine)]
    }

    /// The vector of a word and what a unit of it is worth in a pool.
    pub(crate) fn vector(&self, word: u32) -> (&[i8], f32) {
        let d = self.about.dimensions;
        let start = word as usize * d;
        (&self.vectors[start..start + d], self.scale[word as usize])
    }

    /// Numbers a vector has; 0 without vectors.
    pub fn dimensions(&self) -> usize {
        self.about.dimensions
    }

    /// Number of words.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether nothing is known of any word.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_hash_is_found_and_no_other(
            spread in proptest::collection::btree_set(any::<u64>(), 0..200),
            crowded in proptest::collection::btree_set(0_u64..400, 0..200),
            asked in proptest::collection::vec(prop_oneof![any::<u64>(), 0_u64..400], 20),
        ) {
            for hashes in [&spread, &crowded, &spread.union(&crowded).copied().collect()] {
                let hashes: Vec<u64> = hashes.iter().copied().collect();
                for &hash in hashes.iter().chain(&asked) {
                    prop_assert_eq!(find_hash(&hashes, hash), hashes.binary_search(&hash).ok());
                    let narrow: Vec<u32> = hashes.iter().map(|&hash| (hash >> 32) as u32).collect();
                    let narrow: Vec<u32> = std::collections::BTreeSet::from_iter(narrow).into_iter().collect();
                    let hash = (hash >> 32) as u32;
                    prop_assert_eq!(find_hash(&narrow, hash), narrow.binary_search(&hash).ok());
                }
            }
        }
    }
}

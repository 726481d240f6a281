//! Pools: the vectors of the words in a zone, added up, one pool a place.
//!
//! A pool says what a stretch of the sentence is about even where the words themselves were never labelled. Its numbers are columns
//! of the design matrix behind those of the vocabulary. A pool is the sum of weight · vector over its words (frequent words and distant ones
//! weigh less, negated ones count against), divided by its own length + [`SOFT`], so that a long stretch does not outweigh a short
//! one and a single faint word stays faint. Given that length it is a sum over words, which is how explanations open it.

use crate::features::annotate::Piece;
use crate::features::family::{Family, Place, Unit, Zone};
use crate::features::relation::{Related, Relation};
use crate::features::words::WordTable;

/// Added to a pool's length before it is divided by it.
const SOFT: f32 = 0.3;

/// What a negated word's vector is multiplied by.
const NEGATED: f32 = -0.5;

/// The places of a zone that have a pool each.
fn places(zone: Zone) -> Vec<Place> {
    match zone {
        Zone::Sentence | Zone::Distance { .. } => vec![Place::ANYWHERE],
        Zone::Side { .. }
        | Zone::Clause
        | Zone::NextClause
        | Zone::Closest
        | Zone::Offset { .. } => {
            vec![Place::BEFORE, Place::AFTER]
        }
        Zone::Relation => [
            Relation::Verb,
            Relation::Owned,
            Relation::AfterVerb,
            Relation::Before,
        ]
        .map(Place::of_relation)
        .to_vec(),
    }
}

/// One pool of a model: its family and place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pool {
    /// Index of the family.
    pub family: usize,
    pub place: Place,
}

/// The pools of `families`, in the order of their columns.
pub(crate) fn pools_of(families: &[Family]) -> Vec<Pool> {
    families
        .iter()
        .enumerate()
        .filter(|(_, family)| family.unit == Unit::Vector)
        .flat_map(|(index, family)| {
            places(family.zone).into_iter().map(move |place| Pool {
                family: index,
                place,
            })
        })
        .collect()
}

/// A word in a pool and what it weighs there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pooled {
    /// Index of the pool.
    pub pool: usize,
    /// Number in the table.
    pub word: u32,
    /// Index of the piece.
    pub piece: usize,
    pub weight: f32,
}

/// Which words go into which pools.
pub(crate) fn pooled_words(
    families: &[Family],
    pools: &[Pool],
    table: &WordTable,
    pieces: &[Piece],
    related: &[Related],
) -> Vec<Pooled> {
    if pools.is_empty() || table.dimensions() == 0 {
        return Vec::new();
    }
    let sign = |piece: usize| if pieces[piece].negated { NEGATED } else { 1.0 };
    let mut found = Vec::new();
    for (index, pool) in pools.iter().enumerate() {
        let zone = families[pool.family].zone;
        if zone == Zone::Relation {
            for related in related.iter().filter(|related| related.second.is_none()) {
                if Place::of_relation(related.relation) == pool.place
                    && let Some(word) = pieces[related.first].word
                {
                    found.push(Pooled {
                        pool: index,
                        word,
                        piece: related.first,
                        weight: sign(related.first),
                    });
                }
            }
            continue;
        }
        for (k, piece) in pieces.iter().enumerate() {
            if let Some(word) = piece.word
                && !piece.is_subject()
                && let Some((place, weight)) = zone.locate(piece)
                && place == pool.place
            {
                found.push(Pooled {
                    pool: index,
                    word,
                    piece: k,
                    weight: weight * sign(k),
                });
            }
        }
    }
    found
}

/// The values of all pools, one after the other: `pools.len()` × dimensions numbers.
pub(crate) fn pool_values(
    families: &[Family],
    pools: &[Pool],
    table: &WordTable,
    words: &[Pooled],
) -> Vec<f32> {
    let d = table.dimensions();
    let mut sums = pool_sums(pools, table, words);
    if d > 0 {
        for (pool, sum) in pools.iter().zip(sums.chunks_exact_mut(d)) {
            let scale = scale_of(&families[pool.family], sum);
            sum.iter_mut().for_each(|value| *value *= scale);
        }
    }
    sums.into_iter().map(|value| value as f32).collect()
}

fn pool_sums(pools: &[Pool], table: &WordTable, words: &[Pooled]) -> Vec<f64> {
    let d = table.dimensions();
    let mut sums = vec![0.0_f64; pools.len() * d];
    // A word stands in several pools; its vector is made of floats once.
    let n_pieces = words.iter().map(|pooled| pooled.piece + 1).max();
    let mut start: Vec<Option<usize>> = vec![None; n_pieces.unwrap_or(0)];
    let mut vectors: Vec<f64> = Vec::with_capacity(start.len() * d);
    for pooled in words {
        let (vector, scale) = table.vector(pooled.word);
        let start = *start[pooled.piece].get_or_insert_with(|| {
            vectors.extend(vector.iter().map(|&v| f64::from(v)));
            vectors.len() - d
        });
        let factor = f64::from(scale) * f64::from(pooled.weight);
        let pool = &mut sums[pooled.pool * d..(pooled.pool + 1) * d];
        for (sum, &v) in pool.iter_mut().zip(&vectors[start..start + d]) {
            *sum += factor * v;
        }
    }
    sums
}

/// What each word adds to its pool's values, in the order of `words`: the pool's length is shared by all its words, so their
/// parts add up to the pool.
pub(crate) fn pool_parts(
    families: &[Family],
    pools: &[Pool],
    table: &WordTable,
    words: &[Pooled],
) -> Vec<Vec<f64>> {
    let d = table.dimensions();
    let sums = pool_sums(pools, table, words);
    words
        .iter()
        .map(|pooled| {
            let sum = &sums[pooled.pool * d..(pooled.pool + 1) * d];
            let family = &families[pools[pooled.pool].family];
            let (vector, unit) = table.vector(pooled.word);
            let factor = f64::from(unit) * f64::from(pooled.weight) * scale_of(family, sum);
            vector.iter().map(|&v| factor * f64::from(v)).collect()
        })
        .collect()
}

/// What a pool with this sum is multiplied by.
fn scale_of(family: &Family, sum: &[f64]) -> f64 {
    let length = sum.iter().map(|v| v * v).sum::<f64>().sqrt();
    f64::from(family.weight) / (length + f64::from(SOFT))
}

/// The values of a pool that holds one word alone, at full weight.
pub(crate) fn alone(family: &Family, table: &WordTable, word: u32) -> Vec<f64> {
    let (vector, unit) = table.vector(word);
    let sum: Vec<f64> = vector
        .iter()
        .map(|&v| f64::from(unit) * f64::from(v))
        .collect();
    let scale = scale_of(family, &sum);
    sum.into_iter().map(|value| value * scale).collect()
}

//! The values of a row: sums of zone weights, damped, weighed and scaled family by family; pools behind them.

use std::sync::LazyLock;

use crate::features::annotate::Piece;
use crate::features::family::{Family, Scaling};
use crate::features::pool::{Pool, pool_values, pooled_words};
use crate::features::relation::Related;
use crate::features::vocabulary::Vocabulary;
use crate::features::words::WordTable;

/// What was found of the columns of one family after the other, each column with its weight.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// What may be known: slot of the vocabulary, key, family and weight.
    asked: Vec<(usize, u64, u8, f32)>,
    entries: Vec<(u32, f32)>,
    /// The family of the last entry, and where its entries begin.
    family: u8,
    start: usize,
    /// Columns and numbers of entries, being put in order.
    order: Vec<u64>,
    /// Sums of the families before; at last the row.
    pub summed: Vec<(u32, f32)>,
}

impl Found {
    pub fn clear(&mut self) {
        self.asked.clear();
        self.entries.clear();
        self.summed.clear();
        (self.family, self.start) = (0, 0);
    }

    /// Asks for the column of `key`, which may stand in `slot` of the vocabulary.
    pub fn ask(&mut self, slot: usize, key: u64, family: u8, weight: f32) {
        self.asked.push((slot, key, family, weight));
    }

    /// Finds what was asked for and sums it up, ordered by column.
    pub fn find(&mut self, vocabulary: &Vocabulary) {
        for k in 0..self.asked.len() {
            let (slot, key, family, weight) = self.asked[k];
            if let Some(column) = vocabulary.column_from(slot, key) {
                self.push(family, column, weight);
            }
        }
        self.finish();
    }

    fn push(&mut self, family: u8, column: u32, weight: f32) {
        if family != self.family {
            self.sum_up();
            self.family = family;
        }
        self.entries.push((column, weight));
    }

    /// Sums the entries of the last family.
    fn sum_up(&mut self) {
        add_sums(
            &self.entries[self.start..],
            &mut self.order,
            &mut self.summed,
        );
        self.start = self.entries.len();
    }

    /// Completes the sums.
    fn finish(&mut self) {
        self.sum_up();
        // Families come in the order of their columns, unless one of them was chosen twice: then its columns come again.
        if !self.summed.is_sorted_by(|a, b| a.0 < b.0) {
            self.summed.clear();
            add_sums(&self.entries, &mut self.order, &mut self.summed);
        }
    }
}

/// Adds to `summed` the columns of `entries` in order, each with the sum of its weights, added in the order they have. `order` is put to use.
fn add_sums(entries: &[(u32, f32)], order: &mut Vec<u64>, summed: &mut Vec<(u32, f32)>) {
    // The number makes the order unique, so that a sort which need not be stable, and is faster, keeps it.
    let place =
        |(number, &(column, _)): (usize, &(u32, f32))| u64::from(column) << 32 | number as u64;
    order.clear();
    order.extend(entries.iter().enumerate().map(place));
    order.sort_unstable();
    let first = summed.len();
    for &place in &*order {
        let (column, weight) = entries[place as u32 as usize];
        match summed[first..].last_mut() {
            Some(last) if last.0 == column => last.1 += weight,
            _ => summed.push((column, weight)),
        }
    }
}

/// `ln(1 + sum)`; most words stand in a sentence once, at full weight.
fn damped(sum: f32) -> f32 {
    static ONCE: LazyLock<f32> = LazyLock::new(|| std::hint::black_box(1.0_f32).ln_1p());
    if sum == 1.0 { *ONCE } else { sum.ln_1p() }
}

/// Turns sums into feature values, in place: `ln(1 + sum) * idf`, each family's block scaled to its weight. `row` is ordered
/// by column, and columns by family.
pub(super) fn weigh(row: &mut [(u32, f32)], idf: &[f32], family: &[u8], families: &[Family]) {
    for block in row.chunk_by_mut(|a, b| family[a.0 as usize] == family[b.0 as usize]) {
        let own = &families[family[block[0].0 as usize] as usize];
        if own.scaling == Scaling::Amount {
            for (_, value) in block.iter_mut() {
                *value = damped(*value) * own.weight;
            }
            continue;
        }
        let mut squares = 0.0_f64;
        for (column, value) in block.iter_mut() {
            *value = damped(*value) * idf[*column as usize];
            squares += f64::from(*value).powi(2);
        }
        let scale = f64::from(own.weight) / squares.sqrt().max(f64::MIN_POSITIVE);
        for (_, value) in block.iter_mut() {
            *value = (f64::from(*value) * scale) as f32;
        }
    }
}

/// The values of all pools.
pub(super) fn pools_of_pieces(
    families: &[Family],
    pools: &[Pool],
    table: &WordTable,
    pieces: &[Piece],
    related: &[Related],
) -> Vec<f32> {
    let words = pooled_words(families, pools, table, pieces, related);
    pool_values(families, pools, table, &words)
}

/// Adds the values of pools behind the columns of the vocabulary; zeros stay out.
pub(super) fn append_pools(row: &mut Vec<(u32, f32)>, n_vocabulary: usize, pools: &[f32]) {
    let behind = (n_vocabulary as u32..).zip(pools);
    row.extend(behind.filter_map(|(column, &value)| (value != 0.0).then_some((column, value))));
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn families_summed_one_by_one_are_the_whole_row_summed(
            mut found in proptest::collection::vec((0_u32..12, 0.1_f32..3.0), 0..60), again: bool
        ) {
            // Four families of three columns each, in order, or one of them twice.
            found.sort_by_key(|&(column, _)| column / 3);
            if again {
                found.extend_from_within(..found.len() / 2);
            }
            let mut summed = Found::default();
            for &(column, weight) in &found {
                summed.push((column / 3) as u8, column, weight);
            }
            summed.finish();
            let mut expected = found;
            expected.sort_by_key(|&(column, _)| column);
            expected.dedup_by(|next, first| {
                let same = next.0 == first.0;
                first.1 += if same { next.1 } else { 0.0 };
                same
            });
            proptest::prop_assert_eq!(summed.summed, expected);
        }
    }
}

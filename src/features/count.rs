//! Counting the features of labelled examples, once for all folds.
//!
//! [`FeatureCounts`] holds every feature of every training example; [`FittedColumns`] is what a choice of rows (a fold's
//! training part, or all) makes of it: which features are frequent enough and their idf. So cross-validation fits
//! vocabulary and idf inside each fold without reading the text again.

use std::borrow::Cow;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::features::annotate::{Example, NAME, Piece, SUBJECT, annotate};
use crate::features::columns::{Feature, Features, n_target_blind};
use crate::features::family::{
    BAD, Family, GOOD, Place, cluster_hash, family_seed, occurrences, related,
};
use crate::features::featurizer::{Featurizer, FeaturizerParams};
use crate::features::pool::{Pool, pools_of};
use crate::features::relation::Related;
use crate::features::row::{pools_of_pieces, weigh};
use crate::features::vocabulary::{Vocabulary, hash_word};
use crate::features::words::WordTable;
use crate::matrix::{DenseBlock, DesignMatrix};
use crate::text::{CLOSE, NUMBER, OPEN, form};

/// Feature counts of a set of examples, before any choice of vocabulary.
#[derive(Debug)]
pub struct FeatureCounts {
    params: FeaturizerParams,
    table: Arc<WordTable>,
    /// Known features in the order of columns: by family, place, text.
    features: Features,
    keys: Vec<u64>,
    /// The feature of each key.
    index: FxHashMap<u64, u32>,
    training: CountedRows,
    /// What is kept of an earlier model.
    base: Option<Base>,
}

/// The columns of an earlier model among the features of new counts.
#[derive(Debug)]
struct Base {
    /// The feature of each of its columns.
    feature: Vec<u32>,
    /// Its idf of each feature that it knows.
    idf: Vec<Option<f32>>,
    /// Sentences its idf rests on.
    n: usize,
}

/// The known features of some examples.
#[derive(Debug)]
pub struct CountedRows {
    /// Row r is `entries[offsets[r]..offsets[r + 1]]`, (feature, sum of weights), ordered by feature.
    entries: Vec<(u32, f32)>,
    offsets: Vec<usize>,
    /// Shape (n rows, pool columns): one copy for the matrices of all folds.
    pools: Option<Arc<DenseBlock>>,
}

impl CountedRows {
    /// Keeps of each row of keys what `index` knows.
    fn new(rows: Vec<SeenRow>, index: &FxHashMap<u64, u32>) -> CountedRows {
        /// Known features and pools of a row.
        type Known = (Vec<(u32, f32)>, Vec<f32>);
        let known: Vec<Known> = rows
            .into_par_iter()
            .map(|row| {
                let known = |&(key, sum): &(u64, f32)| Some((*index.get(&key)?, sum));
                let mut known: Vec<(u32, f32)> = row.keys.iter().filter_map(known).collect();
                known.sort_unstable_by_key(|&(feature, _)| feature);
                (known, row.pools)
            })
            .collect();
        let n_entries = known.iter().map(|(known, _)| known.len()).sum();
        let n_pooled = known.first().map_or(0, |(_, pools)| pools.len());
        let mut counted = CountedRows {
            entries: Vec::with_capacity(n_entries),
            offsets: vec![0],
            pools: None,
        };
        let mut pools = Vec::with_capacity(n_pooled * known.len());
        for (known, of_row) in known {
            counted.entries.extend(known);
            counted.offsets.push(counted.entries.len());
            pools.extend(of_row);
        }
        if n_pooled > 0 {
            let block = DenseBlock::new(n_pooled, pools).expect("pools are finite");
            counted.pools = Some(Arc::new(block));
        }
        counted
    }

    fn row(&self, r: usize) -> &[(u32, f32)] {
        &self.entries[self.offsets[r]..self.offsets[r + 1]]
    }
}

/// The columns that a choice of rows makes.
#[derive(Debug, Clone)]
pub struct FittedColumns {
    /// The column of each feature of the counts, if it has one.
    column: Vec<Option<u32>>,
    /// The feature of each column.
    feature: Vec<u32>,
    /// idf of each column.
    idf: Vec<f32>,
    /// The family of each column.
    family: Vec<u8>,
}

impl FittedColumns {
    /// Number of columns.
    pub fn len(&self) -> usize {
        self.feature.len()
    }

    /// Whether no feature was frequent enough.
    pub fn is_empty(&self) -> bool {
        self.feature.is_empty()
    }

    /// The feature of each column, as the counts number them.
    pub fn features(&self) -> &[u32] {
        &self.feature
    }

    /// The column of `feature`, if it has one.
    pub fn column(&self, feature: u32) -> Option<u32> {
        self.column[feature as usize]
    }
}

impl FeatureCounts {
    /// Counts the features of `examples`. Those in fewer than `min_df` of them are dropped at once: no part of the
    /// examples could bring them above.
    pub fn new(
        params: FeaturizerParams,
        table: Arc<WordTable>,
        examples: &[Example<'_>],
    ) -> Result<FeatureCounts> {
        FeatureCounts::count_all(params, table, examples, None)
    }

    /// Counts for a model that goes on from `base`, which was trained on `n` sentences: every column of it is a column of every fit, with
    /// its idf, whether the examples have it or not; other features need `min_df` examples as ever, and their idf counts `n` sentences
    /// without them. Families and word table are those of `base`.
    pub fn extending(
        base: &Featurizer,
        n: usize,
        min_df: u32,
        examples: &[Example<'_>],
    ) -> Result<FeatureCounts> {
        let params = FeaturizerParams {
            min_df,
            families: base.params().families.clone(),
        };
        FeatureCounts::count_all(params, base.table().clone(), examples, Some((base, n)))
    }

    fn count_all(
        params: FeaturizerParams,
        table: Arc<WordTable>,
        examples: &[Example<'_>],
        base: Option<(&Featurizer, usize)>,
    ) -> Result<FeatureCounts> {
        let mut params = params.check()?;
        // The families of a base stay as they are numbered there.
        if base.is_none() {
            params.families.retain(|family| family.is_known_to(&table));
        }
        let counter = Counter::new(&params.families, &table);
        let rows = counter.count(examples);
        let known = |key| base.is_some_and(|(base, _)| base.vocabulary().column(key).is_some());
        let described = counter.describe(examples, &rows, params.min_df, known);
        let keys_of_base = base.map_or_else(Vec::new, |(base, _)| base.vocabulary().keys());
        let of_base = base.iter().flat_map(|(base, _)| {
            let keys = keys_of_base.iter().enumerate();
            keys.map(|(column, &key)| (base.features().get(column), key))
        });
        let mut order: Vec<(Feature<'_>, u64)> = described
            .iter()
            .map(|&(key, (family, place, ref text))| {
                (
                    Feature {
                        family,
                        place,
                        text,
                    },
                    key,
                )
            })
            .chain(of_base)
            .collect();
        order.par_sort_unstable();
        let index: FxHashMap<u64, u32> = order
            .iter()
            .enumerate()
            .map(|(i, &(_, key))| (key, i as u32))
            .collect();
        let base = base.map(|(base, n)| {
            let mut idf = vec![None; order.len()];
            let keys = keys_of_base.iter();
            let feature: Vec<u32> = keys.map(|key| index[key]).collect();
            for (&feature, &known) in feature.iter().zip(base.idf()) {
                idf[feature as usize] = Some(known);
            }
            Base { feature, idf, n }
        });

        Ok(FeatureCounts {
            base,
            features: Features::collect(order.iter().map(|&(feature, _)| feature)),
            keys: order.iter().map(|&(_, key)| key).collect(),
            training: CountedRows::new(rows, &index),
            index,
            params,
            table,
        })
    }

    /// The rows that were counted.
    pub fn training(&self) -> &CountedRows {
        &self.training
    }

    /// Counts the known features of the same examples seen without their mentions. They have no pools.
    pub fn count(&self, examples: &[Example<'_>]) -> CountedRows {
        let rows = Counter::without_pools(&self.params.families, &self.table).count(examples);
        CountedRows::new(rows, &self.index)
    }

    /// Number of columns behind those of the vocabulary.
    pub fn n_pooled(&self) -> usize {
        pools_of(&self.params.families).len() * self.table.dimensions()
    }

    /// How many of the first `columns` belong to families that need no mention.
    pub fn n_target_blind(&self, columns: &FittedColumns) -> usize {
        n_target_blind(&columns.family, &self.params.families)
    }

    /// The column that `columns` has for each column of the model that the counts go on from, those of its pools included; none without one.
    pub fn base_columns(&self, columns: &FittedColumns) -> Vec<usize> {
        let Some(base) = &self.base else {
            return Vec::new();
        };
        let kept =
            |&feature: &u32| columns.column[feature as usize].expect("the base is kept") as usize;
        let pooled = columns.len()..columns.len() + self.n_pooled();
        base.feature.iter().map(kept).chain(pooled).collect()
    }

    /// Chooses columns from `rows`: features in at least `min_df` of them, with
    /// `idf = ln((1 + n) / (1 + df)) + 1` (scikit-learn's smoothed idf).
    /// Features of an earlier model are always in, with its idf.
    pub fn fit(&self, rows: &[usize]) -> FittedColumns {
        let mut df = vec![0_u32; self.features.len()];
        for &r in rows {
            for &(feature, _) in self.training.row(r) {
                df[feature as usize] += 1;
            }
        }
        let n = (rows.len() + self.base.as_ref().map_or(0, |base| base.n)) as f64;
        let mut columns = FittedColumns {
            column: vec![None; self.features.len()],
            feature: Vec::new(),
            idf: Vec::new(),
            family: Vec::new(),
        };
        for (feature, &df) in df.iter().enumerate() {
            let known = self.base.as_ref().and_then(|base| base.idf[feature]);
            if known.is_some() || df >= self.params.min_df {
                columns.column[feature] = Some(columns.feature.len() as u32);
                columns.feature.push(feature as u32);
                let idf = || (((1.0 + n) / (1.0 + f64::from(df))).ln() + 1.0) as f32;
                columns.idf.push(known.unwrap_or_else(idf));
                columns
                    .family
                    .push(self.features.family_of_columns()[feature]);
            }
        }
        columns
    }

    /// The design matrix of `rows` of `counted`, with `columns` fitted before.
    pub fn matrix(
        &self,
        columns: &FittedColumns,
        counted: &CountedRows,
        rows: &[usize],
    ) -> DesignMatrix {
        let made: Vec<Vec<(u32, f32)>> = rows
            .par_iter()
            .map(|&r| {
                let mut row: Vec<(u32, f32)> = counted
                    .row(r)
                    .iter()
                    .filter_map(|&(feature, sum)| Some((columns.column[feature as usize]?, sum)))
                    .collect();
                weigh(
                    &mut row,
                    &columns.idf,
                    &columns.family,
                    &self.params.families,
                );
                row
            })
            .collect();
        let sparse = |n_columns| {
            DesignMatrix::from_rows(n_columns, made).expect("rows are ordered by column")
        };
        match &counted.pools {
            Some(pools) => sparse(columns.len()).with_block(pools.clone(), rows.to_vec()),
            None => sparse(columns.len() + self.n_pooled()),
        }
    }

    /// The same of rows that were counted without their mentions: only the columns of families that need none.
    pub fn blind_matrix(
        &self,
        columns: &FittedColumns,
        counted: &CountedRows,
        rows: &[usize],
    ) -> DesignMatrix {
        let n_columns = self.n_target_blind(columns).max(1);
        self.matrix(columns, counted, rows).narrowed(n_columns)
    }

    /// The featurizer for new text, with `columns` fitted before.
    pub fn featurizer(&self, columns: &FittedColumns) -> Featurizer {
        let features = columns.feature.iter().map(|&f| f as usize);
        let keys: Vec<u64> = features.clone().map(|f| self.keys[f]).collect();
        let stands_for = features.map(|f| self.features.get(f));
        Featurizer::new(
            self.params.clone(),
            self.table.clone(),
            Vocabulary::new(&keys),
            columns.idf.clone(),
            Features::collect(stands_for),
        )
    }
}

/// Sums of zone weights by key, ordered by key.
fn summed_keys(
    families: &[Family],
    seeds: &[u64],
    table: &WordTable,
    pieces: &[Piece],
    related: &[Related],
) -> Vec<(u64, f32)> {
    // The number makes the order unique, so that a sort which need not be stable, and is faster, keeps it.
    let mut keys: Vec<(u64, u32, f32)> = Vec::with_capacity(pieces.len() * families.len());
    occurrences(families, table, pieces, related, |o| {
        keys.push((o.key(seeds[o.family as usize]), keys.len() as u32, o.weight))
    });
    keys.sort_unstable_by_key(|&(key, number, _)| (key, number));
    let same = keys.chunk_by(|a, b| a.0 == b.0);
    let sum = |same: &[(u64, u32, f32)]| {
        let more = same[1..].iter();
        (
            same[0].0,
            more.fold(same[0].2, |sum, &(_, _, weight)| sum + weight),
        )
    };
    let mut summed: Vec<(u64, f32)> = same.map(sum).collect();
    summed.shrink_to_fit();
    summed
}

/// What a feature is: its family, place and words, each in its most frequent form.
type Description = (u8, Place, String);

/// One example, annotated and counted.
struct SeenRow {
    pieces: Vec<Piece>,
    related: Vec<Related>,
    /// Sums of zone weights by key, ordered by key.
    keys: Vec<(u64, f32)>,
    /// Values of all pools.
    pools: Vec<f32>,
}

/// Annotates and counts examples, each once.
struct Counter<'f> {
    families: &'f [Family],
    table: &'f WordTable,
    seeds: Vec<u64>,
    pools: Vec<Pool>,
}

/// Parts that the range of keys is counted in, side by side: each has a table of its own that stays in the cache.
const KEY_BITS: u32 = 5;

impl<'f> Counter<'f> {
    fn new(families: &'f [Family], table: &'f WordTable) -> Self {
        Counter {
            pools: pools_of(families),
            ..Counter::without_pools(families, table)
        }
    }

    fn without_pools(families: &'f [Family], table: &'f WordTable) -> Self {
        Counter {
            families,
            table,
            seeds: families.iter().map(family_seed).collect(),
            pools: Vec::new(),
        }
    }

    fn count(&self, examples: &[Example<'_>]) -> Vec<SeenRow> {
        let one = |&example: &Example<'_>| {
            let pieces = annotate(example, self.table);
            let related = related(self.families, example.text, &pieces);
            SeenRow {
                keys: summed_keys(self.families, &self.seeds, self.table, &pieces, &related),
                pools: pools_of_pieces(self.families, &self.pools, self.table, &pieces, &related),
                pieces,
                related,
            }
        };
        examples.par_iter().map(one).collect()
    }

    /// Every key that at least `min_df` of `rows` have and that is not `known`, and what it is.
    fn describe(
        &self,
        examples: &[Example<'_>],
        rows: &[SeenRow],
        min_df: u32,
        known: impl Fn(u64) -> bool + Sync,
    ) -> Vec<(u64, Description)> {
        let frequent = frequent_keys(rows, min_df, known);
        let words = self.words(examples, rows);
        let text = |stem: u64| words.get(&stem).map_or("?", |form| form);
        let by_row: Vec<&[(u32, u64)]> = frequent.chunk_by(|a, b| a.0 == b.0).collect();
        let described = by_row.into_par_iter().map(|keys| {
            let row = &rows[keys[0].0 as usize];
            let mut found: Vec<Option<Description>> = vec![None; keys.len()];
            occurrences(self.families, self.table, &row.pieces, &row.related, |o| {
                let key = o.key(self.seeds[o.family as usize]);
                let Ok(at) = keys.binary_search_by_key(&key, |&(_, key)| key) else {
                    return;
                };
                found[at].get_or_insert_with(|| {
                    let words = match o.words {
                        (only, None) => text(only).to_string(),
                        (first, Some(second)) => format!("{} {}", text(first), text(second)),
                    };
                    (o.family, o.place, words)
                });
            });
            let described = keys.iter().zip(found);
            described
                .map(|(&(_, key), found)| (key, found.expect("the key was counted in this row")))
                .collect::<Vec<_>>()
        });
        described.collect::<Vec<_>>().concat()
    }

    /// The most frequent form of every word in `rows`, by its stem; of equally frequent ones the first in the alphabet.
    fn words<'t>(
        &self,
        examples: &[Example<'t>],
        rows: &[SeenRow],
    ) -> FxHashMap<u64, Cow<'t, str>> {
        let forms = |(example, row): (&Example<'t>, &SeenRow)| {
            let text = example.text;
            let pieces = row.pieces.iter().filter(|piece| !piece.is_subject());
            pieces
                .map(|piece| (piece.stem, form(piece.span.of(text))))
                .collect::<Vec<_>>()
        };
        let pairs = examples.par_iter().zip(rows);
        let mut forms: Vec<(u64, Cow<'t, str>)> = pairs.flat_map_iter(forms).collect();
        forms.par_sort_unstable();
        let mut words: FxHashMap<u64, Cow<'t, str>> = FxHashMap::default();
        for of_stem in forms.chunk_by_mut(|a, b| a.0 == b.0) {
            let (mut most, mut best) = (0, 0);
            let mut at = 0;
            for same in of_stem.chunk_by(|a, b| a.1 == b.1) {
                if same.len() > most {
                    (most, best) = (same.len(), at);
                }
                at += same.len();
            }
            let (stem, form) = &mut of_stem[best];
            words.insert(*stem, std::mem::take(form));
        }
        for mark in [SUBJECT, NAME, NUMBER, OPEN, CLOSE, GOOD, BAD] {
            words.insert(hash_word(mark), mark.into());
        }
        for fine in [false, true] {
            for (cluster, label) in (0..).zip(self.table.labels(fine)) {
                words.insert(cluster_hash(cluster, fine), label.clone().into());
            }
        }
        words
    }
}

/// Every key that at least `min_df` of `rows` have and that is not `known`, with the first row that has it; ordered by row and key.
fn frequent_keys(
    rows: &[SeenRow],
    min_df: u32,
    known: impl Fn(u64) -> bool + Sync,
) -> Vec<(u32, u64)> {
    let parts = (0..1_u64 << KEY_BITS).into_par_iter().map(|part| {
        let of_part = |&(key, _): &(u64, f32)| key >> (64 - KEY_BITS);
        // Number of rows, and the first one.
        let mut df: FxHashMap<u64, (u32, u32)> = FxHashMap::default();
        for (r, row) in (0..).zip(rows) {
            let start = row.keys.partition_point(|entry| of_part(entry) < part);
            for &(key, _) in row.keys[start..].iter().take_while(|&e| of_part(e) == part) {
                df.entry(key).or_insert((0, r)).0 += 1;
            }
        }
        let frequent = df
            .into_iter()
            .filter(|&(key, (n, _))| n >= min_df && !known(key));
        frequent
            .map(|(key, (_, first))| (first, key))
            .collect::<Vec<_>>()
    });
    let mut frequent = parts.collect::<Vec<_>>().concat();
    frequent.par_sort_unstable();
    frequent
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::span::Span;

    pub const TEXTS: [&str; 4] = [
        "Verrick lied to the council.",
        "The council praised Verrick, who did not lie.",
        "Critics of Verrick said the plan failed.",
        "The plan failed, the council said.",
    ];

    fn mentions(text: &str) -> Vec<Span> {
        text.match_indices("Verrick")
            .map(|(at, name)| Span::new(at, at + name.len()))
            .collect()
    }

    /// Counts the features of four texts that mention Verrick, and lends them to `check`.
    pub fn counts(min_df: u32, check: impl FnOnce(&FeatureCounts, &[Example<'_>])) {
        let spans: Vec<Vec<Span>> = TEXTS.iter().map(|text| mentions(text)).collect();
        let examples: Vec<Example<'_>> = TEXTS
            .iter()
            .zip(&spans)
            .map(|(text, mentions)| Example { text, mentions })
            .collect();
        let params = FeaturizerParams {
            min_df,
            ..Default::default()
        };
        check(
            &FeatureCounts::new(params, Arc::default(), &examples).expect("valid parameters"),
            &examples,
        );
    }

    #[test]
    fn each_family_has_the_length_of_its_weight() {
        counts(1, |counts, _| {
            let columns = counts.fit(&[0, 1, 2, 3]);
            let matrix = counts.matrix(&columns, counts.training(), &[1]);
            let (indices, values) = matrix.row(0);
            for (index, family) in counts.params.families.iter().enumerate() {
                let length: f32 = indices
                    .iter()
                    .zip(values)
                    .filter(|(column, _)| columns.family[**column as usize] == index as u8)
                    .map(|(_, value)| value * value)
                    .sum::<f32>()
                    .sqrt();
                assert!(
                    (length - family.weight).abs() < 1e-5,
                    "{}: {length}",
                    family.name
                );
            }
        });
    }

    #[test]
    fn the_name_is_never_a_feature() {
        counts(1, |counts, _| {
            assert!(!counts.features.texts().any(|text| text.contains("verrick")));
            let mut all = (0..counts.features.len()).map(|i| counts.features.get(i));
            assert!(all.any(|f| f.text == "[subject] lie"));
        });
    }

    #[test]
    fn rare_features_and_those_of_other_folds_are_left_out() {
        counts(2, |counts, _| {
            let columns = counts.fit(&[0, 1, 2, 3]);
            let known: Vec<&str> = columns
                .feature
                .iter()
                .map(|&f| counts.features.get(f as usize))
                .filter(|f| f.family == 0)
                .map(|f| f.text)
                .collect();
            assert_eq!(
                known,
                [",", ".", "council", "failed", "lie", "plan", "said", "the"]
            );
            assert!(counts.fit(&[0]).is_empty());
        });
    }
}

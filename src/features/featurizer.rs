//! From examples to rows of a design matrix.
//!
//! [`FeatureCounts`] holds every feature of every training example once; [`FittedColumns`] is what a choice of rows (a fold's
//! training part, or all) makes of it: which features are frequent enough and their idf. So cross-validation fits
//! vocabulary and idf inside each fold without reading the text again. A [`Featurizer`] is the same for new text.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::features::annotate::{Example, NAME, Piece, SUBJECT, annotate, annotate_lexed};
use crate::features::family::Unit;
use crate::features::family::{
    BAD, Family, GOOD, Occurrence, Place, Scaling, cluster_hash, default_families, family_seed,
    occurrences, related,
};
use crate::features::pool::{Pool, alone, pool_parts, pool_values, pooled_words, pools_of};
use crate::features::relation::Related;
use crate::features::vocabulary::{Vocabulary, hash_word};
use crate::features::words::WordTable;
use crate::matrix::{DenseBlock, DesignMatrix};
use crate::span::Span;
use crate::text::{CLOSE, Lexeme, NUMBER, OPEN, form, lex};

/// How features are made; stored in the model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeaturizerParams {
    /// A feature must occur in at least so many training sentences.
    pub min_df: u32,
    /// The families, those that need no mention first.
    pub families: Vec<Family>,
}

impl Default for FeaturizerParams {
    fn default() -> Self {
        FeaturizerParams {
            min_df: 2,
            families: default_families(),
        }
    }
}

impl FeaturizerParams {
    /// Checks ranges and puts target-blind families first, so that their columns are the first ones.
    pub fn check(mut self) -> Result<Self> {
        if self.min_df == 0 {
            return Err(Error::Parameter(
                "min-df is 0; a feature occurs in at least 1 sentence".into(),
            ));
        }
        if self.families.is_empty() || self.families.len() > 200 {
            return Err(Error::Parameter(
                "a model needs between 1 and 200 feature families".into(),
            ));
        }
        if let Some(family) = self
            .families
            .iter()
            .find(|f| !(f.weight > 0.0 && f.weight.is_finite()))
        {
            return Err(Error::Parameter(format!(
                "family \"{}\" has weight {}; weights are positive",
                family.name, family.weight
            )));
        }
        self.families
            .sort_by_key(|family| (family.unit == Unit::Vector, !family.is_target_blind()));
        Ok(self)
    }

    fn seeds(&self) -> Vec<u64> {
        self.families.iter().map(family_seed).collect()
    }
}

/// What a column stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Feature<'f> {
    /// Index into the families.
    pub family: u8,
    /// Where, as the zone tells it apart.
    pub place: Place,
    /// The words, in their most frequent form in the training data.
    pub text: &'f str,
}

/// What every column stands for, packed as it is stored: a text that several families share stands once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Features {
    family: Vec<u8>,
    place: Vec<u8>,
    /// Which text each column has.
    text_id: Vec<u32>,
    /// All texts end to end.
    text: String,
    /// Text i is `text[offsets[i]..offsets[i + 1]]`.
    offsets: Vec<u32>,
}

impl Features {
    fn collect<'f>(features: impl IntoIterator<Item = Feature<'f>>) -> Features {
        let mut packed = Features {
            offsets: vec![0],
            ..Default::default()
        };
        let mut known: FxHashMap<&'f str, u32> = FxHashMap::default();
        for feature in features {
            packed.family.push(feature.family);
            packed.place.push(feature.place.code());
            let next = known.len() as u32;
            let id = *known.entry(feature.text).or_insert(next);
            packed.text_id.push(id);
            if id == next {
                packed.text.push_str(feature.text);
                let end = u32::try_from(packed.text.len()).expect("under 4 GB of feature names");
                packed.offsets.push(end);
            }
        }
        packed
    }

    /// Takes stored parts; `None` where they do not fit each other.
    pub fn from_parts(
        family: Vec<u8>,
        place: Vec<u8>,
        text_id: Vec<u32>,
        text: String,
        offsets: Vec<u32>,
    ) -> Option<Features> {
        let fits = place.len() == family.len()
            && text_id.len() == family.len()
            && offsets.windows(2).all(|pair| pair[0] <= pair[1])
            && offsets.first() == Some(&0)
            && offsets
                .last()
                .is_some_and(|&end| end as usize == text.len())
            && offsets.iter().all(|&at| text.is_char_boundary(at as usize))
            && text_id.iter().all(|&id| (id as usize) + 1 < offsets.len())
            && family.is_sorted();
        fits.then_some(Features {
            family,
            place,
            text_id,
            text,
            offsets,
        })
    }

    /// Families, places, text ids, texts and offsets, as they are stored.
    pub fn parts(&self) -> (&[u8], &[u8], &[u32], &str, &[u32]) {
        (
            &self.family,
            &self.place,
            &self.text_id,
            &self.text,
            &self.offsets,
        )
    }

    /// Number of columns.
    pub fn len(&self) -> usize {
        self.family.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.family.is_empty()
    }

    /// What column `column` stands for.
    pub fn get(&self, column: usize) -> Feature<'_> {
        let id = self.text_id[column] as usize;
        let (start, end) = (self.offsets[id] as usize, self.offsets[id + 1] as usize);
        Feature {
            family: self.family[column],
            place: Place::from_code(self.place[column]),
            text: &self.text[start..end],
        }
    }
}

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
            families: base.params.families.clone(),
        };
        FeatureCounts::count_all(params, base.table.clone(), examples, Some((base, n)))
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
        let known = |key| base.is_some_and(|(base, _)| base.vocabulary.column(key).is_some());
        let described = counter.describe(examples, &rows, params.min_df, known);
        let of_base = base.iter().flat_map(|(base, _)| {
            let keys = base.vocabulary.keys().iter().enumerate();
            keys.map(|(column, &key)| (base.features.get(column), key))
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
            let keys = base.vocabulary.keys().iter();
            let feature: Vec<u32> = keys.map(|key| index[key]).collect();
            for (&feature, &known) in feature.iter().zip(&base.idf) {
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
                columns.family.push(self.features.family[feature]);
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
        let pick = |feature: &u32| self.keys[*feature as usize];
        Featurizer {
            seeds: self.params.seeds(),
            pools: pools_of(&self.params.families),
            params: self.params.clone(),
            table: self.table.clone(),
            vocabulary: Vocabulary::new(columns.feature.iter().map(pick).collect()),
            idf: columns.idf.clone(),
            features: Features::collect(
                columns
                    .feature
                    .iter()
                    .map(|&f| self.features.get(f as usize)),
            ),
        }
    }
}

fn pools_of_pieces(
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
fn append_pools(row: &mut Vec<(u32, f32)>, n_vocabulary: usize, pools: &[f32]) {
    let behind = (n_vocabulary as u32..).zip(pools);
    row.extend(behind.filter_map(|(column, &value)| (value != 0.0).then_some((column, value))));
}

/// How many columns, of those with these families in order, belong to families that need no mention.
fn n_target_blind(family: &[u8], families: &[Family]) -> usize {
    family.partition_point(|&family| families[family as usize].is_target_blind())
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

/// What was found of the columns of one family after the other, each column with its weight.
#[derive(Debug, Default)]
struct Found {
    entries: Vec<(u32, f32)>,
    /// The family of the last entry, and where its entries begin.
    family: u8,
    start: usize,
    /// Columns and numbers of entries, being put in order.
    order: Vec<u64>,
    /// Sums of the families before.
    summed: Vec<(u32, f32)>,
}

impl Found {
    /// Nothing yet, with room for `n` entries of `n_pieces` pieces, and for `more` columns behind their sums.
    fn with_capacity(n: usize, n_pieces: usize, more: usize) -> Found {
        Found {
            entries: Vec::with_capacity(n),
            order: Vec::with_capacity(n_pieces),
            summed: Vec::with_capacity(n + more),
            ..Found::default()
        }
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

    /// The sums, ordered by column.
    fn finish(mut self) -> Vec<(u32, f32)> {
        self.sum_up();
        // Families come in the order of their columns, unless one of them was chosen twice: then its columns come again.
        if !self.summed.is_sorted_by(|a, b| a.0 < b.0) {
            self.summed.clear();
            add_sums(&self.entries, &mut self.order, &mut self.summed);
        }
        self.summed
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
fn weigh(row: &mut [(u32, f32)], idf: &[f32], family: &[u8], families: &[Family]) {
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

/// One feature of one sentence, for explanation.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The column.
    pub column: u32,
    /// Its value in the row.
    pub value: f32,
    /// Where in the sentence the feature was found.
    pub spans: Vec<Span>,
}

/// One word in a pool of word vectors, for explanation.
#[derive(Debug, Clone, PartialEq)]
pub struct PooledEvidence {
    /// Index of the family.
    pub family: usize,
    /// Where, as the zone tells it apart.
    pub place: Place,
    /// Where in the sentence the word stands.
    pub span: Span,
    /// The pool's first column.
    pub column: usize,
    /// What the word adds to each of the pool's columns.
    pub values: Vec<f64>,
}

/// Turns new sentences into rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Featurizer {
    params: FeaturizerParams,
    table: Arc<WordTable>,
    pools: Vec<Pool>,
    seeds: Vec<u64>,
    vocabulary: Vocabulary,
    idf: Vec<f32>,
    features: Features,
}

impl Featurizer {
    /// Puts a stored featurizer together. `None` where the parts do not fit each other.
    pub fn from_parts(
        params: FeaturizerParams,
        table: WordTable,
        vocabulary: Vocabulary,
        idf: Vec<f32>,
        features: Features,
    ) -> Option<Featurizer> {
        let params = params.check().ok()?;
        let fits = idf.len() == vocabulary.len()
            && features.len() == vocabulary.len()
            && features
                .family
                .iter()
                .all(|&f| (f as usize) < params.families.len());
        fits.then(|| Featurizer {
            seeds: params.seeds(),
            pools: pools_of(&params.families),
            params,
            table: Arc::new(table),
            vocabulary,
            idf,
            features,
        })
    }

    /// What is known of words beyond the training sentences.
    pub fn words(&self) -> &WordTable {
        &self.table
    }

    /// How features are made.
    pub fn params(&self) -> &FeaturizerParams {
        &self.params
    }

    /// The columns' keys and table.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// idf of each column.
    pub fn idf(&self) -> &[f32] {
        &self.idf
    }

    /// What each column stands for; length `n_features`.
    pub fn features(&self) -> &Features {
        &self.features
    }

    /// Number of columns that stand for words.
    pub fn n_features(&self) -> usize {
        self.vocabulary.len()
    }

    /// Number of all columns, those of pools included.
    pub fn n_columns(&self) -> usize {
        self.vocabulary.len() + self.pools.len() * self.table.dimensions()
    }

    /// How many of the first columns belong to families that need no mention.
    pub fn n_target_blind(&self) -> usize {
        n_target_blind(&self.features.family, &self.params.families)
    }

    /// The row of `example`: (column, value), ordered by column. Unknown features are left out.
    pub fn transform(&self, example: Example<'_>) -> Vec<(u32, f32)> {
        self.transform_lexed(example, &lex(example.text))
    }

    /// [`Featurizer::transform`] of an example whose `lexemes` are known.
    pub(crate) fn transform_lexed(
        &self,
        example: Example<'_>,
        lexemes: &[Lexeme],
    ) -> Vec<(u32, f32)> {
        let table = self.asks_words().then_some(&*self.table);
        let pieces = annotate_lexed(example, lexemes, table);
        let related = related(&self.params.families, example.text, &pieces);
        self.row(&pieces, &related)
    }

    /// Whether any family asks what is known of words.
    fn asks_words(&self) -> bool {
        let mut families = self.params.families.iter();
        families.any(|family| family.unit.needs_words())
    }

    fn row(&self, pieces: &[Piece], related: &[Related]) -> Vec<(u32, f32)> {
        let families = &self.params.families;
        let n_pooled = self.pools.len() * self.table.dimensions();
        let n = pieces.len() * families.len().div_ceil(2);
        let mut found = Found::with_capacity(n, pieces.len(), n_pooled);
        occurrences(families, &self.table, pieces, related, |o| {
            if let Some(column) = self.vocabulary.column(o.key(self.seeds[o.family as usize])) {
                found.push(o.family, column, o.weight);
            }
        });
        let mut row = found.finish();
        weigh(
            &mut row,
            &self.idf,
            &self.features.family,
            &self.params.families,
        );
        let pools = pools_of_pieces(families, &self.pools, &self.table, pieces, related);
        append_pools(&mut row, self.vocabulary.len(), &pools);
        row
    }

    /// The row of `example` with the places each feature was found at.
    pub fn evidence(&self, example: Example<'_>) -> Vec<Evidence> {
        let pieces = annotate(example, &self.table);
        let related = related(&self.params.families, example.text, &pieces);
        let mut places: BTreeMap<u32, Vec<Span>> = BTreeMap::new();
        occurrences(
            &self.params.families,
            &self.table,
            &pieces,
            &related,
            |o: Occurrence| {
                if let Some(column) = self.vocabulary.column(o.key(self.seeds[o.family as usize])) {
                    let (first, last) = o.pieces;
                    let span = Span::new(pieces[first].span.start, pieces[last].span.end);
                    places.entry(column).or_default().push(span);
                }
            },
        );
        let n_vocabulary = self.vocabulary.len() as u32;
        self.row(&pieces, &related)
            .into_iter()
            .filter(|&(column, _)| column < n_vocabulary)
            .map(|(column, value)| Evidence {
                column,
                value,
                spans: places.remove(&column).unwrap_or_default(),
            })
            .collect()
    }

    /// What each word of `example` adds to the pools it is in.
    pub fn pooled_evidence(&self, example: Example<'_>) -> Vec<PooledEvidence> {
        let families = &self.params.families;
        let pieces = annotate(example, &self.table);
        let related = related(families, example.text, &pieces);
        let words = pooled_words(families, &self.pools, &self.table, &pieces, &related);
        pool_parts(families, &self.pools, &self.table, &words)
            .into_iter()
            .zip(&words)
            .map(|(values, word)| {
                let pool = self.pools[word.pool];
                PooledEvidence {
                    family: pool.family,
                    place: pool.place,
                    span: pieces[word.piece].span,
                    column: self.pool_column(word.pool),
                    values,
                }
            })
            .collect()
    }

    fn pool_column(&self, pool: usize) -> usize {
        self.vocabulary.len() + pool * self.table.dimensions()
    }

    /// The words of the training sentences in each pool, as if each stood there alone: family, place, word, first column and values.
    pub fn pooled_vocabulary(&self) -> impl Iterator<Item = (Feature<'_>, usize, Vec<f64>)> {
        let known: Vec<(&str, u32)> = (0..self.features.offsets.len().saturating_sub(1))
            .filter_map(|id| {
                let (start, end) = (self.features.offsets[id], self.features.offsets[id + 1]);
                let text = &self.features.text[start as usize..end as usize];
                let word = self.table.find(hash_word(text))?;
                Some((text, word))
            })
            .collect();
        self.pools
            .iter()
            .enumerate()
            .flat_map(move |(index, pool)| {
                let column = self.pool_column(index);
                let family = &self.params.families[pool.family];
                known.clone().into_iter().map(move |(text, word)| {
                    let feature = Feature {
                        family: pool.family as u8,
                        place: pool.place,
                        text,
                    };
                    (feature, column, alone(family, &self.table, word))
                })
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [&str; 4] = [
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

    fn counts(min_df: u32, check: impl FnOnce(&FeatureCounts, &[Example<'_>])) {
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
            let mut summed = Found::with_capacity(0, 0, 0);
            for &(column, weight) in &found {
                summed.push((column / 3) as u8, column, weight);
            }
            let mut expected = found;
            expected.sort_by_key(|&(column, _)| column);
            expected.dedup_by(|next, first| {
                let same = next.0 == first.0;
                first.1 += if same { next.1 } else { 0.0 };
                same
            });
            proptest::prop_assert_eq!(summed.finish(), expected);
        }
    }

    #[test]
    fn new_text_gets_the_row_it_had_in_training() {
        counts(1, |counts, examples| {
            let all: Vec<usize> = (0..examples.len()).collect();
            let columns = counts.fit(&all);
            let matrix = counts.matrix(&columns, counts.training(), &all);
            let featurizer = counts.featurizer(&columns);
            for (r, &example) in examples.iter().enumerate() {
                let (indices, values) = matrix.row(r);
                let row = featurizer.transform(example);
                assert_eq!(row.iter().map(|e| e.0).collect::<Vec<_>>(), indices);
                assert_eq!(row.iter().map(|e| e.1).collect::<Vec<_>>(), values);
            }
        });
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
            assert!(!counts.features.text.contains("verrick"));
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

    #[test]
    fn a_word_is_found_where_it_stands() {
        counts(1, |counts, examples| {
            let featurizer = counts.featurizer(&counts.fit(&[0, 1, 2, 3]));
            let evidence = featurizer.evidence(examples[0]);
            let after_lied = evidence
                .iter()
                .find(|e| {
                    let feature = featurizer.features().get(e.column as usize);
                    feature.place.to_string() == "1 after" && feature.text.starts_with("lie")
                })
                .expect("the word after the mention is a feature");
            assert_eq!(after_lied.spans[0].of(TEXTS[0]), "lied");
        });
    }

    #[test]
    fn families_without_a_mention_come_first() {
        counts(1, |counts, examples| {
            let featurizer = counts.featurizer(&counts.fit(&[0, 1, 2, 3]));
            let n_blind = featurizer.n_target_blind() as u32;
            let row = featurizer.transform(examples[3]);
            assert!(!row.is_empty() && row.iter().all(|&(column, _)| column < n_blind));
        });
    }
}

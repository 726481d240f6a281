//! From new text to rows of a design matrix, and to what was found in the text.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::features::annotate::{Example, Piece, Pieces, annotate, annotate_lexed};
use crate::features::columns::{Feature, Features, n_target_blind};
use crate::features::family::{
    Family, Occurrence, Place, Unit, default_families, family_seed, occurrences, related,
};
use crate::features::pool::{Pool, alone, pool_parts, pooled_words, pools_of};
use crate::features::relation::Related;
use crate::features::row::{Found, append_pools, pools_of_pieces, weigh};
use crate::features::vocabulary::{Vocabulary, hash_word};
use crate::features::words::WordTable;
use crate::span::Span;
use crate::text::{Lexeme, lex};

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

/// What rows are made in, sentence after sentence.
#[derive(Default)]
struct Room {
    made: Pieces,
    found: Found,
}

/// The room for a sentence of more pieces than this, more than a person writes, is given back.
const KEPT_ROOM: usize = 2000;

thread_local! {
    static ROOM: RefCell<Room> = RefCell::default();
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
                .family_of_columns()
                .iter()
                .all(|&f| (f as usize) < params.families.len());
        fits.then(|| Featurizer::new(params, Arc::new(table), vocabulary, idf, features))
    }

    /// Puts a featurizer together whose parts fit each other.
    pub(super) fn new(
        params: FeaturizerParams,
        table: Arc<WordTable>,
        vocabulary: Vocabulary,
        idf: Vec<f32>,
        features: Features,
    ) -> Featurizer {
        Featurizer {
            seeds: params.families.iter().map(family_seed).collect(),
            pools: pools_of(&params.families),
            params,
            table,
            vocabulary,
            idf,
            features,
        }
    }

    /// [`Featurizer::words`], to be shared.
    pub(super) fn table(&self) -> &Arc<WordTable> {
        &self.table
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
        n_target_blind(self.features.family_of_columns(), &self.params.families)
    }

    /// The row of `example`: (column, value), ordered by column. Unknown features are left out.
    pub fn transform(&self, example: Example<'_>) -> Vec<(u32, f32)> {
        self.with_row(example, &lex(example.text), <[_]>::to_vec)
    }

    /// Lends [`Featurizer::transform`] of an example whose `lexemes` are known to `ask`, which asks for no other row and starts nothing in
    /// parallel meanwhile.
    pub(crate) fn with_row<R>(
        &self,
        example: Example<'_>,
        lexemes: &[Lexeme],
        ask: impl FnOnce(&[(u32, f32)]) -> R,
    ) -> R {
        ROOM.with_borrow_mut(|Room { made, found }| {
            let table = self.asks_words().then_some(&*self.table);
            annotate_lexed(example, lexemes, table, made);
            let pieces = &made.pieces;
            let related = related(&self.params.families, example.text, pieces);
            self.row(pieces, &related, found);
            let answer = ask(&found.summed);
            if made.pieces.len() > KEPT_ROOM {
                (*made, *found) = Default::default();
            }
            answer
        })
    }

    /// Whether any family asks what is known of words.
    fn asks_words(&self) -> bool {
        let mut families = self.params.families.iter();
        families.any(|family| family.unit.needs_words())
    }

    /// Puts the row of `pieces` into `found`.
    fn row(&self, pieces: &[Piece], related: &[Related], found: &mut Found) {
        let families = &self.params.families;
        found.clear();
        occurrences(families, &self.table, pieces, related, |o| {
            let key = o.key(self.seeds[o.family as usize]);
            if let Some(slot) = self.vocabulary.candidate(key) {
                found.ask(slot, key, o.family, o.weight);
            }
        });
        found.find(&self.vocabulary);
        let row = &mut found.summed;
        weigh(row, &self.idf, self.features.family_of_columns(), families);
        let pools = pools_of_pieces(families, &self.pools, &self.table, pieces, related);
        append_pools(row, self.vocabulary.len(), &pools);
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
        let mut found = Found::default();
        self.row(&pieces, &related, &mut found);
        let row = found.summed.into_iter();
        row.filter(|&(column, _)| column < n_vocabulary)
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
        let known = |text| Some((text, self.table.find(hash_word(text))?));
        let known: Vec<(&str, u32)> = self.features.texts().filter_map(known).collect();
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
    use crate::features::count::tests::{TEXTS, counts};

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

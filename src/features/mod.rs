//! Bag-of-words features relative to the subject.
//!
//! ```text
//! Example{text, mentions} --annotate--> pieces --Family = Zone x Unit--> occurrences --Vocabulary--> sparse row
//! ```
//! The mentions are masked, so that the name itself carries no stance: a model that learns "this name is negative"
//! scores the subject, not the text. A [`Family`] combines a [`Zone`] (where: anywhere, before or after the mention,
//! within its clause, ...) with a [`Unit`] (what: a word, a pair, a negated word, ...); adding one to either vocabulary
//! adds it to all combinations. In each family a feature's value is `ln(1 + sum of zone weights) * idf`, the
//! family's block is scaled to length one and then to the family's weight; amounts (how much bad a lexicon finds) keep
//! their size ([`Scaling`]).
//!
//! `annotate`, `relation`, `family`, `pool` and `row` make the row of a sentence; `count` does so for the sentences of a training and fits the columns,
//! `featurizer` does it for new ones with the columns as they are.
//!
//! What is known of words beyond the labels stands in a [`WordTable`]: polarities, clusters, vectors. Vectors are added up
//! in pools, whose numbers are columns behind those of the vocabulary.

mod annotate;
mod columns;
mod count;
mod family;
mod featurizer;
mod pool;
mod relation;
mod row;
mod vocabulary;
mod words;

pub use annotate::Example;
pub use columns::{Feature, Features};
pub use count::{CountedRows, FeatureCounts, FittedColumns};
pub use family::{
    Family, Place, Scaling, Unit, Zone, choose_families, default_families, known_families,
    own_families,
};
pub use featurizer::{Evidence, Featurizer, FeaturizerParams, PooledEvidence};
pub use vocabulary::{HASH_VERSION, Vocabulary};
pub(crate) use words::find_hash;
pub use words::{TableHeader, TableWord, WordTable};

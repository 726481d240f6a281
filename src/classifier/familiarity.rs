//! Whether a text is of the kind the model was trained on.
//!
//! Counted are words that do not begin with a capital letter, so that names and sentence beginnings play no part. A word is known
//! if it stands in the training sentences or in the model's table of words. What share of unknown words is usual is measured on the
//! training articles themselves, each as if it had been left out: a word then is unknown if no other article and not the table has
//! it. An article is unlike the training text if its share lies above that of 99 in 100 training articles, and above twice
//! their mean. Only then its language is looked at, which tells the reader why.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::classifier::prepare::PreparedRow;
use crate::features::{WordTable, find_hash};
use crate::statistics::round6;
use crate::text::{Initial, Lexeme, TokenKind, language, lex};

/// Texts with fewer counted words are not judged.
const MIN_WORDS: usize = 20;

/// Training articles with [`MIN_WORDS`] below which nothing is said of words, as 99 in 100 of them is not known.
const MIN_ARTICLES: usize = 50;

/// The share of training articles that stay below the limit.
const USUAL: f64 = 0.99;

/// The words of the training sentences that the table of words lacks: the lower halves of their keys, sorted. Among 10,000 of them a
/// strange word has a chance of 1 in 400,000 to pass for known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct KnownWords(Vec<u32>);

impl KnownWords {
    /// Takes stored words; `None` where they are not sorted.
    pub fn from_parts(words: Vec<u32>) -> Option<KnownWords> {
        words
            .is_sorted_by(|a, b| a < b)
            .then_some(KnownWords(words))
    }

    /// The words as they are stored.
    pub fn parts(&self) -> &[u32] {
        &self.0
    }

    /// The words of both.
    pub fn union(&self, other: &KnownWords) -> KnownWords {
        let mut words: Vec<u32> = self.0.iter().chain(&other.0).copied().collect();
        words.sort_unstable();
        words.dedup();
        KnownWords(words)
    }

    fn contains(&self, key: u64) -> bool {
        find_hash(&self.0, key as u32).is_some()
    }
}

/// What the training text was like.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TrainingText {
    /// Its language, where that is clear.
    pub language: Option<String>,
    /// Share of words that no other training article and not the table of words has; `None` without words.
    pub unknown: Option<f64>,
    /// The share that an article like the training text stays below in 99 of 100 cases; `None` with too few articles to tell.
    pub unknown_limit: Option<f64>,
}

/// How much of a text the model knows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Familiarity {
    /// Words that do not begin with a capital letter.
    pub n_words: usize,
    /// Those that the model has never met.
    pub n_unknown: usize,
    /// Whether the text is unlike the training text; then its scores are guesses.
    pub unlike: bool,
    /// The language of an unlike text, where that is clear and not the training text's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// Whether a token is a word that counts here: one without a capital.
fn counts(lexeme: &Lexeme) -> bool {
    lexeme.kind == TokenKind::Word && lexeme.form.initial == Initial::Small
}

/// What is known after training on `rows` with `table`.
pub(crate) fn learn(rows: &[PreparedRow], table: &WordTable) -> (KnownWords, TrainingText) {
    // Word -> the only article that has it, or none where several have.
    let mut only: FxHashMap<u64, Option<usize>> = FxHashMap::default();
    let mut words_of: FxHashMap<usize, Vec<u64>> = FxHashMap::default();
    let mut texts: FxHashSet<&str> = FxHashSet::default();
    let mut sample = String::new();
    for row in rows {
        // A sentence with several subjects is one text.
        if !texts.insert(&row.text) {
            continue;
        }
        if sample.len() < 20_000 {
            sample.push_str(&row.text);
            sample.push('\n');
        }
        let of_article = words_of.entry(row.group).or_default();
        let lexemes = lex(&row.text);
        for key in lexemes.iter().filter(|l| counts(l)).map(|l| l.form.hash) {
            of_article.push(key);
            let article = only.entry(key).or_insert(Some(row.group));
            if *article != Some(row.group) {
                *article = None;
            }
        }
    }
    let in_table = |key: u64| table.find(key).is_some();
    let unknown = |key: &u64| only[key].is_some() && !in_table(*key);
    let mut shares: Vec<f64> = Vec::new();
    let (mut n, mut n_unknown) = (0, 0);
    for words in words_of.values() {
        let of_article = words.iter().filter(|key| unknown(key)).count();
        n += words.len();
        n_unknown += of_article;
        if words.len() >= MIN_WORDS {
            shares.push(of_article as f64 / words.len() as f64);
        }
    }
    shares.sort_by(f64::total_cmp);
    let mean = (n > 0).then(|| n_unknown as f64 / n as f64);
    let limit = (shares.len() >= MIN_ARTICLES)
        .then(|| shares[(USUAL * shares.len() as f64) as usize].max(2.0 * mean.unwrap_or(0.0)));
    let mut known: Vec<u32> = only
        .into_keys()
        .filter(|&key| !in_table(key))
        .map(|key| key as u32)
        .collect();
    known.sort_unstable();
    known.dedup();
    let text = TrainingText {
        language: language(&sample).map(str::to_string),
        unknown: mean.map(round6),
        unknown_limit: limit.map(round6),
    };
    (KnownWords(known), text)
}

/// Whether words are known, remembered for one model and shared by threads. A word's slot is the lowest bits of its key; the others stand in it
/// with two bits of its own: taken, and known.
#[derive(Debug)]
pub(crate) struct Recall(Vec<AtomicU64>);

impl Recall {
    /// Slots, a power of two.
    const SLOTS: u64 = 1 << 15;
    const TAKEN: u64 = 2;
    const KNOWN: u64 = 1;

    /// Nothing yet.
    pub fn new() -> Recall {
        Recall((0..Recall::SLOTS).map(|_| AtomicU64::new(0)).collect())
    }

    /// What `ask` says of `key`, asked for the first time only.
    fn knows(&self, key: u64, ask: impl FnOnce() -> bool) -> bool {
        let slot = &self.0[(key % Recall::SLOTS) as usize];
        let stored = key - key % Recall::SLOTS + Recall::TAKEN;
        let seen = slot.load(Ordering::Relaxed);
        if seen & !Recall::KNOWN == stored {
            return seen & Recall::KNOWN != 0;
        }
        let known = ask();
        slot.store(stored + u64::from(known), Ordering::Relaxed);
        known
    }
}

/// How much of a text is known: `sentences` are its lexemes, `text` tells it where its language is asked for.
pub(crate) fn familiarity<'l>(
    recall: &Recall,
    known: &KnownWords,
    table: &WordTable,
    training: &TrainingText,
    sentences: impl Iterator<Item = Cow<'l, [Lexeme]>>,
    text: impl FnOnce() -> String,
) -> Familiarity {
    let mut found = Familiarity::default();
    for sentence in sentences {
        for lexeme in sentence.iter().filter(|lexeme| counts(lexeme)) {
            let key = lexeme.form.hash;
            found.n_words += 1;
            let is_known = || table.find(key).is_some() || known.contains(key);
            found.n_unknown += usize::from(!recall.knows(key, is_known));
        }
    }
    let share = found.n_unknown as f64 / found.n_words.max(1) as f64;
    let Some(limit) = training.unknown_limit else {
        return found;
    };
    if found.n_words < MIN_WORDS || share <= limit {
        return found;
    }
    found.unlike = true;
    found.language = language(&text())
        .filter(|&name| training.language.as_deref() != Some(name))
        .map(str::to_string);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sixty articles of plain words, each with one of its own.
    fn rows() -> Vec<PreparedRow> {
        (0..60)
            .map(|i: usize| PreparedRow {
                text: format!(
                    "The harbor board met again on a cold day and put off its vote on the new crane until the auditors have had \
                     their say, and nobody was pleased with word{}.",
                    // Letters only: a digit would begin a number.
                    (0..=i).map(|_| 'x').collect::<String>()
                ),
                mentions: Vec::new(),
                class: 0,
                weight: 1.0,
                group: i,
                origin: i,
            })
            .collect()
    }

    #[test]
    fn texts_of_strange_words_are_unlike_and_their_language_is_told() {
        let table = WordTable::default();
        let (known, training) = learn(&rows(), &table);
        assert_eq!(training.language.as_deref(), Some("English"));
        // One word of 28 is the article's own.
        let unknown = training.unknown.expect("there are words");
        assert!((0.03..0.04).contains(&unknown), "{training:?}");
        let limit = training.unknown_limit.expect("sixty articles");
        assert!((limit - 2.0 * unknown).abs() < 1e-5, "{training:?}");
        let judge = |text: &str| {
            let sentence = std::iter::once(lex(text).into());
            familiarity(&Recall::new(), &known, &table, &training, sentence, || {
                text.to_string()
            })
        };
        let like = judge(
            "Nobody was pleased, and the auditors met again on a cold day until their say was had, and the board put off its vote.",
        );
        assert!(!like.unlike && like.n_words >= MIN_WORDS, "{like:?}");
        let german = judge(
            "der ausschuss vertagte am dienstag die abstimmung über den neuen kran, bis die prüfer ihren bericht vorgelegt haben, und niemand \
             war damit zufrieden.",
        );
        assert!(german.unlike && german.n_unknown > 15, "{german:?}");
        assert_eq!(german.language.as_deref(), Some("German"));
        let short = judge("der kran ist neu");
        assert!(!short.unlike && short.n_unknown > 2, "{short:?}");
    }

    #[test]
    fn what_is_remembered_is_what_was_said() {
        let recall = Recall::new();
        for key in [0, 1, 4096, 4097, u64::MAX, u64::MAX - 4096] {
            for says in [true, false] {
                // The same slot, another word.
                recall.knows(key ^ (1 << 40), || !says);
                assert_eq!(recall.knows(key, || says), says);
                assert_eq!(recall.knows(key, || !says), says, "{key}");
            }
        }
    }

    #[test]
    fn few_articles_judge_nothing() {
        let (known, training) = learn(&rows()[..20], &WordTable::default());
        assert_eq!(training.unknown_limit, None);
        assert!(!known.parts().is_empty());
        assert_eq!(
            KnownWords::from_parts(known.parts().to_vec()),
            Some(known.clone())
        );
        assert_eq!(KnownWords::from_parts(vec![3, 3]), None);
        assert_eq!(known.union(&known), known);
    }
}

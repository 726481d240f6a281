//! Figures of parts of the rows: by outlet, by voice, by what they share with the training data; and of sentences that are for one
//! subject and against another, which only a model that knows whom it is asked about can get right.

use std::collections::BTreeMap;

use serde::Serialize;

use super::lexicon::polar_classes;
use super::sample::{Sample, share};
use super::{Counts, RowFacts};
use crate::classes::Classes;
use crate::span::{Span, Voice};
use crate::statistics::Estimate;

/// The fewest rows a figure is given for.
pub const MIN_ROWS: usize = 10;

/// The fewest true rows of each class a slice's macro-F1 is given for.
const MIN_PER_CLASS: usize = 5;

/// Figures of some of the rows; without value where they are too few.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Slice {
    /// Which rows.
    pub name: String,
    /// Rows.
    pub n: usize,
    /// Articles.
    pub n_articles: usize,
    /// Share of rows that are right, from [`MIN_ROWS`] rows.
    pub accuracy: Estimate,
    /// Mean of F1 over the classes of the whole evaluation, where the slice has at least five rows of each.
    pub macro_f1: Estimate,
    /// Accuracy of always saying the class most frequent in these rows.
    pub majority_accuracy: Estimate,
    /// Accuracy without knowing the subject.
    pub target_blind_accuracy: Estimate,
}

impl Slice {
    /// The figures of `rows`.
    pub(super) fn new(name: impl Into<String>, sample: &Sample<'_>, rows: &[usize]) -> Slice {
        let truth = sample.predictions.truth;
        let blind = sample.predictions.target_blind;
        let counts = sample.counts(rows);
        let majority = counts.most_frequent();
        let each_class = (sample.occurring.iter()).all(|&c| counts.support(c) >= MIN_PER_CLASS);
        let enough = rows.len() >= MIN_ROWS;
        let [accuracy, macro_f1, majority_accuracy, target_blind_accuracy] = if enough {
            sample.estimates(rows, |rows| {
                let counts: Counts = sample.counts(rows);
                [
                    counts.accuracy(),
                    counts
                        .macro_f1_over(&sample.occurring)
                        .filter(|_| each_class),
                    share(rows, |r| truth[r] == majority),
                    share(rows, |r| truth[r] == blind[r]),
                ]
            })
        } else {
            [Estimate::default(); 4]
        };
        Slice {
            name: name.into(),
            n: rows.len(),
            n_articles: sample.n_articles(rows),
            accuracy,
            macro_f1,
            majority_accuracy,
            target_blind_accuracy,
        }
    }
}

/// What a row shares with the data its model was trained on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Overlap {
    /// Its text, letter by letter.
    SameText,
    /// Its article, by id, with another sentence.
    SameArticle,
    /// Nothing that is known.
    Nothing,
}

impl Overlap {
    /// The word in files.
    pub fn name(self) -> &'static str {
        match self {
            Overlap::SameText => "same text",
            Overlap::SameArticle => "same article",
            Overlap::Nothing => "nothing shared",
        }
    }
}

fn of_facts<'p>(sample: &Sample<'p>) -> &'p [RowFacts] {
    sample.predictions.facts.unwrap_or_default()
}

/// By outlet, most rows first.
pub(super) fn by_outlet(sample: &Sample<'_>) -> Vec<Slice> {
    let mut rows_of: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (r, facts) in of_facts(sample).iter().enumerate() {
        if let Some(outlet) = &facts.source.outlet {
            rows_of.entry(outlet).or_default().push(r);
        }
    }
    let mut outlets: Vec<_> = rows_of.into_iter().collect();
    outlets.sort_by_key(|(_, rows)| std::cmp::Reverse(rows.len()));
    (outlets.into_iter())
        .map(|(outlet, rows)| Slice::new(outlet, sample, &rows))
        .collect()
}

/// By voice, those that occur.
pub(super) fn by_voice(sample: &Sample<'_>) -> Vec<Slice> {
    let facts = of_facts(sample);
    (Voice::ALL.into_iter())
        .filter_map(|voice| {
            let is = |r: &usize| facts[*r].voice == voice;
            let rows: Vec<usize> = (0..facts.len()).filter(is).collect();
            (!rows.is_empty()).then(|| Slice::new(voice.name(), sample, &rows))
        })
        .collect()
}

/// By what rows share with the training data; nothing where none shares anything.
pub(super) fn by_overlap(sample: &Sample<'_>) -> Vec<Slice> {
    let overlap = sample.predictions.overlap.unwrap_or_default();
    if overlap.iter().all(|&overlap| overlap == Overlap::Nothing) {
        return Vec::new();
    }
    [Overlap::SameText, Overlap::SameArticle, Overlap::Nothing]
        .into_iter()
        .filter_map(|kind| {
            let rows: Vec<usize> = (0..overlap.len()).filter(|&r| overlap[r] == kind).collect();
            (!rows.is_empty()).then(|| Slice::new(kind.name(), sample, &rows))
        })
        .collect()
}

/// Subjects on opposite sides in one sentence: for one of them, against another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Opposed {
    /// Sentences with such subjects.
    pub n_sentences: usize,
    /// Their articles.
    pub n_articles: usize,
    /// The subjects in them that are for or against; one that stands twice counts once, one labelled both ways not at all.
    pub n: usize,
    /// Share of these that are right.
    pub accuracy: Estimate,
    /// The same without knowing the subject.
    pub target_blind_accuracy: Estimate,
    /// Pairs of a subject against and one in favor in one sentence.
    pub n_pairs: usize,
    /// Share of pairs with both right.
    pub both_right: Estimate,
    /// The same without knowing the subject: never by one model, which gives a sentence one class.
    pub target_blind_both_right: Estimate,
}

/// One sentence of that kind: its rows and how many of each side are right.
#[derive(Default)]
struct Sides {
    rows: Vec<usize>,
    n: [usize; 2],
    right: [usize; 2],
    blind_right: [usize; 2],
}

/// Finds such sentences; `None` where there are none, or where classes have no two sides.
pub(super) fn opposed(sample: &Sample<'_>, classes: &Classes) -> Option<Opposed> {
    let polar = polar_classes(classes)?;
    let facts = of_facts(sample);
    let truth = sample.predictions.truth;
    let right = |r: usize| sample.hard[r] == truth[r];
    let blind_right = |r: usize| sample.predictions.target_blind[r] == truth[r];
    // The row and side of each subject of each sentence; none of a subject that is labelled both ways.
    /// A sentence and the mentions of one subject in it.
    type SubjectOf<'p> = (usize, &'p [Span]);
    let mut subjects: BTreeMap<SubjectOf<'_>, (usize, Option<usize>)> = BTreeMap::new();
    for (r, facts) in facts.iter().enumerate() {
        let side = polar.iter().position(|&class| class == truth[r]);
        if side.is_some() && !facts.mentions.is_empty() {
            subjects
                .entry((facts.sentence, &facts.mentions))
                .and_modify(|(_, known)| *known = known.filter(|_| *known == side))
                .or_insert((r, side));
        }
    }
    let mut sentences: BTreeMap<usize, Sides> = BTreeMap::new();
    for ((sentence, _), (r, side)) in subjects {
        let Some(side) = side else { continue };
        let sides = sentences.entry(sentence).or_default();
        sides.rows.push(r);
        sides.n[side] += 1;
        sides.right[side] += usize::from(right(r));
        sides.blind_right[side] += usize::from(blind_right(r));
    }
    let sentences: Vec<Sides> = sentences
        .into_values()
        .filter(|sides| sides.n[0] > 0 && sides.n[1] > 0)
        .collect();
    if sentences.is_empty() {
        return None;
    }
    let rows: Vec<usize> = sentences.iter().flat_map(|s| s.rows.clone()).collect();
    let [accuracy, target_blind_accuracy] =
        sample.estimates(&rows, |rows| [share(rows, right), share(rows, blind_right)]);
    let pairs = |items: &[usize], of: &dyn Fn(&Sides) -> [usize; 2]| -> usize {
        let product = |&i: &usize| of(&sentences[i]).iter().product::<usize>();
        items.iter().map(product).sum()
    };
    let items: Vec<usize> = (0..sentences.len()).collect();
    let [both_right, target_blind_both_right] = sample.item_estimates(
        &items,
        |i| sentences[i].rows[0],
        |items| {
            let n = pairs(items, &|s| s.n) as f64;
            let right = pairs(items, &|s| s.right) as f64;
            let blind_right = pairs(items, &|s| s.blind_right) as f64;
            [Some(right / n), Some(blind_right / n)]
        },
    );
    Some(Opposed {
        n_sentences: sentences.len(),
        n_articles: sample.n_articles(&rows),
        n: rows.len(),
        accuracy,
        target_blind_accuracy,
        n_pairs: pairs(&items, &|s| s.n),
        both_right,
        target_blind_both_right,
    })
}

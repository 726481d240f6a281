//! Hand labels for scores: drawing sentences to label, reading the labels back, and what they say about the model and the outlets.
//!
//! ```text
//! ArticleScore --Frame--> Draw --write--> sample.csv, sample.key.json --labelled by people--> Sample
//! ArticleScore, Sample --Tally--> Labelled --correct--> Correction (figures of outlets that carry the model's error)
//!                                          --validate--> Validation (agreement, accuracy, error by outlet)
//! ```
//! `population` is what a sample is drawn from, `frame` the draw, `sample` the two files, `tally` the labels joined with the scores, `correct` the
//! corrected figures, `report` how well model and people agree, `context` the sentences around a drawn one. The sample is blind: neither prediction nor outlet is in view; what ties
//! it to the scores stands in the key file.

mod context;
mod correct;
mod frame;
mod population;
mod report;
mod sample;
mod tally;

pub use context::Contexts;
pub use correct::{
    CorrectedDifference, CorrectedFigure, CorrectedOutlet, Correction, Design, MIN_ERRORS,
    MIN_LABELLED, MIN_LABELLED_ARTICLES, correct,
};
pub use frame::{Draw, Drawn, DrawnStratum, Frame};
pub use population::{Population, PopulationFacts};
pub use report::{
    Agreement, Coders, DifferentialError, LabelsNeeded, Quality, ValidateParams, Validation,
    validate,
};
pub use sample::{
    DrawnSentence, KeyRow, Sample, SampleKey, key_path, marked, read_key, sample_table, second_path,
};
pub use tally::{Labelled, LabelledSentence, OutletArticle, OutletLabels, Tally};

use crate::score::{ArticleScore, SentenceScore};
use crate::span::Voice;
use crate::statistics::round6;

/// The least number of sentences a draw should give an outlet that has so many.
pub const WANTED_SENTENCES: usize = 30;

/// The least number of articles they should come from.
pub const WANTED_ARTICLES: usize = 10;

/// What of a sentence decides its stratum in an outlet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cell {
    /// Index of the likeliest class.
    class: usize,
    /// The voice, where voices are strata.
    voice: Option<Voice>,
}

impl Cell {
    fn of(sentence: &SentenceScore, classes: &[String], by_voice: bool) -> Cell {
        let probability = |class: &String| sentence.probabilities.get(class).copied();
        let mut class = 0;
        for k in 1..classes.len() {
            if probability(&classes[k]) > probability(&classes[class]) {
                class = k;
            }
        }
        Cell {
            class,
            voice: by_voice.then_some(sentence.voice),
        }
    }
}

/// What tells an article's score from others of the same subject: what is known of the article, and a digest of its scored sentences.
pub fn identity(score: &ArticleScore) -> String {
    let article = article_identity(
        (&score.outlet, &score.article),
        (
            score.title.as_deref().unwrap_or(""),
            score.date.as_deref().unwrap_or(""),
        ),
        score.length,
    );
    let mut parts = Vec::new();
    for sentence in &score.sentences {
        parts.extend((sentence.span.0 as u64).to_le_bytes());
        parts.extend((sentence.span.1 as u64).to_le_bytes());
        parts.extend(sentence.text.as_bytes());
    }
    format!(
        "{article}{PART_BORDER}{:016x}",
        frame::digest_number(&[&parts])
    )
}

/// Between the parts of an identity.
const PART_BORDER: char = '\u{1f}';

/// The parts that are known without scores: outlet and id, title and date, length in characters.
fn article_identity(
    (outlet, article): (&str, &str),
    (title, date): (&str, &str),
    length: usize,
) -> String {
    [outlet, article, title, date, &length.to_string()].join("\u{1f}")
}

/// The parts of `identity` that are known without scores.
fn without_sentences(identity: &str) -> &str {
    identity
        .rsplit_once(PART_BORDER)
        .map_or(identity, |(article, _)| article)
}

/// An interval as reports have it.
fn rounded(interval: Option<(f64, f64)>) -> Option<(f64, f64)> {
    interval.map(|(low, high)| (round6(low), round6(high)))
}

/// A number that stands for `what` under `seed`: chance that does not hang on the order of the input.
fn hash(seed: u64, purpose: &str, what: &str) -> u64 {
    frame::digest_number(&[&seed.to_le_bytes(), purpose.as_bytes(), what.as_bytes()])
}

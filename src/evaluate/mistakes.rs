//! The rows a model gets wrong, worst first, with the words that led it there.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::TestSet;
use crate::classifier::Classifier;
use crate::span::{CharOffsets, CharSpan, Voice};
use crate::statistics::round6;

/// Words shown of a row.
const WORDS: usize = 8;

/// A row whose likeliest class is not its label.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mistake {
    /// The file as the user named it.
    pub file: String,
    /// The line, from 1.
    pub line: Option<u64>,
    /// The row's id.
    pub id: Option<String>,
    /// The article's id.
    pub article: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// The sentence.
    pub text: String,
    /// The subject's mentions, as the text writes them.
    pub subject: Vec<String>,
    /// Where they stand, in characters of `text`, end exclusive.
    pub mentions: Vec<CharSpan>,
    /// Whose words the sentence is.
    pub voice: Voice,
    /// The class of the label.
    pub label: String,
    /// The class predicted.
    pub prediction: String,
    /// One probability a class.
    pub probabilities: BTreeMap<String, f64>,
    /// The label's probability: the less, the worse the mistake.
    pub p_label: f64,
    /// Whether the model was trained on this text.
    pub seen_in_training: bool,
    /// What spoke most for the prediction over the label, strongest first.
    pub words: Vec<LeadingWord>,
}

/// A feature that spoke for the prediction.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeadingWord {
    /// The feature in words: `after the subject: lied`.
    pub feature: String,
    /// What it adds to the prediction's logit less what it adds to the label's.
    pub weight: f64,
}

/// The wrong rows of `set`, the least probable labels first; equal ones in the order of the input.
pub fn mistakes(classifier: &Classifier, set: &TestSet) -> Vec<Mistake> {
    let names = classifier.classes().names();
    let mut wrong: Vec<Mistake> = set
        .data
        .rows
        .par_iter()
        .zip(&set.facts)
        .filter_map(|(row, facts)| {
            let probabilities = classifier.predict(row.example());
            let predicted = probabilities.hard();
            if predicted == row.class {
                return None;
            }
            let explanation = classifier.explain(row.example());
            let mut words: Vec<LeadingWord> = explanation
                .contributions
                .into_iter()
                .map(|contribution| LeadingWord {
                    weight: round6(
                        contribution.by_class[predicted] - contribution.by_class[row.class],
                    ),
                    feature: contribution.feature,
                })
                .filter(|word| word.weight > 0.0)
                .collect();
            words.sort_by(|a, b| b.weight.total_cmp(&a.weight));
            words.truncate(WORDS);
            let offsets = CharOffsets::new(&row.text);
            let source = &facts.source;
            let spans = row.mentions.iter();
            Some(Mistake {
                file: source.location.file.clone(),
                line: source.location.line,
                id: source.id.clone(),
                article: source.article.clone(),
                outlet: source.outlet.clone(),
                text: row.text.clone(),
                subject: (spans.clone().map(|span| span.of(&row.text).to_string())).collect(),
                mentions: spans.map(|&span| offsets.chars(span)).collect(),
                voice: facts.voice,
                label: names[row.class].clone(),
                prediction: names[predicted].clone(),
                probabilities: names
                    .iter()
                    .zip(probabilities.values())
                    .map(|(name, &p)| (name.clone(), round6(p)))
                    .collect(),
                p_label: round6(probabilities.values()[row.class]),
                seen_in_training: classifier.has_seen(&row.text),
                words,
            })
        })
        .collect();
    wrong.sort_by(|a, b| a.p_label.total_cmp(&b.p_label));
    wrong
}

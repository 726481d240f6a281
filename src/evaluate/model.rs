//! Evaluations of models: a trained one on a test set, one in training on its held-out folds.

use rayon::prelude::*;

use super::lexicon::Lexicon;
use super::{Evaluation, Overlap, Predictions, RowFacts, TestSet, evaluate};
use crate::classes::{Classes, Construct};
use crate::classifier::{Classifier, CrossValidated, HeldOut, PreparedData};
use crate::corpus::LabelledSentence;

/// Predicts every row of a test set. Rows whose text or article was in the training data are counted and scored apart, because a model
/// knows such texts by heart.
pub fn evaluate_model(classifier: &Classifier, set: &TestSet, level: f64, seed: u64) -> Evaluation {
    let rows = &set.data.rows;
    let probabilities: Vec<_> = rows
        .par_iter()
        .map(|row| classifier.predict(row.example()))
        .collect();
    let target_blind: Vec<usize> = rows
        .par_iter()
        .map(|row| classifier.predict_target_blind(&row.text))
        .collect();
    let article = |facts: &RowFacts| facts.source.article.clone();
    let seen_article = |facts: &RowFacts| classifier.has_seen_article(&article(facts)?);
    let overlap: Vec<Overlap> = rows
        .iter()
        .zip(&set.facts)
        .map(|(row, facts)| match classifier.has_seen(&row.text) {
            true => Overlap::SameText,
            false if seen_article(facts) == Some(true) => Overlap::SameArticle,
            false => Overlap::Nothing,
        })
        .collect();
    let by_word_list = lexicon(&set.data, classifier.classes());
    let predictions = Predictions {
        truth: &set.data.classes(),
        probabilities: &probabilities,
        groups: &set.data.groups(),
        target_blind: &target_blind,
        lexicon: by_word_list.as_deref(),
        facts: Some(&set.facts),
        overlap: Some(&overlap),
    };
    let mut evaluation = evaluate(predictions, classifier.classes(), level, seed);
    let n = |kind: Overlap| overlap.iter().filter(|&&overlap| overlap == kind).count();
    if n(Overlap::SameText) > 0 {
        evaluation.notes.push(format!(
            "{} of {} sentences were in the model's training data; figures on them say nothing about new text.",
            n(Overlap::SameText),
            rows.len()
        ));
    }
    if n(Overlap::SameArticle) > 0 {
        evaluation.notes.push(format!(
            "{} of {} sentences come from articles that gave other sentences to the training data (told by the article's id): they may be \
             easier than those of new articles.",
            n(Overlap::SameArticle),
            rows.len()
        ));
    }
    let unknown = |facts: &RowFacts| article(facts).is_some() && seen_article(facts).is_none();
    if set.facts.iter().any(unknown) {
        evaluation.notes.push(
            "The model does not keep the ids of its training articles: whether a sentence comes from one of them is not known here."
                .into(),
        );
    }
    evaluation
}

/// The figures of held-out folds; `facts` add those by outlet and voice.
pub fn evaluate_held_out(
    held_out: &HeldOut,
    data: &PreparedData,
    facts: Option<&[RowFacts]>,
    classes: &Classes,
    level: f64,
    seed: u64,
) -> Evaluation {
    let by_word_list = lexicon(data, classes);
    let predictions = Predictions {
        truth: &data.classes(),
        probabilities: &held_out.probabilities,
        groups: &data.groups(),
        target_blind: &held_out.target_blind,
        lexicon: by_word_list.as_deref(),
        facts,
        overlap: None,
    };
    evaluate(predictions, classes, level, seed)
}

/// The class of each row by a word list; `None` where the classes do not allow one.
pub(super) fn lexicon(data: &PreparedData, classes: &Classes) -> Option<Vec<usize>> {
    let lexicon = Lexicon::new(classes)?;
    let rows = data.rows.par_iter();
    Some(rows.map(|row| lexicon.predict(&row.text)).collect())
}

impl Evaluation {
    /// The figures that a model trained with `folds` folds carries.
    pub fn cross_validated(&self, folds: usize) -> CrossValidated {
        CrossValidated {
            folds,
            accuracy: self.accuracy,
            macro_f1: self.macro_f1,
            majority_accuracy: self.baselines.majority.accuracy,
            target_blind_macro_f1: self.baselines.target_blind.macro_f1,
        }
    }
}

/// Says so when the data speak of stance and the model of sentiment, or the other way round.
pub fn construct_note(rows: &[LabelledSentence], classes: &Classes) -> Option<String> {
    let ours = classes.construct()?;
    let theirs: Vec<Construct> = rows
        .iter()
        .filter_map(|row| Classes::construct_of_label(&row.label))
        .collect();
    let other = theirs.iter().find(|&&construct| construct != ours)?;
    Some(format!(
        "The labels speak of {other}, the model of {ours}: close, but not the same. They were matched by polarity."
    ))
}

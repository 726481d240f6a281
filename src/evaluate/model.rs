//! Evaluations of models: a trained one on a test set, one in training on its held-out folds.

use rayon::prelude::*;

use super::{Evaluation, Predictions, evaluate};
use crate::classes::{Classes, Construct};
use crate::classifier::{Classifier, CrossValidated, HeldOut, PreparedData};
use crate::corpus::LabelledSentence;

/// Predicts every row of a test set. Rows whose text was in the training data are counted, because a model knows them by heart.
pub fn evaluate_model(
    classifier: &Classifier,
    data: &PreparedData,
    level: f64,
    seed: u64,
) -> Evaluation {
    let probabilities: Vec<_> = data
        .rows
        .par_iter()
        .map(|row| classifier.predict(row.example()))
        .collect();
    let target_blind: Vec<usize> = data
        .rows
        .par_iter()
        .map(|row| classifier.predict_target_blind(&row.text))
        .collect();
    let predictions = Predictions {
        truth: &data.classes(),
        probabilities: &probabilities,
        groups: &data.groups(),
        target_blind: &target_blind,
    };
    let mut evaluation = evaluate(predictions, classifier.classes(), level, seed);
    let seen = data
        .rows
        .iter()
        .filter(|row| classifier.has_seen(&row.text));
    let n_seen = seen.count();
    evaluation.n_seen_in_training = Some(n_seen);
    if n_seen > 0 {
        evaluation.notes.push(format!(
            "{n_seen} of {} sentences were in the model's training data; figures on them say nothing about new text.",
            data.rows.len()
        ));
    }
    evaluation
}

/// The figures of held-out folds.
pub fn evaluate_held_out(
    held_out: &HeldOut,
    data: &PreparedData,
    classes: &Classes,
    level: f64,
    seed: u64,
) -> Evaluation {
    let predictions = Predictions {
        truth: &data.classes(),
        probabilities: &held_out.probabilities,
        groups: &data.groups(),
        target_blind: &held_out.target_blind,
    };
    evaluate(predictions, classes, level, seed)
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

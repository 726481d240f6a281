//! How well a model does on a subject, or an outlet, that its training never saw.
//!
//! For each subject (outlet) in turn a model is trained on the rest and tested on its rows. Rows of the same articles as the tested ones are
//! kept out of the training too, because an article says much the same of all its subjects. Many subjects are put into folds, each subject
//! in one; [`grouped_folds`] makes them of about one size.

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::model::lexicon;
use super::sample::Sample;
use super::{Evaluation, Predictions, Slice, TestSet, evaluate};
use crate::classes::{ClassProbabilities, Classes};
use crate::classifier::{TrainParams, train};
use crate::error::{Error, Result};
use crate::statistics::grouped_folds;

/// Up to so many are left out one by one.
const ONE_BY_ONE: usize = 20;

/// Folds where there are more.
const FOLDS: usize = 10;

/// What is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Key {
    /// Each subject.
    Subject,
    /// Each outlet.
    Outlet,
}

impl Key {
    /// The word in files and messages.
    pub fn name(self) -> &'static str {
        match self {
            Key::Subject => "subject",
            Key::Outlet => "outlet",
        }
    }
}

/// What was left out, and the figures on it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeaveOut {
    /// Subjects or outlets.
    pub key: Key,
    /// How many there are; names that differ in capitals only are one.
    pub n_keys: usize,
    /// Whether several are left out at a time.
    pub in_folds: bool,
    /// Rows that name none: not tested, not trained on.
    pub n_without: usize,
    /// Fits that did not converge.
    pub n_not_converged: usize,
    /// One a model trained, most tested rows first.
    pub parts: Vec<LeftOut>,
}

/// One model and the rows it was not trained on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeftOut {
    /// Who was left out.
    pub keys: Vec<String>,
    /// Rows trained on.
    pub n_training: usize,
    /// The figures on the rows left out, under the name of who was left out or the number of the fold.
    pub figures: Slice,
}

/// The rows with a key, the key of each as a dense id, and the keys' names.
fn keys_of(set: &TestSet, key: Key) -> (Vec<usize>, Vec<usize>, Vec<String>) {
    let mut ids: FxHashMap<String, usize> = FxHashMap::default();
    let (mut rows, mut keys, mut names) = (Vec::new(), Vec::new(), Vec::new());
    for (r, facts) in set.facts.iter().enumerate() {
        let source = &facts.source;
        let name = match key {
            Key::Subject => &source.subject,
            Key::Outlet => &source.outlet,
        };
        let Some(name) = name else { continue };
        let next = ids.len();
        let id = *ids.entry(name.to_lowercase()).or_insert(next);
        if id == next {
            names.push(name.clone());
        }
        rows.push(r);
        keys.push(id);
    }
    (rows, keys, names)
}

/// How many models [`leave_out`] trains at most.
pub fn n_parts(set: &TestSet, key: Key, folds: Option<usize>) -> usize {
    let n_keys = keys_of(set, key).2.len();
    parts_of(n_keys, folds)
}

fn parts_of(n_keys: usize, folds: Option<usize>) -> usize {
    let by_default = if n_keys > ONE_BY_ONE { FOLDS } else { n_keys };
    folds.unwrap_or(by_default).min(n_keys)
}

/// Trains without each `key` in turn and evaluates on the rows left out; `folds` puts keys into so many folds, else up to 20 are left out
/// one by one and more in ten folds. `step` is called after each of the fits that [`train`] makes.
///
/// Errors: fewer than two keys, and what training says of the rows that are left.
pub fn leave_out(
    set: &TestSet,
    classes: &Classes,
    params: &TrainParams,
    key: Key,
    folds: Option<usize>,
    level: f64,
    step: &(dyn Fn() + Sync),
) -> Result<Evaluation> {
    let (kept, keys, names) = keys_of(set, key);
    let word = key.name();
    if names.len() < 2 {
        return Err(Error::Data(format!(
            "--leave-out {word} needs rows of at least two {word}s; {}",
            match (names.first(), key) {
                (Some(only), _) => format!("all that name one name \"{only}\""),
                (None, Key::Subject) => "no row names one (columns subject, or from and to)".into(),
                (None, Key::Outlet) =>
                    "no row names one (column outlet, or --outlet-column)".into(),
            }
        )));
    }
    let k = parts_of(names.len(), folds);
    let fold_of = grouped_folds(&keys, k, params.seed).expect("two keys, two folds at least");
    let data = set.data.subset(&kept);
    let facts: Vec<_> = kept.iter().map(|&r| set.facts[r].clone()).collect();
    let n = data.rows.len();
    let n_folds = fold_of.iter().max().map_or(0, |&last| last + 1);

    let mut probabilities: Vec<Option<ClassProbabilities>> = vec![None; n];
    let mut target_blind = vec![0; n];
    let mut parts: Vec<(Vec<String>, usize, Vec<usize>)> = Vec::new();
    let mut n_not_converged = 0;
    for fold in 0..n_folds {
        let test: Vec<usize> = (0..n).filter(|&r| fold_of[r] == fold).collect();
        let mut in_test = vec![false; data.n_groups];
        for &r in &test {
            in_test[data.rows[r].group] = true;
        }
        let training: Vec<usize> = (0..n)
            .filter(|&r| fold_of[r] != fold && !in_test[data.rows[r].group])
            .collect();
        let mut left: Vec<usize> = test.iter().map(|&r| keys[r]).collect();
        left.sort_unstable();
        left.dedup();
        let left: Vec<String> = left.into_iter().map(|id| names[id].clone()).collect();
        let about = |problem: String| {
            let who = left.first().map_or("", String::as_str);
            let more = match left.len() {
                1 => String::new(),
                n => format!(" and {} more", n - 1),
            };
            Error::Data(format!("without the {word} \"{who}\"{more}: {problem}"))
        };
        if training.is_empty() {
            return Err(about(
                "no sentence is left to train on; articles that hold sentences on what is left out are left out with it".into(),
            ));
        }
        let trained = train(&data.subset(&training), classes, params, step)
            .map_err(|error| about(error.to_string()))?;
        let classifier = &trained.classifier;
        n_not_converged += usize::from(!classifier.record().convergence.reached);
        for &r in &test {
            let row = &data.rows[r];
            probabilities[r] = Some(classifier.predict(row.example()));
            target_blind[r] = classifier.predict_target_blind(&row.text);
        }
        parts.push((left, training.len(), test));
    }
    let probabilities: Vec<ClassProbabilities> = probabilities
        .into_iter()
        .map(|p| p.expect("every row is in one fold"))
        .collect();
    let by_word_list = lexicon(&data, classes);
    let (truth, groups) = (data.classes(), data.groups());
    let predictions = Predictions {
        truth: &truth,
        probabilities: &probabilities,
        groups: &groups,
        target_blind: &target_blind,
        lexicon: by_word_list.as_deref(),
        facts: Some(&facts),
        overlap: None,
    };
    let sample = Sample::new(predictions, classes.len(), level, params.seed);
    parts.sort_by_key(|(_, _, test)| std::cmp::Reverse(test.len()));
    let in_folds = n_folds < names.len();
    let parts = parts
        .into_iter()
        .enumerate()
        .map(|(i, (keys, n_training, test))| {
            let name = match in_folds {
                true => format!("fold {}", i + 1),
                false => keys.join(", "),
            };
            LeftOut {
                figures: Slice::new(name, &sample, &test),
                keys,
                n_training,
            }
        })
        .collect();
    let mut evaluation = evaluate(predictions, classes, level, params.seed);
    evaluation.leave_out = Some(LeaveOut {
        key,
        n_keys: names.len(),
        in_folds,
        n_without: set.data.rows.len() - n,
        n_not_converged,
        parts,
    });
    Ok(evaluation)
}

//! An earlier model that a new one goes on from: with few labels, its weights say more than zeros do.
//!
//! The new model has the earlier one's families, word table and columns (with its idf, so that its weights mean the same), and besides
//! the features that are frequent enough in the new sentences. The penalty pulls its weights toward the earlier ones, those of new features
//! toward zero; intercepts are free. So what the labels do not speak of stays as it was.

use ndarray::{Array1, Array2};
use serde::{Deserialize, Serialize};

use crate::classes::Classes;
use crate::classifier::model::{Classifier, LinearWeights};
use crate::classifier::prepare::PreparedData;
use crate::error::{Error, Result};

/// An earlier model, its classes matched to those of the new labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Prior {
    classifier: Classifier,
    /// The class of the earlier model that each new class is.
    class: Vec<usize>,
}

/// What a model remembers of the one it went on from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriorRecord {
    /// The earlier model's digest.
    pub digest: String,
    /// Labelled sentences whose text the earlier model was trained on, too: figures on them are optimistic.
    pub n_seen: usize,
}

impl Prior {
    /// Matches the classes of `classifier` to `classes`, by name or, where both have polarities, by polarity. [`Error::Data`] where they do not match.
    pub fn new(classifier: Classifier, classes: &Classes) -> Result<Prior> {
        let class = matching(classifier.classes(), classes).ok_or_else(|| {
            Error::Data(format!(
                "the prior knows the classes {}, the labels are {}; both must have the same names, or polarities that match one to one \
                 (--polarity LABEL=-1, 0 or 1)",
                listed(classifier.classes()),
                listed(classes)
            ))
        })?;
        Ok(Prior { classifier, class })
    }

    /// The earlier model.
    pub fn classifier(&self) -> &Classifier {
        &self.classifier
    }

    /// How many rows of `data` the earlier model was trained on.
    pub fn n_seen(&self, data: &PreparedData) -> usize {
        let seen = |text: &str| self.classifier.has_seen(text);
        data.rows.iter().filter(|row| seen(&row.text)).count()
    }

    pub(super) fn record(&self, data: &PreparedData) -> PriorRecord {
        PriorRecord {
            digest: self.classifier.digest().to_string(),
            n_seen: self.n_seen(data),
        }
    }

    /// Sentences the earlier model's idf rests on.
    pub(super) fn n(&self) -> usize {
        self.classifier.record.n
    }

    /// Its weights as the fit takes them: coefficients (n_outputs, n_columns) and intercepts (n_outputs). `columns` holds the new column of each of its
    /// columns; those beyond the weights (the target-blind ones have fewer) are zero.
    pub(super) fn outputs(
        &self,
        weights: &LinearWeights,
        columns: &[usize],
        n_columns: usize,
    ) -> (Array2<f64>, Array1<f64>) {
        let k = self.class.len();
        let n_outputs = if k == 2 { 1 } else { k };
        // One vector speaks for class 1 against class 0.
        let output = |class_values: &dyn Fn(usize) -> f64, output: usize| match k {
            2 => class_values(self.class[1]) - class_values(self.class[0]),
            _ => class_values(self.class[output]),
        };
        let mut coef = Array2::zeros((n_outputs, n_columns));
        for (values, &column) in weights.coef.chunks_exact(k).zip(columns) {
            for o in 0..n_outputs {
                coef[[o, column]] = output(&|class| f64::from(values[class]), o);
            }
        }
        let intercept = (0..n_outputs).map(|o| output(&|class| weights.intercept[class], o));
        (coef, intercept.collect())
    }
}

/// The class of `theirs` that each class of `ours` is; `None` where they are not one to one.
fn matching(theirs: &Classes, ours: &Classes) -> Option<Vec<usize>> {
    let by_name: Option<Vec<usize>> = ours
        .names()
        .iter()
        .map(|name| theirs.names().iter().position(|other| other == name))
        .collect();
    let by_polarity = || {
        let (theirs, ours) = (theirs.polarity()?, ours.polarity()?);
        let same = |polarity| theirs.iter().position(|other| other == polarity);
        ours.iter().map(same).collect::<Option<Vec<usize>>>()
    };
    let class = by_name.or_else(by_polarity)?;
    let mut found = class.clone();
    found.sort_unstable();
    found.dedup();
    (theirs.len() == ours.len() && found.len() == ours.len()).then_some(class)
}

fn listed(classes: &Classes) -> String {
    classes.names().join(", ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::classes::Task;

    fn classes(labels: &[&str]) -> Classes {
        Classes::from_labels(labels.iter().copied(), Task::Infer, &BTreeMap::new())
            .expect("two classes at least")
    }

    #[test]
    fn classes_match_by_name_or_polarity_or_not_at_all() {
        let sentiment = classes(&["negative", "neutral", "positive"]);
        let stance = classes(&["favor", "against", "none"]);
        // Sorted: against, favor, none.
        assert_eq!(matching(&sentiment, &stance), Some(vec![0, 2, 1]));
        assert_eq!(matching(&stance, &stance), Some(vec![0, 1, 2]));
        assert_eq!(matching(&sentiment, &classes(&["favor", "against"])), None);
        let topics = classes(&["sport", "law"]);
        assert_eq!(matching(&topics, &topics), Some(vec![0, 1]));
        assert_eq!(matching(&topics, &classes(&["sport", "war"])), None);
        assert_eq!(
            matching(&sentiment, &classes(&["sport", "law", "war"])),
            None
        );
    }
}

//! Two models on the same rows.
//!
//! The difference of a figure is resampled over articles with both models on the same draw, so what rows and articles have in common
//! cancels out. Models whose classes have other names are matched by polarity. There is no McNemar p value: it takes rows as independent,
//! and rows of one article are not.

use rayon::prelude::*;
use serde::Serialize;

use super::sample::Sample;
use super::{Counts, Predictions, TestSet};
use crate::classes::{ClassProbabilities, Classes};
use crate::classifier::Classifier;
use crate::error::{Error, Result};
use crate::statistics::Estimate;

/// What two models do on the same rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Against {
    /// The other model's digest.
    pub model: String,
    /// Rows whose text the other model was trained on.
    pub n_seen_in_training: usize,
    /// Accuracy of both.
    pub accuracy: Paired,
    /// Macro-F1 of both, over the classes that occur with either.
    pub macro_f1: Paired,
    /// Mean of -ln p(true class) of both: less is better.
    pub log_loss: Paired,
    /// Rows both get right.
    pub both_right: usize,
    /// Rows only this model gets right.
    pub only_this: usize,
    /// Rows only the other gets right.
    pub only_other: usize,
    /// Rows both get wrong.
    pub both_wrong: usize,
}

/// A figure of two models.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Paired {
    /// This model.
    pub this: Estimate,
    /// The other.
    pub other: Estimate,
    /// This less the other, on the same draws.
    pub difference: Estimate,
}

/// Compares `this` with `other` on `set`, which was prepared for the classes of `this`. Classes that cannot be matched are an error.
pub fn compare_models(
    this: &Classifier,
    other: &Classifier,
    set: &TestSet,
    level: f64,
    seed: u64,
) -> Result<Against> {
    let class_of_theirs = matching(this.classes(), other.classes())?;
    let rows = &set.data.rows;
    let k = this.classes().len();
    let ours: Vec<ClassProbabilities> = rows
        .par_iter()
        .map(|row| this.predict(row.example()))
        .collect();
    let theirs: Vec<ClassProbabilities> = rows
        .par_iter()
        .map(|row| {
            let mut probabilities = vec![0.0; k];
            for (theirs, p) in other.predict(row.example()).values().iter().enumerate() {
                probabilities[class_of_theirs[theirs]] = *p;
            }
            ClassProbabilities::new(probabilities)
        })
        .collect();
    let truth = set.data.classes();
    let groups = set.data.groups();
    let sample = |probabilities| {
        let predictions = Predictions {
            truth: &truth,
            probabilities,
            groups: &groups,
            target_blind: &[],
            lexicon: None,
            facts: None,
            overlap: None,
        };
        Sample::new(predictions, k, level, seed)
    };
    let (this_sample, other_sample) = (sample(&ours), sample(&theirs));
    let occurring: Vec<usize> = (0..k)
        .filter(|class| {
            this_sample.occurring.contains(class) || other_sample.occurring.contains(class)
        })
        .collect();
    let figures = |sample: &Sample<'_>, rows: &[usize]| -> [Option<f64>; 3] {
        let counts: Counts = sample.counts(rows);
        let log_loss = |&r: &usize| {
            let p = sample.predictions.probabilities[r].values()[truth[r]];
            -p.max(1e-12).ln()
        };
        let n = rows.len() as f64;
        [
            counts.accuracy(),
            counts.macro_f1_over(&occurring),
            (n > 0.0).then(|| rows.iter().map(log_loss).sum::<f64>() / n),
        ]
    };
    let all = this_sample.all();
    let estimates: [Estimate; 9] = this_sample.estimates(&all, |rows| {
        let (a, b) = (figures(&this_sample, rows), figures(&other_sample, rows));
        std::array::from_fn(|i| match i / 3 {
            0 => a[i],
            1 => b[i - 3],
            _ => Some(a[i - 6]? - b[i - 6]?),
        })
    });
    let paired = |i: usize| Paired {
        this: estimates[i],
        other: estimates[i + 3],
        difference: estimates[i + 6],
    };
    let n = |this_right: bool, other_right: bool| {
        let same = |&&r: &&usize| {
            (this_sample.hard[r] == truth[r]) == this_right
                && (other_sample.hard[r] == truth[r]) == other_right
        };
        all.iter().filter(same).count()
    };
    Ok(Against {
        model: other.digest().to_string(),
        n_seen_in_training: rows.iter().filter(|row| other.has_seen(&row.text)).count(),
        accuracy: paired(0),
        macro_f1: paired(1),
        log_loss: paired(2),
        both_right: n(true, true),
        only_this: n(true, false),
        only_other: n(false, true),
        both_wrong: n(false, false),
    })
}

/// For each class of `theirs` the class of `ours`: by name, else by a polarity that only one class of each has.
fn matching(ours: &Classes, theirs: &Classes) -> Result<Vec<usize>> {
    let only_with = |classes: &Classes, wanted| {
        let polarity = classes.polarity()?;
        let mut with = (0..classes.len()).filter(|&class| polarity[class] == wanted);
        with.next().filter(|_| with.next().is_none())
    };
    let found: Option<Vec<usize>> = theirs
        .names()
        .iter()
        .enumerate()
        .map(|(class, name)| {
            let by_name = ours.names().iter().position(|known| known == name);
            by_name.or_else(|| {
                let worth = theirs.polarity()?[class];
                only_with(theirs, worth)?;
                only_with(ours, worth)
            })
        })
        .collect();
    let one_to_one = |found: &Vec<usize>| {
        found.len() == ours.len() && (0..ours.len()).all(|class| found.contains(&class))
    };
    found.filter(one_to_one).ok_or_else(|| {
        Error::Data(format!(
            "the two models do not know the same classes ({}; and {}), so their answers on the same rows cannot be compared",
            ours.names().join(", "),
            theirs.names().join(", ")
        ))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::classes::Task;

    #[test]
    fn classes_are_matched_by_name_and_by_polarity() {
        let classes = |labels: &[&str]| {
            Classes::from_labels(labels.iter().copied(), Task::Infer, &BTreeMap::new())
                .expect("classes")
        };
        let stance = classes(&["against", "favor", "none"]);
        let sentiment = classes(&["negative", "neutral", "positive"]);
        // Theirs in their order: negative, neutral, positive; ours: against, favor, none.
        assert_eq!(
            matching(&stance, &sentiment).expect("one to one"),
            [0, 2, 1]
        );
        assert_eq!(matching(&stance, &stance).expect("the same"), [0, 1, 2]);
        let two = classes(&["against", "favor"]);
        let error = matching(&stance, &two).unwrap_err().to_string();
        assert!(error.contains("do not know the same classes"), "{error}");
        assert!(matching(&two, &stance).is_err());
        assert!(matching(&classes(&["law", "sports"]), &classes(&["law", "war"])).is_err());
    }
}

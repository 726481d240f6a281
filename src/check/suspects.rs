//! Labels to read again: rows whose label a cross-validated model doubts.
//!
//! Confident learning (Northcutt, Jiang & Chuang 2021): the threshold of a class is its mean self-confidence, the mean out-of-fold probability of
//! the class over the rows labelled with it. A row is suspect where the likeliest class at or above its threshold is not the label. Suspects
//! are ranked by the normalised margin, the label's probability less the largest other one, lowest first. A list to read, not to believe: many
//! suspects are hard sentences with the right label.

use std::collections::BTreeMap;

use serde::Serialize;

use super::has_two_groups;
use crate::classes::Classes;
use crate::classifier::{HeldOut, PreparedData, TrainParams, cross_validate};
use crate::corpus::LabelledSentence;
use crate::error::Result;
use crate::evaluate::RowSource;
use crate::statistics::round6;

/// Rows to read again.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Suspects {
    /// Rows that were cross-validated.
    pub n: usize,
    /// Rows whose label is doubted.
    pub n_suspects: usize,
    /// Folds of the cross-validation.
    pub folds: usize,
    /// Mean out-of-fold probability of each class over the rows labelled with it.
    pub self_confidence: BTreeMap<String, f64>,
    /// The most doubtful, worst first.
    pub listed: Vec<Suspect>,
}

/// A row whose label is doubted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Suspect {
    /// The file as the user named it.
    pub file: String,
    /// The line, from 1.
    pub line: Option<u64>,
    /// The row's id.
    pub id: Option<String>,
    /// The subject.
    pub subject: Option<String>,
    /// The sentence.
    pub text: String,
    /// The class of the label.
    pub label: String,
    /// The class the model would say.
    pub suggested: String,
    /// Out-of-fold probability of the label.
    pub p_label: f64,
    /// Out-of-fold probability of `suggested`.
    pub p_suggested: f64,
    /// Normalised margin, -1 to 1.
    pub margin: f64,
}

/// Cross-validates as training does and lists the `n` most doubtful labels. `None` with fewer than two articles.
///
/// `sentences` are those `data` was prepared from. Errors: those of a fit.
pub fn suspects(
    sentences: &[LabelledSentence],
    data: &PreparedData,
    classes: &Classes,
    params: &TrainParams,
    n: usize,
    step: &(dyn Fn() + Sync),
) -> Result<Option<Suspects>> {
    has_two_groups(data)?;
    let held_out = cross_validate(data, classes, params, step)?;
    Ok(held_out.map(|held_out| listed(sentences, data, classes, &held_out, n)))
}

/// A doubted row: its index, the class suggested, the margin.
type Doubt = (usize, usize, f64);

fn listed(
    sentences: &[LabelledSentence],
    data: &PreparedData,
    classes: &Classes,
    held_out: &HeldOut,
    n: usize,
) -> Suspects {
    let probabilities: Vec<&[f64]> = (held_out.probabilities.iter())
        .map(|probabilities| probabilities.values())
        .collect();
    let labels = data.classes();
    let thresholds = self_confidence(&probabilities, &labels, classes.len());
    let doubts = doubts(&probabilities, &labels, &thresholds);
    let names = classes.names();
    let suspect = |&(row, suggested, margin): &Doubt| {
        let prepared = &data.rows[row];
        let source = RowSource::new(&sentences[prepared.origin]);
        Suspect {
            file: source.location.file,
            line: source.location.line,
            id: source.id,
            subject: source.subject,
            text: prepared.text.clone(),
            label: names[labels[row]].clone(),
            suggested: names[suggested].clone(),
            p_label: round6(probabilities[row][labels[row]]),
            p_suggested: round6(probabilities[row][suggested]),
            margin: round6(margin),
        }
    };
    Suspects {
        n: labels.len(),
        n_suspects: doubts.len(),
        folds: held_out.folds,
        self_confidence: (names.iter().zip(&thresholds))
            .filter_map(|(name, threshold)| Some((name.clone(), round6((*threshold)?))))
            .collect(),
        listed: doubts.iter().take(n).map(suspect).collect(),
    }
}

/// Mean probability of each class over its rows; `None` for a class without rows.
fn self_confidence(
    probabilities: &[&[f64]],
    labels: &[usize],
    n_classes: usize,
) -> Vec<Option<f64>> {
    let mut sums = vec![(0.0, 0); n_classes];
    for (p, &label) in probabilities.iter().zip(labels) {
        sums[label].0 += p[label];
        sums[label].1 += 1;
    }
    sums.into_iter()
        .map(|(sum, n)| (n > 0).then(|| sum / f64::from(n)))
        .collect()
}

/// Doubted rows, lowest margin first; equal ones in the order of the input.
fn doubts(probabilities: &[&[f64]], labels: &[usize], thresholds: &[Option<f64>]) -> Vec<Doubt> {
    let mut found: Vec<Doubt> = Vec::new();
    for (row, (p, &label)) in probabilities.iter().zip(labels).enumerate() {
        let confident = (0..p.len()).filter(|&k| thresholds[k].is_some_and(|t| p[k] >= t));
        // The first of equals, so that ties speak for no class by its name.
        let likeliest = confident.reduce(|best, k| if p[k] > p[best] { k } else { best });
        let Some(suggested) = likeliest.filter(|&k| k != label) else {
            continue;
        };
        let other = (0..p.len())
            .filter(|&k| k != label)
            .map(|k| p[k])
            .fold(0.0, f64::max);
        found.push((row, suggested, p[label] - other));
    }
    found.sort_by(|a, b| a.2.total_cmp(&b.2));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubts_worked_by_hand() {
        // Self-confidence: class 0 (0.9 + 0.2 + 0.7) / 3 = 0.6, class 1 (0.8 + 0.6) / 2 = 0.7.
        let p: [&[f64]; 5] = [
            &[0.9, 0.1],
            &[0.2, 0.8],
            &[0.7, 0.3],
            &[0.2, 0.8],
            &[0.4, 0.6],
        ];
        let labels = [0, 0, 0, 1, 1];
        let thresholds = self_confidence(&p, &labels, 2);
        assert!((thresholds[0].unwrap() - 0.6).abs() < 1e-12);
        assert!((thresholds[1].unwrap() - 0.7).abs() < 1e-12);
        let found = doubts(&p, &labels, &thresholds);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].0, found[0].1), (1, 1));
        assert!((found[0].2 + 0.6).abs() < 1e-12);
    }

    #[test]
    fn a_rare_class_is_suggested_below_one_half() {
        // Class 2 has a low self-confidence, so 0.4 is confident; class 0 at 0.45 is below its own.
        let thresholds = [Some(0.8), Some(0.8), Some(0.3)];
        let p: [&[f64]; 1] = [&[0.45, 0.15, 0.4]];
        let found = doubts(&p, &[0], &thresholds);
        assert_eq!((found[0].0, found[0].1), (0, 2));
        assert!((found[0].2 - 0.05).abs() < 1e-12);
    }
}

//! Why a sentence got its probabilities.
//!
//! A logit is the intercept plus one contribution a feature, exactly; calibration (a factor and biases) and softmax then
//! turn logits into probabilities, as a step of their own that moves all features alike.

use crate::classes::ClassProbabilities;
use crate::classifier::Classifier;
use crate::features::Example;
use crate::logistic::Calibration;
use crate::span::Span;
use crate::text::word_form;

/// What one feature adds to each class.
#[derive(Debug, Clone, PartialEq)]
pub struct Contribution {
    /// The family's name.
    pub family: String,
    /// The feature in words: `after the subject: lied`, each word as it was most frequent in the training data.
    pub feature: String,
    /// Where the feature was found (bytes of the sentence).
    pub spans: Vec<Span>,
    /// Value times weight, one a class.
    pub by_class: Vec<f64>,
}

/// A prediction taken apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// One a class.
    pub intercept: Vec<f64>,
    /// One a feature of the sentence, in the order of the model's columns; then one a word and pool of word vectors.
    pub contributions: Vec<Contribution>,
    /// Intercept plus contributions, one a class.
    pub logits: Vec<f64>,
    /// What happens to the logits.
    pub calibration: Calibration,
    /// The logits after it, scale·logit + bias; their softmax is `probabilities`.
    pub calibrated: Vec<f64>,
    /// What comes out.
    pub probabilities: ClassProbabilities,
    /// Sum over classes of polarity times probability; `None` for plain classes.
    pub net_stance: Option<f64>,
}

impl Contribution {
    /// How far it moves classes apart: the greatest less the least of `by_class`. What lifts all classes alike changes no
    /// probability.
    pub fn spread(&self) -> f64 {
        let max = self.by_class.iter().copied().fold(f64::MIN, f64::max);
        let min = self.by_class.iter().copied().fold(f64::MAX, f64::min);
        max - min
    }
}

impl Explanation {
    /// The `n` contributions that move classes furthest apart, strongest first, and what the others add to each class.
    pub fn strongest(&self, n: usize) -> (Vec<&Contribution>, Vec<f64>) {
        let mut sorted: Vec<&Contribution> = self.contributions.iter().collect();
        sorted.sort_by(|a, b| b.spread().total_cmp(&a.spread()));
        let others = sorted.split_off(n.min(sorted.len()));
        let mut rest = vec![0.0; self.intercept.len()];
        for contribution in others {
            for (sum, value) in rest.iter_mut().zip(&contribution.by_class) {
                *sum += value;
            }
        }
        (sorted, rest)
    }
}

impl Classifier {
    /// Takes the prediction for `example` apart.
    pub fn explain(&self, example: Example<'_>) -> Explanation {
        let k = self.classes.len();
        let families = &self.featurizer.params().families;
        let evidence = self.featurizer.evidence(example);
        let row = self.featurizer.transform(example);
        let mut contributions: Vec<Contribution> = evidence
            .into_iter()
            .map(|evidence| {
                let column = evidence.column as usize;
                let feature = self.featurizer.features().get(column);
                let family = &families[feature.family as usize];
                Contribution {
                    family: family.name.clone(),
                    feature: family.phrase(feature.place, feature.text),
                    spans: evidence.spans,
                    by_class: self.weights.coef[column * k..(column + 1) * k]
                        .iter()
                        .map(|&weight| f64::from(weight) * f64::from(evidence.value))
                        .collect(),
                }
            })
            .collect();
        let pooled = self.featurizer.pooled_evidence(example).into_iter();
        contributions.extend(pooled.map(|evidence| {
            let family = &families[evidence.family];
            let word = word_form(evidence.span.of(example.text));
            Contribution {
                family: family.name.clone(),
                feature: family.phrase(evidence.place, &word),
                spans: vec![evidence.span],
                by_class: self.weights.pooled(evidence.column, &evidence.values),
            }
        }));
        let logits = self.weights.logits(&row);
        let probabilities = ClassProbabilities::new(self.calibration.apply(&logits));
        Explanation {
            intercept: self.weights.intercept.clone(),
            contributions,
            net_stance: self.net_stance(&probabilities),
            probabilities,
            calibrated: self.calibration.shifted(&logits),
            logits,
            calibration: self.calibration.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_classes_apart_comes_first_and_the_rest_is_summed() {
        let contribution = |feature: &str, by_class: [f64; 2]| Contribution {
            family: "words".into(),
            feature: feature.into(),
            spans: Vec::new(),
            by_class: by_class.to_vec(),
        };
        let explanation = Explanation {
            intercept: vec![0.0; 2],
            contributions: vec![
                contribution("lifts both", [5.0, 5.0]),
                contribution("moves", [-0.5, 0.5]),
                contribution("moves a little", [0.25, 0.0]),
            ],
            logits: vec![4.75, 5.5],
            calibration: Calibration::identity(2),
            calibrated: vec![4.75, 5.5],
            probabilities: ClassProbabilities::new(vec![0.5, 0.5]),
            net_stance: None,
        };
        let (shown, rest) = explanation.strongest(1);
        assert_eq!(shown[0].feature, "moves");
        assert_eq!(rest, [5.25, 5.0]);
        assert_eq!(explanation.strongest(9).0.len(), 3);
    }
}

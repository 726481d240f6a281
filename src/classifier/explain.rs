//! Why a sentence got its probabilities.
//!
//! A logit is the intercept plus one contribution a feature, exactly; calibration (scale and biases) and softmax then
//! turn logits into probabilities, as a step of their own that moves all features alike.

use crate::classes::ClassProbabilities;
use crate::classifier::Classifier;
use crate::features::Example;
use crate::logistic::Calibration;
use crate::span::Span;

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
    /// One a feature of the sentence, in the order of the model's columns.
    pub contributions: Vec<Contribution>,
    /// Intercept plus contributions, one a class.
    pub logits: Vec<f64>,
    /// What happens to the logits.
    pub calibration: Calibration,
    /// What comes out.
    pub probabilities: ClassProbabilities,
}

impl Classifier {
    /// Takes the prediction for `example` apart.
    pub fn explain(&self, example: Example<'_>) -> Explanation {
        let k = self.classes.len();
        let families = &self.featurizer.params().families;
        let contributions: Vec<Contribution> = self
            .featurizer
            .evidence(example)
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
        let row = self.featurizer.transform(example);
        let logits = self.weights.logits(&row);
        Explanation {
            intercept: self.weights.intercept.clone(),
            contributions,
            probabilities: ClassProbabilities::new(self.calibration.apply(&logits)),
            logits,
            calibration: self.calibration.clone(),
        }
    }
}

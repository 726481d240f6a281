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
    /// "after", "2 before", or nothing.
    pub place: String,
    /// The words, as they were most frequent in the training data.
    pub text: String,
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
    /// Words of the sentence that the model has never seen, of all its words.
    pub n_features: usize,
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
                Contribution {
                    family: families[feature.family as usize].name.clone(),
                    place: feature.place.to_string(),
                    text: feature.text.to_string(),
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
            n_features: contributions.len(),
            contributions,
            probabilities: ClassProbabilities::new(self.calibration.apply(&logits)),
            logits,
            calibration: self.calibration.clone(),
        }
    }
}

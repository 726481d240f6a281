//! The trained model in memory.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::classes::{ClassProbabilities, Classes};
use crate::classifier::familiarity::{self, Familiarity, KnownWords, Recall, TrainingText};
use crate::classifier::file;
use crate::classifier::prepare::TargetCounts;
use crate::classifier::prior::PriorRecord;
use crate::classifier::seen::SeenTexts;
use crate::error::Result;
use crate::features::{Example, Feature, Featurizer};
use crate::logistic::{Calibration, ClassWeight, Convergence, Solver};
use crate::statistics::Estimate;
use crate::text::{Lexeme, lex};

/// A linear classifier of sentences: featurizer, weights, calibration, and the record of its training.
#[derive(Debug, Clone, PartialEq)]
pub struct Classifier {
    pub(crate) featurizer: Featurizer,
    pub(crate) classes: Classes,
    pub(crate) weights: LinearWeights,
    /// A second fit on the features that need no mention: what is known without looking at the subject. The baseline of
    /// `evaluate`.
    pub(crate) target_blind: LinearWeights,
    pub(crate) calibration: Calibration,
    /// What the logits of `target_blind` go through.
    pub(crate) blind_calibration: Calibration,
    pub(crate) seen: SeenTexts,
    /// Words of the training sentences that the table of words lacks.
    pub(crate) known_words: KnownWords,
    /// The ids of the training articles; `None` in a model that was made before these were kept.
    pub(crate) seen_articles: Option<SeenTexts>,
    pub(crate) record: TrainingRecord,
    pub(crate) digest: String,
}

/// One weight a feature and class, feature by feature, and one intercept a class.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LinearWeights {
    /// Shape (n_features, K): the weights of one feature lie side by side.
    pub coef: Vec<f32>,
    /// Shape (K).
    pub intercept: Vec<f64>,
}

impl LinearWeights {
    /// K logits of a row; columns beyond these weights are passed over.
    pub fn logits(&self, row: &[(u32, f32)]) -> Vec<f64> {
        match *self.intercept.as_slice() {
            [a, b] => self.logits_of([a, b], row).to_vec(),
            [a, b, c] => self.logits_of([a, b, c], row).to_vec(),
            _ => self.logits_of_many(row),
        }
    }

    /// [`LinearWeights::logits`] of a number of classes that is known beforehand.
    fn logits_of<const K: usize>(&self, mut logits: [f64; K], row: &[(u32, f32)]) -> [f64; K] {
        let (weights, _) = self.coef.as_chunks::<K>();
        for &(column, value) in row {
            let Some(weights) = weights.get(column as usize) else {
                continue;
            };
            for k in 0..K {
                logits[k] += f64::from(value) * f64::from(weights[k]);
            }
        }
        logits
    }

    fn logits_of_many(&self, row: &[(u32, f32)]) -> Vec<f64> {
        let k = self.intercept.len();
        let mut logits = self.intercept.clone();
        for &(column, value) in row {
            let start = column as usize * k;
            let Some(weights) = self.coef.get(start..start + k) else {
                continue;
            };
            for (logit, &weight) in logits.iter_mut().zip(weights) {
                *logit += f64::from(value) * f64::from(weight);
            }
        }
        logits
    }
}

impl LinearWeights {
    /// What values of the columns from `column` on add to each class.
    pub fn pooled(&self, column: usize, values: &[f64]) -> Vec<f64> {
        let k = self.intercept.len();
        let mut sums = vec![0.0; k];
        for (weights, value) in self.coef[column * k..].chunks_exact(k).zip(values) {
            for (sum, &weight) in sums.iter_mut().zip(weights) {
                *sum += value * f64::from(weight);
            }
        }
        sums
    }
}

/// What is known of a model's training. No paths, no times: the same data and parameters give the same record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainingRecord {
    /// Names of the data files, without folders.
    pub files: Vec<String>,
    /// SHA-256 over the training rows as they were used.
    pub data_digest: String,
    /// Rows.
    pub n: usize,
    /// Articles (groups that folds respect).
    pub n_articles: usize,
    /// Rows of each class.
    pub class_counts: BTreeMap<String, usize>,
    /// Whether rows had weights of their own, so that the counts are not the shares the model was fitted to.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub weighted: bool,
    /// How subjects were found.
    pub targets: TargetCounts,
    /// Strength of the penalty.
    pub l2: f64,
    /// Whether rare classes counted more in the fit.
    pub class_weight: ClassWeight,
    /// Who minimised the objective.
    pub solver: Solver,
    /// Seed of the folds.
    pub seed: u64,
    /// Settings that were compared by cross-validation to choose penalty, families, class weight and least document frequency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n_tried: Option<usize>,
    /// The model this one went on from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prior: Option<PriorRecord>,
    /// What the training text was like.
    #[serde(default)]
    pub text: TrainingText,
    /// How the final fit ended.
    pub convergence: Convergence,
    /// Figures on held-out folds.
    pub cross_validated: Option<CrossValidated>,
}

/// Figures on held-out folds, as the model carries them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CrossValidated {
    /// Number of folds.
    pub folds: usize,
    /// Share of rows whose likeliest class is right.
    pub accuracy: Estimate,
    /// Mean over classes of F1.
    pub macro_f1: Estimate,
    /// Accuracy of always saying the most frequent class.
    pub majority_accuracy: f64,
    /// Macro-F1 of the fit that does not look at the subject.
    pub target_blind_macro_f1: f64,
}

/// A feature with its weight for one class, for `inspect`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WeightedFeature {
    /// The family's name.
    pub family: String,
    /// The feature in words: `after the subject: lied`.
    pub feature: String,
    /// The weight for the class.
    pub weight: f64,
}

impl Classifier {
    /// The model that comes with the program: sentiment toward a subject in English news.
    pub fn built_in() -> Result<Classifier> {
        file::read_built_in()
    }

    /// Reads a model file.
    pub fn load(path: &Path) -> Result<Classifier> {
        file::load(path)
    }

    /// Writes a model file, whole or not at all.
    pub fn save(&self, path: &Path) -> Result<()> {
        file::save(self, path)
    }

    /// The sorted classes.
    pub fn classes(&self) -> &Classes {
        &self.classes
    }

    /// The featurizer.
    pub fn featurizer(&self) -> &Featurizer {
        &self.featurizer
    }

    /// What the raw scores go through to become probabilities.
    pub fn calibration(&self) -> &Calibration {
        &self.calibration
    }

    /// The record of the training.
    pub fn record(&self) -> &TrainingRecord {
        &self.record
    }

    /// The class counts whose shares the model's probabilities hold for; `None` where that is not known.
    ///
    /// Where the biases of the calibration are best, the mean probability of the rows held out equals their class shares, up to one pseudo-row
    /// ([`Calibration::fit`]). Class weights play no part in it, so they are undone; a model that went on from a prior is calibrated on its own rows alone.
    /// Rows with weights of their own make other shares than the counts, and without folds nothing was calibrated.
    pub fn calibrated_counts(&self) -> Option<&BTreeMap<String, usize>> {
        let is_calibrated = self.calibration != Calibration::identity(self.classes.len());
        (is_calibrated && !self.record.weighted).then_some(&self.record.class_counts)
    }

    /// Adds the figures of cross-validation, once they are known, and the names of the data files.
    pub fn with_record(
        mut self,
        files: Vec<String>,
        cross_validated: Option<CrossValidated>,
    ) -> Self {
        self.record.files = files;
        self.record.cross_validated = cross_validated;
        self.digest = file::digest(&self);
        self
    }

    /// SHA-256 over everything in the model: the same digest is the same model.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Probabilities of the classes for a sentence.
    pub fn predict(&self, example: Example<'_>) -> ClassProbabilities {
        self.predict_lexed(example, &lex(example.text))
    }

    /// [`Classifier::predict`] of a sentence whose `lexemes` are known.
    pub(crate) fn predict_lexed(
        &self,
        example: Example<'_>,
        lexemes: &[Lexeme],
    ) -> ClassProbabilities {
        let logits = |row: &[(u32, f32)]| self.weights.logits(row);
        let logits = self.featurizer.with_row(example, lexemes, logits);
        ClassProbabilities::new(self.calibration.apply(&logits))
    }

    /// The class of a sentence as far as it can be told without knowing the subject.
    pub fn predict_target_blind(&self, text: &str) -> usize {
        let row = self.featurizer.transform(Example {
            text,
            mentions: &[],
        });
        let logits = self.target_blind.logits(&row);
        ClassProbabilities::new(self.blind_calibration.apply(&logits)).hard()
    }

    /// Whether `text` was among the sentences the model was trained on: then its prediction says nothing about new text.
    pub fn has_seen(&self, text: &str) -> bool {
        self.seen.contains(text)
    }

    /// Whether the article with this id gave sentences to the training; `None` where the model does not know.
    pub fn has_seen_article(&self, id: &str) -> Option<bool> {
        Some(self.seen_articles.as_ref()?.contains(id))
    }

    /// How much of a text the model knows, and whether it is of the kind it was trained on: `sentences` are its lexemes, `text` tells it
    /// where its language is asked for. `recall` is of this model alone.
    pub(crate) fn familiarity<'l>(
        &self,
        recall: &Recall,
        sentences: impl Iterator<Item = Cow<'l, [Lexeme]>>,
        text: impl FnOnce() -> String,
    ) -> Familiarity {
        let table = self.featurizer.words();
        let (known, training) = (&self.known_words, &self.record.text);
        familiarity::familiarity(recall, known, table, training, sentences, text)
    }

    /// Sum over classes of polarity times probability; `None` for plain classes.
    pub fn net_stance(&self, probabilities: &ClassProbabilities) -> Option<f64> {
        self.classes
            .polarity()
            .map(|polarity| probabilities.net_stance(polarity))
    }

    /// The `n` features with the greatest weight for class `class`, greatest first. A word in a pool of word vectors counts as
    /// one standing there alone.
    pub fn strongest(&self, class: usize, n: usize) -> Vec<WeightedFeature> {
        let k = self.classes.len();
        let features = self.featurizer.features();
        let mut found: Vec<(f64, Feature<'_>)> = (0..self.featurizer.n_features())
            .map(|column| {
                let weight = self.weights.coef[column * k + class];
                (f64::from(weight), features.get(column))
            })
            .collect();
        let pooled = self.featurizer.pooled_vocabulary();
        found.extend(pooled.map(|(feature, column, values)| {
            (self.weights.pooled(column, &values)[class], feature)
        }));
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        found
            .into_iter()
            .take(n)
            .map(|(weight, feature)| {
                let family = &self.featurizer.params().families[feature.family as usize];
                WeightedFeature {
                    family: family.name.clone(),
                    feature: family.phrase(feature.place, feature.text),
                    weight,
                }
            })
            .collect()
    }
}

//! Where text meets numbers: sentences and labels become a trained [`Classifier`], sentences become probabilities, and each
//! probability can be taken apart.
//!
//! ```text
//! LabelledSentence --prepare--> PreparedData --cross_validate--> held-out logits --> Calibration
//!                                    |---------train----------> Classifier --save--> model file
//! Example --Classifier::predict--> ClassProbabilities        Example --Classifier::explain--> Explanation
//! ```
//! [`FrameClassifier`] is the same for several labels a sentence. The model is linear: featurizer, one weight a feature and class, intercepts, calibration. Classes may have a polarity
//! (stance and sentiment models, which have a net stance) or not (plain classes).

mod curve;
mod explain;
mod familiarity;
mod file;
mod frames;
mod model;
mod prepare;
mod prior;
pub(crate) mod seen;
mod train;
mod tune;
mod words;

pub use curve::{CurveFold, CurvePlan, fit_curve};
pub use explain::{Contribution, Explanation};
pub(crate) use familiarity::Recall;
pub use familiarity::{Familiarity, TrainingText};
pub use file::FORMAT_VERSION;
pub use frames::{
    FrameClassifier, FrameData, FrameParams, FrameRecord, HeldOutFrames, TrainedFrames,
    cross_validate_frames, frame_families, frames_of, prepare_frames, train_frames,
};
pub use model::{Classifier, CrossValidated, TrainingRecord, WeightedFeature};
pub use prepare::{
    BadRecord, InputSummary, PreparedData, PreparedRow, TargetCounts, classes_of, prepare,
    prepare_usable, without_unknown_labels,
};
pub use prior::{Prior, PriorRecord};
pub use train::{HeldOut, TrainParams, Trained, cross_validate, train};
pub use tune::{
    INNER_FOLDS, Search, Setting, TIE, Trial, TunedModel, group_of, n_tuning_steps, train_tuned,
};
pub use words::{OWN, SPREAD, VADER, WordSource, word_table, word_table_named};

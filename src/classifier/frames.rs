//! Models of frames: under which aspects a sentence presents the matter. Several labels a sentence, one binary logistic problem a frame on one featurizer, each calibrated
//! on held-out folds, with a threshold of its own.
//!
//! ```text
//! LabelledSentence (lists of labels) --prepare_frames--> FrameData --train_frames--> FrameClassifier
//! Example --FrameClassifier::predict--> one probability a frame --decide--> the frames that reach their threshold
//! ```
//! Everything that is chosen is chosen inside folds: vocabulary and idf on each training part, a fold's calibration and thresholds on the other folds.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use linfa::ParamGuard;
use ndarray::Array2;
use rayon::prelude::*;
use safetensors::tensor::Dtype;
use serde::{Deserialize, Serialize};

use super::file::{doubles, featurizer_tensors, longs, read_featurizer, singles};
use super::model::LinearWeights;
use super::prepare::{PreparedData, prepare_usable};
use super::seen::SeenTexts;
use crate::classes::{Classes, Task};
use crate::corpus::LabelledSentence;
use crate::error::{Error, FileKind, InputProblem, ModelProblem, Result};
use crate::features::{
    Example, Family, FeatureCounts, Featurizer, FeaturizerParams, HASH_VERSION, TableHeader,
    WordTable, choose_families,
};
use crate::logistic::{Calibration, LogisticParams};
use crate::output::OutputFile;
use crate::statistics::grouped_folds;
use crate::tensor_file::{self, Tensor, damaged};
use crate::text::Subject;

/// The version of the file format this library writes, and the greatest it reads.
const FRAMES_FORMAT_VERSION: u64 = 1;

/// The fewest articles a frame must stand in: in one part of a cross-validation to learn it, in another to test it.
const MIN_ARTICLES: usize = 2;

/// The families a model of frames is trained with unless told otherwise: what a sentence says, wherever the subject stands.
const FAMILIES: [&str; 5] = ["words", "pairs:0.4", "cluster", "fine-cluster", "vectors"];

/// The families a model of frames is trained with unless told otherwise.
pub fn frame_families() -> Vec<Family> {
    choose_families(&FAMILIES.map(str::to_string)).expect("these families are known")
}

/// Sentences with their frames, ready for training or testing.
#[derive(Debug, Clone)]
pub struct FrameData {
    /// The rows; their `class` means nothing here.
    pub data: PreparedData,
    /// The frames, sorted.
    pub names: Vec<String>,
    /// Which frames each row has, ascending indices into `names`.
    pub frames: Vec<Vec<usize>>,
}

impl FrameData {
    /// Whether row `r` has frame `k`.
    pub fn has(&self, r: usize, k: usize) -> bool {
        self.frames[r].contains(&k)
    }

    /// Rows with frame `k`.
    pub fn n_with(&self, k: usize) -> usize {
        self.frames
            .iter()
            .filter(|frames| frames.contains(&k))
            .count()
    }
}

/// The frames that `sentences` name, sorted.
pub fn frames_of(sentences: &[LabelledSentence]) -> Vec<String> {
    let mut names: Vec<String> = sentences
        .iter()
        .flat_map(|sentence| sentence.labels().map(str::to_string))
        .collect();
    names.sort();
    names.dedup();
    names
}

/// Prepares `sentences` whose labels are lists of `names`. Problems, one a row that cannot be used, come beside the others; a subject is not needed, and where there is one it is
/// masked.
pub fn prepare_frames(
    mut sentences: Vec<LabelledSentence>,
    names: &[String],
    subject: Option<&Subject>,
) -> Result<(FrameData, Vec<InputProblem>)> {
    let mut problems = Vec::new();
    let mut sets: Vec<Vec<usize>> = Vec::new();
    sentences.retain_mut(|sentence| {
        let found: Result<Vec<usize>, String> = sentence
            .labels()
            .map(|label| {
                let place = names.iter().position(|name| name == label);
                place.ok_or_else(|| label.to_string())
            })
            .collect();
        match found {
            Ok(mut frames) => {
                frames.sort_unstable();
                frames.dedup();
                // As the digest of the data takes it; and one class for all.
                sentence.label = frames.iter().map(|k| format!("{}|", names[*k])).collect();
                sets.push(frames);
                true
            }
            Err(unknown) => {
                problems.push(InputProblem {
                    location: sentence.location.clone(),
                    problem: format!("\"{unknown}\" is none of the frames: {}", names.join(", ")),
                });
                false
            }
        }
    });
    let labels = sentences.iter().map(|sentence| sentence.label.as_str());
    let classes = Classes::from_labels(
        labels.chain(["\u{0}a", "\u{0}b"]),
        Task::Classes,
        &BTreeMap::new(),
    )
    .map_err(|_| Error::Data("no labelled rows".into()))?;
    if sentences.is_empty() {
        return Err(match problems.into_iter().next() {
            Some(problem) => problem.into(),
            None => Error::Data("no labelled rows; a model of frames needs some hundred".into()),
        });
    }
    let (data, more) = prepare_usable(sentences, &classes, &BTreeMap::new(), subject)?;
    problems.extend(more);
    Ok((
        FrameData {
            frames: data
                .rows
                .iter()
                .map(|row| sets[row.origin].clone())
                .collect(),
            names: names.to_vec(),
            data,
        },
        problems,
    ))
}

/// How to train.
#[derive(Debug, Clone, PartialEq)]
pub struct FrameParams {
    /// Families and the least document frequency.
    pub featurizer: FeaturizerParams,
    /// What is known of words beyond the training sentences.
    pub words: Arc<WordTable>,
    /// Strength of the penalty (l2/2)·||coef||² of each frame's problem.
    pub l2: f64,
    /// Most steps of the solver.
    pub max_iter: usize,
    /// Folds, 2 or more.
    pub folds: usize,
    /// Seed of the folds.
    pub seed: u64,
}

impl FrameParams {
    /// The penalty unless told otherwise.
    pub const L2: f64 = 0.2;
}

/// The record of a training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FrameRecord {
    /// What the user says of the model, shown wherever it is used.
    pub about: Option<String>,
    /// Names of the data files.
    pub files: Vec<String>,
    /// SHA-256 over the rows as they were used.
    pub data_digest: String,
    /// Rows.
    pub n: usize,
    /// Their articles.
    pub n_articles: usize,
    /// Rows with each frame.
    pub frame_counts: BTreeMap<String, usize>,
    /// Strength of the penalty.
    pub l2: f64,
    /// Seed of the folds.
    pub seed: u64,
    /// Folds of the cross-validation; 0 without.
    pub folds: usize,
    /// Macro-F1 on held-out folds.
    pub macro_f1: Option<f64>,
}

/// A model of frames.
#[derive(Debug, Clone, PartialEq)]
pub struct FrameClassifier {
    featurizer: Featurizer,
    names: Vec<String>,
    weights: LinearWeights,
    calibrations: Vec<Calibration>,
    thresholds: Vec<f64>,
    seen: SeenTexts,
    record: FrameRecord,
    digest: String,
}

/// Predictions for rows that the fit had not seen.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldOutFrames {
    /// Number of folds.
    pub folds: usize,
    /// One probability a frame, calibrated on the other folds.
    pub probabilities: Vec<Vec<f64>>,
    /// Which frames reach the thresholds chosen on the other folds.
    pub decisions: Vec<Vec<bool>>,
    /// Fits that did not converge.
    pub not_converged: usize,
    /// Raw logits, shape (n, F).
    logits: Array2<f64>,
}

/// A trained model and what its training showed.
#[derive(Debug, Clone)]
pub struct TrainedFrames {
    /// The model.
    pub classifier: FrameClassifier,
    /// Held-out predictions; `None` where the data have fewer than two articles.
    pub held_out: Option<HeldOutFrames>,
}

/// Counts and targets that all fits share.
struct Problem<'d> {
    data: &'d FrameData,
    params: &'d FrameParams,
    counts: FeatureCounts,
    weights: Option<Vec<f32>>,
}

/// One fit: columns, and for each frame its coefficients and intercept.
struct Fit {
    columns: crate::features::FittedColumns,
    /// Shape (n_columns, F).
    coef: Array2<f64>,
    intercept: Vec<f64>,
    not_converged: usize,
}

impl<'d> Problem<'d> {
    fn new(data: &'d FrameData, params: &'d FrameParams) -> Result<Problem<'d>> {
        if params.folds < 2 {
            return Err(Error::Parameter(format!(
                "{} folds; cross-validation needs at least 2",
                params.folds
            )));
        }
        check_frames(data)?;
        let examples: Vec<Example<'_>> = data.data.rows.iter().map(|row| row.example()).collect();
        Ok(Problem {
            counts: FeatureCounts::new(params.featurizer.clone(), params.words.clone(), &examples)?,
            weights: data.data.weights(),
            data,
            params,
        })
    }

    fn fit(&self, rows: &[usize]) -> Result<Fit> {
        let columns = self.counts.fit(rows);
        if columns.is_empty() && self.counts.n_pooled() == 0 {
            return Err(Error::Data(format!(
                "no feature occurs in {} sentences, and there are {} to train on; lower --min-df or bring more sentences",
                self.params.featurizer.min_df,
                rows.len()
            )));
        }
        let matrix = self.counts.matrix(&columns, self.counts.training(), rows);
        let weights: Option<Vec<f32>> = self
            .weights
            .as_ref()
            .map(|weights| rows.iter().map(|&r| weights[r]).collect());
        let logistic = LogisticParams::new(2)
            .l2(self.params.l2)
            .max_iter(self.params.max_iter)
            .check()?;
        let fits = (0..self.data.names.len())
            .into_par_iter()
            .map(|k| {
                let targets: Vec<usize> = rows
                    .iter()
                    .map(|&r| usize::from(self.data.has(r, k)))
                    .collect();
                logistic.fit_rows(&matrix, &targets, weights.as_deref())
            })
            .collect::<Result<Vec<_>>>()?;
        let n_columns = columns.len() + self.counts.n_pooled();
        let mut coef = Array2::zeros((n_columns, fits.len()));
        for (k, model) in fits.iter().enumerate() {
            coef.column_mut(k).assign(&model.coef().row(0));
        }
        Ok(Fit {
            intercept: fits.iter().map(|model| model.intercept()[0]).collect(),
            not_converged: fits.iter().filter(|m| !m.convergence().reached).count(),
            coef,
            columns,
        })
    }

    /// Logits of `rows` by `fit`, shape (n, F).
    fn logits(&self, fit: &Fit, rows: &[usize]) -> Array2<f64> {
        let matrix = self
            .counts
            .matrix(&fit.columns, self.counts.training(), rows);
        let n_frames = self.data.names.len();
        let mut z = Array2::zeros((rows.len(), n_frames));
        matrix.dot_into(
            fit.coef.as_slice().expect("made in C order"),
            n_frames,
            z.as_slice_mut().expect("made in C order"),
        );
        z += &ndarray::ArrayView1::from(&fit.intercept);
        z
    }

    /// Calibration of frame `k` on held-out logits of `rows`.
    fn calibration(&self, logits: &Array2<f64>, rows: &[usize], k: usize) -> Result<Calibration> {
        let both = Array2::from_shape_fn((rows.len(), 2), |(i, class)| {
            both_logits(logits[[rows[i], k]])[class]
        });
        let targets: Vec<usize> = rows
            .iter()
            .map(|&r| usize::from(self.data.has(r, k)))
            .collect();
        let weights: Option<Vec<f64>> = self
            .weights
            .as_ref()
            .map(|weights| rows.iter().map(|&r| f64::from(weights[r])).collect());
        Calibration::fit(&both, &targets, weights.as_deref())
    }

    /// Calibration and threshold of each frame, from held-out logits of `rows`.
    fn settle(&self, logits: &Array2<f64>, rows: &[usize]) -> Result<(Vec<Calibration>, Vec<f64>)> {
        let settled = (0..self.data.names.len())
            .into_par_iter()
            .map(|k| {
                let calibration = self.calibration(logits, rows, k)?;
                let mut scored: Vec<(f64, bool)> = rows
                    .iter()
                    .map(|&r| {
                        (
                            probability(&calibration, logits[[r, k]]),
                            self.data.has(r, k),
                        )
                    })
                    .collect();
                let threshold = best_threshold(&mut scored);
                Ok((calibration, threshold))
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(settled.into_iter().unzip())
    }
}

/// The two logits of a binary problem with logit `z`.
fn both_logits(z: f64) -> [f64; 2] {
    [-0.5 * z, 0.5 * z]
}

fn probability(calibration: &Calibration, z: f64) -> f64 {
    calibration.apply(&both_logits(z))[1]
}

/// The threshold with the best F1, halfway to the next lower probability; of equals the highest. 0.5 where nothing is positive.
fn best_threshold(scored: &mut [(f64, bool)]) -> f64 {
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let n_positive = scored.iter().filter(|(_, is)| *is).count();
    if n_positive == 0 {
        return 0.5;
    }
    let (mut best, mut at, mut hits) = (0.0, 0.5, 0);
    for i in 0..scored.len() {
        hits += usize::from(scored[i].1);
        let next = scored.get(i + 1).map_or(0.0, |(p, _)| *p);
        if next == scored[i].0 {
            continue;
        }
        let f1 = 2.0 * hits as f64 / (i + 1 + n_positive) as f64;
        if f1 > best {
            (best, at) = (f1, 0.5 * (scored[i].0 + next));
        }
    }
    at
}

/// Two frames at least, each in two articles.
fn check_frames(data: &FrameData) -> Result<()> {
    if data.names.len() < 2 {
        return Err(Error::Data(format!(
            "the labels name {}; a model of frames needs at least two",
            match data.names.first() {
                Some(only) => format!("one frame only, \"{only}\""),
                None => "no frame".to_string(),
            }
        )));
    }
    for (k, name) in data.names.iter().enumerate() {
        let mut articles: Vec<usize> = (0..data.frames.len())
            .filter(|&r| data.has(r, k))
            .map(|r| data.data.rows[r].group)
            .collect();
        let n = articles.len();
        articles.sort_unstable();
        articles.dedup();
        if articles.len() < MIN_ARTICLES {
            return Err(Error::Data(format!(
                "the frame \"{name}\" stands in {n} of {} sentences, from {} article{}: it cannot be learnt in one part of the data and tested in another. Label more of \
                 it, join it with another frame, or take it out of the labels",
                data.frames.len(),
                articles.len(),
                if articles.len() == 1 { "" } else { "s" }
            )));
        }
    }
    Ok(())
}

/// Trains inside each fold and predicts the rows left out. `None` with fewer than two articles.
pub fn cross_validate_frames(
    data: &FrameData,
    params: &FrameParams,
    step: &(dyn Fn() + Sync),
) -> Result<Option<HeldOutFrames>> {
    held_out(&Problem::new(data, params)?, step)
}

fn held_out(problem: &Problem<'_>, step: &(dyn Fn() + Sync)) -> Result<Option<HeldOutFrames>> {
    let (data, params) = (problem.data, problem.params);
    let Some(fold_of) = grouped_folds(&data.data.groups(), params.folds, params.seed) else {
        return Ok(None);
    };
    let n_folds = fold_of.iter().max().map_or(0, |&last| last + 1);
    let (n, n_frames) = (fold_of.len(), data.names.len());
    let parts: Vec<(Vec<usize>, Array2<f64>, usize)> = (0..n_folds)
        .into_par_iter()
        .map(|fold| {
            let (held, training): (Vec<usize>, Vec<usize>) =
                (0..n).partition(|&r| fold_of[r] == fold);
            let fit = problem.fit(&training)?;
            step();
            Ok((held.clone(), problem.logits(&fit, &held), fit.not_converged))
        })
        .collect::<Result<_>>()?;
    let mut logits = Array2::zeros((n, n_frames));
    for (rows, of_part, _) in &parts {
        for (i, &r) in rows.iter().enumerate() {
            logits.row_mut(r).assign(&of_part.row(i));
        }
    }
    let mut probabilities = vec![Vec::new(); n];
    let mut decisions = vec![Vec::new(); n];
    for (fold, (rows, ..)) in parts.iter().enumerate() {
        let others: Vec<usize> = (0..n).filter(|&r| fold_of[r] != fold).collect();
        let (calibrations, thresholds) = problem.settle(&logits, &others)?;
        for &r in rows {
            probabilities[r] = (0..n_frames)
                .map(|k| probability(&calibrations[k], logits[[r, k]]))
                .collect();
            decisions[r] = decide(&probabilities[r], &thresholds);
        }
    }
    Ok(Some(HeldOutFrames {
        folds: n_folds,
        probabilities,
        decisions,
        not_converged: parts.iter().map(|(_, _, n)| n).sum(),
        logits,
    }))
}

fn decide(probabilities: &[f64], thresholds: &[f64]) -> Vec<bool> {
    let pairs = probabilities.iter().zip(thresholds);
    pairs.map(|(p, threshold)| p >= threshold).collect()
}

/// Trains a model of frames. `step` is called after each fold and after the final fit.
pub fn train_frames(
    data: &FrameData,
    params: &FrameParams,
    step: &(dyn Fn() + Sync),
) -> Result<TrainedFrames> {
    let problem = Problem::new(data, params)?;
    let all: Vec<usize> = (0..data.frames.len()).collect();
    let held_out = held_out(&problem, step)?;
    let fit = problem.fit(&all)?;
    step();
    let (calibrations, thresholds) = match &held_out {
        Some(held_out) => problem.settle(&held_out.logits, &all)?,
        None => (
            vec![Calibration::identity(2); data.names.len()],
            vec![0.5; data.names.len()],
        ),
    };
    let classifier = FrameClassifier {
        featurizer: problem.counts.featurizer(&fit.columns),
        weights: LinearWeights {
            coef: fit.coef.iter().map(|&weight| weight as f32).collect(),
            intercept: fit.intercept,
        },
        calibrations,
        thresholds,
        names: data.names.clone(),
        seen: SeenTexts::new(data.data.rows.iter().map(|row| row.text.as_str())),
        record: FrameRecord {
            about: None,
            files: Vec::new(),
            data_digest: data.data.digest.clone(),
            n: data.frames.len(),
            n_articles: data.data.n_groups,
            frame_counts: data
                .names
                .iter()
                .enumerate()
                .map(|(k, name)| (name.clone(), data.n_with(k)))
                .collect(),
            l2: params.l2,
            seed: params.seed,
            folds: held_out.as_ref().map_or(0, |held_out| held_out.folds),
            macro_f1: None,
        },
        digest: String::new(),
    };
    Ok(TrainedFrames {
        classifier: classifier.with_record(Vec::new(), None, None),
        held_out,
    })
}

/// The JSON of the file, without the digest.
#[derive(Serialize, Deserialize)]
struct Header {
    calibrations: Vec<Calibration>,
    featurizer: FeaturizerParams,
    format: u64,
    frames: Vec<String>,
    hash: u64,
    kind: FileKind,
    library: String,
    link: String,
    thresholds: Vec<f64>,
    training: FrameRecord,
    #[serde(default)]
    words: TableHeader,
}

/// The built-in model of frames, packed by the build script with the built-in model of sentiment as its dictionary: they share what is known of words.
static BUILT_IN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/frames-en.zst"));

impl FrameClassifier {
    /// The model that comes with the program: a worked example, trained on sentences written for this project.
    pub fn built_in() -> Result<FrameClassifier> {
        let problem = |problem| Error::Model {
            path: "built-in model of frames".into(),
            problem,
        };
        let bytes = super::file::unpack_beside_built_in(BUILT_IN).map_err(problem)?;
        FrameClassifier::from_bytes(&bytes, false).map_err(problem)
    }

    /// Reads `path`.
    pub fn load(path: &Path) -> Result<FrameClassifier> {
        let bytes = std::fs::read(path).map_err(|source| Error::io(path, "read", source))?;
        FrameClassifier::from_bytes(&bytes, true).map_err(|problem| Error::Model {
            path: path.to_path_buf(),
            problem,
        })
    }

    /// Whether the file at `path` holds a model of frames.
    pub fn is_frames(path: &Path) -> bool {
        std::fs::read(path)
            .is_ok_and(|bytes| tensor_file::kind_of(&bytes) == Some(FileKind::Frames))
    }

    /// Writes the model to `path`.
    pub fn save(&self, path: &Path) -> Result<()> {
        let bytes = tensor_file::to_bytes(self.header(), &self.digest, &self.tensors());
        OutputFile::write_all_to(path, &bytes)
    }

    /// The same with the data's file names, what the user says of it, and its held-out macro-F1 in its record.
    pub fn with_record(
        mut self,
        files: Vec<String>,
        about: Option<String>,
        macro_f1: Option<f64>,
    ) -> FrameClassifier {
        self.record.files = files;
        self.record.about = about;
        self.record.macro_f1 = macro_f1;
        self.digest = tensor_file::digest(&self.header(), &self.tensors());
        self
    }

    fn header(&self) -> serde_json::Value {
        let header = Header {
            calibrations: self.calibrations.clone(),
            featurizer: self.featurizer.params().clone(),
            format: FRAMES_FORMAT_VERSION,
            frames: self.names.clone(),
            hash: HASH_VERSION,
            kind: FileKind::Frames,
            library: env!("CARGO_PKG_VERSION").to_string(),
            link: "independent".to_string(),
            thresholds: self.thresholds.clone(),
            training: self.record.clone(),
            words: self.featurizer.words().about().clone(),
        };
        serde_json::to_value(header).expect("the header is plain data")
    }

    fn tensors(&self) -> Vec<Tensor> {
        let n_frames = self.names.len();
        let seen = self.seen.hashes();
        let mut tensors = featurizer_tensors(&self.featurizer);
        tensors.extend([
            (
                "coef",
                Dtype::F32,
                vec![self.weights.coef.len() / n_frames, n_frames],
                singles(&self.weights.coef),
            ),
            (
                "intercept",
                Dtype::F64,
                vec![n_frames],
                doubles(&self.weights.intercept),
            ),
            ("seen", Dtype::U64, vec![seen.len()], longs(seen)),
        ]);
        tensors.sort_by_key(|&(name, ..)| name);
        tensors
    }

    fn from_bytes(bytes: &[u8], check_digest: bool) -> Result<FrameClassifier, ModelProblem> {
        let file = tensor_file::open(bytes, FileKind::Frames, FRAMES_FORMAT_VERSION, check_digest)?;
        let header = Header::deserialize(&file.header)
            .map_err(|e| damaged(&format!("its description: {e}")))?;
        if header.hash != HASH_VERSION {
            return Err(damaged("its features are hashed in another way"));
        }
        let seen = SeenTexts::from_hashes(file.u64s("seen")?)
            .ok_or_else(|| damaged("its list of training texts is not sorted"))?;
        let classifier = FrameClassifier {
            featurizer: read_featurizer(&file, header.featurizer, header.words)?,
            weights: LinearWeights {
                coef: file.f32s("coef")?,
                intercept: file.f64s("intercept")?,
            },
            names: header.frames,
            calibrations: header.calibrations,
            thresholds: header.thresholds,
            seen,
            record: header.training,
            digest: file.digest,
        };
        let n = classifier.names.len();
        let fits = n >= 2
            && classifier.weights.intercept.len() == n
            && classifier.thresholds.len() == n
            && classifier.calibrations.len() == n
            && classifier.calibrations.iter().all(|c| c.biases.len() == 2)
            && classifier.weights.coef.len() == n * classifier.featurizer.n_columns();
        fits.then_some(classifier)
            .ok_or_else(|| damaged("the sizes of its parts do not fit each other"))
    }

    /// The frames, sorted.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The probability from which a sentence has each frame.
    pub fn thresholds(&self) -> &[f64] {
        &self.thresholds
    }

    /// The record of the training.
    pub fn record(&self) -> &FrameRecord {
        &self.record
    }

    /// SHA-256 over description and tensors.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Number of features.
    pub fn n_features(&self) -> usize {
        self.featurizer.n_features()
    }

    /// Whether the model was trained on `text`.
    pub fn has_seen(&self, text: &str) -> bool {
        self.seen.contains(text)
    }

    /// One probability a frame; they do not sum to 1.
    pub fn predict(&self, example: Example<'_>) -> Vec<f64> {
        let logits = self.weights.logits(&self.featurizer.transform(example));
        let pairs = self.calibrations.iter().zip(logits);
        pairs
            .map(|(calibration, z)| probability(calibration, z))
            .collect()
    }

    /// Which frames reach their thresholds.
    pub fn decide(&self, probabilities: &[f64]) -> Vec<bool> {
        decide(probabilities, &self.thresholds)
    }

    /// The strongest features of frame `k`, in words, with their weights: at most `n`.
    pub fn strongest(&self, k: usize, n: usize) -> Vec<(String, f64)> {
        let families = &self.featurizer.params().families;
        let n_frames = self.names.len();
        let mut all: Vec<(usize, f64)> = (0..self.featurizer.n_features())
            .map(|column| (column, f64::from(self.weights.coef[column * n_frames + k])))
            .filter(|(_, weight)| *weight > 0.0)
            .collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        all.truncate(n);
        all.into_iter()
            .map(|(column, weight)| {
                let feature = self.featurizer.features().get(column);
                let family = &families[feature.family as usize];
                (family.phrase(feature.place, feature.text), weight)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_threshold_with_the_best_f1_is_found() {
        let mut scored = vec![
            (0.9, true),
            (0.7, true),
            (0.6, false),
            (0.4, true),
            (0.1, false),
        ];
        // By hand: after 4 of 5, F1 = 2·3/(4+3) = 0.857; after 2, 2·2/(2+3) = 0.8.
        assert_eq!(best_threshold(&mut scored), 0.25);
        assert_eq!(best_threshold(&mut [(0.3, false)]), 0.5);
        assert_eq!(best_threshold(&mut [(0.3, true), (0.3, false)]), 0.15);
    }
}

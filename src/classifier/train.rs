//! Training and cross-validation.
//!
//! Features are counted once; each fold then fits vocabulary, idf, weights and the target-blind baseline on its own training
//! part. The held-out logits of all folds fit the calibration of the final model. The probabilities reported for a fold are
//! calibrated on the other folds only, so that no row helps to calibrate itself. The baseline goes the same way: its
//! decisions differ from the model's by what it knows, not by how they are made.

use std::sync::Arc;

use linfa::ParamGuard;
use ndarray::Array2;
use rayon::prelude::*;

use crate::classes::{ClassProbabilities, Classes};
use crate::classifier::familiarity;
use crate::classifier::model::{Classifier, LinearWeights, TrainingRecord};
use crate::classifier::prepare::PreparedData;
use crate::classifier::prior::Prior;
use crate::classifier::seen::SeenTexts;
use crate::error::{Error, Result};
use crate::features::{
    CountedRows, Example, FeatureCounts, FeaturizerParams, FittedColumns, WordTable,
};
use crate::logistic::{Calibration, ClassWeight, Curvature, LogisticModel, LogisticParams, Solver};
use crate::matrix::DesignMatrix;
use crate::statistics::grouped_folds;

/// How to train.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainParams {
    /// Families and the least document frequency.
    pub featurizer: FeaturizerParams,
    /// What is known of words beyond the training sentences.
    pub words: Arc<WordTable>,
    /// The model to go on from: the penalty pulls toward its weights instead of toward zero. Families and word table are then its own, those
    /// given here go unused.
    pub prior: Option<Arc<Prior>>,
    /// Strength of the penalty (l2/2)·||coef||², scikit-learn's 1/C.
    pub l2: f64,
    /// Whether rare classes count more in the fit.
    pub class_weight: ClassWeight,
    /// Who minimises the objective.
    pub solver: Solver,
    /// Most steps of the solver.
    pub max_iter: usize,
    /// Folds of the cross-validation, 2 or more; 0 trains without, and the model stays uncalibrated.
    pub folds: usize,
    /// Seed of the folds.
    pub seed: u64,
}

impl Default for TrainParams {
    fn default() -> Self {
        TrainParams {
            featurizer: FeaturizerParams::default(),
            words: Arc::default(),
            prior: None,
            l2: 6.0,
            class_weight: ClassWeight::None,
            solver: Solver::Newton,
            max_iter: 1000,
            folds: 5,
            seed: 1,
        }
    }
}

impl TrainParams {
    /// Strength of the penalty with a prior, where none is given. With 100 to 1,000 labels of subjects the prior had not seen
    /// (`examples/few_labels.rs`) 8, 16 and 32 are within 0.003 of each other in macro-F1 by words alone at up to 500 labels, 16 and 48 with
    /// word vectors; at 1,000 labels by words a weaker pull (4, 8) is 0.002 better than 16.
    pub const PRIOR_L2: f64 = 16.0;

    fn logistic(&self, n_classes: usize) -> LogisticParams {
        LogisticParams::new(n_classes)
            .l2(self.l2)
            .max_iter(self.max_iter)
            .class_weight(self.class_weight)
            .solver(self.solver)
    }
}

/// Predictions for rows that the fit had not seen.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldOut {
    /// Number of folds made.
    pub folds: usize,
    /// Probabilities of each row, calibrated on other folds.
    pub probabilities: Vec<ClassProbabilities>,
    /// The class of each row by the fit that does not know the subject, calibrated on other folds like `probabilities`.
    pub target_blind: Vec<usize>,
    /// Folds whose fit did not converge.
    pub not_converged: usize,
    /// Raw logits, shape (n, K); no rows where each fold was calibrated inside its own training part.
    logits: Array2<f64>,
    /// The same of the fit that does not know the subject.
    blind_logits: Array2<f64>,
}

impl HeldOut {
    /// Predictions by models that were calibrated inside their own training parts.
    pub(super) fn calibrated_inside(
        folds: usize,
        probabilities: Vec<ClassProbabilities>,
        target_blind: Vec<usize>,
        not_converged: usize,
    ) -> HeldOut {
        HeldOut {
            folds,
            probabilities,
            target_blind,
            not_converged,
            logits: Array2::zeros((0, 0)),
            blind_logits: Array2::zeros((0, 0)),
        }
    }
}

/// A trained model and what its training showed.
#[derive(Debug, Clone)]
pub struct Trained {
    /// The model.
    pub classifier: Classifier,
    /// Held-out predictions; `None` where the data have fewer than two articles or no folds were asked for.
    pub held_out: Option<HeldOut>,
}

/// Everything that fits share: counts with and without knowledge of the subject, classes, groups.
pub(super) struct Problem<'d> {
    data: &'d PreparedData,
    classes: &'d Classes,
    counts: FeatureCounts,
    /// The same rows without knowledge of the subject; `None` where no baseline is wanted.
    blind: Option<CountedRows>,
    targets: Vec<usize>,
    weights: Option<Vec<f32>>,
    params: &'d TrainParams,
    /// What fits on many of the rows share of their Hessians, and the feature of each of its columns.
    curvature: Option<(Arc<Curvature>, Vec<u32>)>,
}

/// One fit: the columns, the model, and the target-blind model.
struct Fit {
    columns: FittedColumns,
    model: LogisticModel,
    target_blind: LogisticModel,
}

impl<'d> Problem<'d> {
    fn new(
        data: &'d PreparedData,
        classes: &'d Classes,
        params: &'d TrainParams,
    ) -> Result<Problem<'d>> {
        let mut problem = Problem::without_baseline(data, classes, params)?;
        let without: Vec<Example<'_>> = data
            .rows
            .iter()
            .map(|row| Example {
                text: &row.text,
                mentions: &[],
            })
            .collect();
        problem.blind = Some(problem.counts.count(&without));
        Ok(problem)
    }

    /// Counts for fits without the target-blind baseline.
    pub(super) fn without_baseline(
        data: &'d PreparedData,
        classes: &'d Classes,
        params: &'d TrainParams,
    ) -> Result<Problem<'d>> {
        let with: Vec<Example<'_>> = data.rows.iter().map(|row| row.example()).collect();
        if params.prior.is_some() && params.solver == Solver::Linfa {
            return Err(Error::Parameter(
                "linfa's solver pulls toward zero only; with a prior use --solver newton".into(),
            ));
        }
        params.logistic(classes.len()).check_ref()?;
        let counts = match &params.prior {
            None => FeatureCounts::new(params.featurizer.clone(), params.words.clone(), &with)?,
            Some(prior) => FeatureCounts::extending(
                prior.classifier().featurizer(),
                prior.n(),
                params.featurizer.min_df,
                &with,
            )?,
        };
        let mut problem = Problem {
            blind: None,
            counts,
            targets: data.classes(),
            weights: data.weights(),
            data,
            classes,
            params,
            curvature: None,
        };
        problem.curvature = problem.shared_curvature();
        Ok(problem)
    }

    fn shared_curvature(&self) -> Option<(Arc<Curvature>, Vec<u32>)> {
        if self.params.solver != Solver::Newton || self.counts.n_pooled() == 0 {
            return None;
        }
        let all: Vec<usize> = (0..self.targets.len()).collect();
        let columns = self.counts.fit(&all);
        let matrix = self.counts.matrix(&columns, self.counts.training(), &all);
        let curvature = Curvature::new(&matrix, self.classes.len(), self.params.l2)?;
        let features = columns.features();
        let of_columns = curvature.columns().iter();
        let features = of_columns
            .map(|&column| features[column as usize])
            .collect();
        Some((Arc::new(curvature), features))
    }

    /// `logistic` with the shared curvature, where it holds for a fit on so many rows.
    fn knowing(
        &self,
        logistic: LogisticParams,
        columns: &FittedColumns,
        n_rows: usize,
    ) -> LogisticParams {
        match &self.curvature {
            Some((curvature, features)) if 2 * n_rows > self.targets.len() => {
                let columns = features.iter().map(|&feature| columns.column(feature));
                logistic.curvature(curvature.clone(), columns.collect())
            }
            _ => logistic,
        }
    }

    fn pick<T: Copy>(values: &[T], rows: &[usize]) -> Vec<T> {
        rows.iter().map(|&r| values[r]).collect()
    }

    /// linfa's solver knows only the classes that occur; says which one does not, and that a fold may be why.
    fn check_every_class_occurs(&self, targets: &[usize]) -> Result<()> {
        let names = self.classes.names();
        match names.iter().enumerate().find(|(k, _)| !targets.contains(k)) {
            None => Ok(()),
            Some((_, name)) => Err(Error::Data(format!(
                "class \"{name}\" has no rows among {} of the {} sentences to train on, perhaps in one fold only, and linfa's solver \
                 knows only the classes that occur; use --solver newton, or bring sentences of that class from more articles",
                targets.len(),
                self.targets.len()
            ))),
        }
    }

    /// The counts of the baseline's rows.
    fn blind(&self) -> &CountedRows {
        self.blind.as_ref().expect("counted for the baseline")
    }

    /// The baseline's rows. A prior has weights for all columns, so with one they all stay.
    fn blind_matrix(&self, columns: &FittedColumns, rows: &[usize]) -> DesignMatrix {
        match self.params.prior {
            Some(_) => self.counts.matrix(columns, self.blind(), rows),
            None => self.counts.blind_matrix(columns, self.blind(), rows),
        }
    }

    fn columns(&self, rows: &[usize]) -> Result<FittedColumns> {
        let columns = self.counts.fit(rows);
        if columns.is_empty() {
            return Err(Error::Data(format!(
                "no feature occurs in {} sentences, and there are {} to train on; lower --min-df or bring more sentences",
                self.params.featurizer.min_df,
                rows.len()
            )));
        }
        Ok(columns)
    }

    /// What a fit on `columns` is asked for; `of_prior` says which of the prior's weights it goes on from.
    fn logistic(
        &self,
        columns: &FittedColumns,
        of_prior: fn(&Classifier) -> &LinearWeights,
    ) -> LogisticParams {
        let logistic = self.params.logistic(self.classes.len());
        let Some(prior) = &self.params.prior else {
            return logistic;
        };
        let n_columns = columns.len() + self.counts.n_pooled();
        let base_columns = self.counts.base_columns(columns);
        let earlier = of_prior(prior.classifier());
        let (coef, intercept) = prior.outputs(earlier, &base_columns, n_columns);
        logistic.prior_mean(coef.clone()).initial(coef, intercept)
    }

    fn fit(&self, rows: &[usize]) -> Result<Fit> {
        let columns = self.columns(rows)?;
        let targets = Self::pick(&self.targets, rows);
        if self.params.solver == Solver::Linfa {
            self.check_every_class_occurs(&targets)?;
        }
        let weights = self
            .weights
            .as_ref()
            .map(|weights| Self::pick(weights, rows));
        let fit = |matrix: DesignMatrix, logistic: LogisticParams| {
            logistic
                .check()?
                .fit_rows(&matrix, &targets, weights.as_deref())
        };
        let logistic = self.logistic(&columns, |prior| &prior.weights);
        let blind = self.logistic(&columns, |prior| &prior.target_blind);
        Ok(Fit {
            model: fit(
                self.counts.matrix(&columns, self.counts.training(), rows),
                self.knowing(logistic, &columns, rows.len()),
            )?,
            target_blind: fit(self.blind_matrix(&columns, rows), blind)?,
            columns,
        })
    }

    /// Logits of the rows `held` by one fit on the rows `training`, and whether it converged.
    pub(super) fn logits_of(
        &self,
        training: &[usize],
        held: &[usize],
    ) -> Result<(Array2<f64>, bool)> {
        let columns = self.columns(training)?;
        let matrix = |rows| self.counts.matrix(&columns, self.counts.training(), rows);
        let targets = Self::pick(&self.targets, training);
        if self.params.solver == Solver::Linfa {
            self.check_every_class_occurs(&targets)?;
        }
        let weights = self
            .weights
            .as_ref()
            .map(|weights| Self::pick(weights, training));
        let logistic = self.logistic(&columns, |prior| &prior.weights);
        let valid = self.knowing(logistic, &columns, training.len()).check()?;
        let model = valid.fit_rows(&matrix(training), &targets, weights.as_deref())?;
        let converged = model.convergence().reached;
        Ok((model.decision_function(&matrix(held)), converged))
    }

    /// Logits of the rows `held` by fits on the rows `training`, one for each penalty; each fit starts where the last one ended.
    pub(super) fn logits_along(
        &self,
        training: &[usize],
        held: &[usize],
        penalties: &[f64],
    ) -> Result<Vec<Array2<f64>>> {
        let columns = self.columns(training)?;
        let matrix = |rows| self.counts.matrix(&columns, self.counts.training(), rows);
        let (x, x_held) = (matrix(training), matrix(held));
        let targets = Self::pick(&self.targets, training);
        let weights = self
            .weights
            .as_ref()
            .map(|weights| Self::pick(weights, training));
        let logistic = self.logistic(&columns, |prior| &prior.weights);
        let mut logistic = self.knowing(logistic, &columns, training.len());
        let mut found = Vec::with_capacity(penalties.len());
        for &l2 in penalties {
            let valid = logistic.clone().l2(l2).check()?;
            let model = valid.fit_rows(&x, &targets, weights.as_deref())?;
            found.push(model.decision_function(&x_held));
            logistic = logistic.initial(model.coef().to_owned(), model.intercept().to_owned());
        }
        Ok(found)
    }
}

/// Trains inside each fold and predicts the rows left out. `None` with fewer than two groups or no folds.
pub fn cross_validate(
    data: &PreparedData,
    classes: &Classes,
    params: &TrainParams,
    step: &(dyn Fn() + Sync),
) -> Result<Option<HeldOut>> {
    held_out(&Problem::new(data, classes, params)?, classes, step)
}

fn held_out(
    problem: &Problem<'_>,
    classes: &Classes,
    step: &(dyn Fn() + Sync),
) -> Result<Option<HeldOut>> {
    let k = classes.len();
    let params = problem.params;
    if params.folds == 0 {
        return Ok(None);
    }
    if params.folds < 2 {
        return Err(Error::Parameter(format!(
            "{} folds; cross-validation needs at least 2",
            params.folds
        )));
    }
    let Some(fold_of) = grouped_folds(&problem.data.groups(), params.folds, params.seed) else {
        return Ok(None);
    };
    let n_folds = fold_of.iter().max().map_or(0, |&last| last + 1);
    let n = fold_of.len();

    struct Fold {
        rows: Vec<usize>,
        logits: Array2<f64>,
        blind: Array2<f64>,
        converged: bool,
    }
    let folds: Vec<Fold> = (0..n_folds)
        .into_par_iter()
        .map(|fold| -> Result<Fold> {
            let (rows, train): (Vec<usize>, Vec<usize>) = (0..n).partition(|&r| fold_of[r] == fold);
            let fit = problem.fit(&train)?;
            let counts = &problem.counts;
            let matrix = counts.matrix(&fit.columns, counts.training(), &rows);
            let blind = problem.blind_matrix(&fit.columns, &rows);
            step();
            Ok(Fold {
                logits: fit.model.decision_function(&matrix),
                blind: fit.target_blind.decision_function(&blind),
                converged: fit.model.convergence().reached,
                rows,
            })
        })
        .collect::<Result<_>>()?;

    let mut logits = Array2::zeros((n, k));
    let mut blind_logits = Array2::zeros((n, k));
    for fold in &folds {
        for (i, &r) in fold.rows.iter().enumerate() {
            logits.row_mut(r).assign(&fold.logits.row(i));
            blind_logits.row_mut(r).assign(&fold.blind.row(i));
        }
    }
    let mut probabilities = vec![None; n];
    let mut target_blind = vec![0; n];
    for fold in &folds {
        let others: Vec<usize> = (0..n)
            .filter(|&r| fold_of[r] != fold_of[fold.rows[0]])
            .collect();
        let calibration = calibrate(problem, &logits, &others)?;
        let blind_calibration = calibrate(problem, &blind_logits, &others)?;
        let calibrated = |calibration: &Calibration, logits: &Array2<f64>, r: usize| {
            let row = logits.row(r);
            let row = row.as_slice().expect("rows are contiguous");
            ClassProbabilities::new(calibration.apply(row))
        };
        for &r in &fold.rows {
            probabilities[r] = Some(calibrated(&calibration, &logits, r));
            target_blind[r] = calibrated(&blind_calibration, &blind_logits, r).hard();
        }
    }
    Ok(Some(HeldOut {
        folds: n_folds,
        probabilities: probabilities
            .into_iter()
            .map(|p| p.expect("every row is in one fold"))
            .collect(),
        target_blind,
        not_converged: folds.iter().filter(|fold| !fold.converged).count(),
        logits,
        blind_logits,
    }))
}

/// Calibration on held-out logits of `rows`; class weights play no part, so their effect is undone.
pub(super) fn calibrate(
    problem: &Problem<'_>,
    logits: &Array2<f64>,
    rows: &[usize],
) -> Result<Calibration> {
    let picked = logits.select(ndarray::Axis(0), rows);
    let targets = Problem::pick(&problem.targets, rows);
    let weights: Option<Vec<f64>> = problem
        .weights
        .as_ref()
        .map(|weights| rows.iter().map(|&r| f64::from(weights[r])).collect());
    Calibration::fit(&picked, &targets, weights.as_deref())
}

/// Trains a classifier on `data`. `step` is called after each fold and after the final fit.
pub fn train(
    data: &PreparedData,
    classes: &Classes,
    params: &TrainParams,
    step: &(dyn Fn() + Sync),
) -> Result<Trained> {
    let problem = Problem::new(data, classes, params)?;
    let (held_out, fit) = rayon::join(
        || held_out(&problem, classes, step),
        || {
            let all: Vec<usize> = (0..data.rows.len()).collect();
            let fit = problem.fit(&all);
            step();
            fit
        },
    );
    let (held_out, fit) = (held_out?, fit?);
    let (calibration, blind_calibration) = match &held_out {
        Some(held_out) => {
            let all: Vec<usize> = (0..data.rows.len()).collect();
            (
                calibrate(&problem, &held_out.logits, &all)?,
                calibrate(&problem, &held_out.blind_logits, &all)?,
            )
        }
        None => (
            Calibration::identity(classes.len()),
            Calibration::identity(classes.len()),
        ),
    };
    let featurizer = problem.counts.featurizer(&fit.columns);
    let (mut known_words, mut text) = familiarity::learn(&data.rows, featurizer.words());
    if let Some(prior) = &params.prior {
        // What the prior learnt from is in these weights too.
        let earlier = prior.classifier();
        known_words = known_words.union(&earlier.known_words);
        if text.unknown_limit.is_none() {
            text = earlier.record.text.clone();
        }
    }
    let record = TrainingRecord {
        files: Vec::new(),
        data_digest: data.digest.clone(),
        n: data.rows.len(),
        n_articles: data.n_groups,
        class_counts: classes
            .names()
            .iter()
            .enumerate()
            .map(|(k, name)| {
                (
                    name.clone(),
                    problem.targets.iter().filter(|&&t| t == k).count(),
                )
            })
            .collect(),
        weighted: problem.weights.is_some(),
        targets: data.targets,
        l2: params.l2,
        class_weight: params.class_weight,
        solver: params.solver,
        seed: params.seed,
        n_tried: None,
        prior: params.prior.as_ref().map(|prior| prior.record(data)),
        text,
        convergence: fit.model.convergence().clone(),
        cross_validated: None,
    };
    let mut seen = SeenTexts::new(data.rows.iter().map(|row| row.text.as_str()));
    let mut seen_articles = Some(data.articles.clone());
    if let Some(prior) = &params.prior {
        // What the prior learnt from is in these weights too.
        let earlier = prior.classifier();
        seen = seen.union(&earlier.seen);
        seen_articles = earlier
            .seen_articles
            .as_ref()
            .map(|articles| data.articles.clone().union(articles));
    }
    let classifier = Classifier {
        featurizer,
        classes: classes.clone(),
        weights: stored(&fit.model, fit.model.n_features()),
        target_blind: stored(
            &fit.target_blind,
            problem.counts.n_target_blind(&fit.columns),
        ),
        calibration,
        blind_calibration,
        seen,
        known_words,
        seen_articles,
        record,
        digest: String::new(),
    };
    Ok(Trained {
        classifier: classifier.with_record(Vec::new(), None),
        held_out,
    })
}

/// The weights of the first `n_columns` as the model stores them: single precision, feature by feature, one a class. A sentence
/// seen without its subject has no features in the columns beyond the target-blind ones, so their weights are zero.
fn stored(model: &LogisticModel, n_columns: usize) -> LinearWeights {
    let (coef, intercept) = model.class_coef();
    LinearWeights {
        coef: coef
            .t()
            .outer_iter()
            .take(n_columns)
            .flat_map(|weights| {
                weights
                    .iter()
                    .map(|&weight| weight as f32)
                    .collect::<Vec<_>>()
            })
            .collect(),
        intercept: intercept.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::classes::Task;
    use crate::classifier::{PreparedRow, TargetCounts};

    /// Three rows in four are neutral, and the words tell the class only now and then; no row has a subject.
    fn data() -> PreparedData {
        const WORDS: [&str; 7] = [
            "harbor", "vote", "blame", "praise", "Tuesday", "council", "mill",
        ];
        let rows: Vec<PreparedRow> = (0..160)
            .map(|i: usize| PreparedRow {
                text: format!(
                    "{} {} {}.",
                    WORDS[i % 7],
                    WORDS[i * i % 5],
                    WORDS[(i / 3) % 7]
                ),
                mentions: Vec::new(),
                class: usize::from(!i.is_multiple_of(4) && (i * i) % 11 != 3),
                weight: 1.0,
                group: i / 2,
                origin: i,
            })
            .collect();
        PreparedData {
            n_groups: 80,
            without_article: 0,
            targets: TargetCounts::default(),
            digest: String::new(),
            articles: SeenTexts::new(["a", "b"].into_iter()),
            rows,
        }
    }

    #[test]
    fn without_subjects_the_model_and_its_baseline_decide_alike() {
        let classes = Classes::from_labels(["against", "neutral"], Task::Infer, &BTreeMap::new())
            .expect("two classes");
        let params = TrainParams {
            class_weight: ClassWeight::Balanced,
            ..TrainParams::default()
        };
        let data = data();
        let trained = train(&data, &classes, &params, &|| ()).expect("there are features");
        let held_out = trained.held_out.as_ref().expect("80 articles");
        let model: Vec<usize> = held_out.probabilities.iter().map(|p| p.hard()).collect();
        assert_eq!(held_out.target_blind, model);
        // Balanced weights move the raw decisions, so that calibration is what makes these equal.
        let raw = held_out.blind_logits.outer_iter();
        let hard = |row: ndarray::ArrayView1<'_, f64>| {
            (0..row.len()).fold(0, |best, k| if row[k] > row[best] { k } else { best })
        };
        let raw: Vec<usize> = raw.map(hard).collect();
        assert_ne!(raw, model);
        let classifier = &trained.classifier;
        for row in &data.rows {
            assert_eq!(
                classifier.predict_target_blind(&row.text),
                classifier.predict(row.example()).hard()
            );
            assert!(classifier.has_seen(&row.text));
        }

        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("m");
        classifier.save(&path).expect("written");
        assert_eq!(classifier.has_seen_article("b"), Some(true));
        assert_eq!(classifier.has_seen_article("c"), Some(false));
        assert_eq!(&Classifier::load(&path).expect("read back"), classifier);
    }

    #[test]
    fn without_folds_the_weights_are_the_same_and_nothing_is_calibrated() {
        let classes = Classes::from_labels(["against", "neutral"], Task::Infer, &BTreeMap::new())
            .expect("two classes");
        let with = |folds| {
            let params = TrainParams {
                folds,
                ..TrainParams::default()
            };
            train(&data(), &classes, &params, &|| ()).expect("there are features")
        };
        let (quick, whole) = (with(0), with(5));
        assert_eq!(quick.classifier.weights, whole.classifier.weights);
        assert!(quick.held_out.is_none() && whole.held_out.is_some());
        assert_eq!(quick.classifier.calibration, Calibration::identity(2));
    }

    #[test]
    fn probabilities_hold_for_the_class_counts_whatever_the_class_weights() {
        let classes = Classes::from_labels(["against", "neutral"], Task::Infer, &BTreeMap::new())
            .expect("two classes");
        let params = TrainParams {
            class_weight: ClassWeight::Balanced,
            ..TrainParams::default()
        };
        let mut data = data();
        let trained = train(&data, &classes, &params, &|| ()).expect("there are features");
        let counts = trained.classifier.calibrated_counts().expect("80 articles");
        let held_out = trained.held_out.as_ref().expect("80 articles");
        let n = data.rows.len() as f64;
        let mean = |class: usize| -> f64 {
            let all = held_out.logits.outer_iter();
            let of = |row: ndarray::ArrayView1<'_, f64>| {
                trained
                    .classifier
                    .calibration
                    .apply(row.as_slice().expect("rows are contiguous"))[class]
            };
            all.map(of).sum::<f64>() / n
        };
        for (class, name) in classes.names().iter().enumerate() {
            let share = counts[name] as f64 / n;
            // One pseudo-row among 160.
            assert!(
                (mean(class) - share).abs() < 1.0 / n,
                "{name} {} {share}",
                mean(class)
            );
        }
        // Rows with weights of their own make other shares.
        data.rows[0].weight = 2.0;
        let weighted = train(&data, &classes, &params, &|| ()).expect("there are features");
        assert_eq!(weighted.classifier.calibrated_counts(), None);
    }

    #[test]
    fn a_great_penalty_gives_the_prior_back_and_its_columns_stay() {
        let classes = Classes::from_labels(["against", "neutral"], Task::Infer, &BTreeMap::new())
            .expect("two classes");
        let data = data();
        let params = TrainParams::default();
        let earlier = train(&data, &classes, &params, &|| ())
            .expect("there are features")
            .classifier;
        let mut few = data.subset(&[0, 1, 2, 3, 9, 10, 11, 12]);
        for row in &mut few.rows {
            row.text += " Quarry.";
        }
        let later = |l2: f64| {
            let params = TrainParams {
                prior: Some(Arc::new(
                    Prior::new(earlier.clone(), &classes).expect("the same classes"),
                )),
                l2,
                ..TrainParams::default()
            };
            train(&few, &classes, &params, &|| ())
                .expect("there are features")
                .classifier
        };
        let strong = later(1e9);
        let (old, new) = (&earlier.featurizer, &strong.featurizer);
        assert!(new.n_features() > old.n_features(), "\"quarry\" is new");
        let k = classes.len();
        for (column, &key) in old.vocabulary().keys().iter().enumerate() {
            let at = new.vocabulary().column(key).expect("columns stay") as usize;
            assert_eq!(old.idf()[column], new.idf()[at]);
            assert_eq!(old.features().get(column), new.features().get(at));
            for class in 0..k {
                let (was, is) = (
                    earlier.weights.coef[column * k + class],
                    strong.weights.coef[at * k + class],
                );
                assert!((was - is).abs() < 1e-6, "{was} {is}");
            }
        }
        // A weak penalty lets the new labels speak.
        let weak = later(0.01);
        assert_ne!(weak.weights.coef, strong.weights.coef);
        let record = weak.record.prior.as_ref().expect("remembered");
        assert_eq!(
            (record.digest.as_str(), record.n_seen),
            (earlier.digest(), 0)
        );
        assert!(weak.has_seen(&data.rows[50].text) && weak.has_seen(&few.rows[0].text));
    }
}

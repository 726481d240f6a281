//! Choosing how to train: penalty, feature families, class weights and least document frequency, by cross-validation.
//!
//! ```text
//! TrainParams --search--> Trial (Setting, held-out log loss) --simplest of the best--> TrainParams --train--> Trained
//! ```
//! A search goes one way: the penalty first, from strong to weak, each fit starting where the last one ended; then class weights; then each
//! group of families left out, and all that were not missed left out together; then the least document frequency; then the
//! penalty's neighbours again. Settings are judged by the mean log loss of held-out rows, calibrated on other folds. Of those within [`TIE`]
//! of the best the simplest is taken.
//!
//! The figures of the setting that won are too good, because it won on these rows. So the whole search is done again inside each fold of an
//! outer cross-validation, on its training part alone, and what [`TunedModel`] says of held-out rows comes from there (Varma & Simon 2006, "Bias in error
//! estimation when using cross-validation for model selection").

use std::collections::BTreeSet;

use rayon::prelude::*;
use serde::Serialize;

use crate::classes::Classes;
use crate::classifier::prepare::PreparedData;
use crate::classifier::train::{HeldOut, Problem, TrainParams, Trained, calibrate, train};
use crate::error::{Error, Result};
use crate::features::{Family, Unit, Zone};
use crate::logistic::{ClassWeight, Solver};
use crate::statistics::{grouped_folds, round6};

/// Folds of a search.
pub const INNER_FOLDS: usize = 3;

/// Log losses that differ by no more are taken for equal.
pub const TIE: f64 = 0.001;

/// The penalties tried, as multiples of the one given; strong ones first.
const L2_STEPS: [f64; 5] = [4.0, 2.0, 1.0, 0.5, 0.25];

/// The least document frequencies tried beside the one given.
const MIN_DF: [u32; 3] = [2, 3, 5];

/// One way to train.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Setting {
    /// Strength of the penalty.
    pub l2: f64,
    /// Whether rare classes count more.
    pub class_weight: ClassWeight,
    /// A feature must occur in so many sentences.
    pub min_df: u32,
    /// Groups of families left out, see [`group_of`].
    pub left_out: BTreeSet<&'static str>,
}

/// A setting and how it did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trial {
    /// The setting.
    #[serde(flatten)]
    pub setting: Setting,
    /// Mean of -ln p(true class) over held-out rows, calibrated on other folds.
    pub log_loss: f64,
}

/// What a search tried and took.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Search {
    /// In the order tried.
    pub trials: Vec<Trial>,
    /// Index of the one taken.
    pub chosen: usize,
}

/// A model trained with the setting that a search took.
#[derive(Debug, Clone)]
pub struct TunedModel {
    /// The model. Its held-out rows come from an outer cross-validation, each fold with a search of its own.
    pub trained: Trained,
    /// The parameters of the model.
    pub params: TrainParams,
    /// The search on all rows, which chose the model's setting.
    pub search: Search,
    /// What the searches inside the outer folds took.
    pub by_fold: Vec<Setting>,
}

/// The group that a family is left out with: what it counts, and for words where.
pub fn group_of(family: &Family) -> &'static str {
    match (family.unit, family.zone) {
        (Unit::Pair | Unit::MaskedPair, _) => "pairs",
        (Unit::NegatedWord, _) => "negated",
        (Unit::Cluster { .. }, _) => "clusters",
        (Unit::Vector, _) => "vectors",
        (Unit::Polarity { .. }, _) => "lexicons",
        (Unit::Word | Unit::MaskedWord, Zone::Sentence) => "anywhere",
        (
            Unit::Word | Unit::MaskedWord,
            Zone::Distance { .. } | Zone::Side { .. } | Zone::Closest,
        ) => "near",
        (Unit::Word | Unit::MaskedWord, Zone::Offset { .. }) => "position",
        (Unit::Word | Unit::MaskedWord, Zone::Clause | Zone::NextClause) => "clause",
        (Unit::Word | Unit::MaskedWord, Zone::Relation) => "verb",
    }
}

fn groups_of(params: &TrainParams) -> BTreeSet<&'static str> {
    match params.prior {
        // The families of a prior stay.
        Some(_) => BTreeSet::new(),
        None => params.featurizer.families.iter().map(group_of).collect(),
    }
}

impl Setting {
    fn new(params: &TrainParams) -> Setting {
        Setting {
            l2: params.l2,
            class_weight: params.class_weight,
            min_df: params.featurizer.min_df,
            left_out: BTreeSet::new(),
        }
    }

    /// `params` with this setting.
    pub fn apply(&self, params: &TrainParams) -> TrainParams {
        let mut params = params.clone();
        params.l2 = self.l2;
        params.class_weight = self.class_weight;
        params.featurizer.min_df = self.min_df;
        let kept = |family: &Family| !self.left_out.contains(group_of(family));
        params.featurizer.families.retain(kept);
        params
    }

    /// Whether this is the simpler of two: fewer families, fewer features, no class weights, a stronger penalty.
    fn is_simpler_than(&self, other: &Setting) -> bool {
        let key = |s: &Setting| {
            (
                std::cmp::Reverse(s.left_out.len()),
                std::cmp::Reverse(s.min_df),
                s.class_weight == ClassWeight::Balanced,
            )
        };
        key(self)
            .cmp(&key(other))
            .then(other.l2.total_cmp(&self.l2))
            .is_lt()
    }
}

/// The simplest trial within [`TIE`] of the best.
fn pick(trials: &[Trial]) -> usize {
    let best = trials
        .iter()
        .map(|t| t.log_loss)
        .fold(f64::INFINITY, f64::min);
    let mut chosen: Option<usize> = None;
    for (i, trial) in trials.iter().enumerate() {
        let simpler = |c: usize| trial.setting.is_simpler_than(&trials[c].setting);
        if trial.log_loss <= best + TIE && chosen.is_none_or(simpler) {
            chosen = Some(i);
        }
    }
    chosen.expect("a search tries something")
}

/// Data and folds of one search, and what it has tried.
struct Searching<'d> {
    data: &'d PreparedData,
    classes: &'d Classes,
    params: &'d TrainParams,
    fold_of: Vec<usize>,
    trials: Vec<Trial>,
    step: &'d (dyn Fn() + Sync),
}

impl Searching<'_> {
    /// Tries `setting` with each of `penalties`, strong ones first.
    fn try_path(&mut self, setting: &Setting, penalties: &[f64]) -> Result<()> {
        let with = |l2: f64| Setting {
            l2,
            ..setting.clone()
        };
        let new: Vec<f64> = penalties
            .iter()
            .copied()
            .filter(|&l2| self.trials.iter().all(|trial| trial.setting != with(l2)))
            .collect();
        if new.is_empty() {
            return Ok(());
        }
        let params = setting.apply(self.params);
        let problem = Problem::without_baseline(self.data, self.classes, &params)?;
        let n_folds = self.fold_of.iter().max().map_or(0, |&last| last + 1);
        let rows_of = |fold: usize| -> (Vec<usize>, Vec<usize>) {
            (0..self.fold_of.len()).partition(|&r| self.fold_of[r] == fold)
        };
        // One matrix of logits a penalty, in each fold.
        let folds: Vec<_> = (0..n_folds)
            .into_par_iter()
            .map(|fold| {
                let (held, training) = rows_of(fold);
                problem.logits_along(&training, &held, &new)
            })
            .collect::<Result<_>>()?;
        for (i, &l2) in new.iter().enumerate() {
            let mut logits = ndarray::Array2::zeros((self.fold_of.len(), self.classes.len()));
            for (fold, found) in folds.iter().enumerate() {
                for (row, &r) in found[i].outer_iter().zip(&rows_of(fold).0) {
                    logits.row_mut(r).assign(&row);
                }
            }
            self.trials.push(Trial {
                setting: with(l2),
                log_loss: round6(self.loss(&problem, &logits, n_folds)?),
            });
            (self.step)();
        }
        Ok(())
    }

    fn try_one(&mut self, setting: &Setting) -> Result<()> {
        self.try_path(setting, &[setting.l2])
    }

    /// Mean log loss, each fold calibrated on the others.
    fn loss(
        &self,
        problem: &Problem<'_>,
        logits: &ndarray::Array2<f64>,
        n_folds: usize,
    ) -> Result<f64> {
        let (mut sum, mut total) = (0.0, 0.0);
        for fold in 0..n_folds {
            let (held, others): (Vec<usize>, Vec<usize>) =
                (0..self.fold_of.len()).partition(|&r| self.fold_of[r] == fold);
            let calibration = calibrate(problem, logits, &others)?;
            for r in held {
                let row = &self.data.rows[r];
                let p = calibration.apply(logits.row(r).as_slice().expect("rows are contiguous"));
                sum -= row.weight * p[row.class].max(1e-12).ln();
                total += row.weight;
            }
        }
        Ok(if total > 0.0 { sum / total } else { 0.0 })
    }

    fn best(&self) -> Trial {
        self.trials[pick(&self.trials)].clone()
    }

    fn run(&mut self) -> Result<()> {
        let start = Setting::new(self.params);
        self.try_path(&start, &L2_STEPS.map(|step| start.l2 * step))?;

        let best = self.best().setting;
        self.try_one(&Setting {
            class_weight: ClassWeight::Balanced,
            ..best
        })?;

        self.try_without_groups()?;

        let best = self.best().setting;
        for min_df in MIN_DF {
            self.try_one(&Setting {
                min_df,
                ..best.clone()
            })?;
        }

        let best = self.best().setting;
        self.try_path(&best, &[2.0 * best.l2, 0.5 * best.l2])
    }

    /// Each group of families left out, then all together that were not missed.
    fn try_without_groups(&mut self) -> Result<()> {
        let groups = groups_of(self.params);
        if groups.len() < 2 {
            return Ok(());
        }
        let with_all = self.best();
        let mut not_missed = BTreeSet::new();
        for &group in &groups {
            let setting = Setting {
                left_out: BTreeSet::from([group]),
                ..with_all.setting.clone()
            };
            self.try_one(&setting)?;
            let found = self.trials.iter().find(|trial| trial.setting == setting);
            if found.is_some_and(|trial| trial.log_loss <= with_all.log_loss + TIE) {
                not_missed.insert(group);
            }
        }
        if not_missed.len() < groups.len() {
            self.try_one(&Setting {
                left_out: not_missed,
                ..with_all.setting
            })?;
        }
        Ok(())
    }
}

fn search(
    data: &PreparedData,
    classes: &Classes,
    params: &TrainParams,
    step: &(dyn Fn() + Sync),
) -> Result<Search> {
    let fold_of = grouped_folds(&data.groups(), INNER_FOLDS, params.seed).ok_or_else(|| {
        Error::Data("--tune needs rows of at least four articles (column article)".into())
    })?;
    let mut searching = Searching {
        data,
        classes,
        params,
        fold_of,
        trials: Vec::new(),
        step,
    };
    searching.run()?;
    let trials = searching.trials;
    Ok(Search {
        chosen: pick(&trials),
        trials,
    })
}

/// How often `step` is called at most.
pub fn n_tuning_steps(params: &TrainParams) -> usize {
    let one_search = L2_STEPS.len() + 1 + groups_of(params).len() + 1 + MIN_DF.len() + 2;
    (params.folds + 1) * (one_search + 1)
}

/// Searches for a setting around `params` and trains with it; figures come from an outer cross-validation of `params.folds` folds with a search
/// in each. `step` is called after each setting tried and each model trained.
///
/// Errors: fewer than four articles, linfa's solver (no warm starts, no class weights), and what [`train`] says.
pub fn train_tuned(
    data: &PreparedData,
    classes: &Classes,
    params: &TrainParams,
    step: &(dyn Fn() + Sync),
) -> Result<TunedModel> {
    if params.solver != Solver::Newton {
        return Err(Error::Parameter(
            "--tune works with --solver newton only".into(),
        ));
    }
    if params.folds < 2 {
        return Err(Error::Parameter(
            "--tune tells its figures by cross-validation; give --folds 2 or more".into(),
        ));
    }
    let search_all = search(data, classes, params, step)?;
    let setting = search_all.trials[search_all.chosen].setting.clone();
    let chosen = setting.apply(params);
    let (nested, by_fold) = nested(data, classes, params, step)?;
    let mut trained = train(data, classes, &chosen, &|| ())?;
    step();
    trained.held_out = Some(nested);
    trained.classifier.record.n_tried = Some(search_all.trials.len());
    Ok(TunedModel {
        trained,
        params: chosen,
        search: search_all,
        by_fold,
    })
}

/// Held-out rows of an outer cross-validation, and the setting each of its folds took.
fn nested(
    data: &PreparedData,
    classes: &Classes,
    params: &TrainParams,
    step: &(dyn Fn() + Sync),
) -> Result<(HeldOut, Vec<Setting>)> {
    let too_few =
        || Error::Data("--tune needs rows of at least four articles (column article)".into());
    let fold_of = grouped_folds(&data.groups(), params.folds, params.seed).ok_or_else(too_few)?;
    let n = fold_of.len();
    let n_folds = fold_of.iter().max().map_or(0, |&last| last + 1);
    let mut probabilities = vec![None; n];
    let mut target_blind = vec![0; n];
    let mut not_converged = 0;
    let mut by_fold = Vec::new();
    for fold in 0..n_folds {
        let (held, training): (Vec<usize>, Vec<usize>) = (0..n).partition(|&r| fold_of[r] == fold);
        let part = data.subset(&training);
        let found = search(&part, classes, params, step)?;
        let setting = found.trials[found.chosen].setting.clone();
        let inner = TrainParams {
            folds: INNER_FOLDS,
            ..setting.apply(params)
        };
        let model = train(&part, classes, &inner, &|| ())?.classifier;
        step();
        not_converged += usize::from(!model.record.convergence.reached);
        for r in held {
            let row = &data.rows[r];
            probabilities[r] = Some(model.predict(row.example()));
            target_blind[r] = model.predict_target_blind(&row.text);
        }
        by_fold.push(setting);
    }
    let probabilities = probabilities
        .into_iter()
        .map(|p| p.expect("every row is in one fold"))
        .collect();
    let held_out = HeldOut::calibrated_inside(n_folds, probabilities, target_blind, not_converged);
    Ok((held_out, by_fold))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::known_families;

    fn trial(l2: f64, left_out: &[&'static str], log_loss: f64) -> Trial {
        Trial {
            setting: Setting {
                l2,
                class_weight: ClassWeight::None,
                min_df: 2,
                left_out: left_out.iter().copied().collect(),
            },
            log_loss,
        }
    }

    #[test]
    fn of_equals_the_simplest_is_taken() {
        let trials = [
            trial(4.0, &[], 0.8000),
            trial(8.0, &[], 0.8005),
            trial(16.0, &[], 0.8100),
            trial(4.0, &["pairs"], 0.8009),
            trial(4.0, &["pairs", "near"], 0.8011),
        ];
        assert_eq!(pick(&trials[..1]), 0);
        assert_eq!(pick(&trials[..3]), 1);
        assert_eq!(pick(&trials), 3);
    }

    #[test]
    fn a_setting_takes_whole_groups_out() {
        let mut params = TrainParams::default();
        params.featurizer.families = known_families();
        let groups = groups_of(&params);
        assert_eq!(groups.len(), 10, "{groups:?}");
        let setting = Setting {
            left_out: BTreeSet::from(["pairs", "lexicons"]),
            ..Setting::new(&params)
        };
        let left = groups_of(&setting.apply(&params));
        assert!(!left.contains("pairs") && left.len() == 8, "{left:?}");
    }
}

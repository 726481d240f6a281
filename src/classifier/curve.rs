//! The fits behind a learning curve: the same folds at several sizes of the training data.
//!
//! In: prepared rows and a [`CurvePlan`]. Out: one [`CurveFold`] a size, draw and fold: how many sentences it was trained on, and what it predicts for
//! the whole fold held out.
//!
//! A draw shuffles the articles once; a size is the first so many of them, so that the articles of each size are contained in those of the next. In
//! each fold the fit has the articles of the size that are not in the fold. Features are counted once; vocabulary, idf and weights are fitted anew.
//! Probabilities are calibrated on held-out logits of the other folds, but only of rows inside the size: so a size never knows more labels than it
//! says, and the whole size does exactly what [`cross_validate`](super::cross_validate) does.

use std::collections::BTreeSet;

use ndarray::Array2;
use rand::seq::SliceRandom;
use rayon::prelude::*;

use crate::classes::{ClassProbabilities, Classes};
use crate::classifier::prepare::PreparedData;
use crate::classifier::train::{Problem, TrainParams, calibrate};
use crate::error::{Error, Result};
use crate::statistics::{grouped_folds, stream};

/// Sentences that the fits of the smallest size should have at least.
const MIN_ROWS: usize = 50;

/// The least factor from a size to the next: with less there is no curve to see.
const MIN_FACTOR: f64 = std::f64::consts::SQRT_2;

/// The usual factor from a size to the next.
const FACTOR: f64 = 2.0;

/// Articles that the smallest size needs, so that every fit has some.
const MIN_ARTICLES: usize = 10;

/// Draws of a size: so many that they cost no more than one fit on everything, at most this.
const MOST_DRAWS: usize = 4;

/// Streams of chance: folds take stream 0 of the seed, draws those from here on.
const DRAW_STREAMS: u64 = 0x6375_7276;

/// Which sizes, how often, on which folds.
#[derive(Debug, Clone, PartialEq)]
pub struct CurvePlan {
    /// Shares of all rows, rising, the last one 1.
    pub shares: Vec<f64>,
    /// Draws of each size.
    pub draws: Vec<usize>,
    /// The fold of each row.
    fold_of: Vec<usize>,
    /// Number of folds.
    pub n_folds: usize,
}

impl CurvePlan {
    /// The sizes a curve has unless told otherwise, as far as the rows suffice; else [`CurvePlan::FEWEST`].
    pub const USUAL: usize = 6;

    /// The fewest sizes of a curve.
    pub const FEWEST: usize = 5;

    /// Plans `n_sizes` sizes of `data`, geometric, each twice the one before where the rows suffice for that.
    ///
    /// Errors: fewer than two articles, too few rows or articles for so many sizes.
    pub fn new(
        data: &PreparedData,
        n_sizes: Option<usize>,
        params: &TrainParams,
    ) -> Result<CurvePlan> {
        let n = data.rows.len();
        let few_articles = || {
            Error::Data(format!(
                "the articles (column article) are {}, and a learning curve takes {MIN_ARTICLES} at its smallest size: too few to say anything",
                data.n_groups
            ))
        };
        let fold_of =
            grouped_folds(&data.groups(), params.folds, params.seed).ok_or_else(few_articles)?;
        let n_folds = fold_of.iter().max().map_or(0, |&last| last + 1);
        let largest = n as f64 * (1.0 - 1.0 / n_folds as f64);
        let factor =
            |n_sizes: usize| (largest / MIN_ROWS as f64).powf(1.0 / (n_sizes as f64 - 1.0));
        let n_sizes = n_sizes.unwrap_or(match factor(Self::USUAL) >= MIN_FACTOR * (1.0 - 1e-9) {
            true => Self::USUAL,
            false => Self::FEWEST,
        });
        if n_sizes < Self::FEWEST {
            return Err(Error::Parameter(format!(
                "{n_sizes} sizes make no curve; at least {}",
                Self::FEWEST
            )));
        }
        let factor = factor(n_sizes).min(FACTOR);
        if factor < MIN_FACTOR * (1.0 - 1e-9) {
            let takes = MIN_ROWS as f64 * MIN_FACTOR.powi(n_sizes as i32 - 1)
                / (1.0 - 1.0 / n_folds as f64);
            return Err(Error::Data(format!(
                "{n} labelled sentences are too few for a learning curve of {n_sizes} sizes; with {n_folds} folds it takes {}, so that the \
                 smallest size has {MIN_ROWS}",
                (takes - 1e-6).ceil()
            )));
        }
        let shares: Vec<f64> = (0..n_sizes)
            .map(|size| factor.powi(-((n_sizes - 1 - size) as i32)))
            .collect();
        let draws = shares
            .iter()
            .map(|share| ((1.0 / share).round() as usize).clamp(1, MOST_DRAWS))
            .collect();
        let plan = CurvePlan {
            shares,
            draws,
            fold_of,
            n_folds,
        };
        for draw in 0..MOST_DRAWS {
            plan.check_sizes(&plan.articles(data, draw, params.seed), data)?;
        }
        Ok(plan)
    }

    /// How many fits that is.
    pub fn n_fits(&self) -> usize {
        self.draws.iter().sum::<usize>() * self.n_folds
    }

    /// For each article the smallest size that holds it.
    ///
    /// A size ends with the article that brings it nearest to its share of the rows.
    fn articles(&self, data: &PreparedData, draw: usize, seed: u64) -> Vec<usize> {
        let mut rows_of = vec![0_usize; data.n_groups];
        for row in &data.rows {
            rows_of[row.group] += 1;
        }
        let mut order: Vec<usize> = (0..data.n_groups).collect();
        order.shuffle(&mut stream(seed, DRAW_STREAMS + draw as u64));
        let n = data.rows.len() as f64;
        let mut size_of = vec![self.shares.len() - 1; data.n_groups];
        let (mut size, mut before) = (0, 0);
        for article in order {
            let middle = before as f64 + rows_of[article] as f64 / 2.0;
            while size + 1 < self.shares.len() && middle > self.shares[size] * n {
                size += 1;
            }
            size_of[article] = size;
            before += rows_of[article];
        }
        size_of
    }

    fn check_sizes(&self, size_of: &[usize], data: &PreparedData) -> Result<()> {
        let smallest = size_of.iter().filter(|&&size| size == 0).count();
        let folds: BTreeSet<usize> = (data.rows.iter().zip(&self.fold_of))
            .filter(|(row, _)| size_of[row.group] == 0)
            .map(|(_, &fold)| fold)
            .collect();
        let all_grow = (0..self.shares.len()).all(|size| size_of.contains(&size));
        match smallest >= MIN_ARTICLES && folds.len() > 1 && all_grow {
            true => Ok(()),
            false => Err(Error::Data(format!(
                "the {} sentences come from {} articles (column article): too few for nested sizes, of which the smallest takes {MIN_ARTICLES} \
                 articles",
                data.rows.len(),
                data.n_groups
            ))),
        }
    }
}

/// One fit of a learning curve, and what it predicts.
#[derive(Debug, Clone, PartialEq)]
pub struct CurveFold {
    /// Which size, from 0.
    pub size: usize,
    /// Which draw of it, from 0.
    pub draw: usize,
    /// Which fold was held out.
    pub fold: usize,
    /// Sentences it was trained on.
    pub n_training: usize,
    /// Articles they are from.
    pub n_articles: usize,
    /// (true, predicted) class of each row of the fold.
    pub pairs: Vec<(usize, usize)>,
    /// The most frequent class of the sentences it was trained on; of equals the first.
    pub most_frequent: usize,
    /// Whether the fit converged.
    pub converged: bool,
}

/// Fits `plan` and predicts. By size, draw, fold. `step` is called after each fit.
pub fn fit_curve(
    data: &PreparedData,
    classes: &Classes,
    params: &TrainParams,
    plan: &CurvePlan,
    step: &(dyn Fn() + Sync),
) -> Result<Vec<CurveFold>> {
    let problem = Problem::without_baseline(data, classes, params)?;
    let nested: Vec<Vec<usize>> = (0..MOST_DRAWS)
        .map(|draw| plan.articles(data, draw, params.seed))
        .collect();
    let tasks: Vec<(usize, usize)> = (0..plan.shares.len())
        .flat_map(|size| (0..plan.draws[size]).map(move |draw| (size, draw)))
        .collect();
    let fitted: Vec<Vec<CurveFold>> = tasks
        .into_par_iter()
        .map(|(size, draw)| {
            let inside: Vec<bool> = (data.rows.iter())
                .map(|row| nested[draw][row.group] <= size)
                .collect();
            let mut folds = fit_folds(&problem, data, plan, &inside, step)?;
            for fold in &mut folds {
                (fold.size, fold.draw) = (size, draw);
            }
            Ok(folds)
        })
        .collect::<Result<_>>()?;
    Ok(fitted.into_iter().flatten().collect())
}

/// All folds of one draw of one size; `inside` says which rows are in it.
fn fit_folds(
    problem: &Problem<'_>,
    data: &PreparedData,
    plan: &CurvePlan,
    inside: &[bool],
    step: &(dyn Fn() + Sync),
) -> Result<Vec<CurveFold>> {
    struct Fit {
        held: Vec<usize>,
        training: Vec<usize>,
        logits: Array2<f64>,
        converged: bool,
    }
    let n = data.rows.len();
    let fits: Vec<Fit> = (0..plan.n_folds)
        .into_par_iter()
        .map(|fold| -> Result<Fit> {
            let (held, others): (Vec<usize>, Vec<usize>) =
                (0..n).partition(|&r| plan.fold_of[r] == fold);
            let training: Vec<usize> = others.into_iter().filter(|&r| inside[r]).collect();
            let (logits, converged) = problem.logits_of(&training, &held)?;
            step();
            Ok(Fit {
                held,
                training,
                logits,
                converged,
            })
        })
        .collect::<Result<_>>()?;
    let n_classes = fits.first().map_or(0, |fit| fit.logits.ncols());
    let mut logits = Array2::zeros((n, n_classes));
    for fit in &fits {
        for (row, &r) in fit.logits.outer_iter().zip(&fit.held) {
            logits.row_mut(r).assign(&row);
        }
    }
    (fits.iter().enumerate())
        .map(|(fold, fit)| {
            let calibration = calibrate(problem, &logits, &fit.training)?;
            let predicted = |r: usize| {
                let row = logits.row(r);
                let row = row.as_slice().expect("rows are contiguous");
                ClassProbabilities::new(calibration.apply(row)).hard()
            };
            let articles: BTreeSet<usize> =
                fit.training.iter().map(|&r| data.rows[r].group).collect();
            let mut n_of = vec![0_usize; n_classes];
            for &r in &fit.training {
                n_of[data.rows[r].class] += 1;
            }
            let most_frequent = (0..n_classes).fold(0, |best, class| {
                if n_of[class] > n_of[best] {
                    class
                } else {
                    best
                }
            });
            Ok(CurveFold {
                size: 0,
                draw: 0,
                fold,
                n_training: fit.training.len(),
                n_articles: articles.len(),
                pairs: (fit.held.iter())
                    .map(|&r| (data.rows[r].class, predicted(r)))
                    .collect(),
                most_frequent,
                converged: fit.converged,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::classes::Task;
    use crate::classifier::seen::SeenTexts;
    use crate::classifier::{PreparedRow, TargetCounts, cross_validate};

    /// `n` rows, two an article, whose first word tells the class more often than not.
    fn data(n: usize) -> PreparedData {
        const WORDS: [&str; 7] = [
            "harbor", "vote", "blame", "praise", "Tuesday", "council", "mill",
        ];
        let rows = (0..n).map(|i| PreparedRow {
            text: format!(
                "{} {} {}.",
                WORDS[i % 7],
                WORDS[i * i % 5],
                WORDS[(i / 3) % 7]
            ),
            mentions: Vec::new(),
            class: usize::from(i % 7 > 2) ^ usize::from(i % 11 == 3),
            weight: 1.0,
            group: i / 2,
            origin: i,
        });
        PreparedData {
            rows: rows.collect(),
            n_groups: n.div_ceil(2),
            without_article: 0,
            targets: TargetCounts::default(),
            digest: String::new(),
            articles: SeenTexts::new(std::iter::empty()),
        }
    }

    fn classes() -> Classes {
        Classes::from_labels(["against", "favor"], Task::Infer, &BTreeMap::new())
            .expect("two classes")
    }

    #[test]
    fn draws_are_nested_by_article_and_of_their_sizes() {
        let data = data(2000);
        let params = TrainParams::default();
        let plan = CurvePlan::new(&data, None, &params).expect("enough rows");
        assert_eq!((plan.shares.len(), plan.n_folds), (6, 5));
        assert_eq!(plan.shares[4..], [0.5, 1.0]);
        assert_eq!(plan.draws, [4, 4, 4, 4, 2, 1]);
        assert_eq!(plan.n_fits(), 95);
        for draw in 0..MOST_DRAWS {
            let size_of = plan.articles(&data, draw, 1);
            for (size, share) in plan.shares.iter().enumerate() {
                // An article is in all sizes from its first on, so sizes are nested by construction; rows follow their article.
                let inside = data
                    .rows
                    .iter()
                    .filter(|row| size_of[row.group] <= size)
                    .count();
                assert!(
                    (inside as f64 - share * 2000.0).abs() <= 2.0,
                    "{size}: {inside}"
                );
            }
        }
        assert_ne!(plan.articles(&data, 0, 1), plan.articles(&data, 1, 1));
        assert_ne!(plan.articles(&data, 0, 1), plan.articles(&data, 0, 2));
    }

    #[test]
    fn the_whole_size_is_the_usual_cross_validation() {
        let data = data(400);
        let (classes, params) = (classes(), TrainParams::default());
        let plan = CurvePlan::new(&data, None, &params).expect("enough rows");
        let curve = fit_curve(&data, &classes, &params, &plan, &|| ()).expect("fits");
        let held_out = cross_validate(&data, &classes, &params, &|| ())
            .expect("fits")
            .expect("200 articles");
        let last: Vec<&CurveFold> = curve
            .iter()
            .filter(|fold| fold.size == plan.shares.len() - 1)
            .collect();
        assert_eq!(last.len(), 5);
        for fold in last {
            let rows = (0..400).filter(|&r| plan.fold_of[r] == fold.fold);
            let expected: Vec<(usize, usize)> = rows
                .map(|r| (data.rows[r].class, held_out.probabilities[r].hard()))
                .collect();
            assert_eq!(fold.pairs, expected);
            assert_eq!(fold.n_training, 400 - fold.pairs.len());
        }
        for pair in curve.windows(2) {
            let order = |fold: &CurveFold| (fold.size, fold.draw, fold.fold);
            assert!(order(&pair[0]) < order(&pair[1]));
        }
        let one_thread = rayon::ThreadPoolBuilder::new()
            .num_threads(1)
            .build()
            .expect("a pool of one");
        let again = one_thread.install(|| fit_curve(&data, &classes, &params, &plan, &|| ()));
        assert_eq!(again.expect("fits"), curve);
    }

    #[test]
    fn too_few_rows_or_articles_hear_how_many_it_takes() {
        let params = TrainParams::default();
        let message = |data: &PreparedData, n_sizes| {
            CurvePlan::new(data, n_sizes, &params)
                .expect_err("too few")
                .to_string()
        };
        assert_eq!(
            message(&data(240), None),
            "240 labelled sentences are too few for a learning curve of 5 sizes; with 5 folds it takes 250, so that the smallest size has 50"
        );
        assert!(CurvePlan::new(&data(250), None, &params).is_ok());
        assert!(message(&data(300), Some(8)).contains("it takes 708"));
        let mut few = data(1000);
        few.n_groups = 20;
        for row in &mut few.rows {
            row.group %= 20;
        }
        assert!(message(&few, None).starts_with("the 1000 sentences come from 20 articles"));
        for row in &mut few.rows {
            row.group = 0;
        }
        few.n_groups = 1;
        assert!(message(&few, None).starts_with("the articles (column article) are 1"));
    }
}

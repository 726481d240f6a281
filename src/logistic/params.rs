//! What a fit is asked for, unchecked ([`LogisticParams`]) and checked ([`ValidLogisticParams`]), as linfa
//! does it.

use std::borrow::Borrow;
use std::sync::Arc;

use linfa::ParamGuard;
use linfa::dataset::{DatasetBase, Records};
use linfa::traits::Fit;
use ndarray::{Array1, Array2};
use serde::{Deserialize, Serialize};

use super::objective::{KnownCurvature, Objective};
use super::products::Products;
use super::{Curvature, LogisticModel, fit_linfa, newton};
use crate::error::{Error, Result};
use crate::matrix::DesignMatrix;

/// How much a row counts because of its class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClassWeight {
    /// Every class counts by its rows.
    #[default]
    None,
    /// Every class that occurs counts the same: a row of class k is multiplied by S / (K·S_k), S the sum of
    /// the sample weights, S_k that of class k, K the number of classes that occur (scikit-learn's
    /// `balanced`).
    Balanced,
}

/// Who minimises the objective.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Solver {
    /// Truncated Newton on sparse rows: any size, any weights.
    #[default]
    Newton,
    /// `linfa_logistic`'s L-BFGS on dense rows: small data, no weights. See [`fit_linfa`].
    Linfa,
}

/// Parameters of a fit, not yet checked. `fit` checks them first.
///
/// ```
/// use linfa::{DatasetBase, traits::Fit};
/// use ndarray::array;
/// use standpoint::logistic::LogisticParams;
/// use standpoint::matrix::DesignMatrix;
///
/// let x = DesignMatrix::from_rows(2, [[(0, 1.0)], [(1, 1.0)], [(0, 2.0)], [(1, 2.0)]])?;
/// let model = LogisticParams::new(2).l2(0.1).fit(&DatasetBase::new(x, array![0, 1, 0, 1]))?;
/// assert!(model.convergence().reached);
/// assert!(model.coef()[[0, 1]] > 0.0);
/// # Ok::<(), standpoint::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LogisticParams(ValidLogisticParams);

/// Checked parameters of a fit.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidLogisticParams {
    n_classes: usize,
    l2: f64,
    tol: f64,
    max_iter: usize,
    class_weight: ClassWeight,
    solver: Solver,
    initial: Option<(Array2<f64>, Array1<f64>)>,
    prior_mean: Option<Array2<f64>>,
    curvature: Option<(Arc<Curvature>, Vec<Option<u32>>)>,
}

impl LogisticParams {
    /// Parameters for `n_classes` classes: `l2` 1, `tol` 1e-8, `max_iter` 1000, no class weights, Newton.
    pub fn new(n_classes: usize) -> Self {
        LogisticParams(ValidLogisticParams {
            n_classes,
            l2: 1.0,
            tol: 1e-8,
            max_iter: 1000,
            class_weight: ClassWeight::None,
            solver: Solver::Newton,
            initial: None,
            prior_mean: None,
            curvature: None,
        })
    }

    /// Strength of the penalty (l2/2)·||coef||² beside the *sum* of the weighted log losses: scikit-learn's
    /// 1/C, linfa's alpha. Above 0: without a penalty separable data have no solution.
    pub fn l2(mut self, l2: f64) -> Self {
        self.0.l2 = l2;
        self
    }

    /// The fit has converged when no entry of the gradient exceeds `tol` times the sum of the weights.
    ///
    /// The default leaves probabilities within about 1e-6 of the exact optimum: less than 5e-7 in the test
    /// `the_default_tolerance_leaves_probabilities_within_1e6`, at most 1e-6 for `l2` of 0.1 and more and
    /// 6e-6 for 0.03 on 8,739 L2-normalised rows of 300 non-zeros in 110,000 columns. 1e-7 left up to 1e-5
    /// there and saved up to a third of the time.
    pub fn tol(mut self, tol: f64) -> Self {
        self.0.tol = tol;
        self
    }

    /// Iterations after which the solver gives up. Newton needs 5 to 30, linfa's L-BFGS hundreds.
    pub fn max_iter(mut self, max_iter: usize) -> Self {
        self.0.max_iter = max_iter;
        self
    }

    /// How much a row counts because of its class.
    pub fn class_weight(mut self, class_weight: ClassWeight) -> Self {
        self.0.class_weight = class_weight;
        self
    }

    /// Who minimises the objective.
    pub fn solver(mut self, solver: Solver) -> Self {
        self.0.solver = solver;
        self
    }

    /// Starts from `coef`, shape (n_outputs, n_features), and `intercept`, shape (n_outputs), as
    /// a [`LogisticModel`] gives them, instead of zeros: a neighbouring `l2` then takes few iterations.
    /// A start that is worse than zeros is dropped. Newton only; linfa's solver always starts from zeros.
    pub fn initial(mut self, coef: Array2<f64>, intercept: Array1<f64>) -> Self {
        self.0.initial = Some((coef, intercept));
        self
    }

    /// Pulls the coefficients toward `coef`, shape (n_outputs, n_features), instead of toward zero: the penalty becomes
    /// (l2/2)·||W - coef||², the mode of a posterior with the normal prior N(coef, 1/l2). Intercepts stay free. A large `l2` gives
    /// `coef` back, a small one forgets it. Without [`LogisticParams::initial`] the fit starts there, with intercepts of zero.
    /// Newton only; linfa's solver knows none.
    ///
    /// Chelba & Acero (2006), "Adaptation of maximum entropy capitalizer: little data can help a lot".
    pub fn prior_mean(mut self, coef: Array2<f64>) -> Self {
        self.0.prior_mean = Some(coef);
        self
    }

    /// Goes by `curvature`, made of these rows, or of more rows of the same kind with the same block: Newton then takes fewer products and ends
    /// within the same tolerance. `columns` says which column of the data each of [`Curvature::columns`] is, if any. Newton only.
    pub fn curvature(mut self, curvature: Arc<Curvature>, columns: Vec<Option<u32>>) -> Self {
        self.0.curvature = Some((curvature, columns));
        self
    }
}

impl ParamGuard for LogisticParams {
    type Checked = ValidLogisticParams;
    type Error = Error;

    fn check_ref(&self) -> Result<&ValidLogisticParams> {
        let params = &self.0;
        let wrong = |problem: String| Err(Error::Parameter(problem));
        let positive = |value: f64| value.is_finite() && value > 0.0;
        if params.n_classes < 2 {
            return wrong(format!(
                "n_classes is {}; a classifier needs at least 2",
                params.n_classes
            ));
        }
        if !positive(params.l2) {
            return wrong(format!(
                "l2 is {}; it must be above 0 and finite (separable data have no fit without a penalty)",
                params.l2
            ));
        }
        if !positive(params.tol) {
            return wrong(format!(
                "tol is {}; it must be above 0 and finite, for example 1e-8",
                params.tol
            ));
        }
        if params.max_iter == 0 {
            return wrong("max_iter is 0; allow at least 1 iteration".into());
        }
        if let Some((coef, intercept)) = &params.initial {
            let k = params.n_outputs();
            if coef.nrows() != k || intercept.len() != k {
                return wrong(format!(
                    "initial coef has {} rows and intercept {} entries; {} classes need {k} of each",
                    coef.nrows(),
                    intercept.len(),
                    params.n_classes
                ));
            }
            if !coef.iter().chain(intercept).all(|value| value.is_finite()) {
                return wrong("initial coef and intercept must be finite".into());
            }
        }
        if let Some(coef) = &params.prior_mean {
            if params.solver == Solver::Linfa {
                return wrong(
                    "linfa's solver pulls toward zero only; with a prior use `--solver newton`"
                        .into(),
                );
            }
            if coef.nrows() != params.n_outputs() || !coef.iter().all(|value| value.is_finite()) {
                return wrong(format!(
                    "prior mean has {} rows; {} classes need {}, all finite",
                    coef.nrows(),
                    params.n_classes,
                    params.n_outputs()
                ));
            }
        }
        Ok(params)
    }

    fn check(self) -> Result<ValidLogisticParams> {
        self.check_ref()?;
        Ok(self.0)
    }
}

impl ValidLogisticParams {
    /// K.
    pub fn n_classes(&self) -> usize {
        self.n_classes
    }

    /// Coefficient vectors fitted: 1 for two classes, else K.
    pub fn n_outputs(&self) -> usize {
        if self.n_classes == 2 {
            1
        } else {
            self.n_classes
        }
    }

    /// See [`LogisticParams::l2`].
    pub fn l2(&self) -> f64 {
        self.l2
    }

    /// See [`LogisticParams::tol`].
    pub fn tol(&self) -> f64 {
        self.tol
    }

    /// See [`LogisticParams::max_iter`].
    pub fn max_iter(&self) -> usize {
        self.max_iter
    }

    /// See [`LogisticParams::class_weight`].
    pub fn class_weight(&self) -> ClassWeight {
        self.class_weight
    }

    /// See [`LogisticParams::solver`].
    pub fn solver(&self) -> Solver {
        self.solver
    }

    /// Fits borrowed rows; [`Fit::fit`] for those who own no [`DatasetBase`].
    ///
    /// `targets` holds the class of each row, below `n_classes`; `weights` the sample weights, 0 or more.
    /// [`Error::Data`] where lengths differ, a class is out of range, a weight is negative or not finite, or
    /// nothing is left to fit (no rows, all weights zero). Running out of iterations is no error:
    /// look at [`LogisticModel::convergence`].
    ///
    /// A class without rows (a fold may lack one) is no error either. The objective then falls for ever as that
    /// class's intercept goes down; `tol` stops it where the class's mean probability is below `tol`.
    pub fn fit_rows(
        &self,
        x: &DesignMatrix,
        targets: &[usize],
        weights: Option<&[f32]>,
    ) -> Result<LogisticModel> {
        if self.solver == Solver::Linfa {
            if weights.is_some() {
                return Err(Error::Parameter(
                    "linfa's solver knows no sample weights; use `--solver newton`".into(),
                ));
            }
            return fit_linfa(x, targets, self);
        }
        let weights = self.row_weights(x, targets, weights)?;
        let products = Products::new(x, self.n_outputs());
        let prior_mean = self.prior(&products)?;
        let objective = Objective::new(&products, targets, weights, self.l2)
            .around(prior_mean.clone())
            .knowing(self.known(x, &products)?);
        // Logits that are far off leave next to no curvature to find the way back by; zeros are always a
        // fair start, and with a prior its own coefficients, which the penalty asks for.
        let mut zeros = prior_mean.unwrap_or_default();
        zeros.resize(objective.n_parameters(), 0.0);
        let start = match self.start(&objective, x.n_features())? {
            Some(start) if objective.value(&start) <= objective.value(&zeros) => start,
            _ => zeros,
        };
        let (theta, convergence) = newton::minimise(&objective, start, self.tol, self.max_iter);
        let (coef, intercept) = products.unpack(&theta);
        Ok(LogisticModel::new(
            coef,
            intercept,
            self.n_classes,
            convergence,
        ))
    }

    /// The starting θ that was asked for.
    fn start(&self, objective: &Objective, n_features: usize) -> Result<Option<Vec<f64>>> {
        let Some((coef, intercept)) = &self.initial else {
            return Ok(None);
        };
        if coef.ncols() != n_features {
            return Err(Error::Parameter(format!(
                "initial coef has {} columns; the data have {n_features} features",
                coef.ncols()
            )));
        }
        Ok(Some(objective.pack(coef, intercept)))
    }

    /// Where the columns of the curvature given stand in θ.
    fn known(&self, x: &DesignMatrix, products: &Products) -> Result<Option<KnownCurvature<'_>>> {
        let Some((curvature, columns)) = &self.curvature else {
            return Ok(None);
        };
        let n_block = x.block().map_or(0, |(block, _)| block.n_columns());
        let n_sparse = x.n_sparse() as u32;
        let fits = curvature.n_block() == n_block
            && curvature.columns().len() == columns.len()
            && columns.iter().flatten().all(|&column| column < n_sparse);
        if !fits {
            return Err(Error::Parameter(format!(
                "the curvature is of other columns: {} in a block and {} before it; the data have {n_block} and {n_sparse}",
                curvature.n_block(),
                columns.len()
            )));
        }
        let of_block = (n_sparse..).take(n_block).map(Some);
        Ok(Some(KnownCurvature {
            curvature,
            rows: products.numbers_of(of_block.chain(columns.iter().copied())),
        }))
    }

    /// The prior mean in the order of θ, without intercepts.
    fn prior(&self, products: &Products) -> Result<Option<Vec<f64>>> {
        let Some(coef) = &self.prior_mean else {
            return Ok(None);
        };
        if coef.ncols() != products.n_features() {
            return Err(Error::Parameter(format!(
                "prior mean has {} columns; the data have {} features",
                coef.ncols(),
                products.n_features()
            )));
        }
        Ok(Some(products.pack(coef)))
    }

    /// Checks rows, classes and weights; returns sample weight times class weight for each row.
    pub(super) fn row_weights(
        &self,
        x: &DesignMatrix,
        targets: &[usize],
        weights: Option<&[f32]>,
    ) -> Result<Vec<f64>> {
        let n = x.n_samples();
        let wrong = |problem: String| Err(Error::Data(problem));
        if targets.len() != n {
            return wrong(format!(
                "{n} rows but {} targets; give one class a row",
                targets.len()
            ));
        }
        if let Some((i, class)) = targets
            .iter()
            .enumerate()
            .find(|(_, y)| **y >= self.n_classes)
        {
            return wrong(format!(
                "row {i} has class {class}; with {} classes the greatest is {}",
                self.n_classes,
                self.n_classes - 1
            ));
        }
        let mut row_weights: Vec<f64> = match weights {
            None => vec![1.0; n],
            Some(weights) if weights.len() != n => {
                return wrong(format!(
                    "{n} rows but {} sample weights; give one weight a row",
                    weights.len()
                ));
            }
            Some(weights) => weights.iter().map(|&w| f64::from(w)).collect(),
        };
        if let Some((i, w)) = row_weights
            .iter()
            .enumerate()
            .find(|(_, w)| !w.is_finite() || **w < 0.0)
        {
            return wrong(format!(
                "row {i} has weight {w}; weights are 0 or more and finite"
            ));
        }
        let total: f64 = row_weights.iter().sum();
        if total <= 0.0 {
            return wrong("nothing to fit: there are no rows, or all weights are zero".into());
        }
        if self.class_weight == ClassWeight::Balanced {
            let mut by_class = vec![0.0; self.n_classes];
            for (w, &y) in row_weights.iter().zip(targets) {
                by_class[y] += w;
            }
            let n_present = by_class.iter().filter(|&&w| w > 0.0).count() as f64;
            for (w, &y) in row_weights.iter_mut().zip(targets) {
                // A row of a class whose weights are all zero keeps its zero.
                if by_class[y] > 0.0 {
                    *w *= total / (n_present * by_class[y]);
                }
            }
        }
        Ok(row_weights)
    }
}

/// Targets are class indices below `n_classes`; [`DatasetBase::weights`], where given, are the sample weights.
/// `X` is [`DesignMatrix`] or a reference to one.
impl<X: Borrow<DesignMatrix> + Records> Fit<X, Array1<usize>, Error> for ValidLogisticParams {
    type Object = LogisticModel;

    fn fit(&self, dataset: &DatasetBase<X, Array1<usize>>) -> Result<LogisticModel> {
        let targets = dataset.targets.as_standard_layout();
        let targets = targets.as_slice().expect("standard layout is contiguous");
        self.fit_rows(dataset.records.borrow(), targets, dataset.weights())
    }
}

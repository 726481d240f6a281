//! The fitted model and how the fit ended.

use linfa::traits::PredictInplace;
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};
use serde::{Deserialize, Serialize};

use super::objective::softmax;
use crate::matrix::DesignMatrix;

/// How a fit ended. Everything is measured at the returned coefficients, whichever solver found them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Convergence {
    /// Iterations taken; `None` where the solver does not say (linfa's).
    pub iterations: Option<usize>,
    /// Greatest |entry| of the gradient divided by the sum of the weights.
    pub gradient_norm: f64,
    /// Sum of weighted log losses plus penalty.
    pub objective: f64,
    /// Whether `gradient_norm` is at most `tol`.
    pub reached: bool,
    /// Why the solver stopped.
    pub reason: StopReason,
}

/// Why a solver stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum StopReason {
    /// The gradient is small enough.
    Converged,
    /// `max_iter` iterations were not enough.
    MaxIter,
    /// The objective cannot be lowered further in double precision; `tol` asks for too much.
    NoProgress,
    /// linfa stopped short of `tol` and does not say why: iterations, line search or rounding.
    LinfaStopped,
}

impl StopReason {
    /// A few words for a report.
    pub fn describe(self) -> &'static str {
        match self {
            StopReason::Converged => "converged",
            StopReason::MaxIter => "ran out of steps (allow more with --max-iter, or raise --l2)",
            StopReason::NoProgress => "stopped where double precision allows no further progress",
            StopReason::LinfaStopped => "stopped early (linfa's solver; use --solver newton)",
        }
    }
}

/// A fitted logistic regression: coefficients of n_outputs linear functions, n_outputs being 1 for two
/// classes, else K.
///
/// All numbers are finite. With K >= 3 the intercepts sum to zero: a common shift changes no probability.
#[derive(Debug, Clone, PartialEq)]
pub struct LogisticModel {
    /// Shape (n_features, n_outputs), C order: what products want.
    weights: Array2<f64>,
    intercept: Array1<f64>,
    n_classes: usize,
    convergence: Convergence,
}

impl LogisticModel {
    /// From coefficients, shape (n_features, n_outputs), and intercepts, shape (n_outputs).
    pub(super) fn new(
        weights: Array2<f64>,
        mut intercept: Array1<f64>,
        n_classes: usize,
        convergence: Convergence,
    ) -> Self {
        if intercept.len() > 1 {
            intercept -= intercept.sum() / intercept.len() as f64;
        }
        LogisticModel {
            weights,
            intercept,
            n_classes,
            convergence,
        }
    }

    /// Coefficients, shape (n_outputs, n_features). With two classes the one row speaks for class 1.
    pub fn coef(&self) -> ArrayView2<'_, f64> {
        self.weights.t()
    }

    /// Intercepts, shape (n_outputs).
    pub fn intercept(&self) -> ArrayView1<'_, f64> {
        self.intercept.view()
    }

    /// K.
    pub fn n_classes(&self) -> usize {
        self.n_classes
    }

    /// Number of columns the model was fitted on.
    pub fn n_features(&self) -> usize {
        self.weights.nrows()
    }

    /// How the fit ended.
    pub fn convergence(&self) -> &Convergence {
        &self.convergence
    }

    /// Coefficients (K, n_features) and intercepts (K) of one linear function a class, whose softmax gives
    /// the probabilities. With two classes these are minus and plus one half of the one vector fitted.
    pub fn class_coef(&self) -> (Array2<f64>, Array1<f64>) {
        let coef = self.weights.t();
        if self.n_classes > 2 {
            return (
                coef.as_standard_layout().into_owned(),
                self.intercept.clone(),
            );
        }
        let halves = |one: f64| [-0.5 * one, 0.5 * one];
        let mut both = Array2::zeros((2, self.n_features()));
        for (mut column, &w) in both.columns_mut().into_iter().zip(coef.row(0)) {
            let [against, for_it] = halves(w);
            (column[0], column[1]) = (against, for_it);
        }
        (both, Array1::from(halves(self.intercept[0]).to_vec()))
    }

    /// Logits, shape (n_samples, K): their softmax over a row gives the probabilities. With two classes and z
    /// the fitted function they are -z/2 and z/2.
    ///
    /// Panics where `x` has another number of features than the model, as linfa's models do.
    pub fn decision_function(&self, x: &DesignMatrix) -> Array2<f64> {
        assert_eq!(
            x.n_features(),
            self.n_features(),
            "the model was fitted on another number of features"
        );
        let n_outputs = self.weights.ncols();
        let mut z = Array2::zeros((x.n_samples(), n_outputs));
        x.dot_into(
            self.weights.as_slice().expect("weights are in C order"),
            n_outputs,
            z.as_slice_mut().expect("new arrays are in C order"),
        );
        z += &self.intercept;
        if self.n_classes > 2 {
            return z;
        }
        Array2::from_shape_fn((x.n_samples(), 2), |(i, class)| {
            if class == 0 {
                -0.5 * z[[i, 0]]
            } else {
                0.5 * z[[i, 0]]
            }
        })
    }

    /// Probabilities, shape (n_samples, K); rows sum to 1.
    pub fn predict_proba(&self, x: &DesignMatrix) -> Array2<f64> {
        let mut rows = self.decision_function(x);
        for mut row in rows.axis_iter_mut(Axis(0)) {
            softmax(row.as_slice_mut().expect("rows are contiguous"));
        }
        rows
    }
}

/// The most probable class of each row; the first of equals.
impl PredictInplace<DesignMatrix, Array1<usize>> for LogisticModel {
    fn predict_inplace(&self, x: &DesignMatrix, y: &mut Array1<usize>) {
        assert_eq!(x.n_samples(), y.len(), "one target a row");
        for (row, y) in self.decision_function(x).outer_iter().zip(y) {
            let mut best = 0;
            for (class, &z) in row.iter().enumerate() {
                if z > row[best] {
                    best = class;
                }
            }
            *y = best;
        }
    }

    fn default_target(&self, x: &DesignMatrix) -> Array1<usize> {
        Array1::zeros(x.n_samples())
    }
}

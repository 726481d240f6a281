//! Penalised logistic regression for two or more classes, and the calibration of its probabilities.
//!
//! In: a [`DesignMatrix`](crate::matrix::DesignMatrix), the class of each row as an index, and weights if
//! wanted. Out: a [`LogisticModel`] that carries how its fit ended ([`Convergence`]). This room knows no
//! text and no class names.
//!
//! [`LogisticParams`] says what to fit; `objective` is what is minimised: log loss plus (l2/2)·||coef||² with
//! free intercepts, softmax for three or more classes and one coefficient vector for two. Two solvers reach
//! the same optimum: truncated Newton on sparse rows (the default; `products` is the matrix as it wants it) and linfa_logistic's
//! L-BFGS on dense rows ([`Solver`]). The tests hold them against each other and against scikit-learn. [`Calibration`] then makes
//! the probabilities of held-out rows honest.
//!
//! The types follow linfa: parameters are checked once (`ParamGuard`), `fit` takes a `DatasetBase`
//! (whose weights are the sample weights), the fitted model predicts (`PredictInplace`).

mod calibration;
mod curvature;
mod linfa_solver;
mod model;
mod newton;
mod objective;
mod params;
mod products;
#[cfg(test)]
mod tests;

pub use calibration::Calibration;
pub use curvature::Curvature;
pub use linfa_solver::fit_linfa;
pub use model::{Convergence, LogisticModel, StopReason};
pub use objective::softmax;
pub use params::{ClassWeight, LogisticParams, Solver, ValidLogisticParams};

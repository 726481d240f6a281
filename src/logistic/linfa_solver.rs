//! The same objective fitted by `linfa_logistic`, on dense rows: a second opinion and the oracle of the tests.
//!
//! What to know of linfa_logistic 0.8.1, and what is done about it here:
//! - it hides whether it converged: value and gradient are computed anew, by our objective, at what it returns;
//! - its tolerance is absolute, on the 2-norm of the summed gradient: it is given n·tol, which implies our
//!   criterion;
//! - binary: its positive class is the more frequent one: `labels()` is read and the sign turned if need be;
//! - K >= 3: its log-sum-exp subtracts one maximum of the whole matrix and floors each row's sum at 1e-15.
//!   Rows whose logits all lie more than 34.5 below the matrix's greatest get a wrong loss, and the line
//!   search may stop early. L2-normalised rows hardly reach that; where it happens `reached` is false.

use linfa::ParamGuard;
use linfa::dataset::DatasetBase;
use linfa::traits::Fit;
use linfa_logistic::{LogisticRegression, MultiLogisticRegression};
use ndarray::{Array1, Axis};

use super::objective::Objective;
use super::params::{ClassWeight, ValidLogisticParams};
use super::products::Products;
use super::{Convergence, LogisticModel, StopReason};
use crate::error::{Error, Result};
use crate::matrix::DesignMatrix;

/// Most that the dense copy may take: 2 GiB.
const MAX_DENSE_BYTES: u128 = 2 << 30;

/// Fits with `linfa_logistic`'s L-BFGS: same objective, same optimum, dense rows.
///
/// [`Error::Parameter`] where class weights are asked for (linfa has none) or the dense rows would take more
/// than 2 GiB (told before anything is allocated). [`Error::Data`] as [`ValidLogisticParams::fit_rows`], and
/// where a class has no rows: linfa knows only the classes that occur.
pub fn fit_linfa(
    x: &DesignMatrix,
    targets: &[usize],
    params: &ValidLogisticParams,
) -> Result<LogisticModel> {
    if params.class_weight() != ClassWeight::None {
        return Err(Error::Parameter(
            "linfa's solver knows no class weights; use `--solver newton`".into(),
        ));
    }
    refuse_large(x.n_samples(), x.n_features())?;
    let weights = params.row_weights(x, targets, None)?;
    if let Some(class) = (0..params.n_classes()).find(|class| !targets.contains(class)) {
        return Err(Error::Data(format!(
            "class {class} has no rows and linfa's solver knows only the classes that occur; use `--solver newton`"
        )));
    }

    let dataset = DatasetBase::new(x.to_dense(), Array1::from(targets.to_vec()));
    let gradient_tolerance = params.tol() * targets.len() as f64;
    let (coef, intercept) = if params.n_classes() == 2 {
        let model = LogisticRegression::<f64>::new()
            .alpha(params.l2())
            .gradient_tolerance(gradient_tolerance)
            .max_iterations(params.max_iter() as u64)
            .check()
            .and_then(|valid| valid.fit(&dataset))
            .map_err(from_linfa)?;
        let sign = if model.labels().pos.class == 1 {
            1.0
        } else {
            -1.0
        };
        let coef = (model.params() * sign).insert_axis(Axis(1));
        (coef, Array1::from_elem(1, sign * model.intercept()))
    } else {
        let model = MultiLogisticRegression::<f64>::new()
            .alpha(params.l2())
            .gradient_tolerance(gradient_tolerance)
            .max_iterations(params.max_iter() as u64)
            .check()
            .and_then(|valid| valid.fit(&dataset))
            .map_err(from_linfa)?;
        (model.params().clone(), model.intercept().clone())
    };
    if !coef.iter().chain(&intercept).all(|value| value.is_finite()) {
        return Err(Error::Data(
            "linfa's solver ended with coefficients that are not finite; use `--solver newton`"
                .into(),
        ));
    }

    let products = Products::new(x, params.n_outputs());
    let objective = Objective::new(&products, targets, weights, params.l2());
    let theta = objective.pack(&coef.reversed_axes(), &intercept);
    let certificate = objective.certify(&theta);
    let reached = certificate.gradient_norm <= params.tol();
    let convergence = Convergence {
        iterations: None,
        gradient_norm: certificate.gradient_norm,
        objective: certificate.objective,
        reached,
        reason: if reached {
            StopReason::Converged
        } else {
            StopReason::LinfaStopped
        },
    };
    let (coef, intercept) = products.unpack(&theta);
    Ok(LogisticModel::new(
        coef,
        intercept,
        params.n_classes(),
        convergence,
    ))
}

/// Refuses `rows` x `columns` numbers of 8 bytes beyond [`MAX_DENSE_BYTES`].
fn refuse_large(rows: usize, columns: usize) -> Result<()> {
    let bytes = (rows as u128 * columns as u128).saturating_mul(8);
    if bytes <= MAX_DENSE_BYTES {
        return Ok(());
    }
    Err(Error::Parameter(format!(
        "linfa's solver needs dense rows: {rows} rows x {columns} columns take {:.1} GB, the limit is {:.1} GB; \
         use `--solver newton`, or a greater `--min-df` for fewer columns",
        bytes as f64 / 1e9,
        MAX_DENSE_BYTES as f64 / 1e9
    )))
}

fn from_linfa(error: linfa_logistic::error::Error) -> Error {
    match error {
        linfa_logistic::error::Error::LinfaError(error) => Error::Linfa(error),
        other => Error::Data(format!("linfa's solver: {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dense_rows_beyond_two_gibibytes_are_refused_with_the_remedy() {
        assert!(refuse_large(1 << 14, 1 << 14).is_ok());
        let message = refuse_large(8_739, 110_000)
            .expect_err("7.7 GB")
            .to_string();
        for part in [
            "8739 rows",
            "110000 columns",
            "7.7 GB",
            "--solver newton",
            "--min-df",
        ] {
            assert!(message.contains(part), "{message}");
        }
        assert!(refuse_large(usize::MAX, usize::MAX).is_err());
    }
}

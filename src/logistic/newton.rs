//! Truncated Newton: the default solver, on sparse rows.
//!
//! Each iteration solves H s = -∇f roughly by conjugate gradients, where H is the exact Hessian seen only
//! through products H·v, preconditioned with H's diagonal, and then walks along s as far as f falls enough.
//! f is convex and l2 > 0, so s always leads down, and the walk costs no product with X: the
//! logits change linearly along s. Near the optimum convergence is superlinear. Far from it, where every row
//! may be so sure of itself that H hardly bends, steps come out absurdly long; H is then damped
//! toward Böhning's bound, at which a full step cannot fail.
//!
//! Sources: Lin, Weng & Keerthi (2008), "Trust region Newton method for large-scale logistic regression",
//! for Hessian-free products; Hsia, Chiang & Lin (2018), "Preconditioned conjugate gradient methods in
//! truncated Newton frameworks", for the diagonal preconditioner; Galli & Lin (2022), "A study on truncated
//! Newton methods for linear classification", for the line search in place of a trust region; Hager & Zhang
//! (2005), section 4, for the acceptance test where f's decrease drowns in rounding.

use super::objective::{Derivatives, Objective, dot};
use super::{Convergence, StopReason};

/// Sufficient decrease: the step must earn this share of what the slope promises (Armijo's δ).
const DECREASE: f64 = 0.1;
/// Rounding error granted to f, relative, in the approximate test of Hager & Zhang.
const ROUNDING: f64 = 1e-13;
/// Steps are halved at most this often before damping takes over.
const MAX_HALVINGS: usize = 12;
/// A step shorter than this share of Newton's asks for more damping.
const SHORT_STEP: f64 = 0.1;
/// Damping starts here, grows and shrinks by the factor, and ends below the minimum.
const FIRST_DAMPING: f64 = 1e-3;
const DAMPING_FACTOR: f64 = 10.0;
const MIN_DAMPING: f64 = 1e-10;
/// Damping at which H is at least the Hessian anywhere: Böhning (1992), see
/// [`Objective::hessian_product_into`].
const MAX_DAMPING: f64 = 0.5;
/// Products H·v a Newton iteration may spend.
const MAX_CG: usize = 500;

/// Minimises `objective` from `theta`.
///
/// Stops when the greatest |∇f| divided by the total weight is at most `tol`, after `max_iter`
/// Newton iterations, or when f cannot be lowered in double precision.
pub(super) fn minimise(
    objective: &Objective,
    mut theta: Vec<f64>,
    tol: f64,
    max_iter: usize,
) -> (Vec<f64>, Convergence) {
    let mut logits = vec![0.0; objective.n_samples() * objective.n_outputs()];
    let mut gradient = vec![0.0; theta.len()];
    let mut conjugate = ConjugateGradients::new(objective);
    let mut iterations = 0;
    let mut damping = 0.0;
    // θ and its gradient norm before a step that changed f by no more than rounding.
    let mut before_flat: Option<(Vec<f64>, f64)> = None;
    let reason = loop {
        objective.logits_into(&theta, &mut logits);
        let derivatives = objective.derivatives(&logits);
        objective.gradient_into(&theta, &derivatives.residuals, &mut gradient);
        let gradient_norm = objective.gradient_norm(&gradient);
        if gradient_norm <= tol {
            break StopReason::Converged;
        }
        // Where f is flat to rounding Newton's method still divides the gradient many times over, until
        // rounding has that too and steps begin to do harm.
        if let Some((before, norm)) = before_flat.take()
            && gradient_norm > 0.5 * norm
        {
            if gradient_norm > norm {
                theta = before;
            }
            break StopReason::NoProgress;
        }
        if iterations == max_iter {
            break StopReason::MaxIter;
        }
        iterations += 1;
        conjugate.solve(&derivatives, damping, &gradient, tol);
        let line = Line::new(objective, &theta, &logits, &conjugate);
        let slope = dot(&gradient, &conjugate.solution);
        let step = line.search(slope);
        if let Some(step) = step {
            if -slope <= ROUNDING * line.start.abs() {
                before_flat = Some((theta.clone(), gradient_norm));
            }
            add_scaled(&mut theta, step, &conjugate.solution);
        } else if damping == MAX_DAMPING {
            break StopReason::NoProgress;
        }
        damping = match step {
            Some(1.0) if damping <= MIN_DAMPING => 0.0,
            Some(1.0) => damping / DAMPING_FACTOR,
            Some(step) if step > SHORT_STEP => damping,
            _ => (damping * DAMPING_FACTOR).clamp(FIRST_DAMPING, MAX_DAMPING),
        };
    };
    let certificate = objective.certify(&theta);
    let convergence = Convergence {
        iterations: Some(iterations),
        gradient_norm: certificate.gradient_norm,
        objective: certificate.objective,
        reached: certificate.gradient_norm <= tol,
        reason,
    };
    (theta, convergence)
}

/// Preconditioned conjugate gradients on H s = -∇f, with its buffers.
///
/// With K >= 3 H does not see a common shift of all intercepts. -∇f has no part along it, so the
/// system stays solvable and the shift, whatever it is, changes no probability.
struct ConjugateGradients<'o, 'x> {
    objective: &'o Objective<'x>,
    /// s, shape of θ.
    solution: Vec<f64>,
    /// The logits of s, shape (n_samples, k).
    solution_moves: Vec<f64>,
    residual: Vec<f64>,
    /// The diagonal of H.
    diagonal: Vec<f64>,
    direction: Vec<f64>,
    direction_moves: Vec<f64>,
    product: Vec<f64>,
    scratch: Vec<f64>,
}

impl<'o, 'x> ConjugateGradients<'o, 'x> {
    fn new(objective: &'o Objective<'x>) -> Self {
        let parameters = || vec![0.0; objective.n_parameters()];
        let rows = || vec![0.0; objective.n_samples() * objective.n_outputs()];
        ConjugateGradients {
            objective,
            solution: parameters(),
            solution_moves: rows(),
            residual: parameters(),
            diagonal: parameters(),
            direction: parameters(),
            direction_moves: rows(),
            product: parameters(),
            scratch: rows(),
        }
    }

    /// Leaves s in `solution` and its logits in `solution_moves`.
    ///
    /// The farther from the optimum, the rougher: the residual, in the norm of the preconditioner, falls by
    /// min(0.3, √(gradient norm)), which makes Newton's convergence superlinear (Nocedal & Wright 2006,
    /// theorem 7.2), but never below what `tol` asks of the final gradient.
    fn solve(&mut self, derivatives: &Derivatives, damping: f64, gradient: &[f64], tol: f64) {
        let objective = self.objective;
        let probabilities = &derivatives.probabilities;
        objective.hessian_diagonal_into(
            probabilities,
            damping,
            &mut self.scratch,
            &mut self.diagonal,
        );
        // The intercept of a class that hardly any row believes in has next to no curvature.
        let floor = f64::EPSILON * objective.total_weight();
        for h in &mut self.diagonal {
            *h = h.max(floor);
        }
        self.solution.fill(0.0);
        self.solution_moves.fill(0.0);
        self.direction.fill(0.0);
        for (r, g) in self.residual.iter_mut().zip(gradient) {
            *r = -g;
        }
        let start = self.preconditioned_norm2();
        let forcing = objective.gradient_norm(gradient).sqrt().min(0.3);
        let mut norm2 = start;
        let mut previous = f64::INFINITY;
        for _ in 0..MAX_CG.min(2 * self.solution.len() + 10) {
            // direction = M⁻¹ residual + β direction
            let beta = norm2 / previous;
            for ((d, r), h) in self
                .direction
                .iter_mut()
                .zip(&self.residual)
                .zip(&self.diagonal)
            {
                *d = r / h + beta * *d;
            }
            objective.logits_into(&self.direction, &mut self.direction_moves);
            objective.hessian_product_into(
                probabilities,
                damping,
                &self.direction,
                &self.direction_moves,
                &mut self.scratch,
                &mut self.product,
            );
            let curvature = dot(&self.direction, &self.product);
            if curvature.is_nan() || curvature <= 0.0 {
                break;
            }
            let length = norm2 / curvature;
            add_scaled(&mut self.solution, length, &self.direction);
            add_scaled(&mut self.solution_moves, length, &self.direction_moves);
            add_scaled(&mut self.residual, -length, &self.product);
            previous = norm2;
            norm2 = self.preconditioned_norm2();
            if norm2 <= forcing * forcing * start
                || objective.gradient_norm(&self.residual) <= 0.1 * tol
            {
                break;
            }
        }
    }

    /// rᵀ M⁻¹ r.
    fn preconditioned_norm2(&self) -> f64 {
        let terms = self.residual.iter().zip(&self.diagonal);
        terms.map(|(r, h)| r * r / h).sum()
    }
}

fn add_scaled(to: &mut [f64], by: f64, what: &[f64]) {
    for (to, what) in to.iter_mut().zip(what) {
        *to += by * what;
    }
}

/// f along θ + t·s, from logits alone.
struct Line<'a, 'x> {
    objective: &'a Objective<'x>,
    logits: &'a [f64],
    moves: &'a [f64],
    /// D·D, D·S, S·S over the coefficients the penalty sees, D = W - W0.
    penalty_terms: [f64; 3],
    /// f at t = 0.
    start: f64,
}

impl<'a, 'x> Line<'a, 'x> {
    fn new(
        objective: &'a Objective<'x>,
        theta: &[f64],
        logits: &'a [f64],
        conjugate: &'a ConjugateGradients,
    ) -> Self {
        let (w, s) = (
            &*objective.deviation(theta),
            objective.penalized(&conjugate.solution),
        );
        Line {
            objective,
            logits,
            moves: &conjugate.solution_moves,
            penalty_terms: [dot(w, w), dot(w, s), dot(s, s)],
            start: objective.loss(logits) + objective.penalty(theta),
        }
    }

    /// f and its slope at step t.
    fn at(&self, t: f64) -> (f64, f64) {
        let mut logits = self.logits.to_vec();
        add_scaled(&mut logits, t, self.moves);
        let [ww, ws, ss] = self.penalty_terms;
        let l2 = self.objective.l2();
        let value = self.objective.loss(&logits) + 0.5 * l2 * (ww + t * (2.0 * ws + t * ss));
        let residuals = self.objective.derivatives(&logits).residuals;
        (value, dot(&residuals, self.moves) + l2 * (ws + t * ss))
    }

    /// The first of 1, 1/2, 1/4, ... that lowers f enough; `None` where none does. `slope` is ∇f·s.
    ///
    /// Enough is Armijo's test, or its derivative form where f changes by less than its rounding error.
    fn search(&self, slope: f64) -> Option<f64> {
        if slope.is_nan() || slope >= 0.0 {
            return None;
        }
        let mut t = 1.0;
        for _ in 0..MAX_HALVINGS {
            let (value, slope_there) = self.at(t);
            let armijo = value <= self.start + DECREASE * t * slope;
            let approximate = value <= self.start + ROUNDING * self.start.abs()
                && slope_there <= (2.0 * DECREASE - 1.0) * slope;
            if armijo || approximate {
                return Some(t);
            }
            t *= 0.5;
        }
        None
    }
}

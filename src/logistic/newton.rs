//! Truncated Newton: the default solver, on sparse rows.
//!
//! Each iteration solves H s = -∇f roughly by conjugate gradients, where H is the exact Hessian seen only
//! through products H·v, preconditioned with H's diagonal, and then walks along s as far as f falls enough.
//! f is convex and l2 > 0, so s always leads down, and the walk costs no product with X: the
//! logits change linearly along s. Near the optimum convergence is superlinear. Far from it, where every row
//! may be so sure of itself that H hardly bends, steps come out absurdly long; H is then damped
//! toward Böhning's bound, at which a full step cannot fail.
//!
//! Where a [`Curvature`](super::Curvature) is given, its factor is the preconditioner of the columns it knows, and H's diagonal that of the others.
//!
//! Sources: Lin, Weng & Keerthi (2008), "Trust region Newton method for large-scale logistic regression",
//! for Hessian-free products; Hsia, Chiang & Lin (2018), "Preconditioned conjugate gradient methods in
//! truncated Newton frameworks", for the diagonal preconditioner; Galli & Lin (2022), "A study on truncated
//! Newton methods for linear classification", for the line search in place of a trust region; Hager & Zhang
//! (2005), section 4, for the acceptance test where f's decrease drowns in rounding.

use super::objective::{Derivatives, Objective};
use super::products::{Real, dot, in_order};
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

/// Newton iterations that may look for their step in single precision.
const SINGLE_ITERATIONS: usize = 15;

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
    let mut at = objective.room();
    let mut steps = Steps::Single(ConjugateGradients::new(objective));
    let mut iterations = 0;
    let mut damping = 0.0;
    // θ and its gradient norm before a step that changed f by no more than rounding.
    let mut before_flat: Option<(Vec<f64>, f64)> = None;
    let (reason, certificate) = loop {
        objective.derivatives(&theta, &mut at);
        let gradient_norm = objective.gradient_norm(&at.gradient);
        let done = |reason| {
            let value = objective.loss(&at.logits) + objective.penalty(&theta);
            (reason, (value, gradient_norm))
        };
        if gradient_norm <= tol {
            break done(StopReason::Converged);
        }
        // Where f is flat to rounding Newton's method still divides the gradient many times over, until
        // rounding has that too and steps begin to do harm.
        if let Some((before, norm)) = before_flat.take()
            && gradient_norm > 0.5 * norm
        {
            if gradient_norm > norm {
                theta = before;
            }
            let certificate = objective.certify(&theta);
            let found = (certificate.objective, certificate.gradient_norm);
            break (StopReason::NoProgress, found);
        }
        if iterations == max_iter {
            break done(StopReason::MaxIter);
        }
        iterations += 1;
        if iterations > SINGLE_ITERATIONS {
            steps.in_double(objective);
        }
        let found = steps.next(&at, &theta, damping, tol);
        let found = match (found.step, &steps) {
            // What single precision cannot see double may.
            (None, Steps::Single(_)) => {
                steps.in_double(objective);
                steps.next(&at, &theta, damping, tol)
            }
            _ => found,
        };
        if let Some(step) = found.step {
            if -found.slope <= ROUNDING * found.start.abs() {
                before_flat = Some((theta.clone(), gradient_norm));
            }
            steps.walk(step, &mut theta);
        } else if damping == MAX_DAMPING {
            break done(StopReason::NoProgress);
        }
        damping = match found.step {
            Some(1.0) if damping <= MIN_DAMPING => 0.0,
            Some(1.0) => damping / DAMPING_FACTOR,
            Some(step) if step > SHORT_STEP => damping,
            _ => (damping * DAMPING_FACTOR).clamp(FIRST_DAMPING, MAX_DAMPING),
        };
    };
    let (value, gradient_norm) = certificate;
    let convergence = Convergence {
        iterations: Some(iterations),
        gradient_norm,
        objective: value,
        reached: gradient_norm <= tol,
        reason,
    };
    (theta, convergence)
}

/// Where Newton's steps come from.
///
/// A step need not be exact: whatever it is, θ, f and ∇f stay in double precision, and the next step corrects it. So
/// conjugate gradients run in single precision, which reads half as much memory and computes twice as many numbers at once (iterative
/// refinement in mixed precision; Higham & Mary 2022, "Mixed precision algorithms in numerical linear algebra", section 5), until
/// that finds no way down.
enum Steps<'o, 'x> {
    Single(ConjugateGradients<'o, 'x, f32>),
    Double(ConjugateGradients<'o, 'x, f64>),
}

/// What came of looking for a step.
struct Found {
    /// How far to walk along s; `None` where no length lowers f enough.
    step: Option<f64>,
    /// ∇f·s.
    slope: f64,
    /// f where the step begins.
    start: f64,
}

impl<'o, 'x> Steps<'o, 'x> {
    fn in_double(&mut self, objective: &'o Objective<'x>) {
        if let Steps::Single(_) = self {
            *self = Steps::Double(ConjugateGradients::new(objective));
        }
    }

    fn next(&mut self, at: &Derivatives, theta: &[f64], damping: f64, tol: f64) -> Found {
        match self {
            Steps::Single(conjugate) => conjugate.step(at, theta, damping, tol),
            Steps::Double(conjugate) => conjugate.step(at, theta, damping, tol),
        }
    }

    /// θ += step·s.
    fn walk(&self, step: f64, theta: &mut [f64]) {
        match self {
            Steps::Single(conjugate) => add_scaled(theta, step, &conjugate.solution),
            Steps::Double(conjugate) => add_scaled(theta, step, &conjugate.solution),
        }
    }
}

/// Preconditioned conjugate gradients on H s = -∇f, with its buffers.
///
/// With K >= 3 H does not see a common shift of all intercepts. -∇f has no part along it, so the
/// system stays solvable and the shift, whatever it is, changes no probability.
struct ConjugateGradients<'o, 'x, T> {
    objective: &'o Objective<'x>,
    probabilities: Vec<T>,
    /// s, shape of θ.
    solution: Vec<T>,
    /// The logits of s, shape (n_samples, stride).
    solution_moves: Vec<T>,
    residual: Vec<T>,
    /// 1 / the diagonal of H.
    inverse: Vec<T>,
    direction: Vec<T>,
    direction_moves: Vec<T>,
    product: Vec<T>,
    scratch: Vec<T>,
    /// M⁻¹ residual in the columns whose curvature is known, one output after the other; `inverse` is 0 there.
    known: Vec<f32>,
}

impl<'o, 'x, T: Real> ConjugateGradients<'o, 'x, T> {
    fn new(objective: &'o Objective<'x>) -> Self {
        let parameters = || vec![T::default(); objective.n_parameters()];
        let rows = || vec![T::default(); objective.n_rows()];
        ConjugateGradients {
            objective,
            probabilities: rows(),
            solution: parameters(),
            solution_moves: rows(),
            residual: parameters(),
            inverse: parameters(),
            direction: parameters(),
            direction_moves: rows(),
            product: parameters(),
            scratch: rows(),
            known: Vec::new(),
        }
    }

    /// Preconditions the residual in the columns whose curvature is known; their part of rᵀ M⁻¹ r.
    fn precondition_known(&mut self) -> f64 {
        let Some(known) = self.objective.known() else {
            return 0.0;
        };
        let (k, stride) = self.objective.widths();
        let n = known.rows.len();
        self.known.resize(k * n, 0.0);
        for (output, z) in self.known.chunks_exact_mut(n).enumerate() {
            for (z, row) in z.iter_mut().zip(&known.rows) {
                *z = row.map_or(0.0, |row| {
                    self.residual[row * stride + output].double() as f32
                });
            }
        }
        known.curvature.solve(&mut self.known);
        let mut sum = 0.0;
        for (output, z) in self.known.chunks_exact(n).enumerate() {
            for (&z, &row) in z.iter().zip(&known.rows) {
                sum += row.map_or(0.0, |row| {
                    self.residual[row * stride + output].double() * f64::from(z)
                });
            }
        }
        sum
    }

    /// The places in θ of the numbers in `known`.
    fn known_places(&self) -> impl Iterator<Item = Option<usize>> + use<'o, 'x, T> {
        let (k, stride) = self.objective.widths();
        let known = self.objective.known();
        (0..k).flat_map(move |output| {
            let rows = known.map_or(&[][..], |known| &known.rows);
            rows.iter()
                .map(move |row| row.map(|row| row * stride + output))
        })
    }

    /// Solves, and finds how far to walk along the solution.
    fn step(&mut self, at: &Derivatives, theta: &[f64], damping: f64, tol: f64) -> Found {
        let objective = self.objective;
        objective.probabilities_into(&at.logits, &mut self.probabilities);
        self.solve(damping, &at.gradient, tol);
        let line = Line::new(objective, theta, &at.logits, self);
        let products = at.gradient.iter().zip(&self.solution);
        let slope = products.map(|(g, s)| g * s.double()).sum();
        Found {
            step: line.search(slope),
            slope,
            start: line.start,
        }
    }

    /// Leaves s in `solution` and its logits in `solution_moves`.
    ///
    /// The farther from the optimum, the rougher: the residual, in the norm of the preconditioner, falls by
    /// min(0.3, (gradient norm)^0.7), which makes Newton's convergence superlinear (Nocedal & Wright 2006,
    /// theorem 7.2; powers of 0.5, 0.6 and 1 took longer on news), but not below what `tol` asks of the final gradient.
    fn solve(&mut self, damping: f64, gradient: &[f64], tol: f64) {
        let objective = self.objective;
        objective.hessian_diagonal_into(
            &self.probabilities,
            damping,
            &mut self.scratch,
            &mut self.inverse,
        );
        // The intercept of a class that hardly any row believes in has next to no curvature.
        let floor = f64::EPSILON * objective.total_weight();
        for h in &mut self.inverse {
            *h = T::of(1.0 / h.double().max(floor));
        }
        for place in self.known_places().flatten() {
            self.inverse[place] = T::default();
        }
        self.solution.fill(T::default());
        self.solution_moves.fill(T::default());
        self.direction.fill(T::default());
        for (r, g) in self.residual.iter_mut().zip(gradient) {
            *r = T::of(-g);
        }
        let terms = self.residual.iter().zip(&self.inverse);
        let start: f64 = terms
            .map(|(r, inverse)| r.double() * r.double() * inverse.double())
            .sum();
        let start = start + self.precondition_known();
        let forcing = objective.gradient_norm(gradient).powf(0.7).min(0.3);
        let enough = 0.3 * tol * objective.total_weight();
        let mut norm2 = start;
        let mut previous = f64::INFINITY;
        for _ in 0..MAX_CG.min(2 * self.solution.len() + 10) {
            self.turn(T::of(norm2 / previous));
            objective.hessian_product_into(
                &self.probabilities,
                damping,
                &self.direction,
                &mut self.direction_moves,
                &mut self.scratch,
                &mut self.product,
            );
            let curvature = dot(&self.direction, &self.product);
            if curvature.is_nan() || curvature <= 0.0 {
                break;
            }
            previous = norm2;
            let max;
            (norm2, max) = self.advance(T::of(norm2 / curvature));
            norm2 += self.precondition_known();
            if norm2 <= forcing * forcing * start || max <= enough {
                break;
            }
        }
    }

    /// direction = M⁻¹ residual + β direction.
    fn turn(&mut self, beta: T) {
        let parts = (self.direction.chunks_mut(CHUNK))
            .zip(self.residual.chunks(CHUNK))
            .zip(self.inverse.chunks(CHUNK));
        in_order(
            self.product.len() > WORTH_THREADS,
            parts,
            |((direction, residual), inverse)| {
                for ((d, &r), &inverse) in direction.iter_mut().zip(residual).zip(inverse) {
                    *d = r * inverse + beta * *d;
                }
            },
        );
        for (place, &z) in self.known_places().zip(&self.known) {
            if let Some(place) = place {
                self.direction[place] += T::of_single(z);
            }
        }
    }

    /// Walks `length` along the direction; rᵀ M⁻¹ r and the greatest |entry| of r there, r the residual.
    fn advance(&mut self, length: T) -> (f64, f64) {
        add_scaled(&mut self.solution_moves, length, &self.direction_moves);
        let parts = (self.solution.chunks_mut(CHUNK))
            .zip(self.residual.chunks_mut(CHUNK))
            .zip(self.direction.chunks(CHUNK))
            .zip(self.product.chunks(CHUNK))
            .zip(self.inverse.chunks(CHUNK));
        let found = in_order(
            self.product.len() > WORTH_THREADS,
            parts,
            |((((solution, residual), direction), product), inverse)| {
                for (s, &d) in solution.iter_mut().zip(direction) {
                    *s += length * d;
                }
                // In lanes, so that the compiler can vectorise sum and maximum.
                let (mut norm2, mut max) = ([T::default(); LANES], [T::default(); LANES]);
                let residual = residual.chunks_mut(LANES);
                let rest = product.chunks(LANES).zip(inverse.chunks(LANES));
                for (r, (p, inverse)) in residual.zip(rest) {
                    for (lane, ((r, &p), &inverse)) in r.iter_mut().zip(p).zip(inverse).enumerate()
                    {
                        *r = *r - length * p;
                        norm2[lane] += *r * *r * inverse;
                        let size = r.size();
                        max[lane] = if size > max[lane] { size } else { max[lane] };
                    }
                }
                let max = max.iter().fold(0.0, |max: f64, m| max.max(m.double()));
                (norm2.into_iter().sum::<T>().double(), max)
            },
        );
        (found.iter()).fold((0.0, 0.0), |(norm2, max), &(n, m)| {
            (norm2 + n, f64::max(max, m))
        })
    }
}

/// Numbers of a vector that one thread takes at a time.
const CHUNK: usize = 1 << 13;
/// Vectors longer than this are worth threads.
const WORTH_THREADS: usize = 1 << 17;
/// Sums that run side by side.
const LANES: usize = 8;

fn add_scaled<A: Real, B: Real>(to: &mut [A], by: A, what: &[B]) {
    for (to, what) in to.iter_mut().zip(what) {
        *to += by * A::of(what.double());
    }
}

/// f along θ + t·s, from logits alone.
struct Line<'a, 'x, T> {
    objective: &'a Objective<'x>,
    logits: &'a [f64],
    moves: &'a [T],
    /// D·D, D·S, S·S over the coefficients the penalty sees, D = W - W0.
    penalty_terms: [f64; 3],
    /// f at t = 0.
    start: f64,
}

impl<'a, 'x, T: Real> Line<'a, 'x, T> {
    fn new(
        objective: &'a Objective<'x>,
        theta: &[f64],
        logits: &'a [f64],
        conjugate: &'a ConjugateGradients<'_, '_, T>,
    ) -> Self {
        let w = &*objective.deviation(theta);
        let s = objective.penalized(&conjugate.solution);
        let (mut ws, mut ss) = (0.0, 0.0);
        for (w, s) in w.iter().zip(s) {
            ws += w * s.double();
            ss += s.double() * s.double();
        }
        Line {
            objective,
            logits,
            moves: &conjugate.solution_moves,
            penalty_terms: [dot(w, w), ws, ss],
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
        let slope = self.objective.slope(&logits, self.moves) + l2 * (ws + t * ss);
        (value, slope)
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

//! Intervals, tests and folds. Plain numbers in and out; no text, no model.

mod folds;
mod interval;
mod multiple;
mod permutation;
mod random;
mod round;

pub use folds::grouped_folds;
pub use interval::{
    Estimate, MIN_FOR_BOOTSTRAP, MIN_FOR_T, bootstrap_t_interval, mean, mean_interval,
    percentile_interval, t_interval, variance, welch_interval,
};
pub use multiple::holm;
pub use permutation::{PermutationTest, permutation_test, welch_t};
pub use random::stream;
pub use round::round6;

//! Intervals, tests, their power, agreement between coders, class shares under prior shift, and folds. Plain numbers in and out; no text, no model.

mod agreement;
mod folds;
mod groups;
mod interval;
mod labelled_sample;
mod log_odds;
mod multiple;
mod permutation;
mod power;
mod prior_shift;
mod proportion;
mod random;
mod rank;
mod round;
mod sign_flip;
mod two_samples;

pub use agreement::{
    ClusterBootstrap, Distance, KappaWeights, LabelSets, MAX_LABEL_SETS, MIN_CLUSTERS, cohen_kappa,
    fleiss_kappa, krippendorff_alpha, krippendorff_alpha_sets, masi_distance, percent_agreement,
};
pub use folds::grouped_folds;
pub use groups::{GroupTest, group_tests};
pub(crate) use interval::t_critical;
pub use interval::{
    Estimate, MIN_FOR_BOOTSTRAP, MIN_FOR_T, bootstrap_t_interval, mean, mean_interval,
    percentile_interval, t_interval, variance, weighted_mean_interval,
};
pub use labelled_sample::{
    LabelledUnit, PredictionPoweredMean, RectifiedMean, ScoredCluster, Tuning, Uncertainty,
    prediction_powered_mean, rectified_mean,
};
pub use log_odds::{LogOdds, PooledTerms, largest_z_of_draws};
pub use multiple::{draws_needed, holm, max_t};
pub use permutation::{PermutationTest, permutation_test, smallest_permutation_p, welch_t};
pub use power::{articles_needed, detectable_difference};
pub use prior_shift::shifted_priors;
pub use proportion::proportion_interval;
pub use random::stream;
pub use rank::{rank_correlation, ranks};
pub use round::round6;
pub use sign_flip::{sign_flip_test, smallest_sign_flip_p};
pub(crate) use two_samples::two_sided_p;
pub use two_samples::{bootstrap_t_p, difference_interval, welch_interval, welch_p};

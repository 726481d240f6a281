//! One group of articles against all others, for many groups at once.
//!
//! In: a value and a group an article. Out: one [`GroupTest`] a tested group. The hypothesis of a group is that its mean is the mean
//! of the pooled rest; the statistic is Welch's t, which keeps the level where sizes and spreads differ (Janssen 1997;
//! Chung & Romano 2013); what is permuted is the group labels of whole articles. One shuffle of all labels serves all groups, so the cost
//! does not grow with their number.
//!
//! That permutation keeps the level exactly where the groups are alike but for their mean, and only for large groups where they are not:
//! with few articles of unequal spread, skewed above all, it rejects too often. So p is the largest of three: the permutation's, Welch's t
//! test's, and bootstrap-t's (from five articles). It is right where any of them is; what that costs and gains is in docs/simulation.md.

use std::ops::Range;

use rand::seq::SliceRandom;
use rayon::prelude::*;

use crate::statistics::permutation::{MAX_EXACT, choose};
use crate::statistics::{bootstrap_t_p, mean, permutation_test, stream, welch_p, welch_t};

/// The fewest values in a group and in its rest.
const MIN_VALUES: usize = 3;

/// One group of articles against all others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroupTest {
    /// The group.
    pub group: usize,
    /// Its values.
    pub n: usize,
    /// All other values.
    pub n_rest: usize,
    /// Mean of the group minus mean of the rest.
    pub estimate: f64,
    /// Welch's t of that difference; infinite where neither side has any spread.
    pub t: f64,
    /// Two-sided p value, not adjusted: the largest of those of permutation, Welch's t test and bootstrap-t.
    pub p: f64,
    /// That of the permutation alone.
    pub p_permutation: f64,
    /// The smallest p value that these sizes allowed.
    pub p_smallest: f64,
    /// Whether all arrangements were enumerated.
    pub exact: bool,
}

/// Tests each of `tested` groups against the pooled rest; `values[i]` (finite) is of group `groups[i]`, 0 to `n_groups` - 1.
///
/// All arrangements are enumerated where they are few (at most 20,000, as [`permutation_test`] does), else p = (b + 1) / (m + 1) over
/// `n_draws` shuffles. Groups below three values, or with a rest below three, are left out. In the order of `tested`.
///
/// # Panics
/// Where `values` and `groups` differ in length.
pub fn group_tests(
    values: &[f64],
    groups: &[usize],
    n_groups: usize,
    tested: &[usize],
    n_draws: usize,
    seed: u64,
) -> Vec<GroupTest> {
    assert_eq!(values.len(), groups.len(), "a group for each value");
    let mut sizes = vec![0_usize; n_groups];
    for &group in groups {
        if let Some(size) = sizes.get_mut(group) {
            *size += 1;
        }
    }
    let has_enough = |&group: &usize| {
        let n = sizes.get(group).copied().unwrap_or(0);
        n >= MIN_VALUES && values.len() - n >= MIN_VALUES
    };
    let mut tests: Vec<GroupTest> = tested
        .iter()
        .copied()
        .filter(has_enough)
        .map(|group| observed(values, groups, group, n_draws))
        .collect();
    let shuffle = JointShuffle::new(values, groups);
    let drawn: Vec<usize> = (0..tests.len()).filter(|&i| !tests[i].exact).collect();
    let blocks: Vec<Range<usize>> = drawn
        .iter()
        .map(|&i| shuffle.block(tests[i].group))
        .collect();
    let as_extreme = shuffle.as_extreme(&blocks, n_draws, seed);
    for (&i, count) in drawn.iter().zip(as_extreme) {
        tests[i].p_permutation = (count as f64 + 1.0) / (n_draws as f64 + 1.0);
    }
    for test in &mut tests {
        let (inside, rest) = split(values, groups, test.group);
        let bootstrap = bootstrap_t_p(&inside, &rest, n_draws, seed.wrapping_add(1));
        let others = welch_p(&inside, &rest).max(bootstrap.unwrap_or(0.0));
        test.p = test.p_permutation.max(others);
        if bootstrap.is_some() {
            test.p_smallest = test.p_smallest.max(2.0 / (n_draws as f64 + 1.0));
        }
    }
    tests
}

/// The values of `group` and all others.
fn split(values: &[f64], groups: &[usize], group: usize) -> (Vec<f64>, Vec<f64>) {
    let (mut inside, mut rest) = (Vec::new(), Vec::new());
    for (&value, &of) in values.iter().zip(groups) {
        if of == group { &mut inside } else { &mut rest }.push(value);
    }
    (inside, rest)
}

/// The difference of `group` and its rest, with its exact p value where there is one, else 1 until it is drawn.
fn observed(values: &[f64], groups: &[usize], group: usize, n_draws: usize) -> GroupTest {
    let (inside, rest) = split(values, groups, group);
    let few = choose(values.len(), inside.len()) <= MAX_EXACT;
    let exact = if few {
        permutation_test(&inside, &rest, 0, 0)
    } else {
        None
    };
    GroupTest {
        group,
        n: inside.len(),
        n_rest: rest.len(),
        estimate: mean(&inside) - mean(&rest),
        t: welch_t(&inside, &rest),
        p: 1.0,
        p_permutation: exact.map_or(1.0, |test| test.p),
        p_smallest: exact.map_or(1.0 / (n_draws as f64 + 1.0), |test| test.smallest_p),
        exact: exact.is_some(),
    }
}

/// Values in the order of their groups, to be dealt anew to the groups' places.
struct JointShuffle {
    /// Centred, so that sums of squares keep their digits.
    values: Vec<f64>,
    /// The group of each place, ascending.
    groups: Vec<usize>,
    sum: f64,
    squares: f64,
}

impl JointShuffle {
    fn new(values: &[f64], groups: &[usize]) -> JointShuffle {
        let center = mean(values);
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by_key(|&i| groups[i]);
        let centred: Vec<f64> = order.iter().map(|&i| values[i] - center).collect();
        JointShuffle {
            groups: order.iter().map(|&i| groups[i]).collect(),
            sum: centred.iter().sum(),
            squares: centred.iter().map(|v| v * v).sum(),
            values: centred,
        }
    }

    /// The places of a group.
    fn block(&self, group: usize) -> Range<usize> {
        let start = self.groups.partition_point(|&g| g < group);
        start..self.groups.partition_point(|&g| g <= group)
    }

    /// How many of `n_draws` shuffles give each block at least the |t| it has. Counts are summed, so threads do not matter.
    fn as_extreme(&self, blocks: &[Range<usize>], n_draws: usize, seed: u64) -> Vec<u64> {
        if blocks.is_empty() {
            return Vec::new();
        }
        // Arrangements that differ only by rounding count as equally extreme.
        let reached: Vec<f64> = blocks
            .iter()
            .map(|block| self.abs_t(&self.values[block.clone()]) * (1.0 - 1e-9))
            .collect();
        (0..n_draws as u64)
            .into_par_iter()
            .fold(
                || (vec![0_u64; blocks.len()], self.values.clone()),
                |(mut counts, mut shuffled), draw| {
                    shuffled.copy_from_slice(&self.values);
                    shuffled.shuffle(&mut stream(seed, draw));
                    for ((count, block), &t) in counts.iter_mut().zip(blocks).zip(&reached) {
                        *count += u64::from(self.abs_t(&shuffled[block.clone()]) >= t);
                    }
                    (counts, shuffled)
                },
            )
            .map(|(counts, _)| counts)
            .reduce(
                || vec![0; blocks.len()],
                |a, b| a.iter().zip(&b).map(|(a, b)| a + b).collect(),
            )
    }

    /// |Welch's t| of `inside` against all other values, which need not be visited: their sums are the totals minus these.
    fn abs_t(&self, inside: &[f64]) -> f64 {
        let (mut sum, mut squares) = (0.0, 0.0);
        for &value in inside {
            sum += value;
            squares += value * value;
        }
        let n = inside.len() as f64;
        let n_rest = (self.values.len() - inside.len()) as f64;
        let (sum_rest, squares_rest) = (self.sum - sum, self.squares - squares);
        let difference = (sum / n - sum_rest / n_rest).abs();
        let error = (self.variance(n, sum, squares) / n
            + self.variance(n_rest, sum_rest, squares_rest) / n_rest)
            .sqrt();
        if difference <= 1e-12 {
            0.0
        } else if error == 0.0 {
            f64::INFINITY
        } else {
            difference / error
        }
    }

    /// The sample variance from sums; what is left of equal values by rounding is 0.
    fn variance(&self, n: f64, sum: f64, squares: f64) -> f64 {
        let rounding = 1e-12 * self.squares / self.values.len() as f64;
        let variance = (squares - sum * sum / n) / (n - 1.0);
        if variance <= rounding { 0.0 } else { variance }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use rand::Rng;

    #[test]
    fn exact_p_values_equal_scipy() {
        // scipy 1.17.1: permutation_test((group, rest), lambda a, b, axis: abs(ttest_ind(a, b, axis=axis, equal_var=False).statistic),
        // permutation_type="independent", alternative="greater", n_resamples=inf); t of ttest_ind(group, rest, equal_var=False).
        let values = [
            -0.42, -0.1, -0.35, -0.28, 0.05, 0.31, -0.12, 0.22, 0.4, 0.1, -0.05, 0.55, 0.0,
        ];
        let groups = [0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2];
        let expected = [
            (-0.449_722_222_222, -4.437_215_422_953, 0.004_195_804_196),
            (0.240_75, 1.679_839_081_207, 0.129_759_129_759),
            (0.182_222_222_222, 1.080_087_475_528, 0.318_881_118_881),
        ];
        let tests = group_tests(&values, &groups, 3, &[0, 1, 2], 0, 1);
        assert_eq!(tests.len(), 3);
        for (test, (estimate, t, p)) in tests.iter().zip(expected) {
            assert!(test.exact);
            assert!((test.estimate - estimate).abs() < 1e-6, "{test:?}");
            assert!((test.t - t).abs() < 1e-6, "{test:?}");
            assert!((test.p_permutation - p).abs() < 1e-6, "{test:?}");
            assert!(test.p >= test.p_permutation);
        }
    }

    fn sample(sizes: &[usize], shift: f64) -> (Vec<f64>, Vec<usize>) {
        let mut chance = stream(4, 0);
        let mut values = Vec::new();
        let mut groups = Vec::new();
        for (group, &size) in sizes.iter().enumerate() {
            for _ in 0..size {
                let shift = if group == 0 { shift } else { 0.0 };
                values.push(shift + chance.gen_range(-0.5..0.5));
                groups.push(group);
            }
        }
        (values, groups)
    }

    #[test]
    fn drawn_p_values_come_close_to_the_test_of_two() {
        let (values, groups) = sample(&[8, 12, 20], 0.2);
        let tests = group_tests(&values, &groups, 3, &[0, 2], 9_999, 3);
        for test in tests {
            let (mut a, mut b) = (Vec::new(), Vec::new());
            for (&value, &of) in values.iter().zip(&groups) {
                if of == test.group { &mut a } else { &mut b }.push(value);
            }
            let two = permutation_test(&a, &b, 9_999, 8).expect("enough values");
            assert!(!test.exact && !two.exact);
            let p = test.p_permutation;
            assert!((p - two.p).abs() < 0.02, "{p} {}", two.p);
            assert_eq!(test.p_smallest, 2.0 * two.smallest_p);
        }
    }

    #[test]
    fn the_order_of_articles_and_threads_does_not_move_the_sums() {
        let (values, groups) = sample(&[9, 11, 10, 10], 0.3);
        let all = group_tests(&values, &groups, 4, &[0, 1, 2, 3], 999, 3);
        let one = rayon::ThreadPoolBuilder::new()
            .num_threads(1)
            .build()
            .expect("one thread")
            .install(|| group_tests(&values, &groups, 4, &[0, 1, 2, 3], 999, 3));
        assert_eq!(all, one);
        // What else is tested does not matter.
        let some = group_tests(&values, &groups, 4, &[2], 999, 3);
        assert_eq!(some, [all[2]]);
    }

    #[test]
    fn small_groups_and_unknown_ones_are_left_out() {
        let (values, groups) = sample(&[2, 3, 6], 0.0);
        let tests = group_tests(&values, &groups, 3, &[0, 1, 2, 7], 99, 1);
        let found: Vec<usize> = tests.iter().map(|test| test.group).collect();
        assert_eq!(found, [1, 2]);
        assert!(group_tests(&values[..7], &[1; 7], 3, &[1], 99, 1).is_empty());
        assert!(group_tests(&[], &[], 0, &[], 99, 1).is_empty());
    }

    #[test]
    fn values_without_spread_give_p_of_one_or_the_smallest() {
        let groups: Vec<usize> = (0..60).map(|i| i / 20).collect();
        let same = group_tests(&[0.1; 60], &groups, 3, &[0, 1, 2], 199, 1);
        assert!(same.iter().all(|test| test.p == 1.0 && test.t == 0.0));
        let apart: Vec<f64> = groups
            .iter()
            .map(|&g| if g == 0 { 0.3 } else { 0.1 })
            .collect();
        let tests = group_tests(&apart, &groups, 3, &[0], 199, 1);
        assert_eq!(tests[0].p, tests[0].p_smallest);
        assert!(tests[0].t.is_infinite());
    }
}

//! How far coders agree: Krippendorff's alpha, Cohen's and Fleiss' kappa, shares of agreeing pairs, and their intervals.
//!
//! In: one row a unit (a sentence, say), one cell a coder, `None` where the coder did not rate it; rows may differ in length, for only the
//! values of a unit count, not who gave them. Any slice of slices will do: `&[Vec<Option<usize>>]`, `&[&Vec<..>]`, `&[[Option<usize>; 2]]`.
//! Out: 1 where all agree, 0 where they agree as chance would, below 0 where less; `None` where there is nothing to measure by, above all
//! where every value is the same: coders who always say "neutral" have shown nothing, so their agreement is not 1.
//!
//! Which one where: alpha for any number of coders and with gaps; kappa beside it because readers know it.
//! Sources: Krippendorff (2011) "Computing Krippendorff's Alpha-Reliability"; Cohen (1960, 1968); Fleiss (1971); Passonneau (2006) for sets.

use std::collections::{BTreeMap, BTreeSet};

use rand::Rng;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::statistics::{percentile_interval, stream};

/// The fewest clusters an interval of agreement is given for.
///
/// Simulated articles of five sentences, two coders, alpha 0.4 to 0.7: intervals of nominal 0.95 hold the truth in 0.86 to 0.91 of cases at 10
/// articles, 0.90 to 0.93 at 20, about 0.94 from 40. Below some 40 they are a little too narrow.
pub const MIN_CLUSTERS: usize = 10;

/// The most distinct sets [`LabelSets`] holds; their distances take 67 MB then.
pub const MAX_LABEL_SETS: usize = 4096;

/// How far apart two values are; squared, as in Krippendorff (2011), section E.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distance {
    /// Equal or not.
    Nominal,
    /// The number of ratings between the two, half of their own included: what values are called does not matter, only their order.
    Ordinal,
    /// The difference of the values as numbers; -1, 0, +1 may be given as 0, 1, 2.
    Interval,
}

/// What a disagreement costs in [`cohen_kappa`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KappaWeights {
    /// Every disagreement the same.
    Unweighted,
    /// The difference of the values.
    Linear,
    /// The difference of the values, squared.
    Quadratic,
}

/// Krippendorff's alpha of `units` (n_units x coders), whose values are `0..n_values` in their order.
///
/// Units with fewer than two ratings do not count. `None` where fewer than two different values are left (there is no expected disagreement)
/// and where a value is not below `n_values`. Time: linear in ratings, at most `n_values` steps a rating.
pub fn krippendorff_alpha<U: AsRef<[Option<usize>]>>(
    units: &[U],
    n_values: usize,
    distance: Distance,
) -> Option<f64> {
    let counts = pairable_counts(units, n_values)?;
    match distance {
        Distance::Nominal => alpha(units, &counts, |_, _| 1.0),
        Distance::Ordinal => {
            let ranks = mid_ranks(&counts);
            alpha(units, &counts, |c, k| (ranks[c] - ranks[k]).powi(2))
        }
        Distance::Interval => alpha(units, &counts, |c, k| (c as f64 - k as f64).powi(2)),
    }
}

/// Krippendorff's alpha of `units` whose values are sets of labels, by the MASI distance ([`masi_distance`]).
///
/// `None` as for [`krippendorff_alpha`] and beyond [`MAX_LABEL_SETS`]. For resampling, see [`LabelSets`].
pub fn krippendorff_alpha_sets<U: AsRef<[Option<BTreeSet<usize>>]>>(units: &[U]) -> Option<f64> {
    let sets = LabelSets::new(units)?;
    sets.alpha(sets.units())
}

/// Units whose values are sets of labels, each distinct set a number, with the distances between them: computed once, used in each resample.
#[derive(Debug, Clone)]
pub struct LabelSets {
    units: Vec<Vec<Option<usize>>>,
    n_sets: usize,
    /// MASI distances of sets c < k, at k (k - 1) / 2 + c.
    distances: Vec<f64>,
}

impl LabelSets {
    /// `None` where there are more than [`MAX_LABEL_SETS`] distinct sets, for time and memory grow with their square.
    pub fn new<U: AsRef<[Option<BTreeSet<usize>>]>>(units: &[U]) -> Option<LabelSets> {
        let mut numbers: BTreeMap<&BTreeSet<usize>, usize> = BTreeMap::new();
        let mut sets = Vec::new();
        let mut number = |set| {
            *numbers.entry(set).or_insert_with(|| {
                sets.push(set);
                sets.len() - 1
            })
        };
        let units: Vec<Vec<Option<usize>>> = units
            .iter()
            .map(|unit| unit.as_ref().iter())
            .map(|unit| unit.map(|set| set.as_ref().map(&mut number)).collect())
            .collect();
        if sets.len() > MAX_LABEL_SETS {
            return None;
        }
        let distances = (0..sets.len())
            .flat_map(|k| (0..k).map(move |c| (c, k)))
            .map(|(c, k)| masi_distance(sets[c], sets[k]))
            .collect();
        Some(LabelSets {
            units,
            n_sets: sets.len(),
            distances,
        })
    }

    /// The units in their order, each set as its number.
    pub fn units(&self) -> &[Vec<Option<usize>>] {
        &self.units
    }

    /// Krippendorff's alpha of `units`, which are those of [`LabelSets::units`] or a resample of them; `None` as for [`krippendorff_alpha`].
    pub fn alpha<U: AsRef<[Option<usize>]>>(&self, units: &[U]) -> Option<f64> {
        let counts = pairable_counts(units, self.n_sets)?;
        alpha(units, &counts, |c, k| {
            let (low, high) = (c.min(k), c.max(k));
            self.distances[high * (high - 1) / 2 + low]
        })
    }
}

/// The distance of two sets of labels, 0 to 1: 1 - J M (Passonneau 2006).
///
/// J is Jaccard's coefficient; M is 1 for equal sets, 2/3 where one holds the other, 1/3 where they overlap, 0 where they share nothing. Two
/// empty sets are equal; an empty one beside another is as far from it as can be.
pub fn masi_distance(a: &BTreeSet<usize>, b: &BTreeSet<usize>) -> f64 {
    if a == b {
        return 0.0;
    }
    let n_common = a.intersection(b).count();
    let jaccard = n_common as f64 / (a.len() + b.len() - n_common) as f64;
    let one_holds_the_other = n_common == a.len().min(b.len());
    let monotonicity = if one_holds_the_other { 2.0 } else { 1.0 } / 3.0;
    1.0 - jaccard * monotonicity
}

/// Share of agreeing pairs among all pairs of ratings of the same unit, 0 to 1; `None` without pairs.
///
/// A unit with many coders has many pairs and weighs accordingly. Chance is not taken out.
pub fn percent_agreement<T: Ord, U: AsRef<[Option<T>]>>(units: &[U]) -> Option<f64> {
    let (mut n_agreeing, mut n_pairs) = (0.0, 0.0);
    for unit in units {
        let mut values: Vec<&T> = unit.as_ref().iter().flatten().collect();
        // Equal values side by side: counting them is quick where comparing each with each is not.
        values.sort_unstable();
        n_pairs += pairs_of(values.len() as f64);
        n_agreeing += values
            .chunk_by(|a, b| a == b)
            .map(|equal| pairs_of(equal.len() as f64))
            .sum::<f64>();
    }
    (n_pairs > 0.0).then(|| n_agreeing / n_pairs)
}

/// Cohen's kappa of two coders, who both rated every unit: `a` and `b` (n_units) hold values `0..n_values` in their order.
///
/// kappa = 1 - sum(w o) / sum(w e), with weights w, the observed table o, and e that of the coders' own shares (Cohen 1968). `None` where
/// both gave one and the same value throughout, where the lengths differ, and where a value is not below `n_values`.
pub fn cohen_kappa(
    a: &[usize],
    b: &[usize],
    n_values: usize,
    weights: KappaWeights,
) -> Option<f64> {
    if a.len() != b.len() {
        return None;
    }
    let (of_a, of_b) = (value_counts(a, n_values)?, value_counts(b, n_values)?);
    let cost = |i: usize, j: usize| match weights {
        KappaWeights::Unweighted => f64::from(u8::from(i != j)),
        KappaWeights::Linear => i.abs_diff(j) as f64,
        KappaWeights::Quadratic => (i.abs_diff(j) as f64).powi(2),
    };
    let observed: f64 = a.iter().zip(b).map(|(&i, &j)| cost(i, j)).sum();
    let mut expected = 0.0;
    for i in occurring(&of_a) {
        for j in occurring(&of_b) {
            expected += cost(i, j) * of_a[i] * of_b[j];
        }
    }
    (expected > 0.0).then(|| 1.0 - a.len() as f64 * observed / expected)
}

/// Fleiss' kappa: `counts` (n_units x n_values) says how many raters gave the unit each value (Fleiss 1971).
///
/// `None` unless every unit has the same number of raters, two or more, and where all gave one value.
pub fn fleiss_kappa<C: AsRef<[usize]>>(counts: &[C]) -> Option<f64> {
    let first = counts.first()?.as_ref();
    let n_raters = first.iter().map(|&n| n as f64).sum::<f64>();
    let mut totals = vec![0.0; first.len()];
    let mut n_agreeing = 0.0;
    for unit in counts.iter().map(C::as_ref) {
        if unit.len() != totals.len() || unit.iter().map(|&n| n as f64).sum::<f64>() != n_raters {
            return None;
        }
        for (total, &n) in totals.iter_mut().zip(unit) {
            *total += n as f64;
            n_agreeing += pairs_of(n as f64);
        }
    }
    if n_raters < 2.0 || occurring(&totals).count() < 2 {
        return None;
    }
    let n_units = counts.len() as f64;
    let observed = n_agreeing / (n_units * pairs_of(n_raters));
    let by_chance: f64 = totals
        .iter()
        .map(|n| (n / (n_units * n_raters)).powi(2))
        .sum();
    Some((observed - by_chance) / (1.0 - by_chance))
}

/// Intervals by drawing whole clusters (articles) anew, with replacement: ratings of sentences of one article are not independent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClusterBootstrap {
    /// Share of the draws inside the interval, such as 0.95.
    pub level: f64,
    /// Number of draws.
    pub n_draws: usize,
    /// Draw i comes from [`stream`] `(seed, i)`.
    pub seed: u64,
}

impl ClusterBootstrap {
    /// The middle `level` of `statistic` over the draws; `clusters` (n_units) tells the cluster of each unit.
    ///
    /// `None` below [`MIN_CLUSTERS`] clusters, where `statistic` is undefined in more than half of the draws, and where the lengths differ.
    /// Leave out units that nobody or only one coder rated: they tell nothing, yet their clusters would count. Where coders never disagree
    /// every draw is 1, and so are both ends: a bootstrap cannot know of what was not seen.
    pub fn interval<'u, U: Sync>(
        &self,
        units: &'u [U],
        clusters: &[usize],
        statistic: impl Fn(&[&'u U]) -> Option<f64> + Sync,
    ) -> Option<(f64, f64)> {
        if units.len() != clusters.len() {
            return None;
        }
        let groups = by_cluster(units, clusters);
        if groups.len() < MIN_CLUSTERS {
            return None;
        }
        let draws: Vec<Option<f64>> = (0..self.n_draws as u64)
            .into_par_iter()
            .map(|draw| {
                let mut chance = stream(self.seed, draw);
                let drawn: Vec<&U> = (0..groups.len())
                    .flat_map(|_| groups[chance.gen_range(0..groups.len())].iter().copied())
                    .collect();
                statistic(&drawn)
            })
            .collect();
        percentile_interval(&draws, self.level)
    }
}

/// Units by cluster, clusters in order of their first unit.
fn by_cluster<'u, U>(units: &'u [U], clusters: &[usize]) -> Vec<Vec<&'u U>> {
    let mut place: FxHashMap<usize, usize> = FxHashMap::default();
    let mut groups: Vec<Vec<&U>> = Vec::new();
    for (unit, &cluster) in units.iter().zip(clusters) {
        let at = *place.entry(cluster).or_insert(groups.len());
        if at == groups.len() {
            groups.push(Vec::new());
        }
        groups[at].push(unit);
    }
    groups
}

/// How often each value occurs in units with two ratings or more: the margins n_c of the coincidence matrix.
fn pairable_counts<U: AsRef<[Option<usize>]>>(units: &[U], n_values: usize) -> Option<Vec<f64>> {
    let mut counts = vec![0.0; n_values];
    for unit in units.iter().map(U::as_ref) {
        let is_pairable = unit.iter().flatten().nth(1).is_some();
        for &value in unit.iter().flatten() {
            *counts.get_mut(value)? += f64::from(u8::from(is_pairable));
        }
    }
    Some(counts)
}

/// How often each value occurs; `None` where one is not below `n_values`.
fn value_counts(values: &[usize], n_values: usize) -> Option<Vec<f64>> {
    let mut counts = vec![0.0; n_values];
    for &value in values {
        *counts.get_mut(value)? += 1.0;
    }
    Some(counts)
}

/// The middle rank of the ratings of each value; the ordinal distance of two values is the square of the difference.
fn mid_ranks(counts: &[f64]) -> Vec<f64> {
    let mut n_below = 0.0;
    counts
        .iter()
        .map(|n| {
            n_below += n;
            n_below - n / 2.0
        })
        .collect()
}

/// alpha = 1 - (n - 1) sum(o_ck d_ck) / sum(n_c n_k d_ck) over values c < k, with coincidences o and their margins n.
///
/// A unit of m ratings adds n_uc n_uk / (m - 1) to o_ck. The cells are weighted with their distances as they come, so that the matrix,
/// large where values are sets of labels, need not be held.
fn alpha<U: AsRef<[Option<usize>]>>(
    units: &[U],
    counts: &[f64],
    distance: impl Fn(usize, usize) -> f64,
) -> Option<f64> {
    let values: Vec<usize> = occurring(counts).collect();
    let expected = weighted_pairs(&values, counts, &distance);
    // Exactly 0 with fewer than two values, for distances between different values are above 0.
    if expected == 0.0 {
        return None;
    }
    let mut observed = 0.0;
    let mut of_unit = vec![0.0; counts.len()];
    let mut values = Vec::new();
    for unit in units {
        let mut n_ratings = 0.0;
        for &value in unit.as_ref().iter().flatten() {
            if of_unit[value] == 0.0 {
                values.push(value);
            }
            of_unit[value] += 1.0;
            n_ratings += 1.0;
        }
        // Units of one value, most of them, cost nothing more; single ratings are among them.
        if values.len() > 1 {
            observed += weighted_pairs(&values, &of_unit, &distance) / (n_ratings - 1.0);
        }
        for value in values.drain(..) {
            of_unit[value] = 0.0;
        }
    }
    let n: f64 = counts.iter().sum();
    Some(1.0 - (n - 1.0) * observed / expected)
}

/// Sum over pairs of different values of n_c n_k d_ck.
fn weighted_pairs(
    values: &[usize],
    counts: &[f64],
    distance: &impl Fn(usize, usize) -> f64,
) -> f64 {
    let mut sum = 0.0;
    for (i, &c) in values.iter().enumerate() {
        for &k in &values[..i] {
            sum += counts[c] * counts[k] * distance(c, k);
        }
    }
    sum
}

/// Values that occur, ascending.
fn occurring(counts: &[f64]) -> impl Iterator<Item = usize> {
    (0..counts.len()).filter(|&value| counts[value] > 0.0)
}

/// Pairs among `n` things.
fn pairs_of(n: f64) -> f64 {
    n * (n - 1.0) / 2.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::statistics::mean;

    type Unit = Vec<Option<usize>>;

    const DISTANCES: [Distance; 3] = [Distance::Nominal, Distance::Ordinal, Distance::Interval];

    fn assert_close(ours: Option<f64>, reference: f64) {
        let ours = ours.expect("defined");
        assert!((ours - reference).abs() < 1e-9, "{ours} is not {reference}");
    }

    fn alphas(units: &[Unit], n_values: usize) -> [Option<f64>; 3] {
        DISTANCES.map(|distance| krippendorff_alpha(units, n_values, distance))
    }

    /// The generator with which the reference programs were fed: `draw(n)` is in `0..n`.
    fn generator(mut state: usize) -> impl FnMut(usize) -> usize {
        move |n| {
            state = (state * 1_103_515_245 + 12_345) % (1 << 31);
            (state >> 16) % n
        }
    }

    /// Coders who miss one unit in ten, see what is there six times in ten and else guess.
    fn ratings(seed: usize, n_units: usize, n_coders: usize, n_values: usize) -> Vec<Unit> {
        let mut draw = generator(seed);
        let mut unit = || {
            let truth = draw(n_values);
            (0..n_coders)
                .map(|_| match draw(10) {
                    0 => None,
                    1..=6 => Some(truth),
                    _ => Some(draw(n_values)),
                })
                .collect()
        };
        (0..n_units).map(|_| unit()).collect()
    }

    /// Likewise with sets of labels, drawn as the bits of a number: the one that is there, one with a label more, or any.
    fn set_ratings(
        seed: usize,
        n_units: usize,
        n_coders: usize,
        n_labels: usize,
    ) -> Vec<Vec<Option<BTreeSet<usize>>>> {
        let n_sets = (1 << n_labels) - 1;
        let mut draw = generator(seed);
        let mut unit = || {
            let truth = draw(n_sets) + 1;
            (0..n_coders)
                .map(|_| match draw(10) {
                    0 => None,
                    1..=4 => Some(truth),
                    5 | 6 => Some(truth | (1 << draw(n_labels))),
                    _ => Some(draw(n_sets) + 1),
                })
                .map(|bits: Option<usize>| {
                    bits.map(|bits| (0..n_labels).filter(|l| bits >> l & 1 == 1).collect())
                })
                .collect()
        };
        (0..n_units).map(|_| unit()).collect()
    }

    /// Krippendorff (2011), section C: four coders, twelve units, values 1 to 5; 0 is a gap.
    fn krippendorffs_example() -> Vec<Unit> {
        let coders = [
            [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
            [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
            [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
            [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
        ];
        (0..12)
            .map(|unit| {
                coders
                    .map(|coder| usize::checked_sub(coder[unit], 1))
                    .to_vec()
            })
            .collect()
    }

    #[test]
    fn alpha_equals_reference() {
        // PyPI krippendorff 0.9.0: alpha(reliability_data=coders x units, value_domain=range(n_values), level_of_measurement=...).
        // The first row is 0.743, 0.815, 0.849 in the paper.
        let rows = [
            (
                krippendorffs_example(),
                5,
                [0.743421052631579, 0.8153875037548814, 0.8491071428571428],
            ),
            (
                ratings(1, 40, 3, 3),
                3,
                [0.4747474747474748, 0.3483108822426083, 0.3366045142296369],
            ),
            (
                ratings(2, 60, 2, 3),
                3,
                [
                    0.44938505203405854,
                    0.33626737356696557,
                    0.34665469241131563,
                ],
            ),
            (
                ratings(3, 25, 6, 5),
                5,
                [0.47560186578393016, 0.4785317496540539, 0.48599816569856313],
            ),
        ];
        for (units, n_values, expected) in rows {
            for (ours, reference) in alphas(&units, n_values).into_iter().zip(expected) {
                assert_close(ours, reference);
            }
        }
    }

    #[test]
    fn alpha_worked_by_hand() {
        // Units 00, 01, 11: n_0 = n_1 = 3, o_01 = 1, so alpha = 1 - 5 * 1 / (3 * 3).
        let units = [[0, 0], [0, 1], [1, 1]].map(|unit| unit.map(Some));
        assert_close(
            krippendorff_alpha(&units, 2, Distance::Nominal),
            1.0 - 5.0 / 9.0,
        );
    }

    #[test]
    fn alpha_of_sets_equals_reference() {
        // nltk 3.10.4: AnnotationTask([(coder, unit, frozenset(labels)), ...], distance=masi_distance).alpha(); 15 and 63 distinct sets
        assert_close(
            krippendorff_alpha_sets(&set_ratings(11, 40, 3, 4)),
            0.3771097222686406,
        );
        assert_close(
            krippendorff_alpha_sets(&set_ratings(12, 100, 4, 6)),
            0.3507652266440019,
        );
    }

    #[test]
    fn masi_distances_worked_by_hand() {
        let rows: [(&[usize], &[usize], f64); 7] = [
            (&[1, 2], &[1, 2], 0.0),
            (&[1, 2], &[1, 2, 3, 4], 1.0 - 0.5 * 2.0 / 3.0),
            (&[1, 2], &[2, 3], 1.0 - 1.0 / 9.0),
            (&[1, 2], &[3], 1.0),
            (&[7], &[7, 9], 1.0 - 0.5 * 2.0 / 3.0),
            // nltk divides by zero here.
            (&[], &[], 0.0),
            (&[], &[1], 1.0),
        ];
        for (a, b, expected) in rows {
            let (a, b) = (a.iter().copied().collect(), b.iter().copied().collect());
            assert_close(Some(masi_distance(&a, &b)), expected);
            assert_close(Some(masi_distance(&b, &a)), expected);
        }
    }

    #[test]
    fn sets_of_one_label_are_nominal_values() {
        let units = ratings(4, 30, 4, 4);
        let sets: Vec<Vec<_>> = units
            .iter()
            .map(|unit| unit.iter().map(|v| v.map(|v| BTreeSet::from([v]))))
            .map(Iterator::collect)
            .collect();
        let nominal = krippendorff_alpha(&units, 4, Distance::Nominal);
        assert_close(krippendorff_alpha_sets(&sets), nominal.expect("defined"));
        assert_eq!(percent_agreement(&sets), percent_agreement(&units));
    }

    #[test]
    fn agreeing_pairs_are_those_found_one_by_one() {
        // Counted with itertools.combinations in Python.
        assert_close(percent_agreement(&ratings(1, 40, 3, 3)), 65.0 / 96.0);
        assert_close(percent_agreement(&ratings(2, 60, 2, 3)), 31.0 / 49.0);
        assert_close(percent_agreement(&ratings(3, 25, 6, 5)), 168.0 / 284.0);
    }

    #[test]
    fn cohen_kappa_equals_reference() {
        // scikit-learn 1.9.1: cohen_kappa_score(a, b, labels=range(n_values), weights=None | "linear" | "quadratic"), units without gaps
        let rows = [
            (
                ratings(2, 60, 2, 3),
                3,
                [0.44702194357366776, 0.3945080091533181, 0.3447251114413076],
            ),
            (
                ratings(5, 80, 2, 5),
                5,
                [0.4691244239631336, 0.42401888462673354, 0.3780404637417595],
            ),
        ];
        let weights = [
            KappaWeights::Unweighted,
            KappaWeights::Linear,
            KappaWeights::Quadratic,
        ];
        for (units, n_values, expected) in rows {
            let (a, b): (Vec<usize>, Vec<usize>) =
                units.iter().filter_map(|u| u[0].zip(u[1])).unzip();
            for (weights, reference) in weights.into_iter().zip(expected) {
                assert_close(cohen_kappa(&a, &b, n_values, weights), reference);
            }
        }
    }

    #[test]
    fn fleiss_kappa_equals_reference() {
        // statsmodels 0.15.0: fleiss_kappa(counts, method="fleiss")
        let table = |seed, n_units, n_raters, n_values| -> Vec<Vec<usize>> {
            let mut draw = generator(seed);
            let mut unit = || {
                let truth = draw(n_values);
                let mut counts = vec![0; n_values];
                for _ in 0..n_raters {
                    let value = if draw(10) <= 5 { truth } else { draw(n_values) };
                    counts[value] += 1;
                }
                counts
            };
            (0..n_units).map(|_| unit()).collect()
        };
        assert_close(fleiss_kappa(&table(7, 30, 4, 3)), 0.35153583617747447);
        assert_close(fleiss_kappa(&table(8, 50, 5, 6)), 0.3026567315569774);
    }

    #[test]
    fn agreement_is_undefined_without_two_values_or_pairs() {
        let rows: [(&str, Vec<Unit>); 5] = [
            ("no units", vec![]),
            ("no coders", vec![vec![], vec![]]),
            ("one coder", vec![vec![Some(0)], vec![Some(1)]]),
            (
                "never the same unit",
                vec![vec![Some(0), None], vec![None, Some(1)]],
            ),
            (
                "all alike where there are pairs",
                vec![vec![Some(1), Some(1)], vec![Some(0), None]],
            ),
        ];
        for (name, units) in rows {
            assert_eq!(alphas(&units, 2), [None; 3], "{name}");
        }
        assert_eq!(percent_agreement(&[[Some(0), None], [None, Some(1)]]), None);
        assert_eq!(percent_agreement(&[[Some(1), Some(1)]]), Some(1.0));
        assert_eq!(
            krippendorff_alpha_sets::<Vec<Option<BTreeSet<usize>>>>(&[]),
            None
        );
        let equal = [Some(BTreeSet::from([1])), Some(BTreeSet::from([1]))];
        assert_eq!(krippendorff_alpha_sets(&[equal]), None);
    }

    #[test]
    fn kappas_are_undefined_without_two_values_or_raters() {
        let kappa = |a: &[usize], b: &[usize]| cohen_kappa(a, b, 2, KappaWeights::Unweighted);
        assert_eq!(kappa(&[], &[]), None);
        assert_eq!(kappa(&[1, 1], &[1, 1]), None);
        assert_eq!(kappa(&[1, 0], &[1]), None);
        // Two coders who each know one value, not the same: no agreement, none expected.
        assert_close(kappa(&[1, 1], &[0, 0]), 0.0);
        assert_eq!(fleiss_kappa::<Vec<usize>>(&[]), None);
        assert_eq!(fleiss_kappa(&[[1, 0], [0, 1]]), None, "one rater");
        assert_eq!(fleiss_kappa(&[[3, 0], [3, 0]]), None, "one value");
        assert_eq!(fleiss_kappa(&[[3, 0], [1, 1]]), None, "unequal raters");
        assert_eq!(fleiss_kappa(&[vec![3, 0], vec![3]]), None, "unequal rows");
        assert_close(fleiss_kappa(&[[3, 0], [0, 3]]), 1.0);
    }

    #[test]
    fn values_out_of_range_are_undefined() {
        let units = [[Some(0), Some(3)], [Some(1), Some(1)]];
        assert_eq!(krippendorff_alpha(&units, 3, Distance::Nominal), None);
        assert_eq!(cohen_kappa(&[0, 3], &[0, 1], 3, KappaWeights::Linear), None);
    }

    #[test]
    fn more_distinct_sets_than_can_be_held_are_undefined() {
        let units = |n: usize| -> Vec<_> {
            (0..n)
                .map(|label| [Some(BTreeSet::from([label])), None])
                .collect()
        };
        assert!(LabelSets::new(&units(MAX_LABEL_SETS)).is_some());
        assert!(LabelSets::new(&units(MAX_LABEL_SETS + 1)).is_none());
    }

    const BOOTSTRAP: ClusterBootstrap = ClusterBootstrap {
        level: 0.95,
        n_draws: 999,
        seed: 3,
    };

    /// 300 articles of 1 to 3 sentences, all sentences of an article the same.
    fn clustered() -> (Vec<Unit>, Vec<usize>) {
        let articles = ratings(6, 300, 2, 3);
        (0..articles.len())
            .flat_map(|article| vec![article; 1 + article % 3])
            .map(|article| (articles[article].clone(), article))
            .filter(|(unit, _)| !unit.contains(&None))
            .unzip()
    }

    #[test]
    fn the_interval_of_a_share_has_the_width_that_theory_gives_it() {
        let (units, clusters) = clustered();
        let (low, high) = BOOTSTRAP
            .interval(&units, &clusters, percent_agreement)
            .expect("enough clusters");
        // The ratio estimator's standard error (Cochran 1977, section 2.11), clusters as the units of sampling.
        let share = percent_agreement(&units).expect("pairs");
        let residuals: Vec<f64> = by_cluster(&units, &clusters)
            .iter()
            .map(|cluster| {
                cluster
                    .iter()
                    .map(|u| f64::from(u8::from(u[0] == u[1])) - share)
            })
            .map(Iterator::sum)
            .collect();
        let n = residuals.len() as f64;
        let size = units.len() as f64 / n;
        let squares: Vec<f64> = residuals.iter().map(|r| r * r).collect();
        let error = (mean(&squares) / n).sqrt() / size;
        assert!((low - (share - 1.96 * error)).abs() < 0.1 * error);
        assert!((high - (share + 1.96 * error)).abs() < 0.1 * error);
    }

    #[test]
    fn sentences_of_one_article_are_not_counted_as_independent() {
        let (units, clusters) = clustered();
        let alpha = |drawn: &[&Unit]| krippendorff_alpha(drawn, 3, Distance::Interval);
        let width = |clusters: &[usize]| {
            let (low, high) = BOOTSTRAP
                .interval(&units, clusters, alpha)
                .expect("enough clusters");
            high - low
        };
        let each_alone: Vec<usize> = (0..units.len()).collect();
        assert!(width(&clusters) > 1.2 * width(&each_alone));
    }

    #[test]
    fn the_interval_is_the_same_whatever_the_threads() {
        let (units, clusters) = clustered();
        let sets = set_ratings(9, units.len(), 3, 3);
        let sets = LabelSets::new(&sets).expect("few sets");
        let interval = || BOOTSTRAP.interval(sets.units(), &clusters, |drawn| sets.alpha(drawn));
        let one_thread = rayon::ThreadPoolBuilder::new()
            .num_threads(1)
            .build()
            .expect("one thread");
        let (low, high) = interval().expect("enough clusters");
        assert_eq!(one_thread.install(interval), Some((low, high)));
        let alpha = sets.alpha(sets.units()).expect("defined");
        assert!(low < alpha && alpha < high);
    }

    #[test]
    fn few_clusters_have_no_interval() {
        let units = ratings(1, 40, 3, 3);
        let clusters = |n: usize| -> Vec<usize> { (0..40).map(|unit| unit % n).collect() };
        let interval = |clusters: &[usize]| BOOTSTRAP.interval(&units, clusters, percent_agreement);
        assert_eq!(interval(&clusters(MIN_CLUSTERS - 1)), None);
        assert!(interval(&clusters(MIN_CLUSTERS)).is_some());
        assert_eq!(interval(&clusters(MIN_CLUSTERS)[1..]), None);
    }

    #[test]
    fn coders_who_never_disagree_have_an_interval_of_no_width() {
        let units: Vec<[Option<usize>; 2]> = (0..20).map(|unit| [Some(unit % 2); 2]).collect();
        let clusters: Vec<usize> = (0..20).collect();
        let alpha = |drawn: &[&_]| krippendorff_alpha(drawn, 2, Distance::Nominal);
        assert_eq!(
            BOOTSTRAP.interval(&units, &clusters, alpha),
            Some((1.0, 1.0))
        );
    }

    /// One to 30 units of up to five coders and four values, some missing.
    fn any_units() -> impl Strategy<Value = Vec<Unit>> {
        (1_usize..5).prop_flat_map(|n_coders| {
            let unit = proptest::collection::vec(proptest::option::of(0_usize..4), n_coders);
            proptest::collection::vec(unit, 1..30)
        })
    }

    proptest! {
        #[test]
        fn perfect_agreement_of_two_values_or_more_is_one(
            values in proptest::collection::vec(0_usize..5, 2..40),
            n_coders in 2_usize..6,
        ) {
            let units: Vec<Unit> = values.iter().map(|&v| vec![Some(v); n_coders]).collect();
            let n_distinct = values.iter().collect::<BTreeSet<_>>().len();
            let expected = (n_distinct > 1).then_some(1.0);
            prop_assert_eq!(alphas(&units, 5), [expected; 3]);
            prop_assert_eq!(percent_agreement(&units), Some(1.0));
            prop_assert_eq!(cohen_kappa(&values, &values, 5, KappaWeights::Quadratic), expected);
        }

        #[test]
        fn the_order_of_coders_and_units_does_not_matter(
            (units, shuffled) in any_units().prop_flat_map(|u| (Just(u.clone()), Just(u).prop_shuffle())),
            turn in 0_usize..5,
        ) {
            let turned: Vec<Unit> = shuffled
                .iter()
                .map(|unit| (0..unit.len()).map(|coder| unit[(coder + turn) % unit.len()]).collect())
                .collect();
            for (a, b) in alphas(&units, 4).into_iter().zip(alphas(&turned, 4)) {
                prop_assert_eq!(a.is_some(), b.is_some());
                prop_assert!((a.unwrap_or(0.0) - b.unwrap_or(0.0)).abs() < 1e-12);
            }
        }

        /// Krippendorff (2011), step by step: pairs one by one into a coincidence matrix, distances summed as the paper prints them.
        #[test]
        fn alpha_equals_that_of_the_whole_coincidence_matrix(units in any_units()) {
            let mut o = [[0.0; 4]; 4];
            for unit in &units {
                let values: Vec<usize> = unit.iter().flatten().copied().collect();
                for (i, &c) in values.iter().enumerate() {
                    for (j, &k) in values.iter().enumerate() {
                        if i != j {
                            o[c][k] += 1.0 / (values.len() as f64 - 1.0);
                        }
                    }
                }
            }
            let n_of = o.map(|row| row.iter().sum::<f64>());
            let n: f64 = n_of.iter().sum();
            for distance in DISTANCES {
                let (mut observed, mut expected) = (0.0, 0.0);
                for c in 0..4 {
                    for k in c + 1..4 {
                        let d = match distance {
                            Distance::Nominal => 1.0,
                            Distance::Ordinal => n_of[c..=k].iter().sum::<f64>() - (n_of[c] + n_of[k]) / 2.0,
                            Distance::Interval => (k - c) as f64,
                        };
                        observed += o[c][k] * d * d;
                        expected += n_of[c] * n_of[k] * d * d;
                    }
                }
                match krippendorff_alpha(&units, 4, distance) {
                    Some(alpha) => prop_assert!((alpha - (1.0 - (n - 1.0) * observed / expected)).abs() < 1e-9),
                    None => prop_assert!(expected < 1e-9),
                }
            }
        }
    }
}

//! What is asked of intervals and tests, each answer a table.

use rand::Rng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;
use standpoint::statistics::{
    GroupTest, detectable_difference, difference_interval, group_tests, holm, mean, mean_interval,
    sign_flip_test, smallest_permutation_p, smallest_sign_flip_p, stream, t_interval,
    welch_interval,
};

use crate::planted::{MEAN, Outlet, Shape, long_and_negative, stories};

const LEVEL: f64 = 0.95;
const ALPHA: f64 = 0.05;
const POWER: f64 = 0.8;

/// Shuffles of a test that cannot enumerate: fewer than `compare` draws, which changes the power a little and the level not at all.
const DRAWS: usize = 999;

const SIZES: [usize; 4] = [3, 5, 10, 30];

const SHAPES: [Shape; 5] = [
    Shape::Symmetric,
    Shape::Skewed,
    Shape::VerySkewed,
    Shape::PiledUp,
    Shape::ZeroInflated,
];

/// How often something happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    pub hits: u64,
    pub n: u64,
}

impl Rate {
    pub fn share(self) -> f64 {
        self.hits as f64 / self.n as f64
    }
}

/// A share in percent and where it should lie.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Text(String),
    /// Nothing is asked of it.
    Shown(Rate),
    /// Lowest and highest share that meets the target.
    Held(Rate, f64, f64),
}

impl Cell {
    /// Whether the share, rounded as it is shown, misses its target.
    pub fn misses(&self) -> bool {
        match self {
            Cell::Held(rate, low, high) => {
                let share = (rate.share() * 1e3).round() / 1e3;
                share < *low || share > *high
            }
            _ => false,
        }
    }
}

impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Cell::Text(text) => write!(f, "{text}"),
            Cell::Shown(rate) | Cell::Held(rate, ..) if rate.n == 0 => write!(f, "none"),
            Cell::Shown(rate) | Cell::Held(rate, ..) => {
                let mark = if self.misses() { " *" } else { "" };
                write!(f, "{:.1}{mark}", rate.share() * 100.0)
            }
        }
    }
}

fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

/// One study's answer.
pub struct Table {
    pub title: &'static str,
    pub about: String,
    pub header: Vec<&'static str>,
    pub rows: Vec<Vec<Cell>>,
}

/// Runs of one study; run i draws from a stream of its own, so threads do not matter.
#[derive(Clone, Copy)]
pub struct Runs {
    pub n: u64,
}

impl Runs {
    /// How often each of `K` answers is yes over all runs; `None` does not count. `cell` tells the cells of all tables apart.
    fn rates<const K: usize>(
        self,
        cell: u64,
        ask: impl Fn(&mut Pcg64Mcg, u64) -> [Option<bool>; K] + Sync,
    ) -> [Rate; K] {
        let answers: Vec<[Option<bool>; K]> = (0..self.n)
            .into_par_iter()
            .map(|run| ask(&mut stream((1 << 40) + cell, run), run))
            .collect();
        std::array::from_fn(|k| {
            let given = || answers.iter().filter_map(|answer| answer[k]);
            Rate {
                hits: given().filter(|&yes| yes).count() as u64,
                n: given().count() as u64,
            }
        })
    }
}

fn holds(interval: Option<(f64, f64)>, truth: f64) -> Option<bool> {
    interval.map(|(low, high)| low <= truth && truth <= high)
}

fn interval_target(shape: Shape, n: usize, rate: Rate) -> Cell {
    match (shape, n) {
        (Shape::ZeroInflated, _) => Cell::Shown(rate),
        (_, 10..) => Cell::Held(rate, 0.93, 0.97),
        _ => Cell::Held(rate, 0.93, 1.0),
    }
}

/// Coverage of the interval of one outlet's mean.
pub fn coverage_of_means(runs: Runs) -> Vec<Table> {
    let mut rows = Vec::new();
    for (s, shape) in SHAPES.into_iter().enumerate() {
        let mut used = vec![text(shape.name()), text("as compared")];
        let mut t = vec![text(shape.name()), text("Student's t")];
        for (k, n) in SIZES.into_iter().enumerate() {
            let cell = 100 + 10 * s as u64 + k as u64;
            let [as_compared, student] = runs.rates(cell, |chance, run| {
                let values = Outlet::new(shape, n).articles(chance);
                [
                    holds(mean_interval(&values, LEVEL, run), MEAN),
                    holds(t_interval(&values, LEVEL), MEAN),
                ]
            });
            used.push(interval_target(shape, n, as_compared));
            t.push(Cell::Shown(student));
        }
        rows.extend([used, t]);
    }
    let mut articles = vec![text("longer is more negative"), text("as compared")];
    let mut sentences = vec![text("longer is more negative"), text("t over sentences")];
    for (k, n) in SIZES.into_iter().enumerate() {
        let [over_articles, over_sentences] = runs.rates(190 + k as u64, |chance, run| {
            let texts = long_and_negative(n, chance);
            let means: Vec<f64> = texts.iter().map(|sentences| mean(sentences)).collect();
            [
                holds(mean_interval(&means, LEVEL, run), MEAN),
                holds(t_interval(&texts.concat(), LEVEL), MEAN),
            ]
        });
        articles.push(interval_target(Shape::Symmetric, n, over_articles));
        sentences.push(Cell::Shown(over_sentences));
    }
    rows.extend([articles, sentences]);
    vec![Table {
        title: "Intervals of an outlet's mean",
        about: "How many of 100 intervals of level 95 % hold the planted mean, by number of articles. \"As compared\" is what `compare` gives: Student's t \
                below 5 articles, bootstrap-t from 5. Asked: 93 to 97 at 10 and 30, at least 93 at 3 and 5; of articles mostly zero nothing. Sentences as the unit are \
                shown for contrast: they hold another mean."
            .into(),
        header: vec!["articles", "interval", "3", "5", "10", "30"],
        rows,
    }]
}

/// Two outlets with equal means.
#[derive(Clone, Copy)]
struct Pair {
    shape: Shape,
    n: (usize, usize),
    /// Spread of the first and second.
    spread: (f64, f64),
}

impl Pair {
    fn outlets(&self) -> (Outlet, Outlet) {
        let outlet = |n, spread| Outlet {
            spread,
            ..Outlet::new(self.shape, n)
        };
        (
            outlet(self.n.0, self.spread.0),
            outlet(self.n.1, self.spread.1),
        )
    }

    fn draw(&self, chance: &mut Pcg64Mcg) -> (Vec<f64>, Vec<f64>) {
        let (a, b) = self.outlets();
        (a.articles(chance), b.articles(chance))
    }
}

/// The spreads that two outlets are given.
const SPREADS: [(&str, (f64, f64)); 3] = [
    ("equal", (1.0, 1.0)),
    ("first 3 times", (1.0, 1.0 / 3.0)),
    ("second 3 times", (1.0 / 3.0, 1.0)),
];

/// Coverage of the interval of a difference between two outlets.
pub fn coverage_of_differences(runs: Runs) -> Vec<Table> {
    let sizes = [(3, 3), (5, 5), (10, 10), (30, 30), (5, 30), (10, 30)];
    let mut rows = Vec::new();
    for (s, shape) in SHAPES.into_iter().enumerate() {
        for (v, (name, spread)) in SPREADS.into_iter().enumerate() {
            let mut row = vec![text(shape.name()), text(name)];
            for (k, n) in sizes.into_iter().enumerate() {
                let pair = Pair { shape, n, spread };
                let cell = 1000 + 100 * s as u64 + 10 * v as u64 + k as u64;
                let [rate] = runs.rates(cell, |chance, run| {
                    let (a, b) = pair.draw(chance);
                    [holds(difference_interval(&a, &b, LEVEL, run), 0.0)]
                });
                row.push(interval_target(shape, n.0.min(n.1), rate));
            }
            rows.push(row);
        }
    }
    vec![Table {
        title: "Intervals of a difference between two outlets",
        about: "Bootstrap-t from five articles on both sides, else Welch's interval, by the articles of the two outlets; which of them spreads 3 times as much. Same targets.".into(),
        header: vec!["articles", "spread", "3 v 3", "5 v 5", "10 v 10", "30 v 30", "5 v 30", "10 v 30"],
        rows,
    }]
}

/// Articles of each outlet on each story.
const PER_STORY: usize = 3;

/// Coverage of the interval of a difference over shared stories.
pub fn coverage_of_stories(runs: Runs) -> Vec<Table> {
    let mut unit_story = vec![text("stories (as compared)")];
    let mut unit_article = vec![text("articles")];
    for (k, n) in SIZES.into_iter().enumerate() {
        let [over_stories, over_articles] = runs.rates(2000 + k as u64, |chance, run| {
            let told = Told::new(n, chance);
            [
                holds(mean_interval(&told.differences, LEVEL, run), 0.0),
                holds(difference_interval(&told.a(), &told.b(), LEVEL, run), 0.0),
            ]
        });
        unit_story.push(interval_target(Shape::Symmetric, n, over_stories));
        unit_article.push(Cell::Shown(over_articles));
    }
    vec![Table {
        title: "Intervals of a difference on the same stories",
        about: format!(
            "By number of shared stories, {PER_STORY} articles of each outlet on each, where an outlet treats each story in its own way. The interval over story differences \
             is what `compare` gives with stories; the one over articles takes articles on one story for independent."
        ),
        header: vec!["unit", "3", "5", "10", "30"],
        rows: vec![unit_story, unit_article],
    }]
}

/// Stories as two outlets told them.
struct Told {
    /// The articles of both outlets, a then b, story by story.
    values: Vec<f64>,
    /// Mean of a minus mean of b, by story.
    differences: Vec<f64>,
}

impl Told {
    fn new(n: usize, chance: &mut Pcg64Mcg) -> Told {
        let stories = stories(n, PER_STORY, chance);
        Told {
            values: stories
                .iter()
                .flat_map(|story| story.a.iter().chain(&story.b))
                .copied()
                .collect(),
            differences: stories
                .iter()
                .map(|story| mean(&story.a) - mean(&story.b))
                .collect(),
        }
    }

    /// The outlet of each value, 0 or 1.
    fn outlets(&self) -> Vec<usize> {
        (0..self.values.len()).map(|i| i / PER_STORY % 2).collect()
    }

    fn of(&self, outlet: usize) -> Vec<f64> {
        let outlets = self.outlets();
        let own = self
            .values
            .iter()
            .zip(outlets)
            .filter(|(_, o)| *o == outlet);
        own.map(|(&value, _)| value).collect()
    }

    fn a(&self) -> Vec<f64> {
        self.of(0)
    }

    fn b(&self) -> Vec<f64> {
        self.of(1)
    }

    /// p of permuting articles between the outlets within each story.
    fn p_within_stories(&self, chance: &mut Pcg64Mcg) -> f64 {
        let sum = |values: &[f64]| -> f64 {
            let stories = values.chunks(2 * PER_STORY);
            let difference = |story: &[f64]| mean(&story[..PER_STORY]) - mean(&story[PER_STORY..]);
            stories.map(difference).sum::<f64>().abs()
        };
        let observed = sum(&self.values) - 1e-12;
        let mut values = self.values.clone();
        drawn_p(|| {
            for story in values.chunks_mut(2 * PER_STORY) {
                story.shuffle(chance);
            }
            sum(&values) >= observed
        })
    }
}

/// (b + 1) / (m + 1) over [`DRAWS`].
fn drawn_p(mut is_as_extreme: impl FnMut() -> bool) -> f64 {
    let as_extreme = (0..DRAWS).filter(|_| is_as_extreme()).count();
    (as_extreme + 1) as f64 / (DRAWS + 1) as f64
}

/// The test of the first of two outlets.
fn two_outlets(a: &[f64], b: &[f64], seed: u64) -> Option<GroupTest> {
    let values = [a, b].concat();
    let groups: Vec<usize> = (0..values.len())
        .map(|i| usize::from(i >= a.len()))
        .collect();
    group_tests(&values, &groups, 2, &[0], DRAWS, seed)
        .first()
        .copied()
}

/// p of the plain difference of means, permuting articles.
fn p_of_plain_difference(a: &[f64], b: &[f64], chance: &mut Pcg64Mcg) -> f64 {
    let mut values = [a, b].concat();
    let difference = |values: &[f64]| (mean(&values[..a.len()]) - mean(&values[a.len()..])).abs();
    let observed = difference(&values) - 1e-12;
    drawn_p(|| {
        for i in 0..a.len() {
            let j = chance.gen_range(i..values.len());
            values.swap(i, j);
        }
        difference(&values) >= observed
    })
}

/// The largest p value a test can give that is not above [`ALPHA`], where `smallest` is its step.
fn attainable(smallest: f64) -> f64 {
    (ALPHA / smallest + 1e-9).floor() * smallest
}

/// A test's rate of rejecting a true null: at most 6 %, and at least 3 % where the sizes allow p values near 5 %.
fn level_target(rate: Rate, smallest: f64, asks_low: bool) -> Cell {
    let low = if asks_low && attainable(smallest) >= 0.04 {
        0.03
    } else {
        0.0
    };
    Cell::Held(rate, low, 0.06)
}

fn percent(share: f64) -> Cell {
    text(format!("{:.1}", share * 100.0))
}

/// Rejections of a true null by a pair of outlets: as compared, the plain difference permuted, the studentised one permuted, and Welch's t
/// test. The second takes time and is left out (never rejects) unless `plain`.
fn rejections(runs: Runs, cell: u64, pair: Pair, plain: bool) -> [Rate; 4] {
    runs.rates(cell, |chance, run| {
        let (a, b) = pair.draw(chance);
        let test = two_outlets(&a, &b, run);
        let compared = test.is_some_and(|test| test.p <= ALPHA);
        let studentised = test.is_some_and(|test| test.p_permutation <= ALPHA);
        let plain = plain && p_of_plain_difference(&a, &b, chance) <= ALPHA;
        let welch =
            welch_interval(&a, &b, LEVEL).is_some_and(|(low, high)| low > 0.0 || high < 0.0);
        [compared, plain, studentised, welch].map(Some)
    })
}

/// Rejections of a true null, articles permuted.
pub fn level_of_articles(runs: Runs) -> Vec<Table> {
    let sizes = [
        (3, 3),
        (3, 5),
        (5, 5),
        (10, 10),
        (30, 30),
        (5, 30),
        (10, 30),
    ];
    let smallest = sizes.map(|(a, b)| smallest_permutation_p(a, b, DRAWS));
    let attained = || smallest.iter().map(|&p| percent(attainable(p)));
    let mut used = vec![
        [text("attainable"), text("")]
            .into_iter()
            .chain(attained())
            .collect(),
    ];
    let mut others = Vec::new();
    for (s, shape) in SHAPES.into_iter().enumerate() {
        for (v, (name, spread)) in SPREADS.into_iter().enumerate() {
            let cell = |k: usize| 3000 + 100 * s as u64 + 10 * v as u64 + k as u64;
            let with_others = matches!(shape, Shape::Symmetric | Shape::VerySkewed);
            let found: Vec<[Rate; 4]> = (sizes.into_iter().enumerate())
                .map(|(k, n)| rejections(runs, cell(k), Pair { shape, n, spread }, with_others))
                .collect();
            let asks_low = !matches!(shape, Shape::PiledUp | Shape::ZeroInflated);
            let targets = found.iter().zip(smallest);
            let held = targets.map(|(rates, p)| level_target(rates[0], p, asks_low));
            used.push(
                [text(shape.name()), text(name)]
                    .into_iter()
                    .chain(held)
                    .collect(),
            );
            if !with_others {
                continue;
            }
            let tests = [
                "plain difference, permuted",
                "studentised, permuted",
                "Welch's t",
            ];
            for (which, test) in tests.into_iter().enumerate() {
                let shown = found.iter().map(|rates| Cell::Shown(rates[which + 1]));
                let names = [text(shape.name()), text(name), text(test)];
                others.push(names.into_iter().chain(shown).collect());
            }
        }
    }
    let columns = [
        "3 v 3", "3 v 5", "5 v 5", "10 v 10", "30 v 30", "5 v 30", "10 v 30",
    ];
    vec![
        Table {
            title: "Tests of a true null: whole articles permuted",
            about: "How many of 100 tests of two outlets with equal means reject at 5 %, as `compare` tests them: p is the largest of the permutation's (studentised), Welch's t test's and, from five articles, bootstrap-t's. \"Attainable\" is the largest p value up to 5 % that the sizes \
                    allow. At most 6 is asked, and at least 3 where 4 is attainable (not of articles piled up or mostly zero, whose ties leave fewer p values)."
                .into(),
            header: ["articles", "spread"].into_iter().chain(columns).collect(),
            rows: used,
        },
        Table {
            title: "The same with other tests",
            about: "For contrast, on the same articles: the plain difference of means, permuted; the studentised one, permuted; and Welch's t test, which rejects where Welch's \
                    interval leaves out 0."
                .into(),
            header: ["articles", "spread", "test"].into_iter().chain(columns).collect(),
            rows: others,
        },
    ]
}

/// Rejections of a true null, stories as the unit.
pub fn level_of_stories(runs: Runs) -> Vec<Table> {
    let mut rows = Vec::new();
    for n in [6, 10, 20] {
        let [flipped, within, ignoring] = runs.rates(4000 + n as u64, |chance, run| {
            let told = Told::new(n, chance);
            let flips = sign_flip_test(&told.differences, DRAWS, run);
            [
                flips.map(|test| test.p <= ALPHA),
                Some(told.p_within_stories(chance) <= ALPHA),
                two_outlets(&told.a(), &told.b(), run).map(|test| test.p <= ALPHA),
            ]
        });
        let smallest = smallest_sign_flip_p(n, DRAWS);
        rows.push(vec![
            text(n.to_string()),
            percent(attainable(smallest)),
            level_target(flipped, smallest, true),
            Cell::Shown(within),
            Cell::Shown(ignoring),
        ]);
    }
    vec![Table {
        title: "Tests of a true null: stories as the unit",
        about: format!(
            "Two outlets with equal means, {PER_STORY} articles of each on each story, each outlet treating each story in its own way. Signs of story differences flipped \
             (what `compare` does with stories), beside permuting articles within stories and without regard to them."
        ),
        header: vec![
            "stories",
            "attainable",
            "signs flipped",
            "articles within stories",
            "articles of all stories",
        ],
        rows,
    }]
}

/// A family of outlets, each tested against the rest.
#[derive(Clone)]
struct Family {
    shape: Shape,
    n: usize,
    means: Vec<f64>,
    spreads: Vec<f64>,
}

impl Family {
    /// Of `k` outlets with `n` articles each, half (rounded down) differ by `difference` or half of it if `differ`. What differs sums to 0,
    /// so that the others' mean is exactly that of their pooled rest. With `unequal`, spreads go from a third to 1.
    fn new(shape: Shape, k: usize, n: usize, difference: f64, unequal: bool) -> Family {
        let pattern: &[f64] = match k {
            5 => &[1.0, -1.0],
            _ => &[1.0, 1.0, -1.0, -0.5, -0.5],
        };
        let off = |i: usize| pattern.get(i).copied().unwrap_or(0.0) * difference;
        let spread = |i: usize| [1.0, 1.0 / 3.0, 2.0 / 3.0][i % 3];
        Family {
            shape,
            n,
            means: (0..k).map(|i| MEAN + off(i)).collect(),
            spreads: (0..k)
                .map(|i| if unequal { spread(i) } else { 1.0 })
                .collect(),
        }
    }

    /// Adjusted p values of all outlets.
    fn adjusted(&self, chance: &mut Pcg64Mcg, seed: u64) -> Vec<f64> {
        let k = self.means.len();
        let values: Vec<f64> = (0..k)
            .flat_map(|i| {
                let outlet = Outlet {
                    shape: self.shape,
                    n: self.n,
                    mean: self.means[i],
                    spread: self.spreads[i],
                };
                outlet.articles(chance)
            })
            .collect();
        let groups: Vec<usize> = (0..k * self.n).map(|i| i / self.n).collect();
        let tested: Vec<usize> = (0..k).collect();
        let tests = group_tests(&values, &groups, k, &tested, DRAWS, seed);
        holm(&tests.iter().map(|test| test.p).collect::<Vec<f64>>())
    }

    /// Whether any outlet with a true null is rejected, and whether the first outlet is.
    fn ask(&self, chance: &mut Pcg64Mcg, seed: u64) -> [Option<bool>; 2] {
        let adjusted = self.adjusted(chance, seed);
        let wrong = adjusted
            .iter()
            .zip(&self.means)
            .any(|(&p, &mean)| mean == MEAN && p <= ALPHA);
        [Some(wrong), Some(adjusted[0] <= ALPHA)]
    }
}

/// Families of `k` outlets with `n` articles each that reject a true null where all are equal and where half differ, and that find the first.
pub fn family_errors(
    runs: Runs,
    cell: u64,
    shape: Shape,
    (k, n): (usize, usize),
    unequal: bool,
) -> [Rate; 3] {
    let null = Family::new(shape, k, n, 0.0, unequal);
    let half = Family::new(shape, k, n, shape.sd(), unequal);
    let [complete, _] = runs.rates(cell, |chance, run| null.ask(chance, run));
    let [partial, found] = runs.rates(cell + 1, |chance, run| half.ask(chance, run));
    [complete, partial, found]
}

/// Errors of the family "each outlet against the rest".
pub fn family_wise(runs: Runs) -> Vec<Table> {
    let mut rows = Vec::new();
    let kinds = [
        (Shape::Symmetric, false, "equal"),
        (Shape::Symmetric, true, "1/3 to 1"),
        (Shape::VerySkewed, false, "equal"),
        (Shape::VerySkewed, true, "1/3 to 1"),
    ];
    for (s, (shape, unequal, spread)) in kinds.into_iter().enumerate() {
        for (v, (k, n)) in [(5, 10), (5, 30), (10, 10), (10, 30)]
            .into_iter()
            .enumerate()
        {
            let cell = 5000 + 100 * s as u64 + 10 * v as u64;
            let [complete, partial, found] = family_errors(runs, cell, shape, (k, n), unequal);
            rows.push(vec![
                text(shape.name()),
                text(spread),
                text(k.to_string()),
                text(n.to_string()),
                level_target(complete, 1.0, false),
                level_target(partial, 1.0, false),
                Cell::Shown(found),
            ]);
        }
    }
    vec![Table {
        title: "Families: each outlet against the rest, adjusted by Holm's method",
        about: "How many of 100 families reject a true null at 5 % family-wise: all outlets equal, and half of them different by half a standard deviation or a whole one such that the others equal their pooled \
                rest exactly. At most 6 is asked. \"Found\" is how often the first outlet, a standard deviation above, is."
            .into(),
        header: vec!["articles", "spread", "outlets", "articles each", "all equal", "half differ", "found"],
        rows,
    }]
}

/// Power at the difference that `detectable_difference` names.
pub fn power(runs: Runs) -> Vec<Table> {
    let mut rows = Vec::new();
    let sizes = [(3, 5), (5, 5), (10, 10), (10, 30), (30, 30), (5, 30)];
    for (s, shape) in [Shape::Symmetric, Shape::Skewed].into_iter().enumerate() {
        for (k, n) in sizes.into_iter().enumerate() {
            let named = detectable_difference(shape.sd(), n.0, n.1, ALPHA, POWER);
            let difference = named.unwrap_or(f64::NAN);
            let cell = 6000 + 10 * s as u64 + k as u64;
            let [found] = runs.rates(cell, |chance, run| {
                let (mut a, b) = Pair {
                    shape,
                    n,
                    spread: (1.0, 1.0),
                }
                .draw(chance);
                a.iter_mut().for_each(|value| *value += difference);
                [two_outlets(&a, &b, run).map(|test| test.p <= ALPHA)]
            });
            rows.push(vec![
                text(shape.name()),
                text(format!("{} v {}", n.0, n.1)),
                text("alone"),
                text(format!("{difference:.3}")),
                Cell::Shown(found),
            ]);
        }
    }
    for (v, (k, n)) in [(5, 10), (10, 10), (10, 30)].into_iter().enumerate() {
        let shape = Shape::Symmetric;
        let alpha = ALPHA / k as f64;
        let named = detectable_difference(shape.sd(), n, (k - 1) * n, alpha, POWER);
        let difference = named.unwrap_or(f64::NAN);
        let mut family = Family::new(shape, k, n, 0.0, false);
        family.means[0] += difference;
        let [_, found] = runs.rates(6900 + v as u64, |chance, run| family.ask(chance, run));
        rows.push(vec![
            text(shape.name()),
            text(format!("{n} v {}", (k - 1) * n)),
            text(format!("one of {k}")),
            text(format!("{difference:.3}")),
            Cell::Shown(found),
        ]);
    }
    vec![Table {
        title: "Power at the smallest detectable difference",
        about: "How many of 100 tests find a difference of the size that `detectable_difference` names for a power of 80 % at 5 % (in a family of outlets: at 5 % divided by their \
                number, and p adjusted by Holm's method). The formula is that of Welch's t alone; with few articles the largest p of three finds less."
            .into(),
        header: vec!["articles", "n", "family", "difference", "found"],
        rows,
    }]
}

/// All studies, in the order they are read.
pub fn all() -> [fn(Runs) -> Vec<Table>; 7] {
    [
        coverage_of_means,
        coverage_of_differences,
        coverage_of_stories,
        level_of_articles,
        level_of_stories,
        family_wise,
        power,
    ]
}

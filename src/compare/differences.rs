//! Which outlets differ from the rest: the tests that are made, and those that are refused.
//!
//! The family of tests is fixed before any figure is looked at: each outlet with at least [`CompareParams::min_articles`] articles against all
//! other articles, for one subject. Where half of the articles name a story, and two or more in all, the story is the unit: differences of article means within stories
//! that both sides cover, equal weight a story, signs flipped. Else p is the largest of three: whole articles permuted with
//! Welch's t, Welch's t test, bootstrap-t ([`crate::statistics::group_tests`]). p values are adjusted by Holm's
//! method, which needs no assumption on how the tests hang together. A test that could not reach the level after that, whatever the figures, is
//! refused, and said is how many articles or stories it would need.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{ArticleSummary, CompareParams};
use crate::statistics::{
    Estimate, articles_needed, detectable_difference, difference_interval, draws_needed,
    group_tests, holm, mean, mean_interval, round6, sign_flip_test, smallest_permutation_p,
    smallest_sign_flip_p, variance,
};
use crate::wording::count;

/// The fewest articles on either side of a test.
pub const MIN_FOR_TEST: usize = 3;

/// The fewest shared stories for a test with the story as unit: with fewer no p value can be below 0.05.
pub const MIN_STORIES: usize = 6;

/// Probability with which a difference is found, where it is said what could be.
pub const POWER: f64 = 0.8;

/// What is exchanged in a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Whole articles, between outlets.
    Articles,
    /// Stories: the sign of each story's difference.
    Stories,
}

/// The difference a - b of two mean net stances.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The subject's name.
    pub subject: String,
    /// The outlet.
    pub a: String,
    /// What it is compared with: `rest`, all articles of other outlets.
    pub b: String,
    /// What is exchanged.
    pub unit: Unit,
    /// Mean of a less mean of b; with stories as unit the mean over shared stories of that difference.
    pub estimate: f64,
    /// Lower end of the interval, for this difference alone.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// p value of the test, two-sided.
    pub p: f64,
    /// Adjusted for the outlets tested (Holm).
    pub p_adjusted: f64,
    /// The smallest p value these sizes allowed.
    pub p_smallest: f64,
    /// Whether all arrangements were looked at.
    pub exact: bool,
    /// Articles of a; with stories as unit those on stories that both cover.
    pub n_a: usize,
    /// Articles of b, likewise.
    pub n_b: usize,
    /// Stories both cover, where they are the unit.
    pub n_stories: Option<usize>,
    /// The smallest true difference that this design finds with probability [`POWER`] after the correction, from the spread within
    /// outlets (of the stories' differences), never from the difference found.
    pub detectable: Option<f64>,
}

/// An outlet that is not tested, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Untested {
    /// The outlet.
    pub outlet: String,
    /// Its articles with a figure.
    pub n_articles: usize,
    /// Stories it shares with others, where they are the unit.
    pub n_stories: Option<usize>,
    /// Why, and what it would need.
    pub reason: String,
}

/// The family of tests.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TestFamily {
    /// What is exchanged.
    pub unit: Unit,
    /// Level that the family keeps: the chance of one false difference or more.
    pub alpha: f64,
    /// Articles an outlet needs to be tested.
    pub min_articles: usize,
    /// Outlets tested.
    pub n_tested: usize,
    /// Arrangements drawn where there were too many to look at all.
    pub n_draws: usize,
    /// Articles left out of the tests as copies.
    pub n_copies: usize,
    /// Articles without a story, left out where stories are the unit.
    pub n_without_story: usize,
    /// Outlets not tested.
    pub untested: Vec<Untested>,
    /// Standard deviation of article means within outlets.
    pub sd: Option<f64>,
    /// A difference worth finding, as asked for.
    pub effect: f64,
    /// Articles that each of two equal sides would need to find it with probability [`POWER`] in a family of this size; `None` with stories as
    /// unit.
    pub articles_for_effect: Option<usize>,
}

/// An outlet's articles and those of the others, ready for a test.
#[derive(Debug)]
pub(super) struct Design<'s> {
    /// Outlet -> articles with a figure, copies apart.
    by_outlet: BTreeMap<&'s str, Vec<&'s ArticleSummary>>,
    /// Whether the story is the unit.
    unit: Unit,
    n_copies: usize,
    n_without_story: usize,
}

fn figure(article: &ArticleSummary) -> f64 {
    article.net_stance.unwrap_or(0.0)
}

/// Sorted, so that the order of the input moves no resample.
fn figures(articles: &[&ArticleSummary]) -> Vec<f64> {
    let mut values: Vec<f64> = articles.iter().map(|article| figure(article)).collect();
    values.sort_by(f64::total_cmp);
    values
}

impl<'s> Design<'s> {
    /// Of `articles` those with a figure; `is_copy` says of each whether it is left out. The unit is told from the stories unless
    /// given.
    pub fn new(articles: &'s [ArticleSummary], is_copy: &[bool], unit: Option<Unit>) -> Design<'s> {
        let with_figure = || {
            let all = articles.iter().zip(is_copy);
            all.filter(|(article, _)| article.is_scored() && article.net_stance.is_some())
        };
        let n_copies = with_figure().filter(|(_, copy)| **copy).count();
        let own: Vec<&ArticleSummary> = with_figure()
            .filter(|(_, copy)| !**copy)
            .map(|(article, _)| article)
            .collect();
        let stories: BTreeSet<&str> = own.iter().filter_map(|a| a.story.as_deref()).collect();
        // A few articles with a story do not make a design of stories.
        let n_with_story = own.iter().filter(|article| article.story.is_some()).count();
        let by_story = stories.len() >= 2 && 2 * n_with_story >= own.len();
        let unit = unit.unwrap_or(match by_story {
            true => Unit::Stories,
            false => Unit::Articles,
        });
        let is_usable =
            |article: &&&ArticleSummary| unit == Unit::Articles || article.story.is_some();
        let mut by_outlet: BTreeMap<&str, Vec<&ArticleSummary>> = BTreeMap::new();
        for article in own.iter().filter(is_usable) {
            by_outlet.entry(&article.outlet).or_default().push(article);
        }
        let n_usable: usize = by_outlet.values().map(Vec::len).sum();
        Design {
            by_outlet,
            unit,
            n_copies,
            n_without_story: own.len() - n_usable,
        }
    }

    /// Articles of `outlet`.
    pub fn of(&self, outlet: &str) -> &[&'s ArticleSummary] {
        self.by_outlet.get(outlet).map_or(&[], Vec::as_slice)
    }

    /// Articles of all outlets but those of `outlets`.
    fn rest(&self, outlet: &str) -> Vec<&'s ArticleSummary> {
        let others = self.by_outlet.iter().filter(|(other, _)| **other != outlet);
        others.flat_map(|(_, articles)| articles).copied().collect()
    }

    /// The differences a - b of article means, story by story, in the order of the stories' names.
    pub fn story_differences(a: &[&ArticleSummary], b: &[&ArticleSummary]) -> Vec<f64> {
        fn by_story<'a>(articles: &[&'a ArticleSummary]) -> BTreeMap<&'a str, Vec<f64>> {
            let mut means: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
            for article in articles {
                if let Some(story) = article.story.as_deref() {
                    means.entry(story).or_default().push(figure(article));
                }
            }
            means
        }
        let (a, b) = (by_story(a), by_story(b));
        let shared = a
            .iter()
            .filter_map(|(story, values)| Some((values, b.get(story)?)));
        let sorted = |values: &Vec<f64>| {
            let mut values = values.clone();
            values.sort_by(f64::total_cmp);
            mean(&values)
        };
        shared.map(|(a, b)| sorted(a) - sorted(b)).collect()
    }

    /// The articles that a difference of `a` and `b` rests on: all, or with stories as unit those on stories that both cover.
    pub fn compared<'a>(
        &self,
        a: &[&'a ArticleSummary],
        b: &[&'a ArticleSummary],
    ) -> (Vec<&'a ArticleSummary>, Vec<&'a ArticleSummary>) {
        if self.unit == Unit::Articles {
            return (a.to_vec(), b.to_vec());
        }
        let stories = |articles: &[&'a ArticleSummary]| -> BTreeSet<&'a str> {
            articles
                .iter()
                .filter_map(|article| article.story.as_deref())
                .collect()
        };
        let (of_a, of_b) = (stories(a), stories(b));
        let on = |articles: &[&'a ArticleSummary], stories: &BTreeSet<&str>| {
            let on = |article: &&&'a ArticleSummary| {
                article
                    .story
                    .as_deref()
                    .is_some_and(|story| stories.contains(story))
            };
            articles.iter().filter(on).copied().collect::<Vec<_>>()
        };
        (on(a, &of_b), on(b, &of_a))
    }

    /// The difference a - b with its interval and its number of stories; no test.
    pub fn difference(
        &self,
        a: &[&ArticleSummary],
        b: &[&ArticleSummary],
        params: &CompareParams,
    ) -> (Estimate, Option<usize>) {
        if a.is_empty() || b.is_empty() {
            return (Estimate::default(), None);
        }
        let rounded = |(low, high): (f64, f64)| (round6(low.max(-2.0)), round6(high.min(2.0)));
        match self.unit {
            Unit::Articles => {
                let (a, b) = (figures(a), figures(b));
                let interval = difference_interval(&a, &b, params.level, params.seed).map(rounded);
                let estimate = round6(mean(&a) - mean(&b));
                (Estimate::with_interval(estimate, interval), None)
            }
            Unit::Stories => {
                let differences = Self::story_differences(a, b);
                if differences.is_empty() {
                    return (Estimate::default(), Some(0));
                }
                let interval = mean_interval(&differences, params.level, params.seed).map(rounded);
                let estimate = Estimate::with_interval(round6(mean(&differences)), interval);
                (estimate, Some(differences.len()))
            }
        }
    }

    /// Tests each outlet of the family against the rest.
    pub fn test(&self, subject: &str, params: &CompareParams) -> (Vec<Difference>, TestFamily) {
        let alpha = 1.0 - params.level;
        let mut untested: Vec<Untested> = Vec::new();
        let mut family: Vec<&str> = Vec::new();
        for (&outlet, articles) in &self.by_outlet {
            let planned = |names: &Vec<String>| names.iter().any(|name| name == outlet);
            if !params.family.as_ref().is_none_or(planned) {
                untested.push(Untested {
                    reason: "not in the plan's family".to_string(),
                    ..self.too_few(outlet, 0)
                });
            } else if articles.len() < params.min_articles {
                untested.push(self.too_few(outlet, params.min_articles));
            } else {
                family.push(outlet);
            }
        }
        // Between two outlets there is one difference, not two.
        if self.by_outlet.len() == 2 && family.len() == 2 {
            let other = family.pop().expect("two outlets");
            untested.push(Untested {
                reason: format!(
                    "the same difference as that of {}, seen from the other side",
                    family[0]
                ),
                ..self.too_few(other, 0)
            });
        }
        let n_draws = draws_needed(family.len().max(1), alpha);
        self.refuse_unreachable(&mut family, &mut untested, alpha, n_draws);
        let mut differences = match self.unit {
            Unit::Articles => self.article_tests(subject, &family, n_draws, params),
            Unit::Stories => self.story_tests(subject, &family, n_draws, params),
        };
        let adjusted = holm(&differences.iter().map(|d| d.p).collect::<Vec<_>>());
        for (difference, p) in differences.iter_mut().zip(adjusted) {
            difference.p_adjusted = round6(p);
        }
        differences.sort_by(|a, b| {
            let size = b.estimate.abs().total_cmp(&a.estimate.abs());
            size.then_with(|| a.a.cmp(&b.a))
        });
        untested.sort_by(|a, b| a.outlet.cmp(&b.outlet));
        let sd = self.sd_within();
        let per_test = alpha / differences.len().max(1) as f64;
        let family = TestFamily {
            unit: self.unit,
            alpha: round6(alpha),
            min_articles: params.min_articles,
            n_tested: differences.len(),
            n_draws,
            n_copies: self.n_copies,
            n_without_story: self.n_without_story,
            untested,
            sd: sd.map(round6),
            effect: params.effect,
            articles_for_effect: sd
                .filter(|_| self.unit == Unit::Articles)
                .and_then(|sd| articles_needed(sd, params.effect, per_test, POWER)),
        };
        (differences, family)
    }

    fn n_shared(&self, outlet: &str) -> Option<usize> {
        (self.unit == Unit::Stories)
            .then(|| Self::story_differences(self.of(outlet), &self.rest(outlet)).len())
    }

    fn too_few(&self, outlet: &str, needed: usize) -> Untested {
        Untested {
            outlet: outlet.to_string(),
            n_articles: self.of(outlet).len(),
            n_stories: self.n_shared(outlet),
            reason: format!("{needed} articles are needed"),
        }
    }

    /// Takes out of `family` what could not reach `alpha` after the correction, whatever its figures.
    fn refuse_unreachable(
        &self,
        family: &mut Vec<&'s str>,
        untested: &mut Vec<Untested>,
        alpha: f64,
        n_draws: usize,
    ) {
        // The correction is for all that were to be tested: what is refused for its size is refused before any figure is seen.
        let size = family.len() as f64;
        family.retain(|outlet| {
            let n = self.of(outlet).len();
            let smallest = |n: usize| match self.unit {
                Unit::Articles => smallest_permutation_p(n, self.rest(outlet).len().max(1), n_draws),
                Unit::Stories => smallest_sign_flip_p(n, n_draws),
            };
            let (have, least, noun) = match self.unit {
                Unit::Articles => (n.min(self.rest(outlet).len()), MIN_FOR_TEST, "article"),
                Unit::Stories => (self.n_shared(outlet).unwrap_or(0), MIN_STORIES, "shared story"),
            };
            let reachable = |n: usize| smallest(n) * size <= alpha * (1.0 + 1e-9);
            let own = if self.unit == Unit::Articles { n } else { have };
            if have >= least && reachable(own) {
                return true;
            }
            let needed = (least.max(own)..own + 200).find(|&n| reachable(n));
            let plural = if noun == "article" {
                "articles"
            } else {
                "shared stories"
            };
            let reason = match needed {
                _ if self.by_outlet.len() < 2 => "there is no other outlet to compare with".to_string(),
                Some(needed) if needed > own => format!(
                    "with {} p could not fall to {} after the correction; {needed} {plural} are needed",
                    counted(own, noun, plural),
                    (alpha * 1e4).round() / 1e4
                ),
                _ => "the others have too few articles".to_string(),
            };
            untested.push(Untested {
                reason,
                ..self.too_few(outlet, 0)
            });
            false
        });
    }

    fn article_tests(
        &self,
        subject: &str,
        family: &[&str],
        n_draws: usize,
        params: &CompareParams,
    ) -> Vec<Difference> {
        let outlets: Vec<&str> = self.by_outlet.keys().copied().collect();
        let (mut values, mut groups) = (Vec::new(), Vec::new());
        for (group, articles) in self.by_outlet.values().enumerate() {
            values.extend(figures(articles));
            groups.resize(values.len(), group);
        }
        let tested: Vec<usize> = family
            .iter()
            .filter_map(|outlet| outlets.binary_search(outlet).ok())
            .collect();
        let sd = self.sd_within();
        let alpha = (1.0 - params.level) / family.len().max(1) as f64;
        group_tests(
            &values,
            &groups,
            outlets.len(),
            &tested,
            n_draws,
            params.seed,
        )
        .into_iter()
        .map(|test| {
            let outlet = outlets[test.group];
            let (estimate, _) = self.difference(self.of(outlet), &self.rest(outlet), params);
            Difference {
                subject: subject.to_string(),
                a: outlet.to_string(),
                b: "rest".to_string(),
                unit: Unit::Articles,
                estimate: round6(test.estimate),
                low: estimate.low,
                high: estimate.high,
                p: round6(test.p),
                p_adjusted: 1.0,
                p_smallest: round6(test.p_smallest),
                exact: test.exact,
                n_a: test.n,
                n_b: test.n_rest,
                n_stories: None,
                detectable: sd
                    .and_then(|sd| detectable_difference(sd, test.n, test.n_rest, alpha, POWER))
                    .map(round6),
            }
        })
        .collect()
    }

    fn story_tests(
        &self,
        subject: &str,
        family: &[&str],
        n_draws: usize,
        params: &CompareParams,
    ) -> Vec<Difference> {
        let alpha = (1.0 - params.level) / family.len().max(1) as f64;
        family
            .iter()
            .filter_map(|&outlet| {
                let (a, b) = (self.of(outlet), self.rest(outlet));
                let differences = Self::story_differences(a, &b);
                let test = sign_flip_test(&differences, n_draws, params.seed)?;
                let (estimate, n_stories) = self.difference(a, &b, params);
                let sd = variance(&differences).sqrt();
                let (a, b) = self.compared(a, &b);
                Some(Difference {
                    subject: subject.to_string(),
                    a: outlet.to_string(),
                    b: "rest".to_string(),
                    unit: Unit::Stories,
                    estimate: estimate.value?,
                    low: estimate.low,
                    high: estimate.high,
                    p: round6(test.p),
                    p_adjusted: 1.0,
                    p_smallest: round6(test.smallest_p),
                    exact: test.exact,
                    n_a: a.len(),
                    n_b: b.len(),
                    n_stories,
                    // One sample of differences: the other side is without error.
                    detectable: detectable_difference(
                        sd,
                        differences.len(),
                        usize::MAX,
                        alpha,
                        POWER,
                    )
                    .map(round6),
                })
            })
            .collect()
    }

    /// The standard deviation of article figures within outlets, pooled; `None` without two articles in one outlet.
    fn sd_within(&self) -> Option<f64> {
        let (mut squares, mut df) = (0.0, 0.0);
        for articles in self
            .by_outlet
            .values()
            .filter(|articles| articles.len() > 1)
        {
            let n = articles.len() as f64;
            squares += variance(&figures(articles)) * (n - 1.0);
            df += n - 1.0;
        }
        (df > 0.0).then(|| (squares / df).sqrt())
    }
}

fn counted(n: usize, noun: &str, plural: &str) -> String {
    match n {
        1 => count(1, noun),
        n => format!("{n} {plural}"),
    }
}

//! Subjects and outlets that give the label away: a model may learn them in place of what is said.
//!
//! Two looks: values whose rows nearly all have one label though the data have no such majority, and how often the most frequent label among
//! the other articles of the same subject (outlet) is right, beside always saying the most frequent label. The row's own article is left out, as in the
//! folds of a cross-validation.

use std::collections::BTreeMap;

use serde::Serialize;

use super::CheckParams;
use super::finding::{Finding, Place, Severity};
use super::rows::Rows;
use crate::statistics::{ClusterBootstrap, Estimate, MIN_CLUSTERS, round6};

/// Rows from which a value's majority is looked at.
const MIN_ROWS: usize = 10;

/// The share of one label above which a value gives it away...
const NEARLY_ALL: f64 = 0.8;

/// ... where no label has this share of all rows.
const NO_MAJORITY: f64 = 0.6;

/// How much more than the majority the guess must get right to be a warning.
const WORTH_WARNING: f64 = 0.1;

/// Resamples behind each interval.
const DRAWS: usize = 1000;

/// How often the label is guessed from one thing alone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Guess {
    /// `subject` or `outlet`.
    pub from: &'static str,
    /// Rows that name one.
    pub n: usize,
    /// Articles they are from.
    pub n_articles: usize,
    /// Share of them whose label is the most frequent one in other articles of the same subject (outlet); where there are none, the most
    /// frequent of all.
    pub accuracy: Estimate,
    /// Share of their most frequent label.
    pub majority: f64,
    /// Accuracy less majority.
    pub gain: Estimate,
    /// Why there is no interval.
    pub no_interval_because: Option<String>,
}

/// Guesses by subject and by outlet, with findings.
pub(super) fn find(
    rows: &Rows<'_>,
    params: &CheckParams,
    findings: &mut Vec<Finding>,
) -> Vec<Guess> {
    // Lists of labels have no one label to guess.
    if rows.of_row.iter().any(|of| of.len() != 1) {
        return Vec::new();
    }
    let subject = |r: usize| rows.subject(r);
    let outlet = |r: usize| rows.outlet(r);
    findings.extend(one_sided(rows, "subject", &subject));
    findings.extend(one_sided(rows, "outlet", &outlet));
    let guesses: Vec<Guess> = [
        guess(rows, params, "subject", &subject),
        guess(rows, params, "outlet", &outlet),
    ]
    .into_iter()
    .flatten()
    .collect();
    findings.extend(guesses.iter().filter_map(telling));
    guesses
}

type Name<'n> = dyn Fn(usize) -> Option<&'n str> + 'n;

fn one_sided(rows: &Rows<'_>, what: &str, name: &Name<'_>) -> Option<Finding> {
    let n = rows.rows.len();
    let largest = rows.label_counts().into_iter().max().unwrap_or(0);
    if largest as f64 >= NO_MAJORITY * n as f64 {
        return None;
    }
    let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for r in 0..n {
        if let Some(name) = name(r) {
            members.entry(name).or_default().push(r);
        }
    }
    let mut found = Vec::new();
    for (name, members) in members {
        let mut counts = vec![0; rows.labels.len()];
        for &r in &members {
            counts[rows.of_row[r][0]] += 1;
        }
        let label = first_largest(&counts);
        if members.len() >= MIN_ROWS && counts[label] as f64 > NEARLY_ALL * members.len() as f64 {
            let detail = format!(
                "{name}: {} of {} {}",
                counts[label],
                members.len(),
                rows.labels[label]
            );
            found.push((members.len(), Place::new(&rows.rows[members[0]], detail)));
        }
    }
    found.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
    let found: Vec<Place> = found.into_iter().map(|(_, place)| place).collect();
    Finding::of(
        match what {
            "subject" => "one_sided_subjects",
            _ => "one_sided_outlets",
        },
        Severity::Warning,
        format!(
            "{} one label in more than {:.0} % of rows: the model may learn the {what} in place of what is said; label more, or mask it, and look at \
             evaluate --leave-out {what}",
            match found.len() {
                1 => format!("1 {what} has"),
                n => format!("{n} {what}s have"),
            },
            NEARLY_ALL * 100.0
        ),
        found,
    )
}

/// The first of the largest counts.
fn first_largest(counts: &[usize]) -> usize {
    let most = counts.iter().max().copied().unwrap_or(0);
    counts.iter().position(|&n| n == most).unwrap_or(0)
}

fn guess(
    rows: &Rows<'_>,
    params: &CheckParams,
    from: &'static str,
    name: &Name<'_>,
) -> Option<Guess> {
    let named: Vec<(usize, &str)> = (0..rows.rows.len())
        .filter_map(|r| Some((r, name(r)?)))
        .collect();
    let n_labels = rows.labels.len();
    let mut totals = vec![0; n_labels];
    let mut by_value: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut by_article: BTreeMap<(&str, usize), Vec<usize>> = BTreeMap::new();
    for &(r, value) in &named {
        let label = rows.of_row[r][0];
        totals[label] += 1;
        let zeros = || vec![0; n_labels];
        by_value.entry(value).or_insert_with(zeros)[label] += 1;
        let of_article = by_article.entry((value, rows.articles[r]));
        of_article.or_insert_with(zeros)[label] += 1;
    }
    // One subject for all tells nothing.
    if by_value.len() < 2 || n_labels < 2 {
        return None;
    }
    let most_frequent = first_largest(&totals);
    let hits: Vec<(f64, f64)> = named
        .iter()
        .map(|&(r, value)| {
            let own = &by_article[&(value, rows.articles[r])];
            let others: Vec<usize> = (by_value[value].iter().zip(own))
                .map(|(all, own)| all - own)
                .collect();
            let said = match others.iter().all(|&n| n == 0) {
                true => most_frequent,
                false => first_largest(&others),
            };
            let hit = |said: usize| f64::from(u8::from(said == rows.of_row[r][0]));
            (hit(said), hit(most_frequent))
        })
        .collect();
    let articles: Vec<usize> = named.iter().map(|&(r, _)| rows.articles[r]).collect();
    let mut different = articles.clone();
    different.sort_unstable();
    different.dedup();
    let bootstrap = ClusterBootstrap {
        level: params.level,
        n_draws: DRAWS,
        seed: params.seed,
    };
    let mean_of = |of: fn(&(f64, f64)) -> f64| -> Estimate {
        let value = hits.iter().map(of).sum::<f64>() / hits.len() as f64;
        let interval = bootstrap.interval(&hits, &articles, |drawn: &[&(f64, f64)]| {
            let sum: f64 = drawn.iter().map(|&hit| of(hit)).sum();
            Some(sum / drawn.len().max(1) as f64)
        });
        Estimate::with_interval(
            round6(value),
            interval.map(|(low, high)| (round6(low), round6(high))),
        )
    };
    Some(Guess {
        from,
        n: named.len(),
        n_articles: different.len(),
        accuracy: mean_of(|hit| hit.0),
        majority: mean_of(|hit| hit.1).value.unwrap_or(0.0),
        gain: mean_of(|hit| hit.0 - hit.1),
        no_interval_because: (different.len() < MIN_CLUSTERS)
            .then(|| format!("fewer than {MIN_CLUSTERS} articles")),
    })
}

fn telling(guess: &Guess) -> Option<Finding> {
    let gain = guess.gain.value?;
    let (code, from) = match guess.from {
        "subject" => ("subject_tells_the_label", "subject"),
        _ => ("outlet_tells_the_label", "outlet"),
    };
    if gain <= 0.0 || guess.gain.low? <= 0.0 {
        return None;
    }
    Some(Finding {
        code,
        severity: match gain >= WORTH_WARNING {
            true => Severity::Warning,
            false => Severity::Note,
        },
        count: guess.n,
        message: format!(
            "The {from} alone tells the label of {:.0} % of rows, always saying the most frequent label {:.0} %: look at evaluate --leave-out {from}, whose figures \
             do not profit from it",
            guess.accuracy.value? * 100.0,
            guess.majority * 100.0
        ),
        rows: Vec::new(),
    })
}

//! What a reader of a comparison has to know, and what it says in sentences.

use serde::Serialize;

use super::differences::Unit;
use super::outlets::{look_like_one_publisher, same_but_for_case};
use super::{Comparer, Comparison, Difference, OutletComparison};
use crate::score::{Coverage, many_unlike};
use crate::statistics::MIN_FOR_T;

/// Something a reader of the comparison has to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Its kind.
    pub code: String,
    /// In words.
    pub text: String,
    /// The outlet it is about, if one.
    pub outlet: Option<String>,
}

impl Note {
    /// A note about everything.
    pub fn general(code: &str, text: impl Into<String>) -> Note {
        Note {
            code: code.to_string(),
            text: text.into(),
            outlet: None,
        }
    }

    fn about(outlet: &str, code: &str, text: impl Into<String>) -> Note {
        Note {
            outlet: Some(outlet.to_string()),
            ..Note::general(code, text)
        }
    }
}

/// "1 article", "2 articles".
pub fn count(n: usize, noun: &str) -> String {
    match n {
        1 => format!("1 {noun}"),
        n => format!("{n} {noun}s"),
    }
}

/// Outlets named in a note.
const NAMED: usize = 8;

/// The first names, and how many more there are.
fn some_of(names: &[String]) -> String {
    let shown = names[..names.len().min(NAMED)].join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

impl Comparer {
    /// All notes of `comparison`, which is finished but for them.
    pub(super) fn notes(&self, coverage: &Coverage, comparison: &Comparison) -> Vec<Note> {
        let mut notes: Vec<Note> = coverage
            .notes
            .iter()
            .map(|note| Note::general(&note.code, note.text.clone()))
            .collect();
        notes.extend(self.seen.notes());
        if coverage.n_bad > 0 {
            notes.push(Note::general(
                "bad_records",
                format!("{} could not be used.", count(coverage.n_bad, "record")),
            ));
        }
        notes.push(match self.provenance.polarity {
            None => Note::general(
                "no_polarity",
                "The model's classes have no polarity, so there is no net stance and no test; class shares are given.",
            ),
            Some(_) => model_score(self.provenance.construct.as_deref()),
        });
        notes.extend(tests_note(comparison));
        if self.params.n_subjects > 1 {
            notes.push(Note::general(
                "several_subjects",
                format!(
                    "{} are compared; p values are adjusted within each, not over all of them.",
                    count(self.params.n_subjects, "subject")
                ),
            ));
        }
        notes.extend(self.story_notes(comparison));
        notes.extend(copies_note(comparison, self.params.keep_copies));
        notes.extend(self.opinion_note());
        notes.extend(name_notes(coverage));
        notes.extend(self.date_notes());
        notes.extend(unlike_note(&comparison.outlets));
        notes.extend(comparison.outlets.iter().filter_map(outlet_note));
        notes.extend(self.camps.iter().flat_map(|camps| camps.notes()));
        notes
    }

    fn story_notes(&self, comparison: &Comparison) -> Option<Note> {
        if comparison.n_stories != 1 {
            return None;
        }
        let stories = self.articles.iter().filter_map(|a| a.story.as_deref());
        Some(Note::general(
            "one_story",
            format!(
                "All articles with a story cover one ({}): every statement is about that story's coverage only.",
                stories.take(1).collect::<String>()
            ),
        ))
    }

    /// Whether one outlet's articles are opinion and another's news.
    fn opinion_note(&self) -> Option<Note> {
        let mut opinion: Vec<String> = Vec::new();
        let mut news = false;
        let mut by_outlet: std::collections::BTreeMap<&str, (usize, usize)> = Default::default();
        for article in self.articles.iter().filter(|article| article.is_scored()) {
            let (n_opinion, n) = by_outlet.entry(&article.outlet).or_default();
            *n_opinion += usize::from(article.opinion);
            *n += 1;
        }
        for (outlet, (n_opinion, n)) in by_outlet {
            match n_opinion * 2 > n {
                true => opinion.push(format!("{outlet} ({n_opinion} of {n})")),
                false => news = true,
            }
        }
        (news && !opinion.is_empty()).then(|| {
            Note::general(
                "opinion_and_news",
                format!(
                    "Opinion is compared with news: by genre, headline or name most articles are opinion in {}. Leave them out, or \
                     compare by genre (--by genre).",
                    some_of(&opinion)
                ),
            )
        })
    }

    fn date_notes(&self) -> Vec<Note> {
        let mut mixed: Vec<String> = Vec::new();
        let lost: Vec<String> = self
            .undated
            .iter()
            .map(|(outlet, n)| format!("{outlet} {n}"))
            .collect();
        for (outlet, orders) in &self.dates {
            let formats = orders.formats();
            if orders.n_formats() > 1 {
                let formats = formats
                    .iter()
                    .map(|(format, n)| format!("{} {n}", format.name()));
                let formats: Vec<String> = formats.collect();
                mixed.push(format!("{outlet} ({})", formats.join(", ")));
            }
        }
        let mut notes = Vec::new();
        if !mixed.is_empty() {
            notes.push(Note::general(
                "mixed_dates",
                format!("Dates come in several formats: {}.", some_of(&mixed)),
            ));
        }
        if !lost.is_empty() {
            notes.push(Note::general(
                "dates_without_month",
                format!(
                    "Articles in no month, because they have no date, or one that cannot be read, or day and month could be either way round: {}.",
                    some_of(&lost)
                ),
            ));
        }
        notes
    }
}

fn model_score(construct: Option<&str>) -> Note {
    let construct = match construct {
        Some("stance") => "stance toward the subject",
        _ => {
            "sentiment toward the subject, reported events included: bad news about the subject reads as negative whoever reports it"
        }
    };
    Note::general(
        "model_score",
        format!(
            "Figures are model scores of {construct}. They keep order and sign better than size: means shrink toward the \
             training mix, so read differences, not levels."
        ),
    )
}

fn tests_note(comparison: &Comparison) -> Option<Note> {
    let family = comparison.tests.as_ref()?;
    if comparison.n_articles == 0 {
        return None;
    }
    if family.n_tested == 0 {
        let least = family.min_articles;
        return Some(Note::general(
            "no_test",
            match family.untested.iter().find(|u| u.n_articles >= least) {
                Some(untested) => format!(
                    "No difference between outlets was tested; {}: {}.",
                    untested.outlet, untested.reason
                ),
                None => format!(
                    "No difference between outlets was tested: no outlet has {least} articles with a figure (--min-articles)."
                ),
            },
        ));
    }
    let how = match family.unit {
        Unit::Articles => {
            "p is the largest of three: whole articles permuted with Welch's t, Welch's t test, bootstrap-t. They take articles as \
             independent of each other; articles on one story are not, so read p as optimistic there"
        }
        Unit::Stories => {
            "story by story, equal weight a story, signs of the stories' differences flipped, studentised"
        }
    };
    let untested = match family.untested.len() {
        0 => String::new(),
        n => format!(
            " Not tested: {} (--format json says why).",
            count(n, "outlet")
        ),
    };
    Some(Note::general(
        "tests",
        format!(
            "{} tested, a family fixed beforehand: each outlet with at least {} articles against all other articles; {how}. p adjusted by \
             Holm's method.{untested}",
            count(family.n_tested, "difference"),
            family.min_articles
        ),
    ))
}

fn copies_note(comparison: &Comparison, kept: bool) -> Option<Note> {
    let n_articles = |across: bool| -> usize {
        let groups = comparison
            .copies
            .iter()
            .filter(|c| c.across_outlets == across);
        groups.map(|copy| copy.articles.len()).sum()
    };
    let (across, within) = (n_articles(true), n_articles(false));
    if across + within == 0 {
        return None;
    }
    let mut parts = Vec::new();
    if across > 0 {
        parts.push(format!(
            "{} share half of their text or more with another outlet (agency copy, reprints, long quotations)",
            count(across, "article")
        ));
    }
    if within > 0 {
        parts.push(format!("{within} with another of the same outlet"));
    }
    let what = match kept {
        true => "they are tested like the others (--keep-copies)",
        false => {
            "the tests leave out the first and count the second once, the figures of outlets keep them (--keep-copies tests them too)"
        }
    };
    Some(Note::general(
        "copies",
        format!("{}: {what}.", parts.join(", ")),
    ))
}

fn name_notes(coverage: &Coverage) -> Vec<Note> {
    let names: Vec<&str> = coverage.outlets.keys().map(String::as_str).collect();
    let listed = |groups: Vec<Vec<String>>| -> Vec<String> {
        groups
            .iter()
            .map(|names| {
                let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
                quoted.join(" and ")
            })
            .collect()
    };
    let mut notes = Vec::new();
    let same_groups = same_but_for_case(&names);
    let mut alike_groups = look_like_one_publisher(&names);
    alike_groups.retain(|group| !same_groups.contains(group));
    let same = listed(same_groups);
    if !same.is_empty() {
        notes.push(Note::general(
            "outlets_same_but_for_case",
            format!(
                "Outlets whose names differ in capitals or white space only, counted as different outlets: {}. Write them one way.",
                some_of(&same)
            ),
        ));
    }
    let alike = listed(alike_groups);
    if !alike.is_empty() {
        notes.push(Note::general(
            "outlets_alike",
            format!(
                "Outlets that look like one publisher, counted as different outlets: {}. If they are one, their articles are in each \
                 other's rest.",
                some_of(&alike)
            ),
        ));
    }
    notes
}

fn unlike_note(outlets: &[OutletComparison]) -> Option<Note> {
    let many: Vec<String> = outlets
        .iter()
        .filter(|outlet| many_unlike(outlet.n_unlike, outlet.n_articles))
        .map(|outlet| {
            let (n, of) = (outlet.n_unlike, outlet.n_articles);
            format!("{} {n} of {of}", outlet.outlet)
        })
        .collect();
    (!many.is_empty()).then(|| {
        Note::general(
            "unlike_text",
            format!(
                "Unlike the text the model was trained on, by words it does not know, so that their scores are guesses: articles of {}.",
                some_of(&many)
            ),
        )
    })
}

fn outlet_note(outlet: &OutletComparison) -> Option<Note> {
    let name = &outlet.outlet;
    match outlet.n_articles {
        0 => Some(Note::about(
            name,
            "not_mentioned",
            format!(
                "{name}: none of {} has a scored sentence about the subject.",
                count(outlet.n_read, "article")
            ),
        )),
        n if n < MIN_FOR_T => Some(Note::about(
            name,
            "too_few_articles",
            format!(
                "{name}: {} with a scored sentence; no interval below {}.",
                count(n, "article"),
                MIN_FOR_T
            ),
        )),
        _ => None,
    }
}

/// Differences spelled out.
const SPELLED_OUT: usize = 3;

/// What the comparison says, in sentences.
pub(super) fn summary(comparison: &Comparison) -> Vec<String> {
    let Some(family) = &comparison.tests else {
        return Vec::new();
    };
    let subject = &comparison.subject;
    let with_figure: Vec<&OutletComparison> = comparison
        .outlets
        .iter()
        .filter(|outlet| outlet.net_stance.value.is_some())
        .collect();
    let mut lines = Vec::new();
    let level = comparison.level * 100.0;
    let alpha = family.alpha * 100.0;
    let holds: Vec<&Difference> = comparison
        .differences
        .iter()
        .filter(|d| d.p_adjusted <= family.alpha)
        .collect();
    let stories = match comparison.n_stories {
        0 => String::new(),
        1 => " on one story".to_string(),
        n => format!(" on {n} stories"),
    };
    for difference in holds.iter().take(SPELLED_OUT) {
        let direction = if difference.estimate > 0.0 {
            "higher"
        } else {
            "lower"
        };
        let interval = match (difference.low, difference.high) {
            (Some(low), Some(high)) => format!(" ({level} % interval {low:+.2} to {high:+.2})"),
            _ => String::new(),
        };
        lines.push(format!(
            "In these {}{stories}, {}'s sentences about {subject} score {:.2} {direction}{interval} than the rest's.",
            count(difference.n_a + difference.n_b, "article"),
            difference.a,
            difference.estimate.abs()
        ));
    }
    if holds.len() > SPELLED_OUT {
        lines.push(format!(
            "{} from the rest too.",
            match holds.len() - SPELLED_OUT {
                1 => "One more outlet differs".to_string(),
                more => format!("{more} more outlets differ"),
            }
        ));
    }
    if holds.is_empty() && with_figure.len() > 1 {
        lines.push(match family.n_tested {
            0 => format!(
                "In these {}{stories} the data cannot say whether outlets differ in how they portray {subject}: too few articles to test.",
                count(comparison.n_articles, "article")
            ),
            n => format!(
                "In these {}{stories} none of {} differs from the rest in how it portrays {subject} beyond chance ({alpha:.0} % level, corrected for \
                 {}). That is no proof that they are alike{}.",
                count(comparison.n_articles, "article"),
                count(n, "outlet"),
                count(n, "test"),
                smallest_findable(comparison)
            ),
        });
    }
    if let [only] = with_figure.as_slice() {
        lines.push(format!(
            "Only {} has a figure, so there is nothing to compare.",
            only.outlet
        ));
    }
    if !lines.is_empty() {
        lines.push(
            "The score is the model's; it reflects reported events as well as wording.".to_string(),
        );
    }
    lines
}

fn smallest_findable(comparison: &Comparison) -> String {
    let sizes: Vec<f64> = comparison
        .differences
        .iter()
        .filter_map(|d| d.detectable)
        .collect();
    let least = sizes.iter().copied().fold(f64::INFINITY, f64::min);
    let most = sizes.iter().copied().fold(0.0, f64::max);
    match sizes.len() {
        0 => String::new(),
        1 => format!(": differences below {least:.2} would mostly not be found"),
        _ => format!(
            ": differences below {least:.2} to {most:.2}, depending on the outlet, would mostly not be found"
        ),
    }
}

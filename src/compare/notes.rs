//! What a reader of a comparison has to know, and what it says in sentences.

use serde::Serialize;

use super::differences::{TestFamily, Unit};
use super::outlets::{look_like_one_publisher, same_but_for_case};
use super::{Comparer, Comparison, Difference, OutletComparison};
use crate::score::{Coverage, Seen, many_unlike};
use crate::statistics::MIN_FOR_T;
use crate::validate::Correction;
use crate::wording::{count, some_of};

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

impl Comparer {
    /// All notes of `comparison`, which is finished but for them.
    pub(super) fn notes(&self, coverage: &Coverage, comparison: &Comparison) -> Vec<Note> {
        let mut notes: Vec<Note> = coverage
            .notes
            .iter()
            .map(|note| Note::general(&note.code, note.text.clone()))
            .collect();
        notes.extend(seen_notes(&self.seen));
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
        let story = only_story(comparison)?;
        Some(Note::general(
            "one_story",
            format!(
                "All articles cover one story ({story}): every statement is about that story's coverage only."
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

/// The story that all articles with a figure cover, if there is one.
fn only_story(comparison: &Comparison) -> Option<&str> {
    comparison.only_story.as_deref()
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

/// Which outlets are tested; chosen by articles alone, never by figures.
pub fn family_in_words(comparison: &Comparison, family: &TestFamily) -> String {
    match comparison.plan {
        Some(_) => "each outlet of the plan's family".to_string(),
        None => format!("each outlet with at least {} articles", family.min_articles),
    }
}

fn why_untested(comparison: &Comparison, family: &TestFamily) -> String {
    let mut left_out = Vec::new();
    if family.n_copies > 0 {
        left_out.push(format!("{} as copies", count(family.n_copies, "article")));
    }
    if family.n_without_story > 0 {
        let n = count(family.n_without_story, "article");
        left_out.push(format!("{n} without a story"));
    }
    let left_out = match left_out.is_empty() {
        true => String::new(),
        false => format!(" after leaving out {}", left_out.join(" and ")),
    };
    let most = family
        .untested
        .iter()
        .max_by_key(|untested| untested.n_articles);
    match most {
        None => format!("No difference between outlets was tested: no article is left{left_out}."),
        Some(most) if most.n_articles < family.min_articles && comparison.plan.is_none() => {
            format!(
                "No difference between outlets was tested: no outlet has {} articles with a figure{left_out} (--min-articles).",
                family.min_articles
            )
        }
        Some(most) => format!(
            "No difference between outlets was tested{left_out}; {} ({}): {}.",
            most.outlet,
            count(most.n_articles, "article"),
            most.reason
        ),
    }
}

fn tests_note(comparison: &Comparison) -> Option<Note> {
    let family = comparison.tests.as_ref()?;
    if comparison.n_articles == 0 {
        return None;
    }
    if family.n_tested == 0 {
        return Some(Note::general("no_test", why_untested(comparison, family)));
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
            "{} tested: {} against all other articles; {how}. p adjusted by Holm's method.{untested}{}",
            count(family.n_tested, "difference"),
            family_in_words(comparison, family),
            match family.unit {
                Unit::Articles => String::new(),
                Unit::Stories => format!(
                    " Differences rest on stories that both sides cover alone ({} without a story left out), so they may point elsewhere than \
                     the table of outlets.",
                    count(family.n_without_story, "article")
                ),
            }
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

/// Scores that came again, and ids that stand for several texts.
fn seen_notes(seen: &Seen) -> Vec<Note> {
    let mut notes = Vec::new();
    if seen.n_repeated() > 0 {
        notes.push(Note::general(
            "duplicate_scores",
            format!(
                "{} of an article that was there before, with the same outlet, id and sentences, counted once. Articles that do not mention the subject cannot be known \
                 again, so more may be counted as read than there are.",
                count(seen.n_repeated(), "score")
            ),
        ));
    }
    if seen.n_same_id() > 0 {
        notes.push(Note::general(
            "shared_ids",
            format!(
                "{} of another text under an outlet and id that was there before, counted as an article of its own.",
                count(seen.n_same_id(), "score")
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

/// A finding's interval must say the same as its p.
fn leaves_out_zero(difference: &Difference) -> bool {
    let (low, high) = (
        difference.low.unwrap_or(-2.0),
        difference.high.unwrap_or(2.0),
    );
    low > 0.0 || high < 0.0
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
    let level = percent_of(comparison.level);
    let alpha = percent_of(family.alpha);
    let holds: Vec<&Difference> = comparison
        .differences
        .iter()
        .filter(|d| d.p_adjusted <= family.alpha && leaves_out_zero(d))
        .collect();
    let stories = match only_story(comparison) {
        None => String::new(),
        Some(_) => " on one story".to_string(),
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
            "In these {}{}, {}'s sentences about {subject} score {:.2} {direction}{interval} than the rest's.",
            count(difference.n_a + difference.n_b, "article"),
            match difference.n_stories {
                None => stories.clone(),
                Some(n) => format!(" on {n} stories that both cover"),
            },
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
                "In these {}{stories} the data cannot say whether outlets differ in how they portray {subject}: no difference could be tested (the notes say why).",
                count(comparison.n_articles, "article")
            ),
            n => format!(
                "In these {}{stories} {} from the rest in how it portrays {subject} beyond chance ({alpha} % level, {}). That is no proof \
                 that they are alike{}.",
                count(comparison.n_articles, "article"),
                match (n, comparison.differences.first()) {
                    (1, Some(only)) => format!("{} does not differ", only.a),
                    _ => format!("none of {n} outlets differs"),
                },
                match n {
                    1 => "one test".to_string(),
                    n => format!("corrected for {n} tests"),
                },
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
    lines.extend(comparison.corrected.as_ref().map(corrected_line));
    if !lines.is_empty() {
        lines.push(
            "The score is the model's; it reflects reported events as well as wording.".to_string(),
        );
    }
    lines
}

/// What hand labels make of the differences, in a sentence.
fn corrected_line(correction: &Correction) -> String {
    let labels = count(correction.n_labelled, "hand label");
    let level = percent_of(correction.level);
    let holds: Vec<String> = correction
        .differences
        .iter()
        .filter_map(|d| {
            let (low, high) = d.corrected.general?;
            let found = d.p_adjusted? <= 1.0 - correction.level && (low > 0.0 || high < 0.0);
            found.then(|| {
                format!(
                    "{} {:.2} {} than {} ({level} % interval {low:+.2} to {high:+.2})",
                    d.a,
                    d.corrected.value.abs(),
                    if d.corrected.value > 0.0 {
                        "higher"
                    } else {
                        "lower"
                    },
                    d.b
                )
            })
        })
        .collect();
    let n_tested = correction
        .differences
        .iter()
        .filter(|d| d.p.is_some())
        .count();
    let n_corrected = correction
        .outlets
        .iter()
        .filter(|o| o.corrected.is_some())
        .count();
    match (holds.is_empty(), n_tested) {
        (false, _) => format!("Corrected by {labels}: {}.", some_of(&holds)),
        (true, 0) => format!("Corrected by {labels}: {}.", why_uncompared(correction)),
        (true, _) => format!(
            "Corrected by {labels}, none of {} differs from the others beyond chance ({} % level). That is no proof that they are alike.",
            count(n_corrected - correction.left_out.len(), "outlet"),
            percent_of(1.0 - correction.level)
        ),
    }
}

/// Why no corrected outlet is held against another.
fn why_uncompared(correction: &Correction) -> String {
    let corrected = correction.outlets.iter().filter(|o| o.corrected.is_some());
    let names: Vec<&str> = corrected.map(|o| o.outlet.as_str()).collect();
    match names.as_slice() {
        [only] => format!(
            "the figure of {only} alone; no other outlet has labels enough to be held against it"
        ),
        _ => {
            let reasons = correction.left_out.iter();
            let reasons: Vec<String> = reasons
                .map(|(outlet, why)| format!("{outlet} ({why})"))
                .collect();
            format!(
                "the figures of {}; no difference between them could be tested, as that takes two outlets with an interval in general. Without one: {}",
                count(names.len(), "outlet"),
                some_of(&reasons)
            )
        }
    }
}

/// A share in percent, with as many digits as it has up to three.
pub fn percent_of(share: f64) -> String {
    format!("{}", (share * 1e5).round() / 1e3)
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
        _ if most - least < 0.005 => {
            format!(": differences below {least:.2} would mostly not be found")
        }
        _ => format!(
            ": differences below {least:.2} to {most:.2}, depending on the outlet, would mostly not be found"
        ),
    }
}

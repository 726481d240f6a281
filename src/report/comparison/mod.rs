//! A comparison of outlets as text and CSV.
//!
//! The summary first, then the differences that were tested, the outlets, whose words are counted (`voices`), what is shown without tests
//! (`exploratory`), the evidence, the notes. `csv` has one row an outlet, `methods` a draft of the methods section, `shift`
//! the line on prior shift.

mod csv;
mod exploratory;
mod frames;
mod methods;
mod shift;
mod voices;

use std::fmt::Write;

pub use csv::comparison_csv;
pub use exploratory::contrasts_text;

use super::correction::correction_text;
use super::table::{Width, bracketed, p_value, percent, printable, signed, table, wrapped};
use crate::compare::{Comparison, CountedEstimate, OutletComparison, Unit, percent_of};
use crate::statistics::{Estimate, MIN_FOR_T};
use crate::wording::{count, some_of};

/// Outlets whose evidence is printed at each end of a long list.
const EVIDENCE_AT_EACH_END: usize = 4;

/// More classes than this would not fit side by side.
const MOST_CLASSES_IN_COLUMNS: usize = 8;

/// Outlets beside each other where classes are rows.
const OUTLETS_SIDE_BY_SIDE: usize = 5;

/// Up to so many outlets all are shown in every table; of more only those with an interval.
const ALL_SHOWN: usize = 12;

/// Which parts of a comparison are printed beyond those that always are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parts {
    /// The figures counted otherwise.
    pub robustness: bool,
    /// A draft of the methods section.
    pub methods: bool,
}

/// The comparison as tables: summary, differences, outlets, evidence, notes.
pub fn comparison_text(comparison: &Comparison, parts: Parts, width: Width) -> String {
    let mut text = String::new();
    let n_sentences: usize = comparison.outlets.iter().map(|o| o.n_sentences).sum();
    let headline = format!(
        "{}: {} in {} of {}, {}",
        printable(&comparison.subject),
        count(n_sentences, "sentence"),
        comparison.n_articles,
        count(comparison.n_read, "article"),
        count(comparison.outlets.len(), "outlet")
    );
    let _ = writeln!(text, "{headline}\n");
    if let Some(plan) = &comparison.plan {
        let _ = writeln!(text, "Plan {}\n", plan.get(..16).unwrap_or(plan));
    }
    for line in &comparison.summary {
        text.push_str(&wrapped(width, 0, &printable(line)));
    }
    if !comparison.summary.is_empty() {
        text.push('\n');
    }
    text.push_str(&differences_text(comparison, width));
    text.push_str(&outlets_text(comparison, width));
    if let Some(correction) = &comparison.corrected {
        text.push_str(&correction_text(correction, width));
    }
    let has_net = comparison
        .outlets
        .iter()
        .any(|outlet| outlet.net_stance.value.is_some());
    if has_net {
        text.push_str(&voices::voices_text(comparison, width));
        text.push_str(&voices::without_quotations_text(comparison, width));
        text.push_str(&prominence_text(comparison, width));
    }
    text.push_str(&voices::camps_text(comparison, width));

    let classes: Vec<&String> = comparison
        .outlets
        .iter()
        .find(|outlet| !outlet.shares.is_empty())
        .map(|outlet| outlet.shares.keys().collect())
        .unwrap_or_default();
    let legend = "Class shares: mean probability (and share of sentences of which it is the likeliest class)";
    let _ = write!(text, "\n{}\n", wrapped(width, 0, legend));
    text.push_str(&shares_table(comparison, &classes, width));

    text.push_str(&frames::text(comparison, width));
    text.push_str(&exploratory::text(comparison, width));
    if parts.robustness {
        text.push_str(&exploratory::robustness_text(comparison, width));
    }
    text.push_str(&evidence_text(comparison, width));

    text.push_str("\nNotes\n");
    for line in note_lines(comparison) {
        let _ = write!(
            text,
            "- {}",
            wrapped(Width(width.0 - 2), 2, &printable(&line))
        );
    }
    if parts.methods {
        text.push_str(&methods::text(comparison, width));
    }
    text
}

/// The outlets that tables show, and how many they leave out.
fn shown_outlets(comparison: &Comparison) -> (Vec<&OutletComparison>, usize) {
    let with_articles: Vec<&OutletComparison> = comparison
        .outlets
        .iter()
        .filter(|outlet| outlet.n_articles > 0)
        .collect();
    if with_articles.len() <= ALL_SHOWN {
        return (with_articles, 0);
    }
    let n = with_articles.len();
    let has_interval = |outlet: &OutletComparison| outlet.n_articles >= MIN_FOR_T;
    if !with_articles.iter().any(|outlet| has_interval(outlet)) {
        // Better figures without an interval, each with its n, than an empty table.
        return (with_articles, 0);
    }
    let shown: Vec<&OutletComparison> = with_articles
        .into_iter()
        .filter(|outlet| has_interval(outlet))
        .collect();
    let left_out = n - shown.len();
    (shown, left_out)
}

/// Each outlet of the family against the rest.
fn differences_text(comparison: &Comparison, width: Width) -> String {
    let (Some(family), false) = (&comparison.tests, comparison.differences.is_empty()) else {
        return String::new();
    };
    let level = percent_of(comparison.level);
    let mut text = String::from("Each outlet against the rest, most different first\n\n");
    let by_story = family.unit == Unit::Stories;
    let rows = comparison
        .differences
        .iter()
        .map(|d| {
            let mut row = vec![printable(&d.a), format!("{} / {}", d.n_a, d.n_b)];
            if by_story {
                row.push(d.n_stories.unwrap_or(0).to_string());
            }
            row.extend([
                bracketed(&Estimate {
                    value: Some(d.estimate),
                    low: d.low,
                    high: d.high,
                }),
                p_value(d.p),
                p_value(d.p_adjusted),
                signed(d.detectable).trim_start_matches('+').to_string(),
            ]);
            row
        })
        .collect();
    let difference = format!("difference [{level} %]");
    let mut headers = vec!["outlet", "n / rest"];
    if by_story {
        headers.push("stories");
    }
    headers.extend([&difference, "p", "p adj.", "findable"]);
    text.push_str(&table(width, &headers, &[0], rows));
    let smallest = comparison.differences.iter().map(|d| d.p_smallest);
    let smallest = smallest.fold(0.0, f64::max);
    let legend = format!(
        "n: articles. Difference: outlet less rest; intervals are {level} % each, not for all together. p: {}; adjusted for {} (Holm). The smallest p \
         that was possible: {}. Findable: the true difference found with a probability of about 0.8 (less with few articles) after the correction, from the spread {}{}.",
        match family.unit {
            Unit::Articles => "the largest of permuted articles, Welch's t and bootstrap-t",
            Unit::Stories => "signs of the stories' differences flipped",
        },
        count(family.n_tested, "test"),
        smallest_p(smallest),
        match family.unit {
            Unit::Articles => "within outlets",
            Unit::Stories => "of the stories' differences",
        },
        match family.articles_for_effect {
            Some(n) => format!(
                "; to find {:.2} two outlets would need some {n} articles each",
                family.effect
            ),
            None => String::new(),
        }
    );
    let _ = write!(text, "\n{}\n", wrapped(width, 0, &legend));
    text
}

/// A smallest possible p in as many digits as it has.
fn smallest_p(p: f64) -> String {
    match p {
        p if p >= 0.001 => format!("{p:.3}"),
        p => format!("{p:.6}"),
    }
}

/// Articles, sentences and net stance of each outlet.
fn outlets_text(comparison: &Comparison, width: Width) -> String {
    let level = percent_of(comparison.level);
    let has_net = comparison
        .outlets
        .iter()
        .any(|outlet| outlet.net_stance.value.is_some());
    let figure = format!("net stance [{level} %]");
    let mut headers = vec!["outlet", "articles", "sentences"];
    if has_net {
        headers.extend([figure.as_str(), "by sentence"]);
    }
    let (mut shown, left_out) = shown_outlets(comparison);
    if left_out == 0 {
        shown = comparison.outlets.iter().collect();
    }
    let rows = shown
        .iter()
        .map(|outlet| {
            let mut row = vec![
                printable(&outlet.outlet),
                format!("{} of {}", outlet.n_articles, outlet.n_read),
                outlet.n_sentences.to_string(),
            ];
            if has_net {
                row.push(bracketed(&outlet.net_stance));
                row.push(signed(outlet.net_stance_by_sentence));
            }
            row
        })
        .collect();
    let mut text = table(width, &headers, &[0], rows);
    if left_out > 0 {
        let line = format!(
            "({} with fewer than {MIN_FOR_T} articles left out of the tables; --format json has all)",
            count(left_out, "outlet")
        );
        text.push_str(&wrapped(width, 0, &line));
    }
    if has_net {
        let estimand = &comparison.estimand;
        let legend = format!(
            "Net stance, -1 against to +1 in favor. Value: {}. Sentences: {}. Unit: {}. Weights: {}. Population: {}. By sentence: every sentence \
             alike, to see whether long articles differ.",
            estimand.value,
            estimand.sentences,
            estimand.unit,
            estimand.weights,
            estimand.population
        );
        let _ = write!(text, "\n{}", wrapped(width, 0, &legend));
    }
    text.push_str(&shift::text(comparison, width));
    text
}

/// A share of articles.
fn share(figures: &CountedEstimate) -> String {
    let estimate = &figures.estimate;
    match (estimate.low, estimate.high) {
        (Some(low), Some(high)) => format!(
            "{} [{:.0}, {:.0}]",
            percent(estimate.value.as_ref()),
            low * 100.0,
            high * 100.0
        ),
        _ => percent(estimate.value.as_ref()),
    }
}

/// How much room the subject gets, and who speaks first.
fn prominence_text(comparison: &Comparison, width: Width) -> String {
    let level = percent_of(comparison.level);
    let outlets = shown_outlets(comparison).0;
    let has_headlines = outlets
        .iter()
        .any(|outlet| outlet.prominence.in_headline.n_articles > 0);
    let rows = outlets
        .iter()
        .map(|outlet| {
            let room = &outlet.prominence;
            let mentioned = CountedEstimate {
                n_articles: outlet.n_read,
                estimate: room.mentioned,
            };
            let mut row = vec![printable(&outlet.outlet), share(&mentioned)];
            if has_headlines {
                row.push(share(&room.in_headline));
            }
            row.push(share(&room.in_first_paragraph));
            row
        })
        .collect();
    let mut text = format!("\nRoom for the subject: share of articles [{level} %]\n\n");
    let mut headers = vec!["outlet", "mentioned"];
    if has_headlines {
        headers.push("in headline");
    }
    headers.push("first paragraph");
    text.push_str(&table(width, &headers, &[0], rows));
    let legend = format!(
        "Mentioned: of all articles read. First paragraph: of those that mention the subject{}.",
        match has_headlines {
            true => "; in headline: of those that have a headline, too",
            false => "",
        }
    );
    let _ = write!(text, "\n{}", wrapped(width, 0, &legend));
    text.push_str(&first_voices_text(&outlets, has_headlines, width));
    text
}

/// Where others first speak ill and well of the subject, and what headlines say.
fn first_voices_text(outlets: &[&OutletComparison], has_headlines: bool, width: Width) -> String {
    let place = |figures: &CountedEstimate| {
        let estimate = &figures.estimate;
        match (figures.n_articles, estimate.low, estimate.high) {
            (0, ..) => signed(None),
            (n, Some(_), Some(_)) => format!("{} ({n})", share(figures)),
            (n, ..) => format!("too few ({n})"),
        }
    };
    let rows = outlets
        .iter()
        .map(|outlet| {
            let room = &outlet.prominence;
            let mut row = vec![
                printable(&outlet.outlet),
                place(&room.first_critic),
                place(&room.first_defender),
            ];
            if has_headlines {
                row.push(match outlet.headlines.n_articles {
                    0 => signed(None),
                    n if n < MIN_FOR_T => format!("too few ({n})"),
                    n => format!("{} ({n})", bracketed(&outlet.headlines.estimate)),
                });
            }
            row
        })
        .collect();
    let mut headers = vec!["outlet", "first critic", "first defender"];
    let mut legend = String::from(
        "First critic, defender: the share of the text that stands before the first quoted or reported sentence of somebody else whose \
         likeliest class is against (for) the subject.",
    );
    let mut title = "Who speaks first, and where in the text (articles)";
    if has_headlines {
        headers.push("headlines");
        title = "Who speaks first, and where in the text; what headlines say (articles)";
        legend.push_str(" Headlines: mean net stance of those that name the subject.");
    }
    format!(
        "\n{title}\n\n{}\n{}",
        table(width, &headers, &[0], rows),
        wrapped(width, 0, &legend)
    )
}

/// Class shares: outlets in rows; many classes are the rows themselves, with a few outlets side by side.
fn shares_table(comparison: &Comparison, classes: &[&String], width: Width) -> String {
    let outlets = shown_outlets(comparison).0;
    let share = |outlet: &OutletComparison, class: &String| {
        let (soft, hard) = (outlet.shares.get(class), outlet.shares_hard.get(class));
        format!("{} ({})", percent(soft), percent(hard))
    };
    if classes.len() <= MOST_CLASSES_IN_COLUMNS {
        let mut headers = vec!["outlet"];
        headers.extend(classes.iter().map(|class| class.as_str()));
        let rows = outlets
            .iter()
            .map(|outlet| {
                let shares = classes.iter().map(|class| share(outlet, class));
                std::iter::once(outlet.outlet.clone())
                    .chain(shares)
                    .collect()
            })
            .collect();
        return table(width, &headers, &[0], rows);
    }
    let tables: Vec<String> = outlets
        .chunks(OUTLETS_SIDE_BY_SIDE)
        .map(|outlets| {
            let mut headers = vec!["class"];
            headers.extend(outlets.iter().map(|outlet| outlet.outlet.as_str()));
            let rows = classes
                .iter()
                .map(|class| {
                    let shares = outlets.iter().map(|outlet| share(outlet, class));
                    std::iter::once(class.to_string()).chain(shares).collect()
                })
                .collect();
            table(width, &headers, &[0], rows)
        })
        .collect();
    tables.join("\n")
}

/// An estimate that may be missing because there are too few articles.
fn estimate_of(estimate: &Estimate, n_articles: usize) -> String {
    match estimate.value {
        None if (1..MIN_FOR_T).contains(&n_articles) => "too few".to_string(),
        _ => bracketed(estimate),
    }
}

/// The evidence of the outlets at both ends of the list.
fn evidence_text(comparison: &Comparison, width: Width) -> String {
    let mut text = String::new();
    let with_evidence: Vec<&str> = comparison
        .outlets
        .iter()
        .map(|outlet| outlet.outlet.as_str())
        .filter(|outlet| {
            comparison
                .evidence
                .iter()
                .any(|sentence| sentence.outlet == *outlet)
        })
        .collect();
    if with_evidence.is_empty() {
        return text;
    }
    let left_out = with_evidence.len().saturating_sub(2 * EVIDENCE_AT_EACH_END);
    let _ = writeln!(
        text,
        "\nEvidence: sentences with the lowest and highest score"
    );
    for (index, outlet) in with_evidence.iter().enumerate() {
        if left_out > 0 && index == EVIDENCE_AT_EACH_END {
            let _ = writeln!(
                text,
                "\n({} between; --format json has all)",
                count(left_out, "outlet")
            );
        }
        if (EVIDENCE_AT_EACH_END..EVIDENCE_AT_EACH_END + left_out).contains(&index) {
            continue;
        }
        let _ = writeln!(text, "\n{}", printable(outlet));
        for sentence in comparison
            .evidence
            .iter()
            .filter(|sentence| sentence.outlet == *outlet)
        {
            let line = format!(
                "{}  {} [{}, {}]",
                signed(sentence.net_stance),
                printable(&sentence.text),
                printable(article_name(&sentence.article, outlet)),
                sentence.voice
            );
            let _ = write!(text, "  {}", wrapped(Width(width.0 - 2), 9, &line));
        }
    }
    text
}

/// An article's id without the outlet's folder, under which it is listed.
fn article_name<'a>(article: &'a str, outlet: &str) -> &'a str {
    let inside = article
        .strip_prefix(outlet)
        .and_then(|rest| rest.strip_prefix('/'));
    inside.unwrap_or(article)
}

/// The notes, those of one kind about several outlets in one line.
fn note_lines(comparison: &Comparison) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut few: Vec<&str> = Vec::new();
    let mut silent: Vec<&str> = Vec::new();
    for note in &comparison.notes {
        match (note.code.as_str(), &note.outlet) {
            ("too_few_articles", Some(outlet)) => few.push(outlet),
            ("not_mentioned", Some(outlet)) => silent.push(outlet),
            _ => lines.push(note.text.clone()),
        }
    }
    if !few.is_empty() {
        lines.push(format!(
            "No interval, because fewer than {} articles have a scored sentence: {}.",
            MIN_FOR_T,
            some_of(&few)
        ));
    }
    if !silent.is_empty() {
        lines.push(format!(
            "No scored sentence about the subject: {}.",
            some_of(&silent)
        ));
    }
    lines
}

//! A comparison of outlets as blocks and CSV.
//!
//! Each part is a function from the comparison to its blocks, nothing where the comparison has no such part; `comparison_document` puts them in
//! order: the summary first, then the differences that were tested, the outlets, whose words are counted (`voices`), what is shown without tests
//! (`exploratory`), the evidence, the notes. `csv` has one row an outlet, `methods` a draft of the methods section, `shift`
//! the line on prior shift.

mod csv;
mod exploratory;
mod frames;
mod methods;
mod shift;
mod voices;

pub use csv::comparison_csv;
pub use exploratory::contrasts_document;
pub(in crate::report) use exploratory::{
    copies_blocks, groups_blocks, moves_blocks, pairs_blocks, reference_blocks, robustness_blocks,
    slices_blocks, words_blocks,
};
pub(in crate::report) use methods::methods_blocks;
pub(in crate::report) use shift::shift_blocks;
pub(in crate::report) use voices::camps_blocks;

use super::correction::correction_blocks;
use super::document::{Block, Document, List, Quote, Quotes, Table};
use super::paint::Paint;
use super::table::{Width, bracketed, p_value, percent, signed};
use crate::compare::{
    Comparison, CountedEstimate, EvidenceSentence, OutletComparison, Unit, percent_of,
};
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

/// The comparison as text: summary, differences, outlets, evidence, notes.
pub fn comparison_text(comparison: &Comparison, parts: Parts, width: Width) -> String {
    comparison_document(comparison, parts).text(width, Paint::Plain)
}

/// The comparison as blocks: summary, differences, outlets, evidence, notes.
pub fn comparison_document(comparison: &Comparison, parts: Parts) -> Document {
    let mut sections = vec![
        head_blocks(comparison),
        differences_blocks(comparison),
        outlets_blocks(comparison),
        shift::shift_blocks(comparison),
    ];
    sections.extend(comparison.corrected.as_ref().map(correction_blocks));
    sections.extend([
        voices::voices_blocks(comparison),
        voices::without_quotations_blocks(comparison),
        prominence_blocks(comparison),
        voices::camps_blocks(comparison),
        shares_blocks(comparison),
        frames::frames_blocks(comparison),
        exploratory::exploratory_blocks(comparison),
    ]);
    if parts.robustness {
        sections.push(exploratory::robustness_blocks(comparison));
    }
    sections.push(evidence_blocks(comparison));
    sections.push(notes_blocks(comparison));
    if parts.methods {
        sections.push(methods::methods_blocks(comparison));
    }
    sections.concat().into()
}

/// Whether any outlet has a net stance: classes without polarity have none.
fn has_net(comparison: &Comparison) -> bool {
    let mut outlets = comparison.outlets.iter();
    outlets.any(|outlet| outlet.net_stance.value.is_some())
}

/// What was compared, the plan, and what holds.
pub(in crate::report) fn head_blocks(comparison: &Comparison) -> Vec<Block> {
    let n_sentences: usize = comparison.outlets.iter().map(|o| o.n_sentences).sum();
    let mut blocks = vec![Block::Title(format!(
        "{}: {} in {} of {}, {}",
        comparison.subject,
        count(n_sentences, "sentence"),
        comparison.n_articles,
        count(comparison.n_read, "article"),
        count(comparison.outlets.len(), "outlet")
    ))];
    if let Some(plan) = &comparison.plan {
        let digest = plan.get(..16).unwrap_or(plan);
        blocks.push(Block::Paragraph(format!("Plan {digest}")));
    }
    if !comparison.summary.is_empty() {
        blocks.push(Block::Lines(comparison.summary.clone()));
    }
    blocks
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
pub(in crate::report) fn differences_blocks(comparison: &Comparison) -> Vec<Block> {
    let (Some(family), false) = (&comparison.tests, comparison.differences.is_empty()) else {
        return Vec::new();
    };
    let level = percent_of(comparison.level);
    let by_story = family.unit == Unit::Stories;
    let rows = comparison.differences.iter().map(|d| {
        let mut row = vec![d.a.clone(), format!("{} / {}", d.n_a, d.n_b)];
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
    });
    let difference = format!("difference [{level} %]");
    let mut headers = vec!["outlet", "n / rest"];
    if by_story {
        headers.push("stories");
    }
    headers.extend([&difference, "p", "p adj.", "findable"]);
    let smallest = comparison.differences.iter().map(|d| d.p_smallest);
    let smallest = smallest.fold(0.0, f64::max);
    let note = format!(
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
    let caption = "Each outlet against the rest, most different first";
    vec![Table::new(caption, headers, &[0], rows).note(note).into()]
}

/// A smallest possible p in as many digits as it has.
fn smallest_p(p: f64) -> String {
    match p {
        p if p >= 0.001 => format!("{p:.3}"),
        p => format!("{p:.6}"),
    }
}

/// Articles, sentences and net stance of each outlet.
pub(in crate::report) fn outlets_blocks(comparison: &Comparison) -> Vec<Block> {
    let level = percent_of(comparison.level);
    let has_net = has_net(comparison);
    let figure = format!("net stance [{level} %]");
    let mut headers = vec!["outlet", "articles", "sentences"];
    if has_net {
        headers.extend([figure.as_str(), "by sentence"]);
    }
    let (mut shown, left_out) = shown_outlets(comparison);
    if left_out == 0 {
        shown = comparison.outlets.iter().collect();
    }
    let rows = shown.iter().map(|outlet| {
        let mut row = vec![
            outlet.outlet.clone(),
            format!("{} of {}", outlet.n_articles, outlet.n_read),
            outlet.n_sentences.to_string(),
        ];
        if has_net {
            row.push(bracketed(&outlet.net_stance));
            row.push(signed(outlet.net_stance_by_sentence));
        }
        row
    });
    let more = (left_out > 0).then(|| {
        format!(
            "({} with fewer than {MIN_FOR_T} articles left out of the tables; --format json has all)",
            count(left_out, "outlet")
        )
    });
    let caption = match has_net {
        true => "Net stance by outlet",
        false => "Articles and sentences by outlet",
    };
    let mut table = Table::new(caption, headers, &[0], rows).quiet().more(more);
    if has_net {
        let estimand = &comparison.estimand;
        table = table.note(format!(
            "Net stance, -1 against to +1 in favor. Value: {}. Sentences: {}. Unit: {}. Weights: {}. Population: {}. By sentence: every sentence \
             alike, to see whether long articles differ.",
            estimand.value,
            estimand.sentences,
            estimand.unit,
            estimand.weights,
            estimand.population
        ));
    }
    vec![table.into()]
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

/// How much room the subject gets, and who speaks first; nothing for classes without polarity.
pub(in crate::report) fn prominence_blocks(comparison: &Comparison) -> Vec<Block> {
    if !has_net(comparison) {
        return Vec::new();
    }
    let level = percent_of(comparison.level);
    let outlets = shown_outlets(comparison).0;
    let has_headlines = outlets
        .iter()
        .any(|outlet| outlet.prominence.in_headline.n_articles > 0);
    let rows = outlets.iter().map(|outlet| {
        let room = &outlet.prominence;
        let mentioned = CountedEstimate {
            n_articles: outlet.n_read,
            estimate: room.mentioned,
        };
        let mut row = vec![outlet.outlet.clone(), share(&mentioned)];
        if has_headlines {
            row.push(share(&room.in_headline));
        }
        row.push(share(&room.in_first_paragraph));
        row
    });
    let mut headers = vec!["outlet", "mentioned"];
    if has_headlines {
        headers.push("in headline");
    }
    headers.push("first paragraph");
    let note = format!(
        "Mentioned: of all articles read. First paragraph: of those that mention the subject{}.",
        match has_headlines {
            true => "; in headline: of those that have a headline, too",
            false => "",
        }
    );
    let caption = format!("Room for the subject: share of articles [{level} %]");
    let room = Table::new(caption, headers, &[0], rows).note(note);
    vec![room.into(), first_voices(&outlets, has_headlines).into()]
}

/// Where others first speak ill and well of the subject, and what headlines say.
fn first_voices(outlets: &[&OutletComparison], has_headlines: bool) -> Table {
    let place = |figures: &CountedEstimate| {
        let estimate = &figures.estimate;
        match (figures.n_articles, estimate.low, estimate.high) {
            (0, ..) => signed(None),
            (n, Some(_), Some(_)) => format!("{} ({n})", share(figures)),
            (n, ..) => format!("too few ({n})"),
        }
    };
    let rows = outlets.iter().map(|outlet| {
        let room = &outlet.prominence;
        let mut row = vec![
            outlet.outlet.clone(),
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
    });
    let mut headers = vec!["outlet", "first critic", "first defender"];
    let mut note = String::from(
        "First critic, defender: the share of the text that stands before the first quoted or reported sentence of somebody else whose \
         likeliest class is against (for) the subject.",
    );
    let mut caption = "Who speaks first, and where in the text (articles)";
    if has_headlines {
        headers.push("headlines");
        caption = "Who speaks first, and where in the text; what headlines say (articles)";
        note.push_str(" Headlines: mean net stance of those that name the subject.");
    }
    Table::new(caption, headers, &[0], rows).note(note)
}

/// Class shares: outlets in rows; many classes are the rows themselves, with a few outlets side by side.
pub(in crate::report) fn shares_blocks(comparison: &Comparison) -> Vec<Block> {
    let with_shares = comparison.outlets.iter().find(|o| !o.shares.is_empty());
    let classes: Vec<&String> =
        with_shares.map_or(Vec::new(), |outlet| outlet.shares.keys().collect());
    let outlets = shown_outlets(comparison).0;
    let share = |outlet: &OutletComparison, class: &String| {
        let (soft, hard) = (outlet.shares.get(class), outlet.shares_hard.get(class));
        format!("{} ({})", percent(soft), percent(hard))
    };
    let caption = "Class shares: mean probability (and share of sentences of which it is the likeliest class)";
    if classes.len() <= MOST_CLASSES_IN_COLUMNS {
        let mut headers = vec!["outlet"];
        headers.extend(classes.iter().map(|class| class.as_str()));
        let rows = outlets.iter().map(|outlet| {
            let shares = classes.iter().map(|class| share(outlet, class));
            let cells = std::iter::once(outlet.outlet.clone()).chain(shares);
            cells.collect::<Vec<_>>()
        });
        return vec![Table::new(caption, headers, &[0], rows).into()];
    }
    let tables = outlets.chunks(OUTLETS_SIDE_BY_SIDE).map(|outlets| {
        let mut headers = vec!["class"];
        headers.extend(outlets.iter().map(|outlet| outlet.outlet.as_str()));
        let rows = classes.iter().map(|class| {
            let shares = outlets.iter().map(|outlet| share(outlet, class));
            let cells = std::iter::once(class.to_string()).chain(shares);
            cells.collect::<Vec<_>>()
        });
        Table::new(caption, headers, &[0], rows)
    });
    Table::parts(tables.collect(), None)
}

/// An estimate that may be missing because there are too few articles.
fn estimate_of(estimate: &Estimate, n_articles: usize) -> String {
    match estimate.value {
        None if (1..MIN_FOR_T).contains(&n_articles) => "too few".to_string(),
        _ => bracketed(estimate),
    }
}

/// The evidence of the outlets at both ends of the list.
pub(in crate::report) fn evidence_blocks(comparison: &Comparison) -> Vec<Block> {
    let with_evidence: Vec<Quotes> = comparison
        .outlets
        .iter()
        .map(|outlet| quotes(comparison, &outlet.outlet))
        .filter(|quotes| !quotes.quotes.is_empty())
        .collect();
    if with_evidence.is_empty() {
        return Vec::new();
    }
    let left_out = with_evidence.len().saturating_sub(2 * EVIDENCE_AT_EACH_END);
    let mut blocks = vec![Block::heading(
        "Evidence: sentences with the lowest and highest score",
    )];
    for (index, quotes) in with_evidence.into_iter().enumerate() {
        if left_out > 0 && index == EVIDENCE_AT_EACH_END {
            let outlets = count(left_out, "outlet");
            blocks.push(Block::Paragraph(format!(
                "({outlets} between; --format json has all)"
            )));
        }
        if !(EVIDENCE_AT_EACH_END..EVIDENCE_AT_EACH_END + left_out).contains(&index) {
            blocks.push(Block::Quotes(quotes));
        }
    }
    blocks
}

/// The evidence of one outlet.
fn quotes(comparison: &Comparison, outlet: &str) -> Quotes {
    let evidence = comparison.evidence.iter();
    Quotes {
        outlet: outlet.to_string(),
        quotes: evidence
            .filter(|sentence| sentence.outlet == outlet)
            .map(|sentence| Quote {
                score: signed(sentence.net_stance),
                text: sentence_or_place(sentence),
                place: format!(
                    "{}, {}",
                    article_name(&sentence.article, outlet),
                    sentence.voice
                ),
            })
            .collect(),
    }
}

/// What to know before reading the figures.
pub(in crate::report) fn notes_blocks(comparison: &Comparison) -> Vec<Block> {
    vec![List::titled("Notes", note_lines(comparison)).into()]
}

/// The sentence, or where it stands if sentences are not to be shown.
fn sentence_or_place(sentence: &EvidenceSentence) -> String {
    let place = || format!("characters {} to {}", sentence.span.0, sentence.span.1);
    sentence.text.clone().unwrap_or_else(place)
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

//! The report of a comparison.

use maud::{Markup, html};

use super::super::chart::Chart;
use super::super::comparison as blocks_of;
use super::super::correction::correction_blocks;
use super::super::document::Block;
use super::super::figures::{contrast_figures, figures, side};
use super::super::table::{plain, plain_interval};
use super::evidence::{self, Index, Shown};
use super::sections::{
    blocks, chart, frames_table, outlets_table, shares_table, speakers_table, titled_chart,
};
use super::{clean, maker, name, shell};
use crate::compare::{Comparison, Contrast, FramesComparison, percent_of};
use crate::score::{Coverage, SentenceEffects};
use crate::wording::{count, some_of};

/// What the report of a comparison is made of.
#[derive(Debug)]
pub struct ComparisonPage<'p> {
    /// One a subject, with what stands behind its figures ([`Comparison::behind`]).
    pub comparisons: &'p [Comparison],
    /// For each comparison what the words of each of its sentences do, where the model that scored is at hand.
    pub effects: &'p [Vec<Option<SentenceEffects>>],
    /// Contrasts between subjects.
    pub contrasts: &'p [Contrast],
    /// What was read.
    pub coverage: &'p Coverage,
}

/// The report as one HTML file.
pub fn comparison_page(page: &ComparisonPage<'_>) -> String {
    let index = Index::new(page.comparisons);
    let subjects: Vec<&str> = page
        .comparisons
        .iter()
        .map(|c| c.subject.as_str())
        .collect();
    let n_outlets = match page.comparisons {
        [only] => only.outlets.iter().filter(|o| o.n_articles > 0).count(),
        _ => page.coverage.outlets.len(),
    };
    let title = format!(
        "How {} {} {}",
        count(n_outlets, "outlet"),
        if n_outlets == 1 {
            "portrays"
        } else {
            "portray"
        },
        some_of(&subjects)
    );
    let level = page.comparisons.first().map_or(0.95, |c| c.level);
    let shown: Vec<Shown<'_>> = page
        .comparisons
        .iter()
        .zip(page.effects)
        .map(|(comparison, effects)| Shown {
            comparison,
            effects,
        })
        .collect();
    let several = page.comparisons.len() > 1;
    let parts: Vec<Vec<Part>> = page
        .comparisons
        .iter()
        .enumerate()
        .map(|(subject, comparison)| parts(comparison, subject, &index))
        .collect();
    let contrasts = contrasts(page.contrasts, level);
    let body = html! {
        header.top {
            (maker("a comparison of portrayals"))
            h1 { (clean(&title)) }
        }
        div.with-contents {
            nav.contents aria-label="Contents" { ul {
                @for (subject, parts) in parts.iter().enumerate() {
                    @for part in parts {
                        @if !several || part.id == "summary" {
                            li { a href={ "#" (part.anchor(subject)) } {
                                @if several { (name(&page.comparisons[subject].subject)) } @else { (part.short) }
                            } }
                        }
                    }
                }
                @if contrasts.is_some() { li { a href="#contrasts" { "Contrasts" } } }
                li { a href="#evidence" { "Sentences" } }
                li { a href="#methods" { "Methods" } }
                li { a href="#coverage" { "What was read" } }
            } }
            main #main {
                @for (subject, parts) in parts.iter().enumerate() {
                    @for part in parts {
                        section aria-labelledby=(part.anchor(subject)) {
                            h2 id=(part.anchor(subject)) {
                                (part.title)
                                @if several { ": " (name(&page.comparisons[subject].subject)) }
                            }
                            (part.content)
                        }
                    }
                }
                @if let Some(contrasts) = contrasts {
                    section aria-labelledby="contrasts" { h2 #contrasts { "Subjects held against each other" } (contrasts) }
                }
                (evidence::section(&shown, &index))
                (methods(page.comparisons))
                (coverage(page))
            }
        }
        footer { p {
            "Made with Standpoint " (env!("CARGO_PKG_VERSION"))
            ". The figures are scores of a model; the methods and their limits are above. This page loads nothing from elsewhere."
        } }
    };
    shell(&title, body)
}

/// A section of the report.
struct Part {
    id: &'static str,
    short: &'static str,
    title: String,
    content: Markup,
}

impl Part {
    fn new(
        id: &'static str,
        short: &'static str,
        title: impl Into<String>,
        content: Markup,
    ) -> Part {
        Part {
            id,
            short,
            title: title.into(),
            content,
        }
    }

    /// The id of its heading; from the second subject on with a prefix.
    fn anchor(&self, subject: usize) -> String {
        match subject {
            0 => self.id.to_string(),
            subject => format!("s{}-{}", subject + 1, self.id),
        }
    }
}

/// The sections about one subject.
fn parts(comparison: &Comparison, subject: usize, index: &Index) -> Vec<Part> {
    let prefix = match subject {
        0 => String::new(),
        subject => format!("s{}-", subject + 1),
    };
    let charts = figures(comparison, &prefix);
    let find = |name: &str| -> Option<&Chart> {
        let name = format!("{prefix}{name}");
        charts.iter().find(|chart| chart.name == name)
    };
    let with_chart = |name: &str, table: Markup| match find(name) {
        Some(one) => chart(one, table),
        None => table,
    };
    let mut parts = vec![Part::new(
        "summary",
        "Summary",
        "What this says, and what it cannot say",
        summary(comparison),
    )];
    let outlets = with_chart("net-stance", outlets_table(comparison, subject, index));
    let has_polarity = has_polarity(comparison);
    parts.push(Part::new(
        "outlets",
        "Outlets",
        match has_polarity {
            true => "The outlets, from against to in favor",
            false => "The outlets",
        },
        html! { (outlets) (blocks(&blocks_of::shift_blocks(comparison))) },
    ));
    if !comparison.differences.is_empty() {
        let tested = with_chart(
            "differences",
            blocks(&untitled(blocks_of::differences_blocks(comparison))),
        );
        parts.push(Part::new(
            "differences",
            "Differences",
            "Which differences hold",
            tested,
        ));
    }
    if let Some(correction) = &comparison.corrected {
        let table = blocks(&untitled(correction_blocks(correction)));
        parts.push(Part::new(
            "corrected",
            "Corrected",
            "Corrected by hand labels",
            with_chart("corrected", table),
        ));
    }
    if let Some(reference) = &comparison.reference {
        let title = format!("Held against {}", side(&reference.minus));
        let table = blocks(&blocks_of::reference_blocks(comparison));
        parts.push(Part::new(
            "reference",
            "Reference",
            clean(&title),
            with_chart("reference", table),
        ));
    }
    if let Some(shares) = find("class-shares") {
        parts.push(Part::new(
            "shares",
            "Classes",
            "How sentences are classed",
            chart(shares, shares_table(comparison, subject, index)),
        ));
    }
    if find("speakers").is_some() || comparison.camps.is_some() {
        let speakers = find("speakers")
            .map(|one| titled_chart(one, speakers_table(comparison, subject, index)));
        let camps = comparison.camps.as_ref().map(|_| {
            let table = blocks(&untitled(blocks_of::camps_blocks(comparison)));
            match find("camps") {
                Some(one) => titled_chart(one, table),
                None => table,
            }
        });
        parts.push(Part::new(
            "voices",
            "Who is quoted",
            "Who is quoted, for and against",
            html! { @if let Some(speakers) = speakers { (speakers) } @if let Some(camps) = camps { (camps) } },
        ));
    }
    if let Some(frames) = &comparison.frames {
        let content = html! {
            (with_chart("frames", frames_table(comparison, subject, index)))
            p.note { (frames_note(frames)) }
        };
        parts.push(Part::new(
            "frames",
            "Frames",
            "Under which aspects",
            content,
        ));
    }
    if let Some(months) = find("months") {
        parts.push(Part::new(
            "time",
            "Over time",
            "Over time",
            chart(months, months_table(comparison)),
        ));
    }
    if find("words").is_some() {
        let table = blocks(&untitled(blocks_of::words_blocks(comparison)));
        let moves = blocks(&blocks_of::moves_blocks(comparison));
        parts.push(Part::new(
            "words",
            "Words",
            "Words around the subject",
            html! { (with_chart("words", table)) (moves) },
        ));
    }
    let asked = html! {
        (blocks(&blocks_of::slices_blocks(comparison)))
        (blocks(&blocks_of::groups_blocks(comparison)))
        (blocks(&blocks_of::pairs_blocks(comparison)))
    };
    if !asked.0.is_empty() {
        parts.push(Part::new(
            "parts",
            "Parts",
            "Shown apart, without tests",
            asked,
        ));
    }
    let robustness = blocks(&untitled(blocks_of::robustness_blocks(comparison)));
    if has_polarity && !robustness.0.is_empty() {
        parts.push(Part::new(
            "robustness",
            "Robustness",
            "The same, counted otherwise",
            robustness,
        ));
    }
    parts
}

/// Whether the model's classes say for or against.
fn has_polarity(comparison: &Comparison) -> bool {
    comparison
        .behind
        .as_ref()
        .is_some_and(|behind| !behind.polarity.is_empty())
}

/// Blocks without their first heading, where the section has one.
fn untitled(mut blocks: Vec<Block>) -> Vec<Block> {
    if matches!(blocks.first(), Some(Block::Heading(_))) {
        blocks.remove(0);
    }
    blocks
}

fn frames_note(frames: &FramesComparison) -> String {
    format!(
        "Frames are told by a model of their own ({}{}).{}",
        frames.model.get(..16).unwrap_or(&frames.model),
        frames.macro_f1.map_or(String::new(), |f1| format!(
            ", macro-F1 {} on held-out folds of its own training data",
            plain(Some(f1))
        )),
        frames
            .about
            .as_ref()
            .map_or(String::new(), |about| format!(" {}", clean(about)))
    )
}

fn months_table(comparison: &Comparison) -> Markup {
    let months = comparison.behind.iter().flat_map(|behind| &behind.months);
    let all: Vec<_> = months
        .filter(|slice| slice.outlet.is_none())
        .cloned()
        .collect();
    let only = Comparison {
        by: all,
        ..comparison.clone()
    };
    blocks(&untitled(blocks_of::slices_blocks(&only)))
}

/// What was measured, what it says, what it cannot say.
fn summary(comparison: &Comparison) -> Markup {
    let n_sentences: usize = comparison.outlets.iter().map(|o| o.n_sentences).sum();
    let with_figure = comparison
        .outlets
        .iter()
        .filter(|o| o.n_articles > 0)
        .count();
    let construct = match comparison.construct.as_deref() {
        Some("stance") => "how far it stands for or against the subject",
        Some(_) => "how the subject comes across in it, reported events included",
        None => "",
    };
    let held_out = comparison
        .trained
        .as_ref()
        .and_then(|t| t.cross_validated.as_ref());
    html! {
        p.lead {
            "This report looks at " (count(n_sentences, "sentence")) " that mention " strong { (name(&comparison.subject)) }
            ", in " (comparison.n_articles) " of " (count(comparison.n_read, "article")) " that were read, from " (count(with_figure, "outlet")) ". "
            @if comparison.construct.is_some() { "A model scored each sentence by " (construct) } @else { "A model gave each sentence a probability for each of its classes" }
            @if comparison.construct.is_some() { ", from −1 (against) to +1 (in favor)" } "; "
            @if let Some(figures) = held_out {
                "on sentences it had not learnt from it was right in " (format!("{:.0}", figures.accuracy.value.unwrap_or(0.0) * 100.0))
                " of 100, where always saying the most frequent class is right in " (format!("{:.0}", figures.majority_accuracy * 100.0)) ". "
            } @else { "how often it is right is not known here. " }
            "An outlet's figure is the mean of its articles; an interval (" (percent_of(comparison.level))
            " %) says how far it could be off by chance in which articles there are, not how far the model is off."
        }
        div.two {
            div {
                h3 { "What the data say" }
                @for line in &comparison.summary { p { (clean(line)) } }
                @if comparison.corrected.is_none() {
                    p.note { "The figures are not corrected by hand labels: the model's error on these outlets is not known." }
                }
            }
            div {
                h3 { "What they cannot say" }
                (cannot(comparison))
            }
        }
    }
}

/// The notes, those about many outlets in one line.
fn cannot(comparison: &Comparison) -> Markup {
    let mut notes = blocks_of::notes_blocks(comparison);
    for block in &mut notes {
        if let Block::List(list) = block {
            list.title = None;
        }
    }
    blocks(&untitled(notes))
}

fn contrasts(contrasts: &[Contrast], level: f64) -> Option<Markup> {
    let charts = contrast_figures(contrasts, level);
    (!contrasts.is_empty()).then(|| {
        html! {
            @for (i, contrast) in contrasts.iter().enumerate() {
                @let wanted = format!("contrast-{}", i + 1);
                @let table = blocks(&blocks_of::contrasts_document(std::slice::from_ref(contrast), level).blocks);
                @match charts.iter().find(|chart| chart.name == wanted) {
                    Some(one) => (titled_chart(one, table)),
                    None => (table),
                }
            }
        }
    })
}

fn methods(comparisons: &[Comparison]) -> Markup {
    let first = comparisons.first();
    html! {
        section aria-labelledby="methods" {
            h2 #methods { "Methods" }
            p.note { "A draft to take over and complete; what only you can know stands in [brackets]." }
            @for (subject, comparison) in comparisons.iter().enumerate() {
                @if comparisons.len() > 1 { h3 { (name(&comparison.subject)) } }
                @if subject == 0 || comparisons.len() > 1 {
                    (blocks(&untitled(blocks_of::methods_blocks(comparison))))
                }
            }
            @if let Some(comparison) = first {
                h3 { "The model" }
                (model(comparison))
            }
        }
    }
}

fn model(comparison: &Comparison) -> Markup {
    let trained = comparison.trained.as_ref();
    html! {
        dl {
            dt { "Digest" } dd.digest { (clean(&comparison.model)) }
            @if let Some(construct) = &comparison.construct { dt { "Measures" } dd { (clean(construct)) " toward the subject" } }
            @if let Some(trained) = trained {
                dt { "Learnt from" }
                dd { (count(trained.n, "labelled sentence")) " of " (count(trained.n_articles, "article")) @if !trained.files.is_empty() { " (" (clean(&trained.files.join(", "))) ")" } }
                @if let Some(figures) = &trained.cross_validated {
                    dt { "On articles held out" }
                    dd {
                        "accuracy " (plain_interval(&figures.accuracy))
                        ", macro-F1 " (plain_interval(&figures.macro_f1))
                        "; always the most frequent class: accuracy " (plain(Some(figures.majority_accuracy)))
                        " (" (figures.folds) " folds that share no article)"
                    }
                }
            }
            @if let Some(plan) = &comparison.plan { dt { "Plan fixed beforehand" } dd.digest { (clean(plan)) } }
            @if let Some(frames) = &comparison.frames { dt { "Model of frames" } dd.digest { (clean(&frames.model)) } }
            dt { "Seed" } dd { (comparison.seed) }
            dt { "Version" } dd { "Standpoint " (clean(&comparison.version)) }
        }
    }
}

/// What was read and left out.
fn coverage(page: &ComparisonPage<'_>) -> Markup {
    let coverage = page.coverage;
    html! {
        section aria-labelledby="coverage" {
            h2 #coverage { "What was read, and what was left out" }
            ul {
                li { (count(coverage.n_read, "article")) " read, of " (count(coverage.outlets.len(), "outlet")) }
                @if coverage.n_bad > 0 { li { (count(coverage.n_bad, "record")) " could not be used" } }
                @if coverage.n_skipped_files > 0 { li { (count(coverage.n_skipped_files, "file")) " in folders left out, because they are of no known kind" } }
                @for comparison in page.comparisons {
                    @let n_mentioning: usize = comparison.outlets.iter().map(|o| o.prominence.n_mentioning).sum();
                    li {
                        (name(&comparison.subject)) ": " (count(n_mentioning, "article")) " mention the subject, "
                        (comparison.n_articles) " of them in a sentence that counts (prose, not the subject's own words)"
                    }
                }
                li { "Captions, headings, adverts and other furniture of the page are left out by rule; headlines and the subject's own words are kept apart." }
            }
            @for comparison in page.comparisons {
                @if page.comparisons.len() > 1 { h3 { (name(&comparison.subject)) } }
                details {
                    summary { "Room for the subject, by outlet" }
                    (blocks(&untitled(blocks_of::prominence_blocks(comparison))))
                }
                @let copies = blocks(&blocks_of::copies_blocks(comparison));
                @if !copies.0.is_empty() { (copies) }
            }
        }
    }
}

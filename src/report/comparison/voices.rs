//! The parts of a comparison that say whose words are counted: voices, speakers, camps, and the net stance without quotations.

use std::fmt::Write;

use super::super::table::{Width, percent, printable, signed, table, wrapped};
use super::{EVIDENCE_AT_EACH_END, estimate_of, shown_outlets};
use crate::compare::{CampComparison, CampKind, Comparison, OutletComparison, percent_of};
use crate::span::Voice;
use crate::statistics::MIN_FOR_T;
use crate::wording::count;

/// A voice with fewer sentences has no figure in text.
const MIN_OF_VOICE: usize = 3;

/// Net stance by voice, and who is heard most.
pub(super) fn voices_text(comparison: &Comparison, width: Width) -> String {
    let with_figure = shown_outlets(comparison).0;
    let rows = with_figure
        .iter()
        .map(|outlet| {
            let mut row = vec![printable(&outlet.outlet)];
            row.extend(Voice::ALL.map(|voice| match outlet.by_voice.get(&voice) {
                Some(figures) if figures.n_sentences >= MIN_OF_VOICE => {
                    format!(
                        "{} ({})",
                        signed(figures.net_stance.value),
                        figures.n_sentences
                    )
                }
                Some(figures) => format!("too few ({})", figures.n_sentences),
                None => signed(None),
            }));
            row
        })
        .collect();
    let mut text = String::from("\nBy voice: net stance (sentences)\n\n");
    let headers = [
        "outlet",
        "own voice",
        "quotes",
        "reported",
        "subject",
        "mixed",
    ];
    text.push_str(&table(width, &headers, &[0], rows));
    let heard: Vec<Vec<String>> = with_figure
        .iter()
        .filter(|outlet| !outlet.speakers.is_empty())
        .map(|outlet| {
            let names: Vec<String> = outlet
                .speakers
                .iter()
                .take(3)
                .map(|speaker| {
                    let name = speaker
                        .speaker
                        .as_deref()
                        .map_or("sources without a name".to_string(), printable);
                    format!(
                        "{name} {} ({})",
                        signed(speaker.net_stance),
                        speaker.n_sentences
                    )
                })
                .collect();
            vec![printable(&outlet.outlet), names.join(", ")]
        })
        .collect();
    if !heard.is_empty() {
        text.push_str("\nWho is heard most on the subject: mean score (sentences)\n\n");
        text.push_str(&table(width, &["outlet", "speakers"], &[0, 1], heard));
    }
    text
}

/// Net stance without direct quotations, beside that of all sentences.
pub(super) fn without_quotations_text(comparison: &Comparison, width: Width) -> String {
    let rows = shown_outlets(comparison)
        .0
        .iter()
        .map(|outlet| {
            let figures = &outlet.without_quotations;
            vec![
                printable(&outlet.outlet),
                figures.n_articles.to_string(),
                figures.n_sentences.to_string(),
                estimate_of(&figures.net_stance, figures.n_articles),
                signed(outlet.net_stance.value),
            ]
        })
        .collect();
    let level = percent_of(comparison.level);
    let figure = format!("net stance [{level} %]");
    let headers = ["outlet", "articles", "sentences", &figure, "all sentences"];
    let mut text =
        String::from("\nWithout quotations: sentences in the outlet's own voice or reported\n\n");
    text.push_str(&table(width, &headers, &[0], rows));
    text
}

/// Who gets to speak: the camps over all outlets, then outlet by outlet.
pub(super) fn camps_text(comparison: &Comparison, width: Width) -> String {
    let Some(camps) = &comparison.camps else {
        return String::new();
    };
    let outlets: Vec<&OutletComparison> = shown_outlets(comparison).0;
    let left_out = outlets.len().saturating_sub(2 * EVIDENCE_AT_EACH_END);
    let between = EVIDENCE_AT_EACH_END..EVIDENCE_AT_EACH_END + left_out;
    let mut rows = camp_rows("all outlets", &camps.all);
    for (index, outlet) in outlets.iter().enumerate() {
        if !between.contains(&index) {
            rows.extend(camp_rows(&outlet.outlet, &outlet.camps));
        }
    }
    let level = percent_of(comparison.level);
    let figure = format!("net stance [{level} %]");
    let headers = [
        "outlet, camp",
        "sentences",
        "share",
        "articles",
        "first",
        &figure,
    ];
    let mut text = String::from("\nWho gets to speak on the subject, by camp\n\n");
    text.push_str(&table(width, &headers, &[0], rows));
    if left_out > 0 {
        let _ = writeln!(
            text,
            "({} between; --format json has all)",
            count(left_out, "outlet")
        );
    }
    let legend = format!(
        "Sentences: those that quote or report somebody else. First: articles in which the camp is heard before any other. Net stance: \
         mean of article means, from {MIN_FOR_T} articles."
    );
    let _ = write!(text, "\n{}", wrapped(width, 0, &legend));
    text
}

/// The sums of one outlet and, indented, its camps; beyond those of the list only what was heard.
fn camp_rows(outlet: &str, camps: &[CampComparison]) -> Vec<Vec<String>> {
    let n_sentences: usize = camps.iter().map(|camp| camp.n_sentences).sum();
    let n_articles: usize = camps.iter().map(|camp| camp.n_first).sum();
    let mut rows = vec![vec![
        printable(outlet),
        n_sentences.to_string(),
        String::new(),
        n_articles.to_string(),
        String::new(),
        String::new(),
    ]];
    if n_sentences == 0 {
        return rows;
    }
    let shown = |camp: &&CampComparison| camp.kind == CampKind::Listed || camp.n_sentences > 0;
    rows.extend(camps.iter().filter(shown).map(|camp| {
        vec![
            format!("  {}", printable(&camp.camp)),
            camp.n_sentences.to_string(),
            percent(camp.share.as_ref()),
            camp.n_articles.to_string(),
            camp.n_first.to_string(),
            estimate_of(&camp.net_stance, camp.n_articles),
        ]
    }));
    rows
}

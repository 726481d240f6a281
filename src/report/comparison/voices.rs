//! The parts of a comparison that say whose words are counted: voices, speakers, camps, and the net stance without quotations.

use super::super::document::{Block, Row, Table};
use super::super::table::{percent, signed};
use super::{EVIDENCE_AT_EACH_END, estimate_of, has_net, shown_outlets};
use crate::compare::{CampComparison, CampKind, Comparison, OutletComparison, percent_of};
use crate::span::Voice;
use crate::statistics::MIN_FOR_T;
use crate::wording::count;

/// A voice with fewer sentences has no figure in text.
const MIN_OF_VOICE: usize = 3;

/// Net stance by voice, and who is heard most; nothing for classes without polarity.
pub(in crate::report) fn voices_blocks(comparison: &Comparison) -> Vec<Block> {
    if !has_net(comparison) {
        return Vec::new();
    }
    let with_figure = shown_outlets(comparison).0;
    let rows = with_figure.iter().map(|outlet| {
        let mut row = vec![outlet.outlet.clone()];
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
    });
    let headers = [
        "outlet",
        "own voice",
        "quotes",
        "reported",
        "subject",
        "mixed",
    ];
    let caption = "By voice: net stance (sentences)";
    let mut blocks = vec![Table::new(caption, headers, &[0], rows).into()];
    blocks.extend(heard_most(&with_figure).map(Block::from));
    blocks
}

/// The speakers with the most sentences, outlet by outlet.
fn heard_most(outlets: &[&OutletComparison]) -> Option<Table> {
    let heard: Vec<Vec<String>> = outlets
        .iter()
        .filter(|outlet| !outlet.speakers.is_empty())
        .map(|outlet| {
            let names: Vec<String> = outlet
                .speakers
                .iter()
                .take(3)
                .map(|speaker| {
                    format!(
                        "{} {} ({})",
                        speaker
                            .speaker
                            .as_deref()
                            .unwrap_or("sources without a name"),
                        signed(speaker.net_stance),
                        speaker.n_sentences
                    )
                })
                .collect();
            vec![outlet.outlet.clone(), names.join(", ")]
        })
        .collect();
    if heard.is_empty() {
        return None;
    }
    let caption = "Who is heard most on the subject: mean score (sentences)";
    Some(Table::new(caption, ["outlet", "speakers"], &[0, 1], heard))
}

/// Net stance without direct quotations, beside that of all sentences.
pub(in crate::report) fn without_quotations_blocks(comparison: &Comparison) -> Vec<Block> {
    if !has_net(comparison) {
        return Vec::new();
    }
    let outlets = shown_outlets(comparison).0;
    let rows = outlets.iter().map(|outlet| {
        let figures = &outlet.without_quotations;
        vec![
            outlet.outlet.clone(),
            figures.n_articles.to_string(),
            figures.n_sentences.to_string(),
            estimate_of(&figures.net_stance, figures.n_articles),
            signed(outlet.net_stance.value),
        ]
    });
    let level = percent_of(comparison.level);
    let figure = format!("net stance [{level} %]");
    let headers = ["outlet", "articles", "sentences", &figure, "all sentences"];
    let caption = "Without quotations: sentences in the outlet's own voice or reported";
    vec![Table::new(caption, headers, &[0], rows).into()]
}

/// Who gets to speak: the camps over all outlets, then outlet by outlet.
pub(in crate::report) fn camps_blocks(comparison: &Comparison) -> Vec<Block> {
    let Some(camps) = &comparison.camps else {
        return Vec::new();
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
    let more = (left_out > 0).then(|| {
        let outlets = count(left_out, "outlet");
        format!("({outlets} between; --format json has all)")
    });
    let note = format!(
        "Sentences: those that quote or report somebody else. First: articles in which the camp is heard before any other. Net stance: \
         mean of article means, from {MIN_FOR_T} articles."
    );
    let caption = "Who gets to speak on the subject, by camp";
    let table = Table::new(caption, headers, &[0], rows);
    vec![table.more(more).note(note).into()]
}

/// The sums of one outlet and, below it, its camps; beyond those of the list only what was heard.
fn camp_rows(outlet: &str, camps: &[CampComparison]) -> Vec<Row> {
    let n_sentences: usize = camps.iter().map(|camp| camp.n_sentences).sum();
    let n_articles: usize = camps.iter().map(|camp| camp.n_first).sum();
    let mut rows = vec![Row::from(vec![
        outlet.to_string(),
        n_sentences.to_string(),
        String::new(),
        n_articles.to_string(),
        String::new(),
        String::new(),
    ])];
    if n_sentences == 0 {
        return rows;
    }
    let shown = |camp: &&CampComparison| camp.kind == CampKind::Listed || camp.n_sentences > 0;
    rows.extend(camps.iter().filter(shown).map(|camp| {
        Row::nested(vec![
            camp.camp.clone(),
            camp.n_sentences.to_string(),
            percent(camp.share.as_ref()),
            camp.n_articles.to_string(),
            camp.n_first.to_string(),
            estimate_of(&camp.net_stance, camp.n_articles),
        ])
    }));
    rows
}

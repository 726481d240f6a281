//! Frames by outlet: the heat map as a table.

use super::super::document::{Block, Table};
use super::super::table::percent;
use super::shown_outlets;
use crate::compare::{Comparison, FrameComparison, percent_of};
use crate::statistics::Estimate;

/// Outlets beside each other.
const SIDE_BY_SIDE: usize = 4;

/// `23 % [15, 31]`, or the figure alone.
fn share(of: &Estimate) -> String {
    match (of.low, of.high) {
        (Some(low), Some(high)) => format!(
            "{} [{:.0}, {:.0}]",
            percent(of.value.as_ref()),
            low * 100.0,
            high * 100.0
        ),
        _ => percent(of.value.as_ref()),
    }
}

/// The share of sentences with each frame, and of articles with such a sentence; nothing without a model of frames.
pub(in crate::report) fn frames_blocks(comparison: &Comparison) -> Vec<Block> {
    let Some(frames) = &comparison.frames else {
        return Vec::new();
    };
    let level = percent_of(comparison.level);
    let caption = format!("Frames: share of sentences [{level} %] (articles with such a sentence)");
    let cell =
        |of: &FrameComparison| format!("{} ({})", share(&of.share_of_sentences), of.n_articles);
    let outlets = shown_outlets(comparison).0;
    let all = format!("all ({} articles)", frames.n_articles);
    let mut columns: Vec<(String, &[FrameComparison])> = vec![(all, &frames.all)];
    columns.extend(outlets.iter().map(|outlet| {
        let name = format!("{} ({})", outlet.outlet, outlet.n_articles);
        (name, outlet.frames.as_slice())
    }));
    let tables = columns.chunks(SIDE_BY_SIDE).map(|part| {
        let mut headers = vec!["frame"];
        headers.extend(part.iter().map(|(name, _)| name.as_str()));
        let rows = frames.all.iter().enumerate().map(|(k, frame)| {
            let cells = part
                .iter()
                .map(|(_, of)| of.get(k).map_or(String::new(), cell));
            std::iter::once(frame.frame.clone())
                .chain(cells)
                .collect::<Vec<_>>()
        });
        Table::new(caption.clone(), headers, &[0], rows)
    });
    let quality = match frames.macro_f1 {
        Some(f1) => format!(" Its macro-F1 on held-out folds of its training data is {f1:.2}."),
        None => String::new(),
    };
    let note = format!(
        "Of the counted sentences about the subject; mean over articles, every article alike. A sentence may have several frames, or none. Told by a model of frames ({}).{quality} {}",
        frames.model.get(..16).unwrap_or(&frames.model),
        frames.about.as_deref().unwrap_or("")
    );
    Table::parts(tables.collect(), Some(note))
}

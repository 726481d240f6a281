//! Frames by outlet: the heat map as a table.

use std::fmt::Write;

use super::super::table::{Width, percent, printable, table, wrapped};
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

/// The share of sentences with each frame, and of articles with such a sentence; empty without a model of frames.
pub(super) fn text(comparison: &Comparison, width: Width) -> String {
    let Some(frames) = &comparison.frames else {
        return String::new();
    };
    let level = percent_of(comparison.level);
    let mut text =
        format!("\nFrames: share of sentences [{level} %] (articles with such a sentence)\n");
    let cell =
        |of: &FrameComparison| format!("{} ({})", share(&of.share_of_sentences), of.n_articles);
    let outlets = shown_outlets(comparison).0;
    let all = format!("all ({} articles)", frames.n_articles);
    let mut columns: Vec<(String, &[FrameComparison])> = vec![(all, &frames.all)];
    columns.extend(outlets.iter().map(|outlet| {
        let name = format!("{} ({})", printable(&outlet.outlet), outlet.n_articles);
        (name, outlet.frames.as_slice())
    }));
    for part in columns.chunks(SIDE_BY_SIDE) {
        let mut headers = vec!["frame"];
        headers.extend(part.iter().map(|(name, _)| name.as_str()));
        let rows = frames
            .all
            .iter()
            .enumerate()
            .map(|(k, frame)| {
                let cells = part
                    .iter()
                    .map(|(_, of)| of.get(k).map_or(String::new(), cell));
                std::iter::once(printable(&frame.frame))
                    .chain(cells)
                    .collect()
            })
            .collect();
        let _ = write!(text, "\n{}", table(width, &headers, &[0], rows));
    }
    let quality = match frames.macro_f1 {
        Some(f1) => format!(" Its macro-F1 on held-out folds of its training data is {f1:.2}."),
        None => String::new(),
    };
    let legend = format!(
        "Of the counted sentences about the subject; mean over articles, every article alike. A sentence may have several frames, or none. Told by a model of frames ({}).{quality} {}",
        frames.model.get(..16).unwrap_or(&frames.model),
        frames.about.as_deref().unwrap_or("")
    );
    let _ = write!(text, "\n{}", wrapped(width, 0, &printable(&legend)));
    text
}

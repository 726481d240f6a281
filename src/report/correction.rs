//! Figures corrected by hand labels as tables: outlets, differences, class shares.

use super::document::{Block, List, Table};
use super::table::{p_value, percent, signed};
use crate::compare::percent_of;
use crate::validate::{CorrectedFigure, CorrectedOutlet, Correction};
use crate::wording::count;

/// A figure with an interval, or without.
fn with_interval(value: f64, interval: Option<(f64, f64)>) -> String {
    match interval {
        Some((low, high)) => format!(
            "{} [{}, {}]",
            signed(Some(value)),
            signed(Some(low)),
            signed(Some(high))
        ),
        None => format!("{} [–]", signed(Some(value))),
    }
}

/// A figure for this corpus: an interval of no width is that of an outlet whose sentences all have a label.
fn for_corpus(figure: &CorrectedFigure) -> String {
    match figure.corpus {
        Some((low, high)) if low == high => {
            format!("{}, all labelled", signed(Some(figure.value)))
        }
        interval => with_interval(figure.value, interval),
    }
}

/// An interval alone.
fn interval(of: Option<(f64, f64)>) -> String {
    of.filter(|(low, high)| low < high)
        .map_or("–".to_string(), |(low, high)| {
            format!("[{}, {}]", signed(Some(low)), signed(Some(high)))
        })
}

/// The tables of a correction.
pub(in crate::report) fn correction_blocks(correction: &Correction) -> Vec<Block> {
    let level = percent_of(correction.level);
    let labelled = match correction.n_labelled == correction.n_drawn {
        true => count(correction.n_labelled, "hand label"),
        false => format!(
            "{} of {} drawn sentences labelled",
            correction.n_labelled, correction.n_drawn
        ),
    };
    let caption = format!("Corrected by hand labels: net stance [{level} %] ({labelled})");
    let corrected: Vec<&CorrectedOutlet> = correction
        .outlets
        .iter()
        .filter(|outlet| outlet.corrected.is_some())
        .collect();
    let mut blocks = match corrected.is_empty() {
        true => vec![
            Block::heading(caption),
            Block::paragraph("No outlet has labels enough to be corrected."),
        ],
        false => {
            let outlets = outlets_table(caption, &corrected, &level);
            let mut tables = vec![outlets.note(legend(correction)).into()];
            tables.extend(differences_table(correction, &level).map(Block::from));
            tables.extend(shares_table(&corrected, &level).map(Block::from));
            tables
        }
    };
    blocks.extend(refused(correction).map(Block::Paragraph));
    if !correction.notes.is_empty() {
        blocks.push(List::titled("On the labels", correction.notes.clone()).into());
    }
    blocks
}

fn outlets_table(caption: String, outlets: &[&CorrectedOutlet], level: &str) -> Table {
    let this_corpus = format!("this corpus [{level} %]");
    let rows = outlets.iter().filter_map(|outlet| {
        let corrected = outlet.corrected?;
        Some(vec![
            outlet.outlet.clone(),
            format!("{} ({})", outlet.n_labelled, outlet.n_labelled_articles),
            signed(outlet.model.value),
            for_corpus(&corrected),
            interval(corrected.general),
            interval(outlet.labels_alone.and_then(|alone| alone.corpus)),
            outlet
                .lambda
                .map_or("–".to_string(), |lambda| format!("{lambda:.2}")),
        ])
    });
    let headers = [
        "outlet",
        "labels",
        "model",
        this_corpus.as_str(),
        "in general",
        "labels alone",
        "lambda",
    ];
    Table::new(caption, headers, &[0], rows)
}

fn legend(correction: &Correction) -> String {
    format!(
        "Labels: sentences (articles). Model: as scored, uncorrected. This corpus: what the mean would be if every counted sentence here had a label; the interval \
         is for the draw of the sample. In general: the same with the choice of articles, a draw from what the outlet publishes. Labels alone: the interval for this \
         corpus without the model; the narrower the corrected one beside it, the more the model helps. How: {}.",
        correction.method
    )
}

fn differences_table(correction: &Correction, level: &str) -> Option<Table> {
    if correction.differences.is_empty() {
        return None;
    }
    let rows = correction.differences.iter().map(|d| {
        vec![
            d.a.clone(),
            d.b.clone(),
            with_interval(d.model, d.model_interval),
            for_corpus(&d.corrected),
            interval(d.corrected.general),
            d.p_adjusted.map_or("–".to_string(), p_value),
        ]
    });
    let corrected = format!("corrected [{level} %]");
    let headers = [
        "outlet",
        "less",
        "model",
        corrected.as_str(),
        "in general",
        "p adj.",
    ];
    let tested = correction.differences.iter().filter(|d| d.p.is_some());
    let note = format!(
        "The model's interval takes its scores for the truth. Corrected: for this corpus, then in general. p: of no difference in general, \
         adjusted for {} (Holm).",
        count(tested.count(), "test")
    );
    let caption = "Differences corrected by hand labels";
    Some(Table::new(caption, headers, &[0, 1], rows).note(note))
}

fn shares_table(outlets: &[&CorrectedOutlet], level: &str) -> Option<Table> {
    let first = outlets.first().filter(|outlet| outlet.shares.len() <= 5)?;
    let share = |figure: &CorrectedFigure| match figure.corpus {
        Some((low, high)) if low < high => format!(
            "{} [{:.0}, {:.0}]",
            percent(Some(&figure.value)),
            low * 100.0,
            high * 100.0
        ),
        _ => percent(Some(&figure.value)),
    };
    let mut headers = vec!["outlet"];
    headers.extend(first.shares.keys().map(String::as_str));
    let rows = outlets.iter().map(|outlet| {
        let shares = outlet.shares.values().map(share);
        let cells = std::iter::once(outlet.outlet.clone()).chain(shares);
        cells.collect::<Vec<_>>()
    });
    let caption = format!("Class shares corrected by hand labels, for this corpus [{level} %]");
    Some(Table::new(caption, headers, &[0], rows))
}

/// Outlets without a corrected figure, named one by one.
const NAMED: usize = 8;

fn refused(correction: &Correction) -> Option<String> {
    let refused: Vec<String> = correction
        .outlets
        .iter()
        .filter_map(|outlet| {
            let why = outlet.refused.as_ref()?;
            Some(format!("{} ({why})", outlet.outlet))
        })
        .collect();
    if refused.is_empty() {
        return None;
    }
    let more = match refused.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let named = refused[..refused.len().min(NAMED)].join("; ");
    Some(format!("Not corrected: {named}{more}."))
}

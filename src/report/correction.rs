//! Figures corrected by hand labels as tables: outlets, differences, class shares.

use std::fmt::Write;

use super::table::{Width, p_value, percent, printable, signed, table, wrapped};
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
pub(super) fn correction_text(correction: &Correction, width: Width) -> String {
    let level = percent_of(correction.level);
    let labelled = match correction.n_labelled == correction.n_drawn {
        true => count(correction.n_labelled, "hand label"),
        false => format!(
            "{} of {} drawn sentences labelled",
            correction.n_labelled, correction.n_drawn
        ),
    };
    let mut text = format!("\nCorrected by hand labels: net stance [{level} %] ({labelled})\n\n");
    let corrected: Vec<&CorrectedOutlet> = correction
        .outlets
        .iter()
        .filter(|outlet| outlet.corrected.is_some())
        .collect();
    if corrected.is_empty() {
        text.push_str(&wrapped(
            width,
            0,
            "No outlet has labels enough to be corrected.",
        ));
    } else {
        text.push_str(&outlets_table(&corrected, &level, width));
        text.push('\n');
        text.push_str(&wrapped(width, 0, &legend(correction)));
        text.push_str(&differences_table(correction, &level, width));
        text.push_str(&shares_table(&corrected, &level, width));
    }
    text.push_str(&refused_text(correction, width));
    if !correction.notes.is_empty() {
        text.push_str("\nOn the labels\n");
    }
    for note in &correction.notes {
        let _ = write!(text, "- {}", wrapped(Width(width.0 - 2), 2, note));
    }
    text
}

fn outlets_table(outlets: &[&CorrectedOutlet], level: &str, width: Width) -> String {
    let this_corpus = format!("this corpus [{level} %]");
    let rows = outlets
        .iter()
        .filter_map(|outlet| {
            let corrected = outlet.corrected?;
            Some(vec![
                printable(&outlet.outlet),
                format!("{} ({})", outlet.n_labelled, outlet.n_labelled_articles),
                signed(outlet.model.value),
                for_corpus(&corrected),
                interval(corrected.general),
                interval(outlet.labels_alone.and_then(|alone| alone.corpus)),
                outlet
                    .lambda
                    .map_or("–".to_string(), |lambda| format!("{lambda:.2}")),
            ])
        })
        .collect();
    let headers = [
        "outlet",
        "labels",
        "model",
        this_corpus.as_str(),
        "in general",
        "labels alone",
        "lambda",
    ];
    table(width, &headers, &[0], rows)
}

fn legend(correction: &Correction) -> String {
    format!(
        "Labels: sentences (articles). Model: as scored, uncorrected. This corpus: what the mean would be if every counted sentence here had a label; the interval \
         is for the draw of the sample. In general: the same with the choice of articles, a draw from what the outlet publishes. Labels alone: the interval for this \
         corpus without the model; the narrower the corrected one beside it, the more the model helps. How: {}.",
        correction.method
    )
}

fn differences_table(correction: &Correction, level: &str, width: Width) -> String {
    if correction.differences.is_empty() {
        return String::new();
    }
    let rows = correction
        .differences
        .iter()
        .map(|d| {
            vec![
                printable(&d.a),
                printable(&d.b),
                with_interval(d.model, d.model_interval),
                for_corpus(&d.corrected),
                interval(d.corrected.general),
                d.p_adjusted.map_or("–".to_string(), p_value),
            ]
        })
        .collect();
    let corrected = format!("corrected [{level} %]");
    let headers = [
        "outlet",
        "less",
        "model",
        corrected.as_str(),
        "in general",
        "p adj.",
    ];
    format!(
        "\nDifferences corrected by hand labels\n\n{}\n{}",
        table(width, &headers, &[0, 1], rows),
        wrapped(
            width,
            0,
            &format!(
                "The model's interval takes its scores for the truth. Corrected: for this corpus, then in general. p: of no difference in general, \
                 adjusted for {} (Holm).",
                count(
                    correction
                        .differences
                        .iter()
                        .filter(|d| d.p.is_some())
                        .count(),
                    "test"
                )
            )
        )
    )
}

fn shares_table(outlets: &[&CorrectedOutlet], level: &str, width: Width) -> String {
    let Some(first) = outlets.first().filter(|outlet| outlet.shares.len() <= 5) else {
        return String::new();
    };
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
    let rows = outlets
        .iter()
        .map(|outlet| {
            std::iter::once(printable(&outlet.outlet))
                .chain(outlet.shares.values().map(share))
                .collect()
        })
        .collect();
    format!(
        "\nClass shares corrected by hand labels, for this corpus [{level} %]\n\n{}",
        table(width, &headers, &[0], rows)
    )
}

/// Outlets without a corrected figure, named one by one.
const NAMED: usize = 8;

fn refused_text(correction: &Correction, width: Width) -> String {
    let refused: Vec<String> = correction
        .outlets
        .iter()
        .filter_map(|outlet| {
            let why = outlet.refused.as_ref()?;
            Some(format!("{} ({why})", printable(&outlet.outlet)))
        })
        .collect();
    if refused.is_empty() {
        return String::new();
    }
    let more = match refused.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let named = refused[..refused.len().min(NAMED)].join("; ");
    format!(
        "\n{}",
        wrapped(width, 0, &format!("Not corrected: {named}{more}."))
    )
}

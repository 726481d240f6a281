//! A learning curve as blocks and CSV.

use super::document::{Block, Document, List, Table};
use super::paint::Paint;
use super::table::{Width, csv, number, plain};
use crate::evaluate::LearningCurve;
use crate::wording::count;

/// The curve as text.
pub fn curve_text(curve: &LearningCurve, width: Width) -> String {
    curve_document(curve).text(width, Paint::Plain)
}

/// The curve as blocks: sizes, the law, what it says, what to know.
pub fn curve_document(curve: &LearningCurve) -> Document {
    let title = format!(
        "{} of {}, {} folds that share no article",
        count(curve.n, "labelled sentence"),
        count(curve.n_articles, "article"),
        curve.folds
    );
    let mut blocks = vec![Block::Title(title), sizes(curve).into()];
    if let Some(law) = &curve.law {
        let explained = law.r_squared.map_or(String::new(), |share| {
            format!(", explains {:.1} % of the differences", share * 100.0)
        });
        blocks.push(Block::Paragraph(format!(
            "Law: macro-F1 = {:.3} - {:.3} n^-{:.3}{explained}; a size is off by {:.3} at most",
            law.a, law.b, law.c, law.largest_residual
        )));
    }
    if !curve.forecast.is_empty() {
        blocks.push(forecast(curve).into());
    }
    blocks.push(Block::Paragraph(curve.summary.clone()));
    blocks.push(List::titled("Notes", curve.notes.clone()).into());
    blocks.into()
}

fn sizes(curve: &LearningCurve) -> Table {
    let rows = curve.sizes.iter().map(|size| {
        vec![
            size.n.to_string(),
            size.n_articles.to_string(),
            size.draws.to_string(),
            plain(Some(size.macro_f1)),
            plain(Some(size.spread)),
            plain(Some(size.accuracy)),
            plain(Some(size.majority.macro_f1)),
            plain(Some(size.majority.accuracy)),
        ]
    });
    let headers = [
        "trained on",
        "articles",
        "draws",
        "macro-F1",
        "spread",
        "accuracy",
        "majority: macro-F1",
        "accuracy",
    ];
    Table::new("Figures by number of labels", headers, &[], rows).quiet()
}

fn forecast(curve: &LearningCurve) -> Table {
    let rows = curve.forecast.iter().map(|at| {
        let signed = |value: Option<f64>| {
            // No "-0.000".
            let value = value.map(|v| if v.abs() < 0.0005 { 0.0 } else { v });
            value.map_or("–".to_string(), |v| format!("{v:+.3}"))
        };
        vec![
            at.n.to_string(),
            format!("+{}", at.more),
            plain(Some(at.macro_f1)),
            signed(at.gain.value),
            format!("{} to {}", signed(at.gain.low), signed(at.gain.high)),
        ]
    });
    let headers = [
        "labels",
        "more",
        "macro-F1 by the law",
        "gain",
        "resampled folds",
    ];
    Table::new("What more labels would bring", headers, &[], rows).quiet()
}

/// One row a measured size, then one a forecast; what a row does not have is empty.
pub fn curve_csv(curve: &LearningCurve) -> String {
    let header = [
        "kind",
        "n",
        "n_articles",
        "draws",
        "macro_f1",
        "spread",
        "accuracy",
        "majority_macro_f1",
        "majority_accuracy",
        "gain",
        "gain_low",
        "gain_high",
    ];
    let measured = curve.sizes.iter().map(|size| {
        let mut row = vec![
            "measured".to_string(),
            size.n.to_string(),
            size.n_articles.to_string(),
            size.draws.to_string(),
        ];
        let figures = [
            size.macro_f1,
            size.spread,
            size.accuracy,
            size.majority.macro_f1,
            size.majority.accuracy,
        ];
        row.extend(figures.map(|value| number(Some(value))));
        row.extend([const { String::new() }; 3]);
        row
    });
    let forecast = curve.forecast.iter().map(|at| {
        let mut row = vec!["forecast".to_string(), at.n.to_string()];
        row.extend([const { String::new() }; 2]);
        row.push(number(Some(at.macro_f1)));
        row.extend([const { String::new() }; 4]);
        row.extend([at.gain.value, at.gain.low, at.gain.high].map(number));
        row
    });
    csv(&header, measured.chain(forecast))
}

//! An evaluation as text and CSV.

use std::fmt::Write;

use serde::Serialize;

use super::table::{Width, csv, number, plain, plain_interval, printable, table, wrapped};
use crate::classifier::InputSummary;
use crate::compare::count;
use crate::evaluate::Evaluation;

/// An evaluation and what of the input it rests on, for JSON.
#[derive(Debug, Serialize)]
pub struct WithInput<'r> {
    /// The figures.
    #[serde(flatten)]
    pub evaluation: &'r Evaluation,
    /// What was used and what was left out.
    pub input: &'r InputSummary,
}

/// The evaluation as tables.
pub fn evaluation_text(evaluation: &Evaluation, width: Width) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{} from {}\n",
        count(evaluation.n, "sentence"),
        count(evaluation.n_articles, "article")
    );
    let row =
        |name: &str, accuracy: String, macro_f1: String| vec![name.to_string(), accuracy, macro_f1];
    let baseline = |name, baseline: &crate::evaluate::Baseline| {
        row(
            name,
            plain(Some(baseline.accuracy)),
            plain(Some(baseline.macro_f1)),
        )
    };
    let rows = vec![
        row(
            "this model",
            plain_interval(&evaluation.accuracy),
            plain_interval(&evaluation.macro_f1),
        ),
        baseline(
            "always the most frequent class",
            &evaluation.baselines.majority,
        ),
        baseline(
            "without knowing the subject",
            &evaluation.baselines.target_blind,
        ),
    ];
    text.push_str(&table(width, &["", "accuracy", "macro-F1"], &[0], rows));
    text.push('\n');
    let rows = evaluation
        .classes
        .iter()
        .map(|class| {
            let figures = &evaluation.per_class[class];
            vec![
                class.clone(),
                plain_interval(&figures.precision),
                plain_interval(&figures.recall),
                plain_interval(&figures.f1),
                figures.support.to_string(),
            ]
        })
        .collect();
    text.push_str(&table(
        width,
        &["class", "precision", "recall", "F1", "support"],
        &[0],
        rows,
    ));

    text.push_str("\nConfusion (rows: label, columns: prediction)\n\n");
    let mut headers = vec![""];
    headers.extend(evaluation.classes.iter().map(String::as_str));
    let rows = evaluation
        .classes
        .iter()
        .zip(&evaluation.confusion)
        .map(|(class, row)| {
            std::iter::once(class.clone())
                .chain(row.iter().map(usize::to_string))
                .collect()
        })
        .collect();
    text.push_str(&table(width, &headers, &[0], rows));

    let _ = writeln!(
        text,
        "\nProbabilities: log loss {}, Brier {}, calibration error {}{}",
        plain_interval(&evaluation.log_loss),
        plain_interval(&evaluation.brier),
        plain_interval(&evaluation.ece),
        evaluation.ece_calibrated_95.map_or(String::new(), |point| format!(
            "\n(a perfectly calibrated model of so many rows stays below {point:.3} in 95 % of cases)"
        ))
    );
    if evaluation.accuracy.low.is_some() {
        text.push_str("Intervals: 95 %, whole articles resampled.\n");
    } else {
        let _ = writeln!(
            text,
            "No intervals: they need at least {} articles.",
            crate::evaluate::MIN_ARTICLES
        );
    }
    for note in &evaluation.notes {
        text.push_str(&wrapped(width, 0, &printable(note)));
    }
    text
}

/// One row a figure: `figure,class,value,low,high,n`.
pub fn evaluation_csv(evaluation: &Evaluation) -> String {
    let row = |figure: &str, class: &str, estimate: &crate::statistics::Estimate, n: usize| {
        vec![
            figure.to_string(),
            class.to_string(),
            number(estimate.value),
            number(estimate.low),
            number(estimate.high),
            n.to_string(),
        ]
    };
    let n = evaluation.n;
    let mut rows = vec![
        row("accuracy", "", &evaluation.accuracy, n),
        row("macro_f1", "", &evaluation.macro_f1, n),
        row("log_loss", "", &evaluation.log_loss, n),
        row("brier", "", &evaluation.brier, n),
        row("ece", "", &evaluation.ece, n),
    ];
    for class in &evaluation.classes {
        let figures = &evaluation.per_class[class];
        rows.push(row("precision", class, &figures.precision, figures.support));
        rows.push(row("recall", class, &figures.recall, figures.support));
        rows.push(row("f1", class, &figures.f1, figures.support));
    }
    let baselines = [
        ("majority", &evaluation.baselines.majority),
        ("target_blind", &evaluation.baselines.target_blind),
    ];
    for (name, baseline) in baselines {
        let point = crate::statistics::Estimate::point;
        rows.push(row(
            &format!("{name}_accuracy"),
            "",
            &point(baseline.accuracy),
            n,
        ));
        rows.push(row(
            &format!("{name}_macro_f1"),
            "",
            &point(baseline.macro_f1),
            n,
        ));
    }
    csv(&["figure", "class", "value", "low", "high", "n"], rows)
}

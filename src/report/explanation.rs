//! A prediction taken apart, as text and JSON.

use std::fmt::Write;

use serde_json::{Value, json};

use super::table::{Width, printable, table};
use crate::classes::Classes;
use crate::classifier::Explanation;
use crate::span::{CharOffsets, Span};

/// The sentence with its mentions marked, its probabilities, and the features that moved it most.
pub fn explanation_text(
    text: &str,
    mentions: &[Span],
    classes: &Classes,
    explanation: &Explanation,
    top: usize,
    width: Width,
) -> String {
    let mut out = String::new();
    let mut marked = String::new();
    let mut at = 0;
    for mention in mentions {
        let _ = write!(marked, "{}[{}]", &text[at..mention.start], mention.of(text));
        at = mention.end;
    }
    marked.push_str(&text[at..]);
    let _ = writeln!(out, "{}\n", printable(&marked));

    let mut contributions: Vec<_> = explanation.contributions.iter().collect();
    // What moves classes apart counts, not what lifts all of them.
    let spread = |by_class: &[f64]| {
        let max = by_class.iter().copied().fold(f64::MIN, f64::max);
        let min = by_class.iter().copied().fold(f64::MAX, f64::min);
        max - min
    };
    contributions.sort_by(|a, b| spread(&b.by_class).total_cmp(&spread(&a.by_class)));
    let shown = top.min(contributions.len());
    let numbers =
        |values: &[f64]| -> Vec<String> { values.iter().map(|v| format!("{v:+.3}")).collect() };
    let named = |name: String, values: &[f64]| -> Vec<String> {
        std::iter::once(name).chain(numbers(values)).collect()
    };
    let mut rows: Vec<Vec<String>> = contributions[..shown]
        .iter()
        .map(|c| named(c.feature.clone(), &c.by_class))
        .collect();
    let k = classes.len();
    if shown < contributions.len() {
        let mut rest = vec![0.0; k];
        for contribution in &contributions[shown..] {
            for (sum, value) in rest.iter_mut().zip(&contribution.by_class) {
                *sum += value;
            }
        }
        rows.push(named(
            format!("{} more features", contributions.len() - shown),
            &rest,
        ));
    }
    rows.push(named("intercept".to_string(), &explanation.intercept));
    rows.push(named("= logit".to_string(), &explanation.logits));
    let scaled: Vec<f64> = explanation
        .logits
        .iter()
        .zip(&explanation.calibration.biases)
        .map(|(logit, bias)| explanation.calibration.scale * logit + bias)
        .collect();
    rows.push(named(
        format!(
            "calibrated: {:.3} x logit + bias",
            explanation.calibration.scale
        ),
        &scaled,
    ));
    rows.push(
        std::iter::once("probability".to_string())
            .chain(
                explanation
                    .probabilities
                    .values()
                    .iter()
                    .map(|p| format!("{p:.3}")),
            )
            .collect(),
    );
    let mut headers = vec!["feature"];
    headers.extend(classes.names().iter().map(String::as_str));
    out.push_str(&table(width, &headers, &[0], rows));
    if let Some(polarity) = classes.polarity() {
        let _ = writeln!(
            out,
            "\nnet stance {:+.3}",
            explanation.probabilities.net_stance(polarity)
        );
    }
    out
}

/// The whole explanation; spans in characters of `text`.
pub fn explanation_json(
    text: &str,
    mentions: &[Span],
    classes: &Classes,
    explanation: &Explanation,
) -> Value {
    let offsets = CharOffsets::new(text);
    let by_class = |values: &[f64]| -> Value {
        classes
            .names()
            .iter()
            .zip(values)
            .map(|(name, &v)| (name.clone(), json!(v)))
            .collect()
    };
    let spans =
        |spans: &[Span]| -> Vec<Value> { spans.iter().map(|&s| json!(offsets.chars(s))).collect() };
    json!({
        "text": text,
        "mentions": spans(mentions),
        "intercept": by_class(&explanation.intercept),
        "contributions": explanation.contributions.iter().map(|c| json!({
            "feature": c.feature,
            "family": c.family,
            "spans": spans(&c.spans),
            "by_class": by_class(&c.by_class),
        })).collect::<Vec<_>>(),
        "logits": by_class(&explanation.logits),
        "calibration": {
            "scale": explanation.calibration.scale,
            "biases": by_class(&explanation.calibration.biases),
        },
        "probabilities": by_class(explanation.probabilities.values()),
        "net_stance": classes.polarity().map(|polarity| explanation.probabilities.net_stance(polarity)),
    })
}

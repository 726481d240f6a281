//! A prediction taken apart, as text and JSON.

use std::fmt::Write;

use serde_json::{Value, json};

use super::table::{Width, printable, table};
use crate::classes::Classes;
use crate::classifier::Explanation;
use crate::span::{CharOffsets, Span};
use crate::wording::count;

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

    let (shown, rest) = explanation.strongest(top);
    let numbers =
        |values: &[f64]| -> Vec<String> { values.iter().map(|v| format!("{v:+.3}")).collect() };
    let named = |name: String, values: &[f64]| -> Vec<String> {
        std::iter::once(name).chain(numbers(values)).collect()
    };
    let mut rows: Vec<Vec<String>> = shown
        .iter()
        .map(|c| named(c.feature.clone(), &c.by_class))
        .collect();
    if shown.len() < explanation.contributions.len() {
        let n = explanation.contributions.len() - shown.len();
        rows.push(named(count(n, "more feature"), &rest));
    }
    rows.push(named("intercept".to_string(), &explanation.intercept));
    rows.push(named("= logit".to_string(), &explanation.logits));
    rows.push(named(
        format!(
            "calibrated: {:.3} x logit + bias",
            explanation.calibration.factor(&explanation.logits)
        ),
        &explanation.calibrated,
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
    if let Some(net_stance) = explanation.net_stance {
        let _ = writeln!(out, "\nnet stance {net_stance:+.3}");
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
            "exponent": explanation.calibration.exponent,
            "factor": explanation.calibration.factor(&explanation.logits),
            "biases": by_class(&explanation.calibration.biases),
        },
        "calibrated": by_class(&explanation.calibrated),
        "probabilities": by_class(explanation.probabilities.values()),
        "net_stance": explanation.net_stance,
    })
}

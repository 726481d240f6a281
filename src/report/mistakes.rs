//! Wrong rows as JSON lines and CSV.

use super::table::csv;
use crate::evaluate::Mistake;

/// One line of JSON a row.
pub fn mistakes_jsonl(mistakes: &[Mistake]) -> String {
    mistakes
        .iter()
        .map(|mistake| serde_json::to_string(mistake).expect("mistakes are plain data") + "\n")
        .collect()
}

/// One row a mistake, one column a class's probability; several mentions and words are separated by `; `.
pub fn mistakes_csv(mistakes: &[Mistake], classes: &[String]) -> String {
    let probability_columns: Vec<String> = classes.iter().map(|c| format!("p_{c}")).collect();
    let mut header = vec![
        "file",
        "line",
        "id",
        "article",
        "outlet",
        "text",
        "subject",
        "mentions",
        "voice",
        "label",
        "prediction",
        "p_label",
    ];
    header.extend(probability_columns.iter().map(String::as_str));
    header.extend(["seen_in_training", "words"]);
    let rows = mistakes.iter().map(|mistake| {
        let word = |value: &Option<String>| value.clone().unwrap_or_default();
        let joined = |parts: Vec<String>| parts.join("; ");
        let spans = (mistake.mentions.iter()).map(|span| format!("{}-{}", span.0, span.1));
        let words = (mistake.words.iter()).map(|w| format!("{} ({:+.3})", w.feature, w.weight));
        let mut row = vec![
            mistake.file.clone(),
            mistake.line.map_or(String::new(), |line| line.to_string()),
            word(&mistake.id),
            word(&mistake.article),
            word(&mistake.outlet),
            mistake.text.clone(),
            joined(mistake.subject.clone()),
            joined(spans.collect()),
            mistake.voice.to_string(),
            mistake.label.clone(),
            mistake.prediction.clone(),
            mistake.p_label.to_string(),
        ];
        row.extend(classes.iter().map(|c| mistake.probabilities[c].to_string()));
        row.push(mistake.seen_in_training.to_string());
        row.push(joined(words.collect()));
        row
    });
    csv(&header, rows)
}

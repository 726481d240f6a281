//! Models of frames: how good they are, and what is in them.

use std::fmt::Write;

use super::document::{Block, Document, Table};
use super::paint::Paint;
use super::table::{Width, csv, number, plain, plain_interval, printable, rough, table, wrapped};
use crate::classifier::FrameClassifier;
use crate::compare::percent_of;
use crate::evaluate::FrameEvaluation;
use crate::statistics::Estimate;
use crate::wording::count;

/// The evaluation as text.
pub fn frame_evaluation_text(evaluation: &FrameEvaluation, width: Width) -> String {
    frame_evaluation_document(evaluation).text(width, Paint::Plain)
}

/// The evaluation as blocks: figures over all frames, then frame by frame.
pub fn frame_evaluation_document(evaluation: &FrameEvaluation) -> Document {
    let title = format!(
        "{} of {}",
        count(evaluation.n, "sentence"),
        count(evaluation.n_articles, "article")
    );
    let mut per_frame = per_frame(evaluation);
    if let Some(n) = evaluation.n_seen_in_training.filter(|&n| n > 0) {
        let note = format!("{n} of these sentences were in the model's training data.");
        per_frame.notes.push(note);
    }
    let notes = evaluation.about.iter().chain(&evaluation.notes);
    per_frame.notes.extend(notes.cloned());
    vec![
        Block::Title(title),
        over_all(evaluation).into(),
        per_frame.into(),
    ]
    .into()
}

fn over_all(evaluation: &FrameEvaluation) -> Table {
    let row = |name: &str, of: &Estimate, without: String| {
        vec![name.to_string(), plain_interval(of), without]
    };
    let rows = [
        row(
            "macro-F1",
            &evaluation.macro_f1,
            format!(
                "{:.3} (every frame of every sentence)",
                evaluation.all_frames_macro_f1
            ),
        ),
        row(
            "micro-F1",
            &evaluation.micro_f1,
            format!(
                "{:.3} (always the most frequent frame)",
                evaluation.most_frequent_micro_f1
            ),
        ),
        row(
            "mean average precision",
            &evaluation.mean_average_precision,
            "by chance the share of sentences with the frame".to_string(),
        ),
        row("all frames right", &evaluation.exact, String::new()),
    ];
    let model = format!("model [{} %]", percent_of(evaluation.level));
    let headers = ["", &model, "without a model"];
    Table::new("Figures over all frames", headers, &[0, 1, 2], rows).quiet()
}

fn per_frame(evaluation: &FrameEvaluation) -> Table {
    let rows = evaluation.per_frame.iter().map(|(name, of)| {
        vec![
            name.clone(),
            of.support.to_string(),
            of.predicted.to_string(),
            plain(of.precision),
            plain(of.recall),
            rough(&of.f1),
            plain(of.always_f1),
            match of.average_precision.value {
                Some(value) => format!("{value:.2}"),
                None => plain(None),
            },
        ]
    });
    let headers = [
        "frame",
        "sentences",
        "predicted",
        "precision",
        "recall",
        "F1",
        "always",
        "av. prec.",
    ];
    let note = "Always: F1 of saying the frame of every sentence. Av. prec.: average precision, by chance the share of sentences with the frame.";
    Table::new("Figures frame by frame", headers, &[0], rows)
        .quiet()
        .note(note)
}

/// One row a frame.
pub fn frame_evaluation_csv(evaluation: &FrameEvaluation) -> String {
    let header = [
        "frame",
        "support",
        "predicted",
        "precision",
        "recall",
        "f1",
        "f1_low",
        "f1_high",
        "always_f1",
        "average_precision",
        "average_precision_low",
        "average_precision_high",
    ];
    csv(
        &header,
        evaluation.per_frame.iter().map(|(name, of)| {
            let mut row = vec![
                name.clone(),
                of.support.to_string(),
                of.predicted.to_string(),
            ];
            row.extend(
                [
                    of.precision,
                    of.recall,
                    of.f1.value,
                    of.f1.low,
                    of.f1.high,
                    of.always_f1,
                    of.average_precision.value,
                    of.average_precision.low,
                    of.average_precision.high,
                ]
                .map(number),
            );
            row
        }),
    )
}

/// Frames with their thresholds, the training record and the strongest features of each.
pub fn frame_inspection_text(model: &FrameClassifier, top: usize, width: Width) -> String {
    let record = model.record();
    let mut text = format!("Model of frames, digest {}\n\n", &model.digest()[..16]);
    let rows = model
        .names()
        .iter()
        .zip(model.thresholds())
        .map(|(name, threshold)| {
            let n = record.frame_counts.get(name).copied().unwrap_or(0);
            vec![name.clone(), n.to_string(), format!("{threshold:.3}")]
        })
        .collect();
    text.push_str(&table(
        width,
        &["frame", "training rows", "threshold"],
        &[0],
        rows,
    ));
    let line = format!(
        "Trained on {} of {} ({}), l2 {}, seed {}; {}. {}",
        count(record.n, "sentence"),
        count(record.n_articles, "article"),
        match record.files.is_empty() {
            true => "no file".to_string(),
            false => printable(&record.files.join(", ")),
        },
        record.l2,
        record.seed,
        count(model.n_features(), "feature"),
        record.macro_f1.map_or(String::new(), |f1| format!(
            "Macro-F1 on held-out folds {f1:.3}."
        ))
    );
    let _ = write!(text, "\n{}", wrapped(width, 0, &line));
    if let Some(line) = &record.about {
        text.push_str(&wrapped(width, 0, &printable(line)));
    }
    text.push_str("\nStrongest words\n");
    for (k, name) in model.names().iter().enumerate() {
        let words: Vec<String> = model
            .strongest(k, top)
            .into_iter()
            .map(|(feature, weight)| format!("{} {weight:+.2}", printable(&feature)))
            .collect();
        let line = format!("{}: {}", printable(name), words.join(", "));
        text.push_str(&wrapped(width, 2, &line));
    }
    text
}

//! What hand labels say of a model, as blocks and CSV.

use super::correction::correction_blocks;
use super::document::{Block, Document, List, Table};
use super::paint::Paint;
use super::table::{Width, bracketed, csv, number, p_value, percent, rough, signed};
use crate::compare::percent_of;
use crate::validate::{Quality, Validation};
use crate::wording::count;
use crate::wording::harmless;

/// The report as text.
pub fn validation_text(validation: &Validation, width: Width) -> String {
    validation_document(validation).text(width, Paint::Plain)
}

/// The report as blocks: what it comes to, coders, the model against the labels, corrected figures, notes.
pub fn validation_document(validation: &Validation) -> Document {
    let title = format!(
        "{}: {} labelled of {} drawn, from {} in {}",
        validation.subject,
        count(validation.n_labelled, "sentence"),
        validation.n_drawn,
        count(validation.n_sentences, "sentence"),
        count(validation.n_articles, "article")
    );
    let mut blocks = vec![
        Block::Title(title),
        Block::Paragraph(verdict(validation)),
        coders(validation).into(),
        all(validation).into(),
        classes(validation).into(),
        confusion(validation).into(),
    ];
    blocks.extend(slices("By outlet", &validation.by_outlet).map(Block::from));
    blocks.extend(slices("By voice", &validation.by_voice).map(Block::from));
    blocks.extend(differential(validation).map(Block::Paragraph));
    if let Some(correction) = &validation.corrected {
        blocks.extend(correction_blocks(correction));
    }
    blocks.extend(needed_blocks(validation));
    let how = format!(
        "Figures weigh each labelled sentence for what it stands for: every article of the corpus alike, its sentences alike. Intervals ({} %) are over \
         articles; those of alpha and macro-F1, which are resampled, are somewhat too narrow below 40 articles.",
        percent_of(validation.level)
    );
    let notes = std::iter::once(how).chain(validation.notes.iter().cloned());
    blocks.push(List::titled("Notes", notes.collect()).into());
    blocks.into()
}

/// What it comes to, in a sentence or two.
fn verdict(validation: &Validation) -> String {
    let all = &validation.all;
    let accuracy = all.accuracy.value.unwrap_or(0.0);
    let mut lines = vec![match all.accuracy.low {
        Some(low) if low > all.majority => format!(
            "On these outlets the model agrees with the labels in {:.0} % of sentences, more than always saying the most frequent label ({:.0} %).",
            accuracy * 100.0,
            all.majority * 100.0
        ),
        _ => format!(
            "On these outlets the model agrees with the labels in {:.0} % of sentences; always saying the most frequent label agrees in {:.0} %, so it is not \
             shown to be better.",
            accuracy * 100.0,
            all.majority * 100.0
        ),
    }];
    if let (Some(bias), Some(low), Some(high)) = (all.bias.value, all.bias.low, all.bias.high) {
        lines.push(match low > 0.0 || high < 0.0 {
            true => format!(
                "Its scores lie {:.2} too {} on average.",
                bias.abs(),
                if bias > 0.0 { "low" } else { "high" }
            ),
            false => "Its mean score is not shown to be off.".to_string(),
        });
    }
    if let Some(test) = &validation.differential_error {
        let alpha = 1.0 - validation.level;
        lines.push(match test.p < alpha {
            true => "Its error differs between outlets: uncorrected differences between them are wrong in part.".to_string(),
            false => format!(
                "That its error differs between outlets is not shown (p {}), which is no proof that it does not.",
                p_value(test.p)
            ),
        });
    }
    lines.join(" ")
}

fn coders(validation: &Validation) -> Table {
    let rows = validation.coders.agreements.iter().map(|of| {
        vec![
            of.coders.join(" – "),
            format!("{} ({})", of.n, of.n_articles),
            rough(&of.alpha),
            percents(&of.agreement),
        ]
    });
    let caption = format!(
        "Coders, the model as one of them [{} %]",
        percent_of(validation.level)
    );
    let headers = ["", "sentences (articles)", "alpha", "agree"];
    Table::new(caption, headers, &[0], rows).note(format!(
        "Alpha: Krippendorff's, {}; 1 is perfect, 0 what chance gives. Agree: share of pairs of labels that are equal. Both count the labelled \
         sentences alike, unweighted.",
        validation.coders.distance
    ))
}

/// `62 % [53, 71]`
fn percents(of: &crate::statistics::Estimate) -> String {
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

fn quality_cells(of: &Quality) -> Vec<String> {
    vec![
        of.of.clone(),
        format!("{} ({})", of.n, of.n_articles),
        percents(&of.accuracy),
        percent(Some(&of.majority)),
        rough(&of.macro_f1),
        signed(of.mean_label),
        signed(of.mean_score),
        bracketed(&of.bias),
    ]
}

const QUALITY: [&str; 8] = [
    "",
    "labels",
    "accuracy",
    "majority",
    "macro-F1",
    "label",
    "score",
    "label - score",
];

fn all(validation: &Validation) -> Table {
    let caption = format!(
        "The model against the first coder's labels [{} %]",
        percent_of(validation.level)
    );
    let note = "Labels: sentences (articles). Majority: the accuracy of always saying the label most frequent there. Label, score: mean of what labels are \
                worth (-1 to +1) and of net stance on the same sentences.";
    Table::new(caption, QUALITY, &[0], [quality_cells(&validation.all)]).note(note)
}

fn classes(validation: &Validation) -> Table {
    let rows = validation.all.calibration.iter().map(|(class, of)| {
        vec![
            class.clone(),
            percent(Some(&of.labelled)),
            percent(Some(&of.probability)),
            percents(&of.difference),
        ]
    });
    let caption = "Classes: share by labels, and what the probabilities say";
    let headers = ["class", "labels", "probability", "difference"];
    Table::new(caption, headers, &[0], rows)
}

fn confusion(validation: &Validation) -> Table {
    let mut headers = vec!["label \\ model"];
    headers.extend(validation.classes.iter().map(String::as_str));
    let by_label = validation.classes.iter().zip(&validation.confusion);
    let rows = by_label.map(|(class, row)| {
        let cells = std::iter::once(class.clone()).chain(row.iter().map(usize::to_string));
        cells.collect::<Vec<_>>()
    });
    let caption = "Labelled sentences, as they were drawn";
    Table::new(caption, headers, &[0], rows)
}

fn slices(caption: &str, slices: &[Quality]) -> Option<Table> {
    let rows = slices.iter().map(quality_cells);
    (!slices.is_empty()).then(|| Table::new(caption, QUALITY, &[0], rows))
}

fn differential(validation: &Validation) -> Option<String> {
    let test = validation.differential_error.as_ref()?;
    Some(format!(
        "Error by outlet: Welch's F({:.0}, {:.1}) = {:.2}, p {} for equal errors (label less score) in {}.",
        test.df.0,
        test.df.1,
        test.f,
        p_value(test.p),
        count(test.outlets.len(), "outlet")
    ))
}

/// How many labels each outlet takes, where that was asked for.
fn needed_blocks(validation: &Validation) -> Vec<Block> {
    let Some(half) = validation.wanted_half_width else {
        return Vec::new();
    };
    let caption = format!("Labels an outlet for an interval of ±{half}");
    let why_none = match (&validation.corrected, validation.labels_needed.is_empty()) {
        (None, _) => Some("--min-gold is about net stance, which plain classes do not have."),
        (_, true) => Some(
            "No outlet has ten labels and sentences left to label, so its spread is not known, or nothing is left to draw.",
        ),
        _ => None,
    };
    match why_none {
        Some(why) => vec![Block::heading(caption), Block::paragraph(why)],
        None => vec![needed(validation, caption).into()],
    }
}

fn needed(validation: &Validation, caption: String) -> Table {
    let plus_minus = |half: Option<f64>| {
        half.map_or("–".to_string(), |half| match half < 1.0 {
            true => format!("±{half:.2}"),
            false => "±1 or more".to_string(),
        })
    };
    let or_more = |n: Option<usize>| n.map_or("more articles".to_string(), |n| n.to_string());
    let rows = validation.labels_needed.iter().map(|of| {
        vec![
            of.outlet.clone(),
            of.n_labelled.to_string(),
            plus_minus(of.corpus_now),
            or_more(of.for_corpus),
            or_more(of.for_corpus_labels_alone),
            plus_minus(of.general_now),
            or_more(of.for_general),
        ]
    });
    let headers = [
        "outlet",
        "labels",
        "corpus now",
        "labels needed",
        "without model",
        "general now",
        "labels needed",
    ];
    let note = "From the spread of the labels so far, so itself uncertain; no fewer than a correction takes. More articles: no number of labels makes that interval so narrow, because \
                the outlet's articles differ among themselves.";
    Table::new(caption, headers, &[0], rows).note(note)
}

/// One row an outlet, a voice and one for all.
pub fn validation_csv(validation: &Validation) -> String {
    let header = [
        "part",
        "of",
        "n",
        "n_articles",
        "accuracy",
        "accuracy_low",
        "accuracy_high",
        "majority",
        "macro_f1",
        "macro_f1_low",
        "macro_f1_high",
        "mean_label",
        "mean_score",
        "bias",
        "bias_low",
        "bias_high",
        "correlation",
    ];
    let row = |part: &str, of: &Quality| {
        let mut row = vec![
            part.to_string(),
            harmless(&of.of),
            of.n.to_string(),
            of.n_articles.to_string(),
        ];
        row.extend([of.accuracy.value, of.accuracy.low, of.accuracy.high].map(number));
        row.push(of.majority.to_string());
        row.extend([of.macro_f1.value, of.macro_f1.low, of.macro_f1.high].map(number));
        row.extend([of.mean_label, of.mean_score].map(number));
        row.extend([of.bias.value, of.bias.low, of.bias.high].map(number));
        row.push(number(of.correlation));
        row
    };
    let rows = std::iter::once(row("all", &validation.all))
        .chain(validation.by_outlet.iter().map(|of| row("outlet", of)))
        .chain(validation.by_voice.iter().map(|of| row("voice", of)));
    csv(&header, rows)
}

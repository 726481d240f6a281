//! What hand labels say of a model, as text and CSV.

use std::fmt::Write;

use super::correction::correction_text;
use super::table::{
    Width, bracketed, csv, number, p_value, percent, printable, rough, signed, table, wrapped,
};
use crate::compare::percent_of;
use crate::validate::{Quality, Validation};
use crate::wording::count;
use crate::wording::harmless;

/// The report as tables.
pub fn validation_text(validation: &Validation, width: Width) -> String {
    let mut text = format!(
        "{}: {} labelled of {} drawn, from {} in {}\n",
        printable(&validation.subject),
        count(validation.n_labelled, "sentence"),
        validation.n_drawn,
        count(validation.n_sentences, "sentence"),
        count(validation.n_articles, "article")
    );
    text.push_str(&verdict(validation, width));
    text.push_str(&coders_text(validation, width));
    text.push_str(&all_text(validation, width));
    text.push_str(&confusion_text(validation, width));
    text.push_str(&slices_text("By outlet", &validation.by_outlet, width));
    text.push_str(&slices_text("By voice", &validation.by_voice, width));
    text.push_str(&differential_text(validation, width));
    if let Some(correction) = &validation.corrected {
        text.push_str(&correction_text(correction, width));
    }
    text.push_str(&needed_text(validation, width));
    text.push_str("\nNotes\n");
    let how = format!(
        "Figures weigh each labelled sentence for what it stands for: every article of the corpus alike, its sentences alike. Intervals ({} %) are over \
         articles; those of alpha and macro-F1, which are resampled, are somewhat too narrow below 40 articles.",
        percent_of(validation.level)
    );
    for note in std::iter::once(&how).chain(&validation.notes) {
        let _ = write!(text, "- {}", wrapped(Width(width.0 - 2), 2, note));
    }
    text
}

/// What it comes to, in a sentence or two.
fn verdict(validation: &Validation, width: Width) -> String {
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
    format!("\n{}", wrapped(width, 0, &lines.join(" ")))
}

fn coders_text(validation: &Validation, width: Width) -> String {
    let rows = validation
        .coders
        .agreements
        .iter()
        .map(|of| {
            vec![
                of.coders.join(" – "),
                format!("{} ({})", of.n, of.n_articles),
                rough(&of.alpha),
                percents(&of.agreement),
            ]
        })
        .collect();
    format!(
        "\nCoders, the model as one of them [{} %]\n\n{}\n{}",
        percent_of(validation.level),
        table(
            width,
            &["", "sentences (articles)", "alpha", "agree"],
            &[0],
            rows
        ),
        wrapped(
            width,
            0,
            &format!(
                "Alpha: Krippendorff's, {}; 1 is perfect, 0 what chance gives. Agree: share of pairs of labels that are equal. Both count the labelled \
                 sentences alike, unweighted.",
                validation.coders.distance
            )
        )
    )
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
        printable(&of.of),
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

fn all_text(validation: &Validation, width: Width) -> String {
    let mut text = format!(
        "\nThe model against the first coder's labels [{} %]\n\n{}",
        percent_of(validation.level),
        table(width, &QUALITY, &[0], vec![quality_cells(&validation.all)])
    );
    let legend = "Labels: sentences (articles). Majority: the accuracy of always saying the label most frequent there. Label, score: mean of what labels are \
                  worth (-1 to +1) and of net stance on the same sentences.";
    let _ = write!(text, "\n{}", wrapped(width, 0, legend));
    let rows = validation
        .all
        .calibration
        .iter()
        .map(|(class, of)| {
            vec![
                class.clone(),
                percent(Some(&of.labelled)),
                percent(Some(&of.probability)),
                percents(&of.difference),
            ]
        })
        .collect();
    let _ = write!(
        text,
        "\nClasses: share by labels, and what the probabilities say\n\n{}",
        table(
            width,
            &["class", "labels", "probability", "difference"],
            &[0],
            rows
        )
    );
    text
}

fn confusion_text(validation: &Validation, width: Width) -> String {
    let mut headers = vec!["label \\ model"];
    headers.extend(validation.classes.iter().map(String::as_str));
    let rows = validation
        .classes
        .iter()
        .zip(&validation.confusion)
        .map(|(class, row)| {
            std::iter::once(class.clone())
                .chain(row.iter().map(usize::to_string))
                .collect()
        })
        .collect();
    format!(
        "\nLabelled sentences, as they were drawn\n\n{}",
        table(width, &headers, &[0], rows)
    )
}

fn slices_text(title: &str, slices: &[Quality], width: Width) -> String {
    if slices.is_empty() {
        return String::new();
    }
    format!(
        "\n{title}\n\n{}",
        table(
            width,
            &QUALITY,
            &[0],
            slices.iter().map(quality_cells).collect()
        )
    )
}

fn differential_text(validation: &Validation, width: Width) -> String {
    let Some(test) = &validation.differential_error else {
        return String::new();
    };
    let line = format!(
        "Error by outlet: Welch's F({:.0}, {:.1}) = {:.2}, p {} for equal errors (label less score) in {}.",
        test.df.0,
        test.df.1,
        test.f,
        p_value(test.p),
        count(test.outlets.len(), "outlet")
    );
    format!("\n{}", wrapped(width, 0, &line))
}

fn needed_text(validation: &Validation, width: Width) -> String {
    let Some(half) = validation.wanted_half_width else {
        return String::new();
    };
    let title = format!("\nLabels an outlet for an interval of ±{half}\n\n");
    if validation.corrected.is_none() {
        return title
            + &wrapped(
                width,
                0,
                "--min-gold is about net stance, which plain classes do not have.",
            );
    }
    if validation.labels_needed.is_empty() {
        return title
            + &wrapped(
                width,
                0,
                "No outlet has ten labels and sentences left to label, so its spread is not known, or nothing is left to draw.",
            );
    }
    let plus_minus = |half: Option<f64>| {
        half.map_or("–".to_string(), |half| match half < 1.0 {
            true => format!("±{half:.2}"),
            false => "±1 or more".to_string(),
        })
    };
    let or_more = |n: Option<usize>| n.map_or("more articles".to_string(), |n| n.to_string());
    let rows = validation
        .labels_needed
        .iter()
        .map(|of| {
            vec![
                printable(&of.outlet),
                of.n_labelled.to_string(),
                plus_minus(of.corpus_now),
                or_more(of.for_corpus),
                or_more(of.for_corpus_labels_alone),
                plus_minus(of.general_now),
                or_more(of.for_general),
            ]
        })
        .collect();
    let headers = [
        "outlet",
        "labels",
        "corpus now",
        "labels needed",
        "without model",
        "general now",
        "labels needed",
    ];
    title
        + &table(width, &headers, &[0], rows)
        + "\n"
        + &wrapped(
            width,
            0,
            "From the spread of the labels so far, so itself uncertain; no fewer than a correction takes. More articles: no number of labels makes that interval so narrow, because \
             the outlet's articles differ among themselves.",
        )
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

//! A comparison of outlets as text and CSV.

use std::fmt::Write;

use super::table::{
    Width, bracketed, csv, number, p_value, percent, printable, signed, table, wrapped,
};
use crate::compare::{CampComparison, CampKind, Comparison, OutletComparison, count};
use crate::span::Voice;
use crate::statistics::{Estimate, MIN_FOR_T};

/// Outlets whose evidence is printed at each end of a long list.
const EVIDENCE_AT_EACH_END: usize = 4;

/// More classes than this would not fit side by side.
const MOST_CLASSES_IN_COLUMNS: usize = 8;

/// Outlets beside each other where classes are rows.
const OUTLETS_SIDE_BY_SIDE: usize = 5;

/// The comparison as tables: outlets, differences, evidence, notes.
pub fn comparison_text(comparison: &Comparison, width: Width) -> String {
    let mut text = String::new();
    let n_articles: usize = comparison.outlets.iter().map(|o| o.n_articles).sum();
    let n_sentences: usize = comparison.outlets.iter().map(|o| o.n_sentences).sum();
    let level = comparison.level * 100.0;
    let headline = format!(
        "{}: {} in {n_articles} of {}, {}",
        printable(&comparison.subject),
        count(n_sentences, "sentence"),
        count(comparison.n_read, "article"),
        count(comparison.outlets.len(), "outlet")
    );
    let _ = writeln!(text, "{headline}\n");

    let classes: Vec<&String> = comparison
        .outlets
        .iter()
        .find(|outlet| !outlet.shares.is_empty())
        .map(|outlet| outlet.shares.keys().collect())
        .unwrap_or_default();
    let has_net = comparison
        .outlets
        .iter()
        .any(|outlet| outlet.net_stance.value.is_some());
    let figure = format!("net stance [{level} %]");
    let mut headers = vec!["outlet", "articles", "sentences"];
    if has_net {
        headers.push(&figure);
    }
    let rows = comparison
        .outlets
        .iter()
        .map(|outlet| {
            let mut row = vec![
                printable(&outlet.outlet),
                format!("{} of {}", outlet.n_articles, outlet.n_read),
                outlet.n_sentences.to_string(),
            ];
            if has_net {
                row.push(bracketed(&outlet.net_stance));
            }
            row
        })
        .collect();
    text.push_str(&table(width, &headers, &[0], rows));
    if has_net {
        let legend = format!(
            "Net stance: mean of the outlet's article means, -1 against to +1 in favor, with its {level} % interval; furniture and the subject's own words left out."
        );
        let _ = write!(text, "\n{}", wrapped(width, 0, &legend));
        text.push_str(&voices_text(comparison, width));
        text.push_str(&without_quotations_text(comparison, width));
    }
    text.push_str(&camps_text(comparison, width));

    let legend = "Class shares: mean probability (and share of sentences of which it is the likeliest class)";
    let _ = write!(text, "\n{}\n", wrapped(width, 0, legend));
    text.push_str(&shares_table(comparison, &classes, width));

    if !comparison.differences.is_empty() {
        let _ = writeln!(
            text,
            "\nEach outlet against the rest ({level} % intervals, each for itself)\n"
        );
        let rows = comparison
            .differences
            .iter()
            .map(|d| {
                vec![
                    printable(&d.a),
                    format!("{} / {}", d.n_a, d.n_b),
                    bracketed(&Estimate {
                        value: Some(d.estimate),
                        low: d.low,
                        high: d.high,
                    }),
                    p_value(d.p),
                    p_value(d.p_adjusted),
                ]
            })
            .collect();
        let headers = ["outlet", "articles / rest", "difference", "p", "p adjusted"];
        text.push_str(&table(width, &headers, &[0], rows));
    }

    text.push_str(&evidence_text(comparison, width));

    text.push_str("\nNotes\n");
    for line in note_lines(comparison) {
        let _ = write!(
            text,
            "- {}",
            wrapped(Width(width.0 - 2), 2, &printable(&line))
        );
    }
    text
}

/// Class shares: outlets in rows; many classes are the rows themselves, with a few outlets side by side.
fn shares_table(comparison: &Comparison, classes: &[&String], width: Width) -> String {
    let outlets: Vec<&OutletComparison> = comparison
        .outlets
        .iter()
        .filter(|outlet| outlet.n_articles > 0)
        .collect();
    let share = |outlet: &OutletComparison, class: &String| {
        let (soft, hard) = (outlet.shares.get(class), outlet.shares_hard.get(class));
        format!("{} ({})", percent(soft), percent(hard))
    };
    if classes.len() <= MOST_CLASSES_IN_COLUMNS {
        let mut headers = vec!["outlet"];
        headers.extend(classes.iter().map(|class| class.as_str()));
        let rows = outlets
            .iter()
            .map(|outlet| {
                let shares = classes.iter().map(|class| share(outlet, class));
                std::iter::once(outlet.outlet.clone())
                    .chain(shares)
                    .collect()
            })
            .collect();
        return table(width, &headers, &[0], rows);
    }
    let tables: Vec<String> = outlets
        .chunks(OUTLETS_SIDE_BY_SIDE)
        .map(|outlets| {
            let mut headers = vec!["class"];
            headers.extend(outlets.iter().map(|outlet| outlet.outlet.as_str()));
            let rows = classes
                .iter()
                .map(|class| {
                    let shares = outlets.iter().map(|outlet| share(outlet, class));
                    std::iter::once(class.to_string()).chain(shares).collect()
                })
                .collect();
            table(width, &headers, &[0], rows)
        })
        .collect();
    tables.join("\n")
}

/// An estimate that may be missing because there are too few articles.
fn estimate_of(estimate: &Estimate, n_articles: usize) -> String {
    match estimate.value {
        None if (1..MIN_FOR_T).contains(&n_articles) => "too few".to_string(),
        _ => bracketed(estimate),
    }
}

/// Net stance without direct quotations, beside that of all sentences.
fn without_quotations_text(comparison: &Comparison, width: Width) -> String {
    let rows = comparison
        .outlets
        .iter()
        .filter(|outlet| outlet.n_articles > 0)
        .map(|outlet| {
            let figures = &outlet.without_quotations;
            vec![
                printable(&outlet.outlet),
                figures.n_articles.to_string(),
                figures.n_sentences.to_string(),
                estimate_of(&figures.net_stance, figures.n_articles),
                signed(outlet.net_stance.value),
            ]
        })
        .collect();
    let level = comparison.level * 100.0;
    let figure = format!("net stance [{level} %]");
    let headers = ["outlet", "articles", "sentences", &figure, "all sentences"];
    let mut text =
        String::from("\nWithout quotations: sentences in the outlet's own voice or reported\n\n");
    text.push_str(&table(width, &headers, &[0], rows));
    text
}

/// Who gets to speak: the camps over all outlets, then outlet by outlet.
fn camps_text(comparison: &Comparison, width: Width) -> String {
    let Some(camps) = &comparison.camps else {
        return String::new();
    };
    let outlets: Vec<&OutletComparison> = comparison
        .outlets
        .iter()
        .filter(|outlet| outlet.n_articles > 0)
        .collect();
    let left_out = outlets.len().saturating_sub(2 * EVIDENCE_AT_EACH_END);
    let between = EVIDENCE_AT_EACH_END..EVIDENCE_AT_EACH_END + left_out;
    let mut rows = camp_rows("all outlets", &camps.all);
    for (index, outlet) in outlets.iter().enumerate() {
        if !between.contains(&index) {
            rows.extend(camp_rows(&outlet.outlet, &outlet.camps));
        }
    }
    let level = comparison.level * 100.0;
    let figure = format!("net stance [{level} %]");
    let headers = [
        "outlet, camp",
        "sentences",
        "share",
        "articles",
        "first",
        &figure,
    ];
    let mut text = String::from("\nWho gets to speak on the subject, by camp\n\n");
    text.push_str(&table(width, &headers, &[0], rows));
    if left_out > 0 {
        let _ = writeln!(
            text,
            "({} between; --format json has all)",
            count(left_out, "outlet")
        );
    }
    let legend = format!(
        "Sentences: those that quote or report somebody else. First: articles in which the camp is heard before any other. Net stance: \
         mean of article means, from {MIN_FOR_T} articles."
    );
    let _ = write!(text, "\n{}", wrapped(width, 0, &legend));
    text
}

/// The sums of one outlet and, indented, its camps; beyond those of the list only what was heard.
fn camp_rows(outlet: &str, camps: &[CampComparison]) -> Vec<Vec<String>> {
    let n_sentences: usize = camps.iter().map(|camp| camp.n_sentences).sum();
    let n_articles: usize = camps.iter().map(|camp| camp.n_first).sum();
    let mut rows = vec![vec![
        printable(outlet),
        n_sentences.to_string(),
        String::new(),
        n_articles.to_string(),
        String::new(),
        String::new(),
    ]];
    if n_sentences == 0 {
        return rows;
    }
    let shown = |camp: &&CampComparison| camp.kind == CampKind::Listed || camp.n_sentences > 0;
    rows.extend(camps.iter().filter(shown).map(|camp| {
        vec![
            format!("  {}", printable(&camp.camp)),
            camp.n_sentences.to_string(),
            percent(camp.share.as_ref()),
            camp.n_articles.to_string(),
            camp.n_first.to_string(),
            estimate_of(&camp.net_stance, camp.n_articles),
        ]
    }));
    rows
}

/// A voice with fewer sentences has no figure in text.
const MIN_OF_VOICE: usize = 3;

/// Net stance by voice, and who is heard most.
fn voices_text(comparison: &Comparison, width: Width) -> String {
    let with_figure = || {
        comparison
            .outlets
            .iter()
            .filter(|outlet| outlet.n_articles > 0)
    };
    let rows = with_figure()
        .map(|outlet| {
            let mut row = vec![printable(&outlet.outlet)];
            row.extend(Voice::ALL.map(|voice| match outlet.by_voice.get(&voice) {
                Some(figures) if figures.n_sentences >= MIN_OF_VOICE => {
                    format!(
                        "{} ({})",
                        signed(figures.net_stance.value),
                        figures.n_sentences
                    )
                }
                Some(figures) => format!("too few ({})", figures.n_sentences),
                None => signed(None),
            }));
            row
        })
        .collect();
    let mut text = String::from("\nBy voice: net stance (sentences)\n\n");
    let headers = [
        "outlet",
        "own voice",
        "quotes",
        "reported",
        "subject",
        "mixed",
    ];
    text.push_str(&table(width, &headers, &[0], rows));
    let heard: Vec<Vec<String>> = with_figure()
        .filter(|outlet| !outlet.speakers.is_empty())
        .map(|outlet| {
            let names: Vec<String> = outlet
                .speakers
                .iter()
                .take(3)
                .map(|speaker| {
                    let name = speaker
                        .speaker
                        .as_deref()
                        .map_or("sources without a name".to_string(), printable);
                    format!(
                        "{name} {} ({})",
                        signed(speaker.net_stance),
                        speaker.n_sentences
                    )
                })
                .collect();
            vec![printable(&outlet.outlet), names.join(", ")]
        })
        .collect();
    if !heard.is_empty() {
        text.push_str("\nWho is heard most on the subject: mean score (sentences)\n\n");
        text.push_str(&table(width, &["outlet", "speakers"], &[0, 1], heard));
    }
    text
}

/// The evidence of the outlets at both ends of the list.
fn evidence_text(comparison: &Comparison, width: Width) -> String {
    let mut text = String::new();
    let with_evidence: Vec<&str> = comparison
        .outlets
        .iter()
        .map(|outlet| outlet.outlet.as_str())
        .filter(|outlet| {
            comparison
                .evidence
                .iter()
                .any(|sentence| sentence.outlet == *outlet)
        })
        .collect();
    if with_evidence.is_empty() {
        return text;
    }
    let left_out = with_evidence.len().saturating_sub(2 * EVIDENCE_AT_EACH_END);
    let _ = writeln!(
        text,
        "\nEvidence: sentences with the lowest and highest score"
    );
    for (index, outlet) in with_evidence.iter().enumerate() {
        if left_out > 0 && index == EVIDENCE_AT_EACH_END {
            let _ = writeln!(
                text,
                "\n({} between; --format json has all)",
                count(left_out, "outlet")
            );
        }
        if (EVIDENCE_AT_EACH_END..EVIDENCE_AT_EACH_END + left_out).contains(&index) {
            continue;
        }
        let _ = writeln!(text, "\n{}", printable(outlet));
        for sentence in comparison
            .evidence
            .iter()
            .filter(|sentence| sentence.outlet == *outlet)
        {
            let line = format!(
                "{}  {} [{}, {}]",
                signed(sentence.net_stance),
                printable(&sentence.text),
                printable(article_name(&sentence.article, outlet)),
                sentence.voice
            );
            let _ = write!(text, "  {}", wrapped(Width(width.0 - 2), 9, &line));
        }
    }
    text
}

/// An article's id without the outlet's folder, under which it is listed.
fn article_name<'a>(article: &'a str, outlet: &str) -> &'a str {
    let inside = article
        .strip_prefix(outlet)
        .and_then(|rest| rest.strip_prefix('/'));
    inside.unwrap_or(article)
}

/// The notes, those of one kind about several outlets in one line.
fn note_lines(comparison: &Comparison) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut few: Vec<&str> = Vec::new();
    let mut silent: Vec<&str> = Vec::new();
    for note in &comparison.notes {
        match (note.code.as_str(), &note.outlet) {
            ("too_few_articles", Some(outlet)) => few.push(outlet),
            ("not_mentioned", Some(outlet)) => silent.push(outlet),
            _ => lines.push(note.text.clone()),
        }
    }
    if !few.is_empty() {
        lines.push(format!(
            "No interval, because fewer than {} articles have a scored sentence: {}.",
            MIN_FOR_T,
            few.join(", ")
        ));
    }
    if !silent.is_empty() {
        lines.push(format!(
            "No scored sentence about the subject: {}.",
            silent.join(", ")
        ));
    }
    lines
}

/// The columns of a camp.
const CAMP_FIGURES: [&str; 7] = [
    "n_sentences",
    "share",
    "n_articles",
    "n_first",
    "net_stance",
    "low",
    "high",
];

fn estimate_cells(estimate: &Estimate) -> [String; 3] {
    [
        number(estimate.value),
        number(estimate.low),
        number(estimate.high),
    ]
}

/// One row an outlet.
pub fn comparison_csv(comparison: &Comparison) -> String {
    let classes: Vec<&String> = comparison
        .outlets
        .iter()
        .find(|outlet| !outlet.shares.is_empty())
        .map(|outlet| outlet.shares.keys().collect())
        .unwrap_or_default();
    let mut header: Vec<String> = [
        "subject",
        "outlet",
        "n_read",
        "n_articles",
        "n_sentences",
        "net_stance",
        "low",
        "high",
    ]
    .map(str::to_string)
    .to_vec();
    for voice in Voice::ALL {
        header.push(format!("net_stance_{voice}"));
        header.push(format!("n_sentences_{voice}"));
    }
    header.extend(
        [
            "n_articles_without_quotations",
            "n_sentences_without_quotations",
            "net_stance_without_quotations",
            "low_without_quotations",
            "high_without_quotations",
        ]
        .map(str::to_string),
    );
    header.extend(classes.iter().map(|class| format!("share_{class}")));
    header.extend(classes.iter().map(|class| format!("share_hard_{class}")));
    header.extend(
        [
            "difference",
            "difference_low",
            "difference_high",
            "p",
            "p_adjusted",
        ]
        .map(str::to_string),
    );
    for camp in comparison.camps.iter().flat_map(|camps| &camps.all) {
        let name = match camp.kind {
            CampKind::Listed => format!("camp_{}", camp.camp),
            kind => kind.name().to_string(),
        };
        header.extend(CAMP_FIGURES.map(|figure| format!("{figure}_{name}")));
    }
    let rows = comparison.outlets.iter().map(|outlet| {
        let mut row = vec![
            outlet.subject.clone(),
            outlet.outlet.clone(),
            outlet.n_read.to_string(),
            outlet.n_articles.to_string(),
            outlet.n_sentences.to_string(),
            number(outlet.net_stance.value),
            number(outlet.net_stance.low),
            number(outlet.net_stance.high),
        ];
        for voice in Voice::ALL {
            let figures = outlet.by_voice.get(&voice);
            row.push(number(figures.and_then(|f| f.net_stance.value)));
            row.push(figures.map_or(0, |f| f.n_sentences).to_string());
        }
        let figures = &outlet.without_quotations;
        row.push(figures.n_articles.to_string());
        row.push(figures.n_sentences.to_string());
        row.extend(estimate_cells(&figures.net_stance));
        row.extend(
            classes
                .iter()
                .map(|class| number(outlet.shares.get(*class).copied())),
        );
        row.extend(
            classes
                .iter()
                .map(|class| number(outlet.shares_hard.get(*class).copied())),
        );
        let difference = comparison.differences.iter().find(|d| d.a == outlet.outlet);
        row.push(number(difference.map(|d| d.estimate)));
        row.push(number(difference.and_then(|d| d.low)));
        row.push(number(difference.and_then(|d| d.high)));
        row.push(number(difference.map(|d| d.p)));
        row.push(number(difference.map(|d| d.p_adjusted)));
        for camp in &outlet.camps {
            row.push(camp.n_sentences.to_string());
            row.push(number(camp.share));
            row.push(camp.n_articles.to_string());
            row.push(camp.n_first.to_string());
            row.extend(estimate_cells(&camp.net_stance));
        }
        row
    });
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    csv(&header, rows)
}

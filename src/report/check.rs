//! What was found in labelled sentences, as text and CSV.

use std::fmt::Write;

use super::table::{Width, csv, percent, plain, printable, rough, table, wrapped};
use crate::check::{Agreement, Check, Finding, Overview, Place, ShareRow, Suspects};
use crate::compare::percent_of;
use crate::corpus::{JoinLabels, JoinSummary};
use crate::wording::count;

/// Subjects, outlets, pairs of annotators shown in tables; JSON has all.
const ROWS_SHOWN: usize = 12;

/// Classes shown in the tables of shares, the most frequent; JSON has all.
const CLASSES_SHOWN: usize = 6;

/// Where more than one label in so many is doubted, the model knows too little to doubt.
const MANY_DOUBTS: usize = 5;

/// Characters of a sentence in the list of suspects.
const SENTENCE: usize = 300;

/// The report: verdict, findings, counts, agreement, suspects.
pub fn check_text(check: &Check, level: f64, width: Width) -> String {
    let mut text = wrapped(width, 0, &printable(&check.verdict));
    text.push_str(&overview_text(&check.overview, width));
    text.push_str(&guesses_text(check, level, width));
    text.push_str(&findings_text(&check.findings, width));
    if let Some(agreement) = &check.agreement {
        text.push_str(&agreement_text(agreement, width));
    }
    if let Some(suspects) = &check.suspects {
        text.push_str(&suspects_text(suspects, width));
    }
    if let Some(why) = &check.no_suspects_because {
        let line = format!("No list of suspected labels: {}.", printable(why));
        text.push('\n');
        text.push_str(&wrapped(width, 0, &line));
    }
    text
}

fn overview_text(of: &Overview, width: Width) -> String {
    let mut parts = vec![count(of.n, "row")];
    if of.n_sentences != of.n {
        parts.push(count(of.n_sentences, "sentence"));
    }
    if of.n_without_article < of.n {
        parts.push(count(of.n_articles, "article"));
    }
    parts.push(count(of.n_subjects, "subject"));
    parts.push(count(of.n_outlets, "outlet"));
    if !of.annotators.is_empty() {
        parts.push(count(of.annotators.len(), "annotator"));
    }
    let rows = of
        .classes
        .iter()
        .map(|class| {
            vec![
                class.class.clone(),
                class.n.to_string(),
                percent(Some(&class.share)),
                class.n_articles.to_string(),
            ]
        })
        .collect();
    let mut text = format!(
        "\n{}\n{}",
        wrapped(width, 0, &parts.join(", ")),
        table(width, &["class", "rows", "share", "articles"], &[0], rows)
    );
    text.push_str(&shares_text("outlet", of, &of.by_outlet, width));
    text.push_str(&shares_text("subject", of, &of.by_subject, width));
    text
}

/// Class shares of the largest subjects or outlets.
fn shares_text(what: &str, of: &Overview, by: &[ShareRow], width: Width) -> String {
    if by.len() < 2 {
        return String::new();
    }
    let mut classes: Vec<usize> = (0..of.classes.len()).collect();
    classes.sort_by_key(|&k| std::cmp::Reverse(of.classes[k].n));
    classes.truncate(CLASSES_SHOWN);
    classes.sort_unstable();
    let rows = by
        .iter()
        .take(ROWS_SHOWN)
        .map(|row| {
            let mut cells = vec![
                row.name.clone(),
                row.n.to_string(),
                row.n_articles.to_string(),
            ];
            cells.extend(classes.iter().map(|&k| percent(Some(&row.shares[k]))));
            cells
        })
        .collect();
    let mut headers = vec![what, "rows", "articles"];
    headers.extend(classes.iter().map(|&k| of.classes[k].class.as_str()));
    let mut text = format!("\n{}", table(width, &headers, &[0], rows));
    if by.len() > ROWS_SHOWN {
        let _ = writeln!(
            text,
            "... and {} more (--format json)",
            by.len() - ROWS_SHOWN
        );
    }
    text
}

fn guesses_text(check: &Check, level: f64, width: Width) -> String {
    if check.guesses.is_empty() {
        return String::new();
    }
    let rows = check
        .guesses
        .iter()
        .map(|guess| {
            vec![
                format!("from the {} alone", guess.from),
                guess.n.to_string(),
                rough(&guess.accuracy),
                format!("{:.2}", guess.majority),
                match (guess.gain.value, guess.gain.low, guess.gain.high) {
                    (Some(value), Some(low), Some(high)) => {
                        format!("{value:+.2} [{low:+.2}, {high:+.2}]")
                    }
                    (Some(value), ..) => format!("{value:+.2}"),
                    _ => "–".to_string(),
                },
            ]
        })
        .collect();
    let caption = format!(
        "Guessing the label without reading [{} %, over articles; the row's own article left out]",
        percent_of(level)
    );
    format!(
        "\n{}\n{}",
        wrapped(width, 0, &caption),
        table(
            width,
            &["", "rows", "accuracy", "most frequent label", "gain"],
            &[0],
            rows
        )
    )
}

fn findings_text(findings: &[Finding], width: Width) -> String {
    if findings.is_empty() {
        return String::new();
    }
    let mut text = String::from("\nFindings\n");
    for finding in findings {
        let line = format!(
            "{} {}: {}",
            finding.severity.name(),
            finding.code,
            printable(&finding.message)
        );
        let _ = write!(text, "\n{}", wrapped(width, 2, &line));
        for place in &finding.rows {
            text.push_str(&place_text(place, width));
        }
        let more = finding.count.saturating_sub(finding.rows.len());
        if more > 0 && !finding.rows.is_empty() {
            let _ = writeln!(text, "    ... and {more} more");
        }
    }
    text
}

/// `file:line  detail  text`, cut to one line.
fn place_text(place: &Place, width: Width) -> String {
    let mut line = format!("    {}", printable(&place.location()));
    for part in [&place.detail, &place.text] {
        if !part.is_empty() {
            let _ = write!(line, "  {}", printable(part));
        }
    }
    format!("{}\n", cut(&line, usize::from(width.0)))
}

/// The first `n` characters at most, the last of them a mark of what is missing.
fn cut(text: &str, n: usize) -> String {
    match text.chars().count() > n {
        true => text.chars().take(n - 1).chain(['…']).collect(),
        false => text.to_string(),
    }
}

/// A coefficient's name as people write it.
fn coefficient_name(name: &str) -> &str {
    match name {
        "percent_agreement" => "agreeing pairs, share",
        "alpha_nominal" => "Krippendorff's alpha, nominal",
        "alpha_ordinal" => "Krippendorff's alpha, ordinal",
        "alpha_masi" => "Krippendorff's alpha, MASI",
        "fleiss_kappa" => "Fleiss' kappa",
        other => other,
    }
}

fn agreement_text(of: &Agreement, width: Width) -> String {
    let caption = format!(
        "Agreement on {} of {} with several annotators [{} %, over articles]",
        count(of.n, "sentence"),
        count(of.n_articles, "article"),
        percent_of(of.level)
    );
    let mut text = format!("\n{}\n", wrapped(width, 0, &caption));
    let why = |why: &Option<String>| why.clone().unwrap_or_default();
    let rows = of
        .coefficients
        .iter()
        .map(|found| {
            vec![
                coefficient_name(found.name).to_string(),
                rough(&found.estimate),
                why(&found.why),
            ]
        })
        .collect();
    text.push_str(&table(width, &["", "value", ""], &[0, 2], rows));
    if !of.pairs.is_empty() {
        let rows = of
            .pairs
            .iter()
            .take(ROWS_SHOWN)
            .map(|pair| {
                vec![
                    pair.annotators.join(" – "),
                    pair.n.to_string(),
                    percent(pair.agreement.as_ref()),
                    rough(&pair.kappa),
                    why(&pair.why),
                ]
            })
            .collect();
        let headers = ["annotators", "sentences", "agree", "Cohen's kappa", ""];
        let _ = write!(text, "\n{}", table(width, &headers, &[0, 4], rows));
        if of.pairs.len() > ROWS_SHOWN {
            let _ = writeln!(text, "... and {} more pairs", of.pairs.len() - ROWS_SHOWN);
        }
    }
    if !of.labels.is_empty() {
        let rows = of
            .labels
            .iter()
            .map(|label| {
                vec![
                    label.label.clone(),
                    percent(Some(&label.prevalence)),
                    rough(&label.alpha),
                    why(&label.why),
                ]
            })
            .collect();
        let headers = ["label", "of ratings", "alpha", ""];
        let _ = write!(text, "\n{}", table(width, &headers, &[0, 3], rows));
    }
    text.push_str(&prevalence_text(of, width));
    text.push_str(&disagreements_text(of, width));
    text
}

/// What each annotator gave: coefficients mean little without it.
fn prevalence_text(of: &Agreement, width: Width) -> String {
    let mut labels: Vec<(&String, &f64)> = of.prevalence.iter().collect();
    labels.sort_by(|a, b| b.1.total_cmp(a.1).then(a.0.cmp(b.0)));
    labels.truncate(CLASSES_SHOWN);
    labels.sort_unstable_by_key(|(label, _)| *label);
    let mut headers = vec!["annotator", "ratings"];
    headers.extend(labels.iter().map(|(label, _)| label.as_str()));
    let mut all = vec!["all".to_string(), String::new()];
    all.extend(labels.iter().map(|(_, share)| percent(Some(share))));
    let mut rows = vec![all];
    rows.extend(of.by_annotator.iter().take(ROWS_SHOWN).map(|by| {
        let mut cells = vec![by.annotator.clone(), by.n.to_string()];
        cells.extend(
            labels
                .iter()
                .map(|(label, _)| percent(by.shares.get(*label))),
        );
        cells
    }));
    format!("\n{}", table(width, &headers, &[0], rows))
}

fn disagreements_text(of: &Agreement, width: Width) -> String {
    if of.disagreements.is_empty() {
        return String::new();
    }
    let mut text = format!(
        "\nThey disagree on {}; on these most:\n\n",
        count(of.n_disagreements, "sentence")
    );
    for found in &of.disagreements {
        let votes: Vec<String> = found
            .votes
            .iter()
            .map(|vote| format!("{} {}", vote.annotator, vote.label))
            .collect();
        let at = found.line.map_or(String::new(), |line| format!(":{line}"));
        let line = format!("{}{at}  {}  {}", found.file, votes.join(", "), found.text);
        let _ = writeln!(
            text,
            "  {}",
            cut(&printable(&line), usize::from(width.0) - 2)
        );
    }
    text
}

fn suspects_text(of: &Suspects, width: Width) -> String {
    if of.n_suspects == 0 {
        return format!(
            "\nNo label is doubted by a model cross-validated on {}.\n",
            count(of.n, "row")
        );
    }
    let intro = format!(
        "Labels to read again: a model that had not seen them doubts {} of {} ({} folds, confident learning). Hard sentences with the right label are among them; nothing is \
         changed.",
        of.n_suspects,
        count(of.n, "label"),
        of.folds
    );
    let mut text = format!("\n{}", wrapped(width, 0, &intro));
    if of.n_suspects * MANY_DOUBTS > of.n {
        text.push_str(&wrapped(
            width,
            0,
            "So many doubts say more about what a model learns from these rows than about their labels; the first ones are the likeliest errors.",
        ));
    }
    for suspect in &of.listed {
        let at = suspect
            .line
            .map_or(String::new(), |line| format!(":{line}"));
        let subject = match &suspect.subject {
            Some(subject) => format!(", of {subject}"),
            None => String::new(),
        };
        let line = format!(
            "{}{at}  {} ({}), rather {} ({}){subject}",
            suspect.file,
            suspect.label,
            plain(Some(suspect.p_label)),
            suspect.suggested,
            plain(Some(suspect.p_suggested)),
        );
        let _ = write!(
            text,
            "\n  {}",
            wrapped(Width(width.0 - 2), 4, &printable(&line))
        );
        let sentence = cut(&printable(&suspect.text), SENTENCE);
        let _ = write!(text, "    {}", wrapped(Width(width.0 - 4), 4, &sentence));
    }
    text
}

/// What joining several annotators' rows did, in a sentence.
pub fn joined_sentence(joined: &JoinSummary) -> String {
    let mut text = format!(
        "Labels of {}: {} with several annotators joined, {} to {}",
        count(joined.annotators.len(), "annotator"),
        count(joined.n_joined, "sentence"),
        count(joined.n_rows, "row"),
        match joined.how {
            JoinLabels::Majority => format!(
                "{} by majority",
                count(joined.n_sentences - joined.n_ties, "sentence")
            ),
            JoinLabels::Soft => format!(
                "{}, a row a label weighted by its share; figures count each of these rows as one",
                count(joined.n_sentences, "sentence")
            ),
        }
    );
    if joined.n_ties > 0 {
        let more = joined.n_ties - joined.ties.len();
        let _ = write!(
            text,
            "; {} left out: {}{}",
            count(joined.n_ties, "tie"),
            joined.ties.join(", "),
            match more {
                0 => String::new(),
                n => format!(" and {n} more"),
            }
        );
    }
    text.push('.');
    text
}

/// The same as lines of a report.
pub fn joined_text(joined: &JoinSummary, width: Width) -> String {
    wrapped(width, 2, &printable(&joined_sentence(joined)))
}

/// One row a finding and listed row.
pub fn check_csv(check: &Check) -> String {
    let header = [
        "severity", "code", "count", "message", "file", "line", "detail", "text",
    ];
    let rows = check.findings.iter().flat_map(|finding| {
        let cells = |place: Option<&Place>| {
            vec![
                finding.severity.name().to_string(),
                finding.code.to_string(),
                finding.count.to_string(),
                finding.message.clone(),
                place.map_or(String::new(), |place| place.file.clone()),
                place
                    .and_then(|place| place.line)
                    .map_or(String::new(), |line| line.to_string()),
                place.map_or(String::new(), |place| place.detail.clone()),
                place.map_or(String::new(), |place| place.text.clone()),
            ]
        };
        match finding.rows.is_empty() {
            true => vec![cells(None)],
            false => finding
                .rows
                .iter()
                .map(|place| cells(Some(place)))
                .collect(),
        }
    });
    csv(&header, rows)
}

/// One row a suspect, worst first.
pub fn suspects_csv(suspects: &Suspects) -> String {
    let header = [
        "file",
        "line",
        "id",
        "subject",
        "text",
        "label",
        "suggested",
        "p_label",
        "p_suggested",
        "margin",
    ];
    let rows = suspects.listed.iter().map(|suspect| {
        vec![
            suspect.file.clone(),
            suspect.line.map_or(String::new(), |line| line.to_string()),
            suspect.id.clone().unwrap_or_default(),
            suspect.subject.clone().unwrap_or_default(),
            suspect.text.clone(),
            suspect.label.clone(),
            suspect.suggested.clone(),
            suspect.p_label.to_string(),
            suspect.p_suggested.to_string(),
            suspect.margin.to_string(),
        ]
    });
    csv(&header, rows)
}

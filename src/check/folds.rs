//! Whether folds can keep articles apart and have every class on both sides.

use super::finding::{Finding, Place, Severity, places};
use super::overview::articles_by_label;
use super::rows::Rows;
use crate::wording::count;

/// Findings about articles and classes for a cross-validation of `n_folds`.
pub(super) fn find(rows: &Rows<'_>, n_folds: usize, findings: &mut Vec<Finding>) {
    let n = rows.rows.len();
    if rows.n_articles < n_folds {
        let severity = match rows.n_articles {
            0 | 1 => Severity::Error,
            _ => Severity::Warning,
        };
        findings.push(Finding {
            code: "few_articles",
            severity,
            count: rows.n_articles,
            message: format!(
                "{} for {n_folds} folds: {}",
                count(rows.n_articles, "article"),
                match severity {
                    Severity::Error =>
                        "nothing can be held out, so the model is neither tested nor calibrated",
                    _ => "there will be fewer folds, and unsteady figures",
                }
            ),
            rows: Vec::new(),
        });
    }
    findings.extend(rare_labels(rows, n_folds));
    let without: Vec<usize> = (0..n).filter(|&r| rows.rows[r].article.is_none()).collect();
    if without.len() == n && n > 0 {
        findings.push(Finding {
            code: "no_article_column",
            severity: Severity::Warning,
            count: n,
            message: "No row names its article: folds cannot keep sentences of one article together, and figures may flatter; name the column with \
                      --article-column, if there is one"
                .into(),
            rows: Vec::new(),
        });
    } else {
        findings.extend(Finding::of(
            "rows_without_article",
            Severity::Note,
            format!(
                "{} no article, though others do: each text counts as an article of its own",
                match without.len() {
                    1 => "1 row names".to_string(),
                    n => format!("{n} rows name"),
                }
            ),
            places(rows, without.iter().copied(), |r| rows.label(r)),
        ));
        // Several annotators' rows of one sentence are of one article anyway.
        if without.is_empty() && rows.n_articles == rows.n_sentences && rows.n_sentences > 1 {
            findings.push(Finding {
                code: "one_row_an_article",
                severity: Severity::Note,
                count: rows.n_articles,
                message: "Every article has one sentence: if the column holds the row's id and not the article's, folds cannot keep articles \
                          together; name the right one with --article-column"
                    .into(),
                rows: Vec::new(),
            });
        }
    }
}

/// Labels in fewer articles than there are folds.
fn rare_labels(rows: &Rows<'_>, n_folds: usize) -> Option<Finding> {
    let articles = articles_by_label(rows);
    let counts = rows.label_counts();
    let rare: Vec<usize> = (0..rows.labels.len())
        .filter(|&label| articles[label] < n_folds)
        .collect();
    let found: Vec<Place> = rare
        .iter()
        .filter_map(|&label| {
            let first = rows.of_row.iter().position(|of| of.contains(&label))?;
            let detail = format!(
                "{}: {} in {}",
                rows.labels[label],
                count(counts[label], "row"),
                count(articles[label], "article")
            );
            Some(Place::new(&rows.rows[first], detail))
        })
        .collect();
    Finding::of(
        "rare_classes",
        Severity::Warning,
        format!(
            "{} in fewer articles than the {n_folds} folds: some folds cannot test it, and one may not learn it; bring more, join it with another, or take \
             it out",
            match found.len() {
                1 => "1 class occurs".to_string(),
                n => format!("{n} classes occur"),
            }
        ),
        found,
    )
}

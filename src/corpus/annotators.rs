//! Several annotators' rows of one sentence: which rows belong together, and how they become one.
//!
//! In: labelled rows, one a sentence and annotator. Out: the same with one row a sentence, labelled by the majority, or one row a label
//! that counts by the share of annotators who gave it ("soft labels"; Uma et al. 2021, section 3).
//!
//! Rows are of one sentence where text (white space apart), subject and article are the same; ids play no part, because tools give every
//! row one of its own. Each annotator has one vote; who labelled a sentence twice divides it.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::{LabelledSentence, Target};
use crate::error::{Error, Result};

/// How labels of several annotators become one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum JoinLabels {
    /// The label most annotators gave. Sentences without one are left out.
    Majority,
    /// A row a label, weighted by the share of annotators who gave it.
    Soft,
}

/// What joining did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct JoinSummary {
    /// How.
    pub how: JoinLabels,
    /// Rows before.
    pub n_rows: usize,
    /// Sentences among them.
    pub n_sentences: usize,
    /// Sentences that several annotators labelled.
    pub n_joined: usize,
    /// Annotators.
    pub annotators: Vec<String>,
    /// Sentences left out because no label had most votes.
    pub n_ties: usize,
    /// Where the first [`JoinSummary::MAX_LISTED`] of them stand: `file:line`.
    pub ties: Vec<String>,
}

impl JoinSummary {
    /// How many ties are listed; all are counted.
    pub const MAX_LISTED: usize = 20;
}

/// The sentence of each row as a dense id from 0, in the order of first rows.
pub fn sentence_ids(rows: &[LabelledSentence]) -> Vec<usize> {
    let mut ids: FxHashMap<String, usize> = FxHashMap::default();
    rows.iter()
        .map(|row| {
            let article = row.article.as_deref().unwrap_or("");
            let key = format!("{}\u{0}{article}", text_and_subject(row));
            let next = ids.len();
            *ids.entry(key).or_insert(next)
        })
        .collect()
}

/// What two copies of a labelled sentence share: the text with single spaces, and the subject by name or by place.
pub(crate) fn text_and_subject(row: &LabelledSentence) -> String {
    let subject = match &row.target {
        Target::None => String::new(),
        Target::Name(name) => name.to_lowercase(),
        // Places as letters before them: white space may differ.
        Target::Span(span) => {
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
            format!(
                "{}-{}",
                letters(&row.text[..span.start]),
                letters(span.of(&row.text))
            )
        }
    };
    format!("{}\u{0}{subject}", single_spaced(&row.text))
}

/// `text` with one space between words and none around them.
pub(crate) fn single_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The annotators named in `rows`, sorted.
pub fn annotators(rows: &[LabelledSentence]) -> Vec<String> {
    let mut names: Vec<&str> = rows
        .iter()
        .filter_map(|row| row.annotator.as_deref())
        .collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(str::to_string).collect()
}

/// Two annotators at least, or an error that begins with `what` and says what to do.
pub fn several_annotators(rows: &[LabelledSentence], what: &str) -> Result<Vec<String>> {
    let names = annotators(rows);
    let found = match &names[..] {
        [] => "no row names one".to_string(),
        [only] => format!("the only one here is \"{only}\""),
        _ => return Ok(names),
    };
    Err(Error::Data(format!(
        "{what} needs a column \"annotator\" with two annotators or more, a row for each sentence and annotator; {found}. If another \
         column holds them, name it with --annotator-column; else leave {what} out"
    )))
}

/// Makes one row of all rows of a sentence ([`JoinLabels`]), in the order of first rows.
///
/// Votes ignore case. A row's weight is the mean of the joined rows' weights, times the share of votes where labels are soft. Errors: fewer
/// than two annotators; no sentence left.
pub fn join_labels(
    rows: Vec<LabelledSentence>,
    how: JoinLabels,
) -> Result<(Vec<LabelledSentence>, JoinSummary)> {
    let annotators = several_annotators(&rows, "--labels")?;
    let ids = sentence_ids(&rows);
    let n_sentences = ids.iter().max().map_or(0, |&last| last + 1);
    let mut summary = JoinSummary {
        how,
        n_rows: rows.len(),
        n_sentences,
        n_joined: 0,
        annotators,
        n_ties: 0,
        ties: Vec::new(),
    };
    let mut sentences: Vec<Vec<LabelledSentence>> = vec![Vec::new(); n_sentences];
    for (row, id) in rows.into_iter().zip(ids) {
        sentences[id].push(row);
    }
    let mut joined = Vec::with_capacity(n_sentences);
    for rows in sentences {
        let votes = Votes::count(&rows);
        summary.n_joined += usize::from(votes.n_annotators > 1);
        match how {
            JoinLabels::Majority => match votes.winner() {
                Some(label) => joined.push(one_row(&rows, label, None)),
                None => {
                    summary.n_ties += 1;
                    if summary.ties.len() < JoinSummary::MAX_LISTED {
                        summary.ties.push(rows[0].location.to_string());
                    }
                }
            },
            JoinLabels::Soft if votes.of.len() == 1 => {
                joined.push(one_row(&rows, votes.of[0].0.clone(), None));
            }
            JoinLabels::Soft => {
                let n = votes.n_annotators as f64;
                for (label, vote) in votes.of {
                    joined.push(one_row(&rows, label, Some(vote / n)));
                }
            }
        }
    }
    if joined.is_empty() {
        return Err(Error::Data(format!(
            "--labels majority: annotators tie on all {n_sentences} sentences, the first at {}; use --labels soft, or a third annotator",
            summary.ties[0]
        )));
    }
    Ok((joined, summary))
}

/// Votes for the labels of one sentence.
struct Votes {
    /// Labels as first written, in the order of their lower-case forms.
    of: Vec<(String, f64)>,
    n_annotators: usize,
}

impl Votes {
    fn count(rows: &[LabelledSentence]) -> Votes {
        let mut rows_of: BTreeMap<Option<&str>, usize> = BTreeMap::new();
        for row in rows {
            *rows_of.entry(row.annotator.as_deref()).or_insert(0) += 1;
        }
        let mut of: BTreeMap<String, (String, f64)> = BTreeMap::new();
        for row in rows {
            let vote = 1.0 / rows_of[&row.annotator.as_deref()] as f64;
            let label = of
                .entry(row.label.to_lowercase())
                .or_insert_with(|| (row.label.clone(), 0.0));
            label.1 += vote;
        }
        Votes {
            of: of.into_values().collect(),
            n_annotators: rows_of.len(),
        }
    }

    /// The label with most votes, if it is one.
    fn winner(&self) -> Option<String> {
        /// Divided votes are sums of fractions.
        const ROUNDING: f64 = 1e-9;
        let most = self.of.iter().map(|(_, votes)| *votes).fold(0.0, f64::max);
        let mut first = (self.of.iter()).filter(|(_, votes)| most - votes < ROUNDING);
        let (label, _) = first.next()?;
        first.next().is_none().then(|| label.clone())
    }
}

/// The first of `rows` with another label, without annotator.
fn one_row(rows: &[LabelledSentence], label: String, share: Option<f64>) -> LabelledSentence {
    let is_weighted = rows.iter().any(|row| row.weight.is_some());
    let total: f64 = rows.iter().map(|row| row.weight.unwrap_or(1.0)).sum();
    let mean = total / rows.len() as f64;
    LabelledSentence {
        label,
        weight: (is_weighted || share.is_some()).then(|| mean * share.unwrap_or(1.0)),
        annotator: None,
        ..rows[0].clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::{Location, Span};

    fn row(line: u64, text: &str, label: &str, annotator: &str) -> LabelledSentence {
        LabelledSentence {
            n_labels: 1,
            location: Location::line("rows.csv", line),
            id: Some(line.to_string()),
            text: text.into(),
            label: label.into(),
            target: Target::Name("Ida Holt".into()),
            outlet: None,
            article: Some("a1".into()),
            weight: None,
            annotator: Some(annotator.into()),
            extra: BTreeMap::new(),
        }
    }

    fn three_coders() -> Vec<LabelledSentence> {
        vec![
            row(2, "Holt lied.", "against", "kim"),
            row(3, "Holt  lied. ", "Against", "lee"),
            row(4, "Holt lied.", "neutral", "ray"),
            row(5, "Holt won.", "favor", "kim"),
            row(6, "Holt won.", "neutral", "lee"),
            row(7, "Holt sat.", "neutral", "kim"),
        ]
    }

    #[test]
    fn the_majority_wins_and_ties_are_left_out() {
        let (rows, summary) =
            join_labels(three_coders(), JoinLabels::Majority).expect("two annotators");
        let labels: Vec<&str> = rows.iter().map(|row| row.label.as_str()).collect();
        assert_eq!(labels, ["against", "neutral"]);
        assert!(rows.iter().all(|row| row.weight.is_none()));
        assert_eq!(
            (summary.n_sentences, summary.n_joined, summary.n_ties),
            (3, 2, 1)
        );
        assert_eq!(summary.ties, ["rows.csv:5"]);
        assert_eq!(summary.annotators, ["kim", "lee", "ray"]);
    }

    #[test]
    fn soft_labels_weigh_by_the_share_of_annotators() {
        let (rows, summary) =
            join_labels(three_coders(), JoinLabels::Soft).expect("two annotators");
        let found: Vec<(&str, Option<f64>)> = rows
            .iter()
            .map(|row| (row.label.as_str(), row.weight))
            .collect();
        assert_eq!(
            found,
            [
                ("against", Some(2.0 / 3.0)),
                ("neutral", Some(1.0 / 3.0)),
                ("favor", Some(0.5)),
                ("neutral", Some(0.5)),
                ("neutral", None),
            ]
        );
        assert_eq!(summary.n_ties, 0);
    }

    #[test]
    fn who_labels_twice_has_one_vote() {
        let rows = vec![
            row(2, "Holt lied.", "against", "kim"),
            row(3, "Holt lied.", "neutral", "kim"),
            row(4, "Holt lied.", "neutral", "lee"),
        ];
        let (rows, _) = join_labels(rows, JoinLabels::Soft).expect("two annotators");
        let weights: Vec<_> = rows.iter().map(|row| row.weight).collect();
        assert_eq!(weights, [Some(0.25), Some(0.75)]);
    }

    #[test]
    fn one_annotator_is_too_few() {
        let error = join_labels(vec![row(2, "a", "x", "kim")], JoinLabels::Soft).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("\"kim\"") && text.contains("--annotator-column"),
            "{text}"
        );
    }

    #[test]
    fn subject_place_and_article_tell_sentences_apart() {
        let mut rows = vec![row(2, "Holt met Holt.", "x", "kim"); 4];
        rows[1].target = Target::Span(Span::new(0, 4));
        rows[2].target = Target::Span(Span::new(9, 13));
        rows[3].article = None;
        assert_eq!(sentence_ids(&rows), [0, 1, 2, 3]);
        rows[3].text = " Holt met  Holt. ".into();
        rows[3].target = Target::Span(Span::new(11, 15));
        rows[3].article = Some("a1".into());
        assert_eq!(sentence_ids(&rows), [0, 1, 2, 2]);
    }
}

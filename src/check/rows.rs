//! What the checks share of the rows: labels as classes, articles and subjects as dense ids, the sentences of several annotators.

use rustc_hash::FxHashMap;

use super::finding::{Finding, Place, Severity};
use super::{CheckParams, LabelKind};
use crate::classes::{Classes, Task};
use crate::classifier::classes_of;
use crate::corpus::{LabelledSentence, annotators, sentence_ids};
use crate::error::Error;
use crate::evaluate::RowSource;

/// Labelled rows and what is known of each.
pub(super) struct Rows<'r> {
    pub(super) rows: &'r [LabelledSentence],
    /// Names of the labels: of the classes, or as written where they make no classes, or the parts of lists.
    pub(super) labels: Vec<String>,
    /// The labels of each row, ascending; one but for lists.
    pub(super) of_row: Vec<Vec<usize>>,
    /// The classes; `None` for lists and where the labels make none.
    pub(super) classes: Option<Classes>,
    /// Why the labels make no classes.
    pub(super) problem: Option<Finding>,
    /// The article of each row as a dense id, its text where it names none.
    pub(super) articles: Vec<usize>,
    pub(super) n_articles: usize,
    /// The subject of each row.
    pub(super) subjects: Vec<Option<String>>,
    /// The sentence of each row as a dense id ([`sentence_ids`]).
    pub(super) sentences: Vec<usize>,
    pub(super) n_sentences: usize,
    /// The annotators, sorted.
    pub(super) annotators: Vec<String>,
}

impl<'r> Rows<'r> {
    pub(super) fn new(rows: &'r [LabelledSentence], params: &CheckParams) -> Rows<'r> {
        let (articles, n_articles) = dense(rows.iter().map(|row| match &row.article {
            Some(article) => format!("article\u{0}{article}"),
            None => format!("text\u{0}{}", row.text),
        }));
        let sentences = sentence_ids(rows);
        let whole = params.subject.as_ref().map(|subject| subject.name.clone());
        let subjects = rows
            .iter()
            .map(|row| RowSource::new(row).subject.or_else(|| whole.clone()))
            .collect();
        let mut found = Rows {
            rows,
            labels: Vec::new(),
            of_row: Vec::new(),
            classes: None,
            problem: None,
            articles,
            n_articles,
            subjects,
            n_sentences: sentences.iter().max().map_or(0, |&last| last + 1),
            sentences,
            annotators: annotators(rows),
        };
        found.read_labels(params);
        found
    }

    fn read_labels(&mut self, params: &CheckParams) {
        let task = match params.kind {
            LabelKind::Infer => Task::Infer,
            LabelKind::Stance => Task::Stance,
            LabelKind::Classes => Task::Classes,
            LabelKind::Frames => {
                let parts = |row: &LabelledSentence| parts(&row.label);
                self.number(self.rows.iter().map(parts).collect());
                return;
            }
        };
        match classes_of(self.rows, task, &params.polarity) {
            Ok(classes) => {
                self.of_row = self
                    .rows
                    .iter()
                    .map(|row| {
                        let class = classes.index_of_declared(&row.label, &params.polarity);
                        class.into_iter().collect()
                    })
                    .collect();
                self.labels = classes.names().to_vec();
                self.classes = Some(classes);
            }
            Err(error) => {
                self.number(
                    self.rows
                        .iter()
                        .map(|row| vec![row.label.clone()])
                        .collect(),
                );
                self.problem = Some(no_classes(error));
            }
        }
    }

    /// Numbers label names in their order.
    fn number(&mut self, names: Vec<Vec<String>>) {
        let mut labels: Vec<String> = names.iter().flatten().cloned().collect();
        labels.sort_unstable();
        labels.dedup();
        let place = |name: &String| labels.binary_search(name).expect("from these rows");
        self.of_row = names
            .iter()
            .map(|names| {
                let mut of: Vec<usize> = names.iter().map(place).collect();
                of.sort_unstable();
                of.dedup();
                of
            })
            .collect();
        self.labels = labels;
    }

    /// The label of a row in words.
    pub(super) fn label(&self, row: usize) -> String {
        let names: Vec<&str> = (self.of_row[row].iter())
            .map(|&label| self.labels[label].as_str())
            .collect();
        match names.is_empty() {
            true => "no label".into(),
            false => names.join(" | "),
        }
    }

    /// How many rows have each label.
    pub(super) fn label_counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.labels.len()];
        for &label in self.of_row.iter().flatten() {
            counts[label] += 1;
        }
        counts
    }

    /// The outlet of a row.
    pub(super) fn outlet(&self, row: usize) -> Option<&str> {
        self.rows[row].outlet.as_deref()
    }

    /// The subject of a row.
    pub(super) fn subject(&self, row: usize) -> Option<&str> {
        self.subjects[row].as_deref()
    }
}

/// The parts of a label that is a list.
fn parts(label: &str) -> Vec<String> {
    label
        .split(['|', ';'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_string)
        .collect()
}

fn no_classes(error: Error) -> Finding {
    let (message, rows) = match error {
        Error::Input(problem) => (
            problem.problem,
            vec![Place::at(&problem.location, String::new())],
        ),
        other => (other.to_string(), Vec::new()),
    };
    Finding {
        code: "labels_make_no_classes",
        severity: Severity::Error,
        count: 1,
        message,
        rows,
    }
}

/// Dense ids from 0, in the order of first occurrence.
pub(super) fn dense<K: std::hash::Hash + Eq>(keys: impl Iterator<Item = K>) -> (Vec<usize>, usize) {
    let mut ids: FxHashMap<K, usize> = FxHashMap::default();
    let of: Vec<usize> = keys
        .map(|key| {
            let next = ids.len();
            *ids.entry(key).or_insert(next)
        })
        .collect();
    (of, ids.len())
}

//! From labelled rows to examples with a class: names become spans, labels become class indices, articles become groups.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::classes::{
    Classes, ClassesProblem, Polarity, Task, declared_polarity, recognised_labels,
};
use crate::classifier::seen::SeenTexts;
use crate::corpus::{LabelledSentence, ReadReport, Target};
use crate::error::{Error, InputProblem, Result};
use crate::features::Example;
use crate::span::Span;
use crate::tensor_file::hex;
use crate::text::{MentionFinder, Subject};

/// A labelled sentence ready for the featurizer.
#[derive(Debug, Clone, PartialEq)]
pub struct PreparedRow {
    /// The sentence.
    pub text: String,
    /// The subject's mentions (bytes of `text`); empty where it is used target-blind.
    pub mentions: Vec<Span>,
    /// Index of the class.
    pub class: usize,
    /// Sample weight.
    pub weight: f64,
    /// The article, as a dense id; folds never share one.
    pub group: usize,
    /// Which of the sentences given to [`prepare`] it was, from 0; those that cannot be used are left out.
    pub origin: usize,
}

impl PreparedRow {
    /// What the featurizer takes.
    pub fn example(&self) -> Example<'_> {
        Example {
            text: &self.text,
            mentions: &self.mentions,
        }
    }
}

/// How the subjects of the rows were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TargetCounts {
    /// Rows that give the subject's place.
    pub by_span: usize,
    /// Rows whose subject's name was found in the text.
    pub by_name: usize,
    /// Rows without a subject, used target-blind.
    pub without_subject: usize,
    /// Rows whose subject does not stand in the text, used target-blind.
    pub not_found: usize,
}

/// What of the labelled input was used and how: for the reports of `train` and `evaluate`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InputSummary {
    /// Records that could not be used (`--keep-going`).
    pub n_bad: usize,
    /// The first [`InputSummary::MAX_LISTED`] of them.
    pub bad: Vec<BadRecord>,
    /// How the subjects of the others were found.
    pub targets: TargetCounts,
}

/// A record that could not be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BadRecord {
    /// The file as the user named it.
    pub file: String,
    /// The line, from 1; `None` for a whole file.
    pub line: Option<u64>,
    /// What is wrong with it.
    pub problem: String,
}

impl InputSummary {
    /// How many bad records are listed; all are counted.
    pub const MAX_LISTED: usize = 20;

    /// Sums up what the reader met (`report`) and what was left out after it.
    pub fn new(
        report: &ReadReport,
        left_out: &[InputProblem],
        targets: TargetCounts,
    ) -> InputSummary {
        InputSummary {
            n_bad: report.n_bad + left_out.len(),
            bad: report
                .bad
                .iter()
                .chain(left_out)
                .take(Self::MAX_LISTED)
                .map(|problem| BadRecord {
                    file: problem.location.file.clone(),
                    line: problem.location.line,
                    problem: problem.problem.clone(),
                })
                .collect(),
            targets,
        }
    }
}

/// Rows of one data set.
#[derive(Debug, Clone, PartialEq)]
pub struct PreparedData {
    /// The rows, in the order of the input.
    pub rows: Vec<PreparedRow>,
    /// Number of groups.
    pub n_groups: usize,
    /// Rows whose group is their own text, because they name no article.
    pub without_article: usize,
    /// How the subjects were found.
    pub targets: TargetCounts,
    /// SHA-256 over texts, places, classes and weights, in order.
    pub digest: String,
    /// Digests of the ids of the articles.
    pub(crate) articles: SeenTexts,
}

impl PreparedData {
    /// The rows at `rows` alone. Groups are numbered anew. No data set of its own: `digest` is empty, counts are those of all rows.
    pub fn subset(&self, rows: &[usize]) -> PreparedData {
        let mut groups: FxHashMap<usize, usize> = FxHashMap::default();
        let rows: Vec<PreparedRow> = rows
            .iter()
            .map(|&r| {
                let next = groups.len();
                let group = *groups.entry(self.rows[r].group).or_insert(next);
                PreparedRow {
                    group,
                    ..self.rows[r].clone()
                }
            })
            .collect();
        PreparedData {
            n_groups: groups.len(),
            rows,
            digest: String::new(),
            without_article: self.without_article,
            targets: self.targets,
            articles: self.articles.clone(),
        }
    }

    /// The class of each row.
    pub fn classes(&self) -> Vec<usize> {
        self.rows.iter().map(|row| row.class).collect()
    }

    /// The group of each row.
    pub fn groups(&self) -> Vec<usize> {
        self.rows.iter().map(|row| row.group).collect()
    }

    /// The weights, if any differs from 1.
    pub fn weights(&self) -> Option<Vec<f32>> {
        let weighted = self.rows.iter().any(|row| row.weight != 1.0);
        weighted.then(|| self.rows.iter().map(|row| row.weight as f32).collect())
    }
}

/// The classes of the labels in `sentences`; problems name a row and the remedies.
pub fn classes_of(
    sentences: &[LabelledSentence],
    task: Task,
    polarity: &BTreeMap<String, Polarity>,
) -> Result<Classes> {
    if let Some(unused) = polarity.keys().find(|name| {
        let lower = name.to_lowercase();
        !sentences
            .iter()
            .any(|sentence| sentence.label.to_lowercase() == lower)
    }) {
        return Err(Error::Data(format!(
            "--polarity names \"{unused}\", but no row has that label"
        )));
    }
    if let Some(several) = sentences.iter().find(|sentence| sentence.n_labels != 1) {
        return Err(Error::input(
            several.location.clone(),
            format!(
                "a list of {} labels; a sentence has one stance, or one class. For several labels a sentence (frames) use --task frames",
                several.n_labels
            ),
        ));
    }
    let labels = sentences.iter().map(|sentence| sentence.label.as_str());
    let classes = Classes::from_labels(labels, task, polarity).map_err(|problem| match problem {
        ClassesProblem::Mixed { unknown, known } => {
            let first = sentences
                .iter()
                .find(|sentence| sentence.label == unknown)
                .expect("the label comes from these rows");
            let found = if known.is_empty() {
                "no label here is a stance or sentiment word".to_string()
            } else {
                format!("other labels are: {}", known.join(", "))
            };
            let near = known
                .iter()
                .map(|label| (strsim::damerau_levenshtein(label, &unknown.to_lowercase()), label))
                .filter(|(distance, _)| *distance <= 2)
                .min();
            let meant = near.map_or(String::new(), |(_, label)| format!("did you mean \"{label}\"? "));
            Error::input(
                first.location.clone(),
                format!(
                    "label \"{unknown}\" has no polarity ({found}; recognised are {}). {meant}Say what it is worth with \
                     --polarity {unknown}=WORTH, where WORTH is -1 (against), 0 (neutral) or 1 (favor); or train plain classes \
                     with --task classes",
                    recognised_labels()
                ),
            )
        }
        ClassesProblem::TooFew(labels) => Error::Data(match labels.first() {
            Some(only) => format!(
                "{}: every row has the label \"{only}\"; a classifier needs rows of at least two classes",
                file_of(sentences)
            ),
            None => "no labelled rows; a classifier needs rows of at least two classes".to_string(),
        }),
    })?;
    if classes.len() * 2 > sentences.len() && classes.len() > 10 {
        return Err(Error::input(
            sentences[0].location.clone(),
            format!(
                "{} different labels in {} rows; these look like texts, for example \"{}\": are --text-column and --label-column swapped?",
                classes.len(),
                sentences.len(),
                sentences[0].label.chars().take(40).collect::<String>()
            ),
        ));
    }
    Ok(classes)
}

/// Takes the rows whose label is neither recognised nor declared out of `sentences`, when others are: for `--keep-going`.
pub fn without_unknown_labels(
    sentences: Vec<LabelledSentence>,
    polarity: &BTreeMap<String, Polarity>,
) -> (Vec<LabelledSentence>, Vec<InputProblem>) {
    let known = |sentence: &LabelledSentence| {
        Classes::is_recognised(&sentence.label)
            || declared_polarity(polarity, &sentence.label).is_some()
    };
    if !sentences.iter().any(known) {
        return (sentences, Vec::new());
    }
    let (kept, left): (Vec<_>, Vec<_>) = sentences.into_iter().partition(known);
    let problems = left
        .into_iter()
        .map(|sentence| InputProblem {
            problem: format!("label \"{}\" has no polarity", sentence.label),
            location: sentence.location,
        })
        .collect();
    (kept, problems)
}

fn file_of(sentences: &[LabelledSentence]) -> &str {
    sentences.first().map_or("", |s| &s.location.file)
}

/// Prepares `sentences` for a model that knows `classes`.
///
/// `subject` stands for the whole data set: rows without a subject of their own are searched for it. A label the model lacks
/// is an error at its row, unless `polarity` says what it is worth; so is a subject nobody can search for (`!!!`).
pub fn prepare(
    sentences: Vec<LabelledSentence>,
    classes: &Classes,
    polarity: &BTreeMap<String, Polarity>,
    subject: Option<&Subject>,
) -> Result<PreparedData> {
    let (data, problems) = prepare_usable(sentences, classes, polarity, subject)?;
    match problems.into_iter().next() {
        Some(problem) => Err(problem.into()),
        None => Ok(data),
    }
}

/// The same for `--keep-going`: rows that cannot be used are left out and listed, in the order of the input. No usable row at
/// all is an error, the first problem.
pub fn prepare_usable(
    sentences: Vec<LabelledSentence>,
    classes: &Classes,
    polarity: &BTreeMap<String, Polarity>,
    subject: Option<&Subject>,
) -> Result<(PreparedData, Vec<InputProblem>)> {
    let whole = subject.map(MentionFinder::new).transpose()?;
    let mut finders: FxHashMap<String, MentionFinder> = FxHashMap::default();
    let mut groups: FxHashMap<String, usize> = FxHashMap::default();
    let mut data = PreparedData {
        rows: Vec::with_capacity(sentences.len()),
        n_groups: 0,
        without_article: 0,
        targets: TargetCounts::default(),
        digest: String::new(),
        articles: SeenTexts::new(std::iter::empty()),
    };
    let mut digest = Sha256::new();
    let mut problems = Vec::new();
    let mut articles: Vec<String> = Vec::new();
    for (origin, sentence) in sentences.into_iter().enumerate() {
        let Some(class) = classes.index_of_declared(&sentence.label, polarity) else {
            problems.push(unknown_label(sentence, classes));
            continue;
        };
        let named = match &sentence.target {
            Target::Name(name) => Some(match subject {
                Some(subject) if subject.name == *name => {
                    whole.as_ref().expect("made from subject")
                }
                _ => match finder(&mut finders, name) {
                    Ok(finder) => finder,
                    Err(error) => {
                        problems.push(InputProblem {
                            problem: error.to_string(),
                            location: sentence.location,
                        });
                        continue;
                    }
                },
            }),
            _ => None,
        };
        let mentions: Vec<Span> = match (&sentence.target, named.or(whole.as_ref())) {
            (Target::Span(span), _) => same_name(&sentence.text, *span),
            (_, Some(finder)) => finder.find(&sentence.text).iter().map(|m| m.span).collect(),
            (_, None) => Vec::new(),
        };
        let counts = &mut data.targets;
        match (&sentence.target, mentions.is_empty()) {
            (Target::Span(_), _) => counts.by_span += 1,
            (_, false) => counts.by_name += 1,
            (Target::None, true) if whole.is_none() => counts.without_subject += 1,
            (_, true) => counts.not_found += 1,
        }
        data.without_article += usize::from(sentence.article.is_none());
        // Rows without an article share a group when they share their text, so that no text is on both sides of a fold.
        let group_name = match sentence.article {
            Some(article) => {
                let name = format!("article\u{0}{article}");
                if !groups.contains_key(&name) {
                    articles.push(article);
                }
                name
            }
            None => format!("text\u{0}{}", sentence.text),
        };
        let next = groups.len();
        let group = *groups.entry(group_name).or_insert(next);
        let weight = sentence.weight.unwrap_or(1.0);
        digest.update(sentence.text.as_bytes());
        digest.update(format!("\u{0}{mentions:?}\u{0}{class}\u{0}{weight}\n").as_bytes());
        data.rows.push(PreparedRow {
            text: sentence.text,
            mentions,
            class,
            weight,
            group,
            origin,
        });
    }
    if let (true, Some(first)) = (data.rows.is_empty(), problems.first()) {
        return Err(first.clone().into());
    }
    data.n_groups = groups.len();
    data.articles = SeenTexts::new(articles.iter().map(String::as_str));
    data.digest = hex(&digest.finalize());
    Ok((data, problems))
}

fn unknown_label(sentence: LabelledSentence, classes: &Classes) -> InputProblem {
    InputProblem {
        problem: format!(
            "label \"{}\" is not one of the model's classes: {}{}",
            sentence.label,
            classes.names().join(", "),
            match classes.polarity() {
                Some(_) => "; say what it is worth with --polarity LABEL=-1, 0 or 1",
                None => "",
            }
        ),
        location: sentence.location,
    }
}

/// The given mention and every other place where the text repeats it, if it is a name: all mentions of the subject are masked.
fn same_name(text: &str, given: Span) -> Vec<Span> {
    let name = given.of(text);
    if !name.chars().next().is_some_and(char::is_uppercase) || name.chars().count() < 3 {
        return vec![given];
    }
    let inside_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mut spans: Vec<Span> = text
        .match_indices(name)
        .map(|(at, found)| Span::new(at, at + found.len()))
        .filter(|span| {
            let apart = !inside_word(text[..span.start].chars().next_back())
                && !inside_word(text[span.end..].chars().next());
            apart && !span.overlaps(given)
        })
        .collect();
    spans.push(given);
    spans.sort_unstable();
    spans
}

fn finder<'f>(
    finders: &'f mut FxHashMap<String, MentionFinder>,
    name: &str,
) -> Result<&'f MentionFinder> {
    if !finders.contains_key(name) {
        let made = MentionFinder::new(&Subject::new(name, Vec::new()))?;
        finders.insert(name.to_string(), made);
    }
    Ok(&finders[name])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Location;

    fn sentence(text: &str, label: &str, target: Target) -> LabelledSentence {
        LabelledSentence {
            location: Location::line("rows.jsonl", 3),
            id: None,
            text: text.into(),
            label: label.into(),
            n_labels: 1,
            target,
            outlet: None,
            article: None,
            weight: None,
            annotator: None,
            extra: BTreeMap::new(),
        }
    }

    #[test]
    fn subjects_become_spans_and_absent_ones_are_counted() {
        let rows = vec![
            sentence("Holt lied.", "against", Target::Span(Span::new(0, 4))),
            sentence(
                "They praised Holt.",
                "favor",
                Target::Name("Ida Holt".into()),
            ),
            sentence(
                "They praised her.",
                "favor",
                Target::Name("Ida Holt".into()),
            ),
            sentence("It rained.", "neutral", Target::None),
        ];
        let classes = classes_of(&rows, Task::Infer, &BTreeMap::new()).expect("three classes");
        let data = prepare(rows, &classes, &BTreeMap::new(), None).expect("known labels");
        assert_eq!(
            data.targets,
            TargetCounts {
                by_span: 1,
                by_name: 1,
                without_subject: 1,
                not_found: 1
            }
        );
        assert_eq!(data.rows[1].mentions, [Span::new(13, 17)]);
        assert_eq!((data.n_groups, data.without_article), (4, 4));
        assert_eq!(data.classes(), [0, 1, 1, 2]);
    }

    #[test]
    fn one_subject_may_stand_for_all_rows() {
        let rows = vec![
            sentence("Holt lied.", "against", Target::None),
            sentence("The treasurer won.", "favor", Target::None),
        ];
        let classes = classes_of(&rows, Task::Infer, &BTreeMap::new()).expect("two classes");
        let subject = Subject::new("Ida Holt", vec!["the treasurer".into()]);
        let data = prepare(rows, &classes, &BTreeMap::new(), Some(&subject)).expect("known labels");
        assert_eq!(data.targets.by_name, 2);
    }

    #[test]
    fn rows_that_cannot_be_used_are_errors_or_a_list() {
        let rows = vec![
            sentence("Holt lied.", "against", Target::None),
            sentence("Holt won.", "pros", Target::None),
            sentence("Holt won.", "favor", Target::Name("!!!".into())),
            sentence("Holt won.", "favor", Target::None),
        ];
        let none = BTreeMap::new();
        let classes =
            Classes::from_labels(["against", "favor"], Task::Infer, &none).expect("two classes");
        let error = prepare(rows.clone(), &classes, &none, None).unwrap_err();
        assert!(error.to_string().contains("label \"pros\""), "{error}");
        let (data, problems) =
            prepare_usable(rows.clone(), &classes, &none, None).expect("two good rows");
        assert_eq!((data.classes(), problems.len()), (vec![0, 1], 2));
        let summary = InputSummary::new(&ReadReport::default(), &problems, data.targets);
        assert_eq!((summary.n_bad, summary.targets.without_subject), (2, 2));
        assert_eq!(summary.bad[1].line, Some(3));
        assert!(summary.bad[1].problem.contains("!!!"), "{summary:?}");
        let nothing_left = prepare_usable(rows[1..3].to_vec(), &classes, &none, None);
        assert_eq!(nothing_left.unwrap_err().to_string(), error.to_string());
    }

    #[test]
    fn odd_labels_are_named_with_their_row_and_the_remedies() {
        let rows = vec![
            sentence("a", "favor", Target::None),
            sentence("b", "pros", Target::None),
        ];
        let error = classes_of(&rows, Task::Infer, &BTreeMap::new())
            .unwrap_err()
            .to_string();
        for part in [
            "rows.jsonl:3",
            "\"pros\"",
            "favor",
            "--polarity pros=WORTH",
            "--task classes",
        ] {
            assert!(error.contains(part), "{error}");
        }
        let error = classes_of(&rows[..1], Task::Infer, &BTreeMap::new())
            .unwrap_err()
            .to_string();
        assert!(error.contains("at least two classes"), "{error}");
    }
}

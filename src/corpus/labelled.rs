//! Labelled sentences: what a human said of a sentence about a subject.
//!
//! In: JSONL, CSV or TSV with the columns `text` and `label`, and where known `from`/`to` or `subject`, `id`,
//! `outlet`, `article`, `weight`, `annotator`. Out: [`LabelledSentence`]s, all in memory, because training goes over
//! them many times. Offsets in files count characters and are half-open; from here on they count bytes.
//!
//! The rows of NewsMTSC (Hamborg & Donnay, EACL 2021) are recognised as they were published: `sentence`, `mention`,
//! `from`, `to`, `polarity` and an `id` whose first fields name the article.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

use super::ReadOptions;
use super::columns::{Columns, LABELLED_COLUMNS, Rows};
use super::foreign::{SPAN_LABELS, is_span_labels};
use super::input::Progress;
use super::report::{Encodings, Ids, ReadNote, ReadReport};
use super::source::{Wanted, find_sources};
use super::table::{Failure, Record, describe};
use crate::error::{Error, InputProblem, Result};
use crate::span::{CharOffsets, CharSpan, Location, Span};

/// One labelled row.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelledSentence {
    /// Where the row stands.
    pub location: Location,
    /// The row's id, if it has one.
    pub id: Option<String>,
    /// The sentence, unchanged and not blank.
    pub text: String,
    /// The label as the file has it, without surrounding white space; several of a list joined by [`LIST_MARK`].
    pub label: String,
    /// How many labels the row has: 1, or as many as a list holds.
    pub n_labels: usize,
    /// Whom or what the label is about.
    pub target: Target,
    /// Who published the sentence.
    pub outlet: Option<String>,
    /// The article the sentence comes from: folds never share one.
    pub article: Option<String>,
    /// How much the row counts; finite and at least 0.
    pub weight: Option<f64>,
    /// Who labelled it.
    pub annotator: Option<String>,
    /// Every other column.
    pub extra: BTreeMap<String, Value>,
}

/// What stands between the labels of a list. Tables may write `;` instead, which [`LabelledSentence::labels`] takes too.
pub const LIST_MARK: char = '|';

impl LabelledSentence {
    /// The labels of a row that may have several: those of a list, or of a cell that holds them with `|` or `;` between. None where the list
    /// is empty.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        let parts = self.label.split([LIST_MARK, ';']);
        parts.map(str::trim).filter(|label| !label.is_empty())
    }
}

/// The subject of a labelled sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The mention, in bytes of the sentence.
    Span(Span),
    /// The subject's name; where it stands in the sentence is still to be found.
    Name(String),
    /// The label is about the sentence as a whole.
    None,
}

/// Labelled sentences and what reading them met.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelledCorpus {
    /// In the order of the files and their lines.
    pub rows: Vec<LabelledSentence>,
    /// What was read, skipped and bad.
    pub report: ReadReport,
}

/// Reads labelled sentences from files, folders and standard input.
///
/// Errors: inputs that cannot be found or opened, a required column that is missing, and the first bad record
/// unless `options.keep_going`; with it, only when no record is good.
pub fn read_labelled(paths: &[PathBuf], options: &ReadOptions) -> Result<LabelledCorpus> {
    let found = find_sources(paths, options, Wanted::LabelledSentences)?;
    let columns = Columns::new(&LABELLED_COLUMNS, &options.columns)?;
    let mut report = ReadReport::new(&found);
    let mut ids = Ids::default();
    let mut encodings = Encodings::default();
    let mut picked = Picked::default();
    let mut rows = Vec::new();
    for source in &found.sources {
        let records = match Rows::open(source, &columns, &Progress::default()) {
            Ok(records) => records,
            Err(error) => {
                report.absorb(&source.name, Failure::File(error), options.keep_going)?;
                continue;
            }
        };
        encodings.see(records.assumption(), &source.name);
        for record in records {
            if record
                .as_ref()
                .is_ok_and(|record| picked.see(record, &columns))
            {
                continue;
            }
            match record.and_then(|record| Ok(labelled_sentence(record, &columns, options)?)) {
                Ok(row) => {
                    if let Some(id) = &row.id {
                        ids.see(id, row.annotator.as_deref(), &row.location);
                    }
                    rows.push(row);
                }
                Err(failure) => report.absorb(&source.name, failure, options.keep_going)?,
            }
        }
    }
    report.n_records = rows.len();
    report.notes.extend(ids.note("rows"));
    report.notes.extend(encodings.note());
    report.notes.extend(picked.notes());
    report.check_anything_read()?;
    match rows.is_empty() && picked.n_unlabelled > 0 {
        true => Err(Error::Data(format!(
            "{}: none of the {} rows has a label yet; fill the column label",
            report.files.join(", "),
            picked.n_unlabelled
        ))),
        false => Ok(LabelledCorpus { rows, report }),
    }
}

/// The texts of all rows of labelled files, those that wait for a label too; without the marks of a sample made by `validate draw`.
///
/// Errors: as [`read_labelled`], labels apart.
pub fn read_labelled_texts(paths: &[PathBuf]) -> Result<Vec<String>> {
    let options = ReadOptions::default();
    let found = find_sources(paths, &options, Wanted::LabelledSentences)?;
    let columns = Columns::new(&LABELLED_COLUMNS, &options.columns)?;
    let mut texts = Vec::new();
    for source in &found.sources {
        for record in Rows::open(source, &columns, &Progress::default())? {
            let mut record = match record {
                Ok(record) => record,
                Err(Failure::Record(problem)) => return Err(problem.into()),
                Err(Failure::File(error)) => return Err(error),
            };
            let text = take_sentence(&mut record, &columns)?;
            texts.push(match record.fields.contains_key("sample_id") {
                true => text.replace("[[", "").replace("]]", ""),
                false => text,
            });
        }
    }
    Ok(texts)
}

/// Rows of tables made by `standpoint suggest`, told by their column `picked_by`: they may wait for their labels.
#[derive(Debug, Default)]
struct Picked {
    n: usize,
    n_unlabelled: usize,
}

impl Picked {
    /// Counts `record` if it was picked, and says whether it has no label yet.
    fn see(&mut self, record: &Record, columns: &Columns) -> bool {
        if !record.fields.contains_key("picked_by") {
            return false;
        }
        self.n += 1;
        let label = columns.found(record, "label");
        let is_empty = match label.and_then(|name| record.fields.get(name)) {
            None | Some(Value::Null) => true,
            Some(Value::String(label)) => label.trim().is_empty(),
            Some(Value::Array(labels)) => labels.is_empty(),
            Some(_) => false,
        };
        self.n_unlabelled += usize::from(is_empty);
        is_empty
    }

    /// What a reader of the figures should know.
    fn notes(&self) -> Vec<ReadNote> {
        let mut notes = Vec::new();
        if self.n_unlabelled > 0 {
            notes.push(ReadNote {
                code: "unlabelled",
                text: format!(
                    "{} of {} picked rows have no label yet and are left out",
                    self.n_unlabelled, self.n
                ),
            });
        }
        let n_labelled = self.n - self.n_unlabelled;
        if n_labelled > 0 {
            notes.push(ReadNote {
                code: "picked_rows",
                text: format!(
                    "{n_labelled} labelled rows were picked because a model was unsure of them (column picked_by): good to train on, but figures on \
                     them are not those of ordinary sentences"
                ),
            });
        }
        notes
    }
}

fn labelled_sentence(
    mut record: Record,
    columns: &Columns,
    options: &ReadOptions,
) -> Result<LabelledSentence, InputProblem> {
    let newsmtsc_article = newsmtsc_article(&record);
    let text = take_sentence(&mut record, columns)?;
    let (label, n_labels) = take_label(&mut record, columns)?;
    let span = take_span(&mut record, columns, &text)?;
    if newsmtsc_article.is_some() {
        check_mention(&record, &text, span)?;
    }
    // Beside a span the subject's name is not needed to find it, and stays with the further columns.
    let target = match span {
        Some(span) => Target::Span(span),
        None => columns
            .take_name(&mut record, "subject")?
            .map_or(Target::None, Target::Name),
    };
    let mut take_name = |name| columns.take_name(&mut record, name);
    let (id, outlet) = (take_name("id")?, take_name("outlet")?);
    let (article, annotator) = (take_name("article")?, take_name("annotator")?);
    let weight = take_weight(&mut record, columns)?;
    Ok(LabelledSentence {
        id,
        text,
        label,
        n_labels,
        target,
        outlet: outlet.or_else(|| options.outlet.clone()),
        article: article.or(newsmtsc_article),
        weight,
        annotator,
        location: record.location,
        extra: record.fields,
    })
}

fn take_sentence(record: &mut Record, columns: &Columns) -> Result<String, InputProblem> {
    let theirs = columns.found(record, "text").unwrap_or("text");
    match columns.take_text(record, "text")? {
        None => Err(columns.row_lacks(record, "text")),
        Some(text) if text.trim().is_empty() => Err(record.problem(format!("empty \"{theirs}\""))),
        Some(text) => Ok(text),
    }
}

/// A label is a word or a number, or a list of them: label tools (doccano) export a list also where a row has one.
fn take_label(record: &mut Record, columns: &Columns) -> Result<(String, usize), InputProblem> {
    let Some((theirs, value)) = columns.take(record, "label") else {
        return Err(columns.row_lacks(record, "label"));
    };
    if is_span_labels(&value) {
        return Err(record.problem(format!("\"{theirs}\" holds {SPAN_LABELS}")));
    }
    let one = |value: &Value| match label_of(value) {
        None => Err(record.problem(format!(
            "\"{theirs}\" holds {}; allowed: a string or a number, or a list of strings",
            describe(value)
        ))),
        Some(label) if label.is_empty() => Err(record.problem(format!("empty \"{theirs}\""))),
        Some(label) => Ok(label),
    };
    let Value::Array(values) = &value else {
        return Ok((one(&value)?, 1));
    };
    let labels: Vec<String> = values.iter().map(one).collect::<Result<_, _>>()?;
    Ok((labels.join(&LIST_MARK.to_string()), labels.len()))
}

/// JSON has one kind of number, so `1.0` is `1`.
fn label_of(value: &Value) -> Option<String> {
    match value {
        Value::String(label) => Some(label.trim().to_string()),
        Value::Number(number) => Some(match number.as_f64() {
            Some(value) if number.is_f64() && value.fract() == 0.0 => format!("{value:.0}"),
            _ => number.to_string(),
        }),
        _ => None,
    }
}

/// `from` and `to` count characters of `text`, half-open.
fn take_span(
    record: &mut Record,
    columns: &Columns,
    text: &str,
) -> Result<Option<Span>, InputProblem> {
    let (from, to) = (columns.take(record, "from"), columns.take(record, "to"));
    let offsets = CharOffsets::new(text);
    let n = offsets.char_at(text.len());
    let ((from_name, from), (to_name, to)) = match (from, to) {
        (None, None) => return Ok(None),
        (Some(from), Some(to)) => (from, to),
        (Some((one, _)), None) | (None, Some((one, _))) => {
            return Err(record.problem(format!(
                "\"{one}\" stands alone; a mention needs \"from\" and \"to\", in characters, half-open; the sentence has {n} characters"
            )));
        }
    };
    let start = character(&from).ok_or((from_name, &from));
    let end = character(&to).ok_or((to_name, &to));
    let (start, end) = match (start, end) {
        (Ok(start), Ok(end)) => (start, end),
        (Err((name, value)), _) | (_, Err((name, value))) => {
            return Err(record.problem(format!(
                "\"{name}\" is {value}; allowed: a whole number of characters from 0; the sentence has {n} characters"
            )));
        }
    };
    if start >= end {
        return Err(record.problem(format!(
            "\"{from_name}\" {start} is not before \"{to_name}\" {end}; offsets are half-open; the sentence has {n} characters"
        )));
    }
    offsets
        .bytes(CharSpan(start, end))
        .map(Some)
        .ok_or_else(|| {
            record.problem(format!(
                "\"{from_name}\" {start} to \"{to_name}\" {end} ends outside the sentence, which has {n} characters"
            ))
        })
}

/// A whole number; spreadsheets and pandas write 5 as `5.0` in columns with gaps.
fn character(value: &Value) -> Option<usize> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_string(),
        _ => return None,
    };
    text.strip_suffix(".0").unwrap_or(&text).parse().ok()
}

fn take_weight(record: &mut Record, columns: &Columns) -> Result<Option<f64>, InputProblem> {
    let Some((theirs, value)) = columns.take(record, "weight") else {
        return Ok(None);
    };
    let weight = match &value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    match weight {
        Some(weight) if weight.is_finite() && weight >= 0.0 => Ok(Some(weight)),
        _ => Err(record.problem(format!(
            "\"{theirs}\" is {value}; allowed: a finite number, 0 or greater"
        ))),
    }
}

/// The article of a NewsMTSC row: the first three `_`-separated fields of an `allsides` id, the first four of a
/// `polusa` id. Counted from the front, because the names further on may hold `_`. `None` for any other row.
fn newsmtsc_article(record: &Record) -> Option<String> {
    let columns = ["sentence", "mention", "from", "to", "polarity"];
    if !columns.iter().all(|&name| record.fields.contains_key(name)) {
        return None;
    }
    let id = record.fields.get("id")?.as_str()?;
    let n_fields = if id.starts_with("allsides_") {
        3
    } else if id.starts_with("polusa_") {
        4
    } else {
        return None;
    };
    let (end, _) = id.match_indices('_').nth(n_fields - 1)?;
    Some(id[..end].to_string())
}

fn check_mention(record: &Record, text: &str, span: Option<Span>) -> Result<(), InputProblem> {
    let mention = record.fields.get("mention").and_then(Value::as_str);
    match (mention, span) {
        (Some(mention), Some(span)) if span.of(text) != mention => Err(record.problem(format!(
            "\"mention\" is \"{mention}\", but the sentence has \"{}\" from \"from\" to \"to\"; offsets count characters, half-open",
            span.of(text)
        ))),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    fn read_as(
        name: &str,
        content: impl AsRef<[u8]>,
        options: &ReadOptions,
    ) -> Result<LabelledCorpus> {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join(name);
        fs::write(&path, content).expect("written");
        read_labelled(&[path], options)
    }

    fn one(row: &str) -> Result<LabelledSentence> {
        let mut corpus = read_as("rows.jsonl", row, &ReadOptions::default())?;
        Ok(corpus.rows.remove(0))
    }

    /// The message without the temporary folder.
    fn message(error: Error) -> String {
        let text = error.to_string();
        let start = text.find("rows.").unwrap_or(0);
        text[start..].to_string()
    }

    #[test]
    fn a_row_gives_its_fields_and_keeps_the_others() {
        let row = one(
            r#"{"id": 7, "text": " Mara Voss waved. ", "label": " favor ", "subject": "Mara Voss", "outlet": "Dawn", "article": "d1", "weight": 0.5, "annotator": "kim", "wave": 2}"#,
        )
        .expect("a good row");
        assert_eq!(row.id.as_deref(), Some("7"));
        assert_eq!(row.text, " Mara Voss waved. ");
        assert_eq!(row.label, "favor");
        assert_eq!(row.target, Target::Name("Mara Voss".into()));
        assert_eq!(row.outlet.as_deref(), Some("Dawn"));
        assert_eq!(row.article.as_deref(), Some("d1"));
        assert_eq!(row.weight, Some(0.5));
        assert_eq!(row.annotator.as_deref(), Some("kim"));
        assert_eq!(row.extra, BTreeMap::from([("wave".to_string(), 2.into())]));
        assert_eq!(row.location.line, Some(1));
    }

    #[test]
    fn labels_may_be_words_or_numbers() {
        for (label, expected) in [
            ("-1", "-1"),
            ("1.0", "1"),
            ("-0.5", "-0.5"),
            ("\" Against\"", "Against"),
            ("[\"negative\"]", "negative"),
            ("[1.0]", "1"),
        ] {
            let row = one(&format!(r#"{{"text": "It rains.", "label": {label}}}"#));
            assert_eq!(row.expect("a good row").label, expected, "{label}");
        }
    }

    #[test]
    fn picked_rows_may_wait_for_their_labels_and_others_may_not() {
        let read = |content: &str| read_as("rows.jsonl", content, &ReadOptions::default());
        let picked = concat!(
            r#"{"text": "A b.", "label": ["x"], "picked_by": "p"}"#,
            "\n",
            r#"{"text": "C d.", "label": [], "picked_by": "p"}"#,
            "\n",
            r#"{"text": "E f.", "label": " ", "picked_by": "p"}"#,
            "\n",
            r#"{"text": "G h.", "label": null, "picked_by": "p"}"#,
            "\n",
        );
        let corpus = read(picked).expect("one row has a label");
        assert_eq!((corpus.rows.len(), corpus.report.n_records), (1, 1));
        let notes: Vec<(&str, &str)> = (corpus.report.notes.iter())
            .map(|note| (note.code, note.text.as_str()))
            .collect();
        assert_eq!(
            notes[0],
            (
                "unlabelled",
                "3 of 4 picked rows have no label yet and are left out"
            )
        );
        assert_eq!(notes[1].0, "picked_rows");
        let csv = "text,label,picked_by\nA b.,,p\nC d.,,p\n";
        let error = read_as("rows.csv", csv, &ReadOptions::default()).expect_err("no label at all");
        assert_eq!(
            message(error),
            "rows.csv: none of the 2 rows has a label yet; fill the column label"
        );
        // Elsewhere an empty list is a sentence with none of the frames.
        let corpus = read("{\"text\": \"A b.\", \"label\": []}\n").expect("no frame");
        assert_eq!(corpus.rows[0].n_labels, 0);
    }

    #[test]
    fn offsets_in_characters_become_a_span_in_bytes() {
        for offsets in [
            r#""from": 5, "to": 9"#,
            r#""from": "5", "to": "9.0", "subject": "Zoë Vale""#,
        ] {
            let row = one(&format!(
                r#"{{"text": "“Oh” Zoë! waved.", "label": 0, {offsets}}}"#
            ))
            .expect("a good row");
            let Target::Span(span) = row.target else {
                panic!("the span wins over the subject's name");
            };
            assert_eq!(span.of(&row.text), "Zoë!");
        }
        let nobody = one(r#"{"text": "It rains.", "label": 0, "from": null, "to": null}"#);
        assert_eq!(nobody.expect("a good row").target, Target::None);
    }

    #[test]
    fn newsmtsc_rows_are_read_as_they_are() {
        let rows = [
            ("allsides_12_34_5_Mara_Voss_0_9", Some("allsides_12_34")),
            ("polusa_v1_99_-1_7_Mara Voss_0_9", Some("polusa_v1_99_-1")),
            ("own_12_34_5", None),
        ];
        for (id, article) in rows {
            let row = one(&format!(
                r#"{{"mention": "Mara Voss", "polarity": -1, "from": 0, "to": 9, "sentence": "Mara Voss lied.", "id": "{id}"}}"#
            ))
            .expect(id);
            assert_eq!(row.article.as_deref(), article, "{id}");
            assert_eq!(row.target, Target::Span(Span::new(0, 9)));
            assert_eq!((row.label.as_str(), row.id.as_deref()), ("-1", Some(id)));
        }
        let error = one(
            r#"{"mention": "Mara Voss", "polarity": -1, "from": 1, "to": 9, "sentence": "Mara Voss lied.", "id": "allsides_1_2_3_Mara Voss_1_9"}"#,
        )
        .expect_err("shifted by one");
        assert_eq!(
            message(error),
            "rows.jsonl:1: \"mention\" is \"Mara Voss\", but the sentence has \"ara Voss\" from \"from\" to \"to\"; offsets count characters, half-open"
        );
    }

    #[test]
    fn bad_rows_say_what_was_found_and_what_is_allowed() {
        // Each row follows a good one, so that none of them is the first of its file.
        let rows = [
            (r#"{"text": "A b."}"#, "row has no \"label\""),
            (r#"{"label": "x"}"#, "row has no \"text\""),
            (r#"{"text": " ", "label": "x"}"#, "empty \"text\""),
            (r#"{"text": "A b.", "label": " "}"#, "empty \"label\""),
            (r#"{"sentence": "", "label": "x"}"#, "empty \"sentence\""),
            (
                r#"{"text": 5, "label": "x"}"#,
                "\"text\" holds a number (5); allowed: a string",
            ),
            (
                r#"{"text": "A b.", "label": ["x", {"name": "y"}]}"#,
                "\"label\" holds a JSON object; allowed: a string or a number, or a list of strings",
            ),
            (
                r#"{"text": "A b.", "label": true}"#,
                "\"label\" holds a truth value (true); allowed: a string or a number, or a list of strings",
            ),
            (
                r#"{"text": "A b.", "label": "x", "outlet": {"name": "Dawn"}}"#,
                "\"outlet\" holds a JSON object; allowed: a string or a number",
            ),
            (
                r#"{"text": "Zoë b.", "label": "x", "from": 2}"#,
                "\"from\" stands alone; a mention needs \"from\" and \"to\", in characters, half-open; the sentence has 6 characters",
            ),
            (
                r#"{"text": "Zoë b.", "label": "x", "to": 2}"#,
                "\"to\" stands alone; a mention needs \"from\" and \"to\", in characters, half-open; the sentence has 6 characters",
            ),
            (
                r#"{"text": "Zoë b.", "label": "x", "from": 1.5, "to": 2}"#,
                "\"from\" is 1.5; allowed: a whole number of characters from 0; the sentence has 6 characters",
            ),
            (
                r#"{"text": "Zoë b.", "label": "x", "from": 0, "to": "end"}"#,
                "\"to\" is \"end\"; allowed: a whole number of characters from 0; the sentence has 6 characters",
            ),
            (
                r#"{"text": "Zoë b.", "label": "x", "from": -1, "to": 2}"#,
                "\"from\" is -1; allowed: a whole number of characters from 0; the sentence has 6 characters",
            ),
            (
                r#"{"text": "Zoë b.", "label": "x", "from": 2, "to": 2}"#,
                "\"from\" 2 is not before \"to\" 2; offsets are half-open; the sentence has 6 characters",
            ),
            (
                r#"{"text": "Zoë b.", "label": "x", "from": 4, "to": 7}"#,
                "\"from\" 4 to \"to\" 7 ends outside the sentence, which has 6 characters",
            ),
            (
                r#"{"text": "A b.", "label": "x", "weight": -1}"#,
                "\"weight\" is -1; allowed: a finite number, 0 or greater",
            ),
            (
                r#"{"text": "A b.", "label": "x", "weight": "NaN"}"#,
                "\"weight\" is \"NaN\"; allowed: a finite number, 0 or greater",
            ),
            (
                r#"{"text": "A b.", "label": "x", "weight": "much"}"#,
                "\"weight\" is \"much\"; allowed: a finite number, 0 or greater",
            ),
        ];
        for (row, problem) in rows {
            let content = format!("{{\"text\": \"Fine.\", \"label\": \"x\"}}\n{row}\n");
            let error = read_as("rows.jsonl", &content, &ReadOptions::default()).expect_err(row);
            assert_eq!(message(error), format!("rows.jsonl:2: {problem}"), "{row}");
            let kept = ReadOptions {
                keep_going: true,
                ..ReadOptions::default()
            };
            let corpus = read_as("rows.jsonl", &content, &kept).expect(row);
            assert_eq!((corpus.rows.len(), corpus.report.n_bad), (1, 1), "{row}");
            assert_eq!(corpus.report.bad[0].problem, problem, "{row}");
        }
    }

    #[test]
    fn a_file_without_a_needed_column_is_met_with_the_nearest_name() {
        let rows = [
            (
                "rows.csv",
                "id,txt,label\n1,A b.,x\n",
                "rows.csv:1: no column \"text\"; found: id, txt, label; did you mean \"txt\"? then add --text-column txt",
            ),
            (
                "rows.tsv",
                "text\tstance\nA b.\tx\n",
                "rows.tsv:1: no column \"label\"; found: text, stance; did you mean \"stance\"? then add --label-column stance",
            ),
            (
                "rows.jsonl",
                "\n{\"txt\": \"A b.\", \"label\": \"x\"}\n",
                "rows.jsonl:2: no column \"text\"; found: label, txt; did you mean \"txt\"? then add --text-column txt",
            ),
        ];
        for (name, content, expected) in rows {
            let error = read_as(name, content, &ReadOptions::default()).expect_err(name);
            assert_eq!(message(error), expected);
            let renamed = ReadOptions {
                columns: [("text", "txt"), ("label", "stance")]
                    .into_iter()
                    .filter(|(_, theirs)| content.contains(theirs))
                    .map(|(ours, theirs)| (ours.to_string(), theirs.to_string()))
                    .collect(),
                ..ReadOptions::default()
            };
            let corpus = read_as(name, content, &renamed).expect("renamed");
            assert_eq!(corpus.rows[0].text, "A b.");
            assert_eq!(corpus.rows[0].label, "x");
        }
    }

    #[test]
    fn a_named_column_that_is_never_there_is_an_error() {
        let options = ReadOptions {
            columns: BTreeMap::from([("annotator".to_string(), "coder".to_string())]),
            ..ReadOptions::default()
        };
        let rows = [
            (
                "rows.csv",
                "text,label,coders\nA b.,x,kim\n",
                "rows.csv:1: no column \"coder\" (asked for by --annotator-column coder); found: text, label, coders; did you mean \"coders\"? then add --annotator-column coders",
            ),
            (
                "rows.jsonl",
                "{\"text\": \"A b.\", \"label\": \"x\"}\n",
                "rows.jsonl: no column \"coder\" (asked for by --annotator-column coder); found: label, text; say which column holds it: --annotator-column COLUMN",
            ),
        ];
        for (name, content, expected) in rows {
            let error = read_as(name, content, &options).expect_err(name);
            assert_eq!(message(error), expected);
        }
        let late = "{\"text\": \"A b.\", \"label\": \"x\"}\n{\"text\": \"A b.\", \"label\": \"x\", \"coder\": \"kim\"}\n";
        let corpus = read_as("rows.jsonl", late, &options).expect("there on the second row");
        assert_eq!(corpus.rows[1].annotator.as_deref(), Some("kim"));
    }

    #[test]
    fn two_fields_may_share_a_column() {
        let options = ReadOptions {
            columns: BTreeMap::from([("article".to_string(), "id".to_string())]),
            ..ReadOptions::default()
        };
        let csv = "id,text,label\nd1,A b.,x\n";
        let corpus = read_as("rows.csv", csv, &options).expect("a good row");
        let row = &corpus.rows[0];
        assert_eq!(
            (row.id.as_deref(), row.article.as_deref()),
            (Some("d1"), Some("d1"))
        );
    }

    #[test]
    fn keeping_going_lists_every_kind_of_bad_record() {
        let options = ReadOptions {
            keep_going: true,
            ..ReadOptions::default()
        };
        let csv = b"text,label\nA b.,x\nonly one\n,y\nC \xE9,x\nD,y\n\"E,x\nF,y\n";
        let corpus = read_as("rows.csv", csv, &options).expect("two good rows");
        assert_eq!(corpus.report.n_records, 2);
        let lines: Vec<_> = corpus
            .report
            .bad
            .iter()
            .map(|bad| bad.location.line)
            .collect();
        assert_eq!(lines, [Some(3), Some(4), Some(5), Some(7)]);
        let jsonl =
            b"{\"text\": \"A b.\"}\n{\"text\"\n\xFF\n{\"text\": \"B.\", \"label\": \"x\"}\n";
        let corpus = read_as("rows.jsonl", jsonl, &options).expect("one good row");
        assert_eq!((corpus.rows.len(), corpus.report.n_bad), (1, 3));
        let nothing = read_as("rows.csv", "text,label\n,x\n", &options).expect_err("no good row");
        assert_eq!(message(nothing), "rows.csv:2: row has no \"text\"");
    }

    #[test]
    fn one_bad_file_does_not_end_the_work_when_keeping_going() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        fs::write(folder.path().join("a.csv"), "").expect("written");
        fs::write(folder.path().join("b.csv"), "x,y\n1,2\n").expect("written");
        fs::write(folder.path().join("c.csv"), "text,label\nA b.,x\n").expect("written");
        let options = ReadOptions {
            keep_going: true,
            ..ReadOptions::default()
        };
        let corpus = read_labelled(&[folder.path().into()], &options).expect("c.csv is good");
        assert_eq!((corpus.rows.len(), corpus.report.n_bad), (1, 2));
        assert_eq!(corpus.report.files.len(), 3);
        let error = read_labelled(&[folder.path().into()], &ReadOptions::default());
        assert!(
            error
                .expect_err("a.csv is empty")
                .to_string()
                .ends_with("a.csv: no records; the file is empty")
        );
    }

    #[test]
    fn an_id_twice_is_noted_unless_another_annotator_gave_it() {
        let csv = "id,text,label,annotator\n1,A b.,x,kim\n1,A b.,y,lee\n1,A b.,x,kim\n";
        let corpus = read_as("rows.csv", csv, &ReadOptions::default()).expect("good rows");
        let [note] = &corpus.report.notes[..] else {
            panic!("one note");
        };
        assert_eq!(note.code, "duplicate_ids");
        assert!(
            note.text
                .starts_with("id seen before: 1 of 3 rows: \"1\" at ")
        );
    }

    #[test]
    fn newsmtsc_gives_every_mention_back() {
        let file =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/newsmtsc/train.jsonl");
        if !file.exists() {
            println!("not checked: {} is not there", file.display());
            return;
        }
        let corpus = read_labelled(&[file], &ReadOptions::default()).expect("reads");
        assert_eq!(corpus.rows.len(), 8739);
        for row in &corpus.rows {
            let Target::Span(span) = row.target else {
                panic!("every row has offsets");
            };
            assert_eq!(span.of(&row.text), row.extra["mention"]);
        }
        let mut articles: Vec<_> = corpus.rows.iter().map(|row| &row.article).collect();
        articles.sort();
        articles.dedup();
        assert!(articles[0].is_some());
        // Two rows whose names hold `_` would give two groups more if the fields were counted from the end.
        assert_eq!(articles.len(), 5446);
    }
}

//! Samples that people label: the table that `validate draw` writes, as it comes back from a spreadsheet or a label tool.
//!
//! In: a table (CSV, TSV, JSONL) with the columns `sample_id`, `text` and `label`. Out: [`SampleRow`]s in the order of the file. A label is a word or
//! a number; label tools export it as a list of one. Whether it is a class, and whether the row is as it was drawn, is judged where that is known.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::columns::{Columns, Rows, SAMPLE_COLUMNS};
use super::input::Progress;
use super::source::find_table;
use super::table::{Failure, Record, describe};
use crate::error::{Error, InputProblem, Result};
use crate::span::Location;

/// One row of a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleRow {
    /// Where it stands.
    pub location: Location,
    /// Which of the sample.
    pub sample_id: String,
    /// The sentence as the table has it.
    pub text: String,
    /// What the coder says; `None` where the cell is empty.
    pub label: Option<String>,
}

/// Reads the sample at `path`.
///
/// Errors: a file that cannot be read, a row without id or text, a label that is no word and no number.
pub fn read_sample(path: &Path) -> Result<Vec<SampleRow>> {
    let source = find_table(path, "nothing else")?;
    let columns = Columns::new(&SAMPLE_COLUMNS, &BTreeMap::new())?;
    Rows::open(&source, &columns, &Progress::default())?
        .map(|record| match record {
            Ok(record) => Ok(sample_row(record, &columns)?),
            Err(Failure::Record(problem)) => Err(problem.into()),
            Err(Failure::File(error)) => Err(error),
        })
        .collect::<Result<Vec<SampleRow>>>()
        .and_then(|rows| match rows.is_empty() {
            false => Ok(rows),
            true => Err(Error::input(
                Location::file(path.display().to_string()),
                "holds no row; a sample has one a sentence",
            )),
        })
}

fn sample_row(mut record: Record, columns: &Columns) -> Result<SampleRow, InputProblem> {
    let Some(sample_id) = columns.take_name(&mut record, "sample_id")? else {
        let picked = match record.fields.contains_key("picked_by") {
            true => {
                "these sentences were picked to train on, the unsure ones first, which is no sample of anything"
            }
            false => "sentences chosen in another way have no known probability of being chosen",
        };
        return Err(record.problem(format!(
            "no \"sample_id\", which every row of a sample made by `standpoint validate draw` has; {picked}"
        )));
    };
    let Some(text) = columns.take_text(&mut record, "text")? else {
        return Err(record.problem("no \"text\"; the sample's texts must stay as they were drawn"));
    };
    let label = match columns.take(&mut record, "label") {
        None => None,
        Some((_, Value::Array(labels))) => match labels.as_slice() {
            [] => None,
            [one] => label(one, &record)?,
            more => {
                return Err(record.problem(format!("{} labels; a sentence has one", more.len())));
            }
        },
        Some((_, value)) => label(&value, &record)?,
    };
    Ok(SampleRow {
        sample_id,
        text,
        label,
        location: record.location,
    })
}

fn label(value: &Value, record: &Record) -> Result<Option<String>, InputProblem> {
    let label = match value {
        Value::String(label) => label.trim().to_string(),
        // Spreadsheets write 1 as 1.0 in columns with gaps.
        Value::Number(number) => match number.as_f64() {
            Some(value) if value.fract() == 0.0 => format!("{value:.0}"),
            _ => number.to_string(),
        },
        other => {
            return Err(record.problem(format!(
                "\"label\" holds {}; allowed: a word or a number",
                describe(other)
            )));
        }
    };
    Ok((!label.is_empty()).then_some(label))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, content: &str) -> Result<Vec<SampleRow>> {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join(name);
        std::fs::write(&path, content).expect("written");
        read_sample(&path)
    }

    #[test]
    fn tables_and_exports_of_label_tools_are_read() {
        let csv = "\u{feff}sample_id,text,label,note\ns1,One [[Voss]].,negative,\ns2,Two.,,hm\ns3,Three.,-1,\n";
        let rows = read("s.csv", csv).expect("a good table");
        let labels: Vec<_> = rows.iter().map(|row| row.label.as_deref()).collect();
        assert_eq!(labels, [Some("negative"), None, Some("-1")]);
        let jsonl = "{\"id\": 7, \"sample_id\": \"s1\", \"text\": \"One.\", \"label\": [\"positive\"]}\n{\"sample_id\": \"s2\", \"text\": \"Two.\", \"label\": []}\n{\"sample_id\": \"s3\", \"text\": \"Three.\", \"label\": 1.0}\n";
        let rows = read("s.jsonl", jsonl).expect("a good export");
        let labels: Vec<_> = rows.iter().map(|row| row.label.as_deref()).collect();
        assert_eq!(labels, [Some("positive"), None, Some("1")]);
    }

    #[test]
    fn what_is_no_sample_is_refused() {
        let rows = [
            (
                "text,label\nOne.,negative\n",
                "no \"sample_id\", which every row of a sample made by `standpoint validate draw` has; sentences chosen in another way have no known probability of being chosen",
            ),
            (
                "text,label,picked_by\nOne.,negative,uncertainty\n",
                "no \"sample_id\", which every row of a sample made by `standpoint validate draw` has; these sentences were picked to train on, the unsure ones first, which is no sample of anything",
            ),
            ("sample_id,text,label\n", "no records; only a header"),
            (
                "sample_id,text,label\n,One.,negative\n",
                "no \"sample_id\", which every row of a sample made by `standpoint validate draw` has; sentences chosen in another way have no known probability of being chosen",
            ),
        ];
        for (content, message) in rows {
            let error = read("s.csv", content).expect_err("refused").to_string();
            assert!(error.ends_with(message), "{error}");
        }
        let two = "{\"sample_id\": \"s1\", \"text\": \"One.\", \"label\": [\"a\", \"b\"]}\n";
        let error = read("s.jsonl", two).expect_err("refused").to_string();
        assert!(error.ends_with("2 labels; a sentence has one"), "{error}");
    }
}

//! From the user's columns to our fields.
//!
//! In: [`Record`]s and the renamings of `--NAME-column`. Out: the same records, checked for the columns a
//! reader needs, and typed values taken out of them one field at a time; what nobody took remains and
//! becomes the article's or row's further columns. A column that is missing from a whole file is worth a
//! message with the nearest name; one that is missing from a single JSON object is that line's problem.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

#[cfg(feature = "arrow")]
use super::columnar::ColumnarReader;
use super::encoding::Assumption;
use super::foreign::annotation_export;
use super::input::Progress;
use super::source::Source;
use super::table::{Failure, Header, JsonLine, Record, RecordReader, describe};
use crate::error::{Error, InputProblem, Result};
use crate::span::Location;

/// One field a reader knows.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    /// Another name it is read by without being told.
    also: Option<&'static str>,
    /// Names it often has elsewhere: never read unasked, but proposed.
    hints: &'static [&'static str],
    required: bool,
}

const fn optional(name: &'static str, hints: &'static [&'static str]) -> Column {
    Column {
        name,
        also: None,
        hints,
        required: false,
    }
}

/// The columns of labelled sentences; `sentence` and `polarity` are NewsMTSC's words.
pub(crate) const LABELLED_COLUMNS: [Column; 10] = [
    Column {
        name: "text",
        also: Some("sentence"),
        hints: &["tweet", "content", "comment", "premise"],
        required: true,
    },
    Column {
        name: "label",
        also: Some("polarity"),
        hints: &["stance", "sentiment", "class", "category", "rating"],
        required: true,
    },
    optional("id", &[]),
    optional("outlet", &[]),
    optional("article", &[]),
    optional("subject", &["target", "entity"]),
    optional("from", &["start", "begin"]),
    optional("to", &["end"]),
    optional("weight", &[]),
    optional("annotator", &["coder", "worker", "rater"]),
];

/// The columns of articles.
pub(crate) const ARTICLE_COLUMNS: [Column; 7] = [
    Column {
        name: "text",
        also: None,
        hints: &["body", "content", "article", "fulltext", "sentence"],
        required: true,
    },
    optional("id", &[]),
    optional(
        "outlet",
        &["source", "publisher", "publication", "newspaper", "medium"],
    ),
    optional("title", &["headline"]),
    optional("date", &["published", "time"]),
    optional("story", &["event", "cluster", "topic"]),
    optional("genre", &["section", "type"]),
];

/// The columns of a lexicon.
pub(crate) const LEXICON_COLUMNS: [Column; 2] = [
    Column {
        name: "word",
        also: None,
        hints: &["term", "token", "entry", "lemma"],
        required: true,
    },
    Column {
        name: "score",
        also: None,
        hints: &["value", "valence", "polarity", "sentiment", "weight"],
        required: true,
    },
];

/// The columns of a list of speakers.
pub(crate) const SPEAKER_COLUMNS: [Column; 2] = [
    Column {
        name: "speaker",
        also: None,
        hints: &["name", "person", "source", "who"],
        required: true,
    },
    Column {
        name: "camp",
        also: None,
        hints: &["side", "group", "party", "position", "category"],
        required: true,
    },
];

/// The columns of a list of outlets.
pub(crate) const GROUP_COLUMNS: [Column; 2] = [
    Column {
        name: "outlet",
        also: None,
        hints: &["source", "publisher", "medium", "paper", "name"],
        required: true,
    },
    Column {
        name: "group",
        also: None,
        hints: &["side", "kind", "category", "owner", "leaning"],
        required: true,
    },
];

/// The columns of a sample to label. None is required here, because the reader says better what a table without them is.
pub(crate) const SAMPLE_COLUMNS: [Column; 3] = [
    optional("sample_id", &[]),
    optional("text", &[]),
    optional("label", &[]),
];

/// A reader's fields under the names they have in the files.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    known: &'static [Column],
    /// Our name -> theirs.
    renamed: BTreeMap<String, String>,
}

impl Columns {
    /// Renamings that only the other reader knows are left out, so that one set of options serves both.
    pub(crate) fn new(
        known: &'static [Column],
        renamed: &BTreeMap<String, String>,
    ) -> Result<Columns> {
        let all: BTreeSet<&str> = LABELLED_COLUMNS
            .iter()
            .chain(&ARTICLE_COLUMNS)
            .chain(&SPEAKER_COLUMNS)
            .chain(&LEXICON_COLUMNS)
            .chain(&GROUP_COLUMNS)
            .map(|column| column.name)
            .collect();
        if let Some(name) = renamed.keys().find(|name| !all.contains(name.as_str())) {
            let all: Vec<&str> = all.into_iter().collect();
            return Err(Error::Parameter(format!(
                "no field \"{name}\" to take from a column; fields are: {}",
                all.join(", ")
            )));
        }
        Ok(Columns {
            known,
            renamed: renamed
                .iter()
                .filter(|(ours, _)| known.iter().any(|column| column.name == ours.as_str()))
                .map(|(ours, theirs)| (ours.clone(), theirs.clone()))
                .collect(),
        })
    }

    /// The names under which `column` may stand, best first.
    fn names<'c>(&'c self, column: &'c Column) -> impl Iterator<Item = &'c str> {
        let renamed = self.renamed.get(column.name).map(String::as_str);
        let own = [Some(column.name), column.also];
        let own = if renamed.is_some() { [None; 2] } else { own };
        renamed.into_iter().chain(own.into_iter().flatten())
    }

    /// The name under which the field `name` stands in `record`, null or not.
    pub(crate) fn found<'c>(&'c self, record: &Record, name: &str) -> Option<&'c str> {
        let column = self.column(name);
        self.names(column)
            .find(|&theirs| record.fields.contains_key(theirs))
    }

    fn column(&self, name: &str) -> &Column {
        self.known
            .iter()
            .find(|column| column.name == name)
            .expect("readers take the columns they declare")
    }

    /// Takes the value of the field `name` with the name it had; `None` where it is absent or null. A column that
    /// two fields share (`--article-column id`) stays with the record.
    pub(crate) fn take(&self, record: &mut Record, name: &str) -> Option<(&str, Value)> {
        let theirs = self.found(record, name)?;
        let readers = self
            .known
            .iter()
            .filter(|column| self.names(column).any(|other| other == theirs));
        let value = match readers.count() {
            1 => record.fields.remove(theirs),
            _ => record.fields.get(theirs).cloned(),
        };
        match value? {
            Value::Null => None,
            value => Some((theirs, value)),
        }
    }

    /// Takes running text: a string as it stands, because spans count its characters.
    pub(crate) fn take_text(
        &self,
        record: &mut Record,
        name: &str,
    ) -> Result<Option<String>, InputProblem> {
        match self.take(record, name) {
            None => Ok(None),
            Some((_, Value::String(text))) => Ok(Some(text)),
            Some((theirs, other)) => Err(record.problem(format!(
                "\"{theirs}\" holds {}; allowed: a string",
                describe(&other)
            ))),
        }
    }

    /// Takes a name or an id: a string without surrounding white space, or a number as written. Blank is absent.
    pub(crate) fn take_name(
        &self,
        record: &mut Record,
        name: &str,
    ) -> Result<Option<String>, InputProblem> {
        match self.take(record, name) {
            None => Ok(None),
            Some((_, Value::String(text))) => {
                let text = text.trim();
                Ok((!text.is_empty()).then(|| text.to_string()))
            }
            Some((_, Value::Number(number))) => Ok(Some(number.to_string())),
            Some((theirs, other)) => Err(record.problem(format!(
                "\"{theirs}\" holds {}; allowed: a string or a number",
                describe(&other)
            ))),
        }
    }

    /// The message for a required field that this row does not have.
    pub(crate) fn row_lacks(&self, record: &Record, name: &str) -> InputProblem {
        let column = self.column(name);
        let theirs = self.names(column).next().unwrap_or(column.name);
        record.problem(format!("row has no \"{theirs}\""))
    }

    /// Checks the columns `found` in a header, or in the first JSON object, for those a file must have.
    fn check_required(&self, found: &[&str], location: &Location) -> Result<(), InputProblem> {
        self.known
            .iter()
            .filter(|column| column.required)
            .try_for_each(|column| self.check(column, found, location))
    }

    /// Checks the columns `found` in a header for those the user named.
    fn check_renamed(&self, found: &[&str], location: &Location) -> Result<(), InputProblem> {
        self.known
            .iter()
            .filter(|column| self.renamed.contains_key(column.name))
            .try_for_each(|column| self.check(column, found, location))
    }

    fn check(
        &self,
        column: &Column,
        found: &[&str],
        location: &Location,
    ) -> Result<(), InputProblem> {
        if self.names(column).any(|theirs| found.contains(&theirs)) {
            return Ok(());
        }
        if let Some(remedy) = annotation_export(found) {
            return Err(InputProblem {
                location: location.clone(),
                problem: remedy.to_string(),
            });
        }
        let name = column.name;
        let missing = match self.renamed.get(name) {
            Some(theirs) => format!(
                "no column \"{theirs}\" (asked for by --{name}-column {})",
                as_argument(theirs)
            ),
            None => format!("no column \"{name}\""),
        };
        let wanted = self.renamed.get(name).map_or(name, String::as_str);
        let remedy = match self.nearest(column, wanted, found) {
            Some(near) => format!(
                "did you mean \"{near}\"? then add --{name}-column {}",
                as_argument(near)
            ),
            None => format!("say which column holds it: --{name}-column COLUMN"),
        };
        Err(InputProblem {
            location: location.clone(),
            problem: format!("{missing}; found: {}; {remedy}", found.join(", ")),
        })
    }

    /// The column in `found` that most resembles `wanted`, or is a usual name for it; never one that is already
    /// another of our fields.
    fn nearest<'f>(&self, column: &Column, wanted: &str, found: &[&'f str]) -> Option<&'f str> {
        /// Half of the letters in place: `txt` for `text`, `labels` for `label`, but not `title` for `text`.
        const LEAST_SIMILAR: f64 = 0.5;
        let wanted = wanted.to_lowercase();
        let similarity = |theirs: &str| {
            let theirs = theirs.to_lowercase();
            if column.hints.contains(&theirs.as_str()) {
                return 0.9;
            }
            let edits = strsim::normalized_damerau_levenshtein(&wanted, &theirs);
            let contained = theirs
                .split(|c: char| !c.is_alphanumeric())
                .any(|part| part == wanted);
            if contained { edits.max(0.8) } else { edits }
        };
        let mut best = None;
        for &theirs in found {
            let taken = self
                .known
                .iter()
                .any(|other| other.name != column.name && self.names(other).any(|n| n == theirs));
            let similarity = similarity(theirs);
            if !taken
                && similarity >= LEAST_SIMILAR
                && best.is_none_or(|(_, most)| similarity > most)
            {
                best = Some((theirs, similarity));
            }
        }
        best.map(|(theirs, _)| theirs)
    }
}

/// A column's name as it must be typed after a flag.
fn as_argument(name: &str) -> String {
    let plain = name
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
    if plain && !name.is_empty() && !name.starts_with('-') {
        name.into()
    } else {
        format!("'{}'", name.replace('\'', "'\\''"))
    }
}

/// The records of one file, whatever its format.
enum Records {
    Lines(Box<RecordReader>),
    #[cfg(feature = "arrow")]
    Columnar(Box<ColumnarReader>),
}

impl Records {
    fn open(source: &Source, progress: &Progress) -> Result<Records> {
        #[cfg(feature = "arrow")]
        if source.format.is_columnar() {
            let reader = ColumnarReader::open(source, progress)?;
            return Ok(Records::Columnar(Box::new(reader)));
        }
        let reader = RecordReader::open(source, progress)?;
        Ok(Records::Lines(Box::new(reader)))
    }

    /// The names of a table's columns; `None` for JSONL.
    fn header(&self) -> Option<&Header> {
        match self {
            Records::Lines(records) => records.header(),
            #[cfg(feature = "arrow")]
            Records::Columnar(records) => Some(records.header()),
        }
    }

    fn file(&self) -> &str {
        match self {
            Records::Lines(records) => records.file(),
            #[cfg(feature = "arrow")]
            Records::Columnar(records) => records.file(),
        }
    }

    fn assumption(&self) -> Option<Assumption> {
        match self {
            Records::Lines(records) => records.assumption(),
            #[cfg(feature = "arrow")]
            Records::Columnar(_) => None,
        }
    }

    fn next_json_line(&mut self) -> Option<Result<JsonLine, Failure>> {
        match self {
            Records::Lines(records) => records.next_json_line(),
            #[cfg(feature = "arrow")]
            Records::Columnar(_) => None,
        }
    }
}

impl Iterator for Records {
    type Item = Result<Record, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Records::Lines(records) => records.next(),
            #[cfg(feature = "arrow")]
            Records::Columnar(records) => records.next(),
        }
    }
}

/// The records of one file whose columns have been checked.
pub(crate) struct Rows {
    records: Records,
    columns: Columns,
    /// The columns of the first JSON object, once it has been read.
    first: Option<Vec<String>>,
    /// Columns the user named that no JSON object has had so far.
    unseen: BTreeSet<String>,
}

/// A record that may still have to be parsed.
pub(crate) enum Unparsed {
    /// Parsed and checked.
    Record(Record),
    /// A line of JSON.
    Line(JsonLine),
}

impl Rows {
    pub(crate) fn open(source: &Source, columns: &Columns, progress: &Progress) -> Result<Rows> {
        let records = Records::open(source, progress)?;
        let mut unseen = BTreeSet::new();
        if let Some(Header { location, names }) = records.header() {
            let found: Vec<&str> = names
                .iter()
                .map(String::as_str)
                .filter(|name| !name.is_empty())
                .collect();
            columns.check_required(&found, location)?;
            columns.check_renamed(&found, location)?;
        } else {
            unseen.extend(columns.renamed.values().cloned());
        }
        Ok(Rows {
            records,
            columns: columns.clone(),
            first: None,
            unseen,
        })
    }

    /// What was assumed about the file's encoding.
    pub(crate) fn assumption(&self) -> Option<Assumption> {
        self.records.assumption()
    }

    /// The next line of a JSONL file unparsed, once nothing about the file's columns is left to check; until then, and in
    /// other formats, the next record.
    pub(crate) fn next_unparsed(&mut self) -> Option<Result<Unparsed, Failure>> {
        let is_checked = self.first.is_some() && self.unseen.is_empty();
        if is_checked && self.records.header().is_none() {
            let line = self.records.next_json_line()?;
            return Some(line.map(Unparsed::Line));
        }
        Some(self.next()?.map(Unparsed::Record))
    }

    fn check_object(&mut self, record: &Record) -> Result<(), InputProblem> {
        if !self.unseen.is_empty() {
            self.unseen.retain(|name| !record.fields.contains_key(name));
        }
        if self.first.is_some() {
            return Ok(());
        }
        let found: Vec<&str> = record.fields.keys().map(String::as_str).collect();
        let checked = self.columns.check_required(&found, &record.location);
        self.first = Some(record.fields.keys().cloned().collect());
        checked
    }

    /// JSON objects may leave out a column here and there, so only the end of the file shows that one is never there.
    fn check_end(&mut self) -> Result<(), InputProblem> {
        let unseen = std::mem::take(&mut self.unseen);
        let Some(first) = self.first.as_ref().filter(|_| !unseen.is_empty()) else {
            return Ok(());
        };
        let found: Vec<&str> = first
            .iter()
            .map(String::as_str)
            .chain(
                self.columns
                    .renamed
                    .values()
                    .filter(|name| !unseen.contains(*name) && !first.contains(*name))
                    .map(String::as_str),
            )
            .collect();
        self.columns
            .check_renamed(&found, &Location::file(self.records.file()))
    }
}

impl Iterator for Rows {
    type Item = Result<Record, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        let record = match self.records.next() {
            None => {
                let problem = self.check_end().err()?;
                return Some(Err(Failure::File(problem.into())));
            }
            Some(Err(failure)) => return Some(Err(failure)),
            Some(Ok(record)) => record,
        };
        if self.records.header().is_none()
            && let Err(problem) = self.check_object(&record)
        {
            return Some(Err(problem.into()));
        }
        Some(Ok(record))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(known: &'static [Column], renamed: &[(&str, &str)]) -> Columns {
        let renamed = renamed
            .iter()
            .map(|(ours, theirs)| (ours.to_string(), theirs.to_string()))
            .collect();
        Columns::new(known, &renamed).expect("known fields")
    }

    #[test]
    fn a_missing_column_is_met_with_the_nearest_name() {
        type Renamed = &'static [(&'static str, &'static str)];
        let rows: [(&str, Renamed, &[&str], &str); 7] = [
            (
                "a typing slip",
                &[],
                &["id", "txt", "label"],
                "F:1: no column \"text\"; found: id, txt, label; did you mean \"txt\"? then add --text-column txt",
            ),
            (
                "capitals",
                &[],
                &["Text", "label"],
                "F:1: no column \"text\"; found: Text, label; did you mean \"Text\"? then add --text-column Text",
            ),
            (
                "a usual name for it",
                &[],
                &["text", "stance", "table"],
                "F:1: no column \"label\"; found: text, stance, table; did you mean \"stance\"? then add --label-column stance",
            ),
            (
                "part of a longer name, with a space",
                &[],
                &["Article text", "label"],
                "F:1: no column \"text\"; found: Article text, label; did you mean \"Article text\"? then add --text-column 'Article text'",
            ),
            (
                "nothing near, and what is another field is not proposed",
                &[],
                &["label", "to", "q1"],
                "F:1: no column \"text\"; found: label, to, q1; say which column holds it: --text-column COLUMN",
            ),
            (
                "a renamed required column",
                &[("text", "body")],
                &["bodies", "text", "label"],
                "F:1: no column \"body\" (asked for by --text-column body); found: bodies, text, label; did you mean \"bodies\"? then add --text-column bodies",
            ),
            (
                "a renamed optional column",
                &[("weight", "w 1")],
                &["text", "label"],
                "F:1: no column \"w 1\" (asked for by --weight-column 'w 1'); found: text, label; say which column holds it: --weight-column COLUMN",
            ),
        ];
        let location = Location::line("F", 1);
        for (name, renamed, found, message) in rows {
            let columns = columns(&LABELLED_COLUMNS, renamed);
            let problem = columns
                .check_required(found, &location)
                .and_then(|()| columns.check_renamed(found, &location))
                .expect_err(name);
            assert_eq!(problem.to_string(), message, "{name}");
        }
    }

    #[test]
    fn sentence_and_polarity_stand_in_for_text_and_label() {
        let columns = columns(&LABELLED_COLUMNS, &[]);
        let location = Location::line("F", 1);
        assert_eq!(
            columns.check_required(&["polarity", "sentence"], &location),
            Ok(())
        );
    }

    #[test]
    fn a_renaming_of_no_field_is_refused_and_one_of_the_other_reader_is_left_out() {
        let renamed = BTreeMap::from([("txt".to_string(), "body".to_string())]);
        let error = Columns::new(&ARTICLE_COLUMNS, &renamed).expect_err("no such field");
        assert_eq!(
            error.to_string(),
            "no field \"txt\" to take from a column; fields are: annotator, article, camp, date, from, genre, group, id, label, outlet, score, speaker, story, subject, text, title, to, weight, word"
        );
        let columns = columns(&ARTICLE_COLUMNS, &[("label", "stance")]);
        assert_eq!(
            columns.check_renamed(&["text"], &Location::line("F", 1)),
            Ok(())
        );
    }
}

//! Records of JSONL, CSV and TSV files, one at a time.
//!
//! In: an open input. Out: [`Record`]s, each a map of column to value with the line it starts on. Only
//! one record is in memory. CSV cells are strings, and an empty cell is a column the row does not have.
//!
//! CSV is RFC 4180, and the delimiter is the commonest of `,` `;` and tab in the header. We cut it ourselves,
//! because the csv crate neither counts lines exactly around blank lines and CRLF nor notices a
//! quote that is never closed, and its leniency would quietly swallow quotation marks that belong to the text.

use std::collections::{BTreeMap, BTreeSet};

use memchr::memchr;
use serde_json::Value;

use super::encoding::Assumption;
use super::foreign::{ARRAY_TO_LINES, annotation_export};
use super::input::{Input, Progress, utf8};
use super::source::{Format, Source};
use crate::error::{Error, InputProblem, Result};
use crate::span::Location;

/// One row of a table or one JSON object.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Record {
    /// The line on which the record starts.
    pub(crate) location: Location,
    /// Column name -> value.
    pub(crate) fields: BTreeMap<String, Value>,
}

impl Record {
    /// Bytes of its strings.
    pub(crate) fn len(&self) -> usize {
        let lengths = self.fields.values().map(|value| match value {
            Value::String(text) => text.len(),
            _ => 0,
        });
        lengths.sum()
    }

    /// A problem of this record.
    pub(crate) fn problem(&self, problem: impl Into<String>) -> InputProblem {
        InputProblem {
            location: self.location.clone(),
            problem: problem.into(),
        }
    }
}

/// What can go wrong on the way to a record.
#[derive(Debug)]
pub(crate) enum Failure {
    /// This record is bad; the next one may be fine.
    Record(InputProblem),
    /// The rest of the file cannot be read.
    File(Error),
}

impl From<InputProblem> for Failure {
    fn from(problem: InputProblem) -> Self {
        Failure::Record(problem)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::File(error)
    }
}

/// Reads the records of one file. Ends after [`Failure::File`].
pub(crate) struct RecordReader {
    input: Input,
    layout: Layout,
    line: Vec<u8>,
    /// Whether any record, good or bad, has been seen.
    any: bool,
    done: bool,
}

enum Layout {
    JsonLines,
    Delimited { header: Header, cells: Cells },
}

/// The first record of a delimited file.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    pub(crate) location: Location,
    /// Names without surrounding white space; a column without a name (R's row names) is `""` and not read.
    pub(crate) names: Vec<String>,
}

impl RecordReader {
    /// Opens `source` and reads the header, where the format has one.
    pub(crate) fn open(source: &Source, progress: &Progress) -> Result<RecordReader> {
        let mut input = Input::open(source, progress)?;
        let layout = match source.format {
            Format::Csv => open_delimited(&mut input, None)?,
            Format::Tsv => open_delimited(&mut input, Some(b'\t'))?,
            Format::Jsonl => Layout::JsonLines,
            Format::Txt | Format::Html => unreachable!("one article, not a table"),
            #[cfg(feature = "arrow")]
            Format::Parquet | Format::Arrow => unreachable!("not lines; read by `columnar`"),
        };
        Ok(RecordReader {
            input,
            layout,
            line: Vec::new(),
            any: false,
            done: false,
        })
    }

    /// The header of CSV and TSV; `None` for JSONL.
    pub(crate) fn header(&self) -> Option<&Header> {
        match &self.layout {
            Layout::JsonLines => None,
            Layout::Delimited { header, .. } => Some(header),
        }
    }

    /// The file as the user named it.
    pub(crate) fn file(&self) -> &str {
        self.input.name()
    }

    /// What was assumed about the file's encoding.
    pub(crate) fn assumption(&self) -> Option<Assumption> {
        self.input.assumption()
    }

    /// The next line of a JSONL file that is not blank, as it stands; `None` at the end and for other formats.
    /// Only for files of which a record was read before.
    pub(crate) fn next_json_line(&mut self) -> Option<Result<JsonLine, Failure>> {
        if self.done || !matches!(self.layout, Layout::JsonLines) {
            return None;
        }
        loop {
            let mut bytes = Vec::new();
            match self.input.next_line(&mut bytes) {
                Ok(true) if is_blank_line(&bytes) => {}
                Ok(true) => {
                    let line = self.input.line();
                    return Some(Ok(JsonLine { bytes, line }));
                }
                Ok(false) => {
                    self.done = true;
                    return None;
                }
                Err(error) => {
                    self.done = true;
                    return Some(Err(error.into()));
                }
            }
        }
    }

    fn read_record(&mut self) -> Result<Option<Record>, Failure> {
        match &mut self.layout {
            Layout::JsonLines => read_json(&mut self.input, &mut self.line),
            Layout::Delimited { header, cells } => {
                read_row(&mut self.input, &mut self.line, header, cells)
            }
        }
    }

    fn no_records(&self) -> Error {
        let why = match (&self.layout, self.input.line()) {
            (Layout::Delimited { .. }, _) => "only a header",
            (Layout::JsonLines, 0) => "the file is empty",
            (Layout::JsonLines, _) => "only blank lines",
        };
        no_records(self.input.name(), why)
    }
}

fn no_records(file: &str, why: &str) -> Error {
    Error::input(Location::file(file), format!("no records; {why}"))
}

impl Iterator for RecordReader {
    type Item = Result<Record, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        match self.read_record() {
            Ok(Some(record)) => {
                self.any = true;
                Some(Ok(record))
            }
            Ok(None) => {
                self.done = true;
                (!self.any).then(|| Err(Failure::File(self.no_records())))
            }
            Err(failure) => {
                self.any = true;
                self.done = matches!(failure, Failure::File(_));
                Some(Err(failure))
            }
        }
    }
}

fn read_json(input: &mut Input, line: &mut Vec<u8>) -> Result<Option<Record>, Failure> {
    while input.next_line(line)? {
        let text = input.utf8(line, input.line())?;
        if !is_blank(text) {
            let location = Location::line(input.name(), input.line());
            return Ok(Some(parse_json(text, location)?));
        }
    }
    Ok(None)
}

fn is_blank(line: &str) -> bool {
    line.trim_end().is_empty()
}

/// Whether a line that was not decoded yet is blank.
fn is_blank_line(line: &[u8]) -> bool {
    // Only a line that begins with white space, perhaps a wide one, has to be looked at whole.
    line.first()
        .is_none_or(|&byte| byte.is_ascii_whitespace() || byte == 0x0B || !byte.is_ascii())
        && std::str::from_utf8(line).is_ok_and(is_blank)
}

/// One line of a JSONL file, not yet decoded or parsed.
#[derive(Debug)]
pub(crate) struct JsonLine {
    bytes: Vec<u8>,
    /// Its number, from 1.
    line: u64,
}

impl JsonLine {
    /// Length in bytes.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The record on this line of the file `name`. It is not the first line.
    pub(crate) fn parse(&self, name: &str) -> Result<Record, InputProblem> {
        let text = utf8(name, &self.bytes, self.line, false)?;
        parse_json(text, Location::line(name, self.line))
    }
}

fn parse_json(text: &str, location: Location) -> Result<Record, InputProblem> {
    let text = text.trim_end();
    let problem = |problem: String| InputProblem {
        location: location.clone(),
        problem,
    };
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(fields)) => Ok(Record {
            fields: fields.into_iter().collect(),
            location,
        }),
        Ok(other) => Err(problem(format!(
            "{}, but every line must be a JSON object like {{\"text\": \"...\"}}{}",
            describe(&other),
            match &other {
                Value::Array(records) => of_array(records),
                _ => String::new(),
            }
        ))),
        Err(error) => {
            let said = error.to_string();
            let said = said.split(" at line ").next().unwrap_or(&said);
            let remedy = match (error.is_eof(), text.starts_with('[')) {
                (true, true) => {
                    format!("; an array over several lines? Make lines of it: {ARRAY_TO_LINES}")
                }
                (true, false) => "; a JSON object must stand on one line: jq -c . FILE".to_string(),
                (false, _) => String::new(),
            };
            Err(problem(format!(
                "broken JSON at column {}: {said}{remedy}",
                error.column()
            )))
        }
    }
}

/// What to do with a file that is an array.
fn of_array(records: &[Value]) -> String {
    let columns: Vec<&str> = match records.first() {
        Some(Value::Object(fields)) => fields.keys().map(String::as_str).collect(),
        _ => Vec::new(),
    };
    match annotation_export(&columns) {
        Some(remedy) => format!("; {remedy}"),
        None => format!("; to make lines of an array: {ARRAY_TO_LINES}"),
    }
}

/// A value's kind in the words of an error message: `a number (5)`.
pub(crate) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(value) => format!("a truth value ({value})"),
        Value::Number(number) => format!("a number ({number})"),
        Value::String(_) => "a string".into(),
        Value::Array(_) => "a JSON array".into(),
        Value::Object(_) => "a JSON object".into(),
    }
}

fn open_delimited(input: &mut Input, delimiter: Option<u8>) -> Result<Layout> {
    let mut line = Vec::new();
    loop {
        if !input.next_line(&mut line)? {
            let why = match input.line() {
                0 => "the file is empty",
                _ => "only blank lines",
            };
            return Err(no_records(input.name(), why));
        }
        if !line.trim_ascii().is_empty() {
            break;
        }
    }
    let location = Location::line(input.name(), input.line());
    let mut cells = Cells::new(delimiter.unwrap_or_else(|| sniff_delimiter(&line)));
    loop {
        if cells.feed(input.utf8(&line, input.line())?) {
            break;
        }
        if !input.next_line(&mut line)? {
            return Err(InputProblem {
                location,
                problem: format!(
                    "a quote is opened in field {} of the header and never closed; close it",
                    cells.done.len() + 1
                ),
            }
            .into());
        }
    }
    let names: Vec<String> = cells
        .done
        .iter()
        .map(|name| name.trim().to_string())
        .collect();
    let mut seen = BTreeSet::new();
    for name in names.iter().filter(|name| !name.is_empty()) {
        if !seen.insert(name) {
            return Err(Error::input(
                location,
                format!("column \"{name}\" stands twice in the header; rename one"),
            ));
        }
    }
    Ok(Layout::Delimited {
        header: Header { location, names },
        cells,
    })
}

/// The commonest of comma, semicolon and tab outside quotes; the comma where none or several are.
fn sniff_delimiter(header: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    for &byte in header {
        if byte == b'"' {
            quoted = !quoted;
        }
        for (delimiter, count) in &mut counts {
            *count += usize::from(byte == *delimiter && !quoted);
        }
    }
    let most = counts.iter().map(|&(_, count)| count).max();
    counts
        .iter()
        .find(|&&(_, count)| Some(count) == most)
        .map_or(b',', |&(delimiter, _)| delimiter)
}

fn read_row(
    input: &mut Input,
    line: &mut Vec<u8>,
    header: &Header,
    cells: &mut Cells,
) -> Result<Option<Record>, Failure> {
    loop {
        cells.clear();
        if !input.next_line(line)? {
            return Ok(None);
        }
        let first_line = input.line();
        let location = Location::line(input.name(), first_line);
        let mut not_utf8 = None;
        loop {
            let complete = match input.utf8(line, input.line()) {
                Ok(text) => cells.feed(text),
                // The record is lost, but where it ends still has to be found.
                Err(problem) => {
                    not_utf8.get_or_insert(problem);
                    cells.feed(&String::from_utf8_lossy(line))
                }
            };
            if complete {
                break;
            }
            let too_long = cells.len() > LONGEST_RECORD;
            if too_long || !input.next_line(line)? {
                let problem = InputProblem {
                    problem: never_closed(header, cells.done.len(), input.line() - first_line),
                    location,
                };
                return Err(match too_long {
                    true => Failure::File(problem.into()),
                    false => Failure::Record(problem),
                });
            }
        }
        if let Some(problem) = not_utf8 {
            return Err(problem.into());
        }
        if cells.done.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let record = Record {
            location,
            fields: BTreeMap::new(),
        };
        return fill(record, header, cells).map(Some);
    }
}

/// A record beyond this many bytes is a quote that was never closed; the rest of a huge file is not collected.
const LONGEST_RECORD: usize = 256 << 20;

fn never_closed(header: &Header, field: usize, n_lines: u64) -> String {
    let name = header.names.get(field).map_or("", String::as_str);
    let swallowed = match n_lines {
        0 => "so that the record does not end".into(),
        1 => "so that the rest of the file (1 line) was swallowed".into(),
        n => format!("so that the rest of the file ({n} lines) was swallowed"),
    };
    format!(
        "a quote is opened in field {} \"{name}\" of the record that begins here and never closed, {swallowed}; close it, or write \"\" for a quote inside a quoted field",
        field + 1
    )
}

fn fill(mut record: Record, header: &Header, cells: &mut Cells) -> Result<Record, Failure> {
    if let Some(field) = cells.misquoted {
        let name = header.names.get(field).map_or("", String::as_str);
        return Err(record
            .problem(format!(
                "field {} \"{name}\" begins with a quote but goes on after the closing one; write \"\" for a quote inside a quoted field",
                field + 1
            ))
            .into());
    }
    let (found, wanted) = (cells.done.len(), header.names.len());
    if found != wanted {
        let delimiter = match cells.delimiter {
            b'\t' => "a tab".to_string(),
            other => format!("\"{}\"", char::from(other)),
        };
        let remedy = if found > wanted {
            format!("put a field that holds {delimiter} between double quotes")
        } else {
            format!("a row needs {delimiter} for its empty fields too")
        };
        let fields = if found == 1 { "field" } else { "fields" };
        return Err(record
            .problem(format!(
                "found {found} {fields}, the header has {wanted}; {remedy}"
            ))
            .into());
    }
    record.fields = header
        .names
        .iter()
        .zip(&mut cells.done)
        .filter(|(name, cell)| !name.is_empty() && !cell.is_empty())
        .map(|(name, cell)| (name.clone(), Value::String(std::mem::take(cell))))
        .collect();
    Ok(record)
}

/// The cells of one delimited record, fed line by line until its quotes are closed.
struct Cells {
    delimiter: u8,
    done: Vec<String>,
    cell: String,
    state: CellState,
    /// The first field in which something follows the closing quote.
    misquoted: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum CellState {
    Start,
    Bare,
    Quoted,
    /// After a quote inside a quoted cell: the end of the cell, or the first half of `""`.
    Closed,
}

impl Cells {
    fn new(delimiter: u8) -> Self {
        Cells {
            delimiter,
            done: Vec::new(),
            cell: String::new(),
            state: CellState::Start,
            misquoted: None,
        }
    }

    fn clear(&mut self) {
        self.done.clear();
        self.cell.clear();
        self.state = CellState::Start;
        self.misquoted = None;
    }

    fn len(&self) -> usize {
        self.cell.len() + self.done.iter().map(String::len).sum::<usize>()
    }

    fn end_cell(&mut self) {
        self.done.push(std::mem::take(&mut self.cell));
        self.state = CellState::Start;
    }

    /// Takes one line with its line end; true when the record is complete.
    fn feed(&mut self, line: &str) -> bool {
        let body = line.strip_suffix('\n').unwrap_or(line);
        let body = body.strip_suffix('\r').unwrap_or(body);
        let mut at = 0;
        loop {
            match self.state {
                CellState::Start if body[at..].starts_with('"') => {
                    at += 1;
                    self.state = CellState::Quoted;
                }
                CellState::Start => self.state = CellState::Bare,
                CellState::Bare => match memchr(self.delimiter, &body.as_bytes()[at..]) {
                    Some(n) => {
                        self.cell.push_str(&body[at..at + n]);
                        self.end_cell();
                        at += n + 1;
                    }
                    None => {
                        self.cell.push_str(&body[at..]);
                        self.end_cell();
                        return true;
                    }
                },
                CellState::Quoted => match memchr(b'"', &line.as_bytes()[at..]) {
                    Some(n) => {
                        self.cell.push_str(&line[at..at + n]);
                        at += n + 1;
                        self.state = CellState::Closed;
                    }
                    None => {
                        self.cell.push_str(&line[at..]);
                        return false;
                    }
                },
                CellState::Closed => match body.as_bytes().get(at) {
                    None => {
                        self.end_cell();
                        return true;
                    }
                    Some(b'"') => {
                        self.cell.push('"');
                        at += 1;
                        self.state = CellState::Quoted;
                    }
                    Some(&byte) if byte == self.delimiter => {
                        self.end_cell();
                        at += 1;
                    }
                    Some(_) => {
                        self.misquoted.get_or_insert(self.done.len());
                        self.state = CellState::Bare;
                    }
                },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;

    use super::*;

    /// Opens `bytes` as a file named `FILE`.
    fn open(format: Format, bytes: &[u8]) -> Result<RecordReader> {
        let mut file = tempfile::NamedTempFile::new().expect("a file for the test");
        file.write_all(bytes).expect("written");
        let source = Source {
            path: Some(file.path().to_path_buf()),
            name: "FILE".into(),
            format,
            id: "FILE".into(),
            folder: None,
        };
        RecordReader::open(&source, &Progress::default())
    }

    /// Each record as `line{json}`, each failure as its message.
    fn read(format: Format, bytes: &[u8]) -> Vec<String> {
        let records = match open(format, bytes) {
            Ok(records) => records,
            Err(error) => return vec![error.to_string()],
        };
        records
            .map(|record| match record {
                Ok(record) => format!(
                    "{}{}",
                    record.location.line.expect("a record has a line"),
                    serde_json::to_string(&record.fields).expect("a map of values")
                ),
                Err(Failure::Record(problem)) => problem.to_string(),
                Err(Failure::File(error)) => format!("file: {error}"),
            })
            .collect()
    }

    #[test]
    fn records_come_with_the_line_they_start_on() {
        let marked = [b"\xEF\xBB\xBF".as_slice(), b"a,b\r\n1,2\r\n\r\n3,4"].concat();
        let rows: [(&str, Format, &[u8], &[&str]); 12] = [
            (
                "objects and blank lines",
                Format::Jsonl,
                b"\n{\"a\": 1}\r\n  \r\n{\"a\": \"x\", \"b\": null}",
                &["2{\"a\":1}", "4{\"a\":\"x\",\"b\":null}"],
            ),
            (
                "byte order mark and CRLF in CSV",
                Format::Csv,
                &marked,
                &["2{\"a\":\"1\",\"b\":\"2\"}", "4{\"a\":\"3\",\"b\":\"4\"}"],
            ),
            (
                "byte order mark in JSONL",
                Format::Jsonl,
                b"\xEF\xBB\xBF{\"a\": 1}\n",
                &["1{\"a\":1}"],
            ),
            (
                "newlines inside quotes",
                Format::Csv,
                b"a,b\n\"1\n\n1\",2\n3,4\n",
                &[
                    "2{\"a\":\"1\\n\\n1\",\"b\":\"2\"}",
                    "5{\"a\":\"3\",\"b\":\"4\"}",
                ],
            ),
            (
                "CRLF inside quotes stays",
                Format::Csv,
                b"a,b\r\n\"1\r\n1\",2\r\n3,\"4\"\r\n",
                &[
                    "2{\"a\":\"1\\r\\n1\",\"b\":\"2\"}",
                    "4{\"a\":\"3\",\"b\":\"4\"}",
                ],
            ),
            (
                "an empty cell is absent and white space is kept",
                Format::Csv,
                b"a,b,c\n,\"\", x \n",
                &["2{\"c\":\" x \"}"],
            ),
            (
                "doubled and bare quotes",
                Format::Csv,
                b"a,b\n\"say \"\"no\"\"\",a 5\" pipe\n",
                &["2{\"a\":\"say \\\"no\\\"\",\"b\":\"a 5\\\" pipe\"}"],
            ),
            (
                "semicolons, with a comma in a quoted name",
                Format::Csv,
                b"a;\"b,c,d\"\n1;2\n",
                &["2{\"a\":\"1\",\"b,c,d\":\"2\"}"],
            ),
            (
                "tabs in a file called csv",
                Format::Csv,
                b"a\tb\n1,5\t2\n",
                &["2{\"a\":\"1,5\",\"b\":\"2\"}"],
            ),
            (
                "tsv keeps commas",
                Format::Tsv,
                b"a,b,c\tb\n1,5\t2\n",
                &["2{\"a,b,c\":\"1,5\",\"b\":\"2\"}"],
            ),
            (
                "rows of empty cells are blank lines, columns without a name are not read",
                Format::Csv,
                b"\n,a, b \n,,\n7,1,2\n",
                &["4{\"a\":\"1\",\"b\":\"2\"}"],
            ),
            (
                "one column",
                Format::Csv,
                b"a\nx y\n",
                &["2{\"a\":\"x y\"}"],
            ),
        ];
        for (name, format, bytes, expected) in rows {
            assert_eq!(read(format, bytes), expected, "{name}");
        }
    }

    #[test]
    fn bad_records_name_the_line_and_reading_can_go_on() {
        let rows: [(&str, Format, &[u8], &[&str]); 13] = [
            (
                "empty JSONL",
                Format::Jsonl,
                b"",
                &["file: FILE: no records; the file is empty"],
            ),
            (
                "blank JSONL",
                Format::Jsonl,
                b"\n \n",
                &["file: FILE: no records; only blank lines"],
            ),
            (
                "empty CSV",
                Format::Csv,
                b"",
                &["FILE: no records; the file is empty"],
            ),
            (
                "blank CSV",
                Format::Csv,
                b"\n\n",
                &["FILE: no records; only blank lines"],
            ),
            (
                "only a header",
                Format::Csv,
                b"a,b\n\n",
                &["file: FILE: no records; only a header"],
            ),
            (
                "broken JSON",
                Format::Jsonl,
                b"{\"a\": 1}\n{\"a\": 1 \"b\": 2}\n{\"a\": 3\n[1]\n5\n{\"a\": 6}\n",
                &[
                    "1{\"a\":1}",
                    "FILE:2: broken JSON at column 9: expected `,` or `}`",
                    "FILE:3: broken JSON at column 7: EOF while parsing an object; a JSON object must stand on one line: jq -c . FILE",
                    "FILE:4: a JSON array, but every line must be a JSON object like {\"text\": \"...\"}; to make lines of an array: jq -c '.[]' FILE > FILE.jsonl",
                    "FILE:5: a number (5), but every line must be a JSON object like {\"text\": \"...\"}",
                    "6{\"a\":6}",
                ],
            ),
            (
                "bad bytes in JSONL",
                Format::Jsonl,
                b"{\"a\": \"\xE9\"}\n{\"a\": 2}\n",
                &[
                    "FILE:1: byte 0xE9 at byte offset 7 of this line is not UTF-8; convert the file: iconv -f WINDOWS-1252 -t UTF-8",
                    "2{\"a\":2}",
                ],
            ),
            (
                "bad bytes in a quoted cell over several lines",
                Format::Csv,
                b"a,b\n\"x\ny\xE9\",2\n3,4\n",
                &[
                    "FILE:3: byte 0xE9 at byte offset 1 of this line is not UTF-8; convert the file: iconv -f WINDOWS-1252 -t UTF-8",
                    "4{\"a\":\"3\",\"b\":\"4\"}",
                ],
            ),
            (
                "too few and too many fields",
                Format::Csv,
                b"a,b,c\n1,2\n1\n1,2,3,4\n1,2,3\n",
                &[
                    "FILE:2: found 2 fields, the header has 3; a row needs \",\" for its empty fields too",
                    "FILE:3: found 1 field, the header has 3; a row needs \",\" for its empty fields too",
                    "FILE:4: found 4 fields, the header has 3; put a field that holds \",\" between double quotes",
                    "5{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"}",
                ],
            ),
            (
                "a quote that is never closed",
                Format::Csv,
                b"a,b\n1,2\n3,\"4\n5,6\n7,8\n",
                &[
                    "2{\"a\":\"1\",\"b\":\"2\"}",
                    "FILE:3: a quote is opened in field 2 \"b\" of the record that begins here and never closed, so that the rest of the file (2 lines) was swallowed; close it, or write \"\" for a quote inside a quoted field",
                ],
            ),
            (
                "text after the closing quote",
                Format::Tsv,
                b"a\tb\n\"No,\" she said.\t2\n3\t4\n",
                &[
                    "FILE:2: field 1 \"a\" begins with a quote but goes on after the closing one; write \"\" for a quote inside a quoted field",
                    "3{\"a\":\"3\",\"b\":\"4\"}",
                ],
            ),
            (
                "a name twice in the header",
                Format::Csv,
                b"a,b,a\n1,2,3\n",
                &["FILE:1: column \"a\" stands twice in the header; rename one"],
            ),
            (
                "a quote never closed in the header",
                Format::Csv,
                b"a,\"b\n1,2\n",
                &["FILE:1: a quote is opened in field 2 of the header and never closed; close it"],
            ),
        ];
        for (name, format, bytes, expected) in rows {
            assert_eq!(read(format, bytes), expected, "{name}");
        }
    }

    proptest! {
        /// The csv crate, as a writer, is the independent witness of what RFC 4180 means.
        #[test]
        fn what_the_csv_crate_writes_is_read_back(
            rows in proptest::collection::vec(
                proptest::collection::vec("[a\",;\t \r\né]{0,6}", 3), 1..6),
        ) {
            let mut writer = csv::WriterBuilder::new()
                .quote_style(csv::QuoteStyle::Always)
                .from_writer(Vec::new());
            writer.write_record(["x", "y", "z"]).expect("written");
            for row in &rows {
                writer.write_record(row).expect("written");
            }
            let bytes = writer.into_inner().expect("written");
            let kept: Vec<&Vec<String>> = rows
                .iter()
                .filter(|row| row.iter().any(|cell| !cell.trim().is_empty()))
                .collect();
            if !kept.is_empty() {
                let read: Vec<Record> = open(Format::Csv, &bytes)
                    .expect("a good header")
                    .map(|record| record.expect("a good record"))
                    .collect();
                prop_assert_eq!(read.len(), kept.len());
                for (record, row) in read.iter().zip(kept) {
                    for (name, cell) in ["x", "y", "z"].iter().zip(row) {
                        let value = record.fields.get(*name).and_then(Value::as_str);
                        prop_assert_eq!(value.unwrap_or(""), cell);
                    }
                }
            }
        }
    }
}

//! Records of Parquet and Arrow IPC files, one batch of rows at a time.
//!
//! In: a file whose columns are strings, numbers, truth values, dates, times, or lists, structures and dictionaries of them. Out: [`Record`]s
//! as from other tables: strings as they stand, numbers as JSON numbers, dates and times as ISO 8601 text, and no value where the file has
//! null or NaN. A record's line is its row, from 1. What is not of these types is refused by name before any row is read.
//!
//! `file` opens and decodes, `apart` keeps the decoding on a thread of its own, `value` makes JSON of cells. Rows are decoded while those
//! before them are used: two batches are in memory.
//!
//! The tables' index is at their end, so standard input and packed files are first unpacked into a temporary file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use arrow_array::RecordBatch;
use arrow_schema::Schema;

use super::input::{Input, Progress};
use super::source::{Format, Source};
use super::table::{Failure, Header, Record};
use crate::error::{Error, Result};
use crate::span::Location;

mod apart;
mod file;
mod value;

pub use apart::report_panic;
use apart::{Apart, Give, Stopped};
use file::{Share, Table};
use value::{Cells, READ, is_read};

/// Reads the records of one file. Ends after [`Failure::File`].
pub(crate) struct ColumnarReader {
    header: Header,
    format: Format,
    decoder: Apart<Decoded>,
    /// The rows at hand, column by column.
    columns: Vec<Cells>,
    n_rows: usize,
    /// The next of them.
    row: usize,
    /// Rows of the file that were read.
    total: u64,
    done: bool,
    progress: Progress,
    /// Bytes of the file that count as read, and all of them.
    bytes: (u64, u64),
}

/// What the decoder gives: first the names of the columns, then rows.
enum Decoded {
    /// `""` for those that are not read.
    Names(Vec<String>),
    /// Rows, and how much of the file is read with them.
    Rows(RecordBatch, Share),
}

/// Decodes a file of `length` bytes; errors are problems of the file in words for the user.
fn decode(file: File, length: u64, format: Format, give: Give<'_, Decoded>) -> Result<(), String> {
    let not_whole = |said| {
        format!(
            "damaged, or not {} ({said}); write it again",
            name_of(format)
        )
    };
    let table = open(file, length, format).map_err(not_whole)?;
    if let Some((column, packing)) = table.unread_packing() {
        return Err(format!(
            "column \"{column}\" is packed with {packing}; read are snappy, gzip, zstd and lz4; write it again with one of them"
        ));
    }
    give(Decoded::Names(column_names(table.schema())?))?;
    let mut rows = table.rows().map_err(not_whole)?;
    let mut n_read = 0;
    while let Some(next) = rows.next() {
        let (batch, share) = next.map_err(|said| damaged_after(n_read, &said))?;
        n_read += batch.num_rows() as u64;
        give(Decoded::Rows(batch, share))?;
    }
    Ok(())
}

fn open(file: File, length: u64, format: Format) -> Result<Table, String> {
    match format {
        Format::Parquet => Table::parquet(file, length),
        _ => Table::arrow(file, length),
    }
}

fn damaged_after(n_read: u64, said: &str) -> String {
    format!("damaged after row {n_read} ({said}); write it again")
}

impl ColumnarReader {
    /// Opens `source` and checks its columns' types.
    ///
    /// Errors: no such file, damaged or of another format, a column of a type that is not read, two of one name.
    pub(crate) fn open(source: &Source, progress: &Progress) -> Result<ColumnarReader> {
        let Seekable {
            file,
            length,
            counted,
        } = seekable(source, progress)?;
        let format = source.format;
        let decoder = Apart::start(move |give| decode(file, length, format, give))
            .map_err(|error| Error::io(source.name.as_ref(), "read", error))?;
        let mut reader = ColumnarReader {
            header: Header {
                location: Location::file(&source.name),
                names: Vec::new(),
            },
            format,
            decoder,
            columns: Vec::new(),
            n_rows: 0,
            row: 0,
            total: 0,
            done: false,
            progress: progress.clone(),
            bytes: (counted, length),
        };
        if let Some(Decoded::Names(names)) = reader.next_decoded()? {
            reader.header.names = names;
        }
        Ok(reader)
    }

    /// The columns; the one without a name is not read.
    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    /// The file as the user named it.
    pub(crate) fn file(&self) -> &str {
        &self.header.location.file
    }

    fn next_decoded(&self) -> Result<Option<Decoded>> {
        self.decoder.next().map_err(|stopped| {
            let problem = match stopped {
                Stopped::Failed(problem) => problem,
                Stopped::Panicked(said) if self.header.names.is_empty() => {
                    format!(
                        "damaged, or not {} ({said}); write it again",
                        name_of(self.format)
                    )
                }
                Stopped::Panicked(said) => damaged_after(self.total, &said),
            };
            Error::input(Location::file(self.file()), problem)
        })
    }

    fn next_record(&mut self) -> Result<Option<Record>, Failure> {
        while self.row == self.n_rows {
            if !self.next_batch()? {
                self.count_read(self.bytes.1);
                return match self.total {
                    0 => Err(Failure::File(Error::input(
                        Location::file(self.file()),
                        "no records; the table has no rows",
                    ))),
                    _ => Ok(None),
                };
            }
        }
        let row = self.row;
        self.row += 1;
        self.total += 1;
        let mut record = Record {
            location: Location::line(self.file(), self.total),
            fields: BTreeMap::new(),
        };
        for (name, cells) in self.header.names.iter().zip(&self.columns) {
            if name.is_empty() {
                continue;
            }
            match cells.value(row) {
                Ok(serde_json::Value::Null) => {}
                Ok(value) => {
                    record.fields.insert(name.clone(), value);
                }
                Err(problem) => {
                    return Err(record
                        .problem(format!("column \"{name}\" holds {problem}"))
                        .into());
                }
            }
        }
        Ok(Some(record))
    }

    /// Takes the next rows; false at the end.
    fn next_batch(&mut self) -> Result<bool, Failure> {
        // What was used makes room first.
        self.columns = Vec::new();
        let Some(Decoded::Rows(batch, (read, of))) = self.next_decoded()? else {
            return Ok(false);
        };
        self.n_rows = batch.num_rows();
        self.row = 0;
        let arrays = batch.columns().iter();
        self.columns = arrays.map(|array| Cells::of(array.clone())).collect();
        let bytes = u128::from(self.bytes.1) * u128::from(read) / u128::from(of.max(1));
        self.count_read(bytes.try_into().unwrap_or(self.bytes.1));
        Ok(true)
    }

    /// Counts the file as read up to `bytes`.
    fn count_read(&mut self, bytes: u64) {
        let bytes = bytes.clamp(self.bytes.0, self.bytes.1);
        self.progress.add(bytes - self.bytes.0);
        self.bytes.0 = bytes;
    }
}

impl Iterator for ColumnarReader {
    type Item = Result<Record, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let record = self.next_record().transpose();
        self.done = matches!(record, None | Some(Err(Failure::File(_))));
        record
    }
}

/// The value under `key` in the metadata of the table at `path`; `None` where it has none, or is no such table.
pub(crate) fn table_metadata(path: &Path, key: &str) -> Option<String> {
    let mut file = File::open(path).ok()?;
    let format = match first_bytes(&mut file).ok()?.as_slice() {
        b"PAR1" => Format::Parquet,
        b"ARRO" => Format::Arrow,
        _ => return None,
    };
    let length = file.metadata().ok()?.len();
    let key = key.to_string();
    let found = Apart::start(move |give| give(open(file, length, format)?.metadata(&key)));
    found.ok()?.next().ok()??
}

fn name_of(format: Format) -> &'static str {
    match format {
        Format::Parquet => "Parquet",
        _ => "an Arrow IPC file (Feather version 2)",
    }
}

fn first_bytes(file: &mut File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(4);
    file.take(4).read_to_end(&mut bytes)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(bytes)
}

/// A file to be read in any order.
struct Seekable {
    file: File,
    /// Its bytes, and how many of them already count as read.
    length: u64,
    counted: u64,
}

/// The file of `source`, or an unpacked copy.
fn seekable(source: &Source, progress: &Progress) -> Result<Seekable> {
    if let Some(path) = &source.path {
        let failed = |error| Error::io(path, "read", error);
        let mut file = File::open(path).map_err(|error| Error::io(path, "open", error))?;
        let metadata = file.metadata().map_err(failed)?;
        if metadata.is_file() {
            let is_packed = matches!(
                first_bytes(&mut file).map_err(failed)?.as_slice(),
                [0x1F, 0x8B, ..] | [0x28, 0xB5, 0x2F, 0xFD]
            );
            if !is_packed {
                let length = metadata.len();
                return Ok(Seekable {
                    file,
                    length,
                    counted: 0,
                });
            }
        }
    }
    let mut input = Input::open(source, progress)?;
    let failed = |error| Error::io("temporary file".as_ref(), "write", error);
    let mut file = tempfile::tempfile().map_err(failed)?;
    input.copy_to(&mut file)?;
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    Ok(Seekable {
        file,
        length,
        counted: length,
    })
}

/// How pandas names the column of an index without a name, which is no column of the user's.
const PANDAS_INDEX: &str = "__index_level_";

/// The names of the columns; `""` for those that are not read.
fn column_names(schema: &Schema) -> Result<Vec<String>, String> {
    let mut seen = BTreeSet::new();
    let mut names = Vec::new();
    for field in schema.fields() {
        let name = field.name().trim();
        if name.is_empty() || name.starts_with(PANDAS_INDEX) {
            names.push(String::new());
            continue;
        }
        if !seen.insert(name) {
            return Err(format!("column \"{name}\" stands twice; rename one"));
        }
        if !is_read(field.data_type()) {
            return Err(format!(
                "column \"{name}\" is of type {}; read are {READ}; leave it out, or make text of it",
                shortened(field.data_type().to_string())
            ));
        }
        names.push(name.to_string());
    }
    Ok(names)
}

/// The beginning of a type's name, which may be long where structures stand in each other.
fn shortened(name: String) -> String {
    const MOST: usize = 60;
    match name.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}...", &name[..end]),
        None => name,
    }
}

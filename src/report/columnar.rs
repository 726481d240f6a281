//! Scores as Parquet and Arrow IPC files: the long table of `scores` with typed columns.
//!
//! Rows are written in groups of bounded size, so that memory does not grow with the table. What made the scores stands in the
//! file's metadata, under [`RUN_KEY`], as the JSON of a score file's first line. `types` finds the types of the input's own columns.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions};
use arrow_schema::{Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use super::scores::{Cell, Kind, Level, ScoreRows};
use crate::score::{ArticleScore, FirstLine, RUN_KEY};

mod builder;
mod types;

use builder::{Builder, data_type};
pub use types::InputTypes;
use types::Type;

/// Rows of a record batch of Arrow, and those handed to Parquet at a time, at most.
const BATCH_ROWS: usize = 4096;

/// Bytes of text at which such a batch is full.
const BATCH_BYTES: usize = 4 << 20;

/// Rows of a row group of Parquet at most; the group is held in memory, packed, until it is full.
const GROUP_ROWS: usize = 1 << 16;

/// Bytes at which a row group is full.
const GROUP_BYTES: usize = 32 << 20;

/// The formats of tables column by column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnarFormat {
    /// Parquet, packed with Zstandard.
    Parquet,
    /// Arrow IPC, also called Feather (version 2), packed with LZ4 as pandas does.
    Arrow,
}

/// Writes scores column by column, with the columns of [`super::ScoreTable`]: text as utf8, whole numbers as int64, numbers as float64,
/// truth values as bool, frames as a list of utf8. `date` and the input's further columns have the type that all their values share: one of
/// those, date32, or timestamp in microseconds (in UTC where the input's times have offsets); otherwise utf8. What CSV leaves empty is null,
/// but for a sentence without frames, whose list is empty.
pub struct ColumnarScores<W: Write + Send> {
    file: Writer<W>,
    schema: SchemaRef,
    rows: ScoreRows,
    columns: Vec<Builder>,
    n_rows: usize,
    n_bytes: usize,
}

enum Writer<W: Write + Send> {
    Parquet(Box<ArrowWriter<W>>),
    Arrow(Box<FileWriter<W>>),
}

impl<W: Write + Send> ColumnarScores<W> {
    /// Begins the table of scores that `first` tells the run of; `types` has seen all of them.
    pub fn new(
        out: W,
        format: ColumnarFormat,
        level: Level,
        first: &FirstLine,
        types: InputTypes,
    ) -> io::Result<ColumnarScores<W>> {
        let extra = types.extra().map(|(name, _)| name.clone()).collect();
        let rows = ScoreRows::new(level, &first.run.classes, extra);
        let columns = columns(&rows, &types);
        let fields: Vec<Field> = columns
            .iter()
            .map(|(name, of, nullable)| Field::new(name, data_type(*of), *nullable))
            .collect();
        let run = serde_json::to_string(first).expect("runs are plain data");
        let file = Writer::new(out, format, &fields, run).map_err(io::Error::other)?;
        Ok(ColumnarScores {
            file,
            schema: Arc::new(Schema::new(fields)),
            rows,
            columns: columns.iter().map(|&(_, of, _)| Builder::new(of)).collect(),
            n_rows: 0,
            n_bytes: 0,
        })
    }

    /// Lists only sentences whose likeliest class has this probability; they keep their numbers, and articles their figures.
    pub fn min_confidence(mut self, min_confidence: f64) -> Self {
        self.rows.min_confidence = min_confidence;
        self
    }

    /// Adds the rows of one score.
    pub fn add(&mut self, score: &ArticleScore) -> io::Result<()> {
        let ColumnarScores {
            file,
            schema,
            rows,
            columns,
            n_rows,
            n_bytes,
        } = self;
        rows.each(score, |cells| {
            push(columns, cells, n_bytes)?;
            *n_rows += 1;
            if *n_rows < BATCH_ROWS && *n_bytes < BATCH_BYTES {
                return Ok(());
            }
            (*n_rows, *n_bytes) = (0, 0);
            file.write(schema, columns)
        })
    }

    /// Writes what is left and gives the writer back.
    pub fn finish(mut self) -> io::Result<W> {
        if self.n_rows > 0 {
            self.file.write(&self.schema, &mut self.columns)?;
        }
        match self.file {
            Writer::Parquet(writer) => writer.into_inner().map_err(io::Error::other),
            Writer::Arrow(writer) => writer.into_inner().map_err(io::Error::other),
        }
    }
}

/// Name, type, and whether values may be absent.
fn columns(rows: &ScoreRows, types: &InputTypes) -> Vec<(String, Type, bool)> {
    let mut columns: Vec<(String, Type, bool)> = rows
        .columns()
        .into_iter()
        .map(|(name, kind)| {
            let nullable = matches!(kind, Kind::Text | Kind::Number);
            (name, Type::of_kind(kind), nullable)
        })
        .collect();
    let date = columns.iter().position(|(name, ..)| name == "date");
    columns[date.expect("a table has dates")].1 = types.date();
    let first_extra = columns.len() - types.extra().count();
    for (column, (_, of)) in columns[first_extra..].iter_mut().zip(types.extra()) {
        column.1 = of;
    }
    columns
}

/// Adds a row and the bytes of its text.
fn push(columns: &mut [Builder], cells: Vec<Cell<'_>>, n_bytes: &mut usize) -> io::Result<()> {
    // A batch ends at some megabytes, so that only a single row can have this many, more than the places in a column of text can tell.
    let bytes: usize = cells.iter().map(Cell::len).sum();
    *n_bytes += bytes;
    if i32::try_from(*n_bytes).is_err() {
        return Err(io::Error::other(format!("a row of {bytes} bytes")));
    }
    for (column, cell) in columns.iter_mut().zip(cells) {
        column.push(cell);
    }
    Ok(())
}

type Failed = Box<dyn std::error::Error + Send + Sync>;

impl<W: Write + Send> Writer<W> {
    fn new(out: W, format: ColumnarFormat, fields: &[Field], run: String) -> Result<Self, Failed> {
        let schema = Schema::new(fields.to_vec());
        match format {
            ColumnarFormat::Parquet => {
                let properties = WriterProperties::builder()
                    .set_compression(Compression::ZSTD(ZstdLevel::default()))
                    .set_max_row_group_row_count(Some(GROUP_ROWS))
                    .set_created_by(format!("standpoint {}", env!("CARGO_PKG_VERSION")))
                    .set_key_value_metadata(Some(vec![KeyValue::new(RUN_KEY.to_string(), run)]))
                    .build();
                let writer = ArrowWriter::try_new(out, Arc::new(schema), Some(properties))?;
                Ok(Writer::Parquet(Box::new(writer)))
            }
            ColumnarFormat::Arrow => {
                let schema = schema.with_metadata(HashMap::from([(RUN_KEY.to_string(), run)]));
                let options = IpcWriteOptions::default()
                    .try_with_compression(Some(CompressionType::LZ4_FRAME))?;
                let writer = FileWriter::try_new_with_options(out, &schema, options)?;
                Ok(Writer::Arrow(Box::new(writer)))
            }
        }
    }

    /// Writes and empties what the builders hold.
    fn write(&mut self, schema: &SchemaRef, columns: &mut [Builder]) -> io::Result<()> {
        let arrays = columns.iter_mut().map(Builder::finish).collect();
        let batch = RecordBatch::try_new(schema.clone(), arrays).map_err(io::Error::other)?;
        match self {
            Writer::Parquet(writer) => {
                writer.write(&batch).map_err(io::Error::other)?;
                if writer.in_progress_size() < GROUP_BYTES {
                    return Ok(());
                }
                writer.flush().map_err(io::Error::other)
            }
            Writer::Arrow(writer) => writer.write(&batch).map_err(io::Error::other),
        }
    }
}

//! Opens Parquet and Arrow IPC files and decodes them, some rows at a time.
//!
//! The libraries trust lengths that a file states of itself: what would make them panic or take memory without bound is looked at here first.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::reader::{FileDecoder, read_footer_length};
use arrow_ipc::{Block, convert::try_fb_to_schema, root_as_footer, root_as_message};
use arrow_schema::Schema;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::basic::Compression;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};

/// Rows of Parquet decoded at a time; Arrow files come in the batches they were written in.
const BATCH_ROWS: usize = 256;

/// A file that was opened.
pub(super) enum Table {
    Parquet(Box<ParquetTable>),
    Arrow(Box<ArrowTable>),
}

/// The words of an error of the formats' libraries.
pub(super) fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

impl Table {
    /// Opens a Parquet file of `length` bytes.
    pub(super) fn parquet(file: File, length: u64) -> Result<Table, String> {
        ParquetTable::open(file, length).map(|table| Table::Parquet(Box::new(table)))
    }

    /// Opens an Arrow IPC file of `length` bytes.
    pub(super) fn arrow(file: File, length: u64) -> Result<Table, String> {
        ArrowTable::open(file, length).map(|table| Table::Arrow(Box::new(table)))
    }

    /// Names and types of the columns.
    pub(super) fn schema(&self) -> &Schema {
        match self {
            Table::Parquet(table) => table.builder.schema(),
            Table::Arrow(table) => &table.schema,
        }
    }

    /// What the file says of itself under `key`.
    pub(super) fn metadata(&self, key: &str) -> Option<String> {
        match self {
            Table::Parquet(table) => {
                let file = table.builder.metadata().file_metadata();
                let mut entries = file.key_value_metadata()?.iter();
                entries.find(|entry| entry.key == key)?.value.clone()
            }
            Table::Arrow(table) => table.schema.metadata().get(key).cloned(),
        }
    }

    /// The first column that is packed in a way that is not read, and the way.
    pub(super) fn unread_packing(&self) -> Option<(String, String)> {
        match self {
            Table::Parquet(table) => unread_packing(table.builder.metadata()),
            Table::Arrow(_) => None,
        }
    }

    /// Gets ready to read the rows.
    pub(super) fn rows(self) -> Result<Rows, String> {
        match self {
            Table::Parquet(table) => table.rows(),
            Table::Arrow(table) => table.rows(),
        }
    }
}

/// How much of a file is read, of how much.
pub(super) type Share = (u64, u64);

/// The rows of a file in order.
pub(super) enum Rows {
    Parquet {
        reader: Box<ParquetRecordBatchReader>,
        n_read: u64,
        n_rows: u64,
    },
    Arrow {
        reader: Box<ArrowRows>,
        n_read: u64,
    },
}

impl Rows {
    /// The next of them, and how much of the file is read then; `None` at the end.
    pub(super) fn next(&mut self) -> Option<Result<(RecordBatch, Share), String>> {
        match self {
            Rows::Parquet {
                reader,
                n_read,
                n_rows,
            } => {
                let batch = reader.next()?.map_err(said);
                Some(batch.map(|batch| {
                    *n_read += batch.num_rows() as u64;
                    (batch, (*n_read, *n_rows))
                }))
            }
            Rows::Arrow { reader, n_read } => {
                let block = *reader.blocks.get(*n_read as usize)?;
                *n_read += 1;
                let share = (*n_read, reader.blocks.len() as u64);
                Some(reader.decode(&block).map(|batch| (batch, share)))
            }
        }
    }
}

pub(super) struct ParquetTable {
    builder: ParquetRecordBatchReaderBuilder<File>,
}

impl ParquetTable {
    fn open(mut file: File, length: u64) -> Result<ParquetTable, String> {
        check_schema_size(&mut file, length)?;
        file.seek(SeekFrom::Start(0)).map_err(said)?;
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(said)?;
        check_places(builder.metadata(), length)?;
        Ok(ParquetTable { builder })
    }

    fn rows(self) -> Result<Rows, String> {
        let n_rows = self.builder.metadata().file_metadata().num_rows();
        let reader = self.builder.with_batch_size(BATCH_ROWS).build();
        Ok(Rows::Parquet {
            reader: Box::new(reader.map_err(said)?),
            n_read: 0,
            n_rows: n_rows.try_into().unwrap_or(0),
        })
    }
}

/// Columns, structures counted, that a table may have: the library reads them by recursion, and a footer can state a million levels.
const MOST_COLUMNS: u64 = 20_000;

/// The last bytes of a Parquet file: the length of the footer and `PAR1`.
const PARQUET_TRAILER: u64 = 8;

/// That the footer begins as all do, with the version and a list of columns, and that the list is of a sane length.
fn check_schema_size(file: &mut File, length: u64) -> Result<(), String> {
    let place = length.checked_sub(PARQUET_TRAILER);
    let trailer = bytes_at(file, length, place, PARQUET_TRAILER)?;
    let Some((footer_length, b"PAR1")) = trailer.split_first_chunk() else {
        return Err("it does not end as one".into());
    };
    let footer_length = u64::from(u32::from_le_bytes(*footer_length));
    let start = length.checked_sub(PARQUET_TRAILER + footer_length);
    let head = bytes_at(file, length, start, footer_length.min(32))?;
    let columns = listed_columns(&head).ok_or("its footer begins otherwise")?;
    match columns <= MOST_COLUMNS {
        true => Ok(()),
        false => Err(format!(
            "{columns} columns; at most {MOST_COLUMNS} are read"
        )),
    }
}

/// The length of the list that is a footer's second field after a number, in Thrift's compact protocol.
fn listed_columns(head: &[u8]) -> Option<u64> {
    const FIRST_IS_A_NUMBER: u8 = 0x15;
    const NEXT_IS_A_LIST: u8 = 0x19;
    const LONG_LIST_OF_STRUCTURES: u8 = 0xFC;
    let mut bytes = head.iter().copied();
    let varint = |bytes: &mut dyn Iterator<Item = u8>| {
        let mut number = 0;
        for shift in (0..63).step_by(7) {
            let byte = bytes.next()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    };
    (bytes.next()? == FIRST_IS_A_NUMBER).then_some(())?;
    varint(&mut bytes)?;
    (bytes.next()? == NEXT_IS_A_LIST).then_some(())?;
    match bytes.next()? {
        LONG_LIST_OF_STRUCTURES => varint(&mut bytes),
        short => (short & 0x0F == 0x0C).then_some(u64::from(short >> 4)),
    }
}

fn column_chunks(metadata: &ParquetMetaData) -> impl Iterator<Item = &ColumnChunkMetaData> {
    let groups = metadata.row_groups().iter();
    groups.flat_map(|group| group.columns())
}

/// That every column chunk lies in the file.
fn check_places(metadata: &ParquetMetaData, length: u64) -> Result<(), String> {
    for group in metadata.row_groups() {
        if group.num_rows() < 0 {
            return Err(format!("a row group of {} rows", group.num_rows()));
        }
    }
    for column in column_chunks(metadata) {
        let starts = [
            Some(column.data_page_offset()),
            column.dictionary_page_offset(),
        ];
        let sizes = [column.compressed_size(), column.uncompressed_size()];
        let all_there = starts.iter().flatten().chain(&sizes).all(|&n| n >= 0)
            && column.num_values() >= 0
            && column
                .byte_range()
                .0
                .checked_add(column.byte_range().1)
                .is_some_and(|end| end <= length);
        if !all_there {
            return Err(format!(
                "column {} is said to lie beyond the end of the file",
                column.column_path()
            ));
        }
    }
    Ok(())
}

fn unread_packing(metadata: &ParquetMetaData) -> Option<(String, String)> {
    let found = column_chunks(metadata).find(|column| {
        matches!(
            column.compression(),
            Compression::BROTLI(_) | Compression::LZO
        )
    })?;
    let codec = found.compression().to_string();
    let name = codec.split('(').next().unwrap_or_default();
    Some((found.column_path().string(), name.to_string()))
}

pub(super) struct ArrowTable {
    file: File,
    length: u64,
    schema: Arc<Schema>,
    decoder: FileDecoder,
    dictionaries: Vec<Block>,
    batches: Vec<Block>,
}

/// The file's last bytes: the length of the footer and `ARROW1`.
const TRAILER: u64 = 10;

impl ArrowTable {
    fn open(mut file: File, length: u64) -> Result<ArrowTable, String> {
        let trailer = bytes_at(&mut file, length, length.checked_sub(TRAILER), TRAILER)?;
        let trailer = trailer.try_into().map_err(|_| "cut short")?;
        let footer_length = read_footer_length(trailer).map_err(said)? as u64;
        let place = (length - TRAILER).checked_sub(footer_length);
        let footer = bytes_at(&mut file, length, place, footer_length)?;
        let footer = root_as_footer(&footer).map_err(said)?;
        let schema = footer.schema().ok_or("the footer names no columns")?;
        if !schema.endianness().equals_to_target_endianness() {
            return Err("its numbers have the other order of bytes".into());
        }
        let schema = Arc::new(try_fb_to_schema(schema).map_err(said)?);
        let blocks = footer.recordBatches().ok_or("the footer names no rows")?;
        let dictionaries = footer.dictionaries().into_iter().flatten();
        Ok(ArrowTable {
            file,
            length,
            decoder: FileDecoder::new(schema.clone(), footer.version()),
            schema,
            dictionaries: dictionaries.copied().collect(),
            batches: blocks.iter().copied().collect(),
        })
    }

    fn rows(mut self) -> Result<Rows, String> {
        for block in &self.dictionaries {
            let bytes = block_bytes(&mut self.file, self.length, block)?;
            self.decoder.read_dictionary(block, &bytes).map_err(said)?;
        }
        Ok(Rows::Arrow {
            reader: Box::new(ArrowRows {
                file: self.file,
                length: self.length,
                decoder: self.decoder,
                blocks: self.batches,
            }),
            n_read: 0,
        })
    }
}

pub(super) struct ArrowRows {
    file: File,
    length: u64,
    decoder: FileDecoder,
    blocks: Vec<Block>,
}

impl ArrowRows {
    fn decode(&mut self, block: &Block) -> Result<RecordBatch, String> {
        let bytes = block_bytes(&mut self.file, self.length, block)?;
        let batch = self.decoder.read_record_batch(block, &bytes);
        batch.map_err(said)?.ok_or("rows without a header".into())
    }
}

/// `n` bytes from `start`, where the file has them; no `start` lies before its beginning.
fn bytes_at(file: &mut File, length: u64, start: Option<u64>, n: u64) -> Result<Vec<u8>, String> {
    let start = start.ok_or("cut short")?;
    let end = start.checked_add(n);
    if end.is_none_or(|end| end > length) {
        return Err(format!("{n} bytes are missing at byte {start}"));
    }
    file.seek(SeekFrom::Start(start)).map_err(said)?;
    let mut bytes = reserved(n)?;
    file.take(n).read_to_end(&mut bytes).map_err(said)?;
    match bytes.len() as u64 == n {
        true => Ok(bytes),
        false => Err("cut short".into()),
    }
}

/// An empty vector with room for `n` bytes, where there is memory for them.
fn reserved(n: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let room = usize::try_from(n).ok();
    room.and_then(|n| bytes.try_reserve_exact(n).ok())
        .ok_or_else(|| format!("{n} bytes at once are more than the memory holds"))?;
    Ok(bytes)
}

/// The shortest header of a message: its mark and its length.
const MESSAGE_HEAD: u64 = 8;

/// A message and its body, whose buffers lie in it and can be unpacked.
fn block_bytes(file: &mut File, length: u64, block: &Block) -> Result<Buffer, String> {
    let odd = |_| "a block of a negative length or place";
    let start: u64 = block.offset().try_into().map_err(odd)?;
    let head: u64 = block.metaDataLength().try_into().map_err(odd)?;
    let body: u64 = block.bodyLength().try_into().map_err(odd)?;
    if head < MESSAGE_HEAD {
        return Err("a block without a header".into());
    }
    let all = head.checked_add(body).ok_or("a block without end")?;
    let bytes = bytes_at(file, length, Some(start), all)?;
    let (head, body) = bytes.split_at(head as usize);
    check_buffers(head, body)?;
    Ok(Buffer::from_vec(bytes))
}

/// The mark of messages since version 0.15 of the format.
const CONTINUED: [u8; 4] = [0xFF; 4];

fn check_buffers(head: &[u8], body: &[u8]) -> Result<(), String> {
    let message = match head.strip_prefix(&CONTINUED) {
        Some(rest) => &rest[4..],
        None => &head[4..],
    };
    let message = root_as_message(message).map_err(said)?;
    let rows = message.header_as_record_batch().or_else(|| {
        let dictionary = message.header_as_dictionary_batch();
        dictionary.and_then(|dictionary| dictionary.data())
    });
    let rows = rows.ok_or("a block that holds neither rows nor a dictionary")?;
    let is_packed = rows.compression().is_some();
    let nodes = rows.nodes().into_iter().flatten();
    if rows.length() < 0
        || nodes
            .into_iter()
            .any(|node| node.length() < 0 || node.null_count() < 0)
    {
        return Err("a column of a negative length".into());
    }
    for buffer in rows.buffers().into_iter().flatten() {
        let start = usize::try_from(buffer.offset()).ok();
        let n = usize::try_from(buffer.length()).ok();
        let bytes = start.zip(n).and_then(|(start, n)| {
            let end = start.checked_add(n)?;
            body.get(start..end)
        });
        let bytes = bytes.ok_or("a column that lies beyond its block")?;
        if is_packed && !bytes.is_empty() {
            check_unpacked_length(bytes)?;
        }
    }
    Ok(())
}

/// That there is memory for what the buffer says it unpacks to; -1 says that it is not packed.
fn check_unpacked_length(buffer: &[u8]) -> Result<(), String> {
    let (length, _) = buffer
        .split_first_chunk()
        .ok_or("a packed column without a length")?;
    match i64::from_le_bytes(*length) {
        -1 => Ok(()),
        n => reserved(n.try_into().map_err(|_| "a column of a negative length")?).map(drop),
    }
}

//! One open input: its bytes, unpacked, counted and cut into lines.
//!
//! Gzip and Zstandard are recognised by their first bytes, so that standard input and wrongly named
//! files work too; what is no text at all, as a PDF, is refused by them. A byte order mark at the start is dropped, and a CSV or
//! TSV file whose mark says UTF-16 is decoded as it is read. Lines keep their line ends, because a quoted CSV
//! field keeps the newlines inside it.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::encoding::{Assumption, NotUtf16, Utf16Reader, marked_utf16};
use super::foreign::Foreign;
use super::source::{Format, Source};
use crate::error::{Error, InputProblem, Result};
use crate::span::Location;

/// The longest line that is read, in bytes. Records are held in memory one at a time; a "line" beyond
/// this is a whole file without line ends, and is refused before it fills the memory.
const LONGEST_LINE: u64 = 256 << 20;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// How many bytes of the (packed) inputs have been read so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Progress(Arc<AtomicU64>);

impl Progress {
    pub(crate) fn bytes_read(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Counts `bytes` more.
    #[cfg(feature = "arrow")]
    pub(crate) fn add(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }
}

struct Counted<R> {
    inner: R,
    progress: Progress,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.progress.0.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// An open file or standard input.
pub(crate) struct Input {
    source: Source,
    reader: Box<dyn BufRead + Send>,
    /// The packing's name, for messages.
    packing: Option<&'static str>,
    /// Lines read so far: the number of the last one.
    line: u64,
    has_byte_order_mark: bool,
    /// What was assumed about the encoding of a table.
    assumption: Option<Assumption>,
    longest_line: u64,
}

impl Input {
    /// The file at `path`, or standard input for `-`, for readers that know what it holds.
    pub(crate) fn open_path(path: &Path) -> Result<Input> {
        let source = Source {
            path: (path.as_os_str() != "-").then(|| path.to_path_buf()),
            name: path.display().to_string(),
            format: Format::Jsonl,
            id: String::new(),
            folder: None,
        };
        Input::open(&source, &Progress::default())
    }

    pub(crate) fn open(source: &Source, progress: &Progress) -> Result<Input> {
        let raw: Box<dyn Read + Send> = match &source.path {
            Some(path) => {
                Box::new(File::open(path).map_err(|error| Error::io(path, "open", error))?)
            }
            None => Box::new(io::stdin()),
        };
        let mut counted = Counted {
            inner: raw,
            progress: progress.clone(),
        };
        let mut input = Input {
            source: source.clone(),
            reader: Box::new(io::empty()),
            packing: None,
            line: 0,
            has_byte_order_mark: false,
            assumption: None,
            longest_line: LONGEST_LINE,
        };
        let mut magic = Vec::with_capacity(4);
        (&mut counted)
            .take(4)
            .read_to_end(&mut magic)
            .map_err(|error| input.failed(error))?;
        let foreign = Foreign::by_first_bytes(&magic);
        if let Some(foreign) = foreign.filter(|_| !source.format.is_columnar()) {
            return Err(Error::input(
                Location::file(input.name()),
                foreign.message(),
            ));
        }
        let packed = BufReader::with_capacity(1 << 16, Cursor::new(magic.clone()).chain(counted));
        let (reader, packing): (Box<dyn BufRead + Send>, _) = match magic.as_slice() {
            [0x1F, 0x8B, ..] => {
                let unpacked = flate2::bufread::MultiGzDecoder::new(packed);
                (
                    Box::new(BufReader::with_capacity(1 << 16, unpacked)),
                    Some("gzip"),
                )
            }
            [0x28, 0xB5, 0x2F, 0xFD] => {
                let unpacked = zstd::stream::read::Decoder::with_buffer(packed)
                    .and_then(|mut decoder| {
                        // Files packed with `zstd --long=31` ask for a window of 2 GiB.
                        decoder.window_log_max(31)?;
                        Ok(decoder)
                    })
                    .map_err(|error| input.failed(error))?;
                (
                    Box::new(BufReader::with_capacity(1 << 16, unpacked)),
                    Some("Zstandard"),
                )
            }
            _ => (Box::new(packed), None),
        };
        (input.reader, input.packing) = (reader, packing);
        if matches!(source.format, Format::Csv | Format::Tsv) {
            input.decode_marked_utf16()?;
        }
        Ok(input)
    }

    /// Excel saves "Unicode text" as UTF-16 with its byte order mark.
    fn decode_marked_utf16(&mut self) -> Result<()> {
        let start = self.reader.fill_buf();
        let start = start.map(marked_utf16);
        if let Some(encoding) = start.map_err(|error| self.failed(error))? {
            let reader = std::mem::replace(&mut self.reader, Box::new(io::empty()));
            self.reader = Box::new(BufReader::new(Utf16Reader::new(reader, encoding)));
            self.assumption = Some(Assumption::Marked(encoding.name()));
        }
        Ok(())
    }

    /// What was assumed about the encoding of a table; `None` for UTF-8.
    pub(crate) fn assumption(&self) -> Option<Assumption> {
        self.assumption
    }

    /// The file as the user named it.
    pub(crate) fn name(&self) -> &str {
        &self.source.name
    }

    /// The number of the line that was read last; 0 before the first.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// Puts the next line, with its line end, into `line`; false at the end of the input.
    pub(crate) fn next_line(&mut self, line: &mut Vec<u8>) -> Result<bool> {
        line.clear();
        (&mut self.reader)
            .take(self.longest_line)
            .read_until(b'\n', line)
            .map_err(|error| self.failed(error))?;
        if line.is_empty() {
            return Ok(false);
        }
        self.line += 1;
        if line.len() as u64 == self.longest_line && line.last() != Some(&b'\n') {
            return Err(Error::input(
                Location::line(self.name(), self.line),
                format!(
                    "this line is longer than {} MiB; is it one big JSON array, or are the line ends missing? One record a line is read",
                    self.longest_line >> 20
                ),
            ));
        }
        if self.line == 1 {
            self.drop_byte_order_mark(line);
        }
        Ok(true)
    }

    /// Whether the input begins with `expected`; asked before anything else is read.
    pub(crate) fn begins_with(mut self, expected: &[u8]) -> bool {
        let mut beginning = Vec::new();
        let most = BYTE_ORDER_MARK.len() + expected.len();
        let read = (&mut self.reader)
            .take(most as u64)
            .read_to_end(&mut beginning);
        self.drop_byte_order_mark(&mut beginning);
        read.is_ok() && beginning.starts_with(expected)
    }

    /// The whole input with its byte order mark: for formats in which a file is one record.
    pub(crate) fn read_to_end(&mut self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.reader
            .read_to_end(&mut bytes)
            .map_err(|error| self.failed(error))?;
        Ok(bytes)
    }

    /// Copies the rest of the input to `file`.
    #[cfg(feature = "arrow")]
    pub(crate) fn copy_to(&mut self, file: &mut File) -> Result<()> {
        io::copy(&mut self.reader, file).map_err(|error| self.failed(error))?;
        Ok(())
    }

    fn drop_byte_order_mark(&mut self, bytes: &mut Vec<u8>) {
        if bytes.starts_with(BYTE_ORDER_MARK) {
            bytes.drain(..BYTE_ORDER_MARK.len());
            self.has_byte_order_mark = true;
        }
    }

    /// `bytes`, which begin at line `first_line`, as text.
    pub(crate) fn utf8<'b>(
        &self,
        bytes: &'b [u8],
        first_line: u64,
    ) -> Result<&'b str, InputProblem> {
        utf8(self.name(), bytes, first_line, self.has_byte_order_mark)
    }

    /// A packed file that cannot be unpacked is damaged; anything else is the operating system's word.
    fn failed(&self, error: io::Error) -> Error {
        if error.get_ref().is_some_and(|inner| inner.is::<NotUtf16>()) {
            return Error::input(
                Location::line(self.name(), self.line + 1),
                "bytes that are not UTF-16, as which the file begins; was it cut? Save it again, best as \"CSV UTF-8\"",
            );
        }
        match (self.packing, &self.source.path) {
            (Some(packing), _) if error.raw_os_error().is_none() => Error::input(
                Location::file(self.name()),
                if error.kind() == io::ErrorKind::UnexpectedEof {
                    format!(
                        "the {packing} data end too early after line {}, the file was cut; copy or pack it again",
                        self.line
                    )
                } else {
                    format!(
                        "the {packing} data are damaged after line {} ({error}); copy or pack it again",
                        self.line
                    )
                },
            ),
            (_, Some(path)) => Error::io(path, "read", error),
            (_, None) => Error::io("-".as_ref(), "read", error),
        }
    }
}

/// `bytes`, which begin at line `first_line` of the file `name`, as text; `marked` says that a byte order mark was taken off its first line.
pub(crate) fn utf8<'b>(
    name: &str,
    bytes: &'b [u8],
    first_line: u64,
    marked: bool,
) -> Result<&'b str, InputProblem> {
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let before = &bytes[..at];
        let line = first_line + memchr::memchr_iter(b'\n', before).count() as u64;
        let mut offset = at - memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
        if line == 1 && marked {
            offset += BYTE_ORDER_MARK.len();
        }
        let utf16 = line == 1 && matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]);
        InputProblem {
            location: Location::line(name, line),
            problem: format!(
                "byte 0x{:02X} at byte offset {offset} of this line is not UTF-8; convert the file: iconv -f {} -t UTF-8",
                bytes[at],
                if utf16 { "UTF-16" } else { "WINDOWS-1252" },
            ),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn source(path: &Path) -> Source {
        Source {
            path: Some(path.to_path_buf()),
            name: "FILE".into(),
            format: Format::Jsonl,
            id: "FILE".into(),
            folder: None,
        }
    }

    fn open(bytes: &[u8]) -> (tempfile::NamedTempFile, Result<Input>) {
        let mut file = tempfile::NamedTempFile::new().expect("a file for the test");
        file.write_all(bytes).expect("written");
        let input = Input::open(&source(file.path()), &Progress::default());
        (file, input)
    }

    fn lines(input: &mut Input) -> Result<Vec<String>> {
        let (mut line, mut lines) = (Vec::new(), Vec::new());
        while input.next_line(&mut line)? {
            lines.push(String::from_utf8_lossy(&line).into_owned());
        }
        Ok(lines)
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).expect("packed");
        encoder.finish().expect("packed")
    }

    /// With a checksum, as the command `zstd` packs; without one, damage can pass unnoticed.
    fn zstandard(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 3).expect("packed");
        encoder.include_checksum(true).expect("packed");
        encoder.write_all(bytes).expect("packed");
        encoder.finish().expect("packed")
    }

    #[test]
    fn packing_is_known_by_the_first_bytes() {
        let plain = b"one\r\ntwo".as_slice();
        let two_members = [gzip(b"one\r\n"), gzip(b"two")].concat();
        let two_frames = [zstandard(b"one\r\n"), zstandard(b"two")].concat();
        let marked = [BYTE_ORDER_MARK, plain].concat();
        let rows = [
            ("plain", plain.to_vec()),
            ("gzip", gzip(plain)),
            ("gzip in two members", two_members),
            ("Zstandard", zstandard(plain)),
            ("Zstandard in two frames", two_frames),
            ("byte order mark", marked.clone()),
            ("byte order mark, packed", zstandard(&marked)),
        ];
        for (name, bytes) in rows {
            let (_file, input) = open(&bytes);
            let mut input = input.expect(name);
            assert_eq!(lines(&mut input).expect(name), ["one\r\n", "two"], "{name}");
            assert_eq!(input.line(), 2, "{name}");
        }
    }

    #[test]
    fn a_cut_or_damaged_packed_file_is_named() {
        let noise: String = (0..20_000_u32)
            .map(|i| format!("{:x}\n", i.wrapping_mul(2_654_435_761)))
            .collect();
        for (name, packed) in [
            ("gzip", gzip(noise.as_bytes())),
            ("Zstandard", zstandard(noise.as_bytes())),
        ] {
            for cut in [packed.len() / 2, packed.len() - 1, 5] {
                let (_file, input) = open(&packed[..cut]);
                let error = input
                    .and_then(|mut input| lines(&mut input).map(|lines| lines.len()))
                    .expect_err("cut")
                    .to_string();
                assert!(
                    error.starts_with(&format!("FILE: the {name} data end too early after line "))
                        && error.ends_with("the file was cut; copy or pack it again"),
                    "{name} cut at {cut}: {error}"
                );
            }
            let mut damaged = packed;
            let middle = damaged.len() / 2;
            damaged[middle..middle + 40].fill(0xA7);
            let (_file, input) = open(&damaged);
            let error = input
                .and_then(|mut input| lines(&mut input).map(|lines| lines.len()))
                .expect_err("damaged")
                .to_string();
            assert!(
                error.starts_with(&format!("FILE: the {name} data are damaged after line ")),
                "{error}"
            );
        }
    }

    #[test]
    fn a_byte_that_is_not_utf8_is_named_with_line_and_offset() {
        let rows: [(&str, &[u8], &str); 4] = [
            (
                "in the middle",
                b"ab\ncaf\xE9 noir\n",
                "FILE:2: byte 0xE9 at byte offset 3 of this line is not UTF-8; convert the file: iconv -f WINDOWS-1252 -t UTF-8",
            ),
            (
                "after a byte order mark",
                b"\xEF\xBB\xBFab\x92s",
                "FILE:1: byte 0x92 at byte offset 5 of this line is not UTF-8; convert the file: iconv -f WINDOWS-1252 -t UTF-8",
            ),
            (
                "a character that is cut",
                b"ab\n\xE2\x80",
                "FILE:2: byte 0xE2 at byte offset 0 of this line is not UTF-8; convert the file: iconv -f WINDOWS-1252 -t UTF-8",
            ),
            (
                "UTF-16",
                b"\xFF\xFEa\0b\0",
                "FILE:1: byte 0xFF at byte offset 0 of this line is not UTF-8; convert the file: iconv -f UTF-16 -t UTF-8",
            ),
        ];
        for (name, bytes, message) in rows {
            let (_file, input) = open(bytes);
            let mut input = input.expect(name);
            let mut line = Vec::new();
            let problem = loop {
                assert!(input.next_line(&mut line).expect(name), "{name}");
                if let Err(problem) = input.utf8(&line, input.line()) {
                    break problem;
                }
            };
            assert_eq!(problem.to_string(), message, "{name}");
        }
    }

    #[test]
    fn a_file_without_line_ends_does_not_fill_the_memory() {
        let (_file, input) = open(&vec![b'x'; 3 << 20]);
        let mut input = input.expect("opens");
        input.longest_line = 1 << 20;
        assert_eq!(
            lines(&mut input).expect_err("too long").to_string(),
            "FILE:1: this line is longer than 1 MiB; is it one big JSON array, or are the line ends missing? One record a line is read"
        );
    }

    #[test]
    fn progress_counts_packed_bytes() {
        let packed = zstandard(&b"word ".repeat(10_000));
        let mut file = tempfile::NamedTempFile::new().expect("a file for the test");
        file.write_all(&packed).expect("written");
        let progress = Progress::default();
        let mut input = Input::open(&source(file.path()), &progress).expect("opens");
        input.read_to_end().expect("reads");
        assert_eq!(progress.bytes_read(), packed.len() as u64);
    }
}

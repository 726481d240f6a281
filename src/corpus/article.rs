//! Articles, one at a time.
//!
//! In: text files and HTML pages, each one article, and JSONL, CSV or TSV files with an article a row (columns `id`,
//! `outlet`, `title`, `date`, `story`, `genre`, `text`, and any others, which are kept). Out: a stream of
//! [`Article`]s in the order of the files; only one is in memory here. Where several threads are to work, the reader gives
//! them bounded batches of what it read ([`RawArticle`]) and takes note of the parsed articles in order.
//!
//! The text is left as it is, line ends included, because every span in the results refers to it. Of a page it is the lines
//! that `page` finds.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::vec;

use serde_json::Value;

use super::ReadOptions;
use super::columns::{ARTICLE_COLUMNS, Columns, Rows, Unparsed};
use super::encoding::{Assumption, NotText, declared_encoding, decode};
use super::input::{Input, Progress};
use super::page::{Page, read_page};
use super::part::Part;
use super::report::{ArticleNotes, Encodings, Observed, ReadReport};
use super::source::{Format, Source, Wanted, find_sources};
use super::table::{Failure, JsonLine, Record};
use crate::error::{Error, InputProblem, Result};
use crate::span::{FurnitureKind, Location, Span};

/// The outlet of articles that name none.
pub const NO_OUTLET: &str = "(no outlet)";

/// One published text.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// The file it comes from, and its line there unless the file is the article.
    pub location: Location,
    /// Its id; where the input gives none, the path below the given folder, or `FILE:LINE`.
    pub id: String,
    /// Who published it; [`NO_OUTLET`] where nobody is named.
    pub outlet: String,
    /// Its headline.
    pub title: Option<String>,
    /// When it was published, as the input writes it.
    pub date: Option<String>,
    /// The event it covers.
    pub story: Option<String>,
    /// News, opinion, ...: the input's word.
    pub genre: Option<String>,
    /// The body; unchanged but for pages, of which it is the article's lines with a blank line between them. May be blank.
    pub text: String,
    /// Every other column.
    pub extra: BTreeMap<String, Value>,
    /// Stretches of the text that the format itself marks as furniture, in order; only pages do, a line each.
    pub marks: Vec<Mark>,
}

/// A stretch of an article's text that is known to be furniture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Where, in bytes of the text.
    pub span: Span,
    /// What it is.
    pub kind: FurnitureKind,
}

/// Reads articles from files, folders and standard input.
///
/// An iterator of `Result<Article>`. Without `keep_going` it ends after the first error; with it, only what
/// makes further reading useless is an error, and the rest is in the [report](ArticleReader::report).
///
/// ```
/// use standpoint::corpus::{ArticleReader, ReadOptions};
///
/// let folder = tempfile::tempdir()?;
/// std::fs::create_dir(folder.path().join("Morning Post"))?;
/// std::fs::write(folder.path().join("Morning Post/vote.txt"), "Mara Voss won the vote.")?;
///
/// let mut articles = ArticleReader::open(&[folder.path().into()], &ReadOptions::default())?;
/// let article = articles.next().expect("one file")?;
/// assert_eq!(article.outlet, "Morning Post");
/// assert_eq!(article.id, "Morning Post/vote");
/// assert!(articles.next().is_none());
/// assert_eq!(articles.report().n_records, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ArticleReader {
    reading: Arc<Reading>,
    sources: vec::IntoIter<Source>,
    /// The table being read.
    current: Option<Table>,
    report: ReadReport,
    notes: ArticleNotes,
    encodings: Encodings,
    progress: Progress,
    bytes_total: Option<u64>,
    ended: bool,
    /// Records still to be passed over, and those to be read then.
    part: Option<(usize, usize)>,
}

/// How all files are read.
struct Reading {
    options: ReadOptions,
    columns: Columns,
}

/// A table that is being read.
struct Table {
    source: Arc<Source>,
    rows: Rows,
    /// What was assumed about its encoding, until a record has carried it on.
    assumption: Option<Assumption>,
}

/// An article as it was read, not yet parsed: [`RawArticle::parse`] may run anywhere, in any order;
/// [`ArticleReader::accept`] then takes the results in the order of the input.
pub struct RawArticle {
    reading: Arc<Reading>,
    source: Arc<Source>,
    content: Content,
    assumption: Option<Assumption>,
}

enum Content {
    /// A file that is one article, to be opened.
    File(Progress),
    /// A row that is parsed, or what is wrong with it.
    Row(Result<Record, Failure>),
    /// A line of JSON.
    Line(JsonLine),
}

/// An article that was parsed, or what is wrong with it.
pub struct ParsedArticle {
    source: Arc<Source>,
    outcome: Result<Article, Failure>,
    /// Whether there is no text in it.
    is_empty: bool,
    assumption: Option<Assumption>,
}

impl RawArticle {
    /// Makes an article of what was read.
    pub fn parse(self) -> ParsedArticle {
        let RawArticle {
            reading,
            source,
            content,
            mut assumption,
        } = self;
        let article = |record| table_article(record, &source, &reading.columns, &reading.options);
        let outcome = match content {
            Content::Row(record) => record.and_then(|record| Ok(article(record)?)),
            Content::Line(line) => line
                .parse(&source.name)
                .and_then(article)
                .map_err(Failure::from),
            Content::File(progress) => {
                file_article(&source, &reading.options, &progress).map(|(article, assumed)| {
                    assumption = assumed;
                    article
                })
            }
        };
        let is_empty = (outcome.as_ref()).is_ok_and(|article| article.text.trim().is_empty());
        ParsedArticle {
            source,
            outcome,
            is_empty,
            assumption,
        }
    }

    /// Bytes held in memory, as far as they may be many.
    pub(crate) fn size(&self) -> usize {
        match &self.content {
            Content::Line(line) => line.len(),
            Content::Row(Ok(record)) => record.len(),
            Content::Row(Err(_)) | Content::File(_) => 0,
        }
    }
}

impl ParsedArticle {
    /// The article; `None` where the record cannot be used.
    pub fn article(&self) -> Option<&Article> {
        self.outcome.as_ref().ok()
    }

    /// Lets go of the article's text, for those who have done with it before [`ArticleReader::accept`].
    pub fn forget_text(&mut self) {
        if let Ok(article) = &mut self.outcome {
            article.text = String::new();
        }
    }
}

impl ArticleReader {
    /// Finds the files; the first is opened when the first article is asked for.
    ///
    /// Errors: inputs that cannot be found or hold nothing readable, and fields in
    /// `options.columns` that neither articles nor labelled sentences have.
    pub fn open(paths: &[PathBuf], options: &ReadOptions) -> Result<ArticleReader> {
        let found = find_sources(paths, options, Wanted::Articles)?;
        Ok(ArticleReader {
            reading: Arc::new(Reading {
                columns: Columns::new(&ARTICLE_COLUMNS, &options.columns)?,
                options: options.clone(),
            }),
            report: ReadReport::new(&found),
            bytes_total: found.sources.iter().map(length).sum(),
            sources: found.sources.into_iter(),
            current: None,
            notes: ArticleNotes::default(),
            encodings: Encodings::default(),
            progress: Progress::default(),
            ended: false,
            part: None,
        })
    }

    /// As [`ArticleReader::open`], for `part` of the records: the input is gone through once to count them, bad ones too.
    ///
    /// Errors: those of `open`; standard input, which cannot be read twice.
    pub fn open_part(
        paths: &[PathBuf],
        options: &ReadOptions,
        part: Part,
    ) -> Result<ArticleReader> {
        let mut counted = ArticleReader::open(paths, options)?;
        if counted
            .sources
            .as_slice()
            .iter()
            .any(|source| source.path.is_none())
        {
            return Err(Error::Parameter(
                "a part of the input (--shard) is known once all records were counted, and standard input is read only once; name a file"
                    .into(),
            ));
        }
        let n = std::iter::from_fn(|| counted.next_raw()).count();
        let records = part.of_records(n);
        Ok(ArticleReader {
            part: Some((records.start, records.len())),
            ..ArticleReader::open(paths, options)?
        })
    }

    /// What has been read so far; complete, with its notes, once the iterator has ended.
    pub fn report(&self) -> &ReadReport {
        &self.report
    }

    /// Size of all inputs as they lie on the disk; `None` where it cannot be known, as for standard input.
    pub fn bytes_total(&self) -> Option<u64> {
        self.bytes_total
    }

    /// How much of [`bytes_total`](ArticleReader::bytes_total) has been read.
    pub fn bytes_read(&self) -> u64 {
        self.progress.bytes_read()
    }

    /// The next article of the input, unparsed, so that another thread can go on with it; `None` at the end. Every article goes to
    /// [`ArticleReader::accept`], in this order, and then [`ArticleReader::finish`] is called.
    pub fn next_unparsed(&mut self) -> Option<RawArticle> {
        let Some((passed, left)) = self.part else {
            return self.next_raw();
        };
        self.part = Some((0, left.saturating_sub(1)));
        if left == 0 {
            return None;
        }
        for _ in 0..passed {
            self.next_raw()?;
        }
        self.next_raw()
    }

    /// The next article or failure; `None` at the end of all files.
    fn next_raw(&mut self) -> Option<RawArticle> {
        loop {
            if let Some(table) = &mut self.current {
                if let Some(row) = table.rows.next_unparsed() {
                    return Some(RawArticle {
                        reading: self.reading.clone(),
                        source: table.source.clone(),
                        content: match row {
                            Ok(Unparsed::Line(line)) => Content::Line(line),
                            Ok(Unparsed::Record(record)) => Content::Row(Ok(record)),
                            Err(failure) => Content::Row(Err(failure)),
                        },
                        assumption: table.assumption.take(),
                    });
                }
                self.current = None;
            }
            let source = Arc::new(self.sources.next()?);
            let content = if source.format.is_one_article() {
                Content::File(self.progress.clone())
            } else {
                match Rows::open(&source, &self.reading.columns, &self.progress) {
                    Ok(rows) => {
                        self.current = Some(Table {
                            source,
                            assumption: rows.assumption(),
                            rows,
                        });
                        continue;
                    }
                    Err(error) => Content::Row(Err(Failure::File(error))),
                }
            };
            return Some(RawArticle {
                reading: self.reading.clone(),
                source,
                content,
                assumption: None,
            });
        }
    }

    /// Takes note of the next article of the input: whether it can be used, and what is odd about it. `None` where it is left out.
    ///
    /// Errors: a record that cannot be used, unless the reader is to keep going.
    pub fn accept(&mut self, parsed: ParsedArticle) -> Result<Option<Article>> {
        self.encodings.see(parsed.assumption, &parsed.source.name);
        match parsed.outcome {
            Ok(article) => {
                self.observe(&article, parsed.is_empty);
                Ok(Some(article))
            }
            Err(failure) => {
                let keep_going = self.reading.options.keep_going;
                let absorbed = self.report.absorb(&parsed.source.name, failure, keep_going);
                self.ended |= absorbed.is_err();
                absorbed.map(|()| None)
            }
        }
    }

    /// Completes the report, once every article was accepted.
    ///
    /// Errors: nothing could be used.
    pub fn finish(&mut self) -> Result<()> {
        self.ended = true;
        self.report.notes = self.notes.notes();
        self.report.notes.extend(self.encodings.note());
        self.report.check_anything_read()
    }

    fn observe(&mut self, article: &Article, is_empty: bool) {
        self.report.n_records += 1;
        self.notes.see(&Observed {
            id: &article.id,
            location: &article.location,
            date: article.date.as_deref(),
            is_empty,
            lacks_outlet: article.outlet == NO_OUTLET,
        });
    }
}

impl Iterator for ArticleReader {
    type Item = Result<Article>;

    fn next(&mut self) -> Option<Result<Article>> {
        while !self.ended {
            let Some(raw) = self.next_unparsed() else {
                return self.finish().err().map(Err);
            };
            if let Some(article) = self.accept(raw.parse()).transpose() {
                return Some(article);
            }
        }
        None
    }
}

/// The size of a regular file.
fn length(source: &Source) -> Option<u64> {
    let metadata = fs::metadata(source.path.as_ref()?).ok()?;
    metadata.is_file().then_some(metadata.len())
}

/// The article that a text file or page is, and what had to be assumed to read it.
fn file_article(
    source: &Source,
    options: &ReadOptions,
    progress: &Progress,
) -> Result<(Article, Option<Assumption>), Failure> {
    let bytes = Input::open(source, progress)?.read_to_end()?;
    let is_page = source.format == Format::Html;
    let declared = is_page.then(|| declared_encoding(&bytes)).flatten();
    let (text, assumption) = decode(bytes, declared).map_err(|NotText| InputProblem {
        location: Location::file(&source.name),
        problem:
            "neither UTF-8 nor text in another encoding that can be told; save it as text in UTF-8"
                .into(),
    })?;
    let page = match is_page {
        true => read_page(text),
        false => Page {
            text,
            ..Page::default()
        },
    };
    let stem = || match source.path {
        Some(_) => source.id.clone(),
        None => NO_OUTLET.into(),
    };
    let article = Article {
        location: Location::file(&source.name),
        id: source.id.clone(),
        outlet: options
            .outlet
            .clone()
            .or_else(|| source.folder.clone())
            .or(page.outlet)
            .unwrap_or_else(stem),
        title: page.title,
        date: page.date,
        story: None,
        genre: None,
        text: page.text,
        extra: BTreeMap::new(),
        marks: page.marks,
    };
    Ok((article, assumption))
}

fn table_article(
    mut record: Record,
    source: &Source,
    columns: &Columns,
    options: &ReadOptions,
) -> Result<Article, InputProblem> {
    // A table's empty cell and JSON's null are an article without a body; a JSON object without the key is a slip.
    let has_text = source.format != Format::Jsonl || columns.found(&record, "text").is_some();
    if !has_text {
        return Err(columns.row_lacks(&record, "text"));
    }
    let text = columns.take_text(&mut record, "text")?.unwrap_or_default();
    let mut take_name = |name| columns.take_name(&mut record, name);
    let (id, outlet) = (take_name("id")?, take_name("outlet")?);
    let (title, date) = (take_name("title")?, take_name("date")?);
    let (story, genre) = (take_name("story")?, take_name("genre")?);
    let line = record.location.line.unwrap_or(0);
    Ok(Article {
        id: id.unwrap_or_else(|| format!("{}:{line}", source.id)),
        outlet: outlet
            .or_else(|| options.outlet.clone())
            .unwrap_or_else(|| NO_OUTLET.into()),
        title,
        date,
        story,
        genre,
        text,
        location: record.location,
        extra: record.fields,
        marks: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;

    fn lay_out(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder for the test");
        for (file, content) in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().expect("a file has a folder")).expect("made");
            fs::write(path, content).expect("written");
        }
        folder
    }

    fn read(paths: &[PathBuf], options: &ReadOptions) -> Result<(Vec<Article>, ReadReport)> {
        let mut reader = ArticleReader::open(paths, options)?;
        let articles = reader.by_ref().collect::<Result<Vec<_>>>()?;
        assert_eq!(reader.bytes_total(), Some(reader.bytes_read()));
        Ok((articles, reader.report.clone()))
    }

    fn read_one(name: &str, content: &[u8]) -> Result<(Vec<Article>, ReadReport)> {
        let folder = lay_out(&[(name, content)]);
        read(&[folder.path().join(name)], &ReadOptions::default())
    }

    fn codes(report: &ReadReport) -> Vec<&str> {
        report.notes.iter().map(|note| note.code).collect()
    }

    #[test]
    fn a_text_file_s_outlet_is_its_folder_or_its_name() {
        let folder = lay_out(&[
            ("in/Dawn/2020/vote.txt", b"One."),
            ("in/dusk.txt", b"\xEF\xBB\xBFTwo.\r\nThree."),
        ]);
        let named = ReadOptions {
            outlet: Some("Noon".into()),
            ..ReadOptions::default()
        };
        let default = ReadOptions::default();
        let rows = [
            (
                "a folder",
                "in",
                &default,
                vec![("Dawn/2020/vote", "Dawn"), ("dusk", "dusk")],
            ),
            (
                "a deeper folder",
                "in/Dawn",
                &default,
                vec![("2020/vote", "2020")],
            ),
            (
                "a file",
                "in/Dawn/2020/vote.txt",
                &default,
                vec![("vote", "vote")],
            ),
            (
                "an outlet for all",
                "in",
                &named,
                vec![("Dawn/2020/vote", "Noon"), ("dusk", "Noon")],
            ),
        ];
        for (name, path, options, expected) in rows {
            let (articles, report) = read(&[folder.path().join(path)], options).expect(name);
            let got: Vec<_> = articles
                .iter()
                .map(|article| (article.id.as_str(), article.outlet.as_str()))
                .collect();
            assert_eq!(got, expected, "{name}");
            assert_eq!(report.notes, [], "{name}");
        }
        let (articles, _) = read(&[folder.path().join("in/dusk.txt")], &default).expect("a file");
        assert_eq!(articles[0].text, "Two.\r\nThree.");
        assert_eq!(articles[0].location.line, None);
    }

    #[test]
    fn a_row_is_an_article_with_its_further_columns() {
        let json = br#"{"id": 12, "outlet": " Dawn ", "title": "Vote", "date": "2020-05-02", "story": "vote", "genre": "news", "text": "Mara Voss won.\n", "topic": ["a"]}"#;
        let csv = b"id,outlet,title,date,story,genre,text,topic\r\n12,Dawn,Vote,2020-05-02,vote,news,\"Mara Voss won.\n\",a\r\n";
        for (name, content) in [("a.jsonl", json.as_slice()), ("a.csv", csv.as_slice())] {
            let (articles, report) = read_one(name, content).expect(name);
            let [article] = &articles[..] else {
                panic!("{name}: one article");
            };
            assert_eq!(
                (article.id.as_str(), article.outlet.as_str()),
                ("12", "Dawn"),
                "{name}"
            );
            let fields = [
                &article.title,
                &article.date,
                &article.story,
                &article.genre,
            ];
            assert_eq!(
                fields.map(|field| field.as_deref().unwrap_or("-")),
                ["Vote", "2020-05-02", "vote", "news"],
                "{name}"
            );
            assert_eq!(article.text, "Mara Voss won.\n", "{name}");
            assert_eq!(
                article.extra.keys().collect::<Vec<_>>(),
                ["topic"],
                "{name}"
            );
            assert_eq!((report.n_records, report.notes.len()), (1, 0), "{name}");
        }
    }

    #[test]
    fn what_is_missing_is_filled_in_and_noted() {
        let content = b"{\"text\": \"A b.\", \"date\": \"2020-05-02\"}\n{\"id\": \"x\", \"text\": null}\n{\"id\": \"x\", \"outlet\": \"Dawn\", \"text\": \" \\n\", \"date\": \"May 2, 2020\"}\n";
        let (articles, report) = read_one("a.jsonl", content).expect("good rows");
        let ids: Vec<_> = articles
            .iter()
            .map(|article| (article.id.as_str(), article.outlet.as_str()))
            .collect();
        assert_eq!(ids, [("a:1", NO_OUTLET), ("x", NO_OUTLET), ("x", "Dawn")]);
        assert_eq!(
            codes(&report),
            [
                "duplicate_ids",
                "empty_text",
                "missing_outlet",
                "missing_dates",
                "mixed_dates"
            ]
        );
        let (articles, report) =
            read_one("a.csv", b"id,outlet,text\n1,Dawn,\n").expect("an empty body");
        assert_eq!(articles[0].text, "");
        assert_eq!(codes(&report), ["empty_text"]);
        let (articles, report) = read_one("a.txt", b"").expect("an empty file is an article");
        assert_eq!((articles.len(), codes(&report)), (1, vec!["empty_text"]));
    }

    #[test]
    fn the_options_name_the_outlet_of_rows_without_one() {
        let folder = lay_out(&[("a.csv", b"outlet,text\n,One.\nDawn,Two.\n")]);
        let options = ReadOptions {
            outlet: Some("Noon".into()),
            ..ReadOptions::default()
        };
        let (articles, report) = read(&[folder.path().join("a.csv")], &options).expect("good rows");
        let outlets: Vec<_> = articles.iter().map(|a| a.outlet.as_str()).collect();
        assert_eq!(outlets, ["Noon", "Dawn"]);
        assert_eq!(report.notes, []);
    }

    #[test]
    fn bad_inputs_are_errors_that_name_the_place() {
        let rows: [(&str, &[u8], &str); 8] = [
            (
                "a.jsonl",
                b"{\"text\": \"A.\"}\n{\"id\": 1}\n",
                "a.jsonl:2: row has no \"text\"",
            ),
            (
                "a.jsonl",
                b"{\"body\": \"A.\", \"title\": \"T\"}\n",
                "a.jsonl:1: no column \"text\"; found: body, title; did you mean \"body\"? then add --text-column body",
            ),
            (
                "a.csv",
                b"id;content\n1;A.\n",
                "a.csv:1: no column \"text\"; found: id, content; did you mean \"content\"? then add --text-column content",
            ),
            (
                "a.jsonl",
                b"{\"text\": \"A.\", \"title\": true}\n",
                "a.jsonl:1: \"title\" holds a truth value (true); allowed: a string or a number",
            ),
            (
                "a.csv",
                b"text\nTwo \x93three\x94.\n",
                "a.csv:2: byte 0x93 at byte offset 4 of this line is not UTF-8; convert the file: iconv -f WINDOWS-1252 -t UTF-8",
            ),
            (
                "a.txt",
                b"\x89PNG\r\n\0\0\0\xFF",
                "a.txt: neither UTF-8 nor text in another encoding that can be told; save it as text in UTF-8",
            ),
            (
                "a.txt",
                b"%PDF-1.7\n",
                "a.txt: a PDF is not read; export its text (pdftotext FILE.pdf FILE.txt) and name that file",
            ),
            ("a.csv", b"text\n", "a.csv: no records; only a header"),
        ];
        for (name, content, expected) in rows {
            let error = read_one(name, content).expect_err(expected).to_string();
            assert!(error.ends_with(&format!("/{expected}")), "{error}");
        }
    }

    #[test]
    fn reading_ends_after_an_error_unless_it_is_to_keep_going() {
        let files: [(&str, &[u8]); 4] = [
            ("in/a.txt", b"\xFF\0"),
            (
                "in/b.jsonl",
                b"{\"text\": \"One.\"}\n{\n{\"text\": \"Two.\"}\n",
            ),
            ("in/c.jsonl.gz", &[0x1F, 0x8B, 8]),
            ("in/d.txt", b"Three."),
        ];
        let folder = lay_out(&files);
        let paths = [folder.path().join("in")];
        let mut reader = ArticleReader::open(&paths, &ReadOptions::default()).expect("opens");
        assert!(reader.next().expect("a first item").is_err());
        assert!(reader.next().is_none());
        let keep_going = ReadOptions {
            keep_going: true,
            ..ReadOptions::default()
        };
        let (articles, report) = read(&paths, &keep_going).expect("keeps going");
        let texts: Vec<_> = articles.iter().map(|article| &*article.text).collect();
        assert_eq!(texts, ["One.", "Two.", "Three."]);
        assert_eq!((report.n_records, report.n_bad), (3, 3));
        let only_bad = read(&[folder.path().join("in/a.txt")], &keep_going);
        assert!(
            only_bad
                .expect_err("nothing good")
                .to_string()
                .contains("neither UTF-8 nor")
        );
    }

    #[test]
    fn other_encodings_are_read_and_noted() {
        let utf16 = |text: &str| -> Vec<u8> {
            let marked = format!("\u{FEFF}{text}");
            marked.encode_utf16().flat_map(u16::to_le_bytes).collect()
        };
        let latin_page = b"<meta charset=latin1><p>Caf\xE9 Voss.".as_slice();
        let rows: [(&str, &[u8], &str, &str); 5] = [
            (
                "a.txt",
                b"Caf\xE9 Voss.",
                "Café Voss.",
                "windows-1252, guessed from its letters",
            ),
            (
                "a.txt",
                &utf16("Café Voss."),
                "Café Voss.",
                "UTF-16LE by its byte order mark",
            ),
            (
                "a.html",
                latin_page,
                "Café Voss.",
                "windows-1252 as the page declares",
            ),
            (
                "a.csv",
                &utf16("id\ttext\r\n1\tCafé Voss.\r\n"),
                "Café Voss.",
                "UTF-16LE by its byte order mark",
            ),
            (
                "a.tsv",
                &utf16("text\n\"Café\nVoss.\"\n"),
                "Café\nVoss.",
                "UTF-16LE by its byte order mark",
            ),
        ];
        for (name, content, text, note) in rows {
            let (articles, report) = read_one(name, content).expect(name);
            assert_eq!(articles.len(), 1, "{name}");
            assert_eq!(articles[0].text, text, "{name}");
            let [encoding] = &report
                .notes
                .iter()
                .filter(|n| n.code == "encoding")
                .collect::<Vec<_>>()[..]
            else {
                panic!("{name}: one note");
            };
            let start = format!("encoding assumed: 1 file: 1 read as {note}: ");
            assert!(encoding.text.starts_with(&start), "{}", encoding.text);
            assert!(encoding.text.ends_with(name), "{}", encoding.text);
        }
        let cut = utf16("text\nOne.\n");
        let error = read_one("a.csv", &cut[..cut.len() - 1]).expect_err("half a character");
        assert!(error.to_string().ends_with(
            "/a.csv:2: bytes that are not UTF-16, as which the file begins; was it cut? Save it again, best as \"CSV UTF-8\""
        ), "{error}");
        let json =
            read_one("a.jsonl", &utf16("{\"text\": \"One.\"}\n")).expect_err("JSON is UTF-8");
        assert!(
            json.to_string().ends_with("iconv -f UTF-16 -t UTF-8"),
            "{json}"
        );
    }

    /// A page as papers build them: head, masthead, menu, article with picture, post and box, comments, footer.
    const PAGE: &str = r#"<!DOCTYPE html><html><head><meta charset="utf-8">
<title>Council keeps the harbor toll | Calder Courier</title>
<meta property="og:site_name" content="Calder Courier">
<meta property="article:published_time" content="2020-05-02T18:30:00Z">
<script>var menu = "open";</script></head>
<body><header><a href="/">Calder Courier</a></header><nav><ul><li><a href="/news">News</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<main><article><h1>Council keeps the harbor toll</h1><p class="byline">By Ann Lee</p>
<figure><img src="toll.jpg"><figcaption>Mara Voss at the harbor. <span class="credit">Ann Lee / Calder Courier</span></figcaption></figure>
<p>PORT CALDER — The council voted on Tuesday, after a night of shouting, to keep the toll that ships pay at the harbor, and Mara Voss, who had called it “a tax on bread,” left before the count was read.</p>
<p>Voss, the deputy mayor, has fought the toll for three years, in court, in the council and, most of all, in the taverns of the old town, where captains drink.</p>
<h2>A night of shouting</h2>
<p>“Nobody asked the bakers,” she said on the steps,<br>before a crowd of forty, some with flour on their sleeves, most with umbrellas.</p>
<blockquote class="twitter-tweet"><p>Shame on them.</p>&mdash; Mara Voss (@maravoss) <a href="https://example.org/1">May 2, 2020</a></blockquote>
<p>The toll brings in two million a year, the treasurer said, which pays for the lamps, the dredging, and, until June, the night ferry across the bay.</p>
</article><aside><h3>Most read</h3><ul><li><a href="/1">Ferry sinks</a></li><li><a href="/2">Baker wins</a></li></ul></aside></main>
<div class="comments"><p>What a shame, says a reader.</p></div><footer><p>Copyright Calder Courier, all rights reserved, Port Calder.</p></footer></body></html>"#;

    #[test]
    fn a_page_is_an_article_with_its_furniture_marked() {
        let (articles, report) = read_one("a.html", PAGE.as_bytes()).expect("a page");
        let [article] = &articles[..] else {
            panic!("one article");
        };
        assert_eq!(report.notes, []);
        assert_eq!(article.outlet, "Calder Courier");
        assert_eq!(
            article.title.as_deref(),
            Some("Council keeps the harbor toll")
        );
        assert_eq!(article.date.as_deref(), Some("2020-05-02T18:30:00Z"));
        let marked: Vec<String> = article
            .marks
            .iter()
            .map(|mark| format!("{}: {}", mark.kind, mark.span.of(&article.text)))
            .collect();
        assert_eq!(
            marked,
            [
                "caption: Mara Voss at the harbor.",
                "credit: Ann Lee / Calder Courier",
                "heading: A night of shouting",
                "embed: Shame on them.",
                "embed: — Mara Voss (@maravoss) May 2, 2020",
            ]
        );
        let lines: Vec<&str> = article.text.split("\n\n").collect();
        assert_eq!(lines.len(), 9, "{lines:#?}");
        assert!(lines[2].starts_with("PORT CALDER — The council"));
        assert!(lines[5].contains("on the steps,\nbefore a crowd"));
        assert!(lines[8].ends_with("the night ferry across the bay."));
    }

    #[test]
    fn a_page_s_outlet_is_its_folder_or_what_it_says_or_its_name() {
        let bare = b"<p>Mara Voss won.</p>";
        let folder = lay_out(&[
            ("in/Dawn/a.html", PAGE.as_bytes()),
            ("in/b.htm", PAGE.as_bytes()),
            ("in/c.html", bare),
        ]);
        let outlets = |options: &ReadOptions| {
            let (articles, _) = read(&[folder.path().join("in")], options).expect("pages");
            articles.into_iter().map(|a| a.outlet).collect::<Vec<_>>()
        };
        let named = ReadOptions {
            outlet: Some("Noon".into()),
            ..ReadOptions::default()
        };
        assert_eq!(
            outlets(&ReadOptions::default()),
            ["Dawn", "Calder Courier", "c"]
        );
        assert_eq!(outlets(&named), ["Noon", "Noon", "Noon"]);
    }

    #[test]
    fn a_page_without_an_article_is_empty_and_noted() {
        let deep = "<div>".repeat(600) + "x";
        let pages = [
            "",
            "<html><script>draw()</script></html>",
            "not a page",
            &deep,
        ];
        for (page, text) in pages.into_iter().zip(["", "", "not a page", ""]) {
            let (articles, report) = read_one("a.html", page.as_bytes()).expect("a page");
            assert_eq!(articles[0].text, text);
            let expected: &[&str] = if text.is_empty() {
                &["empty_text"]
            } else {
                &[]
            };
            assert_eq!(codes(&report), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_page_is_read_and_its_marks_fit(
            page in proptest::collection::vec(prop_oneof![
                Just("<p>"), Just("</p>"), Just("<div class='caption'>"), Just("</div>"), Just("<h2>"), Just("<br>"),
                Just("<q>"), Just("<blockquote class=twitter-tweet>"), Just("</blockquote>"), Just("<table><td>"),
                Just("Voss, won. "), Just("é\u{a0}“ "), Just("<figure><img src=a.jpg><figcaption>"), Just("</"), Just("<!--"),
                Just("<script type='application/ld+json'>{\"@type\":"), Just("&nbsp;&#0;"), Just("</script>"), Just("\0"),
            ], 0..60),
        ) {
            let page = read_page(page.concat());
            let mut at = 0;
            for mark in &page.marks {
                prop_assert!(mark.span.start >= at);
                prop_assert_eq!(mark.span.of(&page.text), mark.span.of(&page.text).trim());
                at = mark.span.end;
            }
        }
    }

    #[test]
    fn a_reader_can_move_to_another_thread() {
        fn is_send<T: Send>() {}
        is_send::<ArticleReader>();
    }

    fn shared(path: &str) -> Option<PathBuf> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../shared/data")
            .join(path);
        if path.exists() {
            return Some(path);
        }
        println!("not checked: {} is not there", path.display());
        None
    }

    #[test]
    fn a_packed_collection_of_news_is_read_whole() {
        let Some(file) = shared("news/news-4000.jsonl.zst") else {
            return;
        };
        let (articles, report) = read(&[file], &ReadOptions::default()).expect("reads");
        let outlets: BTreeSet<_> = articles.iter().map(|article| &article.outlet).collect();
        assert_eq!((articles.len(), outlets.len()), (4000, 108));
        assert_eq!(report.n_records, 4000);
        assert_eq!(report.notes, []);
    }

    #[test]
    fn a_folder_of_text_files_is_an_article_and_an_outlet_each() {
        let Some(folder) = shared("recusal") else {
            return;
        };
        let (articles, report) = read(&[folder], &ReadOptions::default()).expect("reads");
        let outlets: Vec<_> = articles.iter().map(|article| &*article.outlet).collect();
        assert_eq!(
            outlets,
            ["outlet-1", "outlet-2", "outlet-3", "outlet-4", "outlet-5"]
        );
        assert_eq!(report.notes, []);
    }
}

//! Which files are read, and as what.
//!
//! In: paths as the user gave them. Out: files in sorted order, each with its [`Format`] and the id its
//! articles go by. Folders are walked to the bottom; what is hidden or has an unknown extension is skipped
//! there and listed, because a README beside the articles is normal. A file named by itself is
//! meant, so there an unknown extension is an error.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::ReadOptions;
use super::foreign::{ARRAY_TO_LINES, Foreign};
use super::report::Skipped;
use crate::error::{Error, Result};
use crate::output::TEMPORARY_PREFIX;
use crate::span::Location;

/// The formats articles and labelled sentences come in; each may be packed with gzip or Zstandard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Plain text: the whole file is one article.
    Txt,
    /// A page as it was saved: one article.
    Html,
    /// JSON Lines: one JSON object a line.
    Jsonl,
    /// Comma- or semicolon-separated values with a header (tabs are noticed too).
    Csv,
    /// Tab-separated values with a header.
    Tsv,
    /// A Parquet file.
    #[cfg(feature = "arrow")]
    Parquet,
    /// An Arrow IPC file, also called Feather (version 2).
    #[cfg(feature = "arrow")]
    Arrow,
}

impl Format {
    /// All formats, in the order messages list them.
    pub const ALL: &[Format] = &[
        Format::Txt,
        Format::Html,
        Format::Jsonl,
        Format::Csv,
        Format::Tsv,
        #[cfg(feature = "arrow")]
        Format::Parquet,
        #[cfg(feature = "arrow")]
        Format::Arrow,
    ];

    /// The word in options: `txt`, `html`, `jsonl`, `csv`, `tsv`; with the feature `arrow` also `parquet`, `arrow`.
    pub fn name(self) -> &'static str {
        match self {
            Format::Txt => "txt",
            Format::Html => "html",
            Format::Jsonl => "jsonl",
            Format::Csv => "csv",
            Format::Tsv => "tsv",
            #[cfg(feature = "arrow")]
            Format::Parquet => "parquet",
            #[cfg(feature = "arrow")]
            Format::Arrow => "arrow",
        }
    }

    /// Whether a file of this format is one article, not a table of them.
    pub(crate) fn is_one_article(self) -> bool {
        matches!(self, Format::Txt | Format::Html)
    }

    /// Whether its first four bytes say what it is, and it is none of text.
    pub(crate) fn is_columnar(self) -> bool {
        #[cfg(feature = "arrow")]
        return matches!(self, Format::Parquet | Format::Arrow);
        #[cfg(not(feature = "arrow"))]
        false
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        match word.to_ascii_lowercase().as_str() {
            "txt" => Ok(Format::Txt),
            "html" | "htm" => Ok(Format::Html),
            "jsonl" | "ndjson" => Ok(Format::Jsonl),
            "csv" => Ok(Format::Csv),
            "tsv" => Ok(Format::Tsv),
            #[cfg(feature = "arrow")]
            "parquet" => Ok(Format::Parquet),
            #[cfg(feature = "arrow")]
            "arrow" | "feather" => Ok(Format::Arrow),
            #[cfg(not(feature = "arrow"))]
            "parquet" | "arrow" | "feather" => Err(Error::Parameter(format!(
                "\"{word}\": {}",
                super::foreign::NO_COLUMNAR
            ))),
            _ => Err(Error::Parameter(format!(
                "unknown input format \"{word}\"; allowed: {}",
                Format::ALL
                    .iter()
                    .map(|format| format.name())
                    .collect::<Vec<_>>()
                    .join(", ")
            ))),
        }
    }
}

/// What the files are to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    Articles,
    LabelledSentences,
}

impl Wanted {
    fn allows(self, format: Format) -> bool {
        self == Wanted::Articles || !format.is_one_article()
    }

    fn formats(self) -> String {
        let names: Vec<&str> = Format::ALL
            .iter()
            .filter(|&&format| self.allows(format))
            .map(|format| format.name())
            .collect();
        names.join(", ")
    }

    #[cfg(feature = "arrow")]
    fn extensions(self) -> &'static str {
        match self {
            Wanted::Articles => {
                ".txt, .html, .htm, .jsonl, .ndjson, .csv, .tsv, .parquet, .arrow and .feather, each also with .gz or .zst after it"
            }
            Wanted::LabelledSentences => {
                ".jsonl, .ndjson, .csv, .tsv, .parquet, .arrow and .feather, each also with .gz or .zst after it"
            }
        }
    }

    #[cfg(not(feature = "arrow"))]
    fn extensions(self) -> &'static str {
        match self {
            Wanted::Articles => {
                ".txt, .html, .htm, .jsonl, .ndjson, .csv and .tsv, each also with .gz or .zst after it"
            }
            Wanted::LabelledSentences => {
                ".jsonl, .ndjson, .csv and .tsv, each also with .gz or .zst after it"
            }
        }
    }
}

/// One file to read, or standard input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    /// `None` is standard input.
    pub(crate) path: Option<PathBuf>,
    /// The path as the user would write it; `-` is standard input.
    pub(crate) name: String,
    pub(crate) format: Format,
    /// The path below the folder that was given, or the file's name, without extension, with `/`.
    pub(crate) id: String,
    /// For a file at least one level below the folder that was given: the first level's name.
    pub(crate) folder: Option<String>,
}

/// What [`find_sources`] found.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) sources: Vec<Source>,
    pub(crate) skipped: Vec<Skipped>,
}

/// Turns the user's paths into files to read, sorted by path.
///
/// Errors: nothing at a path, a folder that cannot be listed or holds nothing readable, a file named by itself
/// whose extension says nothing, standard input without a format, no path at all.
pub(crate) fn find_sources(
    paths: &[PathBuf],
    options: &ReadOptions,
    wanted: Wanted,
) -> Result<Found> {
    if paths.is_empty() {
        return Err(Error::Parameter(
            "no input; name files or folders, or - for standard input".into(),
        ));
    }
    if let Some(format) = options.format.filter(|&format| !wanted.allows(format)) {
        return Err(Error::Parameter(format!(
            "labelled sentences are not read as {format}; allowed: {}",
            wanted.formats()
        )));
    }
    let mut search = Search {
        wanted,
        seen: BTreeSet::new(),
        found: Found {
            sources: Vec::new(),
            skipped: Vec::new(),
        },
    };
    for path in paths {
        if path.as_os_str() == "-" {
            search.take_stdin(options.format)?;
        } else if fs::metadata(path)
            .map_err(|error| Error::io(path, "open", error))?
            .is_dir()
        {
            search.take_folder(path)?;
        } else {
            search.take_named_file(path, options.format)?;
        }
    }
    let mut found = search.found;
    found.sources.sort_by(|a, b| a.path.cmp(&b.path));
    found.skipped.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// The one table (JSONL, CSV, TSV) at `path`, which an option names; `also` are the extensions it takes besides.
///
/// Errors: nothing there, a folder, an extension that says nothing.
pub(crate) fn find_table(path: &Path, also: &str) -> Result<Source> {
    let name = path.display().to_string();
    let refuse = |problem: String| Err(Error::input(Location::file(name.clone()), problem));
    if name == "-" {
        return refuse("standard input is not read here; name a file".into());
    }
    let is_folder = fs::metadata(path)
        .map_err(|error| Error::io(path, "open", error))?
        .is_dir();
    let allowed = format!("{}, and {also}", Wanted::LabelledSentences.extensions());
    if is_folder {
        return refuse(format!("a folder; name one file, read are {allowed}"));
    }
    let file = file_name(path);
    let (stem, format) = split_extension(&file);
    match format {
        Some(format) if !format.is_one_article() => Ok(Source {
            path: Some(path.to_path_buf()),
            format,
            id: stem.to_string(),
            folder: None,
            name,
        }),
        _ => match foreign_by_name(&file) {
            Some(foreign) => refuse(foreign.message()),
            None => refuse(format!(
                "its extension does not tell the format of a table; read are {allowed}"
            )),
        },
    }
}

struct Search {
    wanted: Wanted,
    /// Real paths already taken; a file named twice is read once.
    seen: BTreeSet<PathBuf>,
    found: Found,
}

impl Search {
    fn take_stdin(&mut self, format: Option<Format>) -> Result<()> {
        let Some(format) = format else {
            return Err(Error::input(
                Location::file("-"),
                format!(
                    "standard input has no extension to tell its format; add --input-format with one of: {}",
                    self.wanted.formats()
                ),
            ));
        };
        if self.seen.insert(PathBuf::from("-")) {
            self.found.sources.push(Source {
                path: None,
                name: "-".into(),
                format,
                id: "stdin".into(),
                folder: None,
            });
        }
        Ok(())
    }

    fn take_named_file(&mut self, path: &Path, format: Option<Format>) -> Result<()> {
        let name = file_name(path);
        let (stem, by_extension) = split_extension(&name);
        let Some(format) = format.or(by_extension) else {
            if let Some(foreign) = foreign_by_name(&name) {
                return Err(Error::input(
                    Location::file(path.display().to_string()),
                    foreign.message(),
                ));
            }
            if cut_extension(&name).1.eq_ignore_ascii_case("json") {
                return Err(Error::input(
                    Location::file(path.display().to_string()),
                    format!(
                        "a .json file; JSON is read as one record a line. To make lines of an array: {ARRAY_TO_LINES}; if it has them, add --input-format jsonl"
                    ),
                ));
            }
            return Err(Error::input(
                Location::file(path.display().to_string()),
                format!(
                    "its extension does not tell the format; read are {}; for any other name add --input-format with one of: {}",
                    self.wanted.extensions(),
                    self.wanted.formats()
                ),
            ));
        };
        if !self.wanted.allows(format) {
            return Err(Error::input(
                Location::file(path.display().to_string()),
                format!(
                    "a .{format} file holds an article; labelled sentences are read from {}",
                    self.wanted.extensions()
                ),
            ));
        }
        self.push(path.to_path_buf(), format, stem.to_string(), None);
        Ok(())
    }

    fn take_folder(&mut self, root: &Path) -> Result<()> {
        let (n_sources, n_skipped) = (self.found.sources.len(), self.found.skipped.len());
        self.walk(root, root, &mut Vec::new())?;
        if self.found.sources.len() > n_sources {
            return Ok(());
        }
        let skipped = &self.found.skipped[n_skipped..];
        if skipped.iter().any(|skipped| skipped.reason == ALREADY_READ) {
            return Ok(());
        }
        let mut listed: Vec<String> = skipped
            .iter()
            .take(5)
            .map(|skipped| format!("{} ({})", skipped.path, skipped.reason))
            .collect();
        match skipped.len() {
            0 => listed.push("nothing, the folder is empty".into()),
            n if n > 5 => listed.push(format!("and {} more", n - 5)),
            _ => {}
        }
        Err(Error::input(
            Location::file(root.display().to_string()),
            format!(
                "nothing to read in this folder; skipped: {}; read are {}",
                listed.join(", "),
                self.wanted.extensions()
            ),
        ))
    }

    /// `above` holds the real paths of the folders being walked, so that a link back into one of them
    /// is not followed for ever.
    fn walk(&mut self, root: &Path, folder: &Path, above: &mut Vec<PathBuf>) -> Result<()> {
        let real = real_path(folder);
        if above.contains(&real) {
            self.skip(folder, "link to a folder above it");
            return Ok(());
        }
        let listing = fs::read_dir(folder).map_err(|error| Error::io(folder, "list", error))?;
        let mut entries = Vec::new();
        for entry in listing {
            entries.push(
                entry
                    .map_err(|error| Error::io(folder, "list", error))?
                    .path(),
            );
        }
        entries.sort();
        above.push(real);
        for path in &entries {
            let name = file_name(path);
            let kind = fs::metadata(path);
            if name.starts_with(TEMPORARY_PREFIX) {
                // Results that another run is writing: nothing of the user's.
                continue;
            }
            if name.starts_with('.') {
                self.skip(path, "hidden");
            } else if is_saved_with_page(path, &entries) {
                self.skip(path, "what a browser saved with the page");
            } else if kind.is_err() {
                self.skip(path, "cannot be opened, perhaps a broken link");
            } else if kind.is_ok_and(|kind| kind.is_dir()) {
                self.walk(root, path, above)?;
            } else {
                self.take_found_file(root, path.clone(), &name);
            }
        }
        above.pop();
        Ok(())
    }

    fn take_found_file(&mut self, root: &Path, path: PathBuf, name: &str) {
        let (stem, format) = split_extension(name);
        let Some(format) = format else {
            let foreign = foreign_by_name(name);
            return match foreign {
                Some(foreign) => self.skip(&path, &format!("{}, not text", foreign.what)),
                None => self.skip(&path, "unknown extension"),
            };
        };
        if !self.wanted.allows(format) {
            return self.skip(&path, "an article, not labelled sentences");
        }
        let levels: Vec<String> = path
            .parent()
            .and_then(|parent| parent.strip_prefix(root).ok())
            .map(|below| {
                below
                    .iter()
                    .map(|level| level.to_string_lossy().into_owned())
                    .collect()
            })
            .unwrap_or_default();
        let mut id = levels.join("/");
        if !id.is_empty() {
            id.push('/');
        }
        id.push_str(stem);
        let folder = levels.into_iter().next();
        self.push(path, format, id, folder);
    }

    fn push(&mut self, path: PathBuf, format: Format, id: String, folder: Option<String>) {
        if !self.seen.insert(real_path(&path)) {
            return self.skip(&path, ALREADY_READ);
        }
        self.found.sources.push(Source {
            name: path.display().to_string(),
            path: Some(path),
            format,
            id,
            folder,
        });
    }

    fn skip(&mut self, path: &Path, reason: &str) {
        self.found.skipped.push(Skipped {
            path: path.display().to_string(),
            reason: reason.into(),
        });
    }
}

const ALREADY_READ: &str = "named twice, read once";

/// Whether `path` is the folder `PAGE_files` beside `PAGE.html`: scripts, pictures and framed adverts, themselves `.html`.
fn is_saved_with_page(path: &Path, beside: &[PathBuf]) -> bool {
    let name = file_name(path);
    let Some(page) = name.strip_suffix("_files") else {
        return false;
    };
    ["html", "htm"].iter().any(|extension| {
        let page = path.with_file_name(format!("{page}.{extension}"));
        beside.binary_search(&page).is_ok()
    })
}

/// The path itself where it has no real one, as for a pipe.
fn real_path(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// `a.csv.gz` -> (`a`, csv). Where the extension says nothing, only the last one is cut off.
fn split_extension(name: &str) -> (&str, Option<Format>) {
    let (stem, extension) = cut_extension(without_packing(name));
    (stem, extension.parse().ok())
}

/// What a file's name says of it where it is none of ours, packed or not.
fn foreign_by_name(name: &str) -> Option<Foreign> {
    Foreign::by_extension(cut_extension(without_packing(name)).1)
}

fn without_packing(name: &str) -> &str {
    match cut_extension(name) {
        (unpacked, packing) if ["gz", "zst"].contains(&packing.to_ascii_lowercase().as_str()) => {
            unpacked
        }
        _ => name,
    }
}

/// A leading dot makes a hidden file, not an extension.
fn cut_extension(name: &str) -> (&str, &str) {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => (stem, extension),
        _ => (name, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lay_out(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder for the test");
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().expect("a file has a folder")).expect("made");
            fs::write(path, "x\n").expect("written");
        }
        folder
    }

    fn find(paths: &[PathBuf], wanted: Wanted) -> Result<Found> {
        find_sources(paths, &ReadOptions::default(), wanted)
    }

    #[test]
    fn an_extension_tells_the_format_packed_or_not() {
        let rows = [
            ("a.txt", "a", Some(Format::Txt)),
            ("a.JSONL", "a", Some(Format::Jsonl)),
            ("a.ndjson.gz", "a", Some(Format::Jsonl)),
            ("a.b.csv.zst", "a.b", Some(Format::Csv)),
            ("a.tsv.GZ", "a", Some(Format::Tsv)),
            ("a.html", "a", Some(Format::Html)),
            ("a.HTM.gz", "a", Some(Format::Html)),
            ("a.json", "a", None),
            ("a.gz", "a", None),
            ("txt", "txt", None),
            (".txt", ".txt", None),
        ];
        for (name, stem, format) in rows {
            assert_eq!(split_extension(name), (stem, format), "{name}");
        }
    }

    /// A message as programs without the feature `arrow` have it.
    fn without_columnar(message: &str) -> String {
        match cfg!(feature = "arrow") {
            true => message
                .replace(", .parquet, .arrow and .feather,", ",")
                .replace(".csv, .tsv,", ".csv and .tsv,")
                .replace(", parquet, arrow", ""),
            false => message.to_string(),
        }
    }

    #[test]
    fn an_unknown_format_word_names_the_allowed_ones() {
        for format in Format::ALL {
            assert_eq!(
                format.name().parse::<Format>().expect("its own name"),
                *format
            );
        }
        let error = "xlsx".parse::<Format>().expect_err("no such format");
        assert_eq!(
            without_columnar(&error.to_string()),
            "unknown input format \"xlsx\"; allowed: txt, html, jsonl, csv, tsv"
        );
    }

    #[test]
    fn a_folder_is_walked_in_sorted_order_and_lists_what_it_skips() {
        let folder = lay_out(&[
            "morning/2021/b.txt",
            "morning/a.txt.gz",
            "evening/c.jsonl",
            "top.txt",
            "README.md",
            "scan.pdf",
            "evening/page.html",
            "evening/page_files/advert.html",
            "evening/my_files/e.txt",
            ".hidden.txt",
            ".standpoint-x1y2z3",
            ".cache/d.txt",
        ]);
        let found = find(&[folder.path().to_path_buf()], Wanted::Articles).expect("a good folder");
        let got: Vec<_> = found
            .sources
            .iter()
            .map(|source| (source.id.as_str(), source.folder.as_deref(), source.format))
            .collect();
        assert_eq!(
            got,
            [
                ("evening/c", Some("evening"), Format::Jsonl),
                ("evening/my_files/e", Some("evening"), Format::Txt),
                ("evening/page", Some("evening"), Format::Html),
                ("morning/2021/b", Some("morning"), Format::Txt),
                ("morning/a", Some("morning"), Format::Txt),
                ("top", None, Format::Txt),
            ]
        );
        let skipped: Vec<_> = found
            .skipped
            .iter()
            .map(|skipped| {
                let name = file_name(Path::new(&skipped.path));
                (name, skipped.reason.as_str())
            })
            .collect();
        assert_eq!(
            skipped,
            [
                (".cache".into(), "hidden"),
                (".hidden.txt".into(), "hidden"),
                ("README.md".into(), "unknown extension"),
                ("page_files".into(), "what a browser saved with the page"),
                ("scan.pdf".into(), "a PDF, not text"),
            ]
        );
    }

    #[test]
    fn a_file_named_twice_is_read_once() {
        let folder = lay_out(&["a/x.txt"]);
        let file = folder.path().join("a/x.txt");
        let found = find(
            &[file.clone(), folder.path().to_path_buf(), file],
            Wanted::Articles,
        )
        .expect("good paths");
        assert_eq!(found.sources.len(), 1);
        assert_eq!(found.sources[0].id, "x");
        assert_eq!(found.skipped.len(), 2);
        assert_eq!(found.skipped[0].reason, ALREADY_READ);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_back_up_is_not_followed_for_ever() {
        let folder = lay_out(&["a/x.txt"]);
        std::os::unix::fs::symlink(folder.path(), folder.path().join("a/up")).expect("linked");
        std::os::unix::fs::symlink("nowhere", folder.path().join("gone.txt")).expect("linked");
        let found = find(&[folder.path().to_path_buf()], Wanted::Articles).expect("a good folder");
        assert_eq!(found.sources.len(), 1);
        let reasons: Vec<_> = found.skipped.iter().map(|s| s.reason.as_str()).collect();
        assert_eq!(
            reasons,
            [
                "link to a folder above it",
                "cannot be opened, perhaps a broken link"
            ]
        );
    }

    #[test]
    fn inputs_that_cannot_be_read_say_what_can() {
        let folder = lay_out(&[
            "notes.md",
            "table.XLSX",
            "vote.pdf",
            "vote.docx",
            "only/README.md",
            "only/.x",
            "a.txt",
            "texts/b.txt",
        ]);
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("empty")).expect("made");
        let rows = [
            (
                "unknown extension",
                at("notes.md"),
                Wanted::Articles,
                "DIR/notes.md: its extension does not tell the format; read are .txt, .html, .htm, .jsonl, .ndjson, .csv and .tsv, each also with .gz or .zst after it; for any other name add --input-format with one of: txt, html, jsonl, csv, tsv",
            ),
            (
                "a spreadsheet",
                at("table.XLSX"),
                Wanted::LabelledSentences,
                "DIR/table.XLSX: a spreadsheet is not read; save its sheet as CSV (in Excel: Save As, \"CSV UTF-8\") and name that file",
            ),
            (
                "a PDF",
                at("vote.pdf"),
                Wanted::Articles,
                "DIR/vote.pdf: a PDF is not read; export its text (pdftotext FILE.pdf FILE.txt) and name that file",
            ),
            (
                "a document",
                at("vote.docx"),
                Wanted::Articles,
                "DIR/vote.docx: a word processor's document is not read; save it as plain text (.txt, encoding UTF-8) and name that file",
            ),
            (
                "an article as training data",
                at("a.txt"),
                Wanted::LabelledSentences,
                "DIR/a.txt: a .txt file holds an article; labelled sentences are read from .jsonl, .ndjson, .csv and .tsv, each also with .gz or .zst after it",
            ),
            (
                "nothing readable in a folder",
                at("only"),
                Wanted::Articles,
                "DIR/only: nothing to read in this folder; skipped: DIR/only/.x (hidden), DIR/only/README.md (unknown extension); read are .txt, .html, .htm, .jsonl, .ndjson, .csv and .tsv, each also with .gz or .zst after it",
            ),
            (
                "a folder of articles as training data",
                at("texts"),
                Wanted::LabelledSentences,
                "DIR/texts: nothing to read in this folder; skipped: DIR/texts/b.txt (an article, not labelled sentences); read are .jsonl, .ndjson, .csv and .tsv, each also with .gz or .zst after it",
            ),
            (
                "an empty folder",
                at("empty"),
                Wanted::Articles,
                "DIR/empty: nothing to read in this folder; skipped: nothing, the folder is empty; read are .txt, .html, .htm, .jsonl, .ndjson, .csv and .tsv, each also with .gz or .zst after it",
            ),
            (
                "standard input without a format",
                PathBuf::from("-"),
                Wanted::Articles,
                "-: standard input has no extension to tell its format; add --input-format with one of: txt, html, jsonl, csv, tsv",
            ),
        ];
        for (name, path, wanted, message) in rows {
            let error = find(&[path], wanted).expect_err(name).to_string();
            let dir = folder.path().display().to_string();
            assert_eq!(
                without_columnar(&error.replace(&dir, "DIR")),
                message,
                "{name}"
            );
        }
        let nothing = find(&[at("none.csv")], Wanted::Articles).expect_err("not there");
        assert!(matches!(nothing, Error::Io { doing: "open", .. }));
        assert_eq!(
            find(&[], Wanted::Articles)
                .expect_err("no path")
                .to_string(),
            "no input; name files or folders, or - for standard input"
        );
    }

    #[test]
    fn a_given_format_reads_any_name_and_standard_input() {
        let folder = lay_out(&["export.dat"]);
        let options = ReadOptions {
            format: Some(Format::Csv),
            ..ReadOptions::default()
        };
        let paths = [PathBuf::from("-"), folder.path().join("export.dat")];
        let found = find_sources(&paths, &options, Wanted::LabelledSentences).expect("good");
        let ids: Vec<_> = found.sources.iter().map(|source| &*source.id).collect();
        assert_eq!(ids, ["stdin", "export"]);
        let txt = ReadOptions {
            format: Some(Format::Txt),
            ..ReadOptions::default()
        };
        assert_eq!(
            without_columnar(
                &find_sources(&paths, &txt, Wanted::LabelledSentences)
                    .expect_err("an article is no table")
                    .to_string()
            ),
            "labelled sentences are not read as txt; allowed: jsonl, csv, tsv"
        );
    }
}

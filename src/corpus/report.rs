//! What reading met: files, counts, bad records, and what looks odd about the data.
//!
//! The notes are for whoever has to defend the numbers later: ids that occur twice, articles without a body or
//! an outlet, dates in several formats. They are counted while the records pass; of each id only a hash and a
//! place are kept, of everything else a count and the first few examples.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::date::MONTHS;
use super::encoding::Assumption;
use super::source::Found;
use super::table::Failure;
use crate::error::{Error, InputProblem, Result};
use crate::span::Location;
use crate::wording::thousands;

/// What was read and what was odd about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadReport {
    /// The files that were read, in this order; `-` is standard input.
    pub files: Vec<String>,
    /// What lay in the folders and was not read.
    pub skipped: Vec<Skipped>,
    /// Records that were read and can be used.
    pub n_records: usize,
    /// Records that cannot be used, and files that could not be read to their end; 0 unless
    /// [`ReadOptions::keep_going`](super::ReadOptions::keep_going).
    pub n_bad: usize,
    /// The first [`ReadReport::MAX_LISTED`] of them.
    pub bad: Vec<InputProblem>,
    /// What looks odd, at most one note a kind.
    pub notes: Vec<ReadNote>,
}

/// A file or folder that was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Its path.
    pub path: String,
    /// Why not.
    pub reason: String,
}

/// Something about the data as a whole that a reader of the results should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadNote {
    /// `duplicate_ids`, `empty_text`, `missing_outlet`, `missing_dates`, `mixed_dates`, `encoding`,
    /// `unlabelled` or `picked_rows`.
    pub code: &'static str,
    /// The note in words, with counts and examples.
    pub text: String,
}

impl ReadReport {
    /// How many bad records are listed; all are counted.
    pub const MAX_LISTED: usize = 1000;

    pub(crate) fn new(found: &Found) -> Self {
        ReadReport {
            files: found
                .sources
                .iter()
                .map(|source| source.name.clone())
                .collect(),
            skipped: found.skipped.clone(),
            ..ReadReport::default()
        }
    }

    /// Counts and lists `failure` when the reader is to keep going; otherwise gives it back as the error.
    pub(crate) fn absorb(&mut self, file: &str, failure: Failure, keep_going: bool) -> Result<()> {
        let error = match failure {
            Failure::Record(problem) => Error::Input(problem),
            Failure::File(error) => error,
        };
        if !keep_going {
            return Err(error);
        }
        let problem = match error {
            Error::Input(problem) => problem,
            Error::Io { doing, source, .. } => InputProblem {
                location: Location::file(file),
                problem: format!("cannot {doing}: {source}"),
            },
            other => return Err(other),
        };
        self.n_bad += 1;
        if self.bad.len() < Self::MAX_LISTED {
            self.bad.push(problem);
        }
        Ok(())
    }

    /// Keeping going is no use when nothing is left: then the first problem is the error after all.
    pub(crate) fn check_anything_read(&self) -> Result<()> {
        match self.bad.first() {
            Some(problem) if self.n_records == 0 => Err(problem.clone().into()),
            _ => Ok(()),
        }
    }
}

/// How many examples a note shows.
const N_EXAMPLES: usize = 5;

/// A count with its first few examples.
#[derive(Debug, Default)]
struct Examples {
    n: usize,
    first: Vec<String>,
}

impl Examples {
    fn add(&mut self, example: impl FnOnce() -> String) {
        self.n += 1;
        if self.first.len() < N_EXAMPLES {
            self.first.push(example());
        }
    }

    /// `a, b, c, ...`
    fn list(&self) -> String {
        let more = if self.n > self.first.len() {
            ", ..."
        } else {
            ""
        };
        format!("{}{more}", self.first.join(", "))
    }
}

/// Where each hash was first seen. 64 bits: among a million ids the chance of a false alarm is 3 in 10^8.
///
/// This is all that grows with the input, so it is packed: twelve bytes an id, in sorted parts that grow one after the other by a little.
#[derive(Debug, Default)]
struct Places {
    parts: Vec<Vec<PackedPlace>>,
    n: usize,
}

/// A hash, its upper half first, and its place.
type PackedPlace = [u32; 3];

impl Places {
    /// Parts at first, a power of two.
    const PARTS: usize = 1024;
    /// Places in a part, on average, at which there are to be more parts.
    const FULL: usize = 1024;
    /// Places that a part grows by, at least.
    const STEP: usize = 16;

    /// The place where `hash` was first seen; `None` if that is `place`.
    fn see(&mut self, hash: u64, place: u32) -> Option<u32> {
        if self.n >= Places::FULL * self.parts.len() {
            self.split();
        }
        let n_parts = self.parts.len();
        let part = &mut self.parts[hash as usize % n_parts];
        let (high, low) = ((hash >> 32) as u32, hash as u32);
        match part.binary_search_by_key(&(high, low), |&[high, low, _]| (high, low)) {
            Ok(known) => Some(part[known][2]),
            Err(at) => {
                if part.len() == part.capacity() {
                    part.reserve_exact(Places::STEP.max(part.len() / 8));
                }
                part.insert(at, [high, low, place]);
                self.n += 1;
                None
            }
        }
    }

    /// Makes four parts of each.
    fn split(&mut self) {
        let n_parts = Places::PARTS.max(4 * self.parts.len());
        let mut parts = vec![Vec::new(); n_parts];
        for packed in std::mem::take(&mut self.parts).into_iter().flatten() {
            parts[packed[1] as usize % n_parts].push(packed);
        }
        self.parts = parts;
    }
}

/// Finds ids that occur twice.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    first: Places,
    /// The files, each with the place of its line 0, which is a whole file.
    files: Vec<(u32, String)>,
    /// The place after the last one.
    next: u32,
    n_seen: usize,
    duplicates: Examples,
}

impl Ids {
    /// Sees `id`, which is to be unique together with `within`.
    pub(crate) fn see(&mut self, id: &str, within: Option<&str>, location: &Location) {
        self.n_seen += 1;
        let mut hasher = DefaultHasher::new();
        (id, within).hash(&mut hasher);
        if self.files.last().map(|(_, file)| file) != Some(&location.file) {
            self.files.push((self.next, location.file.clone()));
        }
        let (start, _) = self.files[self.files.len() - 1];
        // A place beyond four billion lines of all files would be misnamed, nothing else.
        let line = u32::try_from(location.line.unwrap_or(0)).unwrap_or(u32::MAX);
        let place = start.saturating_add(line);
        self.next = self.next.max(place.saturating_add(1));
        if let Some(first) = self.first.see(hasher.finish(), place) {
            let file = self.files.partition_point(|&(start, _)| start <= first) - 1;
            let (start, file) = &self.files[file];
            let first = Location {
                file: file.clone(),
                line: (first > *start).then_some((first - start).into()),
            };
            self.duplicates
                .add(|| format!("\"{id}\" at {location} (first at {first})"));
        }
    }

    /// The note, if any id occurred twice; `what` is the plural of what has the ids.
    pub(crate) fn note(&self, what: &str) -> Option<ReadNote> {
        (self.duplicates.n > 0).then(|| ReadNote {
            code: "duplicate_ids",
            text: format!(
                "id seen before: {} of {} {what}: {}",
                thousands(self.duplicates.n),
                thousands(self.n_seen),
                self.duplicates.list()
            ),
        })
    }
}

/// Collects what had to be assumed about the encodings of files.
#[derive(Debug, Default)]
pub(crate) struct Encodings(BTreeMap<Assumption, Examples>);

impl Encodings {
    /// Sees how `file` was read; `None` is plain UTF-8.
    pub(crate) fn see(&mut self, assumption: Option<Assumption>, file: &str) {
        if let Some(assumption) = assumption {
            let files = self.0.entry(assumption).or_default();
            files.add(|| file.to_string());
        }
    }

    /// The note, if any file needed an assumption.
    pub(crate) fn note(&self) -> Option<ReadNote> {
        let n: usize = self.0.values().map(|files| files.n).sum();
        let kinds: Vec<String> = self
            .0
            .iter()
            .map(|(assumption, files)| {
                format!(
                    "{} read as {assumption}: {}",
                    thousands(files.n),
                    files.list()
                )
            })
            .collect();
        (n > 0).then(|| ReadNote {
            code: "encoding",
            text: format!(
                "encoding assumed: {} {}: {}",
                thousands(n),
                if n == 1 { "file" } else { "files" },
                kinds.join("; ")
            ),
        })
    }
}

/// Watches articles pass and writes the notes about them.
#[derive(Debug, Default)]
pub(crate) struct ArticleNotes {
    n_articles: usize,
    ids: Ids,
    empty: Examples,
    without_outlet: Examples,
    without_date: Examples,
    /// Shape of a date -> how many and the first.
    dates: BTreeMap<String, (usize, String)>,
}

/// What [`ArticleNotes`] looks at.
pub(crate) struct Observed<'a> {
    pub(crate) id: &'a str,
    pub(crate) location: &'a Location,
    pub(crate) date: Option<&'a str>,
    pub(crate) is_empty: bool,
    pub(crate) lacks_outlet: bool,
}

impl ArticleNotes {
    /// A column of free text taken for dates may have thousands of shapes; beyond this many the rest is one kind.
    const MAX_SHAPES: usize = 32;

    pub(crate) fn see(&mut self, article: &Observed<'_>) {
        self.n_articles += 1;
        self.ids.see(article.id, None, article.location);
        let example = || format!("\"{}\"", article.id);
        if article.is_empty {
            self.empty.add(example);
        }
        if article.lacks_outlet {
            self.without_outlet.add(example);
        }
        match article.date {
            None => self.without_date.add(example),
            Some(date) => {
                let shape = date_shape(date);
                let known = self.dates.contains_key(&shape);
                let shape = if known || self.dates.len() < Self::MAX_SHAPES {
                    shape
                } else {
                    "other".into()
                };
                self.dates
                    .entry(shape)
                    .or_insert_with(|| (0, date.into()))
                    .0 += 1;
            }
        }
    }

    pub(crate) fn notes(&self) -> Vec<ReadNote> {
        let of_all = |n: usize| {
            format!(
                "{} of {} articles",
                thousands(n),
                thousands(self.n_articles)
            )
        };
        let mut notes = Vec::from_iter(self.ids.note("articles"));
        let mut add = |code, text| notes.push(ReadNote { code, text });
        if self.empty.n > 0 {
            let text = format!("no text: {}: {}", of_all(self.empty.n), self.empty.list());
            add("empty_text", text);
        }
        if self.without_outlet.n > 0 {
            add(
                "missing_outlet",
                format!(
                    "no outlet, counted under \"{}\": {}: {}; --outlet NAME gives one to all of them",
                    super::NO_OUTLET,
                    of_all(self.without_outlet.n),
                    self.without_outlet.list()
                ),
            );
        }
        if self.without_date.n > 0 && !self.dates.is_empty() {
            add(
                "missing_dates",
                format!(
                    "no date: {}: {}",
                    of_all(self.without_date.n),
                    self.without_date.list()
                ),
            );
        }
        if self.dates.len() > 1 {
            let mut shapes: Vec<&(usize, String)> = self.dates.values().collect();
            shapes.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
            let shapes: Vec<String> = shapes
                .into_iter()
                .map(|(n, example)| format!("{} like \"{example}\"", thousands(*n)))
                .collect();
            add(
                "mixed_dates",
                format!(
                    "dates come in {} formats: {}",
                    shapes.len(),
                    shapes.join(", ")
                ),
            );
        }
        notes
    }
}

/// The format of a date with its content taken out: `2017-03-02` and `2016-11-30` are both `Y-d-d`,
/// `March 2, 2017` is `Month d, Y`, `Mar 2, 2017` is `Mon d, Y`. After a date as in ISO 8601, `T` and any time are `T`:
/// sites write fractions of seconds and zones as they like, and the day is the same.
fn date_shape(date: &str) -> String {
    const DAYS: [&str; 7] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    /// A real date is shorter; longer strings differ in what follows it.
    const LONGEST: usize = 40;
    let mut shape = String::new();
    let mut rest: &str = date.trim();
    while let Some(c) = rest.chars().next() {
        if shape == "Y-d-dT" {
            break;
        }
        if shape.len() > LONGEST {
            shape.push_str("...");
            break;
        }
        let run_of = |same: fn(char) -> bool| rest.find(|c| !same(c)).unwrap_or(rest.len());
        let run = if c.is_ascii_digit() {
            let run = run_of(|c| c.is_ascii_digit());
            shape.push_str(match run {
                1 | 2 => "d",
                4 => "Y",
                _ => "n",
            });
            run
        } else if c.is_alphabetic() {
            let run = run_of(char::is_alphabetic);
            let word = rest[..run].to_lowercase();
            let short_for = |names: &[&str]| {
                names
                    .iter()
                    .any(|n| word.len() >= 3 && n.starts_with(&word))
            };
            // "May" is short and long at once; the commoner reading in running dates is the long one.
            shape.push_str(if MONTHS.contains(&word.as_str()) {
                "Month"
            } else if short_for(&MONTHS) {
                "Mon"
            } else if DAYS.contains(&word.as_str()) {
                "Weekday"
            } else if short_for(&DAYS) {
                "Wkd"
            } else if run == c.len_utf8() {
                &rest[..run]
            } else if matches!(word.as_str(), "am" | "pm") {
                "am"
            } else {
                "word"
            });
            run
        } else if c.is_whitespace() {
            shape.push(' ');
            run_of(char::is_whitespace)
        } else {
            shape.push(c);
            c.len_utf8()
        };
        rest = &rest[run..];
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_place_of_each_hash_is_kept() {
        let mut places = Places::default();
        for round in 0..2_u32 {
            // Enough that parts are split.
            for i in 0..1_100_000_u32 {
                let hash = u64::from(i).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                let first = places.see(hash, 2_000_000 * round + i);
                assert_eq!(first, (round > 0).then_some(i));
            }
        }
    }

    #[test]
    fn an_id_is_known_again_by_the_file_and_line_it_was_first_in() {
        let mut ids = Ids::default();
        let line = |file: &str, line: u64| Location::line(file, line);
        ids.see("a", None, &line("F", 1));
        ids.see("b", None, &line("F", 9));
        ids.see("c", None, &Location::file("G"));
        ids.see("d", None, &Location::file("H"));
        ids.see("e", None, &line("I", 1));
        for id in ["a", "b", "c", "d", "e"] {
            ids.see(id, None, &line("J", 2));
        }
        let note = ids.note("articles").expect("five ids occur twice").text;
        let firsts = ["F:1", "F:9", "G", "H", "I:1"];
        for first in firsts {
            assert!(note.contains(&format!("(first at {first})")), "{note}");
        }
    }

    #[test]
    fn a_date_s_shape_forgets_which_day_it_is() {
        let rows = [
            ("2017-03-02", "Y-d-d"),
            ("2017-3-2", "Y-d-d"),
            ("2017-03-02T18:30:00Z", "Y-d-dT"),
            ("2017-03-02T18:30:00.25-05:00", "Y-d-dT"),
            ("02/03/2017", "d/d/Y"),
            ("20170302", "n"),
            ("March 2, 2017", "Month d, Y"),
            ("Sept. 12, 2017", "Mon. d, Y"),
            ("2 März  2017", "d word Y"),
            ("Thu 2 Mar 2017 at 9:05 PM", "Wkd d Mon Y word d:d am"),
            ("é", "é"),
            ("", ""),
        ];
        for (date, shape) in rows {
            assert_eq!(date_shape(date), shape, "{date}");
        }
        assert_eq!(date_shape(&"2-".repeat(500)).len(), 44);
    }

    #[test]
    fn notes_count_all_and_show_a_few() {
        let mut notes = ArticleNotes::default();
        for line in 1..=1200_u64 {
            let location = Location::line("F", line);
            notes.see(&Observed {
                id: &(line % 1190).to_string(),
                location: &location,
                date: match line {
                    1 => None,
                    2 => Some("2 May 2020"),
                    _ => Some("2020-05-02"),
                },
                is_empty: line == 7,
                lacks_outlet: line < 3,
            });
        }
        let got: Vec<_> = notes
            .notes()
            .into_iter()
            .map(|note| (note.code, note.text))
            .collect();
        let expected = [
            (
                "duplicate_ids",
                "id seen before: 10 of 1,200 articles: \"1\" at F:1191 (first at F:1), \"2\" at F:1192 (first at F:2), \"3\" at F:1193 (first at F:3), \"4\" at F:1194 (first at F:4), \"5\" at F:1195 (first at F:5), ...",
            ),
            ("empty_text", "no text: 1 of 1,200 articles: \"7\""),
            (
                "missing_outlet",
                "no outlet, counted under \"(no outlet)\": 2 of 1,200 articles: \"1\", \"2\"; --outlet NAME gives one to all of them",
            ),
            ("missing_dates", "no date: 1 of 1,200 articles: \"1\""),
            (
                "mixed_dates",
                "dates come in 2 formats: 1,198 like \"2020-05-02\", 1 like \"2 May 2020\"",
            ),
        ];
        assert_eq!(got, expected.map(|(code, text)| (code, text.to_string())));
    }

    #[test]
    fn encodings_are_counted_with_a_few_files_each() {
        let mut encodings = Encodings::default();
        encodings.see(None, "plain.txt");
        assert_eq!(encodings.note(), None);
        encodings.see(Some(Assumption::Marked("UTF-16LE")), "table.csv");
        for n in 0..1000 {
            let guess = Assumption::Guessed("windows-1252");
            encodings.see(Some(guess), &format!("{n}.txt"));
        }
        assert_eq!(
            encodings.note().expect("a note").text,
            "encoding assumed: 1,001 files: 1 read as UTF-16LE by its byte order mark: table.csv; 1,000 read as windows-1252, guessed from its letters: 0.txt, 1.txt, 2.txt, 3.txt, 4.txt, ..."
        );
    }

    #[test]
    fn clean_articles_need_no_notes() {
        let mut notes = ArticleNotes::default();
        for id in ["a", "b"] {
            notes.see(&Observed {
                id,
                location: &Location::file(id),
                date: None,
                is_empty: false,
                lacks_outlet: false,
            });
        }
        assert_eq!(notes.notes(), []);
    }

    #[test]
    fn many_shapes_of_dates_stay_few_in_the_note() {
        let mut notes = ArticleNotes::default();
        for n in 0..100 {
            notes.see(&Observed {
                id: &n.to_string(),
                location: &Location::line("F", n),
                date: Some(
                    &"1-"
                        .repeat(n as usize % 18 + 1)
                        .replace('-', ["-", "/", ".", " "][n as usize % 4]),
                ),
                is_empty: false,
                lacks_outlet: false,
            });
        }
        assert_eq!(notes.dates.len(), ArticleNotes::MAX_SHAPES + 1);
    }

    #[test]
    fn bad_records_are_all_counted_and_some_listed() {
        let mut report = ReadReport::default();
        for line in 0..1500 {
            let problem = InputProblem {
                location: Location::line("F", line),
                problem: "odd".into(),
            };
            report
                .absorb("F", Failure::Record(problem), true)
                .expect("keeps going");
        }
        assert_eq!(
            (report.n_bad, report.bad.len()),
            (1500, ReadReport::MAX_LISTED)
        );
        let gone = Error::io(
            "F".as_ref(),
            "open",
            std::io::ErrorKind::PermissionDenied.into(),
        );
        let mut report = ReadReport::default();
        report
            .absorb("F", Failure::File(gone), true)
            .expect("keeps going");
        assert_eq!(
            report
                .check_anything_read()
                .expect_err("nothing")
                .to_string(),
            "F: cannot open: permission denied"
        );
    }
}

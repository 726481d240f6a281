//! The two files of a sample: the table that people label, and the key that ties it to the scores. Writing both, and reading both back.
//!
//! The table is blind: rows in random order, no outlet, no prediction. The key has for each row its article, place, stratum and inclusion
//! probability, and what the sample was drawn from. Labelled may be all rows, or the first so many of the table: its order is random, so they are a
//! sample too. Anything else that is missing is an error.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{DrawnStratum, Population, PopulationFacts};
use crate::classes::{Classes, Polarity, Task, recognised_labels};
use crate::corpus::{SampleRow, read_sample};
use crate::error::{Error, Result};
use crate::score::{Run, SentenceScore, SentenceSet};
use crate::span::{CharOffsets, CharSpan, Location, Voice};
use crate::wording::{count, harmless, some_of};

/// What the key file says it is.
const KIND: &str = "probability sample of scored sentences";

/// The key of a sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleKey {
    /// What this is.
    pub kind: String,
    /// Version of this library.
    pub version: String,
    /// Digest of the model that scored.
    pub model: String,
    /// The model's classes: the labels.
    pub classes: Vec<String>,
    /// What each is worth, if anything.
    pub polarity: Option<Vec<i8>>,
    /// What the labels mean: `sentiment` or `stance`.
    pub construct: Option<String>,
    /// Whose portrayal.
    pub subject: String,
    /// Which sentences count.
    pub sentences: SentenceSet,
    /// What the sample was drawn from.
    pub population: PopulationFacts,
    /// The seed of the draw.
    pub seed: u64,
    /// Whether voices were strata.
    pub by_voice: bool,
    /// The strata.
    pub strata: Vec<KeyStratum>,
    /// One a row of the table, in its order.
    pub rows: Vec<KeyRow>,
}

/// A stratum of the draw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyStratum {
    /// The outlet.
    pub outlet: String,
    /// The likeliest class; absent where the outlet is one stratum.
    pub class: Option<String>,
    /// The voice, where voices are strata.
    pub voice: Option<Voice>,
    /// Sentences in it.
    pub n_population: usize,
    /// Sentences drawn.
    pub n_drawn: usize,
}

/// A drawn sentence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRow {
    /// Its row in the table.
    pub sample_id: String,
    /// Its outlet.
    pub outlet: String,
    /// Its article.
    pub article: String,
    /// Everything that tells the article from others.
    pub identity: String,
    /// Where in the article, in characters.
    pub span: CharSpan,
    /// Index into the strata.
    pub stratum: usize,
    /// The probability with which it was drawn.
    pub inclusion: f64,
    /// Whether a second coder gets it.
    pub second: bool,
    /// The first 16 digits of the SHA-256 of its text in the table, white space made single spaces.
    pub text: String,
}

/// A drawn sentence with what the table shows of it.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawnSentence {
    /// Its outlet.
    pub outlet: String,
    /// Its article.
    pub article: String,
    /// See [`KeyRow::identity`].
    pub identity: String,
    /// Where in the article, in characters.
    pub span: CharSpan,
    /// The sentence.
    pub text: String,
    /// The same, the subject's mentions in double square brackets: see [`marked`].
    pub marked: String,
    /// The sentence before, where the article is at hand.
    pub before: String,
    /// The sentence after.
    pub after: String,
    /// Index into the strata.
    pub stratum: usize,
    /// The probability with which it was drawn.
    pub inclusion: f64,
    /// Random, for who is labelled twice.
    pub second_order: u64,
}

impl SampleKey {
    /// The key of `drawn`, in the order of the table; the first `n_second` by their random number go to a second coder too.
    pub fn new(
        run: &Run,
        subject: &str,
        population: &Population,
        (seed, by_voice): (u64, bool),
        strata: &[DrawnStratum],
        drawn: &[DrawnSentence],
        n_second: usize,
    ) -> SampleKey {
        let mut by_chance: Vec<usize> = (0..drawn.len()).collect();
        by_chance.sort_by_key(|&row| drawn[row].second_order);
        let second: BTreeSet<usize> = by_chance.into_iter().take(n_second).collect();
        let digits = drawn.len().to_string().len();
        SampleKey {
            kind: KIND.to_string(),
            version: run.version.clone(),
            model: run.model.clone(),
            classes: run.classes.clone(),
            polarity: run.polarity.clone(),
            construct: run.construct.clone(),
            subject: subject.to_string(),
            sentences: run.sentences.clone(),
            population: population.facts().clone(),
            seed,
            by_voice,
            strata: strata
                .iter()
                .map(|stratum| KeyStratum {
                    outlet: stratum.outlet.clone(),
                    class: stratum.class.map(|k| run.classes[k].clone()),
                    voice: stratum.voice,
                    n_population: stratum.n_population,
                    n_drawn: stratum.n_drawn,
                })
                .collect(),
            rows: drawn
                .iter()
                .enumerate()
                .map(|(row, drawn)| KeyRow {
                    sample_id: format!("s{:0digits$}", row + 1),
                    outlet: drawn.outlet.clone(),
                    article: drawn.article.clone(),
                    identity: drawn.identity.clone(),
                    span: drawn.span,
                    stratum: drawn.stratum,
                    inclusion: drawn.inclusion,
                    second: second.contains(&row),
                    text: text_digest(&drawn.marked),
                })
                .collect(),
        }
    }

    /// The classes as a model has them.
    fn classes(&self) -> Result<Classes, String> {
        let worths = self.polarity.iter().flatten();
        let polarity: BTreeMap<String, Polarity> = self
            .classes
            .iter()
            .zip(worths)
            .map(|(class, &worth)| Ok((class.clone(), Polarity::try_from(worth)?)))
            .collect::<Result<_, String>>()?;
        let task = match self.polarity {
            Some(_) => Task::Stance,
            None => Task::Classes,
        };
        Classes::from_labels(self.classes.iter().map(String::as_str), task, &polarity)
            .map_err(|_| "its classes cannot be those of a model".to_string())
    }

    /// Says what no draw can have written.
    fn check(&self) -> Result<(), String> {
        if self.kind != KIND {
            return Err(format!("it says it is \"{}\", not a \"{KIND}\"", self.kind));
        }
        self.classes()?;
        let mut n_drawn = vec![0; self.strata.len()];
        let mut places: BTreeSet<(&str, CharSpan)> = BTreeSet::new();
        for row in &self.rows {
            if !(row.inclusion > 0.0 && row.inclusion <= 1.0) {
                return Err(format!(
                    "the inclusion probability of {} is {}; allowed: above 0, up to 1",
                    row.sample_id, row.inclusion
                ));
            }
            match n_drawn.get_mut(row.stratum) {
                Some(n) if self.strata[row.stratum].outlet == row.outlet => *n += 1,
                _ => return Err(format!("{} is in no stratum of its outlet", row.sample_id)),
            }
            if !places.insert((&row.identity, row.span)) {
                return Err(format!(
                    "{} is on the sentence of another row",
                    row.sample_id
                ));
            }
        }
        match self
            .strata
            .iter()
            .zip(&n_drawn)
            .all(|(s, &n)| s.n_drawn == n && n <= s.n_population)
        {
            true => Ok(()),
            false => Err("rows and strata do not go together".into()),
        }
    }

    /// The class that is neither for nor against, if there is one.
    fn neutral_class(&self) -> Option<&str> {
        let worths = self.polarity.as_ref()?;
        let place = worths.iter().position(|&worth| worth == 0)?;
        self.classes.get(place).map(String::as_str)
    }

    /// The classes' worth.
    pub fn polarities(&self) -> Option<Vec<f64>> {
        let worths = self.polarity.as_ref()?;
        Some(worths.iter().map(|&worth| f64::from(worth)).collect())
    }
}

/// The name of the key of the sample at `path`: `sample.csv`, `sample.csv.gz` -> `sample.key.json`.
pub fn key_path(path: &Path) -> PathBuf {
    let packed = |extension: &std::ffi::OsStr| {
        extension.eq_ignore_ascii_case("gz") || extension.eq_ignore_ascii_case("zst")
    };
    match path.extension() {
        Some(extension) if packed(extension) => path.with_extension("").with_extension("key.json"),
        _ => path.with_extension("key.json"),
    }
}

/// The sentence with the subject's mentions in double square brackets, as coders see it.
pub fn marked(sentence: &SentenceScore) -> String {
    let offsets = CharOffsets::new(&sentence.text);
    let mut text = String::new();
    let mut at = 0;
    for mention in &sentence.mentions {
        let local = CharSpan(
            mention.span.0.saturating_sub(sentence.span.0),
            mention.span.1.saturating_sub(sentence.span.0),
        );
        let Some(span) = offsets.bytes(local).filter(|span| span.start >= at) else {
            continue;
        };
        text.push_str(&sentence.text[at..span.start]);
        text.push_str("[[");
        text.push_str(span.of(&sentence.text));
        text.push_str("]]");
        at = span.end;
    }
    text.push_str(&sentence.text[at..]);
    text
}

/// The sentence that [`marked`] made the text of.
pub(super) fn unmarked(marked: &str) -> String {
    marked.replace("[[", "").replace("]]", "")
}

/// The name of the second coder's part: `sample.csv` -> `sample-second.csv`.
pub fn second_path(path: &Path) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}-second.{extension}"))
}

/// The table that people label, as CSV or as JSON lines; `rows` says which of `drawn`, in which order.
///
/// CSV starts with a byte order mark, without which spreadsheets take it for another encoding, and has a space before cells that they would take
/// for a formula.
pub fn sample_table(key: &SampleKey, drawn: &[DrawnSentence], rows: &[usize], csv: bool) -> String {
    if !csv {
        let lines = rows.iter().map(|&row| {
            let line = serde_json::json!({
                "sample_id": key.rows[row].sample_id,
                "subject": key.subject,
                "before": drawn[row].before,
                "text": drawn[row].marked,
                "after": drawn[row].after,
                "label": "",
            });
            format!("{line}\n")
        });
        return lines.collect();
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    let expect = "writing to memory cannot fail";
    writer
        .write_record([
            "sample_id",
            "subject",
            "before",
            "text",
            "after",
            "label",
            "note",
        ])
        .expect(expect);
    for &row in rows {
        let cells = [
            key.rows[row].sample_id.as_str(),
            &key.subject,
            &drawn[row].before,
            &drawn[row].marked,
            &drawn[row].after,
            "",
            "",
        ];
        writer.write_record(cells.map(harmless)).expect(expect);
    }
    let table = writer.into_inner().expect(expect);
    format!(
        "\u{feff}{}",
        String::from_utf8(table).expect("cells are UTF-8")
    )
}

/// What a text is known again by; white space may change on its way through a spreadsheet.
fn text_digest(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let digest = Sha256::digest(words.join(" ").as_bytes());
    digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Reads the key at `path`.
pub fn read_key(path: &Path) -> Result<SampleKey> {
    let name = path.display().to_string();
    let text = match std::fs::read_to_string(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(Error::input(
                Location::file(name),
                "not found; it holds the inclusion probabilities and was written beside the sample by `standpoint validate draw`. Put it back, or name \
                 it with --key. Labels of sentences that were chosen in another way cannot correct anything: nobody knows with which \
                 probability a sentence was chosen",
            ));
        }
        read => read.map_err(|source| Error::io(path, "read", source))?,
    };
    let refuse = |line: usize, problem: String| {
        Error::input(
            Location::line(&name, line as u64),
            format!(
                "{problem}; not the key of a sample made by `standpoint validate draw`, or edited"
            ),
        )
    };
    let key: SampleKey =
        serde_json::from_str(&text).map_err(|e| refuse(e.line(), e.to_string()))?;
    key.check().map_err(|problem| refuse(1, problem))?;
    Ok(key)
}

/// A labelled sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Its key.
    pub key: SampleKey,
    /// The class that the first coder gave each row of the key; `None` after the last labelled one.
    pub labels: Vec<Option<usize>>,
    /// That of a second coder, for the rows both labelled.
    pub second: Option<Vec<Option<usize>>>,
    /// Words a person should read about it.
    pub notes: Vec<String>,
    /// The text of each row as the table has it, mentions marked.
    pub texts: Vec<String>,
}

impl Sample {
    /// Reads the sample at `path` with its key, and what a second coder made of a part of it.
    ///
    /// Errors: a missing or edited key, rows that are missing, unknown, twice there or edited, labels that are no class, rows without a label
    /// before labelled ones, a second coder without labels or with the first one's file.
    pub fn read(path: &Path, second: Option<&Path>, key: Option<&Path>) -> Result<Sample> {
        // The table first: what is no sample at all should hear that, not ask for a key.
        let rows = read_sample(path)?;
        let key = read_key(&key.map_or_else(|| key_path(path), Path::to_path_buf))?;
        let classes = key
            .classes()
            .map_err(|problem| Error::input(Location::file(path.display().to_string()), problem))?;
        let table = Table::new(path, &rows, &key, &classes, |_| true)?;
        let n_labelled = table.n_labelled(path, &key)?;
        let mut notes = Vec::new();
        if n_labelled < key.rows.len() {
            notes.push(format!(
                "Labelled are the first {n_labelled} of {} drawn sentences. Their order is random, so they are a sample too.",
                key.rows.len()
            ));
        }
        let second = second
            .map(|second| second_labels(path, second, &key, &classes))
            .transpose()?;
        notes.extend(second.as_ref().and_then(|labels| second_note(&key, labels)));
        Ok(Sample {
            labels: table.labels,
            texts: table.texts,
            second,
            notes,
            key,
        })
    }

    /// How many rows have a label.
    pub fn n_labelled(&self) -> usize {
        self.labels.iter().flatten().count()
    }
}

/// Rows of the second coder's part that have no label.
fn second_note(key: &SampleKey, labels: &[Option<usize>]) -> Option<String> {
    let part = || key.rows.iter().zip(labels).filter(|(row, _)| row.second);
    let empty: Vec<&str> = part()
        .filter(|(_, label)| label.is_none())
        .map(|(row, _)| row.sample_id.as_str())
        .collect();
    let n = part().count();
    (!empty.is_empty()).then(|| {
        format!(
            "Second coder: {} of {n} labelled; {} no label ({}).",
            n - empty.len(),
            match empty.len() {
                1 => "1 row has".to_string(),
                n => format!("{n} rows have"),
            },
            some_of(&empty)
        )
    })
}

fn second_labels(
    path: &Path,
    second: &Path,
    key: &SampleKey,
    classes: &Classes,
) -> Result<Vec<Option<usize>>> {
    let same = match (path.canonicalize(), second.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => path == second,
    };
    if same {
        return Err(Error::Parameter(format!(
            "{} is named twice; agreement needs the labels of two coders, in two files",
            path.display()
        )));
    }
    let rows = read_sample(second)?;
    let table = Table::new(second, &rows, key, classes, |row| row.second)?;
    if table.labels.iter().all(Option::is_none) {
        return Err(Error::input(
            Location::file(second.display().to_string()),
            "no row has a label; agreement needs two coders. Leave the file out to report on one",
        ));
    }
    Ok(table.labels)
}

/// A table checked against the key.
struct Table {
    labels: Vec<Option<usize>>,
    texts: Vec<String>,
    /// Where each row stands.
    locations: Vec<Option<Location>>,
}

/// A number without a fraction, however it is written.
fn whole_number(label: &str) -> Option<String> {
    let value: f64 = label.trim().replacen(',', ".", 1).parse().ok()?;
    (value.fract() == 0.0 && value.abs() < 1e9).then(|| format!("{}", value as i64))
}

impl Table {
    /// Joins `rows` with the rows of the key that `wanted` says must be there; others may.
    fn new(
        path: &Path,
        rows: &[SampleRow],
        key: &SampleKey,
        classes: &Classes,
        wanted: impl Fn(&KeyRow) -> bool,
    ) -> Result<Table> {
        let places: BTreeMap<&str, usize> = key
            .rows
            .iter()
            .enumerate()
            .map(|(place, row)| (row.sample_id.as_str(), place))
            .collect();
        let mut table = Table {
            labels: vec![None; key.rows.len()],
            texts: vec![String::new(); key.rows.len()],
            locations: vec![None; key.rows.len()],
        };
        let mut wrong: Vec<String> = Vec::new();
        for row in rows {
            let id = &row.sample_id;
            let at = &row.location;
            let Some(&place) = places.get(id.as_str()) else {
                return Err(Error::input(
                    at.clone(),
                    format!("\"{id}\" is no row of the sample; is this the table of another draw?"),
                ));
            };
            if let Some(before) = &table.locations[place] {
                return Err(Error::input(
                    at.clone(),
                    format!("{id} stands at {before} too; every row once, one coder a file"),
                ));
            }
            if text_digest(&row.text) != key.rows[place].text {
                return Err(Error::input(
                    at.clone(),
                    format!(
                        "the text of {id} is not what was drawn; was it edited, or one column sorted without the others? Labels belong to the \
                         sentences that were drawn"
                    ),
                ));
            }
            table.locations[place] = Some(at.clone());
            table.texts[place].clone_from(&row.text);
            let Some(label) = &row.label else { continue };
            // Spreadsheets write 1 as 1.0, or 1,0, in columns with gaps.
            table.labels[place] = classes.index_of(label).or_else(|| {
                let whole = whole_number(label)?;
                classes.index_of(&whole)
            });
            if table.labels[place].is_none() {
                wrong.push(format!("{at}: \"{label}\""));
            }
        }
        if !wrong.is_empty() {
            let also = match key.polarity {
                Some(_) => format!(" (or another word for one: {})", recognised_labels()),
                None => String::new(),
            };
            return Err(Error::Data(format!(
                "{} no class: {}; allowed: {}{also}, or an empty cell",
                if wrong.len() == 1 {
                    "a label is"
                } else {
                    "labels are"
                },
                some_of(&wrong),
                classes.names().join(", ")
            )));
        }
        let missing: Vec<&str> = key
            .rows
            .iter()
            .zip(&table.locations)
            .filter(|(row, location)| wanted(row) && location.is_none())
            .map(|(row, _)| row.sample_id.as_str())
            .collect();
        if !missing.is_empty() {
            return Err(Error::input(
                Location::file(path.display().to_string()),
                format!(
                    "{} of the sample {} missing: {}; every drawn row must be there, its label empty where it has none",
                    count(missing.len(), "row"),
                    if missing.len() == 1 { "is" } else { "are" },
                    some_of(&missing)
                ),
            ));
        }
        Ok(table)
    }

    /// How many rows are labelled: the first so many.
    fn n_labelled(&self, path: &Path, key: &SampleKey) -> Result<usize> {
        let Some(last) = self.labels.iter().rposition(Option::is_some) else {
            return Err(Error::input(
                Location::file(path.display().to_string()),
                "no row has a label; fill the column label first",
            ));
        };
        let gaps: Vec<&str> = (0..last)
            .filter(|&row| self.labels[row].is_none())
            .map(|row| key.rows[row].sample_id.as_str())
            .collect();
        match gaps.is_empty() {
            true => Ok(last + 1),
            false => Err(Error::input(
                Location::file(path.display().to_string()),
                format!(
                    "no label for {}, though later rows have one; what is hard to label must not be left out, or the sample is no longer one. Label \
                     every row up to the last labelled one{}",
                    some_of(&gaps),
                    key.neutral_class().map_or(String::new(), |neutral| format!(
                        " (what is not about the subject at all is {neutral})"
                    ))
                ),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_lie_beside_their_samples() {
        for name in ["a/s.csv", "a/s.csv.gz", "a/s.CSV.ZST", "a/s.jsonl"] {
            assert_eq!(
                key_path(Path::new(name)),
                Path::new("a/s.key.json"),
                "{name}"
            );
        }
    }

    #[test]
    fn whole_numbers_are_known_however_spreadsheets_write_them() {
        for (label, whole) in [("1.0", "1"), ("-1.0", "-1"), ("-1,0", "-1"), ("-0.0", "0")] {
            assert_eq!(whole_number(label).as_deref(), Some(whole), "{label}");
        }
        for label in ["0.5", "good", "1,000,000", "inf"] {
            assert_eq!(whole_number(label), None, "{label}");
        }
    }
}

//! Lists of speakers: who belongs to which camp.
//!
//! In: a table (CSV, TSV, JSONL) with the columns `speaker` and `camp`, or TOML with `[camps]` and a list of names a camp. Out:
//! [`ListedSpeaker`]s in the order of the file, names and camps as written. Whether a name stands twice is not judged here,
//! because that takes knowing when two names are one person's.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::columns::{Columns, Rows, SPEAKER_COLUMNS};
use super::input::Progress;
use super::source::find_table;
use super::table::{Failure, Record};
use crate::error::{Error, InputProblem, Result};
use crate::span::Location;

/// One speaker of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedSpeaker {
    /// Where the list says so.
    pub location: Location,
    /// The name as written, without surrounding white space.
    pub speaker: String,
    /// The camp as written, without surrounding white space.
    pub camp: String,
}

/// How a list is written in TOML.
const TOML_EXAMPLE: &str =
    "camps are written as\n[camps]\ncritics = [\"Dana Verrick\", \"Ida Holt\"]";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SpeakersFile {
    camps: BTreeMap<String, Spanned<Vec<Spanned<String>>>>,
}

/// Reads the list at `path`; `columns` are our column names under the names they have in the file (`speaker` -> `Name`).
///
/// Errors: a file that cannot be read, a missing column, a row without speaker or camp, a camp without speakers, no row at all.
pub fn read_speakers(
    path: &Path,
    columns: &BTreeMap<String, String>,
) -> Result<Vec<ListedSpeaker>> {
    let is_toml = path
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    if is_toml {
        if let Some(name) = columns.keys().next() {
            return Err(Error::Parameter(format!(
                "--{name}-column names a column, and {} is TOML, which has none",
                path.display()
            )));
        }
        return read_toml(path);
    }
    let source = find_table(path, ".toml")?;
    let columns = Columns::new(&SPEAKER_COLUMNS, columns)?;
    Rows::open(&source, &columns, &Progress::default())?
        .map(|record| match record {
            Ok(record) => Ok(listed_speaker(record, &columns)?),
            Err(Failure::Record(problem)) => Err(problem.into()),
            Err(Failure::File(error)) => Err(error),
        })
        .collect()
}

fn listed_speaker(mut record: Record, columns: &Columns) -> Result<ListedSpeaker, InputProblem> {
    let mut take = |name| match columns.take_name(&mut record, name)? {
        Some(value) => Ok(value),
        None => {
            let mut lacks = columns.row_lacks(&record, name);
            lacks
                .problem
                .push_str("; every row names a speaker and the speaker's camp");
            Err(lacks)
        }
    };
    let (speaker, camp) = (take("speaker")?, take("camp")?);
    Ok(ListedSpeaker {
        speaker,
        camp,
        location: record.location,
    })
}

fn read_toml(path: &Path) -> Result<Vec<ListedSpeaker>> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::io(path, "read", source))?;
    let at = |start: usize| {
        let line = text[..start].matches('\n').count() as u64 + 1;
        Location::line(path.display().to_string(), line)
    };
    let file: SpeakersFile = toml::from_str(&text).map_err(|e| {
        let start = e.span().map_or(0, |span| span.start);
        Error::input(at(start), format!("{}; {TOML_EXAMPLE}", e.message()))
    })?;
    if file.camps.is_empty() {
        return Err(Error::input(
            Location::file(path.display().to_string()),
            format!("no camps; {TOML_EXAMPLE}"),
        ));
    }
    let mut listed: Vec<(usize, ListedSpeaker)> = Vec::new();
    for (camp, names) in &file.camps {
        let camp_at = names.span().start;
        let camp = camp.trim();
        if camp.is_empty() || names.get_ref().is_empty() {
            let problem = match camp {
                "" => "a camp without a name; name it".to_string(),
                camp => format!("the camp \"{camp}\" has no speakers; list some or leave it out"),
            };
            return Err(Error::input(at(camp_at), problem));
        }
        for name in names.get_ref() {
            let start = name.span().start;
            let speaker = name.get_ref().trim();
            if speaker.is_empty() {
                return Err(Error::input(
                    at(start),
                    format!("an empty name in the camp \"{camp}\"; leave it out"),
                ));
            }
            listed.push((
                start,
                ListedSpeaker {
                    location: at(start),
                    speaker: speaker.to_string(),
                    camp: camp.to_string(),
                },
            ));
        }
    }
    listed.sort_by_key(|(start, _)| *start);
    Ok(listed.into_iter().map(|(_, speaker)| speaker).collect())
}

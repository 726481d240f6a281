//! Lexicons that users bring: words and what they are worth.
//!
//! In: a table (CSV, TSV, JSONL) with the columns `word` and `score`. Out: the scores by the words' normal form
//! ([`crate::text::word_form`] is applied by the caller).

use std::collections::BTreeMap;
use std::path::Path;

use super::columns::{Columns, LEXICON_COLUMNS, Rows};
use super::input::Progress;
use super::source::find_table;
use super::table::Failure;
use crate::error::{Error, InputProblem, Result};
use crate::span::Location;

/// Reads the lexicon at `path`: each word as written, with its score.
///
/// Errors: a file that cannot be read, a missing column, a word of several words, a score that is no number, a word with two scores, no
/// row at all.
pub fn read_lexicon(path: &Path) -> Result<Vec<(String, f64)>> {
    let source = find_table(path, "")?;
    let columns = Columns::new(&LEXICON_COLUMNS, &BTreeMap::new())?;
    let mut words: Vec<(String, f64)> = Vec::new();
    let mut seen: BTreeMap<String, (f64, Location)> = BTreeMap::new();
    for record in Rows::open(&source, &columns, &Progress::default())? {
        let mut record = match record {
            Ok(record) => record,
            Err(Failure::Record(problem)) => return Err(problem.into()),
            Err(Failure::File(error)) => return Err(error),
        };
        let problem = |location: &Location, problem: String| InputProblem {
            location: location.clone(),
            problem,
        };
        let (Some(word), Some(score)) = (
            columns.take_name(&mut record, "word")?,
            columns.take_name(&mut record, "score")?,
        ) else {
            return Err(columns.row_lacks(&record, "word").into());
        };
        let value: f64 = score.trim().parse().map_err(|_| {
            problem(
                &record.location,
                format!("score \"{score}\" is not a number; scores are numbers, negative for bad"),
            )
        })?;
        if !value.is_finite() || word.split_whitespace().count() != 1 {
            return Err(problem(
                &record.location,
                format!(
                    "\"{word}\" with score {score}: a lexicon holds single words and finite scores"
                ),
            )
            .into());
        }
        if let Some((other, at)) = seen.get(&word) {
            if *other != value {
                return Err(problem(
                    &record.location,
                    format!("\"{word}\" has score {value} here and {other} at {at}; give it one"),
                )
                .into());
            }
            continue;
        }
        seen.insert(word.clone(), (value, record.location.clone()));
        words.push((word, value));
    }
    if words.iter().all(|(_, score)| *score == 0.0) {
        return Err(Error::input(
            Location::file(path.display().to_string()),
            "no word with a score other than 0; a lexicon needs the columns word and score",
        ));
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(String, f64)>> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("words.csv");
        std::fs::write(&path, text).expect("written");
        read_lexicon(&path)
    }

    #[test]
    fn words_come_with_their_scores() {
        let words = read("word,score\nleaky,-2\nsturdy,1.5\nleaky,-2\n").expect("a lexicon");
        assert_eq!(
            words,
            [("leaky".to_string(), -2.0), ("sturdy".to_string(), 1.5)]
        );
    }

    #[test]
    fn what_is_no_lexicon_is_named_with_its_line() {
        for (text, parts) in [
            ("word,score\nleaky,bad\n", ["words.csv:2", "not a number"]),
            ("word,score\na b,1\n", ["words.csv:2", "single words"]),
            (
                "word,score\nleaky,1\nleaky,2\n",
                ["words.csv:3", "give it one"],
            ),
            ("word,score\nleaky,0\n", ["words.csv", "other than 0"]),
            ("term,score\nleaky,1\n", ["words.csv", "word"]),
        ] {
            let error = read(text).expect_err(text).to_string();
            assert!(parts.iter().all(|part| error.contains(part)), "{error}");
        }
    }
}
